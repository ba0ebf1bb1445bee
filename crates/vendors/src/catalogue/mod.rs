//! The error catalogue: the class and retry advice of every vendor's codes, and of the console's own.
//!
//! `cargo xtask errors` writes the tables from `contracts/errors.yaml`. The texts are in `locales/en.json`
//! under `errors.<table>.<key>.meaning` and `.operator`.

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConsoleCode, ErrorClass, Vendor};

use crate::entries;

mod console;
#[cfg(test)]
mod tests;

/// Whether retrying the same call can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// A retry fails too.
    No,
    /// A retry can succeed at once.
    Yes,
    /// A retry can succeed after a while.
    AfterWait,
}

/// An entry of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorEntry {
    /// The vendor; `None` for the console's own errors.
    pub vendor: Option<Vendor>,
    /// The code; `None` if the vendor gives none and the status decides. Never `*`: see `is_fallback`.
    pub code: Option<&'static str>,
    /// The documented status, or the likely one if none is documented.
    pub status: Option<u16>,
    /// The entry's name in locale keys.
    pub key: &'static str,
    /// How to handle the error.
    pub class: ErrorClass,
    /// Operations (ids of `contracts/operations.yaml`) in which the error has another class.
    pub class_for: &'static [(&'static str, ErrorClass)],
    /// Whether a retry helps.
    pub helps_again: Again,
    /// True for the entry of codes that the table does not list.
    pub is_fallback: bool,
}

impl ErrorEntry {
    /// An entry for a code, without a status, a retry or exceptions by operation.
    pub const fn code(vendor: Vendor, code: &'static str, key: &'static str, class: ErrorClass) -> Self {
        Self { vendor: Some(vendor), code: Some(code), ..Self::own(ConsoleCode::DecodeShape, key, class) }
    }

    /// An entry of the console itself.
    const fn own(code: ConsoleCode, key: &'static str, class: ErrorClass) -> Self {
        Self {
            vendor: None,
            code: Some(code.as_str()),
            status: None,
            key,
            class,
            class_for: &[],
            helps_again: Again::No,
            is_fallback: false,
        }
    }

    /// An entry for a status without a code.
    pub const fn status(vendor: Vendor, status: u16, key: &'static str, class: ErrorClass) -> Self {
        Self { code: None, ..Self::code(vendor, "", key, class) }.with_status(status)
    }

    /// The entry for codes that a vendor's table does not list.
    pub const fn fallback(vendor: Vendor) -> Self {
        Self { code: None, is_fallback: true, ..Self::code(vendor, "", "unknown", ErrorClass::Unknown) }
    }

    /// Sets the status.
    #[must_use]
    pub const fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Sets the operations in which the class differs.
    #[must_use]
    pub(crate) const fn with_class_for(self, class_for: &'static [(&'static str, ErrorClass)]) -> Self {
        Self { class_for, ..self }
    }

    /// Marks an error whose retry can succeed at once.
    #[must_use]
    pub(crate) const fn at_once(self) -> Self {
        Self { helps_again: Again::Yes, ..self }
    }

    /// Marks an error whose retry can succeed after a while.
    #[must_use]
    pub(crate) const fn after_wait(self) -> Self {
        Self { helps_again: Again::AfterWait, ..self }
    }

    /// The class in an operation, given by its id in `contracts/operations.yaml`.
    pub(crate) fn class_in(&self, endpoint: &str) -> ErrorClass {
        self.class_for.iter().find(|(name, _)| *name == endpoint).map_or(self.class, |(_, class)| *class)
    }

    /// The table in the locale: the vendor's slug, or `console`.
    pub fn table(&self) -> &'static str {
        self.vendor.map_or("console", Vendor::slug)
    }

    /// The locale key of the sentence that says what happened.
    pub fn meaning_key(&self) -> String {
        format!("errors.{}.{}.meaning", self.table(), self.key)
    }

    /// The locale key of the sentence that says whether a failed write may have had an operation. Few errors
    /// have it; it is not shown for reads.
    pub fn sent_key(&self) -> String {
        format!("errors.{}.{}.sent", self.table(), self.key)
    }

    /// The locale key of the advice for a failed read, where it differs from
    /// [`operator_key`](Self::operator_key).
    pub fn read_operator_key(&self) -> String {
        format!("errors.{}.{}.read_operator", self.table(), self.key)
    }

    /// The locale key of the sentence that says what to do now.
    pub fn operator_key(&self) -> String {
        format!("errors.{}.{}.operator", self.table(), self.key)
    }
}

/// The entry for an error: by the vendor's code, else by status, else by the console's own code, else the
/// vendor's fallback. An empty code counts as none.
pub fn find(vendor: Vendor, code: &str, status: Option<u16>) -> &'static ErrorEntry {
    let table = entries(vendor);
    find_code(table, code)
        .or_else(|| find_status(table, code, status))
        .or_else(|| find_code(console::ENTRIES, code))
        .or_else(|| table.iter().find(|entry| entry.is_fallback))
        .unwrap_or(&console::ENTRIES[0])
}

/// The entry for a vendor's code, without fallback.
pub(crate) fn find_vendor_code(vendor: Vendor, code: &str) -> Option<&'static ErrorEntry> {
    find_code(entries(vendor), code)
}

/// All entries: each vendor's, then the console's own.
pub fn all() -> impl Iterator<Item = &'static ErrorEntry> {
    Vendor::ALL.into_iter().flat_map(entries).chain(console::ENTRIES)
}

/// `console.unsupported`: the vendor has no such call, or cannot address this person.
pub fn unsupported() -> ApiError {
    ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, ConsoleCode::Unsupported)
}

fn find_code(table: &'static [ErrorEntry], code: &str) -> Option<&'static ErrorEntry> {
    if code.is_empty() {
        return None;
    }
    table.iter().find(|entry| entry.code == Some(code))
}

/// Finds an entry by status, then by the status of an `http.*` code, then by the status class (400 or 500).
/// `None` if the response has a code of the vendor.
fn find_status(table: &'static [ErrorEntry], code: &str, status: Option<u16>) -> Option<&'static ErrorEntry> {
    let of_status = [
        (ConsoleCode::HttpUnauthorized, 401),
        (ConsoleCode::HttpForbidden, 403),
        (ConsoleCode::HttpNotFound, 404),
        (ConsoleCode::HttpRateLimited, 429),
        (ConsoleCode::HttpRefused, 400),
        (ConsoleCode::HttpServer, 500),
    ];
    let stands_for =
        of_status.into_iter().find(|(known, _)| known.as_str() == code).map(|(_, status)| status);
    if stands_for.is_none() && !code.is_empty() {
        return None;
    }
    // With 408 and 499 it is unknown what became of the call: see `answer::status_error`.
    let is_refusal = |status: &u16| (400..600).contains(status) && !matches!(status, 408 | 499);
    let hundred = status.filter(is_refusal).map(|status| status / 100 * 100);
    let hundred = hundred.map(|status| if status == 400 { 400 } else { 500 });
    [status, stands_for, hundred].into_iter().flatten().find_map(|status| {
        table.iter().find(|entry| !entry.is_fallback && entry.code.is_none() && entry.status == Some(status))
    })
}
