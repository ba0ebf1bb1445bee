//! What calls require of browsers and servers (CORS), derived from the calls themselves.

use std::collections::BTreeSet;

use domain::{Connection, ConnectionKind, Credentials, Secret};
use http::{HeaderMap, Method, header};

use super::{examined, query, samples};
use crate::{Request, changes, protocol};

/// What a connection's calls require of browsers and of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Every method in use, in the order GET, POST, PUT, PATCH, DELETE.
    pub methods: Vec<Method>,
    /// Request headers that need a preflight, those of the first call with a key first.
    pub headers: Vec<Box<str>>,
    /// How many of [`headers`](Needs::headers) the first call needs.
    pub n_first_headers: usize,
    /// Response headers that a cross-origin page can read only if they are exposed.
    pub shown: Vec<Box<str>>,
}

impl Needs {
    /// The methods that need a preflight (Fetch Standard, "CORS-safelisted method").
    pub(super) fn asked_methods(&self) -> Vec<Box<str>> {
        let asked = self.methods.iter().filter(|method| !matches!(method.as_str(), "GET" | "HEAD" | "POST"));
        asked.map(|method| method.as_str().into()).collect()
    }
}

/// The needs of a connection's calls. The header for the acting user counts only if the connection has one.
pub fn needs(connection: &Connection) -> Needs {
    let protocol = protocol(connection.vendor);
    let acting_as = connection.acting_as.as_deref();
    let reads =
        samples::queries().into_iter().filter_map(|one| protocol.encode_query(&one, None, acting_as).ok());
    let writes =
        samples::batches().filter_map(|batch| changes(connection.vendor).encode(&batch, acting_as).ok());
    // A relay signs in itself.
    let is_direct = connection.kind == ConnectionKind::Direct;
    let pair = Credentials::KeyAndSecret { key: Secret::new("key"), secret: Secret::new("secret") };
    let sign_in = protocol.sign_in(&pair).filter(|_| is_direct);
    let first = first_call(connection, sign_in.clone());
    let mut headers = Vec::new();
    if let Some(first) = &first {
        note(&mut headers, first.headers());
        if is_direct && sign_in.is_none() {
            note_key(&mut headers, connection);
        }
    }
    let n_first_headers = headers.len();
    if is_direct {
        note_key(&mut headers, connection);
    }
    let mut methods: BTreeSet<(usize, &'static str)> = BTreeSet::new();
    for call in reads.chain(sign_in).chain(writes) {
        note(&mut headers, call.headers());
        methods.extend(MANNERS.iter().copied().enumerate().find(|(_, name)| call.method() == *name));
    }
    Needs {
        methods: methods.into_iter().filter_map(|(_, name)| name.parse().ok()).collect(),
        headers,
        n_first_headers,
        shown: shown(connection),
    }
}

/// Methods in listing order.
const MANNERS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn first_call(connection: &Connection, sign_in: Option<Request>) -> Option<Request> {
    let probe = examined(connection.vendor).probes.first();
    let read = probe.and_then(|probe| query(*probe, connection, None));
    let read = read.and_then(|query| protocol(connection.vendor).encode_query(&query, None, None).ok());
    sign_in.or(read)
}

fn shown(connection: &Connection) -> Vec<Box<str>> {
    let facts = examined(connection.vendor);
    let token = facts.token_header.filter(|_| connection.kind == ConnectionKind::Direct);
    let names = token.into_iter().chain(facts.rate_headers.iter().copied());
    let mut shown: Vec<Box<str>> = names.map(Into::into).collect();
    for name in ["retry-after", "date"] {
        if !shown.iter().any(|other| **other == *name) {
            shown.push(name.into());
        }
    }
    shown
}

/// Adds the headers that need a preflight (Fetch Standard, "CORS-safelisted request-header").
fn note(headers: &mut Vec<Box<str>>, of: &HeaderMap) {
    for (name, value) in of {
        let is_plain = value.to_str().is_ok_and(|value| {
            ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
                .iter()
                .any(|plain| value.starts_with(plain))
        });
        let is_sent_unasked = match *name {
            header::ACCEPT | header::ACCEPT_LANGUAGE | header::CONTENT_LANGUAGE => true,
            header::CONTENT_TYPE => is_plain,
            _ => false,
        };
        if !is_sent_unasked {
            add(headers, name.as_str());
        }
    }
}

fn note_key(headers: &mut Vec<Box<str>>, connection: &Connection) {
    let samples = [Credentials::Key(Secret::new("key")), Credentials::Token(Secret::new("token"))];
    let protocol = protocol(connection.vendor);
    for (name, _) in samples.iter().filter_map(|credentials| protocol.authorization(credentials)) {
        add(headers, name.as_str());
    }
}

fn add(headers: &mut Vec<Box<str>>, name: &str) {
    if !headers.iter().any(|other| **other == *name) {
        headers.push(name.into());
    }
}
