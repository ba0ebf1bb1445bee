//! A checkbox with a visible label.

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
                Some(
                    view! {
                        <span class="help" id=help_id.clone()>
                            {help}
                        </span>
                    },
                )
            }}
        </label>
    }
    .into_any()
}
