//! The world and its journal, which change only together.

use domain::{Millis, Vendor};
use sandbox::{Handled, Request, Settings, World};

use crate::journal::{Journal, JournalError};

/// The world and its journal.
#[derive(Debug)]
pub struct State {
    settings: Settings,
    /// `None` after a failed write, until the journal is replayed.
    world: Option<World>,
    journal: Journal,
}

impl State {
    /// Replays the journal.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn open(settings: Settings, journal: Journal) -> Result<Self, JournalError> {
        let mut state = Self { settings, world: None, journal };
        state.world = Some(state.replayed()?);
        Ok(state)
    }

    fn replayed(&self) -> Result<World, JournalError> {
        Ok(World::replay(self.settings.clone(), self.journal.load()?))
    }

    /// Handles one call. Its events are journaled when this returns.
    ///
    /// # Errors
    /// If the journal cannot be written, or replayed after an earlier failure; the world is then as before the call.
    pub fn handle(
        &mut self,
        vendor: Vendor,
        request: &Request,
        now: Millis,
    ) -> Result<Handled, JournalError> {
        let mut world = match self.world.take() {
            Some(world) => world,
            None => self.replayed()?,
        };
        let handled = world.handle(vendor, request, now);
        self.journal.append(&handled.events, now)?;
        self.world = Some(world);
        Ok(handled)
    }

    /// Resets the world to the seed and clears the journal.
    ///
    /// # Errors
    /// If the journal cannot be cleared; then nothing changes.
    pub fn reset(&mut self) -> Result<(), JournalError> {
        self.journal.clear()?;
        self.world = Some(World::new(self.settings.clone()));
        Ok(())
    }

    /// The whole state as JSON.
    ///
    /// # Errors
    /// If the journal cannot be replayed after an earlier failure.
    pub fn dump(&self) -> Result<serde_json::Value, JournalError> {
        match &self.world {
            Some(world) => Ok(world.dump()),
            None => Ok(self.replayed()?.dump()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create_group(state: &mut State, id: &str) -> Result<Handled, JournalError> {
        let body = format!(r#"{{"guid":"{id}","name":"Crew","type":"public"}}"#);
        let request = http::Request::post("/groups")
            .header("apikey", "any")
            .body(body.into_bytes())
            .expect("is a request");
        state.handle(Vendor::CometChat, &request, 1_000)
    }

    #[test]
    fn a_change_that_could_not_be_journaled_is_not_there_either() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.sqlite");
        let settings = Settings { latency: false, ..Settings::default() };
        let mut state = State::open(settings, Journal::open(&path).expect("opens")).expect("is empty");
        create_group(&mut state, "first").expect("it is journaled");
        let before = state.dump().expect("it is read");
        let other = rusqlite::Connection::open(&path).expect("opens");
        other.execute_batch("ALTER TABLE events RENAME TO away").expect("is renamed");
        create_group(&mut state, "second").expect_err("there is no table to write to");
        state.dump().expect_err("nor one to read from");
        other.execute_batch("ALTER TABLE away RENAME TO events").expect("is renamed");
        assert_eq!(state.dump().expect("it is read"), before);
        create_group(&mut state, "third").expect("it is journaled");
        let after = state.dump().expect("it is read").to_string();
        assert!(after.contains("third") && !after.contains("second"));
    }
}
