//! The latest finished runs of this device and their outcomes.

use leptos::prelude::*;

use super::chart;
use crate::features::results::ui_tally;
use crate::features::words;
use crate::routing::paths;
use crate::state::activity::{ActivityEntry, use_activity};
use i18n::{format_time, text};
use ui::{empty_state, tally, vendor_mark};

/// Number of entries shown.
const N_SHOWN: usize = 5;

/// The outcomes as a chart beside the latest entries.
pub fn latest() -> AnyView {
    let activity = use_activity();
    let body = move || {
        let entries = activity.entries();
        if entries.is_empty() {
            let nothing =
                empty_state("scroll-text", text::overview_none_title(), text::overview_none_body(), None);
            return view! { <div class="card">{nothing}</div> }.into_any();
        }
        view! { <div class="split split-even">{chart::chart(&entries)}{last(&entries)}</div> }.into_any()
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
    view! {
        <li class="act">
            <time class="tiny faint">{move || format_time(at)}</time>
            {vendor_mark(entry.vendor.slug(), false)}
            <div class="stack-1">
                <bdi translate="yes">{move || words::of_entry(&shown)}</bdi>
                {tally(Signal::stored(counts))}
            </div>
        </li>
    }
    .into_any()
}
