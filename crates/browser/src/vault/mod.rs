//! Keys that are kept on this device, sealed under a passphrase.
//!
//! One vault with a record for each connection. AES-GCM with 256 bits and a fresh vector for every writing; the
//! key by PBKDF2 with SHA-256 from the passphrase, in the browser's hands and for as long as the vault is open.
//! A record is bound to its connection and to where its key may be sent. No transaction waits for cryptography:
//! what is written was sealed before, and is refused if the vault has become another one meanwhile.
//!
//! It protects a profile that was stolen, or a backup of it. It does not protect from script in this page,
//! which could use an open vault like the console does.

mod crypto;

use domain::vault::{
    CHECK, Header, MIN_ROUNDS, Record, Salt, header_bound_to, read_key, record_bound_to, write_key,
};
use domain::{Connection, ConnectionId, Credentials, Secret};
use web_sys::CryptoKey;

use crate::storage::{Sealed, Storage, StorageError};

pub use crypto::is_available;

/// Fewest characters of a new passphrase.
pub const MIN_PASSPHRASE_CHARS: usize = 12;

/// Why a vault was not opened or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// The passphrase is another one. Nothing else is known.
    WrongPassphrase,
    /// What was kept is no vault any more.
    Damaged,
    /// The browser does not let this page use its cryptography.
    NoCrypto,
    /// There is no such vault, or it is locked.
    Locked,
    /// Everything was locked while the passphrase was being tried.
    LockedMeanwhile,
    /// The key is too long or has characters that no key has.
    NoKey,
    /// The browser did not read or write.
    Storage(StorageError),
}

impl From<StorageError> for VaultError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// A vault that is open. Dropping it locks it.
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

/// What came of opening the records of a vault.
#[derive(Debug, Default)]
pub struct OpenedKeys {
    /// The keys, each of the connection that it was asked for.
    pub keys: Vec<(ConnectionId, Credentials)>,
    /// Connections whose record does not open: it was changed, or was made for another address.
    pub damaged: Vec<ConnectionId>,
}

impl Vault {
    /// Makes a vault where there is none.
    ///
    /// # Errors
    /// If there is one, or the browser does not let it.
    pub async fn create(storage: &Storage, passphrase: &Secret) -> Result<Self, VaultError> {
        let (vault, header) = Self::fresh(passphrase).await?;
        storage.begin_vault(&header).await?;
        Ok(vault)
    }

    /// Opens the vault of this device.
    ///
    /// # Errors
    /// If the passphrase is another one, or there is no vault that could be opened.
    pub async fn unlock(storage: &Storage, passphrase: &Secret) -> Result<Self, VaultError> {
        Self::open(&storage.sealed().await?, passphrase).await
    }

    async fn open(sealed: &Sealed, passphrase: &Secret) -> Result<Self, VaultError> {
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

    /// True if this is the vault with this header.
    pub fn is_of(&self, header: &[u8]) -> bool {
        Header::decode(header).is_ok_and(|header| header.salt == self.salt)
    }

    /// Keeps the key of a connection, in place of the one it had.
    ///
    /// # Errors
    /// If the vault has become another one, or the browser does not let it.
    pub async fn keep(
        &self,
        storage: &Storage,
        connection: &Connection,
        credentials: &Credentials,
    ) -> Result<(), VaultError> {
        let record = self.sealed(connection, credentials).await?;
        Ok(storage.put_sealed(&self.salt, &connection.id, &record).await?)
    }

    /// Opens the records of some connections; those without one are left out.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn keys<'a>(
        &self,
        storage: &Storage,
        connections: impl IntoIterator<Item = &'a Connection>,
    ) -> Result<OpenedKeys, VaultError> {
        self.opened(&storage.sealed().await?, connections).await
    }

    async fn opened<'a>(
        &self,
        sealed: &Sealed,
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

/// Seals everything anew under another passphrase. Until that is written as a whole the old one holds; a record
/// that does not open for its connection, or has none, cannot be taken along.
///
/// # Errors
/// If the old passphrase is another one, if a key was kept in the meantime, or the browser does not let it.
pub async fn change_passphrase<'a>(
    storage: &Storage,
    (old, new): (&Secret, &Secret),
    connections: impl IntoIterator<Item = &'a Connection> + Clone,
) -> Result<Vault, VaultError> {
    let before = storage.sealed().await?;
    let opened = Vault::open(&before, old).await?.opened(&before, connections.clone()).await?;
    let (vault, header) = Vault::fresh(new).await?;
    let mut after = Sealed { header: Some(header), records: Vec::new() };
    for (id, credentials) in opened.keys {
        let connection = connections.clone().into_iter().find(|connection| connection.id == id);
        if let Some(connection) = connection {
            after.records.push((id, vault.sealed(connection, &credentials).await?));
        }
    }
    storage.replace_sealed(&before, &after).await?;
    Ok(vault)
}
