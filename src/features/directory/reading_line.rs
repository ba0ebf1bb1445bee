//! How far the reading of a directory is: a line above the list, which goes away when everyone was read.

use std::sync::Arc;

use domain::{Connection, Millis};
use leptos::prelude::*;

use crate::features::reading::not_read::not_read;
use crate::state::directory::{PeopleDirectory, ReadingStage, ReadingStatus};
use i18n::{format_number, format_time, text};
use ui::{Button, Tone, Variant, notice, progress};

const MINUTE_MS: Millis = 60_000;

/// The line, with what can be done about it.
pub fn reading_line(directory: &PeopleDirectory, connection: &Arc<Connection>) -> AnyView {
    let status = directory.status();
    let directory = StoredValue::new_local(directory.clone());
    let connection = connection.clone();
    let stage = {
        let status = status.clone();
        Memo::new(move |_| status.with(|status: &ReadingStatus| status.stage.clone()))
    };
    let line = move || {
        let status = status.clone();
        match stage.get() {
            ReadingStage::Reading => reading(status, directory),
            ReadingStage::Waiting(until) => waiting(&connection, until, directory),
            ReadingStage::Asking(n_calls, window) => {
                let most = format_number(f64::from(window.max));
                let minutes = (window.span_ms / MINUTE_MS) as usize;
                let asked = text::directory_asks(text::DirectoryAsks {
                    count: n_calls as usize,
                    most: &most,
                    span: &text::directory_minutes(minutes),
                    vendor: connection.vendor.name(),
                });
                let agree = move || directory.with_value(PeopleDirectory::agree);
                let button = view! { <Button label=text::directory_load_all small=true on_press=agree /> };
                row(asked, button.into_any())
            }
            ReadingStage::Paused => {
                let said = move || status.with(|status| text::directory_paused(&n_read(status)));
                let on = move || directory.with_value(PeopleDirectory::go_on);
                row(said, view! { <Button label=text::directory_go_on small=true on_press=on /> }.into_any())
            }
            ReadingStage::Failed(failure) => {
                let again = Callback::new(move |()| directory.with_value(PeopleDirectory::go_on));
                not_read(&connection, &failure, again)
            }
            ReadingStage::Ended => notice(Tone::Refused, text::directory_ended),
            ReadingStage::Done => done(status, &connection, directory),
        }
    };
    view! { <div class="reading-line">{line}</div> }.into_any()
}

fn reading(
    status: ArcRwSignal<ReadingStatus>,
    directory: StoredValue<PeopleDirectory, LocalStorage>,
) -> AnyView {
    // A list of one page needs no line.
    let is_long = {
        let status = status.clone();
        Memo::new(move |_| {
            status.with(|status| !status.is_blank() && status.total.is_none_or(|total| status.n_read < total))
        })
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
            let pause = move || directory.with_value(PeopleDirectory::pause);
            view! {
                <div class="reading-row">
                    {progress(Signal::derive(text::directory_reading), done, total)}
                    <span class="muted">{said}</span>
                    <Button label=text::directory_pause small=true variant=Variant::Quiet on_press=pause />
                </div>
            }
        })
    };
    line.into_any()
}

fn waiting(
    connection: &Connection,
    until: Option<Millis>,
    directory: StoredValue<PeopleDirectory, LocalStorage>,
) -> AnyView {
    let said = match until {
        Some(until) => text::directory_waits_limit(text::DirectoryWaitsLimit {
            time: &format_time(until as f64),
            vendor: connection.vendor.name(),
        }),
        None => text::directory_waits_run(),
    };
    let pause = move || directory.with_value(PeopleDirectory::pause);
    let button =
        view! { <Button label=text::directory_pause small=true variant=Variant::Quiet on_press=pause /> };
    row(said, button.into_any())
}

/// What is to be known of the list after it was read.
fn done(
    status: ArcRwSignal<ReadingStatus>,
    connection: &Connection,
    directory: StoredValue<PeopleDirectory, LocalStorage>,
) -> AnyView {
    let vendor = connection.vendor.name();
    let again = move || directory.with_value(PeopleDirectory::again);
    let said = Memo::new(move |_| {
        status.with(|status| {
            if status.is_unsure {
                let total = format_number(status.total.unwrap_or_default() as f64);
                return Some(text::directory_unsure(text::DirectoryUnsure { total: &total, vendor }));
            }
            status.has_moved.then(text::directory_moved)
        })
    });
    let line = move || {
        said.get().map(|said| {
            row(said, view! { <Button label=text::scopes_read_again small=true on_press=again /> }.into_any())
        })
    };
    line.into_any()
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

fn row(said: impl IntoView + 'static, actions: AnyView) -> AnyView {
    view! {
        <div class="reading-row">
            <span role="status">{said}</span>
            {actions}
        </div>
    }
    .into_any()
}
