//! The console's own errors, which no vendor reports. The first is the last resort of a lookup.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::{ConsoleCode, ErrorClass};

use super::ErrorEntry;

#[rustfmt::skip]
pub(super) static ENTRIES: &[ErrorEntry] = &[
    ErrorEntry::own(ConsoleCode::DecodeShape, "decode_shape", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeTooLarge, "decode_too_large", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeEmpty, "decode_empty", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeNotUtf8, "decode_not_utf8", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeNotJson, "decode_not_json", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeTruncated, "decode_truncated", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeTooMany, "decode_too_many", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::DecodeTooDeep, "decode_too_deep", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::HttpUnauthorized, "http_unauthorized", ErrorClass::Auth),
    ErrorEntry::own(ConsoleCode::HttpForbidden, "http_forbidden", ErrorClass::Auth),
    ErrorEntry::own(ConsoleCode::HttpNotFound, "http_not_found", ErrorClass::NotFound),
    ErrorEntry::own(ConsoleCode::HttpRateLimited, "http_rate_limited", ErrorClass::RateLimited).after_wait(),
    ErrorEntry::own(ConsoleCode::HttpRefused, "http_refused", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::HttpServer, "http_server", ErrorClass::Server).after_wait(),
    ErrorEntry::own(ConsoleCode::HttpTimedOut, "http_timed_out", ErrorClass::Unknown).after_wait(),
    ErrorEntry::own(ConsoleCode::HttpUnexpected, "http_unexpected", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::NetOffline, "net_offline", ErrorClass::Refused).after_wait(),
    ErrorEntry::own(ConsoleCode::NetUnreachable, "net_unreachable", ErrorClass::Unknown).after_wait(),
    ErrorEntry::own(ConsoleCode::NetTimedOut, "net_timed_out", ErrorClass::Unknown).after_wait(),
    ErrorEntry::own(ConsoleCode::NetCancelled, "net_cancelled", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::NetBlockedByPolicy, "net_blocked_by_policy", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::NetInsecure, "net_insecure", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::RelaySignIn, "relay_sign_in", ErrorClass::Auth),
    ErrorEntry::own(ConsoleCode::RelayRefused, "relay_refused", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::RelayAlreadyPassedOn, "relay_already_passed_on", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::RelayNoAnswer, "relay_no_answer", ErrorClass::Unknown).after_wait(),
    ErrorEntry::own(ConsoleCode::Unsupported, "console_unsupported", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::BadId, "console_bad_id", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::Stopped, "console_stopped", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::NotSent, "console_not_sent", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::NoKey, "console_no_key", ErrorClass::Auth),
    ErrorEntry::own(ConsoleCode::NotLoaded, "console_not_loaded", ErrorClass::Refused).after_wait(),
    ErrorEntry::own(ConsoleCode::Skipped, "console_skipped", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::Changed, "console_changed", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::TokenExpired, "console_token_expired", ErrorClass::Auth).after_wait(),
    ErrorEntry::own(ConsoleCode::Interrupted, "console_interrupted", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::JournalDamaged, "console_journal_damaged", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::AuthNoToken, "auth_no_token", ErrorClass::Auth),
    ErrorEntry::own(ConsoleCode::RowMissing, "row_missing", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::RowNotSo, "row_not_so", ErrorClass::Refused).at_once(),
    ErrorEntry::own(ConsoleCode::RowRole, "row_role", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::RowDiffers, "row_differs", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::RowUnconfirmed, "row_unconfirmed", ErrorClass::Unknown),
    ErrorEntry::own(ConsoleCode::RowBanned, "row_banned", ErrorClass::Refused),
    ErrorEntry::own(ConsoleCode::RowOtherScope, "row_other_scope", ErrorClass::Refused),
];
