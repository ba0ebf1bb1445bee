//! What goes into the sandbox and what comes out of it.

use crate::Event;

/// A request as the vendor would see it, without host and without the base path of the connection.
pub type Request = http::Request<Vec<u8>>;

/// The vendor's answer, complete.
pub type Response = http::Response<Vec<u8>>;

/// What one request did and how it is to be answered.
#[derive(Clone, Debug)]
pub struct Handled {
    /// What changed; it is applied already. Journal it before the answer leaves.
    pub events: Vec<Event>,
    /// How long a real service would have taken.
    pub latency_ms: u64,
    /// What the caller gets to see.
    pub answer: Answer,
}

/// How a request ends for the caller.
#[derive(Clone, Debug)]
pub enum Answer {
    /// An answer arrives.
    Respond(Response),
    /// Nothing ever arrives, and nothing was done.
    Hang,
    /// The connection is cut, and nothing was done.
    CutBefore,
    /// The connection is cut after the change was made: the answer is lost.
    CutAfter,
}
