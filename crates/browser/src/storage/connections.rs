//! The store of connections: one record each, `{ id, json }`.

use domain::{Connection, ConnectionId};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::database::{Mode, answer, of};
use super::store::{BUDGETS, CONNECTIONS, DIRECTORIES, LINES, PLANS, RUNS, Storage, VAULT};
use super::{StorageError, directories, drafts, headings, journal, vault};

const KEY: &str = "id";
const VALUE: &str = "json";

/// The contents of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Connections by id.
    pub connections: Vec<Connection>,
    /// Number of unreadable records; they stay in the store.
    pub n_corrupt: usize,
}

impl Storage {
    /// Reads all connections.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn load(&self) -> Result<Loaded, StorageError> {
        let transaction = self.begin(&[CONNECTIONS], Mode::Read).await?;
        let request = transaction.store(CONNECTIONS)?.get_all().map_err(of)?;
        let records: Array = answer(&request).await?.unchecked_into();
        transaction.done().await?;
        let mut loaded = Loaded::default();
        for record in records.iter() {
            match read(&record) {
                Some(connection) => loaded.connections.push(connection),
                None => loaded.n_corrupt += 1,
            }
        }
        Ok(loaded)
    }

    /// Adds or replaces a connection.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn save(&self, connection: &Connection) -> Result<(), StorageError> {
        let json = serde_json::to_string(connection).map_err(|_| StorageError::Corrupt)?;
        self.put(connection.id.as_str(), &json).await
    }

    /// Adds or replaces a connection if `is_known` accepts the stored one.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if it does not, or if the browser refuses. Nothing is written then.
    pub async fn save_if(
        &self,
        connection: &Connection,
        is_known: impl FnOnce(Connection) -> bool,
    ) -> Result<(), StorageError> {
        let json = serde_json::to_string(connection).map_err(|_| StorageError::Corrupt)?;
        let transaction = self.begin(&[CONNECTIONS, DIRECTORIES], Mode::Write).await?;
        let store = transaction.store(CONNECTIONS)?;
        let stored = answer(&store.get(&connection.id.as_str().into()).map_err(of)?).await?;
        // An unreadable record is replaced.
        if let Some(stored) = read(&stored) {
            if stored.acting_as != connection.acting_as {
                // They were read as another person.
                directories::forget_lists(&transaction, &connection.id)?;
            }
            if !is_known(stored) {
                return Err(StorageError::Conflict);
            }
        }
        store.put(&record(connection.id.as_str(), &json)?).map_err(of)?;
        transaction.done().await
    }

    /// Writes a record unchanged.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn put(&self, id: &str, json: &str) -> Result<(), StorageError> {
        let transaction = self.begin(&[CONNECTIONS], Mode::Write).await?;
        transaction.store(CONNECTIONS)?.put(&record(id, json)?).map_err(of)?;
        transaction.done().await
    }

    /// Deletes a connection with its runs, budget, drafts, sealed key and directories. Does nothing if there is none.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn remove(&self, id: &ConnectionId) -> Result<(), StorageError> {
        let stores = [CONNECTIONS, RUNS, PLANS, LINES, BUDGETS, VAULT, DIRECTORIES];
        let transaction = self.begin(&stores, Mode::Write).await?;
        let key = JsValue::from_str(id.as_str());
        transaction.store(CONNECTIONS)?.delete(&key).map_err(of)?;
        transaction.store(BUDGETS)?.delete(&key).map_err(of)?;
        transaction.store(VAULT)?.delete(&vault::key_of(id)).map_err(of)?;
        directories::forget(&transaction, id)?;
        drafts::forget(&transaction, id)?;
        for heading in headings::all(&transaction).await? {
            if heading.connection == *id {
                journal::forget(&transaction, &heading.plan)?;
            }
        }
        transaction.done().await
    }
}

fn record(id: &str, json: &str) -> Result<JsValue, StorageError> {
    let record = Object::new();
    for (name, value) in [(KEY, id), (VALUE, json)] {
        Reflect::set(&record, &name.into(), &value.into()).map_err(of)?;
    }
    Ok(record.into())
}

fn read(record: &JsValue) -> Option<Connection> {
    let text = |name: &str| Reflect::get(record, &name.into()).ok()?.as_string();
    let connection: Connection = serde_json::from_str(&text(VALUE)?).ok()?;
    // A record stored under another id would be written back to the wrong place.
    (text(KEY)? == connection.id.as_str()).then_some(connection)
}
