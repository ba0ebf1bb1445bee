//! The fourth step: the rows that have to be mended, grouped by what is wrong with them.

use domain::export::table;
use domain::{ProblemCode, Severity, Vendor};
use import_worker::{ImportChange, ImportRow, ImportSummary, RowFilter, Standing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::column_name;
use super::importing::Importing;
use super::rows::rows;
use super::step;
use crate::features::results::download::{self, FileKind};
use crate::features::words;
use i18n::{format_number, text};
use ui::{Button, KeyedRow, TextInput, Tone, Variant, keyed, notice, skeleton};

/// Number of rows shown of each kind, and added by "Show more".
const SHOWN: usize = 5;
/// Number of rows asked for at once when they are downloaded.
const AT_ONCE: usize = 1000;

/// The problems; nothing before the file is read.
pub(super) fn problems(importing: Importing) -> AnyView {
    let counts = Memo::new(move |_| {
        let of = |summary: &ImportSummary| {
            let counts = summary.counts.iter().filter(|(standing, _)| standing.is_problem());
            let mut counts: Vec<(Standing, usize)> = counts.copied().collect();
            counts.sort_by_key(|(standing, n)| (std::cmp::Reverse(*n), *standing));
            counts
        };
        let is_open = importing.is_open();
        is_open.then(|| importing.summary.with(|summary| summary.as_deref().map(of).unwrap_or_default()))
    });
    let is_there = Memo::new(move |_| counts.with(Option::is_some));
    let view = move || {
        is_there.get().then(|| {
            let n = move || counts.with(|counts| counts.iter().flatten().map(|(_, n)| n).sum::<usize>());
            let note = move || text::import_n_rows(n());
            step(4, text::import_step_problems, note, body(importing, counts))
        })
    };
    view.into_any()
}

fn body(importing: Importing, counts: Memo<Option<Vec<(Standing, usize)>>>) -> AnyView {
    let kinds = Memo::new(move |_| {
        counts.with(|counts| counts.iter().flatten().map(|(standing, _)| *standing).collect::<Vec<_>>())
    });
    let groups = move || {
        let one = |standing: Standing| {
            let n = move || {
                let is_it = |(own, _): &&(Standing, usize)| *own == standing;
                counts.with(|counts| counts.iter().flatten().find(is_it).map_or(0, |(_, n)| *n))
            };
            KeyedRow::new(format!("{standing:?}"), move || group(importing, standing, Signal::derive(n)))
        };
        kinds.get().into_iter().map(one).collect::<Vec<_>>()
    };
    let is_none = move || kinds.with(Vec::is_empty);
    let is_busy = RwSignal::new(false);
    let download = move || {
        is_busy.set(true);
        spawn_local(async move {
            save(importing).await;
            let _ = is_busy.try_set(false);
        });
    };
    let off = move || is_busy.get().then(text::import_downloading);
    let n_left_out = move || {
        importing.summary.with(|summary| summary.as_ref().map_or(0, |it| it.count(Standing::LeftOut)))
    };
    view! {
        <Show when=is_none>
            <p>{Tone::Done.glyph()} " " {text::import_no_problems}</p>
        </Show>
        <ul class="stack-4 import-problems">{keyed(groups)}</ul>
        <div class="cluster">
            <Show when=move || !is_none()>
                <Button
                    label=text::import_download_problems
                    small=true
                    icon="download"
                    disabled_reason=off
                    on_press=download
                />
            </Show>
            <Show when=move || n_left_out() != 0>
                <Button
                    label=move || text::import_take_in_all(n_left_out())
                    variant=Variant::Link
                    small=true
                    on_press=move || importing.change(vec![ImportChange::TakeInAll])
                />
            </Show>
        </div>
    }
    .into_any()
}

/// The rows with one kind of problem.
fn group(importing: Importing, standing: Standing, n: Signal<usize>) -> AnyView {
    let most = RwSignal::new(SHOWN);
    let filter = Signal::stored(RowFilter::Only(standing));
    let found = rows(importing, filter, Signal::stored(0), most.into());
    let list = move || {
        let one = |row: ImportRow| {
            let key = format!("{} {}", row.row, row.cells.join("\u{1f}"));
            KeyedRow::new(key, move || problem(importing, standing, row, n))
        };
        found.get().unwrap_or_default().into_iter().map(one).collect::<Vec<_>>()
    };
    let hint = hint(importing, standing);
    let n_more = move || n.get().saturating_sub(found.with(|rows| rows.as_ref().map_or(0, Vec::len)));
    view! {
        <li class="stack-2">
            <div class="row">
                <h3 class="grow">{Tone::Refused.glyph()} " " {move || title(standing, n.get())}</h3>
                <Button
                    label=move || text::import_leave_out_all(n.get())
                    small=true
                    on_press=move || importing.change(vec![ImportChange::LeaveOutAll(standing)])
                />
            </div>
            {hint}
            {move || found.with(Option::is_none).then(skeleton)}
            <ul class="stack-2">{keyed(list)}</ul>
            <Show when=move || n_more() != 0>
                <div class="cluster">
                    <Button
                        label=move || text::import_show_more(n_more())
                        variant=Variant::Link
                        small=true
                        on_press=move || most.update(|most| *most += SHOWN * 2)
                    />
                </div>
            </Show>
        </li>
    }
    .into_any()
}

/// What mends all rows of a kind at once, if something does.
fn hint(importing: Importing, standing: Standing) -> Option<AnyView> {
    match standing {
        Standing::Refused(ProblemCode::CountryMissing) => {
            let code = RwSignal::new(String::new());
            let apply = move || importing.change(vec![ImportChange::Country(code.get_untracked().into())]);
            let off = move || code.with(|code| code.trim().is_empty()).then(text::add_country_help);
            let field = view! {
                <div class="cluster">
                    <TextInput
                        label=text::add_country
                        value=code
                        kind="tel"
                        placeholder=Signal::derive(|| "+44".to_owned())
                        help=Signal::derive(text::add_country_help)
                        mono=true
                    />
                    <Button label=text::import_apply small=true disabled_reason=off on_press=apply />
                </div>
            };
            Some(field.into_any())
        }
        Standing::Refused(ProblemCode::UnknownScope | ProblemCode::UnknownValue) => {
            Some(notice(Tone::Info, text::import_hint_words))
        }
        Standing::Contradiction => Some(notice(Tone::Info, text::import_hint_contradiction)),
        _ => None,
    }
}

/// One row, with a field for what is wrong in it.
fn problem(importing: Importing, standing: Standing, row: ImportRow, n: Signal<usize>) -> AnyView {
    let vendor = importing.connection().vendor;
    let summary = importing.summary.get_untracked();
    let column = row.column.unwrap_or_default();
    let name = summary.and_then(|summary| {
        let own = summary.columns.get(column as usize)?;
        Some(column_name(column as usize, own))
    });
    let name = name.unwrap_or_else(|| text::import_column_n(&(column + 1).to_string()));
    let typed = row.cells.get(column as usize).cloned().unwrap_or_default();
    let value = RwSignal::new(typed.clone());
    let line = format_number(f64::from(row.line));
    let label = move || text::import_cell(text::ImportCell { line: &line, column: &name });
    let is_changed = {
        let typed = typed.clone();
        Memo::new(move |_| value.with(|value| *value != typed))
    };
    let number = row.row;
    let save = move || {
        let text = value.get_untracked().into();
        importing.change(vec![ImportChange::Cell { row: number, column, text }]);
    };
    let save_like = {
        let from: Box<str> = typed.clone().into();
        move || {
            let to = value.get_untracked().into();
            importing.change(vec![ImportChange::CellsLike { column, from: from.clone(), to }]);
        }
    };
    let leave_out = move || importing.change(vec![ImportChange::LeaveOut { row: number, is_out: true }]);
    let why = Signal::stored(why(vendor, &row));
    let has_like = !typed.trim().is_empty() && standing != Standing::Contradiction;
    view! {
        <li class="import-problem">
            <TextInput label=label value=value help=why mono=true />
            <div class="cluster">
                <Show when=move || is_changed.get()>
                    <Button label=text::import_save small=true on_press=save />
                </Show>
                <Show when=move || {
                    is_changed.get() && has_like && n.get() != 1
                }>
                    {
                        let press = save_like.clone();
                        view! { <Button label=text::import_save_like small=true on_press=press /> }
                    }
                </Show>
                <Button label=text::import_leave_out variant=Variant::Link small=true on_press=leave_out />
            </div>
        </li>
    }
    .into_any()
}

/// Why a row cannot be used.
pub(super) fn why(vendor: Vendor, row: &ImportRow) -> String {
    let refused = row.problems.iter().find(|problem| problem.severity >= Severity::Refused);
    let sentence = refused.map(|problem| words::problem(problem, vendor)).unwrap_or_default();
    match row.contradicts {
        Some(line) => text::import_contradicts(text::ImportContradicts {
            sentence: &sentence,
            line: &format_number(f64::from(line)),
        }),
        None => sentence,
    }
}

/// A kind of problem, with the number of its rows.
fn title(standing: Standing, n: usize) -> String {
    let Standing::Refused(code) = standing else { return text::import_problem_contradiction(n) };
    match code {
        ProblemCode::BadEmail => text::import_problem_bad_email(n),
        ProblemCode::BadPhone => text::import_problem_bad_phone(n),
        ProblemCode::BadId | ProblemCode::IdTooLong => text::import_problem_bad_id(n),
        ProblemCode::WrongKind => text::import_problem_wrong_kind(n),
        ProblemCode::NameMissing => text::import_problem_name_missing(n),
        ProblemCode::KeyMissing => text::import_problem_key_missing(n),
        ProblemCode::UnknownScope | ProblemCode::UnknownValue => text::import_problem_unknown_word(n),
        ProblemCode::CountryMissing => text::import_problem_country_missing(n),
        ProblemCode::DigitsLost => text::import_problem_digits_lost(n),
        ProblemCode::QuoteOpen => text::import_problem_quote_open(n),
        ProblemCode::Undecodable => text::import_problem_undecodable(n),
        _ => text::import_problem_other(n),
    }
}

/// Saves the rows with problems: the columns of the file, and the reason of each.
async fn save(importing: Importing) {
    let Some(summary) = importing.summary.try_get_untracked().flatten() else { return };
    let vendor = importing.connection().vendor;
    let n_columns = summary.columns.len();
    let heading: Vec<String> = summary
        .columns
        .iter()
        .map(|column| column.heading.to_string())
        .chain([text::import_reason()])
        .collect();
    let mut all: Vec<Vec<String>> = Vec::new();
    if summary.has_header {
        all.push(heading);
    }
    let mut skip = 0;
    loop {
        let Some(rows) = importing.rows(RowFilter::Problems, skip, AT_ONCE, usize::MAX).await else { return };
        let is_last = rows.len() < AT_ONCE;
        skip += rows.len();
        all.extend(rows.into_iter().map(|row| {
            let why = why(vendor, &row);
            let mut cells = row.cells;
            cells.resize(n_columns.max(cells.len()), String::new());
            cells.push(why);
            cells
        }));
        if is_last {
            break;
        }
    }
    download::save("problems", FileKind::Csv, &table(all));
}
