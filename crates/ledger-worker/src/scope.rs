//! The worker's global scope: receives questions and answers them in order.

use std::cell::RefCell;

use domain::Millis;
use js_sys::{Array, Date, Function, Uint8Array};
use review::ChainTip;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::{LedgerQuestion, answer};
use crate::{LedgerStore, Platform};

const PLATFORM: Platform = Platform { decompose, iso, minutes_east };

/// Says that it listens, and listens.
pub fn start() {
    // The page begins with the tip of its chain.
    let ledger = RefCell::new(LedgerStore::new(PLATFORM, ChainTip::new([0; 32])));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        take(&ledger, &event.data());
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    on_message.forget(); // Listens as long as the worker lives.
    scope().post_message(&JsValue::from_str("ready")).expect("a text can always be posted");
}

fn take(ledger: &RefCell<LedgerStore>, data: &JsValue) {
    let parts: &Array = data.unchecked_ref();
    let asked =
        parts.get(0).as_string().and_then(|text| serde_json::from_str::<(u32, LedgerQuestion)>(&text).ok());
    let Some((id, question)) = asked else { return };
    let mut ledger = ledger.borrow_mut();
    if let Some(lines) = parts.get(1).dyn_ref::<Array>() {
        // What is no text is a line that cannot be read.
        lines.iter().for_each(|line| ledger.push(&line.as_string().unwrap_or_default()));
    }
    // Bytes that are no UTF-8 are no ledger either.
    let file = parts.get(1).dyn_into::<Uint8Array>().ok();
    let file = file.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let (answer, file) = answer(&mut ledger, PLATFORM, question, file);
    let text = serde_json::to_string(&(id, answer)).expect("answers have no keys but texts");
    let text = JsValue::from_str(&text);
    match file.map(|file| Uint8Array::from(file.as_bytes())) {
        None => scope().post_message(&text),
        Some(bytes) => {
            let moved = Array::of1(&bytes.buffer());
            scope().post_message_with_transfer(&Array::of2(&text, &bytes), &moved)
        }
    }
    .expect("a text can always be posted");
}

fn decompose(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKD").into()
}

fn iso(at: Millis) -> String {
    Date::new(&JsValue::from_f64(at as f64)).to_iso_string().into()
}

fn minutes_east(at: Millis) -> i32 {
    -(Date::new(&JsValue::from_f64(at as f64)).get_timezone_offset() as i32)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
