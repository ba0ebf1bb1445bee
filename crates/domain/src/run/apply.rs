//! What each entry does to a run. Nothing else changes its state, so its lines determine it.

use super::Run;
use super::slots::{OutcomeIdx, Slot};
use crate::api_error::ErrorOrigin;
use crate::entry::{Entry, Learned, Pause, Status};
use crate::outcome::Verdict;
use crate::{ApiError, BatchId, ChangeId, ConsoleCode, ErrorClass, Millis, Outcome};

/// How long after sending a call of a closed page may still arrive. Assumed: no vendor says how long it may
/// take. A page read back sooner could be overtaken by the call.
pub(super) const SETTLE_MS: Millis = 3_000;

/// A call that was sent and has not been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InFlight {
    pub(super) batch: BatchId,
    pub(super) attempt: u32,
    pub(super) sent_at: Millis,
    pub(super) changes: Vec<ChangeId>,
}

/// More calls than any run makes: the batch ids to skip after a loss of records.
const MAX_CALLS_UNWRITTEN: u32 = 10_000_000;

fn console_error(class: ErrorClass, code: ConsoleCode) -> ApiError {
    ApiError::new(class, ErrorOrigin::Console, code)
}

fn never_sent(code: ConsoleCode) -> Outcome {
    Outcome::NotSent(console_error(ErrorClass::Refused, code))
}

/// The precedence of a pause: a weaker one never replaces a stronger one, so that coming online does not end
/// a pause of the user. What a plan that is compared did not expect is shown in any case.
fn strength(why: &Pause) -> u8 {
    match why {
        Pause::Offline => 0,
        Pause::Lost(_) => 1,
        Pause::Pace(_) => 2,
        Pause::Journal => 3,
        Pause::Password => 4,
        Pause::Key(_) => 5,
        Pause::Person => 6,
        Pause::Changed | Pause::Unchecked(_) => 7,
    }
}

impl Run {
    /// Applies one entry: of this run, of its journal or of another page.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq += 1;
        match entry {
            Entry::Sent { batch, attempt, at, changes } => self.apply_sent(*batch, *attempt, *at, changes),
            Entry::Answered { batch, outcomes, at } => self.apply_answered(*batch, outcomes, *at),
            Entry::Returned { batch, error, .. } => self.apply_returned(*batch, error),
            Entry::Doubted { batch, error, at } => {
                self.n_lost += 1;
                if let Some(call) = self.land(*batch) {
                    self.doubt_all(&call, error);
                }
                self.last_lost_at = *at;
            }
            Entry::Read { settled, again, learned, .. } => self.apply_read(settled, again, learned),
            Entry::ReadFailed { error, changes, .. } => self.apply_read_failed(error, changes),
            Entry::Paused { why, .. } => self.apply_paused(why),
            Entry::Resumed { .. } => {
                if matches!(self.status, Status::Paused(_)) {
                    self.status = Status::Running;
                    self.n_pace = 0;
                    self.n_lost = 0;
                }
            }
            Entry::Stopped { .. } => self.apply_stopped(),
            Entry::TakenOver { at } => self.apply_taken_over(*at),
            Entry::Damaged { n_records, at } => {
                self.apply_damaged(*n_records);
                self.last_lost_at = *at;
            }
            Entry::Skipped { changes, .. } => {
                let idx = self.slots.intern(&never_sent(ConsoleCode::Skipped));
                for change in changes {
                    self.give_up(*change, idx);
                }
                self.look_at(changes.iter().copied());
            }
            Entry::Retried { changes, singly, .. } => self.apply_retried(changes, *singly),
            Entry::Checked { changes, .. } => self.apply_checked(changes),
            Entry::Finished { .. } => self.apply_finished(),
        }
    }

    fn apply_answered(&mut self, batch: BatchId, outcomes: &[(ChangeId, Outcome)], at: Millis) {
        let call = self.land(batch);
        let is_paced = outcomes.iter().any(|(_, outcome)| outcome.pace_refusal().is_some());
        self.n_pace = if is_paced { self.n_pace + 1 } else { 0 };
        self.n_lost = 0;
        for (change, outcome) in outcomes {
            let idx = self.slots.intern(outcome);
            match outcome.verdict() {
                _ if outcome.pace_refusal().is_some() => self.hold_back(*change, idx),
                Verdict::Unknown => self.doubt(*change, idx),
                Verdict::NotSent => self.end_unsent(*change, idx),
                Verdict::Done | Verdict::Same | Verdict::Refused => self.settle(*change, idx),
            }
        }
        let named = outcomes.iter().map(|(change, _)| *change);
        self.look_at(call.iter().flat_map(|call| &call.changes).copied().chain(named));
        if outcomes.iter().any(|(_, outcome)| outcome.verdict() == Verdict::Unknown) {
            self.last_lost_at = at;
        }
    }

    fn apply_read_failed(&mut self, error: &ApiError, changes: &[ChangeId]) {
        let idx = self.slots.intern(&Outcome::Unknown(error.clone()));
        for change in changes {
            self.lookups.remove(change);
            if matches!(self.slots.get(*change), Some(Slot::Doubted(_))) {
                self.settle(*change, idx);
            }
        }
    }

    fn apply_paused(&mut self, why: &Pause) {
        let is_weaker = matches!(&self.status, Status::Paused(now) if strength(now) > strength(why));
        if !is_weaker && matches!(self.status, Status::Running | Status::Paused(_)) {
            self.status = Status::Paused(why.clone());
        }
    }

    fn apply_taken_over(&mut self, at: Millis) {
        self.last_lost_at = at;
        if self.status.is_over() && self.tally().n_waiting > 0 {
            self.status = if self.is_stopped { Status::Stopping } else { Status::Running };
        }
        let error = console_error(ErrorClass::Unknown, ConsoleCode::Interrupted);
        for call in std::mem::take(&mut self.in_flight) {
            self.set_free(&call);
            self.quiet_until = self.quiet_until.max(call.sent_at + SETTLE_MS);
            self.doubt_all(&call, &error);
        }
    }

    fn apply_checked(&mut self, changes: &[ChangeId]) {
        let checkable: Vec<_> = changes.iter().copied().filter(|change| self.is_checkable(*change)).collect();
        for change in checkable {
            self.learned.remove(&change);
            self.lookups.insert(change);
        }
        self.reopen();
    }

    fn apply_finished(&mut self) {
        // An earlier release could finish while changes were still rate limited: such a run stays over.
        for (change, idx) in std::mem::take(&mut self.paced) {
            self.give_up(change, idx);
        }
        self.status = if self.is_stopped { Status::Stopped } else { Status::Done };
    }

    fn apply_sent(&mut self, batch: BatchId, attempt: u32, sent_at: Millis, changes: &[ChangeId]) {
        self.next_batch = self.next_batch.max(batch.0 + 1);
        let changes: Vec<_> = changes.iter().copied().filter(|c| self.slots.get(*c).is_some()).collect();
        let Some(first) = changes.first().copied() else { return };
        for change in &changes {
            self.lookups.remove(change);
            self.learned.remove(change);
            self.paced.remove(change);
            self.put(*change, Slot::UnderWay);
            self.slots.set_batch(*change, batch);
        }
        self.queue.drop_returned(first, batch);
        self.queue.set_busy(first, true);
        self.in_flight.push(InFlight { batch, attempt, sent_at, changes });
        self.look_at([first]);
    }

    fn apply_returned(&mut self, batch: BatchId, error: &ApiError) {
        self.n_lost = 0;
        if error.class == ErrorClass::RateLimited {
            self.n_pace += 1;
        }
        let Some(call) = self.land(batch) else { return };
        let is_stopping = self.status == Status::Stopping;
        let stopped = self.slots.intern(&never_sent(ConsoleCode::Stopped));
        for change in &call.changes {
            if !self.is_under_way(*change, batch) {
                continue;
            }
            self.put(*change, Slot::Returned);
            if is_stopping {
                self.give_up(*change, stopped);
            }
        }
        let first = call.changes.first().copied();
        self.queue.push_returned(batch, call.attempt + 1, call.changes);
        self.look_at(first);
    }

    fn apply_read(
        &mut self,
        settled: &[(ChangeId, Outcome)],
        again: &[ChangeId],
        learned: &[(ChangeId, Learned)],
    ) {
        (self.n_pace, self.n_lost) = (0, 0);
        for (change, outcome) in settled {
            let idx = self.slots.intern(outcome);
            self.lookups.remove(change);
            self.settle(*change, idx);
        }
        for change in again {
            if let Some(Slot::Doubted(idx)) = self.slots.get(*change) {
                // It was sent and may arrive late, so giving it up now must not call it never sent.
                self.outcome_before.insert(*change, idx);
                self.put(*change, Slot::Waiting);
            }
        }
        for (change, what) in learned {
            self.lookups.remove(change);
            self.learned.insert(*change, *what);
        }
        self.look_at(again.iter().copied());
    }

    fn apply_stopped(&mut self) {
        if self.status.is_over() {
            return;
        }
        self.status = Status::Stopping;
        self.is_stopped = true;
        let stopped = self.slots.intern(&never_sent(ConsoleCode::Stopped));
        let all: Vec<_> = self.slots.all().filter(|(_, slot)| !matches!(slot, Slot::Settled(_))).collect();
        for (change, slot) in all {
            match slot {
                Slot::Waiting | Slot::Returned => self.give_up(change, stopped),
                Slot::Doubted(idx) => self.settle(change, idx),
                Slot::UnderWay | Slot::Settled(_) => {}
            }
        }
        self.queue.look_everywhere(&self.slots);
    }

    /// Any change that waits or counts as never sent may be one whose sending was recorded in a lost record.
    ///
    /// If the run continued without a journal, one record stands for any number of calls, so batch ids that
    /// may be in use are skipped.
    fn apply_damaged(&mut self, n_records: u32) {
        self.next_batch = self.next_batch.saturating_add(MAX_CALLS_UNWRITTEN);
        self.n_damaged = n_records;
        let error = console_error(ErrorClass::Unknown, ConsoleCode::JournalDamaged);
        let idx = self.slots.intern(&Outcome::Unknown(error));
        let is_stopping = self.status == Status::Stopping;
        let all: Vec<_> = self.slots.all().collect();
        for (change, slot) in all {
            let may_be_sent = match slot {
                // It is read first: if it was sent, it may have been changed again since.
                Slot::Waiting | Slot::Returned if self.is_harmless(change) && !is_stopping => {
                    self.put(change, Slot::Doubted(idx));
                    false
                }
                Slot::Waiting | Slot::Returned => true,
                Slot::Settled(outcome) => self.slots.at(outcome).verdict() == Verdict::NotSent,
                Slot::UnderWay | Slot::Doubted(_) => false,
            };
            if may_be_sent {
                self.settle(change, idx);
                self.look_up(change);
            }
        }
        self.queue.look_everywhere(&self.slots);
    }

    fn apply_retried(&mut self, changes: &[ChangeId], singly: bool) {
        for change in changes {
            let Some(Slot::Settled(idx)) = self.slots.get(*change) else { continue };
            match self.slots.at(idx).verdict() {
                // It was sent, so giving it up now must not call it never sent.
                Verdict::Unknown | Verdict::Refused => self.outcome_before.insert(*change, idx),
                Verdict::NotSent => self.outcome_before.remove(change),
                Verdict::Done | Verdict::Same => continue,
            };
            self.lookups.remove(change);
            self.learned.remove(change);
            self.n_doubts.remove(change);
            if singly {
                self.single.insert(*change);
            } else {
                self.single.remove(change);
            }
            self.put(*change, Slot::Waiting);
        }
        self.is_stopped = false;
        self.reopen();
        self.look_at(changes.iter().copied());
    }

    fn reopen(&mut self) {
        if self.status.is_over() {
            self.status = Status::Running;
        }
    }

    /// Sets the state of a change and updates the queue.
    fn put(&mut self, change: ChangeId, slot: Slot) {
        let is_waiting = |slot| matches!(slot, Slot::Waiting | Slot::Returned);
        let before = self.slots.set(change, slot);
        if let (Slot::Doubted(_), Some(lane)) = (before, self.queue.lane_of(change))
            && let Some(doubted) = self.doubted.get_mut(&lane)
        {
            doubted.remove(&change);
            if doubted.is_empty() {
                self.doubted.remove(&lane);
            }
        }
        if is_waiting(before) != is_waiting(slot) {
            self.queue.note_waiting(change, is_waiting(slot));
        }
        match slot {
            Slot::Waiting => self.queue.push_again(change),
            Slot::Doubted(_) => {
                if let Some(lane) = self.queue.lane_of(change) {
                    self.doubted.entry(lane).or_default().insert(change);
                }
            }
            Slot::Returned | Slot::UnderWay | Slot::Settled(_) => {}
        }
    }

    fn settle(&mut self, change: ChangeId, idx: OutcomeIdx) {
        if self.slots.get(change).is_none() {
            return;
        }
        self.learned.remove(&change);
        self.outcome_before.remove(&change);
        self.put(change, Slot::Settled(idx));
    }

    /// Makes a change wait again that was rate limited while others of its call were processed.
    fn hold_back(&mut self, change: ChangeId, refusal: OutcomeIdx) {
        if self.slots.get(change).is_none() {
            return;
        }
        self.put(change, Slot::Waiting);
        if self.status == Status::Stopping {
            let stopped = self.slots.intern(&never_sent(ConsoleCode::Stopped));
            self.give_up(change, stopped);
        } else {
            self.paced.insert(change, refusal);
        }
    }

    /// Ends a waiting change as never sent, or with the outcome it had before a retry.
    fn give_up(&mut self, change: ChangeId, never_sent: OutcomeIdx) {
        if matches!(self.slots.get(change), Some(Slot::Waiting | Slot::Returned)) {
            self.end_unsent(change, never_sent);
        }
    }

    /// Ends a change that was not sent this time: as never sent, unless it was sent before.
    fn end_unsent(&mut self, change: ChangeId, never_sent: OutcomeIdx) {
        let idx = self.outcome_before.get(&change).copied().unwrap_or(never_sent);
        self.settle(change, idx);
    }

    /// Marks as doubtful the changes of a call whose response is lost, unless they have been settled
    /// otherwise.
    fn doubt_all(&mut self, call: &InFlight, error: &ApiError) {
        let idx = self.slots.intern(&Outcome::Unknown(error.clone()));
        for change in &call.changes {
            if self.is_under_way(*change, call.batch) {
                self.doubt(*change, idx);
            }
        }
        self.look_at(call.changes.iter().copied());
    }

    fn is_under_way(&self, change: ChangeId, batch: BatchId) -> bool {
        self.slots.get(change) == Some(Slot::UnderWay) && self.slots.batch(change) == Some(batch)
    }

    /// Marks a change as doubtful if it is safe to repeat and the run is not stopping, otherwise as unknown.
    fn doubt(&mut self, change: ChangeId, idx: OutcomeIdx) {
        if self.slots.get(change).is_none() {
            return;
        }
        let is_harmless = self.is_harmless(change);
        if is_harmless && self.status != Status::Stopping {
            *self.n_doubts.entry(change).or_default() += 1;
            self.put(change, Slot::Doubted(idx));
            return;
        }
        self.settle(change, idx);
        if !is_harmless {
            self.look_up(change);
        }
    }

    fn look_up(&mut self, change: ChangeId) {
        if self.is_readable(change) {
            self.lookups.insert(change);
        }
    }

    /// Removes a call from those under way.
    fn land(&mut self, batch: BatchId) -> Option<InFlight> {
        let idx = self.in_flight.iter().position(|call| call.batch == batch)?;
        let call = self.in_flight.remove(idx);
        self.set_free(&call);
        Some(call)
    }

    fn set_free(&mut self, call: &InFlight) {
        if let Some(first) = call.changes.first() {
            self.queue.set_busy(*first, false);
        }
    }

    /// Updates the lanes of these changes in the queue.
    fn look_at(&mut self, changes: impl IntoIterator<Item = ChangeId>) {
        let mut last = None;
        for change in changes {
            let lane = self.queue.lane_of(change);
            if let Some(lane) = lane.filter(|_| lane != last) {
                self.queue.look(lane, &self.slots);
            }
            last = lane;
        }
    }
}
