//! A choice from a short, fixed list.

use super::field::{Wiring, field_frame};
use super::icon::icon;
use super::id::next_id;
use leptos::prelude::*;

/// An option of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// The select's value while this option is chosen.
    pub value: String,
    /// The text of the option.
    pub label: String,
    /// True for external data, such as a name, which browsers must not translate.
    pub is_data: bool,
}

impl SelectOption {
    /// An option with a translated label.
    pub fn words(value: impl Into<String>, label: String) -> Self {
        Self { value: value.into(), label, is_data: false }
    }

    /// An option labelled with external data.
    pub fn data(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), is_data: true }
    }
}

/// What a [`Select`] shows and changes: a signal of text, or a value of the form that has a name.
#[derive(Clone, Copy, Debug)]
pub struct SelectValue {
    now: Signal<String>,
    choose: Callback<String>,
}

impl SelectValue {
    /// The value of the selected option, and what selects another one.
    pub fn new(
        now: impl Fn() -> String + Send + Sync + 'static,
        choose: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        Self { now: Signal::derive(now), choose: Callback::new(choose) }
    }
}

impl From<RwSignal<String>> for SelectValue {
    fn from(text: RwSignal<String>) -> Self {
        Self { now: text.into(), choose: Callback::new(move |value| text.set(value)) }
    }
}

/// A native select with label, help and error.
#[component]
pub fn Select(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: SelectValue,
    #[prop(into)] options: Signal<Vec<SelectOption>>,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let wiring = Wiring::new(next_id("select"), help, error);
    let entries = move || {
        let one = |option: SelectOption| {
            let own = option.value.clone();
            let selected = move || value.now.with(|now| *now == own);
            let translate = option.is_data.then_some("no");
            view! {
                <option value=option.value translate=translate prop:selected=selected>
                    {option.label}
                </option>
            }
        };
        options.get().into_iter().map(one).collect_view()
    };
    let control = view! {
        <span class="select">
            <select
                class="input"
                id=wiring.id.clone()
                aria-invalid=wiring.invalid()
                aria-describedby=wiring.described_by()
                on:change=move |event| value.choose.run(event_target_value(&event))
            >
                {entries}
            </select>
            {icon("chevron-down")}
        </span>
    };
    field_frame(label, optional, &wiring, control.into_any())
}
