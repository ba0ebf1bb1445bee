//! Applying a plan: a deterministic state machine that decides what to send next and interprets responses.
//! Time and randomness are passed in.
//!
//! Every state change is an [`Entry`], and only [`Run::apply`] changes state, so a run can be restored from
//! its lines. The driver persists the lines of [`Run::drain`] before executing the [`Step`] that
//! [`Run::poll`] returned, and after each response.

mod apply;
pub mod batch;
mod commands;
mod doubt;
pub mod driver;
pub mod entry;
pub mod idle;
pub mod journal;
pub mod ledger;
pub mod outcome;
mod queue;
mod reading;
pub mod receipt;
mod recheck;
mod record;
pub mod retry;
mod slots;
pub mod summary;

pub(crate) use queue::n_calls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apply::InFlight;
use queue::{Draft, Queue};
use reading::Active;
pub use recheck::Rechecks;
use slots::{OutcomeIdx, Slot, Slots};

use crate::api_error::ErrorOrigin;
use crate::entry::{Entry, Learned, Line, Pause, Status, StoredPlan};
use crate::outcome::Verdict;
use crate::receipt::ReceiptRow;
use crate::{
    Action, Batch, BatchId, BatchItem, Budget, Capabilities, ChangeId, Cursor, Dice, Limits, Millis,
    Operation, Outcome, Plan, Query, ReadId, Receipt, Tally,
};

/// Poll interval while the budget depends on calls of other runs or pages.
const LOOK_AGAIN_MS: Millis = 200;

/// What the caller should do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this batch and [`record`](Run::record) its response.
    Send(Batch),
    /// Read this page and [`record`](Run::record_page) it.
    Read(Reading),
    /// Do nothing until this moment.
    WaitUntil(Millis),
    /// Wait for a pending response.
    Await,
    /// Paused: do nothing until it is resumed.
    Rest,
    /// Every change has its outcome.
    Done,
}

/// One page to read, to find out the state of changes whose response was lost, or of those that are sent next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The id of the read.
    pub id: ReadId,
    /// The query.
    pub query: Query,
    /// The position to read from; `None` for the first page.
    pub cursor: Option<Cursor>,
}

/// A plan being applied.
#[derive(Clone, Debug)]
pub struct Run {
    plan: Plan,
    capabilities: Capabilities,
    max_in_flight: usize,
    /// Operations whose password has to be entered again.
    lacking: Vec<Arc<Operation>>,
    slots: Slots,
    queue: Queue,
    in_flight: Vec<InFlight>,
    status: Status,
    /// Whether it will end as stopped.
    is_stopped: bool,
    next_batch: u32,
    /// Consecutive rate limit refusals, and consecutive lost responses.
    n_pace: u32,
    n_lost: u32,
    /// When a response was last given up: the call can still arrive for a while.
    last_lost_at: Millis,
    /// Nothing is read back before this moment.
    quiet_until: Millis,
    /// Changes in doubt by lane, and how often each became doubtful.
    doubted: BTreeMap<u32, BTreeSet<ChangeId>>,
    n_doubts: BTreeMap<ChangeId, u32>,
    /// Changes that get a call of their own when they are sent again.
    single: BTreeSet<ChangeId>,
    /// Unknown changes that will be read back.
    lookups: BTreeSet<ChangeId>,
    learned: BTreeMap<ChangeId, Learned>,
    /// The previous outcomes of changes that will be sent again.
    outcome_before: BTreeMap<ChangeId, OutcomeIdx>,
    /// Changes that wait because they were rate limited within a processed call, with that refusal.
    paced: BTreeMap<ChangeId, OutcomeIdx>,
    n_damaged: u32,
    seq: u64,
    // Not part of the persisted state.
    dice: Dice,
    new_lines: Vec<Line>,
    /// Lost records that no entry accounts for yet.
    n_damaged_found: u32,
    reading: Option<Active>,
    /// The reading before the next call of a plan that is compared.
    recheck: Option<Active>,
    /// The changes that were found as they were planned, and until when that counts.
    checked: BTreeMap<ChangeId, Millis>,
    /// The next reading waits for this moment because of what the last one did not find.
    look_again_at: Millis,
    next_read: u32,
}

impl Run {
    /// A run that has sent nothing yet. Changes that are already in effect have their outcome from the start.
    pub fn new(plan: Plan, limits: &Limits, capabilities: &Capabilities, seed: u64) -> Self {
        Self::begin(plan.into(), limits, capabilities, seed)
    }

    /// Restores a run from its lines. `n_damaged` of its records could not be read; `next_seq` is greater
    /// than every number ever used.
    ///
    /// Call [`take_over`](Self::take_over) before polling it.
    pub fn restore(
        plan: StoredPlan,
        limits: &Limits,
        capabilities: &Capabilities,
        seed: u64,
        lines: impl IntoIterator<Item = Line>,
        n_damaged: u32,
        next_seq: u64,
    ) -> Self {
        let mut run = Self::begin(plan, limits, capabilities, seed);
        for line in lines {
            run.follow(&line);
        }
        run.seq = run.seq.max(next_seq);
        run.n_damaged_found = n_damaged;
        run
    }

    fn begin(stored: StoredPlan, limits: &Limits, capabilities: &Capabilities, seed: u64) -> Self {
        let StoredPlan { plan, lacking } = stored;
        let mut slots = Slots::waiting(plan.changes.len());
        let same = slots.intern(&Outcome::NoOp(None));
        for change in plan.changes.iter().filter(|change| change.action == Action::NoOp) {
            slots.set(change.id, Slot::Settled(same));
        }
        let queue = Queue::new(&plan, limits, &slots);
        Self {
            plan,
            capabilities: *capabilities,
            max_in_flight: limits.max_in_flight.max(1),
            lacking,
            slots,
            queue,
            in_flight: Vec::new(),
            status: Status::Running,
            is_stopped: false,
            next_batch: 0,
            n_pace: 0,
            n_lost: 0,
            last_lost_at: 0,
            quiet_until: 0,
            doubted: BTreeMap::new(),
            n_doubts: BTreeMap::new(),
            single: BTreeSet::new(),
            lookups: BTreeSet::new(),
            learned: BTreeMap::new(),
            outcome_before: BTreeMap::new(),
            paced: BTreeMap::new(),
            n_damaged: 0,
            seq: 0,
            dice: Dice::new(seed),
            new_lines: Vec::new(),
            n_damaged_found: 0,
            reading: None,
            recheck: None,
            checked: BTreeMap::new(),
            look_again_at: 0,
            next_read: 0,
        }
    }

    /// Applies a line that another page has written. Lines that are already known are ignored.
    pub fn follow(&mut self, line: &Line) {
        if line.seq >= self.seq {
            self.seq = line.seq;
            self.apply(&line.entry);
        }
    }

    /// Decides what the caller should do next, and draws on the budget if that is a call.
    pub fn poll(&mut self, now: Millis, budget: &mut Budget) -> Step {
        budget.expire(now);
        self.apply_damage(now);
        let is_waited_for = self.n_under_way() > 0;
        match &self.status {
            Status::Done | Status::Stopped => Step::Done,
            Status::Paused(_) if is_waited_for => Step::Await,
            Status::Paused(_) => Step::Rest,
            Status::Stopping if is_waited_for => Step::Await,
            Status::Stopping => self.finish(now),
            Status::Running if self.n_under_way() >= self.max_in_flight => Step::Await,
            Status::Running => match self.queue.draft(&self.plan, &self.slots, &self.single) {
                Some(draft) if self.lacks_password(&draft) => {
                    self.commit(Entry::Paused { at: now, why: Pause::Password });
                    if is_waited_for { Step::Await } else { Step::Rest }
                }
                Some(draft) if self.is_recheck_due(&draft, now) => self.recheck(&draft, now, budget),
                Some(draft) => self.wait_or(now, budget, |run| run.send(draft, now)),
                None if is_waited_for => Step::Await,
                None => self.read_back(now, budget),
            },
        }
    }

    /// Makes a call, or returns how long to wait until the budget allows it.
    fn wait_or(&mut self, now: Millis, budget: &mut Budget, call: impl FnOnce(&mut Self) -> Step) -> Step {
        match budget.next_slot(now) {
            None if self.n_under_way() == 0 => Step::WaitUntil(now + LOOK_AGAIN_MS),
            None => Step::Await,
            Some(at) if at > now => Step::WaitUntil(at),
            Some(_) => {
                budget.note_sent(now);
                call(self)
            }
        }
    }

    fn send(&mut self, draft: Draft, now: Millis) -> Step {
        let (batch, attempt) = draft.repeats.unwrap_or((BatchId(self.next_batch), 0));
        let items = draft.changes.iter().map(|id| {
            let change = &self.plan.changes[id.as_idx()];
            BatchItem { change: *id, person: change.person.clone(), operation: Arc::clone(&change.operation) }
        });
        for change in &draft.changes {
            self.checked.remove(change);
        }
        let sent = Batch { id: batch, n_attempts: attempt, items: items.collect() };
        self.commit(Entry::Sent { batch, attempt, at: now, changes: draft.changes });
        Step::Send(sent)
    }

    fn finish(&mut self, now: Millis) -> Step {
        self.commit(Entry::Finished { at: now });
        Step::Done
    }

    fn lacks_password(&self, draft: &Draft) -> bool {
        let lacks =
            |operation: &Arc<Operation>| self.lacking.iter().any(|lacking| Arc::ptr_eq(lacking, operation));
        !self.lacking.is_empty()
            && draft.changes.iter().any(|id| lacks(&self.plan.changes[id.as_idx()].operation))
    }

    /// Applies an entry and keeps its line until it is drained.
    fn commit(&mut self, entry: Entry) {
        let seq = self.seq;
        self.apply(&entry);
        self.new_lines.push(Line { seq, tally: self.tally(), status: self.status.clone(), entry });
    }

    /// Takes the lines that are not persisted yet. Persist them before executing the step they belong to.
    pub fn drain(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.new_lines)
    }

    /// The number of the next line.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The status.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// True if records are lost that no entry accounts for yet.
    pub fn is_damaged(&self) -> bool {
        self.n_damaged_found > self.n_damaged
    }

    /// True in a terminal state.
    pub fn is_over(&self) -> bool {
        self.status.is_over()
    }

    /// The number of pending calls, including reads.
    pub fn n_under_way(&self) -> usize {
        let readings = [&self.reading, &self.recheck];
        self.in_flight.len() + readings.into_iter().flatten().filter(|reading| reading.is_under_way()).count()
    }

    /// The counts of outcomes.
    pub fn tally(&self) -> Tally {
        self.slots.tally()
    }

    /// The outcome of a change; `None` while it waits, is under way or in doubt.
    pub fn outcome(&self, change: ChangeId) -> Option<Outcome> {
        self.slots.outcome(change).cloned()
    }

    /// The last call that a change was in; `None` if it was never sent.
    pub fn batch(&self, change: ChangeId) -> Option<BatchId> {
        self.slots.batch(change)
    }

    /// What reading back found about a change that is still unknown.
    pub fn learned(&self, change: ChangeId) -> Option<Learned> {
        self.learned.get(&change).copied()
    }

    /// True if a change is unknown and reading back may tell more.
    pub fn is_checkable(&self, change: ChangeId) -> bool {
        self.verdict(change) == Some(Verdict::Unknown) && self.is_readable(change)
    }

    fn verdict(&self, change: ChangeId) -> Option<Verdict> {
        self.slots.outcome(change).map(Outcome::verdict)
    }

    /// The changes with this verdict; with `None` those without an outcome.
    pub fn with_verdict(&self, verdict: Option<Verdict>) -> Vec<ChangeId> {
        let all = self.plan.changes.iter().map(|change| change.id);
        all.filter(|change| self.verdict(*change) == verdict).collect()
    }

    /// The changes that the vendor refused together: all of a call with several, for one and the same reason. One of
    /// them may be the cause for the others.
    pub fn refused_together(&self) -> Vec<ChangeId> {
        // The outcome that all changes of a call share; `None` if they do not.
        let mut calls: BTreeMap<BatchId, (u32, Option<&Outcome>)> = BTreeMap::new();
        for change in &self.plan.changes {
            let Some(batch) = self.slots.batch(change.id) else { continue };
            let outcome = self.slots.outcome(change.id).filter(
                |outcome| matches!(outcome, Outcome::Rejected(error) if error.origin == ErrorOrigin::Vendor),
            );
            let (n, shared) = calls.entry(batch).or_insert((0, outcome));
            *n += 1;
            *shared = shared.filter(|shared| outcome == Some(*shared));
        }
        let is_together = |batch| calls.get(&batch).is_some_and(|(n, shared)| *n > 1 && shared.is_some());
        let all = self.plan.changes.iter().map(|change| change.id);
        all.filter(|change| self.slots.batch(*change).is_some_and(is_together)).collect()
    }

    /// The number of calls still to be sent, if nothing fails. What is read before them comes on top.
    pub fn calls_left(&self) -> usize {
        self.queue.n_calls()
    }

    /// The receipt so far, with one row per change.
    pub fn receipt(&self) -> Receipt {
        let row = |change: &crate::Change| ReceiptRow {
            change: change.clone(),
            outcome: self.outcome(change.id),
            batch: self.batch(change.id),
        };
        Receipt { rows: self.plan.changes.iter().map(row).collect() }
    }
}
