//! Drives a run: decides what is asked of the browser, the journal and the vendor, and does nothing itself.
//!
//! [`Driver::handle`] takes an [`Event`]; [`Driver::next_action`] gives what to do about it. The page and the
//! simulation execute actions and decide nothing: what is written before what is sent, who drives, what a
//! failed write means, and when a run goes on by itself is decided here.

mod event;
mod lock;
mod turn;

pub use event::{Action, Around, Ask, Event, Message, Wish, Write};

use std::collections::VecDeque;

use crate::entry::{Heading, Pause, Status};
use crate::journal::{StorageError, Stored};
use crate::{Capabilities, Limits, Millis, Run, Tally, Target};
use turn::{Input, Turn};

/// How far two clocks may part before one of them was set.
const MAX_DRIFT_MS: Millis = 1_000;

/// What a run is made of besides its plan.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The rate limits of its connection.
    pub limits: Limits,
    /// What its vendor can do.
    pub capabilities: Capabilities,
    /// Chance for its waits.
    pub seed: u64,
}

/// Whether what happens is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeping {
    /// The plan is not in the journal yet.
    NotBegun,
    /// Every line is written before anything of it is done.
    On,
    /// A person chose to go on without.
    Off,
}

/// Why a run does not go on in this tab although nobody paused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The connection leads elsewhere now.
    Elsewhere {
        /// Where the run began.
        began: Target,
        /// Where the connection leads; `None` if there is none any more.
        now: Option<Target>,
    },
}

/// Who drives the run, as far as this tab knows.
#[derive(Debug)]
enum Mode {
    /// Nobody.
    Resting,
    /// This tab has asked for the lock.
    Asking(Vec<Wish>),
    /// This tab has the lock and reads what others wrote before it.
    CatchingUp(Vec<Wish>, Before),
    /// Another tab; this one waits for its end and shows what it writes.
    Following(Follow),
    /// This tab.
    Driving,
}

/// How a tab came to the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// It asked for it.
    Asked,
    /// The tab that drove is gone.
    Waited,
}

#[derive(Debug, Default)]
struct Follow {
    /// A wish that came before it was known that another tab drives.
    wish: Option<Wish>,
    /// This tab has what the other lacks, and asked for the run.
    wants_it: bool,
    /// There is more to read than was asked for.
    is_behind: bool,
}

/// True for a run that goes on by itself where nobody drives it: nobody paused it, or it was over and the record of
/// an outcome is lost.
pub fn is_left(status: &Status, tally: &Tally) -> bool {
    match status {
        Status::Running | Status::Stopping | Status::Paused(Pause::Offline) => true,
        Status::Done | Status::Stopped => tally.n_waiting > 0,
        Status::Paused(_) => false,
    }
}

/// One run in one tab.
#[derive(Debug)]
pub struct Driver {
    run: Run,
    heading: Heading,
    setting: Setting,
    mode: Mode,
    keeping: Keeping,
    /// True while no other tab has driven it since this one did.
    is_own: bool,
    /// Lines that are not written yet.
    unwritten: Vec<crate::entry::Line>,
    problem: Option<StorageError>,
    hold: Option<Hold>,
    is_hidden: bool,
    inbox: Vec<Input>,
    turn: Turn,
    lets_go: bool,
    /// Reads of the journal that are under way: only the last one counts.
    n_loading: u32,
    /// The whole journal is being read again, in place of what is known.
    is_rereading: bool,
    next_at: Option<Millis>,
    last_at: Millis,
    /// Both clocks when it was told something last.
    clocks: Option<(Millis, Millis)>,
    actions: VecDeque<Action>,
}

impl Driver {
    /// A run that was started here.
    pub fn start(run: Run, heading: Heading, setting: Setting) -> Self {
        let mut driver = Self::new(run, heading, setting, Keeping::NotBegun);
        driver.is_own = true;
        driver.ask(Vec::new());
        driver
    }

    /// A run that was found in the journal. `is_locked` if another tab drives it. If nobody does, and nobody had
    /// paused it, it goes on by itself where its key is at hand.
    pub fn find(run: Run, heading: Heading, setting: Setting, is_locked: bool, around: &Around) -> Self {
        let mut driver = Self::new(run, heading, setting, Keeping::On);
        if is_locked {
            driver.follow(None, around);
        } else {
            driver.go_on_by_itself(around);
        }
        driver
    }

    fn new(run: Run, heading: Heading, setting: Setting, keeping: Keeping) -> Self {
        Self {
            last_at: heading.started_at,
            run,
            heading,
            setting,
            mode: Mode::Resting,
            keeping,
            is_own: false,
            unwritten: Vec::new(),
            problem: None,
            hold: None,
            is_hidden: false,
            inbox: Vec::new(),
            turn: Turn::Idle,
            lets_go: false,
            n_loading: 0,
            is_rereading: false,
            next_at: None,
            clocks: None,
            actions: VecDeque::new(),
        }
    }

    /// Makes a driver of what a journal holds.
    ///
    /// # Errors
    /// If heading and plan cannot be read.
    pub fn restore(stored: Stored, setting: &Setting) -> Result<Run, StorageError> {
        let Stored { heading, chunks, lines, n_damaged, next_seq } = stored;
        let plan = crate::entry::plan_of(&heading, chunks).map_err(|_| StorageError::Corrupt)?;
        let Setting { limits, capabilities, seed } = setting;
        Ok(Run::restore(plan, limits, capabilities, *seed, lines, n_damaged, next_seq))
    }

    /// Takes in what happened. Call it with one event at a time, and do every
    /// [`next_action`](Self::next_action) before the next.
    pub fn handle(&mut self, event: Event, around: &Around) {
        self.follow_clock(around);
        match event {
            Event::Granted => self.granted(around),
            Event::Denied => self.denied(around),
            Event::LockLost => self.lock_lost(),
            Event::Wish(wish) => self.wish(wish, around),
            Event::Told(message) => self.told(message, around),
            Event::Hidden => self.is_hidden = true,
            Event::Shown => {
                self.is_hidden = false;
                match self.mode {
                    // What was taken back then waits as without a network.
                    Mode::Driving => self.take(Input::Online, around),
                    Mode::Resting => self.go_on_by_itself(around),
                    _ => {}
                }
            }
            Event::Changed => match self.mode {
                Mode::Driving => self.look(around),
                Mode::Resting => self.go_on_by_itself(around),
                _ => {}
            },
            Event::Online => self.take(Input::Online, around),
            Event::Time => self.take(Input::Time, around),
            Event::Answered { batch, result, hint } => {
                self.take(Input::Answer(batch, result, hint), around);
            }
            Event::PageRead { read, result, hint } => self.take(Input::Page(read, result, hint), around),
            Event::Begun(begun) => self.begun(begun, around),
            Event::Opened(budget) => self.opened(budget, around),
            Event::Written(written) => self.written(written, around),
            Event::GapNoted(noted) => self.gap_noted(noted, around),
            Event::Removed(removed) => self.removed(removed, around),
            Event::Loaded(loaded) => self.loaded(loaded, around),
        }
    }

    /// What to do next; `None` until something happens.
    pub fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// What it is.
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    /// True while this tab drives it.
    pub fn is_driving(&self) -> bool {
        matches!(self.mode, Mode::Driving | Mode::CatchingUp(..))
    }

    /// True while another tab drives it.
    pub fn is_following(&self) -> bool {
        matches!(self.mode, Mode::Following(_))
    }

    /// True if what happens is not saved because a person chose so.
    pub fn is_unwritten(&self) -> bool {
        self.keeping == Keeping::Off
    }

    /// Why what happens is not saved.
    pub fn problem(&self) -> Option<StorageError> {
        self.problem
    }

    /// Why it does not go on here.
    pub fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// The moment that it waits for because of a rate limit, if it does.
    pub fn next_at(&self) -> Option<Millis> {
        self.next_at
    }

    /// When something happened in it last.
    pub fn last_at(&self) -> Millis {
        self.last_at
    }

    /// How far it is, for a log.
    pub fn describe(&self) -> String {
        let Self { mode, turn, keeping, inbox, unwritten, problem, hold, .. } = self;
        let (status, n_under_way) = (self.run.status(), self.run.n_under_way());
        format!(
            "{mode:?}, {turn:?}, {keeping:?}, {status:?}, {n_under_way} under way, {} to take in, {} unwritten, \
             problem {problem:?}, hold {hold:?}",
            inbox.len(),
            unwritten.len(),
        )
    }

    /// Tells the run if the clock was set: a call that was given up a second ago may arrive, whatever the clock says.
    fn follow_clock(&mut self, around: &Around) {
        if let Some((now, steady)) = self.clocks.replace((around.now, around.steady)) {
            let expected = now + around.steady.saturating_sub(steady);
            let jump = around.now as i64 - expected as i64;
            if jump.unsigned_abs() > MAX_DRIFT_MS {
                self.run.shift_clock(jump);
            }
        }
    }

    fn act(&mut self, action: Action) {
        self.actions.push_back(action);
    }

    /// Where the connection leads now, if that is not where the run began.
    fn elsewhere(&self, around: &Around) -> Option<Hold> {
        let began = self.heading.target.as_ref()?;
        let is_there = around.target.as_ref() == Some(began);
        (!is_there).then(|| Hold::Elsewhere { began: began.clone(), now: around.target.clone() })
    }

    /// Why it does not go on here, given what is wanted of it. A run that is over is held only if it would go on.
    fn held<'a>(&self, mut wishes: impl Iterator<Item = &'a Wish>, around: &Around) -> Option<Hold> {
        let goes_on = !self.run.is_over()
            || is_left(self.run.status(), &self.run.tally())
            || wishes.any(|wish| matches!(wish, Wish::Retry(_) | Wish::Check(_)));
        self.elsewhere(around).filter(|_| goes_on)
    }

    /// True if what is missing here is not missing: the key, and a password that was not saved.
    fn is_able(&self, around: &Around) -> bool {
        around.has_key && !self.run.needs_password()
    }

    /// Goes on with a run that nobody paused and nobody drives.
    fn go_on_by_itself(&mut self, around: &Around) {
        let was = self.hold.take();
        let is_begun = self.keeping == Keeping::On && self.problem.is_none();
        // After a loss of records it is not known how far it came: a person decides.
        let is_whole = !self.run.is_damaged() || self.run.is_over();
        if is_begun && is_whole && is_left(self.run.status(), &self.run.tally()) {
            self.hold = self.elsewhere(around);
            if self.hold.is_none() && self.is_able(around) && around.has_locks && !self.is_hidden {
                self.ask(Vec::new());
            }
        }
        if self.hold != was {
            self.act(Action::Show);
        }
    }
}
