//! What outlives the page, in IndexedDB: connections, runs with their journals, budgets, and keys the user
//! keeps on this device, with the directories read by them. Those are sealed; tokens and passwords are never stored.
//!
//! - [`Storage::load`], [`Storage::save`] and [`Storage::remove`] persist connections.
//! - [`IndexedDbJournal`] persists runs line by line; [`Storage::headings`] lists them without reading them.
//! - [`Storage::turn`] draws on a connection's budget and writes the result, both or neither. That is how
//!   runs, reads and tabs share one budget.
//! - [`Storage::draft`] and [`Storage::put_draft`] persist unsent form contents.
//! - [`ask_for_persistence`] asks the browser once for persistent storage, [`is_persistent`] whether it is granted.
//! - [`Storage::sealed`] and its neighbours persist the sealed keys, [`Storage::choose_directories`] and its neighbours
//!   what was read of directories.
//! - [`Storage::trust`] and its neighbours persist what reviews need: the device's signing key, the keys that it trusts,
//!   and the newest time that it told.
//! - [`Storage::append_to_chain`] and its neighbours persist the device's chain, and which runs are in it.

mod budgets;
mod chain;
mod connections;
mod database;
mod directories;
mod drafts;
mod headings;
mod journal;
mod persist;
mod review;
mod store;
mod vault;

pub use budgets::{LineRecord, TurnFailure};
pub use chain::{Appending, ChainEnds, LoggedRun, Removing};
pub use connections::Loaded;
pub use domain::journal::StorageError;
pub use headings::{LastLine, RunRecord};
pub use journal::IndexedDbJournal;
pub use persist::{ask_for_persistence, is_persistent};
pub(crate) use review::IdentityRecord;
pub use store::Storage;
pub use vault::SealedRecords;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The error for a browser exception, by its name.
pub fn named(name: &str) -> StorageError {
    match name {
        "QuotaExceededError" => StorageError::QuotaExceeded,
        "ConstraintError" => StorageError::Conflict,
        // A transaction on a database that was closed, or whose process is gone.
        "InvalidStateError" | "AbortError" => StorageError::Closed,
        // A store that all releases so far create is missing only if a later release removed it.
        "VersionError" | "NotFoundError" => StorageError::Newer,
        "DataCloneError" | "DataError" => StorageError::Corrupt,
        "SecurityError" | "NotSupportedError" | "NotAllowedError" => StorageError::Unavailable,
        _ => StorageError::Failed,
    }
}

/// False if this browser certainly has no data of the console. Does not create a database.
pub async fn may_be_here() -> bool {
    match databases() {
        Ok(Some(asked)) => JsFuture::from(asked).await.map_or(true, |all| {
            let is_ours = |one: JsValue| {
                let name = Reflect::get(&one, &"name".into());
                name.is_ok_and(|name| name.as_string().as_deref() == Some(store::DATABASE))
            };
            Array::from(&all).iter().any(is_ours)
        }),
        // Older browsers cannot list databases.
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

/// The name of a database that no other test uses.
#[cfg(test)]
pub(crate) fn fresh_name(test: &str) -> String {
    ["muster-test-", test, "-", &js_sys::Math::random().to_string()].concat()
}
