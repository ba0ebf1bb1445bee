//! `/connections/:id`: one connection, its key, and its end.

use domain::{Connection, ConnectionId, Credentials, Reach};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

use super::new_connection::sandbox_address;
use crate::components::connection_form::{ConnectionForm, connection_fields};
use crate::components::doctor::Doctor;
use crate::components::page_head::page_head;
use crate::components::shell::use_title;
use crate::i18n::text;
use crate::paths;
use crate::routes::use_go;
use crate::session::{Session, use_session};
use crate::ui::{Button, Dialog, Tone, Variant, announce, empty_state, link_button, notice, skeleton};

/// Edits, locks or removes one connection.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    use_title(text::connections_edit_title);
    let session = use_session();
    let params = use_params_map();
    let id =
        Memo::new(move |_| ConnectionId::new(params.with(|params| params.get("id")).unwrap_or_default()));
    // The form is drawn anew for another connection, and not when this one is saved.
    let is_there = Memo::new(move |_| session.connection(&id.get()).is_some());
    let view = move || match (is_there.get(), session.is_loaded()) {
        (true, _) => {
            let connection = session.connection_now(&id.get());
            connection.map_or_else(unknown, |connection| editor(session, connection))
        }
        (false, true) => unknown(),
        (false, false) => skeleton(),
    };
    view! { <div>{view}</div> }.into_any()
}

fn unknown() -> AnyView {
    let list = link_button(paths::connections(), text::shell_all_connections, Variant::Plain, false, "plug");
    let title = Signal::derive(text::connections_unknown_title);
    view! {
        {page_head(None, Vec::new(), title, Signal::stored(String::new()), None)}
        {empty_state("plug", text::connections_unknown_heading(), text::connections_unknown_body(), Some(list))}
    }
    .into_any()
}

fn editor(session: Session, connection: Arc<Connection>) -> AnyView {
    let form = ConnectionForm::new(Some(&connection));
    let crumbs =
        vec![(text::shell_connections(), Some(paths::connections())), (connection.name.to_string(), None)];
    let is_saved = RwSignal::new(false);
    let save = move || {
        let is_ok = form.save().is_some();
        is_saved.set(is_ok);
        if is_ok {
            announce(text::connections_saved());
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let subject = Callback::new(move |()| {
        let (connection, typed) = form.read()?;
        // Where nothing is typed the session has a key, if it was given for where the form leads now.
        Some((connection, typed.unwrap_or(Credentials::None)))
    });
    let key = (connection.reach == Reach::Direct).then(|| key_state(session, connection.clone()));
    let saved = move || is_saved.get().then(|| notice(Tone::Done, text::connections_saved()));
    view! {
        {page_head(
            None,
            crumbs,
            Signal::derive(text::connections_edit_title),
            Signal::derive(text::connections_edit_sub),
            None,
        )}
        <div class="split">
            <div class="stack-6">
                {key}
                <form class="stack-6 conn-form" on:submit=submit>
                    {connection_fields(form, sandbox_address())}
                    {saved}
                    <div class="cluster form-end">
                        <Button label=text::connections_save variant=Variant::Primary submit=true />
                    </div>
                </form>
                {removal(session, connection)}
            </div>
            <Doctor subject=subject />
        </div>
    }
    .into_any()
}

/// Whether a key is in memory, and the button that forgets it.
fn key_state(session: Session, connection: Arc<Connection>) -> AnyView {
    let view = move || {
        if session.has_key(&connection.id) {
            let id = connection.id.clone();
            let forget = move || session.lock(&id);
            view! {
                {notice(Tone::Done, text::connections_key_kept())}
                <div class="cluster"><Button label=text::connections_lock icon="lock" small=true on_press=forget /></div>
            }
            .into_any()
        } else {
            notice(Tone::Unknown, text::connections_key_missing())
        }
    };
    view! { <div class="stack-2">{view}</div> }.into_any()
}

fn removal(session: Session, connection: Arc<Connection>) -> AnyView {
    let go = use_go();
    let is_open = RwSignal::new(false);
    let ask = move || is_open.set(true);
    let id = connection.id.clone();
    let remove = move || {
        is_open.set(false);
        session.remove(&id);
        go(&paths::connections());
    };
    let name = connection.name.to_string();
    let title = Signal::derive(move || text::connections_remove_title(&name));
    let remove = StoredValue::new(remove);
    view! {
        <section class="stack-2" aria-label=text::connections_remove>
            <h2>{text::connections_remove}</h2>
            <p class="help">{text::connections_remove_help}</p>
            <div class="cluster">
                <Button label=text::connections_remove_button variant=Variant::Danger has_popup="dialog" on_press=ask />
            </div>
        </section>
        <Dialog open=is_open title=title foot=move || view! {
            <Button label=text::ui_cancel on_press=move || is_open.set(false) />
            <Button
                label=text::connections_remove_button
                variant=Variant::Danger
                on_press=move || remove.with_value(|remove| remove())
            />
        }.into_any()>
            <p>{text::connections_remove_body}</p>
        </Dialog>
    }
    .into_any()
}
