//! SHA-256 digests, and other bytes as text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// A SHA-256 digest, written as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// The text is not 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected 64 hexadecimal digits in lower case")]
pub struct ParseDigestError;

impl Digest {
    /// The digest of a domain and some parts. No two lists of parts give the same bytes to digest: each part has
    /// its length in front.
    pub(crate) fn of(domain: &str, parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in [domain.as_bytes()].iter().chain(parts) {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        Self(sha.finalize().into())
    }

    /// The plain digest of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        Self::of_texts(&[text])
    }

    /// The plain digest of texts that follow each other.
    pub(crate) fn of_texts(texts: &[&str]) -> Self {
        let mut sha = Sha256::new();
        for text in texts {
            sha.update(text);
        }
        Self(sha.finalize().into())
    }

    /// A digest that was made elsewhere.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Parses 64 hexadecimal digits.
    ///
    /// # Errors
    /// If the text is anything else, or has capitals.
    pub fn parse(text: &str) -> Result<Self, ParseDigestError> {
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return Err(ParseDigestError);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

fn nibble(digit: u8) -> Result<u8, ParseDigestError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(ParseDigestError),
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)].into());
        text.push(DIGITS[usize::from(byte & 15)].into());
    }
    text
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hexadecimal(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Box::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Bytes as text that may stand in an address: Base64 without padding (RFC 4648, 5).
pub(crate) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text; `None` if [`base64()`] does not write it.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_as_written_and_in_no_other_way() {
        let digest = Digest::of_text("abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text); // FIPS 180-2, B.1
        assert_eq!(Digest::parse(text), Ok(digest));
        for other in [&text.to_uppercase(), &text[1..], &format!("{text}0"), &text.replace('b', "g"), ""] {
            assert_eq!(Digest::parse(other), Err(ParseDigestError), "{other}");
        }
    }

    #[test]
    fn parts_cannot_move_from_one_to_the_next() {
        let digests = [
            Digest::of("a", &[b"bc", b""]),
            Digest::of("a", &[b"b", b"c"]),
            Digest::of("a", &[b"bc"]),
            Digest::of("ab", &[b"c", b""]),
            Digest::of("", &[b"abc"]),
        ];
        for (idx, one) in digests.iter().enumerate() {
            assert!(!digests[idx + 1..].contains(one));
        }
    }

    #[test]
    fn bytes_have_one_text() {
        assert_eq!(base64(&[0xfb, 0xff]), "-_8");
        assert_eq!(from_base64("-_8"), Some(vec![0xfb, 0xff]));
        // Padding, the other alphabet, blanks, and bits that are left over.
        for other in ["-_8=", "+/8", "-_ 8", "-_9", "-"] {
            assert_eq!(from_base64(other), None, "{other}");
        }
    }
}
