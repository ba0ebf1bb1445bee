//! The events of the sandbox, as journaled.

use serde::{Deserialize, Serialize};

/// One change of the sandbox's state; never contains a key or a password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "vendor", content = "event", rename_all = "lowercase")]
pub enum Event {
    /// A change at Genuin.
    Genuin(crate::genuin::Event),
    /// A change at Networked.
    Networked(crate::networked::Event),
    /// A change at CometChat.
    CometChat(crate::cometchat::Event),
}
