//! The button that opens the view of a grid: which columns, in which order, and what is chosen for all lists.

use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::choice::Step;
use super::columns::GridColumns;
use crate::button::{Button, Variant};
use crate::effect::effect;
use crate::icon::{icon, icon_sm};
use crate::id::next_id;
use crate::keyed::{KeyedRow, keyed};
use crate::table::Column;
use crate::toast::announce;
use i18n::{format_number, text, without_isolates};

/// A button with a popup in which the columns of a grid are shown, hidden and moved. `children` follow: what is chosen
/// for all lists.
#[component]
pub fn GridOptions(columns: GridColumns, children: ChildrenFn) -> impl IntoView {
    let id = next_id("view");
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let popup = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        open.set(popup.is_some_and(|popup| popup.matches(":popover-open").unwrap_or(false)));
    };
    // Closed, it is not in the document: the labels of columns are also those of fields.
    let body = move || {
        let children = children.clone();
        open.get().then(|| body(columns, children()))
    };
    view! {
        <button
            class="btn btn-sm"
            type="button"
            popovertarget=id.clone()
            aria-haspopup="dialog"
            aria-expanded=move || if open.get() { "true" } else { "false" }
        >
            {icon("columns-3")}
            {text::ui_view}
        </button>
        <div
            class="popup view-options"
            id=id
            popover="auto"
            role="dialog"
            aria-label=text::ui_view
            on:toggle=toggled
        >
            {body}
        </div>
    }
    .into_any()
}

fn body(columns: GridColumns, children: AnyView) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    effect(move || {
        let Some(body) = node.get() else { return };
        focus(body.query_selector("input").ok().flatten());
    });
    let has_free = Memo::new(move |_| !columns.free().is_empty());
    view! {
        <div class="stack-3" node_ref=node>
            {move || has_free.get().then(|| list(columns))}
            {children}
        </div>
    }
    .into_any()
}

/// The columns with what shows, hides and moves them, and the button that takes it back.
pub(super) fn list(columns: GridColumns) -> AnyView {
    let id = next_id("columns");
    let items = keyed(move || {
        let id = id.clone();
        let item = move |(idx, column): (usize, Column)| {
            let id = [&id, "-", column.key].concat();
            KeyedRow::new(column.key.to_owned(), move || item(columns, idx, column.label, id))
        };
        columns.free().into_iter().map(item).collect()
    });
    let reason = Signal::derive(move || columns.is_default().then(text::ui_columns_default));
    let reset = move || {
        columns.reset();
        announce(text::ui_columns_reset_done());
    };
    view! {
        <fieldset class="stack-1">
            <legend class="label">{text::ui_columns}</legend>
            <ul class="view-columns" role="list">
                {items}
            </ul>
            <div class="row">
                <Button
                    label=text::ui_columns_reset
                    small=true
                    variant=Variant::Quiet
                    icon="undo-2"
                    disabled_reason=reason
                    on_press=reset
                />
            </div>
        </fieldset>
    }
    .into_any()
}

/// A column: its checkbox, and the buttons that move it.
fn item(columns: GridColumns, idx: usize, label: Signal<String>, id: String) -> AnyView {
    let is_shown = Memo::new(move |_| columns.place(idx).is_some());
    let change = move |event: Event| {
        let tick = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(tick) = tick else { return };
        columns.set_shown(idx, tick.checked());
        let name = label.get_untracked();
        announce(if tick.checked() { text::ui_column_shown(&name) } else { text::ui_column_hidden(&name) });
    };
    view! {
        <li class="view-column">
            <label class="check">
                <input class="tick" type="checkbox" prop:checked=move || is_shown.get() on:change=change />
                <span>{label}</span>
            </label>
            {mover(columns, idx, label, &id, Step::Up)}
            {mover(columns, idx, label, &id, Step::Down)}
        </li>
    }
    .into_any()
}

fn mover(columns: GridColumns, idx: usize, label: Signal<String>, id: &str, step: Step) -> AnyView {
    let (name, glyph): (fn(&str) -> String, _) = match step {
        Step::Up => (text::ui_column_up, "arrow-up"),
        Step::Down => (text::ui_column_down, "arrow-down"),
    };
    let name = move || without_isolates(&name(&label.get()));
    let (up, down) = ([id, "-up"].concat(), [id, "-down"].concat());
    let own = if step == Step::Up { up.clone() } else { down.clone() };
    let is_end = Memo::new(move |_| {
        let free = columns.free();
        let end = if step == Step::Up { free.first() } else { free.last() };
        end.is_some_and(|(last, _)| *last == idx)
    });
    let press = move |_| {
        if !columns.shift(idx, step) {
            return;
        }
        let places = untrack(|| columns.free());
        let place = places.iter().position(|(other, _)| *other == idx).unwrap_or_default() + 1;
        announce(text::ui_column_moved(text::UiColumnMoved {
            name: &label.get_untracked(),
            place: &format_number(place as f64),
            total: &format_number(places.len() as f64),
        }));
        // An element that is moved loses the focus, and the button at an end is gone.
        let can_go_on = match step {
            Step::Up => place > 1,
            Step::Down => place < places.len(),
        };
        let next = if (step == Step::Up) == can_go_on { up.clone() } else { down.clone() };
        request_animation_frame(move || focus(document().get_element_by_id(&next)));
    };
    view! {
        <button
            class="btn btn-quiet btn-icon btn-sm"
            class:is-end=is_end
            type="button"
            id=own
            aria-label=name
            title=name
            on:click=press
        >
            {icon_sm(glyph)}
        </button>
    }
    .into_any()
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot be focused leaves the focus where it is.
        let _ = element.focus();
    }
}
