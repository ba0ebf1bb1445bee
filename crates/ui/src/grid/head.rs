//! The head of a grid.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::state::State;
use super::{GridSelection, SelectedAll};
use crate::keyed::{KeyedRow, keyed};
use crate::table::{Column, SortBy, aria_sort, sort_button};
use crate::vdom::head_id;
use i18n::text;

/// The sorted column, and what sorts by another; without the latter, no column sorts.
#[derive(Clone, Copy)]
pub(super) struct Sorting {
    pub(super) by: Signal<Option<SortBy>>,
    pub(super) on_sort: Option<Callback<&'static str>>,
}

/// The cells of the head: those of the columns that are shown, in order.
pub(super) fn cells(state: State, sorting: Sorting) -> AnyView {
    let (selection, columns) = (state.selection(), state.config.columns);
    let first = 1 + usize::from(selection.is_some());
    let heads = keyed(move || {
        let one = |(idx, column): (usize, Column)| {
            let number = move || columns.place(idx).map(|place| (place + first).to_string());
            KeyedRow::new(column.key.to_owned(), move || cell(state, Signal::derive(number), column, sorting))
        };
        columns.shown().into_iter().map(one).collect()
    });
    view! {
        {selection.map(tick)}
        {heads}
    }
    .into_any()
}

fn cell(state: State, number: Signal<Option<String>>, column: Column, sorting: Sorting) -> AnyView {
    let Column { key, label, class, sortable, .. } = column;
    let class = ["vcell ", class].concat();
    let id = state.id.with_value(|id| head_id(id, key));
    let Some(on_sort) = sorting.on_sort.filter(|_| sortable) else {
        return view! {
            <div class=class id=id role="columnheader" aria-colindex=move || number.get()>
                {label}
            </div>
        }
        .into_any();
    };
    let own = Signal::derive(move || sorting.by.get().filter(|by| by.key == key).map(|by| by.sort));
    let press = Callback::new(move |()| {
        state.forget_range();
        on_sort.run(key);
    });
    view! {
        <div
            class=class
            id=id
            role="columnheader"
            aria-colindex=move || number.get()
            aria-sort=move || aria_sort(own.get())
        >
            {sort_button(label, own, press)}
        </div>
    }
    .into_any()
}

/// The cell with the checkbox that selects all rows.
fn tick(selection: GridSelection) -> AnyView {
    let GridSelection { all, on_all, .. } = selection;
    let change = move |event: leptos::ev::Event| {
        let Some(tick) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        on_all.run(tick.checked());
        // The browser has changed the box already; what is selected is the page's to say.
        let all = all.get_untracked();
        tick.set_checked(all == SelectedAll::All);
        tick.set_indeterminate(all == SelectedAll::Some);
    };
    view! {
        <div class="vtick" role="columnheader" aria-colindex="1">
            <label>
                <input
                    class="tick"
                    type="checkbox"
                    aria-label=text::ui_select_all
                    prop:checked=move || all.get() == SelectedAll::All
                    prop:indeterminate=move || all.get() == SelectedAll::Some
                    on:change=change
                />
            </label>
        </div>
    }
    .into_any()
}
