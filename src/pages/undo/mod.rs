//! `/runs/:id/undo`: the changes of a run, compared with what is true now, and the plan that undoes them.

mod rows;

use std::sync::Arc;

use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Connection, GroupId, Outcome, PlanId, Receipt, Snapshot, order};
use leptos::prelude::*;

use super::run::opened_run;
use crate::features::adding::sending::{Checked, checked};
use crate::features::connecting::adding::add_connection;
use crate::features::connecting::connection_guard::with_key;
use crate::features::error_words;
use crate::features::reading::group_state::read_group_states;
use crate::features::results::run_words::RunState;
use crate::features::reviewing::{ToSend, draft};
use crate::routing::{paths, query, use_go};
use crate::shell::page_head::page_head;
use crate::state::code::Stage;
use crate::state::reads::{Read, reading};
use crate::state::runs::{Engine, PlanInput, RunView, engine_stage, fetch_engine, needed_engine, use_runs};
use crate::state::session::use_session;
use i18n::text;
use rows::Rows;
use ui::{Failure, Tone, Variant, empty_state, failed, link_button, skeleton, titled_notice};

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
            Some(connection) => undoing(&run, connection),
        }
    };
    view! {
        {page_head(None, way, title, sub, None)}
        <div class="stack">{body}</div>
    }
    .into_any()
}

/// Reads the groups of the run, and shows its rows and the plan that undoes the chosen ones.
fn undoing(run: &RunView, connection: Arc<Connection>) -> AnyView {
    let session = use_session();
    let receipt = Arc::new(untrack(|| run.receipt()));
    let groups: Vec<GroupId> = order::distinct(groups_of(&receipt)).into_iter().cloned().collect();
    let of = connection.clone();
    let known = reading(move || {
        let (connection, groups) = (of.clone(), groups.clone());
        async move { read_group_states(session, &connection, &groups).await }
    });
    let vendor = connection.vendor;
    let of = connection.clone();
    let snapshot = Memo::new_with_compare(
        move |_| Some(Arc::new(known.ready()?.into_snapshot(session, &of))),
        |_, _| true,
    );
    let body = move || match known.get() {
        Read::Loading => view! {
            <p class="small muted" role="status">
                {text::undo_reading}
            </p>
            {skeleton()}
        }
        .into_any(),
        Read::Failed(failure) => {
            let (title, detail) = error_words::read_error(vendor, &failure.error);
            failed(Failure { title, detail }, Some(Callback::new(move |()| known.again())))
        }
        Read::Ready(_) => match (snapshot.get(), needed_engine()) {
            (Some(snapshot), Some(engine)) => form(receipt.clone(), connection.clone(), snapshot, engine),
            _ if engine_stage() == Stage::Missing => {
                let failure =
                    Failure { title: text::ui_page_missing_title(), detail: text::ui_page_missing_body() };
                failed(failure, Some(Callback::new(|()| fetch_engine())))
            }
            _ => skeleton(),
        },
    };
    body.into_any()
}

/// The groups whose state has to be read: those of changes that were made.
fn groups_of(receipt: &Receipt) -> impl Iterator<Item = &GroupId> {
    let is_done = |outcome: &Option<Outcome>| outcome.as_ref().map(Outcome::verdict) == Some(Verdict::Done);
    let done = receipt.rows.iter().filter(move |row| is_done(&row.outcome));
    done.filter_map(|row| row.change.operation.group())
}

fn form(
    receipt: Arc<Receipt>,
    connection: Arc<Connection>,
    snapshot: Arc<Snapshot>,
    engine: Engine,
) -> AnyView {
    let (runs, go) = (use_runs(), use_go());
    let every: Vec<&ReceiptRow> = receipt.rows.iter().collect();
    let all = engine.undo(&connection, &every, &snapshot);
    let (row, _) = query::quiet_choice("row");
    // Numbered from 1, as on the page of the run.
    let only = row.with_untracked(|row| row.parse::<usize>().ok()?.checked_sub(1));
    let rows = Rows::new(receipt.clone(), all, only, connection.vendor);
    let undo = {
        let (receipt, connection, snapshot) = (receipt.clone(), connection.clone(), snapshot.clone());
        Memo::new_with_compare(
            move |_| {
                let is_chosen = |idx: &usize| rows.is_chosen(*idx);
                let chosen: Vec<usize> = (0..receipt.rows.len()).filter(is_chosen).collect();
                let rows: Vec<&ReceiptRow> = chosen.iter().map(|idx| &receipt.rows[*idx]).collect();
                let undo = engine.undo(&connection, &rows, &snapshot);
                Arc::new((chosen, undo))
            },
            |_, _| true,
        )
    };
    rows.follow(undo);
    let of = connection.clone();
    let plan = draft(move || {
        let command = undo.with(|undo| undo.1.command.clone());
        if command.items.is_empty() {
            return None;
        }
        let (connection, snapshot) = (of.clone(), Snapshot::clone(&snapshot));
        Some(PlanInput { connection, id: PlanId::new("draft"), command, snapshot })
    });
    let n = Memo::new(move |_| undo.with(|undo| undo.1.n_undone()));
    let reason = Signal::derive(move || (n.get() == 0).then(text::runs_choose_rows));
    let send = move |(to_send,): (ToSend,)| {
        if let Some(run) = to_send.start_anew(runs) {
            go(&paths::run(run.id().as_str()));
        }
    };
    let form = Checked {
        connection,
        plan,
        label: Signal::derive(move || text::undo_send(n.get())),
        reason,
        n_unusable: Signal::stored(0),
        busy: Signal::stored(false),
        is_main: true,
    };
    checked(form, Callback::new(send), rows.view())
}
