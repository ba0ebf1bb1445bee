//! Sends calls: the only place that knows a connection's address and adds its credentials.
//!
//! Protocols encode requests with a path but neither host nor key. [`Transport::send`] adds the base URL and
//! the key's header, and returns the response unchanged. Nothing here interprets a body.

mod ending;
mod error;
mod fetch;
mod policy;
mod probe_keyless;
mod sandbox;
mod stream;
mod wire;

pub use error::TransportError;
pub use fetch::{FetchTransport, MAX_BODY_BYTES, base, is_own, is_private};
pub use probe_keyless::KeylessMode;
pub use sandbox::{Sandbox, SandboxTransport};

use domain::CallId;
use http::{HeaderName, HeaderValue};

/// The header with the credentials.
pub type Authorization = (HeaderName, HeaderValue);

/// Timeout of a call in milliseconds.
pub const TIMEOUT_MS: u32 = 30_000;

/// A way to reach a vendor.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Over the network, to the vendor or a relay.
    Fetch(FetchTransport),
    /// To the sandbox in this browser.
    Sandbox(SandboxTransport),
}

impl Transport {
    /// Sends one attempt of one call that changes something.
    #[must_use]
    pub fn once(self, call: CallId) -> Self {
        match self {
            Self::Fetch(fetch) => Self::Fetch(fetch.once(call)),
            // Messages to a worker are never repeated.
            Self::Sandbox(_) => self,
        }
    }

    /// Sends a request and waits for the response. Dropping the future cancels the call as far as possible.
    ///
    /// # Errors
    /// If no response came. Error statuses are responses.
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
