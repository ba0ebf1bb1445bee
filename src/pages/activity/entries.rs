//! The entries that are shown: the worker finds them, and those around the screen are here.

use std::sync::Arc;

use ledger_worker::message::{
    LedgerAnswer, LedgerPart, LedgerQuestion, LedgerRange, LedgerRow, LedgerRows, SeenEntry,
};
use ledger_worker::{LedgerFilter, LedgerSummary};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::ledger::{ChainReader, ChainState, ReadingError, Retention, ledger, listen};
use crate::state::runs::use_runs;
use ui::effect;

/// Number of rows before and after those on the screen that are fetched, so that scrolling finds them.
const MARGIN: usize = 30;

/// Digits of a hash that tell an entry from others in the URL.
const KEY_DIGITS: usize = 16;
/// Digits of a hash that tell an entry from others at the same place, with room for one bit.
const VERSION_DIGITS: usize = 15;

/// The key of an entry in the URL.
pub(super) fn key_of(row: &LedgerRow) -> String {
    let mut hash = row.hash.to_string();
    hash.truncate(KEY_DIGITS);
    hash
}

/// How far reading the entries is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// They are read for the first time, or again.
    Verifying,
    /// There are none.
    Empty,
    Failed(ReadingError),
    Ready(Arc<ChainState>),
}

/// The entries of this device as they are shown. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct Entries {
    reader: StoredValue<ChainReader, LocalStorage>,
    reading: RwSignal<Reading>,
    filter: Memo<LedgerFilter>,
    here: RwSignal<LedgerRows>,
    /// Those whose ledgers are shown beside that of this device.
    joined: RwSignal<Vec<Box<str>>>,
    retention: RwSignal<Retention>,
    window: StoredValue<(usize, usize)>,
    /// Whether rows are asked for, and whether the answer will be outdated.
    asking: StoredValue<(bool, bool)>,
    /// The same for reading.
    refreshing: StoredValue<(bool, bool)>,
}

impl Entries {
    /// The entries that a filter takes, following the ledger.
    pub(super) fn new(filter: Memo<LedgerFilter>) -> Self {
        let runs = use_runs();
        let entries = Self {
            reader: StoredValue::new_local(ChainReader::new(ledger(), runs.session())),
            reading: RwSignal::new(Reading::Verifying),
            filter,
            here: RwSignal::default(),
            joined: RwSignal::default(),
            retention: RwSignal::default(),
            window: StoredValue::new((0, 0)),
            asking: StoredValue::default(),
            refreshing: StoredValue::default(),
        };
        let ended = Memo::new(move |_| {
            (runs.is_loaded(), runs.summaries().iter().filter(|run| run.is_over()).count())
        });
        effect(move || {
            ended.track();
            spawn_local(async move {
                ledger().catch_up(runs).await;
                // Gone with its page, perhaps.
                if entries.window.try_get_value().is_some() {
                    entries.refresh();
                }
            });
        });
        let known = untrack(|| ledger().version());
        effect(move || {
            if ledger().version() != known {
                untrack(|| entries.refresh());
            }
        });
        effect(move || {
            filter.track();
            untrack(|| entries.find());
        });
        // Another tab may delete what this one shows.
        let hear = move || {
            if entries.window.try_get_value().is_some() {
                entries.refresh();
            }
        };
        let channel = StoredValue::new_local(listen(hear));
        on_cleanup(move || channel.dispose());
        entries
    }

    /// How far reading is; tracked.
    pub(super) fn reading(self) -> Reading {
        self.reading.get()
    }

    /// What was read last; tracked.
    pub(super) fn state(self) -> Option<Arc<ChainState>> {
        self.reading.with(|reading| match reading {
            Reading::Ready(state) => Some(Arc::clone(state)),
            Reading::Verifying | Reading::Empty | Reading::Failed(_) => None,
        })
    }

    /// The filter; tracked.
    pub(super) fn filter(self) -> Memo<LedgerFilter> {
        self.filter
    }

    /// Number of entries that the filter takes; tracked.
    pub(super) fn count(self) -> Signal<usize> {
        let here = self.here;
        Memo::new(move |_| here.with(|here| here.n_rows)).into()
    }

    /// Number of entries of all ledgers that are shown; tracked.
    pub(super) fn n_all(self) -> usize {
        let of_event = |state: Arc<ChainState>| state.counts.events.iter().map(|one| one.count).sum();
        self.state().map(of_event).unwrap_or_default()
    }

    /// A number that changes with what a row says, if it is here; tracked.
    pub(super) fn version(self, place: usize) -> Option<u64> {
        self.here.with(|here| {
            let row = here.rows.get(place.checked_sub(here.from)?)?;
            let hash = row.hash.to_string();
            let part = hash.get(..VERSION_DIGITS).and_then(|digits| u64::from_str_radix(digits, 16).ok())?;
            Some((part << 1) + u64::from(row.is_redacted))
        })
    }

    /// The entry in a row, if it is here; untracked.
    pub(super) fn row(self, place: usize) -> Option<LedgerRow> {
        self.here.with_untracked(|here| here.rows.get(place.checked_sub(here.from)?).cloned())
    }

    /// The row of an entry, if it is around those on the screen; tracked.
    pub(super) fn place_of(self, key: &str) -> Option<usize> {
        self.here.with(|here| Some(here.from + here.rows.iter().position(|row| key_of(row) == key)?))
    }

    /// Those whose ledgers are shown beside that of this device; tracked.
    pub(super) fn joined(self) -> Vec<Box<str>> {
        self.joined.get()
    }

    /// For how long entries are kept; tracked.
    pub(super) fn retention(self) -> Retention {
        self.retention.get()
    }

    /// Shows what the worker has joined.
    pub(super) fn show_joined(self, names: Vec<Box<str>>) {
        // The page may be gone by now.
        if self.joined.try_set(names).is_none() {
            self.refresh();
        }
    }

    /// Shows only the entries of this device again.
    pub(super) fn leave(self) {
        let reader = self.reader();
        spawn_local(async move {
            if reader.ask(&LedgerQuestion::Leave).await.is_ok() && self.joined.try_set(Vec::new()).is_none() {
                self.refresh();
            }
        });
    }

    /// Fetches the rows of a part of the screen, unless they are here.
    pub(super) fn show(self, first: usize, end: usize) {
        self.window.set_value((first, end));
        let has_all = self
            .here
            .with_untracked(|here| first >= here.from && end.min(here.n_rows) <= here.from + here.rows.len());
        if !has_all {
            self.find();
        }
    }

    /// One entry, by its key in the URL.
    pub(super) async fn entry(self, key: &str) -> Result<Option<LedgerRow>, ReadingError> {
        match self.reader().ask(&LedgerQuestion::Entry(key.into())).await? {
            LedgerAnswer::Entry(row) => Ok(row.map(|row| *row)),
            _ => Err(ReadingError::Worker),
        }
    }

    /// The entries of what the filter takes between two that were seen, also those that are not here.
    pub(super) async fn range(
        self,
        ends: [SeenEntry; 2],
        most: usize,
    ) -> Result<Vec<LedgerRow>, ReadingError> {
        let range = LedgerRange { filter: self.filter.get_untracked(), ends, most };
        match self.reader().ask(&LedgerQuestion::ShowRange(range)).await? {
            LedgerAnswer::Shown(shown) => Ok(shown.rows),
            _ => Err(ReadingError::Worker),
        }
    }

    /// Has the worker count the changes among the entries that a filter takes.
    pub(super) async fn summary(self, filter: LedgerFilter) -> Result<LedgerSummary, ReadingError> {
        match self.reader().ask(&LedgerQuestion::Summarize(filter)).await? {
            LedgerAnswer::Summary(summary) => Ok(*summary),
            _ => Err(ReadingError::Worker),
        }
    }

    pub(super) fn reader(self) -> ChainReader {
        self.reader.get_value()
    }

    /// Reads and verifies all entries again.
    pub(super) fn verify(self) {
        self.reader.with_value(ChainReader::forget);
        self.joined.set(Vec::new());
        self.reading.set(Reading::Verifying);
        self.refresh();
    }

    /// Reads the entries that are not here yet, after the reading that is under way.
    fn refresh(self) {
        let (is_busy, _) = self.refreshing.get_value();
        self.refreshing.set_value((true, is_busy));
        if is_busy {
            return;
        }
        let reader = self.reader();
        spawn_local(async move {
            let read = reader.refresh().await;
            let retention = ledger().retention(reader.session()).await;
            // Gone with its page.
            let Some((_, is_outdated)) = self.refreshing.try_get_value() else { return };
            self.refreshing.set_value((false, false));
            self.retention.set(retention.unwrap_or_default());
            let n_known = untrack(|| self.state()).map(|known| known.n_begun);
            let reading = match read {
                Ok(Some(state)) => {
                    // The worker has begun anew, without the ledgers of others.
                    if n_known.is_some_and(|n_known| n_known != state.n_begun) {
                        self.joined.set(Vec::new());
                    }
                    Reading::Ready(Arc::new(state))
                }
                Ok(None) => Reading::Empty,
                Err(error) => Reading::Failed(error),
            };
            if is_outdated {
                return self.refresh();
            }
            self.find();
            self.reading.maybe_update(|known| {
                let is_news = *known != reading;
                *known = reading;
                is_news
            });
        });
    }

    /// Asks for the rows, after the question that is under way.
    fn find(self) {
        let (is_asking, _) = self.asking.get_value();
        self.asking.set_value((true, is_asking));
        if is_asking {
            return;
        }
        let (first, end) = self.window.get_value();
        let part = LedgerPart {
            filter: self.filter.get_untracked(),
            from: first.saturating_sub(MARGIN),
            to: end + 2 * MARGIN,
        };
        let reader = self.reader();
        spawn_local(async move {
            let answer = reader.ask(&LedgerQuestion::Show(part)).await;
            let Some((_, is_outdated)) = self.asking.try_get_value() else { return };
            self.asking.set_value((false, false));
            if let Ok(LedgerAnswer::Shown(rows)) = answer {
                self.here.set(rows);
            }
            if is_outdated {
                self.find();
            }
        });
    }
}
