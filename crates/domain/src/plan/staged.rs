//! Scopes of people in a group that are marked but not sent yet.

use std::collections::BTreeMap;

use crate::{Change, Command, GroupId, Operation, Person, Scope, State};
use serde::{Deserialize, Serialize};

/// A person's scope in a group; `None` if they are not in it.
pub type CurrentScope = Option<Scope>;

/// The staged scopes by person id; people without a staged scope keep their standing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Staged(BTreeMap<Box<str>, StagedScope>);

/// The staged scope of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedScope {
    /// The person's name.
    pub name: Option<Box<str>>,
    /// The scope when the staged scope was marked.
    pub before: Scope,
    /// The desired standing.
    pub after: CurrentScope,
}

/// The kind of change that a staged scope amounts to, for counting and wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StagedKind {
    /// To a higher scope.
    Promoted,
    /// To a lower scope.
    SteppedDown,
    /// Out of the group, free to come back.
    Removed,
    /// Out of the group, not allowed back.
    Banned,
    /// Allowed back.
    Unbanned,
}

impl StagedScope {
    /// The kind of change it amounts to.
    pub fn kind(&self) -> StagedKind {
        match (self.before, self.after) {
            (Scope::Banned, _) => StagedKind::Unbanned,
            (_, Some(Scope::Banned)) => StagedKind::Banned,
            (_, None) => StagedKind::Removed,
            // Scopes are ordered from most to least.
            (before, Some(after)) if after < before => StagedKind::Promoted,
            (_, Some(_)) => StagedKind::SteppedDown,
        }
    }

    fn operation(&self, group: &GroupId) -> Operation {
        let group = group.clone();
        match (self.kind(), self.after) {
            (StagedKind::Promoted | StagedKind::SteppedDown, Some(scope)) => {
                Operation::SetScope { group, scope }
            }
            (StagedKind::Banned, _) => Operation::Ban { group },
            (StagedKind::Unbanned, _) => Operation::Unban { group },
            (StagedKind::Promoted | StagedKind::SteppedDown | StagedKind::Removed, _) => {
                Operation::Kick { group }
            }
        }
    }
}

/// Whether the matrix offers this change: a ban has to be lifted before a person can be added again.
pub fn is_offered(before: Scope, after: CurrentScope) -> bool {
    before != Scope::Banned || after.is_none_or(|scope| scope == Scope::Banned)
}

impl Staged {
    /// Marks a staged scope, or unmarks the person if the staged scope is the current state. Leaves out what is not
    /// [offered](is_offered).
    pub fn mark(&mut self, id: &str, name: Option<Box<str>>, before: Scope, after: CurrentScope) {
        if after == Some(before) {
            self.0.remove(id);
        } else if is_offered(before, after) {
            self.0.insert(id.into(), StagedScope { name, before, after });
        }
    }

    /// Removes a person's staged scope.
    pub fn take_back(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// Whether a change is what is staged for its person, rather than something staged after it was sent.
    pub fn has(&self, change: &Change) -> bool {
        let staged = self.intent(change.person.key.as_str());
        staged.is_some_and(|intent| intent.after.map_or(State::Absent, State::Scope) == change.after())
    }

    /// Removes what another tab has sent; a different staged scope for the same person stays.
    pub fn take_out(&mut self, sent: &Self) {
        self.0.retain(|id, intent| sent.intent(id).is_none_or(|sent| sent.after != intent.after));
    }

    /// Removes all staged scopes.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The staged scope for a person.
    pub fn intent(&self, id: &str) -> Option<&StagedScope> {
        self.0.get(id)
    }

    /// The ids of the people with a staged scope.
    pub fn ids(&self) -> Vec<Box<str>> {
        self.0.keys().cloned().collect()
    }

    /// Number of staged scopes.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Number of staged scopes of a kind.
    pub fn count_of(&self, kind: StagedKind) -> usize {
        self.0.values().filter(|intent| intent.kind() == kind).count()
    }

    /// Compares the staged scopes with a new read, and returns the number of outdated ones. Removes fulfilled
    /// staged scopes. If a person's scope differs from when they were marked, for example because the group was
    /// being read again, the staged scope is kept only if it amounts to the same kind of change; otherwise it is
    /// removed as outdated.
    pub fn reconcile(&mut self, state: impl Fn(&str) -> State) -> usize {
        let mut n_outdated = 0;
        self.0.retain(|id, intent| {
            let now = match state(id) {
                State::Scope(scope) => Some(scope),
                State::Absent => None,
                // Nothing to compare with.
                State::Unread | State::Present => return true,
            };
            let from_here = now.map(|before| StagedScope { before, ..intent.clone() });
            match from_here {
                _ if now == intent.after => false,
                Some(from_here) if from_here.kind() == intent.kind() => {
                    *intent = from_here;
                    true
                }
                Some(_) | None => {
                    n_outdated += 1;
                    false
                }
            }
        });
        n_outdated
    }

    /// The staged scopes as a command.
    pub fn command(&self, group: &GroupId) -> Command {
        let mut command = Command::new();
        for (id, intent) in &self.0 {
            let person = Person::by_id(id).with_name(intent.name.as_deref().unwrap_or_default());
            command.intent(person, intent.operation(group));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChangeId, Snapshot};

    fn intent(before: Scope, after: CurrentScope) -> StagedScope {
        StagedScope { name: None, before, after }
    }

    #[test]
    fn every_step_has_its_kind_and_its_call() {
        let group = GroupId::new("g");
        let set = |scope| Operation::SetScope { group: group.clone(), scope };
        let table = [
            (Scope::Participant, Some(Scope::Admin), StagedKind::Promoted, set(Scope::Admin)),
            (Scope::Admin, Some(Scope::Moderator), StagedKind::SteppedDown, set(Scope::Moderator)),
            (Scope::Moderator, None, StagedKind::Removed, Operation::Kick { group: group.clone() }),
            (
                Scope::Moderator,
                Some(Scope::Banned),
                StagedKind::Banned,
                Operation::Ban { group: group.clone() },
            ),
            (Scope::Banned, None, StagedKind::Unbanned, Operation::Unban { group: group.clone() }),
        ];
        for (before, after, kind, operation) in table {
            let intent = intent(before, after);
            assert_eq!((intent.kind(), intent.operation(&group)), (kind, operation), "{before:?} {after:?}");
        }
    }

    #[test]
    fn going_back_to_the_scope_until_now_is_no_change() {
        let mut staged = Staged::default();
        staged.mark("ada", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("ada", None, Scope::Participant, Some(Scope::Participant));
        assert_eq!(staged.count(), 0);
    }

    #[test]
    fn what_another_tab_has_sent_is_taken_out_and_the_rest_stays() {
        let (mut here, mut sent) = (Staged::default(), Staged::default());
        for staged in [&mut here, &mut sent] {
            staged.mark("ada", None, Scope::Participant, Some(Scope::Admin));
            staged.mark("bo", None, Scope::Participant, None);
        }
        here.mark("bo", None, Scope::Participant, Some(Scope::Banned));
        here.mark("cy", None, Scope::Participant, None);
        here.take_out(&sent);
        assert!(here.intent("ada").is_none() && here.intent("bo").is_some() && here.intent("cy").is_some());
    }

    #[test]
    fn a_change_is_told_from_what_was_staged_after_it_was_sent() {
        let group = GroupId::new("g");
        let mut staged = Staged::default();
        for (before, after, later) in [
            (Scope::Participant, Some(Scope::Admin), Some(Scope::Banned)),
            (Scope::Participant, Some(Scope::Banned), None),
            (Scope::Participant, None, Some(Scope::Moderator)),
        ] {
            staged.mark("ada", None, before, after);
            let operation = intent(before, after).operation(&group).into();
            let sent = Change::new(ChangeId(0), Person::by_id("ada"), operation, &Snapshot::default());
            assert!(staged.has(&sent), "{after:?}");
            staged.mark("ada", None, before, later);
            assert!(!staged.has(&sent), "{after:?} {later:?}");
            staged.take_back("ada");
            assert!(!staged.has(&sent), "{after:?}");
        }
        staged.mark("ada", None, Scope::Banned, None);
        let unban = Operation::Unban { group }.into();
        assert!(staged.has(&Change::new(ChangeId(0), Person::by_id("ada"), unban, &Snapshot::default())));
    }

    #[test]
    fn a_banned_person_can_only_be_unbanned() {
        let mut staged = Staged::default();
        staged.mark("ada", None, Scope::Banned, Some(Scope::Admin));
        assert_eq!(staged.count(), 0);
        staged.mark("ada", None, Scope::Banned, None);
        assert_eq!(staged.count_of(StagedKind::Unbanned), 1);
    }

    #[test]
    fn what_came_true_elsewhere_is_dropped_and_the_rest_stays() {
        let mut staged = Staged::default();
        staged.mark("came-true", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("left", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("refused", None, Scope::Participant, Some(Scope::Admin));
        staged.mark("unread", None, Scope::Participant, Some(Scope::Admin));
        let n_outdated = staged.reconcile(|id| match id {
            "came-true" => State::Scope(Scope::Admin),
            "refused" => State::Scope(Scope::Participant),
            "unread" => State::Unread,
            _ => State::Absent,
        });
        assert_eq!(n_outdated, 1);
        assert!(staged.intent("refused").is_some() && staged.intent("unread").is_some());
        assert_eq!(staged.count(), 2);
    }

    #[test]
    fn a_mark_stays_while_it_comes_to_the_same_from_where_the_person_stands_now() {
        use Scope::{Admin, Banned, Moderator, Participant};
        let table = [
            ("still a promotion", Participant, Some(Admin), Some(Moderator), Some(Moderator)),
            ("would be a demotion now", Participant, Some(Moderator), Some(Admin), None),
            ("out is out from anywhere", Participant, None, Some(Admin), Some(Admin)),
            ("a ban too", Moderator, Some(Banned), Some(Participant), Some(Participant)),
            ("who is banned cannot be removed", Participant, None, Some(Banned), None),
            ("who has left cannot be promoted", Participant, Some(Admin), None, None),
        ];
        for (what, before, after, now, kept_from) in table {
            let mut staged = Staged::default();
            staged.mark("ada", None, before, after);
            let n_outdated = staged.reconcile(|_| now.map_or(State::Absent, State::Scope));
            let kept = staged.intent("ada").map(|intent| (intent.before, intent.after));
            assert_eq!(kept, kept_from.map(|before| (before, after)), "{what}");
            assert_eq!(n_outdated, usize::from(kept_from.is_none()), "{what}");
        }
    }
}
