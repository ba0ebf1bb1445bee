//! The fourth step: the rows that have to be mended, grouped by what is wrong with them.

use domain::export::table;
use domain::{ProblemCode, Severity, Vendor};
use import_worker::{ImportChange, ImportRow, ImportSummary, RowFilter, Standing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::importing::Importing;
use super::problem_rows::ProblemRows;
use super::step;
use crate::features::results::download::{self, FileKind};
use crate::features::words;
use i18n::{format_number, text};
use ui::{Button, KeyedRow, Tone, Variant, effect, keyed, notice};
use wasm_bindgen::JsCast as _;

/// The number of this step.
const STEP: u32 = 4;
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
    let done = Done::new(false);
    effect(move || {
        kinds.track();
        if done.get_value() {
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
    let label = Signal::derive(move || title(standing, n.get()));
    let rows = ProblemRows::new(importing, standing, n, done);
    view! {
        <li class="stack-2">
            <div class="row">
                <h3 class="grow">{Tone::Refused.glyph()} " " {label}</h3>
                <Button
                    label=move || text::import_leave_out_all(n.get())
                    small=true
                    on_press=move || {
                        done.set_value(true);
                        importing.change(vec![ImportChange::LeaveOutAll(standing)]);
                    }
                />
            </div>
            {hint(standing)}
            {rows.view(label)}
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

/// Whether a row was mended or left out: its controls go, and the focus with them.
pub(super) type Done = StoredValue<bool>;

pub(super) fn row_id(row: u32) -> String {
    format!("problem-{row}")
}

/// Focuses the first control of a row, or the title of the step without one, if nothing has the focus.
pub(super) fn focus_unless_elsewhere(row: Option<u32>) {
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
