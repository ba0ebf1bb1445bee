//! What outlives the page: the list of connections, in IndexedDB. Keys of vendors are never in it.

mod connections;

pub use connections::{Loaded, Storage};

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

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

/// False if this browser is sure to keep nothing of the console; asking makes no database.
pub async fn may_be_here() -> bool {
    match databases() {
        Ok(Some(asked)) => JsFuture::from(asked).await.map_or(true, |all| {
            let is_ours = |one: JsValue| {
                let name = Reflect::get(&one, &"name".into());
                name.is_ok_and(|name| name.as_string().as_deref() == Some(connections::DATABASE))
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
