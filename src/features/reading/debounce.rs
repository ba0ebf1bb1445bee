//! A debounced signal, so that typing does not send a request per letter.

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::time::Duration;
use ui::effect_after;

/// How long a value must stay unchanged.
const REST: Duration = Duration::from_millis(300);

/// Follows `source` once it has been unchanged for `REST`. The initial value is available at once.
pub fn debounced(source: Signal<String>) -> Signal<String> {
    let rested = RwSignal::new(source.get_untracked());
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    effect_after(move |before: Option<()>| {
        let value = source.get();
        stop();
        if before.is_some() && rested.with_untracked(|rested| *rested != value) {
            let handle = set_timeout_with_handle(
                move || {
                    rested.try_set(value);
                },
                REST,
            );
            waiting.set_value(handle.ok());
        }
    });
    on_cleanup(stop);
    rested.into()
}
