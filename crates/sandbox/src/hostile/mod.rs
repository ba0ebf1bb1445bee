//! A malicious service: with special keys, the three vendors respond as an attacker would.
//!
//! No vendor does this, so nothing here cites one. Except for refusals the call is executed as usual; only
//! its response is replaced or corrupted.

mod broken;
mod request;
mod turn;
mod words;

use domain::Vendor;

use crate::{Request, Response, registry::facts};
pub(crate) use request::Asked;

/// The way in which a response is hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Texts are scripts, bidirectional overrides, floods or invisible; ids have a tail of markup.
    Words,
    /// Every call is refused, with such texts.
    Errors,
    /// The first text is 5 MB long, all others 20 KB without a break.
    Long,
    /// The first text is larger than a client accepts.
    Huge,
    /// 100,000 nested arrays or objects.
    Deep,
    /// Every second value has a wrong type or is out of range.
    Types,
    /// Lists that never end.
    Endless,
    /// Invalid JSON and invalid UTF-8.
    Json,
    /// A header of 100 KB, and headers with wrong values.
    Headers,
}

/// The prefix of a hostile key, with what it provokes.
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

/// The prefixes of all hostile keys.
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

/// A call with a hostile key: the cleaned request, and how to corrupt its response.
#[derive(Debug)]
pub(crate) struct Hostile {
    kind: Kind,
    vendor: Vendor,
    asked: Asked,
    token: Option<String>,
}

impl Hostile {
    /// Returns `None` for a call with any other key.
    pub(crate) fn of(vendor: Vendor, request: &Request) -> Option<Self> {
        let (key, is_sign_in) = key_of(vendor, request)?;
        let kind = KEYS.iter().find(|known| key.starts_with(known.begins))?.kind;
        let asked = Asked::of(request, kind == Kind::Endless);
        Some(Self { kind, vendor, asked, token: is_sign_in.then_some(key) })
    }

    /// The request to execute.
    pub(crate) fn request(&self) -> &Request {
        self.asked.request()
    }

    /// True if the call is refused without being executed.
    pub(crate) fn refuses(&self) -> bool {
        self.kind == Kind::Errors
    }

    /// The hostile response. Kinds with several forms rotate through them by call number `n_call`.
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
            // A sign-in returns the hostile key as the token, so that later calls are hostile too.
            Some(key) => crate::reply::with_header(turned, "gn-access-token", key),
            None => turned,
        }
    }
}

/// The key or token of a call, and true if the call is a sign-in.
fn key_of(vendor: Vendor, request: &Request) -> Option<(String, bool)> {
    let facts = facts(vendor);
    if let Some(key) = (facts.sign_in_key)(request) {
        return Some((key, true));
    }
    let text = request.headers().get(facts.key_header)?.to_str().ok()?.trim();
    Some((text.strip_prefix("Bearer ").unwrap_or(text).trim().to_owned(), false))
}
