//! Plans being applied: `use_runs()` anywhere below the root.
//!
//! - [`Runs::summaries`] lists every run of this device; shell and overview need nothing else.
//! - [`Engine::start`] applies a plan and [`Runs::open`] finds a run, also after a reload. Both give a
//!   [`RunView`], whose methods track the run's progress.
//! - A page never owns a run: leaving the page does not stop it, and when its tab closes another tab, or the
//!   next one to open it, takes over.
//!
//! Reading the list (`list`, `channel`) is fetched when this device has stored something, the opener when a run is
//! opened, and the engine (`task`, `calls`) when a plan is about to be sent, or after a run was opened.

mod calls;
mod channel;
mod engine;
mod list;
mod open;
mod opener;
mod summary;
mod task;
mod view;

pub use engine::{
    Engine, PlanInput, engine, engine_stage, fetch_engine, fetched_engine, install_engine, needed_engine,
    provide_engine,
};
pub use list::list_reader;
pub use open::OpenedRun;
pub use opener::{Opener, opener, provide_opener};
pub use summary::{DrivenBy, RunSummary};
pub use task::when_runs_end;
pub use view::RunView;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::driver::{Event, Intent};
use domain::entry::Status;
use domain::{ChangeId, ConnectionId, PlanId, Secret};
use futures::channel::mpsc::UnboundedSender;
use leptos::prelude::*;
use litemap::LiteMap;

use crate::state::activity::{Activity, use_activity};
use crate::state::session::{Session, use_session};
use browser::channel::Channel;
use browser::storage::StorageError;
use browser::{clock, random};
use channel::RunMessage;
use ui::effect;

/// The runs of this device. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    session: Session,
    activity: Activity,
    list: RwSignal<Vec<RunSummary>>,
    is_loaded: RwSignal<bool>,
    problem: RwSignal<Option<StorageError>>,
    /// Changes when a run is opened here.
    opened: RwSignal<u32>,
    /// Runs of this page that start when another has ended.
    queued: RwSignal<Vec<Queued>>,
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

/// A run that starts when another has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Queued {
    run: PlanId,
    ahead: PlanId,
}

#[derive(Default)]
struct Inner {
    channel: RefCell<Option<Channel>>,
    /// Senders to the tasks of the runs opened here.
    tasks: RefCell<LiteMap<PlanId, UnboundedSender<Event>>>,
    /// What was opened here, type-erased because the type is fetched later.
    views: RefCell<LiteMap<PlanId, Rc<dyn Any>>>,
    /// Runs whose lock is watched, to know when their tab is gone.
    watched: RefCell<LiteMap<PlanId, ()>>,
    /// Runs being opened so that they resume by themselves.
    opening: RefCell<LiteMap<PlanId, ()>>,
    /// Whether the list is being read.
    is_listing: Cell<bool>,
    /// Whether another tab has told something since the list was last read.
    is_list_outdated: Cell<bool>,
    /// Whether the list has been read, or is being read.
    is_read: Cell<bool>,
    n_ids: Cell<u32>,
}

/// Creates the runs of this page and starts reading what was persisted. Call once, at the root, after the
/// session and the activity log.
pub fn provide_runs() -> Runs {
    let runs = Runs::new(use_session(), use_activity());
    provide_context(runs);
    runs.load_when_stored();
    runs.follow_connections();
    runs.follow_keys();
    runs.follow_queue();
    runs
}

/// The runs of this device.
pub fn use_runs() -> Runs {
    use_context().expect("the root provides the runs before any page is drawn")
}

impl Runs {
    /// Without runs yet.
    pub fn new(session: Session, activity: Activity) -> Self {
        Self {
            session,
            activity,
            list: RwSignal::default(),
            is_loaded: RwSignal::new(false),
            problem: RwSignal::new(None),
            opened: RwSignal::new(0),
            queued: RwSignal::default(),
            inner: StoredValue::new_local(Rc::default()),
        }
    }

    /// The session whose connections the runs use.
    pub fn session(self) -> Session {
        self.session
    }

    /// The runs of the list that have ended; untracked.
    pub fn ended_now(self) -> Vec<RunSummary> {
        let ended = |list: &Vec<RunSummary>| list.iter().filter(|run| run.is_over()).cloned().collect();
        self.list.try_with_untracked(ended).unwrap_or_default()
    }

    /// True while a run of this connection sends; tracked.
    pub fn is_sending(self, connection: &ConnectionId) -> bool {
        let sends = |run: &RunSummary| {
            run.connection == *connection && run.is_active() && matches!(run.status, Status::Running)
        };
        self.list.with(|list| list.iter().any(sends))
    }

    /// An id that no other plan of this device has.
    pub fn next_plan_id(self) -> PlanId {
        let inner = self.inner();
        let n = inner.n_ids.get() + 1;
        inner.n_ids.set(n);
        // Two tabs may create a plan at the same moment.
        let chance = (random::bits() % 36_u64.pow(4)) as u32;
        PlanId::new(["p", &clock::now().to_string(), "-", &n.to_string(), &base36(chance)].concat())
    }

    /// Every run of this device and this page, newest first; tracked.
    pub fn summaries(self) -> Vec<RunSummary> {
        self.list.get()
    }

    /// The summary of one run; tracked.
    pub fn summary(self, id: &PlanId) -> Option<RunSummary> {
        self.list.with(|list| list.iter().find(|summary| summary.id == *id).cloned())
    }

    /// False until the list has been read; tracked.
    pub fn is_loaded(self) -> bool {
        self.is_loaded.get()
    }

    /// Why runs are not persisted, so that closing the page loses their remaining work; tracked.
    pub fn journal_problem(self) -> Option<StorageError> {
        self.problem.get()
    }

    /// Pauses a run: it sends nothing new until it is resumed.
    pub fn pause(self, id: &PlanId) {
        self.want(id, Intent::Pause);
    }

    /// Pauses a new run until another has ended, as long as this page lives.
    pub fn queue(self, id: &PlanId, ahead: PlanId) {
        self.queued.update(|queued| queued.push(Queued { run: id.clone(), ahead }));
        self.pause(id);
    }

    /// Whether a run waits for the end of another; tracked.
    pub fn is_queued(self, id: &PlanId) -> bool {
        self.queued.with(|queued| queued.iter().any(|queued| queued.run == *id))
    }

    fn is_queued_now(self, id: &PlanId) -> bool {
        untrack(|| self.is_queued(id))
    }

    /// Starts queued runs whose turn has come.
    fn follow_queue(self) {
        effect(move || {
            let is_next = |queued: &&Queued| self.summary(&queued.ahead).is_none_or(|ahead| ahead.is_over());
            let next: Vec<PlanId> = self
                .queued
                .with(|queued| queued.iter().filter(is_next).map(|queued| queued.run.clone()).collect());
            untrack(|| next.iter().for_each(|id| self.resume(id)));
        });
    }

    /// Stops a run: it waits for calls in flight and sends no more.
    pub fn stop(self, id: &PlanId) {
        self.want(id, Intent::Stop);
    }

    /// Resumes a run after a pause, once something missing was provided, or after its tab closed.
    pub fn resume(self, id: &PlanId) {
        if self.is_queued_now(id) {
            self.queued.update(|queued| queued.retain(|queued| queued.run != *id));
        }
        self.want(id, Intent::Resume);
    }

    /// Retries changes that were refused or have an unknown outcome.
    pub fn retry(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Intent::Retry(changes.into()));
    }

    /// As [`Runs::retry`], with each change in a call of its own.
    pub fn retry_singly(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Intent::RetrySingly(changes.into()));
    }

    /// Takes waiting changes out of a run.
    pub fn skip(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Intent::Skip(changes.into()));
    }

    /// Reads back the state of changes with an unknown outcome.
    pub fn check(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Intent::Check(changes.into()));
    }

    /// Provides a run's password again: it is not persisted.
    pub fn give_password(self, id: &PlanId, password: Secret) {
        self.want(id, Intent::Password(password));
    }

    /// Resumes a run that cannot be persisted.
    pub fn go_on_without_journal(self, id: &PlanId) {
        self.want(id, Intent::WithoutJournal);
    }

    /// Passes an intent to the run's task here, or else to the tab that drives it.
    fn want(self, id: &PlanId, intent: Intent) {
        let inner = self.inner();
        let task = inner.tasks.borrow().get(id).cloned();
        match task {
            // A task lives as long as the page.
            Some(task) => {
                let _ = task.unbounded_send(Event::Intent(intent));
            }
            None => self.tell(&RunMessage::Asked(id.clone(), intent)),
        }
    }

    fn tell(self, told: &RunMessage) {
        if let Some(inner) = self.inner.try_get_value()
            && let Some(channel) = &*inner.channel.borrow()
        {
            channel::send(channel, told);
        }
    }

    /// True once the page is gone.
    fn is_gone(self) -> bool {
        self.inner.try_get_value().is_none()
    }

    /// Empty once the page is gone, so that late events change nothing.
    fn inner(self) -> Rc<Inner> {
        self.inner.try_get_value().unwrap_or_default()
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("tasks", &self.tasks.borrow().keys()).finish_non_exhaustive()
    }
}

fn base36(mut n: u32) -> String {
    let mut text = String::new();
    while n > 0 {
        text.extend(char::from_digit(n % 36, 36));
        n /= 36;
    }
    text
}
