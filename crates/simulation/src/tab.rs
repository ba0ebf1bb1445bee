//! Tabs of the console and their state.

use std::collections::BTreeMap;

use domain::{Budget, Driver, Line, PlanId};

/// A tab of the console.
#[derive(Debug, Default)]
pub(crate) struct Tab {
    /// The drivers of the runs that are open in the tab.
    pub drivers: BTreeMap<PlanId, Driver>,
    /// The last budget that the tab knows.
    pub budget: Option<Budget>,
    /// The number of the current wake-up of each run; earlier ones are obsolete.
    pub wakes: BTreeMap<PlanId, u64>,
    /// Records that a sabotaged disk has not written yet.
    pub late: BTreeMap<PlanId, Vec<Line>>,
    /// True if the tab's release is older than the storage.
    pub is_outdated: bool,
    /// True if the tab lacks the key.
    pub lacks_key: bool,
    /// True while the page is hidden.
    pub is_hidden: bool,
}
