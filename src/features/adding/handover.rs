//! Results that one page hands to the page that makes a new run of them.

use std::cell::RefCell;
use std::sync::Arc;

use domain::export::Opened;

thread_local! {
    static RESULTS: RefCell<Option<(String, Arc<Opened>)>> = const { RefCell::new(None) };
}

/// Leaves results, under the title of their run, for the page that is opened next.
pub fn hand_over(title: &str, opened: Opened) {
    RESULTS.set(Some((title.to_owned(), Arc::new(opened))));
}

/// Takes what was left.
pub fn handed_over() -> Option<(String, Arc<Opened>)> {
    RESULTS.take()
}
