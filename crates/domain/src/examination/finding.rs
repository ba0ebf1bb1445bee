//! The results of checks, without their wording.

use super::{Check, ExaminationStep, Silence};
use crate::{ApiError, ConsoleCode, Millis};

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckStatus {
    /// Nothing to do.
    Passed,
    /// Nothing to do, but worth knowing.
    ToKnow,
    /// Something has to be fixed.
    Failed,
    /// It could not be tried, or is not tried on purpose.
    NotTried,
    /// It is pending.
    Waiting,
}

/// What a check found. Contains text from the other side: render it as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is pending.
    ToCome,
    /// The user stopped before it was tried.
    Stopped,
    /// Waits until an earlier check passes.
    WaitsForReach,
    /// Waits until this browser is signed in at the relay.
    WaitsForSignIn,
    /// Waits for an accepted key.
    WaitsForKey,
    /// Waits for a key with more permissions.
    WaitsForRights,
    /// A page cannot find out.
    CannotTell,
    /// The connection's limits allow no call for this many milliseconds.
    NoRoom(Millis),

    /// The page may call it, and the transport is confidential.
    AddressFine,
    /// It is a path on the console's own origin.
    AddressOwn,
    /// The transport is not confidential.
    AddressOpen,
    /// The page's Content Security Policy blocks it.
    AddressBlocked,
    /// A secure page may not call an insecure address.
    AddressInsecure,
    /// It redirects, which is not followed.
    AddressMoved,

    /// The host responds, after this many milliseconds.
    HostAnswers(Millis),
    /// This browser has no network.
    HostOffline,
    /// The host does not respond, or not in a way that a browser accepts.
    HostDead,
    /// No response came in time.
    HostLate,

    /// The page may read the responses.
    ReadableYes,
    /// The page may read them, except refusals.
    ReadableIfGood,
    /// The page may not read them.
    ReadableNo,

    /// These headers are accepted.
    HeadersPass(Vec<Box<str>>),
    /// The first list is refused, the second accepted.
    HeadersRefused(Vec<Box<str>>, Vec<Box<str>>),
    /// All are refused: most likely the preflight is not answered at all.
    HeadersNone(Vec<Box<str>>),
    /// Only the first change will show whether these methods are accepted.
    MethodsUntried(Vec<Box<str>>),

    /// The relay accepts this browser.
    LetIn,
    /// The relay asks to sign in.
    SignInAsked,
    /// The relay returns a sign-in page.
    SignInPage,
    /// The sign-in has expired: the relay redirects.
    SignInOver,
    /// Clients that are not signed in are refused.
    StrangersOut,
    /// Clients that are not signed in are accepted.
    StrangersIn,
    /// Undocumented paths are refused.
    UnlistedOut,
    /// Undocumented paths are forwarded.
    UnlistedIn,

    /// It is the vendor.
    IsVendor,
    /// The vendor does not know the app in this region.
    AppUnknown,
    /// The console's own page was returned: nothing is relayed at this path.
    OwnPage,
    /// A web page was returned.
    WebPage,
    /// Another service responded.
    OtherService,
    /// The response cannot be decoded.
    Unreadable,
    /// It is one of our relays; only the first change will show what is behind it.
    RelayThere,
    /// The relay does not forward this read.
    RelayHasNoWay,
    /// The relay does not reach the vendor.
    RelayBroken,

    /// The key is accepted.
    KeyAccepted,
    /// The key is refused.
    KeyRefused,
    /// The sign-in succeeded, but its token cannot be read.
    TokenHidden,
    /// The call with the key failed for another reason.
    KeyUnclear,
    /// No key was entered.
    KeyMissing,

    /// It can be read.
    Can,
    /// It can be read and has this name.
    CanNamed(Box<str>),
    /// It cannot be read.
    Cannot,
    /// There is nothing to read.
    NothingThere,
    /// The vendor has nothing that can be read.
    NothingReadable,

    /// These rate limit headers can be read.
    RatesRead(Vec<(Box<str>, Box<str>)>),
    /// The limit is that of the small plan, but the connection is not limited to it.
    RatesSmall(u64),
    /// The limit is higher than the connection's setting.
    RatesLarge(u64),
    /// No headers can be read: they are not sent, or hidden from pages.
    RatesHidden,
    /// No headers were sent, although they could be read.
    RatesNone,
    /// The vendor documents no such headers.
    RatesUndocumented,

    /// The clocks differ by no more than this many milliseconds.
    ClockRight(u64),
    /// This device is ahead by this many milliseconds.
    ClockAhead(u64),
    /// This device is behind by this many milliseconds.
    ClockBehind(u64),
}

/// A check and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The check.
    pub check: Check,
    /// The result.
    pub standing: CheckStatus,
    /// The finding.
    pub finding: Finding,
    /// The call that shows it.
    pub step: Option<ExaminationStep>,
    /// The HTTP status of its response.
    pub status: Option<u16>,
    /// The error of the vendor or the browser.
    pub error: Option<ApiError>,
}

impl CheckResult {
    pub(super) fn new(check: Check, standing: CheckStatus, finding: Finding) -> Self {
        Self { check, standing, finding, step: None, status: None, error: None }
    }

    pub(super) fn passed(check: Check, finding: Finding) -> Self {
        Self::new(check, CheckStatus::Passed, finding)
    }

    pub(super) fn failed(check: Check, finding: Finding) -> Self {
        Self::new(check, CheckStatus::Failed, finding)
    }

    pub(super) fn by(mut self, step: ExaminationStep) -> Self {
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

/// The number of checks per result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResultCounts {
    /// Passed.
    pub n_passed: usize,
    /// Worth knowing.
    pub n_to_know: usize,
    /// Failed.
    pub n_failed: usize,
    /// Not tried.
    pub n_not_tried: usize,
    /// Pending.
    pub n_waiting: usize,
}

impl ResultCounts {
    /// Counts rows.
    pub fn of(rows: &[CheckResult]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.standing {
                CheckStatus::Passed => &mut counts.n_passed,
                CheckStatus::ToKnow => &mut counts.n_to_know,
                CheckStatus::Failed => &mut counts.n_failed,
                CheckStatus::NotTried => &mut counts.n_not_tried,
                CheckStatus::Waiting => &mut counts.n_waiting,
            } += 1;
        }
        counts
    }
}

/// The console's error code for a silence.
pub(super) fn code(silence: Silence) -> ConsoleCode {
    match silence {
        Silence::Offline => ConsoleCode::NetOffline,
        Silence::Blocked => ConsoleCode::NetBlockedByPolicy,
        Silence::Insecure => ConsoleCode::NetInsecure,
        Silence::Redirected => ConsoleCode::HttpUnexpected,
        Silence::TimedOut => ConsoleCode::NetTimedOut,
        Silence::TooBusy(_) => ConsoleCode::HttpRateLimited,
        Silence::Lost => ConsoleCode::NetUnreachable,
    }
}
