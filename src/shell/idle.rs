//! Locks the keys when the console has not been used for a while in any tab. A running run counts as use: it
//! would stop without its key.

use std::cell::Cell;
use std::time::Duration;

use domain::{Millis, Status};
use leptos::prelude::*;

use crate::shell::preferences;
use crate::state::config::use_config;
use crate::state::runs::{DrivenBy, RunSummary, Runs, use_runs};
use crate::state::session::{Session, use_session};
use browser::clock;
use i18n::text;
use ui::{announce, effect_after};

/// How often the idle time is checked.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How often use is announced to other tabs.
const TELL_EVERY_MS: Millis = 10_000;
/// Events that count as use.
const USES: [&str; 3] = ["pointerdown", "keydown", "wheel"];

/// Starts watching once there is a key to lock. Call once, after the session and runs.
pub fn provide_idle() {
    let (session, runs) = (use_session(), use_runs());
    let most = use_config().limits.lock_after_minutes;
    effect_after(move |is_watching: Option<bool>| {
        let is_watching = is_watching == Some(true);
        let begins = session.is_unlocked() && !is_watching;
        if begins {
            watch(session, runs, most);
        }
        is_watching || begins
    });
}

/// `most` is the host's upper limit in minutes.
fn watch(session: Session, runs: Runs, most: Option<u32>) {
    session.note_use();
    for event in USES {
        // Lives as long as the page. Checks before it notes the use: a user who comes back after a night
        // finds everything locked.
        drop(window_event_listener_untyped(event, move |_| {
            lock_if_idle(session, runs, most);
            if clock::moment().since(session.used_at()) > TELL_EVERY_MS {
                session.note_use();
            }
        }));
    }
    // A page restored from the back/forward cache or woken up has not run its timers.
    drop(window_event_listener_untyped("pageshow", move |_| lock_if_idle(session, runs, most)));
    let last = Cell::new(false);
    set_interval(
        move || {
            let is_driving = is_driving(runs);
            // Once more after the run has ended, so that the idle time starts then.
            if last.replace(is_driving) || is_driving {
                session.note_use();
            }
            lock_if_idle(session, runs, most);
        },
        LOOK_EVERY,
    );
}

fn is_driving(runs: Runs) -> bool {
    let is_under_way = |run: &RunSummary| {
        run.driver == DrivenBy::Here && matches!(run.status, Status::Running | Status::Stopping)
    };
    untrack(|| runs.summaries()).iter().any(is_under_way)
}

fn lock_if_idle(session: Session, runs: Runs, most: Option<u32>) {
    let Some(minutes) = preferences::lock_after_minutes(most) else { return };
    let is_idle = clock::moment().since(session.used_at()) >= Millis::from(minutes) * 60_000;
    if is_idle && untrack(|| session.is_unlocked()) && !is_driving(runs) {
        session.lock_all();
        announce(text::shell_locked_idle(minutes as usize));
    }
}
