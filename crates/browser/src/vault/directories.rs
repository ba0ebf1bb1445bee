//! Directories kept on this device, sealed like keys and under the same passphrase.

use domain::vault::{DirectoryHead, directory_bound_to};
use domain::{Connection, Millis};
use js_sys::Uint8Array;

use super::{Vault, VaultError, crypto};
use crate::storage::Storage;

/// A directory that was kept.
#[derive(Clone, Debug)]
pub struct OpenedDirectory {
    /// The bytes, as they were kept.
    pub bytes: Uint8Array,
    /// When a run last changed people of the connection; 0 if none did.
    pub changed_at: Millis,
}

impl Vault {
    /// Keeps a directory of a connection, in place of what was kept of it.
    ///
    /// # Errors
    /// If the vault has been replaced, the directories of the connection are not kept any more, or the browser refuses.
    pub async fn keep_directory(
        &self,
        storage: &Storage,
        (connection, directory): (&Connection, &str),
        bytes: &Uint8Array,
        at: Millis,
    ) -> Result<(), VaultError> {
        let bound_to = directory_bound_to(&connection.id, &connection.target(), directory);
        let (iv, body) = crypto::seal_array(&self.key, &bound_to, bytes).await?;
        let head = DirectoryHead { salt: self.salt, iv }.encode();
        let of = (&connection.id, directory);
        Ok(storage.put_directory(&self.salt, of, at, (&head, &body)).await?)
    }

    /// Opens a directory of a connection; `None` if it is not kept, or was kept for another target.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn directory(
        &self,
        storage: &Storage,
        connection: &Connection,
        directory: &str,
    ) -> Result<Option<OpenedDirectory>, VaultError> {
        let Some(sealed) = storage.sealed_directory(&connection.id, directory).await? else {
            return Ok(None);
        };
        let head = DirectoryHead::decode(&sealed.head).ok().filter(|head| head.salt == self.salt);
        let Some(head) = head else { return Ok(None) };
        let bound_to = directory_bound_to(&connection.id, &connection.target(), directory);
        let bytes = crypto::open_array(&self.key, &bound_to, &head.iv, &sealed.body).await?;
        Ok(bytes.map(|bytes| OpenedDirectory { bytes, changed_at: sealed.changed_at }))
    }
}
