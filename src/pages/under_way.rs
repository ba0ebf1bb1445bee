//! Runs that are going on: how far each is, where it was started, and a way to stop it.

use leptos::prelude::*;

use crate::components::results::ui_tally;
use crate::i18n::{format_time, text};
use crate::paths;
use crate::runs::{RunState, RunView, Runs};
use crate::ui::{Button, icon_sm, tally, tally_bar, vendor_mark};

/// The runs that are going on, in one card; nothing while there are none.
pub fn under_way(runs: Runs) -> AnyView {
    let going_on = Memo::new_with_compare(
        move |_| runs.all().into_iter().filter(|run| !run.state().is_over()).collect::<Vec<_>>(),
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

fn ids(runs: &[RunView]) -> Vec<domain::PlanId> {
    runs.iter().map(|run| run.id().clone()).collect()
}

fn one(runs: Runs, run: RunView) -> AnyView {
    let connection = run.connection().clone();
    let title = run.title().to_owned();
    let place = run.place().to_owned();
    let id = run.id().clone();
    let counts = {
        let run = run.clone();
        Signal::derive(move || ui_tally(run.tally()))
    };
    let is_stopping = {
        let run = run.clone();
        Signal::derive(move || run.state() == RunState::Stopping)
    };
    let reason = Signal::derive(move || is_stopping.get().then(text::results_stopping));
    let state = move || if is_stopping.get() { text::overview_stopping() } else { text::overview_running() };
    let line = {
        let run = run.clone();
        move || text::overview_run_line(run.tally().n_all(), &format_time(run.started_at() as f64))
    };
    let waits = move || {
        let at = run.next_at()?;
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
            {vendor_mark(connection.vendor.slug(), false)}
            <a class="plain ink" href=paths::members(connection.id.as_str())><bdi>{connection.name.to_string()}</bdi></a>
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
