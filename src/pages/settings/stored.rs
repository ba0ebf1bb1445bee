//! What is kept on this device, and how to be rid of it.

use leptos::prelude::*;

use crate::components::preferences::Preferences;
use crate::i18n::text;
use crate::runs::use_runs;
use crate::session::use_session;
use crate::ui::{Button, Dialog, Variant, announce};

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
        for connection in untrack(|| session.connections()) {
            session.remove(&connection.id);
        }
        preferences.reset();
        announce(text::settings_erased());
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
