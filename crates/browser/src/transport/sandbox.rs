//! Calls to the sandbox, which runs in a worker of this page and starts with the first call.

use std::cell::RefCell;
use std::rc::Rc;

use domain::Vendor;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::Array;
use litemap::LiteMap;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use super::wire::{Answer, read_answer, write_request};
use super::{Authorization, TIMEOUT_MS, TransportError};
use crate::worker::{RunningWorker, WorkerEnded};
use crate::{assets, clock};

/// The script that starts the worker.
const LOADER: &str = "sandbox-worker.js";

type Waiting = oneshot::Sender<Result<Answer, TransportError>>;

/// The sandbox of this page. Clones share state.
#[derive(Clone)]
pub struct Sandbox {
    state: Rc<RefCell<State>>,
    loader: Rc<str>,
    timeout_ms: u32,
}

#[derive(Default)]
struct State {
    worker: Option<Running>,
    next_id: u32,
    waiting: LiteMap<u32, Waiting>,
}

/// The worker, and what it said when it began to listen.
struct Running {
    worker: RunningWorker,
    is_durable: Option<bool>,
}

/// Removes a call that is no longer awaited.
struct Ticket {
    state: Rc<RefCell<State>>,
    id: u32,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.state.borrow_mut().waiting.remove(&self.id);
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sandbox")
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::from_loader(&assets::address(LOADER), TIMEOUT_MS)
    }
}

impl Sandbox {
    /// A sandbox with another worker script and another timeout.
    pub fn from_loader(loader: &str, timeout_ms: u32) -> Self {
        Self { state: Rc::default(), loader: loader.into(), timeout_ms }
    }

    /// Resets the sandbox to its initial state.
    ///
    /// # Errors
    /// If the worker does not start or does not respond.
    pub async fn reset(&self) -> Result<(), TransportError> {
        self.control("reset").await.map(drop)
    }

    /// The values that provoke an error: objects with `vendor`, `place`, `value`, `provokes` and `key`.
    ///
    /// # Errors
    /// If the worker does not start or does not respond.
    pub async fn sentinels(&self) -> Result<Vec<Value>, TransportError> {
        let mut message = self.control("sentinels").await?;
        match message.get_mut("sentinels").map(Value::take) {
            Some(Value::Array(list)) => Ok(list),
            _ => Err(TransportError::Unreachable),
        }
    }

    /// False if the sandbox's state does not outlive the page; `None` before it has started.
    pub fn is_durable(&self) -> Option<bool> {
        self.state.borrow().worker.as_ref()?.is_durable
    }

    async fn control(&self, what: &str) -> Result<Value, TransportError> {
        let answer = self.exchange(|id| json!({ "id": id, what: true }).to_string()).await?;
        match answer {
            Answer::Control(_, message) => Ok(message),
            Answer::Ready { .. } | Answer::Response(..) | Answer::Cut(_) => Err(TransportError::Unreachable),
        }
    }

    async fn exchange(&self, message: impl FnOnce(u32) -> String) -> Result<Answer, TransportError> {
        let (sender, receiver) = oneshot::channel();
        let id = {
            let mut state = self.state.borrow_mut();
            state.next_id = state.next_id.wrapping_add(1);
            let id = state.next_id;
            state.waiting.insert(id, sender);
            id
        };
        let _ticket = Ticket { state: Rc::clone(&self.state), id };
        self.post(message(id))?;
        let timer = std::pin::pin!(clock::sleep(u64::from(self.timeout_ms)));
        match select(receiver, timer).await {
            Either::Left((Ok(answer), _)) => answer,
            Either::Left((Err(_), _)) => Err(TransportError::Cancelled),
            Either::Right(_) => Err(TransportError::TimedOut),
        }
    }

    fn post(&self, message: String) -> Result<(), TransportError> {
        if self.state.borrow().worker.is_none() {
            let running = self.start().map_err(|_| TransportError::Unreachable)?;
            self.state.borrow_mut().worker = Some(running);
        }
        let state = self.state.borrow();
        let Some(running) = &state.worker else { return Err(TransportError::Unreachable) };
        running.worker.post(message.into(), Array::new()).map_err(|_| TransportError::Unreachable)
    }

    fn start(&self) -> Result<Running, WorkerEnded> {
        let on_message = {
            let state = Rc::downgrade(&self.state);
            move |message: &JsValue| {
                let answer = message.as_string().and_then(|text| read_answer(&text));
                match (state.upgrade(), answer) {
                    (Some(state), Some(answer)) => receive(&state, answer),
                    _ => false,
                }
            }
        };
        // The script is missing or broken: fail all pending calls; the next one starts a new worker.
        let on_end = {
            let state = Rc::downgrade(&self.state);
            move || {
                if let Some(state) = state.upgrade() {
                    fail(&state);
                }
            }
        };
        let worker = RunningWorker::start(&self.loader, on_message, on_end)?;
        Ok(Running { worker, is_durable: None })
    }
}

/// Passes an answer on; true if it says that the worker listens.
fn receive(state: &RefCell<State>, answer: Answer) -> bool {
    let (id, answer) = match answer {
        Answer::Ready { is_durable } => {
            if let Some(running) = &mut state.borrow_mut().worker {
                running.is_durable = Some(is_durable);
            }
            return true;
        }
        Answer::Cut(id) => (id, Err(TransportError::Unreachable)),
        Answer::Response(id, _) | Answer::Control(id, _) => (id, Ok(answer)),
    };
    let waiting = state.borrow_mut().waiting.remove(&id);
    if let Some(waiting) = waiting {
        // Fails if the call was cancelled at the same moment.
        let _ = waiting.send(answer);
    }
    false
}

fn fail(state: &Rc<RefCell<State>>) {
    let (worker, waiting) = {
        let mut state = state.borrow_mut();
        (state.worker.take(), std::mem::take(&mut state.waiting))
    };
    for (_, waiting) in waiting {
        let _ = waiting.send(Err(TransportError::Unreachable));
    }
    if let Some(running) = worker {
        running.worker.end();
        // This runs inside one of its listeners, which must outlive the call.
        wasm_bindgen_futures::spawn_local(async move { drop(running) });
    }
}

/// Calls to one vendor in the sandbox.
#[derive(Clone, Debug)]
pub struct SandboxTransport {
    sandbox: Sandbox,
    vendor: Vendor,
}

impl SandboxTransport {
    /// Calls to this vendor in this sandbox.
    pub fn new(sandbox: Sandbox, vendor: Vendor) -> Self {
        Self { sandbox, vendor }
    }

    /// Sends a request to the worker.
    ///
    /// # Errors
    /// If the worker does not start, does not respond, or simulates a lost connection.
    pub async fn send(
        &self,
        request: &vendors::Request,
        authorization: Option<&Authorization>,
    ) -> Result<vendors::Response, TransportError> {
        let message = |id| write_request(id, self.vendor, request, authorization);
        match self.sandbox.exchange(message).await? {
            Answer::Response(_, response) => Ok(response),
            Answer::Ready { .. } | Answer::Cut(_) | Answer::Control(..) => Err(TransportError::Unreachable),
        }
    }
}
