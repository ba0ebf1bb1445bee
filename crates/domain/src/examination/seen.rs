//! What a call showed.

use crate::{ApiError, Millis};

/// What a call showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No answer that could be read.
    Nothing(Silence),
    /// Somebody answered, and that is all that can be told.
    Somebody {
        /// How long it took.
        took_ms: Millis,
    },
    /// An answer. Boxed: it is large.
    Answer(Box<Answer>),
    /// There was nothing to call about, as where no group has members.
    Skipped,
}

impl Seen {
    /// True if a call left this browser.
    pub fn was_sent(&self) -> bool {
        match self {
            Seen::Skipped => false,
            Seen::Nothing(silence) => !matches!(
                silence,
                Silence::Offline | Silence::Blocked | Silence::Insecure | Silence::TooBusy(_)
            ),
            Seen::Somebody { .. } | Seen::Answer(_) => true,
        }
    }
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The browser has no network.
    Offline,
    /// The page's own policy does not let it call there.
    Blocked,
    /// `http:` from a page that came by `https:`.
    Insecure,
    /// The answer leads elsewhere.
    Redirected,
    /// No answer in time.
    TimedOut,
    /// The connection's limits leave no room for a call within so many milliseconds.
    TooBusy(Millis),
    /// No answer, or none that the page may read: browsers do not tell which.
    Lost,
}

/// Who speaks in an answer, by its form alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// It has the vendor's form.
    Vendor,
    /// A relay of ours itself, which says so in a header of its own.
    Relay(RelaySays),
    /// It is the console's own page, which is what a site answers at paths that it does not know.
    OwnPage,
    /// It is a page for people.
    Page,
    /// Anything else, or nothing.
    Other,
}

/// What a relay says of itself, in its header `Muster-Relay`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelaySays {
    /// Nobody is signed in.
    SignIn,
    /// It does not hand this call on.
    Refused,
    /// The vendor does not answer it.
    NoAnswer,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The key, or that there is none.
    Key,
    /// What the key may do.
    Rights,
    /// The app or the region in the address.
    App,
    /// Something else.
    Other,
}

/// An answer that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status; 200 where only the success is known.
    pub status: u16,
    /// How long it took.
    pub took_ms: Millis,
    /// Who speaks.
    pub voice: Voice,
    /// Why it is no success.
    pub error: Option<(Blame, ApiError)>,
    /// What the vendor calls that which was read.
    pub name: Option<Box<str>>,
    /// Headers about the pace, as they came.
    pub rates: Vec<(Box<str>, Box<str>)>,
    /// The limit among them, in calls a minute.
    pub limit: Option<u64>,
    /// So far this device's clock is ahead of the answer's; behind it if negative. In milliseconds.
    pub ahead_ms: Option<i64>,
    /// A header could be read that pages see only where they are let.
    pub shows_more: bool,
}

impl Answer {
    /// An answer of which nothing else is known.
    pub fn new(status: u16, voice: Voice, took_ms: Millis) -> Self {
        Self {
            status,
            took_ms,
            voice,
            error: None,
            name: None,
            rates: Vec::new(),
            limit: None,
            ahead_ms: None,
            shows_more: false,
        }
    }

    pub(super) fn is_ok(&self) -> bool {
        self.error.is_none() && self.voice == Voice::Vendor && (200..300).contains(&self.status)
    }

    /// A success that is not the vendor's.
    pub(super) fn is_somebody_elses(&self) -> bool {
        self.voice != Voice::Vendor && (200..300).contains(&self.status)
    }

    /// A relay that asks to sign in: it says so, or what it says is not the vendor's.
    pub(super) fn asks_to_sign_in(&self) -> bool {
        match self.voice {
            Voice::Relay(says) => says == RelaySays::SignIn,
            Voice::Vendor => false,
            Voice::OwnPage | Voice::Page | Voice::Other => matches!(self.status, 401 | 403 | 407),
        }
    }

    pub(super) fn blame(&self) -> Option<Blame> {
        self.error.as_ref().map(|(blame, _)| *blame)
    }
}
