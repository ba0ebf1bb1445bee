//! The task of a reading: at most one at a time, which stops between two calls.

use std::cell::Cell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use leptos::task::spawn_local;

use super::busy::Awaited;
use super::session::Failure;

/// Whether a reading is under way, was stopped, and was agreed to.
#[derive(Debug, Default)]
pub(super) struct ReadingTask {
    is_under_way: Cell<bool>,
    is_stopped: Cell<bool>,
    has_agreed: Cell<bool>,
}

impl ReadingTask {
    /// Stops the reading; calls that are under way are awaited.
    pub(super) fn stop(&self) {
        self.is_stopped.set(true);
    }

    /// Agrees to the calls that the reading takes.
    pub(super) fn agree(&self) {
        self.has_agreed.set(true);
    }

    /// Goes on: by `read`, unless the task is still under way. `failed` is called if it fails.
    pub(super) fn go_on(
        self: &Rc<Self>,
        read: LocalBoxFuture<'static, Result<(), Failure>>,
        failed: impl FnOnce(Failure) + 'static,
    ) {
        self.is_stopped.set(false);
        if self.is_under_way.replace(true) {
            return;
        }
        let (task, awaited) = (Rc::clone(self), Awaited::new());
        spawn_local(async move {
            let result = read.await;
            task.is_under_way.set(false);
            if let Err(failure) = result {
                failed(failure);
            }
            drop(awaited);
        });
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.is_under_way.get()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.get()
    }

    pub(super) fn has_agreed(&self) -> bool {
        self.has_agreed.get()
    }
}

/// Enters a stage. Returns true if it is another one than before.
pub(super) fn enter<S: PartialEq>(stage: &mut S, next: S) -> bool {
    let is_new = *stage != next;
    *stage = next;
    is_new
}
