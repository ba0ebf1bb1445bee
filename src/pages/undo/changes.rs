//! The changes that a page of an undo is about: those of one run, or of several runs and entries.

use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{GroupId, Millis, Outcome, Person, Receipt, State, Tally, Title, order};

/// Changes, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Changes {
    pub(super) rows: Vec<ToUndo>,
    /// Where the rows come from, if not all come from one run: for each, the place in `sources`.
    pub(super) source_of: Vec<u32>,
    pub(super) sources: Vec<Source>,
}

/// A change that may be undone.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ToUndo {
    /// It is known whole.
    Known(ReceiptRow),
    /// It stays as it is, whatever is true now.
    Stays(Box<Staying>),
}

/// A change that stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Staying {
    pub(super) person: Person,
    pub(super) before: State,
    pub(super) after: State,
    pub(super) why: WhyStays,
}

/// Why a change stays as it is, whatever is true now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhyStays {
    /// Its run was deleted, and its entry does not say all of it.
    RunDeleted,
    /// Whom it is about was deleted.
    PersonDeleted,
    /// It was made at another URL.
    Moved,
}

/// What made a change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    /// When the run ended.
    pub(super) at: Millis,
    /// What the run did; none if it was deleted, or is one of a colleague.
    pub(super) run: Option<(Title, Tally)>,
    /// Who made it, if not this device.
    pub(super) by: Option<Box<str>>,
}

impl Changes {
    /// Those of one run.
    pub(super) fn of_run(receipt: Receipt) -> Self {
        let rows = receipt.rows.into_iter().map(ToUndo::Known).collect();
        Self { rows, ..Self::default() }
    }

    /// The row, if it is known whole.
    pub(super) fn known(&self, idx: usize) -> Option<&ReceiptRow> {
        match &self.rows[idx] {
            ToUndo::Known(row) => Some(row),
            ToUndo::Stays(_) => None,
        }
    }

    /// The source of a row, if there are several.
    pub(super) fn source(&self, idx: usize) -> Option<&Source> {
        self.sources.get(*self.source_of.get(idx)? as usize)
    }

    /// The groups whose state has to be read: those of changes that were made, those of the last one first.
    pub(super) fn groups(&self) -> Vec<GroupId> {
        let done = (0..self.rows.len()).rev().filter_map(|idx| self.known(idx)).filter(|row| is_done(row));
        let groups = done.filter_map(|row| row.change.operation.group());
        order::distinct(groups).into_iter().cloned().collect()
    }
}

impl ToUndo {
    /// Whom it is about.
    pub(super) fn person(&self) -> &Person {
        match self {
            Self::Known(row) => &row.change.person,
            Self::Stays(staying) => &staying.person,
        }
    }

    /// The states before and after.
    pub(super) fn states(&self) -> (State, State) {
        match self {
            Self::Known(row) => (row.change.before, row.change.after()),
            Self::Stays(staying) => (staying.before, staying.after),
        }
    }
}

/// Whether a row was done.
pub(super) fn is_done(row: &ReceiptRow) -> bool {
    row.outcome.as_ref().map(Outcome::verdict) == Some(Verdict::Done)
}
