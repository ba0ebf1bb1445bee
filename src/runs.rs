//! Plans being applied: `use_runs()` anywhere below the root.
//!
//! A page never owns a run. [`Runs::start`] gives a [`RunView`], which any page can find again by its id;
//! leaving the page does not stop it. Reading a view's methods inside a view tracks the run's progress.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::run::Run;
use domain::{
    Batch, BatchFailure, BatchId, Connection, Group, Limits, Member, Millis, Page, Plan, PlanId, ReadId,
    Reading, Receipt, Reply, Step, Tally,
};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, LocalBoxFuture, select};
use futures::stream::{FuturesUnordered, StreamExt};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::{Activity, Entry, use_activity};
use crate::clock;
use crate::leaving;
use crate::session::{CallRecord, Session, use_session};

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Calls are sent or waited for.
    Running,
    /// Somebody stopped it: what is under way is waited for, nothing more is sent.
    Stopping,
    /// Every change has its outcome.
    Done,
    /// As done, but somebody stopped it before its end.
    Stopped,
}

impl RunState {
    /// True if nothing happens any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Stopped)
    }
}

/// One run. Clones are the same run.
#[derive(Clone, Debug)]
pub struct RunView(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    id: PlanId,
    title: Box<str>,
    connection: Arc<Connection>,
    started_at: Millis,
    place: String,
    wake: UnboundedSender<()>,
    changed: ArcTrigger,
    progress: Mutex<Progress>,
}

#[derive(Debug)]
struct Progress {
    run: Run,
    state: RunState,
    finished_at: Option<Millis>,
    next_at: Option<Millis>,
    calls: BTreeMap<BatchId, Arc<CallRecord>>,
    members: Vec<Member>,
    groups: Vec<Group>,
}

impl RunView {
    /// The plan's id, which is the run's.
    pub fn id(&self) -> &PlanId {
        &self.0.id
    }

    /// What is done, in words.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it is applied, as the connection was when it began.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.0.connection
    }

    /// When it began.
    pub fn started_at(&self) -> Millis {
        self.0.started_at
    }

    /// The address of the page that started it.
    pub fn place(&self) -> &str {
        &self.0.place
    }

    /// How far it is; tracked.
    pub fn state(&self) -> RunState {
        self.tracked().state
    }

    /// When it ended; tracked.
    pub fn finished_at(&self) -> Option<Millis> {
        self.tracked().finished_at
    }

    /// The moment that it waits for because of the vendor's limits, if it does; tracked.
    pub fn next_at(&self) -> Option<Millis> {
        self.tracked().next_at
    }

    /// What it has come to so far, counted; tracked.
    pub fn tally(&self) -> Tally {
        self.tracked().run.tally()
    }

    /// What it has come to so far, row by row; tracked.
    pub fn receipt(&self) -> Receipt {
        self.tracked().run.receipt()
    }

    /// The last call of a batch, for the details; tracked.
    pub fn call(&self, batch: BatchId) -> Option<Arc<CallRecord>> {
        self.tracked().calls.get(&batch).cloned()
    }

    /// People that answers told about; tracked.
    pub fn members(&self) -> Vec<Member> {
        self.tracked().members.clone()
    }

    /// Groups and communities that answers told about, as one that was created; tracked.
    pub fn groups(&self) -> Vec<Group> {
        self.tracked().groups.clone()
    }

    fn tracked(&self) -> MutexGuard<'_, Progress> {
        self.0.changed.track();
        self.progress()
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        {
            let mut progress = self.progress();
            if progress.state != RunState::Running {
                return;
            }
            progress.state = RunState::Stopping;
            progress.next_at = None;
            progress.run.stop(clock::now());
        }
        self.0.changed.notify();
        // The driver may be gone already, having ended in this moment.
        let _ = self.0.wake.unbounded_send(());
    }
}

/// The runs of this page, newest last. Copies are the same.
#[derive(Clone, Copy, Debug)]
pub struct Runs {
    session: Session,
    activity: Activity,
    list: RwSignal<Vec<RunView>>,
    n_ids: StoredValue<u32>,
}

/// Makes the runs of this page. Call once, at the root, after session and activity.
pub fn provide_runs() -> Runs {
    let runs = Runs::new(use_session(), use_activity());
    provide_context(runs);
    runs
}

/// The runs of this page.
pub fn use_runs() -> Runs {
    use_context().expect("the root provides the runs before any page is drawn")
}

impl Runs {
    /// No runs yet.
    pub fn new(session: Session, activity: Activity) -> Self {
        Self { session, activity, list: RwSignal::default(), n_ids: StoredValue::new(0) }
    }

    /// An id that no plan of this page has.
    pub fn next_plan_id(self) -> PlanId {
        self.n_ids.update_value(|n| *n += 1);
        PlanId::new(["p", &clock::now().to_string(), "-", &self.n_ids.get_value().to_string()].concat())
    }

    /// Every run, oldest first; tracked.
    pub fn all(self) -> Vec<RunView> {
        self.list.get()
    }

    /// One run; tracked.
    pub fn get(self, id: &PlanId) -> Option<RunView> {
        self.list.with(|list| list.iter().find(|run| run.id() == id).cloned())
    }

    /// Applies a plan. A plan that is being applied, or was, is not applied again. `None` if its connection
    /// is gone or the plan may not be applied.
    pub fn start(self, plan: Plan, title: &str) -> Option<RunView> {
        let known = self.list.with_untracked(|list| list.iter().find(|run| *run.id() == plan.id).cloned());
        if known.is_some() {
            return known;
        }
        let connection = self.session.connection_now(&plan.connection)?;
        if !plan.is_applicable() {
            return None;
        }
        let limits = vendors::limits(connection.vendor, connection.is_small_plan);
        let (view, woken) = begin(plan, title, connection, &limits);
        self.list.update(|list| list.push(view.clone()));
        spawn_local(drive(self, view.clone(), woken));
        Some(view)
    }

    /// Sends nothing more of a run. What is under way is waited for.
    pub fn stop(self, id: &PlanId) {
        let run = self.list.with_untracked(|list| list.iter().find(|run| run.id() == id).cloned());
        if let Some(run) = run {
            run.stop();
        }
    }

    fn finish(self, view: &RunView) {
        let now = clock::now();
        let (receipt, members, is_stopped) = {
            let mut progress = view.progress();
            let is_stopped = progress.state == RunState::Stopping;
            progress.state = if is_stopped { RunState::Stopped } else { RunState::Done };
            progress.finished_at = Some(now);
            progress.next_at = None;
            (progress.run.receipt(), progress.members.clone(), is_stopped)
        };
        let connection = view.connection();
        self.session.note_receipt(&connection.id, &receipt, &members, now);
        self.activity.push(Entry {
            plan: view.id().clone(),
            at: now,
            connection: connection.id.clone(),
            connection_name: connection.name.clone(),
            vendor: connection.vendor,
            title: view.title().into(),
            tally: receipt.tally(),
            is_stopped,
        });
        view.0.changed.notify();
    }
}

fn begin(
    plan: Plan,
    title: &str,
    connection: Arc<Connection>,
    limits: &Limits,
) -> (RunView, UnboundedReceiver<()>) {
    let (wake, woken) = unbounded();
    let capabilities = vendors::capabilities(connection.vendor);
    let shared = Shared {
        id: plan.id.clone(),
        title: title.into(),
        connection,
        started_at: clock::now(),
        place: window().location().pathname().unwrap_or_default(),
        wake,
        changed: ArcTrigger::new(),
        progress: Mutex::new(Progress {
            run: Run::new(plan, limits, &capabilities, clock::now()),
            state: RunState::Running,
            finished_at: None,
            next_at: None,
            calls: BTreeMap::new(),
            members: Vec::new(),
            groups: Vec::new(),
        }),
    };
    (RunView(Arc::new(shared)), woken)
}

/// What came of one call.
enum Answered {
    Batch { id: BatchId, call: Option<CallRecord>, result: Result<Reply, BatchFailure> },
    Page { id: ReadId, result: Result<Page, BatchFailure> },
}

async fn drive(runs: Runs, view: RunView, mut woken: UnboundedReceiver<()>) {
    let session = runs.session;
    let budget = session.budget(view.connection());
    let mut under_way: FuturesUnordered<LocalBoxFuture<'static, Answered>> = FuturesUnordered::new();
    let _warning = leaving::warn();
    loop {
        let step = {
            let mut progress = view.progress();
            let step = progress.run.poll(clock::now(), &mut budget.borrow_mut());
            // Nothing is written down yet.
            progress.run.drain();
            step
        };
        let wait_until = match step {
            Step::Send(batch) => {
                under_way.push(Box::pin(send(session, Arc::clone(view.connection()), batch)));
                continue;
            }
            Step::Read(reading) => {
                under_way.push(Box::pin(read(session, Arc::clone(view.connection()), reading)));
                continue;
            }
            Step::Rest => {
                // Nothing here resumes a run yet: it ends with what it has come to.
                view.stop();
                continue;
            }
            Step::Done => break,
            Step::WaitUntil(at) => Some(at),
            Step::Await => None,
        };
        note_wait(&view, wait_until);
        let answered = next(&mut under_way, &mut woken, wait_until).await;
        if let Some(answered) = answered {
            record(&view, answered, &mut budget.borrow_mut());
        }
    }
    runs.finish(&view);
}

/// The next answer; `None` if it is time, or if somebody woke the driver.
async fn next(
    under_way: &mut FuturesUnordered<LocalBoxFuture<'static, Answered>>,
    woken: &mut UnboundedReceiver<()>,
    until: Option<Millis>,
) -> Option<Answered> {
    let timer: LocalBoxFuture<'static, ()> = match until {
        Some(at) => Box::pin(clock::sleep_until(at)),
        None => Box::pin(std::future::pending()),
    };
    let answer: LocalBoxFuture<'_, Option<Answered>> =
        if under_way.is_empty() { Box::pin(std::future::pending()) } else { Box::pin(under_way.next()) };
    match select(answer, select(woken.next(), timer)).await {
        Either::Left((answered, _)) => answered,
        Either::Right(_) => None,
    }
}

async fn send(session: Session, connection: Arc<Connection>, batch: Batch) -> Answered {
    let protocol = vendors::protocol(connection.vendor);
    let id = batch.id;
    let request = match protocol.encode(&batch, connection.acting_as.as_deref()) {
        Ok(request) => request,
        Err(error) => return Answered::Batch { id, call: None, result: Err(BatchFailure::unsent(error)) },
    };
    match session.call(&connection, request).await {
        Ok((response, call)) => {
            Answered::Batch { id, call: Some(call), result: protocol.decode(&batch, &response) }
        }
        Err(failure) => {
            let call = failure.call.map(|call| *call);
            Answered::Batch { id, call, result: Err(BatchFailure::sent(failure.error)) }
        }
    }
}

async fn read(session: Session, connection: Arc<Connection>, reading: Reading) -> Answered {
    let protocol = vendors::protocol(connection.vendor);
    let Reading { id, query, cursor } = reading;
    let result = match protocol.encode_query(&query, cursor, connection.acting_as.as_deref()) {
        Err(error) => Err(BatchFailure::unsent(error)),
        Ok(request) => match session.call(&connection, request).await {
            Ok((response, _)) => protocol.decode_page(&query, cursor, &response).map_err(BatchFailure::sent),
            Err(failure) => Err(BatchFailure::sent(failure.error)),
        },
    };
    Answered::Page { id, result }
}

fn record(view: &RunView, answered: Answered, budget: &mut domain::Budget) {
    match answered {
        Answered::Batch { id, call, result } => {
            let mut progress = view.progress();
            if let Some(call) = call {
                progress.calls.insert(id, Arc::new(call));
            }
            if let Ok(reply) = &result {
                progress.members.extend(reply.members.iter().cloned());
                progress.groups.extend(reply.group.clone());
            }
            progress.run.record(id, result, clock::now(), budget);
        }
        Answered::Page { id, result } => view.progress().run.record_page(id, result, clock::now(), budget),
    }
    view.0.changed.notify();
}

fn note_wait(view: &RunView, until: Option<Millis>) {
    let is_new = {
        let mut progress = view.progress();
        let is_new = progress.next_at != until;
        progress.next_at = until;
        is_new
    };
    if is_new {
        view.0.changed.notify();
    }
}
