//! The code that runs plans: fetched while a form is filled in, before anything can be sent.

use std::sync::Arc;

use domain::driver::Event;
use domain::receipt::ReceiptRow;
use domain::{Command, Connection, Plan, PlanId, Snapshot, Undo};
use futures::channel::mpsc::UnboundedReceiver;
use leptos::task::spawn_local;

use super::opener::{install_opener, opener};
use super::task::RunTask;
use super::{RunView, Runs};
use crate::state::code::{self, Fetch, FollowedCode, NotFetched, Stage};

/// What a plan is made from.
#[derive(Clone, Debug)]
pub struct PlanInput {
    /// The connection that the plan is sent through.
    pub connection: Arc<Connection>,
    pub id: PlanId,
    pub command: Command,
    /// What is known of the people and groups of the command.
    pub snapshot: Snapshot,
}

/// Makes plans, and starts and drives runs. Having it proves that the code is here.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    plan: fn(&PlanInput) -> Plan,
    undo: fn(&Connection, &[&ReceiptRow], &Snapshot) -> Undo,
    start: fn(Runs, Plan) -> Option<RunView>,
    drive: fn(Runs, RunView, UnboundedReceiver<Event>),
}

thread_local! {
    static ENGINE: FollowedCode<Engine> = FollowedCode::new();
}

/// How far fetching the engine is; tracked.
pub fn engine_stage() -> Stage {
    ENGINE.with(FollowedCode::stage)
}

/// Sets how the engine is fetched.
pub fn provide_engine(fetch: Fetch<Engine>) {
    ENGINE.with(|code| code.provide(fetch));
}

/// Makes runs possible without fetching the engine, for a program that contains it.
pub fn install_engine() {
    install_opener();
    ENGINE.with(|code| code.install(Engine::new()));
}

/// Fetches the engine, unless it is here.
///
/// # Errors
/// If it could not be fetched.
pub async fn engine() -> Result<Engine, NotFetched> {
    // One retry serves both: a form that sends shows results, and these are of an opened run.
    ENGINE.with(|code| code.note(Stage::Fetching));
    if let Err(error) = opener().await {
        ENGINE.with(|code| code.note(Stage::Missing));
        return Err(error);
    }
    code::fetched_followed(&ENGINE).await
}

/// The engine, if it has been fetched; tracked.
pub fn fetched_engine() -> Option<Engine> {
    ENGINE.with(FollowedCode::fetched)
}

/// The engine, if it has been fetched. Fetches it if nothing has needed it yet; tracked.
pub fn needed_engine() -> Option<Engine> {
    let engine = fetched_engine();
    if engine.is_none() && engine_stage() == Stage::NotNeeded {
        fetch_engine();
    }
    engine
}

/// Fetches the engine in the background.
pub fn fetch_engine() {
    spawn_local(async {
        // A failure shows in `engine_stage`.
        let _ = engine().await;
    });
}

impl Engine {
    /// The engine itself; what names it contains it.
    pub fn new() -> Self {
        Self {
            plan: |input| {
                let PlanInput { connection, id, command, snapshot } = input;
                vendors::planner(connection).plan(id.clone(), command, snapshot)
            },
            undo: |connection, rows, now| vendors::planner(connection).undo(rows.iter().copied(), now),
            start: Runs::start_here,
            drive: |runs, view, events| spawn_local(RunTask::new(runs, view, events).run()),
        }
    }

    /// Makes a plan.
    pub fn plan(self, input: &PlanInput) -> Plan {
        (self.plan)(input)
    }

    /// Says how rows of receipts can be undone through the connection, given what is true now.
    pub fn undo(self, connection: &Connection, rows: &[&ReceiptRow], now: &Snapshot) -> Undo {
        (self.undo)(connection, rows, now)
    }

    /// Applies a plan. If this page already has its run, returns it. `None` if the connection is gone or
    /// the plan is not applicable.
    pub fn start(self, runs: Runs, plan: Plan) -> Option<RunView> {
        (self.start)(runs, plan)
    }

    /// Drives or follows a run for as long as the page lives, or until the run is removed.
    pub(super) fn drive(self, runs: Runs, view: RunView, events: UnboundedReceiver<Event>) {
        (self.drive)(runs, view, events);
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
