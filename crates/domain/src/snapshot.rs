//! What was last read: the state that a plan starts from.

use std::collections::{BTreeMap, BTreeSet};

use crate::{GroupId, Millis, PersonKey, Scope};

/// What is known about one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSnapshot {
    /// Scope by person's id, banned people included.
    pub scopes: BTreeMap<Box<str>, Scope>,
    /// True if `scopes` holds everybody, so that an absent person is known to be out.
    pub is_complete: bool,
    /// The owner's id.
    pub owner: Option<Box<str>>,
    /// Members as the vendor counts them.
    pub n_members: Option<u64>,
    /// When it was read.
    pub read_at: Millis,
}

/// What was last read through a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Groups by id.
    pub groups: BTreeMap<GroupId, GroupSnapshot>,
    /// People known to be in the whole community, by folded key, for vendors with one community a key.
    pub people: BTreeSet<PersonKey>,
    /// Ids of people by phone number (digits), as earlier answers told them together. More than one: it is not
    /// known whose the number is.
    pub ids_by_phone: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    /// Id of the person that calls act for.
    pub acting_as: Option<Box<str>>,
}

impl Snapshot {
    /// The one id that belongs to a phone number (digits), as far as it is known.
    pub fn id_of_phone(&self, phone: &str) -> Option<&str> {
        let ids = self.ids_by_phone.get(phone)?;
        if ids.len() == 1 { ids.first().map(AsRef::as_ref) } else { None }
    }

    /// The scope of a person in a group, as far as it is known.
    pub fn scope(&self, group: &GroupId, id: &str) -> Option<Scope> {
        self.groups.get(group)?.scopes.get(id).copied()
    }
}
