//! The line below a list that was read whole: how many rows, when it was read, and what makes it read again.

use browser::clock;
use domain::Millis;
use i18n::{format_date, format_date_time, format_time, text};
use leptos::prelude::*;
use ui::{Button, Variant};

/// The line. `loaded` is when the list was read and with how many calls.
pub fn list_foot(
    said: impl Fn() -> String + Send + Sync + 'static,
    loaded: Signal<Option<(Millis, usize)>>,
    again: Callback<()>,
) -> AnyView {
    let when =
        move || loaded.get().map(|(read_at, n_calls)| text::members_read_at(n_calls, &moment(read_at)));
    view! {
        <span role="status">{said}</span>
        <span class="push">{when}</span>
        {refresh(again)}
    }
    .into_any()
}

/// The time of day, with the date if it was on another day.
pub fn moment(at: Millis) -> String {
    let (at, now) = (at as f64, clock::now() as f64);
    if format_date(at) == format_date(now) { format_time(at) } else { format_date_time(at) }
}

/// The button that reads a list again.
pub fn refresh(again: Callback<()>) -> AnyView {
    view! { <Button label=text::members_read_again variant=Variant::Link small=true on_press=again /> }
        .into_any()
}
