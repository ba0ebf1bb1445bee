//! Deleting personal data, and entries that are kept no longer. The dialogs are fetched when they are asked for.

mod person;
mod retention;

use ledger_worker::message::LedgerRow;
use leptos::prelude::*;
use review::PersonalData;

use super::entries::Entries;
use super::filters::Filters;
use crate::features::fetched::open_with_code;
use crate::features::results::run_words;
use crate::state::code::{Code, Fetch};
use crate::state::ledger::{DeleteError, LedgerError, ReadingError, Retention};
use domain::PersonKey;
use i18n::text;
use ui::Button;

/// The dialogs.
#[derive(Clone, Copy, Debug)]
pub struct Deleting {
    person: fn(Entries, Filters, PersonalData, Callback<()>) -> AnyView,
    retention: fn(Entries, Callback<()>) -> AnyView,
}

impl Deleting {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self { person: person::dialog, retention: retention::dialog }
    }
}

impl Default for Deleting {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static CODE: Code<Deleting> = const { Code::new() };
}

/// Sets how the dialogs are fetched.
pub fn provide_deleting(fetch: Fetch<Deleting>) {
    CODE.with(|code| code.provide(fetch));
}

/// The button that deletes the person of an entry of this device.
pub(super) fn person_button(entries: Entries, filters: Filters, row: &LedgerRow) -> Option<AnyView> {
    let is_own = row.owner.is_none();
    let person = row.person.clone().filter(|person| is_own && !matches!(person.key, PersonKey::Group(_)))?;
    let draw = move |code: Deleting, close| (code.person)(entries, filters, person.clone(), close);
    let button = opener(text::ledger_delete_person, "trash-2", draw);
    Some(view! { <div class="cluster">{button}</div> }.into_any())
}

/// The card that says for how long entries are kept.
pub(super) fn retention_card(entries: Entries) -> AnyView {
    let is_stored = Memo::new(move |_| entries.state().is_some_and(|state| state.is_stored));
    let kept = move || text::ledger_retention_is(&retention_name(entries.retention()));
    let card = move || {
        is_stored.get().then(|| {
            let button = opener(text::ledger_retention_change, "", move |code, close| {
                (code.retention)(entries, close)
            });
            view! {
                <section class="card" aria-labelledby="retention">
                    <div class="card-head">
                        <h2 id="retention">{text::ledger_retention}</h2>
                    </div>
                    <div class="card-body stack-3">
                        <p class="small">{kept}</p>
                        <div class="cluster">{button}</div>
                    </div>
                </section>
            }
        })
    };
    card.into_any()
}

/// For how long entries are kept, in words.
fn retention_name(retention: Retention) -> String {
    match retention {
        Retention::Forever => text::ledger_retention_forever(),
        Retention::Days90 => text::review_days(90),
        Retention::Year => text::ledger_years(1),
        Retention::TwoYears => text::ledger_years(2),
        Retention::FiveYears => text::ledger_years(5),
    }
}

/// A button that fetches the dialogs, and draws one until it is closed.
fn opener(
    label: fn() -> String,
    icon: &'static str,
    draw: impl Fn(Deleting, Callback<()>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let (is_fetching, open) = (RwSignal::new(false), RwSignal::new(None::<Deleting>));
    let press = move || open_with_code(&CODE, is_fetching, move |code| open.set(Some(code)));
    let close = Callback::new(move |()| open.set(None));
    view! {
        <Button label=label small=true icon=icon has_popup="dialog" busy=is_fetching on_press=press />
        {move || open.get().map(|code| draw(code, close))}
    }
    .into_any()
}

/// Why nothing was deleted.
fn failed_words(error: DeleteError) -> String {
    match error {
        DeleteError::Flawed => text::ledger_delete_flawed(),
        DeleteError::Ledger(LedgerError::Storage(error))
        | DeleteError::Reading(ReadingError::Storage(error)) => run_words::storage(error),
        DeleteError::Ledger(LedgerError::Identity(_)) => text::ledger_missing_key(),
        DeleteError::Reading(ReadingError::Worker) => text::ledger_failed_worker(),
    }
}
