//! What the page is doing: waiting for code that it needs and for reads, or answering its user. What is fetched ahead
//! must not delay that.

use std::cell::Cell;

use browser::clock::{self, sleep};
use domain::Millis;
use domain::idle::Moment;
use leptos::prelude::*;

/// Interval between looks.
const EVERY_MS: Millis = 100;
/// How long the user has to rest. Longer than the pauses between two keys.
const REST_MS: Millis = 1_000;
/// What a user does that the page answers at once.
const USES: [&str; 4] = ["keydown", "pointerdown", "wheel", "touchmove"];

thread_local! {
    static N_AWAITED: Cell<u32> = const { Cell::new(0) };
    /// When the user last did something, while that is watched.
    static USED_AT: Cell<Option<Moment>> = const { Cell::new(None) };
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

/// Tells when the page is quiet. Notices what the user does until it is dropped.
#[derive(Debug)]
pub struct Quiet([Option<WindowListenerHandle>; USES.len()]);

impl Quiet {
    /// Begins to notice what the user does.
    pub fn watch() -> Self {
        let note = |event| window_event_listener_untyped(event, |_| USED_AT.set(Some(clock::moment())));
        Self(USES.map(|event| Some(note(event))))
    }

    /// Waits until the page waits for nothing, twice in a row, because code that arrives may start a read; and until the
    /// user rests, because compiling code would hold them up.
    pub async fn wait(&self) {
        let mut n_quiet = 0;
        while n_quiet < 2 {
            sleep(EVERY_MS).await;
            let rests = USED_AT.get().is_none_or(|at| clock::moment().since(at) >= REST_MS);
            n_quiet = if rests && N_AWAITED.get() == 0 { n_quiet + 1 } else { 0 };
        }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        self.0.iter_mut().filter_map(Option::take).for_each(WindowListenerHandle::remove);
    }
}
