//! Resets the sandbox to its initial state.

use domain::ConnectionKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::runs::use_runs;
use crate::state::session::Session;
use i18n::text;
use ui::{Button, Dialog, Variant, announce, toast};

/// The button that resets the sandbox after confirmation.
pub fn reset(session: Session) -> AnyView {
    let runs = use_runs();
    let (is_asking, is_busy) = (RwSignal::new(false), RwSignal::new(false));
    let is_in_sandbox = move |run: &crate::state::runs::RunSummary| {
        session
            .connection(&run.connection)
            .is_some_and(|connection| connection.kind == ConnectionKind::Sandbox)
    };
    let reason = move || {
        let is_running = runs.summaries().iter().any(|run| run.is_active() && is_in_sandbox(run));
        is_running.then(text::sandbox_reset_running)
    };
    let begin_anew = move || {
        is_asking.set(false);
        is_busy.set(true);
        spawn_local(async move {
            let answer = session.sandbox().reset().await;
            for connection in
                untrack(|| session.connections()).iter().filter(|one| one.kind == ConnectionKind::Sandbox)
            {
                session.drop_cache(&connection.id);
            }
            is_busy.try_set(false);
            match answer {
                Ok(()) => announce(text::sandbox_reset_done()),
                Err(_) => toast(text::sandbox_reset_failed(), None),
            }
        });
    };
    let foot = move || {
        view! {
            <Button label=text::sandbox_reset_keep on_press=move || is_asking.set(false) />
            <Button label=text::sandbox_reset_confirm variant=Variant::Danger on_press=begin_anew />
        }
    };
    view! {
        <Button
            label=text::sandbox_reset
            icon="undo-2"
            has_popup="dialog"
            busy=is_busy
            disabled_reason=reason
            on_press=move || is_asking.set(true)
        />
        <Dialog title=text::sandbox_reset_title open=is_asking foot=foot>
            <p>{text::sandbox_reset_body}</p>
        </Dialog>
    }
    .into_any()
}
