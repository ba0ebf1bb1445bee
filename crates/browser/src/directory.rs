//! Keeps the people of a list in a web worker.

use directory_worker::message::{ListAnswer, ListQuestion};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::questions::Questions;
pub use crate::worker::WorkerEnded;

/// The script that starts the worker.
const LOADER: &str = "directory-worker.js";

/// A worker with the people of one list. Dropping it ends the worker and gives its memory back.
pub struct DirectoryWorker(Questions<ListAnswer>);

impl std::fmt::Debug for DirectoryWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DirectoryWorker")
    }
}

impl DirectoryWorker {
    /// Starts a worker without people.
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
        question: &ListQuestion,
    ) -> impl Future<Output = Result<ListAnswer, WorkerEnded>> + use<> {
        self.0.ask(serde_json::to_string(question), &JsValue::UNDEFINED, |_| false, |_| ())
    }

    /// As [`ask`](Self::ask), with bytes that belong to the question.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn ask_with(
        &self,
        question: &ListQuestion,
        attached: &[u8],
    ) -> impl Future<Output = Result<ListAnswer, WorkerEnded>> + use<> {
        let attached = Uint8Array::from(attached);
        self.0.ask(serde_json::to_string(question), &attached, |_| false, |_| ())
    }
}
