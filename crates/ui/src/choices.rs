//! A radio group of cards, for choices that need a sentence of explanation.

use super::id::next_id;
use super::selection::Selection;
use leptos::prelude::*;

/// A card of [`Choices`].
#[derive(Debug)]
pub struct Choice<T> {
    /// The value of the selection while this card is chosen.
    pub value: T,
    /// What the card is called.
    pub name: Signal<String>,
    /// The explanation.
    pub help: Signal<String>,
    /// Shown before the name, such as a vendor's mark.
    pub mark: Option<AnyView>,
    /// Cannot be chosen; `help` says why.
    pub is_off: bool,
}

/// A labelled group of cards; one is chosen. `on_change` runs after the selection has changed.
#[component]
pub fn Choices<T: Copy + PartialEq + 'static>(
    #[prop(into)] legend: Signal<String>,
    value: Selection<T>,
    choices: Vec<Choice<T>>,
    #[prop(optional, into)] on_change: Option<Callback<()>>,
) -> impl IntoView {
    let of_index = |choice: Choice<T>| {
        let Choice { value: own, name, help, mark, is_off } = choice;
        Choice { value: value.index_of(own), name, help, mark, is_off }
    };
    cards(legend, value.index(), choices.into_iter().map(of_index).collect(), on_change)
}

fn cards(
    legend: Signal<String>,
    index: RwSignal<u32>,
    choices: Vec<Choice<u32>>,
    on_change: Option<Callback<()>>,
) -> AnyView {
    let name = next_id("choices");
    let one = |choice: Choice<u32>| {
        let own = choice.value;
        let choose = move |_| {
            index.set(own);
            if let Some(on_change) = on_change {
                on_change.run(());
            }
        };
        view! {
            <label class=if choice.is_off { "choice is-off" } else { "choice" }>
                <input
                    class="tick"
                    type="radio"
                    name=name.clone()
                    disabled=choice.is_off
                    prop:checked=move || index.get() == own
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
