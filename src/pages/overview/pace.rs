//! How much of a vendor's limit is used.

use std::sync::Arc;
use std::time::Duration;

use domain::{Connection, Millis};
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;

use crate::clock;
use crate::components::words;
use crate::i18n::{format_number, text};
use crate::session::Session;

/// How often the numbers are brought up to date.
const EVERY: Duration = Duration::from_secs(3);

/// This moment, again and again while the page is looked at.
pub fn moment() -> Signal<Millis> {
    let now = RwSignal::new(clock::now());
    let tick = move || {
        if !document().hidden() {
            now.try_set(clock::now());
        }
    };
    let ticking: Option<IntervalHandle> = set_interval_with_handle(tick, EVERY).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    now.into()
}

/// The fullest window of a connection: its calls against its limit.
pub fn pace(session: Session, connection: Arc<Connection>, now: Signal<Millis>) -> AnyView {
    let fullest = Memo::new(move |_| session.budget(&connection).borrow().fullest(now.get()));
    let meter = move || {
        let (n_used, window) = fullest.get()?;
        let label = calls_in(window.span_ms);
        let (used, most) = (format_number(f64::from(n_used)), format_number(f64::from(window.max)));
        let numbers = text::overview_calls_of(text::OverviewCallsOf { max: &most, n: &used });
        let share = f64::from(n_used) * 100.0 / f64::from(window.max.max(1));
        let width = [&share.min(100.0).to_string(), "%"].concat();
        let spoken = [&*label, ": ", &*numbers].concat();
        Some(view! {
            <div class="meter-row">
                <span>{label}</span>
                <span>{numbers}</span>
                <svg class="bar bar-sm bar-plain" role="img" aria-label=spoken>
                    <rect class="is-info" width=width height="100%" />
                </svg>
            </div>
        })
    };
    meter.into_any()
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
