//! The people this session has dealt with, for vendors that cannot list them.

use domain::ledger::{ImportedList, KnownPerson, Ledger};
use domain::{ConnectionId, GroupId, Member, Millis, Plan, Receipt, Snapshot};
use leptos::prelude::*;

use super::Session;

impl Session {
    /// Everyone known from responses and imported lists of this session; tracked.
    pub fn known_people(self, id: &ConnectionId) -> Vec<KnownPerson> {
        self.ledgers.with(|ledgers| ledgers.get(id).into_iter().flat_map(Ledger::known).collect())
    }

    /// Takes in the people whom a plan made of an imported list adds, in memory only.
    pub fn note_imported(self, plan: &Plan, list: ImportedList) {
        self.ledgers.update(|ledgers| {
            ledgers.entry(plan.connection.clone()).or_default().note_list(list, plan.to_send());
        });
    }

    /// People whom responses of this session have confirmed, group by group; tracked.
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
