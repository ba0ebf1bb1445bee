//! The outcomes of the last runs as bars, and the same numbers as a table.

use domain::Tally;
use leptos::prelude::*;

use crate::features::results::{run_words, ui_tally};
use crate::features::words;
use crate::routing::paths;
use crate::state::activity::ActivityEntry;
use i18n::{format_number, text};
use ui::{Disclosure, OutcomeChart, outcome_chart, tally};

/// Maximum number of distinguishable bars.
const MAX_BARS: usize = 14;
/// The number of changes from which their share says more than a count.
const MANY: usize = 20;

/// The card with the chart. Entries come newest first.
pub fn chart(entries: &[ActivityEntry]) -> AnyView {
    let mut shown: Vec<ActivityEntry> = entries.iter().take(MAX_BARS).cloned().collect();
    shown.reverse();
    let (n_runs, first, last) =
        (shown.len(), shown.first().map_or(0, |e| e.at), shown.last().map_or(0, |e| e.at));
    let axis = move || {
        let (first, last) = (run_words::moment(first as f64), run_words::moment(last as f64));
        if n_runs == 1 {
            text::overview_chart_axis_one(&first)
        } else {
            text::overview_chart_axis(text::OverviewChartAxis { first: &first, last: &last })
        }
    };
    let mut sum = Tally::default();
    shown.iter().for_each(|entry| sum += entry.tally);
    let bars = outcome_chart(OutcomeChart {
        bars: shown.iter().map(|entry| ui_tally(entry.tally)).collect(),
        n_slots: MAX_BARS,
        label: Signal::derive(move || text::overview_chart(n_runs)),
        described_by: "outcomes",
        axis: view! { <span>{axis}</span> }.into_any(),
        choosing: None,
    });
    view! {
        <section class="card" aria-labelledby="outcomes">
            <div class="card-head">
                <h2 id="outcomes">{move || finding(&sum, n_runs)}</h2>
                <span class="tiny muted">{text::overview_outcomes_sub}</span>
            </div>
            <div class="card-body stack-3">
                {bars} {tally(Signal::stored(ui_tally(sum)))} <div class="chart-data">
                    <Disclosure label=text::overview_chart_table>{table(&shown)}</Disclosure>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// What came of the runs, in one sentence: how much was done, then what needs attention.
fn finding(sum: &Tally, n_runs: usize) -> String {
    let (count, runs) = (sum.n_all(), &*text::overview_finding_runs(n_runs));
    let finding = if count < MANY {
        let done = &*format_number(sum.n_done as f64);
        text::overview_finding(text::OverviewFinding { count, done, runs })
    } else {
        // Rounded down, so that 100% means all.
        let share = &*format_number((sum.n_done * 100 / count) as f64);
        text::overview_finding_share(text::OverviewFindingShare { count, runs, share })
    };
    match words::not_done(sum) {
        None => finding,
        Some(rest) => {
            text::overview_finding_rest(text::OverviewFindingRest { finding: &finding, rest: &rest })
        }
    }
}

fn table(entries: &[ActivityEntry]) -> AnyView {
    let rows = entries
        .iter()
        .rev()
        .map(|entry| {
            let (shown, at) = (entry.clone(), entry.at as f64);
            let href = paths::run(entry.plan.as_str());
            let Tally { n_done, n_same, n_refused, n_unknown, n_not_sent, .. } = entry.tally;
            let counts = [n_done, n_same, n_refused, n_unknown, n_not_sent]
                .into_iter()
                .map(|n| view! { <td class="num">{move || format_number(n as f64)}</td> })
                .collect_view();
            view! {
                <tr>
                    <th class="nowrap" scope="row">
                        {move || run_words::moment(at)}
                    </th>
                    <td class="wrap-ok">
                        <a href=href>
                            <bdi translate="yes">{move || words::of_entry(&shown)}</bdi>
                        </a>
                    </td>
                    {counts}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="grid-card">
            <div class="grid-scroll" tabindex="0" role="region" aria-label=text::overview_chart_table>
                <table class="grid">
                    <thead>
                        <tr>
                            <th scope="col">{text::overview_col_time}</th>
                            <th scope="col">{text::overview_col_run}</th>
                            <th class="num" scope="col">
                                {text::results_done}
                            </th>
                            <th class="num" scope="col">
                                {text::results_same}
                            </th>
                            <th class="num" scope="col">
                                {text::results_refused}
                            </th>
                            <th class="num" scope="col">
                                {text::results_unknown}
                            </th>
                            <th class="num" scope="col">
                                {text::results_not_sent}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::finding;
    use domain::Tally;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_finding_counts_few_changes_and_rounds_the_share_of_many_down() {
        let tally = |n_done, n_refused, n_unknown| Tally { n_done, n_refused, n_unknown, ..Tally::default() };
        for (tally, n_runs, expected) in [
            (tally(1, 0, 0), 1, "1 of 1 change done in the last run"),
            (tally(2, 1, 0), 2, "2 of 3 changes done in the last 2 runs; 1 rejected"),
            (tally(340, 0, 0), 14, "100% of 340 changes done in the last 14 runs"),
            (tally(399, 0, 1), 14, "99% of 400 changes done in the last 14 runs; 1 unknown"),
        ] {
            assert_eq!(finding(&tally, n_runs), expected);
        }
    }
}
