//! Whether the host has another release of the console by now.
//!
//! The page that the host gives to somebody who comes now names its release; it is asked for now and then, which
//! costs no more than an answer without a body. Nothing is loaded by itself: keys are in memory, and runs go on.

use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestCache;

use browser::{assets, clock};

use crate::routing::paths;
use domain::Millis;

/// Nobody needs to know sooner.
const EVERY: Millis = 15 * 60 * 1000;

/// What is known of the releases at this host. Copies are the same.
#[derive(Clone, Copy, Debug)]
pub struct Releases {
    newer: RwSignal<Option<String>>,
    /// The one that somebody does not want to load yet.
    put_off: RwSignal<Option<String>>,
    looked_at: StoredValue<Millis>,
}

/// Makes what is known of releases. Call once, at the root.
pub fn provide_releases() {
    provide_context(Releases {
        newer: RwSignal::new(None),
        put_off: RwSignal::new(None),
        looked_at: StoredValue::new(clock::now()),
    });
}

/// What is known of the releases at this host.
pub fn use_releases() -> Releases {
    expect_context()
}

impl Releases {
    /// Whether another release is there that nobody has put off.
    pub fn is_newer(self) -> bool {
        let newer = self.newer.get();
        newer.is_some() && newer != self.put_off.get()
    }

    /// Says no more about this release; about the next one it does.
    pub fn put_off(self) {
        self.put_off.set(self.newer.get_untracked());
    }

    /// Looks, unless it did so lately.
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

    /// Looks now; true if another release is there. A host that does not answer has none.
    pub async fn look(self) -> bool {
        let (Some(own), Some(there)) = (assets::release(), ask().await) else { return false };
        let newer = (own != there).then_some(there);
        let is_newer = newer.is_some();
        self.newer.set(newer);
        is_newer
    }

    /// Looks when somebody comes back to the window, and every so often.
    pub fn keep_looking(self) {
        drop(window_event_listener_untyped("focus", move |_| self.look_sometimes()));
        drop(window_event_listener_untyped("online", move |_| self.look_sometimes()));
        set_interval(move || self.look_sometimes(), std::time::Duration::from_millis(EVERY));
    }
}

async fn ask() -> Option<String> {
    let answer = Request::get(&paths::overview()).cache(RequestCache::NoCache).send().await.ok()?;
    // A page to sign in at is not ours and names no release.
    let page = answer.text().await.ok()?;
    let (_, after) = page.split_once(" data-release=\"")?;
    after.split('"').next().map(str::to_owned)
}
