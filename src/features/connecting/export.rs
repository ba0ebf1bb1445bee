//! Exports connections to a file, without keys. Leaves out those that the host or the sandbox provides.

use std::sync::Arc;

use domain::connection_file::ConnectionFile;
use domain::{Connection, ConnectionKind};
use leptos::prelude::*;

use crate::features::results::download::{FileKind, save};
use crate::state::session::Session;

/// The connections that can be exported; tracked.
pub fn exportable(session: Session) -> Vec<Arc<Connection>> {
    let mut connections = session.connections();
    connections.retain(|one| one.kind != ConnectionKind::Sandbox && !session.is_named(&one.id));
    connections
}

/// Saves them as a file.
pub fn export(session: Session) {
    let connections = untrack(|| exportable(session));
    let file = ConnectionFile::of(connections.iter().map(|connection| &**connection));
    if let Ok(json) = serde_json::to_string_pretty(&file) {
        save("connections", FileKind::Json, &json);
    }
}
