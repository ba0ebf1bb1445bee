//! Whether the entries fit, and what is missing.

use std::sync::Arc;

use ledger_worker::{DeletedEntries, Flaw, LedgerStanding};
use leptos::prelude::*;

use super::entries::{Entries, Reading};
use crate::features::results::run_words;
use crate::state::ledger::{ChainState, LedgerError, ReadingError, Retention, ledger};
use i18n::{format_date, format_list, format_number, text};
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
    let LedgerStanding { n_entries, flaw, deleted } = state.standing;
    let (tone, title, body, more) = match flaw {
        None => {
            let title = text::ledger_fits(n_entries as usize);
            (Tone::Done, title, text::ledger_fits_body(), deleted.map(deleted_entries))
        }
        Some(flaw) => {
            let more = (entries.retention() != Retention::Forever).then(text::ledger_retention_flawed);
            (Tone::Refused, flaw_title(flaw), text::ledger_flaw_body(), more)
        }
    };
    let body = [Some(body), more].into_iter().flatten().collect::<Vec<_>>().join(" ");
    titled_notice(tone, title, body, Some(again.into_any()))
}

/// Which entries are not here any more, and since when.
pub(super) fn deleted_entries(deleted: DeletedEntries) -> String {
    let (before, at) = (format_date(deleted.before as f64), format_date(deleted.at as f64));
    text::ledger_fits_deleted(text::LedgerFitsDeleted {
        at: &at,
        before: &before,
        count: deleted.n_entries as usize,
    })
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
