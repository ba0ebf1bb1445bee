//! Applying a plan: what is to be done next, and what an answer means. A state machine that is made of what is
//! written down of it; time and chance are passed in.
//!
//! Every change of state is an [`Entry`], and [`Run::apply`] is all that changes state, so that a run which is
//! restored from its lines is the run. Whoever drives it writes the lines of [`Run::drain`] down before he
//! carries out the [`Step`] that [`Run::poll`] gave, and after each answer.

mod apply;
mod commands;
mod doubt;
mod queue;
mod reading;
mod record;
mod slots;

pub(crate) use queue::n_calls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apply::InFlight;
use queue::{Draft, Queue};
use reading::Active;
use slots::{OutcomeIdx, Slot, Slots};

use crate::entry::{Entry, Learned, Line, Pause, Status, StoredPlan};
use crate::outcome::Verdict;
use crate::receipt::Row;
use crate::{
    Action, Batch, BatchId, BatchItem, Budget, Capabilities, ChangeId, Cursor, Dice, Effect, Limits, Millis,
    Outcome, Plan, Query, ReadId, Receipt, Tally,
};

/// How often to look again while the budget depends on calls of others that are under way.
const LOOK_AGAIN_MS: Millis = 200;

/// What the caller should do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this batch and [`record`](Run::record) its answer.
    Send(Batch),
    /// Read this page and [`record`](Run::record_page) it.
    Read(Reading),
    /// Do nothing until this moment.
    WaitUntil(Millis),
    /// Wait for an answer that is under way.
    Await,
    /// It is paused: do nothing until it is resumed.
    Rest,
    /// Every change has its outcome.
    Done,
}

/// One page that is to be read, so that a change whose answer was lost is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number.
    pub id: ReadId,
    /// What to read.
    pub query: Query,
    /// From where on.
    pub cursor: Option<Cursor>,
}

/// A plan being applied.
#[derive(Clone, Debug)]
pub struct Run {
    plan: Plan,
    capabilities: Capabilities,
    max_in_flight: usize,
    /// Effects whose password has to be typed again.
    lacking: Vec<Arc<Effect>>,
    slots: Slots,
    queue: Queue,
    in_flight: Vec<InFlight>,
    status: Status,
    /// Whether it is going to end as stopped.
    is_stopped: bool,
    next_batch: u32,
    /// Refusals for pace in a row, and lost answers in a row.
    n_pace: u32,
    n_lost: u32,
    /// When an answer was given up last: a call can arrive for a while after that.
    last_lost_at: Millis,
    /// Nothing is read back before this moment.
    quiet_until: Millis,
    /// Changes in doubt, by lane, and how often each was sent in doubt.
    doubted: BTreeMap<u32, BTreeSet<ChangeId>>,
    n_doubts: BTreeMap<ChangeId, u32>,
    /// Unknown changes that are going to be looked for.
    lookups: BTreeSet<ChangeId>,
    learned: BTreeMap<ChangeId, Learned>,
    /// The outcomes of changes that were sent before and are to be sent again.
    outcome_before: BTreeMap<ChangeId, OutcomeIdx>,
    /// Changes that wait because they were refused for pace within a call that was processed, with that refusal.
    paced: BTreeMap<ChangeId, OutcomeIdx>,
    n_damaged: u32,
    seq: u64,
    // What follows is no part of the state: it is lost with the page and not missed.
    dice: Dice,
    new_lines: Vec<Line>,
    /// Lost records that no entry has taken in yet.
    n_damaged_found: u32,
    reading: Option<Active>,
    /// The next reading waits for this moment, because of what the last one did not find.
    look_again_at: Millis,
    next_read: u32,
}

impl Run {
    /// A run that has sent nothing yet. Changes that are so already have their outcome from the start.
    pub fn new(plan: Plan, limits: &Limits, capabilities: &Capabilities, seed: u64) -> Self {
        Self::begin(plan.into(), limits, capabilities, seed)
    }

    /// The run that lines tell of. `n_damaged` records of it could not be read; `next_seq` is above every
    /// number that was ever used.
    ///
    /// It goes on as it was: [`take_over`](Self::take_over) it before polling it.
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
            look_again_at: 0,
            next_read: 0,
        }
    }

    /// Takes in a line that another page has written. One that is known already changes nothing.
    pub fn follow(&mut self, line: &Line) {
        if line.seq >= self.seq {
            self.seq = line.seq;
            self.apply(&line.entry);
        }
    }

    /// Decides what the caller should do next, and draws on the budget if that is a call.
    pub fn poll(&mut self, now: Millis, budget: &mut Budget) -> Step {
        budget.expire(now);
        self.take_in_damage(now);
        let is_waited_for = self.n_under_way() > 0;
        match &self.status {
            Status::Done | Status::Stopped => Step::Done,
            Status::Paused(_) if is_waited_for => Step::Await,
            Status::Paused(_) => Step::Rest,
            Status::Stopping if is_waited_for => Step::Await,
            Status::Stopping => self.finish(now),
            Status::Running if self.n_under_way() >= self.max_in_flight => Step::Await,
            Status::Running => match self.queue.draft(&self.plan, &self.slots) {
                Some(draft) if self.lacks_password(&draft) => {
                    self.commit(Entry::Paused { at: now, why: Pause::Password });
                    if is_waited_for { Step::Await } else { Step::Rest }
                }
                Some(draft) => self.wait_or(now, budget, |run| run.send(draft, now)),
                None if is_waited_for => Step::Await,
                None => self.read_back(now, budget),
            },
        }
    }

    /// Does something that makes a call, or says how long to wait until one may go out.
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
            BatchItem { change: *id, person: change.person.clone(), effect: Arc::clone(&change.effect) }
        });
        let sent = Batch { id: batch, n_attempts: attempt, items: items.collect() };
        self.commit(Entry::Sent { batch, attempt, at: now, changes: draft.changes });
        Step::Send(sent)
    }

    fn finish(&mut self, now: Millis) -> Step {
        self.commit(Entry::Finished { at: now });
        Step::Done
    }

    fn lacks_password(&self, draft: &Draft) -> bool {
        let lacks = |effect: &Arc<Effect>| self.lacking.iter().any(|lacking| Arc::ptr_eq(lacking, effect));
        !self.lacking.is_empty()
            && draft.changes.iter().any(|id| lacks(&self.plan.changes[id.as_idx()].effect))
    }

    /// Makes an entry: applies it, and keeps its line until it is drained.
    fn commit(&mut self, entry: Entry) {
        let seq = self.seq;
        self.apply(&entry);
        self.new_lines.push(Line { seq, tally: self.tally(), status: self.status.clone(), entry });
    }

    /// Lines that are not written down yet, to be written before the step that came with them is carried out.
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

    /// How far it is.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// True if records of it are lost that it has not taken in yet.
    pub fn is_damaged(&self) -> bool {
        self.n_damaged_found > self.n_damaged
    }

    /// True if nothing happens any more by itself.
    pub fn is_over(&self) -> bool {
        self.status.is_over()
    }

    /// Calls that are under way, reading back included.
    pub fn n_under_way(&self) -> usize {
        self.in_flight.len() + usize::from(self.reading.as_ref().is_some_and(Active::is_under_way))
    }

    /// The outcomes counted.
    pub fn tally(&self) -> Tally {
        self.slots.tally()
    }

    /// How a change ended; `None` while it waits, is under way or in doubt.
    pub fn outcome(&self, change: ChangeId) -> Option<Outcome> {
        self.slots.outcome(change).cloned()
    }

    /// The last call that a change was in; `None` if nothing was sent for it.
    pub fn batch(&self, change: ChangeId) -> Option<BatchId> {
        self.slots.batch(change)
    }

    /// What reading back told about a change that is unknown all the same.
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

    /// The changes that ended so; with `None` those that have no outcome yet.
    pub fn with_verdict(&self, verdict: Option<Verdict>) -> Vec<ChangeId> {
        let all = self.plan.changes.iter().map(|change| change.id);
        all.filter(|change| self.verdict(*change) == verdict).collect()
    }

    /// How many calls are still to be sent, if nothing goes wrong.
    pub fn calls_left(&self) -> usize {
        self.queue.n_calls()
    }

    /// What it has come to so far, row by row.
    pub fn receipt(&self) -> Receipt {
        let row = |change: &crate::Change| Row {
            change: change.clone(),
            outcome: self.outcome(change.id),
            batch: self.batch(change.id),
        };
        Receipt { rows: self.plan.changes.iter().map(row).collect() }
    }
}
