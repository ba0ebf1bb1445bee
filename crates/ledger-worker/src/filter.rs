//! Which entries are shown.

use domain::search::Search;
use domain::{Millis, PlanId};
use review::{ChainEntry, ChainEvent, ChainPlace};
use serde::{Deserialize, Serialize};

/// What is searched for, and the values that entries may have. A list without values takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFilter {
    /// A part of a text of the entry.
    pub search: String,
    /// Names of outcomes.
    pub outcomes: Vec<Box<str>>,
    /// Names of events.
    pub events: Vec<Box<str>>,
    /// Ids of places.
    pub places: Vec<Box<str>>,
    /// Fingerprints of the keys of authors.
    pub authors: Vec<Box<str>>,
    /// Keys of people whom the entries are about.
    pub people: Vec<Box<str>>,
    /// The run that made the change.
    pub run: Option<PlanId>,
    /// The earliest time.
    pub from: Option<Millis>,
    /// The first time that is too late.
    pub to: Option<Millis>,
}

impl LedgerFilter {
    /// Whether an entry has what is asked for, apart from the search.
    pub(crate) fn takes(&self, entry: &ChainEntry) -> bool {
        let is_one_of = |wanted: &[Box<str>], value: Option<&str>| {
            wanted.is_empty() || value.is_some_and(|value| wanted.iter().any(|one| **one == *value))
        };
        let event = entry.event();
        let is_in_time =
            self.from.is_none_or(|from| from <= entry.at()) && self.to.is_none_or(|to| entry.at() < to);
        is_in_time
            && is_one_of(&self.outcomes, outcome(event))
            && is_one_of(&self.events, Some(event.name()))
            && is_one_of(&self.places, place(event).map(|place| &*place.id))
            && (self.authors.is_empty() || is_one_of(&self.authors, Some(&entry.by().key.to_string())))
            && is_one_of(&self.people, entry.person().map(|person| person.key.as_str()))
            && self
                .run
                .as_ref()
                .is_none_or(|run| matches!(event, ChainEvent::Changed(change) if change.run == *run))
    }
}

/// The outcome of a change.
pub(crate) fn outcome(event: &ChainEvent) -> Option<&'static str> {
    match event {
        ChainEvent::Changed(change) => Some(change.outcome.slug()),
        _ => None,
    }
}

/// Where something happened.
pub(crate) fn place(event: &ChainEvent) -> Option<&ChainPlace> {
    match event {
        ChainEvent::Changed(change) => Some(&change.place),
        ChainEvent::Ended { place, .. } => Some(place),
        ChainEvent::Requested { .. }
        | ChainEvent::Decided { .. }
        | ChainEvent::Redacted { .. }
        | ChainEvent::Deleted(_) => None,
    }
}

/// The texts of an entry that are searched, folded, one a line.
pub(crate) fn folded_texts(entry: &ChainEntry, search: &Search) -> Box<str> {
    let person = entry.person();
    let texts = [person.and_then(|person| person.name.as_deref()), person.map(|person| person.key.as_str())];
    let texts = texts.into_iter().chain([Some(&*entry.by().name)]).chain(hashed_texts(entry));
    let folded: Vec<String> = texts.flatten().map(|text| search.fold(text)).collect();
    folded.join("\n").into()
}

/// The texts of an entry that its hash covers, so that they cannot be deleted, but for the name of who made it.
pub(crate) fn hashed_texts(entry: &ChainEntry) -> [Option<&str>; 3] {
    let event = entry.event();
    let (mut one, mut other) = (None, None);
    match event {
        ChainEvent::Changed(change) => {
            one = change.group.as_ref().map(domain::GroupId::as_str);
            other = Some(&*change.why);
        }
        ChainEvent::Ended { title, .. } => {
            if let domain::TitlePlace::Named(name) = &title.place {
                one = Some(&**name);
            }
        }
        ChainEvent::Requested { why, .. } | ChainEvent::Redacted { why, .. } => other = Some(&**why),
        ChainEvent::Decided { .. } | ChainEvent::Deleted(_) => {}
    }
    [place(event).map(|place| &*place.name), one, other]
}
