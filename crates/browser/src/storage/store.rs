//! The database opened by this page.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::StorageError;
use super::database::{self, Handle, Mode, Shape, Transaction};

pub(super) const DATABASE: &str = "muster";
/// Upgrades only add. A release that introduces version 6 or later also creates a store [`READABLE_FROM`]`5`, so that
/// this release can use the database after a rollback. A release whose upgrade this one cannot handle creates none,
/// and this one then touches nothing; it also deletes the promises of earlier releases.
const VERSION: u32 = 5;
/// Prefix of the name of an empty store that states the first version whose releases can use the database.
const READABLE_FROM: &str = "readable-from-";
/// Version 4 only added [`DIRECTORIES`], which releases of version 3 leave alone.
const READABLE_FROM_3: &str = "readable-from-3";
/// Version 5 only added [`REVIEW`] and [`CHAIN`], which releases of version 4 leave alone.
const READABLE_FROM_4: &str = "readable-from-4";

/// Connections, since version 1: records `{ id, json }`.
pub(super) const CONNECTIONS: &str = "connections";
/// Headings of runs: plan id to JSON.
pub(super) const RUNS: &str = "runs";
/// Plans in chunks: plan id and number to JSON.
pub(super) const PLANS: &str = "plans";
/// Journal lines: plan id and sequence number to JSON.
pub(super) const LINES: &str = "lines";
/// Budgets: connection id to JSON. Also holds drafts; see `drafts`.
pub(super) const BUDGETS: &str = "budgets";

/// Sealed keys, since version 3; see `vault`.
pub(super) const VAULT: &str = "vault";

/// Sealed directories, since version 4; see `directories`.
pub(super) const DIRECTORIES: &str = "directories";

/// The device's signing key, the keys that it trusts, its review clock and the tip of its chain, since version 5; see
/// `review`.
pub(super) const REVIEW: &str = "review";
/// Entries of chains, since version 5: chain and sequence number to a line.
pub(super) const CHAIN: &str = "chain";

const STORES: [&str; 9] = [CONNECTIONS, RUNS, PLANS, LINES, BUDGETS, VAULT, DIRECTORIES, REVIEW, CHAIN];
const SHAPE: Shape = Shape { version: VERSION, upgrade, is_readable };

/// The open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Storage(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    name: Box<str>,
    handle: RefCell<Rc<Handle>>,
}

impl Storage {
    /// Opens the database of the console, creating it the first time.
    ///
    /// # Errors
    /// If the browser has no storage for this page.
    pub async fn open() -> Result<Self, StorageError> {
        Self::open_named(DATABASE).await
    }

    /// As [`open`](Storage::open), under another name.
    ///
    /// # Errors
    /// As [`open`](Storage::open).
    pub async fn open_named(name: &str) -> Result<Self, StorageError> {
        let handle = database::open(name, SHAPE).await?;
        Ok(Self(Rc::new(Shared { name: name.into(), handle: RefCell::new(Rc::new(handle)) })))
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Closes the database; the next use opens it again.
    pub fn close(&self) {
        self.0.handle.borrow().close();
    }

    /// Begins a transaction. If the database was closed meanwhile, it is opened once more.
    pub(super) async fn begin(&self, stores: &[&str], mode: Mode) -> Result<Transaction, StorageError> {
        let handle = Rc::clone(&self.0.handle.borrow());
        if !handle.is_closed() {
            match handle.begin(stores, mode) {
                Err(StorageError::Closed) => {}
                other => return other,
            }
        }
        let handle = Rc::new(database::open(&self.0.name, SHAPE).await?);
        *self.0.handle.borrow_mut() = Rc::clone(&handle);
        handle.begin(stores, mode)
    }

    /// Erases everything.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn erase(&self) -> Result<(), StorageError> {
        let transaction = self.begin(&STORES, Mode::Write).await?;
        for name in STORES {
            transaction.store(name)?.clear().map_err(database::of)?;
        }
        transaction.done().await
    }
}

/// Creates the stores that an older database lacks.
fn upgrade(database: &IdbDatabase) -> Result<(), JsValue> {
    let names = database.object_store_names();
    if !names.contains(CONNECTIONS) {
        let by_id = js_sys::Object::new();
        js_sys::Reflect::set(&by_id, &"keyPath".into(), &"id".into())?;
        database.create_object_store_with_optional_parameters(CONNECTIONS, by_id.unchecked_ref())?;
    }
    let promises = [READABLE_FROM_3, READABLE_FROM_4];
    let others = [RUNS, PLANS, LINES, BUDGETS, VAULT, DIRECTORIES, REVIEW, CHAIN];
    for name in others.into_iter().chain(promises) {
        if !names.contains(name) {
            database.create_object_store(name)?;
        }
    }
    Ok(())
}

/// True if a later release declares its database usable for this one, and all stores exist.
fn is_readable(database: &IdbDatabase) -> bool {
    let names = database.object_store_names();
    let from = |n: u32| names.get(n)?.strip_prefix(READABLE_FROM)?.parse::<u32>().ok();
    // What version 5 itself promised to earlier releases is not about later ones.
    let is_promised = (0..names.length()).filter_map(from).any(|from| from == VERSION);
    is_promised && STORES.iter().all(|name| names.contains(name))
}

#[cfg(test)]
mod tests {
    use js_sys::Promise;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::storage::fresh_name;

    /// The stores that version 4 created, with a record.
    const VERSION_4: &str = "new Promise((resolve, reject) => {
        const request = indexedDB.open('NAME', 4);
        request.onerror = reject;
        request.onupgradeneeded = () => {
            request.result.createObjectStore('connections', { keyPath: 'id' });
            const others = ['runs', 'plans', 'lines', 'budgets', 'vault', 'directories', 'readable-from-3'];
            for (const name of others) request.result.createObjectStore(name);
            request.transaction.objectStore('vault').put(new Uint8Array([7]), 'header');
        };
        request.onsuccess = () => { request.result.close(); resolve(); };
    })";

    #[wasm_bindgen_test]
    async fn version_4_is_upgraded_and_may_come_back() {
        let name = fresh_name("version-4");
        let made = js_sys::eval(&VERSION_4.replace("NAME", &name)).expect("a promise");
        JsFuture::from(made.unchecked_into::<Promise>()).await.expect("a database of version 4");
        let storage = Storage::open_named(&name).await.expect("a database");
        assert_eq!(storage.sealed().await.expect("read").header.as_deref(), Some(&[7][..]));
        assert_eq!(storage.trust().await.expect("the new stores are there").keys(), []);
        let names = storage.0.handle.borrow().store_names();
        assert!(names.contains(READABLE_FROM_3) && names.contains("readable-from-4"));
        assert!(
            !names.contains(&[READABLE_FROM, &VERSION.to_string()].concat()),
            "only later ones promise that"
        );
    }
}
