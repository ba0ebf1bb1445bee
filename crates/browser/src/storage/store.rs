//! The database as this page has it open.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::StorageError;
use super::database::{self, Handle, Mode, Shape, Transaction};

pub(super) const DATABASE: &str = "muster";
/// Upgrades only add. A release that makes version 4 or later also makes a store [`READABLE_FROM`]`3`, so that this
/// one can go on with the database after a rollback; one whose upgrade this one could not live with makes none,
/// and this one then touches nothing.
const VERSION: u32 = 3;
/// Begins the name of an empty store that says from which version on releases can use the database.
const READABLE_FROM: &str = "readable-from-";

/// Connections, since version 1; a record is `{ id, json }`.
pub(super) const CONNECTIONS: &str = "connections";
/// What a run is: plan id to JSON.
pub(super) const RUNS: &str = "runs";
/// The changes of a run, in pieces: plan id and number to JSON.
pub(super) const PLANS: &str = "plans";
/// What happened in a run: plan id and number to JSON.
pub(super) const LINES: &str = "lines";
/// Calls held against a connection's limits: connection id to JSON. And what stands in forms; see `drafts`.
pub(super) const BUDGETS: &str = "budgets";

/// Sealed keys, since version 3; see `vault`.
pub(super) const VAULT: &str = "vault";

const STORES: [&str; 6] = [CONNECTIONS, RUNS, PLANS, LINES, BUDGETS, VAULT];
const SHAPE: Shape = Shape { version: VERSION, upgrade, is_readable };

/// The open database. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Storage(Rc<Shared>);

#[derive(Debug)]
struct Shared {
    name: Box<str>,
    handle: RefCell<Rc<Handle>>,
}

impl Storage {
    /// Opens the database of this console, and makes it at the first time.
    ///
    /// # Errors
    /// If the browser has none for this page.
    pub async fn open() -> Result<Self, StorageError> {
        Self::open_named(DATABASE).await
    }

    /// Opens a database of another name, of the same shape.
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

    /// Lets go of the database; the next use opens it again.
    pub fn close(&self) {
        self.0.handle.borrow().close();
    }

    /// Begins a transaction. A database that was closed meanwhile is opened once more.
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

    /// Forgets everything.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn erase(&self) -> Result<(), StorageError> {
        let transaction = self.begin(&STORES, Mode::Write).await?;
        for name in STORES {
            transaction.store(name)?.clear().map_err(database::of)?;
        }
        transaction.done().await
    }
}

/// Makes the stores that a database of an older version does not have.
fn upgrade(database: &IdbDatabase) -> Result<(), JsValue> {
    let names = database.object_store_names();
    if !names.contains(CONNECTIONS) {
        let by_id = js_sys::Object::new();
        js_sys::Reflect::set(&by_id, &"keyPath".into(), &"id".into())?;
        database.create_object_store_with_optional_parameters(CONNECTIONS, by_id.unchecked_ref())?;
    }
    for name in [RUNS, PLANS, LINES, BUDGETS, VAULT] {
        if !names.contains(name) {
            database.create_object_store(name)?;
        }
    }
    Ok(())
}

/// True if a later release says that this one can use its database, and everything is there.
fn is_readable(database: &IdbDatabase) -> bool {
    let names = database.object_store_names();
    let from = |n: u32| names.get(n)?.strip_prefix(READABLE_FROM)?.parse::<u32>().ok();
    let is_promised = (0..names.length()).filter_map(from).any(|from| from <= VERSION);
    is_promised && STORES.iter().all(|name| names.contains(name))
}
