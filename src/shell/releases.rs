//! Detects that the host serves another release of the console, or that the service worker has stored one.
//!
//! The page served by the host names its release, so it is requested now and then; if unchanged, the response
//! has no body. The console never reloads by itself: keys are in memory, and a run may be in progress.

use std::cell::Cell;

use futures::future::LocalBoxFuture;
use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestCache;

use browser::{assets, clock, offline};

use crate::routing::paths;
use domain::Millis;

/// Interval between checks.
const EVERY: Millis = 15 * 60 * 1000;

/// What is known of the host's releases. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Releases {
    newer: RwSignal<Option<String>>,
    /// The release the user does not want to load yet.
    put_off: RwSignal<Option<String>>,
    looked_at: StoredValue<Millis>,
}

/// How releases are replaced that a service worker has stored: a page comes from its store, and not from the host.
#[derive(Clone, Copy, Debug)]
pub struct StoredReleases {
    /// Checks for another release and stores it; true if one is stored.
    pub look: fn() -> LocalBoxFuture<'static, bool>,
    /// Loads the page from the other release.
    pub load: fn(),
}

thread_local! {
    static STORED: Cell<Option<StoredReleases>> = const { Cell::new(None) };
}

/// From now on a service worker has the releases.
pub fn keep_stored(stored: StoredReleases) {
    STORED.set(Some(stored));
}

/// Provides [`Releases`]. Call once, at the root.
pub fn provide_releases() {
    provide_context(Releases {
        newer: RwSignal::new(None),
        put_off: RwSignal::new(None),
        looked_at: StoredValue::new(clock::now()),
    });
}

/// The [`Releases`] of this page.
pub fn use_releases() -> Releases {
    expect_context()
}

impl Releases {
    /// True if there is another release that the user has not put off.
    pub fn is_newer(self) -> bool {
        let newer = self.newer.get();
        newer.is_some() && newer != self.put_off.get()
    }

    /// Hides this release. A later one is reported again.
    pub fn put_off(self) {
        self.put_off.set(self.newer.get_untracked());
    }

    /// Checks, unless it has done so recently or the page is hidden.
    pub fn look_sometimes(self) {
        let now = clock::now();
        if document().hidden() || now.saturating_sub(self.looked_at.get_value()) < EVERY {
            return;
        }
        self.looked_at.set_value(now);
        spawn_local(async move {
            self.look().await;
        });
    }

    /// Checks now; true if there is another release. A host that does not respond has none.
    pub async fn look(self) -> bool {
        if let Some(stored) = STORED.get() {
            return (stored.look)().await;
        }
        // The worker is not asked yet, and reloading would bring this release back.
        if offline::is_controlled() {
            return false;
        }
        let (Some(own), Some(there)) = (assets::release(), ask().await) else { return false };
        let newer = (own != there).then_some(there);
        let is_newer = newer.is_some();
        self.newer.set(newer);
        is_newer
    }

    /// Reports that the service worker has another release.
    pub fn announce(self) {
        self.newer.set(Some(clock::now().to_string()));
    }

    /// Checks when the window gets the focus, when the browser goes online, and periodically.
    pub fn keep_looking(self) {
        drop(window_event_listener_untyped("focus", move |_| self.look_sometimes()));
        drop(window_event_listener_untyped("online", move |_| self.look_sometimes()));
        set_interval(move || self.look_sometimes(), std::time::Duration::from_millis(EVERY));
    }
}

/// Loads the other release. The browser asks for confirmation if a run is under way.
pub fn load() {
    match STORED.get() {
        Some(stored) => (stored.load)(),
        None => reload(),
    }
}

/// Reloads the page.
pub fn reload() {
    if let Err(error) = window().location().reload() {
        leptos::logging::error!("the page could not be loaded anew: {error:?}");
    }
}

async fn ask() -> Option<String> {
    let answer = Request::get(&paths::overview()).cache(RequestCache::NoCache).send().await.ok()?;
    // A sign-in page of the host's proxy names no release.
    let page = answer.text().await.ok()?;
    let (_, after) = page.split_once(" data-release=\"")?;
    after.split('"').next().map(str::to_owned)
}
