//! Whether the browser may evict stored data when the device runs out of space.

use crate::local_storage;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// The `localStorage` key that notes that the browser was asked.
const ASKED: &str = "muster.asked_to_keep";

/// Asks the browser, once per device, for persistent storage. Some browsers decide by themselves; others
/// prompt the user, whose answer is final.
pub async fn ask_for_persistence() {
    let notes = local_storage();
    let is_asked = notes.as_ref().and_then(|notes| notes.get_item(ASKED).ok().flatten()).is_some();
    if is_asked || is_persistent().await == Some(true) {
        return;
    }
    if let Some(notes) = notes {
        // Without the note the next page asks again.
        let _ = notes.set_item(ASKED, "1");
    }
    // The settings page shows the result.
    ask("persist").await;
}

/// True if the browser evicts nothing by itself; `None` if it does not say.
pub async fn is_persistent() -> Option<bool> {
    ask("persisted").await
}

async fn ask(what: &str) -> Option<bool> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    // Missing on pages loaded over plain HTTP and in older browsers.
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let ask: Function = Reflect::get(&storage, &what.into()).ok()?.dyn_into().ok()?;
    let asked: Promise = ask.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(asked).await.ok()?.as_bool()
}
