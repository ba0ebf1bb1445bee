//! Keeps the people of a list in a web worker.

use directory_worker::message::{ListAnswer, ListQuestion};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

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
        self.0.ask(serde_json::to_string(question), &JsValue::UNDEFINED, |_| false, ignored)
    }

    /// As [`ask`](Self::ask), with bytes that belong to the question. Bytes may come with the answer.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn ask_with(
        &self,
        question: &ListQuestion,
        attached: &[u8],
    ) -> impl Future<Output = Result<(ListAnswer, Option<Uint8Array>), WorkerEnded>> + use<> {
        let attached = Uint8Array::from(attached);
        let asked = self.0.ask_for_bytes(serde_json::to_string(question), &attached, |_| false, ignored);
        async move { asked.await.map(|(answer, bytes)| (answer, bytes.dyn_into().ok())) }
    }

    /// As [`ask`](Self::ask), for a question that is answered with bytes.
    ///
    /// # Errors
    /// If the worker ended.
    pub fn ask_for_bytes(
        &self,
        question: &ListQuestion,
    ) -> impl Future<Output = Result<Uint8Array, WorkerEnded>> + use<> {
        let question = serde_json::to_string(question);
        let asked = self.0.ask_for_bytes(question, &JsValue::UNDEFINED, |_| false, ignored);
        async move { asked.await?.1.dyn_into().map_err(|_| WorkerEnded) }
    }

    /// Takes the people of a snapshot in place of those who are here. The memory of the bytes moves to the worker.
    /// Returns false if they are no snapshot.
    ///
    /// # Errors
    /// If the worker ended.
    pub async fn restore(&self, snapshot: &Uint8Array) -> Result<bool, WorkerEnded> {
        let question = serde_json::to_string(&ListQuestion::Restore);
        let answer = self.0.ask(question, snapshot, |_| false, ignored).await?;
        Ok(answer == ListAnswer::Restored(true))
    }
}

/// No answer is partial.
fn ignored(_: ListAnswer) {}
