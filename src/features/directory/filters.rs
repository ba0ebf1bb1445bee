//! The filters of a list that was read whole: selects that add a value, and a button for each value that removes it.

use std::sync::Arc;

use i18n::{format_number, text, without_isolates};
use leptos::ev::KeyboardEvent;
use leptos::html::Select;
use leptos::prelude::*;
use ui::{Button, KeyedRow, Variant, icon, keyed, pressed};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use crate::routing::query;

/// Most values of a filter that are taken from a link.
const MAX_VALUES: usize = 50;

/// A value that a filter can have.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOption {
    /// The value, also in the URL.
    value: String,
    /// The words for it.
    name: String,
    /// How many rows have it.
    count: Option<usize>,
    /// Whether the words are a vendor's, such as the name of a role.
    is_name: bool,
}

impl FilterOption {
    /// A value with its words.
    pub fn new(value: &str, name: String) -> Self {
        Self { value: value.to_owned(), name, count: None, is_name: false }
    }

    /// A value that this many rows have.
    pub fn counted(self, count: usize) -> Self {
        Self { count: Some(count), ..self }
    }

    /// A value with words of a vendor.
    pub fn named(value: &str, name: &str) -> Self {
        Self { is_name: true, ..Self::new(value, name.to_owned()) }
    }

    fn label(&self) -> String {
        match self.count {
            Some(count) => [&self.name, " (", &format_number(count as f64), ")"].concat(),
            None => self.name.clone(),
        }
    }
}

/// An active value of a filter. It outlives the list that it is from, as its button does, so it has no signals of its own.
#[derive(Clone)]
pub struct FilterChip {
    /// Tells it from the others.
    pub key: String,
    /// The name of the filter.
    pub filter: fn() -> String,
    /// The words for the value; tracked.
    pub value: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether the words are a vendor's.
    pub is_name: bool,
    /// Removes it.
    pub remove: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for FilterChip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilterChip").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The values of one filter, in the URL. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct FilterValues {
    key: &'static str,
    label: fn() -> String,
    any: fn() -> String,
    options: Signal<Vec<FilterOption>>,
    is_single: bool,
    values: Memo<Vec<String>>,
    set: SignalSetter<Vec<String>>,
}

impl FilterValues {
    /// A filter of the current page by its parameter, its name, the words for no value, and the values to choose from.
    pub fn of_page(
        key: &'static str,
        label: fn() -> String,
        any: fn() -> String,
        options: Signal<Vec<FilterOption>>,
    ) -> Self {
        let (read, set) = query::quiet_choices(key);
        let values = Memo::new(move |_| {
            let mut values: Vec<String> = Vec::new();
            for value in read.get() {
                if !value.is_empty() && !values.contains(&value) && values.len() < MAX_VALUES {
                    values.push(value);
                }
            }
            values
        });
        Self { key, label, any, options, is_single: false, values, set }
    }

    /// The same filter with one value at most, the last one of the URL.
    pub fn single(self) -> Self {
        let all = self.values;
        let values = Memo::new(move |_| all.with(|all| all.last().cloned().into_iter().collect()));
        Self { is_single: true, values, ..self }
    }

    /// The same filter, whose values can only be these.
    pub fn known_in(self, known: Vec<&'static str>) -> Self {
        let all = self.values;
        let values = Memo::new(move |_| {
            let mut values = all.get();
            values.retain(|value| known.contains(&&**value));
            values
        });
        Self { values, ..self }
    }

    /// The values; tracked.
    pub fn get(self) -> Vec<String> {
        self.values.get()
    }

    /// Sets one value in place of all others.
    pub fn only(self, value: String) {
        self.set.set(vec![value]);
    }

    /// Removes all values.
    pub fn clear(self) {
        self.set.set(Vec::new());
    }

    /// The select that adds a value.
    pub fn select(self) -> AnyView {
        let is_on = Memo::new(move |_| self.values.with(|values| !values.is_empty()));
        let options = Signal::derive(move || {
            let mut options = self.options.get();
            options.retain(|option| self.values.with(|values| !values.contains(&option.value)));
            options
        });
        let choose = move |value: String| {
            let mut values = if self.is_single { Vec::new() } else { self.values.get_untracked() };
            values.push(value);
            self.set.set(values);
        };
        let (any, is_single) = (self.any, self.is_single);
        filter_select(self.label, any, is_single, is_on.into(), options, Callback::new(choose))
    }

    /// Whether rows differ in this, as far as is known; tracked.
    pub fn differs(self) -> bool {
        self.options.with(Vec::len) > 1
    }

    /// The select, hidden while all rows have the same.
    pub fn facet(self) -> AnyView {
        let has_choice = Memo::new(move |_| self.differs() || self.values.with(|values| !values.is_empty()));
        (move || has_choice.get().then(|| self.select())).into_any()
    }

    /// The active values.
    pub fn chips(self) -> Signal<Vec<FilterChip>> {
        Signal::derive(move || self.values.get().into_iter().map(|value| self.chip(value)).collect())
    }

    fn chip(self, value: String) -> FilterChip {
        let option = {
            let value = value.clone();
            move || self.options.with(|options| options.iter().find(|option| option.value == value).cloned())
        };
        let is_name = untrack(&option).is_none_or(|option| option.is_name);
        let key = [self.key, "=", &value].concat();
        // A value from a link stays, also if no row has it.
        let words = {
            let value = value.clone();
            move || option().map_or_else(|| value.clone(), |option| option.name)
        };
        let remove = move || {
            let mut values = self.values.get_untracked();
            values.retain(|other| *other != value);
            self.set.set(values);
        };
        FilterChip { key, filter: self.label, value: Arc::new(words), is_name, remove: Arc::new(remove) }
    }
}

/// A select that does something with the chosen value, and then shows none again. With the keyboard, a value is
/// chosen by Enter or by leaving the field, because the arrow keys pass over others on the way.
pub fn filter_select(
    label: fn() -> String,
    any: fn() -> String,
    is_single: bool,
    is_on: Signal<bool>,
    options: Signal<Vec<FilterOption>>,
    on_choose: Callback<String>,
) -> AnyView {
    let (element, is_passing) = (NodeRef::<Select>::new(), StoredValue::new(false));
    let choose = move || {
        is_passing.set_value(false);
        let Some(select) = element.get_untracked() else { return };
        let value = select.value();
        if !value.is_empty() {
            select.set_value("");
            on_choose.run(value);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let key = pressed(&event);
        if key == "Enter" {
            if element.get_untracked().is_some_and(|select| !select.value().is_empty()) {
                event.prevent_default();
                choose();
            }
            is_passing.set_value(false);
        } else if key.starts_with("Arrow") || (key.chars().count() == 1 && key != " ") {
            is_passing.set_value(true);
        }
    };
    let first = move || match (is_on.get(), is_single) {
        (false, _) => any(),
        (true, false) => text::directory_filter_add(&label()),
        (true, true) => text::directory_filter_change(&label()),
    };
    let one = |option: FilterOption| {
        let words = option.label();
        view! {
            <option value=option.value translate=option.is_name.then_some("no")>
                {words}
            </option>
        }
    };
    view! {
        <span class="select filter-select" class:is-on=is_on>
            <select
                class="input"
                aria-label=label
                node_ref=element
                on:change=move |_| {
                    if !is_passing.get_value() {
                        choose();
                    }
                }
                on:keydown=on_key
                on:pointerdown=move |_| is_passing.set_value(false)
                on:blur=move |_| choose()
            >
                <option value="">{first}</option>
                {move || options.get().into_iter().map(one).collect_view()}
            </select>
            {icon("chevron-down")}
        </span>
    }
    .into_any()
}

/// The tools above a list, with the active filters below them.
pub fn filter_bar(tools: AnyView, filters: Vec<Signal<Vec<FilterChip>>>) -> AnyView {
    let chips: Signal<Vec<FilterChip>> =
        Signal::derive(move || filters.iter().flat_map(|filter| filter.get()).collect());
    let count = Memo::new(move |_| chips.with(Vec::len));
    let has_several = Memo::new(move |_| count.get() > 1);
    let element = NodeRef::<leptos::html::Div>::new();
    let to_search = move || {
        let search = element.get_untracked().and_then(|bar| bar.query_selector(SEARCH).ok().flatten());
        focus(search);
    };
    let rows = move || {
        let row = |chip: FilterChip| KeyedRow::new(chip.key.clone(), move || chip_view(chip, to_search));
        chips.get().into_iter().map(row).collect()
    };
    let clear = move || {
        to_search();
        chips.get_untracked().into_iter().for_each(|chip| (chip.remove)());
    };
    view! {
        <div class="stack-2" node_ref=element>
            {tools}
            <div class="cluster" hidden=move || count.get() == 0>
                <ul class="filter-chips" aria-label=text::directory_filters>
                    {keyed(rows)}
                </ul>
                {move || {
                    has_several
                        .get()
                        .then(|| {
                            view! {
                                <Button
                                    label=text::directory_clear_filters
                                    small=true
                                    variant=Variant::Quiet
                                    on_press=clear
                                />
                            }
                        })
                }}
            </div>
        </div>
    }
    .into_any()
}

const SEARCH: &str = "input[type=search]";

fn chip_view(chip: FilterChip, to_search: impl Fn() + Send + 'static) -> AnyView {
    let FilterChip { filter, value, is_name, remove, .. } = chip;
    let said = move || {
        let (filter, value) = (filter(), value());
        text::directory_filter_is(text::DirectoryFilterIs { filter: &filter, value: &value })
    };
    let named = {
        let said = said.clone();
        move || without_isolates(&text::directory_remove_filter(&said()))
    };
    let element = NodeRef::<leptos::html::Li>::new();
    // Moves on before the button is gone.
    let press = move |_| {
        let next = element.get_untracked().and_then(|item| item.next_element_sibling());
        match next.and_then(|next| next.first_element_child()) {
            Some(next) => focus(Some(next)),
            None => to_search(),
        }
        remove();
    };
    view! {
        <li node_ref=element>
            <button
                class="chip"
                type="button"
                translate=is_name.then_some("no")
                aria-label=named
                on:click=press
            >
                <span class="txt">{said}</span>
                {icon("x")}
            </button>
        </li>
    }
    .into_any()
}

fn focus(element: Option<Element>) {
    if let Some(element) = element {
        // A button or a field can always be focused.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
