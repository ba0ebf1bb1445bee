//! The worker's global scope: receives messages, persists events, waits, and replies.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function, Promise};
use sandbox::Settings;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::journal::{Journal, JournalError};
use crate::message;
use crate::server::{Persist, Server, Taken};

const DATABASE: &str = "muster-sandbox";

/// Messages that arrived before the journal was loaded, or the handler of them.
enum Counter {
    Opening(Vec<String>),
    Open(Box<Open>),
}

struct Open {
    server: Server,
    journal: Option<Rc<Journal>>,
}

/// Starts listening, then loads the journal.
pub fn start() {
    let counter = Rc::new(RefCell::new(Counter::Opening(Vec::new())));
    let listening = Rc::clone(&counter);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            take(&listening, text);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    on_message.forget(); // Listens as long as the worker lives.
    spawn_local(open(counter));
}

async fn open(counter: Rc<RefCell<Counter>>) {
    let (journal, events) = match read().await {
        Ok((journal, events)) => (Some(Rc::new(journal)), events),
        Err(error) => {
            complain(&error);
            (None, Vec::new())
        }
    };
    let is_durable = journal.is_some();
    let server = Server::new(Settings::default(), events);
    let waiting = match counter.replace(Counter::Open(Box::new(Open { server, journal }))) {
        Counter::Opening(waiting) => waiting,
        Counter::Open(_) => Vec::new(),
    };
    post(&message::ready(is_durable));
    for text in waiting {
        take(&counter, text);
    }
}

async fn read() -> Result<(Journal, Vec<sandbox::Event>), JournalError> {
    let journal = Journal::open(DATABASE).await?;
    match journal.load().await {
        Ok(events) => Ok((journal, events)),
        Err(JournalError::Record(reason)) => {
            // Written by another version: discard the sample data instead of failing to start.
            complain(&JournalError::Record(reason));
            journal.clear().await?;
            Ok((journal, Vec::new()))
        }
        Err(error) => Err(error),
    }
}

/// Applies a message to the world at once, in order of arrival; persisting and replying are asynchronous.
fn take(counter: &Rc<RefCell<Counter>>, text: String) {
    let (taken, journal) = match &mut *counter.borrow_mut() {
        Counter::Opening(waiting) => return waiting.push(text),
        Counter::Open(open) => (open.server.take(&text, Date::now() as u64), open.journal.clone()),
    };
    spawn_local(follow(Rc::clone(counter), taken, journal));
}

async fn follow(counter: Rc<RefCell<Counter>>, taken: Taken, journal: Option<Rc<Journal>>) {
    if let Some(journal) = journal {
        let kept = match &taken.persist {
            Persist::Nothing => Ok(()),
            Persist::Events(events) => journal.append(events).await,
            Persist::Forget => journal.clear().await,
        };
        if let Err(error) = kept {
            // Further journaling would leave a gap: continue in memory and report it.
            complain(&error);
            if let Counter::Open(open) = &mut *counter.borrow_mut() {
                open.journal = None;
            }
            post(&message::ready(false));
        }
    }
    if let Some(reply) = &taken.reply {
        if taken.after_ms > 0 {
            sleep(taken.after_ms).await;
        }
        post(reply);
    }
}

async fn sleep(ms: u64) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, reject| {
        let timer = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        if let Err(error) = timer {
            let (Ok(_) | Err(_)) = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    // If the timer fails, reply at once.
    let (Ok(_) | Err(_)) = JsFuture::from(promise).await;
}

fn post(text: &str) {
    scope().post_message(&JsValue::from_str(text)).expect("a text can always be posted");
}

fn complain(error: &JournalError) {
    web_sys::console::warn_1(&JsValue::from_str(&format!("sandbox: {error}")));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
