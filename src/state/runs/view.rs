//! A run as seen by pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use domain::Title;
use domain::driver::Hold;
use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{
    BatchId, ChangeId, Connection, Group, Heading, Learned, Member, Millis, Operation, PlanId, Receipt, Run,
    Status, Tally, Window,
};
use leptos::prelude::*;

use super::channel::RunProgress;
use super::summary::DrivenBy;
use crate::state::session::{CallRecord, Session};
use browser::clock;
use browser::storage::StorageError;

/// Maximum number of calls kept for the details.
const MAX_CALLS: usize = 2_000;
/// Maximum number of people kept from responses.
const MAX_MEMBERS: usize = 5_000;

/// One run. Clones share state. Methods track its progress where they say so.
#[derive(Clone, Debug)]
pub struct RunView(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    heading: Heading,
    connection: Arc<Connection>,
    session: Session,
    changed: ArcTrigger,
    only_operation: OnceLock<Option<Arc<Operation>>>,
    progress: Mutex<Progress>,
}

/// The state of a run that changes while it runs.
#[derive(Debug)]
pub(super) struct Progress {
    /// The run and its state machine.
    pub(super) driver: domain::Driver,
    pub(super) members: Vec<Member>,
    pub(super) groups: Vec<Group>,
    calls: BTreeMap<BatchId, Arc<CallRecord>>,
    rows: BTreeMap<Option<Verdict>, Arc<[ChangeId]>>,
    /// When pages were last notified, and whether a notification is scheduled.
    pub(super) announced_at: Millis,
    pub(super) is_announcing: bool,
}

impl Progress {
    /// Which tab drives the run, as far as this one knows.
    pub(super) fn who(&self) -> DrivenBy {
        if self.driver.is_driving() {
            DrivenBy::Here
        } else if self.driver.is_following() {
            DrivenBy::Elsewhere
        } else {
            DrivenBy::Nobody
        }
    }

    pub(super) fn record_call(&mut self, batch: BatchId, call: CallRecord) {
        self.calls.insert(batch, Arc::new(call));
        if self.calls.len() > MAX_CALLS {
            self.calls.pop_first();
        }
    }

    pub(super) fn record_named(&mut self, members: &[Member], group: Option<&Group>) {
        let room = MAX_MEMBERS.saturating_sub(self.members.len());
        self.members.extend(members.iter().take(room).cloned());
        self.groups.extend(group.cloned());
    }

    /// Call after anything that changes the run.
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
            only_operation: OnceLock::new(),
            progress: Mutex::new(progress),
        }))
    }

    pub(super) fn heading(&self) -> &Heading {
        &self.0.heading
    }

    /// Who approved it, if a review did.
    pub fn approval(&self) -> Option<&domain::Approval> {
        self.0.heading.approval.as_ref()
    }

    /// The id of the plan and the run.
    pub fn id(&self) -> &PlanId {
        &self.0.heading.plan
    }

    /// What the run's plan does.
    pub fn title(&self) -> &Title {
        &self.0.heading.title
    }

    /// The connection, as it was when the run was started or opened here.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.0.connection
    }

    /// Whether its changes were made where this connection leads.
    pub fn began_at(&self, connection: &Connection) -> bool {
        let began = &self.0.heading.target;
        (began.vendor, &began.base_url) == (connection.vendor, &connection.base_url)
    }

    /// When it was started.
    pub fn started_at(&self) -> Millis {
        self.0.heading.started_at
    }

    /// The path of the page that started it.
    pub fn place(&self) -> &str {
        &self.0.heading.place
    }

    /// The status; tracked.
    pub fn status(&self) -> Status {
        self.tracked().driver.run().status().clone()
    }

    /// True in a terminal state; tracked.
    pub fn is_over(&self) -> bool {
        self.tracked().driver.run().is_over()
    }

    /// Which tab drives it; tracked.
    pub fn driver(&self) -> DrivenBy {
        self.tracked().who()
    }

    /// True if it has more to do and no tab drives it; tracked.
    pub fn is_interrupted(&self) -> bool {
        let progress = self.tracked();
        progress.who() == DrivenBy::Nobody && !progress.driver.run().is_over()
    }

    /// True if it cannot go on in this tab until the key of its connection is entered; tracked.
    pub fn needs_key(&self) -> bool {
        !self.is_over() && self.0.session.needs_key(&self.0.connection)
    }

    /// True if it cannot go on in this tab until a password is entered again; tracked.
    pub fn needs_password(&self) -> bool {
        let progress = self.tracked();
        !progress.driver.run().is_over() && progress.driver.run().needs_password()
    }

    /// Why it does not go on in this tab although it is not paused; tracked.
    pub fn hold(&self) -> Option<Hold> {
        self.tracked().driver.hold().cloned()
    }

    /// True if the user chose to go on without persisting it; tracked.
    pub fn is_unwritten(&self) -> bool {
        self.tracked().driver.is_unwritten()
    }

    /// Why it is not persisted, so that closing the page loses its progress; tracked.
    pub fn journal_problem(&self) -> Option<StorageError> {
        self.tracked().driver.problem()
    }

    /// When it ended; tracked.
    pub fn finished_at(&self) -> Option<Millis> {
        let progress = self.tracked();
        progress.driver.run().is_over().then_some(progress.driver.last_at())
    }

    /// The time it waits for because of the vendor's limits, if it does; tracked.
    pub fn next_at(&self) -> Option<Millis> {
        self.tracked().driver.next_at()
    }

    /// The time of the next read-back for a lost call, if it waits for one; tracked.
    pub fn looks_again_at(&self) -> Option<Millis> {
        self.tracked().driver.run().looks_again_at()
    }

    /// Its outcomes so far, counted; tracked.
    pub fn tally(&self) -> Tally {
        self.tracked().driver.run().tally()
    }

    /// Number of changes.
    pub fn n_rows(&self) -> usize {
        self.0.heading.n_changes as usize
    }

    /// A change and its outcome; `None` past the last; tracked.
    pub fn row_at(&self, idx: usize) -> Option<ReceiptRow> {
        let progress = self.tracked();
        let change = progress.driver.run().plan().changes.get(idx)?.clone();
        let (outcome, batch) =
            (progress.driver.run().outcome(change.id), progress.driver.run().batch(change.id));
        Some(ReceiptRow { change, outcome, batch })
    }

    /// A change and its outcome; tracked. Panics past the last.
    pub fn row(&self, idx: usize) -> ReceiptRow {
        self.row_at(idx).expect("rows are counted by n_rows")
    }

    /// The changes with this verdict, in the plan's order; `None` selects those that wait. Tracked.
    pub fn rows_with(&self, verdict: Option<Verdict>) -> Arc<[ChangeId]> {
        let mut progress = self.tracked();
        let Progress { driver, rows, .. } = &mut *progress;
        Arc::clone(rows.entry(verdict).or_insert_with(|| driver.run().with_verdict(verdict).into()))
    }

    /// The changes that the vendor refused together, so that one may be the cause for the others; tracked.
    pub fn refused_together(&self) -> Vec<ChangeId> {
        self.tracked().driver.run().refused_together()
    }

    /// What reading back found about a change whose outcome is still unknown; tracked.
    pub fn learned(&self, change: ChangeId) -> Option<Learned> {
        self.tracked().driver.run().learned(change)
    }

    /// True if a change has an unknown outcome and reading back may tell more; tracked.
    pub fn is_checkable(&self, change: ChangeId) -> bool {
        self.tracked().driver.run().is_checkable(change)
    }

    /// Number of calls still to be sent if nothing goes wrong; tracked.
    pub fn calls_left(&self) -> usize {
        self.tracked().driver.run().calls_left()
    }

    /// The calls counted in each window of the vendor's limits now; tracked.
    pub fn pace(&self) -> Vec<(u32, Window)> {
        drop(self.tracked());
        self.0.session.budget(&self.0.connection).borrow().usage(clock::now())
    }

    /// The shortest time in which the remaining calls can be sent; tracked.
    pub fn time_left(&self) -> Millis {
        let n_calls = self.calls_left();
        self.0.session.budget(&self.0.connection).borrow().time_for(n_calls, clock::now())
    }

    /// The outcomes so far, row by row; tracked. Copies every row.
    pub fn receipt(&self) -> Receipt {
        self.tracked().driver.run().receipt()
    }

    /// The operation of the first change, if all changes are of the same kind.
    pub fn only_operation(&self) -> Option<&Arc<Operation>> {
        let find = || {
            let progress = self.progress();
            let mut operations = progress.driver.run().plan().changes.iter().map(|change| &change.operation);
            let first = operations.next()?;
            operations.all(|operation| operation.slug() == first.slug()).then(|| Arc::clone(first))
        };
        self.0.only_operation.get_or_init(find).as_ref()
    }

    /// The last call of a batch, for the details; tracked. Only calls made by this page are known.
    pub fn call(&self, batch: BatchId) -> Option<Arc<CallRecord>> {
        self.tracked().calls.get(&batch).cloned()
    }

    /// People found in responses; tracked. Only responses to this page are known.
    pub fn members(&self) -> Vec<Member> {
        self.tracked().members.clone()
    }

    /// Groups and communities found in responses, such as a new one; tracked. Only responses to this page are
    /// known.
    pub fn groups(&self) -> Vec<Group> {
        self.tracked().groups.clone()
    }

    /// Gives access to the run itself; tracked.
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

    pub(super) fn standing(&self) -> RunProgress {
        let progress = self.progress();
        RunProgress {
            run: self.id().clone(),
            next_seq: progress.driver.run().seq(),
            at: progress.driver.last_at(),
            next_at: progress.driver.next_at(),
            tally: progress.driver.run().tally(),
            status: progress.driver.run().status().clone(),
        }
    }
}
