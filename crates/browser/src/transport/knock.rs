//! Calls without a key, to find out what the browser is allowed to do.

use web_sys::{RequestCredentials, RequestInit, RequestMode, RequestRedirect};

use super::{FetchTransport, Transport, TransportError};

/// Timeout in milliseconds. It is short because the user is waiting.
const PATIENCE_MS: u32 = 10_000;

/// How to knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As normal calls, but without a key.
    Plain,
    /// In `no-cors` mode: without preflight, and with the response hidden from the page.
    Blind,
    /// Without cookies, by which a relay on the console's own origin would recognise the browser.
    Stranger,
}

impl Transport {
    /// Sends a request without any key. `None` is a response hidden from the page.
    ///
    /// # Errors
    /// If no response came.
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
                    // In this mode a fetch fails unless it follows redirects (Fetch Standard, "main fetch").
                    // There is no key that a redirect could leak.
                    init.set_redirect(RequestRedirect::Follow);
                }
            }
        };
        self.travel(request, fill).await
    }
}
