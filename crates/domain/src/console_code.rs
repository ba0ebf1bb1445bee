//! The console's own error codes.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

/// A code of the console's own. Vendors' codes stay text, because a vendor can send any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsoleCode {
    /// The answer is readable, but not in a form that this vendor is known to use.
    DecodeShape,
    /// The answer is larger than this console reads.
    DecodeTooLarge,
    /// The answer is empty.
    DecodeEmpty,
    /// The answer is not text that can be read.
    DecodeNotUtf8,
    /// Something else than the vendor answered, for instance a sign-in page or a relay.
    DecodeNotJson,
    /// The answer broke off.
    DecodeTruncated,
    /// The answer holds more values than Muster reads at once.
    DecodeTooMany,
    /// The answer is nested too deeply to be read.
    DecodeTooDeep,
    /// The key was not accepted.
    HttpUnauthorized,
    /// The key is known, but it may not do this.
    HttpForbidden,
    /// The vendor does not know what this call names, or the address is wrong.
    HttpNotFound,
    /// The pace that the vendor allows is used up. This call was not carried out.
    HttpRateLimited,
    /// The vendor refused this call.
    HttpRefused,
    /// The vendor failed while it worked on this call.
    HttpServer,
    /// The server stopped waiting for the request.
    HttpTimedOut,
    /// The answer has a status that no call of this vendor should get.
    HttpUnexpected,
    /// This device is offline.
    NetOffline,
    /// No response. The server may be down, the address wrong, or the host may not let this page read its answers.
    NetUnreachable,
    /// The answer took too long.
    NetTimedOut,
    /// The call was cancelled while it was under way.
    NetCancelled,
    /// This page's security policy does not allow calls to that host.
    NetBlockedByPolicy,
    /// Browsers refuse calls to an insecure address from a secure page.
    NetInsecure,
    /// You are not signed in to the relay any more.
    RelaySignIn,
    /// The relay does not let this call through.
    RelayRefused,
    /// The connection broke. The browser repeated the call by itself, and the relay stopped the repetition.
    RelayAlreadyPassedOn,
    /// The relay had no answer from the vendor: it could not be reached, did not prove who it is, or took too long.
    RelayNoAnswer,
    /// This vendor has no call for this, or cannot be told of this person in this way.
    Unsupported,
    /// This id cannot stand in an address.
    BadId,
    /// The run was stopped before this was sent.
    Stopped,
    /// This was not sent.
    NotSent,
    /// This connection has no key.
    NoKey,
    /// A part of Muster could not be loaded.
    NotLoaded,
    /// This was taken out of the run before it was sent.
    Skipped,
    /// This person or group was changed after the plan was made.
    Changed,
    /// The access token had expired.
    TokenExpired,
    /// Muster was closed before the answer came.
    Interrupted,
    /// A part of what was written down of this run cannot be read, so it may have been sent.
    JournalDamaged,
    /// Signing in worked, but the answer holds no token that could be used.
    AuthNoToken,
    /// The answer says nothing about this person.
    RowMissing,
    /// The answer was lost. Read back, this change was not made.
    RowNotSo,
    /// The answer names this person, but not as a moderator.
    RowRole,
    /// The answer is a success, but it shows something else than what was asked for.
    RowDiffers,
    /// The response claims success but doesn't confirm this change.
    RowUnconfirmed,
    /// This person is banned from the group.
    RowBanned,
    /// This person is already in the group, with another scope.
    RowOtherScope,
}

impl ConsoleCode {
    /// The code as journals and exports spell it.
    #[inline]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DecodeShape => "decode.shape",
            Self::DecodeTooLarge => "decode.too_large",
            Self::DecodeEmpty => "decode.empty",
            Self::DecodeNotUtf8 => "decode.not_utf8",
            Self::DecodeNotJson => "decode.not_json",
            Self::DecodeTruncated => "decode.truncated",
            Self::DecodeTooMany => "decode.too_many",
            Self::DecodeTooDeep => "decode.too_deep",
            Self::HttpUnauthorized => "http.unauthorized",
            Self::HttpForbidden => "http.forbidden",
            Self::HttpNotFound => "http.not_found",
            Self::HttpRateLimited => "http.rate_limited",
            Self::HttpRefused => "http.refused",
            Self::HttpServer => "http.server",
            Self::HttpTimedOut => "http.timed_out",
            Self::HttpUnexpected => "http.unexpected",
            Self::NetOffline => "net.offline",
            Self::NetUnreachable => "net.unreachable",
            Self::NetTimedOut => "net.timed_out",
            Self::NetCancelled => "net.cancelled",
            Self::NetBlockedByPolicy => "net.blocked_by_policy",
            Self::NetInsecure => "net.insecure",
            Self::RelaySignIn => "relay.sign_in",
            Self::RelayRefused => "relay.refused",
            Self::RelayAlreadyPassedOn => "relay.already_passed_on",
            Self::RelayNoAnswer => "relay.no_answer",
            Self::Unsupported => "console.unsupported",
            Self::BadId => "console.bad_id",
            Self::Stopped => "console.stopped",
            Self::NotSent => "console.not_sent",
            Self::NoKey => "console.no_key",
            Self::NotLoaded => "console.not_loaded",
            Self::Skipped => "console.skipped",
            Self::Changed => "console.changed",
            Self::TokenExpired => "console.token_expired",
            Self::Interrupted => "console.interrupted",
            Self::JournalDamaged => "console.journal_damaged",
            Self::AuthNoToken => "auth.no_token",
            Self::RowMissing => "row.missing",
            Self::RowNotSo => "row.not_so",
            Self::RowRole => "row.role",
            Self::RowDiffers => "row.differs",
            Self::RowUnconfirmed => "row.unconfirmed",
            Self::RowBanned => "row.banned",
            Self::RowOtherScope => "row.other_scope",
        }
    }
}

impl AsRef<str> for ConsoleCode {
    #[inline]
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
