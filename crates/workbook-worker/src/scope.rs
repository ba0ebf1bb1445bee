//! The worker's global scope: receives requests and posts replies.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::server::{WorkbookReply, WorkbookRequest, WorkbookServer};

/// The error of a message that is no request.
const NOT_UNDERSTOOD: &str = "not_understood";

/// Listens, and says so: a message that comes before is lost.
pub fn start() {
    let server = RefCell::new(WorkbookServer::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = event.data();
        let id = field(&message, "id");
        let reply = match parse(&message) {
            Some(request) => server.borrow_mut().answer(request),
            None => return post(&id, "error", &JsValue::from_str(NOT_UNDERSTOOD), &[]),
        };
        answer(&id, reply);
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    on_message.forget(); // Listens as long as the worker lives.
    scope().post_message(&JsValue::from_str("ready")).expect("a text can always be posted");
}

/// Parses a message: `{ id, bytes }` or `{ id, sheet }`.
fn parse(message: &JsValue) -> Option<WorkbookRequest> {
    if let Ok(bytes) = field(message, "bytes").dyn_into::<ArrayBuffer>() {
        return Some(WorkbookRequest::Open(Uint8Array::new(&bytes).to_vec()));
    }
    let sheet = field(message, "sheet").as_f64()?;
    (sheet >= 0.0 && sheet.fract() == 0.0).then_some(WorkbookRequest::Sheet(sheet as usize))
}

fn answer(id: &JsValue, answer: WorkbookReply) {
    match answer {
        WorkbookReply::Opened { sheets, n_hidden } => {
            let names: Array = sheets.iter().map(|name| JsValue::from_str(name)).collect();
            post(id, "sheets", &names, &[("hidden", JsValue::from_f64(n_hidden as f64))]);
        }
        WorkbookReply::Csv(csv) => {
            let buffer = Uint8Array::from(csv.as_bytes()).buffer();
            post(id, "csv", &buffer, &[]);
        }
        WorkbookReply::Failed(error) => post(id, "error", &JsValue::from_str(error.slug()), &[]),
    }
}

/// Posts `{ id, name: value }` with more fields. A buffer is transferred, so that it is not copied.
fn post(id: &JsValue, name: &str, value: &JsValue, more: &[(&str, JsValue)]) {
    let reply = Object::new();
    let fields =
        [("id", id), (name, value)].into_iter().chain(more.iter().map(|(name, value)| (*name, value)));
    for (name, value) in fields {
        Reflect::set(&reply, &JsValue::from_str(name), value).expect("a new object takes any field");
    }
    let transferred: Array = value.dyn_ref::<ArrayBuffer>().into_iter().collect();
    scope()
        .post_message_with_transfer(&reply, &transferred)
        .expect("texts, numbers and a new buffer can always be posted");
}

/// A field of a message; undefined if the message is no object.
fn field(message: &JsValue, name: &str) -> JsValue {
    Reflect::get(message, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
