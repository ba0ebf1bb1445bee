//! The list of connections.

use std::sync::Arc;

use domain::connection::KnownGroup;
use domain::order;
use domain::{
    BaseUrl, Connection, ConnectionId, ConnectionKind, Credentials, GroupId, GroupKind, KeyStorage, Secret,
    Vendor,
};
use hosting::Origin;
use leptos::prelude::*;
use litemap::LiteMap;
use vendors::{KeyKind, Sample};

use super::Session;
use super::stored::ListWrite;
use super::tabs::TabMessage;
use crate::state::code::NotFetched;
use browser::storage::StorageError;
use i18n::{compare, text};

/// Maximum length of an id made from a name.
const MAX_ID_CHARS: usize = 40;

impl Session {
    /// All connections, by name; tracked.
    pub fn connections(self) -> Vec<Arc<Connection>> {
        self.connections.get()
    }

    /// One connection; tracked.
    pub fn connection(self, id: &ConnectionId) -> Option<Arc<Connection>> {
        self.connections.with(|list| find(list, id))
    }

    /// One connection, untracked: for event handlers and tasks.
    pub fn connection_now(self, id: &ConnectionId) -> Option<Arc<Connection>> {
        self.connections.with_untracked(|list| find(list, id))
    }

    /// Why connections do not outlive the page, or why some are missing; tracked.
    pub fn storage_problem(self) -> Option<StorageError> {
        self.storage_problem.get()
    }

    /// Adds or replaces a connection and persists it. If another tab has changed it meanwhile, that change is
    /// kept.
    pub fn save(self, connection: Connection) {
        if let Some(write) = self.put(connection) {
            self.write(write);
        }
    }

    /// Adds a connection, or replaces `over`, and waits until it is persisted.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the connection no longer equals `over`: either nothing has changed here,
    /// or the version of another tab is restored. After any other error the connection lasts as long as the
    /// page.
    pub async fn save_over(
        self,
        over: Option<&Connection>,
        connection: Connection,
    ) -> Result<(), StorageError> {
        if over.is_some() && self.connection_now(&connection.id).as_deref() != over {
            return Err(StorageError::Conflict);
        }
        match self.put(connection) {
            Some(write) => self.written(write).await,
            None => Ok(()),
        }
    }

    /// Puts a connection into the list of this page. Returns what to write.
    fn put(self, connection: Connection) -> Option<ListWrite> {
        let connection = self.admitted(Arc::new(connection))?;
        let id = connection.id.clone();
        let before = self.connection_now(&id);
        if before.as_ref().is_some_and(|before| before.destination() != connection.destination()) {
            // A key is bound to its destination and must not go to another.
            self.forget(&id);
            self.write(ListWrite::ForgetPace(id.clone()));
        }
        self.drop_cache(&id);
        self.insert([Arc::clone(&connection)]);
        Some(ListWrite::Save { connection, before })
    }

    /// Applies a connection written by another tab.
    pub(super) fn apply_saved(self, saved: Arc<Connection>) {
        if self.inner.try_get_value().is_none() {
            return; // the page is gone
        }
        let known = self.connection_now(&saved.id);
        if known.as_ref() == Some(&saved) {
            return;
        }
        if known.is_some_and(|known| known.destination() != saved.destination()) {
            self.lock_here(&saved.id);
            self.inner().budgets.borrow_mut().remove(&saved.id);
        }
        self.drop_cache(&saved.id);
        self.insert([saved]);
    }

    /// Removes a connection, its key and everything known about it. One named by the host goes back to the
    /// host's version.
    pub fn remove(self, id: &ConnectionId) {
        self.forget(id);
        self.take_out(id);
        self.write(ListWrite::Remove(id.clone()));
        self.tell(&TabMessage::Removed(id.clone()));
    }

    /// Takes a connection out of this page, such as when another tab has removed it.
    pub(super) fn take_out(self, id: &ConnectionId) {
        self.drop_cache(id);
        self.inner().budgets.borrow_mut().remove(id);
        self.forget_drafts(id);
        self.ledgers.update(|ledgers| {
            ledgers.remove(id);
        });
        self.connections.update(|list| list.retain(|connection| connection.id != *id));
        self.stored_keys.update(|kept| {
            kept.remove(id);
        });
        self.insert_named();
    }

    /// Empties this page, except for the connections named by the host.
    pub(super) fn take_out_all(self) {
        self.inner().budgets.borrow_mut().clear();
        self.inner().drafts.borrow_mut().clear();
        self.inner().cache.borrow_mut().clear();
        self.ledgers.update(LiteMap::clear);
        self.connections.update(Vec::clear);
        self.hidden.update(LiteMap::clear);
        self.insert_named();
        self.stored_keys.update(LiteMap::clear);
        self.has_vault.set(false);
    }

    /// Names and vendors of the connections that [`Session::add_samples`] adds.
    pub fn sample_names() -> impl Iterator<Item = (&'static str, Vendor)> {
        Vendor::ALL.into_iter().rev().map(|vendor| (vendors::profile(vendor).sample.name, vendor))
    }

    /// True if one of the sample connections is missing; tracked.
    pub fn lacks_samples(self) -> bool {
        let is_missing = |vendor: Vendor| {
            let id = vendors::profile(vendor).sample.id;
            self.connections.with(|list| list.iter().all(|connection| connection.id.as_str() != id))
        };
        Vendor::ALL.into_iter().any(is_missing)
    }

    /// Adds those of the three sandbox connections that are missing: to the sandbox in this browser, or to the
    /// sandbox server at this origin. Fetches the code for it first, which a first visit does without.
    ///
    /// # Errors
    /// If it could not be fetched.
    pub async fn add_samples(self, server: Option<Origin>) -> Result<(), NotFetched> {
        let fetch = self.inner().store_code.get().ok_or(NotFetched)?;
        let code = fetch().await.map_err(|error| {
            leptos::logging::error!("{error}");
            NotFetched
        })?;
        (code.add_samples)(self, server);
        Ok(())
    }

    /// As [`Session::add_samples`], for a program that contains the code.
    pub fn add_samples_here(self, server: Option<Origin>) {
        // In the browser, the address of the same sandbox as a local service, so that a copied command works
        // against it.
        let origin = server.as_ref().map_or_else(|| "http://127.0.0.1:8081".to_owned(), ToString::to_string);
        let (kind, suffix) = match server {
            Some(_) => (ConnectionKind::Direct, "-server"),
            None => (ConnectionKind::Sandbox, ""),
        };
        for vendor in Vendor::ALL.into_iter().rev() {
            let profile = vendors::profile(vendor);
            let sample = &profile.sample;
            let id = ConnectionId::new([sample.id, suffix].concat());
            if self.connection_now(&id).is_some() {
                continue;
            }
            let Ok(base_url) = BaseUrl::parse(&[&*origin, &profile.sandbox_path()].concat(), true) else {
                continue;
            };
            let name = match server {
                Some(_) => text::connections_sample_on_server(sample.name),
                None => sample.name.to_owned(),
            };
            // Not `save`: a connection that does not exist has no key to forget.
            let connection = Arc::new(Connection {
                id,
                vendor,
                name: name.into(),
                kind,
                base_url,
                acting_as: sample.acting_as.map(Into::into),
                is_small_plan: false,
                calls_per_minute: None,
                known_groups: known_groups(sample),
                key_storage: KeyStorage::Memory,
                is_power_known: kind == ConnectionKind::Direct,
            });
            self.insert([Arc::clone(&connection)]);
            if kind == ConnectionKind::Direct {
                self.set_credentials(&connection, sandbox_credentials(profile.keys[0]));
            }
            self.write(ListWrite::Save { connection, before: None });
        }
    }

    /// An unused id made from a name.
    pub fn fresh_id(self, name: &str, vendor: Vendor) -> ConnectionId {
        let mut slug = String::new();
        for c in name.chars().map(|c| c.to_ascii_lowercase()) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() == MAX_ID_CHARS {
                break;
            }
        }
        let slug = slug.trim_end_matches('-');
        // `new` is the address of another page.
        let slug = if slug.is_empty() || slug == "new" { vendor.slug() } else { slug };
        let mut id = ConnectionId::new(slug);
        for n in 2.. {
            if self.connection_now(&id).is_none() {
                break;
            }
            id = ConnectionId::new(format!("{slug}-{n}"));
        }
        id
    }

    /// Erases all connections with their keys, runs and budgets, in memory and on the device.
    ///
    /// # Errors
    /// If something remains on the device.
    pub async fn erase_all(self) -> Result<(), StorageError> {
        self.lock_all();
        self.take_out_all();
        let erased = match self.storage().await {
            Some(storage) => storage.erase().await,
            None => Ok(()),
        };
        self.tell(&TabMessage::Erased);
        erased
    }

    pub(super) fn insert(self, connections: impl IntoIterator<Item = Arc<Connection>>) {
        let mut hidden = self.hidden.get_untracked();
        let admit = |connection: Arc<Connection>| {
            let id = connection.id.clone();
            let admitted = self.admitted(connection);
            if admitted.is_none() && !self.is_named(&id) {
                hidden.insert(id, ());
            }
            admitted
        };
        let connections: Vec<_> = connections.into_iter().filter_map(admit).collect();
        self.hidden.set(hidden);
        self.connections.update(|list| {
            for connection in connections {
                list.retain(|other| other.id != connection.id);
                list.push(connection);
            }
            order::sort_by(list, |a, b| compare(&a.name, &b.name).then_with(|| a.id.cmp(&b.id)));
        });
    }
}

fn known_groups(sample: &Sample) -> Vec<KnownGroup> {
    let known = |(id, name, kind): &(&str, &str, GroupKind)| KnownGroup {
        id: GroupId::new(*id),
        name: (*name).into(),
        kind: *kind,
    };
    sample.groups.iter().map(known).collect()
}

fn find(list: &[Arc<Connection>], id: &ConnectionId) -> Option<Arc<Connection>> {
    list.iter().find(|connection| connection.id == *id).cloned()
}

/// The key that every sandbox server accepts. It is no secret.
pub const SANDBOX_KEY: &str = "sandbox-key";

fn sandbox_credentials(kind: KeyKind) -> Credentials {
    let key = || Secret::new(SANDBOX_KEY);
    match kind {
        KeyKind::Key => Credentials::Key(key()),
        KeyKind::KeyAndSecret => Credentials::KeyAndSecret { key: key(), secret: key() },
        KeyKind::Token => Credentials::Token(key()),
    }
}
