//! Which tab drives: locks, messages between tabs, and the shared journal.

use super::{Action, Around, Ask, Driver, Follow, Intent, LockGrant, Message, Mode, Persistence, Turn};
use crate::Run;
use crate::entry::{Line, Pause, Status};
use crate::journal::{StorageError, Stored};

impl Driver {
    pub(super) fn ask(&mut self, intents: Vec<Intent>) {
        self.mode = Mode::Asking(intents);
        self.act(Action::AskLock(Ask::Now));
    }

    fn rest(&mut self) {
        self.mode = Mode::Resting;
        self.next_at = None;
        self.act(Action::SleepUntil(None));
        self.act(Action::FreeLock);
        self.act(Action::Tell(Message::Freed));
        self.act(Action::Show);
    }

    /// Shows another tab's progress and waits for its lock.
    pub(super) fn follow(&mut self, intent: Option<Intent>, around: &Around) {
        self.is_own = false;
        self.next_at = None;
        // The driving tab has begun it.
        self.persistence =
            if self.persistence == Persistence::NotBegun { Persistence::On } else { self.persistence };
        self.mode = Mode::Following(Follow { intent: intent.clone(), ..Follow::default() });
        if let Some(intent) = intent {
            self.pass_on(intent, around);
        }
        self.act(Action::AskLock(Ask::Queue));
        self.act(Action::Show);
    }

    /// Forwards an intent to the driving tab.
    fn pass_on(&mut self, intent: Intent, around: &Around) {
        match intent {
            Intent::Password(password) => {
                self.run.give_password(&password);
                self.act(Action::Show);
                self.ask_for_it(around);
            }
            Intent::Resume if self.ask_for_it(around) => {}
            intent => self.act(Action::Tell(Message::Asked(intent))),
        }
    }

    /// Asks the driving tab to hand over if this one has the key or password it lacks. Returns true if so.
    fn ask_for_it(&mut self, around: &Around) -> bool {
        let is_better = match self.run.status() {
            Status::Paused(Pause::Key(_)) => around.has_key,
            Status::Paused(Pause::Password) => !self.run.needs_password(),
            _ => false,
        };
        if is_better {
            self.act(Action::Tell(Message::Asked(Intent::LetGo)));
            if let Mode::Following(follow) = &mut self.mode {
                follow.wants_it = true;
            }
        }
        is_better
    }

    pub(super) fn intent(&mut self, intent: Intent, around: &Around) {
        match &mut self.mode {
            Mode::Resting => match intent {
                Intent::Password(password) => {
                    self.run.give_password(&password);
                    self.act(Action::Show);
                    if *self.run.status() == Status::Paused(Pause::Password) {
                        self.ask(vec![Intent::Resume]);
                    }
                }
                Intent::Pause | Intent::LetGo => {}
                intent => self.ask(vec![intent]),
            },
            Mode::Asking(intents) | Mode::CatchingUp(intents, _) => intents.push(intent),
            // Without locks it is unknown whether the other tab still exists: take over the run.
            Mode::Following(_) if !around.has_locks => self.ask(vec![intent]),
            Mode::Following(_) => self.pass_on(intent, around),
            Mode::Driving => self.take(super::Input::Intent(intent), around),
        }
    }

    pub(super) fn receive(&mut self, message: Message, around: &Around) {
        let seq = self.run.seq();
        match (&mut self.mode, message) {
            (Mode::Resting, Message::Driven) => self.follow(None, around),
            (Mode::Resting, Message::Wrote { next_seq }) if next_seq > seq => self.follow(None, around),
            (Mode::Following(follow), Message::Wrote { next_seq }) => {
                follow.intent = None; // the driving tab is alive and has received it
                if next_seq > seq && self.n_loading > 0 {
                    follow.is_behind = true;
                } else if next_seq > seq {
                    self.load();
                }
            }
            // Without locks, only this message tells that the other tab has stopped driving.
            (Mode::Following(_), Message::Freed) if !around.has_locks => self.granted(around),
            (Mode::Driving, Message::Asked(intent)) => self.take(super::Input::Intent(intent), around),
            // This tab has the lock or is about to get it: the other tab was told that it drives.
            (Mode::Asking(intents) | Mode::CatchingUp(intents, _), Message::Asked(intent)) => {
                intents.push(intent)
            }
            _ => {}
        }
    }

    pub(super) fn granted(&mut self, around: &Around) {
        match std::mem::replace(&mut self.mode, Mode::Resting) {
            Mode::Asking(intents) if self.persistence == Persistence::On => {
                self.catch_up(intents, LockGrant::Asked)
            }
            Mode::Asking(intents) => self.drive(intents, around),
            Mode::Following(follow) => {
                let intents = if follow.wants_it { Some(Intent::Resume) } else { follow.intent };
                self.catch_up(intents.into_iter().collect(), LockGrant::Waited);
            }
            Mode::Resting => self.act(Action::FreeLock), // it came too late
            mode @ (Mode::CatchingUp(..) | Mode::Driving) => self.mode = mode,
        }
    }

    pub(super) fn denied(&mut self, around: &Around) {
        if let Mode::Asking(intents) = std::mem::replace(&mut self.mode, Mode::Resting) {
            let mut intents = intents.into_iter();
            self.follow(intents.next(), around);
            for intent in intents {
                self.pass_on(intent, around);
            }
        }
    }

    fn catch_up(&mut self, intents: Vec<Intent>, grant: LockGrant) {
        self.mode = Mode::CatchingUp(intents, grant);
        self.load();
    }

    fn load(&mut self) {
        // This tab's state differs from the journal: loading more lines would not fix that.
        if self.is_rereading {
            return self.reread();
        }
        self.n_loading += 1;
        self.act(Action::Load { from_seq: self.run.seq() });
    }

    /// Handles a lock that was taken away. While lines are unwritten only this tab has them, so it keeps the
    /// run until the journal rejects a write.
    pub(super) fn lock_lost(&mut self) {
        if self.persistence != Persistence::Off && self.unwritten.is_empty() {
            self.yield_run();
        }
    }

    /// Yields to another tab, which drives or has written the same lines.
    pub(super) fn yield_run(&mut self) {
        if matches!(self.mode, Mode::Driving | Mode::CatchingUp(..)) {
            self.inbox.clear();
            self.unwritten.clear();
            self.turn = Turn::Idle;
            self.lets_go = false;
            self.is_own = false;
            self.next_at = None;
            self.act(Action::SleepUntil(None));
            self.act(Action::FreeLock);
            self.mode = Mode::Following(Follow::default());
            self.reread();
            self.act(Action::AskLock(Ask::Queue));
        }
    }

    fn reread(&mut self) {
        self.is_rereading = true;
        self.n_loading += 1;
        self.act(Action::Load { from_seq: 0 });
    }

    pub(super) fn loaded(&mut self, loaded: Result<Box<Stored>, StorageError>, around: &Around) {
        self.n_loading = self.n_loading.saturating_sub(1);
        if self.n_loading > 0 || !matches!(self.mode, Mode::CatchingUp(..) | Mode::Following(_)) {
            return;
        }
        let error = match loaded {
            // Only a full read tells what the unreadable records damage.
            Ok(stored) if stored.n_damaged > 0 && !self.is_rereading => return self.reread(),
            Ok(stored) => self.apply_stored(*stored).err(),
            Err(error) => Some(error),
        };
        self.is_rereading = false;
        self.problem = error;
        match std::mem::replace(&mut self.mode, Mode::Resting) {
            Mode::CatchingUp(..) if error.is_some() => self.rest(),
            Mode::CatchingUp(intents, grant) => self.caught_up(intents, grant, around),
            Mode::Following(mut follow) => {
                let is_behind = std::mem::take(&mut follow.is_behind);
                // The driving tab no longer lacks the key or password.
                follow.wants_it &= self.run.waits_for_what_a_tab_has();
                self.mode = Mode::Following(follow);
                self.act(Action::RefreshBudget);
                self.act(Action::Show);
                if is_behind {
                    self.load();
                }
            }
            mode @ (Mode::Resting | Mode::Asking(_) | Mode::Driving) => self.mode = mode,
        }
    }

    fn apply_stored(&mut self, stored: Stored) -> Result<(), StorageError> {
        if let Some(last) = stored.lines.last() {
            self.last_at = last.entry.at();
        }
        // Another tab wrote these lines, and its calls may still be under way.
        self.is_own &= stored.lines.is_empty();
        if self.is_rereading {
            self.run = Self::restore(stored, &self.setting)?;
        } else {
            stored.lines.iter().for_each(|line: &Line| self.run.follow(line));
        }
        Ok(())
    }

    /// Continues once the lock is held and all lines of other tabs are known.
    fn caught_up(&mut self, intents: Vec<Intent>, grant: LockGrant, around: &Around) {
        let is_under_way = matches!(self.run.status(), Status::Running | Status::Stopping);
        self.hold = self.held(intents.iter(), around);
        let goes_on = match grant {
            LockGrant::Asked => true,
            LockGrant::Waited => {
                !intents.is_empty() || (is_under_way && self.is_able(around) && self.hold.is_none())
            }
        };
        if !goes_on {
            return self.rest();
        }
        let intents = match intents.first() {
            // Skipping or reading back changes of an interrupted run must not resume sending.
            Some(Intent::Skip(_) | Intent::Check(_) | Intent::Retry(_) | Intent::RetrySingly(_))
                if *self.run.status() == Status::Running =>
            {
                let pause = std::iter::once(Intent::Pause);
                pause.chain(intents).collect()
            }
            _ => intents,
        };
        self.drive(intents, around);
    }

    fn drive(&mut self, intents: Vec<Intent>, around: &Around) {
        self.mode = Mode::Driving;
        self.act(Action::Tell(Message::Driven));
        if !self.is_own {
            self.run.take_over(around.now);
            self.is_own = true;
        }
        self.inbox.extend(intents.into_iter().map(super::Input::Intent));
        self.act(Action::Show);
        self.look(around);
    }

    /// Releases the lock: the run is over or does not continue in this tab.
    pub(super) fn end(&mut self) {
        self.lets_go = false;
        self.rest();
    }

    /// Hands over to another tab, unless this one has the only copy of the state.
    pub(super) fn let_go(&mut self, around: &Around) {
        self.lets_go = false;
        if self.persistence == Persistence::Off {
            return;
        }
        self.act(Action::SleepUntil(None));
        self.act(Action::FreeLock);
        self.act(Action::Tell(Message::Freed));
        self.follow(None, around);
    }
}

/// What a run waits for that only a page can provide.
impl Run {
    pub(super) fn waits_for_network(&self) -> bool {
        *self.status() == Status::Paused(Pause::Offline)
    }

    /// True if a key or a password is missing, which another tab may have.
    pub(super) fn waits_for_what_a_tab_has(&self) -> bool {
        matches!(self.status(), Status::Paused(Pause::Key(_) | Pause::Password))
    }
}
