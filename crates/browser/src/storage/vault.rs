//! The store of sealed keys: the header of the vault and a record per connection, as bytes. `domain::vault`
//! defines their format, `crate::vault` opens them.

use domain::ConnectionId;
use domain::vault::{Header, Salt};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbObjectStore;

use super::StorageError;
use super::database::{Mode, Transaction, answer, of};
use super::directories;
use super::store::{DIRECTORIES, Storage, VAULT};

const HEADER: &str = "header";
const KEY: &str = "key:";

/// The contents of the store, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedRecords {
    /// The header; `None` if there is no vault.
    pub header: Option<Box<[u8]>>,
    /// The records by connection.
    pub records: Vec<(ConnectionId, Box<[u8]>)>,
}

impl Storage {
    /// Reads everything.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn sealed(&self) -> Result<SealedRecords, StorageError> {
        let transaction = self.begin(&[VAULT], Mode::Read).await?;
        let sealed = read(&transaction.store(VAULT)?).await?;
        transaction.done().await?;
        Ok(sealed)
    }

    /// Reads everything, and which of these connections have the choice to keep directories. Forgets the directories of
    /// connections without a key, which an earlier release may have left.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn sealed_and_choices(&self) -> Result<(SealedRecords, Vec<ConnectionId>), StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Relaxed).await?;
        let sealed = read(&transaction.store(VAULT)?).await?;
        let has_key = |id: &ConnectionId| sealed.records.iter().any(|(other, _)| other == id);
        let chosen = directories::choices(&transaction, &has_key).await?;
        transaction.done().await?;
        Ok((sealed, chosen))
    }

    /// Creates a vault where there is none.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if there is one, or if the browser refuses.
    pub(crate) async fn begin_vault(&self, header: &[u8]) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT], Mode::Write).await?;
        transaction.store(VAULT)?.add_with_key(&bytes(header), &HEADER.into()).map_err(of)?;
        transaction.done().await
    }

    /// Adds or replaces the record of a connection.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the vault has been replaced, or if the browser refuses.
    pub(crate) async fn put_sealed(
        &self,
        vault: &Salt,
        id: &ConnectionId,
        record: &[u8],
    ) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT], Mode::Write).await?;
        let store = transaction.store(VAULT)?;
        let header = header(&store).await?.and_then(|header| Header::decode(&header).ok());
        if header.is_none_or(|header| header.salt != *vault) {
            return Err(StorageError::Conflict);
        }
        store.put_with_key(&bytes(record), &key_of(id)).map_err(of)?;
        transaction.done().await
    }

    /// Replaces the vault in one transaction. Directories that were sealed under another passphrase are forgotten.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the stored one no longer equals `before`, or if the browser refuses.
    pub async fn replace_sealed(
        &self,
        before: &SealedRecords,
        after: &SealedRecords,
    ) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Write).await?;
        let store = transaction.store(VAULT)?;
        if read(&store).await? != *before {
            return Err(StorageError::Conflict);
        }
        write(&transaction, after)?;
        if after.header != before.header {
            // What was sealed under the former passphrase does not open any more.
            for (id, _) in &before.records {
                let stays = after.records.iter().any(|(other, _)| other == id);
                let forget = if stays { directories::forget_lists } else { directories::forget };
                forget(&transaction, id)?;
            }
        }
        transaction.done().await
    }

    /// Deletes the record of a connection, with what is kept of its directories. Does nothing if there is none.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn remove_sealed(&self, id: &ConnectionId) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Write).await?;
        transaction.store(VAULT)?.delete(&key_of(id)).map_err(of)?;
        directories::forget(&transaction, id)?;
        transaction.done().await
    }

    /// Deletes the vault with all records and all directories.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn erase_sealed(&self) -> Result<(), StorageError> {
        let transaction = self.begin(&[VAULT, DIRECTORIES], Mode::Write).await?;
        for store in [VAULT, DIRECTORIES] {
            transaction.store(store)?.clear().map_err(of)?;
        }
        transaction.done().await
    }
}

/// The key of a connection's record.
pub(super) fn key_of(id: &ConnectionId) -> JsValue {
    [KEY, id.as_str()].concat().into()
}

fn write(transaction: &Transaction, sealed: &SealedRecords) -> Result<(), StorageError> {
    let store = transaction.store(VAULT)?;
    store.clear().map_err(of)?;
    if let Some(header) = &sealed.header {
        store.put_with_key(&bytes(header), &HEADER.into()).map_err(of)?;
    }
    for (id, record) in &sealed.records {
        store.put_with_key(&bytes(record), &key_of(id)).map_err(of)?;
    }
    Ok(())
}

pub(super) async fn header(store: &IdbObjectStore) -> Result<Option<Box<[u8]>>, StorageError> {
    let found = answer(&store.get(&HEADER.into()).map_err(of)?).await?;
    Ok((!found.is_undefined()).then(|| taken(&found)))
}

async fn read(store: &IdbObjectStore) -> Result<SealedRecords, StorageError> {
    let keys: Array = answer(&store.get_all_keys().map_err(of)?).await?.unchecked_into();
    let values: Array = answer(&store.get_all().map_err(of)?).await?.unchecked_into();
    let mut sealed = SealedRecords::default();
    for (key, value) in keys.iter().zip(values.iter()) {
        let Some(key) = key.as_string() else { continue };
        if key == HEADER {
            sealed.header = Some(taken(&value));
        } else if let Some(id) = key.strip_prefix(KEY) {
            sealed.records.push((ConnectionId::new(id), taken(&value)));
        }
    }
    Ok(sealed)
}

pub(super) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The bytes stored. Any other value becomes empty, which no reader accepts as part of a vault.
pub(super) fn taken(value: &JsValue) -> Box<[u8]> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default().into()
}
