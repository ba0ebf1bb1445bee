//! Keeps what was read of directories beyond the page, sealed in the vault of this device, for the connections whose
//! user chose that.

use browser::clock;
use browser::storage::StorageError;
use browser::vault::{OpenedDirectory, VaultError};
use domain::{Connection, ConnectionId, KeyStorage};
use js_sys::Uint8Array;
use leptos::prelude::*;

use super::Session;
use super::tabs::TabMessage;
use crate::state::directory::PeopleDirectory;
use crate::state::keeping::KeepMoment;

/// Why a directory was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// It is larger than what is kept.
    TooLarge,
    /// The storage of this page is full.
    Full,
    /// The browser failed to seal or write.
    Failed,
}

impl Session {
    /// True if the user may choose to keep directories: the key is in the vault of this device, and the host allows
    /// that. Tracked.
    pub fn can_store_directories(self, id: &ConnectionId) -> bool {
        self.is_key_stored(id) && self.inner().config.borrow().limits.allows(KeyStorage::Device)
    }

    /// True if directories of a connection are kept on this device; tracked.
    pub fn stores_directories(self, id: &ConnectionId) -> bool {
        self.can_store_directories(id) && self.inner().stored_directories.borrow().contains_key(id)
    }

    /// Keeps directories of a connection from now on, beginning with those in memory; or keeps none, and deletes those
    /// that were kept.
    ///
    /// # Errors
    /// If the browser refuses. Nothing has changed then.
    pub async fn set_stores_directories(
        self,
        id: &ConnectionId,
        is_chosen: bool,
    ) -> Result<(), StorageError> {
        let storage = self.storage().await.ok_or(StorageError::Unavailable)?;
        storage.choose_directories(id, is_chosen).await?;
        if self.inner.try_get_value().is_none() {
            return Ok(()); // the page is gone
        }
        {
            let inner = self.inner();
            let mut chosen = inner.stored_directories.borrow_mut();
            if is_chosen {
                chosen.insert(id.clone(), ())
            } else {
                chosen.remove(id)
            };
        }
        self.stored_keys.notify();
        self.tell(&TabMessage::Vault);
        if is_chosen {
            self.store_what_was_read();
        } else {
            let read = self.inner().directories.borrow().clone();
            read.iter().filter(|read| read.is_of(id, None)).for_each(PeopleDirectory::note_forgotten);
        }
        Ok(())
    }

    /// Keeps the directories in memory, as far as the user chose so.
    pub(super) fn store_what_was_read(self) {
        let read = self.inner().directories.borrow().clone();
        read.iter().for_each(|read| read.keep(KeepMoment::AtRest, None));
    }

    /// Keeps a directory on this device, if the user chose so and the vault is open.
    ///
    /// # Errors
    /// If that is so, but it is not kept.
    pub(crate) async fn store_directory(
        self,
        connection: &Connection,
        directory: &str,
        bytes: &Uint8Array,
    ) -> Result<(), NotKept> {
        let (Some(storage), Some(vault)) = (self.storage_now(), self.open_vault()) else { return Ok(()) };
        let of = (connection, directory);
        match vault.keep_directory(&storage, of, bytes, clock::now()).await {
            // Another tab has changed the passphrase or the choice, and has told this one.
            Ok(()) | Err(VaultError::Storage(StorageError::Conflict | StorageError::Gone)) => Ok(()),
            Err(VaultError::Storage(StorageError::QuotaExceeded)) => Err(NotKept::Full),
            Err(_) => Err(NotKept::Failed),
        }
    }

    /// A directory that was kept on this device, if the vault is open.
    pub(crate) async fn stored_directory(
        self,
        connection: &Connection,
        directory: &str,
    ) -> Option<OpenedDirectory> {
        let locks = self.locks();
        let (storage, vault) = (self.storage_now()?, self.open_vault()?);
        // What cannot be opened is read again.
        let opened = vault.directory(&storage, connection, directory).await.ok()??;
        self.inner.try_get_value()?;
        let is_locked = self.is_locked_since(&locks) || self.is_one_locked_since(&connection.id, &locks);
        (!is_locked).then_some(opened)
    }

    fn open_vault(self) -> Option<browser::vault::Vault> {
        self.inner.try_get_value()?.keys.vault.borrow().clone()
    }
}
