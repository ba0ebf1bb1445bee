//! Plans being applied: `use_runs()` anywhere below the root.
//!
//! - [`Runs::summaries`] lists every run of this device; shell and overview need nothing else.
//! - [`Runs::start`] applies a plan, [`Runs::open`] finds a run again, after a reload as well: both give a
//!   [`RunView`], whose methods track the run's progress.
//! - A page never owns a run: leaving the page does not stop it, and a tab that goes away leaves it to
//!   another, or to whoever opens it next.
//!
//! Reading the list, `list` with `channel` and `locks`, is fetched with what reads the connections. Everything
//! that names the engine or a vendor's protocol is in `view`, `open`, `keep` and `calls`, which are
//! fetched with the pages that show runs.

mod calls;
mod channel;
mod keep;
mod list;
mod open;
mod summary;
mod view;

pub use open::Opened;
pub use summary::{Driver, RunSummary};
pub use view::RunView;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::driver::{Event, Wish};
use domain::{ChangeId, PlanId, Secret};
use futures::channel::mpsc::UnboundedSender;
use leptos::prelude::*;

use crate::state::activity::{Activity, use_activity};
use crate::state::session::{Session, use_session};
use browser::channel::Channel;
use browser::clock;
use browser::storage::StorageError;
use channel::Told;

/// The runs of this device. Copies are the same.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    session: Session,
    activity: Activity,
    list: RwSignal<Vec<RunSummary>>,
    is_loaded: RwSignal<bool>,
    problem: RwSignal<Option<StorageError>>,
    /// Told when another run was opened here.
    opened: RwSignal<u32>,
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    channel: RefCell<Option<Channel>>,
    /// The way to whoever keeps a run that was opened here.
    keepers: RefCell<BTreeMap<PlanId, UnboundedSender<Event>>>,
    /// What was opened here, as the fetched half of the console knows it.
    views: RefCell<BTreeMap<PlanId, Rc<dyn Any>>>,
    /// Runs whose lock is watched, to know when their tab is gone.
    watched: RefCell<std::collections::BTreeSet<PlanId>>,
    /// Runs that go on by themselves and are being opened for that.
    opening: RefCell<std::collections::BTreeSet<PlanId>>,
    is_listing: Cell<bool>,
    n_ids: Cell<u32>,
}

/// Makes the runs of this page and begins to read what was kept. Call once, at the root, after session and
/// activity.
pub fn provide_runs() -> Runs {
    let runs = Runs::new(use_session(), use_activity());
    provide_context(runs);
    runs.load_when_kept();
    list::provide_opener();
    runs.follow_connections();
    runs.follow_keys();
    runs
}

/// The runs of this device.
pub fn use_runs() -> Runs {
    use_context().expect("the root provides the runs before any page is drawn")
}

impl Runs {
    /// No runs yet.
    pub fn new(session: Session, activity: Activity) -> Self {
        Self {
            session,
            activity,
            list: RwSignal::default(),
            is_loaded: RwSignal::new(false),
            problem: RwSignal::new(None),
            opened: RwSignal::new(0),
            inner: StoredValue::new_local(Rc::default()),
        }
    }

    /// An id that no plan of this device has.
    pub fn next_plan_id(self) -> PlanId {
        let inner = self.inner();
        let n = inner.n_ids.get() + 1;
        inner.n_ids.set(n);
        // Two tabs may plan in the same moment.
        let chance = (js_sys::Math::random() * 36f64.powi(4)) as u32;
        PlanId::new(["p", &clock::now().to_string(), "-", &n.to_string(), &base36(chance)].concat())
    }

    /// Every run of this device and of this page, newest first; tracked.
    pub fn summaries(self) -> Vec<RunSummary> {
        self.list.get()
    }

    /// One of them; tracked.
    pub fn summary(self, id: &PlanId) -> Option<RunSummary> {
        self.list.with(|list| list.iter().find(|summary| summary.id == *id).cloned())
    }

    /// False until the list has been read; tracked.
    pub fn is_loaded(self) -> bool {
        self.is_loaded.get()
    }

    /// Why runs are not kept on this device, so that closing the page loses what they have not done yet;
    /// tracked.
    pub fn journal_problem(self) -> Option<StorageError> {
        self.problem.get()
    }

    /// Sends nothing new of a run until it is resumed.
    pub fn pause(self, id: &PlanId) {
        self.want(id, Wish::Pause);
    }

    /// Sends nothing more of a run. What is under way is waited for, what waits is not sent.
    pub fn stop(self, id: &PlanId) {
        self.want(id, Wish::Stop);
    }

    /// Goes on with a run: after a pause, after what was missing was given, after its tab went away.
    pub fn resume(self, id: &PlanId) {
        self.want(id, Wish::Resume);
    }

    /// Sends changes again that were refused or are unknown.
    pub fn retry(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Wish::Retry(changes.into()));
    }

    /// Takes changes out that wait.
    pub fn skip(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Wish::Skip(changes.into()));
    }

    /// Reads back how unknown changes are.
    pub fn check(self, id: &PlanId, changes: &[ChangeId]) {
        self.want(id, Wish::Check(changes.into()));
    }

    /// Gives the password that a run needs again: it was not written down.
    pub fn give_password(self, id: &PlanId, password: Secret) {
        self.want(id, Wish::Password(password));
    }

    /// Goes on with a run although what happens cannot be written down.
    pub fn go_on_without_journal(self, id: &PlanId) {
        self.want(id, Wish::WithoutJournal);
    }

    /// Tells whoever keeps the run here; a run that was not opened here, the tab that drives it.
    fn want(self, id: &PlanId, wish: Wish) {
        let inner = self.inner();
        let keeper = inner.keepers.borrow().get(id).cloned();
        match keeper {
            // Whoever keeps a run does so as long as the page lives.
            Some(keeper) => {
                let _ = keeper.unbounded_send(Event::Wish(wish));
            }
            None => self.tell(&Told::Asked(id.clone(), wish)),
        }
    }

    fn tell(self, told: &Told) {
        if let Some(inner) = self.inner.try_get_value()
            && let Some(channel) = &*inner.channel.borrow()
        {
            channel::send(channel, told);
        }
    }

    /// True once the page is gone whose runs these were.
    fn is_gone(self) -> bool {
        self.inner.try_get_value().is_none()
    }

    /// Nothing, once the page is gone: whatever comes late then has nothing to change.
    fn inner(self) -> Rc<Inner> {
        self.inner.try_get_value().unwrap_or_default()
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("keepers", &self.keepers.borrow().keys()).finish_non_exhaustive()
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
