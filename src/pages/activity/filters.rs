//! The search and the filters, in the URL.

use std::sync::Arc;

use domain::Millis;
use domain::outcome::Verdict;
use ledger_worker::{Counted, LedgerCounts, LedgerFilter};
use leptos::prelude::*;
use review::Fingerprint;

use super::days;
use super::entry_words::event_name;
use crate::features::directory::filters::{FilterOption, FilterValues};
use crate::features::words;
use crate::routing::query;
use crate::state::ledger::{ChainState, author};
use i18n::text;

/// The search and the filters. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct Filters {
    pub(super) typed: RwSignal<String>,
    pub(super) outcome: FilterValues,
    pub(super) event: FilterValues,
    pub(super) place: FilterValues,
    pub(super) author: FilterValues,
    pub(super) person: FilterValues,
    pub(super) day: FilterValues,
    find: Memo<String>,
}

impl Filters {
    /// Those of the page. `state` says what there is to choose from.
    pub(super) fn of_page(state: Signal<Option<Arc<ChainState>>>) -> Self {
        let options = move |of: fn(&LedgerCounts) -> Vec<FilterOption>| {
            Signal::derive(move || {
                state.with(|state| state.as_ref().map(|state| of(&state.counts)).unwrap_or_default())
            })
        };
        let outcomes = options(|counts| {
            let word = |slug: &str| {
                Verdict::ALL
                    .into_iter()
                    .find(|one| one.slug() == slug)
                    .map(words::verdict)
                    .unwrap_or_default()
            };
            said(&counts.outcomes, word)
        });
        let events = options(|counts| said(&counts.events, event_name));
        let places = options(|counts| named(&counts.places));
        let authors = options(|counts| {
            let mut authors = counts.authors.clone();
            for one in &mut authors {
                if let Ok(key) = Fingerprint::parse(&one.value) {
                    one.name = author(&one.name, key).into();
                }
            }
            named(&authors)
        });
        let (typed, find) = query::search("q");
        Self {
            typed,
            find,
            outcome: FilterValues::of_page(
                "outcome",
                text::run_col_outcome,
                text::ledger_any_outcome,
                outcomes,
            ),
            event: FilterValues::of_page("kind", text::ledger_event, text::ledger_any_event, events),
            place: FilterValues::of_page("connection", text::ledger_place, text::ledger_any_place, places),
            author: FilterValues::of_page("by", text::ledger_author, text::ledger_any_author, authors),
            // Chosen in an entry: there may be thousands.
            person: FilterValues::of_page(
                "person",
                text::activity_col_person,
                text::ledger_any_person,
                Signal::stored(Vec::new()),
            ),
            // Chosen in a chart.
            day: day(),
        }
    }

    /// Those with values to choose from.
    pub(super) fn facets(self) -> [FilterValues; 4] {
        [self.outcome, self.event, self.place, self.author]
    }

    pub(super) fn all(self) -> [FilterValues; 6] {
        [self.outcome, self.event, self.place, self.author, self.person, self.day]
    }

    /// What the worker looks for; tracked.
    pub(super) fn get(self) -> LedgerFilter {
        let values = |filter: FilterValues| filter.get().into_iter().map(Into::into).collect();
        let (from, to) = match self.day.get().first().map(|value| days::parse(value)) {
            None => (None, None),
            Some(Some((first, last))) => (Some(days::start_of(first)), Some(days::start_of(last + 1))),
            // Nothing happened on a day that is none.
            Some(None) => (Some(Millis::MAX), None),
        };
        LedgerFilter {
            search: self.find.get(),
            outcomes: values(self.outcome),
            events: values(self.event),
            places: values(self.place),
            authors: values(self.author),
            people: values(self.person),
            run: None,
            from,
            to,
        }
    }

    /// Shows everything.
    pub(super) fn clear(self) {
        self.typed.set(String::new());
        self.all().into_iter().for_each(FilterValues::clear);
    }
}

/// The days, whose words follow from the value itself.
fn day() -> FilterValues {
    let (values, _) = query::quiet_choice("day");
    let options = Signal::derive(move || {
        let value = values.get();
        let words = days::parse(&value).map(|(first, last)| days::words(first, last));
        words.map(|words| FilterOption::new(&value, words)).into_iter().collect()
    });
    FilterValues::of_page("day", text::ledger_day, text::ledger_day, options).single()
}

fn said(counted: &[Counted], word: impl Fn(&str) -> String) -> Vec<FilterOption> {
    counted.iter().map(|one| FilterOption::new(&one.value, word(&one.value)).counted(one.count)).collect()
}

fn named(counted: &[Counted]) -> Vec<FilterOption> {
    counted.iter().map(|one| FilterOption::named(&one.value, &one.name).counted(one.count)).collect()
}
