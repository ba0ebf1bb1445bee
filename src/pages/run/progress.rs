//! The progress of the run: counts, the bar, what happens now, the remaining time, and the pace.

use std::time::Duration;

use domain::{ChangeId, Millis, Status};
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Here;
use crate::features::results;
use crate::features::results::run_pace::meter;
use crate::features::results::run_words::RunStage;
use crate::features::results::ui_tally;
use crate::features::words;
use browser::{clock, notify};
use i18n::{format_number, format_time, text};
use ui::{icon, tally, tally_bar};

/// Refresh interval of "in 4 seconds".
const EVERY: Duration = Duration::from_secs(1);
/// Shorter waits are shown in seconds, longer ones by the time they end.
const SHORT_MS: Millis = 90_000;

/// The card at the top of the page.
pub(super) fn progress(here: Here) -> AnyView {
    let counts = Signal::derive(move || ui_tally(here.standing.with(|standing| standing.tally)));
    let stage = Memo::new(move |_| here.standing.with(|standing| standing.stage()));
    let now = move || match stage.get() {
        RunStage::GoingOn => live(here),
        RunStage::Waiting => {
            line("pause", view! { {move || here.standing.with(|standing| standing.sentence())} }.into_any())
        }
        // The title of the page says what was done.
        RunStage::Finished => ().into_any(),
    };
    let n = move || format_number(here.standing.with(|standing| standing.n_settled()) as f64);
    let of = move || text::run_of_rows(here.standing.with(|standing| standing.tally.n_all()));
    view! {
        <section class="card run-top" aria-labelledby="progress">
            <h2 class="sr-only" id="progress">
                {text::run_progress}
            </h2>
            <div class="run-main">
                <div class="progress-head">
                    <p class="progress-now">{n}" "<small>{of}</small></p>
                    {move || (stage.get() == RunStage::GoingOn).then(|| time_left(here))}
                </div>
                {tally_bar(counts)}
                {tally(counts)}
                {now}
            </div>
            {pace(here)}
        </section>
    }
    .into_any()
}

/// The result of the run, in one sentence.
pub(super) fn closing(here: Here) -> String {
    results::sentence(&here.run())
}

fn line(mark: &'static str, body: AnyView) -> AnyView {
    view! { <p class="small muted run-live">{icon(mark)}<span>{body}</span></p> }.into_any()
}

/// Updates every second while the run is under way.
fn live(here: Here) -> AnyView {
    let now = RwSignal::new(clock::now());
    let ticking: Option<IntervalHandle> = set_interval_with_handle(
        move || {
            now.try_set(clock::now());
        },
        EVERY,
    )
    .ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    let sentence = Memo::new(move |_| what_now(here, now.get()));
    view! {
        {line("timer", view! { {sentence} }.into_any())}
        {notify_choice()}
    }
    .into_any()
}

/// Asks for a notification when runs end; nothing where the browser has none.
fn notify_choice() -> Option<AnyView> {
    let is_wanted = RwSignal::new(notify::is_wanted());
    let change = move |event| {
        let wants = event_target_checked(&event);
        // Unticked again if the browser does not allow it.
        is_wanted.set(wants);
        spawn_local(async move {
            let is_on = notify::set_wanted(wants).await;
            is_wanted.try_set(is_on);
        });
    };
    notify::can_notify().then(|| {
        view! {
            <label class="check small">
                <input class="tick" type="checkbox" prop:checked=is_wanted on:change=change />
                <span>{text::run_notify}</span>
            </label>
        }
        .into_any()
    })
}

fn what_now(here: Here, now: Millis) -> String {
    let run = here.run();
    if run.status() == Status::Stopping {
        return text::run_now_stopping();
    }
    if let Some(at) = run.looks_again_at() {
        return text::run_now_looks_again(&format_time(at as f64));
    }
    let Some(next) = run.rows_with(None).first().copied() else { return text::run_now_last() };
    let (row, name) = named(here, next);
    let wait = run.next_at().map(|at| (at, at.saturating_sub(now))).filter(|(_, wait)| *wait >= 1_000);
    match wait {
        None => text::run_now_sending(text::RunNowSending { row: &row, name: &name }),
        Some((_, wait)) if wait < SHORT_MS => {
            let seconds = wait.div_ceil(1_000) as usize;
            text::run_now_next(text::RunNowNext { count: seconds, row: &row, name: &name })
        }
        Some((at, _)) => text::run_now_waits(text::RunNowWaits {
            vendor: run.connection().vendor.name(),
            row: &row,
            name: &name,
            until: &format_time(at as f64),
        }),
    }
}

fn named(here: Here, change: ChangeId) -> (String, String) {
    let row = here.run().row(change.as_idx());
    (format_number(change.as_idx() as f64 + 1.0), row.change.person.label().to_owned())
}

fn time_left(here: Here) -> AnyView {
    let said = move || {
        let left = here.run().time_left();
        // A run that is nearly finished needs no forecast.
        (left >= 5_000).then(|| {
            let until = format_time((clock::now() + left) as f64);
            text::run_time_left(text::RunTimeLeft { time: &words::duration(left), until: &until })
        })
    };
    view! { <p class="push small muted">{said}</p> }.into_any()
}

fn pace(here: Here) -> AnyView {
    let vendor = here.run().connection().vendor.name();
    let meters =
        move || here.run().pace().into_iter().map(|(n_used, window)| meter(n_used, window)).collect_view();
    let n_windows = Memo::new(move |_| here.run().pace().len());
    let note = move || match n_windows.get() {
        0 => text::run_pace_none(vendor),
        n => text::run_pace_note(n, vendor),
    };
    view! {
        <div class="run-pace">
            <h3>{text::run_pace}</h3>
            {meters}
            <p class="tiny muted">{note}</p>
        </div>
    }
    .into_any()
}
