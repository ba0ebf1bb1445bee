//! The state of all three vendors and the one way to change it.

use crate::{Answer, Event, Handled, Request, Response, Settings};
use domain::{Millis, Vendor};

/// Three vendors with their people, seeded, changed only by [`Event`]s.
#[derive(Debug)]
pub struct World {
    settings: Settings,
}

impl World {
    /// A world as it is on the first day.
    pub fn new(settings: Settings) -> World {
        World { settings }
    }

    /// The world that these events led to.
    pub fn replay(settings: Settings, events: impl IntoIterator<Item = Event>) -> World {
        let mut world = World::new(settings);
        for event in events {
            world.apply(&event);
        }
        world
    }

    /// Does what the request asks for, as the vendor would.
    pub fn handle(&mut self, vendor: Vendor, request: &Request, now: Millis) -> Handled {
        let _ = (vendor, request, now, &self.settings);
        Handled { events: Vec::new(), latency_ms: 0, answer: Answer::Respond(Response::new(Vec::new())) }
    }

    /// Makes one change.
    pub fn apply(&mut self, event: &Event) {
        match *event {}
    }

    /// The whole state, for tests and for looking in.
    pub fn dump(&self) -> serde_json::Value {
        serde_json::json!({})
    }
}
