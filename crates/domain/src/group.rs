//! Groups and communities.

use serde::{Deserialize, Serialize};

use crate::{GroupId, Millis, PersonKey, Scope, Secret};

/// Whether a group stands alone or holds others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupKind {
    /// A community, which may hold groups.
    Community,
    /// A group.
    Group,
}

/// Who may come in by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Nobody: people are added.
    Private,
    /// Whoever knows the password. `None` where the vendor tells the type but, rightly, not the password.
    Password(Option<Secret>),
}

/// A group as a vendor tells about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id in calls.
    pub id: GroupId,
    /// Group or community.
    pub kind: GroupKind,
    /// The name.
    pub name: Box<str>,
    /// The description.
    pub description: Option<Box<str>>,
    /// Who may come in.
    pub access: Option<Access>,
    /// The id of the owner.
    pub owner: Option<Box<str>>,
    /// How many members the vendor counts.
    pub n_members: Option<u64>,
    /// When it was made.
    pub created_at: Option<Millis>,
    /// A link for people, of the vendor's making: only `https:` may be shown as a link.
    pub share_url: Option<Box<str>>,
}

/// A group to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// The id, chosen by the caller.
    pub id: GroupId,
    /// The community it belongs to, where groups belong to one.
    pub community: Option<GroupId>,
    /// The name.
    pub name: Box<str>,
    /// The description; empty for none.
    pub description: Box<str>,
    /// Comma-separated tags; empty for none.
    pub tags: Box<str>,
    /// Who may come in.
    pub access: Access,
    /// The owner's id, if not the system.
    pub owner: Option<Box<str>>,
    /// First members and their scopes.
    pub members: Vec<(PersonKey, Scope)>,
    /// Whether it can be found, where the vendor asks.
    pub is_discoverable: Option<bool>,
}

/// A change to a group's own fields; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupEdit {
    /// The new name.
    pub name: Option<Box<str>>,
    /// The new description.
    pub description: Option<Box<str>>,
    /// New comma-separated tags.
    pub tags: Option<Box<str>>,
    /// Who may come in from now on.
    pub access: Option<Access>,
    /// The new owner's id.
    pub owner: Option<Box<str>>,
    /// Whether it can be found.
    pub is_discoverable: Option<bool>,
}

/// A community to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommunity {
    /// The unique handle.
    pub handle: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The description; empty for none.
    pub description: Box<str>,
    /// Comma-separated tags; empty for none.
    pub tags: Box<str>,
    /// True for a community that people must ask to join.
    pub is_private: bool,
    /// First members, by id.
    pub members: Vec<PersonKey>,
}
