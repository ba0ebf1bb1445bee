//! Whether what was read of a directory is kept on the device, and the code that does so. It is fetched only for
//! connections whose user chose that.

use std::cell::Cell;

use domain::whole::WholeList;
use domain::{Millis, Query};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::code::{self, Code, Fetch, NotFetched};
use super::directory::PeopleDirectory;

/// A list that is being read, and how far its reading is.
pub(super) type ListBeingRead<'a> = (&'a Query, &'a WholeList<u64>);

/// When what was read may have to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeepMoment {
    /// After a page.
    Page,
    /// Before a wait.
    Waiting,
    /// When the reading stops, or has ended.
    Stopped,
    /// At any time. A reading that is under way keeps what it reads itself.
    AtRest,
}

/// The code that keeps directories on the device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keeper {
    pub(super) keep: fn(&PeopleDirectory, KeepMoment, Option<ListBeingRead>),
    /// Shows what was kept. Returns true if nothing is left to read.
    pub(super) restore: fn(PeopleDirectory) -> LocalBoxFuture<'static, bool>,
}

thread_local! {
    /// Installs what follows, and what views need of it.
    static FETCHED: Code<()> = const { Code::new() };
    static KEEPER: Code<Keeper> = const { Code::new() };
}

/// Sets how the code that keeps directories is fetched and installed.
pub fn provide_keeping(fetch: Fetch<()>) {
    FETCHED.with(|code| code.provide(fetch));
}

/// Fetches the code that keeps directories, unless it is here.
///
/// # Errors
/// If it could not be fetched.
pub async fn fetch_keeping() -> Result<(), NotFetched> {
    code::fetched(&FETCHED).await
}

pub(super) fn install(keeper: Keeper) {
    KEEPER.with(|code| code.install(keeper));
}

fn keeper() -> Option<Keeper> {
    KEEPER.with(Code::fetched)
}

/// When a directory was kept, and what has happened since.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    pub(super) is_writing: Cell<bool>,
    /// Whether something was read that is not written because of a write under way.
    pub(super) is_late: Cell<bool>,
    /// Pages since the last write.
    pub(super) n_pages: Cell<usize>,
    /// When the reading began; 0 before.
    pub(super) begun_at: Cell<Millis>,
}

impl PeopleDirectory {
    fn is_to_be_kept(&self) -> bool {
        untrack(|| self.0.session.stores_directories(&self.0.connection.id))
    }

    /// Keeps what was read if it is time, and if the user chose so. `reading` is the list that is being read, if it is
    /// not among those that are left.
    pub(super) fn keep(&self, moment: KeepMoment, reading: Option<ListBeingRead>) {
        if !self.is_to_be_kept() {
            return;
        }
        match keeper() {
            Some(keeper) => (keeper.keep)(self, moment, reading),
            // Chosen since the directory was opened.
            None => {
                let directory = self.clone();
                spawn_local(async move {
                    if fetch_keeping().await.is_ok()
                        && let Some(keeper) = keeper()
                    {
                        (keeper.keep)(&directory, KeepMoment::AtRest, None);
                    }
                });
            }
        }
    }

    /// Shows what was kept, before anything was read; `None` if nothing can be. The future returns true if nothing is
    /// left to read.
    pub(super) fn restored(&self) -> Option<LocalBoxFuture<'static, bool>> {
        if self.0.keeping.begun_at.get() > 0 || !self.is_to_be_kept() {
            return None;
        }
        let directory = self.clone();
        Some(Box::pin(async move {
            // Without the code, everything is read again.
            match fetch_keeping().await.ok().and_then(|()| keeper()) {
                Some(keeper) => (keeper.restore)(directory).await,
                None => false,
            }
        }))
    }
}
