//! Exports connections to a file, without keys. Leaves out those that the host or the sandbox provides.

use domain::ConnectionKind;
use domain::connection_file::ConnectionFile;
use leptos::prelude::*;

use crate::features::results::download::{FileKind, save};
use crate::state::session::Session;
use i18n::text;
use ui::Button;

/// The button that saves the file.
pub(super) fn export_button(session: Session) -> AnyView {
    let own = move || {
        let mut connections = session.connections();
        connections.retain(|one| one.kind != ConnectionKind::Sandbox && !session.is_named(&one.id));
        connections
    };
    let reason = move || own().is_empty().then(text::connections_export_nothing);
    let export = move || {
        let connections = untrack(own);
        let file = ConnectionFile::of(connections.iter().map(|connection| &**connection));
        if let Ok(json) = serde_json::to_string_pretty(&file) {
            save("connections", FileKind::Json, &json);
        }
    };
    view! {
        <Button
            label=text::connections_export
            icon="download"
            disabled_reason=Signal::derive(reason)
            on_press=export
        />
    }
    .into_any()
}
