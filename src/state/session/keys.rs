//! Credentials: API keys and access tokens.
//!
//! A key is held together with its destination. Nothing outside the session can read one back: calls name a
//! connection, and use the key given for exactly its destination, or none.

use std::cell::RefCell;
use std::rc::Rc;

use domain::{Connection, ConnectionId, ConnectionKind, Credentials, Destination, Millis, Secret};
use futures::lock::Mutex;
use leptos::prelude::*;
use litemap::LiteMap;

use super::Session;
use super::stored::ListWrite;
use super::tabs::TabMessage;
use browser::vault::Vault;

/// A token with the credentials and destination it was fetched for; it is used for nothing else.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) of: Credentials,
    pub(super) destination: Destination,
    pub(super) secret: Secret,
    /// When it was fetched, by the monotonic clock.
    pub(super) got_at: Millis,
}

/// A token shared by concurrent calls: the first one signs in, the others wait.
pub(super) type TokenSlot = Rc<Mutex<Option<Token>>>;

#[derive(Default)]
pub(super) struct Keys {
    held: RefCell<LiteMap<ConnectionId, (Destination, Credentials)>>,
    tokens: RefCell<LiteMap<ConnectionId, TokenSlot>>,
    /// The vault of this device while it is open.
    pub(super) vault: RefCell<Option<Vault>>,
    /// Counts locking, of everything and of each connection.
    n_locks: RefCell<Locks>,
}

/// Lock counts, to detect locking across an await.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locks {
    n_all: u64,
    n_each: LiteMap<ConnectionId, u64>,
}

impl Session {
    /// Sets the key of a connection for the lifetime of the page; [`Session::store_key`] keeps it longer.
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

    /// Locks a connection in all tabs: drops its key and token, but not the key in the vault.
    pub fn lock(self, id: &ConnectionId) {
        self.lock_here(id);
        self.tell(&TabMessage::Lock(id.clone()));
    }

    /// Locks all connections in all tabs.
    pub fn lock_all(self) {
        self.lock_all_here();
        self.tell(&TabMessage::LockAll);
    }

    /// True if calls need a key that is not in memory; tracked.
    pub fn needs_key(self, connection: &Connection) -> bool {
        let has_key = |destination: &Destination| {
            (connection.vendor, connection.kind, &connection.base_url)
                == (destination.vendor, destination.kind, &destination.base_url)
        };
        connection.kind == ConnectionKind::Direct
            && !self.unlocked.with(|unlocked| unlocked.get(&connection.id).is_some_and(has_key))
    }

    /// True if a key is in memory, which [`Session::lock`] would drop; tracked.
    pub fn has_key(self, id: &ConnectionId) -> bool {
        self.unlocked.with(|unlocked| unlocked.contains_key(id))
    }

    /// True if there is anything to lock; tracked.
    pub fn is_unlocked(self) -> bool {
        self.unlocked.with(|unlocked| !unlocked.is_empty())
    }

    /// The lock counts. Code that awaits cryptography compares them afterwards, because locking wins.
    pub(super) fn locks(self) -> Locks {
        self.inner().keys.n_locks.borrow().clone()
    }

    /// True if everything has been locked since `before`.
    pub(super) fn is_locked_since(self, before: &Locks) -> bool {
        self.inner().keys.n_locks.borrow().n_all != before.n_all
    }

    /// True if this connection has been locked since `before`.
    pub(super) fn is_one_locked_since(self, id: &ConnectionId, before: &Locks) -> bool {
        self.inner().keys.n_locks.borrow().n_each.get(id) != before.n_each.get(id)
    }

    pub(super) fn lock_here(self, id: &ConnectionId) {
        *self.inner().keys.n_locks.borrow_mut().n_each.entry(id.clone()).or_default() += 1;
        self.drop_key(id);
        // Without keys from it in use, the vault closes too.
        let is_in_use = self.stored_keys.with_untracked(|kept| {
            self.unlocked.with_untracked(|unlocked| kept.keys().any(|id| unlocked.contains_key(id)))
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

    /// Forgets the key of a connection in memory and in the vault, its token, budget and cache.
    pub(super) fn forget(self, id: &ConnectionId) {
        self.lock(id);
        self.inner().budgets.borrow_mut().remove(id);
        if self.stored_keys.with_untracked(|kept| kept.contains_key(id)) {
            self.stored_keys.update(|kept| {
                kept.remove(id);
            });
            self.write(ListWrite::ForgetKey(id.clone()));
        }
    }

    /// The key held for exactly this connection and destination.
    pub(super) fn credentials(self, connection: &Connection) -> Credentials {
        let held = self.inner().keys.held.borrow().get(&connection.id).cloned();
        match (held, connection.kind) {
            (Some((destination, credentials)), _) if destination == connection.destination() => credentials,
            // The sandbox accepts any key except its sentinels.
            (_, ConnectionKind::Sandbox) => vendors::profile(connection.vendor).keys[0].filled("sandbox"),
            (_, ConnectionKind::Relay | ConnectionKind::Direct) => Credentials::None,
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
