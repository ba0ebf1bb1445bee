//! A web worker that answers questions, as JSON.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::{FutureExt as _, StreamExt as _};
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::assets;
use crate::worker::{RunningWorker, WorkerEnded, is_ready};

/// Those who wait for an answer and the bytes beside it.
type Waiting<Answer> = Rc<RefCell<BTreeMap<u32, UnboundedSender<(Answer, JsValue)>>>>;

/// A worker and the questions that it has not answered yet. Dropping it ends the worker and gives its memory back.
pub(crate) struct Questions<Answer> {
    worker: RunningWorker,
    waiting: Waiting<Answer>,
    next_id: Cell<u32>,
}

impl<Answer: DeserializeOwned + 'static> Questions<Answer> {
    /// Starts a worker by its script.
    ///
    /// # Errors
    /// If the browser does not start it.
    pub(crate) fn start(script: &str) -> Result<Self, WorkerEnded> {
        let waiting = Waiting::<Answer>::default();
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
        // Closes the channels of everyone who waits for an answer.
        let on_end = {
            let waiting = Rc::clone(&waiting);
            move || waiting.borrow_mut().clear()
        };
        let worker = RunningWorker::start(&assets::address(script), on_message, on_end)?;
        Ok(Self { worker, waiting, next_id: Cell::new(0) })
    }

    /// Ends the worker, and the wait for its answers.
    pub(crate) fn end(&self) {
        self.worker.end();
        self.waiting.borrow_mut().clear();
    }

    /// Asks the worker at once, in JSON. `attached` goes with the question: the memory of an array of bytes moves to the worker. Answers for which `is_partial` is true go to `partly`.
    ///
    /// # Errors
    /// If the worker ended.
    pub(crate) fn ask<Partly: Fn(Answer)>(
        &self,
        question: serde_json::Result<String>,
        attached: &JsValue,
        is_partial: fn(&Answer) -> bool,
        partly: Partly,
    ) -> impl Future<Output = Result<Answer, WorkerEnded>> + use<Answer, Partly> {
        let asked = self.ask_for_bytes(question, attached, is_partial, partly);
        asked.map(|answered| answered.map(|(answer, _)| answer))
    }

    /// As [`ask`](Self::ask), for an answer with bytes beside it; they are undefined if there are none.
    ///
    /// # Errors
    /// If the worker ended.
    pub(crate) fn ask_for_bytes<Partly: Fn(Answer)>(
        &self,
        question: serde_json::Result<String>,
        attached: &JsValue,
        is_partial: fn(&Answer) -> bool,
        partly: Partly,
    ) -> impl Future<Output = Result<(Answer, JsValue), WorkerEnded>> + use<Answer, Partly> {
        let id = self.next_id.replace(self.next_id.get().wrapping_add(1));
        let (sender, mut answers) = unbounded();
        self.waiting.borrow_mut().insert(id, sender);
        let moved =
            attached.dyn_ref::<Uint8Array>().map(|bytes| Array::of1(&bytes.buffer())).unwrap_or_default();
        let post = |text: String| self.worker.post(Array::of2(&text.into(), attached).into(), moved);
        let posted = question.map_err(|_| WorkerEnded).and_then(|question| {
            let numbered = ["[", &id.to_string(), ",", &question, "]"].concat();
            post(numbered)
        });
        let waiting = Rc::clone(&self.waiting);
        async move {
            posted?;
            while let Some((answer, bytes)) = answers.next().await {
                if !is_partial(&answer) {
                    waiting.borrow_mut().remove(&id);
                    return Ok((answer, bytes));
                }
                partly(answer);
            }
            Err(WorkerEnded)
        }
    }
}

fn receive<Answer: DeserializeOwned>(waiting: &Waiting<Answer>, message: &JsValue) {
    // Bytes make a pair of the message.
    let (text, bytes) = match message.dyn_ref::<Array>() {
        Some(pair) => (pair.get(0), pair.get(1)),
        None => (message.clone(), JsValue::UNDEFINED),
    };
    let Some(text) = text.as_string() else { return };
    let Ok((id, answer)) = serde_json::from_str::<(u32, Answer)>(&text) else { return };
    if let Some(sender) = waiting.borrow().get(&id) {
        // The asker may be gone.
        let _ = sender.unbounded_send((answer, bytes));
    }
}
