//! The events of the world in a SQLite file; replaying them rebuilds the world.

use std::path::Path;

use domain::Millis;
use rusqlite::Connection;
use sandbox::Event;
use thiserror::Error;

/// A persistent log of events, in order.
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
}

/// An error while reading or writing the journal.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The database reported an error.
    #[error("the journal's database refused: {0}")]
    Database(#[from] rusqlite::Error),
    /// An event cannot be read by this version.
    #[error("event {seq} of the journal cannot be read ({source}); start once with --reset")]
    Event {
        /// The event's sequence number.
        seq: i64,
        /// The parse error.
        source: serde_json::Error,
    },
    /// An event cannot be serialized.
    #[error("an event cannot be written down: {0}")]
    Payload(#[from] serde_json::Error),
}

impl Journal {
    /// Opens a file, creating it if it does not exist.
    ///
    /// # Errors
    /// If the file cannot be opened or is not a database.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Self::prepare(Connection::open(path)?)
    }

    /// Opens a journal in memory, which is not persisted.
    ///
    /// # Errors
    /// If the database cannot be created.
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, JournalError> {
        // WAL with FULL: a committed event is on disk before its response is sent.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS events (
                seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, payload TEXT NOT NULL
            ) STRICT",
        )?;
        Ok(Self { connection })
    }

    /// Loads all events, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read or contains an event of another version.
    pub fn load(&self) -> Result<Vec<Event>, JournalError> {
        let mut statement = self.connection.prepare("SELECT seq, payload FROM events ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let (seq, payload): (i64, String) = (row.get(0)?, row.get(1)?);
            let event =
                serde_json::from_str(&payload).map_err(|source| JournalError::Event { seq, source })?;
            events.push(event);
        }
        Ok(events)
    }

    /// Appends events atomically.
    ///
    /// # Errors
    /// If they cannot be written; then none is.
    pub fn append(&mut self, events: &[Event], at: Millis) -> Result<(), JournalError> {
        if events.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare("INSERT INTO events (at, payload) VALUES (?1, ?2)")?;
            for event in events {
                insert.execute((i64::try_from(at).unwrap_or(i64::MAX), serde_json::to_string(event)?))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Deletes all events.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn clear(&mut self) -> Result<(), JournalError> {
        self.connection.execute("DELETE FROM events", [])?;
        Ok(())
    }
}
