//! Failures on demand: what they are called and what they do, at every vendor alike.

use std::collections::BTreeMap;

use crate::{Response, reply::text_reply};

/// A way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429, twice; the third call goes through.
    RateLimited { retry_after: bool },
    /// 500; nothing was done.
    ServerError,
    /// No answer; nothing was done.
    Hang,
    /// The connection is cut; nothing was done.
    Cut,
    /// The connection is cut after the change; a call that changes nothing is answered.
    LostAnswer,
    /// The answer takes eight seconds.
    Slow,
    /// A page for people, with status 200; nothing was done.
    Html,
    /// The change is made; the answer ends in the middle.
    Truncated,
    /// The change is made; the answer has no body.
    EmptyBody,
    /// Well-formed JSON of something else; nothing was done.
    OtherService,
    /// A failure with this code of the vendor's.
    Code(&'static str),
}

/// A sentinel found in a request.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) value: String,
    pub(crate) fault: Fault,
}

/// One fault with its names: `name` at CometChat, `host` in e-mails, the others at Genuin, `key` everywhere.
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

/// Every fault that works at each vendor.
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

/// How long an answer of [`Fault::Slow`] takes.
pub(crate) const SLOW_MS: u64 = 8_000;

/// How long a sentinel's 429 asks to wait.
pub(crate) const RETRY_AFTER_S: &str = "1";

/// How often a sentinel's 429 strikes before it lets a call through.
const STRIKES: u32 = 2;

/// The fault of a key that ends in `-key`.
pub(crate) fn of_key(key: &str) -> Option<Fault> {
    NAMED.iter().find(|named| named.key == key).map(|named| named.fault)
}

/// How often each 429 struck. Never journalled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strikes {
    by_value: BTreeMap<String, u32>,
}

impl Strikes {
    /// The fault that strikes, if any. A 429 strikes twice; when a call gets past all of them they begin anew.
    pub(crate) fn next(&mut self, vendor: &str, marks: &[Mark]) -> Option<Fault> {
        for mark in marks {
            if !matches!(mark.fault, Fault::RateLimited { .. }) {
                continue;
            }
            let count = self.by_value.entry(format!("{vendor} {}", mark.value)).or_default();
            if *count < STRIKES {
                *count += 1;
                return Some(mark.fault);
            }
        }
        for mark in marks {
            self.by_value.remove(&format!("{vendor} {}", mark.value));
        }
        marks.iter().map(|mark| mark.fault).find(|fault| !matches!(fault, Fault::RateLimited { .. }))
    }
}

/// A page for people where an answer was expected, as a captive portal or a relay's sign-in sends it.
pub(crate) fn html_page() -> Response {
    let page = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>";
    text_reply(200, "text/html; charset=utf-8", page.into())
}

/// JSON of a service that is none of the vendors.
pub(crate) fn other_service() -> Response {
    text_reply(200, "application/json", r#"{"status":"ok","service":"thumbnails","uptime":4711}"#.into())
}

/// The first half of an answer.
pub(crate) fn truncated(response: Response) -> Response {
    response.map(|mut body| {
        body.truncate(body.len() / 2);
        body
    })
}

/// An answer without its body.
pub(crate) fn emptied(response: Response) -> Response {
    response.map(|_| Vec::new())
}
