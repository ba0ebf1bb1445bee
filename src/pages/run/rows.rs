//! Every row of the run, filtered by outcome, each with its reason in words.

use std::sync::Arc;

use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Outcome, Vendor};
use leptos::prelude::*;

use super::showing::{Filter, Showing};
use super::{Here, again, details, take_along};
use crate::features::directory::list_columns::{list_columns, view_button};
use crate::features::error_words;
use crate::features::results::change::{operation_word, person_header};
use crate::features::results::run_words;
use crate::features::results::tone;
use crate::features::words;
use i18n::{format_number, text};
use ui::{Button, Column, DrawRow, Grid, GridColumns, RowVersion, Segment, Segments, empty_state};

/// The table with its filter, the actions on its rows, and the drawer of the open row.
pub(super) fn rows(here: Here) -> AnyView {
    let (showing, columns) = (Showing::new(here), list_columns("run", heads()));
    let opened = Memo::new(move |_| showing.opened());
    let class = move || if opened.get().is_some() { "run-rows with-drawer" } else { "run-rows" };
    let drawer = move || opened.get().map(|change| details::drawer(here, showing, change));
    view! {
        <section aria-labelledby="rows">
            <div class="toolbar run-tools">
                <h2 id="rows">{text::run_rows}</h2>
                {filter(here, showing)}
                <div class="toolbar push">
                    {again::buttons(here)} {take_along::buttons(here, showing)} {view_button(columns)}
                </div>
            </div>
            <div class=class>
                <div class="grid-card">
                    {table(here, showing, columns)} <div class="grid-foot">
                        <span>{move || foot(here, showing)}</span>
                    </div>
                </div>
                {drawer}
            </div>
        </section>
    }
    .into_any()
}

fn filter(here: Here, showing: Showing) -> AnyView {
    let n_rows = here.run().n_rows();
    let counted = move |filter: Filter| {
        let tally = here.standing.with(|standing| standing.tally);
        match filter {
            Filter::All => text::results_all(n_rows),
            Filter::Ended(Verdict::Done) => text::ui_tally_done(tally.n_done),
            Filter::Ended(Verdict::Same) => text::ui_tally_same(tally.n_same),
            Filter::Ended(Verdict::Refused) => text::ui_tally_refused(tally.n_refused),
            Filter::Ended(Verdict::Unknown) => text::ui_tally_unknown(tally.n_unknown),
            Filter::Ended(Verdict::NotSent) => text::ui_tally_not_sent(tally.n_not_sent),
            Filter::Waiting => text::ui_tally_waiting(tally.n_waiting),
        }
    };
    let icon = |filter| match filter {
        Filter::All => "",
        Filter::Ended(verdict) => tone(Some(verdict)).glyph_name(),
        Filter::Waiting => tone(None).glyph_name(),
    };
    let one = |filter| Segment {
        value: filter,
        label: Signal::derive(move || counted(filter)),
        icon: icon(filter),
    };
    let segments = Filter::ALL.map(one).into();
    view! { <Segments legend=text::results_show value=showing.filter segments=segments quiet=true /> }
        .into_any()
}

fn table(here: Here, showing: Showing, columns: GridColumns) -> AnyView {
    let vendor = here.run().connection().vendor;
    let count = Memo::new(move |_| showing.count());
    let draw: DrawRow = Arc::new(move |place| {
        // Redrawn by version; nothing in it tracks the run.
        let row = untrack(|| showing.change_at(place).map(|change| here.run().row(change.as_idx())));
        row.map(|row| cells(vendor, row)).into_any().into()
    });
    let version: RowVersion = Arc::new(move |place| {
        let run = here.run();
        let change = showing.change_at(place)?;
        let (outcome, is_sent) = run.with_run(|run| {
            (run.outcome(change).map(|outcome| outcome.verdict()), run.batch(change).is_some())
        });
        let ended = match outcome {
            Some(verdict) => verdict as u64 + 2,
            None => u64::from(is_sent),
        };
        Some((u64::from(change.0) << 3) + ended)
    });
    let on_open = move |place: usize| {
        let change = showing.change_at(place);
        showing.open(change.filter(|change| showing.opened() != Some(*change)));
    };
    let on_open = Callback::new(move |place| untrack(|| on_open(place)));
    let grid = move || {
        view! {
            <Grid
                label=text::run_rows
                class="run-grid"
                columns=columns
                count=count
                of=move || showing.filter.get().name().to_owned()
                row=Arc::clone(&draw)
                version=Arc::clone(&version)
                open=Signal::derive(move || showing.open_place())
                on_open=on_open
            />
        }
    };
    let is_empty = Memo::new(move |_| count.get() == 0);
    let shown = move || if is_empty.get() { none(showing) } else { grid().into_any() };
    shown.into_any()
}

fn heads() -> Vec<Column> {
    vec![
        Column::new("row", text::run_col_row).with_class("num faint").fixed(),
        Column::new("person", text::activity_col_person).fixed(),
        Column::new("change", text::run_col_change).with_class("lo"),
        Column::new("outcome", text::run_col_outcome),
        Column::new("reason", text::run_col_reason),
        Column::new("details", text::activity_col_details).with_class("sr-head").fixed(),
    ]
}

fn none(showing: Showing) -> AnyView {
    let all = move || showing.filter.set(Filter::All);
    let all = view! { <Button label=text::run_show_all on_press=all /> }.into_any();
    empty_state("list-filter", text::run_none_title(), text::run_none_body(), Some(all))
}

fn cells(vendor: Vendor, row: ReceiptRow) -> AnyView {
    let verdict = row.outcome.as_ref().map(Outcome::verdict);
    let tone = tone(verdict);
    let spoken = row.change.person.label().to_owned();
    let word = verdict.map_or_else(text::results_waiting_word, words::verdict);
    let number = format_number(f64::from(row.change.id.0) + 1.0);
    let change = operation_word(&row.change.operation);
    // Where all went as planned, the reason says the change again: shown where the change has no column.
    let reason = error_words::reason(vendor, &row);
    let is_change = reason == change;
    view! {
        <div class="vcell num faint" role="gridcell">
            {number}
        </div>
        {person_header(&row.change.person)}
        <div class="vcell v-change" role="gridcell">
            {change}
        </div>
        <div class="vcell v-outcome" role="gridcell">
            <span class=["outcome ", tone.class()].concat()>{tone.glyph()}{word}</span>
        </div>
        <div class="vcell v-reason" role="gridcell">
            <span class:is-change=is_change>{reason}</span>
        </div>
        <div class="vcell end" role="gridcell">
            <button class="btn btn-quiet btn-sm" type="button" tabindex="-1">
                {text::results_details}
                <span class="sr-only">{text::results_details_of(&spoken)}</span>
            </button>
        </div>
    }
    .into_any()
}

fn foot(here: Here, showing: Showing) -> String {
    let (n, all) = (showing.count(), format_number(here.run().n_rows() as f64));
    let leaving = run_words::unload_warning(&here.run());
    match (showing.filter.get() == Filter::All, leaving) {
        (true, Some(leaving)) => [&text::run_foot_all(n), ". ", &leaving].concat(),
        (true, None) => text::run_foot_all(n),
        (false, _) => text::run_foot(n, &all),
    }
}
