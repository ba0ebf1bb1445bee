//! A radio group of cards, for choices that need a sentence each.

use super::id::next_id;
use leptos::prelude::*;

/// One card.
#[derive(Debug)]
pub struct Choice {
    /// What the value becomes.
    pub value: String,
    /// The name in bold.
    pub name: Signal<String>,
    /// The sentence below it.
    pub help: Signal<String>,
    /// What stands before the name, such as a vendor's mark.
    pub mark: Option<AnyView>,
    /// Cannot be chosen; its sentence says why.
    pub is_off: bool,
}

/// A labelled group of cards of which one is chosen.
#[component]
pub fn Choices(
    #[prop(into)] legend: Signal<String>,
    value: RwSignal<String>,
    choices: Vec<Choice>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let name = next_id("choices");
    let one = |choice: Choice| {
        let own = choice.value.clone();
        let is_chosen = {
            let own = own.clone();
            move || value.with(|value| *value == own)
        };
        let choose = move |_| {
            value.set(own.clone());
            if let Some(on_change) = on_change {
                on_change.run(own.clone());
            }
        };
        view! {
            <label class=if choice.is_off { "choice is-off" } else { "choice" }>
                <input
                    class="tick"
                    type="radio"
                    name=name.clone()
                    value=choice.value
                    disabled=choice.is_off
                    prop:checked=is_chosen
                    on:change=choose
                />
                <span class="choice-name row">{choice.mark}{choice.name}</span>
                <span class="help">{choice.help}</span>
            </label>
        }
    };
    // Four cards stand better two by two than three and one.
    let class = if choices.len() == 4 { "choices choices-2" } else { "choices" };
    view! {
        <fieldset class="stack-1">
            <legend class="label">{legend}</legend>
            <div class=class>{choices.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
