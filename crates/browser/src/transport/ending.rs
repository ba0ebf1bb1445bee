//! Whether the page is being left while a call is under way.
//!
//! Firefox ends the calls of a page as soon as another is to take its place, and goes on with its script until that
//! one is there: a fifth of a second in which a run would take the lost call for an answer, and send the next.

use std::cell::Cell;
use std::rc::Rc;

use crate::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::clock;
use domain::Millis;

/// How long a page that is being left may take to go. One that is still there stayed: the person was asked, or it
/// was a file that was saved.
const GOES_WITHIN_MS: Millis = 10_000;
const EVENT: &str = "beforeunload";

/// Watches for the page being left, until it is dropped.
pub struct Ending {
    has_begun: Rc<Cell<bool>>,
    listener: Closure<dyn Fn()>,
}

impl Ending {
    /// Begins to watch.
    pub fn watch() -> Self {
        let has_begun = Rc::new(Cell::new(false));
        let begun = Rc::clone(&has_begun);
        let listener = Closure::<dyn Fn()>::new(move || begun.set(true));
        // Without it the call is only lost as any other is.
        window().add_event_listener_with_callback(EVENT, listener.as_ref().unchecked_ref()).ok();
        Self { has_begun, listener }
    }

    /// Whether the page is being left.
    pub fn has_begun(&self) -> bool {
        self.has_begun.get()
    }

    /// Comes back at once if the page is not being left, and else only if it stays after all.
    pub async fn over(&self) {
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
