//! `/runs/:id`: one run, its progress, what happens now, and every row.

mod again;
mod announcing;
mod details;
mod head;
mod notices;
mod progress;
mod rows;
mod showing;
mod take_along;
mod unlock;

pub use unlock::{RunKeyForm, provide_run_key_form};

use domain::PlanId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::features::results::run_words::{self, RunState};
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::runs::{OpenedRun, RunView, Runs, use_runs};
use crate::state::session::{Session, use_session};
use browser::storage::StorageError;
use i18n::text;
use ui::{Failure, Variant, empty_state, failed, link_button, skeleton};

/// The state of the run in the URL.
#[derive(Clone, PartialEq)]
enum Shown {
    Reading,
    NotFound,
    Failed(StorageError),
    NotLoaded,
    Found(RunView),
}

/// One run and its standing. Copies share the same signals.
#[derive(Clone, Copy)]
struct Here {
    session: Session,
    runs: Runs,
    run: StoredValue<RunView>,
    standing: Memo<RunState>,
}

impl Here {
    fn run(self) -> RunView {
        self.run.get_value()
    }

    /// The title of the run; tracked.
    fn title(self) -> String {
        self.standing.with(|standing| standing.title(self.run().title()))
    }
}

/// The page of the run in the URL.
#[component]
pub fn RunPage() -> impl IntoView {
    let (session, runs) = (use_session(), use_runs());
    let params = use_params_map();
    let id = Memo::new(move |_| PlanId::new(params.with(|params| params.get("id")).unwrap_or_default()));
    let shown = Memo::new(move |_| match runs.open(&id.get()) {
        OpenedRun::Reading => Shown::Reading,
        OpenedRun::NotFound => Shown::NotFound,
        OpenedRun::Failed(error) => Shown::Failed(error),
        OpenedRun::NotLoaded => Shown::NotLoaded,
        OpenedRun::Found(run) => Shown::Found(run),
    });
    let title = move || match shown.get() {
        Shown::Found(run) => RunState::of_run(session, runs, &run).title(run.title()),
        Shown::Reading | Shown::NotFound | Shown::Failed(_) | Shown::NotLoaded => text::runs_title(),
    };
    use_title(title);
    let body = move || match shown.get() {
        Shown::Reading => view! {
            {bare(text::run_reading)}
            {skeleton()}
        }
        .into_any(),
        Shown::NotFound => {
            let list =
                link_button(paths::runs(), text::run_unknown_action, Variant::Plain, false, "list-checks");
            let nothing =
                empty_state("list-checks", text::run_unknown_heading(), text::run_unknown_body(), Some(list));
            view! {
                {bare(text::run_unknown_title)}
                <div class="card">{nothing}</div>
            }
            .into_any()
        }
        Shown::Failed(error) => {
            let failure = Failure { title: text::runs_storage_title(), detail: run_words::storage(error) };
            view! {
                {bare(text::run_failed_title)}
                {failed(failure, None)}
            }
            .into_any()
        }
        Shown::NotLoaded => {
            let failure =
                Failure { title: text::ui_page_missing_title(), detail: text::ui_page_missing_body() };
            let again = Callback::new(move |()| runs.fetch_opener());
            view! {
                {bare(text::run_failed_title)}
                {failed(failure, Some(again))}
            }
            .into_any()
        }
        Shown::Found(run) => found(session, runs, run),
    };
    body.into_any()
}

fn bare(title: fn() -> String) -> AnyView {
    let way = vec![(text::runs_title(), Some(paths::runs()))];
    page_head(None, way, Signal::derive(title), Signal::stored(String::new()), None)
}

fn found(session: Session, runs: Runs, run: RunView) -> AnyView {
    let standing = {
        let run = run.clone();
        Memo::new(move |_| RunState::of_run(session, runs, &run))
    };
    let here = Here { session, runs, run: StoredValue::new(run), standing };
    announcing::announce_progress(here);
    view! {
        {head::head(here)}
        <div class="stack">{notices::notices(here)} {progress::progress(here)} {rows::rows(here)}</div>
    }
    .into_any()
}
