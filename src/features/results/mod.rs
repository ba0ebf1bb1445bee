//! The results of a run: one sentence, then every person with outcome, reason and details.

pub mod call_details;
pub mod change;
pub mod download;
pub mod member_table;
pub mod run_pace;
mod run_results;
pub mod run_words;
pub mod under_way;

use domain::outcome::Verdict;
use domain::{Millis, Tally};
use leptos::prelude::*;

use crate::features::words;
use crate::state::runs::RunView;
use i18n::text;
use ui::{Tone, icon_sm};

pub use run_results::{install_results, receipt_card, run_results};

/// Number of rows shown before the user asks for all.
const FIRST_ROWS: usize = 50;
/// A run that takes longer is shown on its own page.
const LONG_MS: Millis = 60_000;

/// The tone of a verdict.
pub fn tone(verdict: Option<Verdict>) -> Tone {
    match verdict {
        Some(Verdict::Done) => Tone::Done,
        Some(Verdict::Same) => Tone::Same,
        Some(Verdict::Refused) => Tone::Refused,
        Some(Verdict::Unknown) => Tone::Unknown,
        Some(Verdict::NotSent) => Tone::NotSent,
        None => Tone::Waiting,
    }
}

/// Converts a tally for the generic components.
pub fn ui_tally(tally: Tally) -> ui::Tally {
    ui::Tally {
        done: tally.n_done,
        same: tally.n_same,
        refused: tally.n_refused,
        unknown: tally.n_unknown,
        not_sent: tally.n_not_sent,
        waiting: tally.n_waiting,
    }
}

/// The sentence of a run: "8 added, 2 refused".
pub fn sentence(run: &RunView) -> String {
    words::tally(run.only_operation().map(|operation| &**operation), &run.tally())
}

/// Whether a run should be shown on its own page: it has many rows, or takes long.
pub fn leads_to_page(run: &RunView) -> bool {
    untrack(|| run.n_rows() > FIRST_ROWS || run.time_left() > LONG_MS)
}

/// The button that opens the details of a person's row. `controls` is the id of the element with the details.
pub fn details_button(is_open: RwSignal<bool>, controls: String, person: String) -> AnyView {
    view! {
        <button
            class="btn btn-quiet btn-sm"
            type="button"
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            aria-controls=controls
            on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
        >
            {text::results_details}
            <span class="sr-only">{move || text::results_details_of(&person)}</span>
            {move || icon_sm(if is_open.get() { "chevron-up" } else { "chevron-down" })}
        </button>
    }
    .into_any()
}
