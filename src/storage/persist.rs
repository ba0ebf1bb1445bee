//! Whether the browser may throw away what is kept here when the device runs out of space.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Asks the browser to keep everything until a person erases it; what it says, `None` if it cannot be asked.
/// Some browsers decide by themselves, some ask their person.
pub async fn persist() -> Option<bool> {
    ask("persist").await
}

/// Whether the browser keeps everything until a person erases it; `None` if it does not say.
pub async fn is_persistent() -> Option<bool> {
    ask("persisted").await
}

async fn ask(what: &str) -> Option<bool> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    // Missing where the page came over plain HTTP, and in older browsers.
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let ask: Function = Reflect::get(&storage, &what.into()).ok()?.dyn_into().ok()?;
    let asked: Promise = ask.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(asked).await.ok()?.as_bool()
}
