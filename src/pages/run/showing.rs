//! The rows that the table shows, and the open one; both are in the URL.

use std::sync::Arc;

use domain::ChangeId;
use domain::outcome::Verdict;
use leptos::prelude::*;

use super::Here;
use crate::routing::query;
use i18n::text;
use ui::Selection;

/// Which rows the table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All,
    /// Those with this verdict.
    Ended(Verdict),
    /// Those without an outcome.
    Waiting,
}

impl Filter {
    pub(super) const ALL: [Self; Verdict::ALL.len() + 2] = {
        let mut all = [Self::All; Verdict::ALL.len() + 2];
        let mut idx = 0;
        while idx < Verdict::ALL.len() {
            all[idx + 1] = Self::Ended(Verdict::ALL[idx]);
            idx += 1;
        }
        all[idx + 1] = Self::Waiting;
        all
    };

    /// The name in the URL and in files; empty for all rows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Ended(verdict) => verdict.slug(),
            Self::Waiting => "waiting",
        }
    }
}

/// What the table shows. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Showing {
    here: Here,
    pub(super) filter: Selection<Filter>,
    /// The open row, numbered from 1.
    open: (Memo<String>, SignalSetter<Option<String>>),
}

impl Showing {
    pub(super) fn new(here: Here) -> Self {
        let filter = query::selection("show", &Filter::ALL, Filter::name);
        Self { here, filter, open: query::quiet_choice("row") }
    }

    /// The visible changes; `None` for all. Tracked.
    pub(super) fn shown(self) -> Option<Arc<[ChangeId]>> {
        let run = self.here.run();
        match self.filter.get() {
            Filter::All => None,
            Filter::Ended(verdict) => Some(run.rows_with(Some(verdict))),
            Filter::Waiting => Some(run.rows_with(None)),
        }
    }

    /// A description of the rows that the filter leaves; `None` without a filter. Tracked.
    pub(super) fn narrowed(self) -> Option<String> {
        let n = self.shown()?.len();
        Some(match self.filter.get() {
            Filter::All => return None,
            Filter::Ended(Verdict::Done) => text::ui_tally_done(n),
            Filter::Ended(Verdict::Same) => text::ui_tally_same(n),
            Filter::Ended(Verdict::Refused) => text::ui_tally_refused(n),
            Filter::Ended(Verdict::Unknown) => text::ui_tally_unknown(n),
            Filter::Ended(Verdict::NotSent) => text::ui_tally_not_sent(n),
            Filter::Waiting => text::ui_tally_waiting(n),
        })
    }

    /// Number of visible rows; tracked.
    pub(super) fn count(self) -> usize {
        self.shown().map_or_else(|| self.here.run().n_rows(), |shown| shown.len())
    }

    /// The change at a position in the table; tracked.
    pub(super) fn change_at(self, place: usize) -> Option<ChangeId> {
        match self.shown() {
            Some(shown) => shown.get(place).copied(),
            None => (place < self.here.run().n_rows()).then_some(ChangeId(place as u32)),
        }
    }

    /// The open change; tracked.
    pub(super) fn opened(self) -> Option<ChangeId> {
        let number: u32 = self.open.0.with(|text| text.parse().ok())?;
        let idx = number.checked_sub(1)?;
        ((idx as usize) < self.here.run().n_rows()).then_some(ChangeId(idx))
    }

    /// The position of the open change in the table; tracked.
    pub(super) fn open_place(self) -> Option<usize> {
        let opened = self.opened()?;
        match self.shown() {
            Some(shown) => shown.binary_search(&opened).ok(),
            None => Some(opened.as_idx()),
        }
    }

    /// Opens a change, or closes the open one.
    pub(super) fn open(self, change: Option<ChangeId>) {
        self.open.1.set(change.map(|change| (u64::from(change.0) + 1).to_string()));
    }
}
