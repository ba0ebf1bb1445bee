//! Reads a file of people in a web worker.

use import_worker::message::{ImportAnswer, ImportQuestion};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::questions::Questions;
use crate::worker::WorkerEnded;

/// The script that starts the worker.
const LOADER: &str = "import-worker.js";

/// A worker with one file. Dropping it ends the worker and gives its memory back.
pub struct Importer(Questions<ImportAnswer>);

impl std::fmt::Debug for Importer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Importer")
    }
}

impl Importer {
    /// Starts a worker.
    ///
    /// # Errors
    /// If the browser does not start it.
    pub fn start() -> Result<Self, WorkerEnded> {
        Ok(Self(Questions::start(LOADER)?))
    }

    /// Ends the worker, and the wait for its answers.
    pub fn end(&self) {
        self.0.end();
    }

    /// Asks the worker, with the file if the question is to open it. Partial answers go to `partly`.
    ///
    /// # Errors
    /// If the worker ended.
    pub async fn ask(
        &self,
        question: ImportQuestion,
        file: Option<&Blob>,
        partly: impl Fn(ImportAnswer),
    ) -> Result<ImportAnswer, WorkerEnded> {
        let nothing = JsValue::UNDEFINED;
        let file = file.map_or(&nothing, AsRef::as_ref);
        self.0.ask(serde_json::to_string(&question), file, ImportAnswer::is_partial, partly).await
    }
}
