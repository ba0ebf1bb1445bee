//! Keys kept on this device, sealed under a passphrase.
//!
//! There is one vault with a record per connection. Records are sealed with AES-GCM (256-bit key, fresh
//! initialization vector for every write). The key is derived from the passphrase by PBKDF2 with SHA-256 and
//! held by the browser while the vault is open. A record is bound to its connection and to the destination of
//! its key. No transaction waits for cryptography: records are sealed before, and the write is refused if the
//! vault has been replaced meanwhile.
//!
//! This protects a stolen profile or its backup. It does not protect against script in this page, which could
//! use an open vault just as the console does.
//!
//! What was read of a directory is kept in the same way, if the user chose that for a connection.

mod crypto;
mod directories;

use domain::vault::{
    CHECK, Header, MIN_ROUNDS, Record, Salt, header_bound_to, read_key, record_bound_to, write_key,
};
use domain::{Connection, ConnectionId, Credentials, Secret};
use web_sys::CryptoKey;

use crate::storage::{SealedRecords, Storage, StorageError};

pub use crypto::is_available;
pub use directories::OpenedDirectory;

/// Minimum length of a new passphrase.
pub const MIN_PASSPHRASE_CHARS: usize = 12;

/// Why a vault could not be opened or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// The passphrase is wrong. Nothing else is known.
    WrongPassphrase,
    /// The stored header is not that of a vault.
    Damaged,
    /// Web Crypto is not available to this page.
    NoCrypto,
    /// There is no vault, or it is locked.
    Locked,
    /// Everything was locked while the key was being derived.
    LockedMeanwhile,
    /// The key is too long or contains characters that no key has.
    NoKey,
    /// The browser failed to read or write.
    Storage(StorageError),
}

impl From<StorageError> for VaultError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// An open vault. Dropping it locks it.
#[derive(Clone)]
pub struct Vault {
    key: CryptoKey,
    salt: Salt,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// The result of opening a vault's records.
#[derive(Debug, Default)]
pub struct OpenedKeys {
    /// The keys by connection.
    pub keys: Vec<(ConnectionId, Credentials)>,
    /// Connections whose record does not open: it was altered, or was made for another destination.
    pub damaged: Vec<ConnectionId>,
}

impl Vault {
    /// Creates a vault where there is none.
    ///
    /// # Errors
    /// If there is one already, or the browser refuses.
    pub async fn create(storage: &Storage, passphrase: &Secret) -> Result<Self, VaultError> {
        let (vault, header) = Self::fresh(passphrase).await?;
        storage.begin_vault(&header).await?;
        Ok(vault)
    }

    /// Opens the vault of this device.
    ///
    /// # Errors
    /// If the passphrase is wrong, or there is no vault that can be opened.
    pub async fn unlock(storage: &Storage, passphrase: &Secret) -> Result<Self, VaultError> {
        Self::open(&storage.sealed().await?, passphrase).await
    }

    async fn open(sealed: &SealedRecords, passphrase: &Secret) -> Result<Self, VaultError> {
        let header = sealed.header.as_deref().ok_or(VaultError::Locked)?;
        let header = Header::decode(header).map_err(|_| VaultError::Damaged)?;
        let key = crypto::derive(passphrase, &header.salt, header.rounds).await?;
        if crypto::is_right(&key, &header).await? {
            Ok(Self { key, salt: header.salt })
        } else {
            Err(VaultError::WrongPassphrase)
        }
    }

    async fn fresh(passphrase: &Secret) -> Result<(Self, Box<[u8]>), VaultError> {
        let salt = crypto::new_salt()?;
        let key = crypto::derive(passphrase, &salt, MIN_ROUNDS).await?;
        let check = crypto::seal(&key, &header_bound_to(MIN_ROUNDS, &salt), &CHECK).await?;
        let header = Header { rounds: MIN_ROUNDS, salt, check };
        Ok((Self { key, salt }, header.encode().into()))
    }

    /// True if this vault has the given header.
    pub fn is_of(&self, header: &[u8]) -> bool {
        Header::decode(header).is_ok_and(|header| header.salt == self.salt)
    }

    /// Adds or replaces the key of a connection.
    ///
    /// # Errors
    /// If the vault has been replaced, or the browser refuses.
    pub async fn keep(
        &self,
        storage: &Storage,
        connection: &Connection,
        credentials: &Credentials,
    ) -> Result<(), VaultError> {
        let record = self.sealed(connection, credentials).await?;
        Ok(storage.put_sealed(&self.salt, &connection.id, &record).await?)
    }

    /// Opens the records of the given connections, ignoring those without one.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn keys<'a>(
        &self,
        storage: &Storage,
        connections: impl IntoIterator<Item = &'a Connection>,
    ) -> Result<OpenedKeys, VaultError> {
        self.opened(&storage.sealed().await?, connections).await
    }

    async fn opened<'a>(
        &self,
        sealed: &SealedRecords,
        connections: impl IntoIterator<Item = &'a Connection>,
    ) -> Result<OpenedKeys, VaultError> {
        let mut opened = OpenedKeys::default();
        for connection in connections {
            let record = sealed.records.iter().find(|(id, _)| *id == connection.id);
            let Some((_, record)) = record else { continue };
            let bound_to = record_bound_to(&connection.id, &connection.destination());
            let text = match Record::decode(record) {
                Ok(record) if record.salt == self.salt => {
                    crypto::open(&self.key, &bound_to, &record.key).await?
                }
                Ok(_) | Err(_) => None,
            };
            let key = text.and_then(|bytes| read_key(str::from_utf8(&bytes).ok()?).ok());
            match key {
                Some(key) => opened.keys.push((connection.id.clone(), key)),
                None => opened.damaged.push(connection.id.clone()),
            }
        }
        Ok(opened)
    }

    async fn sealed(
        &self,
        connection: &Connection,
        credentials: &Credentials,
    ) -> Result<Box<[u8]>, VaultError> {
        let text = write_key(credentials).ok_or(VaultError::NoKey)?;
        let bound_to = record_bound_to(&connection.id, &connection.destination());
        let key = crypto::seal(&self.key, &bound_to, text.expose().as_bytes()).await?;
        Ok(Record { salt: self.salt, key }.encode().into())
    }
}

/// Seals all keys again under a new passphrase. The old passphrase holds until everything is written in one
/// transaction. Records that do not open, or whose connection is not given, are dropped.
///
/// # Errors
/// If the old passphrase is wrong, a key was stored in the meantime, or the browser refuses.
pub async fn change_passphrase<'a>(
    storage: &Storage,
    (old, new): (&Secret, &Secret),
    connections: impl IntoIterator<Item = &'a Connection> + Clone,
) -> Result<Vault, VaultError> {
    let before = storage.sealed().await?;
    let opened = Vault::open(&before, old).await?.opened(&before, connections.clone()).await?;
    let (vault, header) = Vault::fresh(new).await?;
    let mut after = SealedRecords { header: Some(header), records: Vec::new() };
    for (id, credentials) in opened.keys {
        let connection = connections.clone().into_iter().find(|connection| connection.id == id);
        if let Some(connection) = connection {
            after.records.push((id, vault.sealed(connection, &credentials).await?));
        }
    }
    storage.replace_sealed(&before, &after).await?;
    Ok(vault)
}
