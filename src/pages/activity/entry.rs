//! One entry of the activity: when, where, what and the tally; expanded, every person.

use leptos::prelude::*;

use super::people;
use crate::features::results::ui_tally;
use crate::features::words;
use crate::state::activity::ActivityEntry;
use crate::state::runs::use_runs;
use i18n::{format_time, text};
use ui::{icon, next_id, tally, vendor_mark};

/// An entry. `open` is the plan of the expanded entry and is part of the URL.
pub fn entry(entry: &ActivityEntry, open: Memo<String>, set_open: SignalSetter<Option<String>>) -> AnyView {
    let runs = use_runs();
    let (shown, at) = (entry.clone(), entry.at as f64);
    let plan = entry.plan.clone();
    let is_open = {
        let plan = plan.clone();
        Memo::new(move |_| open.with(|open| open == plan.as_str()))
    };
    let turn = {
        let plan = plan.to_string();
        move |_| set_open.set((!is_open.get_untracked()).then(|| plan.clone()))
    };
    let where_to = entry.connection_name.to_string();
    let is_stopped = entry.is_stopped;
    let place = move || if is_stopped { text::activity_stopped(&where_to) } else { where_to.clone() };
    let details_id = next_id("entry");
    let controls = details_id.clone();
    let opened = move || {
        let run = runs.get(&plan).filter(|_| is_open.get())?;
        Some(people::people(&run))
    };
    view! {
        <li>
            <div class="entry">
                <time>{move || format_time(at)}</time>
                {vendor_mark(entry.vendor.slug(), false)}
                <div>
                    <bdi translate="yes">{move || words::of_entry(&shown)}</bdi>
                    <p class="entry-who">
                        <bdi translate="no">{place}</bdi>
                    </p>
                </div>
                {tally(Signal::stored(ui_tally(entry.tally)))}
                <button
                    class="btn btn-quiet btn-icon btn-sm"
                    type="button"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    aria-controls=controls
                    aria-label=move || text::activity_details_at(&format_time(at))
                    on:click=turn
                >
                    {move || icon(if is_open.get() { "chevron-up" } else { "chevron-down" })}
                </button>
            </div>
            <div class="details" id=details_id hidden=move || !is_open.get()>
                {opened}
            </div>
        </li>
    }
    .into_any()
}
