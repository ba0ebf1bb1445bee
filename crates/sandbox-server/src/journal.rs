//! What happened, in a SQLite file: replaying it gives the world again.

use std::path::Path;

use domain::Millis;
use rusqlite::Connection;
use sandbox::Event;
use thiserror::Error;

/// Events in the order in which they happened, in a file that survives the process.
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
}

/// Why the journal could not be read or written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The database refused.
    #[error("the journal's database refused: {0}")]
    Database(#[from] rusqlite::Error),
    /// An event is not one of this version's.
    #[error("event {seq} of the journal cannot be read ({source}); start once with --reset")]
    Event {
        /// Its number.
        seq: i64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An event cannot be written down.
    #[error("an event cannot be written down: {0}")]
    Payload(#[from] serde_json::Error),
}

impl Journal {
    /// Opens a file, and makes it if there is none.
    ///
    /// # Errors
    /// If it cannot be opened, or is no database.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Self::prepare(Connection::open(path)?)
    }

    /// A journal that ends with the process.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, JournalError> {
        // WAL with FULL: a committed event is on the disk before the answer that tells of it leaves.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS events (
                seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, payload TEXT NOT NULL
            ) STRICT",
        )?;
        Ok(Self { connection })
    }

    /// All events, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read, or holds an event of another version.
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

    /// Adds events, all or none.
    ///
    /// # Errors
    /// If they could not be written; then none is.
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

    /// Forgets everything.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn clear(&mut self) -> Result<(), JournalError> {
        self.connection.execute("DELETE FROM events", [])?;
        Ok(())
    }
}
