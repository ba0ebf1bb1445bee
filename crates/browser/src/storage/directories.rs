//! The store of directories: what was read of lists of people, sealed, of the connections whose user chose to keep it.
//! `domain::vault` defines the format, `crate::vault` opens it.
//!
//! | Key | Value |
//! |---|---|
//! | connection | the choice |
//! | connection, 0 | when a run last changed people of the connection, as a number |
//! | connection, directory, when it was written | the head and the sealed bytes |

use std::collections::BTreeMap;

use domain::vault::{Header, Salt};
use domain::{ConnectionId, Millis};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbObjectStore};

use super::StorageError;
use super::database::{Mode, Transaction, answer, of};
use super::store::{DIRECTORIES, Storage, VAULT};
use super::vault;

/// Most directories of a connection that are kept: those that were written last.
const MAX_DIRECTORIES: usize = 10;
/// Number of parts of the key of a directory.
const LIST_PARTS: u32 = 3;

/// A directory as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct SealedDirectory {
    /// The head, which [`domain::vault::DirectoryHead`] decodes.
    pub(crate) head: Box<[u8]>,
    /// The sealed bytes.
    pub(crate) body: Uint8Array,
    /// When a run last changed people of the connection; 0 if none did.
    pub(crate) changed_at: Millis,
}

impl Storage {
    /// Keeps the directories of a connection from now on; or keeps none, and forgets those that were kept.
    ///
    /// # Errors
    /// [`StorageError::Gone`] if the key of the connection is not in the vault, or if the browser refuses.
    pub async fn choose_directories(&self, id: &ConnectionId, is_chosen: bool) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Write).await?;
        if is_chosen {
            if !has_key(&transaction, id).await? {
                return Err(StorageError::Gone);
            }
            transaction.store(DIRECTORIES)?.put_with_key(&JsValue::TRUE, &choice_of(id)).map_err(of)?;
        } else {
            forget(&transaction, id)?;
        }
        transaction.done().await
    }

    /// Notes that a run has changed people of a connection whose directories are kept.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn note_people_changed(&self, id: &ConnectionId, at: Millis) -> Result<(), StorageError> {
        let transaction = self.begin(&[DIRECTORIES], Mode::Relaxed).await?;
        let at = JsValue::from_f64(at as f64);
        transaction.store(DIRECTORIES)?.put_with_key(&at, &change_of(id)).map_err(of)?;
        transaction.done().await
    }

    /// Writes a directory in place of what was kept of it.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the vault has been replaced, [`StorageError::Gone`] if the directories of the
    /// connection are not kept any more, or if the browser refuses.
    pub(crate) async fn put_directory(
        &self,
        vault: &Salt,
        (id, directory): (&ConnectionId, &str),
        at: Millis,
        (head, body): (&[u8], &Uint8Array),
    ) -> Result<(), StorageError> {
        // It can be read again, so it need not survive a power cut.
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Relaxed).await?;
        let header = vault::header(&transaction.store(VAULT)?).await?;
        if header.and_then(|header| Header::decode(&header).ok()).is_none_or(|header| header.salt != *vault) {
            return Err(StorageError::Conflict);
        }
        let store = transaction.store(DIRECTORIES)?;
        if !has(&store, &choice_of(id)).await? || !has_key(&transaction, id).await? {
            return Err(StorageError::Gone);
        }
        let mut others = BTreeMap::new();
        for key in keys(&store, &Array::of1(&id.as_str().into())).await? {
            let written_at = key.get(2).as_f64().unwrap_or_default() as Millis;
            if key.get(1).as_string().as_deref() == Some(directory) {
                store.delete(&key).map_err(of)?;
            } else if key.length() == LIST_PARTS {
                others.insert((written_at, key.get(1).as_string()), key);
            }
        }
        let n_over = (others.len() + 1).saturating_sub(MAX_DIRECTORIES);
        for oldest in others.values().take(n_over) {
            store.delete(oldest).map_err(of)?;
        }
        let key = Array::of3(&id.as_str().into(), &directory.into(), &JsValue::from_f64(at as f64));
        store.put_with_key(&Array::of2(&vault::bytes(head), body), &key).map_err(of)?;
        transaction.done().await
    }

    /// A directory as it was written last; `None` if it is not kept.
    ///
    /// # Errors
    /// If the browser refuses.
    pub(crate) async fn sealed_directory(
        &self,
        id: &ConnectionId,
        directory: &str,
    ) -> Result<Option<SealedDirectory>, StorageError> {
        let transaction = self.begin(&[DIRECTORIES], Mode::Read).await?;
        let store = transaction.store(DIRECTORIES)?;
        if !has(&store, &choice_of(id)).await? {
            return Ok(None);
        }
        let changed_at = answer(&store.get(&change_of(id)).map_err(of)?).await?;
        let changed_at = changed_at.as_f64().unwrap_or_default() as Millis;
        let keys = keys(&store, &Array::of2(&id.as_str().into(), &directory.into())).await?;
        let Some(key) = keys.last() else { return Ok(None) };
        let value: Array = answer(&store.get(key).map_err(of)?).await?.unchecked_into();
        transaction.done().await?;
        let body = Uint8Array::new(&value.get(1));
        Ok(Some(SealedDirectory { head: vault::taken(&value.get(0)), body, changed_at }))
    }
}

/// Forgets what is kept of a connection, and the choice.
pub(super) fn forget(transaction: &Transaction, id: &ConnectionId) -> Result<(), StorageError> {
    delete_from(transaction, id, &choice_of(id))
}

/// Forgets what is kept of a connection. The choice stays, and when its people were changed.
pub(super) fn forget_lists(transaction: &Transaction, id: &ConnectionId) -> Result<(), StorageError> {
    delete_from(transaction, id, &Array::of2(&id.as_str().into(), &"".into()))
}

/// Deletes what is stored of a connection, beginning with this key.
fn delete_from(transaction: &Transaction, id: &ConnectionId, first: &JsValue) -> Result<(), StorageError> {
    let all = IdbKeyRange::bound(first, &beyond(choice_of(id).unchecked_ref())).map_err(of)?;
    transaction.store(DIRECTORIES)?.delete(&all).map(|_| ()).map_err(of)
}

/// Connections that have the choice. Forgets what is kept of connections without a key in the vault.
pub(super) async fn choices(
    transaction: &Transaction,
    has_key: &dyn Fn(&ConnectionId) -> bool,
) -> Result<Vec<ConnectionId>, StorageError> {
    let store = transaction.store(DIRECTORIES)?;
    let all: Array = answer(&store.get_all_keys().map_err(of)?).await?.unchecked_into();
    let mut chosen = Vec::new();
    for key in all.iter() {
        let parts: &Array = key.unchecked_ref();
        let Some(id) = parts.get(0).as_string().map(ConnectionId::new) else { continue };
        if !has_key(&id) {
            store.delete(&key).map_err(of)?;
        } else if parts.length() == 1 {
            chosen.push(id);
        }
    }
    Ok(chosen)
}

async fn has_key(transaction: &Transaction, id: &ConnectionId) -> Result<bool, StorageError> {
    has(&transaction.store(VAULT)?, &vault::key_of(id)).await
}

async fn has(store: &IdbObjectStore, key: &JsValue) -> Result<bool, StorageError> {
    Ok(!answer(&store.get_key(key).map_err(of)?).await?.is_undefined())
}

/// The keys that begin with these parts, in order.
async fn keys(store: &IdbObjectStore, parts: &Array) -> Result<Vec<Array>, StorageError> {
    let range = IdbKeyRange::bound(parts, &beyond(parts)).map_err(of)?;
    let found: Array = answer(&store.get_all_keys_with_key(&range).map_err(of)?).await?.unchecked_into();
    Ok(found.iter().map(JsCast::unchecked_into).collect())
}

fn choice_of(id: &ConnectionId) -> JsValue {
    Array::of1(&id.as_str().into()).into()
}

/// Precedes the keys of all directories of the connection, because numbers precede texts.
fn change_of(id: &ConnectionId) -> JsValue {
    Array::of2(&id.as_str().into(), &JsValue::from_f64(0.0)).into()
}

/// A key behind all that begin with these parts: an array follows texts and numbers.
fn beyond(parts: &Array) -> JsValue {
    parts.concat(&Array::of1(&Array::new())).into()
}
