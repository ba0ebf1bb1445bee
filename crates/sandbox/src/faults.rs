//! Failures on demand: their names and effects, the same at every vendor.

use crate::{Response, reply::text_reply, table::Table};

/// A failure that a sentinel provokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429, twice; the third call goes through.
    RateLimited { retry_after: bool },
    /// 500; nothing is done.
    ServerError,
    /// No response; nothing is done.
    Hang,
    /// The connection is cut; nothing is done.
    Cut,
    /// The connection is cut after the change; a call that changes nothing gets its response.
    LostAnswer,
    /// The response takes [`SLOW_MS`].
    Slow,
    /// An HTML page with status 200; nothing is done.
    Html,
    /// The change is made; the response body is cut in half.
    Truncated,
    /// The change is made; the response has no body.
    EmptyBody,
    /// Well-formed JSON of an unrelated service; nothing is done.
    OtherService,
    /// A failure with this vendor code.
    Code(&'static str),
}

/// A sentinel found in a request.
#[derive(Clone, Debug)]
pub(crate) struct FoundSentinel {
    pub(crate) value: String,
    pub(crate) fault: Fault,
}

/// A fault and its sentinels: `name` as an id that is a word, `host` in e-mail addresses, `key` as the key at
/// every vendor, and the other ids and the phone where people are given by UUID or phone.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) fault: Fault,
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) host: &'static str,
    pub(crate) user: &'static str,
    pub(crate) community: &'static str,
    pub(crate) chat: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) provokes: &'static str,
    pub(crate) text: &'static str,
}

macro_rules! named {
    ($fault:expr, $name:literal, $digits:literal, $provokes:literal, $text:literal) => {
        Named {
            fault: $fault,
            name: $name,
            key: concat!($name, "-key"),
            host: concat!($name, ".example"),
            user: concat!("0000", $digits, "-0000-4000-8000-000000000001"),
            community: concat!("0000", $digits, "-0000-4000-8000-00000000000c"),
            chat: concat!("0000", $digits, "-0000-4000-8000-00000000000d"),
            phone: concat!("9990000", $digits),
            provokes: $provokes,
            text: concat!("sandbox.provokes.", $text),
        }
    };
}

/// The faults that every vendor supports.
pub(crate) const NAMED: [Named; 11] = [
    named!(
        Fault::RateLimited { retry_after: true },
        "rate-limited",
        "0429",
        "429+retry-after",
        "rate_limited"
    ),
    named!(
        Fault::RateLimited { retry_after: false },
        "rate-limited-silent",
        "0428",
        "429",
        "rate_limited_silent"
    ),
    named!(Fault::ServerError, "server-error", "0500", "500", "server_error"),
    named!(Fault::Hang, "hang", "0504", "hang", "hang"),
    named!(Fault::Cut, "cut", "0444", "cut", "cut"),
    named!(Fault::LostAnswer, "lost-answer", "0499", "lost-answer", "lost_answer"),
    named!(Fault::Slow, "slow", "0604", "slow", "slow"),
    named!(Fault::Html, "html", "0600", "html", "html"),
    named!(Fault::Truncated, "truncated", "0601", "truncated", "truncated"),
    named!(Fault::EmptyBody, "empty-body", "0602", "empty-body", "empty_body"),
    named!(Fault::OtherService, "other-service", "0603", "other-service", "other_service"),
];

/// The latency of [`Fault::Slow`].
pub(crate) const SLOW_MS: u64 = 8_000;

/// `Retry-After` of a sentinel's 429, in seconds.
pub(crate) const RETRY_AFTER_S: &str = "1";

/// How many calls a sentinel answers with 429 before it lets one through.
const STRIKES: u32 = 2;

/// The fault that a key provokes.
pub(crate) fn of_key(key: &str) -> Option<Fault> {
    NAMED.iter().find(|named| named.key == key).map(|named| named.fault)
}

/// How often each 429 sentinel struck. Not journaled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strikes {
    by_value: Table<u32>,
}

impl Strikes {
    /// The fault to apply, if any. A 429 strikes [`STRIKES`] times; a call that gets past all of them resets
    /// them.
    pub(crate) fn next(&mut self, vendor: &str, triggers: &[FoundSentinel]) -> Option<Fault> {
        for mark in triggers {
            if !matches!(mark.fault, Fault::RateLimited { .. }) {
                continue;
            }
            let count = self.by_value.entry(format!("{vendor} {}", mark.value)).or_default();
            if *count < STRIKES {
                *count += 1;
                return Some(mark.fault);
            }
        }
        for mark in triggers {
            self.by_value.remove(&format!("{vendor} {}", mark.value));
        }
        triggers.iter().map(|mark| mark.fault).find(|fault| !matches!(fault, Fault::RateLimited { .. }))
    }
}

/// An HTML page instead of JSON, as from a captive portal or a relay's sign-in.
pub(crate) fn html_page() -> Response {
    let page = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>";
    text_reply(200, "text/html; charset=utf-8", page.into())
}

/// JSON of a service that is not one of the vendors.
pub(crate) fn other_service() -> Response {
    text_reply(200, "application/json", r#"{"status":"ok","service":"thumbnails","uptime":4711}"#.into())
}

/// The response with the second half of its body cut off.
pub(crate) fn truncated(response: Response) -> Response {
    response.map(|mut body| {
        body.truncate(body.len() / 2);
        body
    })
}

/// The response without its body.
pub(crate) fn emptied(response: Response) -> Response {
    response.map(|_| Vec::new())
}
