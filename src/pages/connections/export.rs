//! Connections taken along as a file, without keys.

use domain::Reach;
use domain::connection_file::ConnectionFile;
use leptos::prelude::*;

use crate::i18n::text;
use crate::pages::download::{Kind, save};
use crate::session::Session;
use crate::ui::Button;

/// The button that saves the file.
pub(super) fn export_button(session: Session) -> AnyView {
    let reason = move || {
        let leads_nowhere = session.connections().iter().all(|connection| connection.reach == Reach::Sandbox);
        leads_nowhere.then(text::connections_export_nothing)
    };
    let export = move || {
        let connections = untrack(|| session.connections());
        let file = ConnectionFile::of(connections.iter().map(|connection| &**connection));
        if let Ok(json) = serde_json::to_string_pretty(&file) {
            save("connections", Kind::Json, &json);
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
