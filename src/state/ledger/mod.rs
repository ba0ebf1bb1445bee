//! The ledger of this device: every change that ended here, who made it, and whether anyone has changed the record.
//!
//! Its entries are a chain (`review::chain`), in which each holds the hash of the one before. When a run ends, its changes
//! are appended in one transaction, which also notes that the run is in the chain ([`DeviceLedger::catch_up`]). A run that ended
//! without that, because its page was closed or an earlier release had no ledger, is appended later, from its journal.
//!
//! Nothing in it changes, but personal data and the oldest entries can be deleted (`deleting`), so that the rest still fits.
//!
//! The code is fetched when a run ends, the page of the ledger is opened, or entries are not kept for ever.

mod append;
mod deleting;
mod events;
mod read;
mod trusted;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use browser::identity::IdentityError;
use browser::storage::{ChainEnds, LoggedRun, Storage, StorageError};
use domain::{Millis, PlanId};
use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::ChainEvent;

use super::busy::Quiet;
use super::code::{Code, Fetch, NotFetched, fetched};
use super::runs::{RunSummary, Runs};
use super::session::Session;

pub use deleting::{DeleteError, Retention, listen};
pub use read::{ChainReader, ChainState, ReadingError};
pub use trusted::{author, for_worker};

/// What keeps the ledger; having it proves that the code is here.
#[derive(Clone, Copy, Debug)]
pub struct LedgerCode {
    catch_up: fn(Runs) -> LocalBoxFuture<'static, ()>,
    deletable: fn(Runs, Vec<RunSummary>) -> LocalBoxFuture<'static, Vec<RunSummary>>,
    append: fn(Session, Millis, ChainEvent) -> LocalBoxFuture<'static, Result<(), LedgerError>>,
}

impl LedgerCode {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self {
            catch_up: |runs| Box::pin(async move { ledger().catch_up(runs).await }),
            deletable: |runs, ended| Box::pin(async move { ledger().deletable(runs, ended).await }),
            append: |session, at, event| {
                Box::pin(async move { ledger().append_event(session, at, event).await })
            },
        }
    }
}

impl Default for LedgerCode {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static CODE: Code<LedgerCode> = const { Code::new() };
    static IS_DUE: Cell<bool> = const { Cell::new(false) };
}

/// Sets how the code of the ledger is fetched.
pub fn provide_ledger(fetch: Fetch<LedgerCode>) {
    CODE.with(|code| code.provide(fetch));
}

/// Appends the runs that have ended. What is not appended, because the code cannot be fetched or the page is closed, is
/// appended by the next page that has the run.
pub async fn append_ended(runs: Runs) {
    if let Ok(code) = fetched(&CODE).await {
        (code.catch_up)(runs).await;
    }
}

/// Appends the runs that have ended, and returns which of these can be deleted: without its journal, a run can no longer
/// be appended. None can be if the code cannot be fetched.
pub(super) async fn deletable(runs: Runs, ended: Vec<RunSummary>) -> Vec<RunSummary> {
    match fetched(&CODE).await {
        Ok(code) => (code.deletable)(runs, ended).await,
        Err(NotFetched) => Vec::new(),
    }
}

/// Appends that a request was made, or decided about.
///
/// # Errors
/// If the code cannot be fetched, or the entry cannot be written.
pub async fn append_event(session: Session, at: Millis, event: ChainEvent) -> Result<(), LedgerError> {
    let code = fetched(&CODE).await.map_err(|NotFetched| StorageError::Failed)?;
    (code.append)(session, at, event).await
}

/// As [`append_ended`], once the page is quiet.
pub(super) fn append_when_quiet(runs: Runs) {
    if IS_DUE.replace(true) {
        return;
    }
    spawn_local(async move {
        Quiet::watch().wait().await;
        IS_DUE.set(false);
        append_ended(runs).await;
    });
}

/// Deletes what is kept no longer, once the page is quiet, if entries are not kept for ever.
pub(super) fn delete_old_when_quiet(runs: Runs) {
    spawn_local(async move {
        Quiet::watch().wait().await;
        let Some(storage) = runs.session().storage().await else { return };
        if matches!(storage.retention().await, Ok(Some(_))) {
            append_ended(runs).await;
        }
    });
}

/// Why something is not in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// The chain could not be written or read.
    Storage(StorageError),
    /// There is no key to sign with, so nobody can be named.
    Identity(IdentityError),
}

impl From<StorageError> for LedgerError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<IdentityError> for LedgerError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Storage(error) => Self::Storage(error),
            error => Self::Identity(error),
        }
    }
}

/// The ledger as this page knows it. Clones share state.
#[derive(Clone, Debug, Default)]
pub struct DeviceLedger(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Changes when entries were appended or deleted.
    version: ArcRwSignal<u64>,
    problem: ArcRwSignal<Option<LedgerError>>,
    /// When the runs that are in the chain ended.
    logged: RefCell<BTreeMap<PlanId, Millis>>,
    /// The chain, if the browser stores nothing.
    memory: RefCell<Option<MemoryChain>>,
    /// One appends at a time; those that wait find what is left.
    turn: Mutex<()>,
    is_deleting: Cell<bool>,
}

/// A chain without storage, which lasts as long as the page.
#[derive(Debug)]
struct MemoryChain {
    ends: ChainEnds,
    lines: Vec<String>,
    logged: BTreeMap<PlanId, LoggedRun>,
}

/// Where the chain is.
#[derive(Clone, Debug)]
enum Place {
    Stored(Storage),
    /// This browser stores nothing.
    Memory(DeviceLedger),
}

thread_local! {
    static LEDGER: DeviceLedger = DeviceLedger::default();
}

/// The ledger of this page.
pub fn ledger() -> DeviceLedger {
    LEDGER.with(Clone::clone)
}

impl DeviceLedger {
    /// Changes when entries were appended or deleted, by this page or, as far as it has noticed, by another; tracked.
    pub fn version(&self) -> u64 {
        self.0.version.get()
    }

    /// Why entries may be missing; tracked.
    pub fn problem(&self) -> Option<LedgerError> {
        self.0.problem.get()
    }
}
