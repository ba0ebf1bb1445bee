//! Networked's events.

use serde::Serialize;
use serde_json::Error;

use crate::stored::{EventFields, unknown};

/// One change at Networked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// An invite was sent by e-mail.
    InviteSent {
        /// Invite id.
        invite_id: String,
        /// The recipient's address, as typed.
        email: String,
        /// The invited person's name.
        name: String,
        /// Role id.
        role_id: String,
        /// Ids of the plans the person can choose from.
        plan_ids: Vec<String>,
        /// A personal note.
        note: Option<String>,
        /// Time of the invite, in milliseconds.
        at: u64,
    },
    /// A user was added directly and sent credentials by e-mail.
    UserAdded {
        /// User id.
        user_id: String,
        /// The address, as typed.
        email: String,
        /// Display name.
        name: String,
        /// Role id.
        role_id: String,
        /// Plan id.
        plan_id: Option<String>,
    },
}

impl Event {
    /// Reads a stored event.
    pub(crate) fn read(mut stored: EventFields) -> Result<Self, Error> {
        let kind = stored.text("type")?;
        Ok(match kind.as_str() {
            "invite_sent" => Self::InviteSent {
                invite_id: stored.text("invite_id")?,
                email: stored.text("email")?,
                name: stored.text("name")?,
                role_id: stored.text("role_id")?,
                plan_ids: stored.texts("plan_ids")?,
                note: stored.optional_text("note")?,
                at: stored.number("at")?,
            },
            "user_added" => Self::UserAdded {
                user_id: stored.text("user_id")?,
                email: stored.text("email")?,
                name: stored.text("name")?,
                role_id: stored.text("role_id")?,
                plan_id: stored.optional_text("plan_id")?,
            },
            _ => return Err(unknown("type", &kind)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::assert_read_back;

    #[test]
    fn every_event_is_read_back() {
        for note in [None, Some("Hello".to_owned())] {
            assert_read_back(&crate::Event::Networked(Event::InviteSent {
                invite_id: "i".into(),
                email: "ana@people.example".into(),
                name: "Ana".into(),
                role_id: "r".into(),
                plan_ids: vec!["p".into()],
                note,
                at: 7,
            }));
        }
        for plan_id in [None, Some("p".to_owned())] {
            assert_read_back(&crate::Event::Networked(Event::UserAdded {
                user_id: "u".into(),
                email: "ana@people.example".into(),
                name: "Ana".into(),
                role_id: "r".into(),
                plan_id,
            }));
        }
    }
}
