//! The rows that the table shows, and the open one; both are in the URL.

use std::sync::Arc;

use domain::ChangeId;
use domain::outcome::Verdict;
use leptos::prelude::*;

use super::Here;
use crate::routing::query;
use i18n::text;

/// The filter value for rows without an outcome.
pub(super) const WAITING: &str = "waiting";

/// What the table shows. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Showing {
    here: Here,
    /// Empty for all rows, a verdict's slug, or [`WAITING`].
    pub(super) filter: RwSignal<String>,
    /// The open row, numbered from 1.
    open: (Memo<String>, SignalSetter<Option<String>>),
}

impl Showing {
    pub(super) fn new(here: Here) -> Self {
        Self { here, filter: query::choice_signal("show", ""), open: query::quiet_choice("row") }
    }

    /// The visible changes; `None` for all. Tracked.
    pub(super) fn shown(self) -> Option<Arc<[ChangeId]>> {
        let run = self.here.run();
        self.filter.with(|filter| {
            let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.slug() == filter);
            match verdict {
                Some(verdict) => Some(run.rows_with(Some(verdict))),
                None if filter == WAITING => Some(run.rows_with(None)),
                None => None,
            }
        })
    }

    /// The value of the active filter and a description of its rows; tracked.
    pub(super) fn narrowed(self) -> Option<(&'static str, String)> {
        let n = self.shown()?.len();
        self.filter.with(|filter| match Verdict::ALL.into_iter().find(|verdict| verdict.slug() == filter) {
            Some(verdict) => {
                let words = match verdict {
                    Verdict::Done => text::ui_tally_done(n),
                    Verdict::Same => text::ui_tally_same(n),
                    Verdict::Refused => text::ui_tally_refused(n),
                    Verdict::Unknown => text::ui_tally_unknown(n),
                    Verdict::NotSent => text::ui_tally_not_sent(n),
                };
                Some((verdict.slug(), words))
            }
            None => Some((WAITING, text::ui_tally_waiting(n))),
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
