//! A short explanation shown on hover and on focus.

use super::id::next_id;
use super::keys::pressed;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// Wraps something focusable. The text is its description and is shown beside it; Escape hides it.
#[component]
pub fn Tooltip(#[prop(into)] text: Signal<String>, children: Children) -> impl IntoView {
    let id = next_id("tip");
    let hidden = RwSignal::new(false);
    let escape = move |event: KeyboardEvent| {
        if pressed(&event) == "Escape" {
            hidden.set(true);
        }
    };
    view! {
        <span
            class=move || if hidden.get() { "tip is-hidden" } else { "tip" }
            on:keydown=escape
            on:mouseleave=move |_| hidden.set(false)
            on:focusout=move |_| hidden.set(false)
        >
            <span class="tip-anchor" aria-describedby=id.clone()>{children()}</span>
            <span class="tooltip" role="tooltip" id=id>{text}</span>
        </span>
    }
    .into_any()
}
