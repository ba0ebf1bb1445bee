//! The last known state, from which a plan starts.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Actor, Group, GroupId, Millis, PersonKey, Scope};

/// What is known about one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSnapshot {
    /// Its name.
    pub name: Option<Box<str>>,
    /// Scopes by person's id, including banned people.
    pub scopes: BTreeMap<Box<str>, Scope>,
    /// True if `scopes` is complete, so that a missing person is known not to be a member.
    pub is_complete: bool,
    /// The owner's id.
    pub owner: Option<Box<str>>,
    /// The number of members according to the vendor.
    pub n_members: Option<u64>,
    /// The group itself, if its fields were read.
    pub group: Option<Group>,
    /// When it was read.
    pub read_at: Millis,
}

/// The data last read through a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Groups by id.
    pub groups: BTreeMap<GroupId, GroupSnapshot>,
    /// People known to be in the whole community, by folded key, for vendors with one community per key.
    pub people: BTreeSet<PersonKey>,
    /// Ids of people by phone number (digits), as seen together in earlier responses. With more than one id,
    /// the owner of the number is unknown.
    pub ids_by_phone: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    /// Groups that are known to exist, of those that a plan may create.
    pub existing_groups: BTreeSet<GroupId>,
    /// Groups that are known not to exist, of those whose changes are to be undone.
    pub missing_groups: BTreeSet<GroupId>,
    /// Id of the person that calls act as.
    pub acting_as: Option<Box<str>>,
}

impl Snapshot {
    /// The state before a group is created: it has no members.
    pub fn before_creation(group: GroupId) -> Self {
        Self::before_creations([group])
    }

    /// The state before these groups are created.
    pub fn before_creations(groups: impl IntoIterator<Item = GroupId>) -> Self {
        let nobody = GroupSnapshot { is_complete: true, ..GroupSnapshot::default() };
        let groups = groups.into_iter().map(|group| (group, nobody.clone())).collect();
        Self { groups, ..Self::default() }
    }

    /// The only id known for a phone number (digits).
    pub fn id_of_phone(&self, phone: &str) -> Option<&str> {
        let ids = self.ids_by_phone.get(phone)?;
        if ids.len() == 1 { ids.first().map(AsRef::as_ref) } else { None }
    }

    /// What is known of the person that calls act as, in a group; `None` if that is not enough.
    pub fn actor(&self, group: &GroupId) -> Option<Actor> {
        let (id, known) = (self.acting_as.as_deref()?, self.groups.get(group)?);
        let scope = known.scopes.get(id).copied();
        let is_owner = known.owner.as_deref() == Some(id);
        (scope.is_some() || is_owner || known.is_complete).then_some(Actor { scope, is_owner })
    }

    /// The scope of a person in a group, if known.
    pub fn scope(&self, group: &GroupId, id: &str) -> Option<Scope> {
        self.groups.get(group)?.scopes.get(id).copied()
    }
}
