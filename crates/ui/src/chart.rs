//! Counts by outcome as bars beside each other, and numbers as bars below each other. All lengths are SVG attributes,
//! never styles.

use std::sync::Arc;

use i18n::format_number;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::keys::pressed;
use super::tally::{Tally, hundredths, percent};
use super::tone::Tone;

/// Position of the highest line of the axis, in percent from the top.
const TOP: f64 = 16.7;
/// Position of the lowest line.
const GROUND: f64 = 99.8;
/// Minimum height of a non-zero part, so that it stays visible.
const MIN_PART: f64 = 1.2;
/// Gap between the parts of a bar.
const GAP: f64 = 0.5;

/// A bar for each of some runs, days or the like.
pub struct OutcomeChart {
    /// The counts of each bar, from left to right.
    pub bars: Vec<Tally>,
    /// Number of bars that there is room for; few bars are not wider than these.
    pub n_slots: usize,
    /// What the chart shows.
    pub label: Signal<String>,
    /// The id of the element that says what it comes to.
    pub described_by: &'static str,
    /// The text below it.
    pub axis: AnyView,
    /// Makes bars with counts buttons.
    pub choosing: Option<BarChoice>,
}

impl std::fmt::Debug for OutcomeChart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutcomeChart").field("bars", &self.bars).finish_non_exhaustive()
    }
}

/// What choosing a bar does.
#[derive(Clone)]
pub struct BarChoice {
    /// The text of the button of a bar; tracked.
    pub name: Arc<dyn Fn(usize) -> String + Send + Sync>,
    /// Called with the index of the chosen bar.
    pub on_choose: Callback<usize>,
}

impl std::fmt::Debug for BarChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BarChoice").finish_non_exhaustive()
    }
}

/// The chart, with the highest count above its bar.
pub fn outcome_chart(chart: OutcomeChart) -> AnyView {
    let OutcomeChart { bars, n_slots, label, described_by, axis, choosing } = chart;
    let n_slots = n_slots.max(bars.len());
    let most = bars.iter().map(Tally::total).max().unwrap_or(0);
    let top = top_of(most);
    let drawn = bars.iter().enumerate().map(|(idx, counts)| bar(idx, n_slots, counts, top)).collect_view();
    let line = |y: f64| {
        let y = of_hundred(y);
        view! { <line class="axis" x1="0" x2="100%" y1=y.clone() y2=y /> }
    };
    let number = |n: usize| view! { <span>{move || format_number(n as f64)}</span> };
    // Of equal ones, the last.
    let peak = bars.iter().rposition(|bar| bar.total() == most).map(|idx| peak(idx, n_slots, most, top));
    let buttons = choosing.map(|choosing| buttons(&bars, n_slots, label, choosing));
    view! {
        <div class="chart-box">
            <div class="chart-y" aria-hidden="true">
                {number(top)}
                {number(top / 2)}
                {number(0)}
            </div>
            <svg class="chart chart-bars" role="img" aria-label=label aria-describedby=described_by>
                {line(TOP)}
                {line((TOP + GROUND) / 2.0)}
                {line(GROUND)}
                {drawn}
                {peak}
            </svg>
            {buttons}
            <div class="chart-x" aria-hidden="true">
                {axis}
            </div>
        </div>
    }
    .into_any()
}

fn bar(idx: usize, n_slots: usize, counts: &Tally, top: usize) -> AnyView {
    let slot = 100.0 / n_slots as f64;
    let (x, width) = (of_hundred((idx as f64 + 0.2) * slot), of_hundred(0.6 * slot));
    let mut y = GROUND;
    let parts = [
        (Tone::Done, counts.done),
        (Tone::Same, counts.same),
        (Tone::Unknown, counts.unknown),
        (Tone::Refused, counts.refused),
        (Tone::NotSent, counts.not_sent),
    ];
    let part = |(tone, count): (Tone, usize)| {
        let height = (count as f64 * (GROUND - TOP) / top as f64).max(MIN_PART);
        y -= height;
        let (x, width) = (x.clone(), width.clone());
        let (class, fill) = match tone {
            Tone::Unknown => ("is-unknown has-tex", Some("url(#p-unknown)")),
            _ => (tone.class(), None),
        };
        let drawn = of_hundred((height - GAP).max(0.3));
        view! { <rect class=class x=x y=of_hundred(y) width=width height=drawn fill=fill /> }
    };
    parts.into_iter().filter(|(_, count)| *count > 0).map(part).collect_view().into_any()
}

/// The count above the highest bar.
fn peak(idx: usize, n_slots: usize, n: usize, top: usize) -> AnyView {
    let slot = 100.0 / n_slots as f64;
    let height = n as f64 * (GROUND - TOP) / top as f64;
    let (x, y) = (of_hundred((idx as f64 + 0.5) * slot), of_hundred(GROUND - height - 3.0));
    view! {
        <text class="peak" x=x y=y text-anchor="middle">
            {move || format_number(n as f64)}
        </text>
    }
    .into_any()
}

/// A button over each bar that has counts. The arrow keys move between them, so that Tab passes all of them at once.
fn buttons(bars: &[Tally], n_slots: usize, label: Signal<String>, choosing: BarChoice) -> AnyView {
    let places: Vec<usize> = (0..bars.len()).filter(|idx| bars[*idx].total() > 0).collect();
    let at = RwSignal::new(places.last().copied().unwrap_or_default());
    let group = NodeRef::<Div>::new();
    let on_key = {
        let places = places.clone();
        move |event: KeyboardEvent| {
            let here = places.iter().position(|place| *place == at.get_untracked()).unwrap_or_default();
            let next = match &*pressed(&event) {
                "ArrowLeft" => here.checked_sub(1),
                "ArrowRight" => Some(here + 1),
                "Home" => Some(0),
                "End" => places.len().checked_sub(1),
                _ => return,
            };
            event.prevent_default();
            let Some(next) = next.and_then(|next| places.get(next)) else { return };
            at.set(*next);
            let slot = group.get_untracked().and_then(|group| group.children().item(*next as u32));
            if let Some(button) = slot {
                // A button can always be focused.
                let _ = button.unchecked_into::<HtmlElement>().focus();
            }
        }
    };
    let slot = |idx: usize| {
        if !places.contains(&idx) {
            return view! { <span /> }.into_any();
        }
        let BarChoice { name, on_choose } = choosing.clone();
        let title = Arc::clone(&name);
        view! {
            <button
                class="chart-hit"
                type="button"
                aria-label=move || name(idx)
                title=move || title(idx)
                tabindex=move || if at.get() == idx { "0" } else { "-1" }
                on:focus=move |_| at.set(idx)
                on:click=move |_| on_choose.run(idx)
            />
        }
        .into_any()
    };
    let slots = (0..n_slots).map(slot).collect_view();
    view! {
        <div class="chart-hits" role="group" aria-label=label node_ref=group on:keydown=on_key>
            {slots}
        </div>
    }
    .into_any()
}

/// A number with its name, and a bar as long as its share of `most`. `spoken` is the name as text.
pub fn counted_bar(name: AnyView, spoken: String, count: usize, most: usize) -> AnyView {
    let width = percent(hundredths(count, most.max(1)));
    let label = move || [&*spoken, ": ", &*format_number(count as f64)].concat();
    view! {
        <div class="meter-row">
            <span>{name}</span>
            <span>{move || format_number(count as f64)}</span>
            <svg class="bar bar-sm bar-plain" role="img" aria-label=label>
                <rect class="is-info" width=width height="100%" />
            </svg>
        </div>
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

fn of_hundred(value: f64) -> String {
    percent((value * 100.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::top_of;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_axis_ends_at_an_even_number_that_no_bar_exceeds() {
        for (most, top) in [(0, 2), (1, 2), (3, 4), (7, 10), (11, 20), (41, 60), (220, 400), (4_100, 6_000)] {
            assert_eq!(top_of(most), top, "{most}");
        }
    }
}
