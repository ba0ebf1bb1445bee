//! How calls travel: the only place that knows where a connection is and adds what proves who calls.
//!
//! Protocols encode requests as a path without host and without key; [`Transport::send`] puts the base URL
//! before it and the key's header into it, and gives back the answer as it came. Nothing here reads a body.

mod ending;
mod error;
mod fetch;
mod knock;
mod policy;
mod sandbox;
mod stream;
mod wire;

pub use error::TransportError;
pub use fetch::{FetchTransport, MAX_BODY_BYTES, base, is_own, is_private};
pub use knock::Manner;
pub use sandbox::{Sandbox, SandboxTransport};
pub use wire::{Answer, read_answer, write_request};

use domain::CallId;
use http::{HeaderName, HeaderValue};

/// The header that proves who calls.
pub type Authorization = (HeaderName, HeaderValue);

/// Milliseconds after which a call is given up.
pub const TIMEOUT_MS: u32 = 30_000;

/// One way to a vendor.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Over the network, to the vendor or a relay.
    Fetch(FetchTransport),
    /// To the sandbox in this browser.
    Sandbox(SandboxTransport),
}

impl Transport {
    /// The same way for one attempt of one call that changes something.
    #[must_use]
    pub fn once(self, call: CallId) -> Self {
        match self {
            Self::Fetch(fetch) => Self::Fetch(fetch.once(call)),
            // Messages to a worker are not repeated.
            Self::Sandbox(_) => self,
        }
    }

    /// Sends a request and waits for the answer. Dropping the future takes the call back as far as that goes.
    ///
    /// # Errors
    /// If no answer came. Statuses of failure are answers.
    pub async fn send(
        &self,
        request: &vendors::Request,
        authorization: Option<&Authorization>,
    ) -> Result<vendors::Response, TransportError> {
        match self {
            Self::Fetch(fetch) => fetch.send(request, authorization).await,
            Self::Sandbox(sandbox) => sandbox.send(request, authorization).await,
        }
    }
}
