//! Networked's errors. It documents no codes: a failed call is identified by its status, a failed row of an
//! invite by its list. Sources: "User Authentication" (401, limits), "Send email invites" (rows).

use domain::ErrorClass::{AlreadyDone, Auth, RateLimited, Refused, Server, Unknown};
use domain::Vendor::Networked;

use crate::catalogue::Entry;

pub(crate) static ENTRIES: &[Entry] = &[
    Entry::status(Networked, 401, "status_401", Auth),
    Entry::status(Networked, 403, "status_403", Auth),
    Entry::status(Networked, 429, "status_429", RateLimited).after_wait(),
    Entry::status(Networked, 400, "status_400", Refused),
    Entry::code(Networked, "failure.validation", "failure_validation", Refused).with_status(200),
    Entry::code(Networked, "failure.duplicate", "failure_duplicate", AlreadyDone).with_status(200),
    Entry::code(Networked, "failure.permissions", "failure_permissions", Refused).with_status(200),
    Entry::code(Networked, "failure.*", "failure_other", Refused).with_status(200),
    Entry::code(Networked, "row.skipped", "row_skipped", Unknown).with_status(200),
    Entry::status(Networked, 500, "status_500", Server).after_wait(),
    Entry::status(Networked, 552, "status_552", Unknown),
    Entry::fallback(Networked),
];
