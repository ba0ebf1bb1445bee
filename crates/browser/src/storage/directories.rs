//! The store of directories: what was read of lists of people, sealed, of the connections whose user chose to keep it.
//! `domain::vault` defines the format, `crate::vault` opens it.
//!
//! | Key | Value |
//! |---|---|
//! | connection | the choice: when a run last changed people of the connection, as a number |
//! | connection, directory, when it was written | the head and the sealed bytes |

use std::collections::{BTreeMap, BTreeSet};

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
    /// Connections whose directories are kept. Forgets those of connections without a key in the vault, which an
    /// earlier release may have left.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn directory_choices(&self) -> Result<Vec<ConnectionId>, StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Read).await?;
        let (mut kept, mut orphans) = stored(&transaction).await?;
        transaction.done().await?;
        if !orphans.is_empty() {
            // Another tab may have stored a key meanwhile.
            let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Write).await?;
            (kept, orphans) = stored(&transaction).await?;
            for id in &orphans {
                forget(&transaction, id)?;
            }
            transaction.done().await?;
        }
        let chosen = kept.into_iter().filter(|(id, is_chosen)| *is_chosen && !orphans.contains(id));
        Ok(chosen.map(|(id, _)| id).collect())
    }

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
            let choice = JsValue::from_f64(0.0);
            transaction.store(DIRECTORIES)?.put_with_key(&choice, &choice_of(id)).map_err(of)?;
        } else {
            forget(&transaction, id)?;
        }
        transaction.done().await
    }

    /// Forgets what is kept of a connection, such as when its requests act as another person. The choice stays.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn forget_directories(&self, id: &ConnectionId) -> Result<(), StorageError> {
        let transaction = self.begin(&[DIRECTORIES], Mode::Write).await?;
        let all = Array::of2(&id.as_str().into(), &"".into());
        let all = IdbKeyRange::bound(&all, &beyond(&Array::of1(&id.as_str().into()))).map_err(of)?;
        transaction.store(DIRECTORIES)?.delete(&all).map_err(of)?;
        transaction.done().await
    }

    /// Notes that a run has changed people of a connection, if its directories are kept.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn note_people_changed(&self, id: &ConnectionId, at: Millis) -> Result<(), StorageError> {
        let transaction = self.begin(&[DIRECTORIES], Mode::Relaxed).await?;
        let store = transaction.store(DIRECTORIES)?;
        if changed_at(&store, id).await?.is_some() {
            store.put_with_key(&JsValue::from_f64(at as f64), &choice_of(id)).map_err(of)?;
        }
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
        if changed_at(&store, id).await?.is_none() || !has_key(&transaction, id).await? {
            return Err(StorageError::Gone);
        }
        let mut others = BTreeMap::new();
        for key in keys(&store, &Array::of1(&id.as_str().into())).await? {
            let written_at = key.get(2).as_f64().unwrap_or_default() as Millis;
            if key.get(1).as_string().as_deref() == Some(directory) {
                store.delete(&key).map_err(of)?;
            } else if key.length() > 1 {
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
        let Some(changed_at) = changed_at(&store, id).await? else { return Ok(None) };
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
    let id = choice_of(id);
    let all = IdbKeyRange::bound(&id, &beyond(id.unchecked_ref())).map_err(of)?;
    transaction.store(DIRECTORIES)?.delete(&all).map(|_| ()).map_err(of)
}

/// Forgets what is kept, because the vault has another passphrase now. Choices stay for these connections.
pub(super) async fn forget_all(
    transaction: &Transaction,
    stay: impl Fn(&str) -> bool,
) -> Result<(), StorageError> {
    let store = transaction.store(DIRECTORIES)?;
    let all: Array = answer(&store.get_all_keys().map_err(of)?).await?.unchecked_into();
    for key in all.iter() {
        let parts: &Array = key.unchecked_ref();
        let is_choice = parts.length() == 1 && parts.get(0).as_string().is_some_and(|id| stay(&id));
        if !is_choice {
            store.delete(&key).map_err(of)?;
        }
    }
    Ok(())
}

/// Connections of which anything is stored, with whether they have the choice; and those without a key in the vault.
async fn stored(
    transaction: &Transaction,
) -> Result<(BTreeMap<ConnectionId, bool>, BTreeSet<ConnectionId>), StorageError> {
    let store = transaction.store(DIRECTORIES)?;
    let all: Array = answer(&store.get_all_keys().map_err(of)?).await?.unchecked_into();
    let mut kept = BTreeMap::new();
    for key in all.iter() {
        let parts: &Array = key.unchecked_ref();
        let Some(id) = parts.get(0).as_string() else { continue };
        *kept.entry(ConnectionId::new(id)).or_default() |= parts.length() == 1;
    }
    let mut orphans = BTreeSet::new();
    for id in kept.keys() {
        if !has_key(transaction, id).await? {
            orphans.insert(id.clone());
        }
    }
    Ok((kept, orphans))
}

async fn has_key(transaction: &Transaction, id: &ConnectionId) -> Result<bool, StorageError> {
    let found = transaction.store(VAULT)?.get_key(&vault::key_of(id)).map_err(of)?;
    Ok(!answer(&found).await?.is_undefined())
}

/// When a run last changed people of a connection; `None` if its directories are not kept.
async fn changed_at(store: &IdbObjectStore, id: &ConnectionId) -> Result<Option<Millis>, StorageError> {
    let found = answer(&store.get(&choice_of(id)).map_err(of)?).await?;
    Ok(found.as_f64().map(|at| at as Millis))
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

/// A key behind all that begin with these parts: an array follows texts and numbers.
fn beyond(parts: &Array) -> JsValue {
    let beyond = parts.slice(0, parts.length());
    beyond.push(&Array::new());
    beyond.into()
}
