//! Keys on the device: sealing, opening, changing the passphrase, tampering.

use browser::storage::{SealedRecords, Storage, StorageError};
use browser::vault::{OpenedKeys, Vault, VaultError, change_passphrase};
use domain::vault::{MIN_ROUNDS, Record};
use domain::{BaseUrl, Connection, Credentials, KeyStorage, Secret};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, direct_connection, passphrase};

const MARK: &str = "marked-key-4711";

fn connection(id: &str) -> Connection {
    direct_connection(id, KeyStorage::Device)
}

fn key(text: &str) -> Credentials {
    Credentials::Key(Secret::new(text))
}

async fn storage(test: &str) -> Storage {
    Storage::open_named(&harness::fresh_name(test)).await.expect("a database")
}

async fn opened(vault: &Vault, storage: &Storage, connections: &[Connection]) -> OpenedKeys {
    vault.keys(storage, connections).await.expect("the browser reads and opens")
}

/// Changes records of the vault.
async fn tamper(storage: &Storage, change: impl FnOnce(&mut SealedRecords)) {
    let before = storage.sealed().await.expect("read");
    let mut after = before.clone();
    change(&mut after);
    storage.replace_sealed(&before, &after).await.expect("written");
}

#[wasm_bindgen_test]
async fn keys_of_every_kind_are_kept_and_found_again() {
    let storage = storage("vault").await;
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let (one, two, three) = (connection("one"), connection("two"), connection("three"));
    let pair = Credentials::KeyAndSecret { key: Secret::new("k"), secret: Secret::new("s") };
    let token = Credentials::Token(Secret::new("a.b.c"));
    for (connection, credentials) in [(&one, &key(MARK)), (&two, &pair), (&three, &token)] {
        vault.keep(&storage, connection, credentials).await.expect("kept");
    }
    drop(vault);
    let dump = harness::dump(storage.name()).await;
    assert!(dump.contains("MUV"), "the dump shows what is in it: {dump}");
    assert!(!dump.contains(MARK) && !dump.contains("horse"));

    let vault = Vault::unlock(&storage, &passphrase()).await.expect("the passphrase is right");
    let found =
        opened(&vault, &storage, &[one.clone(), two.clone(), three.clone(), connection("no key")]).await;
    assert_eq!(found.keys, [(one.id, key(MARK)), (two.id, pair), (three.id, token)]);
    assert!(found.damaged.is_empty());
    assert_eq!(format!("{vault:?}"), "Vault(…)");
}

#[wasm_bindgen_test]
async fn a_wrong_passphrase_tells_nothing_else() {
    let storage = storage("wrong").await;
    assert_eq!(Vault::unlock(&storage, &passphrase()).await.err(), Some(VaultError::Locked));
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    vault.keep(&storage, &connection("one"), &key(MARK)).await.expect("kept");
    for wrong in ["", "correct horse batter", "Correct horse battery", "correct horse battery "] {
        let error = Vault::unlock(&storage, &Secret::new(wrong)).await.err();
        assert_eq!(error, Some(VaultError::WrongPassphrase), "{wrong:?}");
    }
    let again = Vault::create(&storage, &Secret::new("another passphrase")).await.err();
    assert_eq!(again, Some(VaultError::Storage(StorageError::Conflict)), "a vault is never replaced unasked");
}

#[wasm_bindgen_test]
async fn a_letter_may_be_typed_in_two_ways() {
    let storage = storage("nfkc").await;
    Vault::create(&storage, &Secret::new("Z\u{fc}rich, Z\u{fc}rich")).await.expect("a vault");
    Vault::unlock(&storage, &Secret::new("Zu\u{308}rich, Zu\u{308}rich")).await.expect("the same passphrase");
}

#[wasm_bindgen_test]
async fn a_record_that_was_changed_or_swapped_does_not_open() {
    let storage = storage("tampered").await;
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let all = [connection("one"), connection("two")];
    vault.keep(&storage, &all[0], &key("first")).await.expect("kept");
    vault.keep(&storage, &all[1], &key("second")).await.expect("kept");
    let ids = |found: OpenedKeys| found.damaged.iter().map(|id| id.to_string()).collect::<Vec<_>>();

    tamper(&storage, |sealed| {
        let (one, two) = (sealed.records[0].1.clone(), sealed.records[1].1.clone());
        (sealed.records[0].1, sealed.records[1].1) = (two, one);
    })
    .await;
    assert_eq!(ids(opened(&vault, &storage, &all).await), ["one", "two"], "each is bound to its connection");
    tamper(&storage, |sealed| {
        let (one, two) = (sealed.records[0].1.clone(), sealed.records[1].1.clone());
        (sealed.records[0].1, sealed.records[1].1) = (two, one);
    })
    .await;
    assert!(opened(&vault, &storage, &all).await.damaged.is_empty(), "as they were");

    for idx in [0, 6, 22, 34, 40] {
        tamper(&storage, |sealed| sealed.records[0].1[idx] ^= 1).await;
        assert_eq!(ids(opened(&vault, &storage, &all).await), ["one"], "byte {idx}");
        tamper(&storage, |sealed| sealed.records[0].1[idx] ^= 1).await;
    }
    for n_bytes in [0, 5, 33] {
        let before = storage.sealed().await.expect("read");
        tamper(&storage, |sealed| sealed.records[0].1 = sealed.records[0].1[..n_bytes].into()).await;
        assert_eq!(ids(opened(&vault, &storage, &all).await), ["one"], "{n_bytes} bytes");
        let now = storage.sealed().await.expect("read");
        storage.replace_sealed(&now, &before).await.expect("as it was");
    }

    // Changing a connection's address does not send its key there.
    let mut elsewhere = all[0].clone();
    elsewhere.base_url = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    assert_eq!(ids(opened(&vault, &storage, &[elsewhere]).await), ["one"]);

    tamper(&storage, |sealed| {
        if let Some(header) = &mut sealed.header {
            header[9] ^= 1; // the salt
        }
    })
    .await;
    assert_eq!(Vault::unlock(&storage, &passphrase()).await.err(), Some(VaultError::WrongPassphrase));
    tamper(&storage, |sealed| sealed.header = Some((&b"MUV"[..]).into())).await;
    assert_eq!(Vault::unlock(&storage, &passphrase()).await.err(), Some(VaultError::Damaged));
}

#[wasm_bindgen_test]
async fn every_writing_has_a_vector_of_its_own() {
    let storage = storage("fresh").await;
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let one = connection("one");
    let mut vectors = std::collections::BTreeSet::new();
    for _ in 0..20 {
        vault.keep(&storage, &one, &key(MARK)).await.expect("kept");
        let sealed = storage.sealed().await.expect("read");
        let record = Record::decode(&sealed.records[0].1).expect("a record");
        vectors.insert((record.key.iv, record.key.bytes));
    }
    assert_eq!(vectors.len(), 20);
}

#[wasm_bindgen_test]
async fn another_passphrase_seals_everything_anew() {
    let storage = storage("change").await;
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let all = [connection("one"), connection("two")];
    for connection in &all {
        vault.keep(&storage, connection, &key(connection.id.as_str())).await.expect("kept");
    }
    let before = storage.sealed().await.expect("read");
    let new = Secret::new("staple staple staple");
    let wrong = change_passphrase(&storage, (&Secret::new("no"), &new), &all).await.err();
    assert_eq!(wrong, Some(VaultError::WrongPassphrase));
    assert_eq!(storage.sealed().await.expect("read"), before, "nothing has changed");

    let changed = change_passphrase(&storage, (&passphrase(), &new), &all).await.expect("changed");
    let after = storage.sealed().await.expect("read");
    assert_ne!(before.header, after.header);
    assert_eq!(after.records.len(), 2);
    assert_eq!(Vault::unlock(&storage, &passphrase()).await.err(), Some(VaultError::WrongPassphrase));
    let unlocked = Vault::unlock(&storage, &new).await.expect("the new one is right");
    for vault in [&changed, &unlocked] {
        assert_eq!(opened(vault, &storage, &all).await.keys.len(), 2);
    }

    // A tab with the old vault still open writes nothing that could never be opened again.
    let refused = vault.keep(&storage, &all[0], &key("late")).await;
    assert_eq!(refused, Err(VaultError::Storage(StorageError::Conflict)));
    assert_eq!(storage.sealed().await.expect("read"), after);
}

#[wasm_bindgen_test]
async fn a_key_that_is_kept_while_the_passphrase_changes_is_not_lost() {
    let storage = storage("race").await;
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let one = connection("one");
    let all = [one.clone()];
    let new = Secret::new("staple staple staple");
    let (old, marked) = (passphrase(), key(MARK));
    let changing = change_passphrase(&storage, (&old, &new), &all);
    // Sealing takes one step, deriving two keys hundreds of milliseconds.
    let (changed, kept) = futures::join!(changing, vault.keep(&storage, &one, &marked));
    kept.expect("kept");
    assert_eq!(changed.err(), Some(VaultError::Storage(StorageError::Conflict)));
    let vault = Vault::unlock(&storage, &passphrase()).await.expect("the old one holds");
    assert_eq!(opened(&vault, &storage, &all).await.keys, [(one.id, key(MARK))]);
}

#[wasm_bindgen_test]
async fn the_key_of_a_vault_is_slow_to_guess_and_cannot_be_taken_out() {
    let storage = storage("derive").await;
    // Records the parameters of every `deriveKey`.
    let spy = "(async () => {
        const own = SubtleCrypto.prototype.deriveKey;
        globalThis.derived = [];
        SubtleCrypto.prototype.deriveKey = function (how, from, kind, isExtractable, usages) {
            const { name, hash, iterations, salt } = how;
            globalThis.derived.push([name, hash, iterations, salt.length, kind.name, kind.length, isExtractable].join(' '));
            return own.call(this, how, from, kind, isExtractable, usages);
        };
        globalThis.unspy = () => { SubtleCrypto.prototype.deriveKey = own; };
    })()";
    harness::eval(spy).await;
    Vault::create(&storage, &passphrase()).await.expect("a vault");
    Vault::unlock(&storage, &passphrase()).await.expect("the passphrase is right");
    let asked = harness::eval("(async () => { unspy(); return derived.join('; '); })()").await;
    let one = format!("PBKDF2 SHA-256 {MIN_ROUNDS} 16 AES-GCM 256 false");
    assert_eq!(asked.as_string().expect("a text"), format!("{one}; {one}"));
}
