//! The service worker that opens the console without a network: `public/sw.js`.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    EventTarget, RegistrationOptions, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState, ServiceWorkerUpdateViaCache, Storage, Url,
};

use crate::{clock, window};
use domain::Millis;
use futures::future::select;

/// Makes a stored release replace the one in use.
const TAKE_OVER: &str = "take over";
/// In the storage of the tab: the page that is loaded next is of the release that takes over.
const TAKEN_OVER: &str = "muster.taken_over";
/// How long to wait for that. The worker in use serves the page of the other release if it takes longer.
const PATIENCE_MS: Millis = 3_000;

/// The service worker of this console. Copies are the same worker.
#[derive(Clone, Debug)]
pub struct Offline(ServiceWorkerRegistration);

/// True if this page came from a service worker.
pub fn is_controlled() -> bool {
    container().is_some_and(|container| container.controller().is_some())
}

/// `None` where the browser has no service workers, such as on a page not loaded over `https:`.
fn container() -> Option<ServiceWorkerContainer> {
    let found = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

impl Offline {
    /// Registers the worker for all pages below `scope`. It stores its release in the background.
    ///
    /// # Errors
    /// If the browser has no service workers, or the script cannot be fetched.
    pub async fn register(script: &str, scope: &str) -> Result<Self, JsValue> {
        let container = container().ok_or(JsValue::UNDEFINED)?;
        let options = RegistrationOptions::new();
        options.set_scope(scope);
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        let registered = JsFuture::from(container.register_with_options(script, &options)).await?;
        Ok(Self(registered.dyn_into()?))
    }

    /// Calls `ready` when another release than that of this page is stored, and when it replaces this one.
    pub fn watch(&self, ready: impl Fn() + 'static) {
        let ready = Rc::new(ready);
        let is_waiting = self.0.waiting().is_some();
        // Then the release that waits, and soon replaces the worker in use, is that of this page.
        let is_own = Cell::new(is_taken_over() && is_waiting);
        if is_waiting && !is_own.get() {
            ready();
        }
        let registration = self.0.clone();
        let another = Rc::clone(&ready);
        let follow = move || {
            // The first release is that of this page.
            let (Some(installing), Some(_)) = (registration.installing(), registration.active()) else {
                return;
            };
            let (worker, ready) = (installing.clone(), Rc::clone(&another));
            listen(&installing, "statechange", move || {
                if worker.state() == ServiceWorkerState::Installed {
                    ready();
                }
            });
        };
        follow();
        listen(&self.0, "updatefound", follow);
        if let Some(container) = container() {
            listen(&container, "controllerchange", move || {
                if !is_own.replace(false) {
                    ready();
                }
            });
        }
    }

    /// Asks the host for another release and waits until it is stored; true if one is.
    pub async fn look(&self) -> bool {
        let Ok(asked) = self.0.update() else { return false };
        // Fails without a network.
        if JsFuture::from(asked).await.is_err() {
            return false;
        }
        if let Some(installing) = self.0.installing() {
            left(&installing, ServiceWorkerState::Installing).await;
        }
        self.0.waiting().is_some()
    }

    /// Makes the stored release replace the one in use, for all pages that are loaded from now on.
    pub async fn take_over(&self) {
        let Some(waiting) = self.0.waiting() else { return };
        if waiting.post_message(&TAKE_OVER.into()).is_err() {
            return;
        }
        // Without this storage, the next page mentions its own release once more.
        if let Some(storage) = tab_storage() {
            let _ = storage.set_item(TAKEN_OVER, "");
        }
        let taken = async {
            left(&waiting, ServiceWorkerState::Installed).await;
            left(&waiting, ServiceWorkerState::Activating).await;
        };
        select(pin!(taken), pin!(clock::sleep(PATIENCE_MS))).await;
    }
}

fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Whether this page was loaded by [`Offline::take_over`]. True only once.
fn is_taken_over() -> bool {
    let Some(storage) = tab_storage() else { return false };
    let is_set = storage.get_item(TAKEN_OVER).is_ok_and(|found| found.is_some());
    if is_set {
        // Fails for no key.
        let _ = storage.remove_item(TAKEN_OVER);
    }
    is_set
}

/// Removes the worker and everything that it stored.
///
/// # Errors
/// If the browser does not allow it.
pub async fn remove(scope: &str) -> Result<(), JsValue> {
    let Some(container) = container() else { return Ok(()) };
    let found = JsFuture::from(container.get_registration_with_document_url(scope)).await?;
    if let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() {
        JsFuture::from(registration.unregister()?).await?;
    }
    let caches = window().caches()?;
    let prefix = format!("muster {} ", Url::new_with_base(scope, &window().location().href()?)?.href());
    for name in JsFuture::from(caches.keys()).await?.unchecked_into::<Array>().iter() {
        if let Some(name) = name.as_string().filter(|name| name.starts_with(&prefix)) {
            JsFuture::from(caches.delete(&name)).await?;
        }
    }
    Ok(())
}

/// Waits until a worker is no longer in this state.
async fn left(worker: &ServiceWorker, state: ServiceWorkerState) {
    while worker.state() == state {
        let changed = Promise::new(&mut |resolve, _| {
            listen(worker, "statechange", move || {
                // Resolving a promise does not fail.
                let _ = resolve.call0(&JsValue::UNDEFINED);
            });
        });
        // It never rejects.
        let _ = JsFuture::from(changed).await;
    }
}

/// Listens for as long as the page lives.
fn listen(target: &EventTarget, event: &str, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act).into_js_value();
    // Fails for nothing that is a function.
    let _ = target.add_event_listener_with_callback(event, act.unchecked_ref());
}
