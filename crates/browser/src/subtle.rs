//! The browser's SubtleCrypto, in a page or in a worker.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::SubtleCrypto;

/// `None` outside a secure context, which is `https:` or loopback.
pub(crate) fn subtle() -> Option<SubtleCrypto> {
    // The property is missing there; the typed getter does not expect that.
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.is_object().then(|| subtle.unchecked_into())
}

/// What a key may be used for.
pub(crate) fn usages(names: &[&str]) -> Array {
    names.iter().map(|name| JsValue::from_str(name)).collect()
}
