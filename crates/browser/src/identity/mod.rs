//! The key with which this device signs documents of `review`, and the verification of others' signatures.
//!
//! The private key is not extractable: not even this page can export it. Script in this page could sign with it all the
//! same, and so could a person who copies the browser's profile, because browsers write such keys to the disk as they are.
//!
//! Nothing that every page loads may use this module: it brings `review` along.

mod crypto;
#[cfg(test)]
mod tests;

use domain::plain;
use review::{Document, Signed, Signer, Unsigned};
use web_sys::CryptoKeyPair;

use crate::storage::{IdentityRecord, Storage, StorageError};

pub use crypto::{SignatureError, verify};

/// Why this device has no identity, or could not sign with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// The owner has not declared a name yet, or nothing in it is visible.
    NoName,
    /// There is an identity already, perhaps made in another tab: load that one, or forget it first.
    Exists,
    /// The signature is not valid: the document names another signer, or the browser signs wrongly.
    Invalid,
    /// The browser could not make the key, sign or verify.
    Signature(SignatureError),
    /// The browser failed to read or write. [`StorageError::Corrupt`] if what is stored is not a key pair that cannot be
    /// exported; [`Storage::remove_identity`] deletes it.
    Storage(StorageError),
}

impl From<StorageError> for IdentityError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<SignatureError> for IdentityError {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

/// A key pair of this device, and the name that its owner declares. It exists before the name, because entries of the
/// ledger have an author from the first one on. A document that it signs needs one.
#[derive(Clone, Debug)]
pub struct DeviceIdentity {
    signer: Signer,
    keys: CryptoKeyPair,
    kept: Result<(), StorageError>,
}

impl DeviceIdentity {
    /// Makes a key, and keeps it on the device. Where that fails, or there is no storage, it is in memory only: see
    /// [`kept`](Self::kept). The name is made plain; it may be empty.
    ///
    /// # Errors
    /// If there is one already, or the browser has no signatures.
    pub async fn create(storage: Result<&Storage, StorageError>, name: &str) -> Result<Self, IdentityError> {
        let name = plain::name(name);
        let keys = crypto::generate().await?;
        let key = crypto::public_key(&keys.get_public_key()).await?;
        let signer = Signer { name: name.into(), key };
        let mut identity = Self { signer, keys, kept: Err(StorageError::Unavailable) };
        let kept = match storage {
            Ok(storage) => storage.add_identity(&identity.record()).await,
            Err(error) => Err(error),
        };
        if kept == Err(StorageError::Conflict) {
            return Err(IdentityError::Exists);
        }
        identity.kept = kept;
        Ok(identity)
    }

    /// The identity of this device; `None` if it has none.
    ///
    /// # Errors
    /// If what is stored is damaged, or the browser refuses.
    pub async fn load(storage: &Storage) -> Result<Option<Self>, IdentityError> {
        let Some(IdentityRecord { name, fingerprint, keys }) = storage.identity().await? else {
            return Ok(None);
        };
        let (private, public) = (keys.get_private_key(), keys.get_public_key());
        let is_ours = plain::name(&name) == name
            && private.type_() == "private"
            && !private.extractable()
            && public.type_() == "public"
            && crypto::algorithm_of(&public).is_some()
            && crypto::algorithm_of(&private) == crypto::algorithm_of(&public);
        if !is_ours {
            return Err(StorageError::Corrupt.into());
        }
        let signer = Signer { key: crypto::public_key(&public).await?, name: name.into() };
        if signer.key.fingerprint().to_string() != fingerprint {
            return Err(StorageError::Corrupt.into());
        }
        Ok(Some(Self { signer, keys, kept: Ok(()) }))
    }

    /// The public key and the declared name.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Whether the key outlives this page.
    ///
    /// # Errors
    /// Why it does not: it is in memory only. What it signs stays valid, but after a reload nobody can sign with it.
    pub fn kept(&self) -> Result<(), StorageError> {
        self.kept
    }

    /// Declares a name, or another one. It is made plain. Colleagues who trust the key keep the name that they have
    /// compared.
    ///
    /// # Errors
    /// If nothing in the name is visible, the device has another key by now, or the browser refuses.
    pub async fn rename(
        &self,
        storage: Result<&Storage, StorageError>,
        name: &str,
    ) -> Result<Self, IdentityError> {
        let name = plain::name(name);
        if name.is_empty() {
            return Err(IdentityError::NoName);
        }
        let mut renamed = self.clone();
        renamed.signer.name = name.into();
        if self.kept.is_ok() {
            storage?.replace_identity(&renamed.record()).await?;
        }
        Ok(renamed)
    }

    /// Whether the owner has declared a name.
    pub fn has_name(&self) -> bool {
        !self.signer.name.is_empty()
    }

    /// Signs a document, and verifies the signature like any other.
    ///
    /// # Errors
    /// If the document names another signer, or the browser refuses.
    pub async fn sign<T: Document>(&self, unsigned: Unsigned<T>) -> Result<Signed<T>, IdentityError> {
        let (_, message) = unsigned.to_sign();
        let signature =
            crypto::sign(&self.keys.get_private_key(), self.signer.key.algorithm(), &message).await?;
        let unverified = unsigned.signed(signature);
        let answers = verify(vec![unverified.check()]).await?;
        unverified.verified(&answers).map_err(|_| IdentityError::Invalid)
    }

    /// Deletes the key for good. Other pages that have loaded it can sign with it until they are closed.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the device has another key by now, or if the browser refuses.
    pub async fn forget(self, storage: &Storage) -> Result<(), StorageError> {
        storage.remove_identity(Some(self.signer.key.fingerprint())).await
    }

    fn record(&self) -> IdentityRecord {
        let fingerprint = self.signer.key.fingerprint().to_string();
        IdentityRecord { name: self.signer.name.to_string(), fingerprint, keys: self.keys.clone() }
    }
}
