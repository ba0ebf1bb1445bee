//! What a vendor's refusal or failure means.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// The decision that an error leads to, as in the `class` column of `contracts/errors.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// It was so already; nothing to do.
    AlreadyDone,
    /// The vendor says no to this; asking again unchanged does not help.
    Refused,
    /// The key is missing, wrong, or may not do this.
    Auth,
    /// Something named in the call does not exist.
    NotFound,
    /// A quota or size is used up.
    Limit,
    /// Too fast; the call was not processed.
    RateLimited,
    /// The vendor failed; whether the change was made is not known.
    Server,
    /// It is not known what happened.
    Unknown,
}

/// Where a failure was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The vendor said so.
    Vendor,
    /// The answer could not be read (HTML, cut JSON, another service's answer).
    Decoding,
    /// No answer came: a lost request and a lost answer look the same.
    Network,
    /// The console refused before sending.
    Console,
}

/// One error, with what the vendor said. Its texts are hostile: show them as text, never as markup.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApiError {
    /// What to do about it.
    pub class: ErrorClass,
    /// Who noticed it.
    pub origin: Origin,
    /// HTTP status, if there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The vendor's code as in the catalogue, or one of ours (`row.*`, `failure.*`, `http.*`, `net.*`, `decode.*`).
    pub code: Box<str>,
    /// The vendor's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
    /// Fields that the vendor names, with what it says of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<(Box<str>, Box<str>)>,
    /// How long the vendor asks to wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
}

impl ApiError {
    /// An error of a class with a code, and nothing else known.
    pub fn new(class: ErrorClass, origin: Origin, code: impl AsRef<str>) -> Self {
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

    /// The same error with an HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same error with the vendor's words; empty words count as none.
    #[must_use]
    pub fn with_message(mut self, message: &str) -> Self {
        let message = message.trim();
        self.message = (!message.is_empty()).then(|| message.into());
        self
    }
}
