//! Answers the page's messages from a world.

use domain::Millis;
use sandbox::{Answer, Event, Settings, World, sentinels};

use crate::message::{self, Question};

/// A world that answers messages.
#[derive(Debug)]
pub struct Server {
    settings: Settings,
    world: World,
}

/// The change to persist before replying.
#[derive(Clone, Debug, PartialEq)]
pub enum Persist {
    /// No change.
    Nothing,
    /// Append these events atomically.
    Events(Vec<Event>),
    /// Clear the journal.
    Forget,
}

/// The result of a message, to be executed in field order.
#[derive(Debug)]
pub struct Taken {
    /// What to persist first.
    pub persist: Persist,
    /// How long to wait after that.
    pub after_ms: u64,
    /// The reply to send last; `None` to send none.
    pub reply: Option<String>,
}

impl Server {
    /// Replays events.
    pub fn new(settings: Settings, events: impl IntoIterator<Item = Event>) -> Self {
        let world = World::replay(settings.clone(), events);
        Self { settings, world }
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Handles a message of the page. The world has changed when this returns.
    pub fn take(&mut self, text: &str, now: Millis) -> Taken {
        let (id, question) = match message::parse(text) {
            Ok(parsed) => parsed,
            Err(no_question) => return say(message::not_understood(&no_question)),
        };
        match question {
            Question::Call { vendor, request } => {
                let handled = self.world.handle(vendor, &request, now);
                let reply = match &handled.answer {
                    Answer::Respond(response) => Some(message::answered(id, response)),
                    Answer::Hang => None,
                    Answer::CutBefore | Answer::CutAfter => Some(message::cut(id)),
                };
                let persist = if handled.events.is_empty() {
                    Persist::Nothing
                } else {
                    Persist::Events(handled.events)
                };
                Taken { persist, after_ms: handled.latency_ms, reply }
            }
            Question::Reset => {
                self.world = World::new(self.settings.clone());
                Taken { persist: Persist::Forget, ..say(message::reset(id)) }
            }
            Question::Sentinels => say(message::sentinels(id, &sentinels())),
        }
    }
}

fn say(reply: String) -> Taken {
    Taken { persist: Persist::Nothing, after_ms: 0, reply: Some(reply) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: &str = r#"{"id":1,"vendor":"cometchat","method":"POST","path":"/users",
        "headers":[["apikey","any"],["content-type","application/json"]],
        "body":"{\"uid\":\"kept\",\"name\":\"Zoë\"}"}"#;

    fn server() -> Server {
        Server::new(Settings::default(), [])
    }

    fn reply(server: &mut Server, text: &str) -> serde_json::Value {
        serde_json::from_str(&server.take(text, 0).reply.unwrap()).unwrap()
    }

    #[test]
    fn answers_a_call_and_says_what_to_keep() {
        let mut server = server();
        let taken = server.take(CREATE, 1_800_000_000_000);
        let answer: serde_json::Value = serde_json::from_str(&taken.reply.unwrap()).unwrap();
        assert_eq!((answer["id"].as_u64(), answer["status"].as_u64()), (Some(1), Some(200)));
        let Persist::Events(events) = taken.persist else {
            panic!("expected events, found {:?}", taken.persist)
        };
        assert_eq!(Server::new(Settings::default(), events).world().dump(), server.world().dump());
    }

    #[test]
    fn a_reset_forgets_what_was_done() {
        let mut server = server();
        let seed = server.world().dump();
        server.take(CREATE, 0);
        assert_ne!(server.world().dump(), seed);
        assert_eq!(server.take(r#"{"id":9,"reset":true}"#, 0).persist, Persist::Forget);
        assert_eq!(server.world().dump(), seed);
    }

    #[test]
    fn lists_sentinels_with_what_they_provoke() {
        let answer = reply(&mut server(), r#"{"id":4,"sentinels":true}"#);
        let rows = answer["sentinels"].as_array().unwrap();
        assert_eq!(rows.len(), sentinels().len());
        for row in rows {
            for field in ["place", "value", "provokes", "key"] {
                assert!(row[field].is_string(), "{row}");
            }
            assert!(row["vendor"].is_null() || row["vendor"].is_string(), "{row}");
        }
    }

    #[test]
    fn ends_the_waiting_of_a_page_that_asks_nonsense() {
        let answer = reply(&mut server(), r#"{"id":5,"vendor":"genuin","method":"?"}"#);
        assert_eq!((answer["id"].as_u64(), answer["cut"].as_bool()), (Some(5), Some(true)));
    }
}
