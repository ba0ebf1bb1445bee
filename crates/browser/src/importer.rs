//! Reads a file of people in a web worker.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use import_worker::message::{Answered, Asked, ImportAnswer, ImportQuestion};
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::assets;
use crate::worker::{RunningWorker, WorkerEnded, is_ready};

/// The script that starts the worker.
const LOADER: &str = "import-worker.js";

type Waiting = Rc<RefCell<BTreeMap<u32, UnboundedSender<ImportAnswer>>>>;

/// A worker with one file. Dropping it ends the worker and gives its memory back.
pub struct Importer {
    worker: RunningWorker,
    waiting: Waiting,
    next_id: Cell<u32>,
}

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
        let waiting = Waiting::default();
        let on_message = {
            let waiting = Rc::clone(&waiting);
            move |message: &JsValue| {
                if is_ready(message) {
                    return true;
                }
                receive(&waiting, message);
                false
            }
        };
        // The end of its answers tells everyone who waits for one.
        let on_end = {
            let waiting = Rc::clone(&waiting);
            move || waiting.borrow_mut().clear()
        };
        let worker = RunningWorker::start(&assets::address(LOADER), on_message, on_end)?;
        Ok(Self { worker, waiting, next_id: Cell::new(0) })
    }

    /// Ends the worker, and the wait for its answers.
    pub fn end(&self) {
        self.worker.end();
        self.waiting.borrow_mut().clear();
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
        let id = self.next_id.replace(self.next_id.get().wrapping_add(1));
        let (sender, mut answers) = unbounded();
        self.waiting.borrow_mut().insert(id, sender);
        let text = serde_json::to_string(&Asked { id, question }).map_err(|_| WorkerEnded)?;
        let message = Array::of2(&text.into(), file.map_or(&JsValue::UNDEFINED, AsRef::as_ref));
        self.worker.post(message.into(), Array::new())?;
        while let Some(answer) = answers.next().await {
            if !answer.is_partial() {
                self.waiting.borrow_mut().remove(&id);
                return Ok(answer);
            }
            partly(answer);
        }
        Err(WorkerEnded)
    }
}

fn receive(waiting: &Waiting, message: &JsValue) {
    let Some(text) = message.as_string() else { return };
    let Ok(Answered { id, answer }) = serde_json::from_str(&text) else { return };
    if let Some(sender) = waiting.borrow().get(&id) {
        // Nobody may listen any more.
        let _ = sender.unbounded_send(answer);
    }
}
