//! Facts about Networked for an examination.

use domain::ApiError;
use domain::examination::{Blame, Probe};

use super::endpoints;
use crate::examine::Examined;

/// No rate limit header is documented ("User Authentication").
pub(crate) static EXAMINED: Examined = Examined {
    probes: &[Probe::Community, Probe::People, Probe::Roles, Probe::Prices],
    probe_keyless: endpoints::GET_COMMUNITY.path,
    fields: &["data", "error", "message"],
    blame,
    limit_headers: &[],
    rate_headers: &[],
    small_limit: None,
    token_header: None,
};

/// Failed calls have a status but no code.
fn blame(error: &ApiError) -> Blame {
    match error.status {
        Some(401) => Blame::Key,
        Some(403) => Blame::Rights,
        _ => Blame::Other,
    }
}
