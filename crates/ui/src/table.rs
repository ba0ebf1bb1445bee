//! Tables: the card around them, their head with sorting, their states and their foot.

use super::icon::icon;
use super::load::{Failure, Load};
use leptos::prelude::*;

/// One column of a [`DataTable`].
#[derive(Clone, Debug)]
pub struct Column {
    /// What sorting calls it.
    pub key: &'static str,
    /// The heading.
    pub label: Signal<String>,
    /// Classes of the heading cell: `mid` and `lo` leave a narrow table first, `num`, `fit`, `end`.
    pub class: &'static str,
    /// Whether pressing the heading sorts.
    pub sortable: bool,
}

impl Column {
    /// A column that does not sort.
    pub fn new(key: &'static str, label: fn() -> String) -> Self {
        Self { key, label: Signal::derive(label), class: "", sortable: false }
    }

    /// The same with classes for its heading.
    pub fn with_class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The same, sortable.
    pub fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }
}

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// The column that is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// Its key.
    pub key: &'static str,
    /// Which way.
    pub sort: Sort,
}

/// A table in a card. The rows are `children` (`<tr>` with cells, the first a `<th scope="row">` or
/// a tick cell); while there are none, the state shows in their place.
#[component]
pub fn DataTable(
    /// What the table lists, as its accessible name.
    #[prop(into)]
    label: Signal<String>,
    columns: Vec<Column>,
    /// The state of the rows; `Ready` shows `children`.
    #[prop(into)]
    state: Signal<Load<()>>,
    /// What stands there when nothing was found.
    #[prop(into)]
    empty: ViewFn,
    /// Reads again after a failure.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
    /// The sorted column, where columns sort.
    #[prop(optional)]
    sort: Option<RwSignal<SortBy>>,
    /// How many rows there are in all, shown or not.
    #[prop(optional, into)]
    row_count: Signal<Option<usize>>,
    /// The head cell of the tick column, where there is one.
    #[prop(optional, into)]
    lead: Option<ViewFn>,
    /// The line below the table.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    children: ChildrenFn,
) -> impl IntoView {
    let heads = columns.into_iter().map(|column| head_cell(column, sort)).collect_view();
    let lead = lead.map(|lead| view! { <td class="c-check head-cell">{lead.run()}</td> });
    let is_ready = Memo::new(move |_| matches!(state.get(), Load::Ready(())));
    let instead = move || {
        let empty = empty.clone();
        (!is_ready.get()).then(|| state.get().view(move || empty.run(), retry, |()| ().into_any()))
    };
    view! {
        <div class="grid-card">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=label>
                <table
                    class="grid"
                    aria-label=label
                    aria-busy=move || matches!(state.get(), Load::Loading).then_some("true")
                    aria-rowcount=move || row_count.get().map(|count| (count + 1).to_string())
                >
                    <thead><tr aria-rowindex="1">{lead}{heads}</tr></thead>
                    <tbody>{move || is_ready.get().then(|| children())}</tbody>
                </table>
                {instead}
            </div>
            {foot.map(|foot| view! { <div class="grid-foot">{move || foot.run()}</div> })}
        </div>
    }
    .into_any()
}

fn head_cell(column: Column, sort: Option<RwSignal<SortBy>>) -> AnyView {
    let key = column.key;
    let Some(sort) = sort.filter(|_| column.sortable) else {
        return view! { <th class=column.class scope="col">{column.label}</th> }.into_any();
    };
    let own = move || Some(sort.get()).filter(|by| by.key == key).map(|by| by.sort);
    let aria = move || match own() {
        Some(Sort::Ascending) => "ascending",
        Some(Sort::Descending) => "descending",
        None => "none",
    };
    let arrow = move || {
        Some(match own()? {
            Sort::Ascending => icon("arrow-up"),
            Sort::Descending => icon("arrow-down"),
        })
    };
    let turn = move |_| {
        let next = if own() == Some(Sort::Ascending) { Sort::Descending } else { Sort::Ascending };
        sort.set(SortBy { key, sort: next });
    };
    view! {
        <th class=column.class scope="col" aria-sort=aria>
            <button class="sort" type="button" on:click=turn>{column.label}{arrow}</button>
        </th>
    }
    .into_any()
}

/// The card around a table that a page builds itself, with an optional foot.
pub fn grid_card(label: Signal<String>, table: AnyView, foot: Option<AnyView>) -> AnyView {
    view! {
        <div class="grid-card">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=label>{table}</div>
            {foot.map(|foot| view! { <div class="grid-foot">{foot}</div> })}
        </div>
    }
    .into_any()
}

impl Load<()> {
    /// The state of a list from what was read: rows, how many, or why not.
    pub fn of_rows(read: Option<Result<usize, Failure>>) -> Self {
        match read {
            None => Self::Loading,
            Some(Ok(0)) => Self::Empty,
            Some(Ok(_)) => Self::Ready(()),
            Some(Err(failure)) => Self::Failed(failure),
        }
    }
}
