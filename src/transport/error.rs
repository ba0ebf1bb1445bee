//! Why no answer came.

use domain::api_error::Origin;
use domain::{ApiError, ErrorClass};

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The browser knew that it has no network; nothing was sent.
    Offline,
    /// No answer: a browser does not tell whether it was the name, the line, the certificate or CORS.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// Taken back before the answer.
    Cancelled,
    /// The page's Content-Security-Policy does not let calls go there; nothing was sent.
    BlockedByPolicy,
    /// `http:` from a page that came by `https:`; nothing was sent.
    Insecure,
    /// Something on the way answered with a redirect, as a relay does when its own sign-in has run out.
    Redirected,
    /// The answer is too large to read.
    TooLarge,
}

impl TransportError {
    /// The console's code for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Offline => "net.offline",
            Self::Unreachable => "net.unreachable",
            Self::TimedOut => "net.timed_out",
            Self::Cancelled => "net.cancelled",
            Self::BlockedByPolicy => "net.blocked_by_policy",
            Self::Insecure => "net.insecure",
            Self::Redirected => "http.unexpected",
            Self::TooLarge => "decode.too_large",
        }
    }

    /// True if it is certain that nothing left this browser.
    pub fn is_unsent(self) -> bool {
        matches!(self, Self::Offline | Self::BlockedByPolicy | Self::Insecure)
    }

    /// True if a read may be tried again soon.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut)
    }
}

impl From<TransportError> for ApiError {
    /// Refused if nothing was sent, otherwise unknown: a lost request and a lost answer look the same.
    fn from(error: TransportError) -> Self {
        let class = if error.is_unsent() { ErrorClass::Refused } else { ErrorClass::Unknown };
        // What this page refuses to send is refused for good; only a missing network is waited for.
        let origin = match error {
            TransportError::BlockedByPolicy | TransportError::Insecure => Origin::Console,
            _ => Origin::Network,
        };
        ApiError::new(class, origin, error.code())
    }
}
