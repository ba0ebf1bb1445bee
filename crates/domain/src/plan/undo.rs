//! Undoing changes: which of them, by which operations, and what stays as it is.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::merge::{Key, key};
use super::net::{Net, Undoing, restored};
use super::{Change, Irreversible, Loss, Planner, Reversal, State, state_of};
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
    /// Undone together, the rows of this person, or of this group, lead to the state now, so nothing is sent for them.
    CancelsOut,
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

impl Undo {
    /// How many rows the command undoes, including those that go with their group.
    pub fn n_undone(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row, UndoRow::LeftOut(_))).count()
    }
}

impl Planner {
    /// The operations that undo rows of receipts, the oldest first: all of a receipt, some, or those of several. `now` is
    /// what is true now; people who changed again since are left out. Several rows of a person in a group are undone from
    /// the last to the first, by one operation that leads to the state before them all. A group is deleted only if
    /// everyone in it is among the rows.
    pub fn undo<'a>(&self, rows: impl IntoIterator<Item = &'a ReceiptRow>, now: &Snapshot) -> Undo {
        let rows: Vec<&ReceiptRow> = rows.into_iter().collect();
        let left = left(&rows);
        let mut places: Lookup<Slot<'_>, usize> = Lookup::new();
        let mut nets: Vec<Net<'_>> = Vec::new();
        // What becomes of each row, the last first: undone with others, or left out.
        let mut decisions: Vec<Result<(usize, Undoing), LeftOut>> = Vec::with_capacity(rows.len());
        for row in rows.iter().rev() {
            let slot = (key(&row.change.person), row.change.operation.group());
            let later = places.get(&slot).copied();
            let decision = self.decide(row, now, &left, later.map(|place| &nets[place]));
            decisions.push(decision.map(|undoing| {
                let place = later.unwrap_or_else(|| {
                    places.insert(slot, nets.len());
                    nets.push(Net::default());
                    nets.len() - 1
                });
                nets[place].undo(&row.change, &undoing, now);
                (place, undoing)
            }));
        }
        let operations: Vec<Option<Operation>> = nets.iter().map(|net| net.operation(now)).collect();
        let deleted: BTreeSet<&GroupId> = operations
            .iter()
            .filter_map(|operation| match operation.as_ref()? {
                Operation::DeleteGroup { group } => Some(group),
                _ => None,
            })
            .collect();
        let mut command = Command { is_undo: true, ..Command::new() };
        let mut is_sent = vec![false; nets.len()];
        let mut undone: Vec<UndoRow> = Vec::with_capacity(rows.len());
        for (row, decision) in rows.iter().rev().zip(decisions) {
            let group = row.change.operation.group();
            let is_creation = matches!(*row.change.operation, Operation::CreateGroup(_));
            let goes_along = !is_creation && group.is_some_and(|group| deleted.contains(group));
            undone.push(match decision {
                Err(LeftOut::NotDone) => UndoRow::LeftOut(LeftOut::NotDone),
                _ if goes_along => UndoRow::WithGroup,
                Err(why) => UndoRow::LeftOut(why),
                Ok((place, undoing)) => match &operations[place] {
                    None => UndoRow::LeftOut(LeftOut::CancelsOut),
                    Some(operation) => {
                        if !std::mem::replace(&mut is_sent[place], true) {
                            command.intent(row.change.person.clone(), operation.clone());
                        }
                        let lost = nets[place].still_lost(undoing.lost);
                        UndoRow::Undone { lost, is_checked: undoing.is_checked && nets[place].is_checked() }
                    }
                },
            });
        }
        undone.reverse();
        Undo { command, rows: undone }
    }

    /// How a row is undone after `later` rows of the same person or group, or why it stays.
    fn decide(
        &self,
        row: &ReceiptRow,
        now: &Snapshot,
        left: &Left<'_>,
        later: Option<&Net<'_>>,
    ) -> Result<Undoing, LeftOut> {
        let (change, outcome) = (&row.change, row.outcome.as_ref());
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
        let shown = later.and_then(Net::shown);
        let is_checked = match &*change.operation {
            Operation::CreateGroup(new) => check_created(new, now, shown, left)?,
            Operation::EditGroup { group, edit } => check_edited(change, (group, edit), &lost, now, shown)?,
            _ => self.check_person(change, now, later.and_then(Net::state))?,
        };
        let undoing = Undoing { inverse, lost, is_checked };
        if undoing.is_possible(change) {
            Ok(undoing)
        } else {
            Err(LeftOut::Irreversible(Irreversible::StateUnknown))
        }
    }

    /// Compares the person's state, as it is or as it will be once later changes are undone, with the one that the change
    /// left. False if the vendor cannot be read.
    fn check_person(&self, change: &Change, now: &Snapshot, undone: Option<State>) -> Result<bool, LeftOut> {
        let is_gone = change.operation.group().is_some_and(|group| now.missing_groups.contains(group));
        if is_gone {
            let was_out = change.before == State::Absent;
            return Err(if was_out { LeftOut::AsBefore } else { LeftOut::GroupGone });
        }
        let is = undone.unwrap_or_else(|| state_of(&change.person, &change.operation, now));
        let was = change.after();
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
/// `undone` is the group once later edits are undone.
fn check_created(
    new: &NewGroup,
    now: &Snapshot,
    undone: Option<&Group>,
    left: &Left<'_>,
) -> Result<bool, LeftOut> {
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
    let changed = differing(&created, undone.unwrap_or(shown));
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

/// Checks that a group shows what an edit left, in the fields that undoing it restores. `undone` is the group once later
/// edits are undone.
fn check_edited(
    change: &Change,
    (group, edit): (&GroupId, &GroupEdit),
    lost: &[Loss],
    now: &Snapshot,
    undone: Option<&Group>,
) -> Result<bool, LeftOut> {
    if now.missing_groups.contains(group) {
        return Err(LeftOut::GroupGone);
    }
    let unknown = || LeftOut::Irreversible(Irreversible::StateUnknown);
    let restoring = restored(change, lost).ok_or_else(unknown)?;
    let read = || now.groups.get(group).and_then(|known| known.group.as_ref());
    let shown = undone.or_else(read).ok_or(LeftOut::Unread)?;
    if restoring.is_shown_by(shown) {
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
