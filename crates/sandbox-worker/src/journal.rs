//! What happened, in IndexedDB: replaying it gives the world again.

use idb::{Database, DatabaseEvent as _, Factory, ObjectStoreParams, Query, TransactionMode};
use sandbox::Event;
use wasm_bindgen::JsValue;

const STORE: &str = "events";
const VERSION: u32 = 1;

/// Events in the order in which they happened; each record holds those of one call as a JSON text.
#[derive(Debug)]
pub struct Journal {
    database: Database,
}

/// Why the journal could not be read or written.
#[derive(Debug)]
pub enum JournalError {
    /// IndexedDB is not there, refused, or is full.
    Database(idb::Error),
    /// The transaction was undone, as when the disk is full.
    Aborted,
    /// A record is not one of this version's, or cannot be written down.
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
    /// Opens a database, and makes it if there is none.
    ///
    /// # Errors
    /// If the browser has none to give, as some do in private windows.
    pub async fn open(name: &str) -> Result<Self, JournalError> {
        let mut request = Factory::new()?.open(name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let mut params = ObjectStoreParams::new();
            params.auto_increment(true);
            // If this fails, so does opening a transaction on the store, which is reported.
            if let Ok(database) = event.database() {
                let (Ok(_) | Err(_)) = database.create_object_store(STORE, params);
            }
        });
        Ok(Self { database: request.await? })
    }

    /// All events, oldest first.
    ///
    /// # Errors
    /// If they cannot be read, or one is of another version.
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

    /// Adds events, all or none. Those of calls that were made one after another are kept in that order.
    ///
    /// # Errors
    /// If they could not be written; then none is.
    pub async fn append(&self, events: &[Event]) -> Result<(), JournalError> {
        let text =
            serde_json::to_string(events).map_err(|error| JournalError::Record(error.to_string().into()))?;
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.object_store(STORE)?.add(&JsValue::from_str(&text), None)?;
        commit(transaction).await
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn clear(&self) -> Result<(), JournalError> {
        let transaction = self.database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.object_store(STORE)?.clear()?;
        commit(transaction).await
    }

    /// Lets go of the database.
    pub fn close(self) {
        self.database.close();
    }
}

async fn commit(transaction: idb::Transaction) -> Result<(), JournalError> {
    if transaction.await?.is_committed() { Ok(()) } else { Err(JournalError::Aborted) }
}
