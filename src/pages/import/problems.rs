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
use ui::{Button, KeyedRow, TextInput, Tone, Variant, effect, keyed, notice, skeleton};
use wasm_bindgen::JsCast as _;

/// The number of this step.
const STEP: u32 = 4;
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
            // Those of the most rows would change places while they are mended.
            counts.sort_by_key(|(standing, _)| *standing);
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
            step(STEP, text::import_step_problems, note, body(importing, counts))
        })
    };
    view.into_any()
}

fn body(importing: Importing, counts: Memo<Option<Vec<(Standing, usize)>>>) -> AnyView {
    let kinds = Memo::new(move |_| {
        counts.with(|counts| counts.iter().flatten().map(|(standing, _)| *standing).collect::<Vec<_>>())
    });
    let done = Done::new(None);
    effect(move || {
        kinds.track();
        if done.get_value().is_some() {
            request_animation_frame(|| focus_unless_elsewhere(None));
        }
    });
    let groups = move || {
        let one = |standing: Standing| {
            let n = move || {
                let is_it = |(own, _): &&(Standing, usize)| *own == standing;
                counts.with(|counts| counts.iter().flatten().find(is_it).map_or(0, |(_, n)| *n))
            };
            KeyedRow::new(format!("{standing:?}"), move || {
                group(importing, standing, Signal::derive(n), done)
            })
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
fn group(importing: Importing, standing: Standing, n: Signal<usize>, done: Done) -> AnyView {
    let most = RwSignal::new(SHOWN);
    let filter = Signal::stored(RowFilter::Only(standing));
    let found = rows(importing, filter, Signal::stored(0), most.into());
    let list = move || {
        let one = |row: ImportRow| {
            let key = format!("{} {}", row.row, row.cells.join("\u{1f}"));
            KeyedRow::new(key, move || problem(importing, standing, row, n, done))
        };
        found.get().unwrap_or_default().into_iter().map(one).collect::<Vec<_>>()
    };
    let hint = hint(standing);
    follow_focus(done, found);
    let n_more = move || n.get().saturating_sub(found.with(|rows| rows.as_ref().map_or(0, Vec::len)));
    view! {
        <li class="stack-2">
            <div class="row">
                <h3 class="grow">{Tone::Refused.glyph()} " " {move || title(standing, n.get())}</h3>
                <Button
                    label=move || text::import_leave_out_all(n.get())
                    small=true
                    on_press=move || {
                        done.set_value(Some(u32::MAX));
                        importing.change(vec![ImportChange::LeaveOutAll(standing)]);
                    }
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
fn hint(standing: Standing) -> Option<AnyView> {
    match standing {
        Standing::Refused(ProblemCode::CountryMissing) => Some(notice(Tone::Info, text::import_hint_country)),
        Standing::Refused(ProblemCode::UnknownScope | ProblemCode::UnknownValue) => {
            Some(notice(Tone::Info, text::import_hint_words))
        }
        Standing::Contradiction => Some(notice(Tone::Info, text::import_hint_contradiction)),
        _ => None,
    }
}

/// One row, with a field for what is wrong in it.
fn problem(
    importing: Importing,
    standing: Standing,
    row: ImportRow,
    n: Signal<usize>,
    done: Done,
) -> AnyView {
    let vendor = importing.connection().vendor;
    let summary = importing.summary.get_untracked();
    let number = row.row;
    let why = Signal::stored(why(vendor, &row));
    let leave_out = move || {
        done.set_value(Some(number));
        importing.change(vec![ImportChange::LeaveOut { row: number, is_out: true }]);
    };
    let leave_out =
        view! { <Button label=text::import_leave_out variant=Variant::Link small=true on_press=leave_out /> };
    let line = format_number(f64::from(row.line));
    let Some(column) = row.column else {
        return view! {
            <li class="import-mend" id=row_id(number)>
                <p>
                    <strong>{move || text::import_line_n(&line)}</strong>
                    " "
                    {why}
                </p>
                <div class="cluster">{leave_out}</div>
            </li>
        }
        .into_any();
    };
    let name = summary.and_then(|summary| {
        let own = summary.columns.get(column as usize)?;
        Some(column_name(column as usize, own))
    });
    let name = name.unwrap_or_else(|| text::import_column_n(&(column + 1).to_string()));
    let typed = row.cells.get(column as usize).cloned().unwrap_or_default();
    let value = RwSignal::new(typed.clone());
    let label = move || text::import_cell(text::ImportCell { line: &line, column: &name });
    let is_changed = {
        let typed = typed.clone();
        Memo::new(move |_| value.with(|value| *value != typed))
    };
    let save = move || {
        done.set_value(Some(number));
        let text = value.get_untracked().into();
        importing.change(vec![ImportChange::Cell { row: number, column, text }]);
    };
    let save_like = {
        let from: Box<str> = typed.clone().into();
        move || {
            done.set_value(Some(number));
            let to = value.get_untracked().into();
            importing.change(vec![ImportChange::CellsLike { column, from: from.clone(), to }]);
        }
    };
    let has_like = !typed.trim().is_empty() && standing != Standing::Contradiction;
    view! {
        <li class="import-mend" id=row_id(number)>
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
                {leave_out}
            </div>
        </li>
    }
    .into_any()
}

/// The row that was mended or left out last. Its controls go, and the focus moves to the row that takes its place.
type Done = StoredValue<Option<u32>>;

fn row_id(row: u32) -> String {
    format!("problem-{row}")
}

/// Moves the focus on when the row that had it goes.
fn follow_focus(done: Done, found: RwSignal<Option<Vec<ImportRow>>>) {
    effect(move || {
        let rows: Vec<u32> = found.with(|rows| rows.iter().flatten().map(|row| row.row).collect());
        let Some(last) = done.get_value() else { return };
        let next = rows.iter().find(|row| **row >= last).or(rows.last()).copied();
        request_animation_frame(move || focus_unless_elsewhere(next));
    });
}

/// Focuses the first control of a row, or the title of the step without one, if nothing has the focus.
fn focus_unless_elsewhere(row: Option<u32>) {
    let is_lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    if !is_lost {
        return;
    }
    let control = row
        .and_then(|row| document().get_element_by_id(&row_id(row)))
        .and_then(|row| row.query_selector("input, button").ok().flatten());
    let next = control.or_else(|| document().get_element_by_id(&super::step_id(STEP)));
    if let Some(next) = next.as_ref().and_then(|next| next.dyn_ref::<web_sys::HtmlElement>()) {
        // Focusing can fail only for an element outside of the document.
        let _ = next.focus();
    }
}

/// Why a row cannot be used.
pub(super) fn why(vendor: Vendor, row: &ImportRow) -> String {
    let refused = row.problems.iter().find(|problem| problem.severity >= Severity::Refused);
    let sentence = match refused {
        // In a table, the name has a cell of its own.
        Some(problem) if problem.code == ProblemCode::NameMissing => match row.column {
            Some(_) => text::import_name_missing(vendor.name()),
            None => text::import_name_column(vendor.name()),
        },
        Some(problem) => words::problem(problem, vendor),
        None => String::new(),
    };
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
