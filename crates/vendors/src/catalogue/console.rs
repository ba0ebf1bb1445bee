//! The console's own codes, which no vendor uses.

use domain::ErrorClass::{self, Auth, NotFound, RateLimited, Refused, Server, Unknown};

use super::{Again, Entry};

const fn own(code: &'static str, key: &'static str, class: ErrorClass) -> Entry {
    Entry {
        vendor: None,
        code: Some(code),
        status: None,
        key,
        class,
        class_for: &[],
        helps_again: Again::No,
        is_fallback: false,
    }
}

/// All codes of the console itself. The first is the last resort of a lookup.
pub(super) static ENTRIES: &[Entry] = &[
    own("decode.shape", "decode_shape", Unknown),
    own("decode.too_large", "decode_too_large", Unknown),
    own("decode.empty", "decode_empty", Unknown),
    own("decode.not_utf8", "decode_not_utf8", Unknown),
    own("decode.not_json", "decode_not_json", Unknown),
    own("decode.truncated", "decode_truncated", Unknown),
    own("decode.too_many", "decode_too_many", Unknown),
    own("decode.too_deep", "decode_too_deep", Unknown),
    own("http.unauthorized", "http_unauthorized", Auth),
    own("http.forbidden", "http_forbidden", Auth),
    own("http.not_found", "http_not_found", NotFound),
    own("http.rate_limited", "http_rate_limited", RateLimited).after_wait(),
    own("http.refused", "http_refused", Refused),
    own("http.server", "http_server", Server).after_wait(),
    own("http.timed_out", "http_timed_out", Unknown).after_wait(),
    own("http.unexpected", "http_unexpected", Unknown),
    own("net.offline", "net_offline", Refused).after_wait(),
    own("net.unreachable", "net_unreachable", Unknown).after_wait(),
    own("net.timed_out", "net_timed_out", Unknown).after_wait(),
    own("net.cancelled", "net_cancelled", Unknown),
    own("net.blocked_by_policy", "net_blocked_by_policy", Refused),
    own("net.insecure", "net_insecure", Refused),
    own("relay.sign_in", "relay_sign_in", Auth),
    own("relay.refused", "relay_refused", Refused),
    own("relay.already_passed_on", "relay_already_passed_on", Unknown),
    own("relay.no_answer", "relay_no_answer", Unknown).after_wait(),
    own("console.unsupported", "console_unsupported", Refused),
    own("console.bad_id", "console_bad_id", Refused),
    own("console.stopped", "console_stopped", Refused),
    own("console.not_sent", "console_not_sent", Refused),
    own("console.no_key", "console_no_key", Auth),
    own("console.skipped", "console_skipped", Refused),
    own("console.token_expired", "console_token_expired", Auth).after_wait(),
    own("console.interrupted", "console_interrupted", Unknown),
    own("console.journal_damaged", "console_journal_damaged", Unknown),
    own("auth.no_token", "auth_no_token", Auth),
    own("row.missing", "row_missing", Unknown),
    own("row.not_so", "row_not_so", Refused).at_once(),
    own("row.role", "row_role", Unknown),
    own("row.differs", "row_differs", Unknown),
    own("row.unconfirmed", "row_unconfirmed", Unknown),
    own("row.banned", "row_banned", Refused),
    own("row.other_scope", "row_other_scope", Refused),
];
