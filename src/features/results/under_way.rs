//! Unfinished runs: the progress of each, what it waits for, its page, and a way to stop it.

use domain::Status;
use leptos::prelude::*;

use crate::features::results::run_words::{RunStage, RunState};
use crate::features::results::ui_tally;
use crate::routing::paths;
use crate::state::runs::{RunSummary, Runs};
use crate::state::session::use_session;
use i18n::{format_time, text};
use ui::{Button, tally, tally_bar, vendor_mark};

/// The unfinished runs in one card; nothing if there are none.
pub fn under_way(runs: Runs) -> AnyView {
    let unfinished = Memo::new_with_compare(
        move |_| runs.summaries().into_iter().filter(|run| !run.is_over()).collect::<Vec<_>>(),
        |before, after| before.map(|runs| ids(runs)) != after.map(|runs| ids(runs)),
    );
    let list = move || {
        let list = unfinished.get();
        (!list.is_empty()).then(|| {
            let one = |run| view! { <li class="now-run">{one(runs, run)}</li> };
            view! {
                <section aria-labelledby="under-way">
                    <h2 id="under-way" class="sr-only">
                        {text::overview_under_way}
                    </h2>
                    <ul class="card now-list">{list.into_iter().map(one).collect_view()}</ul>
                </section>
            }
        })
    };
    list.into_any()
}

fn ids(runs: &[RunSummary]) -> Vec<domain::PlanId> {
    runs.iter().map(|run| run.id.clone()).collect()
}

fn one(runs: Runs, run: RunSummary) -> AnyView {
    let session = use_session();
    let (vendor, connection) = (run.vendor, run.connection.clone());
    let (title, name) = (run.title.clone(), run.connection_name.to_string());
    let (id, started_at, n_changes) = (run.id.clone(), run.started_at as f64, run.n_changes);
    let href = paths::run(id.as_str());
    let now = {
        let id = run.id.clone();
        Memo::new(move |_| runs.summary(&id).unwrap_or_else(|| run.clone()))
    };
    let standing = Memo::new(move |_| now.with(|run| RunState::of_summary(session, runs, run)));
    let stage = Memo::new(move |_| standing.with(RunState::stage));
    let counts = Signal::derive(move || ui_tally(now.with(|run| run.tally)));
    let reason = Signal::derive(move || {
        let is_stopping = standing.with(|standing| standing.status == Status::Stopping);
        (is_stopping && stage.get() == RunStage::GoingOn).then(text::results_stopping)
    });
    let line = move || text::overview_run_line(n_changes, &format_time(started_at));
    let waits = move || {
        let at = now.with(|run| run.next_at)?;
        (stage.get() == RunStage::GoingOn).then(|| {
            view! {
                " "
                <span class="faint">"·"</span>
                " "
                {text::overview_run_waits(&format_time(at as f64))}
            }
        })
    };
    // A run that waits for the user is handled on its own page, where the key can be typed.
    let stop = move || {
        let id = id.clone();
        (stage.get() == RunStage::GoingOn).then(|| {
            view! {
                <Button
                    label=text::results_stop
                    small=true
                    icon="square"
                    disabled_reason=reason
                    on_press=move || runs.stop(&id)
                />
            }
        })
    };
    let said = move || {
        (stage.get() == RunStage::Waiting)
            .then(|| view! { <p class="small">{move || standing.with(RunState::sentence)}</p> })
    };
    view! {
        <div class="row now-title">
            {move || standing.with(RunState::badge)} <bdi translate="yes" class="title grow">
                {move || standing.with(|standing| standing.title(&title))}
            </bdi> {stop}
        </div>
        <p class="small muted">
            {vendor_mark(vendor.slug(), false)} <a class="plain ink" href=paths::members(connection.as_str())>
                <bdi translate="no">{name}</bdi>
            </a> " "<span class="faint">"·"</span>" "{line}{waits}
        </p>
        {said}
        {tally_bar(counts)}
        <div class="row now-foot">
            {tally(counts)} <a class="small push" href=href>
                {text::overview_run_open}
            </a>
        </div>
    }
    .into_any()
}
