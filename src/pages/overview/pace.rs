//! How much of a vendor's rate limit is used.

use std::sync::Arc;
use std::time::Duration;

use domain::{Connection, Millis};
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;

use crate::features::results::run_pace::meter;
use crate::state::session::Session;
use browser::clock;

/// Refresh interval of the numbers.
const EVERY: Duration = Duration::from_secs(3);

/// The current time, updated while the page is visible.
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
    (move || fullest.get().map(|(n_used, window)| meter(n_used, window))).into_any()
}
