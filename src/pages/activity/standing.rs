//! Whether the entries fit, and what is missing.

use std::sync::Arc;

use ledger_worker::{Flaw, LedgerStanding};
use leptos::prelude::*;

use super::entries::{Entries, Reading};
use crate::features::results::run_words;
use crate::state::ledger::{ChainState, LedgerError, ReadingError, ledger};
use i18n::{format_list, format_number, text};
use ui::{Button, Failure, Tone, failed, skeleton, titled_notice};

/// The notices above the list.
pub(super) fn notices(entries: Entries) -> AnyView {
    let problem = move || {
        ledger().problem().map(|error| {
            let body = match error {
                LedgerError::Storage(error) => run_words::storage(error),
                LedgerError::Identity(_) => text::ledger_missing_key(),
            };
            titled_notice(Tone::Unknown, text::ledger_missing_title(), body, None)
        })
    };
    let memory = move || {
        let is_lost = entries.state().is_some_and(|state| !state.is_stored);
        is_lost.then(|| {
            titled_notice(Tone::Unknown, text::ledger_memory_title(), text::ledger_memory_body(), None)
        })
    };
    let joined = move || {
        let names = entries.joined();
        (!names.is_empty()).then(|| {
            let names = format_list(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
            let leave =
                view! { <Button label=text::ledger_leave small=true on_press=move || entries.leave() /> };
            titled_notice(
                Tone::Info,
                text::ledger_joined(&names),
                text::ledger_joined_body(),
                Some(leave.into_any()),
            )
        })
    };
    view! {
        {problem}
        {memory}
        {joined}
        <div role="status">{move || said(entries)}</div>
    }
    .into_any()
}

fn said(entries: Entries) -> AnyView {
    match entries.reading() {
        Reading::Empty => ().into_any(),
        Reading::Verifying => view! {
            <p class="sr-only">{text::ledger_verifying}</p>
            {skeleton()}
        }
        .into_any(),
        Reading::Failed(error) => failed(failure(error), Some(Callback::new(move |()| entries.verify()))),
        Reading::Ready(state) => verdict(entries, &state),
    }
}

/// Why the entries cannot be shown.
pub(super) fn failure(error: ReadingError) -> Failure {
    let detail = match error {
        ReadingError::Storage(error) => run_words::storage(error),
        ReadingError::Worker => text::ledger_failed_worker(),
    };
    Failure { title: text::ledger_failed_title(), detail }
}

fn verdict(entries: Entries, state: &Arc<ChainState>) -> AnyView {
    let again = view! { <Button label=text::ledger_verify small=true on_press=move || entries.verify() /> };
    let LedgerStanding { n_entries, flaw } = state.standing;
    let (tone, title, body) = match flaw {
        None => (Tone::Done, text::ledger_fits(n_entries as usize), text::ledger_fits_body()),
        Some(flaw) => (Tone::Refused, flaw_title(flaw), text::ledger_flaw_body()),
    };
    titled_notice(tone, title, body, Some(again.into_any()))
}

fn flaw_title(flaw: Flaw) -> String {
    let number = format_number(flaw.number() as f64);
    match flaw {
        Flaw::Edited(_) => text::ledger_flaw_edited(&number),
        Flaw::Removed(_) => text::ledger_flaw_removed(&number),
        Flaw::Reordered(_) => text::ledger_flaw_reordered(&number),
        Flaw::Added(_) => text::ledger_flaw_added(&number),
    }
}
