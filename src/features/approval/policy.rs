//! The operator's rules for approvals.

use hosting::Config;
use review::Policy;

/// The rules on the page of a request: what is run from there was approved by at least one person, whatever the operator
/// asks of forms.
pub fn page_policy(_config: &Config) -> Policy {
    Policy { n_approvals: 1, ..Policy::default() }
}
