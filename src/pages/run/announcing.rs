//! What a screen reader announces about a run: its tenths, its pauses, its end. Never every answer.

use domain::Status;
use leptos::prelude::*;

use super::Here;
use super::progress::closing;
use crate::features::results::run_words::RunStage;
use i18n::{format_number, text};
use ui::{announce, effect_after};

/// The last announced state; a change is announced.
#[derive(Clone, PartialEq)]
struct Announced {
    stage: RunStage,
    status: Status,
    tenth: usize,
}

/// Announces the progress of the run while the page shows it.
pub(super) fn announce_progress(here: Here) {
    let now = Memo::new(move |_| {
        here.standing.with(|standing| Announced {
            stage: standing.stage(),
            status: standing.status.clone(),
            tenth: standing.n_settled() * 10 / standing.tally.n_all().max(1),
        })
    });
    effect_after(move |before: Option<Announced>| {
        let now = now.get();
        let (Some(before), here) = (before, here) else { return now };
        let has_turned = (before.stage, &before.status) != (now.stage, &now.status);
        untrack(|| match now.stage {
            RunStage::Finished if has_turned => announce(closing(here)),
            RunStage::Waiting if has_turned => announce(here.standing.with(|standing| standing.sentence())),
            RunStage::GoingOn if has_turned && before.stage == RunStage::Waiting => {
                announce(text::run_says_on())
            }
            RunStage::GoingOn if now.tenth > before.tenth => {
                let (n, all) = here.standing.with(|standing| (standing.n_settled(), standing.tally.n_all()));
                announce(text::run_settled(n, &format_number(all as f64)));
            }
            RunStage::GoingOn | RunStage::Waiting | RunStage::Finished => {}
        });
        now
    });
}
