//! Asks for confirmation before the user leaves a page with work in progress.

use std::cell::RefCell;

use crate::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Event;

thread_local! {
    static WARNINGS: RefCell<Warnings> = RefCell::default();
}

#[derive(Default)]
struct Warnings {
    n: usize,
    listener: Option<Closure<dyn Fn(Event)>>,
}

/// While any of these exists, the browser asks before the page is left.
#[derive(Debug)]
pub struct Warning(());

/// Starts asking. The listener exists only while needed: it keeps pages out of the back/forward cache.
pub fn warn() -> Warning {
    WARNINGS.with_borrow_mut(|warnings| {
        warnings.n += 1;
        if warnings.n > 1 {
            return;
        }
        let listener = Closure::<dyn Fn(Event)>::new(|event: Event| event.prevent_default());
        let added =
            window().add_event_listener_with_callback("beforeunload", listener.as_ref().unchecked_ref());
        warnings.listener = added.is_ok().then_some(listener);
    });
    Warning(())
}

impl Drop for Warning {
    fn drop(&mut self) {
        WARNINGS.with_borrow_mut(|warnings| {
            warnings.n -= 1;
            if warnings.n > 0 {
                return;
            }
            if let Some(listener) = warnings.listener.take() {
                // Fails only for a listener that is not registered.
                let _ = window()
                    .remove_event_listener_with_callback("beforeunload", listener.as_ref().unchecked_ref());
            }
        });
    }
}
