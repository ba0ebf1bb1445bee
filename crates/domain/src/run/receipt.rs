//! The results of a run.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::outcome::Verdict;
use crate::{BatchId, Change, Outcome};

/// Counts of outcomes, in display order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Done.
    pub n_done: usize,
    /// Already in effect.
    pub n_same: usize,
    /// Refused.
    pub n_refused: usize,
    /// Unknown.
    pub n_unknown: usize,
    /// Not sent. Earlier releases counted these as refused.
    #[serde(default)]
    pub n_not_sent: usize,
    /// Not settled yet.
    pub n_waiting: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.n_done += other.n_done;
        self.n_same += other.n_same;
        self.n_refused += other.n_refused;
        self.n_unknown += other.n_unknown;
        self.n_not_sent += other.n_not_sent;
        self.n_waiting += other.n_waiting;
    }
}

impl Tally {
    /// Counts outcomes; `None` is not settled yet.
    pub fn of<'a>(outcomes: impl IntoIterator<Item = Option<&'a Outcome>>) -> Self {
        let mut tally = Self::default();
        for outcome in outcomes {
            match outcome.map(Outcome::verdict) {
                Some(Verdict::Done) => tally.n_done += 1,
                Some(Verdict::Same) => tally.n_same += 1,
                Some(Verdict::Refused) => tally.n_refused += 1,
                Some(Verdict::Unknown) => tally.n_unknown += 1,
                Some(Verdict::NotSent) => tally.n_not_sent += 1,
                None => tally.n_waiting += 1,
            }
        }
        tally
    }

    /// Counts one more change that ended.
    pub fn record(&mut self, verdict: Verdict) {
        *self.count(Some(verdict)) += 1;
    }

    /// The total.
    pub fn n_all(&self) -> usize {
        self.n_done + self.n_same + self.n_refused + self.n_unknown + self.n_not_sent + self.n_waiting
    }

    /// Moves a change from one count to another; `None` is not settled yet.
    pub(crate) fn moved(&mut self, from: Option<Verdict>, to: Option<Verdict>) {
        *self.count(from) -= 1;
        *self.count(to) += 1;
    }

    fn count(&mut self, verdict: Option<Verdict>) -> &mut usize {
        match verdict {
            Some(Verdict::Done) => &mut self.n_done,
            Some(Verdict::Same) => &mut self.n_same,
            Some(Verdict::Refused) => &mut self.n_refused,
            Some(Verdict::Unknown) => &mut self.n_unknown,
            Some(Verdict::NotSent) => &mut self.n_not_sent,
            None => &mut self.n_waiting,
        }
    }

    /// The count of one verdict.
    pub fn of_verdict(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Done => self.n_done,
            Verdict::Same => self.n_same,
            Verdict::Refused => self.n_refused,
            Verdict::Unknown => self.n_unknown,
            Verdict::NotSent => self.n_not_sent,
        }
    }
}

/// One row of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The change.
    pub change: Change,
    /// Its outcome; `None` while it waits.
    pub outcome: Option<Outcome>,
    /// The last call it was in; `None` if it was never sent.
    pub batch: Option<BatchId>,
}

/// The results of a run, final or so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// One row per change, in the plan's order.
    pub rows: Vec<ReceiptRow>,
}

impl Receipt {
    /// The counts of the rows.
    pub fn tally(&self) -> Tally {
        Tally::of(self.rows.iter().map(|row| row.outcome.as_ref()))
    }
}
