//! Connections as configured by the host: those it names and those it does not allow.
//!
//! A named connection leads where the host says. What the user adds (a key, names of groups) is persisted as
//! a connection with the same id and merged into it. One the host no longer names is not shown.

use std::sync::Arc;

use domain::budget::Window;
use domain::{BaseUrl, Connection, ConnectionId, KeyStorage, Vendor};
use hosting::{Config, Feature, Origin, ReviewRules};
use leptos::prelude::*;
use litemap::LiteMap;

use super::Session;
use browser::transport;

/// The window of the host's own rate limit.
const MINUTE_MS: u64 = 60_000;

impl Session {
    /// Applies the host's settings. Call before anything is read or added.
    pub fn host(self, config: Arc<Config>) {
        *self.inner().origins.borrow_mut() = Some(config.origins());
        *self.inner().config.borrow_mut() = config;
        self.insert_named();
    }

    /// True if the host has the feature switched on.
    pub fn has(self, feature: Feature) -> bool {
        self.inner().config.borrow().has(feature)
    }

    /// The host's rules for reviews.
    pub fn review_rules(self) -> ReviewRules {
        self.inner().config.borrow().reviews.clone()
    }

    /// True if the host names the connection, so that the user cannot change or remove it.
    pub fn is_named(self, id: &ConnectionId) -> bool {
        hosting::is_named(id)
    }

    /// Number of stored connections that are hidden because the host does not allow their kind; tracked.
    pub fn n_hidden(self) -> usize {
        self.hidden.with(LiteMap::len)
    }

    /// True if calls may go to an address. The console's own origin is always allowed.
    pub(crate) fn reaches(self, address: &BaseUrl) -> bool {
        if transport::is_own(address) {
            return true;
        }
        let origin = || Origin::of(address).ok().flatten();
        let inner = self.inner();
        let origins = inner.origins.borrow();
        origins.as_ref().is_none_or(|origins| origin().is_some_and(|origin| origins.contains(&origin)))
    }

    /// Adds the connections named by the host that are missing.
    pub(super) fn insert_named(self) {
        let mut named = self.inner().config.borrow().connections.clone();
        named.retain(|connection| self.connection_now(&connection.id).is_none());
        self.insert(named.into_iter().map(Arc::new));
    }

    /// True if a connection is exactly as named by the host, so that there is nothing to persist.
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
            return config.allows(connection.kind).then_some(connection);
        }
        let mut named = config.connections.iter().find(|named| named.id == connection.id)?.clone();
        // What was stored for another destination does not apply to this one.
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

    /// A vendor's windows plus the host's own.
    pub(super) fn capped(self, vendor: Vendor, mut windows: Vec<Window>) -> Vec<Window> {
        let most = self.inner().config.borrow().limits.calls_per_minute.get(&vendor).copied();
        windows.extend(most.map(|max| Window { span_ms: MINUTE_MS, max }));
        windows
    }
}
