//! A button that opens a menu of actions.

use super::icon::icon;
use super::id::next_id;
use super::keys::pressed;
use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// An entry of a [`Menu`].
#[derive(Clone, Debug)]
pub struct MenuItem {
    /// The text of the entry.
    pub label: Signal<String>,
    /// A Lucide name.
    pub icon: &'static str,
    /// The kind of entry and its checked state.
    pub chosen: Chosen,
    /// Called when the entry is chosen, after the menu has closed.
    pub on_select: Callback<()>,
}

/// The kind of a menu entry.
#[derive(Clone, Copy, Debug, Default)]
pub enum Chosen {
    /// An action without a state.
    #[default]
    Action,
    /// One of several options, checked if it is current.
    OneOf(Signal<bool>),
    /// A toggle.
    Switch(Signal<bool>),
}

/// A button with a popup menu: arrow keys move, Escape and choosing close it.
#[component]
pub fn Menu(
    /// The text of the button; with `icon_only` its accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// A Lucide name.
    icon: &'static str,
    #[prop(optional)] icon_only: bool,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
) -> impl IntoView {
    let id = next_id("menu");
    let node = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let is_open = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| element.matches(":popover-open").unwrap_or(false));
        open.set(is_open);
    };
    let entry = move |(idx, item): (usize, MenuItem)| {
        let select = move |_| {
            if let Some(menu) = node.get_untracked() {
                // Fails only if it is already hidden.
                let _ = menu.hide_popover();
            }
            item.on_select.run(());
        };
        let (role, chosen) = match item.chosen {
            Chosen::Action => ("menuitem", None),
            Chosen::OneOf(chosen) => ("menuitemradio", Some(chosen)),
            Chosen::Switch(chosen) => ("menuitemcheckbox", Some(chosen)),
        };
        // The browser focuses it while the menu opens. Keys pressed before a `toggle` event would be lost.
        let is_first = idx == 0;
        let checked = move || chosen.map(|chosen| if chosen.get() { "true" } else { "false" });
        let mark = move || chosen.is_some_and(|chosen| chosen.get()).then(|| self::icon("check"));
        view! {
            <button
                class="menu-item"
                type="button"
                role=role
                tabindex="-1"
                autofocus=is_first
                aria-checked=checked
                on:click=select
            >
                {self::icon(item.icon)}
                {item.label}
                <span class="meta">{mark}</span>
            </button>
        }
    };
    let button_class = if icon_only { "btn btn-quiet btn-icon btn-sm" } else { "btn btn-sm" };
    view! {
        <button
            class=button_class
            type="button"
            popovertarget=id.clone()
            aria-haspopup="menu"
            aria-expanded=move || if open.get() { "true" } else { "false" }
            aria-label=move || icon_only.then(|| label.get())
            title=move || icon_only.then(|| label.get())
        >
            {self::icon(icon)}
            {move || (!icon_only).then(|| label.get())}
        </button>
        <div
            class="popup menu"
            id=id
            popover="auto"
            role="menu"
            aria-label=label
            node_ref=node
            on:toggle=toggled
            on:keydown=walk
        >
            {move || items.get().into_iter().enumerate().map(entry).collect_view()}
        </div>
    }
    .into_any()
}

/// Moves the focus between the entries.
fn walk(event: KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(menu) = event.current_target().and_then(|menu| menu.dyn_into::<Element>().ok()) else { return };
    let Some(item) = target.and_then(|target| target.closest(".menu-item").ok().flatten()) else { return };
    let next = match pressed(&event).as_str() {
        "ArrowDown" => item.next_element_sibling().or_else(|| menu.first_element_child()),
        "ArrowUp" => item.previous_element_sibling().or_else(|| menu.last_element_child()),
        "Home" => menu.first_element_child(),
        "End" => menu.last_element_child(),
        "Tab" => {
            // Closing returns the focus to the button, and Tab continues from there.
            if let Ok(menu) = menu.dyn_into::<HtmlElement>() {
                // Fails only if it is already hidden.
                let _ = menu.hide_popover();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    focus(next);
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot be focused leaves the focus where it is.
        let _ = element.focus();
    }
}
