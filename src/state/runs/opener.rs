//! The code that opens the runs of this device. What drives them is fetched afterwards.

use domain::PlanId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Runs;
use super::open::OpenedRun;
use crate::state::code::{self, Fetch, FollowedCode, NotFetched, Stage};

/// Opens runs.
#[derive(Clone, Copy, Debug)]
pub struct Opener {
    open: fn(Runs, &PlanId) -> OpenedRun,
    /// As `open`, without the result, so that the list of runs need not know its type.
    open_left: fn(Runs, &PlanId),
}

thread_local! {
    static OPENER: FollowedCode<Opener> = FollowedCode::new();
}

/// Sets how the opener is fetched.
pub fn provide_opener(fetch: Fetch<Opener>) {
    OPENER.with(|code| code.provide(fetch));
}

/// Makes runs open without fetching the opener, for a program that contains it.
pub(super) fn install_opener() {
    OPENER.with(|code| code.install(Opener::new()));
}

/// Fetches the opener, unless it is here.
///
/// # Errors
/// If it could not be fetched.
pub async fn opener() -> Result<Opener, NotFetched> {
    code::fetched_followed(&OPENER).await
}

impl Opener {
    /// The opener itself; what names it contains it.
    pub fn new() -> Self {
        Self { open: Runs::open_here, open_left: |runs, id| drop(runs.open_here(id)) }
    }
}

impl Default for Opener {
    fn default() -> Self {
        Self::new()
    }
}

impl Runs {
    /// Opens a run, reading it from the journal if this page does not have it yet; tracked. Fetches the opener
    /// first if it is not here.
    pub fn open(self, id: &PlanId) -> OpenedRun {
        if let Some(opener) = OPENER.with(FollowedCode::fetched) {
            return (opener.open)(self, id);
        }
        match OPENER.with(FollowedCode::stage) {
            Stage::Missing => OpenedRun::NotLoaded,
            Stage::Fetching | Stage::Fetched => OpenedRun::Reading,
            Stage::NotNeeded => {
                self.fetch_opener();
                OpenedRun::Reading
            }
        }
    }

    /// Fetches the opener in the background; [`Runs::open`] changes with it.
    pub fn fetch_opener(self) {
        spawn_local(async {
            // A failure is an `OpenedRun` too.
            let _ = opener().await;
        });
    }

    /// Opens a run that a closed page left, so that it goes on.
    pub(super) fn open_left(self, id: PlanId) {
        spawn_local(async move {
            match opener().await {
                Ok(opener) => untrack(|| (opener.open_left)(self, &id)),
                // Retried when a run or a connection changes.
                Err(NotFetched) => drop(self.inner().opening.borrow_mut().remove(&id)),
            }
        });
    }
}
