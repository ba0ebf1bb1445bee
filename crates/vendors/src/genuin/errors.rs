//! Genuin's errors.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::ErrorClass;
use domain::Vendor::Genuin;

use crate::catalogue::ErrorEntry;

#[rustfmt::skip]
pub(crate) static ENTRIES: &[ErrorEntry] = &[
    ErrorEntry::code(Genuin, "1099", "code_1099", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(Genuin, "5159", "code_5159", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(Genuin, "5166", "code_5166", ErrorClass::Refused).with_status(412),
    ErrorEntry::code(Genuin, "5218", "code_5218", ErrorClass::NotFound).with_status(404),
    ErrorEntry::code(Genuin, "5235", "code_5235", ErrorClass::NotFound).with_status(404),
    ErrorEntry::status(Genuin, 500, "status_500", ErrorClass::Server).after_wait(),
    ErrorEntry::status(Genuin, 429, "status_429", ErrorClass::RateLimited).after_wait(),
    ErrorEntry::code(Genuin, "5025", "code_5025", ErrorClass::NotFound).with_status(404),
    ErrorEntry::code(Genuin, "5168", "code_5168", ErrorClass::NotFound).with_status(404),
    ErrorEntry::fallback(Genuin),
];
