//! Shows new texts of `locales/en.json` without a build, under `cargo xtask serve --watch`.
//!
//! Only in development builds. `xtask/src/watch/page.js` puts the texts into a global variable and sends an
//! event when they change.

use super::{catalogue, locale};
use js_sys::Reflect;
use leptos::prelude::window_event_listener_untyped;
use wasm_bindgen_futures::spawn_local;

const TEXTS: &str = "musterTexts";
const CHANGED: &str = "muster-texts";

/// Shows the texts again whenever they change.
pub(super) fn follow() {
    window_event_listener_untyped(CHANGED, |_| {
        spawn_local(async { locale::apply(&locale::current_untracked()).await });
    });
}

/// Overlays the compiled English with the current texts, if there are any.
pub(super) fn overlay() {
    if let Ok(texts) = Reflect::get(&js_sys::global(), &TEXTS.into())
        && texts.is_object()
    {
        catalogue::use_loaded(&texts);
    }
}
