//! `/connections`: every connection with the state of its key, and their export and import.

mod export;
mod import;

use domain::{Connection, ConnectionKind};
use hosting::Feature;
use leptos::prelude::*;
use std::sync::Arc;

use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::config::use_config;
use crate::state::session::{Session, use_session};
use browser::storage::StorageError;
use i18n::text;
use ui::{Tone, Variant, empty_state, icon_sm, link_button, notice, skeleton, vendor_mark};

/// Lists the connections.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    use_title(text::shell_connections);
    let session = use_session();
    let can_add = use_config().has(Feature::AddingConnections);
    let link =
        || link_button(paths::new_connection(), text::shell_add_connection, Variant::Primary, false, "plus");
    let add = move || can_add.then(link);
    let list = move || {
        let connections = session.connections();
        if connections.is_empty() && !session.is_loaded() {
            return skeleton();
        }
        if connections.is_empty() {
            let body = if can_add { text::connections_none_body() } else { text::connections_none_here() };
            return empty_state("plug", text::connections_none_title(), body, add());
        }
        let rows = connections.into_iter().map(|connection| row(session, connection)).collect_view();
        view! { <ul class="card list">{rows}</ul> }.into_any()
    };
    // An empty list itself offers adding a connection.
    let is_any = Memo::new(move |_| !session.connections().is_empty());
    let export = move || is_any.get().then(|| export::export_button(session));
    let add_another = move || is_any.get().then(add).flatten();
    // Drawn once: a redrawn dialog would forget the file in it.
    let actions = view! {
        {import::import_button(session)}
        {export}
        {add_another}
    };
    let problem =
        move || session.storage_problem().map(|problem| notice(Tone::Unknown, storage_words(problem)));
    let hidden = move || {
        let n_hidden = session.n_hidden();
        (n_hidden > 0).then(|| notice(Tone::Info, text::connections_hidden(n_hidden)))
    };
    view! {
        {page_head(
            None,
            Vec::new(),
            Signal::derive(text::shell_connections),
            Signal::derive(text::connections_sub),
            Some(actions.into_any()),
        )}
        <div class="stack">{problem}{hidden}{list}</div>
    }
    .into_any()
}

fn storage_words(problem: StorageError) -> String {
    match problem {
        StorageError::Unavailable => text::connections_storage_unavailable(),
        StorageError::Newer => text::connections_storage_newer(),
        StorageError::Blocked => text::connections_storage_blocked(),
        StorageError::Failed | StorageError::Missing | StorageError::Gone => {
            text::connections_storage_failed()
        }
        StorageError::Closed => text::connections_storage_closed(),
        StorageError::Conflict => text::connections_storage_conflict(),
        StorageError::QuotaExceeded => text::connections_storage_full(),
        StorageError::Corrupt => text::connections_storage_corrupt(),
    }
}

fn row(session: Session, connection: Arc<Connection>) -> AnyView {
    let kind = match connection.kind {
        ConnectionKind::Relay => text::connections_relay(),
        ConnectionKind::Direct => text::connections_direct(),
        ConnectionKind::Sandbox => text::connections_in_browser(),
    };
    let sub = text::connections_row(text::ConnectionsRow { reach: &kind, vendor: connection.vendor.name() });
    let key = {
        let connection = connection.clone();
        move || match connection.kind {
            ConnectionKind::Direct => {
                let is_kept = session.is_key_stored(&connection.id);
                let (icon, words) = match (session.needs_key(&connection), is_kept) {
                    (true, true) => ("lock", text::connections_locked()),
                    (true, false) => ("lock", text::connections_needs_key()),
                    (false, true) => ("lock-open", text::connections_unlocked()),
                    (false, false) => ("lock-open", text::connections_has_key()),
                };
                view! { <span class="badge">{icon_sm(icon)}{words}</span> }.into_any()
            }
            ConnectionKind::Relay | ConnectionKind::Sandbox => {
                view! { <span class="badge">{text::connections_no_key_needed}</span> }.into_any()
            }
        }
    };
    // The sandbox in this browser has no address.
    let address = (connection.kind != ConnectionKind::Sandbox).then(|| {
        view! {
            " "
            <bdi translate="no" class="id">
                {connection.base_url.as_str().to_owned()}
            </bdi>
        }
    });
    let is_named = session.is_named(&connection.id);
    let settings = if is_named { text::connections_named_show } else { text::connections_edit };
    let named = is_named.then(|| view! { <span class="badge">{text::connections_named}</span> });
    let edit = paths::connection(connection.id.as_str());
    let members = paths::members(connection.id.as_str());
    view! {
        <li class="conn-row">
            {vendor_mark(connection.vendor.slug(), true)} <div class="grow">
                <a class="title" href=members>
                    <bdi translate="no">{connection.name.to_string()}</bdi>
                </a>
                <p class="tiny muted">{sub}{address}</p>
            </div> {named} {key} {link_button(edit, settings, Variant::Plain, true, "settings")}
        </li>
    }
    .into_any()
}
