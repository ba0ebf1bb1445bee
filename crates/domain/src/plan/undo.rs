//! Undoing changes: which of them, by which operations, and what stays as it is.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::merge::{Key, key};
use super::{Change, Inverse, Irreversible, Loss, Planner, Reversal, State, state_of};
use crate::group::Access;
use crate::group_field::Shown;
use crate::lookup::Lookup;
use crate::outcome::Verdict;
use crate::receipt::ReceiptRow;
use crate::{
    Command, Group, GroupEdit, GroupField, GroupId, NewGroup, Operation, Outcome, Person, PersonKey, Scope,
    Snapshot,
};

/// The operations that undo changes, and what becomes of each of these changes.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    /// The operations, those for the last change first. A [`Planner`] makes a plan of them, like of any command.
    pub command: Command,
    /// What becomes of each row, in the order of the rows.
    pub rows: Vec<UndoRow>,
}

/// What becomes of a row when it is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndoRow {
    /// The command undoes it.
    Undone {
        /// What is lost; empty if the previous state is restored exactly.
        lost: Cow<'static, [Loss]>,
        /// False if the vendor cannot be read, so that a later change elsewhere does not show.
        is_checked: bool,
    },
    /// It goes with its group, which the command deletes.
    WithGroup,
    /// It is left as it is.
    LeftOut(LeftOut),
}

/// Why a row is not undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The change was not made, or its outcome is unknown.
    NotDone,
    /// It cannot be undone.
    Irreversible(Irreversible),
    /// The person was changed again.
    ChangedSince {
        /// The state that the change left.
        was: State,
        /// The state now.
        is: State,
    },
    /// Fields of the group were changed again.
    FieldsChangedSince(Vec<GroupField>),
    /// A group that was created has people by now who joined, were banned or were changed since, so it is not deleted.
    PeopleChangedSince {
        /// How many.
        n_people: usize,
    },
    /// A later change of the same person in the same group is undone by the same command. The earlier one can be undone
    /// after that.
    LaterFirst,
    /// The state now is unknown.
    Unread,
    /// Everything is as it was before the change.
    AsBefore,
    /// The group was deleted.
    GroupGone,
}

/// A person in a group, or a group itself.
type Slot<'a> = (Key<'a>, Option<&'a GroupId>);

/// The states that changes left, by person and group.
type Left<'a> = Lookup<Slot<'a>, State>;

/// What becomes of a row: the operation that undoes it, or why it stays.
type Decision = Result<Undoing, LeftOut>;

struct Undoing {
    operation: Operation,
    lost: Cow<'static, [Loss]>,
    is_checked: bool,
}

impl Undo {
    /// How many rows the command undoes, including those that go with their group.
    pub fn n_undone(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row, UndoRow::LeftOut(_))).count()
    }
}

impl Planner {
    /// The operations that undo rows of receipts, the oldest first: all of a receipt, or some. `now` is what is true
    /// now; people who changed again since are left out. A group is deleted only if everyone in it is among the rows.
    pub fn undo<'a>(&self, rows: impl IntoIterator<Item = &'a ReceiptRow>, now: &Snapshot) -> Undo {
        let rows: Vec<&ReceiptRow> = rows.into_iter().collect();
        let left = left(&rows);
        let decisions: Vec<Decision> =
            rows.iter().map(|row| self.decide(&row.change, row.outcome.as_ref(), now, &left)).collect();
        let deleted: BTreeSet<GroupId> = decisions
            .iter()
            .flatten()
            .filter_map(|undoing| match &undoing.operation {
                Operation::DeleteGroup { group } => Some(group.clone()),
                _ => None,
            })
            .collect();
        let mut command = Command::new();
        let mut slots: Lookup<Slot<'_>, ()> = Lookup::new();
        let mut undone: Vec<UndoRow> = Vec::with_capacity(rows.len());
        for (row, decision) in rows.iter().zip(decisions).rev() {
            let (person, group) = (&row.change.person, row.change.operation.group());
            let is_creation = matches!(*row.change.operation, Operation::CreateGroup(_));
            let goes_along = !is_creation && group.is_some_and(|group| deleted.contains(group));
            undone.push(match decision {
                Err(LeftOut::NotDone) => UndoRow::LeftOut(LeftOut::NotDone),
                _ if goes_along => UndoRow::WithGroup,
                Err(why) => UndoRow::LeftOut(why),
                Ok(undoing) => {
                    if slots.insert((key(person), group), ()).is_some() {
                        UndoRow::LeftOut(LeftOut::LaterFirst)
                    } else {
                        command.intent(person.clone(), undoing.operation);
                        UndoRow::Undone { lost: undoing.lost, is_checked: undoing.is_checked }
                    }
                }
            });
        }
        undone.reverse();
        Undo { command, rows: undone }
    }

    fn decide(
        &self,
        change: &Change,
        outcome: Option<&Outcome>,
        now: &Snapshot,
        left: &Left<'_>,
    ) -> Decision {
        if outcome.map(Outcome::verdict) != Some(Verdict::Done) {
            return Err(LeftOut::NotDone);
        }
        if may_have_been_so(change, outcome) {
            return Err(LeftOut::Irreversible(Irreversible::StateUnknown));
        }
        let (inverse, lost) = match self.reversal(change) {
            Reversal::Exact(inverse) => (inverse, Cow::Borrowed(&[][..])),
            Reversal::BestEffort(inverse, lost) => (inverse, lost),
            Reversal::Impossible(why) => return Err(LeftOut::Irreversible(why)),
        };
        let is_checked = match &*change.operation {
            Operation::CreateGroup(new) => check_created(new, now, left)?,
            Operation::EditGroup { group, edit } => check_edited(change, (group, edit), &lost, now)?,
            _ => self.check_person(change, now)?,
        };
        match inverse.operation(change, &lost) {
            Some(operation) => Ok(Undoing { operation, lost, is_checked }),
            None => Err(LeftOut::Irreversible(Irreversible::StateUnknown)),
        }
    }

    /// Compares the person's state with the one that the change left. False if the vendor cannot be read.
    fn check_person(&self, change: &Change, now: &Snapshot) -> Result<bool, LeftOut> {
        let is_gone = change.operation.group().is_some_and(|group| now.missing_groups.contains(group));
        if is_gone {
            let was_out = change.before == State::Absent;
            return Err(if was_out { LeftOut::AsBefore } else { LeftOut::GroupGone });
        }
        let (was, is) = (change.after(), state_of(&change.person, &change.operation, now));
        match is {
            State::Unread if self.capabilities.groups.is_some_and(|groups| groups.can_list_members) => {
                Err(LeftOut::Unread)
            }
            State::Unread => Ok(false),
            _ if is == was => Ok(true),
            _ if is == change.before => Err(LeftOut::AsBefore),
            _ => Err(LeftOut::ChangedSince { was, is }),
        }
    }
}

impl Inverse {
    /// The operation that undoes a change; `None` if the change is none of a group, or its fields before are unknown.
    fn operation(self, change: &Change, lost: &[Loss]) -> Option<Operation> {
        let group = change.operation.group()?.clone();
        Some(match self {
            Self::Add(scope) => Operation::AddToGroup { group, scope },
            Self::SetScope(scope) => Operation::SetScope { group, scope },
            Self::Kick => Operation::Kick { group },
            Self::Ban => Operation::Ban { group },
            Self::Unban => Operation::Unban { group },
            Self::DeleteGroup => Operation::DeleteGroup { group },
            Self::RestoreFields => {
                let edit = restored(change, lost)?;
                Operation::EditGroup { group, edit: Box::new(edit) }
            }
        })
    }
}

/// The edit that restores the fields of a group before an edit, without those that are lost; `None` if none is left.
fn restored(change: &Change, lost: &[Loss]) -> Option<GroupEdit> {
    let all = change.restoring.as_deref()?.clone();
    let edit = lost.iter().fold(all, |edit, loss| match loss {
        Loss::Field(field) => edit.without(*field),
        _ => edit,
    });
    (edit != GroupEdit::default()).then_some(edit)
}

/// True if a lost response was found to have taken effect, but it may have been so before as well.
fn may_have_been_so(change: &Change, outcome: Option<&Outcome>) -> bool {
    let is_found = outcome == Some(&Outcome::Found);
    // An older group may have the ID of the new one.
    let is_creation = matches!(*change.operation, Operation::CreateGroup(_));
    is_found && (change.before == State::Unread || is_creation)
}

/// The states in which these rows left people; the last change of each counts.
fn left<'a>(rows: &[&'a ReceiptRow]) -> Left<'a> {
    let is_done = |row: &&&ReceiptRow| row.outcome.as_ref().map(Outcome::verdict) == Some(Verdict::Done);
    let is_person = |change: &&Change| !matches!(change.person.key, PersonKey::Group(_));
    let changes = rows.iter().filter(is_done).map(|row| &row.change).filter(is_person);
    changes.map(|change| ((key(&change.person), change.operation.group()), change.after())).collect()
}

/// Checks that a group is as it was created, with nobody in it but its owner and people whom the rows left as they are.
fn check_created(new: &NewGroup, now: &Snapshot, left: &Left<'_>) -> Result<bool, LeftOut> {
    if now.missing_groups.contains(&new.id) {
        return Err(LeftOut::AsBefore);
    }
    let known = now.groups.get(&new.id).filter(|known| known.is_complete).ok_or(LeftOut::Unread)?;
    let shown = known.group.as_ref().ok_or(LeftOut::Unread)?;
    let created = GroupEdit {
        name: Some(new.name.clone()),
        description: Some(new.description.clone()),
        access: Some(new.access.clone()),
        owner: new.owner.clone(),
        ..GroupEdit::default()
    };
    let changed = differing(&created, shown);
    if !changed.is_empty() {
        return Err(LeftOut::FieldsChangedSince(changed));
    }
    let is_other = |id: &str, scope: Scope| {
        let person = Person::by_id(id);
        let is_left = left.get(&(key(&person), Some(&new.id))) == Some(&State::Scope(scope));
        shown.owner.as_deref() != Some(id) && !is_left
    };
    match known.scopes.iter().filter(|(id, scope)| is_other(id, **scope)).count() {
        0 => Ok(true),
        n_people => Err(LeftOut::PeopleChangedSince { n_people }),
    }
}

/// Checks that a group shows what an edit left, in the fields that undoing it restores.
fn check_edited(
    change: &Change,
    (group, edit): (&GroupId, &GroupEdit),
    lost: &[Loss],
    now: &Snapshot,
) -> Result<bool, LeftOut> {
    if now.missing_groups.contains(group) {
        return Err(LeftOut::GroupGone);
    }
    let unknown = || LeftOut::Irreversible(Irreversible::StateUnknown);
    let restoring = restored(change, lost).ok_or_else(unknown)?;
    let shown = now.groups.get(group).and_then(|known| known.group.as_ref()).ok_or(LeftOut::Unread)?;
    if restoring.shown_by(shown).all(|(_, shown)| shown == Shown::AsRequested) {
        return Err(LeftOut::AsBefore);
    }
    let is_restored = |field: &GroupField| restoring.fields().any(|other| other == *field);
    let changed: Vec<GroupField> = differing(edit, shown).into_iter().filter(is_restored).collect();
    if changed.is_empty() { Ok(true) } else { Err(LeftOut::FieldsChangedSince(changed)) }
}

/// The fields in which a group differs from what an edit left. Metadata differ unless their text is the same.
fn differing(edit: &GroupEdit, group: &Group) -> Vec<GroupField> {
    let is_open = matches!(group.access, Some(Access::Public | Access::Private));
    let differs = |(field, shown): &(GroupField, Shown)| match (field, shown) {
        (_, Shown::Otherwise) => true,
        (_, Shown::AsRequested) => false,
        (GroupField::Access, Shown::Untold) => is_open,
        (GroupField::Metadata, Shown::Untold) => group.metadata.is_some(),
        (_, Shown::Untold) => false,
    };
    edit.shown_by(group).filter(differs).map(|(field, _)| field).collect()
}
