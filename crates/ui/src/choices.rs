//! A radio group of cards, for choices that need a sentence of explanation.

use super::id::next_id;
use leptos::prelude::*;

/// A card of [`Choices`].
#[derive(Debug)]
pub struct Choice {
    /// The group's value while this card is chosen.
    pub value: String,
    /// What the card is called.
    pub name: Signal<String>,
    /// The explanation.
    pub help: Signal<String>,
    /// Shown before the name, such as a vendor's mark.
    pub mark: Option<AnyView>,
    /// Cannot be chosen; `help` says why.
    pub is_off: bool,
}

/// A labelled group of cards; one is chosen.
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
    // Four cards fit better in two rows of two.
    let class = if choices.len() == 4 { "choices choices-2" } else { "choices" };
    view! {
        <fieldset class="stack-1">
            <legend class="label">{legend}</legend>
            <div class=class>{choices.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
