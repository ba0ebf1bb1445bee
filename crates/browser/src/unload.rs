//! Asking before the page is left while something is under way that leaving would lose.

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

/// As long as it lives, the browser asks before the page is left.
#[derive(Debug)]
pub struct Warning(());

/// Begins to ask. The listener is there only while it is needed: it keeps pages out of the browser's cache.
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
                // Removing a listener that is there cannot fail in a way that matters.
                let _ = window()
                    .remove_event_listener_with_callback("beforeunload", listener.as_ref().unchecked_ref());
            }
        });
    }
}
