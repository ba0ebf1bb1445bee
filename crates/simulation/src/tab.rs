//! Tabs of the console, and what each drives or follows.

use std::collections::BTreeMap;

use domain::{Line, PlanId, Run};

/// A run in the tab that drives it.
#[derive(Debug)]
pub struct Drive {
    /// The run.
    pub run: Run,
    /// Records that could not be written yet.
    pub pending: Vec<Line>,
    /// The number of the wake-up that counts; earlier ones were overtaken.
    pub wake: u64,
    /// Whether somebody chose to go on without a journal.
    pub is_unwritten: bool,
}

/// A tab of the console.
#[derive(Debug, Default)]
pub struct Tab {
    /// What it drives.
    pub drives: BTreeMap<PlanId, Drive>,
    /// What it shows while another tab drives.
    pub follows: BTreeMap<PlanId, Run>,
}
