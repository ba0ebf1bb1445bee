//! The outcomes of the last runs as bars, and the same numbers as a table.

use domain::Tally;
use leptos::prelude::*;

use crate::features::results::{run_words, ui_tally};
use crate::features::words;
use crate::routing::paths;
use crate::state::activity::ActivityEntry;
use i18n::{format_number, text};
use ui::{Disclosure, tally};

/// Maximum number of distinguishable bars.
const MAX_BARS: usize = 14;
/// Position of the highest line of the axis, in percent from the top.
const TOP: f64 = 16.7;
/// Position of the lowest line.
const GROUND: f64 = 99.8;
/// Minimum height of a non-zero part, so that it stays visible.
const MIN_PART: f64 = 1.2;
/// Gap between the parts of a bar.
const GAP: f64 = 0.5;

/// The number of changes from which their share says more than a count.
const MANY: usize = 20;

/// The card with the chart. Entries come newest first.
pub fn chart(entries: &[ActivityEntry]) -> AnyView {
    let mut shown: Vec<ActivityEntry> = entries.iter().take(MAX_BARS).cloned().collect();
    shown.reverse();
    let (n_runs, first, last) =
        (shown.len(), shown.first().map_or(0, |e| e.at), shown.last().map_or(0, |e| e.at));
    let top = top_of(shown.iter().map(|entry| entry.tally.n_all()).max().unwrap_or(0));
    let bars = shown.iter().enumerate().map(|(idx, entry)| bar(idx, &entry.tally, top)).collect_view();
    let line = |y: f64| {
        let y = percent(y);
        view! { <line class="axis" x1="0" x2="100%" y1=y.clone() y2=y /> }
    };
    let number = |n: usize| view! { <span>{move || format_number(n as f64)}</span> };
    let axis = move || {
        let (first, last) = (run_words::moment(first as f64), run_words::moment(last as f64));
        if n_runs == 1 {
            text::overview_chart_axis_one(&first)
        } else {
            text::overview_chart_axis(text::OverviewChartAxis { first: &first, last: &last })
        }
    };
    let sum = shown.iter().fold(Tally::default(), |sum, entry| plus(sum, &entry.tally));
    let peak = shown.iter().enumerate().max_by_key(|(_, entry)| entry.tally.n_all());
    let peak = peak.map(|(idx, entry)| label(idx, entry.tally.n_all(), top));
    view! {
        <section class="card" aria-labelledby="outcomes">
            <div class="card-head">
                <h2 id="outcomes">{move || finding(&sum, n_runs)}</h2>
                <span class="tiny muted">{text::overview_outcomes_sub}</span>
            </div>
            <div class="card-body stack-3">
                <div class="chart-box">
                    <div class="chart-y" aria-hidden="true">
                        {number(top)}
                        {number(top / 2)}
                        {number(0)}
                    </div>
                    <svg
                        class="chart chart-days"
                        role="img"
                        aria-label=move || text::overview_chart(n_runs)
                        aria-describedby="outcomes"
                    >
                        {line(TOP)}
                        {line((TOP + GROUND) / 2.0)}
                        {line(GROUND)}
                        {bars}
                        {peak}
                    </svg>
                    <div class="chart-x" aria-hidden="true">
                        <span>{axis}</span>
                    </div>
                </div>
                {tally(Signal::stored(ui_tally(sum)))}
                <div class="chart-data">
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

/// The number of changes above the highest bar.
fn label(idx: usize, n: usize, top: usize) -> AnyView {
    let slot = 100.0 / MAX_BARS as f64;
    let height = n as f64 * (GROUND - TOP) / top as f64;
    let (x, y) = (percent((idx as f64 + 0.5) * slot), percent(GROUND - height - 3.0));
    view! {
        <text class="peak" x=x y=y text-anchor="middle">
            {move || format_number(n as f64)}
        </text>
    }
    .into_any()
}

/// The top of the axis: a round, even number not below the highest bar.
fn top_of(most: usize) -> usize {
    let mut unit = 1;
    loop {
        if let Some(top) = [2, 4, 6, 10].into_iter().map(|step| step * unit).find(|top| *top >= most) {
            return top;
        }
        unit *= 10;
    }
}

fn plus(sum: Tally, other: &Tally) -> Tally {
    Tally {
        n_done: sum.n_done + other.n_done,
        n_same: sum.n_same + other.n_same,
        n_refused: sum.n_refused + other.n_refused,
        n_unknown: sum.n_unknown + other.n_unknown,
        n_not_sent: sum.n_not_sent + other.n_not_sent,
        n_waiting: sum.n_waiting + other.n_waiting,
    }
}

fn percent(value: f64) -> String {
    ui::percent((value * 100.0).round() as u64)
}

fn bar(idx: usize, counts: &Tally, top: usize) -> AnyView {
    let slot = 100.0 / MAX_BARS as f64;
    let (x, width) = (percent((idx as f64 + 0.2) * slot), percent(0.6 * slot));
    let mut y = GROUND;
    let parts = [
        ("is-done", None, counts.n_done),
        ("is-same", None, counts.n_same),
        ("is-unknown has-tex", Some("url(#p-unknown)"), counts.n_unknown),
        ("is-refused", None, counts.n_refused),
        ("is-not-sent", None, counts.n_not_sent),
    ];
    let part = |(class, fill, count): (&'static str, Option<&'static str>, usize)| {
        let height = (count as f64 * (GROUND - TOP) / top as f64).max(MIN_PART);
        y -= height;
        let (x, width) = (x.clone(), width.clone());
        let drawn = percent((height - GAP).max(0.3));
        view! { <rect class=class x=x y=percent(y) width=width height=drawn fill=fill /> }
    };
    parts.into_iter().filter(|(_, _, count)| *count > 0).map(part).collect_view().into_any()
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
    use super::{finding, top_of};
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

    #[wasm_bindgen_test]
    fn the_axis_ends_at_an_even_number_that_no_bar_exceeds() {
        for (most, top) in [(0, 2), (1, 2), (3, 4), (7, 10), (11, 20), (41, 60), (220, 400), (4_100, 6_000)] {
            assert_eq!(top_of(most), top, "{most}");
        }
    }
}
