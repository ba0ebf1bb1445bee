//! A run in a list: what it is and how far it is.

use std::sync::Arc;

use domain::entry::{Heading, Status};
use domain::{ConnectionId, Millis, PlanId, Tally, Target, Vendor};

use super::channel::Standing;
use browser::storage::RunRecord;

/// Who drives a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// This tab.
    Here,
    /// Another tab.
    Elsewhere,
    /// Nobody: its tab is gone.
    Nobody,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// The plan's id, which is the run's.
    pub id: PlanId,
    /// Where it is applied.
    pub connection: ConnectionId,
    /// What that connection was called.
    pub connection_name: Arc<str>,
    /// Whose API it is.
    pub vendor: Vendor,
    /// What is done, in words.
    pub title: Arc<str>,
    /// The address of the page that started it.
    pub place: Arc<str>,
    /// When it began.
    pub started_at: Millis,
    /// When something happened in it last.
    pub last_at: Millis,
    /// How many changes it has.
    pub n_changes: usize,
    /// The moment that it waits for because of the vendor's limits, if it does.
    pub next_at: Option<Millis>,
    /// The outcomes counted.
    pub tally: Tally,
    /// How far it is.
    pub status: Status,
    /// Who drives it.
    pub driver: Driver,
    /// Where its requests went when it began, if that was written.
    pub target: Option<Target>,
}

impl RunSummary {
    /// True if nothing happens in it any more by itself.
    pub fn is_over(&self) -> bool {
        self.status.is_over()
    }

    /// True if it has more to do and nobody drives it.
    pub fn is_interrupted(&self) -> bool {
        !self.is_over() && self.driver == Driver::Nobody
    }

    /// True if it has more to do and some tab drives it.
    pub fn is_active(&self) -> bool {
        !self.is_over() && self.driver != Driver::Nobody
    }

    pub(super) fn new(heading: &Heading, driver: Driver) -> Self {
        let n_changes = heading.n_changes as usize;
        Self {
            id: heading.plan.clone(),
            connection: heading.connection.clone(),
            connection_name: Arc::from(&*heading.connection_name),
            vendor: heading.vendor,
            title: Arc::from(&*heading.title),
            place: Arc::from(&*heading.place),
            started_at: heading.started_at,
            last_at: heading.started_at,
            n_changes,
            next_at: None,
            tally: Tally { n_waiting: n_changes, ..Tally::default() },
            status: Status::default(),
            driver,
            target: heading.target.clone(),
        }
    }

    pub(super) fn of_record(record: RunRecord, driver: Driver) -> Self {
        let mut summary = Self::new(&record.heading, driver);
        if let Some(last) = record.last {
            summary.last_at = last.at().unwrap_or(summary.last_at);
            summary.tally = last.tally;
            summary.status = last.status;
        }
        summary
    }

    /// Takes in how far the run is now. True if that is news.
    pub(super) fn note(&mut self, standing: &Standing) -> bool {
        let before = (self.last_at, self.next_at, self.tally, &self.status);
        if before == (standing.at, standing.next_at, standing.tally, &standing.status) {
            return false;
        }
        self.last_at = standing.at;
        self.next_at = standing.next_at;
        self.tally = standing.tally;
        self.status = standing.status.clone();
        true
    }
}
