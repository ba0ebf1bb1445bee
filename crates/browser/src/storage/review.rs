//! What reviews keep on the device: its signing key.
//!
//! | Store | Key | Value |
//! |---|---|---|
//! | `review` | `identity` | the key pair, its fingerprint, and the declared name |

use ::review::Fingerprint;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, CryptoKeyPair};

use super::StorageError;
use super::database::{Mode, answer, of};
use super::store::{REVIEW, Storage};

const IDENTITY: &str = "identity";

const NAME: &str = "name";
const FINGERPRINT: &str = "fingerprint";
const KEYS: &str = "keys";

/// The device's signing key as it is stored. `crate::identity` checks whether the parts belong together.
#[derive(Debug)]
pub(crate) struct IdentityRecord {
    /// The declared name.
    pub(crate) name: String,
    /// The fingerprint of the public key.
    pub(crate) fingerprint: String,
    /// The keys.
    pub(crate) keys: CryptoKeyPair,
}

impl IdentityRecord {
    fn to_value(&self) -> Result<JsValue, StorageError> {
        let record = Object::new();
        let parts = [
            (NAME, &self.name.as_str().into()),
            (FINGERPRINT, &self.fingerprint.as_str().into()),
            (KEYS, self.keys.as_ref()),
        ];
        for (name, value) in parts {
            Reflect::set(&record, &name.into(), value).map_err(of)?;
        }
        Ok(record.into())
    }

    fn read(record: &JsValue) -> Option<Self> {
        let keys = Reflect::get(record, &KEYS.into()).ok()?;
        let part = |name: &str| Reflect::get(&keys, &name.into()).ok()?.dyn_into::<CryptoKey>().ok();
        let keys = CryptoKeyPair::new(&part("privateKey")?, &part("publicKey")?);
        Some(Self { name: text(record, NAME)?, fingerprint: text(record, FINGERPRINT)?, keys })
    }
}

fn text(record: &JsValue, name: &str) -> Option<String> {
    Reflect::get(record, &name.into()).ok()?.as_string()
}

impl Storage {
    /// Keeps the device's signing key.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if there is one; [`StorageError::Unavailable`] if the browser stores no keys, as in
    /// some private windows; or if it refuses.
    pub(crate) async fn add_identity(&self, record: &IdentityRecord) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let value = record.to_value()?;
        match transaction.store(REVIEW)?.add_with_key(&value, &IDENTITY.into()).map_err(of) {
            // It cannot copy the keys.
            Err(StorageError::Corrupt) => return Err(StorageError::Unavailable),
            other => other?,
        };
        transaction.done().await
    }

    /// The device's signing key; `None` if there is none.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if the record is something else, or if the browser refuses.
    pub(crate) async fn identity(&self) -> Result<Option<IdentityRecord>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let record = answer(&transaction.store(REVIEW)?.get(&IDENTITY.into()).map_err(of)?).await?;
        transaction.done().await?;
        if record.is_undefined() {
            return Ok(None);
        }
        IdentityRecord::read(&record).map(Some).ok_or(StorageError::Corrupt)
    }

    /// Deletes the device's signing key for good. Without a fingerprint it deletes whatever is there, such as a record
    /// that cannot be read. Does nothing if there is none.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if there is a key with another fingerprint, or if the browser refuses.
    pub async fn remove_identity(&self, fingerprint: Option<Fingerprint>) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let store = transaction.store(REVIEW)?;
        let record = answer(&store.get(&IDENTITY.into()).map_err(of)?).await?;
        let is_other = |fingerprint: Fingerprint| text(&record, FINGERPRINT) != Some(fingerprint.to_string());
        if !record.is_undefined() && fingerprint.is_some_and(is_other) {
            return Err(StorageError::Conflict);
        }
        store.delete(&IDENTITY.into()).map_err(of)?;
        transaction.done().await
    }
}
