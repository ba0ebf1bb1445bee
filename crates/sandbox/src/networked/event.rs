//! What can happen at Networked.

use serde::{Deserialize, Serialize};

/// One change at Networked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// An invite was sent by e-mail.
    InviteSent {
        /// Its id.
        invite_id: String,
        /// To whom, as it was written.
        email: String,
        /// Of the invited person.
        name: String,
        /// The role to get.
        role_id: String,
        /// The plans among which the person chooses.
        plan_ids: Vec<String>,
        /// A note in the invite.
        note: Option<String>,
        /// When, in milliseconds.
        at: u64,
    },
    /// A user was added directly; an e-mail with credentials left.
    UserAdded {
        /// Its id.
        user_id: String,
        /// As it was written.
        email: String,
        /// For people.
        name: String,
        /// The role.
        role_id: String,
        /// The plan.
        plan_id: Option<String>,
    },
}
