//! Progress of a long operation.

use super::tally::{hundredths, percent};
use i18n::format_number;
use leptos::prelude::*;

/// A progress bar with `done` of `total`; the label names the operation.
pub fn progress(label: Signal<String>, done: Signal<usize>, total: Signal<usize>) -> AnyView {
    let share = move || percent(hundredths(done.get().min(total.get()), total.get().max(1)));
    let numbers =
        move || format!("{} / {}", format_number(done.get() as f64), format_number(total.get() as f64));
    view! {
        <div class="meter-row">
            <span>{label}</span>
            <span>{numbers}</span>
            <svg
                class="bar bar-lg bar-plain"
                role="progressbar"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax=move || total.get().to_string()
                aria-valuenow=move || done.get().to_string()
            >
                <rect class="is-info" width=share height="100%" />
            </svg>
        </div>
    }
    .into_any()
}
