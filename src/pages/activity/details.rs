//! The drawer of one entry, with everything that it says.

use domain::PlanId;
use ledger_worker::message::LedgerRow;
use leptos::prelude::*;
use review::{ChainChange, ChainDeletion, ChainEvent};

use super::deleting;
use super::entries::Entries;
use super::entry_words::{event_name, outcome, place, title};
use super::filters::Filters;
use super::selecting::undo_one;
use super::standing::failure;
use crate::features::results::change::both_states;
use crate::routing::paths;
use crate::state::ledger::author;
use crate::state::runs::use_runs;
use i18n::{format_date_time, format_number, text};
use ui::{Button, Drawer, failed, skeleton, vendor_mark};

/// Characters of a hash or a key that are shown: enough to compare two by eye.
const SHOWN: usize = 16;

/// The drawer of an entry, by its key in the URL.
pub(super) fn details(
    entries: Entries,
    filters: Filters,
    key: String,
    set_open: SignalSetter<Option<String>>,
) -> AnyView {
    let read = LocalResource::new(move || {
        // What is shown follows the ledger.
        entries.state();
        let key = key.clone();
        async move { entries.entry(&key).await }
    });
    // Where the entry itself did not change, a dialog that is open stays open.
    let read = Memo::new(move |_| read.get());
    let title = move || match read.get() {
        Some(Ok(Some(row))) => text::ledger_entry(&format_number(row.seq as f64 + 1.0)),
        _ => text::activity_entries(),
    };
    let body = move || match read.get() {
        None => skeleton(),
        Some(Err(error)) => failed(failure(error), Some(Callback::new(move |()| entries.verify()))),
        Some(Ok(None)) => view! { <p>{text::activity_none_found_title}</p> }.into_any(),
        Some(Ok(Some(row))) => entry(entries, filters, row),
    };
    view! {
        <Drawer title=title on_close=Callback::new(move |()| set_open.set(None))>
            {body}
        </Drawer>
    }
    .into_any()
}

fn entry(entries: Entries, filters: Filters, row: LedgerRow) -> AnyView {
    let at = row.at as f64;
    let event = row.event.clone();
    let of_event = match &event {
        ChainEvent::Changed(change) => changed(change),
        ChainEvent::Ended { run, .. } => run_line(run),
        ChainEvent::Requested { request, why } => view! {
            {hash_line(text::ledger_request, &request.to_string())}
            {said_line(text::ledger_why, why)}
        }
        .into_any(),
        ChainEvent::Decided { request, decision, .. } => view! {
            {hash_line(text::ledger_request, &request.to_string())}
            {hash_line(text::ledger_decisions, &decision.to_string())}
        }
        .into_any(),
        ChainEvent::Redacted { why, .. } if why.is_empty() => ().into_any(),
        ChainEvent::Redacted { why, .. } => said_line(text::ledger_why, why),
        ChainEvent::Deleted(ChainDeletion { days, .. }) => {
            let days = *days as usize;
            line(text::ledger_why, move || text::ledger_kept_for(&text::review_days(days)))
        }
    };
    let (kind, what) = (event.name(), event.clone());
    let what = move || match &what {
        ChainEvent::Changed(_) => event_name(kind),
        other => title(other),
    };
    view! {
        <dl class="kv kv-wide">
            {line(text::ledger_event, what)} {line(text::ledger_when, move || format_date_time(at))}
            {person(filters, &row)} {place_line(&event)} {of_event}
            {said_line(text::ledger_author, &author(&row.by.name, row.by.key))}
            {hash_line(text::ledger_key, &row.by.key.to_string())}
            {hash_line(text::ledger_hash, &row.hash.to_string())}
            {row.owner.as_deref().map(|owner| said_line(text::ledger_from, owner))}
        </dl>
        <div class="cluster">{undo_one(&row)} {deleting::person_button(entries, filters, &row)}</div>
    }
    .into_any()
}

/// Whom the entry is about, and what the vendor said of the change.
fn person(filters: Filters, row: &LedgerRow) -> Option<AnyView> {
    let Some(person) = &row.person else {
        return row.is_redacted.then(|| line(text::activity_col_person, text::ledger_person_deleted));
    };
    let key = person.key.as_str().to_owned();
    let name = person.name.as_deref().map(|name| said_line(text::results_col_name, name));
    let message = person.message.as_deref().map(|message| said_line(text::ledger_message, message));
    let only = {
        let key = key.clone();
        move || filters.person.only(key.clone())
    };
    Some(
        view! {
            {name}
            <div>
                <dt>{text::activity_col_person}</dt>
                <dd class="stack-1">
                    <bdi translate="no" class="wrap-ok">
                        {key}
                    </bdi>
                    <Button label=text::ledger_only_person small=true on_press=only />
                </dd>
            </div>
            {message}
        }
        .into_any(),
    )
}

fn place_line(event: &ChainEvent) -> Option<AnyView> {
    let place = place(event)?;
    let (vendor, name) = (place.vendor.slug(), place.name.to_string());
    Some(
        view! {
            <div>
                <dt>{text::ledger_place}</dt>
                <dd class="row">{vendor_mark(vendor, false)} <bdi translate="no">{name}</bdi></dd>
            </div>
        }
        .into_any(),
    )
}

fn changed(change: &ChainChange) -> AnyView {
    let group = change.group.as_ref().map(|group| said_line(text::groups_pick_group, group.as_str()));
    let outcome = outcome(&ChainEvent::Changed(Box::new(change.clone())));
    let code = change.code.as_deref().map(|code| code_line(text::results_code, code.to_owned()));
    let why = (!change.why.is_empty()).then(|| said_line(text::ledger_why, &change.why));
    let request = change.request.map(|request| hash_line(text::ledger_request, &request.to_string()));
    let decisions = change
        .decisions
        .iter()
        .map(|decision| hash_line(text::ledger_decisions, &decision.to_string()))
        .collect_view();
    view! {
        {code_line(text::ledger_operation, change.operation.to_string())}
        {group}
        <div>
            <dt>{text::activity_col_change}</dt>
            <dd>{both_states(change.before, change.after)}</dd>
        </div>
        <div>
            <dt>{text::run_col_outcome}</dt>
            <dd>{outcome}</dd>
        </div>
        {code}
        {why}
        {request}
        {decisions}
        {run_line(&change.run)}
    }
    .into_any()
}

/// The run, with a link while this device has it.
fn run_line(run: &PlanId) -> AnyView {
    let runs = use_runs();
    let (id, path) = (run.clone(), paths::run(run.as_str()));
    let link = move || {
        if runs.summary(&id).is_some() {
            view! { <a href=path.clone()>{text::results_open_run}</a> }.into_any()
        } else {
            view! { <span class="muted">{text::ledger_run_removed}</span> }.into_any()
        }
    };
    view! {
        <div>
            <dt>{text::activity_place}</dt>
            <dd>{link}</dd>
        </div>
    }
    .into_any()
}

fn line(name: fn() -> String, value: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// Words of a person or a vendor.
fn said_line(name: fn() -> String, value: &str) -> AnyView {
    let value = value.to_owned();
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <bdi translate="no" class="wrap-ok">
                    {value}
                </bdi>
            </dd>
        </div>
    }
    .into_any()
}

fn code_line(name: fn() -> String, value: String) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <code translate="no">{value}</code>
            </dd>
        </div>
    }
    .into_any()
}

fn hash_line(name: fn() -> String, value: &str) -> AnyView {
    let shown = value.get(..SHOWN).unwrap_or(value).to_owned();
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <code translate="no" title=value.to_owned()>
                    {shown}
                </code>
            </dd>
        </div>
    }
    .into_any()
}
