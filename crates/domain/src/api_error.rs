//! The meaning of a vendor's refusal or failure.

use serde::{Deserialize, Serialize};

use crate::{ConsoleCode, Millis};

/// How to react to an error, as in the `class` column of `contracts/errors.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// The change was already in effect.
    AlreadyDone,
    /// The vendor refused; retrying unchanged does not help.
    Refused,
    /// The key is missing, wrong, or lacks permission.
    Auth,
    /// Something named in the call does not exist.
    NotFound,
    /// A quota or size limit is exceeded.
    Limit,
    /// A rate limit; the call was not processed.
    RateLimited,
    /// The vendor failed; it is unknown whether the change was made.
    Server,
    /// The cause is unknown.
    Unknown,
}

/// Where a failure was detected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorOrigin {
    /// The vendor reported it.
    Vendor,
    /// The response could not be decoded (HTML, truncated JSON, another service).
    Decoding,
    /// No response: a lost request and a lost response look the same.
    Network,
    /// The console refused before sending.
    Console,
}

/// An error with the vendor's message. Its text is untrusted: render it as text, never as markup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApiError {
    /// How to react to it.
    pub class: ErrorClass,
    /// Where it was detected.
    pub origin: ErrorOrigin,
    /// HTTP status, if there was a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The vendor's code as in the catalogue, or a [`ConsoleCode`].
    pub code: Box<str>,
    /// The vendor's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
    /// Fields named by the vendor, with a message for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<(Box<str>, Box<str>)>,
    /// How long to wait before a retry, according to the vendor, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
}

impl ApiError {
    /// An error with only a class, an origin and a code.
    pub fn new(class: ErrorClass, origin: ErrorOrigin, code: impl AsRef<str>) -> Self {
        Self {
            class,
            origin,
            status: None,
            code: code.as_ref().into(),
            message: None,
            details: Vec::new(),
            retry_after_ms: None,
        }
    }

    /// True if it has this code of the console.
    pub fn is(&self, code: ConsoleCode) -> bool {
        *self.code == *code.as_str()
    }

    /// The same error with an HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same error with the vendor's message; `None` if it is blank.
    #[must_use]
    pub fn with_message(mut self, message: &str) -> Self {
        let message = message.trim();
        self.message = (!message.is_empty()).then(|| message.into());
        self
    }
}
