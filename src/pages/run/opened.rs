//! The run in the URL, on every page about one run.

use domain::PlanId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::features::results::run_words;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::runs::{OpenedRun, RunView, use_runs};
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

/// Draws the page of the run in the URL with `found`, once the run was read; until then, or if it cannot be, says so.
/// `title` is the title of the page.
pub(in crate::pages) fn opened_run(
    title: impl Fn(&RunView) -> String + Send + Sync + 'static,
    found: impl Fn(RunView) -> AnyView + Send + 'static,
) -> AnyView {
    let runs = use_runs();
    let params = use_params_map();
    let id = Memo::new(move |_| PlanId::new(params.with(|params| params.get("id")).unwrap_or_default()));
    let shown = Memo::new(move |_| match runs.open(&id.get()) {
        OpenedRun::Reading => Shown::Reading,
        OpenedRun::NotFound => Shown::NotFound,
        OpenedRun::Failed(error) => Shown::Failed(error),
        OpenedRun::NotLoaded => Shown::NotLoaded,
        OpenedRun::Found(run) => Shown::Found(run),
    });
    use_title(move || match shown.get() {
        Shown::Found(run) => title(&run),
        Shown::Reading | Shown::NotFound | Shown::Failed(_) | Shown::NotLoaded => text::runs_title(),
    });
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
        Shown::Found(run) => found(run),
    };
    body.into_any()
}

fn bare(title: fn() -> String) -> AnyView {
    let way = vec![(text::runs_title(), Some(paths::runs()))];
    page_head(None, way, Signal::derive(title), Signal::stored(String::new()), None)
}
