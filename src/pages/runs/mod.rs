//! `/runs`: every run of this device: under way, waiting, or finished.

mod choose;
mod file;
mod open_file;
mod selecting;

pub use open_file::{Choosing, OpenFilePage, choosing, provide_choosing};

use std::sync::Arc;

use domain::PlanId;
use hosting::Feature;
use leptos::prelude::*;

use crate::features::confirm::{ConfirmWords, confirm};
use crate::features::results::run_words::{self, RunStage, RunState};
use crate::features::results::ui_tally;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::config::use_config;
use crate::state::runs::{RunSummary, Runs, use_runs};
use crate::state::session::{Session, StoredList, use_session};
use i18n::{format_number, text};
use selecting::Selecting;
use ui::{
    Button, KeyedRow, Tone, Variant, empty_state, keyed, link_button, skeleton, tally, tally_bar,
    titled_notice, vendor_mark,
};

/// Every run of this device.
#[component]
pub fn RunsPage() -> impl IntoView {
    use_title(text::runs_title);
    let (session, runs) = (use_session(), use_runs());
    let sub = Signal::derive(text::runs_sub);
    let open = use_config()
        .has(Feature::Import)
        .then(|| link_button(paths::open_results(), text::runs_open_file, Variant::Plain, false, "file-up"));
    let is_empty = Memo::new(move |_| runs.summaries().is_empty());
    let is_read = Memo::new(move |_| runs.is_loaded() || session.stored_list() == StoredList::Nothing);
    let body = move || match (is_empty.get(), is_read.get()) {
        (true, false) => skeleton(),
        (true, true) => {
            let go =
                link_button(paths::overview(), text::activity_empty_action, Variant::Plain, false, "house");
            let nothing =
                empty_state("list-checks", text::runs_empty_title(), text::runs_empty_body(), Some(go));
            view! { <div class="card">{nothing}</div> }.into_any()
        }
        (false, _) => lists(session, runs),
    };
    view! {
        {page_head(None, Vec::new(), Signal::derive(text::runs_title), sub, open)}
        <div class="stack-6">{unsaved(runs)}{body}</div>
    }
    .into_any()
}

/// A notice that runs cannot be persisted on this device.
fn unsaved(runs: Runs) -> AnyView {
    let shown = move || {
        runs.journal_problem().map(|error| {
            let body = run_words::storage(error);
            titled_notice(Tone::Unknown, text::runs_storage_title(), body, None)
        })
    };
    shown.into_any()
}

/// A run and its standing.
type Listed = (Arc<RunSummary>, RunState);

fn lists(session: Session, runs: Runs) -> AnyView {
    let listed = Memo::new(move |_| {
        let with_standing = |run: RunSummary| {
            let standing = RunState::of_summary(session, runs, &run);
            (Arc::new(run), standing)
        };
        runs.summaries().into_iter().map(with_standing).collect::<Vec<Listed>>()
    });
    let doomed = RwSignal::new(None::<PlanId>);
    let selecting = Selecting::new(move || runs.summaries());
    let section = move |stage: RunStage, title: fn() -> String, id: &'static str| {
        let ids = Memo::new(move |_| {
            listed.with(|listed| {
                let here = listed.iter().filter(|(_, standing)| standing.stage() == stage);
                here.map(|(run, _)| run.id.clone()).collect::<Vec<_>>()
            })
        });
        let n = move || format_number(ids.with(Vec::len) as f64);
        let draw = move |id: PlanId| {
            let run = Memo::new(move |before: Option<&Option<Listed>>| {
                let found = listed.with(|listed| listed.iter().find(|(run, _)| run.id == id).cloned());
                found.or_else(|| before.cloned().flatten())
            });
            row(run, doomed, (stage == RunStage::Finished).then_some(selecting))
        };
        let one = move |id: PlanId| KeyedRow::new(id.to_string(), move || draw(id));
        move || {
            ids.with(|ids| !ids.is_empty()).then(|| {
                view! {
                    <section aria-labelledby=id>
                        <div class="section-head">
                            <h2 id=id>{title}</h2>
                            <span class="count">{n}</span>
                        </div>
                        <ul class="card list runs">
                            {keyed(move || ids.get().into_iter().map(one).collect())}
                        </ul>
                        {(stage == RunStage::Finished).then(|| selecting.bar())}
                    </section>
                }
            })
        }
    };
    view! {
        {section(RunStage::Waiting, text::runs_waiting, "runs-waiting")}
        {section(RunStage::GoingOn, text::runs_going_on, "runs-going-on")}
        {section(RunStage::Finished, text::runs_finished, "runs-finished")}
        {forget(runs, doomed)}
    }
    .into_any()
}

fn row(run: Memo<Option<Listed>>, doomed: RwSignal<Option<PlanId>>, selecting: Option<Selecting>) -> AnyView {
    let Some((summary, _)) = run.get_untracked() else { return ().into_any() };
    let standing = move || run.with(|run| run.as_ref().map(|(_, standing)| standing.clone()));
    let stage = Memo::new(move |_| standing().map(|standing| standing.stage()));
    let counts =
        Signal::derive(move || ui_tally(standing().map(|standing| standing.tally).unwrap_or_default()));
    let said = move || standing().map(|standing| standing.sentence());
    let when = {
        let (began, run) = (summary.started_at as f64, run);
        move || {
            let began = run_words::moment(began);
            match run.with(|run| run.as_ref().map(|(run, standing)| (run.last_at, standing.stage()))) {
                Some((at, RunStage::Finished)) => text::runs_ended(text::RunsEnded {
                    started: &began,
                    ended: &run_words::moment(at as f64),
                }),
                _ => text::runs_started(&began),
            }
        }
    };
    let (href, id) = (paths::run(summary.id.as_str()), summary.id.clone());
    let title = Memo::new(move |_| {
        run.with(|run| run.as_ref().map(|(run, standing)| standing.title(&run.title))).unwrap_or_default()
    });
    let tick = selecting.map(|selecting| selecting.tick(id.clone(), title));
    let open = move || {
        let label = match stage.get() {
            Some(RunStage::Waiting) => text::run_go_on(),
            _ => text::runs_open(),
        };
        let variant =
            if stage.get() == Some(RunStage::Waiting) { "btn btn-sm btn-primary" } else { "btn btn-sm" };
        view! {
            <a class=variant href=href.clone()>
                {label}
                <span class="sr-only">{move || text::runs_named(&title.get())}</span>
            </a>
        }
    };
    let remove = move || {
        (stage.get() == Some(RunStage::Finished)).then(|| {
            let id = id.clone();
            view! {
                <Button
                    label=move || text::runs_remove_named(&title.get())
                    icon="trash-2"
                    icon_only=true
                    small=true
                    variant=Variant::Quiet
                    has_popup="dialog"
                    on_press=move || doomed.set(Some(id.clone()))
                />
            }
        })
    };
    view! {
        <li class="run">
            <div class="row run-head">
                {tick} {move || standing().map(|standing| standing.badge())}
                <bdi translate="yes" class="title grow">
                    {title}
                </bdi> {open} {remove}
            </div>
            <p class="small muted run-where">
                {vendor_mark(summary.vendor.slug(), false)}
                <bdi translate="no">{summary.connection_name.to_string()}</bdi>
                <span class="faint">"·"</span> <span>{when}</span>
            </p>
            {move || (stage.get() != Some(RunStage::Finished)).then(|| view! { <p class="small">{said}</p> })}
            {tally_bar(counts)}
            {tally(counts)}
        </li>
    }
    .into_any()
}

/// Asks before a finished run is deleted.
fn forget(runs: Runs, doomed: RwSignal<Option<PlanId>>) -> AnyView {
    let words = ConfirmWords {
        title: text::runs_remove_title,
        body: text::runs_remove_body,
        action: text::runs_remove,
    };
    confirm(doomed, words, move |id| runs.remove(&id))
}
