//! A service that means harm: with keys of its own, the three vendors answer as an attacker would have them.
//!
//! No vendor does this, so nothing here cites one. What is asked for is done as ever; only the answer is turned.

mod broken;
mod request;
mod turn;
mod words;

use domain::Vendor;
use serde_json::Value;

use crate::{Request, Response};
pub(crate) use request::Asked;

/// In which way an answer is hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Every text is script, turns its line, floods, or cannot be seen; ids have a tail of markup.
    Words,
    /// Every call is refused in such words.
    Errors,
    /// The first name is five megabytes long, the others are 20 KB without a break.
    Long,
    /// Above what a client reads.
    Huge,
    /// 100,000 levels of arrays or objects.
    Deep,
    /// Every second value has a type that it should not have, or a number out of any range.
    Types,
    /// Lists that never end.
    Endless,
    /// Almost JSON.
    Json,
    /// Headers of 100 KB, and headers that lie.
    Headers,
}

/// A key, or what it begins with: anything may follow.
pub(crate) struct Key {
    pub(crate) begins: &'static str,
    pub(crate) provokes: &'static str,
    pub(crate) text: &'static str,
    kind: Kind,
}

macro_rules! key {
    ($kind:ident, $name:literal, $text:literal) => {
        Key {
            begins: concat!("hostile-", $name, "-key"),
            provokes: concat!("hostile-", $name),
            text: concat!("sandbox.provokes.hostile_", $text),
            kind: Kind::$kind,
        }
    };
}

/// Every key that makes a service hostile.
pub(crate) const KEYS: [Key; 9] = [
    key!(Words, "words", "words"),
    key!(Errors, "errors", "errors"),
    key!(Long, "long", "long"),
    key!(Huge, "huge", "huge"),
    key!(Deep, "deep", "deep"),
    key!(Types, "types", "types"),
    key!(Endless, "endless", "endless"),
    key!(Json, "json", "json"),
    key!(Headers, "headers", "headers"),
];

/// A call with a hostile key: what is asked for without hostility, and how to turn the answer.
#[derive(Debug)]
pub(crate) struct Hostile {
    kind: Kind,
    vendor: Vendor,
    asked: Asked,
    token: Option<String>,
}

impl Hostile {
    /// `None` for a call with any other key.
    pub(crate) fn of(vendor: Vendor, request: &Request) -> Option<Self> {
        let (key, is_sign_in) = key_of(vendor, request)?;
        let kind = KEYS.iter().find(|known| key.starts_with(known.begins))?.kind;
        let asked = Asked::of(request, kind == Kind::Endless);
        Some(Self { kind, vendor, asked, token: is_sign_in.then_some(key) })
    }

    /// What is asked for.
    pub(crate) fn request(&self) -> &Request {
        self.asked.request()
    }

    /// True if nothing is done at all.
    pub(crate) fn refuses(&self) -> bool {
        self.kind == Kind::Errors
    }

    /// The answer as it leaves. `n_call` counts the calls, so that kinds with several forms take turns.
    pub(crate) fn turn(&self, response: Response, n_call: u64) -> Response {
        let turned = match self.kind {
            Kind::Words => turn::words(response, &self.asked),
            Kind::Errors => broken::refusal(self.vendor, n_call),
            Kind::Long => turn::long(response, words::LONG),
            Kind::Huge => turn::long(response, words::HUGE),
            Kind::Deep => broken::deep(n_call),
            Kind::Types => turn::types(response),
            Kind::Endless => turn::endless(response),
            Kind::Json => broken::almost_json(n_call),
            Kind::Headers => broken::headers(response),
        };
        match &self.token {
            // Whoever signs in with a hostile key goes on with a hostile token.
            Some(key) => crate::reply::with_header(turned, "gn-access-token", key),
            None => turned,
        }
    }
}

/// The key or token of a call, and whether the call is a sign-in.
fn key_of(vendor: Vendor, request: &Request) -> Option<(String, bool)> {
    let name = match vendor {
        Vendor::Genuin => "authorization",
        Vendor::Networked => "x-api-key",
        Vendor::CometChat => "apikey",
    };
    if vendor == Vendor::Genuin && request.uri().path().ends_with("/auth") {
        let body: Value = serde_json::from_slice(request.body()).ok()?;
        return Some((body.get("api_key")?.as_str()?.trim().to_owned(), true));
    }
    let text = request.headers().get(name)?.to_str().ok()?.trim();
    Some((text.strip_prefix("Bearer ").unwrap_or(text).trim().to_owned(), false))
}
