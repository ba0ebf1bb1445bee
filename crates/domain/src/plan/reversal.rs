//! Whether a change can be undone through the vendor's API, by what, and what is lost.

use std::borrow::Cow;

use super::Change;
use crate::{GroupEdit, GroupField, Operation, Scope};

/// Whether and how a change can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reversal {
    /// Restores the exact previous state. What a vendor records of the changes themselves stays: messages in a
    /// conversation that report them, and the time of the last change.
    Exact(Inverse),
    /// Restores the previous state except for what is lost, in order; never empty.
    BestEffort(Inverse, Cow<'static, [Loss]>),
    /// Cannot be undone.
    Impossible(Irreversible),
}

/// How a vendor's changes can be undone: a table beside its operations. It gets a change that was made, or that a plan
/// is going to make.
pub type Reversals = fn(&Change) -> Reversal;

/// What undoes a change, in its group and for its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// Adds the person with a scope.
    Add(Scope),
    /// Gives the person a scope.
    SetScope(Scope),
    /// Removes the person.
    Kick,
    /// Bans the person.
    Ban,
    /// Lifts the ban.
    Unban,
    /// Deletes the group.
    DeleteGroup,
    /// Sets the fields of the group to what they were.
    RestoreFields,
}

/// A part of the previous state that undoing does not restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The date of joining.
    JoinedAt,
    /// The scope or role at the time.
    Scope,
    /// The membership, if the person was a member before, which is unknown.
    Membership,
    /// The ban, if the person was banned before, which is unknown.
    Ban,
    /// The date of the ban, and the scope before it.
    BanDetails,
    /// The messages in the group, and whatever else came into it since.
    GroupContents,
    /// The value of a field of the group.
    Field(GroupField),
}

/// Why a change cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Irreversible {
    /// A message was sent to the person.
    MessageSent,
    /// A request to join was approved.
    Approved,
    /// The group was deleted with its members and messages.
    Deleted,
    /// The vendor has no call for it.
    NoCall,
    /// What was before is unknown.
    StateUnknown,
}

impl Reversal {
    /// Undone except for these losses.
    pub const fn losing(inverse: Inverse, lost: &'static [Loss]) -> Self {
        Self::BestEffort(inverse, Cow::Borrowed(lost))
    }

    /// The reversal of an edit of a group, for a vendor that edits groups and shows their fields. `is_lost` is true for
    /// a field whose value before cannot be set again although it is known; `more` is lost besides.
    pub fn of_edit(
        change: &Change,
        is_lost: impl Fn(GroupField, &GroupEdit) -> bool,
        more: impl IntoIterator<Item = Loss>,
    ) -> Self {
        let (Operation::EditGroup { edit, .. }, Some(restoring)) =
            (&*change.operation, change.restoring.as_deref())
        else {
            return Self::Impossible(Irreversible::StateUnknown);
        };
        let is_kept = |field: &GroupField| {
            restoring.fields().any(|known| known == *field) && !is_lost(*field, restoring)
        };
        let fields = || edit.fields();
        let mut lost: Vec<Loss> = fields().filter(|field| !is_kept(field)).map(Loss::Field).collect();
        if lost.len() == fields().count() {
            return Self::Impossible(Irreversible::StateUnknown);
        }
        lost.extend(more);
        if lost.is_empty() {
            Self::Exact(Inverse::RestoreFields)
        } else {
            Self::BestEffort(Inverse::RestoreFields, lost.into())
        }
    }

    /// Whether it restores everything.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    /// What it loses; empty if it is exact or impossible.
    pub fn lost(&self) -> &[Loss] {
        match self {
            Self::BestEffort(_, lost) => lost,
            Self::Exact(_) | Self::Impossible(_) => &[],
        }
    }
}

/// How many changes can be undone, and what is in the way of the others. For a preview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReversalTally {
    /// Changes that can be undone exactly.
    pub n_exact: usize,
    /// Changes that can be undone except for something.
    pub n_best_effort: usize,
    /// Changes that cannot be undone.
    pub n_impossible: usize,
    /// What is lost, with the number of changes that lose it; the same change may lose several things.
    pub lost: Vec<(Loss, usize)>,
    /// Why changes cannot be undone, with their number.
    pub impossible: Vec<(Irreversible, usize)>,
}

impl ReversalTally {
    /// Counts the reversals of changes.
    pub fn of(reversals: impl IntoIterator<Item = Reversal>) -> Self {
        let mut tally = Self::default();
        for reversal in reversals {
            match reversal {
                Reversal::Exact(_) => tally.n_exact += 1,
                Reversal::BestEffort(_, lost) => {
                    tally.n_best_effort += 1;
                    lost.iter().for_each(|loss| count(&mut tally.lost, *loss));
                }
                Reversal::Impossible(why) => {
                    tally.n_impossible += 1;
                    count(&mut tally.impossible, why);
                }
            }
        }
        tally
    }
}

/// Counts one more of a kind; the kinds stay in order.
fn count<T: Ord>(counts: &mut Vec<(T, usize)>, kind: T) {
    match counts.binary_search_by(|(known, _)| known.cmp(&kind)) {
        Ok(idx) => counts[idx].1 += 1,
        Err(idx) => counts.insert(idx, (kind, 1)),
    }
}
