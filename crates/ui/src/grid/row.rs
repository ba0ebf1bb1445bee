//! A row of a grid.

use leptos::html;
use leptos::prelude::*;
use web_sys::Element;

use super::state::State;
use super::{DrawRow, GridRow, GridSelection, row_id};
use crate::effect::effect;
use i18n::{text, without_isolates};

/// Marks the cell of the cursor.
const CURSOR: &str = "data-cursor";

pub(super) fn row(state: State, place: usize, draw: &DrawRow) -> AnyView {
    let grid_id = state.id.get_value();
    let id = row_id(&grid_id, place);
    let element = NodeRef::<html::Div>::new();
    let at = Memo::new(move |_| (state.cursor.get() == Some(place)).then(|| state.cell.get()));
    let open = state.config.open;
    let class = move || match (open.get() == Some(place), at.get() == Some(0)) {
        (true, true) => "vrow is-open is-cursor",
        (true, false) => "vrow is-open",
        (false, true) => "vrow is-cursor",
        (false, false) => "vrow",
    };
    let selection = state.selection().map(|selection| {
        let is_selected = selection.is_selected.clone();
        (Memo::new(move |_| is_selected(place)), selection)
    });
    let is_selected = selection.as_ref().map(|(is_selected, _)| *is_selected);
    let aria_selected = move || Some(if is_selected?.get() { "true" } else { "false" });
    let cells = draw(GridRow { place, grid_id });
    number_cells(element);
    if state.config.n_cells > 1 {
        mark_cursor(element, at, id.clone());
    }
    let click = {
        let id = id.clone();
        move |event| state.on_click(&event, place, &id)
    };
    view! {
        <div
            class=class
            role="row"
            id=id
            aria-rowindex=(place + 2).to_string()
            aria-selected=aria_selected
            node_ref=element
            on:click=click
        >
            {selection.map(|(is_selected, selection)| tick(is_selected, selection, place))}
            {cells}
        </div>
    }
    .into_any()
}

/// The cell with the checkbox; the row handles presses in all of it.
fn tick(is_selected: Memo<bool>, selection: GridSelection, place: usize) -> AnyView {
    // An attribute is one text of its own direction.
    let label = move || without_isolates(&text::ui_select_named(&untrack(|| (selection.row_label)(place))));
    view! {
        <div class="vtick" role="gridcell">
            <input
                class="tick"
                type="checkbox"
                tabindex="-1"
                aria-label=label
                prop:checked=move || is_selected.get()
            />
        </div>
    }
    .into_any()
}

/// Numbers the columns: a narrow grid may hide some.
fn number_cells(row: NodeRef<html::Div>) {
    effect(move || {
        let Some(row) = row.get() else { return };
        let cells = std::iter::successors(row.first_element_child(), Element::next_element_sibling);
        let cells = cells.filter(|cell| cell.has_attribute("role"));
        for (idx, cell) in cells.enumerate() {
            set(&cell, "aria-colindex", &(idx + 1).to_string());
        }
    });
}

/// Marks the cell of the cursor without drawing the row again.
fn mark_cursor(row: NodeRef<html::Div>, at: Memo<Option<usize>>, id: String) {
    effect(move || {
        let (Some(row), at) = (row.get(), at.get()) else { return };
        if let Ok(Some(before)) = row.query_selector("[data-cursor]") {
            // Removing an attribute does not fail.
            let _ = before.remove_attribute(CURSOR);
        }
        let Some(cell) = at.filter(|cell| *cell > 0) else { return };
        if let Ok(Some(cell)) = row.query_selector(&["#", &id, "-", &cell.to_string()].concat()) {
            set(&cell, CURSOR, "");
        }
    });
}

/// Sets an attribute. That fails only for an invalid name.
fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
