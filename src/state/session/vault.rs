//! Keeps keys beyond the page, in the vault of this device, and reads them back.
//!
//! Code that only pages call names the vault itself, which is fetched with them.

use domain::{Connection, ConnectionId, ConnectionKind, Credentials, KeyStorage, Secret};
use leptos::prelude::*;
use leptos::task::spawn_local;
use litemap::LiteMap;

use super::Session;
use super::keys::Locks;
use super::tabs::TabMessage;
use browser::storage::{Storage, StorageError};
use browser::vault::{self, Vault, VaultError};

/// The state of this device's vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultState {
    /// This device has no vault.
    None,
    /// A vault that needs its passphrase.
    Locked,
    /// Keys can be kept and read.
    Open,
}

impl Session {
    /// The state of this device's vault; tracked.
    pub fn vault_state(self) -> VaultState {
        match (self.is_vault_open.get(), self.has_vault.get()) {
            (true, _) => VaultState::Open,
            (false, true) => VaultState::Locked,
            (false, false) => VaultState::None,
        }
    }

    /// As [`vault_state`](Session::vault_state), untracked: for event handlers and tasks.
    pub fn vault_state_now(self) -> VaultState {
        untrack(|| self.vault_state())
    }

    /// True if the key of a connection is in the vault; tracked.
    pub fn is_key_stored(self, id: &ConnectionId) -> bool {
        self.stored_keys.with(|stored| stored.contains_key(id))
    }

    /// Number of keys in the vault; tracked.
    pub fn n_stored_keys(self) -> usize {
        self.stored_keys.with(|stored| stored.len())
    }

    /// Opens the vault and loads the keys of all known connections. Returns the connections whose record does
    /// not open.
    ///
    /// # Errors
    /// If the passphrase is wrong, or there is no vault that can be opened.
    pub async fn unlock(self, passphrase: &Secret) -> Result<Vec<ConnectionId>, VaultError> {
        let locks = self.locks();
        let storage = self.vault_storage().await?;
        let vault = Vault::unlock(&storage, passphrase).await?;
        let connections = self.direct_connections();
        let opened = vault.keys(&storage, connections.iter().map(|one| &**one)).await?;
        self.open_with(vault, &locks)?;
        for (id, credentials) in opened.keys {
            if self.is_one_locked_since(&id, &locks) {
                continue;
            }
            // It may have been removed or redirected while the key was being derived.
            let now = self.connection_now(&id);
            let before = connections.iter().find(|connection| connection.id == id);
            if let (Some(now), Some(before)) = (now, before)
                && now.destination() == before.destination()
            {
                self.set_credentials(&now, credentials);
            }
        }
        Ok(opened.damaged)
    }

    /// Creates the vault of this device and opens it.
    ///
    /// # Errors
    /// If there is one already, or the browser refuses.
    pub async fn create_vault(self, passphrase: &Secret) -> Result<(), VaultError> {
        let locks = self.locks();
        let storage = self.vault_storage().await?;
        let vault = Vault::create(&storage, passphrase).await?;
        self.has_vault.set(true);
        self.tell(&TabMessage::Vault);
        self.open_with(vault, &locks)
    }

    /// Stores the key of a connection where its setting says: `given`, or the one in memory. The key is in
    /// memory afterwards even if storing it failed.
    ///
    /// # Errors
    /// If it could not be stored there.
    pub async fn store_key(
        self,
        connection: &Connection,
        given: Option<Credentials>,
    ) -> Result<(), VaultError> {
        let credentials = given.unwrap_or_else(|| self.credentials(connection));
        if connection.kind != ConnectionKind::Direct {
            return Ok(());
        }
        let storage = connection.key_storage;
        if credentials != Credentials::None {
            self.set_credentials(connection, credentials.clone());
        }
        if storage != KeyStorage::Device
            && self.stored_keys.with_untracked(|stored| stored.contains_key(&connection.id))
        {
            self.vault_storage().await?.remove_sealed(&connection.id).await?;
            self.set_key_stored(&connection.id, false);
            self.tell(&TabMessage::Vault);
        }
        if credentials == Credentials::None {
            return Ok(());
        }
        match storage {
            KeyStorage::Memory => Ok(()),
            KeyStorage::Device => self.seal(connection, &credentials).await,
        }
    }

    async fn seal(self, connection: &Connection, credentials: &Credentials) -> Result<(), VaultError> {
        let storage = self.vault_storage().await?;
        let vault = self.inner().keys.vault.borrow().clone().ok_or(VaultError::Locked)?;
        match vault.keep(&storage, connection, credentials).await {
            Err(VaultError::Storage(StorageError::Conflict)) => {
                // Another tab has changed the passphrase or recreated the vault: this one is obsolete.
                self.close_vault();
                return Err(VaultError::Locked);
            }
            stored => stored?,
        }
        self.set_key_stored(&connection.id, true);
        self.tell(&TabMessage::Vault);
        Ok(())
    }

    /// Seals everything in the vault under a new passphrase.
    ///
    /// # Errors
    /// If the old passphrase is wrong or the browser refuses; nothing has changed then.
    pub async fn change_passphrase(self, old: &Secret, new: &Secret) -> Result<(), VaultError> {
        let locks = self.locks();
        let storage = self.vault_storage().await?;
        let connections = self.direct_connections();
        let list = connections.iter().map(|one| &**one);
        let vault = vault::change_passphrase(&storage, (old, new), list).await?;
        let opened = self.open_with(vault, &locks);
        self.tell(&TabMessage::Vault);
        self.read_vault(&storage).await;
        // Changing it deleted what was sealed under the old one.
        self.store_what_was_read();
        opened
    }

    /// Forgets the key of a connection, in all tabs and in the vault.
    ///
    /// # Errors
    /// If it remains in the vault.
    pub async fn forget_key(self, id: &ConnectionId) -> Result<(), VaultError> {
        self.lock(id);
        if self.stored_keys.with_untracked(|stored| stored.contains_key(id)) {
            self.vault_storage().await?.remove_sealed(id).await?;
            self.set_key_stored(id, false);
            self.tell(&TabMessage::Vault);
        }
        Ok(())
    }

    /// Forgets every key in the vault and its passphrase, and locks everything.
    ///
    /// # Errors
    /// If something remains on this device.
    pub async fn erase_vault(self) -> Result<(), VaultError> {
        self.lock_all();
        self.vault_storage().await?.erase_sealed().await?;
        self.has_vault.set(false);
        self.stored_keys.update(LiteMap::clear);
        self.tell(&TabMessage::Vault);
        Ok(())
    }

    /// Called when another tab has changed the vault: the one open here may be obsolete.
    pub(super) fn vault_changed_elsewhere(self) {
        spawn_local(async move {
            if let Some(storage) = self.storage().await {
                self.read_vault(&storage).await;
            }
        });
    }

    /// Reads the state of this device's vault.
    pub(super) async fn read_vault(self, storage: &Storage) {
        self.listen();
        let Ok((sealed, chosen)) = storage.sealed_and_choices().await else { return };
        if self.inner.try_get_value().is_none() {
            return; // the page is gone
        }
        let is_ours = |vault: &Vault| sealed.header.as_deref().is_some_and(|header| vault.is_of(header));
        if !self.inner().keys.vault.borrow().as_ref().is_some_and(is_ours) {
            self.close_vault();
        }
        self.has_vault.set(sealed.header.is_some());
        // One by one, because sorting them would be more code.
        let (mut keys, mut directories) = (LiteMap::new(), LiteMap::new());
        for (id, _) in sealed.records {
            keys.insert(id, ());
        }
        for id in chosen {
            directories.insert(id, ());
        }
        *self.inner().stored_directories.borrow_mut() = directories;
        self.stored_keys.set(keys);
    }

    /// Opens the vault unless everything was locked while its key was being derived: locking wins.
    fn open_with(self, vault: Vault, before: &Locks) -> Result<(), VaultError> {
        if self.is_locked_since(before) {
            return Err(VaultError::LockedMeanwhile);
        }
        self.listen();
        *self.inner().keys.vault.borrow_mut() = Some(vault);
        self.is_vault_open.set(true);
        Ok(())
    }

    fn set_key_stored(self, id: &ConnectionId, is_stored: bool) {
        // The choice goes with the key.
        if !is_stored || !untrack(|| self.is_key_stored(id)) {
            self.inner().stored_directories.borrow_mut().remove(id);
        }
        self.stored_keys.update(|stored| {
            if is_stored {
                stored.insert(id.clone(), ())
            } else {
                stored.remove(id)
            };
        });
    }

    fn direct_connections(self) -> Vec<std::sync::Arc<Connection>> {
        let mut connections = self.connections.get_untracked();
        connections.retain(|connection| connection.kind == ConnectionKind::Direct);
        connections
    }

    /// The storage, created now if there is none.
    async fn vault_storage(self) -> Result<Storage, VaultError> {
        let storage = match self.storage().await {
            Some(storage) => Some(storage),
            None => {
                self.open_storage().await;
                self.storage_now()
            }
        };
        storage.ok_or(VaultError::Storage(StorageError::Unavailable))
    }
}
