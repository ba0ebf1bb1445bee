//! What has to be typed before a run goes on: the key of its connection, or the password of direct adds.

use domain::{ConnectionKind, Secret};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Here;
use crate::features::connecting::key_fields::{KeyFields, key_fields};
use crate::features::connecting::unlock::unlock_form;
use crate::features::fetched::with_code;
use crate::state::code::{Code, Fetch};
use i18n::text;
use ui::{Button, PasswordInput, Variant};

/// Draws the form for a key.
#[derive(Clone, Copy, Debug)]
pub struct RunKeyForm(fn(Here, bool) -> AnyView);

thread_local! {
    static KEY_FORM: Code<RunKeyForm> = const { Code::new() };
}

impl Default for RunKeyForm {
    fn default() -> Self {
        Self(draw_key_form)
    }
}

/// Sets how the form for a key is fetched: few runs wait for one.
pub fn provide_run_key_form(fetch: Fetch<RunKeyForm>) {
    KEY_FORM.with(|code| code.provide(fetch));
}

/// The passphrase for a key kept on this device, or the fields for a new key. The key goes to the session,
/// and the run resumes.
pub(super) fn key_form(here: Here) -> AnyView {
    if here.run().connection().kind == ConnectionKind::Relay {
        // The relay has the key: the user signs in or fixes the relay, then resumes the run.
        let go_on = move || here.runs.resume(here.run().id());
        let label = text::run_go_on;
        let button = view! { <Button label=label variant=Variant::Primary icon="play" on_press=go_on /> };
        return view! { <div class="notice-actions">{button}</div> }.into_any();
    }
    // A key that is available but was refused has to be replaced.
    let is_kept = Memo::new(move |_| {
        let run = here.run();
        here.session.is_key_stored(&run.connection().id) && here.session.needs_key(run.connection())
    });
    let form = move || {
        let is_kept = is_kept.get();
        with_code(&KEY_FORM, move |form| (form.0)(here, is_kept))
    };
    view! { <div class="run-unlock">{form}</div> }.into_any()
}

/// The passphrase field for a key that is kept on this device, or else the key fields.
fn draw_key_form(here: Here, is_kept: bool) -> AnyView {
    if !is_kept {
        return typed_key_form(here);
    }
    let go_on = move || here.runs.resume(here.run().id());
    let connection = here.run().connection().clone();
    unlock_form(here.session, connection, (text::run_go_on, Variant::Primary), go_on)
}

fn typed_key_form(here: Here) -> AnyView {
    let fields = KeyFields::new(Signal::stored(here.run().connection().vendor));
    let go_on = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(credentials) = fields.credentials() else { return };
        let run = here.run();
        here.session.set_credentials(run.connection(), credentials);
        fields.clear();
        here.runs.resume(run.id());
    };
    view! {
        <form class="stack" on:submit=go_on>
            {key_fields(fields)}
            <div class="cluster">
                <Button label=text::run_go_on variant=Variant::Primary submit=true icon="play" />
            </div>
        </form>
    }
    .into_any()
}

/// The password field; the password is stored nowhere.
pub(super) fn password_form(here: Here) -> AnyView {
    let password = RwSignal::new(String::new());
    let is_checked = RwSignal::new(false);
    let error = Signal::derive(move || {
        (is_checked.get() && password.with(|typed| typed.is_empty())).then(text::run_password_empty)
    });
    let go_on = move |event: SubmitEvent| {
        event.prevent_default();
        is_checked.set(true);
        let typed = password.get_untracked();
        if typed.is_empty() {
            return;
        }
        let run = here.run();
        here.runs.give_password(run.id(), Secret::new(typed));
        password.set(String::new());
        is_checked.set(false);
        here.runs.resume(run.id());
    };
    view! {
        <form class="run-unlock" on:submit=go_on>
            <PasswordInput
                label=text::run_password
                value=password
                help=text::run_password_help
                error=error
                autocomplete="new-password"
            />
            <Button label=text::run_go_on variant=Variant::Primary submit=true icon="play" />
        </form>
    }
    .into_any()
}
