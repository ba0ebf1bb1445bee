//! Reads a file of people in a web worker.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use import_worker::message::{Answered, Asked, ImportAnswer, ImportQuestion};
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::assets;

/// The script that starts the worker.
const LOADER: &str = "import-worker.js";
/// What the worker says once it listens.
const READY: &str = "ready";

/// The worker could not be started, or ended, for instance because memory ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerEnded;

type Waiting = Rc<RefCell<BTreeMap<u32, UnboundedSender<ImportAnswer>>>>;

/// A worker with one file. Dropping it ends the worker and gives its memory back.
pub struct Importer {
    worker: Worker,
    waiting: Waiting,
    /// Messages held back until the worker listens: it would miss them.
    early: Rc<RefCell<Option<Vec<JsValue>>>>,
    next_id: Cell<u32>,
    _listeners: [Closure<dyn Fn(Event)>; 2],
}

impl std::fmt::Debug for Importer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Importer")
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Importer {
    /// Starts a worker.
    ///
    /// # Errors
    /// If the browser does not start it.
    pub fn start() -> Result<Self, WorkerEnded> {
        Self::from_loader(&assets::address(LOADER)).map_err(|_| WorkerEnded)
    }

    fn from_loader(loader: &str) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(loader, &options)?;
        let waiting = Waiting::default();
        let early = Rc::new(RefCell::new(Some(Vec::new())));
        let on_message = Closure::<dyn Fn(Event)>::new({
            let (waiting, early, worker) = (Rc::clone(&waiting), Rc::clone(&early), worker.clone());
            move |event: Event| {
                let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                match text.as_deref() {
                    Some(READY) => begin(&early, &worker),
                    Some(text) => receive(&waiting, text),
                    None => {}
                }
            }
        });
        // Whoever waits is told by the end of their answers.
        let on_error = Closure::<dyn Fn(Event)>::new({
            let waiting = Rc::clone(&waiting);
            move |_| waiting.borrow_mut().clear()
        });
        worker.add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref())?;
        worker.add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref())?;
        let listeners = [on_message, on_error];
        Ok(Self { worker, waiting, early, next_id: Cell::new(0), _listeners: listeners })
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
        self.post(message.into())?;
        while let Some(answer) = answers.next().await {
            if !answer.is_partial() {
                self.waiting.borrow_mut().remove(&id);
                return Ok(answer);
            }
            partly(answer);
        }
        Err(WorkerEnded)
    }

    fn post(&self, message: JsValue) -> Result<(), WorkerEnded> {
        match &mut *self.early.borrow_mut() {
            Some(early) => early.push(message),
            None => self.worker.post_message(&message).map_err(|_| WorkerEnded)?,
        }
        Ok(())
    }
}

fn begin(early: &RefCell<Option<Vec<JsValue>>>, worker: &Worker) {
    for message in early.take().unwrap_or_default() {
        // A message that cannot be posted gets no answer, which the worker's error event tells.
        let _ = worker.post_message(&message);
    }
}

fn receive(waiting: &Waiting, text: &str) {
    let Ok(Answered { id, answer }) = serde_json::from_str(text) else { return };
    if let Some(sender) = waiting.borrow().get(&id) {
        // Nobody may listen any more.
        let _ = sender.unbounded_send(answer);
    }
}
