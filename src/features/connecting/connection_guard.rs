//! The guard of everything below `/c/:connection`: finds the connection, asks for its key, then shows the
//! page.

use std::sync::Arc;

use domain::{Connection, ConnectionId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::features::fetched::with_code;
use crate::routing::paths;
use crate::shell::page_head::page_head;
use crate::state::code::{Code, Fetch};
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Variant, empty_state, link_button, skeleton};

/// Draws the panel that asks for a connection's key.
pub type KeyPanel = fn(Session, Arc<Connection>) -> AnyView;

thread_local! {
    static KEY_PANEL: Code<KeyPanel> = const { Code::new() };
}

/// Sets how the panel that asks for a key is fetched: pages of unlocked connections do not need it.
pub fn provide_key_panel(fetch: Fetch<KeyPanel>) {
    KEY_PANEL.with(|code| code.provide(fetch));
}

/// Whether the page can be shown.
#[derive(Clone, PartialEq)]
enum Gate {
    Loading,
    NotFound,
    NeedsKey(Arc<Connection>),
    Open(Arc<Connection>),
}

/// Shows `page` for the connection in the URL. The page is redrawn when the URL names another connection, or
/// when the key is given or forgotten.
pub fn with_connection(page: impl Fn(Arc<Connection>) -> AnyView + Send + 'static) -> AnyView {
    guard(Box::new(page))
}

fn guard(page: Box<dyn Fn(Arc<Connection>) -> AnyView + Send>) -> AnyView {
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
            Gate::NeedsKey(connection) => {
                with_code(&KEY_PANEL, move |panel| panel(session, connection.clone()))
            }
            Gate::Open(connection) => page(connection),
        }}
    }
    .into_any()
}

/// Shows `page` for a connection, or asks for its key first.
pub fn with_key(
    connection: Arc<Connection>,
    page: impl Fn(Arc<Connection>) -> AnyView + Send + 'static,
) -> AnyView {
    let session = use_session();
    let needs_key = {
        let connection = connection.clone();
        Memo::new(move |_| session.needs_key(&connection))
    };
    let view = move || {
        if needs_key.get() {
            let connection = connection.clone();
            return with_code(&KEY_PANEL, move |panel| panel(session, connection.clone()));
        }
        page(connection.clone())
    };
    view.into_any()
}

fn not_found() -> AnyView {
    let list = link_button(paths::connections(), text::shell_all_connections, Variant::Plain, false, "plug");
    view! {
        {page_head(
            None,
            Vec::new(),
            Signal::derive(text::connections_unknown_title),
            Signal::stored(String::new()),
            None,
        )}
        {empty_state(
            "plug",
            text::connections_unknown_heading(),
            text::connections_unknown_body(),
            Some(list),
        )}
    }
    .into_any()
}
