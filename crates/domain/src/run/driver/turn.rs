//! One turn: take in events, decide the next steps, persist that, and only then act on it.

use super::{Action, Around, Driver, Intent, Mode, Persistence, Write};
use crate::entry::{Entry, Line, Pause, Status};
use crate::journal::StorageError;
use crate::{
    ApiError, Batch, BatchFailure, BatchId, Budget, ConsoleCode, ErrorClass, Millis, Page, RateHint, ReadId,
    Reading, Reply, Step, api_error::ErrorOrigin,
};

/// Retry interval while the browser reports a network but requests fail as offline.
const TRY_AGAIN_MS: Millis = 10_000;

/// An input of the next turn.
#[derive(Debug)]
pub(super) enum Input {
    Intent(Intent),
    Answer(BatchId, Result<Reply, BatchFailure>, Option<RateHint>),
    Page(ReadId, Result<Page, BatchFailure>, Option<RateHint>),
    Online,
    Time,
}

/// The state of a turn.
#[derive(Debug)]
pub(super) enum Turn {
    Idle,
    /// Heading and plan are being written.
    Beginning,
    /// A gap is being written or the run removed, to continue without a journal.
    Leaving,
    /// The transaction is being opened. With an error, the plan could not be written and nothing is sent.
    Opening(Option<StorageError>),
    /// Lines and budget are being written.
    Writing(Box<Draft>),
}

/// The decisions of a turn, carried out once they are written.
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
    /// Queues an input for the next turn, if this tab drives.
    pub(super) fn take(&mut self, input: Input, around: &Around) {
        if matches!(self.mode, Mode::Driving) {
            self.inbox.push(input);
            self.look(around);
        }
    }

    /// Begins a turn unless one is in progress.
    pub(super) fn look(&mut self, around: &Around) {
        if !matches!(self.mode, Mode::Driving) || !matches!(self.turn, Turn::Idle) {
            return;
        }
        let is_wished = self.inbox.iter().any(|input| matches!(input, Input::Intent(Intent::WithoutJournal)));
        match self.persistence {
            Persistence::On if is_wished => {
                let seq = self.unwritten.first().map_or_else(|| self.run.seq(), |line| line.seq);
                self.turn = Turn::Leaving;
                self.act(Action::NoteGap { seq });
            }
            Persistence::NotBegun if is_wished => self.leave_journal(around),
            Persistence::NotBegun => {
                self.turn = Turn::Beginning;
                self.act(Action::Begin);
            }
            Persistence::On | Persistence::Off => self.open(None),
        }
    }

    fn open(&mut self, not_begun: Option<StorageError>) {
        self.turn = Turn::Opening(not_begun);
        self.act(Action::Open { keeps_lines: self.persistence == Persistence::On });
    }

    pub(super) fn begun(&mut self, begun: Result<(), StorageError>, around: &Around) {
        if !matches!(self.turn, Turn::Beginning) {
            return;
        }
        self.turn = Turn::Idle;
        match begun {
            Ok(()) => {
                self.persistence = Persistence::On;
                self.problem = None;
                self.look(around);
            }
            // Another tab has begun the same plan.
            Err(StorageError::Conflict) => {
                self.persistence = Persistence::On;
                self.yield_run();
            }
            Err(error) => {
                self.problem = Some(error);
                self.open(Some(error));
            }
        }
    }

    /// Continues without saving anything.
    fn leave_journal(&mut self, around: &Around) {
        self.persistence = Persistence::Off;
        self.unwritten.clear();
        self.turn = Turn::Idle;
        self.look(around);
    }

    /// Handles the gap that keeps later readers from taking the journal for complete.
    pub(super) fn gap_noted(&mut self, noted: Result<(), StorageError>, around: &Around) {
        if !matches!(self.turn, Turn::Leaving) {
            return;
        }
        match noted {
            Ok(()) => self.leave_journal(around),
            // Without locks, another tab may have removed the run to continue without a journal.
            Err(error @ (StorageError::Gone | StorageError::Missing)) if !around.has_locks => {
                self.stay_in_journal(error, around);
            }
            // The journal has nothing left to resume from.
            Err(StorageError::Gone | StorageError::Missing) => self.leave_journal(around),
            // Another page has written this line: it drives.
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
            // A later page would resume from the old state and send again what is sent now.
            Err(error) => self.stay_in_journal(error, around),
        }
    }

    /// Does not continue without the journal: the run stays paused.
    fn stay_in_journal(&mut self, error: StorageError, around: &Around) {
        self.problem = Some(error);
        self.inbox.retain(|input| !matches!(input, Input::Intent(Intent::WithoutJournal)));
        self.turn = Turn::Idle;
        self.act(Action::Show);
        if !self.inbox.is_empty() {
            self.look(around);
        }
    }

    /// The turn itself. No other tab can change the budget until it is written.
    pub(super) fn opened(&mut self, mut budget: Budget, around: &Around) {
        let Turn::Opening(not_begun) = self.turn else { return };
        let now = around.now;
        let intents = self.inbox.iter().filter_map(|input| match input {
            Input::Intent(intent) => Some(intent),
            _ => None,
        });
        self.hold = self.held(intents, around);
        for input in std::mem::take(&mut self.inbox) {
            // Continuing without the journal first leaves it, in a turn of its own.
            let leaves = matches!(input, Input::Intent(Intent::WithoutJournal))
                && self.persistence != Persistence::Off;
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
        let keeps_lines = self.persistence == Persistence::On;
        let lines = if self.persistence == Persistence::NotBegun {
            Vec::new()
        } else {
            std::mem::take(&mut self.unwritten)
        };
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
        // The connection was edited, or the page hidden, during the write.
        if (self.elsewhere(around).is_some() || self.is_hidden)
            && !(draft.sends.is_empty() && draft.reads.is_empty())
        {
            self.take_back(&mut draft, around.now);
            self.inbox.push(Input::Time); // persists what was taken back in the next turn
        }
        for batch in draft.sends {
            self.act(Action::Send(batch));
        }
        for reading in draft.reads {
            self.act(Action::Read(reading));
        }
        // Writing takes time and the clock may have been set meanwhile: keep the intended waiting time.
        let step = match draft.step {
            Step::WaitUntil(at) => {
                let latest = around.now + at.saturating_sub(draft.decided_at);
                Step::WaitUntil(at.clamp(around.now + 1, latest.max(around.now + 1)))
            }
            step => step,
        };
        self.wait(step, around);
    }

    /// Sends nothing of this draft, and records in the run that it was not sent.
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

    /// Decides what to wait for after a turn.
    fn wait(&mut self, step: Step, around: &Around) {
        let is_waited_for = self.run.n_under_way() > 0;
        self.lets_go &= *self.run.status() != Status::Running;
        if !self.inbox.is_empty() {
            self.act(Action::Show);
            return self.look(around);
        }
        // A run that was never begun has sent nothing.
        if step == Step::Done && (self.unwritten.is_empty() || self.persistence == Persistence::NotBegun) {
            self.act(Action::Finish);
            return self.end();
        }
        // Hand over only for a missing key or password, which another tab may have; a pause by the user
        // stays. The other tab resumes from the journal, so everything must be written.
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
        // The network may be down only on the way to the vendor: then no event reports that it is back.
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
            Input::Intent(intent) => {
                self.obey(intent, now);
                None
            }
            // Responses are also lost when the network fails; changes in doubt are read back before they are
            // retried.
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

    fn obey(&mut self, intent: Intent, now: Millis) {
        let run = &mut self.run;
        match intent {
            Intent::Pause => run.pause(Pause::Person, now),
            Intent::Stop => run.stop(now),
            Intent::Skip(changes) => run.skip(&changes, now),
            Intent::LetGo => self.lets_go = true,
            Intent::Password(password) => {
                run.give_password(&password);
                if *run.status() == Status::Paused(Pause::Password) {
                    run.resume(now);
                }
            }
            // A run sends only to the target it began with.
            Intent::Resume
            | Intent::WithoutJournal
            | Intent::Retry(_)
            | Intent::RetrySingly(_)
            | Intent::Check(_)
                if self.hold.is_some() => {}
            Intent::Resume | Intent::WithoutJournal => run.resume(now),
            Intent::Retry(changes) => run.retry(&changes, now),
            Intent::RetrySingly(changes) => run.retry_singly(&changes, now),
            Intent::Check(changes) => run.check(&changes, now),
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

/// True for entries that must survive a power loss: calls about to be sent, and decisions of the user. Losing
/// a response only leaves its changes in doubt.
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
    // Classified like a missing network, so that the changes wait again.
    BatchFailure::unsent(ApiError::new(ErrorClass::Refused, ErrorOrigin::Network, ConsoleCode::NotSent))
}
