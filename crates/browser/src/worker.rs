//! Web workers that say when they listen: the sandbox, and those that read files.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// The first message of a worker that has nothing else to say: it listens.
const READY: &str = "ready";

/// True for the message of a worker that listens.
pub(crate) fn is_ready(message: &JsValue) -> bool {
    message.as_string().as_deref() == Some(READY)
}

/// The worker could not be started, or ended, for instance because memory ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerEnded;

/// Messages with what they transfer, held back until the worker listens: it would miss them.
type Early = Rc<RefCell<Option<Vec<(JsValue, Array)>>>>;

/// A worker. Dropping it ends it and gives its memory back.
pub(crate) struct RunningWorker {
    worker: Worker,
    early: Early,
    _listeners: [Closure<dyn Fn(Event)>; 2],
}

impl Drop for RunningWorker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl RunningWorker {
    /// Starts a worker. `on_message` returns true for the message that says that the worker listens; `on_end` is called
    /// if the worker fails.
    pub(crate) fn start(
        script: &str,
        on_message: impl Fn(&JsValue) -> bool + 'static,
        on_end: impl Fn() + 'static,
    ) -> Result<Self, WorkerEnded> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(script, &options).map_err(|_| WorkerEnded)?;
        let early: Early = Rc::new(RefCell::new(Some(Vec::new())));
        let listening = Closure::<dyn Fn(Event)>::new({
            let (early, worker) = (Rc::clone(&early), worker.clone());
            move |event: Event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
                if on_message(&event.data()) {
                    begin(&early, &worker);
                }
            }
        });
        let failing = Closure::<dyn Fn(Event)>::new(move |_| on_end());
        for (name, listener) in [("message", &listening), ("error", &failing)] {
            let function = listener.as_ref().unchecked_ref();
            worker.add_event_listener_with_callback(name, function).map_err(|_| WorkerEnded)?;
        }
        Ok(Self { worker, early, _listeners: [listening, failing] })
    }

    /// Ends the worker.
    pub(crate) fn end(&self) {
        self.worker.terminate();
    }

    /// Posts a message, with the buffers in it that are transferred.
    pub(crate) fn post(&self, message: JsValue, transferred: Array) -> Result<(), WorkerEnded> {
        if let Some(early) = &mut *self.early.borrow_mut() {
            early.push((message, transferred));
            return Ok(());
        }
        self.worker.post_message_with_transfer(&message, &transferred).map_err(|_| WorkerEnded)
    }
}

fn begin(early: &RefCell<Option<Vec<(JsValue, Array)>>>, worker: &Worker) {
    for (message, transferred) in early.take().unwrap_or_default() {
        // A message that cannot be posted gets no answer, which the worker's error event tells.
        let _ = worker.post_message_with_transfer(&message, &transferred);
    }
}
