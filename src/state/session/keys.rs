//! What proves who calls: keys that were given, and tokens that were got for them.
//!
//! A key is held together with where it may be sent. Nothing outside of the session gets one out again: calls
//! name a connection, and what goes out is the key that was given for exactly its destination, or none.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::{Connection, ConnectionId, Credentials, Destination, Millis, Reach, Secret};
use futures::lock::Mutex;
use leptos::prelude::*;

use super::Session;
use super::kept::Write;
use super::tabs::Told;
use browser::vault::Vault;

/// A token, and what it was got with and where: it is for nothing else.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) of: Credentials,
    pub(super) destination: Destination,
    pub(super) secret: Secret,
    /// When it was got, by the clock that nobody can set.
    pub(super) got_at: Millis,
}

/// A token that several calls may want at once: whoever comes first signs in, the others wait.
pub(super) type TokenSlot = Rc<Mutex<Option<Token>>>;

#[derive(Default)]
pub(super) struct Keys {
    held: RefCell<BTreeMap<ConnectionId, (Destination, Credentials)>>,
    tokens: RefCell<BTreeMap<ConnectionId, TokenSlot>>,
    /// The vault of this device while it is open.
    pub(super) vault: RefCell<Option<Vault>>,
    /// How often everything was locked, and how often each connection.
    n_locks: RefCell<Locks>,
}

/// What was locked so far, to be compared with later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locks {
    n_all: u64,
    n_each: BTreeMap<ConnectionId, u64>,
}

impl Session {
    /// Takes the key of a connection, for as long as the page lives; [`Session::keep_key`] keeps it longer.
    pub fn set_credentials(self, connection: &Connection, credentials: Credentials) {
        if credentials == Credentials::None {
            self.drop_key(&connection.id);
            return;
        }
        self.listen();
        let (inner, id) = (self.inner(), &connection.id);
        inner.keys.tokens.borrow_mut().remove(id);
        let destination = connection.destination();
        inner.keys.held.borrow_mut().insert(id.clone(), (destination.clone(), credentials));
        self.drop_cache(id);
        self.unlocked.update(|unlocked| {
            unlocked.insert(id.clone(), destination);
        });
    }

    /// Locks a connection in all tabs: forgets its key and token, but for what is kept on this device.
    pub fn lock(self, id: &ConnectionId) {
        self.lock_here(id);
        self.tell(&Told::Lock(id.clone()));
    }

    /// Locks everything in all tabs.
    pub fn lock_all(self) {
        self.lock_all_here();
        self.tell(&Told::LockAll);
    }

    /// True if calls need a key that is not at hand; tracked.
    pub fn needs_key(self, connection: &Connection) -> bool {
        let has_key = |destination: &Destination| {
            (connection.vendor, connection.reach, &connection.base_url)
                == (destination.vendor, destination.reach, &destination.base_url)
        };
        connection.reach == Reach::Direct
            && !self.unlocked.with(|unlocked| unlocked.get(&connection.id).is_some_and(has_key))
    }

    /// True if a key is at hand, which [`Session::lock`] would forget; tracked.
    pub fn has_key(self, id: &ConnectionId) -> bool {
        self.unlocked.with(|unlocked| unlocked.contains_key(id))
    }

    /// True if there is anything to lock; tracked.
    pub fn is_unlocked(self) -> bool {
        self.unlocked.with(|unlocked| !unlocked.is_empty())
    }

    /// What was locked so far: what waits for cryptography looks again afterwards, as locking wins over it.
    pub(super) fn locks(self) -> Locks {
        self.inner().keys.n_locks.borrow().clone()
    }

    /// True if everything was locked since.
    pub(super) fn is_locked_since(self, before: &Locks) -> bool {
        self.inner().keys.n_locks.borrow().n_all != before.n_all
    }

    /// True if this connection was locked since.
    pub(super) fn is_one_locked_since(self, id: &ConnectionId, before: &Locks) -> bool {
        self.inner().keys.n_locks.borrow().n_each.get(id) != before.n_each.get(id)
    }

    pub(super) fn lock_here(self, id: &ConnectionId) {
        *self.inner().keys.n_locks.borrow_mut().n_each.entry(id.clone()).or_default() += 1;
        self.drop_key(id);
        // The last one that the vault gave takes the vault along.
        let is_in_use = self.kept_keys.with_untracked(|kept| {
            self.unlocked.with_untracked(|unlocked| kept.iter().any(|id| unlocked.contains_key(id)))
        });
        if !is_in_use {
            self.close_vault();
        }
    }

    pub(super) fn lock_all_here(self) {
        self.inner().keys.n_locks.borrow_mut().n_all += 1;
        for id in self.unlocked.with_untracked(|unlocked| unlocked.keys().cloned().collect::<Vec<_>>()) {
            self.drop_key(&id);
        }
        self.close_vault();
    }

    pub(super) fn close_vault(self) {
        *self.inner().keys.vault.borrow_mut() = None;
        self.is_vault_open.set(false);
    }

    /// Forgets the key of a connection wherever it is, its token, pace and what was read.
    pub(super) fn forget(self, id: &ConnectionId) {
        self.lock(id);
        self.inner().budgets.borrow_mut().remove(id);
        if self.kept_keys.with_untracked(|kept| kept.contains(id)) {
            self.kept_keys.update(|kept| {
                kept.remove(id);
            });
            self.write(Write::ForgetKey(id.clone()));
        }
    }

    /// The key that was given for exactly this connection and destination.
    pub(super) fn credentials(self, connection: &Connection) -> Credentials {
        let held = self.inner().keys.held.borrow().get(&connection.id).cloned();
        match (held, connection.reach) {
            (Some((destination, credentials)), _) if destination == connection.destination() => credentials,
            // The sandbox takes any key that is not one of its sentinels.
            (_, Reach::Sandbox) => vendors::profile(connection.vendor).keys[0].filled("sandbox"),
            (_, Reach::Relay | Reach::Direct) => Credentials::None,
        }
    }

    pub(super) fn token_slot(self, id: &ConnectionId) -> TokenSlot {
        Rc::clone(self.inner().keys.tokens.borrow_mut().entry(id.clone()).or_default())
    }

    fn drop_key(self, id: &ConnectionId) {
        let inner = self.inner();
        inner.keys.tokens.borrow_mut().remove(id);
        inner.keys.held.borrow_mut().remove(id);
        self.drop_cache(id);
        self.unlocked.try_maybe_update(|unlocked| (unlocked.remove(id).is_some(), ()));
    }
}
