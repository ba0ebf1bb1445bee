//! What entries can be filtered by.

use std::collections::BTreeMap;

use domain::outcome::Verdict;
use review::ChainEntry;
use serde::{Deserialize, Serialize};

use crate::filter::{outcome, place};

/// A value of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The value.
    pub value: Box<str>,
    /// The newest name for it; empty if the value has none.
    pub name: Box<str>,
    /// How many entries have it.
    pub count: usize,
}

/// The values of all filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCounts {
    /// Outcomes, in display order.
    pub outcomes: Vec<Counted>,
    /// Names of events.
    pub events: Vec<Counted>,
    /// Ids of places.
    pub places: Vec<Counted>,
    /// Fingerprints of authors.
    pub authors: Vec<Counted>,
}

impl LedgerCounts {
    pub(crate) fn of<'a>(entries: impl Iterator<Item = &'a ChainEntry>) -> Self {
        let mut outcomes = BTreeMap::new();
        let mut events = BTreeMap::new();
        let mut places = BTreeMap::<&str, (&str, usize)>::new();
        let mut authors = BTreeMap::new();
        for entry in entries {
            if let Some(outcome) = outcome(entry.event()) {
                *outcomes.entry(outcome).or_insert(0) += 1;
            }
            *events.entry(entry.event().name()).or_insert(0) += 1;
            if let Some(place) = place(entry.event()) {
                let (name, count) = places.entry(&place.id).or_default();
                (*name, *count) = (&place.name, *count + 1);
            }
            let (name, count) = authors.entry(entry.by().key).or_insert(("", 0));
            (*name, *count) = (&entry.by().name, *count + 1);
        }
        let one = |value: &str, name: &str, count| Counted { value: value.into(), name: name.into(), count };
        let in_order = Verdict::ALL.map(Verdict::slug).into_iter();
        Self {
            outcomes: in_order.filter_map(|slug| Some(one(slug, "", *outcomes.get(slug)?))).collect(),
            events: events.into_iter().map(|(event, count)| one(event, "", count)).collect(),
            places: places.into_iter().map(|(id, (name, count))| one(id, name, count)).collect(),
            authors: authors
                .into_iter()
                .map(|(key, (name, count))| one(&key.to_string(), name, count))
                .collect(),
        }
    }
}
