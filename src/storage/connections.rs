//! The store of connections: one record each, `{ id, json }`.

use std::rc::Rc;

use domain::{Connection, ConnectionId};
use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, KeyPath, ObjectStore, TransactionMode};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use super::StorageError;

pub(super) const DATABASE: &str = "muster";
const VERSION: u32 = 1;
const STORE: &str = "connections";
const KEY: &str = "id";
const VALUE: &str = "json";

/// The open database. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Storage(Rc<Database>);

/// What was in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Connections, by id.
    pub connections: Vec<Connection>,
    /// Records that could not be read; they stay where they are.
    pub n_corrupt: usize,
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
        let store = ObjectStoreBuilder::new(STORE).key_path(Some(KeyPath::new_single(KEY)));
        let database = DatabaseBuilder::new(name).version(VERSION).add_object_store(store).build().await?;
        Ok(Self(Rc::new(database)))
    }

    /// Reads every connection.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn load(&self) -> Result<Loaded, StorageError> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadOnly)?;
        let records = transaction.object_store(STORE)?.get_all(None, None)?.await?;
        transaction.await?;
        let mut loaded = Loaded::default();
        for record in records {
            match read(&record) {
                Some(connection) => loaded.connections.push(connection),
                None => loaded.n_corrupt += 1,
            }
        }
        Ok(loaded)
    }

    /// Keeps a connection, in place of one with the same id.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn save(&self, connection: &Connection) -> Result<(), StorageError> {
        let json = serde_json::to_string(connection).map_err(|_| StorageError::Corrupt)?;
        self.put(connection.id.as_str(), &json).await
    }

    /// Writes a record as it is.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn put(&self, id: &str, json: &str) -> Result<(), StorageError> {
        let record = Object::new();
        for (name, value) in [(KEY, id), (VALUE, json)] {
            Reflect::set(&record, &name.into(), &value.into()).map_err(|_| StorageError::Unavailable)?;
        }
        let (transaction, store) = self.write()?;
        store.put(&record, None)?.await?;
        transaction.commit()?.await?;
        Ok(())
    }

    /// Forgets a connection; one that is not there is forgotten already.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn remove(&self, id: &ConnectionId) -> Result<(), StorageError> {
        let (transaction, store) = self.write()?;
        store.delete(JsValue::from_str(id.as_str()))?.await?;
        transaction.commit()?.await?;
        Ok(())
    }

    fn write(&self) -> Result<(idb::Transaction, ObjectStore), StorageError> {
        let transaction = self.0.transaction(&[STORE], TransactionMode::ReadWrite)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }
}

fn read(record: &JsValue) -> Option<Connection> {
    let text = |name: &str| Reflect::get(record, &name.into()).ok()?.as_string();
    let connection: Connection = serde_json::from_str(&text(VALUE)?).ok()?;
    // A record under another's name would be written back in another place.
    (text(KEY)? == connection.id.as_str()).then_some(connection)
}
