//! What is kept on this device, and how to be rid of it.

use domain::connection::Reach;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::preferences::Preferences;
use crate::i18n::{self, text};
use crate::runs::use_runs;
use crate::session::use_session;
use crate::transport::Sandbox;
use crate::ui::{Button, Dialog, Variant, announce, toast};

/// The card that says what is kept and erases it.
pub fn stored() -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let preferences: Preferences = expect_context();
    let is_asking = RwSignal::new(false);
    let n_kept = move || session.connections().len();
    let reason = move || {
        if runs.all().iter().any(|run| !run.state().is_over()) {
            Some(text::settings_erase_running())
        } else {
            (n_kept() == 0).then(text::settings_erase_nothing)
        }
    };
    let erase = move || {
        is_asking.set(false);
        let connections = untrack(|| session.connections());
        for connection in &connections {
            session.remove(&connection.id);
        }
        preferences.reset();
        i18n::forget();
        // Without a sandbox connection there is nothing in the sandbox, and asking would load it.
        if connections.iter().any(|connection| connection.reach == Reach::Sandbox) {
            spawn_local(empty_sandbox(session.sandbox()));
        } else {
            announce(text::settings_erased());
        }
    };
    let foot = move || {
        view! {
            <Button label=text::settings_erase_keep on_press=move || is_asking.set(false) />
            <Button label=text::settings_erase_confirm variant=Variant::Danger on_press=erase />
        }
    };
    view! {
        <section class="card" aria-labelledby="stored">
            <div class="card-head"><h2 id="stored">{text::settings_stored}</h2></div>
            <div class="card-body stack-3">
                <p class="hint">{text::settings_stored_body}</p>
                <p>{move || text::settings_stored_connections(n_kept())}</p>
                <div class="cluster">
                    <Button
                        label=text::settings_erase
                        variant=Variant::Danger
                        icon="trash-2"
                        has_popup="dialog"
                        disabled_reason=reason
                        on_press=move || is_asking.set(true)
                    />
                </div>
            </div>
        </section>
        <Dialog title=text::settings_erase_title open=is_asking foot=foot>
            <p>{text::settings_erase_body}</p>
        </Dialog>
    }
    .into_any()
}

async fn empty_sandbox(sandbox: Sandbox) {
    match sandbox.reset().await {
        Ok(()) => announce(text::settings_erased()),
        Err(_) => toast(text::settings_erase_sandbox_failed(), None),
    }
}
