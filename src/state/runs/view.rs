//! A run as pages see it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use domain::driver::Hold;
use domain::outcome::Verdict;
use domain::receipt::Row;
use domain::{
    BatchId, ChangeId, Connection, Effect, Group, Heading, Learned, Member, Millis, PlanId, Receipt, Run,
    Status, Tally, Window,
};
use leptos::prelude::*;

use super::channel::Standing;
use super::summary::Driver;
use crate::state::session::{CallRecord, Session};
use browser::clock;
use browser::storage::StorageError;

/// Most calls that are kept for the details.
const MAX_CALLS: usize = 2_000;
/// Most people of answers that are kept for the list.
const MAX_MEMBERS: usize = 5_000;

/// One run. Clones are the same run. Its methods track its progress where they say so.
#[derive(Clone, Debug)]
pub struct RunView(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    heading: Heading,
    connection: Arc<Connection>,
    session: Session,
    changed: ArcTrigger,
    only_effect: OnceLock<Option<Arc<Effect>>>,
    progress: Mutex<Progress>,
}

/// What changes while a run goes on.
#[derive(Debug)]
pub(super) struct Progress {
    /// The run, and what is decided about it.
    pub(super) driver: domain::Driver,
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<Group>,
    calls: BTreeMap<BatchId, Arc<CallRecord>>,
    rows: BTreeMap<Option<Verdict>, Arc<[ChangeId]>>,
    /// When pages were told last, and whether they are going to be told.
    pub(super) announced_at: Millis,
    pub(super) is_announcing: bool,
}

impl Progress {
    /// Who drives the run, as far as this tab knows.
    pub(super) fn who(&self) -> Driver {
        if self.driver.is_driving() {
            Driver::Here
        } else if self.driver.is_following() {
            Driver::Elsewhere
        } else {
            Driver::Nobody
        }
    }

    pub(super) fn keep_call(&mut self, batch: BatchId, call: CallRecord) {
        self.calls.insert(batch, Arc::new(call));
        if self.calls.len() > MAX_CALLS {
            self.calls.pop_first();
        }
    }

    pub(super) fn keep_named(&mut self, members: &[Member], group: Option<&Group>) {
        let room = MAX_MEMBERS.saturating_sub(self.members.len());
        self.members.extend(members.iter().take(room).cloned());
        self.groups.extend(group.cloned());
    }

    /// To be called after anything that changes the run.
    pub(super) fn note_change(&mut self) {
        self.rows.clear();
    }
}

impl PartialEq for RunView {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl RunView {
    pub(super) fn new(
        heading: Heading,
        connection: Arc<Connection>,
        session: Session,
        driver: domain::Driver,
    ) -> Self {
        let progress = Progress {
            driver,
            members: Vec::new(),
            groups: Vec::new(),
            calls: BTreeMap::new(),
            rows: BTreeMap::new(),
            announced_at: 0,
            is_announcing: false,
        };
        Self(Arc::new(Shared {
            heading,
            connection,
            session,
            changed: ArcTrigger::new(),
            only_effect: OnceLock::new(),
            progress: Mutex::new(progress),
        }))
    }

    pub(super) fn heading(&self) -> &Heading {
        &self.0.heading
    }

    /// The plan's id, which is the run's.
    pub fn id(&self) -> &PlanId {
        &self.0.heading.plan
    }

    /// What is done, in words.
    pub fn title(&self) -> &str {
        &self.0.heading.title
    }

    /// Where it is applied, as the connection was when it began or was opened here.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.0.connection
    }

    /// When it began.
    pub fn started_at(&self) -> Millis {
        self.0.heading.started_at
    }

    /// The address of the page that started it.
    pub fn place(&self) -> &str {
        &self.0.heading.place
    }

    /// How far it is; tracked.
    pub fn status(&self) -> Status {
        self.tracked().driver.run().status().clone()
    }

    /// True if nothing happens any more by itself; tracked.
    pub fn is_over(&self) -> bool {
        self.tracked().driver.run().is_over()
    }

    /// Who drives it; tracked.
    pub fn driver(&self) -> Driver {
        self.tracked().who()
    }

    /// True if it has more to do and nobody drives it; tracked.
    pub fn is_interrupted(&self) -> bool {
        let progress = self.tracked();
        progress.who() == Driver::Nobody && !progress.driver.run().is_over()
    }

    /// True if it cannot go on in this tab before the key of its connection was typed; tracked.
    pub fn needs_key(&self) -> bool {
        !self.is_over() && self.0.session.needs_key(&self.0.connection)
    }

    /// True if it cannot go on in this tab before a password was typed again; tracked.
    pub fn needs_password(&self) -> bool {
        let progress = self.tracked();
        !progress.driver.run().is_over() && progress.driver.run().needs_password()
    }

    /// Why it does not go on in this tab although nobody paused it; tracked.
    pub fn hold(&self) -> Option<Hold> {
        self.tracked().driver.hold().cloned()
    }

    /// True if a person chose to go on without saving it; tracked.
    pub fn is_unwritten(&self) -> bool {
        self.tracked().driver.is_unwritten()
    }

    /// Why what happens in it is not written down, so that closing the page loses it; tracked.
    pub fn journal_problem(&self) -> Option<StorageError> {
        self.tracked().driver.problem()
    }

    /// When it ended; tracked.
    pub fn finished_at(&self) -> Option<Millis> {
        let progress = self.tracked();
        progress.driver.run().is_over().then_some(progress.driver.last_at())
    }

    /// The moment that it waits for because of the vendor's limits, if it does; tracked.
    pub fn next_at(&self) -> Option<Millis> {
        self.tracked().driver.next_at()
    }

    /// When it looks again for what a lost call was to change, if it waits for that; tracked.
    pub fn looks_again_at(&self) -> Option<Millis> {
        self.tracked().driver.run().looks_again_at()
    }

    /// What it has come to so far, counted; tracked.
    pub fn tally(&self) -> Tally {
        self.tracked().driver.run().tally()
    }

    /// How many changes it has.
    pub fn n_rows(&self) -> usize {
        self.0.heading.n_changes as usize
    }

    /// One change and what came of it; tracked. `None` past the last.
    pub fn row_at(&self, idx: usize) -> Option<Row> {
        let progress = self.tracked();
        let change = progress.driver.run().plan().changes.get(idx)?.clone();
        let (outcome, batch) =
            (progress.driver.run().outcome(change.id), progress.driver.run().batch(change.id));
        Some(Row { change, outcome, batch })
    }

    /// One change and what came of it; tracked.
    pub fn row(&self, idx: usize) -> Row {
        self.row_at(idx).expect("rows are counted by n_rows")
    }

    /// The changes that ended so, in the plan's order; `None` for those that wait. Tracked.
    pub fn rows_with(&self, verdict: Option<Verdict>) -> Arc<[ChangeId]> {
        let mut progress = self.tracked();
        let Progress { driver, rows, .. } = &mut *progress;
        Arc::clone(rows.entry(verdict).or_insert_with(|| driver.run().with_verdict(verdict).into()))
    }

    /// What reading back told about a change that is unknown all the same; tracked.
    pub fn learned(&self, change: ChangeId) -> Option<Learned> {
        self.tracked().driver.run().learned(change)
    }

    /// True if a change is unknown and reading back may tell more; tracked.
    pub fn is_checkable(&self, change: ChangeId) -> bool {
        self.tracked().driver.run().is_checkable(change)
    }

    /// How many calls are still to be sent, if nothing goes wrong; tracked.
    pub fn calls_left(&self) -> usize {
        self.tracked().driver.run().calls_left()
    }

    /// Calls that count in each window of the vendor's limits now, and the window; tracked.
    pub fn pace(&self) -> Vec<(u32, Window)> {
        drop(self.tracked());
        self.0.session.budget(&self.0.connection).borrow().usage(clock::now())
    }

    /// The shortest time in which what is left can be sent; tracked.
    pub fn time_left(&self) -> Millis {
        let n_calls = self.calls_left();
        self.0.session.budget(&self.0.connection).borrow().time_for(n_calls, clock::now())
    }

    /// What it has come to so far, row by row; tracked. Copies every row.
    pub fn receipt(&self) -> Receipt {
        self.tracked().driver.run().receipt()
    }

    /// The effect, if all changes are of one kind.
    pub fn only_effect(&self) -> Option<&Arc<Effect>> {
        let find = || {
            let progress = self.progress();
            let mut effects = progress.driver.run().plan().changes.iter().map(|change| &change.effect);
            let first = effects.next()?;
            effects.all(|effect| effect.slug() == first.slug()).then(|| Arc::clone(first))
        };
        self.0.only_effect.get_or_init(find).as_ref()
    }

    /// The last call of a batch, for the details; tracked. Only calls of this page are known.
    pub fn call(&self, batch: BatchId) -> Option<Arc<CallRecord>> {
        self.tracked().calls.get(&batch).cloned()
    }

    /// People that answers told about; tracked. Only answers of this page are known.
    pub fn members(&self) -> Vec<Member> {
        self.tracked().members.clone()
    }

    /// Groups and communities that answers told about, as one that was created; tracked. Only answers of this
    /// page are known.
    pub fn groups(&self) -> Vec<Group> {
        self.tracked().groups.clone()
    }

    /// The run itself, for what is missing here; tracked.
    pub fn with_run<T>(&self, look: impl FnOnce(&Run) -> T) -> T {
        look(self.tracked().driver.run())
    }

    fn tracked(&self) -> MutexGuard<'_, Progress> {
        self.0.changed.track();
        self.progress()
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn notify(&self) {
        self.0.changed.notify();
    }

    pub(super) fn standing(&self) -> Standing {
        let progress = self.progress();
        Standing {
            run: self.id().clone(),
            next_seq: progress.driver.run().seq(),
            at: progress.driver.last_at(),
            next_at: progress.driver.next_at(),
            tally: progress.driver.run().tally(),
            status: progress.driver.run().status().clone(),
        }
    }
}
