//! Why no response came.

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConsoleCode, ErrorClass};

/// Why no response came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The browser is offline; nothing was sent.
    Offline,
    /// No response. Browsers do not tell DNS, connection, certificate and CORS failures apart.
    Unreachable,
    /// No response in time.
    TimedOut,
    /// Cancelled before the response.
    Cancelled,
    /// The page's Content-Security-Policy does not allow the destination; nothing was sent.
    BlockedByPolicy,
    /// `http:` from a page loaded over `https:`; nothing was sent.
    Insecure,
    /// A server or proxy responded with a redirect.
    Redirected,
    /// The relay requires the user to sign in, so the vendor was not called.
    SignedOut,
    /// The relay does not allow this call, so the vendor was not called.
    RefusedByRelay,
    /// The browser repeated a call that the relay had already forwarded.
    AlreadyPassedOn,
    /// The relay got no response from the vendor in time.
    SilentBehindRelay,
    /// The response is too large to read.
    TooLarge,
}

impl TransportError {
    /// The console's error code.
    pub fn code(self) -> ConsoleCode {
        match self {
            Self::Offline => ConsoleCode::NetOffline,
            Self::Unreachable => ConsoleCode::NetUnreachable,
            Self::TimedOut => ConsoleCode::NetTimedOut,
            Self::Cancelled => ConsoleCode::NetCancelled,
            Self::BlockedByPolicy => ConsoleCode::NetBlockedByPolicy,
            Self::Insecure => ConsoleCode::NetInsecure,
            Self::Redirected => ConsoleCode::HttpUnexpected,
            Self::SignedOut => ConsoleCode::RelaySignIn,
            Self::RefusedByRelay => ConsoleCode::RelayRefused,
            Self::AlreadyPassedOn => ConsoleCode::RelayAlreadyPassedOn,
            Self::SilentBehindRelay => ConsoleCode::RelayNoAnswer,
            Self::TooLarge => ConsoleCode::DecodeTooLarge,
        }
    }

    /// True if it is certain that nothing reached the vendor.
    pub fn is_unsent(self) -> bool {
        matches!(
            self,
            Self::Offline | Self::BlockedByPolicy | Self::Insecure | Self::SignedOut | Self::RefusedByRelay
        )
    }

    /// True if a read may be retried soon.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::SilentBehindRelay)
    }
}

impl From<TransportError> for ApiError {
    /// Refused if nothing was sent, otherwise unknown: a lost request cannot be told from a lost response.
    fn from(error: TransportError) -> Self {
        let class = match error {
            // A run waits for the user to sign in, as it waits for a key.
            TransportError::SignedOut => ErrorClass::Auth,
            _ if error.is_unsent() => ErrorClass::Refused,
            _ => ErrorClass::Unknown,
        };
        // A call that is blocked is refused for good; only a missing network is waited for.
        let origin = match error {
            TransportError::BlockedByPolicy
            | TransportError::Insecure
            | TransportError::SignedOut
            | TransportError::RefusedByRelay => ErrorOrigin::Console,
            _ => ErrorOrigin::Network,
        };
        ApiError::new(class, origin, error.code())
    }
}
