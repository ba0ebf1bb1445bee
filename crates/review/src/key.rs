//! Public keys, and what people compare to know that two are the same.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::{Digest, ParseDigestError, base64, from_base64};

/// The bytes of a signature: R and S of Ed25519 (RFC 8032), or r and s of ECDSA as the Web Cryptography API
/// writes them (IEEE P1363).
pub const SIGNATURE_BYTES: usize = 64;
/// How many words a fingerprint is shown as. Each has 11 bits. Six words (66 bits) are enough against someone who
/// makes a billion keys a second, and would need two thousand years for one that shows the same words as a given
/// key. Eight (88 bits) leave that much to people who compare only six of them.
pub const N_WORDS: usize = 8;
/// Rows and columns of a [`KeyPicture`].
pub const PICTURE_SIZE: usize = 7;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA on P-256 with SHA-256, for browsers without Ed25519.
    P256,
}

impl Algorithm {
    /// The name in documents.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
        }
    }
}

/// Why bytes are not a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParsePublicKeyError {
    /// Ed25519 keys have 32 bytes, those of P-256 have 65: a point that is not compressed.
    #[error("expected 32 bytes for Ed25519 or an uncompressed point of 65 for P-256")]
    Length,
    /// A point of small order, for which one signature fits every message.
    #[error("expected a point of large order, found a weak one")]
    Weak,
    /// The text is not Base64 without padding.
    #[error("expected Base64 without padding")]
    NotBase64,
}

/// A public key in the format that the Web Cryptography API calls `raw`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "WrittenKey", into = "WrittenKey")]
pub struct PublicKey {
    algorithm: Algorithm,
    bytes: Box<[u8]>,
}

/// The form of a key in documents.
#[derive(Serialize, Deserialize)]
struct WrittenKey {
    algorithm: Algorithm,
    key: String,
}

impl From<PublicKey> for WrittenKey {
    fn from(key: PublicKey) -> Self {
        Self { algorithm: key.algorithm, key: base64(&key.bytes) }
    }
}

impl TryFrom<WrittenKey> for PublicKey {
    type Error = ParsePublicKeyError;

    fn try_from(written: WrittenKey) -> Result<Self, ParsePublicKeyError> {
        let bytes = from_base64(&written.key).ok_or(ParsePublicKeyError::NotBase64)?;
        Self::new(written.algorithm, &bytes)
    }
}

impl PublicKey {
    /// A key of raw bytes. Whether the bytes are a point of the curve is for the browser to check, which does not
    /// import others.
    ///
    /// # Errors
    /// If the length is wrong, or the key is weak.
    pub fn new(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, ParsePublicKeyError> {
        let is_long_enough = match algorithm {
            Algorithm::Ed25519 => bytes.len() == 32,
            Algorithm::P256 => bytes.len() == 65 && bytes[0] == 4,
        };
        if !is_long_enough {
            return Err(ParsePublicKeyError::Length);
        }
        if algorithm == Algorithm::Ed25519 && is_weak(bytes) {
            return Err(ParsePublicKeyError::Weak);
        }
        Ok(Self { algorithm, bytes: bytes.into() })
    }

    /// How the key signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of the key.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Digest::of("Muster key", &[self.algorithm.slug().as_bytes(), &self.bytes]))
    }
}

/// The y coordinates of the Ed25519 points whose order divides 8, also in encodings that are not canonical: first
/// byte, bytes between, and last byte without the sign of x; then those without such a pattern.
const WEAK_PLAIN: [(u8, u8, u8); 5] =
    [(0x00, 0x00, 0x00), (0x01, 0x00, 0x00), (0xec, 0xff, 0x7f), (0xed, 0xff, 0x7f), (0xee, 0xff, 0x7f)];
const WEAK: [&str; 2] = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

/// True for points of small order. Browsers should refuse them, and some releases do not.
fn is_weak(bytes: &[u8]) -> bool {
    let [first, between @ .., last] = bytes else { return true };
    let last = last & 0x7f;
    let is_plain = WEAK_PLAIN.iter().any(|(start, middle, end)| {
        first == start && between.iter().all(|byte| byte == middle) && last == *end
    });
    let mut whole = bytes.to_vec();
    whole[bytes.len() - 1] = last;
    is_plain || WEAK.contains(&crate::digest::hexadecimal(&whole).as_str())
}

/// The digest of a public key and its algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Digest);

/// A picture of a fingerprint: cells that are drawn or not, mirrored, in one of eight colors. It shows 31 bits that
/// the words do not: it is noticed faster when it is wrong, and proves less when it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPicture {
    /// The color, from 0 to 7.
    pub color: u8,
    /// The cells by row.
    pub cells: [[bool; PICTURE_SIZE]; PICTURE_SIZE],
}

impl Fingerprint {
    /// A fingerprint that was made elsewhere, as `config.json` has it.
    pub fn new(digest: [u8; 32]) -> Self {
        Self(Digest::new(digest))
    }

    /// Parses 64 hexadecimal digits.
    ///
    /// # Errors
    /// If the text is anything else.
    pub fn parse(text: &str) -> Result<Self, ParseDigestError> {
        Digest::parse(text).map(Self)
    }

    /// The fingerprint as words of the English list of BIP-39, whose first four letters tell them apart.
    pub fn words(&self) -> [&'static str; N_WORDS] {
        std::array::from_fn(|idx| bip39_lexical_data::WL_BIP39[self.bits(11 * idx, 11)])
    }

    /// The fingerprint as a picture.
    pub fn picture(&self) -> KeyPicture {
        const SEEN: usize = PICTURE_SIZE.div_ceil(2);
        let start = 11 * N_WORDS;
        let cell = |row: usize, column: usize| {
            let column = column.min(PICTURE_SIZE - 1 - column);
            self.bits(start + 3 + row * SEEN + column, 1) == 1
        };
        KeyPicture {
            color: self.bits(start, 3) as u8,
            cells: std::array::from_fn(|row| std::array::from_fn(|column| cell(row, column))),
        }
    }

    /// Some bits of the digest as a number, from the first byte's highest bit on.
    fn bits(&self, from: usize, n: usize) -> usize {
        let bytes = self.0.bytes();
        (from..from + n).fold(0, |bits, at| bits << 1 | usize::from(bytes[at / 8] >> (7 - at % 8) & 1))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ed25519_dalek::VerifyingKey;

    use super::*;

    fn key(seed: u8) -> PublicKey {
        let signing = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
        PublicKey::new(Algorithm::Ed25519, signing.verifying_key().as_bytes()).expect("a key")
    }

    #[test]
    fn keys_have_the_length_of_their_algorithm() {
        let table = [
            (Algorithm::Ed25519, vec![9; 32], true),
            (Algorithm::Ed25519, vec![9; 31], false),
            (Algorithm::Ed25519, vec![4; 65], false),
            (Algorithm::P256, vec![4; 65], true),
            (Algorithm::P256, vec![2; 65], false),
            (Algorithm::P256, vec![4; 64], false),
            (Algorithm::P256, vec![2; 33], false),
            (Algorithm::P256, Vec::new(), false),
        ];
        for (algorithm, bytes, is_key) in table {
            let expected = if is_key { Ok(()) } else { Err(ParsePublicKeyError::Length) };
            assert_eq!(PublicKey::new(algorithm, &bytes).map(|_| ()), expected, "{algorithm:?} {bytes:?}");
        }
    }

    #[test]
    fn weak_keys_are_those_of_the_library() {
        let mut n_weak = 0;
        for (first, middle, last) in WEAK_PLAIN {
            for sign in [0, 0x80] {
                let mut bytes = [middle; 32];
                bytes[0] = first;
                bytes[31] = last | sign;
                assert_eq!(PublicKey::new(Algorithm::Ed25519, &bytes), Err(ParsePublicKeyError::Weak));
                n_weak += usize::from(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| key.is_weak()));
            }
        }
        for text in WEAK {
            let mut bytes = *Digest::parse(text).expect("32 bytes").bytes();
            for sign in [0, 0x80] {
                bytes[31] ^= sign;
                assert_eq!(PublicKey::new(Algorithm::Ed25519, &bytes), Err(ParsePublicKeyError::Weak));
                n_weak += usize::from(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| key.is_weak()));
            }
        }
        assert!(n_weak >= 8, "{n_weak} of the listed points are weak for the library");
        for seed in 0..50 {
            let bytes: [u8; 32] = key(seed).bytes().try_into().expect("32 bytes");
            assert!(VerifyingKey::from_bytes(&bytes).is_ok_and(|key| !key.is_weak()));
        }
    }

    #[test]
    fn an_algorithm_is_part_of_the_fingerprint() {
        let ed = key(1);
        let fingerprints: BTreeSet<_> = (0..100).map(|seed| key(seed).fingerprint()).collect();
        assert_eq!(fingerprints.len(), 100);
        let p256 = PublicKey::new(Algorithm::P256, &[4; 65]).expect("a key");
        assert_ne!(p256.fingerprint(), ed.fingerprint());
        assert_eq!(Fingerprint::parse(&ed.fingerprint().to_string()), Ok(ed.fingerprint()));
    }

    #[test]
    fn words_come_from_the_list_of_the_standard_and_show_88_bits() {
        let list = bip39_lexical_data::WL_BIP39;
        assert_eq!((list.len(), list[0], list[2047]), (2048, "abandon", "zoo"));
        let text = list.join("\n") + "\n";
        // The published digest of english.txt.
        let digest = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";
        assert_eq!(Digest::of_text(&text).to_string(), digest);
        let all = |byte: &str| Fingerprint::parse(&byte.repeat(32)).expect("a fingerprint");
        assert_eq!(all("00").words(), ["abandon"; 8]);
        assert_eq!(all("ff").words(), ["zoo"; 8]);
        let one = |at: usize| {
            let mut digits = "0".repeat(64);
            digits.replace_range(at..=at, "1");
            Fingerprint::parse(&digits).expect("a fingerprint")
        };
        // 88 bits are 22 digits.
        assert_ne!(one(21).words(), all("00").words());
        assert_eq!(one(22).words(), all("00").words());
    }

    #[test]
    fn a_picture_is_symmetric_and_shows_other_bits_than_the_words() {
        let all = |byte: &str| Fingerprint::parse(&byte.repeat(32)).expect("a fingerprint").picture();
        assert_eq!(all("ff"), KeyPicture { color: 7, cells: [[true; 7]; 7] });
        assert_eq!(all("00"), KeyPicture { color: 0, cells: [[false; 7]; 7] });
        let mut seen = BTreeSet::new();
        for seed in 0..100 {
            let picture = key(seed).fingerprint().picture();
            for row in picture.cells {
                let mut mirrored = row;
                mirrored.reverse();
                assert_eq!(row, mirrored);
            }
            seen.insert((picture.color, picture.cells));
        }
        assert_eq!(seen.len(), 100);
    }
}
