//! Whether the browser may throw away what is kept here when the device runs out of space.

use crate::window;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Where it is noted that the browser was asked.
const ASKED: &str = "muster.asked_to_keep";

/// Asks the browser, once per device, to keep everything until a person erases it. Some browsers decide by
/// themselves, some ask their person, who has answered for good.
pub async fn ask_to_keep() {
    let notes = window().local_storage().ok().flatten();
    let is_asked = notes.as_ref().and_then(|notes| notes.get_item(ASKED).ok().flatten()).is_some();
    if is_asked || is_persistent().await == Some(true) {
        return;
    }
    if let Some(notes) = notes {
        // Without the note the next page asks again.
        let _ = notes.set_item(ASKED, "1");
    }
    // The settings say what came of it.
    ask("persist").await;
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
