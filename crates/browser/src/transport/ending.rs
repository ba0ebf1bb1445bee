//! Detects that the page is being left while a call is in flight.
//!
//! Firefox aborts a page's calls as soon as a navigation starts, but keeps running its script until the next
//! page arrives, about 200 ms later. Meanwhile a run would take the lost call for an answer and go on.

use std::cell::Cell;
use std::rc::Rc;

use crate::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::clock;
use domain::Millis;

/// How long a page being left may take to go. If it is still there after that, it stayed: the user cancelled,
/// or the navigation was a download.
const GOES_WITHIN_MS: Millis = 10_000;
const EVENT: &str = "beforeunload";

/// Watches for the page being left, until dropped.
pub(super) struct Ending {
    has_begun: Rc<Cell<bool>>,
    listener: Closure<dyn Fn()>,
}

impl Ending {
    /// Starts watching.
    pub(super) fn watch() -> Self {
        let has_begun = Rc::new(Cell::new(false));
        let begun = Rc::clone(&has_begun);
        let listener = Closure::<dyn Fn()>::new(move || begun.set(true));
        // Without the listener, a call lost this way is treated as any other lost call.
        window().add_event_listener_with_callback(EVENT, listener.as_ref().unchecked_ref()).ok();
        Self { has_begun, listener }
    }

    /// True if the page is being left.
    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.get()
    }

    /// Returns immediately if the page is not being left, and otherwise only if it stays after all.
    pub(super) async fn over(&self) {
        if self.has_begun() {
            clock::sleep(GOES_WITHIN_MS).await;
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        window().remove_event_listener_with_callback(EVENT, self.listener.as_ref().unchecked_ref()).ok();
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::Event;

    use super::*;

    fn leave() {
        let event = Event::new(EVENT).expect("the name is fine");
        window().dispatch_event(&event).expect("the window takes events");
    }

    #[wasm_bindgen_test]
    async fn notices_that_the_page_is_left_while_it_watches() {
        leave();
        let ending = Ending::watch();
        assert!(!ending.has_begun(), "that was before");
        ending.over().await;
        leave();
        assert!(ending.has_begun());
    }
}
