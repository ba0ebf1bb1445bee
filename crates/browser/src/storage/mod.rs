//! What outlives the page, in IndexedDB: connections, runs with everything that happened in them, how far the
//! vendors' limits are used, and keys that somebody keeps on this device, sealed. Nothing here can open those;
//! tokens and passwords are never in it.
//!
//! - [`Storage::load`], [`Storage::save`] and [`Storage::remove`] keep the connections.
//! - [`IndexedDbJournal`] keeps runs line by line; [`Storage::headings`] lists them without reading them.
//! - [`Storage::turn`] draws on a connection's budget and writes what came of it, both or neither: it is
//!   how runs, reads and tabs share one budget.
//! - [`Storage::draft`] and [`Storage::put_draft`] keep what stands in forms and was not sent.
//! - [`ask_to_keep`] asks the browser once not to throw it away, [`is_persistent`] whether it does not.
//! - [`Storage::sealed`] and what stands beside it keep the sealed keys.

mod budgets;
mod connections;
mod database;
mod drafts;
mod headings;
mod journal;
mod persist;
mod store;
mod vault;

pub use budgets::{NotKept, Record};
pub use connections::Loaded;
pub use domain::journal::StorageError;
pub use headings::{LastLine, RunRecord};
pub use journal::IndexedDbJournal;
pub use persist::{ask_to_keep, is_persistent};
pub use store::Storage;
pub use vault::Sealed;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What an exception of the browser means, by its name.
pub fn named(name: &str) -> StorageError {
    match name {
        "QuotaExceededError" => StorageError::QuotaExceeded,
        "ConstraintError" => StorageError::Conflict,
        // A transaction on a database that was closed, or whose process went away.
        "InvalidStateError" | "AbortError" => StorageError::Closed,
        // A store that every release up to this one has is missing only where a later one took it away.
        "VersionError" | "NotFoundError" => StorageError::Newer,
        "DataCloneError" | "DataError" => StorageError::Corrupt,
        "SecurityError" | "NotSupportedError" | "NotAllowedError" => StorageError::Unavailable,
        _ => StorageError::Failed,
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
