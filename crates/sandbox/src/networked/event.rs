//! Networked's events.

use serde::{Deserialize, Serialize};

/// One change at Networked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
