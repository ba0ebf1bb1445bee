//! What is said in passing: announcements for screen readers, and toasts for everybody.

use super::icon::icon;
use i18n::text;
use leptos::prelude::*;

/// Where announcements and toasts go; the shell provides one for the whole page.
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Something that just happened, with an action that takes it back.
#[derive(Clone, Debug)]
struct Toast {
    id: u32,
    message: String,
    action: Option<(String, Callback<()>)>,
}

/// Makes the announcer of the page and provides it to everything below.
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
    /// Callbacks and futures run outside of any component, where there is no context to ask.
    static CURRENT: std::cell::Cell<Option<Announcer>> = const { std::cell::Cell::new(None) };
}

/// Says something when the screen reader has finished its sentence.
pub fn announce(message: String) {
    if let Some(announcer) = CURRENT.get() {
        say(announcer.polite, message);
    }
}

/// Says something at once: only for what must not be missed.
pub fn announce_now(message: String) {
    if let Some(announcer) = CURRENT.get() {
        say(announcer.assertive, message);
    }
}

/// Shows something that just happened until it is closed, with an action such as taking it back.
pub fn toast(message: String, action: Option<(String, Callback<()>)>) {
    if let Some(announcer) = CURRENT.get() {
        let id = announcer.next.get_value();
        announcer.next.set_value(id + 1);
        announcer.toasts.update(|toasts| {
            // Three at once is all that fits above the page; the oldest goes.
            if toasts.len() == 3 {
                toasts.remove(0);
            }
            toasts.push(Toast { id, message, action });
        });
    }
}

/// A live region ignores a text that equals the last one, so the same words get a trailing space.
fn say(region: RwSignal<String>, message: String) {
    region.update(|text| *text = if *text == message { message + "\u{a0}" } else { message });
}

/// The two live regions; they must be in the document before anything is said.
#[component]
pub fn LiveRegions(announcer: Announcer) -> impl IntoView {
    view! {
        <div class="sr-only" role="status" aria-live="polite" aria-atomic="true">{announcer.polite}</div>
        <div class="sr-only" role="alert" aria-live="assertive" aria-atomic="true">{announcer.assertive}</div>
    }
    .into_any()
}

/// The corner in which toasts appear.
#[component]
pub fn Toasts(announcer: Announcer) -> impl IntoView {
    let close = move |id: u32| announcer.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    let one = move |toast: Toast| {
        let id = toast.id;
        let action = toast.action.map(|(label, run)| {
            let act = move |_| {
                run.run(());
                close(id);
            };
            view! { <button class="btn btn-sm" type="button" on:click=act>{label}</button> }
        });
        view! {
            <div class="toast">
                {icon("check")}
                <span class="grow">{toast.message}</span>
                {action}
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
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || announcer.toasts.get() key=|toast| toast.id children=one />
        </div>
    }
    .into_any()
}
