//! Ids that link labels, hints and controls.

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// An id that is unique in the page.
pub fn next_id(prefix: &str) -> String {
    LAST.set(LAST.get() + 1);
    format!("{prefix}-{}", LAST.get())
}
