//! What reading back can tell about a change.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use crate::capabilities::{Directory, SearchMatch};
use crate::group::Access;
use crate::group_field::Shown;
use crate::{
    Capabilities, Change, ChangeId, ConsoleCode, Flow, Group, GroupEdit, GroupId, Member, NewGroup,
    Operation, PersonKey, Query, Repeat, Scope, State, plain,
};

/// Up to this many people are searched one by one; for more, the whole directory is read.
const MAX_SEARCHES: usize = 5;

/// Where to read whether a change is in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// The members of its group.
    Members,
    /// The banned users of its group.
    Banned,
    /// Its group itself.
    Group,
    /// The people of the whole community.
    Directory,
}

impl Source {
    pub(super) fn of(operation: &Operation, capabilities: &Capabilities) -> Option<Self> {
        let groups = capabilities.groups;
        let if_listed = |source| groups.filter(|groups| groups.can_list_members).map(|_| source);
        match operation {
            Operation::AddToGroup { scope: Scope::Banned, .. }
            | Operation::Ban { .. }
            | Operation::Unban { .. } => if_listed(Self::Banned),
            Operation::AddToGroup { .. } | Operation::SetScope { .. } | Operation::Kick { .. } => {
                if_listed(Self::Members)
            }
            Operation::EditGroup { .. } | Operation::CreateGroup(_) | Operation::DeleteGroup { .. } => {
                groups.filter(|groups| groups.can_list).map(|_| Self::Group)
            }
            Operation::Register { .. } | Operation::Invite { .. } => match capabilities.directory {
                Directory::Remote { .. } => Some(Self::Directory),
                Directory::Ledger => None,
            },
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateCommunity(_) => None,
        }
    }

    /// All lists to read: if people can be banned, the member list alone does not tell who is a member,
    /// because a vendor may leave banned people in it.
    pub(super) fn all_of(operation: &Operation, capabilities: &Capabilities) -> impl Iterator<Item = Self> {
        let first = Self::of(operation, capabilities);
        let has_bans = capabilities.groups.is_some_and(|groups| groups.scopes.contains(&Scope::Banned));
        let banned = (first == Some(Self::Members) && has_bans).then_some(Self::Banned);
        first.into_iter().chain(banned)
    }

    pub(super) fn query(self, group: &GroupId) -> Query {
        let group = group.clone();
        match self {
            Self::Members => Query::GroupMembers { group, scopes: Vec::new() },
            Self::Banned => Query::Banned { group },
            Self::Group => Query::Group { group },
            Self::Directory => Query::People { search: "".into() },
        }
    }
}

/// The facts read so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    people: BTreeMap<PersonKey, Vec<ChangeId>>,
    members: BTreeMap<ChangeId, Option<Scope>>,
    banned: BTreeSet<ChangeId>,
    group: Option<Group>,
    n_wanted: usize,
    /// Whether people were listed without their email address or phone number.
    hides_emails: bool,
    hides_phones: bool,
    /// The length of each list, by query.
    members_read: Vec<(Query, Length)>,
    banned_read: Length,
}

/// The number of rows read, and the total according to the vendor.
#[derive(Clone, Copy, Debug, Default)]
struct Length {
    n_rows: u64,
    total: u64,
}

impl Length {
    fn add(&mut self, n_rows: usize, total: Option<u64>) {
        self.n_rows += n_rows as u64;
        self.total = self.total.max(total.unwrap_or_default());
    }

    /// True if the list is complete: only then does not being listed prove absence.
    fn is_whole(self) -> bool {
        self.n_rows >= self.total
    }
}

impl Facts {
    pub(super) fn wanted<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut facts = Self::default();
        for change in changes {
            facts.people.entry(change.person.key.folded()).or_default().push(change.id);
            facts.n_wanted += 1;
        }
        facts
    }

    /// Adds people from a response, and the vendor's total.
    pub(super) fn note_members(&mut self, query: &Query, members: &[Member], total: Option<u64>) {
        let is_ban = matches!(query, Query::Banned { .. });
        let length = if is_ban { &mut self.banned_read } else { self.length_of(query) };
        length.add(members.len(), total);
        for member in members {
            self.hides_emails |= member.email.is_none();
            self.hides_phones |= member.phone.is_none();
            let keys = [
                Some(PersonKey::Id(member.id.clone())),
                member.email.clone().map(PersonKey::Email),
                member.phone.clone().map(PersonKey::Phone),
            ];
            let found = keys.into_iter().flatten().filter_map(|key| self.people.get(&key.folded())).flatten();
            for change in found {
                if is_ban {
                    self.banned.insert(*change);
                } else {
                    self.members.insert(*change, member.scope);
                }
            }
        }
    }

    fn length_of(&mut self, query: &Query) -> &mut Length {
        let known = self.members_read.iter().position(|(other, _)| other == query);
        let idx = known.unwrap_or_else(|| {
            self.members_read.push((query.clone(), Length::default()));
            self.members_read.len() - 1
        });
        &mut self.members_read[idx].1
    }

    /// Adds groups from a response.
    pub(super) fn note_groups(&mut self, query: &Query, groups: Vec<Group>) {
        if let Query::Group { group } = query {
            self.group = groups.into_iter().find(|found| found.id == *group);
        }
    }

    /// True if further pages of a query can add nothing.
    pub(super) fn has_all(&self, query: &Query) -> bool {
        match query {
            Query::GroupMembers { .. } | Query::People { .. } => self.members.len() == self.n_wanted,
            Query::Banned { .. } => self.banned.len() == self.n_wanted,
            _ => false,
        }
    }

    /// True if the person is in the ban list of the group.
    pub(super) fn is_banned(&self, change: &Change) -> bool {
        self.banned.contains(&change.id)
    }

    /// Our code for a status that contradicts the scope the person should have; `None` if none was found.
    pub(super) fn stands_otherwise(&self, change: &Change) -> Option<ConsoleCode> {
        match &*change.operation {
            Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } if scope.is_member() => {
                let now = self.members.get(&change.id).copied().flatten();
                match now {
                    _ if self.is_banned(change) => Some(ConsoleCode::RowBanned),
                    Some(now) if now != *scope => Some(ConsoleCode::RowOtherScope),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// True if a change is in effect, false if not, once everything has been read; `None` if the facts prove
    /// neither.
    pub(super) fn is_in_effect(&self, change: &Change) -> Option<bool> {
        match &*change.operation {
            Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. } => {
                Some(self.banned.contains(&change.id))
            }
            Operation::Unban { .. } if self.is_banned(change) => Some(false),
            Operation::Unban { .. } => self.banned_read.is_whole().then_some(true),
            Operation::AddToGroup { .. } | Operation::SetScope { .. } if self.is_banned(change) => {
                Some(false)
            }
            Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => {
                match self.members.get(&change.id) {
                    Some(found) => found.map(|found| found == *scope),
                    None => self.is_out(change).map(|_| false),
                }
            }
            Operation::Kick { .. } if self.is_banned(change) => Some(true),
            Operation::Kick { .. } if self.members.contains_key(&change.id) => Some(false),
            Operation::Kick { .. } => self.is_out(change),
            Operation::EditGroup { edit, .. } => self.group.as_ref().and_then(|group| is_edited(group, edit)),
            Operation::CreateGroup(new) => {
                Some(self.group.as_ref().is_some_and(|group| is_created(group, new)))
            }
            Operation::DeleteGroup { .. } => Some(self.group.is_none()),
            Operation::Register { .. } | Operation::Invite { .. }
                if self.members.contains_key(&change.id) =>
            {
                Some(true)
            }
            Operation::Register { flow: Flow::Direct, .. } => self.is_out(change).map(|_| false),
            // A pending invite leaves no trace among the people.
            Operation::Register { .. } | Operation::Invite { .. } => None,
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateCommunity(_) => None,
        }
    }

    /// The state in which a change finds its person or group; `None` if the lists do not prove it.
    pub(super) fn state(&self, change: &Change) -> Option<State> {
        match &*change.operation {
            Operation::AddToGroup { .. }
            | Operation::SetScope { .. }
            | Operation::Kick { .. }
            | Operation::Ban { .. }
            | Operation::Unban { .. } => match self.members.get(&change.id) {
                _ if self.is_banned(change) => Some(State::Scope(Scope::Banned)),
                _ if !self.banned_read.is_whole() => None,
                Some(scope) => scope.map(State::Scope),
                None => self.is_out(change).map(|_| State::Absent),
            },
            Operation::CreateGroup(_) | Operation::EditGroup { .. } | Operation::DeleteGroup { .. } => {
                Some(if self.group.is_some() { State::Present } else { State::Absent })
            }
            Operation::Register { .. } | Operation::Invite { .. } => {
                let is_there = self.members.contains_key(&change.id);
                Some(if is_there { State::Present } else { State::Unread })
            }
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateCommunity(_) => None,
        }
    }

    /// Whether the fields that an edit changes are no longer those that were read before it.
    pub(super) fn is_edited_since(&self, change: &Change) -> bool {
        let (Some(before), Some(group)) = (&change.restoring, &self.group) else { return false };
        before.shown_by(group).any(|(_, shown)| shown == Shown::Otherwise)
    }

    /// `Some(true)` if the person was not listed and that proves that they are not a member.
    fn is_out(&self, change: &Change) -> Option<bool> {
        let is_whole = self.members_read.iter().all(|(_, length)| length.is_whole());
        self.proves_absence(change).filter(|_| is_whole).map(|is_in| !is_in)
    }

    /// `Some(false)` for a person who was not listed, if everyone listed shows this kind of key: a person
    /// without a visible address could be the one searched for.
    fn proves_absence(&self, change: &Change) -> Option<bool> {
        let could_be_hidden = match &change.person.key {
            PersonKey::Id(_) | PersonKey::Group(_) => false,
            PersonKey::Email(_) => self.hides_emails,
            PersonKey::Phone(_) => self.hides_phones,
        };
        (!could_be_hidden).then_some(false)
    }
}

/// True if the group is the one to be created: an older group may have the same id.
fn is_created(group: &Group, new: &NewGroup) -> bool {
    let is_kind = |access: &Access| std::mem::discriminant(access) == std::mem::discriminant(&new.access);
    *group.name == *plain::name(&new.name) && group.access.as_ref().is_none_or(is_kind)
}

/// Whether a group shows everything that an edit requests; `None` if that depends on fields the response
/// lacks (a password, whether it can be found).
fn is_edited(group: &Group, edit: &GroupEdit) -> Option<bool> {
    let shown = || edit.shown_by(group).map(|(_, shown)| shown);
    if shown().any(|shown| shown == Shown::Otherwise) {
        return Some(false);
    }
    shown().all(|shown| shown == Shown::AsRequested).then_some(true)
}

impl Run {
    /// True if a change may be sent again after its response was lost.
    pub(super) fn is_harmless(&self, change: ChangeId) -> bool {
        let operation = &self.plan.changes[change.as_idx()].operation;
        operation.repeat_at(&self.capabilities) == Repeat::Harmless
    }

    /// True if reading can tell whether a change is in effect.
    pub(super) fn is_readable(&self, change: ChangeId) -> bool {
        self.source(change).is_some()
    }

    fn source(&self, change: ChangeId) -> Option<Source> {
        Source::of(&self.plan.changes.get(change.as_idx())?.operation, &self.capabilities)
    }

    /// The queries to read back next, and for which changes: doubtful changes first, then unknown ones.
    pub(super) fn next_reading(&self) -> Option<(Vec<Query>, Vec<ChangeId>)> {
        if let Some(changes) = self.doubted.values().next() {
            return Some(self.reading_of(changes.iter().copied().collect()));
        }
        let first = *self.lookups.first()?;
        if self.source(first) == Some(Source::Directory) {
            let is_in = |change: &ChangeId| self.source(*change) == Some(Source::Directory);
            return Some(self.search(self.lookups.iter().copied().filter(is_in).collect()));
        }
        let lane = self.queue.lane_of(first);
        let is_in = |change: &ChangeId| {
            self.queue.lane_of(*change) == lane && self.source(*change) != Some(Source::Directory)
        };
        Some(self.reading_of(self.lookups.iter().copied().filter(is_in).collect()))
    }

    /// The queries that read back changes of one group.
    fn reading_of(&self, changes: Vec<ChangeId>) -> (Vec<Query>, Vec<ChangeId>) {
        let operations = changes.iter().filter_map(|change| self.plan.changes.get(change.as_idx()));
        let sources = operations.flat_map(|change| Source::all_of(&change.operation, &self.capabilities));
        let sources: BTreeSet<_> = sources.collect();
        let group = changes.first().and_then(|change| self.plan.changes[change.as_idx()].operation.group());
        let queries = group.map(|group| sources.into_iter().map(|source| source.query(group)).collect());
        (queries.unwrap_or_default(), changes)
    }

    /// The queries that find people in the directory.
    pub(super) fn search(&self, changes: Vec<ChangeId>) -> (Vec<Query>, Vec<ChangeId>) {
        let is_anywhere = self.capabilities.directory == Directory::Remote { search: SearchMatch::Anywhere };
        let keys = changes.iter().map(|change| &self.plan.changes[change.as_idx()].person.key);
        let is_findable = |key: &PersonKey| is_anywhere || matches!(key, PersonKey::Id(_));
        let queries = if changes.len() <= MAX_SEARCHES && keys.clone().all(is_findable) {
            keys.map(|key| Query::People { search: key.as_str().into() }).collect()
        } else {
            vec![Query::People { search: "".into() }]
        };
        (queries, changes)
    }
}
