//! The overview once something is connected.

use leptos::prelude::*;

use super::card::card;
use super::{latest, pace};
use crate::components::page_head::page_head;
use crate::i18n::{format_number, text};
use crate::pages::under_way::under_way;
use crate::paths;
use crate::runs::{Runs, use_runs};
use crate::session::{Kept, Session, use_session};
use crate::ui::{Variant, link_button, skeleton};

/// Every connection, the runs that are going on, and what happened last.
pub fn connected_overview() -> AnyView {
    let (session, runs) = (use_session(), use_runs());
    // Samples that were just added are kept by then, so that going on cannot lose them.
    let is_reading = Memo::new(move |_| session.kept() == Kept::Reading || session.connections().is_empty());
    let body = move || {
        if is_reading.get() {
            return skeleton();
        }
        view! {
            {head(session, runs)}
            <div class="stack-8">
                {under_way(runs)}
                {connections(session)}
                {latest::latest()}
            </div>
        }
        .into_any()
    };
    body.into_any()
}

fn head(session: Session, runs: Runs) -> AnyView {
    let sub = Signal::derive(move || {
        let n_running = runs.summaries().iter().filter(|run| run.is_active()).count();
        let n_locked = session.connections().iter().filter(|one| session.needs_key(one)).count();
        let running = match n_running {
            0 => text::overview_sub_calm(),
            n => text::overview_sub_running(n),
        };
        match n_locked {
            0 => running,
            n => text::overview_sub_join(text::OverviewSubJoin {
                left: &running,
                right: &text::overview_sub_locked(n),
            }),
        }
    });
    let add = link_button(paths::new_connection(), text::shell_add_connection, Variant::Plain, false, "plus");
    page_head(None, Vec::new(), Signal::derive(text::overview_title), sub, Some(add))
}

fn connections(session: Session) -> AnyView {
    let now = pace::moment();
    let n_all = move || format_number(session.connections().len() as f64);
    view! {
        <section aria-labelledby="connections">
            <div class="section-head">
                <h2 id="connections">{text::shell_connections}</h2>
                <span class="count">{n_all}</span>
            </div>
            <div class="tiles">
                <For
                    each=move || session.connections()
                    key=|connection| connection.id.clone()
                    children=move |connection| card(session, connection, now)
                />
            </div>
        </section>
    }
    .into_any()
}
