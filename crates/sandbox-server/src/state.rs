//! The world and its journal, which change only together.

use domain::{Millis, Vendor};
use sandbox::{Handled, Request, Settings, World};

use crate::journal::{Journal, JournalError};

/// The world and its journal.
#[derive(Debug)]
pub struct State {
    settings: Settings,
    world: World,
    journal: Journal,
}

impl State {
    /// Replays the journal.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn open(settings: Settings, journal: Journal) -> Result<Self, JournalError> {
        let world = World::replay(settings.clone(), journal.load()?);
        Ok(Self { settings, world, journal })
    }

    /// Handles one call. Its events are journaled when this returns.
    ///
    /// # Errors
    /// If the journal cannot be written; the world is then replayed without the call.
    pub fn handle(
        &mut self,
        vendor: Vendor,
        request: &Request,
        now: Millis,
    ) -> Result<Handled, JournalError> {
        let handled = self.world.handle(vendor, request, now);
        if let Err(error) = self.journal.append(&handled.events, now) {
            self.world = World::replay(self.settings.clone(), self.journal.load()?);
            return Err(error);
        }
        Ok(handled)
    }

    /// Resets the world to the seed and clears the journal.
    ///
    /// # Errors
    /// If the journal cannot be cleared; then nothing changes.
    pub fn reset(&mut self) -> Result<(), JournalError> {
        self.journal.clear()?;
        self.world = World::new(self.settings.clone());
        Ok(())
    }

    /// The whole state as JSON.
    pub fn dump(&self) -> serde_json::Value {
        self.world.dump()
    }
}
