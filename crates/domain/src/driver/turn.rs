//! One turn: take in what happened, decide what is next, write that down, and only then do it.

use super::{Action, Around, Driver, Keeping, Mode, Wish, Write};
use crate::entry::{Entry, Line, Pause, Status};
use crate::journal::StorageError;
use crate::{
    ApiError, Batch, BatchFailure, BatchId, Budget, ErrorClass, Millis, Page, RateHint, ReadId, Reading,
    Reply, Step, api_error::Origin,
};

/// How long to wait for a network that the browser believes to have.
const TRY_AGAIN_MS: Millis = 10_000;

/// Something that the next turn takes in.
#[derive(Debug)]
pub(super) enum Input {
    Wish(Wish),
    Answer(BatchId, Result<Reply, BatchFailure>, Option<RateHint>),
    Page(ReadId, Result<Page, BatchFailure>, Option<RateHint>),
    Online,
    Time,
}

/// How far a turn is.
#[derive(Debug)]
pub(super) enum Turn {
    Idle,
    /// Heading and plan are being written.
    Beginning,
    /// A gap is being noted, or the run removed: it is going to go on unwritten.
    Leaving,
    /// The transaction is being opened. With an error, the plan could not be written: nothing is sent.
    Opening(Option<StorageError>),
    /// Lines and budget are being written.
    Writing(Box<Draft>),
}

/// What is done once it is written.
#[derive(Debug)]
pub(super) struct Draft {
    sends: Vec<Batch>,
    reads: Vec<Reading>,
    step: Step,
    keeps_lines: bool,
    lines: Vec<Line>,
    budget: Budget,
    decided_at: Millis,
}

impl Driver {
    /// Takes in something at the next turn, if this tab drives.
    pub(super) fn take(&mut self, input: Input, around: &Around) {
        if matches!(self.mode, Mode::Driving) {
            self.inbox.push(input);
            self.look(around);
        }
    }

    /// Begins a turn if none is under way.
    pub(super) fn look(&mut self, around: &Around) {
        if !matches!(self.mode, Mode::Driving) || !matches!(self.turn, Turn::Idle) {
            return;
        }
        let is_wished = self.inbox.iter().any(|input| matches!(input, Input::Wish(Wish::WithoutJournal)));
        match self.keeping {
            Keeping::On if is_wished => {
                let seq = self.unwritten.first().map_or_else(|| self.run.seq(), |line| line.seq);
                self.turn = Turn::Leaving;
                self.act(Action::NoteGap { seq });
            }
            Keeping::NotBegun if is_wished => self.leave_journal(around),
            Keeping::NotBegun => {
                self.turn = Turn::Beginning;
                self.act(Action::Begin);
            }
            Keeping::On | Keeping::Off => self.open(None),
        }
    }

    fn open(&mut self, not_begun: Option<StorageError>) {
        self.turn = Turn::Opening(not_begun);
        self.act(Action::Open { keeps_lines: self.keeping == Keeping::On });
    }

    pub(super) fn begun(&mut self, begun: Result<(), StorageError>, around: &Around) {
        if !matches!(self.turn, Turn::Beginning) {
            return;
        }
        self.turn = Turn::Idle;
        match begun {
            Ok(()) => {
                self.keeping = Keeping::On;
                self.problem = None;
                self.look(around);
            }
            // Another tab has begun the same plan.
            Err(StorageError::Conflict) => {
                self.keeping = Keeping::On;
                self.yield_run();
            }
            Err(error) => {
                self.problem = Some(error);
                self.open(Some(error));
            }
        }
    }

    /// From here on nothing is saved.
    fn leave_journal(&mut self, around: &Around) {
        self.keeping = Keeping::Off;
        self.unwritten.clear();
        self.turn = Turn::Idle;
        self.look(around);
    }

    /// A later reader must not take what it finds for all that happened.
    pub(super) fn gap_noted(&mut self, noted: Result<(), StorageError>, around: &Around) {
        if !matches!(self.turn, Turn::Leaving) {
            return;
        }
        match noted {
            Ok(()) => self.leave_journal(around),
            // Without locks, another tab may have removed it to go on without a journal.
            Err(error @ (StorageError::Gone | StorageError::Missing)) if !around.has_locks => {
                self.stay_in_journal(error, around);
            }
            // Nothing of the run is there that a later reader could go on with.
            Err(StorageError::Gone | StorageError::Missing) => self.leave_journal(around),
            // Another page has written what this one was to write: it drives.
            Err(StorageError::Conflict) => self.yield_run(),
            Err(_) => self.act(Action::Remove),
        }
    }

    pub(super) fn removed(&mut self, removed: Result<(), StorageError>, around: &Around) {
        if !matches!(self.turn, Turn::Leaving) {
            return;
        }
        match removed {
            Ok(()) | Err(StorageError::Gone | StorageError::Missing) => self.leave_journal(around),
            // A later page would find the run as it was and send again what is sent now.
            Err(error) => self.stay_in_journal(error, around),
        }
    }

    /// Does not go on without the journal: the run stays paused.
    fn stay_in_journal(&mut self, error: StorageError, around: &Around) {
        self.problem = Some(error);
        self.inbox.retain(|input| !matches!(input, Input::Wish(Wish::WithoutJournal)));
        self.turn = Turn::Idle;
        self.act(Action::Show);
        if !self.inbox.is_empty() {
            self.look(around);
        }
    }

    /// The turn itself: the budget is this tab's alone until it is written.
    pub(super) fn opened(&mut self, mut budget: Budget, around: &Around) {
        let Turn::Opening(not_begun) = self.turn else { return };
        let now = around.now;
        let wishes = self.inbox.iter().filter_map(|input| match input {
            Input::Wish(wish) => Some(wish),
            _ => None,
        });
        self.hold = self.held(wishes, around);
        for input in std::mem::take(&mut self.inbox) {
            // Going on without the journal begins with leaving it, which is a turn of its own.
            let leaves = matches!(input, Input::Wish(Wish::WithoutJournal)) && self.keeping != Keeping::Off;
            if leaves {
                self.inbox.push(input);
            } else {
                self.take_now(input, now, &mut budget);
            }
        }
        if not_begun.is_some() {
            self.run.pause(Pause::Journal, now);
        }
        let may_send = self.hold.is_none() && !self.is_hidden;
        let (mut sends, mut reads) = (Vec::new(), Vec::new());
        let step = loop {
            if *self.run.status() == Status::Running && !may_send {
                break if self.run.n_under_way() > 0 { Step::Await } else { Step::Rest };
            }
            match self.run.poll(now, &mut budget) {
                Step::Send(batch) => sends.push(batch),
                Step::Read(reading) => reads.push(reading),
                step @ (Step::WaitUntil(_) | Step::Await | Step::Rest | Step::Done) => break step,
            }
        };
        self.gather_lines();
        let keeps_lines = self.keeping == Keeping::On;
        let lines =
            if self.keeping == Keeping::NotBegun { Vec::new() } else { std::mem::take(&mut self.unwritten) };
        let written = if keeps_lines { lines.clone() } else { Vec::new() };
        let is_strict = written.iter().any(|line| must_survive(&line.entry));
        self.act(Action::Write(Write { lines: written, budget: budget.clone(), is_strict }));
        self.turn = Turn::Writing(Box::new(Draft {
            sends,
            reads,
            step,
            keeps_lines,
            lines,
            budget,
            decided_at: now,
        }));
    }

    pub(super) fn written(&mut self, written: Result<(), StorageError>, around: &Around) {
        let Turn::Writing(draft) = std::mem::replace(&mut self.turn, Turn::Idle) else { return };
        let mut draft = *draft;
        match written {
            Ok(()) if draft.keeps_lines => self.problem = None,
            Ok(()) => {}
            Err(StorageError::Conflict) => return self.yield_run(),
            Err(error) => {
                self.problem = Some(error);
                self.unwritten.append(&mut draft.lines);
                self.run.pause(Pause::Journal, around.now);
                self.take_back(&mut draft, around.now);
            }
        }
        // The connection was edited, or the page put aside, while it was written.
        if (self.elsewhere(around).is_some() || self.is_hidden)
            && !(draft.sends.is_empty() && draft.reads.is_empty())
        {
            self.take_back(&mut draft, around.now);
            self.inbox.push(Input::Time); // what was taken back is written at the next turn
        }
        for batch in draft.sends {
            self.act(Action::Send(batch));
        }
        for reading in draft.reads {
            self.act(Action::Read(reading));
        }
        // Writing takes time, and meanwhile the clock may have been set: what counts is how long it was to wait.
        let step = match draft.step {
            Step::WaitUntil(at) => {
                let latest = around.now + at.saturating_sub(draft.decided_at);
                Step::WaitUntil(at.clamp(around.now + 1, latest.max(around.now + 1)))
            }
            step => step,
        };
        self.wait(step, around);
    }

    /// Nothing goes out of what was decided: the run learns that it was not sent.
    fn take_back(&mut self, draft: &mut Draft, now: Millis) {
        for batch in draft.sends.drain(..) {
            self.run.record(batch.id, Err(not_sent()), now, &mut draft.budget);
        }
        for reading in draft.reads.drain(..) {
            self.run.record_page(reading.id, Err(not_sent()), now, &mut draft.budget);
        }
        self.gather_lines();
        self.act(Action::KeepBudget(draft.budget.clone()));
        draft.step = if self.run.n_under_way() == 0 { Step::Rest } else { Step::Await };
    }

    /// Until something happens.
    fn wait(&mut self, step: Step, around: &Around) {
        let is_waited_for = self.run.n_under_way() > 0;
        self.lets_go &= *self.run.status() != Status::Running;
        if !self.inbox.is_empty() {
            self.act(Action::Show);
            return self.look(around);
        }
        // A run that was never begun has sent nothing: there is nothing to wait for.
        if step == Step::Done && (self.unwritten.is_empty() || self.keeping == Keeping::NotBegun) {
            self.act(Action::Finish);
            return self.end();
        }
        // Only a tab that has what is missing is the better one: a person's pause stays a pause. It goes on from what
        // is written: what is not yet, it would not know.
        let is_lacking = self.run.waits_for_what_a_tab_has();
        if !is_waited_for && self.lets_go && is_lacking && self.unwritten.is_empty() {
            return self.let_go(around);
        }
        if !is_waited_for && self.hold.is_some() && self.unwritten.is_empty() {
            return self.end();
        }
        let until = match step {
            Step::WaitUntil(at) => Some(at),
            _ => None,
        };
        self.next_at = until.filter(|_| !is_waited_for && self.run.looks_again_at().is_none());
        // A network may be missing only on the way to the vendor: then no event tells that it is back.
        let is_trying = self.run.waits_for_network() && around.is_online;
        let look_at = until.or_else(|| is_trying.then(|| around.now + TRY_AGAIN_MS));
        self.act(Action::SleepUntil(look_at));
        self.act(Action::Show);
    }

    fn take_now(&mut self, input: Input, now: Millis, budget: &mut Budget) {
        let run = &mut self.run;
        let hint = match input {
            Input::Answer(batch, result, hint) => {
                run.record(batch, result, now, budget);
                hint
            }
            Input::Page(read, result, hint) => {
                run.record_page(read, result, now, budget);
                hint
            }
            Input::Wish(wish) => {
                self.obey(wish, now);
                None
            }
            // Answers are lost too when the network goes; what is in doubt is read back before it is sent again.
            Input::Online if matches!(run.status(), Status::Paused(Pause::Offline | Pause::Lost(_))) => {
                run.resume(now);
                None
            }
            Input::Time if run.waits_for_network() => {
                run.resume(now);
                None
            }
            Input::Online | Input::Time => None,
        };
        if let Some(hint) = hint {
            budget.note_rate(hint, now);
        }
    }

    fn obey(&mut self, wish: Wish, now: Millis) {
        let run = &mut self.run;
        match wish {
            Wish::Pause => run.pause(Pause::Person, now),
            Wish::Stop => run.stop(now),
            Wish::Skip(changes) => run.skip(&changes, now),
            Wish::LetGo => self.lets_go = true,
            Wish::Password(password) => {
                run.give_password(&password);
                if *run.status() == Status::Paused(Pause::Password) {
                    run.resume(now);
                }
            }
            // Nothing goes elsewhere than where the run began.
            Wish::Resume | Wish::WithoutJournal | Wish::Retry(_) | Wish::Check(_) if self.hold.is_some() => {}
            Wish::Resume | Wish::WithoutJournal => run.resume(now),
            Wish::Retry(changes) => run.retry(&changes, now),
            Wish::Check(changes) => run.check(&changes, now),
        }
    }

    fn gather_lines(&mut self) {
        let lines = self.run.drain();
        if let Some(last) = lines.last() {
            self.last_at = last.entry.at();
        }
        self.unwritten.extend(lines);
    }
}

/// True for what must not be lost with the power: what is about to be sent, and what a person decided. The
/// loss of a response only leaves its changes in doubt.
fn must_survive(entry: &Entry) -> bool {
    match entry {
        Entry::Sent { .. }
        | Entry::Paused { .. }
        | Entry::Resumed { .. }
        | Entry::Stopped { .. }
        | Entry::Skipped { .. }
        | Entry::Retried { .. }
        | Entry::Checked { .. } => true,
        Entry::Answered { .. }
        | Entry::Returned { .. }
        | Entry::Doubted { .. }
        | Entry::Read { .. }
        | Entry::ReadFailed { .. }
        | Entry::TakenOver { .. }
        | Entry::Damaged { .. }
        | Entry::Finished { .. } => false,
    }
}

fn not_sent() -> BatchFailure {
    // As without a network: what was to be sent waits again.
    BatchFailure::unsent(ApiError::new(ErrorClass::Refused, Origin::Network, "console.not_sent"))
}
