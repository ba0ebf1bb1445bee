//! Checkboxes: with a visible label, or alone in a table cell.

use super::field::shown;
use super::id::next_id;
use leptos::prelude::*;

/// A checkbox with a label and an optional help text.
#[component]
pub fn Checkbox(
    #[prop(into)] label: Signal<String>,
    checked: RwSignal<bool>,
    #[prop(optional, into)] help: Option<Signal<String>>,
) -> impl IntoView {
    let help_id = next_id("check-help");
    let described_by = {
        let help_id = help_id.clone();
        move || shown(help).map(|_| help_id.clone())
    };
    view! {
        <label class="check">
            <input
                class="tick"
                type="checkbox"
                aria-describedby=described_by
                prop:checked=move || checked.get()
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <span>{label}</span>
            {move || {
                let help = shown(help)?;
                Some(view! { <span class="help" id=help_id.clone()>{help}</span> })
            }}
        </label>
    }
    .into_any()
}

/// A checkbox in a table cell; its label is only for screen readers. `mixed` means that some are checked.
#[component]
pub fn TickCell(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] checked: Signal<bool>,
    #[prop(optional, into)] mixed: Signal<bool>,
    /// Called with the new state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="tick-cell">
            <input
                class="tick"
                type="checkbox"
                aria-label=label
                prop:checked=move || checked.get()
                prop:indeterminate=move || mixed.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
        </label>
    }
    .into_any()
}
