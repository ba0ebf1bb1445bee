//! `/`: what is connected, what is going on, and what happened last. It makes no call by itself.

mod card;
mod chart;
mod check;
mod latest;
mod pace;
mod welcome;

use leptos::prelude::*;

use crate::components::page_head::page_head;
use crate::components::shell::use_title;
use crate::i18n::text;
use crate::pages::under_way::under_way;
use crate::paths;
use crate::runs::{Runs, use_runs};
use crate::session::{Session, use_session};
use crate::ui::{Variant, link_button, skeleton};

/// What there is to show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Loading,
    FirstVisit,
    Connected,
}

/// What is connected and what happened last; on the first visit, the ways to begin.
#[component]
pub fn OverviewPage() -> impl IntoView {
    use_title(text::overview_title);
    let (session, runs) = (use_session(), use_runs());
    let stage = Memo::new(move |_| match (session.connections().is_empty(), session.is_loaded()) {
        (false, _) => Stage::Connected,
        (true, true) => Stage::FirstVisit,
        (true, false) => Stage::Loading,
    });
    let body = move || match stage.get() {
        Stage::Loading => view! { {head(session, runs)}{skeleton()} }.into_any(),
        Stage::FirstVisit => welcome::welcome(session),
        Stage::Connected => view! {
            {head(session, runs)}
            <div class="stack-8">
                {under_way(runs)}
                {connections(session)}
                {latest::latest()}
            </div>
        }
        .into_any(),
    };
    body.into_any()
}

fn head(session: Session, runs: Runs) -> AnyView {
    let sub = Signal::derive(move || {
        let n_running = runs.all().iter().filter(|run| !run.state().is_over()).count();
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
    let n_all = move || crate::i18n::format_number(session.connections().len() as f64);
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
                    children=move |connection| card::card(session, connection, now)
                />
            </div>
        </section>
    }
    .into_any()
}
