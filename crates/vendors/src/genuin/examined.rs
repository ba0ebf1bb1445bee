//! What an examination needs to know of Genuin.

use domain::examination::Blame;
use domain::{ApiError, ErrorClass};

use super::wire;
use crate::examine::Examined;

/// Nothing can be read; the sign-in shows whether key and secret are accepted.
pub(crate) static EXAMINED: Examined = Examined {
    sights: &[],
    knock: wire::AUTH,
    fields: &["code", "message", "data"],
    blame,
    limit_headers: &[],
    rate_headers: &[],
    small_limit: None,
    token_header: Some(wire::TOKEN_HEADER),
};

/// Codes stand for several things; in a sign-in all of them but failures of the service are about the pair.
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
