//! SHA-256 digests, and other bytes as text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Visitor;
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
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| ParseDigestError)?;
        let (mut bytes, mut all) = ([0; 32], 0);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let [high, low] = [pair[0], pair[1]].map(|digit| NIBBLES[usize::from(digit)]);
            all |= high | low;
            *byte = high << 4 | low;
        }
        // Of what is no digit, all bits are set.
        if all > 15 { Err(ParseDigestError) } else { Ok(Self(bytes)) }
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// What each byte stands for as a hexadecimal digit, and a byte with all bits set for any other. A ledger has half a
/// million digests.
const NIBBLES: [u8; 256] = {
    let (mut nibbles, mut value) = ([u8::MAX; 256], 0);
    while value < DIGITS.len() {
        nibbles[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    nibbles
};

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = vec![0; 2 * bytes.len()];
    write_digits(bytes, &mut digits);
    digits.into_iter().map(char::from).collect()
}

/// Writes two digits for each byte.
fn write_digits(bytes: &[u8], to: &mut [u8]) {
    for (byte, pair) in bytes.iter().zip(to.chunks_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
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
        let mut digits = [0; 64];
        write_digits(&self.0, &mut digits);
        to.serialize_str(str::from_utf8(&digits).expect("digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(Digits)
    }
}

/// Reads a digest from its digits.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ParseDigestError}")
    }

    fn visit_str<E: serde::de::Error>(self, digits: &str) -> Result<Digest, E> {
        Digest::parse(digits).map_err(E::custom)
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
