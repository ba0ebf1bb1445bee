//! The button that exports connections to a file.

use leptos::prelude::*;

use crate::features::connecting::export::{export, exportable};
use crate::state::session::Session;
use i18n::text;
use ui::Button;

/// The button; disabled while there is nothing to export.
pub(super) fn export_button(session: Session) -> AnyView {
    let reason = move || exportable(session).is_empty().then(text::connections_export_nothing);
    view! {
        <Button
            label=text::connections_export
            icon="download"
            disabled_reason=Signal::derive(reason)
            on_press=move || export(session)
        />
    }
    .into_any()
}
