//! One driver per run among all tabs, by means of Web Locks.
//!
//! The browser releases a lock when its tab goes away, however that happens. Without Web Locks, such as on a
//! page not loaded over `https:`, a tab drives only what the user starts in it, and the journal refuses a
//! second writer.

use crate::window;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Array, Function, Object, Promise, Reflect};
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

/// A lock held by this tab; released on drop.
#[derive(Debug, Default)]
pub struct HeldLock {
    release: Option<Function>,
    ended: Option<JsFuture>,
}

impl HeldLock {
    /// Waits for the end of the lock; true if it was taken away, as an extension can do.
    pub fn lost(&mut self) -> impl Future<Output = bool> + 'static {
        let ended = self.ended.take();
        async move {
            match ended {
                Some(ended) => ended.await.is_err(),
                None => false,
            }
        }
    }
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// How to ask for a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Fails if it is not available now.
    Now,
    /// Waits until the lock is free.
    Queue,
    /// As [`Queue`](Ask::Queue), but shared: only to learn that no tab holds it exclusively.
    Watch,
}

/// Asks for a lock. `None` if another tab holds it. Without Web Locks, waiting for one never ends.
pub async fn ask(name: &str, how: Ask) -> Option<HeldLock> {
    let Some((granted, ended)) = request(name, how) else { return without_locks(how).await };
    match select(granted, ended).await {
        Either::Left((granted, ended)) => {
            let mut held = granted.ok()??;
            held.ended = Some(ended);
            Some(held)
        }
        // Only an error ends the request before it is granted: the page has an opaque origin.
        Either::Right(_) => without_locks(how).await,
    }
}

async fn without_locks(how: Ask) -> Option<HeldLock> {
    match how {
        Ask::Now => Some(HeldLock::default()),
        Ask::Queue | Ask::Watch => std::future::pending().await,
    }
}

type Granted = oneshot::Receiver<Option<HeldLock>>;

/// Requests a lock. The first future yields it, or `None` if it is not free; the second its end. `None`
/// without Web Locks.
fn request(name: &str, how: Ask) -> Option<(Granted, JsFuture)> {
    let (sender, granted) = oneshot::channel();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() || lock.is_undefined() {
            let _ = sender.send(None);
            return JsValue::UNDEFINED;
        }
        let mut release = None;
        let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
        // If the receiver is gone, dropping the lock here releases it.
        let _ = sender.send(Some(HeldLock { release, ended: None }));
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
    let ended = manager()?.request(name, &options, callback.unchecked_ref()).ok()?;
    Some((granted, JsFuture::from(ended)))
}

/// The names of all locks that any tab holds exclusively; empty without Web Locks. Who only [watches](Ask::Watch)
/// holds a lock for a moment, after the tab that held it.
pub async fn held() -> Vec<String> {
    let Some(locks) = manager() else { return Vec::new() };
    let Ok(asked) = locks.query() else { return Vec::new() };
    let Ok(snapshot) = JsFuture::from(asked).await else { return Vec::new() };
    let held = Reflect::get(&snapshot, &"held".into()).unwrap_or_default();
    let name = |lock: JsValue| {
        let text = |key: &str| Reflect::get(&lock, &key.into()).ok()?.as_string();
        text("name").filter(|_| text("mode").as_deref() == Some("exclusive"))
    };
    held.dyn_into::<Array>().map(|held| held.iter().filter_map(name).collect()).unwrap_or_default()
}

/// True if the browser has Web Locks.
pub fn are_there() -> bool {
    manager().is_some()
}

fn manager() -> Option<LockManager> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
