//! Text that must not be seen.

use std::fmt;

use thiserror::Error;

/// A key, token or password. It has no `Display`, hides itself in `Debug`, and cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// Fewest bytes of a secret that is taken out of answers.
const MIN_ERASED: usize = 8;
/// What stands in its place.
const ERASED: &str = "•••";

/// Why a text cannot be sent as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseSecretError {
    /// Nothing was typed.
    #[error("expected a key, found nothing")]
    Empty,
    /// It holds a line break, as after copying from a mail.
    #[error("expected one line, found a line break")]
    LineBreak,
    /// It holds a blank or something that cannot stand in a header.
    #[error("expected visible ASCII characters, found others")]
    NotVisibleAscii,
}

impl Secret {
    /// Takes any text, for instance a password.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().into())
    }

    /// Takes a key that is going to stand in a header; blanks around it are dropped.
    ///
    /// # Errors
    /// If it is empty, has a line break inside, or characters that a header does not take.
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

    /// Takes the secret out of an answer that repeats it, as some services do in their errors. One that is so
    /// short that it may stand in any text by chance is left.
    pub fn erase_from(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let own = self.0.as_bytes();
        if own.len() < MIN_ERASED || bytes.len() < own.len() {
            return None;
        }
        let mut rest = bytes;
        let mut erased: Option<Vec<u8>> = None;
        while let Some(at) = rest.windows(own.len()).position(|window| window[0] == own[0] && window == own) {
            let erased = erased.get_or_insert_default();
            erased.extend(&rest[..at]);
            erased.extend(ERASED.as_bytes());
            rest = &rest[at + own.len()..];
        }
        if let Some(erased) = &mut erased {
            erased.extend(rest);
        }
        erased
    }

    /// The text itself, for those few places that send or keep it.
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
