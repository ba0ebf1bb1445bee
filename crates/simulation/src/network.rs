//! Calls in flight. The fate of each is decided when it is sent.

use std::collections::BTreeMap;

use domain::api_error::ErrorOrigin;
use domain::{
    ApiError, Batch, ChangeId, ConsoleCode, Credentials, ErrorClass, Millis, PlanId, Reading, Vendor,
};
use sandbox::{Answer, World};
use vendors::{Request, Response, profile, protocol};

use crate::case::Case;
use crate::chance::Chance;

/// The console's timeout.
pub(crate) const TIMEOUT_MS: Millis = 30_000;

/// The maximum delay of a request. A page that opens later than this after a crash may assume that the calls
/// of the previous page have arrived.
pub(crate) const LONGEST_WAY_MS: Millis = 59_000;

/// The purpose of a request.
#[derive(Clone, Debug)]
pub(crate) enum Errand {
    /// A batch of a run.
    Batch(PlanId, Batch),
    /// A page that a run reads back.
    Reading(PlanId, Reading),
    /// A read by another page of the console.
    Page(u64),
}

/// A call in flight.
#[derive(Debug)]
pub(crate) struct Call {
    /// The purpose.
    pub errand: Errand,
    /// The tab that sent it.
    pub tab: u32,
    /// The time of sending.
    pub sent_at: Millis,
    /// True while the tab waits for the response.
    pub is_awaited: bool,
    /// The request, until it arrives.
    pub request: Option<Request>,
    /// When the people of a batch were last read before it was sent.
    pub reads: BTreeMap<ChangeId, u64>,
    /// The moment at which the vendor last processed the call.
    pub processed_at: u64,
    /// The fate of the call.
    pub fate: Fate,
    /// The delay of the response.
    pub back_ms: Millis,
}

/// The fate of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// No fault.
    Plain,
    /// The request never arrives.
    LostRequest,
    /// The call is executed and the response lost.
    LostAnswer,
    /// 429, nothing done, optionally with the seconds to wait.
    Throttled(Option<u64>),
    /// 500, nothing done.
    BrokenBefore,
    /// 500 after the call was executed.
    BrokenAfter,
    /// An HTML page, nothing done.
    HtmlBefore,
    /// An HTML page after the call was executed.
    HtmlAfter,
    /// A truncated response after the call was executed.
    CutShort,
    /// The request arrives after the client's timeout.
    Slow,
    /// The call is executed, and the browser sends it again.
    Repeated,
}

/// The fate of the next call, and its request and response delays.
pub(crate) fn fate(chance: &mut Chance, case: &Case) -> (Fate, Millis, Millis) {
    let way = |chance: &mut Chance| {
        let longest = if chance.permille(800) { case.longest_way / 8 } else { case.longest_way };
        1 + chance.below(longest)
    };
    let (there, back) = (way(chance), way(chance));
    let faults = &case.faults;
    let wait = chance.permille(600).then(|| chance.pick(&[0, 1, 3, 20, 90]));
    let table = [
        (faults.lost_request, Fate::LostRequest),
        (faults.lost_answer, Fate::LostAnswer),
        (faults.throttled, Fate::Throttled(wait)),
        (faults.broken_before, Fate::BrokenBefore),
        (faults.broken_after, Fate::BrokenAfter),
        (faults.html_before, Fate::HtmlBefore),
        (faults.html_after, Fate::HtmlAfter),
        (faults.cut_short, Fate::CutShort),
        (faults.slow, Fate::Slow),
        (faults.repeated, Fate::Repeated),
    ];
    let fate = table.into_iter().find(|(n, _)| chance.permille(*n)).map_or(Fate::Plain, |(_, fate)| fate);
    let there = if fate == Fate::Slow { chance.between(TIMEOUT_MS + 1, LONGEST_WAY_MS) } else { there };
    (fate, there, back)
}

impl Fate {
    /// True if the vendor processes the request.
    pub(crate) fn is_processed(self) -> bool {
        match self {
            Fate::Plain
            | Fate::LostAnswer
            | Fate::BrokenAfter
            | Fate::HtmlAfter
            | Fate::CutShort
            | Fate::Slow
            | Fate::Repeated => true,
            Fate::LostRequest | Fate::Throttled(_) | Fate::BrokenBefore | Fate::HtmlBefore => false,
        }
    }

    /// True if the client cannot know that the vendor did nothing.
    pub(crate) fn is_doubtful(self) -> bool {
        !matches!(self, Fate::Throttled(_))
    }

    /// The response that the client gets, given the vendor's response and its 429.
    pub(crate) fn answer(
        self,
        response: Option<Response>,
        too_many: impl Fn() -> Response,
    ) -> Option<Response> {
        match self {
            Fate::LostRequest | Fate::LostAnswer => None,
            Fate::Throttled(wait) => Some(throttled(too_many(), wait)),
            Fate::BrokenBefore | Fate::BrokenAfter => Some(plain(500, "text/plain", "Internal Server Error")),
            Fate::HtmlBefore | Fate::HtmlAfter => {
                Some(plain(200, "text/html", "<!doctype html><title>Sign in</title><h1>Sign in</h1>"))
            }
            Fate::CutShort => response.map(|response| {
                response.map(|mut body| {
                    body.truncate(body.len() / 2);
                    body
                })
            }),
            Fate::Plain | Fate::Slow | Fate::Repeated => response,
        }
    }
}

fn plain(status: u16, kind: &str, body: &str) -> Response {
    let response = http::Response::builder().status(status).header("content-type", kind);
    response.body(body.as_bytes().to_vec()).expect("a plain answer is well formed")
}

fn throttled(mut response: Response, wait: Option<u64>) -> Response {
    if let Some(wait) = wait {
        response.headers_mut().insert("retry-after", wait.into());
    }
    response
}

/// The error of a call that a relay has already forwarded, `TransportError::AlreadyPassedOn` in the console.
pub(crate) fn passed_on_already() -> ApiError {
    no_answer(ConsoleCode::RelayAlreadyPassedOn)
}

/// The error of a call that was not sent because the page lacks the key.
pub(crate) fn no_key() -> ApiError {
    ApiError::new(ErrorClass::Auth, ErrorOrigin::Console, ConsoleCode::NoKey)
}

/// The error of a call without a response.
pub(crate) fn no_answer(code: ConsoleCode) -> ApiError {
    ApiError::new(ErrorClass::Unknown, ErrorOrigin::Network, code)
}

/// Valid credentials; a token where the vendor has a sign-in.
pub(crate) fn credentials(vendor: Vendor, world: &mut World, now: Millis) -> Credentials {
    let typed = profile(vendor).keys[0].filled("a-key");
    let Some(request) = protocol(vendor).sign_in(&typed) else {
        return typed;
    };
    match world.handle(vendor, &request, now).answer {
        Answer::Respond(response) => {
            Credentials::Token(protocol(vendor).decode_sign_in(&response).expect("the sandbox gives a token"))
        }
        _ => typed,
    }
}

/// All calls in flight, by number.
pub(crate) type Calls = BTreeMap<u64, Call>;
