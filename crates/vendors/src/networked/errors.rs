//! Networked's errors.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::ErrorClass;
use domain::Vendor::Networked;

use crate::catalogue::ErrorEntry;

#[rustfmt::skip]
pub(crate) static ENTRIES: &[ErrorEntry] = &[
    ErrorEntry::status(Networked, 401, "status_401", ErrorClass::Auth),
    ErrorEntry::status(Networked, 403, "status_403", ErrorClass::Auth),
    ErrorEntry::status(Networked, 429, "status_429", ErrorClass::RateLimited).after_wait(),
    ErrorEntry::status(Networked, 400, "status_400", ErrorClass::Refused),
    ErrorEntry::code(Networked, "failure.validation", "failure_validation", ErrorClass::Refused).with_status(200),
    ErrorEntry::code(Networked, "failure.duplicate", "failure_duplicate", ErrorClass::AlreadyDone).with_status(200),
    ErrorEntry::code(Networked, "failure.permissions", "failure_permissions", ErrorClass::Refused).with_status(200),
    ErrorEntry::code(Networked, "failure.*", "failure_other", ErrorClass::Refused).with_status(200),
    ErrorEntry::code(Networked, "row.skipped", "row_skipped", ErrorClass::Unknown).with_status(200),
    ErrorEntry::status(Networked, 500, "status_500", ErrorClass::Server).after_wait(),
    ErrorEntry::status(Networked, 552, "status_552", ErrorClass::Unknown),
    ErrorEntry::fallback(Networked),
];
