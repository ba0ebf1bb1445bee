//! What the page is waiting for: code that it needs, and reads. What is fetched ahead must not delay that.

use std::cell::Cell;

use browser::clock::sleep;
use domain::Millis;

/// Interval between looks.
const EVERY_MS: Millis = 100;

thread_local! {
    static N_AWAITED: Cell<u32> = const { Cell::new(0) };
}

/// Something that the page waits for, until this is dropped.
#[derive(Debug)]
pub struct Awaited(());

impl Awaited {
    /// Begins to wait.
    pub fn new() -> Self {
        N_AWAITED.set(N_AWAITED.get() + 1);
        Self(())
    }
}

impl Default for Awaited {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        N_AWAITED.set(N_AWAITED.get() - 1);
    }
}

/// Waits until the page waits for nothing, twice in a row: code that arrives may start a read.
pub async fn until_quiet() {
    let mut n_quiet = 0;
    while n_quiet < 2 {
        sleep(EVERY_MS).await;
        n_quiet = if N_AWAITED.get() == 0 { n_quiet + 1 } else { 0 };
    }
}
