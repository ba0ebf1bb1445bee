//! Values that provoke a documented error, for hands and for tests.

use domain::Vendor;

/// A value that makes the sandbox fail in one particular way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// Where it works; `None` means at every vendor.
    pub vendor: Option<Vendor>,
    /// What it is written as: "uid", "e-mail", "group id", "api key", "community id", "phone", …
    pub place: &'static str,
    /// The value to type.
    pub value: &'static str,
    /// What the vendor answers, as a machine code.
    pub provokes: &'static str,
    /// The key of the text that explains it.
    pub key: &'static str,
}

/// Every value that provokes something, in the order in which a page shows them.
pub fn sentinels() -> Vec<Sentinel> {
    Vec::new()
}
