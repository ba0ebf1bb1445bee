//! The overview once there is a connection.

use std::sync::Arc;

use domain::Connection;
use leptos::prelude::*;

use super::card::card;
use super::{latest, pace};
use crate::features::connecting::adding::add_connection;
use crate::features::results::run_words::{RunStage, RunState};
use crate::features::results::under_way::under_way;
use crate::shell::page_head::page_head;
use crate::state::runs::{Runs, use_runs};
use crate::state::session::{Session, StoredList, use_session};
use i18n::{format_number, text};
use ui::{KeyedRow, Variant, keyed, skeleton};

/// Every connection, the runs under way, and the latest results.
pub fn connected_overview() -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    // Waits until samples that were just added are persisted, so that leaving cannot lose them.
    let is_reading = Memo::new(move |_| {
        let is_reading = match session.stored_list() {
            StoredList::Reading => true,
            // What is under way would be inserted above the connections, which someone may be about to press.
            StoredList::Read => !runs.is_loaded() && runs.is_listed(),
            StoredList::Unknown | StoredList::Nothing | StoredList::Missing => false,
        };
        is_reading || session.connections().is_empty()
    });
    let body = move || {
        if is_reading.get() {
            return skeleton();
        }
        view! {
            {head(session, runs)}
            <div class="stack-8">
                {under_way(runs)} {connections(session)} {latest::latest(session, runs)}
            </div>
        }
        .into_any()
    };
    body.into_any()
}

fn head(session: Session, runs: Runs) -> AnyView {
    let sub = Signal::derive(move || {
        let summaries = runs.summaries();
        let stages: Vec<RunStage> =
            summaries.iter().map(|run| RunState::of_summary(session, runs, run).stage()).collect();
        let n_of = |stage| stages.iter().filter(|other| **other == stage).count();
        let (n_running, n_waiting) = (n_of(RunStage::GoingOn), n_of(RunStage::Waiting));
        let n_locked = session.connections().iter().filter(|one| session.needs_key(one)).count();
        let calm = (n_running == 0).then(text::overview_sub_calm);
        let running = (n_running > 0).then(|| text::overview_sub_running(n_running));
        let waiting = (n_waiting > 0).then(|| text::overview_sub_waiting(n_waiting));
        let locked = (n_locked > 0).then(|| text::overview_sub_locked(n_locked));
        let parts = [calm, running, waiting, locked].into_iter().flatten();
        let joined = parts.reduce(|left, right| {
            text::overview_sub_join(text::OverviewSubJoin { left: &left, right: &right })
        });
        joined.unwrap_or_default()
    });
    let add = add_connection(Variant::Plain, false, "plus");
    page_head(None, Vec::new(), Signal::derive(text::overview_title), sub, add)
}

fn connections(session: Session) -> AnyView {
    let now = pace::moment();
    let row = move |connection: Arc<Connection>| {
        KeyedRow::new(connection.id.to_string(), move || card(session, connection, now))
    };
    let n_all = move || format_number(session.connections().len() as f64);
    view! {
        <section aria-labelledby="connections">
            <div class="section-head">
                <h2 id="connections">{text::shell_connections}</h2>
                <span class="count">{n_all}</span>
            </div>
            <div class="tiles conn-tiles">
                {keyed(move || session.connections().into_iter().map(row).collect())}
            </div>
        </section>
    }
    .into_any()
}
