//! A text field with suggestions, following the ARIA combobox pattern with a listbox popup.

use super::field::{Wiring, field_frame};
use super::icon::icon;
use super::id::next_id;
use super::keys::pressed;
use super::load::Load;
use super::tone::Tone;
use crate::effect::effect;
use i18n::text;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A suggestion of a [`Combobox`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComboOption {
    /// The field's value if it is chosen.
    pub value: String,
    /// The text that is shown and that fills the field.
    pub label: String,
    /// A second text at the end of the line, such as an id.
    pub meta: String,
}

/// A field with suggestions. `query` is the typed text, and the caller updates `options` from it. Choosing an
/// option sets `value` and writes its label into the field; further typing clears `value`. With `free`, Enter
/// or leaving the field takes the typed text as the value.
#[component]
pub fn Combobox(
    #[prop(into)] label: Signal<String>,
    query: RwSignal<String>,
    value: RwSignal<Option<String>>,
    #[prop(into)] options: Signal<Load<Vec<ComboOption>>>,
    /// Accepts typed text as a value, such as an id missing from `options`.
    #[prop(optional)]
    free: bool,
    #[prop(optional, into)] help: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<Signal<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let wiring = Wiring::new(next_id("combo"), help, error);
    let list_id = format!("{}-list", wiring.id);
    let list =
        Suggestions { query, value, options, free, open: RwSignal::new(false), active: RwSignal::new(None) };
    let active_id = {
        let list_id = list_id.clone();
        move || list.active.get().filter(|_| list.is_open()).map(|index| option_id(&list_id, index))
    };
    scroll_into_view(active_id.clone());
    let entries = {
        let list_id = list_id.clone();
        move || list.is_open().then(|| list.entries(&list_id))
    };
    let control = view! {
        <div class="combo">
            <span class="input affix">
                {icon("search")}
                <input
                    id=wiring.id.clone()
                    type="text"
                    role="combobox"
                    dir="auto"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || if list.is_open() { "true" } else { "false" }
                    aria-controls=list_id.clone()
                    aria-activedescendant=active_id
                    aria-invalid=wiring.invalid()
                    aria-describedby=wiring.described_by()
                    placeholder=move || placeholder.map(|text| text.get())
                    prop:value=move || query.get()
                    on:input=move |event| list.on_input(event_target_value(&event))
                    on:keydown=move |event| list.on_key(&event)
                    on:focus=move |_| list.open.set(true)
                    on:blur=move |_| {
                        list.open.set(false);
                        list.take_typed();
                    }
                /> {move || value.get().map(|_| view! { <span class="is-done">{Tone::Done.glyph()}</span> })}
            </span>
            <div
                class="popup combo-list"
                id=list_id
                role="listbox"
                aria-label=label
                hidden=move || !list.is_open()
            >
                {entries}
            </div>
        </div>
    };
    field_frame(label, optional, &wiring, control.into_any())
}

/// The state of a combobox and its list.
#[derive(Clone, Copy)]
struct Suggestions {
    query: RwSignal<String>,
    value: RwSignal<Option<String>>,
    options: Signal<Load<Vec<ComboOption>>>,
    free: bool,
    open: RwSignal<bool>,
    /// The option selected with the arrow keys.
    active: RwSignal<Option<usize>>,
}

impl Suggestions {
    fn is_open(self) -> bool {
        let is_empty = || matches!(self.options.get(), Load::Ready(options) if options.is_empty());
        self.open.get() && !is_empty()
    }

    fn choose(self, option: ComboOption) {
        self.query.set(option.label);
        self.value.set(Some(option.value));
        self.open.set(false);
        self.active.set(None);
    }

    fn on_input(self, typed: String) {
        self.value.set(None);
        self.query.set(typed);
        self.active.set(None);
        self.open.set(true);
    }

    /// Typed text becomes the value only when finished, so that it is not looked up letter by letter.
    fn take_typed(self) {
        let typed = self.query.get_untracked();
        if self.free && self.value.with_untracked(Option::is_none) && !typed.trim().is_empty() {
            self.value.set(Some(typed.trim().to_owned()));
        }
    }

    fn on_key(self, event: &KeyboardEvent) {
        let (open, active) = (self.open, self.active);
        let options = match self.options.get_untracked() {
            Load::Ready(options) => options,
            Load::Loading | Load::Empty | Load::Failed(_) => Vec::new(),
        };
        let last = options.len().checked_sub(1);
        let now = active.get_untracked();
        match pressed(event).as_str() {
            "ArrowDown" => {
                open.set(true);
                active.set(last.map(|last| now.map_or(0, |now| if now >= last { 0 } else { now + 1 })));
            }
            "ArrowUp" => {
                open.set(true);
                active.set(last.map(|last| now.and_then(|now| now.checked_sub(1)).unwrap_or(last)));
            }
            "Enter" => match now.filter(|_| open.get_untracked()).and_then(|now| options.get(now).cloned()) {
                Some(option) => self.choose(option),
                None => {
                    self.take_typed();
                    open.set(false);
                }
            },
            "Escape" if open.get_untracked() => open.set(false),
            _ => return,
        }
        event.prevent_default();
    }

    fn entries(self, list_id: &str) -> AnyView {
        let one = |(index, option)| self.entry(option_id(list_id, index), index, option);
        match self.options.get() {
            Load::Loading => note(text::ui_loading()),
            Load::Empty => note(text::ui_nothing_matches()),
            Load::Failed(failure) => note(failure.title),
            Load::Ready(options) => options.into_iter().enumerate().map(one).collect_view().into_any(),
        }
    }

    fn entry(self, id: String, index: usize, option: ComboOption) -> AnyView {
        let is_active = move || self.active.get() == Some(index);
        let own = option.value.clone();
        let is_value = move || self.value.with(|value| value.as_deref() == Some(own.as_str()));
        let picked = option.clone();
        view! {
            <div
                class=move || if is_active() { "option is-active" } else { "option" }
                role="option"
                id=id
                aria-selected=move || if is_value() { "true" } else { "false" }
                on:mousedown=move |event| {
                    event.prevent_default();
                    self.choose(picked.clone());
                }
            >
                <bdi translate="no">{option.label}</bdi>
                <bdi translate="no" class="meta">
                    {option.meta}
                </bdi>
            </div>
        }
        .into_any()
    }
}

fn option_id(list_id: &str, index: usize) -> String {
    format!("{list_id}-{index}")
}

/// Scrolls the list, and only the list, to the option selected with the arrow keys. The list is positioned, so
/// that options are measured from its start.
pub(super) fn scroll_into_view(active_id: impl Fn() -> Option<String> + 'static) {
    let element = |id: &str| document().get_element_by_id(id)?.dyn_into::<HtmlElement>().ok();
    effect(move || {
        let Some(option) = active_id().and_then(|id| element(&id)) else { return };
        let Some(list) = option.closest("[role=listbox]").ok().flatten() else { return };
        let (start, end) = (option.offset_top(), option.offset_top() + option.offset_height());
        if start < list.scroll_top() {
            list.set_scroll_top(start);
        } else if end > list.scroll_top() + list.client_height() {
            list.set_scroll_top(end - list.client_height());
        }
    });
}

fn note(message: String) -> AnyView {
    view! {
        <div class="popup-note" role="option" aria-disabled="true" aria-selected="false">
            {message}
        </div>
    }
    .into_any()
}
