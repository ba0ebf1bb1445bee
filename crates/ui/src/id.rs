//! Ids for wiring labels, hints and controls together.

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// An id that no other element of the page has.
pub fn next_id(prefix: &str) -> String {
    LAST.set(LAST.get() + 1);
    format!("{prefix}-{}", LAST.get())
}
