//! What can happen in the sandbox, as it is kept in the journal.

use serde::{Deserialize, Serialize};

/// One change of the sandbox's state; never holds a key or a password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "vendor", content = "event", rename_all = "lowercase")]
pub enum Event {
    /// Something happened at Genuin.
    Genuin(crate::genuin::Event),
    /// Something happened at Networked.
    Networked(crate::networked::Event),
    /// Something happened at CometChat.
    CometChat(crate::cometchat::Event),
}
