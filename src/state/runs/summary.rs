//! A run in a list: what it is and its progress.

use std::sync::Arc;

use domain::entry::{Heading, Status};
use domain::{ConnectionId, Millis, PlanId, Tally, Target, Title, Vendor};

use super::channel::RunProgress;
use browser::storage::RunRecord;

/// Which tab drives a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrivenBy {
    Here,
    Elsewhere,
    /// No tab: the one that drove it is gone.
    Nobody,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// The id of the plan and the run.
    pub id: PlanId,
    /// The connection it is applied to.
    pub connection: ConnectionId,
    /// The connection's name when the run was started.
    pub connection_name: Arc<str>,
    pub vendor: Vendor,
    pub title: Title,
    /// The path of the page that started it.
    pub place: Arc<str>,
    /// When it was started.
    pub started_at: Millis,
    /// Time of the last event.
    pub last_at: Millis,
    /// Number of changes.
    pub n_changes: usize,
    /// The time it waits for because of the vendor's limits, if it does.
    pub next_at: Option<Millis>,
    /// Its outcomes, counted.
    pub tally: Tally,
    pub status: Status,
    /// Which tab drives it.
    pub driver: DrivenBy,
    /// The target of its requests when it was started.
    pub target: Target,
}

impl RunSummary {
    /// True in a terminal state.
    pub fn is_over(&self) -> bool {
        self.status.is_over()
    }

    /// True if it has more to do and no tab drives it.
    pub fn is_interrupted(&self) -> bool {
        !self.is_over() && self.driver == DrivenBy::Nobody
    }

    /// True if it has more to do and a tab drives it.
    pub fn is_active(&self) -> bool {
        !self.is_over() && self.driver != DrivenBy::Nobody
    }

    pub(super) fn new(heading: &Heading, driver: DrivenBy) -> Self {
        let n_changes = heading.n_changes as usize;
        Self {
            id: heading.plan.clone(),
            connection: heading.connection.clone(),
            connection_name: Arc::from(&*heading.connection_name),
            vendor: heading.vendor,
            title: heading.title.clone(),
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

    pub(super) fn of_record(record: RunRecord, driver: DrivenBy) -> Self {
        let mut summary = Self::new(&record.heading, driver);
        if let Some(last) = record.last {
            summary.last_at = last.at().unwrap_or(summary.last_at);
            summary.tally = last.tally;
            summary.status = last.status;
        }
        summary
    }

    /// Takes in the run's progress. True if anything has changed.
    pub(super) fn note(&mut self, standing: &RunProgress) -> bool {
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
