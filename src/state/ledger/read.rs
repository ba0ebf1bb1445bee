//! Passes the entries of the chain to the worker that verifies them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser::ledger::{LedgerWorker, WorkerEnded};
use browser::storage::{ChainEnds, StorageError};
use futures::lock::Mutex;
use js_sys::{Array, Uint8Array};
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use ledger_worker::{LedgerCounts, LedgerStanding};
use review::ChainTip;
use wasm_bindgen::JsValue;

use super::{DeviceLedger, Place};
use crate::state::session::Session;

/// Lines that are read and passed on at once.
const PORTION: u32 = 2_000;

/// Why the ledger cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingError {
    /// The browser refuses to read it.
    Storage(StorageError),
    /// The worker could not be started, or ended.
    Worker,
}

impl From<StorageError> for ReadingError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<WorkerEnded> for ReadingError {
    fn from(WorkerEnded: WorkerEnded) -> Self {
        Self::Worker
    }
}

/// The entries of this device, as they were read last.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainState {
    /// The ends, between which all are read.
    pub ends: ChainEnds,
    /// How often all of them were read anew. The worker shows no other ledger after that.
    pub n_begun: u32,
    /// False if they last only as long as the page.
    pub is_stored: bool,
    /// Whether they fit.
    pub standing: LedgerStanding,
    /// What they can be filtered by.
    pub counts: LedgerCounts,
}

/// A worker with the entries of this device's chain. Clones share it; the last one that is dropped ends it.
#[derive(Clone, Debug)]
pub struct ChainReader(Rc<Reader>);

#[derive(Debug)]
struct Reader {
    ledger: DeviceLedger,
    session: Session,
    worker: RefCell<Option<Rc<LedgerWorker>>>,
    /// The tip before the first line that the worker has, and the number of entries after personal data were deleted
    /// last: older lines may have changed since.
    begun: Cell<Option<(ChainTip, u64)>>,
    n_begun: Cell<u32>,
    /// One reading at a time: each continues after the lines of the one before.
    turn: Mutex<()>,
    n_lines: Cell<u64>,
}

impl ChainReader {
    /// A reader that has read nothing.
    pub fn new(ledger: DeviceLedger, session: Session) -> Self {
        Self(Rc::new(Reader {
            ledger,
            session,
            worker: RefCell::new(None),
            begun: Cell::new(None),
            n_begun: Cell::new(0),
            turn: Mutex::new(()),
            n_lines: Cell::new(0),
        }))
    }

    /// The session whose ledger it reads.
    pub fn session(&self) -> Session {
        self.0.session
    }

    /// Passes on all entries again, so that each is read as it is stored now.
    pub fn forget(&self) {
        self.0.begun.set(None);
    }

    /// Passes on the entries that the worker does not have. `None` if the device has no chain.
    ///
    /// # Errors
    /// If the browser refuses to read them, or the worker ended.
    pub async fn refresh(&self) -> Result<Option<ChainState>, ReadingError> {
        let _turn = self.0.turn.lock().await;
        let place = self.0.ledger.place(self.0.session).await;
        let Some(mut ends) = place.ends().await? else { return Ok(None) };
        loop {
            self.pass_on(&place, ends).await?;
            // Another tab may have appended entries meanwhile: those that were read have to end at the tip.
            let Some(now) = place.ends().await? else { return Ok(None) };
            if now == ends {
                break;
            }
            ends = now;
        }
        match self.ask(&LedgerQuestion::Verify(ends.tip)).await? {
            LedgerAnswer::Verified(standing, counts) => Ok(Some(ChainState {
                ends,
                n_begun: self.0.n_begun.get(),
                is_stored: matches!(place, Place::Stored(_)),
                standing,
                counts,
            })),
            _ => Err(ReadingError::Worker),
        }
    }

    async fn pass_on(&self, place: &Place, ends: ChainEnds) -> Result<(), ReadingError> {
        let inner = &self.0;
        let begun = Some((ends.start, ends.redacted));
        if inner.begun.get() != begun {
            self.ask(&LedgerQuestion::Begin(ends.start)).await?;
            inner.begun.set(begun);
            inner.n_begun.set(inner.n_begun.get() + 1);
            inner.n_lines.set(0);
        }
        loop {
            let from = ends.start.n_entries + inner.n_lines.get();
            let lines = match place {
                Place::Stored(storage) => storage.chain_lines(ends.start.chain, from, PORTION).await?,
                Place::Memory(ledger) => memory_lines(ledger, inner.n_lines.get()),
            };
            if lines.length() > 0 {
                self.worker()?.take(&lines).await?;
            }
            inner.n_lines.set(inner.n_lines.get() + u64::from(lines.length()));
            if lines.length() < PORTION {
                return Ok(());
            }
        }
    }

    /// Asks the worker.
    ///
    /// # Errors
    /// If it ended.
    pub async fn ask(&self, question: &LedgerQuestion) -> Result<LedgerAnswer, ReadingError> {
        Ok(self.worker()?.ask(question).await?)
    }

    /// Has the worker read the ledger of someone else, as the bytes of a file.
    ///
    /// # Errors
    /// If it ended.
    pub async fn open(&self, file: &Uint8Array) -> Result<LedgerAnswer, ReadingError> {
        Ok(self.worker()?.open(file).await?)
    }

    /// Asks the worker for a file.
    ///
    /// # Errors
    /// If it ended.
    pub async fn ask_for_file(&self, question: &LedgerQuestion) -> Result<Uint8Array, ReadingError> {
        Ok(self.worker()?.ask_for_file(question).await?)
    }

    fn worker(&self) -> Result<Rc<LedgerWorker>, WorkerEnded> {
        let mut worker = self.0.worker.borrow_mut();
        if let Some(worker) = &*worker {
            return Ok(Rc::clone(worker));
        }
        let started = Rc::new(LedgerWorker::start()?);
        *worker = Some(Rc::clone(&started));
        Ok(started)
    }
}

fn memory_lines(ledger: &DeviceLedger, from: u64) -> Array {
    let memory = ledger.0.memory.borrow();
    let lines = memory.as_ref().map_or(&[][..], |memory| &memory.lines);
    let portion = lines.iter().skip(from as usize).take(PORTION as usize);
    portion.map(|line| JsValue::from_str(line)).collect()
}
