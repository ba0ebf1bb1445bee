//! What an examination of a connection needs to know of its vendor: which reads are harmless, what an answer's
//! form tells, and what calls ask of a browser and of whoever runs the other side.

mod lines;
mod needs;
pub(crate) mod samples;
#[cfg(test)]
mod tests;
mod voice;

pub use lines::{cors, relay_of_caddy, relay_of_nginx};
pub use needs::{Needs, needs};
pub use voice::{blame, voice};

use domain::examination::{Blame, Setting, Sight};
use domain::{ApiError, Connection, GroupId, Query, Reach, Vendor};
use http::Method;

use crate::{Request, Response, answer};

/// A path below a vendor's base address that nobody documents; a relay should not hand it on.
const UNLISTED: &str = "/muster-examines-an-unlisted-path";

/// What is particular to a vendor.
#[derive(Debug)]
pub(crate) struct Examined {
    /// What can be read without changing anything, that which shows whether a key is accepted first.
    pub sights: &'static [Sight],
    /// The path that is knocked at: a documented one, which tells nothing without a key.
    pub knock: &'static str,
    /// An answer of the vendor's is an object with one of these fields.
    pub fields: &'static [&'static str],
    /// What a refusal is about.
    pub blame: fn(&ApiError) -> Blame,
    /// Names of the header with the limit of calls a minute; empty where none is documented.
    pub limit_headers: &'static [&'static str],
    /// Every documented header about the pace.
    pub rate_headers: &'static [&'static str],
    /// The limit by which a small plan is known.
    pub small_limit: Option<u64>,
    /// The header with the token, where calls need one.
    pub token_header: Option<&'static str>,
}

pub(crate) fn examined(vendor: Vendor) -> &'static Examined {
    match vendor {
        Vendor::Genuin => &crate::genuin::EXAMINED,
        Vendor::Networked => &crate::networked::EXAMINED,
        Vendor::CometChat => &crate::cometchat::EXAMINED,
    }
}

/// What is known of a connection before it is examined. `has_key` and `is_token` tell of the key that was typed
/// or is kept; `is_private` whether others can read along on the way.
pub fn setting(connection: &Connection, has_key: bool, is_token: bool, is_private: bool) -> Setting {
    let facts = examined(connection.vendor);
    let acts = connection.acting_as.is_some();
    let needs = needs(connection);
    let sights = facts.sights.iter().copied().filter(|sight| acts || *sight != Sight::Acting);
    Setting {
        reach: connection.reach,
        is_own_site: connection.base_url.is_same_origin(),
        is_private,
        has_key: has_key || connection.reach != Reach::Direct,
        signs_in: facts.token_header.is_some() && connection.reach == Reach::Direct && !is_token,
        sights: sights.collect(),
        n_first_headers: needs.n_first_headers,
        methods: needs.asked_methods(),
        headers: needs.headers,
        documents_rates: !facts.rate_headers.is_empty(),
        small_limit: facts.small_limit,
        is_small_plan: connection.is_small_plan,
    }
}

/// What to ask for to look at something; `group` is one of the groups that were read before. `None` if there is
/// nothing to ask for.
pub fn query(sight: Sight, connection: &Connection, group: Option<&GroupId>) -> Option<Query> {
    Some(match sight {
        Sight::Community => Query::Community,
        Sight::People => Query::People { search: "".into() },
        Sight::Roles => Query::Roles,
        Sight::Prices => Query::Prices,
        Sight::Groups => Query::Groups { search: "".into() },
        Sight::Members => Query::GroupMembers { group: group?.clone(), scopes: Vec::new() },
        Sight::Acting => Query::Person { id: connection.acting_as.clone()? },
    })
}

/// A GET without anything that a browser would ask for first.
pub fn knock(vendor: Vendor) -> Request {
    get(examined(vendor).knock)
}

/// A GET of a path that nobody documents.
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

/// The headers about the pace that an answer shows, as they came.
pub fn rates(vendor: Vendor, response: &Response) -> Vec<(Box<str>, Box<str>)> {
    let names = examined(vendor).rate_headers.iter();
    names.filter_map(|name| Some(((*name).into(), answer::header(response, name)?.into()))).collect()
}

/// The limit among them, in calls a minute.
pub fn limit(vendor: Vendor, response: &Response) -> Option<u64> {
    answer::header_number(response, examined(vendor).limit_headers)
}

/// True if a header can be read that browsers show to pages of other sites only where they are let: then the
/// ones that are missing were most likely not sent.
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
