//! Where keys are kept and which calls get them: in memory and on the device, locked and forgotten.

use browser::clock;
use browser::storage::{Storage, StorageError};
use browser::vault::VaultError;
use domain::{
    BaseUrl, Command, Connection, Credentials, GroupId, KeyStorage, Operation, Scope, Secret, Vendor,
};
use leptos::prelude::*;
use muster::state::activity::Activity;
use muster::state::runs::{Engine, Runs};
use muster::state::session::{Session, VaultState};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, direct_connection as connection, passphrase};

fn key() -> Credentials {
    Credentials::Key(Secret::new("marked-key-4711"))
}

/// A page on this database. Its signals live as long as the owner.
async fn page(name: &str) -> (Owner, Session) {
    let (owner, session) = harness::session();
    session.use_storage(Storage::open_named(name).await.expect("a database")).await;
    (owner, session)
}

fn is_open(session: Session, connection: &Connection) -> bool {
    untrack(|| !session.needs_key(connection))
}

async fn until(is_so: impl Fn() -> bool) {
    while !untrack(&is_so) {
        clock::sleep(5).await;
    }
}

fn tab_entries() -> Vec<String> {
    let storage = window().session_storage().expect("allowed").expect("there is one");
    let n_items = storage.length().expect("counted");
    (0..n_items).filter_map(|n| storage.get_item(&storage.key(n).ok()??).ok()?).collect()
}

#[wasm_bindgen_test]
async fn a_key_in_memory_ends_with_the_page() {
    let name = harness::fresh_name("memory");
    let (owner, session) = page(&name).await;
    let connection = connection("memory", KeyStorage::Memory);
    session.save(connection.clone());
    session.store_key(&connection, Some(key())).await.expect("at hand");
    assert!(is_open(session, &connection));
    until(|| !session.connections().is_empty()).await;
    owner.cleanup();

    let (_owner, session) = page(&name).await;
    assert!(session.connection_now(&connection.id).is_some());
    assert!(!is_open(session, &connection));
    assert!(!harness::dump(&name).await.contains("marked-key"));
    assert!(tab_entries().iter().all(|entry| !entry.contains("marked-key")));
}

#[wasm_bindgen_test]
async fn a_connection_that_kept_its_key_in_the_tab_keeps_it_in_memory() {
    let name = harness::fresh_name("tab");
    let storage = Storage::open_named(&name).await.expect("a database");
    let known = connection("tab", KeyStorage::Memory);
    let json = serde_json::to_string(&known).expect("JSON");
    let former = json.replace("\"key_storage\":\"memory\"", "\"key_storage\":\"tab\"");
    assert_ne!(former, json);
    storage.put("tab", &former).await.expect("kept");
    let (_owner, session) = page(&name).await;
    assert_eq!(session.connection_now(&known.id).as_deref(), Some(&known));
    session.store_key(&known, Some(key())).await.expect("at hand");
    assert!(is_open(session, &known));
    assert!(tab_entries().iter().all(|entry| !entry.contains("marked-key")));
}

#[wasm_bindgen_test]
async fn locking_wins_over_an_unlock_that_is_under_way() {
    let name = harness::fresh_name("wins");
    let (_owner, session) = page(&name).await;
    let (all, one) = (connection("all", KeyStorage::Device), connection("one", KeyStorage::Device));
    session.create_vault(&passphrase()).await.expect("a vault");
    for connection in [&all, &one] {
        session.save(connection.clone());
        session.store_key(connection, Some(key())).await.expect("kept");
    }
    session.lock_all();
    let lock = async {
        clock::sleep(1).await;
        session.lock_all();
    };
    let (unlocked, ()) = futures::future::join(session.unlock(&passphrase()), lock).await;
    assert_eq!(unlocked, Err(VaultError::LockedMeanwhile));
    assert!(!is_open(session, &all) && !is_open(session, &one));
    assert_eq!(untrack(|| session.vault_state()), VaultState::Locked);

    let lock = async {
        clock::sleep(1).await;
        session.lock(&one.id);
    };
    let (unlocked, ()) = futures::future::join(session.unlock(&passphrase()), lock).await;
    unlocked.expect("only one was locked");
    assert!(is_open(session, &all) && !is_open(session, &one));

    let lock = async {
        clock::sleep(1).await;
        session.lock_all();
    };
    let new = Secret::new("staple staple staple");
    let (changed, ()) = futures::future::join(session.change_passphrase(&passphrase(), &new), lock).await;
    assert_eq!(changed, Err(VaultError::LockedMeanwhile));
    assert_eq!(untrack(|| session.vault_state()), VaultState::Locked);
    session.unlock(&new).await.expect("the passphrase has changed all the same");
}

/// Restores the page, as from the back/forward cache.
async fn come_back() {
    harness::eval(
        "(dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })), Promise.resolve())",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_page_that_comes_back_finds_out_what_was_locked_and_changed() {
    let name = harness::fresh_name("back");
    let (_owner, session) = page(&name).await;
    let known = connection("back", KeyStorage::Memory);
    session.save(known.clone());
    session.store_key(&known, Some(key())).await.expect("at hand");
    let storage = Storage::open_named(&name).await.expect("a database");
    until_kept(&storage, 1).await;
    come_back().await;
    assert!(is_open(session, &known), "nothing was locked meanwhile");

    // Another tab has locked and renamed the connection, which this page did not hear.
    harness::eval("(localStorage.setItem('muster.locked', 'elsewhere'), Promise.resolve())").await;
    storage.save(&Connection { name: "Renamed".into(), ..known.clone() }).await.expect("kept");
    come_back().await;
    assert!(!is_open(session, &known));
    until(|| session.connection(&known.id).is_some_and(|now| &*now.name == "Renamed")).await;
}

#[wasm_bindgen_test]
async fn what_is_edited_is_told_to_other_tabs_and_a_stale_one_does_not_save_over_it() {
    let name = harness::fresh_name("edited");
    let (_first, one) = page(&name).await;
    let known = connection("edited", KeyStorage::Memory);
    one.save_over(None, known.clone()).await.expect("kept");
    let (_second, two) = page(&name).await;
    two.store_key(&known, Some(key())).await.expect("at hand");
    let elsewhere = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    let edited = Connection { base_url: elsewhere, ..known.clone() };
    one.save_over(Some(&known), edited.clone()).await.expect("kept");
    until(|| two.connection(&known.id).as_deref() == Some(&edited)).await;
    assert!(!is_open(two, &edited) && !two.has_key(&known.id), "the key was for the old address");

    // A form that was filled in before the edit.
    let stale = Connection { name: "Stale".into(), ..known.clone() };
    assert_eq!(two.save_over(Some(&known), stale.clone()).await, Err(StorageError::Conflict));
    assert_eq!(two.connection_now(&known.id).as_deref(), Some(&edited));

    // A tab that did not hear of the edit.
    let storage = Storage::open_named(&name).await.expect("a database");
    let unheard = Connection { name: "Unheard".into(), ..edited.clone() };
    storage.save(&unheard).await.expect("kept");
    assert_eq!(two.save_over(Some(&edited), stale).await, Err(StorageError::Conflict));
    assert_eq!(storage.load().await.expect("read").connections, std::slice::from_ref(&unheard));
    until(|| two.connection(&known.id).as_deref() == Some(&unheard)).await;
}

#[wasm_bindgen_test]
async fn a_key_on_the_device_is_back_with_the_passphrase() {
    let name = harness::fresh_name("device");
    let (owner, session) = page(&name).await;
    let connection = connection("device", KeyStorage::Device);
    session.save(connection.clone());
    assert_eq!(untrack(|| session.vault_state()), VaultState::None);
    assert_eq!(session.store_key(&connection, Some(key())).await, Err(VaultError::Locked));
    session.create_vault(&passphrase()).await.expect("a vault");
    session.store_key(&connection, Some(key())).await.expect("kept");
    owner.cleanup();

    let (_owner, session) = page(&name).await;
    assert_eq!(untrack(|| session.vault_state()), VaultState::Locked);
    assert!(!is_open(session, &connection) && untrack(|| session.is_key_stored(&connection.id)));
    assert_eq!(session.unlock(&Secret::new("no")).await, Err(VaultError::WrongPassphrase));
    assert!(!is_open(session, &connection));
    assert_eq!(session.unlock(&passphrase()).await, Ok(Vec::new()));
    assert!(is_open(session, &connection));

    session.lock_all();
    assert!(!is_open(session, &connection));
    assert_eq!(untrack(|| session.vault_state()), VaultState::Locked);
    session.unlock(&passphrase()).await.expect("the passphrase is right");
    session.lock(&connection.id);
    assert_eq!(untrack(|| session.vault_state()), VaultState::Locked, "the last one takes the vault along");

    session.unlock(&passphrase()).await.expect("the passphrase is right");
    session.forget_key(&connection.id).await.expect("forgotten");
    assert!(!is_open(session, &connection) && !untrack(|| session.is_key_stored(&connection.id)));
    let storage = Storage::open_named(&name).await.expect("a database");
    assert!(storage.sealed().await.expect("read").records.is_empty());
}

#[wasm_bindgen_test]
async fn a_key_moves_where_it_is_to_live() {
    let name = harness::fresh_name("moves");
    let (_owner, session) = page(&name).await;
    let storage = Storage::open_named(&name).await.expect("a database");
    session.create_vault(&passphrase()).await.expect("a vault");
    let mut connection = connection("moves", KeyStorage::Memory);
    session.save(connection.clone());
    session.store_key(&connection, Some(key())).await.expect("at hand");
    for (key_storage, on_device) in
        [(KeyStorage::Device, 1), (KeyStorage::Memory, 0), (KeyStorage::Device, 1), (KeyStorage::Memory, 0)]
    {
        connection.key_storage = key_storage;
        session.save(connection.clone());
        session.store_key(&connection, None).await.expect("moved");
        let n_sealed = storage.sealed().await.expect("read").records.len();
        assert_eq!(n_sealed, on_device, "{key_storage:?}");
        assert!(is_open(session, &connection));
    }
}

#[wasm_bindgen_test]
async fn removing_a_connection_removes_its_key_everywhere() {
    let name = harness::fresh_name("removed");
    let (_first, one) = page(&name).await;
    let (device, memory) =
        (connection("device", KeyStorage::Device), connection("memory", KeyStorage::Memory));
    one.create_vault(&passphrase()).await.expect("a vault");
    for connection in [&device, &memory] {
        one.save(connection.clone());
        one.store_key(connection, Some(key())).await.expect("kept");
    }
    let storage = Storage::open_named(&name).await.expect("a database");
    until_kept(&storage, 2).await;
    let (_second, two) = page(&name).await;
    two.unlock(&passphrase()).await.expect("the passphrase is right");
    assert!(is_open(two, &device));

    one.remove(&device.id);
    one.remove(&memory.id);
    until_kept(&storage, 0).await;
    assert!(storage.sealed().await.expect("read").records.is_empty());
    assert!(tab_entries().iter().all(|entry| !entry.contains("marked-key")));
    until(|| two.connections().is_empty()).await;
    assert!(!is_open(two, &device), "the other tab has forgotten it as well");
}

async fn until_kept(storage: &Storage, n_connections: usize) {
    while storage.load().await.expect("read").connections.len() != n_connections {
        clock::sleep(5).await;
    }
}

#[wasm_bindgen_test]
async fn what_is_locked_in_one_tab_is_locked_in_all() {
    let name = harness::fresh_name("locks");
    let (_first, one) = page(&name).await;
    let (a, b) = (connection("a", KeyStorage::Device), connection("b", KeyStorage::Memory));
    one.create_vault(&passphrase()).await.expect("a vault");
    for connection in [&a, &b] {
        one.save(connection.clone());
        one.store_key(connection, Some(key())).await.expect("kept");
    }
    let storage = Storage::open_named(&name).await.expect("a database");
    until_kept(&storage, 2).await;
    let (_second, two) = page(&name).await;
    two.unlock(&passphrase()).await.expect("the passphrase is right");
    two.store_key(&b, Some(key())).await.expect("at hand");
    assert!(is_open(two, &a) && is_open(two, &b));

    one.lock(&a.id);
    until(|| two.needs_key(&a)).await;
    assert!(is_open(two, &b), "only that one");
    one.lock_all();
    until(|| two.needs_key(&b)).await;
    assert_eq!(untrack(|| two.vault_state()), VaultState::Locked);
}

#[wasm_bindgen_test]
async fn another_passphrase_locks_the_vault_of_other_tabs() {
    let name = harness::fresh_name("other-passphrase");
    let (_first, one) = page(&name).await;
    one.create_vault(&passphrase()).await.expect("a vault");
    let (_second, two) = page(&name).await;
    two.unlock(&passphrase()).await.expect("the passphrase is right");
    assert_eq!(untrack(|| two.vault_state()), VaultState::Open);
    let new = Secret::new("staple staple staple");
    one.change_passphrase(&passphrase(), &new).await.expect("changed");
    until(|| two.vault_state() == VaultState::Locked).await;
    assert_eq!(untrack(|| one.vault_state()), VaultState::Open);
    assert_eq!(two.unlock(&passphrase()).await, Err(VaultError::WrongPassphrase));
    two.unlock(&new).await.expect("the new one is right");
}

#[wasm_bindgen_test]
async fn a_key_is_sent_to_no_other_address() {
    let (_owner, session) = harness::session();
    let connection = connection("own", KeyStorage::Memory);
    session.save(connection.clone());
    session.store_key(&connection, Some(key())).await.expect("at hand");
    let mut elsewhere = connection.clone();
    elsewhere.base_url = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    let mut other_vendor = connection.clone();
    other_vendor.vendor = Vendor::Networked;
    for asked in [elsewhere, other_vendor] {
        // As with a run begun before the connection was changed, or a form that is not saved yet.
        assert!(!is_open(session, &asked));
        let failure = session.call(&asked, harness::request("/echo", "")).await.expect_err("no key for it");
        assert_eq!((&*failure.error.code, failure.is_sent), ("console.no_key", false));
        let typed = Credentials::None;
        let failure =
            session.call_with(&asked, typed, harness::request("/echo", "")).await.expect_err("no key");
        assert_eq!((&*failure.error.code, failure.is_sent), ("console.no_key", false));
    }
}

#[wasm_bindgen_test]
async fn a_token_is_sent_to_no_other_address() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::Genuin);
    let header = |response: vendors::Response| String::from_utf8_lossy(response.body()).into_owned();
    let (own, _) = session.call(&connection, harness::request("/echo", "{}")).await.expect("an answer");
    assert!(header(own).contains("token-1"));
    let mut elsewhere = connection.clone();
    elsewhere.base_url = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    let (other, _) = session.call(&elsewhere, harness::request("/echo", "{}")).await.expect("an answer");
    assert!(header(other).contains("token-2"), "signed in anew");
    let typed = Credentials::KeyAndSecret { key: Secret::new("a"), secret: Secret::new("b") };
    let (typed, _) =
        session.call_with(&connection, typed, harness::request("/echo", "{}")).await.expect("an answer");
    assert!(header(typed).contains("token-3"), "a token is of the key that it was got with");
}

#[wasm_bindgen_test]
async fn an_answer_that_repeats_the_key_is_shown_without_it() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.set_credentials(&connection, key());
    let (response, record) =
        session.call(&connection, harness::request("/repeat", "")).await.expect("an answer");
    assert_eq!(response.status(), 401);
    let shown = format!("{response:?} {record:?} {}", String::from_utf8_lossy(response.body()));
    assert!(shown.contains("The key ••• is not known"), "{shown}");
    assert!(!shown.contains("marked-key"), "{shown}");
}

#[wasm_bindgen_test]
async fn a_run_that_is_locked_waits_for_its_key() {
    let (owner, session) = harness::session();
    session
        .use_storage(Storage::open_named(&harness::fresh_name("locked-run")).await.expect("a database"))
        .await;
    let connection = connection("locked-run", KeyStorage::Memory);
    session.save(connection.clone());
    session.store_key(&connection, Some(key())).await.expect("at hand");
    session.lock_all();
    let activity = owner.with(Activity::new);
    let runs = owner.with(|| Runs::new(session, activity));
    let operation = Operation::AddToGroup { group: GroupId::new("trio"), scope: Scope::Participant };
    let command = Command::for_all(operation, (0..30).map(harness::person));
    let plan = vendors::planner(&connection).plan(runs.next_plan_id(), &command, &Default::default());
    let run = Engine::new().start(runs, plan).expect("it may be applied");
    until(|| run.needs_key() && matches!(run.status(), domain::Status::Paused(domain::Pause::Key(_)))).await;
    let tally = untrack(|| run.tally());
    assert_eq!((tally.n_waiting, tally.n_refused, tally.n_unknown), (30, 0, 0), "nobody is refused for it");
}
