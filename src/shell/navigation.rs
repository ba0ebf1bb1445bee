//! What the shell shows of the session and the runs: connections in the rail, the run and the lock in the top bar.

use domain::capabilities::Invites;
use domain::{Connection, PlanId, Tally};
use hosting::Feature;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::routing::paths;
use crate::shell::frame::{RailConnection, RailSection, focus_page};
use crate::state::runs::{RunSummary, use_runs};
use crate::state::session::{Session, use_session};
use i18n::{format_number, text};
use ui::{announce, icon};

/// The connections in the rail.
pub fn rail_connections() -> Signal<Vec<RailConnection>> {
    let session = use_session();
    let (runs, pathname) = (use_runs(), use_location().pathname);
    // The run whose page is shown.
    let shown_run = move || {
        let id =
            pathname.with(|path| Some(path.strip_prefix(&paths::runs())?.strip_prefix('/')?.to_owned()))?;
        runs.summary(&PlanId::new(id))
    };
    Signal::derive(move || {
        let one = |connection: &Connection| {
            let id = connection.id.clone();
            let settings = RailSection {
                href: paths::connection(id.as_str()),
                label: text::shell_section_settings,
                icon: "settings",
            };
            RailConnection {
                name: connection.name.to_string(),
                vendor_slug: connection.vendor.slug(),
                locked: session.needs_key(connection),
                href: paths::members(id.as_str()),
                sections: sections(session, connection).into_iter().chain([settings]).collect(),
                is_here: Signal::derive(move || shown_run().is_some_and(|run| run.connection == id)),
            }
        };
        session.connections().iter().map(|connection| one(connection)).collect()
    })
}

/// The sections that a connection's vendor supports.
pub fn sections(session: Session, connection: &Connection) -> Vec<RailSection> {
    let id = connection.id.as_str();
    let can = vendors::capabilities(connection.vendor);
    let section = |href, label: fn() -> String, icon| RailSection { href, label, icon };
    let mut sections = vec![
        section(paths::members(id), text::shell_section_members, "users"),
        section(paths::add_members(id), text::shell_section_add, "user-plus"),
        section(paths::moderators(id), text::shell_section_moderators, "shield"),
    ];
    if can.invites != Invites::None && session.has(Feature::Invites) {
        sections.push(section(paths::invites(id), text::shell_section_invites, "mail"));
    }
    if can.groups.is_some() {
        sections.push(section(paths::groups(id), text::shell_section_groups, "messages-square"));
    }
    sections
}

/// Number of unfinished runs.
pub fn n_runs() -> Signal<usize> {
    let runs = use_runs();
    Signal::derive(move || runs.summaries().iter().filter(|run| !run.is_over()).count())
}

/// The active runs, as a link with a progress ring; nothing if there are none.
pub fn run_pill() -> AnyView {
    let runs = use_runs();
    let counts = Memo::new(move |_| {
        let under_way = runs.summaries().into_iter().filter(RunSummary::is_active);
        let counted = under_way.map(|run| {
            let Tally { n_waiting, .. } = run.tally;
            let all = run.tally.n_all();
            (all - n_waiting, all)
        });
        counted.reduce(|one, other| (one.0 + other.0, one.1 + other.1))
    });
    // Links to the page of a single run, or to the list of several.
    let href = move || {
        let active = runs.summaries().into_iter().filter(RunSummary::is_active);
        let ids: Vec<_> = active.map(|run| run.id).collect();
        if let [only] = ids.as_slice() { paths::run(only.as_str()) } else { paths::runs() }
    };
    let pill = move |(settled, all): (usize, usize)| {
        let filled = format!("{} 100", settled * 100 / all.max(1));
        let total = format_number(all as f64);
        view! {
            <a class="run-pill" href=href()>
                <svg class="ring" viewBox="0 0 16 16" aria-hidden="true">
                    <circle class="ring-track" cx="8" cy="8" r="6" />
                    <circle class="ring-fill" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray=filled />
                </svg>
                <span class="run-pill-words">{text::shell_run_progress(settled, &total)}</span>
                <b class="run-pill-short" aria-hidden="true">
                    {format_number(settled as f64)}
                </b>
            </a>
        }
        .into_any()
    };
    (move || counts.get().map(pill)).into_any()
}

/// The button that locks all keys, in all tabs; nothing while there is nothing to lock.
pub fn lock_button() -> AnyView {
    let session = use_session();
    let button = move || {
        session.is_unlocked().then(|| {
            view! {
                <button
                    class="btn btn-quiet btn-sm"
                    type="button"
                    aria-label=text::shell_lock_what
                    on:click=move |_| lock_all(session)
                >
                    {icon("lock-open")}
                    <span class="hide-narrow">{text::shell_lock}</span>
                </button>
            }
        })
    };
    button.into_any()
}

/// Locks all keys, in all tabs, and says so.
pub fn lock_all(session: Session) {
    session.lock_all();
    announce(text::shell_all_locked());
    focus_page(); // what had the focus may be gone
}
