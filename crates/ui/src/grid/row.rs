//! A row of a grid.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::columns::set;
use super::state::State;
use super::{DrawRow, GridRow, GridSelection, row_id};
use crate::effect::effect_after;
use i18n::{text, without_isolates};

/// Marks the cell of the cursor.
const CURSOR: &str = "data-cursor";

/// What of a row changes without drawing it again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    is_open: bool,
    /// `None` if rows cannot be selected.
    is_selected: Option<bool>,
    /// The cell of the cursor, if it is in this row; 0 is the whole row.
    cursor: Option<usize>,
}

impl Look {
    fn class(self) -> &'static str {
        match (self.is_open, self.cursor == Some(0)) {
            (true, true) => "vrow is-open is-cursor",
            (true, false) => "vrow is-open",
            (false, true) => "vrow is-cursor",
            (false, false) => "vrow",
        }
    }

    fn aria_selected(self) -> Option<&'static str> {
        self.is_selected.map(|is_selected| if is_selected { "true" } else { "false" })
    }
}

pub(super) fn row(state: State, place: usize, draw: &DrawRow) -> AnyView {
    let grid_id = state.id.get_value();
    let id = row_id(&grid_id, place);
    let element = NodeRef::<html::Div>::new();
    let selection = state.selection();
    let look = {
        let is_selected = selection.as_ref().map(|selection| selection.is_selected.clone());
        Memo::new(move |_| Look {
            is_open: state.config.open.get() == Some(place),
            is_selected: is_selected.as_ref().map(|is_selected| is_selected(place)),
            cursor: (state.cursor.get() == Some(place)).then(|| state.cell.get()),
        })
    };
    let drawn = look.get_untracked();
    let cells = draw(GridRow { place, grid_id });
    follow(state, element, look, id.clone());
    let click = {
        let id = id.clone();
        move |event| state.on_click(&event, place, &id)
    };
    view! {
        <div
            class=drawn.class()
            role="row"
            id=id
            aria-rowindex=(place + 2).to_string()
            aria-selected=drawn.aria_selected()
            node_ref=element
            on:click=click
        >
            {selection.map(|selection| tick(drawn, &selection, place))}
            {cells}
        </div>
    }
    .into_any()
}

/// The cell with the checkbox; the row handles presses in all of it.
fn tick(drawn: Look, selection: &GridSelection, place: usize) -> AnyView {
    // An attribute is one text of its own direction.
    let label = without_isolates(&text::ui_select_named(&untrack(|| (selection.row_label)(place))));
    view! {
        <div class="vtick" role="gridcell">
            <input
                class="tick"
                type="checkbox"
                tabindex="-1"
                aria-label=label
                prop:checked=drawn.is_selected == Some(true)
            />
        </div>
    }
    .into_any()
}

/// Follows what changes in a row. One effect for all of it: each costs more than the change itself.
fn follow(state: State, row: NodeRef<html::Div>, look: Memo<Look>, id: String) {
    effect_after(move |before: Option<Option<Look>>| {
        let before = before.flatten();
        let (Some(row), look) = (row.get(), look.get()) else { return before };
        if before.is_none() {
            state.config.columns.arrange(&row);
        }
        row.set_class_name(look.class());
        if let (Some(is_selected), Some(text)) = (look.is_selected, look.aria_selected()) {
            set(&row, "aria-selected", text);
            if let Some(tick) = found(&row, ".vtick input") {
                tick.unchecked_into::<HtmlInputElement>().set_checked(is_selected);
            }
        }
        if let Some(marked) = found(&row, "[data-cursor]") {
            // Removing an attribute does not fail.
            let _ = marked.remove_attribute(CURSOR);
        }
        if let Some(cell) = look.cursor.filter(|cell| *cell > 0)
            && let Some(cell) = found(&row, &["#", &id, "-", &cell.to_string()].concat())
        {
            set(&cell, CURSOR, "");
        }
        Some(look)
    });
}

fn found(row: &Element, selector: &str) -> Option<Element> {
    row.query_selector(selector).ok().flatten()
}
