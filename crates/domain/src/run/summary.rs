//! A plan in numbers, for the text beside the button.

use crate::run::n_calls;
use crate::{Action, Budget, Limits, Millis, Plan};

/// A plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Changes to send.
    pub n_to_send: usize,
    /// Changes already in effect.
    pub n_noop: usize,
    /// Calls to the vendor.
    pub n_calls: usize,
    /// Messages sent to people.
    pub n_messages: usize,
    /// Shortest duration from now under the rate limits, including calls already made.
    pub duration_ms: Millis,
}

impl Summary {
    /// Summarizes a plan.
    pub fn of(plan: &Plan, limits: &Limits, budget: &Budget, now: Millis) -> Self {
        let n_calls = n_calls(plan, limits);
        Self {
            n_to_send: plan.to_send().count(),
            n_noop: plan.changes.iter().filter(|change| change.action == Action::NoOp).count(),
            n_calls,
            n_messages: plan.to_send().filter(|change| change.operation.sends_message()).count(),
            duration_ms: budget.time_for(n_calls, now),
        }
    }
}
