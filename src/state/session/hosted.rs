//! What whoever hosts the console says of connections: those that it names, and those that it does not allow.
//!
//! A named connection leads where the host says; what a person adds to it (a key, names of groups) is kept as a
//! connection with the same id, and put over it. One that the host names no more is not shown.

use std::sync::Arc;

use domain::budget::Window;
use domain::{BaseUrl, Connection, ConnectionId, KeyStorage, Vendor};
use hosting::{Config, Feature, Origin};
use leptos::prelude::*;

use super::Session;
use browser::transport;

/// The span of the host's own limit of calls.
const MINUTE_MS: u64 = 60_000;

impl Session {
    /// Takes over what the host says. Call before anything is read or added.
    pub fn host(self, config: Arc<Config>) {
        *self.inner().origins.borrow_mut() = Some(config.origins());
        *self.inner().config.borrow_mut() = config;
        self.insert_named();
    }

    /// Whether a part of the console is there on this host.
    pub fn has(self, feature: Feature) -> bool {
        self.inner().config.borrow().has(feature)
    }

    /// Whether the host names a connection, so that nobody else can change or remove it.
    pub fn is_named(self, id: &ConnectionId) -> bool {
        hosting::is_named(id)
    }

    /// How many connections are kept here and not shown, as the host does not allow their kind; tracked.
    pub fn n_hidden(self) -> usize {
        self.hidden.with(std::collections::BTreeSet::len)
    }

    /// Whether calls may go to an address. The console's own origin needs no name.
    pub(crate) fn reaches(self, address: &BaseUrl) -> bool {
        if transport::is_own(address) {
            return true;
        }
        let origin = || Origin::of(address).ok().flatten();
        let inner = self.inner();
        let origins = inner.origins.borrow();
        origins.as_ref().is_none_or(|origins| origin().is_some_and(|origin| origins.contains(&origin)))
    }

    /// Puts in those that the host names and that are not there.
    pub(super) fn insert_named(self) {
        let mut named = self.inner().config.borrow().connections.clone();
        named.retain(|connection| self.connection_now(&connection.id).is_none());
        self.insert(named.into_iter().map(Arc::new));
    }

    /// Whether a connection is exactly as the host names it, so that there is nothing to keep.
    pub(super) fn is_untouched(self, connection: &Connection) -> bool {
        self.inner().config.borrow().connections.contains(connection)
    }

    /// A connection as the host allows it; `None` if it may not be used here.
    pub(super) fn admitted(self, mut connection: Arc<Connection>) -> Option<Arc<Connection>> {
        let inner = self.inner();
        let config = inner.config.borrow();
        if !config.limits.allows(connection.key_storage) {
            Arc::make_mut(&mut connection).key_storage = KeyStorage::Memory;
        }
        if !hosting::is_named(&connection.id) {
            return config.allows(connection.reach).then_some(connection);
        }
        let mut named = config.connections.iter().find(|named| named.id == connection.id)?.clone();
        // What was kept for another place says nothing about this one.
        if named.destination() == connection.destination() {
            named.key_storage = connection.key_storage;
            named.is_power_known = connection.is_power_known;
            for group in &connection.known_groups {
                if !named.known_groups.iter().any(|known| known.id == group.id) {
                    named.known_groups.push(group.clone());
                }
            }
        }
        Some(Arc::new(named))
    }

    /// A vendor's windows with the host's own.
    pub(super) fn capped(self, vendor: Vendor, mut windows: Vec<Window>) -> Vec<Window> {
        let most = self.inner().config.borrow().limits.calls_per_minute.get(&vendor).copied();
        windows.extend(most.map(|max| Window { span_ms: MINUTE_MS, max }));
        windows
    }
}
