//! The code that runs plans: fetched while a form is filled in, before anything can be sent.

use std::sync::Arc;

use domain::{Command, Connection, Plan, PlanId, Snapshot};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::open::OpenedRun;
use super::{RunView, Runs};
use crate::state::code::{self, Code, Fetch, NotFetched};

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

/// Makes plans, and starts and opens runs. Having it proves that the code is here.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    plan: fn(&PlanInput) -> Plan,
    start: fn(Runs, Plan, &str) -> Option<RunView>,
    open: fn(Runs, &PlanId) -> OpenedRun,
    /// As `open`, without the result, so that the list of runs need not know its type.
    open_left: fn(Runs, &PlanId),
}

/// How far fetching the engine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineStage {
    /// Nothing has needed it yet.
    NotNeeded,
    Fetching,
    /// It could not be fetched.
    Missing,
    Fetched,
}

thread_local! {
    static ENGINE: Code<Engine> = const { Code::new() };
    static STAGE: ArcRwSignal<EngineStage> = ArcRwSignal::new(EngineStage::NotNeeded);
}

fn stage() -> ArcRwSignal<EngineStage> {
    STAGE.with(Clone::clone)
}

/// How far fetching the engine is; tracked.
pub fn engine_stage() -> EngineStage {
    stage().get()
}

/// Sets how the engine is fetched.
pub fn provide_engine(fetch: Fetch<Engine>) {
    ENGINE.with(|code| code.provide(fetch));
}

/// Makes runs possible without fetching the engine, for a program that contains it.
pub fn install_engine() {
    ENGINE.with(|code| code.install(Engine::new()));
    stage().set(EngineStage::Fetched);
}

/// Fetches the engine, unless it is here.
///
/// # Errors
/// If it could not be fetched.
pub async fn engine() -> Result<Engine, NotFetched> {
    if let Some(engine) = ENGINE.with(Code::fetched) {
        return Ok(engine);
    }
    stage().set(EngineStage::Fetching);
    let fetched = code::fetched(&ENGINE).await;
    stage().set(if fetched.is_ok() { EngineStage::Fetched } else { EngineStage::Missing });
    fetched
}

/// The engine, if it has been fetched; tracked.
pub fn fetched_engine() -> Option<Engine> {
    stage().track();
    ENGINE.with(Code::fetched)
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
            start: Runs::start_here,
            open: Runs::open_here,
            open_left: |runs, id| drop(runs.open_here(id)),
        }
    }

    /// Makes a plan.
    pub fn plan(self, input: &PlanInput) -> Plan {
        (self.plan)(input)
    }

    /// Applies a plan. If this page already has its run, returns it. `None` if the connection is gone or
    /// the plan is not applicable.
    pub fn start(self, runs: Runs, plan: Plan, title: &str) -> Option<RunView> {
        (self.start)(runs, plan, title)
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Runs {
    /// Opens a run, reading it from the journal if this page does not have it yet; tracked. Fetches the engine
    /// first if it is not here.
    pub fn open(self, id: &PlanId) -> OpenedRun {
        if let Some(engine) = fetched_engine() {
            return (engine.open)(self, id);
        }
        if stage().get_untracked() == EngineStage::NotNeeded {
            fetch_engine();
        }
        OpenedRun::Reading
    }

    /// Opens a run that a closed page left, so that it goes on.
    pub(super) fn open_left(self, id: PlanId) {
        spawn_local(async move {
            match engine().await {
                Ok(engine) => untrack(|| (engine.open_left)(self, &id)),
                // Retried when a run or a connection changes.
                Err(NotFetched) => drop(self.inner().opening.borrow_mut().remove(&id)),
            }
        });
    }
}
