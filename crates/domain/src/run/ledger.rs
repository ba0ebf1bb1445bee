//! People as the outcomes of runs leave them, and those of imported lists, for vendors that cannot list them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::plan::Change;
use crate::{Flow, GroupId, Member, Millis, Operation, Outcome, PersonKey, Receipt, Scope, Snapshot};

/// A list of people that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedList {
    /// The name of the file.
    pub name: Box<str>,
    /// When it was sent.
    pub at: Millis,
}

/// A person, and how they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The group or community.
    pub group: GroupId,
    /// The person.
    pub member: Member,
    /// The list that has them, if no response has confirmed them.
    pub list: Option<Arc<ImportedList>>,
}

/// A person of an imported list: the name, and the list.
type ListedPerson = (Option<Box<str>>, Arc<ImportedList>);

/// People by group and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    people: BTreeMap<(GroupId, PersonKey), Member>,
    /// The names of people of imported lists whom no response has confirmed.
    listed: BTreeMap<(GroupId, PersonKey), ListedPerson>,
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

    /// Takes in the people whom an imported list adds, as far as no response has confirmed them.
    pub fn note_list<'a>(&mut self, list: ImportedList, changes: impl Iterator<Item = &'a Change>) {
        let list = Arc::new(list);
        for change in changes {
            let is_addition = match &*change.operation {
                Operation::AddToGroup { scope, .. } => scope.is_member(),
                operation => {
                    matches!(operation, Operation::AddToCommunity { .. } | Operation::MakeModerator { .. })
                }
            };
            let Some(group) = change.operation.group().filter(|_| is_addition) else { continue };
            let slot = (group.clone(), change.person.key.folded());
            if !self.people.contains_key(&slot) {
                self.listed.insert(slot, (change.person.name.clone(), Arc::clone(&list)));
            }
        }
    }

    /// Everyone, those of imported lists last.
    pub fn known(&self) -> impl Iterator<Item = KnownPerson> {
        let told = self.people.iter().map(|((group, _), member)| KnownPerson {
            group: group.clone(),
            member: member.clone(),
            list: None,
        });
        let listed = self.listed.iter().map(|((group, key), (name, list))| KnownPerson {
            group: group.clone(),
            member: Member { name: name.clone(), ..member_of(key, None) },
            list: Some(Arc::clone(list)),
        });
        told.chain(listed)
    }

    /// The people whom responses have confirmed, group by group.
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
                self.listed.remove(&slot);
                return;
            }
            Operation::DeleteGroup { .. } => {
                self.people.retain(|(other, _), _| other != group);
                self.listed.retain(|(other, _), _| other != group);
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
        self.listed.remove(&slot);
        let key = slot.1.clone();
        let member = self.people.entry(slot).or_insert_with(|| member_of(&key, Some(at)));
        if let Some(told) = find_named(&key, named) {
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
fn find_named<'a>(key: &PersonKey, named: &'a [Member]) -> Option<&'a Member> {
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
fn member_of(key: &PersonKey, joined_at: Option<Millis>) -> Member {
    let mut member = Member { joined_at, ..Member::default() };
    match key {
        PersonKey::Id(id) => member.id = id.clone(),
        PersonKey::Phone(phone) => member.phone = Some(phone.clone()),
        PersonKey::Email(email) => member.email = Some(email.clone()),
        PersonKey::Group(_) => {}
    }
    member
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api_error::ErrorOrigin;
    use crate::plan::{Action, State};
    use crate::receipt::ReceiptRow;
    use crate::{ApiError, ChangeId, ErrorClass, Person};

    fn fans() -> GroupId {
        GroupId::new("fans")
    }

    /// An operation and its outcome.
    type Done = (Operation, Outcome);

    /// The ledger after these operations on Ada.
    fn after(steps: &[Done]) -> Ledger {
        let mut ledger = Ledger::default();
        for (operation, outcome) in steps {
            note(&mut ledger, Person::by_id("ada"), operation.clone(), outcome.clone(), &[]);
        }
        ledger
    }

    fn change(person: Person, operation: Operation) -> Change {
        let (operation, before) = (Arc::new(operation), State::Unread);
        Change { id: ChangeId(0), person, operation, before, action: Action::Create, restoring: None }
    }

    fn note(ledger: &mut Ledger, person: Person, operation: Operation, outcome: Outcome, named: &[Member]) {
        let change = change(person, operation);
        let rows = vec![ReceiptRow { change, outcome: Some(outcome), batch: None }];
        ledger.note(&Receipt { rows }, named, 7);
    }

    #[test]
    fn a_person_has_the_scope_that_the_last_successful_change_left() {
        use Outcome::{Accepted, Applied, Found};
        let group = fans;
        let join = |flow| Operation::AddToCommunity { community: fans(), flow, is_onboarding: false };
        let add = |scope| Operation::AddToGroup { group: group(), scope };
        let moderator = || Operation::MakeModerator { community: fans() };
        let refused = || Outcome::Rejected(ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, "x"));
        let table: [(&[Done], Option<Scope>); 13] = [
            (&[(join(Flow::Direct), Accepted)], Some(Scope::Participant)),
            (&[(join(Flow::ApproveRequest), Applied)], Some(Scope::Participant)),
            (&[(join(Flow::Invite), Applied)], None),
            (&[(join(Flow::SingleTap), Applied)], None),
            (&[(add(Scope::Admin), Found)], Some(Scope::Admin)),
            (&[(add(Scope::Admin), refused())], None),
            (&[(moderator(), Applied), (join(Flow::Direct), Applied)], Some(Scope::Moderator)),
            (&[(join(Flow::Direct), Applied), (moderator(), Applied)], Some(Scope::Moderator)),
            (&[(add(Scope::Admin), Applied), (Operation::Kick { group: group() }, Applied)], None),
            (&[(Operation::Ban { group: group() }, Applied)], Some(Scope::Banned)),
            (
                &[
                    (Operation::Ban { group: group() }, Applied),
                    (Operation::Unban { group: group() }, Applied),
                ],
                None,
            ),
            (
                &[(add(Scope::Admin), Applied), (Operation::Unsubscribe { group: group() }, Applied)],
                Some(Scope::Admin),
            ),
            (&[(add(Scope::Admin), Applied), (Operation::DeleteGroup { group: group() }, Applied)], None),
        ];
        for (steps, expected) in table {
            let snapshot = after(steps).snapshot();
            assert_eq!(snapshot.scope(&fans(), "ada"), expected, "{steps:?}");
            assert!(snapshot.groups.values().all(|group| !group.is_complete), "others may have joined");
        }
    }

    #[test]
    fn people_of_a_list_are_known_from_it_until_a_response_confirms_them() {
        let mut ledger = Ledger::default();
        let join =
            || Operation::AddToCommunity { community: fans(), flow: Flow::Direct, is_onboarding: false };
        note(&mut ledger, Person::by_id("ada"), join(), Outcome::Applied, &[]);
        let phone = Person { key: PersonKey::Phone("4915".into()), name: Some("Bo".into()) };
        let list = |name: &str| ImportedList { name: name.into(), at: 9 };
        let changes = [
            change(Person::by_id("ada"), join()),
            change(phone.clone(), join()),
            change(Person::by_id("cy"), Operation::Kick { group: fans() }),
            change(Person::by_id("di"), Operation::AddToGroup { group: fans(), scope: Scope::Banned }),
        ];
        ledger.note_list(list("old.csv"), changes.iter());
        ledger.note_list(list("new.csv"), changes.iter());
        let known = |ledger: &Ledger| -> Vec<(String, Option<String>)> {
            let of = |one: KnownPerson| {
                (one.member.label().to_owned(), one.list.map(|list| list.name.to_string()))
            };
            ledger.known().map(of).collect()
        };
        let ada = || ("ada".to_owned(), None);
        assert_eq!(known(&ledger), [ada(), ("Bo".to_owned(), Some("new.csv".to_owned()))]);
        assert_eq!(ledger.people().count(), 1, "a list confirms nobody");
        assert_eq!(ledger.snapshot().scope(&fans(), "4915"), None);

        note(&mut ledger, phone.clone(), join(), Outcome::Accepted, &[]);
        assert_eq!(known(&ledger), [ada(), ("Bo".to_owned(), None)]);
        note(&mut ledger, phone, Operation::Kick { group: fans() }, Outcome::Applied, &[]);
        ledger.note_list(list("new.csv"), changes[1..2].iter());
        let delete = Operation::DeleteGroup { group: fans() };
        note(&mut ledger, Person::by_id("fans"), delete, Outcome::Applied, &[]);
        assert_eq!(known(&ledger), []);
    }

    #[test]
    fn a_response_that_names_a_person_tells_the_rest_of_them() {
        let mut ledger = Ledger::default();
        let phone = Person { key: PersonKey::Phone("4915".into()), name: Some("Typed".into()) };
        let add = Operation::AddToGroup { group: fans(), scope: Scope::Participant };
        let named = Member { id: "a1".into(), phone: Some("4915".into()), ..Member::default() };
        note(&mut ledger, phone.clone(), add.clone(), Outcome::Applied, std::slice::from_ref(&named));
        let known: Vec<Member> = ledger.people().map(|(_, member)| member.clone()).collect();
        let name = Some("Typed".into());
        let expected = Member { name, scope: Some(Scope::Participant), joined_at: Some(7), ..named.clone() };
        assert_eq!(known, [expected]);
        assert_eq!(ledger.snapshot().id_of_phone("4915"), Some("a1"));

        // A second id for the number: whose it is can no longer be told.
        let other = Member { id: "b2".into(), ..named };
        note(&mut ledger, phone, add, Outcome::NoOp(None), &[other]);
        assert_eq!(ledger.snapshot().id_of_phone("4915"), None);
    }
}
