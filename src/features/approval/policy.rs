//! The operator's rules for approvals.

use domain::Plan;
use review::Policy;

use crate::state::session::Session;
use i18n::text;

/// The rules on the page of a request: what is sent from there was approved by at least one person, whatever the operator
/// asks of forms.
pub fn page_policy(session: Session) -> Policy {
    let policy = Policy::of(&session.review_rules());
    if policy.n_approvals > 0 { policy } else { Policy { n_approvals: 1, ..policy } }
}

/// Why a plan cannot be sent without a review; `None` if it can.
pub fn why_not_alone(session: Session, plan: &Plan) -> Option<String> {
    let rules = session.review_rules();
    if !rules.is_policy() {
        return None;
    }
    let n_covered = Policy::of(&rules).covered_in(plan).count();
    (n_covered > 0).then(|| text::review_needs_approval(n_covered))
}
