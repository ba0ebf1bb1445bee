//! The list of entries, and the drawer of one.

use std::sync::Arc;

use ledger_worker::message::LedgerRow;
use leptos::prelude::*;

use super::details::details;
use super::entries::{Entries, key_of};
use super::entry_words::{change, outcome, place, subject};
use super::filters::Filters;
use super::selecting::Selecting;
use super::summary::summary;
use crate::features::directory::filters::{FilterValues, filter_bar};
use crate::features::directory::list_columns::{list_columns, view_button};
use crate::features::results::run_words;
use crate::routing::query;
use crate::state::ledger::author;
use i18n::{format_number, text};
use ui::{Button, Column, DrawRow, Grid, GridColumns, RowVersion, SearchInput, empty_state, grid_card};

/// The search and the filters, the entries, and the open one, whose number is in the URL.
pub(super) fn list(entries: Entries, filters: Filters) -> AnyView {
    let columns = list_columns("activity", heads());
    let (open, set_open) = query::choice("entry");
    let is_open = Memo::new(move |_| !open.with(String::is_empty));
    let class = move || if is_open.get() { "run-rows with-drawer" } else { "run-rows" };
    let selecting = Selecting::new(entries);
    let drawer = move || is_open.get().then(|| details(entries, filters, open.get(), set_open));
    view! {
        <div class="stack-3">
            <h2 class="sr-only">{text::activity_entries}</h2>
            {toolbar(filters, columns)}
            {summary(entries, filters)}
            <div class=class>{table((entries, selecting), filters, columns, (open, set_open))} {drawer}</div>
            {selecting.bar()}
        </div>
    }
    .into_any()
}

fn toolbar(filters: Filters, columns: GridColumns) -> AnyView {
    let tools = view! {
        <div class="toolbar mem-tools">
            <SearchInput
                label=text::activity_search
                value=filters.typed
                placeholder=Signal::derive(text::activity_search_hint)
            />
            {filters.facets().map(FilterValues::facet).into_any()}
            {view_button(columns)}
        </div>
    };
    filter_bar(tools.into_any(), filters.all().map(FilterValues::chips).into())
}

fn table(
    (entries, selecting): (Entries, Selecting),
    filters: Filters,
    columns: GridColumns,
    (open, set_open): (Memo<String>, SignalSetter<Option<String>>),
) -> AnyView {
    let count = entries.count();
    let draw: DrawRow = Arc::new(move |place| entries.row(place).map(|row| cells(&row)).into_any().into());
    let version: RowVersion = Arc::new(move |place| entries.version(place));
    let choose = move |place: usize| {
        let key = entries.row(place).map(|row| key_of(&row));
        set_open.set(key.filter(|key| open.with_untracked(|open| open != key)));
    };
    let filter = entries.filter();
    // Another filter begins at the top.
    let of = Memo::new(move |before: Option<&u32>| {
        filter.track();
        before.map_or(0, |n| n + 1)
    });
    let is_empty = Memo::new(move |_| count.get() == 0);
    let clear = move || filters.clear();
    let none = move || {
        is_empty.get().then(|| {
            let all = view! { <Button label=text::activity_show_everything on_press=clear /> };
            let (title, body) = (text::activity_none_found_title(), text::activity_none_found_body());
            empty_state("search", title, body, Some(all.into_any()))
        })
    };
    let grid = view! {
        <div hidden=is_empty>
            <Grid
                label=text::activity_entries
                class="ledger-grid"
                columns=columns
                count=count
                of=Signal::derive(move || of.get().to_string())
                row=draw
                version=version
                open=Signal::derive(move || open.with(|open| entries.place_of(open)))
                on_open=Callback::new(choose)
                selection=selecting.of_grid()
                on_window=Callback::new(move |(first, end)| entries.show(first, end))
            />
        </div>
        {none}
    };
    let foot = move || {
        let n_all = entries.n_all();
        let (found, all) = (format_number(count.get() as f64), format_number(n_all as f64));
        text::ledger_n_of(text::LedgerNOf { all: &all, found: &found })
    };
    let foot = view! { <span role="status">{foot}</span> };
    grid_card(Signal::derive(text::activity_entries), grid.into_any(), Some(foot.into_any()))
}

fn heads() -> Vec<Column> {
    vec![
        Column::new("when", text::ledger_when).fixed(),
        Column::new("person", text::ledger_what).fixed(),
        Column::new("change", text::activity_col_change).with_class("mid"),
        Column::new("outcome", text::run_col_outcome),
        Column::new("place", text::ledger_place).with_class("mid"),
        Column::new("author", text::ledger_author).with_class("lo"),
    ]
}

fn cells(row: &LedgerRow) -> AnyView {
    let place = place(&row.event).map(|place| place.name.to_string());
    view! {
        <div class="vcell muted" role="gridcell">
            {run_words::moment(row.at as f64)}
        </div>
        <div class="vcell v-person" role="rowheader">
            {subject(row)}
        </div>
        <div class="vcell" role="gridcell">
            {change(&row.event)}
        </div>
        <div class="vcell" role="gridcell">
            {outcome(&row.event)}
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no">{place}</bdi>
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no">{author(&row.by.name, row.by.key)}</bdi>
        </div>
    }
    .into_any()
}
