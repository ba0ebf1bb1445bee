//! The worker's global scope: receives questions and answers them in order.

use std::cell::RefCell;
use std::cmp::Ordering;

use js_sys::{Array, Function, Intl, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::ListQuestion;
use crate::{Collation, PeopleStore};

thread_local! {
    /// Compare as the language does; at first, as that of the browser.
    static COMPARE: RefCell<Collators> = RefCell::new(Collators::new(&Array::new()));
}

/// The comparisons of a language.
struct Collators {
    base: Function,
    full: Function,
}

impl Collators {
    fn new(tags: &Array) -> Self {
        Self { base: collator(tags, "base"), full: collator(tags, "variant") }
    }
}

/// Says that it listens, and listens.
pub fn start() {
    let directory =
        RefCell::new(PeopleStore::new(decompose, Collation { base: compare_base, full: compare_full }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        take(&directory, &event.data());
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    on_message.forget(); // Listens as long as the worker lives.
    scope().post_message(&JsValue::from_str("ready")).expect("a text can always be posted");
}

fn take(directory: &RefCell<PeopleStore>, data: &JsValue) {
    let parts: &Array = data.unchecked_ref();
    let asked =
        parts.get(0).as_string().and_then(|text| serde_json::from_str::<(u32, ListQuestion)>(&text).ok());
    let Some((id, question)) = asked else { return };
    if let ListQuestion::Language(tag) = &question {
        COMPARE.set(Collators::new(&Array::of1(&JsValue::from_str(tag))));
    }
    let attached = parts.get(1).dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default();
    let answer = directory.borrow_mut().answer(question, attached);
    let bytes = directory.borrow_mut().take_attached();
    let text = serde_json::to_string(&(id, answer)).expect("answers have no keys but texts");
    let text = JsValue::from_str(&text);
    match bytes.map(|bytes| Uint8Array::from(&*bytes)) {
        None => scope().post_message(&text),
        Some(bytes) => {
            let moved = Array::of1(&bytes.buffer());
            scope().post_message_with_transfer(&Array::of2(&text, &bytes), &moved)
        }
    }
    .expect("a text can always be posted");
}

fn collator(tags: &Array, sensitivity: &str) -> Function {
    let options = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&options, &"numeric".into(), &JsValue::TRUE);
    let _ = Reflect::set(&options, &"sensitivity".into(), &sensitivity.into());
    Intl::Collator::new(tags, &options).compare()
}

fn decompose(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKD").into()
}

fn compare_base(one: &str, other: &str) -> Ordering {
    COMPARE.with_borrow(|collators| compare(&collators.base, one, other))
}

fn compare_full(one: &str, other: &str) -> Ordering {
    COMPARE.with_borrow(|collators| compare(&collators.full, one, other))
}

fn compare(collator: &Function, one: &str, other: &str) -> Ordering {
    let compared = collator.call2(&JsValue::UNDEFINED, &one.into(), &other.into());
    let difference = compared.ok().and_then(|compared| compared.as_f64()).unwrap_or_default();
    difference.partial_cmp(&0.0).unwrap_or(Ordering::Equal)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
