//! The events of the world in IndexedDB; replaying them rebuilds the world.

use idb::{Database, DatabaseEvent as _, Factory, ObjectStoreParams, Query, TransactionMode};
use sandbox::Event;
use wasm_bindgen::JsValue;

const STORE: &str = "events";
const VERSION: u32 = 1;

/// A persistent log of events, in order; each record holds the events of one call as JSON.
#[derive(Debug)]
pub struct Journal {
    database: Database,
}

/// An error while reading or writing the journal.
#[derive(Debug)]
pub enum JournalError {
    /// IndexedDB is unavailable or reported an error.
    Database(idb::Error),
    /// The transaction was aborted, for instance because the disk is full.
    Aborted,
    /// A record cannot be read by this version, or cannot be serialized.
    Record(Box<str>),
}

impl From<idb::Error> for JournalError {
    fn from(error: idb::Error) -> Self {
        JournalError::Database(error)
    }
}

impl std::fmt::Display for JournalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            JournalError::Database(error) => write!(f, "the browser's database refused: {error}"),
            JournalError::Aborted => f.write_str("the browser's database undid a change"),
            JournalError::Record(reason) => write!(f, "a record cannot be used: {reason}"),
        }
    }
}

impl Journal {
    /// Opens a database, creating it if it does not exist.
    ///
    /// # Errors
    /// If the browser provides no database, as in some private windows.
    pub async fn open(name: &str) -> Result<Self, JournalError> {
        let mut request = Factory::new()?.open(name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let mut params = ObjectStoreParams::new();
            params.auto_increment(true);
            // If this fails, the first transaction on the store fails too, and that error is reported.
            if let Ok(database) = event.database() {
                let (Ok(_) | Err(_)) = database.create_object_store(STORE, params);
            }
        });
        Ok(Self { database: request.await? })
    }

    /// Loads all events, oldest first.
    ///
    /// # Errors
    /// If they cannot be read or one is of another version.
    pub async fn load(&self) -> Result<Vec<Event>, JournalError> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadOnly)?;
        let records = transaction.object_store(STORE)?.get_all(None::<Query>, None)?.await?;
        let mut events = Vec::new();
        for record in records {
            let text = record.as_string().ok_or_else(|| JournalError::Record("expected a text".into()))?;
            let more: Vec<Event> = serde_json::from_str(&text)
                .map_err(|error| JournalError::Record(error.to_string().into()))?;
            events.extend(more);
        }
        Ok(events)
    }

    /// Appends events atomically. Successive calls are stored in order, even if not awaited in between.
    ///
    /// # Errors
    /// If they cannot be written; then none is.
    pub async fn append(&self, events: &[Event]) -> Result<(), JournalError> {
        let text =
            serde_json::to_string(events).map_err(|error| JournalError::Record(error.to_string().into()))?;
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.object_store(STORE)?.add(&JsValue::from_str(&text), None)?;
        commit(transaction).await
    }

    /// Deletes all events.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn clear(&self) -> Result<(), JournalError> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.object_store(STORE)?.clear()?;
        commit(transaction).await
    }

    /// Closes the database.
    pub fn close(self) {
        self.database.close();
    }
}

async fn commit(transaction: idb::Transaction) -> Result<(), JournalError> {
    if transaction.await?.is_committed() { Ok(()) } else { Err(JournalError::Aborted) }
}
