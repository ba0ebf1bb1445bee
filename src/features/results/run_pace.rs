//! How much of a vendor's rate limit is used: a bar per window.

use domain::{Millis, Window};
use leptos::prelude::*;

use crate::features::words;
use i18n::{format_number, text};
use ui::percent;

/// The calls of one window against its limit.
pub fn meter(n_used: u32, window: Window) -> AnyView {
    let label = calls_in(window.span_ms);
    let (used, most) = (format_number(f64::from(n_used)), format_number(f64::from(window.max)));
    let is_full = n_used >= window.max;
    let numbers = text::overview_calls_of(text::OverviewCallsOf { n: &used, max: &most });
    let numbers = if is_full { text::run_pace_full(&numbers) } else { numbers };
    let max = u64::from(window.max.max(1));
    let width = percent(u64::from(n_used).min(max) * 10_000 / max);
    let spoken = [&*label, ": ", &*numbers].concat();
    let class = if is_full { "is-unknown" } else { "is-info" };
    view! {
        <div class="meter-row">
            <span>{label}</span>
            <span>{numbers}</span>
            <svg class="bar bar-sm bar-plain" role="img" aria-label=spoken>
                <rect class=class width=width height="100%" />
            </svg>
        </div>
    }
    .into_any()
}

fn calls_in(span_ms: Millis) -> String {
    match span_ms {
        1_000 => text::overview_calls_second(),
        60_000 => text::overview_calls_minute(),
        600_000 => text::overview_calls_ten_minutes(),
        3_600_000 => text::overview_calls_hour(),
        other => text::overview_calls_other(&words::duration(other)),
    }
}
