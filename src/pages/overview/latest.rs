//! The latest finished runs of this device and their outcomes.

use std::sync::Arc;

use domain::Connection;
use leptos::prelude::*;

use super::chart;
use crate::features::results::{run_words, ui_tally};
use crate::features::words;
use crate::routing::paths;
use crate::state::activity::{ActivityEntry, use_activity};
use crate::state::runs::Runs;
use crate::state::session::Session;
use i18n::text;
use ui::{Variant, empty_state, link_button, tally, vendor_mark};

/// Number of entries shown.
const N_SHOWN: usize = 5;

/// Number of connections that the first run is offered for.
const N_OFFERED: usize = 3;

/// The outcomes as a chart beside the latest entries; until a run has ended, what will be there.
pub fn latest(session: Session, runs: Runs) -> AnyView {
    let activity = use_activity();
    let body = move || {
        let entries = activity.entries();
        if entries.is_empty() {
            return view! { <div class="card">{nothing_yet(session, runs)}</div> }.into_any();
        }
        view! { <div class="split split-even">{chart::chart(&entries)}{last(&entries)}</div> }.into_any()
    };
    body.into_any()
}

/// Says what will be shown here, and offers the first run.
fn nothing_yet(session: Session, runs: Runs) -> AnyView {
    let has_runs = Memo::new(move |_| !runs.summaries().is_empty());
    let offer = move |connection: &Arc<Connection>| {
        let name = connection.name.to_string();
        let label = move || text::overview_none_add(&name);
        link_button(paths::add_members(connection.id.as_str()), label, Variant::Plain, false, "user-plus")
    };
    let body = move || {
        if has_runs.get() {
            let (title, body) = (text::overview_none_ended_title(), text::overview_none_ended_body());
            return empty_state("scroll-text", title, body, None);
        }
        let offers = session.connections().iter().take(N_OFFERED).map(offer).collect_view();
        let offers = view! { <div class="cluster none-add">{offers}</div> }.into_any();
        empty_state("scroll-text", text::overview_none_title(), text::overview_none_body(), Some(offers))
    };
    body.into_any()
}

fn last(entries: &[ActivityEntry]) -> AnyView {
    let rows = entries.iter().take(N_SHOWN).map(row).collect_view();
    view! {
        <section class="card" aria-labelledby="last">
            <div class="card-head">
                <h2 id="last">{text::overview_last}</h2>
                <a class="push tiny" href=paths::activity()>
                    {text::overview_all_activity}
                </a>
            </div>
            <ul class="list acts">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(entry: &ActivityEntry) -> AnyView {
    let (shown, at) = (entry.clone(), entry.at as f64);
    let counts = ui_tally(entry.tally);
    let href = paths::run(entry.plan.as_str());
    view! {
        <li class="act">
            <time class="tiny faint">{move || run_words::moment(at)}</time>
            {vendor_mark(entry.vendor.slug(), false)}
            <div class="stack-1">
                <a class="conn-run" href=href>
                    <bdi translate="yes">{move || words::of_entry(&shown)}</bdi>
                </a>
                {tally(Signal::stored(counts))}
            </div>
        </li>
    }
    .into_any()
}
