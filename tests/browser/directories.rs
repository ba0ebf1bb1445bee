//! Directories on the device: sealed, bound to their connection, and gone with the choice, the key and the vault.

use browser::storage::{Storage, StorageError};
use browser::vault::{Vault, VaultError, change_passphrase};
use domain::{BaseUrl, Connection, ConnectionId, Credentials, KeyStorage, Secret};
use js_sys::Uint8Array;
use leptos::prelude::untrack;
use muster::state::session::Session;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, passphrase};

const NAME: &str = "Ana Marked-Name";
const EVERYONE: &str = "everyone";

fn connection(id: &str) -> Connection {
    harness::direct_connection(id, KeyStorage::Device)
}

/// A vault with the keys of these connections, whose directories are kept.
async fn kept(test: &str, connections: &[&Connection]) -> (Storage, Vault) {
    let storage = Storage::open_named(&harness::fresh_name(test)).await.expect("a database");
    let vault = Vault::create(&storage, &passphrase()).await.expect("a vault");
    let key = Credentials::Key(Secret::new("key"));
    for connection in connections {
        vault.keep(&storage, connection, &key).await.expect("kept");
        storage.choose_directories(&connection.id, true).await.expect("chosen");
    }
    (storage, vault)
}

async fn keep(
    (storage, vault): (&Storage, &Vault),
    connection: &Connection,
    directory: &str,
    at: u64,
) -> Result<(), VaultError> {
    let bytes = Uint8Array::from(NAME.as_bytes());
    vault.keep_directory(storage, (connection, directory), &bytes, at).await
}

async fn is_there((storage, vault): (&Storage, &Vault), connection: &Connection, directory: &str) -> bool {
    let opened = vault.directory(storage, connection, directory).await.expect("the browser reads and opens");
    opened.is_some_and(|opened| opened.bytes.to_vec() == NAME.as_bytes())
}

async fn choices(storage: &Storage) -> Vec<ConnectionId> {
    storage.sealed_and_choices().await.expect("read").1
}

/// The number of directories in the database, without choices.
async fn n_stored(storage: &Storage) -> usize {
    let dump = harness::dump(storage.name()).await;
    let stores: serde_json::Value = serde_json::from_str(&dump).expect("JSON");
    let store = stores.as_array().into_iter().flatten().find(|store| store[0] == "directories");
    let keys = store.expect("the store is there")[1].as_array().expect("keys").clone();
    keys.iter().filter(|key| key.as_array().is_some_and(|parts| parts.len() == 3)).count()
}

#[wasm_bindgen_test]
async fn what_was_read_is_sealed_and_opens_only_for_its_connection_target_and_list() {
    let (one, two) = (connection("one"), connection("two"));
    let (storage, vault) = kept("directories", &[&one, &two]).await;
    let device = (&storage, &vault);
    keep(device, &one, EVERYONE, 5).await.expect("kept");
    assert!(is_there(device, &one, EVERYONE).await);
    let dump = harness::dump(storage.name()).await;
    assert!(dump.contains("MUV\\u0001D"), "the dump shows what is in it: {dump}");
    assert!(!dump.contains(NAME) && !dump.contains("Marked"));

    assert!(!is_there(device, &one, "group crew").await);
    assert!(!is_there(device, &two, EVERYONE).await);
    let elsewhere = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    assert!(!is_there(device, &Connection { base_url: elsewhere, ..one.clone() }, EVERYONE).await);
    assert!(!is_there(device, &Connection { acting_as: Some("ada".into()), ..one.clone() }, EVERYONE).await);

    // A record that was moved to another connection does not open there.
    let moved = "(async () => {
        const open = indexedDB.open('NAME');
        await new Promise((done) => open.onsuccess = done);
        const store = open.result.transaction('directories', 'readwrite').objectStore('directories');
        const got = store.get(['one', 'everyone', 5]);
        await new Promise((done) => got.onsuccess = done);
        const put = store.put(got.result, ['two', 'everyone', 5]);
        await new Promise((done) => put.onsuccess = done);
        open.result.close();
    })()";
    harness::eval(&moved.replace("NAME", storage.name())).await;
    assert_eq!(n_stored(&storage).await, 2);
    assert!(!is_there(device, &two, EVERYONE).await);
    assert!(is_there(device, &one, EVERYONE).await);
}

#[wasm_bindgen_test]
async fn nothing_is_kept_unless_the_user_chose_it_and_the_key_is_there() {
    let one = connection("one");
    let (storage, vault) = kept("unasked", &[]).await;
    let gone = StorageError::Gone;
    assert_eq!(storage.choose_directories(&one.id, true).await, Err(gone), "its key is not on the device");
    let refused = keep((&storage, &vault), &one, EVERYONE, 1).await;
    assert_eq!(refused, Err(VaultError::Storage(gone)));
    vault.keep(&storage, &one, &Credentials::Key(Secret::new("key"))).await.expect("kept");
    let refused = keep((&storage, &vault), &one, EVERYONE, 1).await;
    assert_eq!(refused, Err(VaultError::Storage(gone)), "nobody chose it");
    assert_eq!(n_stored(&storage).await, 0);
}

#[wasm_bindgen_test]
async fn it_goes_with_the_choice_the_person_the_key_the_connection_and_the_vault() {
    let (one, two) = (connection("one"), connection("two"));
    let (storage, vault) = kept("gone", &[&one, &two]).await;
    let device = (&storage, &vault);
    for (nth, list) in [EVERYONE, "a group"].into_iter().enumerate() {
        keep(device, &one, list, nth as u64).await.expect("kept");
        keep(device, &two, list, nth as u64).await.expect("kept");
    }
    assert_eq!(n_stored(&storage).await, 4);
    storage.save(&one).await.expect("saved");
    let as_ada = Connection { acting_as: Some("ada".into()), ..one.clone() };
    storage.save_if(&as_ada, |_| true).await.expect("saved");
    assert_eq!(n_stored(&storage).await, 2, "those of another connection stay");
    keep(device, &one, EVERYONE, 9).await.expect("the choice stays");
    storage.choose_directories(&one.id, false).await.expect("chosen");
    assert_eq!(n_stored(&storage).await, 2);
    assert_eq!(choices(&storage).await, vec![two.id.clone()]);

    storage.remove_sealed(&two.id).await.expect("removed");
    assert_eq!((n_stored(&storage).await, choices(&storage).await), (0, Vec::new()));

    let (storage, vault) = kept("gone-removed", &[&one, &two]).await;
    keep((&storage, &vault), &one, EVERYONE, 1).await.expect("kept");
    keep((&storage, &vault), &two, EVERYONE, 1).await.expect("kept");
    storage.remove(&one.id).await.expect("removed");
    assert_eq!(n_stored(&storage).await, 1);
    storage.erase_sealed().await.expect("erased");
    assert_eq!((n_stored(&storage).await, choices(&storage).await), (0, Vec::new()));
}

#[wasm_bindgen_test]
async fn the_later_write_wins_and_the_oldest_lists_go() {
    let one = connection("one");
    let (storage, vault) = kept("oldest", &[&one]).await;
    let device = (&storage, &vault);
    for at in [5, 7, 6] {
        keep(device, &one, EVERYONE, at).await.expect("kept");
    }
    assert_eq!(n_stored(&storage).await, 1, "one of each list");
    for nth in 0..12 {
        keep(device, &one, &format!("group {nth}"), 10 + nth).await.expect("kept");
    }
    assert_eq!(n_stored(&storage).await, 10);
    let there = [EVERYONE, "group 0", "group 1", "group 2", "group 11"];
    let mut found = Vec::new();
    for list in there {
        found.push(is_there(device, &one, list).await);
    }
    assert_eq!(found, [false, false, false, true, true]);
}

#[wasm_bindgen_test]
async fn another_passphrase_deletes_what_it_does_not_open() {
    let (one, two) = (connection("one"), connection("two"));
    let (storage, old) = kept("directories-change", &[&one, &two]).await;
    keep((&storage, &old), &one, EVERYONE, 1).await.expect("kept");
    let new = Secret::new("staple staple staple");
    // The second connection is not known any more.
    let vault = change_passphrase(&storage, (&passphrase(), &new), [&one]).await.expect("changed");
    assert_eq!(n_stored(&storage).await, 0);
    assert_eq!(choices(&storage).await, vec![one.id.clone()], "the choice stays");
    let refused = keep((&storage, &old), &one, EVERYONE, 2).await;
    assert_eq!(refused, Err(VaultError::Storage(StorageError::Conflict)), "a tab with the old one");
    keep((&storage, &vault), &one, EVERYONE, 3).await.expect("kept");
    assert!(is_there((&storage, &vault), &one, EVERYONE).await);
}

#[wasm_bindgen_test]
async fn what_an_earlier_release_left_is_forgotten() {
    let one = connection("one");
    let (storage, vault) = kept("orphans", &[&one]).await;
    keep((&storage, &vault), &one, EVERYONE, 1).await.expect("kept");
    // An earlier release deletes keys without knowing the other store.
    let delete = "(async () => {
        const open = indexedDB.open('NAME');
        await new Promise((done) => open.onsuccess = done);
        const gone = open.result.transaction('vault', 'readwrite').objectStore('vault').delete('key:one');
        await new Promise((done) => gone.onsuccess = done);
        open.result.close();
    })()";
    harness::eval(&delete.replace("NAME", storage.name())).await;
    assert_eq!(choices(&storage).await, []);
    assert_eq!(n_stored(&storage).await, 0);
}

#[wasm_bindgen_test]
async fn a_run_that_changes_people_is_noted_beside_what_was_read() {
    let (one, two) = (connection("one"), connection("two"));
    let (storage, vault) = kept("changed", &[&one]).await;
    keep((&storage, &vault), &one, EVERYONE, 1).await.expect("kept");
    storage.note_people_changed(&one.id, 77).await.expect("noted");
    storage.note_people_changed(&two.id, 77).await.expect("nothing is kept of it");
    let opened = vault.directory(&storage, &one, EVERYONE).await.expect("read").expect("it is there");
    assert_eq!(opened.changed_at, 77);
    assert_eq!(choices(&storage).await, [one.id]);
}

fn stores(session: Session, connection: &Connection) -> bool {
    untrack(|| session.stores_directories(&connection.id))
}

#[wasm_bindgen_test]
async fn the_choice_outlives_the_page_and_the_acting_person_but_not_the_key() {
    let one = connection("one");
    let name = harness::fresh_name("choice");
    let (owner, session) = harness::session();
    let storage = Storage::open_named(&name).await.expect("a database");
    session.use_storage(storage.clone()).await;
    session.save_over(None, one.clone()).await.expect("saved");
    session.create_vault(&passphrase()).await.expect("a vault");
    let key = || Some(Credentials::Key(Secret::new("key")));
    session.store_key(&one, key()).await.expect("kept");
    assert!(!stores(session, &one), "nobody chose it");
    session.set_stores_directories(&one.id, true).await.expect("chosen");
    session.store_key(&one, key()).await.expect("kept");
    assert!(stores(session, &one), "the key was only stored again");
    owner.cleanup();

    let (_owner, session) = harness::session();
    session.use_storage(storage.clone()).await;
    assert!(stores(session, &one));
    let vault = Vault::unlock(&storage, &passphrase()).await.expect("opened");
    keep((&storage, &vault), &one, EVERYONE, 1).await.expect("kept");
    let another = Connection { acting_as: Some("ada".into()), ..one.clone() };
    session.save_over(Some(&one), another.clone()).await.expect("saved");
    assert_eq!((n_stored(&storage).await, stores(session, &one)), (0, true));
    keep((&storage, &vault), &another, EVERYONE, 2).await.expect("kept");
    let renamed = Connection { name: "Two".into(), ..another.clone() };
    session.save_over(Some(&another), renamed).await.expect("saved");
    assert_eq!(n_stored(&storage).await, 1);

    session.unlock(&passphrase()).await.expect("opened");
    session.forget_key(&one.id).await.expect("forgotten");
    assert_eq!((n_stored(&storage).await, stores(session, &one)), (0, false));
    // Without a key in use, the vault was closed.
    session.unlock(&passphrase()).await.expect("opened");
    session.store_key(&another, key()).await.expect("at hand");
    assert_eq!((stores(session, &one), choices(&storage).await), (false, Vec::new()));
}
