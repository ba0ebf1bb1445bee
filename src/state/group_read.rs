//! What was read of a group, as far as a plan needs it.

use std::collections::BTreeMap;

use browser::clock;
use domain::kept::KeptGroup;
use domain::snapshot::GroupSnapshot;
use domain::{Group, GroupId, GroupKind, Member, Millis, Page, Query, Scope, State};

/// A group and the scopes of its people, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRead {
    /// The group itself.
    pub group: Group,
    /// Whether the fields of the group were read on this visit.
    has_fields: bool,
    /// Scopes by person's id, including banned people.
    pub scopes: BTreeMap<Box<str>, Scope>,
    /// Whether all members and all bans were read.
    has_all: [bool; 2],
    /// Time of the last read; 0 if nothing was read.
    pub read_at: Millis,
}

impl GroupRead {
    /// A group with nothing read yet.
    pub fn new(id: GroupId) -> Self {
        let name = id.as_str().into();
        let group = Group::new(id, GroupKind::Group, name);
        Self { group, has_fields: false, scopes: BTreeMap::new(), has_all: [false; 2], read_at: 0 }
    }

    /// The lists that tell of its people: bans first, because a person in both lists is banned.
    pub fn lists(group: &GroupId) -> [Query; 2] {
        [
            Query::Banned { group: group.clone() },
            Query::GroupMembers { group: group.clone(), scopes: Vec::new() },
        ]
    }

    /// Takes in what is told of the group itself.
    pub fn take_group(&mut self, page: Page) {
        if let Some(group) = page.into_groups().into_iter().next() {
            self.group = group;
            self.has_fields = true;
        }
    }

    /// Takes in people of one of the [`lists`](Self::lists).
    pub fn take(&mut self, query: &Query, people: &[Member]) {
        let is_banned = matches!(query, Query::Banned { .. });
        for person in people {
            let scope = if is_banned { Some(Scope::Banned) } else { person.scope };
            let Some(scope) = scope else { continue };
            let known = self.scopes.entry(person.id.clone()).or_insert(scope);
            if *known != Scope::Banned {
                *known = scope;
            }
        }
        self.read_at = clock::now();
    }

    /// Notes whether everyone in one of the [`lists`](Self::lists) was read.
    pub fn note_end(&mut self, query: &Query, has_all: bool) {
        self.has_all[usize::from(matches!(query, Query::Banned { .. }))] = has_all;
    }

    /// What is kept of it beside its people.
    pub(super) fn kept(&self) -> KeptGroup {
        KeptGroup { group: self.group.clone(), has_all: self.has_all, read_at: self.read_at }
    }

    /// What was kept of it, with the scopes of its people.
    pub(super) fn of_kept(kept: &KeptGroup, scopes: Vec<(Box<str>, Scope)>) -> Self {
        let KeptGroup { group, has_all, read_at } = kept.clone();
        Self { group, has_fields: false, scopes: scopes.into_iter().collect(), has_all, read_at }
    }

    /// What was read, as the state that a plan starts from.
    pub fn snapshot(&self) -> GroupSnapshot {
        let [_, has_all_banned] = self.has_all;
        // A listed member may be banned as well, so a scope is uncertain until all bans are read.
        let is_certain = |scope: &Scope| has_all_banned || *scope == Scope::Banned;
        let known = self.scopes.iter().filter(|(_, scope)| is_certain(scope));
        GroupSnapshot {
            name: Some(self.group.name.clone()),
            scopes: known.map(|(id, scope)| (id.clone(), *scope)).collect(),
            is_complete: self.has_everyone(),
            owner: self.group.owner.clone(),
            n_members: self.group.n_members,
            group: self.has_fields.then(|| self.group.clone()),
            read_at: self.read_at,
        }
    }

    /// A person's scope, or whether they are known not to be in the group.
    pub fn state(&self, id: &str) -> State {
        match self.scopes.get(id) {
            Some(scope) => State::Scope(*scope),
            None if self.has_everyone() => State::Absent,
            None => State::Unread,
        }
    }

    /// Whether everyone was read, so that a person who is not listed is not in the group.
    pub fn has_everyone(&self) -> bool {
        self.has_all == [true; 2]
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn person(id: &str, scope: Scope) -> Member {
        Member { id: id.into(), scope: Some(scope), ..Member::default() }
    }

    fn read(banned: &[&str], has_all_banned: bool, members: &[&str], has_all: bool) -> GroupRead {
        let id = GroupId::new("g");
        let [bans, list] = GroupRead::lists(&id);
        let mut read = GroupRead::new(id);
        let people = |ids: &[&str], scope| ids.iter().map(|id| person(id, scope)).collect::<Vec<_>>();
        read.take(&bans, &people(banned, Scope::Participant));
        read.note_end(&bans, has_all_banned);
        read.take(&list, &people(members, Scope::Admin));
        read.note_end(&list, has_all);
        read
    }

    #[wasm_bindgen_test]
    fn a_ban_counts_more_than_a_membership() {
        let read = read(&["bo"], true, &["bo", "ada"], true);
        assert_eq!(
            (read.state("bo"), read.state("ada")),
            (State::Scope(Scope::Banned), State::Scope(Scope::Admin))
        );
        let n_banned = read.scopes.values().filter(|scope| **scope == Scope::Banned).count();
        assert_eq!((n_banned, read.snapshot().scopes.len()), (1, 2));
        assert!(read.snapshot().is_complete);
    }

    #[wasm_bindgen_test]
    fn an_absent_person_is_out_only_if_everyone_was_read() {
        for (has_all_banned, has_all) in [(true, true), (true, false), (false, true)] {
            let read = read(&[], has_all_banned, &["ada"], has_all);
            let is_known = has_all_banned && has_all;
            assert_eq!(read.state("bo") == State::Absent, is_known);
            assert_eq!(read.snapshot().is_complete, is_known);
        }
    }

    #[wasm_bindgen_test]
    fn who_may_be_banned_is_not_known_to_be_a_member() {
        let snapshot = read(&["bo"], false, &["ada"], true).snapshot();
        assert_eq!(snapshot.scopes.into_iter().collect::<Vec<_>>(), [("bo".into(), Scope::Banned)]);
    }
}
