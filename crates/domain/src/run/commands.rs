//! Commands of the user, and of the page that drives the run.

use std::sync::Arc;

use super::Run;
use super::slots::Slot;
use crate::entry::{Entry, Pause, Status, with_password};
use crate::order;
use crate::outcome::Verdict;
use crate::{ChangeId, Millis, Secret};

impl Run {
    /// Sends nothing new and waits for pending responses.
    pub fn pause(&mut self, why: Pause, now: Millis) {
        let is_known = matches!(&self.status, Status::Paused(known) if *known == why);
        if !is_known && matches!(self.status, Status::Running | Status::Paused(_)) {
            self.commit(Entry::Paused { at: now, why });
        }
    }

    /// Continues after a pause.
    pub fn resume(&mut self, now: Millis) {
        if matches!(self.status, Status::Paused(_)) {
            self.commit(Entry::Resumed { at: now });
            // Much may have happened during the pause.
            self.checked.clear();
            self.recheck.take_if(|reading| !reading.is_under_way());
        }
    }

    /// Stops sending for good. Waiting changes end as not sent (`console.stopped`), doubtful ones as unknown.
    pub fn stop(&mut self, now: Millis) {
        if !self.is_over() && self.status != Status::Stopping {
            self.commit(Entry::Stopped { at: now });
            for reading in [&mut self.reading, &mut self.recheck] {
                reading.take_if(|reading| !reading.is_under_way());
            }
            if self.n_under_way() == 0 {
                self.commit(Entry::Finished { at: now });
            }
        }
    }

    /// Continues a run that another page has left; the responses to its pending calls are lost. Does nothing
    /// to a run that is over, unless the record of an outcome is lost.
    pub fn take_over(&mut self, now: Millis) {
        if !self.is_over() || self.tally().n_waiting > 0 {
            self.reading = None;
            self.forget_checks();
            self.commit(Entry::TakenOver { at: now });
        }
        self.apply_damage(now);
    }

    pub(super) fn apply_damage(&mut self, now: Millis) {
        if self.is_damaged() {
            self.commit(Entry::Damaged { at: now, n_records: self.n_damaged_found });
        }
    }

    /// Sets the password, which is never persisted, on every change that had one.
    pub fn give_password(&mut self, password: &Secret) {
        for lacking in std::mem::take(&mut self.lacking) {
            let operation = Arc::new(with_password(&lacking, password));
            for change in
                self.plan.changes.iter_mut().filter(|change| Arc::ptr_eq(&change.operation, &lacking))
            {
                change.operation = Arc::clone(&operation);
            }
        }
    }

    /// True if a password has to be entered again before everything can be sent.
    pub fn needs_password(&self) -> bool {
        !self.lacking.is_empty()
    }

    /// Skips waiting changes: they end as not sent (`console.skipped`).
    pub fn skip(&mut self, changes: &[ChangeId], now: Millis) {
        let waits = |change| matches!(self.slots.get(change), Some(Slot::Waiting | Slot::Returned));
        let changes = self.chosen(changes, waits);
        if !changes.is_empty() {
            self.commit(Entry::Skipped { at: now, changes });
        }
    }

    /// Sends changes again that were refused, not sent or unknown. Unknown ones may take effect twice.
    pub fn retry(&mut self, changes: &[ChangeId], now: Millis) {
        self.retry_as(changes, false, now);
    }

    /// As [`Run::retry`], with each change in a call of its own: one that the vendor refuses no longer fails the
    /// others.
    pub fn retry_singly(&mut self, changes: &[ChangeId], now: Millis) {
        self.retry_as(changes, true, now);
    }

    fn retry_as(&mut self, changes: &[ChangeId], singly: bool, now: Millis) {
        let is_open = |verdict| matches!(verdict, Verdict::Refused | Verdict::Unknown | Verdict::NotSent);
        let may_be = |change| self.verdict(change).is_some_and(is_open);
        let changes = self.chosen(changes, may_be);
        if !changes.is_empty() && self.status != Status::Stopping {
            self.commit(Entry::Retried { at: now, changes, singly });
        }
    }

    /// Reads back those of the changes that are [checkable](Self::is_checkable).
    pub fn check(&mut self, changes: &[ChangeId], now: Millis) {
        let changes = self.chosen(changes, |change| self.is_checkable(change));
        if !changes.is_empty() && self.status != Status::Stopping {
            self.commit(Entry::Checked { at: now, changes });
        }
    }

    /// The matching changes, sorted and deduplicated.
    fn chosen(&self, changes: &[ChangeId], fits: impl Fn(ChangeId) -> bool) -> Vec<ChangeId> {
        order::distinct(changes.iter().copied().filter(|change| fits(*change)))
    }
}
