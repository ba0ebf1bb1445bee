//! `/runs/:id/undo`: the changes of a run, compared with what is true now, and the plan that undoes them. `/undo` does the
//! same for the changes of several runs, and for entries of the activity.

mod changes;
mod form;
mod gather;
mod rows;
mod several;

pub use several::UndoSeveralPage;

use std::sync::Arc;

use domain::outcome::Verdict;
use leptos::prelude::*;

use super::run::opened_run;
use crate::features::connecting::adding::add_connection;
use crate::features::connecting::connection_guard::with_key;
use crate::features::results::run_words::RunState;
use crate::routing::paths;
use crate::shell::page_head::page_head;
use crate::state::runs::{RunView, use_runs};
use crate::state::session::use_session;
use changes::Changes;
use form::undoing;
use i18n::text;
use ui::{Tone, Variant, empty_state, link_button, titled_notice};

/// The changes of the run in the URL that can be undone.
#[component]
pub fn UndoPage() -> impl IntoView {
    opened_run(|_| text::undo_title(), found)
}

fn found(run: RunView) -> AnyView {
    let session = use_session();
    match untrack(|| session.connection(&run.connection().id)) {
        Some(connection) => with_key(connection, move |_| page(run.clone())),
        None => page(run),
    }
}

fn page(run: RunView) -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    let (of, path) = (run.clone(), paths::run(run.id().as_str()));
    let title = untrack(|| RunState::of_run(session, runs, &run).title(run.title()));
    let way = vec![
        (text::runs_title(), Some(paths::runs())),
        (title, Some(path.clone())),
        (text::undo_crumb(), None),
    ];
    let (title, sub) = (Signal::derive(text::undo_title), Signal::derive(text::undo_sub));
    let is_over = Memo::new(move |_| of.is_over());
    let connection = {
        let id = run.connection().id.clone();
        Memo::new(move |_| session.connections().into_iter().find(|connection| connection.id == id))
    };
    let body = move || {
        let back = || link_button(path.clone(), text::undo_back, Variant::Plain, false, "list-checks");
        if !is_over.get() {
            return titled_notice(
                Tone::Info,
                text::undo_not_over_title(),
                text::undo_not_over_body(),
                Some(back()),
            );
        }
        let n_done = run.rows_with(Some(Verdict::Done)).len();
        if n_done == 0 {
            let nothing = empty_state(
                "list-checks",
                text::undo_nothing_title(),
                text::undo_nothing_body(),
                Some(back()),
            );
            return view! { <div class="card">{nothing}</div> }.into_any();
        }
        match connection.get() {
            None => {
                let add = add_connection(Variant::Plain, true, "plus");
                titled_notice(Tone::Unknown, text::undo_gone_title(), text::undo_gone_body(), add)
            }
            Some(connection) if !run.began_at(&connection) => {
                let edit = paths::connection(connection.id.as_str());
                let edit = link_button(edit, text::run_moved_edit, Variant::Plain, true, "pencil");
                titled_notice(Tone::Unknown, text::undo_moved_title(), text::undo_moved_body(), Some(edit))
            }
            Some(connection) => undoing(Arc::new(Changes::of_run(untrack(|| run.receipt()))), connection),
        }
    };
    view! {
        {page_head(None, way, title, sub, None)}
        <div class="stack">{body}</div>
    }
    .into_any()
}
