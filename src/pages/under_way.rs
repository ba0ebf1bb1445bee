//! Runs that are going on: how far each is, where it was started, and a way to stop it.

use domain::Status;
use leptos::prelude::*;

use crate::components::results::ui_tally;
use crate::i18n::{format_time, text};
use crate::paths;
use crate::runs::{RunSummary, Runs};
use crate::ui::{Button, icon_sm, tally, tally_bar, vendor_mark};

/// The runs that are going on, in one card; nothing while there are none.
pub fn under_way(runs: Runs) -> AnyView {
    let going_on = Memo::new_with_compare(
        move |_| runs.summaries().into_iter().filter(RunSummary::is_active).collect::<Vec<_>>(),
        |before, after| before.map(|runs| ids(runs)) != after.map(|runs| ids(runs)),
    );
    let list = move || {
        let list = going_on.get();
        (!list.is_empty()).then(|| {
            let one = |run| view! { <li class="now-run">{one(runs, run)}</li> };
            view! {
                <section aria-labelledby="under-way">
                    <h2 id="under-way" class="sr-only">{text::overview_under_way}</h2>
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
    let (vendor, connection) = (run.vendor, run.connection.clone());
    let (title, name, place) =
        (run.title.to_string(), run.connection_name.to_string(), run.place.to_string());
    let (id, started_at, n_changes) = (run.id.clone(), run.started_at as f64, run.n_changes);
    let now = {
        let id = run.id.clone();
        Memo::new(move |_| runs.summary(&id).unwrap_or_else(|| run.clone()))
    };
    let counts = Signal::derive(move || ui_tally(now.with(|run| run.tally)));
    let is_stopping = Signal::derive(move || now.with(|run| run.status == Status::Stopping));
    let reason = Signal::derive(move || is_stopping.get().then(text::results_stopping));
    let state = move || if is_stopping.get() { text::overview_stopping() } else { text::overview_running() };
    let line = move || text::overview_run_line(n_changes, &format_time(started_at));
    let waits = move || {
        let at = now.with(|run| run.next_at)?;
        Some(
            view! { " "<span class="faint">"·"</span>" "{text::overview_run_waits(&format_time(at as f64))} },
        )
    };
    view! {
        <div class="row now-title">
            <span class="badge is-info">{icon_sm("timer")}{state}</span>
            <bdi class="title grow">{title}</bdi>
            <Button label=text::results_stop small=true icon="square" disabled_reason=reason on_press=move || runs.stop(&id) />
        </div>
        <p class="small muted">
            {vendor_mark(vendor.slug(), false)}
            <a class="plain ink" href=paths::members(connection.as_str())><bdi>{name}</bdi></a>
            " "<span class="faint">"·"</span>" "{line}{waits}
        </p>
        {tally_bar(counts)}
        <div class="row now-foot">
            {tally(counts)}
            <a class="small push" href=place>{text::overview_run_place}</a>
        </div>
    }
    .into_any()
}
