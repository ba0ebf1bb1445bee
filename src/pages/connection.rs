//! `/connections/:id`: edits one connection and its key, or removes it.

use domain::{Connection, ConnectionId, ConnectionKind, KeyStorage};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

use super::new_connection::sandbox_address;
use crate::features::connecting::connection_form::{ConnectionForm, connection_fields};
use crate::features::connecting::directory_choice::directory_choice;
use crate::features::connecting::doctor::Doctor;
use crate::features::connecting::named::named;
use crate::features::connecting::unlock::{forget, unlock_form};
use crate::routing::paths;
use crate::routing::use_go;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::runs::use_runs;
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Button, Dialog, Tone, Variant, announce, empty_state, link_button, notice, skeleton};

/// Edits, locks or removes one connection.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    use_title(text::connections_edit_title);
    let session = use_session();
    let params = use_params_map();
    let id =
        Memo::new(move |_| ConnectionId::new(params.with(|params| params.get("id")).unwrap_or_default()));
    // Redraws the form for another connection, but not when this one is saved.
    let is_there = Memo::new(move |_| session.connection(&id.get()).is_some());
    let view = move || {
        if is_there.get() {
            let connection = session.connection_now(&id.get());
            return connection.map_or_else(unknown, |connection| editor(session, connection));
        }
        // Read only here: the end of loading must not redraw a form while it is filled in.
        if session.is_loaded() { unknown() } else { skeleton() }
    };
    view! { <div>{view}</div> }.into_any()
}

fn unknown() -> AnyView {
    let list = link_button(paths::connections(), text::shell_all_connections, Variant::Plain, false, "plug");
    let title = Signal::derive(text::connections_unknown_title);
    view! {
        {page_head(None, Vec::new(), title, Signal::stored(String::new()), None)}
        {empty_state(
            "plug",
            text::connections_unknown_heading(),
            text::connections_unknown_body(),
            Some(list),
        )}
    }
    .into_any()
}

fn editor(session: Session, connection: Arc<Connection>) -> AnyView {
    if session.is_named(&connection.id) {
        let of = connection.clone();
        return named(session, connection, move || key_state(session, of.clone()));
    }
    let form = ConnectionForm::new(Some(&connection));
    let crumbs =
        vec![(text::shell_connections(), Some(paths::connections())), (connection.name.to_string(), None)];
    let is_saved = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_saved.set(false);
        form.save(move |_| {
            is_saved.set(true);
            announce(text::connections_saved());
        });
    };
    let is_busy = Signal::derive(move || form.is_busy());
    let id = connection.id.clone();
    let subject = Callback::new(move |()| form.subject());
    let key = (connection.kind == ConnectionKind::Direct).then(|| key_state(session, connection.clone()));
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
                {key} <form class="stack-6 conn-form" on:submit=submit>
                    {connection_fields(form, sandbox_address())}
                    {saved}
                    <div class="cluster form-end">
                        <Button
                            label=text::connections_save
                            variant=Variant::Primary
                            submit=true
                            busy=is_busy
                        />
                    </div>
                </form> {removal(session, connection)}
            </div>
            <Doctor
                subject=subject
                of=id
                tracks=Callback::new(move |()| form.track())
                on_small_plan=Callback::new(move |()| form.choose_small_plan())
            />
        </div>
    }
    .into_any()
}

/// Where the key of a connection is.
#[derive(Clone, Copy, PartialEq)]
enum KeyState {
    Missing,
    Locked,
    AtHand(KeyStorage),
}

/// Where the key is, and what can be done about it.
fn key_state(session: Session, connection: Arc<Connection>) -> AnyView {
    let (id, of) = (connection.id.clone(), connection.id.clone());
    let state = Memo::new(move |_| match (session.has_key(&of), session.is_key_stored(&of)) {
        (true, true) => KeyState::AtHand(KeyStorage::Device),
        (true, false) => KeyState::AtHand(KeyStorage::Memory),
        (false, true) => KeyState::Locked,
        (false, false) => KeyState::Missing,
    });
    let view = move || match state.get() {
        KeyState::Missing => notice(Tone::Unknown, text::connections_key_missing()),
        KeyState::Locked => view! {
            {notice(Tone::Unknown, text::connections_key_locked())}
            {unlock_form(session, connection.clone(), (text::keys_unlock, Variant::Plain), || ())}
        }
        .into_any(),
        KeyState::AtHand(storage) => at_hand(session, connection.clone(), storage),
    };
    view! {
        <section class="stack-3" aria-label=text::keys_title>
            {view}
            {directory_choice(session, id)}
        </section>
    }
    .into_any()
}

fn at_hand(session: Session, connection: Arc<Connection>, storage: KeyStorage) -> AnyView {
    let said = match storage {
        KeyStorage::Memory => text::connections_key_kept(),
        KeyStorage::Device => text::connections_key_on_device(),
    };
    let id = connection.id.clone();
    let lock = move || session.lock(&id);
    let forget = move || forget(session, connection.clone());
    let lock = (storage == KeyStorage::Device).then(|| {
        view! { <Button label=text::keys_lock icon="lock" small=true on_press=lock /> }
    });
    view! {
        {notice(Tone::Done, said)}
        <div class="cluster">
            {lock} <Button label=text::connections_lock icon="x" small=true on_press=forget />
        </div>
    }
    .into_any()
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
    let runs = use_runs();
    let of = connection.id.clone();
    let n_open = Signal::derive(move || {
        runs.summaries().iter().filter(|run| run.connection == of && !run.is_over()).count()
    });
    let open = move || {
        let n_open = n_open.get();
        (n_open > 0).then(|| notice(Tone::Unknown, view! { <p>{text::connections_remove_runs(n_open)}</p> }))
    };
    view! {
        <section class="stack-2" aria-label=text::connections_remove>
            <h2>{text::connections_remove}</h2>
            <p class="help">{text::connections_remove_help}</p>
            <div class="cluster">
                <Button
                    label=text::connections_remove_button
                    variant=Variant::Danger
                    has_popup="dialog"
                    on_press=ask
                />
            </div>
        </section>
        <Dialog
            open=is_open
            title=title
            foot=move || {
                view! {
                    <Button label=text::ui_cancel on_press=move || is_open.set(false) />
                    <Button
                        label=text::connections_remove_button
                        variant=Variant::Danger
                        on_press=move || remove.with_value(|remove| remove())
                    />
                }
                    .into_any()
            }
        >
            <p>{text::connections_remove_body}</p>
            {open}
        </Dialog>
    }
    .into_any()
}
