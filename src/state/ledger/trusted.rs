//! The keys of those whose ledgers are read, and the names of authors.

use browser::clock;
use browser::identity::DeviceIdentity;
use review::{Fingerprint, KnownKey, TrustStore};

use i18n::text;

/// The known keys as they are given to the worker: with that of this device, which trusts itself, whatever name it
/// declares, and with those of `signers` that the operator names, which are not written with the others.
pub fn for_worker(trust: &TrustStore, identity: &DeviceIdentity, signers: &[Fingerprint]) -> TrustStore {
    let known = |fingerprint, name: &str| KnownKey {
        fingerprint,
        name: name.into(),
        since: clock::now(),
        vouched_by: None,
        withdrawn_at: None,
    };
    let is_written = |fingerprint| trust.keys().iter().any(|known| known.fingerprint == fingerprint);
    let named = signers.iter().filter(|signer| !is_written(**signer));
    let mut more: Vec<_> = named.filter_map(|signer| Some(known(*signer, trust.name_of(*signer)?))).collect();
    let own = identity.signer().key.fingerprint();
    if !is_written(own) && more.iter().all(|one| one.fingerprint != own) {
        more.push(known(own, &author(&identity.signer().name, own)));
    }
    let keys: Vec<&KnownKey> = trust.keys().iter().chain(&more).collect();
    // A list of keys is how they are written.
    let all = serde_json::to_value(keys).and_then(serde_json::from_value);
    all.unwrap_or_else(|_| trust.clone())
}

/// The declared name of an author, or a name for a browser whose owner has declared none.
pub fn author(name: &str, key: Fingerprint) -> String {
    if !name.is_empty() {
        return name.to_owned();
    }
    let [first, second, ..] = key.words();
    text::ledger_device_name(&[first, " ", second].concat())
}
