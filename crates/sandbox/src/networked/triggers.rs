//! Networked's sentinels: hosts of e-mail addresses, and keys.

use serde_json::Value;

use super::state::fold;
use crate::{
    call::Call,
    faults::{self, Fault, FoundSentinel, NAMED},
};

/// The outcome of one row of an invite call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// The row is in neither list.
    Skipped,
    /// The row is in `failure`, with this code (shown only if `error` is an object) and reason.
    Failure(&'static str, &'static str),
}

/// The host whose failed rows have an object as `error`.
pub(crate) const FAILURE_OBJECT_HOST: &str = "failure-object.example";

/// The hosts that fail a single row of an invite call, or a whole call for one person.
pub(crate) const ROWS: [(&str, Row, &str); 6] = [
    ("skipped.example", Row::Skipped, "row.skipped"),
    (
        "invalid.example",
        Row::Failure("VALIDATION", "Validation failed: address not accepted"),
        "failure.validation",
    ),
    (
        "duplicate.example",
        Row::Failure("DUPLICATE", "Duplicate: user is already invited"),
        "failure.duplicate",
    ),
    (
        "not-permitted.example",
        Row::Failure("PERMISSIONS", "Permission denied: you may not invite for this role"),
        "failure.permissions",
    ),
    // A reason that mentions "duplicate" but is not one.
    ("plan-full.example", Row::Failure("SEATS", "Not a duplicate, but the plan is full"), "failure.*"),
    (FAILURE_OBJECT_HOST, Row::Failure("SEATS", "No seat left"), "failure.*"),
];

/// The hosts and keys that fail a whole call, with the fault's code and what they provoke.
pub(crate) const CALLS: [(&str, &str, &str, &str); 8] = [
    ("unauthorized.example", "wrong-key", "401", "401"),
    ("no-privilege.example", "no-privilege-key", "403", "403"),
    ("refused.example", "refused-key", "400", "400"),
    ("error-true.example", "error-true-key", "200+error", "200+error:true"),
    ("bare-message.example", "bare-message-key", "200+message", "200+message"),
    ("success-false.example", "success-false-key", "200+success", "200+success:false"),
    ("status-408.example", "status-408-key", "408", "408"),
    ("status-552.example", "status-552-key", "552", "552"),
];

/// The sentinel of [`ROWS`] that is the host of an address.
pub(super) fn host(email: &str) -> Option<&'static str> {
    let folded = fold(email);
    let (_, host) = folded.rsplit_once('@')?;
    ROWS.iter().map(|(name, ..)| *name).find(|name| *name == host)
}

/// The row outcome that an address provokes.
pub(super) fn row(email: &str) -> Option<Row> {
    let host = host(email)?;
    ROWS.iter().find(|(name, ..)| *name == host).map(|(_, row, _)| *row)
}

/// The fault that a key provokes.
pub(super) fn of_key(key: &str) -> Option<Fault> {
    let code = || CALLS.iter().find(|(_, name, ..)| *name == key).map(|(_, _, code, _)| Fault::Code(code));
    faults::of_key(key).or_else(code)
}

/// The sentinels that fail a call as a whole.
pub(super) fn triggers(call: &Call<'_>) -> Vec<FoundSentinel> {
    let mut emails: Vec<String> =
        call.form().into_iter().filter(|(key, _)| key == "email").map(|(_, v)| v).collect();
    if let Some(body) = call.json() {
        let rows = body.get("users").and_then(Value::as_array).into_iter().flatten();
        emails.extend(rows.filter_map(|row| row.get("email")?.as_str().map(str::to_owned)));
    }
    let key = call.header("x-api-key");
    let key = key.and_then(|key| of_key(key).map(|fault| FoundSentinel { value: key.to_owned(), fault }));
    let by_host = emails.into_iter().filter_map(|email| {
        let folded = fold(&email);
        let (_, host) = folded.rsplit_once('@')?;
        let named = NAMED.iter().find(|named| named.host == host).map(|named| named.fault);
        let code = || CALLS.iter().find(|(name, ..)| *name == host).map(|(_, _, code, _)| Fault::Code(code));
        named.or_else(code).map(|fault| FoundSentinel { value: folded, fault })
    });
    key.into_iter().chain(by_host).collect()
}
