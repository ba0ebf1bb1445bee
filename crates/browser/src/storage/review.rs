//! What reviews keep on the device: its signing key, the keys that it trusts, the newest time that it told, and the
//! requests that were made or opened here. The chain of the device is in `chain`.
//!
//! | Store | Key | Value |
//! |---|---|---|
//! | `review` | `identity` | the key pair, its fingerprint, and the declared name |
//! | `review` | `trust`, `clock` | the trusted keys and the clock, as JSON |
//! | `review` | `second` | that this key is the second one of a person, as the two keys have signed it |
//! | `review` | `request:` and the hash of a request | the request with the decisions about it, as text |

use ::review::{Digest, Fingerprint, MAX_BYTES, ReviewClock, TrustStore, canonical};
use domain::Millis;
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, CryptoKeyPair, IdbKeyRange, IdbObjectStore};

use super::StorageError;
use super::database::{Mode, answer, of};
use super::store::{REVIEW, Storage};

const IDENTITY: &str = "identity";
const TRUST: &str = "trust";
const CLOCK: &str = "clock";
const SECOND: &str = "second";

/// What the key of a request begins with, and the end of such keys.
const REQUEST: (&str, &str) = ("request:", "request;");

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

    /// Replaces the record of the device's signing key, to declare another name.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if there is no key with this fingerprint, or if the browser refuses.
    pub(crate) async fn replace_identity(&self, record: &IdentityRecord) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let store = transaction.store(REVIEW)?;
        let stored = answer(&store.get(&IDENTITY.into()).map_err(of)?).await?;
        if stored.is_undefined() || text(&stored, FINGERPRINT).as_ref() != Some(&record.fingerprint) {
            return Err(StorageError::Conflict);
        }
        store.put_with_key(&record.to_value()?, &IDENTITY.into()).map_err(of)?;
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

    /// The keys that this device knows.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if they cannot be read, which is not the same as none, or if the browser refuses.
    pub async fn trust(&self) -> Result<TrustStore, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let trust = read(&transaction.store(REVIEW)?, TRUST).await?;
        transaction.done().await?;
        Ok(trust.unwrap_or_default())
    }

    /// Replaces the keys that this device knows.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the stored ones no longer equal `before`, because another tab has changed them, or
    /// if the browser refuses.
    pub async fn replace_trust(&self, before: &TrustStore, after: &TrustStore) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let store = transaction.store(REVIEW)?;
        let stored: TrustStore = read(&store, TRUST).await?.unwrap_or_default();
        if stored.keys() != before.keys() {
            return Err(StorageError::Conflict);
        }
        write(&store, TRUST, after)?;
        transaction.done().await
    }

    /// The clock of reviews, after the device has told a time. All tabs share it.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if it cannot be read, or if the browser refuses.
    pub async fn review_clock(&self, told: Millis) -> Result<ReviewClock, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let store = transaction.store(REVIEW)?;
        let mut clock: ReviewClock = read(&store, CLOCK).await?.unwrap_or_default();
        clock.now(told);
        write(&store, CLOCK, &clock)?;
        transaction.done().await?;
        Ok(clock)
    }

    /// Starts the clock of reviews again at a time, after a person has said that it was wrong before.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn reset_review_time(&self, told: Millis) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let mut clock = ReviewClock::default();
        clock.reset(told);
        write(&transaction.store(REVIEW)?, CLOCK, &clock)?;
        transaction.done().await
    }

    /// What was kept with [`keep_second_key`](Self::keep_second_key).
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn second_key(&self) -> Result<Option<String>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let text = answer(&transaction.store(REVIEW)?.get(&SECOND.into()).map_err(of)?).await?;
        transaction.done().await?;
        Ok(text.as_string())
    }

    /// Keeps what the keys of a person's two devices have signed to say that they belong together.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn keep_second_key(&self, text: &str) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        transaction.store(REVIEW)?.put_with_key(&text.into(), &SECOND.into()).map_err(of)?;
        transaction.done().await
    }

    /// The hashes of the requests that were made or opened on this device, each with the request and the decisions about
    /// it as a text, in no order.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn review_files(&self) -> Result<Vec<(Digest, String)>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let range = IdbKeyRange::bound(&REQUEST.0.into(), &REQUEST.1.into()).map_err(of)?;
        let store = transaction.store(REVIEW)?;
        let keys: Array = answer(&store.get_all_keys_with_key(&range).map_err(of)?).await?.unchecked_into();
        let files: Array = answer(&store.get_all_with_key(&range).map_err(of)?).await?.unchecked_into();
        transaction.done().await?;
        let hash = |key: JsValue| Digest::parse(key.as_string()?.strip_prefix(REQUEST.0)?).ok();
        Ok(keys
            .iter()
            .zip(files.iter())
            .filter_map(|(key, file)| Some((hash(key)?, file.as_string()?)))
            .collect())
    }

    /// One request with the decisions about it, as text; `None` if it is not here.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn review_file(&self, request: Digest) -> Result<Option<String>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let file = answer(&transaction.store(REVIEW)?.get(&request_key(request)).map_err(of)?).await?;
        transaction.done().await?;
        Ok(file.as_string())
    }

    /// Keeps a request with the decisions about it, in place of what was kept of the same request.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn keep_review_file(&self, request: Digest, file: &str) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        transaction.store(REVIEW)?.put_with_key(&file.into(), &request_key(request)).map_err(of)?;
        transaction.done().await
    }

    /// Deletes a request. Does nothing if there is none.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn remove_review_file(&self, request: Digest) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        transaction.store(REVIEW)?.delete(&request_key(request)).map_err(of)?;
        transaction.done().await
    }
}

fn request_key(request: Digest) -> JsValue {
    [REQUEST.0, &request.to_string()].concat().into()
}

/// Writes a record as JSON in its canonical form.
pub(super) fn write<T: Serialize>(
    store: &IdbObjectStore,
    name: &str,
    record: &T,
) -> Result<(), StorageError> {
    let json = serde_json::to_vec(record).map_err(|_| StorageError::Corrupt)?;
    let json = canonical(&json, MAX_BYTES).map_err(|_| StorageError::Corrupt)?;
    store.put_with_key(&json.into(), &name.into()).map(|_| ()).map_err(of)
}

/// A record; `None` if there is none.
pub(super) async fn read<T: DeserializeOwned>(
    store: &IdbObjectStore,
    name: &str,
) -> Result<Option<T>, StorageError> {
    let record = answer(&store.get(&name.into()).map_err(of)?).await?;
    if record.is_undefined() {
        return Ok(None);
    }
    let record = record.as_string().and_then(|json| serde_json::from_str(&json).ok());
    record.map(Some).ok_or(StorageError::Corrupt)
}

#[cfg(test)]
mod tests {
    use ::review::{Algorithm, ChainTip, PublicKey, Signer, TrustError};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::storage::fresh_name;

    fn signer(name: &str, byte: u8) -> Signer {
        Signer { name: name.into(), key: PublicKey::new(Algorithm::Ed25519, &[byte; 32]).expect("a key") }
    }

    fn trust(store: &mut TrustStore, signer: &Signer, at: Millis) -> Result<(), TrustError> {
        store.trust(signer, at, str::to_owned)
    }

    #[wasm_bindgen_test]
    async fn requests_are_kept_by_their_hash() {
        let storage = Storage::open_named(&fresh_name("requests")).await.expect("a database");
        let [one, other] = [b"one", b"two"].map(|text| ChainTip::new([text[0]; 32]).chain);
        storage.keep_review_file(one, "first").await.expect("kept");
        storage.keep_review_file(other, "second").await.expect("kept");
        storage.keep_review_file(one, "first, with a decision").await.expect("kept");
        trusted_beside(&storage).await;
        let mut files = storage.review_files().await.expect("read");
        files.sort_by(|(_, a), (_, b)| a.cmp(b));
        let kept = [(one, "first, with a decision".to_owned()), (other, "second".to_owned())];
        assert_eq!(files, kept, "and nothing else of the store");
        assert_eq!(storage.review_file(one).await, Ok(Some("first, with a decision".to_owned())));
        storage.remove_review_file(one).await.expect("removed");
        assert_eq!(storage.review_files().await.expect("read"), kept[1..]);
        assert_eq!(storage.review_file(one).await, Ok(None));
    }

    /// Fills the other records of the store.
    async fn trusted_beside(storage: &Storage) {
        let mut known = TrustStore::default();
        trust(&mut known, &signer("Ana", 9), 1).expect("trusted");
        storage.replace_trust(&TrustStore::default(), &known).await.expect("kept");
        storage.review_clock(1).await.expect("kept");
        assert_eq!(storage.second_key().await.expect("read"), None);
        storage.keep_second_key("claim").await.expect("kept");
        assert_eq!(storage.second_key().await.expect("read").as_deref(), Some("claim"));
    }

    #[wasm_bindgen_test]
    async fn trusted_keys_survive_reopening_and_two_tabs() {
        let name = fresh_name("trust");
        let storage = Storage::open_named(&name).await.expect("a database");
        let before = storage.trust().await.expect("read");
        assert_eq!(before.keys(), []);
        let (mut ana, mut ben) = (before.clone(), before.clone());
        trust(&mut ana, &signer("Ana", 9), 1).expect("trusted");
        trust(&mut ben, &signer("Ben", 8), 2).expect("trusted");
        storage.replace_trust(&before, &ana).await.expect("written");
        let other = Storage::open_named(&name).await.expect("a database");
        assert_eq!(other.replace_trust(&before, &ben).await, Err(StorageError::Conflict));
        assert_eq!(other.trust().await, Ok(ana.clone()));
        let mut withdrawn = ana.clone();
        withdrawn.withdraw(signer("Ana", 9).key.fingerprint(), 3);
        other.replace_trust(&ana, &withdrawn).await.expect("written");
        assert_eq!(storage.trust().await, Ok(withdrawn.clone()));
        assert_eq!(trust(&mut withdrawn, &signer("Ana", 9), 4), Err(TrustError::Withdrawn));
        storage.erase().await.expect("erased");
        assert_eq!(storage.trust().await, Ok(TrustStore::default()));
    }

    #[wasm_bindgen_test]
    async fn what_cannot_be_read_is_not_taken_for_nothing() {
        let storage = Storage::open_named(&fresh_name("corrupt")).await.expect("a database");
        let transaction = storage.begin(&[REVIEW], Mode::Write).await.expect("begun");
        for name in [TRUST, CLOCK] {
            let store = transaction.store(REVIEW).expect("a store");
            store.put_with_key(&"[{".into(), &name.into()).expect("asked");
        }
        transaction.done().await.expect("written");
        let none = TrustStore::default();
        assert_eq!(storage.trust().await, Err(StorageError::Corrupt));
        assert_eq!(storage.replace_trust(&none, &none).await, Err(StorageError::Corrupt));
        assert_eq!(storage.review_clock(7).await, Err(StorageError::Corrupt));
        storage.reset_review_time(5).await.expect("written");
        assert_eq!(storage.review_clock(4).await.expect("read").now(0), 5);
    }

    #[wasm_bindgen_test]
    async fn the_clock_goes_forward_in_all_tabs() {
        let name = fresh_name("clock");
        let storage = Storage::open_named(&name).await.expect("a database");
        let other = Storage::open_named(&name).await.expect("a database");
        assert_eq!(storage.review_clock(2_000_000).await.expect("written").now(0), 2_000_000);
        let clock = other.review_clock(1_000_000).await.expect("written");
        assert_eq!(clock.clone().now(0), 2_000_000);
        assert_eq!(clock.is_behind(1_000_000), Some(1_000_000));
        other.reset_review_time(1_000_000).await.expect("written");
        assert_eq!(storage.review_clock(1_000_001).await.expect("written").now(0), 1_000_001);
    }
}
