//! Keeps the entries of a ledger in a web worker.

use js_sys::{Array, Uint8Array};
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use wasm_bindgen::{JsCast, JsValue};

use crate::questions::Questions;
pub use crate::worker::WorkerEnded;

/// The script that starts the worker.
const LOADER: &str = "ledger-worker.js";

/// A worker with the entries of one ledger. Dropping it ends the worker and gives its memory back.
pub struct LedgerWorker(Questions<LedgerAnswer>);

impl std::fmt::Debug for LedgerWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LedgerWorker")
    }
}

impl LedgerWorker {
    /// Starts a worker without entries.
    ///
    /// # Errors
    /// If the browser does not start it.
    pub fn start() -> Result<Self, WorkerEnded> {
        Ok(Self(Questions::start(LOADER)?))
    }

    /// Asks the worker, which answers in order. The question is sent even if the future is dropped.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn ask(
        &self,
        question: &LedgerQuestion,
    ) -> impl Future<Output = Result<LedgerAnswer, WorkerEnded>> + use<> {
        self.0.ask(serde_json::to_string(question), &JsValue::UNDEFINED, |_| false, ignored)
    }

    /// Has the worker take the next lines of the chain.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn take(&self, lines: &Array) -> impl Future<Output = Result<LedgerAnswer, WorkerEnded>> + use<> {
        self.0.ask(serde_json::to_string(&LedgerQuestion::Take), lines, |_| false, ignored)
    }

    /// Has the worker read the ledger of someone else, as the bytes of a file.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn open(&self, file: &Uint8Array) -> impl Future<Output = Result<LedgerAnswer, WorkerEnded>> + use<> {
        self.0.ask(serde_json::to_string(&LedgerQuestion::Open), file, |_| false, ignored)
    }

    /// As [`ask`](Self::ask), for a question that is answered with a file.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn ask_for_file(
        &self,
        question: &LedgerQuestion,
    ) -> impl Future<Output = Result<Uint8Array, WorkerEnded>> + use<> {
        let question = serde_json::to_string(question);
        let asked = self.0.ask_for_bytes(question, &JsValue::UNDEFINED, |_| false, ignored);
        async move { asked.await?.1.dyn_into().map_err(|_| WorkerEnded) }
    }
}

/// No answer is partial.
fn ignored(_: LedgerAnswer) {}
