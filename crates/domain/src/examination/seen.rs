//! What a call showed.

use crate::{ApiError, Millis};

/// What a call showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No readable response.
    Nothing(Silence),
    /// There was a response, which could not be read.
    Unreadable {
        /// How long it took.
        took_ms: Millis,
    },
    /// A response. Boxed because it is large.
    Answer(Box<ProbeResponse>),
    /// There was nothing to call, for example if no group has members.
    Skipped,
}

impl Seen {
    /// True if a call left this browser.
    pub(crate) fn was_sent(&self) -> bool {
        match self {
            Seen::Skipped => false,
            Seen::Nothing(silence) => !matches!(
                silence,
                Silence::Offline | Silence::Blocked | Silence::Insecure | Silence::TooBusy(_)
            ),
            Seen::Unreadable { .. } | Seen::Answer(_) => true,
        }
    }
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The browser has no network.
    Offline,
    /// The page's Content Security Policy blocks the address.
    Blocked,
    /// `http:` from an `https:` page.
    Insecure,
    /// The response is a redirect.
    Redirected,
    /// No response in time.
    TimedOut,
    /// The connection's limits allow no call within this many milliseconds.
    TooBusy(Millis),
    /// No response, or none that the page may read; browsers do not distinguish them.
    Lost,
}

/// The sender of a response, judging by its form alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responder {
    /// It has the vendor's form.
    Vendor,
    /// One of our relays itself, according to its own header.
    Relay(RelaySays),
    /// The console's own page, which a site returns for unknown paths.
    OwnPage,
    /// Another web page.
    Page,
    /// Anything else, or nothing.
    Other,
}

/// The value of a relay's `Muster-Relay` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelaySays {
    /// The client is not signed in.
    SignIn,
    /// The relay does not forward this call.
    Refused,
    /// The vendor does not answer the relay.
    NoAnswer,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// A wrong or missing key.
    Key,
    /// The permissions of the key.
    Rights,
    /// The app or the region in the address.
    App,
    /// Something else.
    Other,
}

/// A readable response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeResponse {
    /// The HTTP status; 200 if only the success is known.
    pub status: u16,
    /// How long it took.
    pub took_ms: Millis,
    /// The sender.
    pub responder: Responder,
    /// Why it is not a success.
    pub error: Option<(Blame, ApiError)>,
    /// The vendor's name for what was read.
    pub name: Option<Box<str>>,
    /// Rate limit headers, unchanged.
    pub rates: Vec<(Box<str>, Box<str>)>,
    /// The limit among them, in calls per minute.
    pub limit: Option<u64>,
    /// How far this device's clock is ahead of the response's, in milliseconds; negative if behind.
    pub ahead_ms: Option<i64>,
    /// A header was readable that pages can read only if the host allows it.
    pub shows_more: bool,
}

impl ProbeResponse {
    /// A response without further details.
    pub fn new(status: u16, responder: Responder, took_ms: Millis) -> Self {
        Self {
            status,
            took_ms,
            responder,
            error: None,
            name: None,
            rates: Vec::new(),
            limit: None,
            ahead_ms: None,
            shows_more: false,
        }
    }

    pub(super) fn is_ok(&self) -> bool {
        self.error.is_none() && self.responder == Responder::Vendor && (200..300).contains(&self.status)
    }

    /// True for a success that does not come from the vendor.
    pub(super) fn is_foreign_success(&self) -> bool {
        self.responder != Responder::Vendor && (200..300).contains(&self.status)
    }

    /// True if a relay asks to sign in: by its own header, or by a status that is not the vendor's.
    pub(super) fn asks_to_sign_in(&self) -> bool {
        match self.responder {
            Responder::Relay(says) => says == RelaySays::SignIn,
            Responder::Vendor => false,
            Responder::OwnPage | Responder::Page | Responder::Other => matches!(self.status, 401 | 403 | 407),
        }
    }

    pub(super) fn blame(&self) -> Option<Blame> {
        self.error.as_ref().map(|(blame, _)| *blame)
    }
}
