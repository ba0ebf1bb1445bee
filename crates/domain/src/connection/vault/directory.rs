//! The format of directories that are kept on the device.
//!
//! | Head | bytes |
//! |---|---|
//! | `MUV`, [`VERSION`](super::VERSION), `D` | 5 |
//! | the salt of its vault | 16 |
//! | initialisation vector | 12 |

use crate::{ConnectionId, Target};

use super::{DIRECTORY, IV_BYTES, ParseVaultError, SALT_BYTES, Salt, begin, part};

const HEAD_BYTES: usize = 5 + SALT_BYTES + IV_BYTES;

/// What a sealed directory begins with. Its bytes are beside it, because they may be many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryHead {
    /// The salt of its vault.
    pub salt: Salt,
    /// The initialisation vector, never reused under one key.
    pub iv: [u8; IV_BYTES],
}

impl DirectoryHead {
    /// Encodes the head.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = begin(DIRECTORY);
        bytes.extend(self.salt);
        bytes.extend(self.iv);
        bytes
    }

    /// Decodes a head.
    ///
    /// # Errors
    /// If the bytes are not a valid head.
    pub fn decode(bytes: &[u8]) -> Result<Self, ParseVaultError> {
        let rest = part(bytes, DIRECTORY)?;
        let length = ParseVaultError::Length(bytes.len());
        if bytes.len() != HEAD_BYTES {
            return Err(length);
        }
        let (salt, rest) = rest.split_first_chunk().ok_or(length)?;
        let iv = rest.first_chunk().ok_or(length)?;
        Ok(Self { salt: *salt, iv: *iv })
    }
}

/// The additional data of a sealed directory: its connection, the target of its requests, and which directory it is.
/// One of another connection, address or acting person does not open.
pub fn directory_bound_to(id: &ConnectionId, target: &Target, directory: &str) -> Vec<u8> {
    let Target { vendor, kind, base_url, acting_as } = target;
    let mut bytes = begin(DIRECTORY);
    let parts = [id.as_str(), vendor.slug(), kind.slug(), base_url.as_str(), directory];
    // Length prefixes keep the end of one part from passing for the start of the next.
    for part in parts.into_iter().chain(acting_as.as_deref()) {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::{Header, Record};
    use super::*;
    use crate::{BaseUrl, ConnectionKind, Vendor};

    #[test]
    fn a_head_is_read_back_and_nothing_else_is() {
        let head = DirectoryHead { salt: [3; SALT_BYTES], iv: [1; IV_BYTES] };
        let bytes = head.encode();
        assert_eq!(DirectoryHead::decode(&bytes), Ok(head));
        assert_eq!(DirectoryHead::decode(&bytes[..9]), Err(ParseVaultError::Length(9)));
        let long = [&bytes[..], b"x"].concat();
        assert_eq!(DirectoryHead::decode(&long), Err(ParseVaultError::Length(long.len())));
        assert_eq!(DirectoryHead::decode(b"MUV\x02D"), Err(ParseVaultError::Version(2)));
        assert_eq!(Header::decode(&bytes), Err(ParseVaultError::OtherPart));
        assert_eq!(Record::decode(&bytes), Err(ParseVaultError::OtherPart));
        assert_eq!(DirectoryHead::decode(b"MUV\x01K"), Err(ParseVaultError::OtherPart));
    }

    #[test]
    fn a_directory_is_bound_to_one_connection_target_and_list() {
        let to = |url: &str, acting_as: Option<&str>| Target {
            vendor: Vendor::CometChat,
            kind: ConnectionKind::Direct,
            base_url: BaseUrl::parse(url, true).expect("an address"),
            acting_as: acting_as.map(Into::into),
        };
        let bound =
            |id: &str, target: &Target, list: &str| directory_bound_to(&ConnectionId::new(id), target, list);
        let own = to("https://one.example", None);
        let all = [
            bound("a", &own, "everyone"),
            bound("b", &own, "everyone"),
            bound("a", &own, "group everyone"),
            bound("a", &own, ""),
            bound("a", &to("https://two.example", None), "everyone"),
            bound("a", &to("https://one.example", Some("ada")), "everyone"),
            bound("a", &to("https://one.example", Some("")), "everyone"),
            super::super::record_bound_to(
                &ConnectionId::new("a"),
                &crate::Destination { vendor: own.vendor, kind: own.kind, base_url: own.base_url.clone() },
            ),
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(!all[n + 1..].contains(one), "{n}");
        }
    }
}
