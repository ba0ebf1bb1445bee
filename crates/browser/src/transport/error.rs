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
    /// Something on the way answered with a redirect.
    Redirected,
    /// The relay lets nobody through who is not signed in, so the vendor was not called.
    SignedOut,
    /// The relay does not let this call through, so the vendor was not called.
    RefusedByRelay,
    /// The browser repeated a call by itself, and the relay has passed it on before.
    AlreadyPassedOn,
    /// The relay had no answer of the vendor's in time.
    SilentBehindRelay,
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
            Self::SignedOut => "relay.sign_in",
            Self::RefusedByRelay => "relay.refused",
            Self::AlreadyPassedOn => "relay.already_passed_on",
            Self::SilentBehindRelay => "relay.no_answer",
            Self::TooLarge => "decode.too_large",
        }
    }

    /// True if it is certain that nothing reached the vendor.
    pub fn is_unsent(self) -> bool {
        matches!(
            self,
            Self::Offline | Self::BlockedByPolicy | Self::Insecure | Self::SignedOut | Self::RefusedByRelay
        )
    }

    /// True if a read may be tried again soon.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::SilentBehindRelay)
    }
}

impl From<TransportError> for ApiError {
    /// Refused if nothing was sent, otherwise unknown: a lost request and a lost answer look the same.
    fn from(error: TransportError) -> Self {
        let class = match error {
            // A run waits for somebody to sign in, as it waits for a key.
            TransportError::SignedOut => ErrorClass::Auth,
            _ if error.is_unsent() => ErrorClass::Refused,
            _ => ErrorClass::Unknown,
        };
        // What is not sent on is refused for good; only a missing network is waited for.
        let origin = match error {
            TransportError::BlockedByPolicy
            | TransportError::Insecure
            | TransportError::SignedOut
            | TransportError::RefusedByRelay => Origin::Console,
            _ => Origin::Network,
        };
        ApiError::new(class, origin, error.code())
    }
}
