//! Base paths of hosts with a defect, so that each finding of an examination can be provoked manually:
//! `/crooked/no-preflight/…` is a vendor's path on a host that does not answer preflights.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_TYPE,
    DATE, LOCATION,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};

use crate::cors;

/// The prefix of these paths.
const PREFIX: &str = "/crooked/";

/// The error of a wrong clock.
const OFF: Duration = Duration::from_secs(600);

/// A defect of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crook {
    /// Responses have no CORS headers.
    NoOrigin,
    /// Preflights are not supported.
    NoPreflight,
    /// CORS does not allow the key headers.
    NoKeyHeader,
    /// CORS does not allow `content-type`, so browsers cannot send JSON.
    NoContentType,
    /// CORS does not allow `onBehalfOf`.
    NoActing,
    /// CORS allows only GET and POST.
    NoMethods,
    /// CORS exposes no headers beyond the safelisted ones.
    NoExpose,
    /// Responses with a 4xx status have no CORS headers.
    SilentRefusals,
    /// Every call is redirected.
    Moved,
    /// Every call is redirected, without CORS headers.
    MovedSilently,
    /// Every response is an HTML page.
    Page,
    /// Every response is another service's JSON.
    OtherService,
    /// No response ever arrives.
    Hang,
    /// The clock is right, and `Date` is exposed.
    ClockRight,
    /// The clock is ahead of the caller's, and `Date` is exposed.
    ClockAhead,
    /// The clock is behind the caller's, and `Date` is exposed.
    ClockBehind,
    /// The rate limit headers show the limit of the small plan.
    SmallPlan,
    /// The rate limit headers show the usual limit.
    LargePlan,
}

/// Every defect with its name in paths.
pub const CROOKS: [(&str, Crook); 18] = [
    ("no-origin", Crook::NoOrigin),
    ("no-preflight", Crook::NoPreflight),
    ("no-key-header", Crook::NoKeyHeader),
    ("no-content-type", Crook::NoContentType),
    ("no-acting", Crook::NoActing),
    ("no-methods", Crook::NoMethods),
    ("no-expose", Crook::NoExpose),
    ("silent-refusals", Crook::SilentRefusals),
    ("moved", Crook::Moved),
    ("moved-silently", Crook::MovedSilently),
    ("page", Crook::Page),
    ("other-service", Crook::OtherService),
    ("hang", Crook::Hang),
    ("clock-right", Crook::ClockRight),
    ("clock-ahead", Crook::ClockAhead),
    ("clock-behind", Crook::ClockBehind),
    ("small-plan", Crook::SmallPlan),
    ("large-plan", Crook::LargePlan),
];

/// Splits a URI into its defect and the remaining URI.
pub fn split(uri: &Uri) -> Option<(Crook, Uri)> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(PREFIX)?;
    let (name, _) = rest.split_once('/')?;
    let (_, crook) = CROOKS.into_iter().find(|(known, _)| *known == name)?;
    Some((crook, rest[name.len()..].parse().ok()?))
}

impl Crook {
    /// The response that replaces the vendor's; `None` to let the vendor respond.
    pub async fn answer(self, is_preflight: bool) -> Option<Response> {
        let page = "<!doctype html><title>Welcome</title><h1>Welcome</h1>";
        Some(match self {
            Self::NoPreflight if is_preflight => StatusCode::METHOD_NOT_ALLOWED.into_response(),
            Self::Moved | Self::MovedSilently if !is_preflight => {
                (StatusCode::FOUND, [(LOCATION, "/sign-in")]).into_response()
            }
            Self::Page if !is_preflight => {
                ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
            }
            Self::OtherService if !is_preflight => {
                ([(CONTENT_TYPE, "application/json")], r#"{"service":"thumbnails"}"#).into_response()
            }
            Self::Hang => std::future::pending::<Response<Body>>().await,
            _ => return None,
        })
    }

    /// Applies the defect to the response headers.
    pub(crate) fn bend(self, is_preflight: bool, status: StatusCode, headers: &mut HeaderMap) {
        match self {
            Self::NoOrigin | Self::MovedSilently => silence(headers),
            Self::NoPreflight if is_preflight => silence(headers),
            Self::SilentRefusals if status.is_client_error() => silence(headers),
            Self::NoKeyHeader => forbid(headers, &["apikey", "authorization", "x-api-key"]),
            Self::NoContentType => forbid(headers, &["content-type"]),
            Self::NoActing => forbid(headers, &["onBehalfOf"]),
            Self::NoMethods if is_preflight => {
                headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
            }
            Self::NoExpose => {
                headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
            }
            Self::ClockRight => show_date(headers, SystemTime::now()),
            Self::ClockAhead => show_date(headers, SystemTime::now() + OFF),
            Self::ClockBehind => show_date(headers, SystemTime::now() - OFF),
            Self::SmallPlan => show_limit(headers, "500"),
            Self::LargePlan => show_limit(headers, "10000"),
            Self::NoPreflight
            | Self::SilentRefusals
            | Self::NoMethods
            | Self::Moved
            | Self::Page
            | Self::OtherService
            | Self::Hang => {}
        }
    }
}

fn silence(headers: &mut HeaderMap) {
    let is_cors = |name: &HeaderName| name.as_str().starts_with("access-control-");
    let names: Vec<_> = headers.keys().filter(|name| is_cors(name)).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

fn forbid(headers: &mut HeaderMap, names: &[&str]) {
    if headers.contains_key(ACCESS_CONTROL_ALLOW_HEADERS) {
        let left: Vec<_> = cors::HEADERS.split(", ").filter(|name| !names.contains(name)).collect();
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, plain(&left.join(", ")));
    }
}

fn show_date(headers: &mut HeaderMap, at: SystemTime) {
    headers.insert(DATE, plain(&httpdate::fmt_http_date(at)));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, plain(&[cors::EXPOSED, ", Date"].concat()));
}

fn show_limit(headers: &mut HeaderMap, limit: &'static str) {
    headers.insert("x-ratelimit-limit", HeaderValue::from_static(limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("487"));
}

/// A header value from text that is always valid in one.
fn plain(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
