//! Who sent a response, judged by its form; and what an error is about.

use domain::examination::{Blame, RelaySays, Responder};
use domain::{ApiError, Vendor};
use http::header::CONTENT_TYPE;

use super::examined;
use crate::{Response, answer};

/// The header that marks a response as made by a relay of the recipes in `deploy/`.
const RELAY_HEADER: &str = "muster-relay";

/// Who sent a response. `own_page` is a text that occurs only in the console's own page.
pub fn responder(vendor: Vendor, response: &Response, own_page: Option<&str>) -> Responder {
    match answer::header(response, RELAY_HEADER) {
        Some("sign-in") => return Responder::Relay(RelaySays::SignIn),
        Some("refused") => return Responder::Relay(RelaySays::Refused),
        Some("no-answer") => return Responder::Relay(RelaySays::NoAnswer),
        Some(_) | None => {}
    }
    let facts = examined(vendor);
    if let Ok(body) = answer::json(response)
        && let Some(fields) = body.as_object()
        && facts.fields.iter().any(|field| fields.contains_key(*field))
    {
        return Responder::Vendor;
    }
    // A successful sign-in may have an empty body.
    if facts.token_header.is_some_and(|name| response.headers().contains_key(name)) {
        return Responder::Vendor;
    }
    let text = String::from_utf8_lossy(response.body());
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"))
        || text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
    match own_page {
        _ if !is_page => Responder::Other,
        Some(mark) if !mark.is_empty() && text.contains(mark) => Responder::OwnPage,
        Some(_) | None => Responder::Page,
    }
}

/// What an error is about.
pub fn blame(vendor: Vendor, error: &ApiError) -> Blame {
    (examined(vendor).blame)(error)
}
