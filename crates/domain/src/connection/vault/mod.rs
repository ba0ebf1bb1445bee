//! The on-device format of keys.
//!
//! A vault is one [`Header`], from which a passphrase derives the sealing key, and one [`Record`] per
//! connection with a stored key. Directories that are kept on the device are sealed under the same key. Encryption
//! itself is left to the browser. Stored data may have been tampered with, so parsing is strict, bounded and never
//! panics.
//!
//! | Header | bytes | Record | bytes |
//! |---|---|---|---|
//! | `MUV`, [`VERSION`], `H` | 5 | `MUV`, [`VERSION`], `K` | 5 |
//! | rounds, big-endian | 4 | the salt of its vault | 16 |
//! | salt | 16 | initialisation vector | 12 |
//! | initialisation vector | 12 | [`write_key`]'s text, sealed | 17 to 16,400 |
//! | [`CHECK`], sealed | 32 | | |

mod directory;
mod key;

use thiserror::Error;

use crate::{ConnectionId, Destination};

pub use directory::{DirectoryHead, directory_bound_to};
pub use key::{MAX_KEY_BYTES, ParseKeyError, read_key, write_key};

/// The version of both formats, which is authenticated too.
pub const VERSION: u8 = 1;
/// Fewest rounds of PBKDF2 with SHA-256 in a header, and the number in a new one.
pub const MIN_ROUNDS: u32 = 600_000;
/// Most rounds: a tampered header must not keep a browser busy for minutes.
pub(crate) const MAX_ROUNDS: u32 = 20_000_000;
/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of an initialisation vector: the 96 bits that AES-GCM is designed for.
pub const IV_BYTES: usize = 12;
/// Bytes that sealing adds.
pub(crate) const TAG_BYTES: usize = 16;
/// The plaintext sealed in a header, which detects a wrong passphrase without any key.
pub const CHECK: [u8; 16] = *b"muster vault one";

const MAGIC: [u8; 3] = *b"MUV";
const HEADER: u8 = b'H';
const RECORD: u8 = b'K';
const DIRECTORY: u8 = b'D';
const HEADER_BYTES: usize = 5 + 4 + SALT_BYTES + IV_BYTES + CHECK.len() + TAG_BYTES;
const RECORD_BYTES: usize = 5 + SALT_BYTES + IV_BYTES + TAG_BYTES;

/// The salt of a vault, which also identifies it.
pub type Salt = [u8; SALT_BYTES];

/// Sealed data with its initialisation vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The initialisation vector, never reused under one key.
    pub iv: [u8; IV_BYTES],
    /// Ciphertext and tag.
    pub bytes: Box<[u8]>,
}

/// How a passphrase derives the key of a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Rounds of PBKDF2 with SHA-256.
    pub rounds: u32,
    /// The salt.
    pub salt: Salt,
    /// [`CHECK`], sealed under the key.
    pub check: Sealed,
}

/// One sealed key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The salt of its vault.
    pub salt: Salt,
    /// The sealed key.
    pub key: Sealed,
}

/// Why bytes are not part of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseVaultError {
    /// They do not begin like part of a vault.
    #[error("expected a part of a vault, found something else")]
    NotVault,
    /// They have another version.
    #[error("expected version {VERSION}, found {0}")]
    Version(u8),
    /// A header was found in place of a record, or vice versa.
    #[error("expected another part of a vault")]
    OtherPart,
    /// The length is wrong.
    #[error("expected another length, found {0} bytes")]
    Length(usize),
    /// The header asks for too few or too many rounds.
    #[error("expected from {MIN_ROUNDS} to {MAX_ROUNDS} rounds, found {0}")]
    Rounds(u32),
}

/// The additional data of the sealed [`CHECK`]: a header with changed rounds or salt does not open.
pub fn header_bound_to(rounds: u32, salt: &Salt) -> Vec<u8> {
    let mut bytes = begin(HEADER);
    bytes.extend(rounds.to_be_bytes());
    bytes.extend(salt);
    bytes
}

/// The additional data of a sealed key: its connection and destination. A record moved to another connection,
/// or whose connection has a new destination, does not open.
pub fn record_bound_to(id: &ConnectionId, destination: &Destination) -> Vec<u8> {
    let mut bytes = begin(RECORD);
    // The length prefix keeps the end of an id from passing for the start of a destination.
    bytes.extend((id.as_str().len() as u64).to_be_bytes());
    bytes.extend(id.as_str().as_bytes());
    bytes.extend(destination.to_line().as_bytes());
    bytes
}

impl Header {
    /// Encodes the header.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = header_bound_to(self.rounds, &self.salt);
        bytes.extend(self.check.iv);
        bytes.extend(&*self.check.bytes);
        bytes
    }

    /// Decodes a header.
    ///
    /// # Errors
    /// If the bytes are not a valid header.
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
    /// Encodes the record.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = begin(RECORD);
        bytes.extend(self.salt);
        bytes.extend(self.key.iv);
        bytes.extend(&*self.key.bytes);
        bytes
    }

    /// Decodes a record.
    ///
    /// # Errors
    /// If the bytes are not a valid record.
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

/// The bytes after the five-byte prefix.
fn part(bytes: &[u8], expected: u8) -> Result<&[u8], ParseVaultError> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(ParseVaultError::NotVault)?;
    match rest {
        [VERSION, found, rest @ ..] if *found == expected => Ok(rest),
        [VERSION, HEADER | RECORD | DIRECTORY, ..] => Err(ParseVaultError::OtherPart),
        [VERSION, ..] | [] => Err(ParseVaultError::NotVault),
        [version, ..] => Err(ParseVaultError::Version(*version)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, ConnectionKind, Vendor};

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
        let to = |url: &str, kind| Destination {
            vendor: Vendor::CometChat,
            kind,
            base_url: BaseUrl::parse(url, true).expect("an address"),
        };
        let own = to("https://one.example", ConnectionKind::Direct);
        let bound =
            |id: &str, destination: &Destination| record_bound_to(&ConnectionId::new(id), destination);
        let all = [
            bound("a", &own),
            bound("b", &own),
            bound("", &own),
            bound("a", &to("https://two.example", ConnectionKind::Direct)),
            bound("a", &to("https://one.example", ConnectionKind::Relay)),
            bound("acometchat", &own),
            header_bound_to(MIN_ROUNDS, &[0; SALT_BYTES]),
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(!all[n + 1..].contains(one), "{n}");
        }
    }
}
