//! One connection: its health, its people, its last run, the use of its rate limit, and what can be done in it.

use std::sync::Arc;

use domain::capabilities::Directory;
use domain::outcome::Verdict;
use domain::{Connection, ConnectionKind, Millis, Tally};
use leptos::prelude::*;

use super::{check, pace};
use crate::features::results::run_words::{self, RunStage, RunState};
use crate::features::results::tone;
use crate::routing::paths;
use crate::shell::navigation::sections;
use crate::state::runs::{RunSummary, use_runs};
use crate::state::session::{PeopleCount, Session};
use i18n::text;
use ui::{Tone, Variant, icon, icon_sm, link_button, next_id, vendor_mark};

/// The card of a connection.
pub fn card(session: Session, connection: Arc<Connection>, now: Signal<Millis>) -> AnyView {
    let id = connection.id.as_str();
    let name = connection.name.to_string();
    let title_id = next_id("connection");
    let labelled_by = title_id.clone();
    let kind = match connection.kind {
        ConnectionKind::Relay => text::connections_relay,
        ConnectionKind::Direct => text::connections_direct,
        ConnectionKind::Sandbox => text::connections_in_browser,
    };
    let vendor = connection.vendor;
    let sub = move || text::connections_row(text::ConnectionsRow { reach: &kind(), vendor: vendor.name() });
    let add = paths::add_members(id);
    let links = sections(session, &connection)
        .into_iter()
        .filter(|section| section.href != add)
        .map(|section| {
            view! {
                <li>
                    <a href=section.href>{section.label}</a>
                </li>
            }
        })
        .collect_view();
    let (edited, listed) = (name.clone(), name.clone());
    let last = last_run(&connection);
    view! {
        <article class="card conn-card" aria-labelledby=labelled_by>
            <div class="card-head conn-head">
                {vendor_mark(vendor.slug(), true)} <div class="grow">
                    <h3 id=title_id>
                        <a class="plain" href=paths::members(id)>
                            <bdi translate="no">{name}</bdi>
                        </a>
                    </h3>
                    <p class="tiny muted">{sub}</p>
                </div>
                <a
                    class="btn btn-quiet btn-icon btn-sm"
                    href=paths::connection(id)
                    aria-label=move || text::overview_settings_of(&edited)
                >
                    {icon("settings")}
                </a>
            </div>
            <div class="card-body conn-body">
                {check::check(session, connection.clone())}
                <ul class="state-list">
                    {people(session, connection.clone(), last)} {run_line(session, last)}
                </ul> {pace::pace(session, connection.clone(), now)}
            </div>
            <div class="card-foot conn-foot">
                {link_button(add, text::shell_section_add, Variant::Plain, true, "user-plus")}
                <nav aria-label=move || text::overview_sections_of(&listed)>
                    <ul class="conn-links">{links}</ul>
                </nav>
            </div>
        </article>
    }
    .into_any()
}

/// The newest run of a connection.
fn last_run(connection: &Connection) -> Memo<Option<RunSummary>> {
    let (runs, id) = (use_runs(), connection.id.clone());
    Memo::new(move |_| runs.summaries().into_iter().find(|run| run.connection == id))
}

/// How many people are known without a call; nothing if none are. A vendor that cannot list its people has those
/// that this session added.
fn people(session: Session, connection: Arc<Connection>, last: Memo<Option<RunSummary>>) -> AnyView {
    let can_list = vendors::capabilities(connection.vendor).directory != Directory::Ledger;
    let known = move || {
        // Locking forgets what was read, and a run may have changed the number.
        session.needs_key(&connection);
        last.track();
        let words = match session.people_count(&connection.id).filter(|_| can_list) {
            Some(PeopleCount::Members(n)) => text::members_n_here(n),
            Some(PeopleCount::Seen(n)) => text::overview_people_seen(n),
            None if can_list => return None,
            None => match session.ledger(&connection.id).len() {
                0 => text::overview_ledger_none(),
                n => text::overview_ledger(n),
            },
        };
        Some(view! { <li>{icon_sm("users")}<span>{words}</span></li> })
    };
    known.into_any()
}

/// The last run: its title as a link, how it ended or stands, and when.
fn run_line(session: Session, last: Memo<Option<RunSummary>>) -> AnyView {
    let runs = use_runs();
    let line = move || {
        let Some(run) = last.get() else {
            return view! { <li class="muted">{icon_sm("list-checks")}<span>{text::overview_none_title}</span></li> }
                .into_any();
        };
        let state = RunState::of_summary(session, runs, &run);
        let is_over = state.stage() == RunStage::Finished;
        let tone = if is_over { worst(&run.tally) } else { Tone::Waiting };
        let badge = (!is_over).then(|| state.badge());
        let when = if is_over {
            text::overview_last_run(&run_words::moment(run.last_at as f64))
        } else {
            text::runs_started(&run_words::moment(run.started_at as f64))
        };
        view! {
            <li class=tone
                .class()>
                {tone.glyph()} <div class="stack-1">
                    <a class="conn-run" href=paths::run(run.id.as_str())>
                        <bdi translate="yes">{state.title(&run.title)}</bdi>
                    </a>
                    <p class="tiny muted conn-when">{badge} <span>{when}</span></p>
                </div>
            </li>
        }
        .into_any()
    };
    line.into_any()
}

/// The tone of the outcome that needs most attention.
fn worst(tally: &Tally) -> Tone {
    let verdicts = [
        (tally.n_refused, Verdict::Refused),
        (tally.n_unknown, Verdict::Unknown),
        (tally.n_not_sent, Verdict::NotSent),
        (tally.n_done, Verdict::Done),
    ];
    let found = verdicts.into_iter().find(|(n, _)| *n > 0);
    tone(Some(found.map_or(Verdict::Same, |(_, verdict)| verdict)))
}
