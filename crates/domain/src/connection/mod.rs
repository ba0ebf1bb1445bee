//! One workspace at a vendor, and how it is reached.

pub mod address;
pub mod budget;
pub mod capabilities;
pub mod connection_file;
pub mod secret;
pub mod vault;
pub mod vendor;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::{ConnectionId, GroupId, GroupKind, Secret, Vendor};

/// How calls are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectionKind {
    /// To a path or host that adds the key; the browser has none.
    Relay,
    /// To the vendor, with a key entered by the user.
    Direct,
    /// To the sandbox inside this browser.
    Sandbox,
}

/// Where the key of a direct connection is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStorage {
    /// In the page's memory: reloading forgets the key. Earlier releases also had "tab", which left the key
    /// in the browser's files.
    #[default]
    #[serde(alias = "tab")]
    Memory,
    /// On this device, encrypted under a passphrase.
    Device,
}

impl KeyStorage {
    /// All variants, the shortest-lived first.
    pub const ALL: [Self; 2] = [Self::Memory, Self::Device];

    /// The name in forms and records.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Device => "device",
        }
    }

    /// The variant with this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|storage| storage.slug() == slug)
    }
}

/// The vendor, kind of connection and address that a key is for. A key is never sent elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The vendor.
    pub vendor: Vendor,
    /// How calls are sent.
    pub kind: ConnectionKind,
    /// The address of calls.
    pub base_url: BaseUrl,
}

impl Destination {
    /// One line that is unique to this destination.
    pub(crate) fn to_line(&self) -> String {
        [self.vendor.slug(), " ", self.kind.slug(), " ", self.base_url.as_str()].concat()
    }
}

impl ConnectionKind {
    /// The name in files and records.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Direct => "direct",
            Self::Sandbox => "sandbox",
        }
    }
}

/// Where the requests of a run are sent, and as which person. A run continues only at its original target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The vendor.
    pub vendor: Vendor,
    /// How requests are sent.
    #[serde(rename = "reach")]
    pub kind: ConnectionKind,
    /// The address of requests.
    pub base_url: BaseUrl,
    /// Id of the person that requests act as, if the vendor supports that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_as: Option<Box<str>>,
}

/// One workspace at a vendor. Holds no key: keys are in [`Credentials`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id in URLs.
    pub id: ConnectionId,
    /// The vendor.
    pub vendor: Vendor,
    /// Its display name.
    pub name: Box<str>,
    /// How calls are sent.
    #[serde(rename = "reach")]
    pub kind: ConnectionKind,
    /// The address to which call paths are appended.
    pub base_url: BaseUrl,
    /// Id of the person that calls act as, if the vendor supports that.
    pub acting_as: Option<Box<str>>,
    /// True for a vendor's small plan with lower limits.
    pub is_small_plan: bool,
    /// Most calls per minute, if the vendor documents no limit and the user chose one.
    #[serde(default)]
    pub calls_per_minute: Option<u32>,
    /// Groups and communities entered by the user, for vendors that cannot list them.
    #[serde(default)]
    pub known_groups: Vec<KnownGroup>,
    /// Where its key is stored, if it has one.
    #[serde(default)]
    pub key_storage: KeyStorage,
    /// True once the user was told what its key may do.
    #[serde(default)]
    pub is_power_known: bool,
}

impl Connection {
    /// The destination of its key.
    pub fn destination(&self) -> Destination {
        Destination { vendor: self.vendor, kind: self.kind, base_url: self.base_url.clone() }
    }

    /// The target of its requests.
    pub fn target(&self) -> Target {
        Target {
            vendor: self.vendor,
            kind: self.kind,
            base_url: self.base_url.clone(),
            acting_as: self.acting_as.clone(),
        }
    }
}

/// The rate settings of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// True for a vendor's small plan with lower limits.
    pub is_small_plan: bool,
    /// Most calls per minute, for vendors that document no limit; `None` for a conservative default.
    pub calls_per_minute: Option<u32>,
}

impl From<&Connection> for Pace {
    fn from(connection: &Connection) -> Self {
        Self { is_small_plan: connection.is_small_plan, calls_per_minute: connection.calls_per_minute }
    }
}

/// The pace of a vendor's small plan, or of its regular one.
impl From<bool> for Pace {
    fn from(is_small_plan: bool) -> Self {
        Self { is_small_plan, calls_per_minute: None }
    }
}

/// A group entered by the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownGroup {
    /// Its id in calls.
    pub id: GroupId,
    /// Its display name.
    pub name: Box<str>,
    /// Group or community.
    pub kind: GroupKind,
}

/// Credentials: API keys and access tokens. Never serialised; [`vault::write_key`]
/// converts them to a [`Secret`] for the two places that may store one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// None: a relay adds them, or the sandbox needs none.
    #[default]
    None,
    /// One key.
    Key(Secret),
    /// A key and a secret that are exchanged for a token.
    KeyAndSecret {
        /// The key.
        key: Secret,
        /// The secret.
        secret: Secret,
    },
    /// A token obtained elsewhere.
    Token(Secret),
}

impl Credentials {
    /// All secrets in the credentials.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let (first, second) = match self {
            Self::None => (None, None),
            Self::Key(key) => (Some(key), None),
            Self::KeyAndSecret { key, secret } => (Some(key), Some(secret)),
            Self::Token(token) => (Some(token), None),
        };
        first.into_iter().chain(second)
    }
}

/// The base address of calls: `https://host[:port][/path]`, `http://…`, or a path on the console's own
/// origin. Never ends with a slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaseUrl(#[serde(deserialize_with = "stored")] Box<str>);

/// Why a text is not a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseBaseUrlError {
    /// The text is empty.
    #[error("expected an address, found nothing")]
    Empty,
    /// It has another scheme, such as `javascript:` or `ftp:`.
    #[error("expected https, http or a path, found another scheme")]
    Scheme,
    /// `http:` from an `https:` page, which browsers refuse.
    #[error("expected https on a page that came by https, found http")]
    Insecure,
    /// It contains a user or password.
    #[error("expected no user or password in the address, found one")]
    HasUser,
    /// It has a query or fragment, which would end up inside every call.
    #[error("expected no question mark or hash in the address, found one")]
    HasQuery,
    /// The host is missing or has invalid characters.
    #[error("expected a host, found none that can be used")]
    BadHost,
    /// The path has invalid characters or `..` segments.
    #[error("expected a plain path, found blanks, control characters or dots")]
    BadPath,
}

impl BaseUrl {
    /// Parses an address as typed. `is_page_secure` is true if the page itself was loaded over `https:`.
    ///
    /// # Errors
    /// If calls could not be sent there, or would go elsewhere than it seems.
    pub fn parse(text: &str, is_page_secure: bool) -> Result<Self, ParseBaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseBaseUrlError::Empty);
        }
        if text.contains(['?', '#']) {
            return Err(ParseBaseUrlError::HasQuery);
        }
        let lower = text.to_ascii_lowercase();
        let (scheme, rest) = if text.starts_with('/') && !text.starts_with("//") {
            ("", text)
        } else if lower.starts_with("https://") {
            ("https://", &text["https://".len()..])
        } else if lower.starts_with("http://") {
            ("http://", &text["http://".len()..])
        } else {
            return Err(ParseBaseUrlError::Scheme);
        };
        let (authority, path) = match rest.find('/') {
            Some(idx) => rest.split_at(idx),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(ParseBaseUrlError::HasUser);
        }
        if !scheme.is_empty() && !is_authority(authority) {
            return Err(ParseBaseUrlError::BadHost);
        }
        let is_loopback = is_loopback(authority);
        if scheme == "http://" && is_page_secure && !is_loopback {
            return Err(ParseBaseUrlError::Insecure);
        }
        let path = path.trim_end_matches('/');
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%:@+".contains(&byte);
        if !path.bytes().all(is_plain) || path.split('/').any(|part| part == "..") || path.contains("//") {
            return Err(ParseBaseUrlError::BadPath);
        }
        Ok(Self(format!("{scheme}{}{path}", authority.to_ascii_lowercase()).into()))
    }

    /// The address, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Scheme, host and port; `None` for a path on the console's own origin.
    pub fn origin(&self) -> Option<&str> {
        (!self.is_same_origin()).then(|| &self.0[..self.path_at()])
    }

    /// The part after the origin: empty, or beginning with a slash.
    pub fn path(&self) -> &str {
        &self.0[self.path_at()..]
    }

    fn path_at(&self) -> usize {
        let host_at = self.0.find("://").map_or(0, |idx| idx + "://".len());
        self.0[host_at..].find('/').map_or(self.0.len(), |idx| host_at + idx)
    }

    /// True for an address on this machine.
    pub fn is_loopback(&self) -> bool {
        let rest = self.0.strip_prefix("https://").or_else(|| self.0.strip_prefix("http://"));
        rest.is_some_and(|rest| is_loopback(rest.split('/').next().unwrap_or_default()))
    }

    /// True for a path on the console's own origin. An absolute address may have the same origin too, which
    /// only the page knows.
    pub fn is_same_origin(&self) -> bool {
        self.0.starts_with('/') || self.0.is_empty()
    }
}

/// Parses stored addresses like typed ones, so that a tampered record cannot redirect calls.
fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    let text = Box::<str>::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(text); // the root of the console's own origin
    }
    BaseUrl::parse(&text, false).map(|url| url.0).map_err(serde::de::Error::custom)
}

fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(']') || !port.is_empty() => (host, Some(port)),
        _ => (text, None),
    };
    let is_port_ok = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let is_v6 = host.starts_with('[') && host.ends_with(']') && host.len() > 4;
    let is_name = !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
        && !host.starts_with(['.', '-'])
        && !host.contains("..");
    is_port_ok
        && (is_name || (is_v6 && host[1..host.len() - 1].bytes().all(|b| b.is_ascii_hexdigit() || b == b':')))
}

/// True if the host of an authority (`host` or `host:port`) is this machine. Browsers treat it as secure, so
/// `http:` is allowed there.
pub fn is_loopback(authority: &str) -> bool {
    let host = if authority.starts_with('[') { authority } else { authority.split(':').next().unwrap_or("") };
    let is_v4 = || host.starts_with("127.") && host.parse::<std::net::Ipv4Addr>().is_ok();
    host == "localhost" || is_v4() || authority.starts_with("[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_as_typed() {
        use ParseBaseUrlError::*;
        let table: [(&str, bool, Result<&str, ParseBaseUrlError>); 23] = [
            ("https://backend.networked.co", true, Ok("https://backend.networked.co")),
            (" https://API.example.org/v3/ ", true, Ok("https://api.example.org/v3")),
            ("http://127.0.0.1:8081/genuin", true, Ok("http://127.0.0.1:8081/genuin")),
            ("http://localhost:8081", true, Ok("http://localhost:8081")),
            ("http://[::1]:8081/x", true, Ok("http://[::1]:8081/x")),
            ("http://example.org", false, Ok("http://example.org")),
            ("http://example.org", true, Err(Insecure)),
            ("http://localhost.example.org", true, Err(Insecure)),
            ("http://127.example.org", true, Err(Insecure)),
            ("/relay/genuin/", true, Ok("/relay/genuin")),
            ("", true, Err(Empty)),
            ("javascript:alert(1)", true, Err(Scheme)),
            ("JavaScript://example.org/%0aalert(1)", true, Err(Scheme)),
            ("data:text/html,x", true, Err(Scheme)),
            ("ftp://example.org", true, Err(Scheme)),
            ("//example.org", true, Err(Scheme)),
            ("example.org", true, Err(Scheme)),
            ("https://user:pass@example.org", true, Err(HasUser)),
            ("https://example.org/?x=1", true, Err(HasQuery)),
            ("https://", true, Err(BadHost)),
            ("https://exa mple.org", true, Err(BadHost)),
            ("https://example.org:99999", true, Err(BadHost)),
            ("https://example.org/a/../b", true, Err(BadPath)),
        ];
        for (text, is_secure, expected) in table {
            assert_eq!(
                BaseUrl::parse(text, is_secure).as_ref().map(BaseUrl::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }
}
