//! What the changes among the entries of a filter come to: outcomes by day, changes by author, people by scope.

use std::collections::{BTreeMap, BTreeSet};

use domain::outcome::Verdict;
use domain::{GroupId, Millis, PersonKey, Scope, State, Tally};
use review::{ChainChange, ChainEntry, ChainEvent, ChainPlace, Fingerprint};
use serde::{Deserialize, Serialize};

use crate::LedgerStore;
use crate::calendar::Period;
use crate::counts::Counted;
use crate::filter::LedgerFilter;

/// Most days, weeks and months that are told apart. Longer spans get longer periods.
const MAX_DAYS: i64 = 31;
const MAX_WEEKS: i64 = 26;
const MAX_MONTHS: i64 = 36;
/// Most years. What is older counts in the first one.
const MAX_YEARS: usize = 40;

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 86_400_000;
/// Offsets of time zones change only at whole quarters of an hour.
const MS_PER_QUARTER: Millis = 900_000;
/// The last time that a browser can write as a date.
const LAST_DATE: Millis = 8_640_000_000_000_000;

/// The states of people, in the order in which they are shown.
const STATES: [State; 6] = [
    State::Scope(Scope::Admin),
    State::Scope(Scope::Moderator),
    State::Scope(Scope::Participant),
    State::Scope(Scope::Banned),
    State::Present,
    State::Absent,
];

/// Counts of the changes among the entries that a filter takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSummary {
    /// Number of entries that the filter takes.
    pub n_entries: usize,
    /// Number of changes among them.
    pub n_changes: usize,
    /// How long each of `outcomes` is.
    pub period: Period,
    /// The outcomes of each period from the first change to the last, oldest first, also of those without changes.
    pub outcomes: Vec<PeriodOutcomes>,
    /// The changes of each author, most first.
    pub authors: Vec<AuthorChanges>,
    /// The people of each place whose state is known, most first.
    pub places: Vec<PlaceScopes>,
    /// Number of changes in effect whose person was deleted, so that nobody can tell whether they are the newest.
    pub n_deleted: usize,
}

/// The outcomes of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodOutcomes {
    /// The first day in local time, since 1 January 1970.
    pub first_day: i64,
    /// The last day.
    pub last_day: i64,
    /// How the changes ended.
    pub tally: Tally,
}

/// The changes of one author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorChanges {
    /// The fingerprint of the key.
    pub key: Box<str>,
    /// The newest name that it declares.
    pub name: Box<str>,
    /// Names of operations, most frequent first.
    pub operations: Vec<Counted>,
}

impl AuthorChanges {
    /// Number of all changes.
    pub fn n_changes(&self) -> usize {
        self.operations.iter().map(|one| one.count).sum()
    }
}

/// How many people of a place have each scope, as far as changes tell. Someone in two groups counts twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceScopes {
    /// The id of the place.
    pub id: Box<str>,
    /// Its newest name.
    pub name: Box<str>,
    /// The states that occur, the highest scope first, with the number of people.
    pub states: Vec<(State, usize)>,
}

impl PlaceScopes {
    /// Number of all people.
    pub fn n_people(&self) -> usize {
        self.states.iter().map(|(_, n_people)| n_people).sum()
    }
}

impl LedgerStore {
    /// Counts the changes among the entries that a filter takes, in one pass over them.
    pub fn summary(&mut self, filter: &LedgerFilter) -> LedgerSummary {
        let found = self.find(filter).to_vec();
        let mut days = Days::new(self.platform.minutes_east);
        let mut authors = Authors::default();
        let mut scopes = Scopes::default();
        // Newest first, so that the first name and the first state count.
        for at in &found {
            let entry = self.shown(*at as usize);
            let ChainEvent::Changed(change) = entry.event() else { continue };
            days.count(entry.at(), change.outcome);
            authors.count(entry, change);
            scopes.count(entry, change);
        }
        let (period, outcomes) = days.periods();
        LedgerSummary {
            n_entries: found.len(),
            n_changes: outcomes.iter().map(|one| one.tally.n_all()).sum(),
            period,
            outcomes,
            authors: authors.into_list(),
            n_deleted: scopes.n_deleted,
            places: scopes.into_list(),
        }
    }
}

/// Outcomes by local day.
struct Days {
    minutes_east: fn(Millis) -> i32,
    /// The last quarter of an hour, and how far local time is ahead in it.
    offset: Option<(Millis, i64)>,
    tallies: BTreeMap<i64, Tally>,
}

impl Days {
    fn new(minutes_east: fn(Millis) -> i32) -> Self {
        Self { minutes_east, offset: None, tallies: BTreeMap::new() }
    }

    fn count(&mut self, at: Millis, outcome: Verdict) {
        let day = self.day_of(at.min(LAST_DATE));
        self.tallies.entry(day).or_default().record(outcome);
    }

    fn day_of(&mut self, at: Millis) -> i64 {
        let quarter = at / MS_PER_QUARTER;
        let offset = match self.offset {
            Some((known, offset)) if known == quarter => offset,
            _ => i64::from((self.minutes_east)(at)) * MS_PER_MINUTE,
        };
        self.offset = Some((quarter, offset));
        (at as i64 + offset).div_euclid(MS_PER_DAY)
    }

    /// The periods from the first day to the last.
    fn periods(self) -> (Period, Vec<PeriodOutcomes>) {
        let ends = (self.tallies.first_key_value(), self.tallies.last_key_value());
        let (Some((first, _)), Some((last, _))) = ends else { return (Period::Day, Vec::new()) };
        let (first, last) = (*first, *last);
        let n_weeks = (Period::Week.first_day(last) - Period::Week.first_day(first)) / 7 + 1;
        // Months have 28 days at least, so these are never more than there are.
        let n_months = n_periods(Period::Month, first, last, MAX_MONTHS);
        let period = match () {
            () if last - first < MAX_DAYS => Period::Day,
            () if n_weeks <= MAX_WEEKS => Period::Week,
            () if n_months <= MAX_MONTHS => Period::Month,
            () => Period::Year,
        };
        let mut outcomes = Vec::new();
        let mut begins = period.first_day(first);
        if period == Period::Year {
            begins = begins.max(period.first_day(last - (MAX_YEARS as i64 - 1) * 365));
        }
        while begins <= last {
            let next = period.next(begins);
            outcomes.push(PeriodOutcomes { first_day: begins, last_day: next - 1, tally: Tally::default() });
            begins = next;
        }
        if let Some(oldest) = outcomes.first_mut() {
            oldest.first_day = oldest.first_day.min(period.first_day(first));
        }
        for (day, tally) in &self.tallies {
            let at = outcomes.partition_point(|one| one.last_day < *day);
            if let Some(one) = outcomes.get_mut(at) {
                one.tally += *tally;
            }
        }
        (period, outcomes)
    }
}

/// Number of periods from one day to another, counted up to one more than the most.
fn n_periods(period: Period, first: i64, last: i64, most: i64) -> i64 {
    let (mut n, mut begins) = (0, period.first_day(first));
    while begins <= last && n <= most {
        (n, begins) = (n + 1, period.next(begins));
    }
    n
}

/// Changes by author.
#[derive(Default)]
struct Authors<'a>(BTreeMap<Fingerprint, AuthorSoFar<'a>>);

struct AuthorSoFar<'a> {
    newest: &'a ChainEntry,
    operations: BTreeMap<&'a str, usize>,
}

impl<'a> Authors<'a> {
    fn count(&mut self, entry: &'a ChainEntry, change: &'a ChainChange) {
        let new = || AuthorSoFar { newest: entry, operations: BTreeMap::new() };
        let author = self.0.entry(entry.by().key).or_insert_with(new);
        *author.operations.entry(&*change.operation).or_default() += 1;
    }

    fn into_list(self) -> Vec<AuthorChanges> {
        let one = |author: AuthorSoFar<'_>| {
            let counted =
                |(name, count): (&str, usize)| Counted { value: name.into(), name: "".into(), count };
            let mut operations: Vec<_> = author.operations.into_iter().map(counted).collect();
            operations.sort_by_key(|one| std::cmp::Reverse(one.count));
            let by = author.newest.by();
            AuthorChanges { key: by.key.to_string().into(), name: by.name.clone(), operations }
        };
        let mut authors: Vec<_> = self.0.into_values().map(one).collect();
        authors.sort_by_key(|one| std::cmp::Reverse(one.n_changes()));
        authors
    }
}

/// The newest state of each person of a group.
#[derive(Default)]
struct Scopes<'a> {
    seen: BTreeSet<(&'a str, Option<&'a GroupId>, PersonKey)>,
    /// Groups that were deleted later, with everyone in them.
    gone: BTreeSet<(&'a str, &'a GroupId)>,
    places: BTreeMap<&'a str, (&'a ChainPlace, [usize; STATES.len()])>,
    n_deleted: usize,
}

impl<'a> Scopes<'a> {
    fn count(&mut self, entry: &'a ChainEntry, change: &'a ChainChange) {
        let is_so = matches!(change.outcome, Verdict::Done | Verdict::Same);
        let Some(state) = STATES.iter().position(|state| is_so && *state == change.after) else { return };
        let (place, group) = (&change.place, change.group.as_ref());
        if group.is_some_and(|group| self.gone.contains(&(&place.id, group))) {
            return;
        }
        if &*change.operation == "delete_group" {
            self.gone.extend(group.map(|group| (&*place.id, group)));
            return;
        }
        let Some(person) = entry.person() else {
            self.n_deleted += 1;
            return;
        };
        if matches!(person.key, PersonKey::Group(_)) {
            return; // It is about the group itself.
        }
        if self.seen.insert((&place.id, group, person.key.folded())) {
            let (_, counts) = self.places.entry(&place.id).or_insert((place, [0; STATES.len()]));
            counts[state] += 1;
        }
    }

    fn into_list(self) -> Vec<PlaceScopes> {
        let one = |(place, counts): (&ChainPlace, [usize; STATES.len()])| PlaceScopes {
            id: place.id.clone(),
            name: place.name.clone(),
            states: STATES.into_iter().zip(counts).filter(|(_, n_people)| *n_people > 0).collect(),
        };
        let mut places: Vec<_> = self.places.into_values().map(one).collect();
        places.sort_by_key(|place| std::cmp::Reverse(place.n_people()));
        places
    }
}
