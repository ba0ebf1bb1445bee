//! The guard of everything below `/c/:connection`: finds the connection, asks for its key, then shows the
//! page.

use std::sync::Arc;

use domain::{Connection, ConnectionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use crate::features::connecting::key_fields::{KeyFields, key_fields};
use crate::features::connecting::key_power::{self, power_notice};
use crate::features::connecting::key_storage::{KeyStorageFields, key_storage_fields};
use crate::features::connecting::passphrase;
use crate::features::connecting::unlock::unlock_form;
use crate::routing::paths;
use crate::shell::page_head::page_head;
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Button, Variant, empty_state, link_button, skeleton, toast};

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

/// What every page of a connection shows without its key: the passphrase field for a key kept on this device,
/// otherwise the key fields.
pub fn ask_for_key(session: Session, connection: Arc<Connection>) -> AnyView {
    let name = connection.name.to_string();
    let id = connection.id.clone();
    let is_stored = Memo::new(move |_| session.is_key_stored(&id));
    let title = Signal::derive(move || {
        if is_stored.get() {
            text::connections_locked_title(&name)
        } else {
            text::connections_needs_key_title(&name)
        }
    });
    let sub = Signal::derive(move || {
        if is_stored.get() { text::connections_locked_sub() } else { text::connections_needs_key_sub() }
    });
    let of = connection.clone();
    let form = move || {
        if is_stored.get() {
            unlock_form(session, of.clone(), (text::keys_unlock, Variant::Primary), || ())
        } else {
            key_form(session, of.clone())
        }
    };
    view! {
        {page_head(Some(&connection), Vec::new(), title, sub, None)}
        <div class="card narrow">
            <div class="card-body">{form}</div>
        </div>
    }
    .into_any()
}

fn key_form(session: Session, connection: Arc<Connection>) -> AnyView {
    let fields = KeyFields::new(Signal::stored(connection.vendor));
    let storage = KeyStorageFields::new(session, connection.key_storage);
    let is_busy = RwSignal::new(false);
    let of = connection.clone();
    let is_due =
        Memo::new(move |_| !of.is_power_known && key_power::needs_notice(&of.base_url, &fields.so_far()));
    let vendor = connection.vendor;
    let power = move || is_due.get().then(|| power_notice(vendor));
    let of = connection.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(credentials) = fields.credentials() else { return };
        let connection = Connection {
            key_storage: untrack(|| storage.storage()),
            is_power_known: of.is_power_known || is_due.get_untracked(),
            ..Connection::clone(&of)
        };
        let is_changed = connection != *of;
        is_busy.set(true);
        spawn_local(async move {
            let is_ready = storage.open().await;
            // The page may be gone by now.
            if is_busy.try_set(false).is_some() || !is_ready {
                return;
            }
            if is_changed {
                session.save(connection.clone());
            }
            if let Err(error) = session.store_key(&connection, Some(credentials)).await {
                toast([&text::keys_not_kept(), " ", &passphrase::words(error)].concat(), None);
            }
        });
    };
    let edit = paths::connection(connection.id.as_str());
    view! {
        <form class="stack" on:submit=submit>
            <div>
                {key_fields(fields)}<div class="key-power" role="status">
                    {power}
                </div>
            </div>
            {key_storage_fields(storage, Signal::stored(true))}
            <div class="cluster">
                <Button
                    label=text::connections_use_key
                    variant=Variant::Primary
                    submit=true
                    icon="lock-open"
                    busy=is_busy
                />
                {link_button(edit, text::connections_edit, Variant::Quiet, false, "")}
            </div>
        </form>
    }
    .into_any()
}
