//! What an entry says, in words.

use domain::Person;
use ledger_worker::message::LedgerRow;
use leptos::prelude::*;
use review::{ChainEvent, ChainPlace};

use crate::features::results::change::{both_states, person_name};
use crate::features::results::tone;
use crate::features::words;
use i18n::{format_date, format_number, text};

/// The kind of an event by its name.
pub(super) fn event_name(name: &str) -> String {
    match name {
        "requested" => text::ledger_event_requested(),
        "decided" => text::ledger_event_decided(),
        "changed" => text::ledger_event_changed(),
        "ended" => text::ledger_event_ended(),
        "deleted" => text::ledger_event_deleted(),
        _ => text::ledger_event_redacted(),
    }
}

/// Whom or what an entry is about.
pub(super) fn subject(row: &LedgerRow) -> AnyView {
    match &row.person {
        Some(person) => person_name(&Person { key: person.key.clone(), name: person.name.clone() }),
        None if row.is_redacted => {
            view! { <span class="muted">{text::ledger_person_deleted()}</span> }.into_any()
        }
        None => match &row.event {
            // The kind stands in the next column.
            ChainEvent::Requested { why, .. } if !why.is_empty() => {
                let why = why.to_string();
                view! { <bdi translate="no">{why}</bdi> }.into_any()
            }
            event => view! { <span>{title(event)}</span> }.into_any(),
        },
    }
}

/// What an entry without a person says.
pub(super) fn title(event: &ChainEvent) -> String {
    match event {
        ChainEvent::Ended { title, tally, .. } => words::ended_title(title, tally),
        ChainEvent::Redacted { n_entries, .. } => text::ledger_redacted(*n_entries as usize),
        ChainEvent::Deleted(deletion) => {
            let before = format_date(deletion.before as f64);
            text::ledger_deleted(deletion.n_entries as usize, &before)
        }
        ChainEvent::Decided { n_approved, n_declined, .. } => {
            let number = |n: u32| format_number(f64::from(n));
            text::ledger_decided(text::LedgerDecided {
                approved: &number(*n_approved),
                declined: &number(*n_declined),
            })
        }
        ChainEvent::Changed(_) | ChainEvent::Requested { .. } => event_name(event.name()),
    }
}

/// What has become of it: the states of a change, or the kind of the event.
pub(super) fn change(event: &ChainEvent) -> AnyView {
    match event {
        ChainEvent::Changed(change) => both_states(change.before, change.after),
        // The row says it already.
        ChainEvent::Requested { why, .. } if why.is_empty() => ().into_any(),
        other => view! { <span class="small muted">{event_name(other.name())}</span> }.into_any(),
    }
}

/// How a change ended.
pub(super) fn outcome(event: &ChainEvent) -> Option<AnyView> {
    let ChainEvent::Changed(change) = event else { return None };
    let tone = tone(Some(change.outcome));
    let class = ["outcome ", tone.class()].concat();
    Some(view! { <span class=class>{tone.glyph()}{words::verdict(change.outcome)}</span> }.into_any())
}

/// Where it happened.
pub(super) fn place(event: &ChainEvent) -> Option<&ChainPlace> {
    match event {
        ChainEvent::Changed(change) => Some(&change.place),
        ChainEvent::Ended { place, .. } => Some(place),
        ChainEvent::Requested { .. }
        | ChainEvent::Decided { .. }
        | ChainEvent::Redacted { .. }
        | ChainEvent::Deleted(_) => None,
    }
}
