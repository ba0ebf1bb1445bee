//! Calls without a key, which only find out what a browser is let do.

use web_sys::{RequestCredentials, RequestInit, RequestMode, RequestRedirect};

use super::{FetchTransport, Transport, TransportError};

/// Milliseconds after which a knock is given up: somebody waits and watches.
const PATIENCE_MS: u32 = 10_000;

/// How to knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As calls are made, only without a key.
    Plain,
    /// So that the browser asks nobody for leave and the page sees nothing of the answer.
    Blind,
    /// Without what a relay of the console's own knows this browser by.
    Stranger,
}

impl Transport {
    /// Sends a request without any key. `None` is an answer that the page does not get to see.
    ///
    /// # Errors
    /// If no answer came.
    pub async fn knock(
        &self,
        request: &vendors::Request,
        manner: Manner,
    ) -> Result<Option<vendors::Response>, TransportError> {
        match self {
            Self::Fetch(fetch) => fetch.clone().with_timeout(PATIENCE_MS).knock(request, manner).await,
            Self::Sandbox(sandbox) => sandbox.send(request, None).await.map(Some),
        }
    }
}

impl FetchTransport {
    async fn knock(
        &self,
        request: &vendors::Request,
        manner: Manner,
    ) -> Result<Option<vendors::Response>, TransportError> {
        let fill = |init: &RequestInit| {
            self.fill(init, request, None);
            match manner {
                Manner::Plain => {}
                Manner::Stranger => init.set_credentials(RequestCredentials::Omit),
                Manner::Blind => {
                    init.set_credentials(RequestCredentials::Omit);
                    init.set_mode(RequestMode::NoCors);
                    // In this mode browsers send nothing that is not to follow redirects (Fetch Standard, "main
                    // fetch"). There is no key that could go along.
                    init.set_redirect(RequestRedirect::Follow);
                }
            }
        };
        self.travel(request, fill).await
    }
}
