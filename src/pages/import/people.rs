//! The third step: the rows of the file, and what came of them.

use std::sync::Arc;

use domain::list::ColumnKind;
use domain::{Severity, Vendor};
use import_worker::{ImportColumn, ImportRow, ImportSummary, RowFilter, Standing};
use leptos::prelude::*;

use super::columns::column_name;
use super::importing::{Importing, Stage};
use super::rows::rows;
use super::step;
use crate::features::words;
use i18n::{format_number, text};
use ui::{Pagination, Segment, Segments, Selection, Tone, effect, skeleton};

/// Rows on a page of the table.
const PAGE: usize = 50;
/// Most columns in the table: further ones are not used, or seldom.
const MAX_COLUMNS: usize = 8;

/// The rows that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Usable,
    Noted,
    Duplicates,
    LeftOut,
}

impl Shown {
    const ALL: [Self; 5] = [Self::All, Self::Usable, Self::Noted, Self::Duplicates, Self::LeftOut];

    fn filter(self) -> RowFilter {
        match self {
            Self::All => RowFilter::All,
            Self::Usable => RowFilter::Usable,
            Self::Noted => RowFilter::Only(Standing::Noted),
            Self::Duplicates => RowFilter::Only(Standing::Duplicate),
            Self::LeftOut => RowFilter::Only(Standing::LeftOut),
        }
    }

    fn count(self, summary: &ImportSummary) -> usize {
        match self {
            Self::All => summary.n_rows,
            Self::Usable => summary.n_usable,
            Self::Noted => summary.count(Standing::Noted),
            Self::Duplicates => summary.count(Standing::Duplicate),
            Self::LeftOut => summary.count(Standing::LeftOut),
        }
    }

    fn label(self, summary: Option<&ImportSummary>) -> String {
        let n = summary.map_or(0, |summary| self.count(summary));
        let n = format_number(n as f64);
        match self {
            Self::All => text::import_rows_all(&n),
            Self::Usable => text::import_rows_usable(&n),
            Self::Noted => text::import_rows_noted(&n),
            Self::Duplicates => text::import_rows_duplicates(&n),
            Self::LeftOut => text::import_rows_left_out(&n),
        }
    }
}

/// The rows; nothing before there is a file.
pub(super) fn people(importing: Importing) -> AnyView {
    let is_there = Memo::new(move |_| importing.summary.with(Option::is_some));
    let view = move || {
        is_there.get().then(|| {
            let note = move || {
                importing.summary.with(|summary| summary.as_deref().map(usable_words).unwrap_or_default())
            };
            step(3, text::import_step_people, note, body(importing))
        })
    };
    view.into_any()
}

fn body(importing: Importing) -> AnyView {
    let shown = Selection::new(&Shown::ALL, Shown::All);
    let segments = Shown::ALL
        .into_iter()
        .map(|value| {
            let label =
                Signal::derive(move || importing.summary.with(|summary| value.label(summary.as_deref())));
            Segment { value, label, icon: "" }
        })
        .collect::<Vec<_>>();
    let page = RwSignal::new(0);
    effect(move || {
        shown.track();
        page.set(0);
    });
    let filter = Signal::derive(move || shown.get().filter());
    let skip = Signal::derive(move || page.get() * PAGE);
    let found = rows(importing, filter, skip, Signal::stored(PAGE));
    let pages = Signal::derive(move || {
        let n = importing.summary.with(|summary| summary.as_deref().map_or(0, |it| shown.get().count(it)));
        Some(n.div_ceil(PAGE))
    });
    let table = move || {
        let summary = importing.summary.get()?;
        let beginning = importing.beginning.get().filter(|_| importing.stage.get() == Stage::Reading);
        let rows = match beginning {
            Some(rows) => Some(rows.to_vec()),
            None => found.get(),
        };
        Some(match rows {
            Some(rows) => table(importing.connection().vendor, &summary, &rows),
            None => skeleton(),
        })
    };
    view! {
        <Segments legend=text::import_rows_shown value=shown segments=segments />
        {table}
        <Pagination page=page pages=pages has_more=false />
    }
    .into_any()
}

/// The number of people who can be sent, or of rows where a person may be in several groups.
fn usable_words(summary: &ImportSummary) -> String {
    if has_groups(summary) {
        text::import_n_rows(summary.n_usable)
    } else {
        text::import_n_people(summary.n_usable)
    }
}

/// True if a person may be in several groups, and so in several rows.
pub(super) fn has_groups(summary: &ImportSummary) -> bool {
    summary.columns.iter().any(|column| column.kind == ColumnKind::Group)
}

/// The columns that are shown: those with a use, or the first ones if none has.
fn shown_columns(summary: &ImportSummary) -> Vec<(usize, &ImportColumn)> {
    let all = || summary.columns.iter().enumerate();
    let used: Vec<_> =
        all().filter(|(_, column)| column.kind != ColumnKind::Unused).take(MAX_COLUMNS).collect();
    if used.is_empty() { all().take(MAX_COLUMNS).collect() } else { used }
}

fn table(vendor: Vendor, summary: &Arc<ImportSummary>, rows: &[ImportRow]) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted small">{text::import_rows_none()}</p> }.into_any();
    }
    let columns = shown_columns(summary);
    let heads = columns.iter().map(|(idx, column)| {
        let name = column_name(*idx, column);
        view! {
            <th scope="col">
                <bdi translate="no">{name}</bdi>
            </th>
        }
    });
    let heads = heads.collect_view();
    let lines = rows.iter().map(|row| {
        let cells = columns.iter().map(|(idx, _)| {
            let cell = row.cells.get(*idx).cloned().unwrap_or_default();
            let is_wrong = row.standing.is_problem() && row.column == Some(*idx as u32);
            view! {
                <td class:is-wrong=is_wrong>
                    <bdi translate="no">{cell}</bdi>
                </td>
            }
        });
        let cells = cells.collect_view();
        let (tone, word) = standing(vendor, row);
        view! {
            <tr>
                <th scope="row" class="num fit">
                    {format_number(f64::from(row.line))}
                </th>
                {cells}
                <td>
                    <span class=format!("outcome {}", tone.class())>{tone.glyph()}{word}</span>
                </td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <div class="grid-card import-scroll">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=text::import_step_people>
                <table class="grid import-people" aria-label=text::import_step_people>
                    <thead>
                        <tr>
                            <th scope="col" class="num fit">
                                {text::import_line}
                            </th>
                            {heads}
                            <th scope="col">{text::import_result}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// What came of a row: its tone, and a sentence.
fn standing(vendor: Vendor, row: &ImportRow) -> (Tone, String) {
    match row.standing {
        Standing::Usable | Standing::Noted => {
            let note = row.problems.iter().find(|problem| problem.severity < Severity::Refused);
            let word = note.map_or_else(text::import_row_usable, |problem| words::problem(problem, vendor));
            (if note.is_some() { Tone::Info } else { Tone::Done }, word)
        }
        Standing::Duplicate => (Tone::Same, text::import_row_duplicate()),
        Standing::LeftOut => (Tone::NotSent, text::import_row_left_out()),
        Standing::Contradiction | Standing::Refused(_) => (Tone::Refused, super::problems::why(vendor, row)),
    }
}
