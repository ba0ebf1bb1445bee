//! What each error means for the decision that follows: every code of every vendor, and our own.
//!
//! The facts come from `contracts/errors.yaml`; a test holds the tables against it. The words for people are
//! in `locales/en.json` under `errors.<table>.<key>.meaning` and `.operator`.

use domain::api_error::Origin;
use domain::{ApiError, ErrorClass, Vendor};

mod console;
#[cfg(test)]
mod tests;

/// Whether the same call, unchanged, can succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It cannot.
    No,
    /// It can.
    Yes,
    /// It can, after a while.
    AfterWait,
}

/// One error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose error it is; `None` for one of the console's own.
    pub vendor: Option<Vendor>,
    /// The code; `None` where the vendor gives none and the status decides. Never `*`: see `is_fallback`.
    pub code: Option<&'static str>,
    /// The documented status, or the likely one where none is documented.
    pub status: Option<u16>,
    /// The name in keys of texts.
    pub key: &'static str,
    /// What to do about it.
    pub class: ErrorClass,
    /// Operations (ids of `contracts/operations.yaml`) in which it means something else.
    pub class_for: &'static [(&'static str, ErrorClass)],
    /// Whether trying again helps.
    pub helps_again: Again,
    /// True for the entry that stands for everything that a table does not list.
    pub is_fallback: bool,
}

impl Entry {
    /// An entry for a code. The class is final: trying again does not help, and no operation differs.
    pub const fn code(vendor: Vendor, code: &'static str, key: &'static str, class: ErrorClass) -> Self {
        Self {
            vendor: Some(vendor),
            code: Some(code),
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

    /// The entry for whatever a vendor's table does not list.
    pub const fn fallback(vendor: Vendor) -> Self {
        Self { code: None, is_fallback: true, ..Self::code(vendor, "", "unknown", ErrorClass::Unknown) }
    }

    /// The same entry with a status.
    #[must_use]
    pub const fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The same entry, of another class in some operations.
    #[must_use]
    pub const fn with_class_for(self, class_for: &'static [(&'static str, ErrorClass)]) -> Self {
        Self { class_for, ..self }
    }

    /// The same entry for what may succeed at once when it is tried again.
    #[must_use]
    pub const fn at_once(self) -> Self {
        Self { helps_again: Again::Yes, ..self }
    }

    /// The same entry for an error that may pass.
    #[must_use]
    pub const fn after_wait(self) -> Self {
        Self { helps_again: Again::AfterWait, ..self }
    }

    /// The class in an operation, by its id in `contracts/operations.yaml`.
    pub fn class_in(&self, operation: &str) -> ErrorClass {
        self.class_for.iter().find(|(name, _)| *name == operation).map_or(self.class, |(_, class)| *class)
    }

    /// The table that the entry's texts are under: the vendor's slug, or `console`.
    pub fn table(&self) -> &'static str {
        self.vendor.map_or("console", Vendor::slug)
    }

    /// The key of the sentence that says what happened.
    pub fn meaning_key(&self) -> String {
        format!("errors.{}.{}.meaning", self.table(), self.key)
    }

    /// The key of the sentence that says, of a call that was to change something, whether it may have done so. Few
    /// errors have it, and nothing says it of a read.
    pub fn sent_key(&self) -> String {
        format!("errors.{}.{}.sent", self.table(), self.key)
    }

    /// The key of the sentence that says what to do now if nothing was to be changed, where that differs.
    pub fn read_operator_key(&self) -> String {
        format!("errors.{}.{}.read_operator", self.table(), self.key)
    }

    /// The key of the sentence that says what to do now.
    pub fn operator_key(&self) -> String {
        format!("errors.{}.{}.operator", self.table(), self.key)
    }
}

/// What an error means: by the vendor's code, else by the status, else by our own code, else the vendor's
/// fallback. An empty code counts as none.
pub fn find(vendor: Vendor, code: &str, status: Option<u16>) -> &'static Entry {
    let table = table(vendor);
    find_code(table, code)
        .or_else(|| find_status(table, code, status))
        .or_else(|| find_code(console::ENTRIES, code))
        .or_else(|| table.iter().find(|entry| entry.is_fallback))
        .unwrap_or(&console::ENTRIES[0])
}

/// The entry for a vendor's code alone, without fallback.
pub fn find_vendor_code(vendor: Vendor, code: &str) -> Option<&'static Entry> {
    find_code(table(vendor), code)
}

/// Every entry: of each vendor, then the console's own.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    Vendor::ALL.into_iter().flat_map(table).chain(console::ENTRIES)
}

/// The refusal of what this vendor has no call for, or of a person that it cannot be told of.
pub fn unsupported() -> ApiError {
    ApiError::new(ErrorClass::Refused, Origin::Console, "console.unsupported")
}

fn table(vendor: Vendor) -> &'static [Entry] {
    match vendor {
        Vendor::Genuin => crate::genuin::errors::ENTRIES,
        Vendor::Networked => crate::networked::errors::ENTRIES,
        Vendor::CometChat => crate::cometchat::errors::ENTRIES,
    }
}

fn find_code(table: &'static [Entry], code: &str) -> Option<&'static Entry> {
    if code.is_empty() {
        return None;
    }
    table.iter().find(|entry| entry.code == Some(code))
}

/// By status, then by the status that an `http.*` code stands for, then by the hundred. Only where the
/// answer has no code of the vendor's.
fn find_status(table: &'static [Entry], code: &str, status: Option<u16>) -> Option<&'static Entry> {
    let stands_for = match code {
        "" => None,
        "http.unauthorized" => Some(401),
        "http.forbidden" => Some(403),
        "http.not_found" => Some(404),
        "http.rate_limited" => Some(429),
        "http.refused" => Some(400),
        "http.server" => Some(500),
        _ => return None,
    };
    // Of these it is not known what became of the call: see `answer::status_error`.
    let is_refusal = |status: &u16| (400..600).contains(status) && !matches!(status, 408 | 499);
    let hundred = status.filter(is_refusal).map(|status| status / 100 * 100);
    let hundred = hundred.map(|status| if status == 400 { 400 } else { 500 });
    [status, stands_for, hundred].into_iter().flatten().find_map(|status| {
        table.iter().find(|entry| !entry.is_fallback && entry.code.is_none() && entry.status == Some(status))
    })
}
