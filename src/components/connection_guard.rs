//! Everything below `/c/:connection`: finds the connection, asks for its key, then shows the page.

use std::sync::Arc;

use domain::{Connection, ConnectionId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::key_fields::{KeyFields, key_fields};
use super::page_head::page_head;
use crate::i18n::text;
use crate::paths;
use crate::session::{Session, use_session};
use crate::ui::{Button, Variant, empty_state, link_button, skeleton};

/// Whether the page can be shown.
#[derive(Clone, PartialEq)]
enum Gate {
    Loading,
    NotFound,
    NeedsKey(Arc<Connection>),
    Open(Arc<Connection>),
}

/// Shows `page` for the connection in the address. The page is drawn anew when the address names another
/// connection, or when the key is given or forgotten.
pub fn with_connection(page: impl Fn(Arc<Connection>) -> AnyView + Send + Sync + 'static) -> AnyView {
    let session = use_session();
    let params = use_params_map();
    let gate = Memo::new(move |_| {
        let id = params.with(|params| params.get("connection")).unwrap_or_default();
        match session.connection(&ConnectionId::new(id)) {
            Some(connection) if session.needs_key(&connection) => Gate::NeedsKey(connection),
            Some(connection) => Gate::Open(connection),
            None if session.is_loaded() => Gate::NotFound,
            None => Gate::Loading,
        }
    });
    view! {
        {move || match gate.get() {
            Gate::Loading => skeleton(),
            Gate::NotFound => not_found(),
            Gate::NeedsKey(connection) => ask_for_key(session, connection),
            Gate::Open(connection) => page(connection),
        }}
    }
    .into_any()
}

fn not_found() -> AnyView {
    let list = link_button(paths::connections(), text::shell_all_connections, Variant::Plain, false, "plug");
    view! {
        {page_head(None, Vec::new(), Signal::derive(text::connections_unknown_title), Signal::stored(String::new()), None)}
        {empty_state("plug", text::connections_unknown_heading(), text::connections_unknown_body(), Some(list))}
    }
    .into_any()
}

/// The form that a connection without its key shows on every one of its pages.
pub fn ask_for_key(session: Session, connection: Arc<Connection>) -> AnyView {
    let fields = KeyFields::new(Signal::stored(connection.vendor));
    let name = connection.name.to_string();
    let title = Signal::derive(move || text::connections_needs_key_title(&name));
    let of = connection.clone();
    let unlock = move || {
        if let Some(credentials) = fields.credentials() {
            session.set_credentials(&of, credentials);
            fields.clear();
        }
    };
    let submit = {
        let unlock = unlock.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            unlock();
        }
    };
    view! {
        {page_head(Some(&connection), Vec::new(), title, Signal::derive(text::connections_needs_key_sub), None)}
        <form class="card narrow" on:submit=submit>
            <div class="card-body stack">
                {key_fields(fields)}
                <div class="cluster">
                    <Button label=text::connections_use_key variant=Variant::Primary submit=true icon="lock-open" />
                    {link_button(
                        paths::connection(connection.id.as_str()),
                        text::connections_edit,
                        Variant::Quiet,
                        false,
                        "",
                    )}
                </div>
            </div>
        </form>
    }
    .into_any()
}
