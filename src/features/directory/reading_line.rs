//! How far the reading of a list is: a line above it, which goes away when all of it was read.

use std::sync::Arc;

use domain::{Connection, Millis};
use leptos::prelude::*;

use crate::features::directory::kept_words;
use crate::features::reading::not_read::not_read;
use crate::state::directory::{PeopleDirectory, ReadingStage, ReadingStatus};
use i18n::{format_number, format_time, text};
use ui::{Button, Tone, Variant, notice, progress};

const MINUTE_MS: Millis = 60_000;

/// What the line says of a list, and what can be done about its reading.
#[derive(Clone, Copy, Debug)]
pub struct ReadingLine {
    /// Names the reading.
    pub reading: fn() -> String,
    /// Says that the list changed meanwhile.
    pub moved: fn() -> String,
    /// Says that something may be missing, given the vendor's count and the vendor.
    pub unsure: fn(&str, &str) -> String,
    pub pause: Callback<()>,
    pub go_on: Callback<()>,
    pub agree: Callback<()>,
    pub again: Callback<()>,
}

/// The line of a list of people.
pub fn reading_line(directory: &PeopleDirectory, connection: &Arc<Connection>) -> AnyView {
    let status = directory.status();
    let directory = StoredValue::new_local(directory.clone());
    let line = ReadingLine {
        reading: text::directory_reading,
        moved: text::directory_moved,
        unsure: |total, vendor| text::directory_unsure(text::DirectoryUnsure { total, vendor }),
        pause: Callback::new(move |()| directory.with_value(PeopleDirectory::pause)),
        go_on: Callback::new(move |()| directory.with_value(PeopleDirectory::go_on)),
        agree: Callback::new(move |()| directory.with_value(PeopleDirectory::agree)),
        again: Callback::new(move |()| directory.with_value(PeopleDirectory::again)),
    };
    line.view(status, connection)
}

impl ReadingLine {
    /// The line of a list that is being read.
    pub fn view(self, status: ArcRwSignal<ReadingStatus>, connection: &Arc<Connection>) -> AnyView {
        let connection = connection.clone();
        let stage = {
            let status = status.clone();
            Memo::new(move |_| status.with(|status: &ReadingStatus| status.stage.clone()))
        };
        let not_kept = {
            let status = status.clone();
            let said = Memo::new(move |_| {
                status.with(|status: &ReadingStatus| status.not_kept).and_then(kept_words::not_kept)
            });
            move || said.get().map(|said| row(said, ().into_any()))
        };
        let line = move || {
            let status = status.clone();
            match stage.get() {
                ReadingStage::Reading => self.reading(status),
                ReadingStage::Waiting(until) => waiting(&connection, until, self.pause),
                ReadingStage::Asking(n_calls, window) => {
                    let most = format_number(f64::from(window.max));
                    let minutes = (window.span_ms / MINUTE_MS) as usize;
                    let asked = text::directory_asks(text::DirectoryAsks {
                        count: n_calls as usize,
                        most: &most,
                        span: &text::directory_minutes(minutes),
                        vendor: connection.vendor.name(),
                    });
                    let agree = self.agree;
                    let button =
                        view! { <Button label=text::directory_load_all small=true on_press=agree /> };
                    row(asked, button.into_any())
                }
                ReadingStage::Paused => {
                    let said = move || status.with(|status| text::directory_paused(&n_read(status)));
                    let on = self.go_on;
                    let button = view! { <Button label=text::directory_go_on small=true on_press=on /> };
                    row(said, button.into_any())
                }
                ReadingStage::Failed(failure) => not_read(&connection, &failure, self.go_on),
                ReadingStage::Ended => notice(Tone::Refused, text::directory_ended),
                ReadingStage::Done => self.done(status, &connection),
            }
        };
        view! { <div class="reading-line">{line} {not_kept}</div> }.into_any()
    }

    fn reading(self, status: ArcRwSignal<ReadingStatus>) -> AnyView {
        // A list of one page needs no line.
        let is_long = {
            let status = status.clone();
            Memo::new(move |_| status.with(is_long))
        };
        let line = move || {
            let status = status.clone();
            is_long.get().then(|| {
                let (done, total) = (status.clone(), status.clone());
                let done = Signal::derive(move || done.with(|status| status.n_read as usize));
                let total = Signal::derive(move || {
                    total.with(|status| status.total.unwrap_or_default().max(status.n_read) as usize)
                });
                let said = move || status.with(|status| text::directory_n_calls(status.n_calls));
                view! {
                    <div class="reading-row">
                        {progress(Signal::derive(self.reading), done, total)}
                        <span class="muted">{said}</span> {pause_button(self.pause)}
                    </div>
                }
            })
        };
        line.into_any()
    }

    /// What to know about the list after it was read.
    fn done(self, status: ArcRwSignal<ReadingStatus>, connection: &Connection) -> AnyView {
        let vendor = connection.vendor.name();
        let said = Memo::new(move |_| {
            status.with(|status| {
                if status.is_unsure {
                    let total = format_number(status.total.unwrap_or_default() as f64);
                    return Some((self.unsure)(&total, vendor));
                }
                let kept = if status.is_kept { kept_words::kept(status.read_at) } else { None };
                kept.or_else(|| status.has_moved.then(self.moved))
            })
        });
        let again = self.again;
        let line = move || {
            said.get().map(|said| {
                let button = view! { <Button label=text::scopes_read_again small=true on_press=again /> };
                row(said, button.into_any())
            })
        };
        line.into_any()
    }
}

/// Whether an answer was there that did not end the list.
fn is_long(status: &ReadingStatus) -> bool {
    !status.is_blank() && status.n_calls > 0 && status.total.is_none_or(|total| status.n_read < total)
}

/// "12,000 of 100,000", or only the first.
fn n_read(status: &ReadingStatus) -> String {
    let n_read = format_number(status.n_read as f64);
    match status.total {
        Some(total) => text::directory_n_of(text::DirectoryNOf {
            n: &n_read,
            total: &format_number(total.max(status.n_read) as f64),
        }),
        None => n_read,
    }
}

/// Says for what a reading waits.
pub fn waiting(connection: &Connection, until: Option<Millis>, pause: Callback<()>) -> AnyView {
    let said = match until {
        Some(until) => text::directory_waits_limit(text::DirectoryWaitsLimit {
            time: &format_time(until as f64),
            vendor: connection.vendor.name(),
        }),
        None => text::directory_waits_run(),
    };
    row(said, pause_button(pause))
}

fn pause_button(pause: Callback<()>) -> AnyView {
    view! { <Button label=text::directory_pause small=true variant=Variant::Quiet on_press=pause /> }
        .into_any()
}

/// A sentence about a reading, with what can be done.
pub fn row(said: impl IntoView + 'static, actions: AnyView) -> AnyView {
    view! {
        <div class="reading-row">
            <span role="status">{said}</span>
            {actions}
        </div>
    }
    .into_any()
}
