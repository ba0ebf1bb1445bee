//! Changes compared with what is true now, and the plan that undoes the chosen ones.

use std::sync::Arc;

use domain::receipt::ReceiptRow;
use domain::{Connection, PlanId, Snapshot};
use leptos::prelude::*;

use super::changes::Changes;
use super::rows::Rows;
use crate::features::adding::sending::{Checked, checked};
use crate::features::error_words;
use crate::features::reading::group_state::{MAX_GROUPS_AT_ONCE, MAX_MEMBERS, read_group_states};
use crate::features::reviewing::{ToSend, draft};
use crate::routing::{paths, query, use_go};
use crate::state::code::Stage;
use crate::state::reads::{Read, reading};
use crate::state::runs::{Engine, PlanInput, engine_stage, fetch_engine, needed_engine, use_runs};
use crate::state::session::use_session;
use i18n::{format_number, text};
use ui::{Failure, Tone, failed, skeleton, titled_notice};

/// Reads the groups of changes, and shows the changes and the plan that undoes the chosen ones.
pub(super) fn undoing(changes: Arc<Changes>, connection: Arc<Connection>) -> AnyView {
    let session = use_session();
    let groups = changes.groups();
    let n_groups = groups.len();
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
            (Some(snapshot), Some(engine)) => view! {
                {limits(&connection, n_groups, &snapshot)}
                {form(changes.clone(), connection.clone(), snapshot, engine)}
            }
            .into_any(),
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

/// Says that not everything was read, if so.
fn limits(connection: &Connection, n_groups: usize, snapshot: &Snapshot) -> Option<AnyView> {
    let groups = vendors::capabilities(connection.vendor).groups?;
    let n_members = |group: &domain::Group| group.n_members.unwrap_or_default();
    let is_large = snapshot.groups.values().any(|known| {
        !known.is_complete && known.group.as_ref().is_some_and(|it| n_members(it) > MAX_MEMBERS)
    });
    let is_cut = groups.can_list_members && (n_groups > MAX_GROUPS_AT_ONCE || is_large);
    is_cut.then(|| {
        let body = text::undo_limits_body(text::UndoLimitsBody {
            groups: &format_number(MAX_GROUPS_AT_ONCE as f64),
            members: &format_number(MAX_MEMBERS as f64),
        });
        titled_notice(Tone::Unknown, text::undo_limits_title(), body, None)
    })
}

fn form(
    changes: Arc<Changes>,
    connection: Arc<Connection>,
    snapshot: Arc<Snapshot>,
    engine: Engine,
) -> AnyView {
    let (runs, go) = (use_runs(), use_go());
    let known: Vec<usize> = (0..changes.rows.len()).filter(|idx| changes.known(*idx).is_some()).collect();
    let every: Vec<&ReceiptRow> = known.iter().filter_map(|idx| changes.known(*idx)).collect();
    let all = engine.undo(&connection, &every, &snapshot);
    let (row, _) = query::quiet_choice("row");
    // Numbered from 1, as on the page of the run.
    let only = row.with_untracked(|row| row.parse::<usize>().ok()?.checked_sub(1));
    let rows = Rows::new(changes.clone(), known.iter().copied().zip(all.rows), only, connection.vendor);
    let undo = {
        let (connection, snapshot) = (connection.clone(), snapshot.clone());
        Memo::new_with_compare(
            move |_| {
                let chosen: Vec<usize> = known.iter().copied().filter(|idx| rows.is_chosen(*idx)).collect();
                let rows: Vec<&ReceiptRow> = chosen.iter().filter_map(|idx| changes.known(*idx)).collect();
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
    let n_chosen = Memo::new(move |_| undo.with(|undo| undo.0.len()));
    let reason = Signal::derive(move || match (n.get(), n_chosen.get()) {
        (0, 0) => Some(text::runs_choose_rows()),
        (0, _) => Some(text::undo_nothing_left()),
        _ => None,
    });
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
