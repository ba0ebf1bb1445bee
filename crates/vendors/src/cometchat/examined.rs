//! Facts about CometChat for an examination.

use domain::ApiError;
use domain::examination::{Blame, Probe};

use super::endpoints;
use crate::examine::Examined;

pub(crate) static EXAMINED: Examined = Examined {
    // Roles first: only a key with full access may read them ("CometChat, Roles").
    probes: &[Probe::Roles, Probe::Groups, Probe::Members, Probe::People, Probe::Acting],
    probe_keyless: endpoints::LIST_ROLES.path,
    fields: &["data", "error"],
    blame,
    limit_headers: &["x-ratelimit-limit", "x-rate-limit"],
    // "Rate Limits": the newest page, then the older ones.
    rate_headers: &[
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-rate-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "retry-after",
    ],
    // "Rate Limits": the Build plan.
    small_limit: Some(500),
    token_header: None,
};

fn blame(error: &ApiError) -> Blame {
    match &*error.code {
        "AUTH_ERR_EMPTY_APPID" | "AUTH_ERR_INVALID_APPID" => Blame::App,
        "AUTH_ERR_NO_ACCESS" | "ERR_PERMISSION_DENIED" => Blame::Rights,
        code if code.starts_with("AUTH_ERR_") => Blame::Key,
        _ => match error.status {
            Some(401) => Blame::Key,
            Some(403) => Blame::Rights,
            _ => Blame::Other,
        },
    }
}
