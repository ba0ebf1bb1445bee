//! Credentials as text: the kind on the first line, followed by one line per part.

use thiserror::Error;

use crate::{Credentials, Secret};

/// Most bytes of the text. Tokens are the longest, with a few kilobytes.
pub const MAX_KEY_BYTES: usize = 16 * 1024;

const KEY: &str = "key";
const PAIR: &str = "pair";
const TOKEN: &str = "token";

/// Why a text is not a key. Reveals nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseKeyError {
    /// The kind is missing, or the number of parts is wrong.
    #[error("expected a key, a pair or a token")]
    Kind,
    /// A part is not a valid header value.
    #[error("expected visible ASCII characters, found others or none")]
    Part,
    /// It is longer than any key.
    #[error("expected at most {MAX_KEY_BYTES} bytes")]
    Length,
}

/// Encodes credentials as text; `None` if there are none, or if [`read_key`] would reject them.
pub fn write_key(credentials: &Credentials) -> Option<Secret> {
    let text = match credentials {
        Credentials::None => return None,
        Credentials::Key(key) => [KEY, "\n", key.expose()].concat(),
        Credentials::KeyAndSecret { key, secret } => {
            [PAIR, "\n", key.expose(), "\n", secret.expose()].concat()
        }
        Credentials::Token(token) => [TOKEN, "\n", token.expose()].concat(),
    };
    read_key(&text).is_ok().then(|| Secret::new(text))
}

/// Parses credentials from text.
///
/// # Errors
/// If the text deviates from the format in any way.
pub fn read_key(text: &str) -> Result<Credentials, ParseKeyError> {
    if text.len() > MAX_KEY_BYTES {
        return Err(ParseKeyError::Length);
    }
    let mut lines = text.split('\n');
    let (kind, first, second) = (lines.next(), lines.next(), lines.next());
    let (Some(kind), Some(first), None) = (kind, first, lines.next()) else {
        return Err(ParseKeyError::Kind);
    };
    match (kind, second) {
        (KEY, None) => Ok(Credentials::Key(part(first)?)),
        (TOKEN, None) => Ok(Credentials::Token(part(first)?)),
        (PAIR, Some(second)) => Ok(Credentials::KeyAndSecret { key: part(first)?, secret: part(second)? }),
        _ => Err(ParseKeyError::Kind),
    }
}

fn part(text: &str) -> Result<Secret, ParseKeyError> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then(|| Secret::new(text)).ok_or(ParseKeyError::Part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_key_is_read_back() {
        let secret = |text: &str| Secret::new(text);
        for key in [
            Credentials::Key(secret("k-1")),
            Credentials::KeyAndSecret { key: secret("k"), secret: secret("s") },
            Credentials::Token(secret("a.b.c==")),
        ] {
            let text = write_key(&key).expect("a key");
            assert_eq!(read_key(text.expose()), Ok(key));
        }
        assert_eq!(write_key(&Credentials::None), None);
        assert_eq!(write_key(&Credentials::Key(Secret::new("two\nlines"))), None);
        assert_eq!(write_key(&Credentials::Key(Secret::new("k".repeat(MAX_KEY_BYTES)))), None);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        use ParseKeyError::*;
        let table = [
            ("", Kind),
            ("key", Kind),
            ("key\na\nb", Kind),
            ("pair\na", Kind),
            ("pair\na\nb\nc", Kind),
            ("Key\na", Kind),
            ("key\n", Part),
            ("key\na b", Part),
            ("key\na\r", Part),
            ("pair\na\n", Part),
            ("token\nclé", Part),
        ];
        for (text, expected) in table {
            assert_eq!(read_key(text), Err(expected), "{text:?}");
        }
        assert_eq!(read_key(&["key\n", &"k".repeat(MAX_KEY_BYTES)].concat()), Err(Length));
    }
}
