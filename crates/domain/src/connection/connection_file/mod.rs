//! Exporting connections to a file, without keys, and importing untrusted files.
//!
//! Parsing is strict: an unknown field, such as one with a key, rejects the whole file. Well-formed files are
//! opened connection by connection, so that all problems can be reported at once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::connection::ParseBaseUrlError;
use crate::plain;
use crate::{
    BaseUrl, Connection, ConnectionId, ConnectionKind, GroupId, GroupKind, KeyStorage, KnownGroup, Vendor,
};

/// The value of [`ConnectionFile::muster`].
pub const MARK: &str = "connections";
/// The format written by this version. Older formats can be read.
pub const FORMAT: u32 = 1;
/// Largest file in bytes; callers check the size before reading a file.
pub const MAX_BYTES: usize = 1_000_000;
/// Most connections in a file.
pub const MAX_CONNECTIONS: usize = 200;
/// Most groups per connection.
pub const MAX_GROUPS: usize = 1_000;
/// Most characters of an id, including those of groups and people.
pub const MAX_ID_CHARS: usize = 200;
/// Most characters of a name.
pub(crate) const MAX_NAME_CHARS: usize = 200;

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionFile {
    /// Always [`MARK`], to identify the file.
    pub muster: Box<str>,
    /// See [`FORMAT`].
    pub format: u32,
    /// The connections.
    pub connections: Vec<FiledConnection>,
}

/// One unchecked connection of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiledConnection {
    /// See [`Connection::id`].
    pub id: Box<str>,
    /// The vendor's slug.
    pub vendor: Box<str>,
    /// See [`Connection::name`].
    pub name: Box<str>,
    /// `relay` or `direct`.
    #[serde(rename = "reach")]
    pub kind: Box<str>,
    /// See [`Connection::base_url`].
    pub base_url: Box<str>,
    /// See [`Connection::acting_as`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_as: Option<Box<str>>,
    /// See [`Connection::is_small_plan`].
    #[serde(default)]
    pub is_small_plan: bool,
    /// See [`Connection::calls_per_minute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_per_minute: Option<u32>,
    /// See [`Connection::known_groups`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_groups: Vec<FiledGroup>,
}

/// One group entered by the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiledGroup {
    /// Its id.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// Group or community.
    pub kind: GroupKind,
}

/// Why a well-formed file does not contain connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FileProblem {
    /// It is a different kind of file.
    #[error("expected a file of connections")]
    OtherFile,
    /// It was written by a newer console.
    #[error("expected format {FORMAT} or one before it, found {0}")]
    Newer(u32),
    /// It has too many connections.
    #[error("expected at most {MAX_CONNECTIONS} connections, found {0}")]
    TooMany(usize),
}

/// What is wrong with one connection of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryProblem {
    /// Its id cannot be part of a URL.
    Id,
    /// Another connection of the file has the same id.
    DoubleId,
    /// There is no such vendor.
    Vendor,
    /// The name is missing, too long, or has hidden characters.
    Name,
    /// The kind of connection is neither `relay` nor `direct`.
    Kind,
    /// The address cannot be called.
    Url(ParseBaseUrlError),
    /// The id of the person it acts as is invalid.
    ActingAs,
    /// There are too many groups, or one has no id or an invalid name.
    Groups,
}

/// One opened connection of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedConnection {
    /// Its position in the file, from 1.
    pub n: usize,
    /// The normalized name in the file. Untrusted: render it as plain text.
    pub name: Box<str>,
    /// The connection, or everything that is wrong with it.
    pub result: Result<Connection, Vec<EntryProblem>>,
}

impl ConnectionFile {
    /// A file with these connections. Sandbox connections mean nothing elsewhere and are left out.
    pub fn of<'a>(connections: impl IntoIterator<Item = &'a Connection>) -> Self {
        let led = connections.into_iter().filter(|connection| connection.kind != ConnectionKind::Sandbox);
        Self { muster: MARK.into(), format: FORMAT, connections: led.map(FiledConnection::of).collect() }
    }

    /// Opens the connections of a file. `is_page_secure` is true if the page itself was loaded over `https:`.
    ///
    /// # Errors
    /// If the file as a whole cannot be used.
    pub fn open(&self, is_page_secure: bool) -> Result<Vec<OpenedConnection>, FileProblem> {
        if &*self.muster != MARK {
            return Err(FileProblem::OtherFile);
        }
        if self.format > FORMAT {
            return Err(FileProblem::Newer(self.format));
        }
        if self.connections.len() > MAX_CONNECTIONS {
            return Err(FileProblem::TooMany(self.connections.len()));
        }
        let mut ids = BTreeSet::new();
        let open = |(n, filed): (usize, &FiledConnection)| {
            let is_double = !ids.insert(filed.id.clone());
            let name = (*plain::name(&filed.name)).into();
            OpenedConnection { n, name, result: filed.open(is_double, is_page_secure) }
        };
        Ok((1..).zip(&self.connections).map(open).collect())
    }
}

impl FiledConnection {
    fn of(connection: &Connection) -> Self {
        // Field by field, so that new fields are not exported by accident.
        Self {
            id: connection.id.as_str().into(),
            vendor: connection.vendor.slug().into(),
            name: connection.name.clone(),
            kind: connection.kind.slug().into(),
            base_url: connection.base_url.as_str().into(),
            acting_as: connection.acting_as.clone(),
            is_small_plan: connection.is_small_plan,
            calls_per_minute: connection.calls_per_minute,
            known_groups: connection.known_groups.iter().map(FiledGroup::of).collect(),
        }
    }

    fn open(&self, is_double: bool, is_page_secure: bool) -> Result<Connection, Vec<EntryProblem>> {
        let mut problems = Vec::new();
        let mut require = |is_ok: bool, problem| {
            if !is_ok {
                problems.push(problem);
            }
        };
        require(is_id(&self.id), EntryProblem::Id);
        require(!is_double, EntryProblem::DoubleId);
        require(is_text(&self.name, MAX_NAME_CHARS), EntryProblem::Name);
        let acting_as = self.acting_as.as_deref();
        require(acting_as.is_none_or(|id| is_text(id, MAX_ID_CHARS)), EntryProblem::ActingAs);
        let are_groups_ok = self.known_groups.len() <= MAX_GROUPS
            && self
                .known_groups
                .iter()
                .all(|group| is_text(&group.id, MAX_ID_CHARS) && is_text(&group.name, MAX_NAME_CHARS));
        require(are_groups_ok, EntryProblem::Groups);
        let vendor = Vendor::from_slug(&self.vendor);
        require(vendor.is_some(), EntryProblem::Vendor);
        let kind = [ConnectionKind::Relay, ConnectionKind::Direct]
            .into_iter()
            .find(|kind| kind.slug() == &*self.kind);
        require(kind.is_some(), EntryProblem::Kind);
        let base_url = BaseUrl::parse(&self.base_url, is_page_secure);
        if let Err(error) = &base_url {
            problems.push(EntryProblem::Url(*error));
        }
        let (true, Some(vendor), Some(kind), Ok(base_url)) = (problems.is_empty(), vendor, kind, base_url)
        else {
            return Err(problems);
        };
        Ok(Connection {
            id: ConnectionId::new(&self.id),
            vendor,
            name: self.name.trim().into(),
            kind,
            base_url,
            acting_as: acting_as.map(|id| id.trim().into()),
            is_small_plan: self.is_small_plan,
            calls_per_minute: self.calls_per_minute,
            known_groups: self.known_groups.iter().map(FiledGroup::open).collect(),
            // The author of the file does not decide to store a key here.
            key_storage: KeyStorage::Memory,
            is_power_known: false,
        })
    }
}

impl FiledGroup {
    fn of(group: &KnownGroup) -> Self {
        Self { id: group.id.as_str().into(), name: group.name.clone(), kind: group.kind }
    }

    fn open(&self) -> KnownGroup {
        KnownGroup { id: GroupId::new(&self.id), name: self.name.trim().into(), kind: self.kind }
    }
}

/// An id becomes part of URLs, where `new` is a page of its own.
fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=MAX_ID_CHARS).contains(&text.len()) && text.bytes().all(is_plain) && text != "new"
}

/// Rejects text that would have to be changed to be displayed: the author of the file may try to disguise it.
fn is_text(text: &str, max_chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max_chars && plain::name(text) == text.trim()
}

#[cfg(test)]
mod tests;
