//! Several changes of one person in a group, or of one group, undone by one operation.

use std::borrow::Cow;

use super::{Change, Inverse, Loss, State, state_of};
use crate::{Group, GroupEdit, Operation, Scope, Snapshot};

/// How one change is undone.
#[derive(Clone, Debug)]
pub(super) struct Undoing {
    pub(super) inverse: Inverse,
    /// What is lost, if it alone is undone.
    pub(super) lost: Cow<'static, [Loss]>,
    /// False if the vendor cannot be read.
    pub(super) is_checked: bool,
}

/// The changes of one person in a group, or of one group, that are undone, from the last to the first.
#[derive(Debug, Default)]
pub(super) struct Net<'a> {
    n_changes: usize,
    /// The first of them so far, and what undoes it alone.
    first: Option<(&'a Change, Inverse)>,
    /// The state now, or else the one that the last change left.
    from: Option<State>,
    /// The edit that restores the fields of the group; an earlier change decides about a field of several.
    edit: Option<GroupEdit>,
    /// The group once that edit is made.
    shown: Option<Group>,
    is_unchecked: bool,
}

impl Undoing {
    /// Whether there is an operation for it.
    pub(super) fn is_possible(&self, change: &Change) -> bool {
        let needs_fields = self.inverse == Inverse::RestoreFields;
        change.operation.group().is_some() && (!needs_fields || restored(change, &self.lost).is_some())
    }
}

impl<'a> Net<'a> {
    /// Undoes a change as well, which was made before the others.
    pub(super) fn undo(&mut self, change: &'a Change, undoing: &Undoing, now: &Snapshot) {
        let Undoing { inverse, lost, is_checked } = undoing;
        self.from.get_or_insert_with(|| match state_of(&change.person, &change.operation, now) {
            State::Unread => change.after(),
            known => known,
        });
        if let (Inverse::RestoreFields, Some(edit)) = (inverse, restored(change, lost)) {
            let read = || {
                let group = change.operation.group()?;
                now.groups.get(group)?.group.clone()
            };
            self.shown = self.shown.take().or_else(read).map(|group| edit.made_in(group));
            self.edit = Some(match self.edit.take() {
                Some(later) => edit.over(later),
                None => edit,
            });
        }
        self.first = Some((change, *inverse));
        self.n_changes += 1;
        self.is_unchecked |= !is_checked;
    }

    /// The state of the person once the changes are undone.
    pub(super) fn state(&self) -> Option<State> {
        self.first.map(|(_, inverse)| inverse.leads_to())
    }

    /// The group once its edits are undone, if there are any.
    pub(super) fn shown(&self) -> Option<&Group> {
        self.shown.as_ref()
    }

    /// False if the vendor cannot be read.
    pub(super) fn is_checked(&self) -> bool {
        !self.is_unchecked
    }

    /// The operation that undoes all of the changes; `None` if everything is as it was before them.
    pub(super) fn operation(&self, now: &Snapshot) -> Option<Operation> {
        let (change, inverse) = self.first?;
        let group = change.operation.group()?.clone();
        let inverse = match inverse {
            Inverse::DeleteGroup | Inverse::RestoreFields => inverse,
            // What undoes the first change alone expects the state that it left.
            _ if self.n_changes > 1 => between(self.from?, inverse.leads_to())?,
            _ => inverse,
        };
        Some(match inverse {
            Inverse::Add(scope) => Operation::AddToGroup { group, scope },
            Inverse::SetScope(scope) => Operation::SetScope { group, scope },
            Inverse::Kick => Operation::Kick { group },
            Inverse::Ban => Operation::Ban { group },
            Inverse::Unban => Operation::Unban { group },
            Inverse::DeleteGroup => Operation::DeleteGroup { group },
            Inverse::RestoreFields => {
                let edit = self.edit.clone()?;
                let read = now.groups.get(&group).and_then(|known| known.group.as_ref());
                if read.is_some_and(|read| edit.is_shown_by(read)) {
                    return None;
                }
                Operation::EditGroup { group, edit: Box::new(edit) }
            }
        })
    }

    /// What a change loses if it is undone with the others: what the state before them all does not have is not lost.
    pub(super) fn still_lost(&self, lost: Cow<'static, [Loss]>) -> Cow<'static, [Loss]> {
        let Some(state) = self.state().filter(|_| self.n_changes > 1) else { return lost };
        let is_member = matches!(state, State::Scope(scope) if scope.is_member());
        let is_lost = |loss: &Loss| match loss {
            Loss::JoinedAt | Loss::Scope => is_member || state == State::Present,
            Loss::BanDetails => state == State::Scope(Scope::Banned),
            Loss::Field(field) => {
                self.edit.as_ref().is_none_or(|edit| edit.fields().all(|restored| restored != *field))
            }
            Loss::Membership | Loss::Ban | Loss::GroupContents => true,
        };
        if lost.iter().all(is_lost) { lost } else { lost.iter().copied().filter(is_lost).collect() }
    }
}

impl Inverse {
    /// The state that it leads to.
    fn leads_to(self) -> State {
        match self {
            Self::Add(scope) | Self::SetScope(scope) => State::Scope(scope),
            Self::Kick | Self::Unban | Self::DeleteGroup => State::Absent,
            Self::Ban => State::Scope(Scope::Banned),
            Self::RestoreFields => State::Present,
        }
    }
}

/// What leads a person from one state to another; `None` if they are the same.
fn between(from: State, to: State) -> Option<Inverse> {
    match (from, to) {
        _ if from == to => None,
        (State::Scope(Scope::Banned), State::Absent) => Some(Inverse::Unban),
        (_, State::Absent) => Some(Inverse::Kick),
        (_, State::Scope(Scope::Banned)) => Some(Inverse::Ban),
        (State::Scope(scope), State::Scope(to)) if scope.is_member() => Some(Inverse::SetScope(to)),
        (_, State::Scope(to)) => Some(Inverse::Add(to)),
        (_, State::Unread | State::Present) => None,
    }
}

/// The edit that restores the fields of a group before an edit, without those that are lost; `None` if none is left.
pub(super) fn restored(change: &Change, lost: &[Loss]) -> Option<GroupEdit> {
    let all = change.restoring.as_deref()?.clone();
    let edit = lost.iter().fold(all, |edit, loss| match loss {
        Loss::Field(field) => edit.without(*field),
        _ => edit,
    });
    (edit != GroupEdit::default()).then_some(edit)
}
