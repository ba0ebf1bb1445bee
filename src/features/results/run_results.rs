//! The results of a run below the form that started it. Fetched with the engine, without which there is no run.

use domain::order;
use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Status, Tally, Vendor};
use leptos::prelude::*;

use super::call_details::call_details;
use super::change::person_id;
use super::member_table::member_table;
use super::run_words::{RunStage, RunState, unload_warning};
use super::{FIRST_ROWS, details_button, sentence, tone, ui_tally};
use crate::features::error_words;
use crate::features::words;
use crate::routing::paths;
use crate::state::code::Code;
use crate::state::runs::{RunView, use_runs, when_runs_end};
use crate::state::session::{Session, use_session};
use browser::notify;
use i18n::{format_time, text};
use ui::{
    Button, Disclosure, KeyedRow, Segment, Segments, Selection, Tone, Variant, announce, effect,
    effect_after, keyed, link_button, next_id, none_or, notice, tally_bar, titled_notice,
};

/// Shows all rows, or those of one verdict.
const FILTERS: [Option<Verdict>; Verdict::ALL.len() + 1] = none_or(Verdict::ALL);

/// What draws results.
#[derive(Clone, Copy)]
struct Drawing {
    results: fn(RunView, bool) -> AnyView,
    receipt: fn(&RunView) -> AnyView,
}

thread_local! {
    static DRAWING: Code<Drawing> = const { Code::new() };
}

/// Makes results drawable; what names it contains their code.
pub fn install_results() {
    DRAWING.with(|code| code.install(Drawing { results: draw_results, receipt: draw_receipt }));
    when_runs_end(|run| {
        let said = words::ended_title(run.title(), &untrack(|| run.tally()));
        notify::show_unseen(&said, &run.connection().name);
    });
}

/// A run, while it is under way and afterwards; nothing if [`install_results`] has not been called.
///
/// `compact` leaves out the heading's aside, for a drawer.
pub fn run_results(run: RunView, compact: bool) -> AnyView {
    DRAWING.with(Code::fetched).map(|drawing| (drawing.results)(run, compact)).into_any()
}

/// A card beside the results: when, how many, who acted, where to find it again.
pub fn receipt_card(run: &RunView) -> AnyView {
    DRAWING.with(Code::fetched).map(|drawing| (drawing.receipt)(run)).into_any()
}

fn draw_results(run: RunView, compact: bool) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let vendor = run.connection().vendor;
    let filter = Selection::new(&FILTERS, None);
    let is_all = RwSignal::new(false);
    let head_id = next_id("results");
    let labelled_by = head_id.clone();
    announce_end(&run);
    let heading = NodeRef::<leptos::html::H2>::new();
    if !compact {
        lead_to(heading);
    }
    let rows = {
        let run = run.clone();
        Memo::new(move |_| shown(run.receipt().rows, filter.get()))
    };
    let visible = {
        let run = run.clone();
        move || {
            let mut rows = rows.get();
            if !is_all.get() {
                rows.truncate(FIRST_ROWS);
            }
            let one = |row: ReceiptRow| {
                let run = run.clone();
                KeyedRow::new(row_key(&row), move || result_row(&run, vendor, row, compact))
            };
            rows.into_iter().map(one).collect()
        }
    };
    let rest = move || {
        let n = rows.with(Vec::len).saturating_sub(FIRST_ROWS);
        (n > 0 && !is_all.get()).then(|| {
            let show_all = move || is_all.set(true);
            view! {
                <div class="card-foot">
                    <span>{text::results_n_more(n)}</span>
                    <Button label=text::results_show_all variant=Variant::Link small=true on_press=show_all />
                </div>
            }
        })
    };
    let stop = {
        let run = run.clone();
        move || (!run.is_over()).then(|| stop_button(runs, &run))
    };
    let title = {
        let run = run.clone();
        move || sentence(&run)
    };
    let sub = {
        let run = run.clone();
        move || sub_line(&run)
    };
    let wait = {
        let run = run.clone();
        move || waiting(session, &run)
    };
    let page = paths::run(run.id().as_str());
    let bar = {
        let run = run.clone();
        Signal::derive(move || ui_tally(run.tally()))
    };
    let filters = {
        let run = run.clone();
        move || filters(run.tally(), filter)
    };
    view! {
        <section class="card results-card" aria-labelledby=labelled_by>
            <div class="results-head">
                <div class="row">
                    <h2 id=head_id tabindex="-1" class="grow" node_ref=heading>
                        {title}
                    </h2>
                    {stop}
                </div>
                <p class="small muted">{sub}" "<a href=page>{text::results_open_run}</a></p>
                {wait}
                {together(&run)}
                {words::undocumented_note(&run)}
                {tally_bar(bar)}
                <div class="toolbar">{filters}</div>
            </div>
            <ul class="results">{keyed(visible)}</ul>
            {rest}
            {named_people(vendor, &run)}
        </section>
    }
    .into_any()
}

/// Rows are redrawn when they are sent and when their verdict changes; otherwise opened details stay open.
fn row_key(row: &ReceiptRow) -> String {
    let verdict = row.outcome.as_ref().map_or("", |outcome| outcome.verdict().slug());
    let is_sent = if row.batch.is_some() { "sent" } else { "" };
    [&row.change.id.0.to_string(), " ", verdict, is_sent].concat()
}

/// Rows that need attention first, otherwise in the order of the list.
fn shown(mut rows: Vec<ReceiptRow>, filter: Option<Verdict>) -> Vec<ReceiptRow> {
    let verdict = |row: &ReceiptRow| row.outcome.as_ref().map(domain::Outcome::verdict);
    if filter.is_some() {
        rows.retain(|row| verdict(row) == filter);
    }
    order::sort_by_key(&mut rows, |row| match verdict(row) {
        Some(Verdict::Refused) => 0,
        Some(Verdict::Unknown) => 1,
        Some(Verdict::NotSent) => 2,
        Some(Verdict::Same) => 3,
        Some(Verdict::Done) => 4,
        None => 5,
    });
    rows
}

/// Moves the focus up to the results: the button that was pressed is below them.
fn lead_to(heading: NodeRef<leptos::html::H2>) {
    effect(move || {
        if let Some(heading) = heading.get() {
            // Focusing can fail only for an element outside of the document.
            let _ = heading.focus();
        }
    });
}

fn announce_end(run: &RunView) {
    let run = run.clone();
    effect_after(move |was_over: Option<bool>| {
        let is_over = run.is_over();
        if is_over && was_over == Some(false) {
            announce(untrack(|| sentence(&run)));
        }
        is_over
    });
}

/// Says that a vendor refused people together, with a button that sends them one by one.
pub fn together(run: &RunView) -> AnyView {
    let runs = use_runs();
    let run = run.clone();
    let refused = Memo::new({
        let run = run.clone();
        move |_| if run.is_over() { run.refused_together() } else { Vec::new() }
    });
    let vendor = run.connection().vendor.name();
    let id = StoredValue::new(run.id().clone());
    let retry = move || runs.retry_singly(&id.get_value(), &refused.get_untracked());
    let shown = move || {
        let n = refused.with(Vec::len);
        (n > 0).then(|| {
            let retry =
                view! { <Button label=move || text::results_retry_singly(n) small=true icon="refresh-cw" on_press=retry /> };
            let body = text::results_together_body(n, vendor);
            titled_notice(Tone::Refused, text::results_together(n, vendor), body, Some(retry.into_any()))
        })
    };
    shown.into_any()
}

fn stop_button(runs: crate::state::runs::Runs, run: &RunView) -> AnyView {
    let id = run.id().clone();
    let run = run.clone();
    let reason = Signal::derive(move || (run.status() == Status::Stopping).then(text::results_stopping));
    view! {
        <Button
            label=text::results_stop
            small=true
            icon="square"
            disabled_reason=reason
            on_press=move || runs.stop(&id)
        />
    }
    .into_any()
}

/// Number of people a run is about, each counted once, as in the form; number of changes for a run about a
/// group itself.
fn n_people(run: &RunView) -> usize {
    let of_plan = |plan: &domain::Plan| plan.n_people_to_send() + plan.n_people_so_already();
    match run.with_run(|run| of_plan(run.plan())) {
        0 => run.tally().n_all(),
        n => n,
    }
}

fn sub_line(run: &RunView) -> String {
    let n = n_people(run);
    let started = format_time(run.started_at() as f64);
    match run.status() {
        Status::Running | Status::Paused(_) | Status::Stopping => {
            let since = text::results_sub_running(n, &started);
            unload_warning(run).map_or_else(|| since.clone(), |warning| [&since, " ", &warning].concat())
        }
        Status::Done => text::results_sub_done(n, &started),
        Status::Stopped => text::results_sub_stopped(n, &started),
    }
}

fn waiting(session: Session, run: &RunView) -> Option<AnyView> {
    let standing = RunState::of_run(session, use_runs(), run);
    if standing.stage() == RunStage::Waiting {
        // The key or password is typed, and everything else decided, on the run's own page.
        let page = paths::run(run.id().as_str());
        let go = link_button(page, text::run_go_on, Variant::Plain, true, "play");
        let why = standing.error().map(|error| {
            let (meaning, operator) = error_words::error(run.connection().vendor, error);
            view! { <p>{meaning}" "{operator}</p> }
        });
        return Some(notice(
            Tone::Unknown,
            view! {
                <p>{standing.sentence()}</p>
                {why}
                <div class="notice-actions">{go}</div>
            },
        ));
    }
    if let Some(at) = run.looks_again_at() {
        return Some(notice(Tone::Waiting, text::run_now_looks_again(&format_time(at as f64))));
    }
    let at = run.next_at().filter(|_| run.status() == Status::Running)?;
    let until = format_time(at as f64);
    Some(notice(
        Tone::Waiting,
        text::results_waits_until(text::ResultsWaitsUntil {
            until: &until,
            vendor: run.connection().vendor.name(),
        }),
    ))
}

fn filters(tally: Tally, filter: Selection<Option<Verdict>>) -> Option<AnyView> {
    let n_kinds = Verdict::ALL.iter().filter(|verdict| tally.of_verdict(**verdict) > 0).count();
    if n_kinds < 2 {
        return None;
    }
    let all =
        Segment { value: None, label: Signal::derive(move || text::results_all(tally.n_all())), icon: "" };
    let one = |verdict: Verdict| {
        let n = tally.of_verdict(verdict);
        let label = Signal::derive(move || match verdict {
            Verdict::Done => text::ui_tally_done(n),
            Verdict::Same => text::ui_tally_same(n),
            Verdict::Refused => text::ui_tally_refused(n),
            Verdict::Unknown => text::ui_tally_unknown(n),
            Verdict::NotSent => text::ui_tally_not_sent(n),
        });
        Segment { value: Some(verdict), label, icon: tone(Some(verdict)).glyph_name() }
    };
    let some = Verdict::ALL.into_iter().filter(|verdict| tally.of_verdict(*verdict) > 0).map(one);
    let segments = std::iter::once(all).chain(some).collect();
    Some(
        view! { <Segments legend=text::results_show value=filter segments=segments quiet=true /> }.into_any(),
    )
}

fn result_row(run: &RunView, vendor: Vendor, row: ReceiptRow, compact: bool) -> AnyView {
    let verdict = row.outcome.as_ref().map(domain::Outcome::verdict);
    let tone = tone(verdict);
    let name = row.change.person.label().to_owned();
    let id = person_id(&row.change.person);
    let why = error_words::reason(vendor, &row);
    let word = verdict.map_or_else(text::results_waiting_word, words::verdict);
    let is_open = RwSignal::new(false);
    let details_id = next_id("details");
    let controls = details_id.clone();
    let spoken = name.clone();
    let details =
        (!compact || verdict != Some(Verdict::Done)).then(|| details_button(is_open, controls, spoken));
    let run = run.clone();
    let opened = move || is_open.get().then(|| call_details(&run, vendor, &row));
    view! {
        <li class=format!("result {}", tone.class())>
            <div class="result-line">
                {tone.glyph()} <span class="result-who">
                    <bdi translate="no" class="person-name">
                        {name}
                    </bdi>
                    {id}
                </span> <span class="result-why">
                    <b>{text::results_verdict(&word)}</b>
                    " "
                    {why}
                </span> {details}
            </div>
            <div class="details" id=details_id hidden=move || !is_open.get()>
                {opened}
            </div>
        </li>
    }
    .into_any()
}

/// The people named in the answers, as a list instead of JSON. It stays open while further people are added.
fn named_people(vendor: Vendor, run: &RunView) -> AnyView {
    let run = run.clone();
    let members = Memo::new(move |_| run.members());
    let is_any = Memo::new(move |_| members.with(|members| !members.is_empty()));
    let shown = move || {
        is_any.get().then(|| {
            let label = move || text::results_named(members.with(Vec::len));
            view! {
                <div class="card-foot">
                    <div class="grow">
                        <Disclosure label=label>{member_table(vendor, members.into())}</Disclosure>
                    </div>
                </div>
            }
        })
    };
    shown.into_any()
}

fn draw_receipt(run: &RunView) -> AnyView {
    let run = run.clone();
    let id = run.id().to_string();
    let acting = run.connection().acting_as.as_ref().map(ToString::to_string);
    let planned = {
        let run = run.clone();
        move || text::results_n_people(n_people(&run))
    };
    let sent = format_time(run.started_at() as f64);
    let page = paths::run(run.id().as_str());
    let answered = move || run.finished_at().map_or_else(text::results_not_yet, |at| format_time(at as f64));
    let acting = acting.map(|acting| {
        view! {
            <dt>{text::results_acting_as}</dt>
            <dd>
                <bdi translate="no">{acting}</bdi>
            </dd>
        }
    });
    view! {
        <section class="card" aria-label=text::results_receipt>
            <div class="card-head">
                <h2>{text::results_receipt}</h2>
                <bdi translate="no" class="push id">
                    {id}
                </bdi>
            </div>
            <div class="card-body">
                <dl class="kv">
                    <dt>{text::results_planned}</dt>
                    <dd>{planned}</dd>
                    <dt>{text::results_sent}</dt>
                    <dd>{sent}</dd>
                    <dt>{text::results_ended}</dt>
                    <dd>{answered}</dd>
                    {acting}
                </dl>
            </div>
            <div class="card-foot">
                <a href=page>{text::results_open_run}</a>
                <a href=paths::activity()>{text::results_in_activity}</a>
            </div>
        </section>
    }
    .into_any()
}
