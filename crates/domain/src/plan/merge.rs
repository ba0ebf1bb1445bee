//! One operation for each person and group, out of a command that may hold several.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::mem::Discriminant;

use crate::lookup::Lookup;
use crate::{
    Capabilities, Command, GroupId, Operation, Person, PersonKey, Place, Problem, ProblemCode, Severity,
    Snapshot,
};

/// Replaces phone numbers by ids for operations that need an id. People whose id is not known from an earlier
/// response are left out with a problem, because the user could not check whom the change affects.
pub(super) fn named_by_id<'a>(
    command: &'a Command,
    snapshot: &Snapshot,
    capabilities: &Capabilities,
    problems: &mut Vec<Problem>,
) -> Cow<'a, Command> {
    let needs_id: Vec<bool> =
        command.operations.iter().map(|operation| capabilities.identity.needs_id(operation)).collect();
    let lacks_id = |(person, operation): &(Person, u32)| {
        matches!(person.key, PersonKey::Phone(_)) && needs_id[*operation as usize]
    };
    if !command.items.iter().any(lacks_id) {
        return Cow::Borrowed(command);
    }
    let mut missing = BTreeSet::new();
    let mut items = Vec::with_capacity(command.items.len());
    for (person, operation) in &command.items {
        let id = match &person.key {
            PersonKey::Phone(phone) if needs_id[*operation as usize] => snapshot.id_of_phone(phone),
            _ => {
                items.push((person.clone(), *operation));
                continue;
            }
        };
        let phone = person.key.as_str();
        match id {
            // Keep the number as the label: it is what the user typed.
            Some(id) => items.push((Person::by_id(id).with_name(person.label()), *operation)),
            None if missing.insert(phone) => problems.push(
                Problem::new(ProblemCode::IdUnknown, Severity::Refused, Place::Person(phone.into()))
                    .about(person.label()),
            ),
            None => {}
        }
    }
    Cow::Owned(Command { operations: command.operations.clone(), items, is_undo: command.is_undo })
}

/// One person: the kind of key, and the key [as folded](PersonKey::folded).
pub(super) type Key<'a> = (Discriminant<PersonKey>, Cow<'a, str>);

pub(super) fn key(person: &Person) -> Key<'_> {
    let text = match &person.key {
        PersonKey::Email(text) if text.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) => {
            Cow::Owned(text.to_lowercase())
        }
        other => Cow::Borrowed(other.as_str()),
    };
    (std::mem::discriminant(&person.key), text)
}

/// One person in one group.
type Slot<'a> = (Key<'a>, Option<&'a GroupId>);

fn slot<'a>(person: &'a Person, operation: &'a Operation) -> Slot<'a> {
    (key(person), operation.group())
}

/// Drops duplicates and settles or reports contradictions. Borrows the people, because lists can have a
/// million entries.
pub(super) fn merge<'a>(command: &'a Command, problems: &mut Vec<Problem>) -> Vec<(&'a Person, u32)> {
    let mut kept: Vec<(&Person, u32)> = Vec::with_capacity(command.items.len());
    let mut places: Lookup<Slot<'a>, u32> = Lookup::with_capacity(command.items.len());
    for (person, operation_idx) in &command.items {
        let operation = &command.operations[*operation_idx as usize];
        let place = *places.entry(slot(person, operation)).or_insert(kept.len() as u32) as usize;
        if place == kept.len() {
            kept.push((person, *operation_idx));
            continue;
        }
        let first = &command.operations[kept[place].1 as usize];
        let at = Place::Person(person.key.as_str().into());
        match (&**first, &**operation) {
            (a, b) if a == b => {
                problems.push(Problem::new(ProblemCode::Duplicate, Severity::Info, at).about(person.label()));
            }
            (Operation::AddToGroup { scope: a, .. }, Operation::AddToGroup { scope: b, .. })
                if a.is_member() && b.is_member() =>
            {
                problems
                    .push(Problem::new(ProblemCode::TwoScopes, Severity::Blocking, at).about(person.label()));
                // Shown while the scope is not chosen: the higher one, as the vendor would give.
                if b < a {
                    kept[place].1 = *operation_idx;
                }
            }
            (Operation::AddToGroup { .. }, Operation::AddToGroup { .. } | Operation::Ban { .. })
            | (Operation::Ban { .. } | Operation::SetScope { .. }, Operation::AddToGroup { .. })
            | (Operation::SetScope { .. }, Operation::Ban { .. })
            | (Operation::Ban { .. }, Operation::SetScope { .. }) => {
                problems.push(
                    Problem::new(ProblemCode::ScopeAndBan, Severity::Blocking, at).about(person.label()),
                );
            }
            _ => {
                problems.push(
                    Problem::new(ProblemCode::Contradiction, Severity::Blocking, at).about(person.label()),
                );
            }
        }
    }
    kept
}
