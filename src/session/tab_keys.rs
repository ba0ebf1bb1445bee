//! Keys that are kept for a tab, in its `sessionStorage`: they outlive loading the page anew and go with the tab.
//!
//! A tab that the browser duplicates gets a copy; one that is opened by a link does not, as no link of the console
//! gives its page to another. An entry is where the key may be sent, then the key.

use domain::vault::{read_key, write_key};
use domain::{Connection, ConnectionId, Credentials};
use leptos::prelude::window;
use web_sys::Storage;

const PREFIX: &str = "muster.key.";

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn name(id: &ConnectionId) -> String {
    [PREFIX, id.as_str()].concat()
}

/// Keeps a key; false if the browser does not let it.
#[must_use]
pub(super) fn put(connection: &Connection, credentials: &Credentials) -> bool {
    let Some(key) = write_key(credentials) else { return false };
    let entry = [&connection.destination().to_line(), "\n", key.expose()].concat();
    storage().is_some_and(|storage| storage.set_item(&name(&connection.id), &entry).is_ok())
}

/// The key of a connection, if it is for where the connection leads now.
pub(super) fn get(connection: &Connection) -> Option<Credentials> {
    let entry = storage()?.get_item(&name(&connection.id)).ok()??;
    let (line, key) = entry.split_once('\n')?;
    if line != connection.destination().to_line() {
        remove(&connection.id);
        return None;
    }
    read_key(key).ok()
}

/// Forgets the key of a connection.
pub(super) fn remove(id: &ConnectionId) {
    if let Some(storage) = storage() {
        // Refused only where nothing could be kept either.
        let _ = storage.remove_item(&name(id));
    }
}

/// Forgets every key, also those of connections that are not known any more.
pub(super) fn clear() {
    let Some(storage) = storage() else { return };
    let n_items = storage.length().unwrap_or_default();
    let names: Vec<String> = (0..n_items).filter_map(|n| storage.key(n).ok().flatten()).collect();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        let _ = storage.remove_item(name);
    }
}
