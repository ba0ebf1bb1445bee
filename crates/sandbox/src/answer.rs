//! The input and output types of the sandbox.

use crate::Event;

/// A request as the vendor sees it, without the connection's host and base path.
pub type Request = http::Request<Vec<u8>>;

/// A complete vendor response.
pub type Response = http::Response<Vec<u8>>;

/// The result of handling one request.
#[derive(Clone, Debug)]
pub struct Handled {
    /// The changes, already applied. Journal them before sending the answer.
    pub events: Vec<Event>,
    /// The simulated latency.
    pub latency_ms: u64,
    /// What the caller sees.
    pub answer: Answer,
}

/// How a request ends for the caller.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A response arrives.
    Respond(Response),
    /// No response ever arrives, and nothing was changed.
    Hang,
    /// The connection is cut, and nothing was changed.
    CutBefore,
    /// The connection is cut after the change was made, so the response is lost.
    CutAfter,
}
