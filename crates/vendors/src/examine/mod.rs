//! The vendor's side of a connection examination: which reads are harmless, what a response's form tells, and
//! what calls require of the browser and of the server.

mod lines;
mod needs;
mod responder;
pub mod samples;
#[cfg(test)]
mod tests;

pub use lines::{cors, relay_of_caddy, relay_of_nginx};
pub use needs::{Needs, needs};
pub use responder::{blame, responder};

use domain::examination::{Blame, ExaminationSetting, Probe};
use domain::{ApiError, Connection, ConnectionKind, GroupId, Query, Vendor};
use http::Method;

use crate::{Request, Response, answer, examined};

/// An undocumented path below a vendor's base address; a relay should not forward it.
const UNLISTED: &str = "/muster-examines-an-unlisted-path";

/// A vendor's facts for an examination.
#[derive(Debug)]
pub struct Examined {
    /// Harmless reads, the one that shows whether the key is accepted first.
    pub probes: &'static [Probe],
    /// The path to probe without a key: documented, and telling nothing without one.
    pub probe_keyless: &'static str,
    /// A response of the vendor is an object with at least one of these fields.
    pub fields: &'static [&'static str],
    /// What an error is about.
    pub blame: fn(&ApiError) -> Blame,
    /// Names of the header with the limit of calls per minute; empty if none is documented.
    pub limit_headers: &'static [&'static str],
    /// Every documented rate limit header.
    pub rate_headers: &'static [&'static str],
    /// The limit that identifies the small plan.
    pub small_limit: Option<u64>,
    /// The response header with the token, if calls need one.
    pub token_header: Option<&'static str>,
}

/// What is known of a connection before it is examined. `has_key` and `is_token` describe the key that was
/// typed or stored; `is_private` says whether the transport is confidential.
pub fn setting(
    connection: &Connection,
    has_key: bool,
    is_token: bool,
    is_private: bool,
) -> ExaminationSetting {
    let facts = examined(connection.vendor);
    let acts = connection.acting_as.is_some();
    let needs = needs(connection);
    let probes = facts.probes.iter().copied().filter(|probe| acts || *probe != Probe::Acting);
    ExaminationSetting {
        kind: connection.kind,
        is_own_site: connection.base_url.is_same_origin(),
        is_private,
        has_key: has_key || connection.kind != ConnectionKind::Direct,
        signs_in: facts.token_header.is_some() && connection.kind == ConnectionKind::Direct && !is_token,
        probes: probes.collect(),
        n_first_headers: needs.n_first_headers,
        methods: needs.asked_methods(),
        headers: needs.headers,
        documents_rates: !facts.rate_headers.is_empty(),
        small_limit: facts.small_limit,
        is_small_plan: connection.is_small_plan,
    }
}

/// The query for a probe; `group` is one of the groups read before. `None` if a required group or acting user
/// is missing.
pub fn query(probe: Probe, connection: &Connection, group: Option<&GroupId>) -> Option<Query> {
    Some(match probe {
        Probe::Community => Query::Community,
        Probe::People => Query::People { search: "".into() },
        Probe::Roles => Query::Roles,
        Probe::Prices => Query::Prices,
        Probe::Groups => Query::Groups { search: "".into() },
        Probe::Members => Query::GroupMembers { group: group?.clone(), scopes: Vec::new() },
        Probe::Acting => Query::Person { id: connection.acting_as.clone()? },
    })
}

/// A GET that needs no preflight.
pub fn probe_keyless(vendor: Vendor) -> Request {
    get(examined(vendor).probe_keyless)
}

/// A GET of an undocumented path.
pub fn unlisted() -> Request {
    get(UNLISTED)
}

fn get(path: &'static str) -> Request {
    http::Request::builder()
        .method(Method::GET)
        .uri(path)
        .body(Vec::new())
        .expect("a constant path is well formed")
}

/// The rate limit headers of a response, unmodified.
pub fn rates(vendor: Vendor, response: &Response) -> Vec<(Box<str>, Box<str>)> {
    let names = examined(vendor).rate_headers.iter();
    names.filter_map(|name| Some(((*name).into(), answer::header(response, name)?.into()))).collect()
}

/// The limit among them, in calls per minute.
pub fn limit(vendor: Vendor, response: &Response) -> Option<u64> {
    answer::header_number(response, examined(vendor).limit_headers)
}

/// True if a header is readable that browsers hide from cross-origin pages unless it is exposed: then the
/// missing ones were most likely not sent.
pub fn shows_more(response: &Response) -> bool {
    /// Fetch Standard, "CORS-safelisted response-header name".
    const SHOWN: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    response.headers().keys().any(|name| !SHOWN.contains(&name.as_str()))
}
