//! What outlives the page: the list of connections, in IndexedDB. Keys of vendors are never in it.

mod connections;

pub use connections::{Loaded, Storage};

/// Why nothing could be kept or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The browser has no storage for this page, as in some private windows.
    Unavailable,
    /// The browser's space for this page is used up.
    QuotaExceeded,
    /// An entry could not be read and was left where it is.
    Corrupt,
}

impl StorageError {
    /// The name in keys of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Corrupt => "corrupt",
        }
    }
}

impl From<idb::Error> for StorageError {
    fn from(error: idb::Error) -> Self {
        // The name of the browser's exception is the only thing that tells a full disk.
        if error.to_string().contains("Quota") { Self::QuotaExceeded } else { Self::Unavailable }
    }
}
