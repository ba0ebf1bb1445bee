//! Text that must not be displayed or logged.

use std::fmt;

use thiserror::Error;

mod echo;

/// A key, token or password. It has no `Display`, is redacted in `Debug`, and cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// Fewest bytes of a secret that is erased from responses.
const MIN_ERASED: usize = 8;
/// Fewest bytes of a secret that is erased if it stands alone as a word.
const MIN_ERASED_WORD: usize = 4;
/// The replacement.
const ERASED: &str = "•••";

/// Why a text cannot be sent as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseSecretError {
    /// The text is empty.
    #[error("expected a key, found nothing")]
    Empty,
    /// It contains a line break, for example after copying from a mail.
    #[error("expected one line, found a line break")]
    LineBreak,
    /// It contains a space or a character that is invalid in a header.
    #[error("expected visible ASCII characters, found others")]
    NotVisibleAscii,
}

impl Secret {
    /// Accepts any text, for instance a password.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().into())
    }

    /// Parses a key that will be sent in a header, trimming whitespace.
    ///
    /// # Errors
    /// If it is empty, or contains a line break or a character that is invalid in a header.
    pub fn parse_key(text: &str) -> Result<Self, ParseSecretError> {
        let text = text.trim();
        if text.is_empty() {
            Err(ParseSecretError::Empty)
        } else if text.contains(['\n', '\r']) {
            Err(ParseSecretError::LineBreak)
        } else if !text.bytes().all(|b| b.is_ascii_graphic()) {
            Err(ParseSecretError::NotVisibleAscii)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// Erases the secret from a response that repeats it, as some services do in errors: verbatim, escaped
    /// for JSON, a URL or HTML, in hexadecimal or in Base64. `None` if the response does not contain it.
    /// Secrets that are short enough to occur by chance are left.
    pub fn erase_from(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let is_long = self.0.len() >= MIN_ERASED;
        is_long.then(|| self.erase(bytes, echo::find)).flatten()
    }

    /// Like [`erase_from`](Self::erase_from), for passwords, which are often shorter than keys: a short one
    /// is erased only where it stands as a word.
    pub fn erase_word_from(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self.0.len() {
            ..MIN_ERASED_WORD => None,
            MIN_ERASED_WORD..MIN_ERASED => self.erase(bytes, echo::find_words),
            MIN_ERASED.. => self.erase(bytes, echo::find),
        }
    }

    fn erase(&self, bytes: &[u8], find: fn(&[u8], &[u8]) -> echo::Places) -> Option<Vec<u8>> {
        let own = self.0.as_bytes();
        if bytes.len() < own.len() {
            return None;
        }
        let found = find(own, bytes);
        if found.is_empty() {
            return None;
        }
        let mut erased = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for (start, end) in found {
            erased.extend(&bytes[from..start]);
            erased.extend(ERASED.as_bytes());
            from = end;
        }
        erased.extend(&bytes[from..]);
        Some(erased)
    }

    /// The number of characters.
    pub fn n_chars(&self) -> usize {
        self.0.chars().count()
    }

    /// The text itself, for the few places that send or store it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_itself_in_debug_output() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn is_taken_out_of_what_repeats_it() {
        let erased = |secret: &str, text: &str| {
            let erased = Secret::new(secret).erase_from(text.as_bytes());
            erased.map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
        };
        assert_eq!(erased("hunter2-x", "{\"a\":\"no\"}"), None);
        assert_eq!(erased("hunter2-x", "hunter2-xhunter2-x!").as_deref(), Some("••••••!"));
        assert_eq!(erased("hunter2-x", "key hunter2-x is unknown").as_deref(), Some("key ••• is unknown"));
        assert_eq!(erased("admin", "an admin"), None);
        assert_eq!(erased("hunter2-x", "x"), None);
    }

    #[test]
    fn a_short_one_is_taken_out_as_a_word() {
        let erased = |secret: &str, text: &str| {
            let erased = Secret::new(secret).erase_word_from(text.as_bytes());
            erased.map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
        };
        for (text, expected) in [
            ("hunter2 is weak", "••• is weak"),
            ("'hunter2',hunter2!", "'•••',•••!"),
            ("no\\nhunter2\\n", "no\\n•••\\n"),
            ("no%20hunter2%20", "no%20•••%20"),
            ("no\\u0020h\\u0075nter2", "no\\u0020•••"),
            ("&nbsp;hunter2&nbsp;", "&nbsp;•••&nbsp;"),
            ("ähunter2", "ä•••"),
        ] {
            assert_eq!(erased("hunter2", text).as_deref(), Some(expected), "{text}");
        }
        for text in ["hunter21", "xhunter2", "5%hunter2x", "hunter", "HUNTER2"] {
            assert_eq!(erased("hunter2", text), None, "{text}");
        }
        assert_eq!(erased("abc", "abc"), None, "it may stand anywhere by chance");
        assert_eq!(erased("hunter2-x", "xhunter2-x").as_deref(), Some("x•••"));
    }

    /// A key with every character that some format escapes, and letters and digits that may be escaped.
    const KEY: &str = "sk/a+b=c&d%e\"f<g>h\\i'j.k";

    fn erased(text: &str) -> String {
        let erased = Secret::new(KEY).erase_from(text.as_bytes()).unwrap_or_else(|| text.into());
        String::from_utf8(erased).expect("UTF-8")
    }

    fn each(spell: impl Fn(char) -> String) -> String {
        KEY.chars().map(spell).collect()
    }

    fn percent(text: &str, is_upper: bool) -> String {
        let spell = |byte: u8| match (byte.is_ascii_alphanumeric(), is_upper) {
            (true, _) => char::from(byte).to_string(),
            (false, true) => format!("%{byte:02X}"),
            (false, false) => format!("%{byte:02x}"),
        };
        text.bytes().map(spell).collect()
    }

    fn json(text: &str) -> String {
        let quoted = serde_json::to_string(text).expect("a text is JSON");
        quoted[1..quoted.len() - 1].to_owned()
    }

    fn html(text: &str) -> String {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        text.replace('"', "&quot;").replace('\'', "&#39;")
    }

    #[test]
    fn is_taken_out_in_every_spelling() {
        let slashed = json(KEY).replace('/', "\\/");
        let unicode = |c: char| format!("\\u{:04x}", u32::from(c));
        let spellings = [
            KEY.to_owned(),
            json(KEY),
            slashed.clone(),
            json(&slashed),
            json(&json(&slashed)),
            each(unicode),
            each(|c| format!("\\u{:04X}", u32::from(c))),
            each(|c| if c == '+' { "\\u002b".to_owned() } else { json(&c.to_string()) }),
            each(|c| format!("\\u{{{:x}}}", u32::from(c))),
            each(|c| format!("\\x{:02x}", u32::from(c))),
            json(&each(unicode)),
            percent(KEY, true),
            percent(KEY, false),
            percent(&percent(KEY, true), true),
            percent(&percent(KEY, true), false),
            percent(&percent(&percent(KEY, false), true), true),
            each(|c| format!("%{:02X}", u32::from(c))),
            html(KEY),
            html(&html(KEY)),
            json(&html(KEY)).replace('&', "\\u0026"),
            html(&json(KEY)),
            each(|c| format!("&#{};", u32::from(c))),
            each(|c| format!("&#{:07};", u32::from(c))),
            each(|c| format!("&#x{:X};", u32::from(c))),
            each(|c| format!("&#x{:02x};", u32::from(c))),
            json(&percent(KEY, true)),
            percent(&json(&slashed), false),
            KEY.replace('/', "&sol;").replace('+', "&plus;").replace('=', "&equals;"),
        ];
        for spelling in spellings {
            assert_eq!(erased(&spelling), ERASED, "{spelling}");
            let around = format!("{{\"message\":\"No such key: {spelling}, sorry\"}}");
            assert_eq!(
                erased(&around),
                format!("{{\"message\":\"No such key: {ERASED}, sorry\"}}"),
                "{around}"
            );
        }
    }

    #[test]
    fn is_taken_out_in_hexadecimal_and_base64() {
        let hex = |is_upper: bool| -> String {
            let spell = |byte: u8| if is_upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            KEY.bytes().map(spell).collect()
        };
        assert_eq!(erased(&hex(true)), ERASED);
        assert_eq!(erased(&hex(false)), ERASED);
        // Made with `base64`: the key alone, with one to three bytes before it, and followed by a colon.
        let table = [
            ("c2svYStiPWMmZCVlImY8Zz5oXGknai5r", ERASED),
            ("Basic c2svYStiPWMmZCVlImY8Zz5oXGknai5rOg==", "Basic •••Og=="),
            ("Basic OnNrL2ErYj1jJmQlZSJmPGc+aFxpJ2ouaw==", "Basic O•••=="),
            ("Basic YTpzay9hK2I9YyZkJWUiZjxnPmhcaSdqLms=", "Basic YT•••="),
            ("Basic YTpzay9hK2I9YyZkJWUiZjxnPmhcaSdqLms%3D", "Basic YT•••%3D"),
            ("YWI6c2svYStiPWMmZCVlImY8Zz5oXGknai5r", "YWI6•••"),
            ("OnNrL2ErYj1jJmQlZSJmPGc-aFxpJ2ouaw", "O•••"),
            ("OnNrL2ErYj1jJmQlZSJmPGc%2BaFxpJ2ouaw", "O•••"),
        ];
        for (text, expected) in table {
            assert_eq!(erased(text), expected, "{text}");
        }
    }

    #[test]
    fn leaves_what_only_looks_like_it() {
        let key = Secret::new("abcdefgh/ijk");
        for text in [
            "abcdefgh%2fij",
            "abcdefgh\\\\ijk",
            "ABCDEFGH/IJK",
            "%61bcdefgh",
            "abcdefgh&#47",
            "\\",
            "%",
            "&#",
            "\\u{",
        ] {
            assert_eq!(key.erase_from(format!("{text} and more of it").as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_text_of_nothing_but_escapes_is_read_in_passing() {
        let key = Secret::new("%".repeat(64));
        for text in ["%25", "\\\\", "&amp;", "%2525", "\\u0025"] {
            key.erase_from(text.repeat(20_000).as_bytes());
        }
        let key = Secret::new("abcdefgh/ijk");
        for text in ["%25", "\\\\", "&amp;", "abcdefgh%25", "\\u0061"] {
            assert_eq!(key.erase_from(text.repeat(20_000).as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_a_header_cannot_carry() {
        let table = [
            ("  abc123 ", Ok(())),
            ("", Err(ParseSecretError::Empty)),
            (" \n ", Err(ParseSecretError::Empty)),
            ("abc\ndef", Err(ParseSecretError::LineBreak)),
            ("abc def", Err(ParseSecretError::NotVisibleAscii)),
            ("schlüssel", Err(ParseSecretError::NotVisibleAscii)),
            ("abc\u{200b}def", Err(ParseSecretError::NotVisibleAscii)),
        ];
        for (text, expected) in table {
            assert_eq!(Secret::parse_key(text).map(|_| ()), expected, "{text:?}");
        }
    }
}
