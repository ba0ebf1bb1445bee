//! The people this session has dealt with, for vendors that cannot list them.

use std::collections::{BTreeMap, BTreeSet};

use domain::plan::Change;
use domain::{
    ConnectionId, Flow, GroupId, Member, Millis, Operation, Outcome, PersonKey, Receipt, Scope, Snapshot,
};
use leptos::prelude::*;

use super::Session;

/// People by group and key, as the outcomes of this session leave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    people: BTreeMap<(GroupId, PersonKey), Member>,
    /// Ids by phone number, from responses that contain both.
    ids_by_phone: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

impl Ledger {
    /// Takes in the result of a run. Only applied changes and those already in place count.
    pub fn note(&mut self, receipt: &Receipt, named: &[Member], at: Millis) {
        for member in named.iter().filter(|member| !member.id.is_empty()) {
            if let Some(phone) = &member.phone {
                self.ids_by_phone.entry(phone.clone()).or_default().insert(member.id.clone());
            }
        }
        for row in &receipt.rows {
            if matches!(
                row.outcome,
                Some(Outcome::Applied | Outcome::Accepted | Outcome::Found | Outcome::NoOp(_))
            ) {
                self.note_change(&row.change, named, at);
            }
        }
    }

    /// All people, group by group.
    pub fn people(&self) -> impl Iterator<Item = (&GroupId, &Member)> {
        self.people.iter().map(|((group, _), member)| (group, member))
    }

    /// The ledger as a snapshot to plan from. Never complete: people may have joined by other means.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot { ids_by_phone: self.ids_by_phone.clone(), ..Snapshot::default() };
        for ((group, key), member) in &self.people {
            let known = snapshot.groups.entry(group.clone()).or_default();
            if let Some(scope) = member.scope {
                known.scopes.insert(key.as_str().into(), scope);
            }
        }
        snapshot
    }

    fn note_change(&mut self, change: &Change, named: &[Member], at: Millis) {
        let Some(group) = change.operation.group() else { return };
        let slot = (group.clone(), change.person.key.folded());
        let scope = match &*change.operation {
            Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => *scope,
            Operation::AddToCommunity { flow: Flow::Direct | Flow::ApproveRequest, .. } => Scope::Participant,
            Operation::MakeModerator { .. } => Scope::Moderator,
            Operation::Ban { .. } => Scope::Banned,
            Operation::Kick { .. } | Operation::Unban { .. } => {
                self.people.remove(&slot);
                return;
            }
            Operation::DeleteGroup { .. } => {
                self.people.retain(|(other, _), _| other != group);
                return;
            }
            // Invited people are not members yet, and a subscription is no membership.
            Operation::AddToCommunity { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateGroup(_)
            | Operation::EditGroup { .. }
            | Operation::CreateCommunity(_) => return,
        };
        let key = slot.1.clone();
        let member = self.people.entry(slot).or_insert_with(|| member_of(&key, at));
        if let Some(told) = told_of(&key, named) {
            member.fill_from(told);
        }
        // Adding a moderator as a member does not demote them.
        let is_step_down = matches!(&*change.operation, Operation::AddToCommunity { .. });
        if !(is_step_down && member.scope.is_some()) {
            member.scope = Some(scope);
        }
        if member.name.is_none() {
            member.name = change.person.name.clone();
        }
    }
}

/// What a response says about a person.
fn told_of<'a>(key: &PersonKey, named: &'a [Member]) -> Option<&'a Member> {
    let is_same = |member: &&Member| match key {
        PersonKey::Id(id) => member.id.eq_ignore_ascii_case(id),
        PersonKey::Phone(phone) => member.phone.as_ref() == Some(phone),
        PersonKey::Email(email) => member.email.as_ref().is_some_and(|other| other.to_lowercase() == **email),
        PersonKey::Group(_) => false,
    };
    // The last response is the most recent.
    named.iter().rfind(is_same)
}

/// The person as identified to the vendor.
fn member_of(key: &PersonKey, at: Millis) -> Member {
    let mut member = Member { joined_at: Some(at), ..Member::default() };
    match key {
        PersonKey::Id(id) => member.id = id.clone(),
        PersonKey::Phone(phone) => member.phone = Some(phone.clone()),
        PersonKey::Email(email) => member.email = Some(email.clone()),
        PersonKey::Group(_) => {}
    }
    member
}

impl Session {
    /// People known from this session, group by group; tracked.
    pub fn ledger(self, id: &ConnectionId) -> Vec<(GroupId, Member)> {
        self.ledgers.with(|ledgers| {
            let people = ledgers.get(id).into_iter().flat_map(Ledger::people);
            people.map(|(group, member)| (group.clone(), member.clone())).collect()
        })
    }

    /// The id of a phone number (digits), if this session's responses give exactly one; untracked.
    pub fn id_of_phone(self, id: &ConnectionId, phone: &str) -> Option<String> {
        self.ledger_snapshot(id).id_of_phone(phone).map(str::to_owned)
    }

    /// What is known from this session, as a snapshot to plan from; untracked.
    pub fn ledger_snapshot(self, id: &ConnectionId) -> Snapshot {
        self.ledgers.with_untracked(|ledgers| ledgers.get(id).map(Ledger::snapshot).unwrap_or_default())
    }

    pub(crate) fn note_receipt(self, id: &ConnectionId, receipt: &Receipt, named: &[Member], at: Millis) {
        self.ledgers.update(|ledgers| ledgers.entry(id.clone()).or_default().note(receipt, named, at));
    }
}
