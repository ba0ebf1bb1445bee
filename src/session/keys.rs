//! What proves who calls: keys that were typed, and tokens that were got for them. In memory only.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::{Connection, ConnectionId, Credentials, Reach, Secret, Vendor};
use futures::lock::Mutex;
use leptos::prelude::*;

use super::Session;

/// A token that several calls may want at once: whoever comes first signs in, the others wait.
pub(super) type TokenSlot = Rc<Mutex<Option<Secret>>>;

#[derive(Default)]
pub(super) struct Keys {
    credentials: RefCell<BTreeMap<ConnectionId, Credentials>>,
    tokens: RefCell<BTreeMap<ConnectionId, TokenSlot>>,
}

impl Session {
    /// Takes the key of a connection, for as long as the page lives.
    pub fn set_credentials(self, id: &ConnectionId, credentials: Credentials) {
        let inner = self.inner();
        inner.keys.tokens.borrow_mut().remove(id);
        let is_some = credentials != Credentials::None;
        if is_some {
            inner.keys.credentials.borrow_mut().insert(id.clone(), credentials);
        } else {
            inner.keys.credentials.borrow_mut().remove(id);
        }
        self.drop_cache(id);
        self.unlocked.update(|unlocked| {
            if is_some {
                unlocked.insert(id.clone())
            } else {
                unlocked.remove(id)
            };
        });
    }

    /// Forgets the key and token of a connection.
    pub fn lock(self, id: &ConnectionId) {
        self.set_credentials(id, Credentials::None);
    }

    /// True if calls need a key that has not been typed; tracked.
    pub fn needs_key(self, connection: &Connection) -> bool {
        connection.reach == Reach::Direct && !self.unlocked.with(|unlocked| unlocked.contains(&connection.id))
    }

    /// True if a key is in memory, which [`Session::lock`] would forget; tracked.
    pub fn has_key(self, id: &ConnectionId) -> bool {
        self.unlocked.with(|unlocked| unlocked.contains(id))
    }

    /// Forgets key, token, pace and what was read.
    pub(super) fn forget(self, id: &ConnectionId) {
        self.lock(id);
        self.inner().budgets.borrow_mut().remove(id);
    }

    pub(crate) fn credentials(self, connection: &Connection) -> Credentials {
        let typed = self.inner().keys.credentials.borrow().get(&connection.id).cloned();
        match (typed, connection.reach) {
            (Some(typed), _) => typed,
            (None, Reach::Sandbox) => sandbox_credentials(connection.vendor),
            (None, Reach::Relay | Reach::Direct) => Credentials::None,
        }
    }

    pub(super) fn token_slot(self, id: &ConnectionId) -> TokenSlot {
        Rc::clone(self.inner().keys.tokens.borrow_mut().entry(id.clone()).or_default())
    }
}

/// The sandbox takes any key that is not one of its sentinels.
fn sandbox_credentials(vendor: Vendor) -> Credentials {
    let key = Secret::new("sandbox");
    match vendor {
        Vendor::Genuin => Credentials::KeyAndSecret { key: key.clone(), secret: key },
        Vendor::Networked | Vendor::CometChat => Credentials::Key(key),
    }
}
