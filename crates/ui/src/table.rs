//! Tables: the card, a head with sorting, loading and empty states, and a footer.

use super::icon::icon;
use super::load::{Failure, Load};
use leptos::prelude::*;

/// A column of a [`DataTable`] or of a [`Grid`](super::Grid).
#[derive(Clone, Debug)]
pub struct Column {
    /// Identifies the column in [`SortBy`].
    pub key: &'static str,
    /// The heading.
    pub label: Signal<String>,
    /// Classes of the heading cell: `mid` and `lo` hide the column in a narrow table; also `num`, `fit`,
    /// `end`.
    pub class: &'static str,
    /// Whether pressing the heading sorts.
    pub sortable: bool,
    /// Whether a grid always shows the column, and at its place.
    pub is_fixed: bool,
    /// True while no row has the column; a grid does not show it then.
    pub absent: Option<Signal<bool>>,
}

impl Column {
    /// A column that does not sort.
    pub fn new(key: &'static str, label: fn() -> String) -> Self {
        Self { key, label: Signal::derive(label), class: "", sortable: false, is_fixed: false, absent: None }
    }

    /// Sets the classes of the heading.
    pub fn with_class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// Makes the column sortable.
    pub fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }

    /// Keeps the column shown in a grid, and at its place.
    pub fn fixed(self) -> Self {
        Self { is_fixed: true, ..self }
    }

    /// Leaves the column out of a grid while no row has it.
    pub fn absent_if(self, absent: impl Into<Signal<bool>>) -> Self {
        Self { absent: Some(absent.into()), ..self }
    }
}

/// A sort direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// The sorted column and its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// The [`Column::key`] of the sorted column.
    pub key: &'static str,
    /// Its direction.
    pub sort: Sort,
}

/// A table in a card. `children` are the rows (`<tr>` with cells, the first a `<th scope="row">`); without rows
/// the state is shown in their place.
#[component]
pub fn DataTable(
    /// The accessible name of the table.
    #[prop(into)]
    label: Signal<String>,
    columns: Vec<Column>,
    /// The state of the rows; `Ready` shows `children`.
    #[prop(into)]
    state: Signal<Load<()>>,
    /// Shown if nothing was found.
    #[prop(into)]
    empty: ViewFn,
    /// Reads again after a failure.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
    /// The sorted column, if columns sort.
    #[prop(optional)]
    sort: Option<RwSignal<SortBy>>,
    /// Total number of rows, shown or not.
    #[prop(optional, into)]
    row_count: Signal<Option<usize>>,
    /// The head cell of the tick column, if there is one.
    #[prop(optional, into)]
    lead: Option<ViewFn>,
    /// The footer below the table.
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
                    <thead>
                        <tr aria-rowindex="1">{lead}{heads}</tr>
                    </thead>
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
        return view! {
            <th class=column.class scope="col">
                {column.label}
            </th>
        }
        .into_any();
    };
    let own = Signal::derive(move || Some(sort.get()).filter(|by| by.key == key).map(|by| by.sort));
    let turn = Callback::new(move |()| {
        let next =
            if own.get_untracked() == Some(Sort::Ascending) { Sort::Descending } else { Sort::Ascending };
        sort.set(SortBy { key, sort: next });
    });
    view! {
        <th class=column.class scope="col" aria-sort=move || aria_sort(own.get())>
            {sort_button(column.label, own, turn)}
        </th>
    }
    .into_any()
}

/// The value of `aria-sort` on the heading of a column that can be sorted.
pub(crate) fn aria_sort(own: Option<Sort>) -> &'static str {
    match own {
        Some(Sort::Ascending) => "ascending",
        Some(Sort::Descending) => "descending",
        None => "none",
    }
}

/// The button in the heading of a column, with an arrow while the column is sorted.
pub(crate) fn sort_button(
    label: Signal<String>,
    own: Signal<Option<Sort>>,
    on_press: Callback<()>,
) -> AnyView {
    let arrow = move || {
        Some(match own.get()? {
            Sort::Ascending => icon("arrow-up"),
            Sort::Descending => icon("arrow-down"),
        })
    };
    view! {
        <button class="sort" type="button" on:click=move |_| on_press.run(())>
            {label}
            {arrow}
        </button>
    }
    .into_any()
}

/// The card around a custom table, with an optional footer.
pub fn grid_card(label: Signal<String>, table: AnyView, foot: Option<AnyView>) -> AnyView {
    view! {
        <div class="grid-card">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=label>
                {table}
            </div>
            {foot.map(|foot| view! { <div class="grid-foot">{foot}</div> })}
        </div>
    }
    .into_any()
}

impl Load<()> {
    /// The state of a list from its number of rows, or from the failure; `None` while loading.
    pub fn of_rows(read: Option<Result<usize, Failure>>) -> Self {
        match read {
            None => Self::Loading,
            Some(Ok(0)) => Self::Empty,
            Some(Ok(_)) => Self::Ready(()),
            Some(Err(failure)) => Self::Failed(failure),
        }
    }
}
