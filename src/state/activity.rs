//! The finished runs of this device, for the overview. The record that outlives them is the ledger.

use domain::order;
use domain::{Millis, PlanId, Tally, Title, Vendor};
use leptos::prelude::*;

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    pub plan: PlanId,
    /// When it ended.
    pub at: Millis,
    pub vendor: Vendor,
    /// What the run's plan did.
    pub title: Title,
    /// Its outcomes, counted.
    pub tally: Tally,
}

/// The entries of this device, newest first. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Activity(RwSignal<Vec<ActivityEntry>>);

/// Creates the activity log of this session. Call once, at the root.
pub fn provide_activity() -> Activity {
    let activity = Activity::new();
    provide_context(activity);
    activity
}

/// The activity log of this session.
pub fn use_activity() -> Activity {
    use_context().expect("the root provides the activity before any page is drawn")
}

impl Activity {
    /// An empty log.
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// The entries, newest first; tracked.
    pub fn entries(self) -> Vec<ActivityEntry> {
        self.0.get()
    }

    /// Replaces all entries; they may come in any order.
    pub fn set(self, mut entries: Vec<ActivityEntry>) {
        order::sort_by(&mut entries, |a, b| (b.at, &b.plan).cmp(&(a.at, &a.plan)));
        self.0.try_maybe_update(|known| {
            let is_news = *known != entries;
            *known = entries;
            (is_news, ())
        });
    }
}

impl Default for Activity {
    fn default() -> Self {
        Self::new()
    }
}
