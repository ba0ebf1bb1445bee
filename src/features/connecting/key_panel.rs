//! The panel that asks for a connection's key.

use std::sync::Arc;

use domain::Connection;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::key_fields::{KeyFields, key_fields};
use super::key_power::{self, power_notice};
use super::key_storage::{KeyStorageFields, key_storage_fields};
use super::passphrase;
use super::unlock::unlock_form;
use crate::routing::paths;
use crate::shell::page_head::page_head;
use crate::state::session::Session;
use i18n::text;
use ui::{Button, Variant, link_button, toast};

/// What every page of a connection shows without its key: the passphrase field for a key kept on this device,
/// otherwise the key fields.
pub fn key_panel(session: Session, connection: Arc<Connection>) -> AnyView {
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
