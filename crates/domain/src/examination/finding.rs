//! What was found, without the words for it.

use super::{Check, Silence, Step};
use crate::{ApiError, Millis};

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// All is well.
    Passed,
    /// Nothing has to be done, but it is good to know.
    ToKnow,
    /// Something has to be done.
    Failed,
    /// It could not be tried, or is not to be.
    NotTried,
    /// It is still to come.
    Waiting,
}

/// What was found. Texts in it are the other side's: show them as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is still to come.
    ToCome,
    /// Somebody stopped before it was tried.
    Stopped,
    /// Waits until what stands above it is put right.
    WaitsForReach,
    /// Waits until the relay lets this browser in.
    WaitsForSignIn,
    /// Waits for a key that is accepted.
    WaitsForKey,
    /// Waits for a key that may do more.
    WaitsForRights,
    /// A page cannot tell.
    CannotTell,
    /// The limits of the connection leave no room for so many milliseconds.
    NoRoom(Millis),

    /// The page may call there, and nobody reads along.
    AddressFine,
    /// It is a path on the console's own site.
    AddressOwn,
    /// Others on the way can read along.
    AddressOpen,
    /// The page's own policy forbids to call there.
    AddressBlocked,
    /// A secure page may not call an insecure address.
    AddressInsecure,
    /// It leads elsewhere, which is not followed.
    AddressMoved,

    /// Somebody answers, after so many milliseconds.
    HostAnswers(Millis),
    /// This browser has no network.
    HostOffline,
    /// Nobody answers, or not in a way that a browser accepts.
    HostDead,
    /// No answer came in time.
    HostLate,

    /// The page may read the answers.
    ReadableYes,
    /// It may read them, but not those to calls that are refused.
    ReadableIfGood,
    /// It may not.
    ReadableNo,

    /// These headers may be sent.
    HeadersPass(Vec<Box<str>>),
    /// These may not; the second list may.
    HeadersRefused(Vec<Box<str>>, Vec<Box<str>>),
    /// None may be sent: most likely the question is not answered at all.
    HeadersNone(Vec<Box<str>>),
    /// These methods show with the first change.
    MethodsUntried(Vec<Box<str>>),

    /// The relay lets this browser in.
    LetIn,
    /// The relay asks to sign in.
    SignInAsked,
    /// The relay leads to a page to sign in.
    SignInPage,
    /// The sign-in has run out: the relay leads elsewhere.
    SignInOver,
    /// Who is not signed in is refused.
    StrangersOut,
    /// Who is not signed in is let in.
    StrangersIn,
    /// What nobody documents is kept back.
    UnlistedOut,
    /// What nobody documents is handed on.
    UnlistedIn,

    /// It is the vendor.
    IsVendor,
    /// The vendor does not know the app in this region.
    AppUnknown,
    /// The site's own page came: nothing is relayed at this path.
    OwnPage,
    /// A page for people came.
    WebPage,
    /// Another service answered.
    OtherService,
    /// The answer cannot be read.
    Unreadable,
    /// It is a relay of ours; what is behind it shows with the first change.
    RelayThere,
    /// The relay does not hand on this read.
    RelayHasNoWay,
    /// The relay does not reach the vendor.
    RelayBroken,

    /// The key is accepted.
    KeyAccepted,
    /// The key is refused.
    KeyRefused,
    /// The sign-in succeeded, but its token cannot be read.
    TokenHidden,
    /// The call with the key came to nothing for another reason.
    KeyUnclear,
    /// No key was typed.
    KeyMissing,

    /// It can be read.
    Can,
    /// It can be read, and this is its name.
    CanNamed(Box<str>),
    /// It cannot.
    Cannot,
    /// There is nothing to look at.
    NothingThere,
    /// The vendor has nothing that could be read.
    NothingReadable,

    /// These headers about the pace can be read.
    RatesRead(Vec<(Box<str>, Box<str>)>),
    /// The limit is that of the small plan, and the connection is not kept to it.
    RatesSmall(u64),
    /// The limit is larger than what the connection is kept to.
    RatesLarge(u64),
    /// None can be read: they are not sent, or hidden from pages.
    RatesHidden,
    /// None came, though they could be read.
    RatesNone,
    /// The vendor documents none.
    RatesUndocumented,

    /// The clocks agree to so many milliseconds.
    ClockRight(u64),
    /// This device is ahead by so many milliseconds.
    ClockAhead(u64),
    /// This device is behind by so many milliseconds.
    ClockBehind(u64),
}

/// A check and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What was looked at.
    pub check: Check,
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    pub finding: Finding,
    /// The call that shows it.
    pub step: Option<Step>,
    /// The status of that call's answer.
    pub status: Option<u16>,
    /// What the vendor or the browser said against it.
    pub error: Option<ApiError>,
}

impl Row {
    pub(super) fn new(check: Check, standing: Standing, finding: Finding) -> Self {
        Self { check, standing, finding, step: None, status: None, error: None }
    }

    pub(super) fn passed(check: Check, finding: Finding) -> Self {
        Self::new(check, Standing::Passed, finding)
    }

    pub(super) fn failed(check: Check, finding: Finding) -> Self {
        Self::new(check, Standing::Failed, finding)
    }

    pub(super) fn by(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn with_error(mut self, error: Option<ApiError>) -> Self {
        self.error = error;
        self
    }
}

/// How many checks stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All is well.
    pub n_passed: usize,
    /// Good to know.
    pub n_to_know: usize,
    /// Something has to be done.
    pub n_failed: usize,
    /// Could not be tried.
    pub n_not_tried: usize,
    /// Still to come.
    pub n_waiting: usize,
}

impl Counts {
    /// Counts rows.
    pub fn of(rows: &[Row]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.standing {
                Standing::Passed => &mut counts.n_passed,
                Standing::ToKnow => &mut counts.n_to_know,
                Standing::Failed => &mut counts.n_failed,
                Standing::NotTried => &mut counts.n_not_tried,
                Standing::Waiting => &mut counts.n_waiting,
            } += 1;
        }
        counts
    }
}

/// The console's code for a silence, where its words help.
pub(super) fn code(silence: Silence) -> &'static str {
    match silence {
        Silence::Offline => "net.offline",
        Silence::Blocked => "net.blocked_by_policy",
        Silence::Insecure => "net.insecure",
        Silence::Redirected => "http.unexpected",
        Silence::TimedOut => "net.timed_out",
        Silence::TooBusy(_) => "http.rate_limited",
        Silence::Lost => "net.unreachable",
    }
}
