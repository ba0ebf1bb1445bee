//! Drives a run: decides what to ask of the browser, the journal and the vendor, and performs no I/O.
//!
//! [`Driver::handle`] takes an [`Event`]; [`Driver::next_action`] returns the resulting actions. The page and
//! the simulation execute actions and decide nothing: the order of writes and sends, which tab drives, the
//! handling of failed writes and automatic resumption are all decided here.

mod event;
mod lock;
mod turn;

pub use event::{Action, Around, Ask, Event, Intent, Message, Write};

use std::collections::VecDeque;

use crate::entry::{Heading, Pause, Status};
use crate::journal::{StorageError, Stored};
use crate::{Capabilities, Limits, Millis, Run, Tally, Target};
use turn::{Input, Turn};

/// Difference between the two clocks above which the wall clock counts as having been set.
const MAX_DRIFT_MS: Millis = 1_000;

/// The parameters of a run besides its plan.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The rate limits of its connection.
    pub limits: Limits,
    /// The capabilities of its vendor.
    pub capabilities: Capabilities,
    /// Seed for the jitter of its waits.
    pub seed: u64,
}

/// Whether the run is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Persistence {
    /// The plan is not in the journal yet.
    NotBegun,
    /// Every line is persisted before it is acted on.
    On,
    /// The user chose to continue without the journal.
    Off,
}

/// Why a run does not continue in this tab although it is not paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The connection has a different target now.
    Elsewhere {
        /// The target when the run began.
        began: Target,
        /// The target now; `None` if the connection no longer exists.
        now: Option<Target>,
    },
}

/// Which tab drives the run, as far as this tab knows.
#[derive(Debug)]
enum Mode {
    /// No tab.
    Resting,
    /// This tab has requested the lock.
    Asking(Vec<Intent>),
    /// This tab holds the lock and reads what other tabs wrote.
    CatchingUp(Vec<Intent>, LockGrant),
    /// Another tab; this one shows its progress and waits for its lock.
    Following(Follow),
    /// This tab.
    Driving,
}

/// How a tab got the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LockGrant {
    /// It requested it for an intent or to resume.
    Asked,
    /// It waited until the driving tab released it.
    Waited,
}

#[derive(Debug, Default)]
struct Follow {
    /// An intent made before this tab knew that another one drives.
    intent: Option<Intent>,
    /// This tab has what the driving tab lacks, and has asked it to hand over.
    wants_it: bool,
    /// More lines exist than were requested.
    is_behind: bool,
}

/// True if a run resumes by itself when no tab drives it: it is not paused (other than by being offline), or
/// it was over but the record of an outcome is lost.
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
    persistence: Persistence,
    /// True while no other tab has driven the run since this one did.
    is_own: bool,
    /// Lines that are not persisted yet.
    unwritten: Vec<crate::entry::Line>,
    problem: Option<StorageError>,
    hold: Option<Hold>,
    is_hidden: bool,
    inbox: Vec<Input>,
    turn: Turn,
    lets_go: bool,
    /// Pending reads of the journal; only the last one counts.
    n_loading: u32,
    /// The whole journal is being read again to replace this tab's state.
    is_rereading: bool,
    next_at: Option<Millis>,
    last_at: Millis,
    /// Wall clock and monotonic clock at the last event.
    clocks: Option<(Millis, Millis)>,
    actions: VecDeque<Action>,
}

impl Driver {
    /// Starts a new run.
    pub fn start(run: Run, heading: Heading, setting: Setting) -> Self {
        let mut driver = Self::new(run, heading, setting, Persistence::NotBegun);
        driver.is_own = true;
        driver.ask(Vec::new());
        driver
    }

    /// Opens a run found in the journal. `is_locked` is true if another tab drives it. Otherwise it resumes
    /// by itself if it [was left](is_left) and this tab has its key.
    pub fn find(run: Run, heading: Heading, setting: Setting, is_locked: bool, around: &Around) -> Self {
        let mut driver = Self::new(run, heading, setting, Persistence::On);
        if is_locked {
            driver.follow(None, around);
        } else {
            driver.go_on_by_itself(around);
        }
        driver
    }

    fn new(run: Run, heading: Heading, setting: Setting, persistence: Persistence) -> Self {
        Self {
            last_at: heading.started_at,
            run,
            heading,
            setting,
            mode: Mode::Resting,
            persistence,
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

    /// Restores a run from the journal.
    ///
    /// # Errors
    /// If the heading and plan cannot be read.
    pub fn restore(stored: Stored, setting: &Setting) -> Result<Run, StorageError> {
        let Stored { heading, chunks, lines, n_damaged, next_seq } = stored;
        let plan = crate::entry::plan_of(&heading, chunks).map_err(|_| StorageError::Corrupt)?;
        let Setting { limits, capabilities, seed } = setting;
        Ok(Run::restore(plan, limits, capabilities, *seed, lines, n_damaged, next_seq))
    }

    /// Handles one event. Execute every [`next_action`](Self::next_action) before passing the next event.
    pub fn handle(&mut self, event: Event, around: &Around) {
        self.follow_clock(around);
        match event {
            Event::Granted => self.granted(around),
            Event::Denied => self.denied(around),
            Event::LockLost => self.lock_lost(),
            Event::Intent(intent) => self.intent(intent, around),
            Event::Told(message) => self.receive(message, around),
            Event::Hidden => self.is_hidden = true,
            Event::Shown => {
                self.is_hidden = false;
                match self.mode {
                    // What was taken back when the page was hidden waits as if offline.
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

    /// The next action; `None` until the next event.
    pub fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The heading of the run.
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

    /// True if the user chose to continue without saving.
    pub fn is_unwritten(&self) -> bool {
        self.persistence == Persistence::Off
    }

    /// Why the run cannot be saved.
    pub fn problem(&self) -> Option<StorageError> {
        self.problem
    }

    /// Why it does not continue in this tab.
    pub fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// The moment it waits for because of a rate limit.
    pub fn next_at(&self) -> Option<Millis> {
        self.next_at
    }

    /// The time of the last entry.
    pub fn last_at(&self) -> Millis {
        self.last_at
    }

    /// A summary of its state, for a log.
    pub fn describe(&self) -> String {
        let Self { mode, turn, persistence, inbox, unwritten, problem, hold, .. } = self;
        let (status, n_under_way) = (self.run.status(), self.run.n_under_way());
        format!(
            "{mode:?}, {turn:?}, {persistence:?}, {status:?}, {n_under_way} under way, {} to take in, {} unwritten, \
             problem {problem:?}, hold {hold:?}",
            inbox.len(),
            unwritten.len(),
        )
    }

    /// Tells the run when the wall clock was set: a call given up a second ago may still arrive, whatever the
    /// clock says.
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

    /// Returns a hold if the target of the connection differs from that of the run.
    fn elsewhere(&self, around: &Around) -> Option<Hold> {
        let began = &self.heading.target;
        let is_there = around.target.as_ref() == Some(began);
        (!is_there).then(|| Hold::Elsewhere { began: began.clone(), now: around.target.clone() })
    }

    /// Why the run does not continue here, given these intents. A run that is over is held only if it would
    /// continue.
    fn held<'a>(&self, mut intents: impl Iterator<Item = &'a Intent>, around: &Around) -> Option<Hold> {
        let goes_on = !self.run.is_over()
            || is_left(self.run.status(), &self.run.tally())
            || intents
                .any(|intent| matches!(intent, Intent::Retry(_) | Intent::RetrySingly(_) | Intent::Check(_)));
        self.elsewhere(around).filter(|_| goes_on)
    }

    /// True if this tab has the key and any password that was not saved.
    fn is_able(&self, around: &Around) -> bool {
        around.has_key && !self.run.needs_password()
    }

    /// Resumes a run that was left and that no tab drives.
    fn go_on_by_itself(&mut self, around: &Around) {
        let was = self.hold.take();
        let is_begun = self.persistence == Persistence::On && self.problem.is_none();
        // After a loss of records the progress is unknown: the user decides.
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
