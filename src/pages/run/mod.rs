//! `/runs/:id`: one run, its progress, what happens now, and every row.

mod again;
mod announcing;
mod details;
mod head;
mod notices;
mod opened;
mod progress;
mod rows;
mod showing;
mod take_along;
mod unlock;

pub(super) use opened::opened_run;
pub use unlock::{RunKeyForm, provide_run_key_form};

use leptos::prelude::*;

use crate::features::results::run_words::RunState;
use crate::state::runs::{RunView, Runs, use_runs};
use crate::state::session::{Session, use_session};

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
    let title = move |run: &RunView| RunState::of_run(session, runs, run).title(run.title());
    opened_run(title, move |run| found(session, runs, run))
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
