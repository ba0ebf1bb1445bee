//! What a screen reader announces about a run: its tenths, its pauses, its end. Never every answer.

use domain::Status;
use leptos::prelude::*;

use super::Here;
use super::progress::closing;
use crate::features::results::run_words::Stage;
use i18n::{format_number, text};
use ui::announce;

/// The last announced state; a change is announced.
#[derive(Clone, PartialEq)]
struct Told {
    stage: Stage,
    status: Status,
    tenth: usize,
}

/// Announces the progress of the run while the page shows it.
pub(super) fn announce_progress(here: Here) {
    let now = Memo::new(move |_| {
        here.standing.with(|standing| Told {
            stage: standing.stage(),
            status: standing.status.clone(),
            tenth: standing.n_settled() * 10 / standing.tally.n_all().max(1),
        })
    });
    Effect::new(move |before: Option<Told>| {
        let now = now.get();
        let (Some(before), here) = (before, here) else { return now };
        let has_turned = (before.stage, &before.status) != (now.stage, &now.status);
        untrack(|| match now.stage {
            Stage::Finished if has_turned => announce(closing(here)),
            Stage::Waiting if has_turned => announce(here.standing.with(|standing| standing.sentence())),
            Stage::GoingOn if has_turned && before.stage == Stage::Waiting => announce(text::run_says_on()),
            Stage::GoingOn if now.tenth > before.tenth => {
                let (n, all) = here.standing.with(|standing| (standing.n_settled(), standing.tally.n_all()));
                announce(text::run_settled(n, &format_number(all as f64)));
            }
            Stage::GoingOn | Stage::Waiting | Stage::Finished => {}
        });
        now
    });
}
