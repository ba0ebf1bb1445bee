//! Hands results from one page to the page that makes a new run of them.

use std::cell::RefCell;
use std::sync::Arc;

use domain::export::Opened;

thread_local! {
    static RESULTS: RefCell<Option<(String, Arc<Opened>)>> = const { RefCell::new(None) };
}

/// Leaves results, under the title of their run, for the next page.
pub fn hand_over(title: &str, opened: Opened) {
    RESULTS.set(Some((title.to_owned(), Arc::new(opened))));
}

/// Takes the results left by the previous page.
pub fn handed_over() -> Option<(String, Arc<Opened>)> {
    RESULTS.take()
}
