//! Reads a whole list, several pages at once, while people join and leave.
//!
//! A vendor returns positions of a list, and positions move: a person who leaves moves everyone behind them one place
//! forward, perhaps from a page that is still to be read into one that was read. So each page overlaps the one before.
//! If two neighbors have an item in common, nobody was between them, as long as the vendor keeps the order; if they
//! have none, the one that was read earlier is read again. A vendor that also counts its list shows whether someone
//! is missing.

mod saved;

use std::collections::BTreeSet;

use crate::query::{Cursor, Paging};
use crate::{Millis, Window};

pub use saved::key_of;

/// The end of every list: more people than any group or community has.
const MAX_POSITIONS: u64 = 2_000_000;
/// Pages without anyone new after which a list is taken to have no end.
const MAX_STALE: usize = 5;
/// Times that pages are read again, for each page of the list, before the reading ends without being sure.
const MAX_AGAIN: usize = 4;

impl Paging {
    /// The page that holds this position and reaches furthest behind it.
    fn page_at(self, position: u64) -> Cursor {
        let most = self.most().max(2);
        match self {
            Paging::Offset(_) => Cursor { start: position, len: most },
            Paging::Pages(_) => {
                let of = |len: u64| Cursor { start: position / len * len, len };
                // Small pages are many calls, and one of the larger half always reaches further.
                let sizes = (most / 2 + 1..=most).rev();
                sizes.map(of).max_by_key(|page| page.end()).unwrap_or(of(most))
            }
        }
    }

    fn with_most(self, most: u64) -> Self {
        match self {
            Paging::Offset(_) => Paging::Offset(most),
            Paging::Pages(_) => Paging::Pages(most),
        }
    }
}

/// Windows up to this long are free again before anyone could have answered a question.
const SHORT_WINDOW_MS: Millis = 60_000;
/// A reading that takes more than this share of a window is asked about.
const ASKED_SHARE: u64 = 10;

/// A reading of more calls than this is asked about, whatever the limits allow: it is hundreds of megabytes.
const MAX_UNASKED: u64 = 300;

/// The longest window that this many calls are too large a share of; `None` if they need no consent.
pub fn needs_consent(n_calls: u64, windows: &[Window]) -> Option<Window> {
    let is_large = |window: &&Window| {
        let is_share = window.span_ms > SHORT_WINDOW_MS && n_calls > u64::from(window.max) / ASKED_SHARE;
        is_share || n_calls > MAX_UNASKED
    };
    windows.iter().filter(is_large).max_by_key(|window| window.span_ms).copied()
}

/// What a vendor returned for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<K> {
    /// The keys of the items, in order.
    pub keys: Vec<K>,
    /// The page size that the vendor used, if it says so. It may be smaller than asked.
    pub page_size: Option<u64>,
    /// Number of items in the list, if the vendor says so reliably.
    pub total: Option<u64>,
    /// Whether the list ends here.
    pub is_last: bool,
}

#[derive(Clone, Debug)]
enum State<K> {
    Wanted,
    Asked,
    Read { keys: BTreeSet<K>, is_last: bool, turn: usize },
}

#[derive(Clone, Debug)]
struct Step<K> {
    page: Cursor,
    state: State<K>,
    /// Whether it has an item in common with the next one.
    is_joined: bool,
}

impl<K> Step<K> {
    fn wanted(page: Cursor) -> Self {
        Self { page, state: State::Wanted, is_joined: false }
    }
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Number of positions that were read.
    pub n_read: u64,
    /// Number of items in the list, as the vendor said last.
    pub total: Option<u64>,
    /// Number of answers.
    pub n_calls: usize,
    /// Whether the list changed while it was read.
    pub has_moved: bool,
    /// Whether everyone who was there all the time is surely among the items. False before the end, and if the list
    /// changed too often.
    pub is_sure: bool,
}

/// The reading of a whole list. Does no calls itself: [`ask`](Self::ask) says what to read, and
/// [`took`](Self::took) and [`failed`](Self::failed) what came of it.
#[derive(Clone, Debug)]
pub struct WholeList<K> {
    paging: Paging,
    at_once: usize,
    /// Number of pages whose answers are awaited, also of those behind the end.
    n_asked: usize,
    steps: Vec<Step<K>>,
    has_end: bool,
    is_endless: bool,
    seen: BTreeSet<K>,
    n_stale: usize,
    turn: usize,
    n_again: usize,
    progress: Progress,
}

impl<K: Ord + Clone> WholeList<K> {
    /// A list of which up to `at_once` pages are read at the same time.
    pub fn new(paging: Paging, at_once: usize) -> Self {
        let first = Step::wanted(paging.page_at(0));
        Self {
            paging,
            at_once: at_once.max(1),
            n_asked: 0,
            steps: vec![first],
            has_end: false,
            is_endless: false,
            seen: BTreeSet::new(),
            n_stale: 0,
            turn: 0,
            n_again: 0,
            progress: Progress::default(),
        }
    }

    /// The next page to ask for; `None` until an answer arrives, or if the reading is over.
    pub fn ask(&mut self) -> Option<Cursor> {
        if self.n_asked >= self.at_once {
            return None;
        }
        if !self.steps.iter().any(|step| matches!(step.state, State::Wanted)) {
            self.extend();
        }
        let wanted = self.steps.iter_mut().find(|step| matches!(step.state, State::Wanted))?;
        wanted.state = State::Asked;
        self.n_asked += 1;
        Some(wanted.page)
    }

    /// Appends a page if the list goes on.
    fn extend(&mut self) {
        let Some(last) = self.steps.last().filter(|_| !self.has_end) else { return };
        let is_read = matches!(last.state, State::Read { .. });
        // Without a total the list may end with every page.
        let goes_on = is_read || self.progress.total.is_some_and(|total| last.page.end() < total);
        if goes_on {
            let page = self.paging.page_at(last.page.end() - 1);
            self.steps.push(Step::wanted(page));
        }
    }

    /// Takes an answer in.
    pub fn took(&mut self, page: Cursor, found: Found<K>) {
        self.n_asked = self.n_asked.saturating_sub(1);
        let Some(idx) = self.place_of(page) else { return };
        self.progress.n_calls += 1;
        self.turn += 1;
        if let Some(total) = found.total {
            let is_new = self.progress.total.replace(total).is_some_and(|before| before != total);
            self.progress.has_moved |= is_new;
        }
        if let Some(size) = found.page_size.filter(|size| *size < page.len && *size > 1) {
            self.paging = self.paging.with_most(size);
            self.steps.truncate(idx + 1);
            if let Paging::Pages(_) = self.paging {
                // Pages of another size are other positions.
                self.steps[idx] = Step::wanted(self.paging.page_at(page.start));
                if let Some(before) = idx.checked_sub(1) {
                    self.steps[before].is_joined = false;
                }
                return;
            }
            self.steps[idx].page.len = size;
        }
        let keys: BTreeSet<K> = found.keys.into_iter().collect();
        // A list that goes on without anyone new, or beyond what any vendor has, would be read for ever.
        self.note_new(idx, &keys);
        let is_endless = !found.is_last && (page.end() >= MAX_POSITIONS || self.n_stale >= MAX_STALE);
        self.is_endless |= is_endless;
        self.progress.has_moved |= is_endless;
        let is_last = found.is_last || is_endless;
        let is_past_end = keys.is_empty() && idx > 0;
        self.steps[idx].state = State::Read { keys, is_last, turn: self.turn };
        self.steps[idx].is_joined = false;
        if idx > 0 {
            self.steps[idx - 1].is_joined = false;
        }
        if is_past_end {
            // The list became shorter than the page before, which is the last one now.
            self.progress.has_moved = true;
            self.steps.truncate(idx);
            self.read_again(idx - 1);
        }
        self.settle();
    }

    /// Asks for a page again whose call failed.
    pub fn failed(&mut self, page: Cursor) {
        self.n_asked = self.n_asked.saturating_sub(1);
        if let Some(idx) = self.place_of(page) {
            self.steps[idx].state = State::Wanted;
        }
    }

    /// Asks for all pages again whose answers are awaited: nobody waits for them any more.
    pub fn stopped(&mut self) {
        self.n_asked = 0;
        for step in &mut self.steps {
            if matches!(step.state, State::Asked) {
                step.state = State::Wanted;
            }
        }
    }

    /// Number of calls that are left, as far as the vendor tells how long the list is.
    pub fn n_calls_left(&self) -> Option<u64> {
        let left = self.progress.total?.saturating_sub(self.progress.n_read);
        // Pages overlap by one item.
        Some(if self.is_over() { 0 } else { left.div_ceil(self.paging.most().saturating_sub(1).max(1)) })
    }

    /// The place of a page that was asked for. Pages behind the end are none any more.
    fn place_of(&self, page: Cursor) -> Option<usize> {
        self.steps.iter().position(|step| step.page == page && matches!(step.state, State::Asked))
    }

    /// Counts how many pages at the end of the list in a row had nobody new.
    fn note_new(&mut self, idx: usize, keys: &BTreeSet<K>) {
        let n_before = self.seen.len();
        self.seen.extend(keys.iter().cloned());
        if self.seen.len() > n_before {
            self.n_stale = 0;
        } else if idx + 1 == self.steps.len() {
            self.n_stale += 1;
        }
    }

    fn settle(&mut self) {
        let is_last = |step: &Step<K>| matches!(step.state, State::Read { is_last: true, .. });
        self.has_end = false;
        if let Some(last) = self.steps.iter().position(is_last) {
            self.steps.truncate(last + 1);
            self.has_end = true;
        }
        for idx in 1..self.steps.len() {
            let (before, after) = self.steps.split_at(idx);
            let (Some(one), Some(other)) = (before.last(), after.first()) else { continue };
            let (State::Read { keys, turn, .. }, State::Read { keys: next, turn: later, .. }) =
                (&one.state, &other.state)
            else {
                continue;
            };
            if one.is_joined {
                continue;
            }
            if keys.intersection(next).next().is_some() {
                self.steps[idx - 1].is_joined = true;
                continue;
            }
            self.progress.has_moved = true;
            let older = if turn < later { idx - 1 } else { idx };
            self.read_again(older);
        }
        let read = self.steps.iter().filter_map(|step| match &step.state {
            State::Read { keys, .. } => Some(step.page.start + keys.len() as u64),
            State::Wanted | State::Asked => None,
        });
        self.progress.n_read = read.max().unwrap_or_default();
        if self.is_over() {
            let has_all = self.has_as_many_as_counted();
            self.progress.has_moved |= !has_all;
            self.progress.is_sure = has_all && self.is_whole();
        }
    }

    fn read_again(&mut self, idx: usize) {
        if self.n_again < MAX_AGAIN * (self.steps.len() + 2) {
            self.n_again += 1;
            self.steps[idx].state = State::Wanted;
            self.steps[idx].is_joined = false;
            if idx > 0 {
                self.steps[idx - 1].is_joined = false;
            }
            self.has_end = false;
        }
    }

    fn is_whole(&self) -> bool {
        let n_joined = self.steps.iter().filter(|step| step.is_joined).count();
        self.has_end && !self.is_endless && n_joined + 1 == self.steps.len()
    }

    /// False if fewer items were read than the vendor counts: someone moved from a page that was not read yet to one
    /// that was.
    fn has_as_many_as_counted(&self) -> bool {
        self.progress.total.is_none_or(|total| self.seen.len() as u64 >= total)
    }

    /// True once there is nothing left to read.
    pub fn is_over(&self) -> bool {
        self.has_end && self.steps.iter().all(|step| matches!(step.state, State::Read { .. }))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

#[cfg(test)]
mod tests;
