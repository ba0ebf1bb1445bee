//! Transient messages: announcements for screen readers, and toasts for all users.

use super::icon::icon;
use i18n::text;
use leptos::prelude::*;

use crate::keyed::{KeyedRow, keyed};

/// Receives announcements and toasts; the shell provides one for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// A message about something that just happened, with an optional action such as undo.
#[derive(Clone, Debug)]
struct Toast {
    id: u32,
    message: String,
    action: Option<(String, Callback<()>)>,
}

/// Creates the announcer of the page and provides it as context.
pub fn provide_announcer() -> Announcer {
    let announcer = Announcer {
        polite: RwSignal::new(String::new()),
        assertive: RwSignal::new(String::new()),
        toasts: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    CURRENT.set(Some(announcer));
    provide_context(announcer);
    announcer
}

thread_local! {
    /// For callbacks and futures, which run outside of any component and so without context.
    static CURRENT: std::cell::Cell<Option<Announcer>> = const { std::cell::Cell::new(None) };
}

/// Announces a message once the screen reader has finished its sentence.
pub fn announce(message: String) {
    if let Some(announcer) = CURRENT.get() {
        say(announcer.polite, message);
    }
}

/// Announces a message immediately; only for what must not be missed.
pub fn announce_now(message: String) {
    if let Some(announcer) = CURRENT.get() {
        say(announcer.assertive, message);
    }
}

/// Shows a message until it is closed, with an optional action such as undo.
pub fn toast(message: String, action: Option<(String, Callback<()>)>) {
    if let Some(announcer) = CURRENT.get() {
        let id = announcer.next.get_value();
        announcer.next.set_value(id + 1);
        announcer.toasts.update(|toasts| {
            // At most three fit above the page; the oldest is dropped.
            if toasts.len() == 3 {
                toasts.remove(0);
            }
            toasts.push(Toast { id, message, action });
        });
    }
}

/// Sets a live region. A repeated message gets a trailing space: an unchanged region is not announced.
fn say(region: RwSignal<String>, message: String) {
    region.update(|text| *text = if *text == message { message + "\u{a0}" } else { message });
}

/// The two live regions. They must be in the document before anything is announced.
#[component]
pub fn LiveRegions(announcer: Announcer) -> impl IntoView {
    view! {
        <div class="sr-only" role="status" aria-live="polite" aria-atomic="true">
            {announcer.polite}
        </div>
        <div class="sr-only" role="alert" aria-live="assertive" aria-atomic="true">
            {announcer.assertive}
        </div>
    }
    .into_any()
}

/// The corner where toasts appear.
#[component]
pub fn Toasts(announcer: Announcer) -> impl IntoView {
    let close = move |id: u32| announcer.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    let draw = move |toast: Toast| {
        let id = toast.id;
        let action = toast.action.map(|(label, run)| {
            let act = move |_| {
                run.run(());
                close(id);
            };
            view! {
                <button class="btn btn-sm" type="button" on:click=act>
                    {label}
                </button>
            }
        });
        view! {
            <div class="toast">
                {icon("check")} <span class="grow">{toast.message}</span> {action}
                <button
                    class="btn btn-sm btn-icon toast-close"
                    type="button"
                    aria-label=text::ui_close
                    on:click=move |_| close(id)
                >
                    {icon("x")}
                </button>
            </div>
        }
        .into_any()
    };
    let row = move |toast: Toast| KeyedRow::new(toast.id.to_string(), move || draw(toast));
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {keyed(move || announcer.toasts.get().into_iter().map(row).collect())}
        </div>
    }
    .into_any()
}
