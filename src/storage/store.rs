//! The database as this page has it open.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::StorageError;
use super::database::{self, Handle, Mode, Transaction};

pub(super) const DATABASE: &str = "muster";
const VERSION: u32 = 3;

/// Connections, since version 1; a record is `{ id, json }`.
pub(super) const CONNECTIONS: &str = "connections";
/// What a run is: plan id to JSON.
pub(super) const RUNS: &str = "runs";
/// The changes of a run, in pieces: plan id and number to JSON.
pub(super) const PLANS: &str = "plans";
/// What happened in a run: plan id and number to JSON.
pub(super) const LINES: &str = "lines";
/// Calls held against a connection's limits: connection id to JSON.
pub(super) const BUDGETS: &str = "budgets";

/// Sealed keys, since version 3; see `vault`.
pub(super) const VAULT: &str = "vault";

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
        let handle = database::open(name, VERSION, upgrade).await?;
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
        let opened = database::open(&self.0.name, VERSION, upgrade).await;
        let handle = Rc::new(opened.map_err(|_| StorageError::Closed)?);
        *self.0.handle.borrow_mut() = Rc::clone(&handle);
        handle.begin(stores, mode)
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn erase(&self) -> Result<(), StorageError> {
        let stores = [CONNECTIONS, RUNS, PLANS, LINES, BUDGETS, VAULT];
        let transaction = self.begin(&stores, Mode::Write).await?;
        for name in stores {
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
