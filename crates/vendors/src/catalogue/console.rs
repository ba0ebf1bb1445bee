//! The console's own errors, which no vendor reports. The first is the last resort of a lookup.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::{ConsoleCode, ErrorClass};

use super::Entry;

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    Entry::own(ConsoleCode::DecodeShape, "decode_shape", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeTooLarge, "decode_too_large", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeEmpty, "decode_empty", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeNotUtf8, "decode_not_utf8", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeNotJson, "decode_not_json", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeTruncated, "decode_truncated", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeTooMany, "decode_too_many", ErrorClass::Unknown),
    Entry::own(ConsoleCode::DecodeTooDeep, "decode_too_deep", ErrorClass::Unknown),
    Entry::own(ConsoleCode::HttpUnauthorized, "http_unauthorized", ErrorClass::Auth),
    Entry::own(ConsoleCode::HttpForbidden, "http_forbidden", ErrorClass::Auth),
    Entry::own(ConsoleCode::HttpNotFound, "http_not_found", ErrorClass::NotFound),
    Entry::own(ConsoleCode::HttpRateLimited, "http_rate_limited", ErrorClass::RateLimited).after_wait(),
    Entry::own(ConsoleCode::HttpRefused, "http_refused", ErrorClass::Refused),
    Entry::own(ConsoleCode::HttpServer, "http_server", ErrorClass::Server).after_wait(),
    Entry::own(ConsoleCode::HttpTimedOut, "http_timed_out", ErrorClass::Unknown).after_wait(),
    Entry::own(ConsoleCode::HttpUnexpected, "http_unexpected", ErrorClass::Unknown),
    Entry::own(ConsoleCode::NetOffline, "net_offline", ErrorClass::Refused).after_wait(),
    Entry::own(ConsoleCode::NetUnreachable, "net_unreachable", ErrorClass::Unknown).after_wait(),
    Entry::own(ConsoleCode::NetTimedOut, "net_timed_out", ErrorClass::Unknown).after_wait(),
    Entry::own(ConsoleCode::NetCancelled, "net_cancelled", ErrorClass::Unknown),
    Entry::own(ConsoleCode::NetBlockedByPolicy, "net_blocked_by_policy", ErrorClass::Refused),
    Entry::own(ConsoleCode::NetInsecure, "net_insecure", ErrorClass::Refused),
    Entry::own(ConsoleCode::RelaySignIn, "relay_sign_in", ErrorClass::Auth),
    Entry::own(ConsoleCode::RelayRefused, "relay_refused", ErrorClass::Refused),
    Entry::own(ConsoleCode::RelayAlreadyPassedOn, "relay_already_passed_on", ErrorClass::Unknown),
    Entry::own(ConsoleCode::RelayNoAnswer, "relay_no_answer", ErrorClass::Unknown).after_wait(),
    Entry::own(ConsoleCode::Unsupported, "console_unsupported", ErrorClass::Refused),
    Entry::own(ConsoleCode::BadId, "console_bad_id", ErrorClass::Refused),
    Entry::own(ConsoleCode::Stopped, "console_stopped", ErrorClass::Refused),
    Entry::own(ConsoleCode::NotSent, "console_not_sent", ErrorClass::Refused),
    Entry::own(ConsoleCode::NoKey, "console_no_key", ErrorClass::Auth),
    Entry::own(ConsoleCode::Skipped, "console_skipped", ErrorClass::Refused),
    Entry::own(ConsoleCode::TokenExpired, "console_token_expired", ErrorClass::Auth).after_wait(),
    Entry::own(ConsoleCode::Interrupted, "console_interrupted", ErrorClass::Unknown),
    Entry::own(ConsoleCode::JournalDamaged, "console_journal_damaged", ErrorClass::Unknown),
    Entry::own(ConsoleCode::AuthNoToken, "auth_no_token", ErrorClass::Auth),
    Entry::own(ConsoleCode::RowMissing, "row_missing", ErrorClass::Unknown),
    Entry::own(ConsoleCode::RowNotSo, "row_not_so", ErrorClass::Refused).at_once(),
    Entry::own(ConsoleCode::RowRole, "row_role", ErrorClass::Unknown),
    Entry::own(ConsoleCode::RowDiffers, "row_differs", ErrorClass::Unknown),
    Entry::own(ConsoleCode::RowUnconfirmed, "row_unconfirmed", ErrorClass::Unknown),
    Entry::own(ConsoleCode::RowBanned, "row_banned", ErrorClass::Refused),
    Entry::own(ConsoleCode::RowOtherScope, "row_other_scope", ErrorClass::Refused),
];
