//! Appends the runs that have ended.

use std::collections::BTreeMap;

use browser::random;
use browser::storage::{Appending, ChainEnds, LoggedRun, StorageError};
use domain::{Millis, order};
use leptos::prelude::*;
use review::{ChainActor, ChainEntry, ChainEvent, ChainTip};

use super::events::{EventAbout, events, mark};
use super::{DeviceLedger, LedgerError, MemoryChain, Place};
use crate::state::identity::device_identity;
use crate::state::runs::{RunSummary, Runs};
use crate::state::session::Session;
use browser::clock;
use browser::identity::{IdentityError, SignatureError};

/// How often another tab may be faster before the run is left for later.
pub(super) const MAX_TRIES: usize = 20;
/// Entries made before the page may answer its user.
const AT_ONCE: usize = 500;

/// What is appended together.
pub(super) struct Appended {
    before: Option<ChainTip>,
    after: ChainTip,
    pub(super) entries: Vec<ChainEntry>,
}

impl DeviceLedger {
    /// Appends every run of this device that has ended and is not in the ledger, the earliest first, and deletes the
    /// entries that are kept no longer.
    pub async fn catch_up(&self, runs: Runs) {
        self.append_all(runs).await;
        if self.0.is_deleting.replace(true) {
            return;
        }
        // Done by the next page otherwise; the page of the ledger says if its entries do not fit.
        if let Err(error) = self.delete_old(runs.session()).await {
            leptos::logging::warn!("no old entries were deleted: {error:?}");
        }
        self.0.is_deleting.set(false);
    }

    /// Appends every run of this device that has ended, and returns which of these runs are in the ledger. Where nothing
    /// can be signed there is no ledger, and nothing is missing in it.
    pub async fn deletable(&self, runs: Runs, ended: Vec<RunSummary>) -> Vec<RunSummary> {
        self.append_all(runs).await;
        let inner = &self.0;
        let no_ledger = |error: &LedgerError| {
            use SignatureError::{NoAlgorithm, NoCrypto};
            matches!(error, LedgerError::Identity(IdentityError::Signature(NoCrypto | NoAlgorithm(_))))
        };
        if inner.problem.with_untracked(|problem| problem.as_ref().is_some_and(no_ledger)) {
            return ended;
        }
        let place = self.place(runs.session()).await;
        let mut logged = Vec::new();
        for run in ended {
            let is_known = inner.logged.borrow().get(&run.id) == Some(&run.last_at);
            if is_known || place.logged(&run).await.is_ok_and(|it| it.is_some_and(|it| it.at == run.last_at))
            {
                logged.push(run);
            }
        }
        logged
    }

    async fn append_all(&self, runs: Runs) {
        let inner = &self.0;
        let _turn = inner.turn.lock().await;
        let mut failed = None;
        loop {
            let mut ended = runs.ended_now();
            ended.retain(|run| inner.logged.borrow().get(&run.id) != Some(&run.last_at));
            order::sort_by(&mut ended, |a, b| (a.last_at, &a.id).cmp(&(b.last_at, &b.id)));
            let Some(run) = ended.into_iter().next() else { break };
            if let Err(error) = self.append_run(runs, &run).await {
                failed = Some(error);
                break;
            }
            inner.logged.borrow_mut().insert(run.id, run.last_at);
            // Also what another tab has appended is news here.
            inner.version.update(|version| *version += 1);
        }
        inner.problem.maybe_update(|problem| {
            let is_news = *problem != failed;
            *problem = failed;
            is_news
        });
    }

    /// Appends what of a run is not in the ledger yet.
    async fn append_run(&self, runs: Runs, run: &RunSummary) -> Result<(), LedgerError> {
        let session = runs.session();
        for _ in 0..MAX_TRIES {
            let place = self.place(session).await;
            // The tip first: a tab that appends the run afterwards moves it.
            let before = place.ends().await?.map(|ends| ends.tip);
            let logged = place.logged(run).await?;
            if logged.as_ref().is_some_and(|logged| logged.at == run.last_at) {
                return Ok(());
            }
            // Of a run that cannot be read any more, the end is known from the list.
            let (receipt, approval) = runs.results(&run.id).await.unwrap_or_default();
            let mut noted = LoggedRun { at: run.last_at, rows: receipt.rows.iter().map(mark).collect() };
            let known = logged.map(|logged| logged.rows).unwrap_or_default();
            if noted.rows.is_empty() {
                noted.rows = known.clone();
            }
            let events = events(run, &receipt, approval.as_ref(), &known);
            let appended = entries(session, before, run.last_at, events).await?;
            match place.append(&appended, Some((run, &noted))).await {
                Err(StorageError::Conflict) => clock::sleep(random::bits() % 50).await,
                other => return Ok(other?),
            }
        }
        Err(StorageError::Conflict.into())
    }

    /// Appends an event that is no run: a request or a decision.
    pub async fn append_event(
        &self,
        session: Session,
        at: Millis,
        event: ChainEvent,
    ) -> Result<(), LedgerError> {
        for _ in 0..MAX_TRIES {
            let place = self.place(session).await;
            let before = place.ends().await?.map(|ends| ends.tip);
            let appended = entries(session, before, at, vec![(event.clone(), None)]).await?;
            match place.append(&appended, None).await {
                Err(StorageError::Conflict) => clock::sleep(random::bits() % 50).await,
                Err(error) => return Err(error.into()),
                Ok(()) => {
                    self.0.version.update(|version| *version += 1);
                    return Ok(());
                }
            }
        }
        Err(StorageError::Conflict.into())
    }

    /// Where the chain of this device is.
    pub(super) async fn place(&self, session: Session) -> Place {
        match session.storage().await {
            Some(storage) => Place::Stored(storage),
            None => Place::Memory(self.clone()),
        }
    }
}

impl Place {
    /// Both ends of the chain; `None` if there is none.
    pub(super) async fn ends(&self) -> Result<Option<ChainEnds>, StorageError> {
        match self {
            Self::Stored(storage) => storage.chain_ends().await,
            Self::Memory(ledger) => Ok(ledger.0.memory.borrow().as_ref().map(|memory| memory.ends)),
        }
    }

    async fn logged(&self, run: &RunSummary) -> Result<Option<LoggedRun>, StorageError> {
        match self {
            Self::Stored(storage) => storage.logged_run(&run.id).await,
            Self::Memory(ledger) => {
                let memory = ledger.0.memory.borrow();
                Ok(memory.as_ref().and_then(|memory| memory.logged.get(&run.id).cloned()))
            }
        }
    }

    /// Appends entries, and notes the run that they are of.
    async fn append(
        &self,
        new: &Appended,
        of: Option<(&RunSummary, &LoggedRun)>,
    ) -> Result<(), StorageError> {
        let Appended { before, after, entries } = new;
        match self {
            Self::Stored(storage) => {
                let logged = of.map(|(run, logged)| (&run.id, logged));
                storage.append_to_chain(Appending { before: *before, after: *after, entries, logged }).await
            }
            Self::Memory(ledger) => {
                let start = ChainTip::start_of(after.chain);
                let empty = || MemoryChain {
                    ends: ChainEnds { start, tip: start, redacted: 0 },
                    lines: Vec::new(),
                    logged: BTreeMap::new(),
                };
                let mut memory = ledger.0.memory.borrow_mut();
                // As in storage: another entry may have been appended since the tip was read.
                if memory.as_ref().map(|memory| memory.ends.tip) != *before {
                    return Err(StorageError::Conflict);
                }
                let memory = memory.get_or_insert_with(empty);
                memory.lines.extend(entries.iter().map(ChainEntry::to_line));
                memory.ends.tip = *after;
                if let Some((run, logged)) = of {
                    memory.logged.insert(run.id.clone(), logged.clone());
                }
                Ok(())
            }
        }
    }
}

/// The entries for events that happened at a time.
pub(super) async fn entries(
    session: Session,
    before: Option<ChainTip>,
    at: Millis,
    events: Vec<EventAbout>,
) -> Result<Appended, LedgerError> {
    let no_crypto = || LedgerError::from(IdentityError::Signature(SignatureError::NoCrypto));
    let identity = device_identity(session).await?;
    let signer = identity.signer();
    let by = ChainActor { name: signer.name.clone(), key: signer.key.fingerprint() };
    let mut after = match before {
        Some(before) => before,
        None => ChainTip::new(random::secret().ok_or_else(no_crypto)?),
    };
    let mut entries = Vec::with_capacity(events.len());
    for (event, about) in events {
        let person = match about {
            Some(about) => Some(about.salted(random::secret().ok_or_else(no_crypto)?)),
            None => None,
        };
        entries.push(after.append(at, by.clone(), event, person));
        if entries.len() % AT_ONCE == 0 {
            clock::sleep(0).await;
        }
    }
    Ok(Appended { before, after, entries })
}
