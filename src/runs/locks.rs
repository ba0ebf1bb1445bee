//! One driver for each run, among all tabs: the browser's locks.
//!
//! A lock goes with its tab, however that ends. Where the browser has none, as on a page that did not come by
//! `https:`, every tab drives what it was told to, and the journal refuses the second writer.

use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        callback: &Function,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// A lock that this tab has. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// How a lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Now or not at all.
    Now,
    /// As soon as whoever has it is gone.
    Queue,
    /// As [`Queue`](Ask::Queue), only to know that nobody has it: many may know at once.
    Watch,
}

/// Asks for a lock. `None` if another tab has it.
pub(super) async fn ask(name: &str, how: Ask) -> Option<Held> {
    let Some(locks) = manager() else { return Some(Held(None)) };
    let (sender, granted) = oneshot::channel();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() || lock.is_undefined() {
            let _ = sender.send(None);
            return JsValue::UNDEFINED;
        }
        let mut release = None;
        let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
        // Whoever asked may be gone: then the lock is given back here.
        let _ = sender.send(Some(Held(release)));
        until_released.into()
    });
    let options = Object::new();
    let set = |name: &str, value: JsValue| {
        // Setting a property of a plain object does not fail.
        let _ = Reflect::set(&options, &name.into(), &value);
    };
    match how {
        Ask::Now => set("ifAvailable", true.into()),
        Ask::Queue => {}
        Ask::Watch => set("mode", "shared".into()),
    }
    let Ok(ended) = locks.request(name, &options, callback.unchecked_ref()) else { return Some(Held(None)) };
    match select(granted, JsFuture::from(ended)).await {
        Either::Left((granted, _)) => granted.unwrap_or(Some(Held(None))),
        Either::Right((Ok(_), granted)) => granted.await.unwrap_or(Some(Held(None))),
        // A page without an origin of its own is refused: as if there were no locks.
        Either::Right((Err(_), _)) => Some(Held(None)),
    }
}

/// The names of the locks that some tab has; none where the browser has no locks.
pub(super) async fn held() -> Vec<String> {
    let Some(locks) = manager() else { return Vec::new() };
    let Ok(asked) = locks.query() else { return Vec::new() };
    let Ok(snapshot) = JsFuture::from(asked).await else { return Vec::new() };
    let held = Reflect::get(&snapshot, &"held".into()).unwrap_or_default();
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    held.dyn_into::<Array>().map(|held| held.iter().filter_map(name).collect()).unwrap_or_default()
}

fn manager() -> Option<LockManager> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
