//! Changes as entries record them, so that they can be undone without their run.

use std::sync::Arc;

use domain::outcome::Verdict;
use domain::plan::{Action, Change, State};
use domain::receipt::ReceiptRow;
use domain::{ChangeId, GroupId, Operation, Outcome, Person, PersonKey, Scope};

use super::{ChainChange, PersonalData};

impl ChainChange {
    /// The change, if the entry says all of it: additions to a group, scopes, removals and bans. `None` for others, such
    /// as edits of a group, whose fields no entry has, for what was not done, and for keys with characters that entries
    /// write in another way.
    ///
    /// An entry does not tell a change that a response confirmed from one that was found to have taken effect, so it
    /// counts as [found](Outcome::Found).
    pub fn recorded(&self, person: &PersonalData) -> Option<ReceiptRow> {
        let group = GroupId::new(exact(self.group.as_ref()?.as_str())?);
        exact(person.key.as_str())?;
        let is_group = matches!(person.key, PersonKey::Group(_));
        if self.outcome != Verdict::Done || is_group {
            return None;
        }
        let operation = match (&*self.operation, self.after) {
            ("add_to_group", State::Scope(scope)) => Operation::AddToGroup { group, scope },
            ("set_scope", State::Scope(scope)) if scope.is_member() => Operation::SetScope { group, scope },
            ("kick", State::Absent) => Operation::Kick { group },
            ("ban", State::Scope(Scope::Banned)) => Operation::Ban { group },
            ("unban", State::Absent) => Operation::Unban { group },
            _ => return None,
        };
        let action = match operation {
            Operation::AddToGroup { .. } => Action::Create,
            Operation::Kick { .. } | Operation::Unban { .. } => Action::Delete,
            _ => Action::Update,
        };
        let change = Change {
            id: ChangeId(0),
            person: Person { key: person.key.clone(), name: person.name.clone() },
            operation: Arc::new(operation),
            before: self.before,
            action,
            restoring: None,
        };
        Some(ReceiptRow { change, outcome: Some(Outcome::Found), batch: None })
    }
}

/// The text, unless it may have had characters that entries write as escapes.
fn exact(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.contains("\\u"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::ChainPlace;
    use domain::{PlanId, Vendor};

    fn entry(operation: &Operation, before: State) -> ChainChange {
        let change = change(operation, before);
        ChainChange {
            place: ChainPlace { vendor: Vendor::CometChat, id: "c1".into(), name: "Fans".into() },
            run: PlanId::new("p1"),
            operation: operation.name().into(),
            group: operation.group().cloned(),
            before,
            after: change.after(),
            outcome: Verdict::Done,
            code: None,
            why: "".into(),
            request: None,
            decisions: Vec::new(),
        }
    }

    fn change(operation: &Operation, before: State) -> Change {
        let person = Person { key: PersonKey::Id("ada".into()), name: Some("Ada".into()) };
        let operation = Arc::new(operation.clone());
        Change { id: ChangeId(0), person, operation, before, action: Action::Update, restoring: None }
    }

    fn ada(key: &str) -> PersonalData {
        PersonalData::new([7; 16], PersonKey::Id(key.into()), Some("Ada".into()), None)
    }

    #[test]
    fn what_an_entry_says_whole_is_the_change_that_was_made() {
        let group = || GroupId::new("fans");
        let operations = [
            Operation::AddToGroup { group: group(), scope: Scope::Moderator },
            Operation::AddToGroup { group: group(), scope: Scope::Banned },
            Operation::SetScope { group: group(), scope: Scope::Admin },
            Operation::Kick { group: group() },
            Operation::Ban { group: group() },
            Operation::Unban { group: group() },
        ];
        for operation in operations {
            for before in [State::Unread, State::Absent, State::Scope(Scope::Participant)] {
                let row = entry(&operation, before).recorded(&ada("ada"));
                let row = row.unwrap_or_else(|| panic!("{operation:?} is recorded whole"));
                let made = change(&operation, before);
                assert_eq!((&row.change.person, &row.change.operation), (&made.person, &made.operation));
                assert_eq!((row.change.before, row.change.after()), (before, made.after()));
                assert_eq!(row.outcome, Some(Outcome::Found), "it may have been so before");
            }
        }
    }

    #[test]
    fn what_an_entry_does_not_say_whole_is_no_change() {
        let scope = Operation::SetScope { group: GroupId::new("fans"), scope: Scope::Admin };
        let of = |change: &dyn Fn(&mut ChainChange)| {
            let mut entry = entry(&scope, State::Absent);
            change(&mut entry);
            entry
        };
        assert!(of(&|_| {}).recorded(&ada("ada")).is_some());
        let lacking = [
            of(&|entry| entry.outcome = Verdict::Refused),
            of(&|entry| entry.operation = "edit_group".into()),
            of(&|entry| entry.operation = "register".into()),
            of(&|entry| entry.after = State::Present),
            of(&|entry| entry.group = None),
            of(&|entry| entry.group = Some(GroupId::new("fa\\u200bns"))),
        ];
        for entry in lacking {
            assert_eq!(entry.recorded(&ada("ada")), None, "{entry:?}");
        }
        assert_eq!(of(&|_| {}).recorded(&ada("a\\u200bda")), None);
        let group = PersonalData::new([7; 16], PersonKey::Group("fans".into()), None, None);
        assert_eq!(of(&|_| {}).recorded(&group), None);
    }
}
