//! Facts about Genuin for an examination.

use domain::examination::Blame;
use domain::{ApiError, ErrorClass};

use super::{endpoints, wire};
use crate::examine::Examined;

/// Nothing can be read; signing in shows whether key and secret are accepted.
pub(crate) static EXAMINED: Examined = Examined {
    probes: &[],
    probe_keyless: endpoints::AUTH.path,
    fields: &["code", "message", "data"],
    blame,
    limit_headers: &[],
    rate_headers: &[],
    small_limit: None,
    token_header: Some(wire::TOKEN_HEADER),
};

/// Codes are ambiguous; at sign-in, all but server failures, rate limits and unknown errors are about the
/// credentials.
fn blame(error: &ApiError) -> Blame {
    match error.class {
        ErrorClass::Server | ErrorClass::RateLimited | ErrorClass::Unknown => Blame::Other,
        ErrorClass::AlreadyDone
        | ErrorClass::Refused
        | ErrorClass::Auth
        | ErrorClass::NotFound
        | ErrorClass::Limit => Blame::Key,
    }
}
