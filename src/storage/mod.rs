//! What outlives the page, in IndexedDB: connections, runs with everything that happened in them, how far the
//! vendors' limits are used, and keys that somebody keeps on this device, sealed. Nothing here can open those;
//! tokens and passwords are never in it.
//!
//! - [`Storage::load`], [`Storage::save`] and [`Storage::remove`] keep the connections.
//! - [`IndexedDbJournal`] keeps runs line by line; [`Storage::headings`] lists them without reading them.
//! - [`Storage::turn`] draws on a connection's budget and writes what came of it, both or neither: it is
//!   how runs, reads and tabs share one budget.
//! - [`Storage::draft`] and [`Storage::put_draft`] keep what stands in forms and was not sent.
//! - [`Storage::sealed`] and what stands beside it keep the sealed keys.

mod budgets;
mod connections;
mod database;
mod drafts;
mod headings;
mod journal;
mod store;
mod vault;

pub use budgets::{NotKept, Record};
pub use connections::Loaded;
pub use headings::{LastLine, RunRecord};
pub use journal::IndexedDbJournal;
pub use store::Storage;
pub use vault::Sealed;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Why nothing could be kept or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The browser has no storage for this page, as in some private windows.
    Unavailable,
    /// A later release has made the database, and does not promise that this one can use it.
    Newer,
    /// Another tab with an older release has the database open and does not let go.
    Blocked,
    /// The browser could not read or write, as when its disk fails.
    Failed,
    /// The browser's space for this page is used up.
    QuotaExceeded,
    /// An entry could not be read and was left where it is.
    Corrupt,
    /// The browser closed the database, or another tab with a newer console did.
    Closed,
    /// Somebody else has written what was to be written.
    Conflict,
    /// There is nothing of that name.
    Missing,
    /// The run that was being written is not there any more: the site's data was cleared, or another tab
    /// removed the run.
    Gone,
}

impl StorageError {
    /// The name in keys of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Newer => "newer",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Corrupt => "corrupt",
            Self::Closed => "closed",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::Gone => "gone",
        }
    }

    /// What an exception of the browser means, by its name.
    pub fn named(name: &str) -> Self {
        match name {
            "QuotaExceededError" => Self::QuotaExceeded,
            "ConstraintError" => Self::Conflict,
            // A transaction on a database that was closed, or whose process went away.
            "InvalidStateError" | "AbortError" => Self::Closed,
            // A store that every release up to this one has is missing only where a later one took it away.
            "VersionError" | "NotFoundError" => Self::Newer,
            "DataCloneError" | "DataError" => Self::Corrupt,
            "SecurityError" | "NotSupportedError" | "NotAllowedError" => Self::Unavailable,
            _ => Self::Failed,
        }
    }
}

/// False if this browser is sure to keep nothing of the console; asking makes no database.
pub async fn may_be_here() -> bool {
    match databases() {
        Ok(Some(asked)) => JsFuture::from(asked).await.map_or(true, |all| {
            let is_ours = |one: JsValue| {
                let name = Reflect::get(&one, &"name".into());
                name.is_ok_and(|name| name.as_string().as_deref() == Some(store::DATABASE))
            };
            Array::from(&all).iter().any(is_ours)
        }),
        // An older browser cannot say.
        Ok(None) | Err(_) => true,
    }
}

fn databases() -> Result<Option<Promise>, JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    let Ok(ask) = Reflect::get(&factory, &"databases".into())?.dyn_into::<Function>() else {
        return Ok(None);
    };
    Ok(ask.call0(&factory)?.dyn_into::<Promise>().ok())
}
