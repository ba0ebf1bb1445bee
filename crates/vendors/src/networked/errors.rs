//! Networked's errors.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::ErrorClass;
use domain::Vendor::Networked;

use crate::catalogue::Entry;

#[rustfmt::skip]
pub(crate) static ENTRIES: &[Entry] = &[
    Entry::status(Networked, 401, "status_401", ErrorClass::Auth),
    Entry::status(Networked, 403, "status_403", ErrorClass::Auth),
    Entry::status(Networked, 429, "status_429", ErrorClass::RateLimited).after_wait(),
    Entry::status(Networked, 400, "status_400", ErrorClass::Refused),
    Entry::code(Networked, "failure.validation", "failure_validation", ErrorClass::Refused).with_status(200),
    Entry::code(Networked, "failure.duplicate", "failure_duplicate", ErrorClass::AlreadyDone).with_status(200),
    Entry::code(Networked, "failure.permissions", "failure_permissions", ErrorClass::Refused).with_status(200),
    Entry::code(Networked, "failure.*", "failure_other", ErrorClass::Refused).with_status(200),
    Entry::code(Networked, "row.skipped", "row_skipped", ErrorClass::Unknown).with_status(200),
    Entry::status(Networked, 500, "status_500", ErrorClass::Server).after_wait(),
    Entry::status(Networked, 552, "status_552", ErrorClass::Unknown),
    Entry::fallback(Networked),
];
