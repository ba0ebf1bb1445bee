//! Text fields: one line, several lines, a secret, a search.

use super::field::{Wiring, field_frame};
use super::icon::icon;
use super::id::next_id;
use i18n::text;
use leptos::prelude::*;

/// A one-line text field with label, help and error.
#[component]
pub fn TextInput(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    /// Marks the label as optional.
    #[prop(optional)]
    optional: bool,
    /// The HTML type; `text` if empty.
    #[prop(optional)]
    kind: &'static str,
    /// Monospaced and left to right: for ids and addresses.
    #[prop(optional)]
    mono: bool,
    /// The HTML autocomplete token; `off` if empty.
    #[prop(optional)]
    autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// The element id, if something must refer to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// The id of an adjacent element that describes the field.
    #[prop(optional, into)]
    beside: Option<String>,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let wiring = Wiring::new(id.unwrap_or_else(|| next_id("field")), help, error);
    let below = wiring.described_by();
    let described_by = move || match (&beside, below()) {
        (Some(beside), Some(below)) => Some([beside, " ", &below].concat()),
        (beside, below) => below.or_else(|| beside.clone()),
    };
    let control = view! {
        <input
            class=if mono { "input input-mono" } else { "input" }
            id=wiring.id.clone()
            type=if kind.is_empty() { "text" } else { kind }
            dir=if mono { "ltr" } else { "auto" }
            autocomplete=if autocomplete.is_empty() { "off" } else { autocomplete }
            spellcheck="false"
            aria-required=required.then_some("true")
            aria-invalid=wiring.invalid()
            aria-describedby=described_by
            placeholder=move || placeholder.map(|text| text.get())
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
            node_ref=node_ref
        />
    };
    field_frame(label, optional, &wiring, control.into_any())
}

/// A field for a secret, hidden until the adjacent button is pressed.
#[component]
pub fn PasswordInput(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    /// The HTML autocomplete token; `off` if empty.
    #[prop(optional)]
    autocomplete: &'static str,
) -> impl IntoView {
    let wiring = Wiring::new(next_id("secret"), help, error);
    let shown = RwSignal::new(false);
    let control = view! {
        <span class="input affix">
            <input
                class="input-mono"
                id=wiring.id.clone()
                type=move || if shown.get() { "text" } else { "password" }
                dir="ltr"
                autocomplete=if autocomplete.is_empty() { "off" } else { autocomplete }
                spellcheck="false"
                autocapitalize="off"
                aria-invalid=wiring.invalid()
                aria-describedby=wiring.described_by()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <button
                class="btn btn-quiet btn-icon btn-sm"
                type="button"
                aria-label=move || if shown.get() { text::ui_hide_secret() } else { text::ui_show_secret() }
                aria-controls=wiring.id.clone()
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || icon(if shown.get() { "eye-off" } else { "eye" })}
            </button>
        </span>
    };
    field_frame(label, optional, &wiring, control.into_any())
}

/// A field with several lines.
#[component]
pub fn TextArea(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional)] optional: bool,
    #[prop(default = 4)] rows: u32,
) -> impl IntoView {
    let wiring = Wiring::new(next_id("area"), help, error);
    let control = view! {
        <textarea
            class="input"
            id=wiring.id.clone()
            rows=rows.to_string()
            dir="auto"
            spellcheck="false"
            aria-invalid=wiring.invalid()
            aria-describedby=wiring.described_by()
            placeholder=move || placeholder.map(|text| text.get())
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    };
    field_frame(label, optional, &wiring, control.into_any())
}

/// A search field whose label is only for screen readers.
#[component]
pub fn SearchInput(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
) -> impl IntoView {
    view! {
        <span class="input affix field-inline">
            {icon("search")}
            <input
                type="search"
                dir="auto"
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                placeholder=move || placeholder.unwrap_or(label).get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </span>
    }
    .into_any()
}
