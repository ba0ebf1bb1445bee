//! The standing of a run in words: for lists, the overview and the run's own page.

use domain::{ApiError, ConnectionKind, ConsoleCode, Pause, Status, Tally, Title, Vendor};
use leptos::prelude::*;

use crate::features::words;
use crate::state::runs::{DrivenBy, RunSummary, RunView, Runs};
use crate::state::session::Session;
use browser::clock;
use browser::storage::StorageError;
use i18n::{format_date, format_date_time, format_number, format_time, text};
use ui::icon_sm;

/// Which list a run belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStage {
    /// A page is sending or waiting.
    GoingOn,
    /// Nothing is sent until the run is resumed.
    Waiting,
    /// Every row has an outcome.
    Finished,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    pub status: Status,
    /// Which page drives the run, if any.
    pub driver: DrivenBy,
    /// Whether the key of its connection has to be typed before it can go on.
    pub needs_key: bool,
    /// Whether its connection was removed.
    pub is_gone: bool,
    /// Whether its connection leads elsewhere than when the run began.
    pub is_moved: bool,
    /// The vendor whose API it calls.
    pub vendor: Vendor,
    /// Whether a relay adds the key.
    pub is_relayed: bool,
    /// The outcomes so far.
    pub tally: Tally,
    /// Whether it starts when another run has ended.
    pub is_queued: bool,
}

impl RunState {
    /// The standing of a listed run; tracked.
    pub fn of_summary(session: Session, runs: Runs, run: &RunSummary) -> Self {
        let connection = session.connection(&run.connection);
        Self {
            status: run.status.clone(),
            driver: run.driver,
            needs_key: connection.as_ref().is_some_and(|connection| session.needs_key(connection)),
            is_gone: connection.is_none() && session.is_loaded(),
            is_moved: connection.as_ref().is_some_and(|now| run.target != now.target()),
            vendor: run.vendor,
            is_relayed: connection.is_some_and(|connection| connection.kind == ConnectionKind::Relay),
            tally: run.tally,
            is_queued: runs.is_queued(&run.id),
        }
    }

    /// The standing of an open run; tracked.
    pub fn of_run(session: Session, runs: Runs, run: &RunView) -> Self {
        let connection = session.connection(&run.connection().id);
        Self {
            status: run.status(),
            driver: run.driver(),
            needs_key: run.needs_key(),
            is_gone: connection.is_none() && session.is_loaded(),
            is_moved: run.hold().is_some(),
            vendor: run.connection().vendor,
            is_relayed: run.connection().kind == ConnectionKind::Relay,
            tally: run.tally(),
            is_queued: runs.is_queued(run.id()),
        }
    }

    /// The error that paused the run.
    pub fn error(&self) -> Option<&ApiError> {
        match &self.status {
            Status::Paused(
                Pause::Key(error) | Pause::Pace(error) | Pause::Lost(error) | Pause::Unchecked(error),
            ) => Some(error),
            _ => None,
        }
    }

    /// Whether no page drives the run although some rows have no outcome.
    pub fn is_interrupted(&self) -> bool {
        self.stage() != RunStage::Finished && self.driver == DrivenBy::Nobody
    }

    pub fn stage(&self) -> RunStage {
        match self.status {
            Status::Done | Status::Stopped => RunStage::Finished,
            _ if self.driver == DrivenBy::Nobody => RunStage::Waiting,
            Status::Paused(_) => RunStage::Waiting,
            Status::Running | Status::Stopping => RunStage::GoingOn,
        }
    }

    /// Number of rows with an outcome.
    pub fn n_settled(&self) -> usize {
        self.tally.n_all() - self.tally.n_waiting
    }

    /// One or two words with their colour and icon.
    pub fn badge(&self) -> AnyView {
        let (class, icon, label): (_, _, fn() -> String) = match (&self.status, self.stage()) {
            (Status::Stopped, _) => ("badge is-same", "square", text::run_state_stopped),
            (_, RunStage::Finished) => ("badge is-same", "check", text::run_state_ended),
            (Status::Stopping, RunStage::GoingOn) => ("badge is-info", "timer", text::overview_stopping),
            (_, RunStage::GoingOn) if self.driver == DrivenBy::Elsewhere => {
                ("badge is-info", "timer", text::run_state_elsewhere)
            }
            (_, RunStage::GoingOn) => ("badge is-info", "timer", text::overview_running),
            _ if self.needs_key => ("badge is-unknown", "key-round", text::run_state_key),
            (Status::Paused(Pause::Person), _) if self.is_queued => {
                ("badge is-waiting", "clock", text::run_state_queued)
            }
            (Status::Paused(Pause::Person), _) => ("badge is-waiting", "pause", text::run_state_paused),
            (Status::Paused(Pause::Key(_)), _) => ("badge is-unknown", "key-round", text::run_state_key),
            (Status::Paused(Pause::Password), _) => {
                ("badge is-unknown", "key-round", text::run_state_password)
            }
            (Status::Paused(Pause::Offline), _) => ("badge is-waiting", "wifi-off", text::run_state_offline),
            (Status::Paused(Pause::Journal), _) => ("badge is-unknown", "database", text::run_state_journal),
            (Status::Paused(Pause::Pace(_)), _) => ("badge is-unknown", "timer", text::run_state_pace),
            (Status::Paused(Pause::Lost(_)), _) => ("badge is-unknown", "wifi-off", text::run_state_lost),
            (Status::Paused(Pause::Changed), _) => ("badge is-unknown", "pause", text::run_state_changed),
            (Status::Paused(Pause::Unchecked(_)), _) => {
                ("badge is-unknown", "pause", text::run_state_unchecked)
            }
            (_, RunStage::Waiting) => ("badge is-unknown", "pause", text::run_state_interrupted),
        };
        view! { <span class=class>{icon_sm(icon)}{label}</span> }.into_any()
    }

    /// The title of the run: what it is to do or, when it has ended, what it did.
    pub fn title(&self, title: &Title) -> String {
        match self.stage() {
            RunStage::Finished => words::ended_title(title, &self.tally),
            RunStage::GoingOn | RunStage::Waiting => words::title(title),
        }
    }

    /// The progress, and what the run waits for, in one sentence.
    pub fn sentence(&self) -> String {
        let (n, total) = (self.n_settled(), format_number(self.tally.n_all() as f64));
        match (&self.status, self.stage()) {
            (_, RunStage::Finished) => words::tally(None, &self.tally),
            (Status::Stopping, RunStage::GoingOn) => text::run_now_stopping(),
            (_, RunStage::GoingOn) => text::run_settled(n, &total),
            (Status::Paused(Pause::Person), _) if self.is_queued => text::run_now_queued(),
            _ if self.is_gone => text::run_now_gone(n, &total),
            (Status::Paused(Pause::Key(error)), _) if !self.is_interrupted() => match () {
                () if error.is(ConsoleCode::RelaySignIn) => text::run_now_sign_in(n, &total),
                () if self.is_relayed => text::run_now_relay_key(n, &total),
                () => text::run_now_key(n, &total),
            },
            _ if self.needs_key => text::run_now_needs_key(n, &total),
            (Status::Paused(Pause::Password), _) => text::run_now_password(n, &total),
            _ if self.is_moved => text::run_now_moved(n, &total),
            (Status::Paused(Pause::Changed), _) => text::run_now_changed(n, &total),
            (Status::Paused(Pause::Unchecked(_)), _) => text::run_now_unchecked(n, &total),
            _ if self.is_interrupted() => text::run_now_interrupted(n, &total),
            (Status::Paused(Pause::Offline), _) => text::run_now_offline(n, &total),
            (Status::Paused(Pause::Journal), _) => text::run_now_journal(n, &total),
            (Status::Paused(Pause::Pace(_)), _) => text::run_now_pace(text::RunNowPace {
                n: &format_number(n as f64),
                total: &total,
                vendor: self.vendor.name(),
            }),
            (Status::Paused(Pause::Lost(_)), _) => text::run_now_lost(n, &total),
            (_, RunStage::Waiting) => text::run_now_paused(n, &total),
        }
    }
}

/// What leaving the page does to a run that this tab drives; `None` if it is not running here. Tracked.
pub fn unload_warning(run: &RunView) -> Option<String> {
    let goes_on = run.status() == Status::Running && run.driver() == DrivenBy::Here;
    goes_on.then(|| {
        if run.journal_problem().is_some() { text::run_leave_unwritten() } else { text::run_leave() }
    })
}

/// Why runs cannot be stored or read, and what to do.
pub fn storage(error: StorageError) -> String {
    match error {
        StorageError::Corrupt => text::runs_storage_corrupt(),
        StorageError::QuotaExceeded => text::runs_storage_full(),
        StorageError::Closed | StorageError::Conflict => text::runs_storage_closed(),
        StorageError::Newer => text::runs_storage_newer(),
        StorageError::Blocked => text::runs_storage_blocked(),
        StorageError::Failed => text::runs_storage_failed(),
        StorageError::Gone | StorageError::Missing => text::runs_storage_gone(),
        StorageError::Unavailable => text::runs_storage_unavailable(),
    }
}

/// The time alone for today, date and time otherwise.
pub fn moment(at_ms: f64) -> String {
    let is_today = format_date(at_ms) == format_date(clock::now() as f64);
    if is_today { format_time(at_ms) } else { format_date_time(at_ms) }
}
