//! Every person of one run: the state before, the requested state, the answer, and the call behind it.

use domain::export::table;
use domain::order;
use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Outcome, State, Vendor};
use leptos::prelude::*;

use crate::features::error_words;
use crate::features::results::call_details::call_details;
use crate::features::results::change::before_and_after;
use crate::features::results::download::{FileKind, save};
use crate::features::results::{details_button, tone};
use crate::features::words;
use crate::routing::paths;
use crate::state::runs::RunView;
use i18n::{format_number, format_time, text};
use ui::{Button, next_id};

/// Number of rows shown before the user asks for all.
const FIRST_ROWS: usize = 50;

/// The people of a finished run.
pub fn people(run: &RunView) -> AnyView {
    let rows = untrack(|| run.receipt()).rows;
    let n_rows = rows.len();
    let is_all = RwSignal::new(n_rows <= FIRST_ROWS);
    let vendor = run.connection().vendor;
    let shown = {
        let (run, rows) = (run.clone(), rows.clone());
        move || {
            let n_shown = if is_all.get() { n_rows } else { FIRST_ROWS };
            rows.iter().take(n_shown).map(|row| one(&run, vendor, row)).collect_view()
        }
    };
    let rest = move || {
        (!is_all.get()).then(|| {
            let show_all = move || is_all.set(true);
            view! { <Button label=text::results_show_all small=true on_press=show_all /> }
        })
    };
    let export = move || save("people", FileKind::Csv, &as_csv(&rows));
    view! {
        <div class="grid-card rows-stack">
            <div
                class="grid-scroll"
                tabindex="0"
                role="region"
                aria-label=move || text::activity_changes(n_rows)
            >
                <table class="grid">
                    <thead>
                        <tr>
                            <th scope="col">{text::activity_col_person}</th>
                            <th scope="col">{text::activity_col_change}</th>
                            <th scope="col">{text::activity_col_answer}</th>
                            <th class="fit" scope="col">
                                <span class="sr-only">{text::activity_col_details}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{shown}</tbody>
                </table>
            </div>
            <div class="grid-foot">
                <span>{move || text::activity_changes(n_rows)}</span>
                {rest}
                <span class="push">
                    <Button label=text::activity_export_rows small=true icon="download" on_press=export />
                </span>
            </div>
        </div>
        {facts(run)}
    }
    .into_any()
}

fn one(run: &RunView, vendor: Vendor, row: &ReceiptRow) -> AnyView {
    let verdict = row.outcome.as_ref().map(Outcome::verdict);
    let tone = tone(verdict);
    let name = row.change.person.label().to_owned();
    let key = row.change.person.key.as_str().to_owned();
    let id = (key != name).then(|| {
        view! {
            " "
            <bdi translate="no" class="id">
                {key}
            </bdi>
        }
    });
    let is_open = RwSignal::new(false);
    let details_id = next_id("call");
    let controls = details_id.clone();
    let spoken = name.clone();
    let answer = {
        let row = row.clone();
        move || {
            let word = verdict.map_or_else(text::results_waiting_word, words::verdict);
            let why = error_words::reason(vendor, &row);
            let why =
                (verdict != Some(Verdict::Done)).then(|| view! { <p class="tiny muted wrap-ok">{why}</p> });
            view! {
                <span class=format!("outcome {}", tone.class())>{tone.glyph()}{word}</span>
                {why}
            }
        }
    };
    let change = before_and_after(&row.change);
    let (run, row) = (run.clone(), row.clone());
    let opened = move || is_open.get().then(|| call_details(&run, vendor, &row));
    view! {
        <tr>
            <th scope="row">
                <bdi translate="no">{name}</bdi>
                {id}
            </th>
            <td class="row-wide">{change}</td>
            <td class="row-wide">{answer}</td>
            <td class="fit">{details_button(is_open, controls, spoken)}</td>
        </tr>
        <tr class="call-row" id=details_id hidden=move || !is_open.get()>
            <td class="row-wide" colspan="4">
                <div class="stack-3">{opened}</div>
            </td>
        </tr>
    }
    .into_any()
}

fn facts(run: &RunView) -> AnyView {
    let (began, ended) = (run.started_at() as f64, untrack(|| run.finished_at()).map(|at| at as f64));
    let sent = move || {
        let (from, to) = (format_time(began), ended.map(format_time).unwrap_or_default());
        if from == to {
            from
        } else {
            text::activity_sent_from_to(text::ActivitySentFromTo { from: &from, to: &to })
        }
    };
    let receipt = untrack(|| run.receipt());
    let calls = receipt.rows.iter().filter_map(|row| row.batch.map(|batch| batch.0));
    let n_calls = order::distinct(calls).len() as f64;
    let acting = run.connection().acting_as.as_ref().map(|acting| {
        view! {
            <div>
                <dt>{text::activity_acting_as}</dt>
                <dd>
                    <bdi translate="no">{acting.to_string()}</bdi>
                </dd>
            </div>
        }
    });
    let place = paths::run(run.id().as_str());
    view! {
        <dl class="kv kv-wide">
            <div>
                <dt>{text::activity_sent}</dt>
                <dd>{sent}</dd>
            </div>
            <div>
                <dt>{text::activity_calls}</dt>
                <dd>{move || format_number(n_calls)}</dd>
            </div>
            {acting}
            <div>
                <dt>{text::activity_plan}</dt>
                <dd>
                    <code translate="no">{run.id().to_string()}</code>
                </dd>
            </div>
            <div>
                <dt>{text::activity_place}</dt>
                <dd>
                    <a href=place>{text::results_open_run}</a>
                </dd>
            </div>
        </dl>
    }
    .into_any()
}

/// The people as a table for programs, so it is not translated.
fn as_csv(rows: &[ReceiptRow]) -> String {
    let heading = ["person", "name", "change", "group", "before", "after", "outcome", "code", "status"];
    let cells = |row: &ReceiptRow| {
        let error = row.outcome.as_ref().and_then(Outcome::error);
        let verdict = row.outcome.as_ref().map_or("waiting", |outcome| outcome.verdict().slug());
        vec![
            row.change.person.key.as_str().to_owned(),
            row.change.person.name.as_deref().unwrap_or_default().to_owned(),
            row.change.operation.slug().to_owned(),
            row.change.operation.group().map(ToString::to_string).unwrap_or_default(),
            state(row.change.before).to_owned(),
            state(row.change.after()).to_owned(),
            verdict.to_owned(),
            error.map(|error| error.code.to_string()).unwrap_or_default(),
            error.and_then(|error| error.status).map(|status| status.to_string()).unwrap_or_default(),
        ]
    };
    table(std::iter::once(heading.map(String::from).to_vec()).chain(rows.iter().map(cells)))
}

fn state(state: State) -> &'static str {
    match state {
        State::Unread => "unread",
        State::Absent => "absent",
        State::Present => "present",
        State::Scope(scope) => scope.slug(),
    }
}
