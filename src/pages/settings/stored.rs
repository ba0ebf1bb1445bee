//! What is stored on this device, and how to erase it.

use domain::connection::ConnectionKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::adding::remembered;
use crate::features::directory::list_columns;
use crate::shell::preferences::Preferences;
use crate::state::runs::{RunSummary, use_runs};
use crate::state::session::{Session, use_session};
use browser::storage;
use i18n::{self, text};
use ui::{Button, Dialog, Variant, announce, toast};

/// The card that lists what is stored and erases it.
pub fn stored() -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let preferences: Preferences = expect_context();
    let is_asking = RwSignal::new(false);
    let persistence = RwSignal::new(None);
    spawn_local(async move {
        // Fails only if the page is gone.
        let _ = persistence.try_set(Some(storage::is_persistent().await));
    });
    let how_long = move || match persistence.get() {
        None => String::new(),
        Some(Some(true)) => text::settings_persistence_granted(),
        Some(Some(false)) => text::settings_persistence_refused(),
        Some(None) => text::settings_persistence_unknown(),
    };
    let n_kept = move || session.connections().len();
    let reason = move || {
        if runs.summaries().iter().any(RunSummary::is_active) {
            Some(text::settings_erase_running())
        } else {
            (n_kept() == 0).then(text::settings_erase_nothing)
        }
    };
    let erase = move || {
        is_asking.set(false);
        let connections = untrack(|| session.connections());
        preferences.reset();
        i18n::forget();
        remembered::forget();
        list_columns::forget();
        let is_sandbox_used = connections.iter().any(|connection| connection.kind == ConnectionKind::Sandbox);
        spawn_local(erase_all(session, is_sandbox_used));
    };
    let foot = move || {
        view! {
            <Button label=text::settings_erase_keep on_press=move || is_asking.set(false) />
            <Button label=text::settings_erase_confirm variant=Variant::Danger on_press=erase />
        }
    };
    view! {
        <section class="card" aria-labelledby="stored">
            <div class="card-head">
                <h2 id="stored">{text::settings_stored}</h2>
            </div>
            <div class="card-body stack-3">
                <p class="hint">{text::settings_stored_body}</p>
                <p>{move || text::settings_stored_connections(n_kept())}</p>
                <p class="help">{how_long}</p>
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

async fn erase_all(session: Session, is_sandbox_used: bool) {
    if session.erase_all().await.is_err() {
        toast(text::settings_erase_failed(), None);
        return;
    }
    // Without a sandbox connection the sandbox is empty, and asking would load it.
    if is_sandbox_used && session.sandbox().reset().await.is_err() {
        toast(text::settings_erase_sandbox_failed(), None);
        return;
    }
    announce(text::settings_erased());
}
