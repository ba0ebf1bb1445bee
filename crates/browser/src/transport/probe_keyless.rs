//! Calls without a key, to find out what the browser is allowed to do.

use web_sys::{RequestCredentials, RequestInit, RequestMode, RequestRedirect};

use super::{FetchTransport, Transport, TransportError};

/// Timeout in milliseconds. It is short because the user is waiting.
const PATIENCE_MS: u32 = 10_000;

/// How a call without a key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeylessMode {
    /// As normal calls, but without a key.
    Plain,
    /// In `no-cors` mode: without preflight, and with the response hidden from the page.
    Blind,
    /// Without cookies, by which a relay on the console's own origin would recognise the browser.
    Anonymous,
}

impl Transport {
    /// Sends a request without any key. `None` is a response hidden from the page.
    ///
    /// # Errors
    /// If no response came.
    pub async fn probe_keyless(
        &self,
        request: &vendors::Request,
        mode: KeylessMode,
    ) -> Result<Option<vendors::Response>, TransportError> {
        match self {
            Self::Fetch(fetch) => fetch.clone().with_timeout(PATIENCE_MS).probe_keyless(request, mode).await,
            Self::Sandbox(sandbox) => sandbox.send(request, None).await.map(Some),
        }
    }
}

impl FetchTransport {
    async fn probe_keyless(
        &self,
        request: &vendors::Request,
        mode: KeylessMode,
    ) -> Result<Option<vendors::Response>, TransportError> {
        let fill = |init: &RequestInit| {
            self.fill(init, request, None);
            match mode {
                KeylessMode::Plain => {}
                KeylessMode::Anonymous => init.set_credentials(RequestCredentials::Omit),
                KeylessMode::Blind => {
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
