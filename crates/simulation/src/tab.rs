//! Tabs of the console, and what each knows of every run.

use std::collections::BTreeMap;

use domain::{Budget, Driver, Line, PlanId};

/// A tab of the console.
#[derive(Debug, Default)]
pub struct Tab {
    /// The runs that are open in it.
    pub drivers: BTreeMap<PlanId, Driver>,
    /// The budget as it knew it last.
    pub budget: Option<Budget>,
    /// The number of the wake-up that counts; earlier ones were overtaken.
    pub wakes: BTreeMap<PlanId, u64>,
    /// Lines that a sabotaged disk has not written yet.
    pub late: BTreeMap<PlanId, Vec<Line>>,
    /// True if its release of the console is older than the storage.
    pub is_outdated: bool,
    /// True if it lacks the key.
    pub lacks_key: bool,
    /// True while it is put aside.
    pub is_hidden: bool,
}
