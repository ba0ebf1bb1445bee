//! Keys as they are kept on a device: what is written, byte by byte, and what is taken back.
//!
//! A vault is one [`Header`], from which a passphrase gives the key that seals, and a [`Record`] for each
//! connection whose key is kept. Nothing here encrypts: that is the browser's part. What was read from a device
//! may have been changed by anybody, so reading is strict, bounded and never panics.
//!
//! | Header | bytes | Record | bytes |
//! |---|---|---|---|
//! | `MUV`, [`VERSION`], `H` | 5 | `MUV`, [`VERSION`], `K` | 5 |
//! | rounds, big-endian | 4 | the salt of its vault | 16 |
//! | salt | 16 | initialisation vector | 12 |
//! | initialisation vector | 12 | [`write_key`]'s text, sealed | 17 to 16,400 |
//! | [`CHECK`], sealed | 32 | | |

mod key;

use thiserror::Error;

use crate::{ConnectionId, Destination};

pub use key::{MAX_KEY_BYTES, ParseKeyError, read_key, write_key};

/// The version of both formats. It is part of what is authenticated.
pub const VERSION: u8 = 1;
/// Fewest rounds of PBKDF2 with SHA-256 that a header may ask for, and how many a new one asks for.
pub const MIN_ROUNDS: u32 = 600_000;
/// Most rounds: a changed header must not keep a browser busy for minutes.
pub const MAX_ROUNDS: u32 = 20_000_000;
/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of an initialisation vector: the 96 bits that AES-GCM is made for.
pub const IV_BYTES: usize = 12;
/// Bytes that sealing adds.
pub const TAG_BYTES: usize = 16;
/// What a header has sealed, so that a wrong passphrase is noticed without any key.
pub const CHECK: [u8; 16] = *b"muster vault one";

const MAGIC: [u8; 3] = *b"MUV";
const HEADER: u8 = b'H';
const RECORD: u8 = b'K';
const HEADER_BYTES: usize = 5 + 4 + SALT_BYTES + IV_BYTES + CHECK.len() + TAG_BYTES;
const RECORD_BYTES: usize = 5 + SALT_BYTES + IV_BYTES + TAG_BYTES;

/// The salt of a vault; it also tells one vault from another.
pub type Salt = [u8; SALT_BYTES];

/// Something sealed, with the vector that it was sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The initialisation vector, never used twice under one key.
    pub iv: [u8; IV_BYTES],
    /// Cipher text and tag.
    pub bytes: Box<[u8]>,
}

/// How a passphrase becomes the key of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Rounds of PBKDF2 with SHA-256.
    pub rounds: u32,
    /// Its salt.
    pub salt: Salt,
    /// [`CHECK`], sealed under the key.
    pub check: Sealed,
}

/// One sealed key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The salt of the vault that it belongs to.
    pub salt: Salt,
    /// The key, sealed.
    pub key: Sealed,
}

/// Why bytes are no part of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseVaultError {
    /// They do not begin as a part of a vault does.
    #[error("expected a part of a vault, found something else")]
    NotVault,
    /// They come from another version.
    #[error("expected version {VERSION}, found {0}")]
    Version(u8),
    /// A header stands where a record should, or the other way round.
    #[error("expected another part of a vault")]
    OtherPart,
    /// There are too few or too many of them.
    #[error("expected another length, found {0} bytes")]
    Length(usize),
    /// The header asks for too few or too many rounds.
    #[error("expected from {MIN_ROUNDS} to {MAX_ROUNDS} rounds, found {0}")]
    Rounds(u32),
}

/// What sealing [`CHECK`] is bound to: a header with other rounds or another salt does not open.
pub fn header_bound_to(rounds: u32, salt: &Salt) -> Vec<u8> {
    let mut bytes = begin(HEADER);
    bytes.extend(rounds.to_be_bytes());
    bytes.extend(salt);
    bytes
}

/// What sealing a key is bound to: its connection and where it may be sent. A record that was put in
/// another's place, or whose connection leads elsewhere now, does not open.
pub fn record_bound_to(id: &ConnectionId, destination: &Destination) -> Vec<u8> {
    let mut bytes = begin(RECORD);
    // With its length first, no end of an id can pass for the beginning of a destination.
    bytes.extend((id.as_str().len() as u64).to_be_bytes());
    bytes.extend(id.as_str().as_bytes());
    bytes.extend(destination.to_line().as_bytes());
    bytes
}

impl Header {
    /// The bytes of a header.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = header_bound_to(self.rounds, &self.salt);
        bytes.extend(self.check.iv);
        bytes.extend(&*self.check.bytes);
        bytes
    }

    /// Reads a header.
    ///
    /// # Errors
    /// If this is none, or one that must not be used.
    pub fn decode(bytes: &[u8]) -> Result<Self, ParseVaultError> {
        let rest = part(bytes, HEADER)?;
        let length = ParseVaultError::Length(bytes.len());
        if bytes.len() != HEADER_BYTES {
            return Err(length);
        }
        let (rounds, rest) = rest.split_first_chunk().ok_or(length)?;
        let (salt, rest) = rest.split_first_chunk().ok_or(length)?;
        let (iv, rest) = rest.split_first_chunk().ok_or(length)?;
        let rounds = u32::from_be_bytes(*rounds);
        if !(MIN_ROUNDS..=MAX_ROUNDS).contains(&rounds) {
            return Err(ParseVaultError::Rounds(rounds));
        }
        Ok(Self { rounds, salt: *salt, check: Sealed { iv: *iv, bytes: rest.into() } })
    }
}

impl Record {
    /// The bytes of a record.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = begin(RECORD);
        bytes.extend(self.salt);
        bytes.extend(self.key.iv);
        bytes.extend(&*self.key.bytes);
        bytes
    }

    /// Reads a record.
    ///
    /// # Errors
    /// If this is none.
    pub fn decode(bytes: &[u8]) -> Result<Self, ParseVaultError> {
        let rest = part(bytes, RECORD)?;
        let length = ParseVaultError::Length(bytes.len());
        if bytes.len() <= RECORD_BYTES || bytes.len() > RECORD_BYTES + MAX_KEY_BYTES {
            return Err(length);
        }
        let (salt, rest) = rest.split_first_chunk().ok_or(length)?;
        let (iv, rest) = rest.split_first_chunk().ok_or(length)?;
        Ok(Self { salt: *salt, key: Sealed { iv: *iv, bytes: rest.into() } })
    }
}

fn begin(part: u8) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend([VERSION, part]);
    bytes
}

/// What follows the first five bytes.
fn part(bytes: &[u8], expected: u8) -> Result<&[u8], ParseVaultError> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(ParseVaultError::NotVault)?;
    match rest {
        [VERSION, found, rest @ ..] if *found == expected => Ok(rest),
        [VERSION, HEADER | RECORD, ..] => Err(ParseVaultError::OtherPart),
        [VERSION, ..] | [] => Err(ParseVaultError::NotVault),
        [version, ..] => Err(ParseVaultError::Version(*version)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, Reach, Vendor};

    fn header() -> Header {
        let check = Sealed { iv: [7; IV_BYTES], bytes: vec![9; CHECK.len() + TAG_BYTES].into() };
        Header { rounds: MIN_ROUNDS, salt: [3; SALT_BYTES], check }
    }

    fn record(n_bytes: usize) -> Record {
        Record {
            salt: [3; SALT_BYTES],
            key: Sealed { iv: [1; IV_BYTES], bytes: vec![5; n_bytes + TAG_BYTES].into() },
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(Header::decode(&header().encode()), Ok(header()));
        for n_bytes in [1, 40, MAX_KEY_BYTES] {
            assert_eq!(Record::decode(&record(n_bytes).encode()), Ok(record(n_bytes)));
        }
    }

    #[test]
    fn what_is_no_part_of_a_vault_is_told_apart() {
        use ParseVaultError::*;
        let (header, record) = (header().encode(), record(40).encode());
        assert_eq!(Header::decode(&record), Err(OtherPart));
        assert_eq!(Record::decode(&header), Err(OtherPart));
        for bytes in [&b""[..], b"MUV", b"MU", b"{}", b"MUV\x01x"] {
            assert_eq!(Header::decode(bytes), Err(NotVault), "{bytes:?}");
        }
        assert_eq!(Record::decode(b"MUV\x02Kxx"), Err(Version(2)));
        for cut in [5, 9, header.len() - 1] {
            assert_eq!(Header::decode(&header[..cut]), Err(Length(cut)));
        }
        let long = [&header[..], b"x"].concat();
        assert_eq!(Header::decode(&long), Err(Length(long.len())));
        let long = self::record(MAX_KEY_BYTES + 1).encode();
        assert_eq!(Record::decode(&long), Err(Length(long.len())));
        let empty = self::record(0).encode();
        assert_eq!(Record::decode(&empty), Err(Length(empty.len())));
    }

    #[test]
    fn a_header_cannot_ask_for_too_little_or_too_much_work() {
        for rounds in [0, 1, MIN_ROUNDS - 1, MAX_ROUNDS + 1, u32::MAX] {
            let asked = Header { rounds, ..header() };
            assert_eq!(Header::decode(&asked.encode()), Err(ParseVaultError::Rounds(rounds)));
        }
    }

    #[test]
    fn a_record_is_bound_to_one_connection_and_destination() {
        let to = |url: &str, reach| Destination {
            vendor: Vendor::CometChat,
            reach,
            base_url: BaseUrl::parse(url, true).expect("an address"),
        };
        let own = to("https://one.example", Reach::Direct);
        let bound =
            |id: &str, destination: &Destination| record_bound_to(&ConnectionId::new(id), destination);
        let all = [
            bound("a", &own),
            bound("b", &own),
            bound("", &own),
            bound("a", &to("https://two.example", Reach::Direct)),
            bound("a", &to("https://one.example", Reach::Relay)),
            bound("acometchat", &own),
            header_bound_to(MIN_ROUNDS, &[0; SALT_BYTES]),
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(!all[n + 1..].contains(one), "{n}");
        }
    }
}
