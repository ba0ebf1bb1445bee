//! Who sent a response, judged by its form; and what an error is about.

use domain::examination::{Blame, RelaySays, Voice};
use domain::{ApiError, Vendor};
use http::header::CONTENT_TYPE;

use super::examined;
use crate::{Response, answer};

/// The header that marks a response as made by a relay of the recipes in `deploy/`.
const RELAY_HEADER: &str = "muster-relay";

/// Who sent a response. `own_page` is a text that occurs only in the console's own page.
pub fn voice(vendor: Vendor, response: &Response, own_page: Option<&str>) -> Voice {
    match answer::header(response, RELAY_HEADER) {
        Some("sign-in") => return Voice::Relay(RelaySays::SignIn),
        Some("refused") => return Voice::Relay(RelaySays::Refused),
        Some("no-answer") => return Voice::Relay(RelaySays::NoAnswer),
        Some(_) | None => {}
    }
    let facts = examined(vendor);
    if let Ok(body) = answer::json(response)
        && let Some(fields) = body.as_object()
        && facts.fields.iter().any(|field| fields.contains_key(*field))
    {
        return Voice::Vendor;
    }
    // A successful sign-in may have an empty body.
    if facts.token_header.is_some_and(|name| response.headers().contains_key(name)) {
        return Voice::Vendor;
    }
    let text = String::from_utf8_lossy(response.body());
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"))
        || text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    match own_page {
        _ if !is_page => Voice::Other,
        Some(mark) if !mark.is_empty() && text.contains(mark) => Voice::OwnPage,
        Some(_) | None => Voice::Page,
    }
}

/// What an error is about.
pub fn blame(vendor: Vendor, error: &ApiError) -> Blame {
    (examined(vendor).blame)(error)
}
