//! What charts count equals what the list shows, for every ledger and every filter.

use std::collections::{BTreeMap, BTreeSet};

use domain::outcome::Verdict;
use domain::{GroupId, Millis, PersonKey, PlanId, Scope, State, Tally, Vendor};
use ledger_worker::message::LedgerRow;
use ledger_worker::{LedgerFilter, LedgerStore, LedgerSummary, Period, Platform};
use proptest::prelude::*;
use review::{
    Algorithm, ChainActor, ChainChange, ChainEvent, ChainPlace, ChainTip, Digest, PersonalData, PublicKey,
};

const DAY: Millis = 86_400_000;
/// 1 March 2026.
const START: Millis = 20_513 * DAY;

/// An hour ahead of UTC, two from the twentieth day on.
fn minutes_east(at: Millis) -> i32 {
    if at < START + 20 * DAY { 60 } else { 120 }
}

fn local_day(at: Millis) -> i64 {
    (at as i64 + i64::from(minutes_east(at)) * 60_000).div_euclid(DAY as i64)
}

const PLATFORM: Platform = Platform { decompose: str::to_owned, iso: |at| at.to_string(), minutes_east };

/// An entry of a test.
#[derive(Clone, Debug)]
struct Made {
    at: Millis,
    author: u8,
    operation: &'static str,
    outcome: Verdict,
    place: u8,
    group: u8,
    person: u8,
    after: State,
    /// Whether it is a change; a request for a review otherwise.
    is_change: bool,
    is_redacted: bool,
}

fn made(days: u64) -> impl Strategy<Value = Made> {
    let operation =
        prop::sample::select(vec!["add_to_group", "set_scope", "kick", "ban", "edit_group", "delete_group"]);
    let after = prop::sample::select(vec![
        State::Absent,
        State::Present,
        State::Scope(Scope::Admin),
        State::Scope(Scope::Participant),
        State::Scope(Scope::Banned),
    ]);
    let outcome = prop::sample::select(Verdict::ALL.to_vec());
    (
        START..START + days * DAY,
        0..3_u8,
        operation,
        outcome,
        (0..2_u8, 0..2_u8, 0..5_u8),
        after,
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(at, author, operation, outcome, (place, group, person), after, is_change, is_redacted)| Made {
                at,
                author,
                operation,
                outcome,
                place,
                group,
                person,
                after,
                is_change,
                is_redacted,
            },
        )
}

fn key_of(author: u8) -> ChainActor {
    let key = PublicKey::new(Algorithm::Ed25519, &[author + 1; 32]).expect("a key").fingerprint();
    ChainActor { name: format!("Author {author}").into(), key }
}

fn ledger(all: &[Made]) -> LedgerStore {
    let start = ChainTip::new([7; 32]);
    let mut tip = start;
    let mut ledger = LedgerStore::new(PLATFORM, start);
    for one in all {
        let change = ChainChange {
            place: ChainPlace {
                vendor: Vendor::CometChat,
                id: format!("place-{}", one.place).into(),
                name: format!("Place {}", one.place).into(),
            },
            run: PlanId::new("run"),
            operation: one.operation.into(),
            group: Some(GroupId::new(format!("group-{}", one.group))),
            before: State::Unread,
            after: one.after,
            outcome: one.outcome,
            code: None,
            why: "".into(),
            request: None,
            decisions: Vec::new(),
        };
        let key = match one.person {
            0 => PersonKey::Group("group-0".into()),
            n => PersonKey::Id(format!("person-{n}").into()),
        };
        let person = (!one.is_redacted).then(|| PersonalData::new([one.person; 16], key, None, None));
        let entry = if one.is_change {
            tip.append(one.at, key_of(one.author), ChainEvent::Changed(Box::new(change)), person)
        } else {
            let event = ChainEvent::Requested {
                request: Digest::parse(&"3".repeat(64)).expect("a digest"),
                why: "".into(),
            };
            tip.append(one.at, key_of(one.author), event, None)
        };
        ledger.push(&entry.to_line());
    }
    ledger
}

fn changes(rows: &[LedgerRow]) -> Vec<(&LedgerRow, &ChainChange)> {
    fn change(row: &LedgerRow) -> Option<(&LedgerRow, &ChainChange)> {
        match &row.event {
            ChainEvent::Changed(change) => Some((row, change)),
            _ => None,
        }
    }
    rows.iter().filter_map(change).collect()
}

/// The people of each place by state, found out the slow way.
fn people(rows: &[LedgerRow]) -> BTreeMap<String, BTreeMap<String, usize>> {
    // Newest first; what was seen once is decided.
    let (mut seen, mut gone) = (BTreeSet::new(), BTreeSet::new());
    let mut places = BTreeMap::<String, BTreeMap<String, usize>>::new();
    for (row, change) in changes(rows) {
        let place = change.place.id.to_string();
        let group = change.group.as_ref().map(|group| group.as_str().to_owned()).unwrap_or_default();
        let is_so = matches!(change.outcome, Verdict::Done | Verdict::Same);
        if !is_so || gone.contains(&(place.clone(), group.clone())) {
            continue;
        }
        if &*change.operation == "delete_group" {
            gone.insert((place, group));
            continue;
        }
        let Some(person) = &row.person else { continue };
        if matches!(person.key, PersonKey::Group(_)) {
            continue;
        }
        if seen.insert((place.clone(), group, person.key.as_str().to_owned())) {
            let states = places.entry(place).or_default();
            *states.entry(format!("{:?}", change.after)).or_default() += 1;
        }
    }
    places
}

fn check(summary: &LedgerSummary, rows: &[LedgerRow]) {
    let changes = changes(rows);
    assert_eq!((summary.n_entries, summary.n_changes), (rows.len(), changes.len()));
    let mut all = Tally::default();
    let mut before = None;
    for one in &summary.outcomes {
        let mut tally = Tally::default();
        let days = one.first_day..=one.last_day;
        for (_, change) in changes.iter().filter(|(row, _)| days.contains(&local_day(row.at))) {
            tally.record(change.outcome);
        }
        assert_eq!(one.tally, tally, "{days:?}");
        assert!(before.is_none_or(|before| before + 1 == one.first_day), "without gaps");
        before = Some(one.last_day);
        all += one.tally;
    }
    assert_eq!(all.n_all(), changes.len());
    if let [first, .., last] = &summary.outcomes[..] {
        assert!(first.tally.n_all() > 0 && last.tally.n_all() > 0, "no longer than the changes");
    }
    let of_authors: usize = summary.authors.iter().map(|author| author.n_changes()).sum();
    assert_eq!(of_authors, changes.len());
    for author in &summary.authors {
        for operation in &author.operations {
            let is_it = |(row, change): &&(&LedgerRow, &ChainChange)| {
                row.by.key.to_string() == *author.key && change.operation == operation.value
            };
            assert_eq!(operation.count, changes.iter().filter(is_it).count());
        }
    }
    let shown: BTreeMap<_, BTreeMap<_, _>> = summary
        .places
        .iter()
        .map(|place| {
            let states = place.states.iter().map(|(state, count)| (format!("{state:?}"), *count));
            (place.id.to_string(), states.collect())
        })
        .collect();
    assert_eq!(shown, people(rows));
}

proptest! {
    #[test]
    fn charts_count_what_the_list_shows(
        all in prop::collection::vec(made(25), 0..60),
        outcome in prop::option::of(prop::sample::select(Verdict::ALL.to_vec())),
        author in prop::option::of(0..3_u8),
        from in prop::option::of(START..START + 25 * DAY),
        to in prop::option::of(START..START + 25 * DAY),
        search in prop::sample::select(vec!["", "person-1", "place 1"]),
    ) {
        let mut ledger = ledger(&all);
        let filter = LedgerFilter {
            search: search.into(),
            outcomes: outcome.map(|outcome| outcome.slug().into()).into_iter().collect(),
            authors: author.map(|author| key_of(author).key.to_string().into()).into_iter().collect(),
            from,
            to,
            ..LedgerFilter::default()
        };
        let rows = ledger.rows(&filter, 0, usize::MAX);
        let is_in_time = |at| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
        prop_assert!(rows.iter().all(|row| is_in_time(row.at)));
        check(&ledger.summary(&filter), &rows);
        check(&ledger.summary(&LedgerFilter::default()), &ledger.rows(&LedgerFilter::default(), 0, usize::MAX));
    }

    #[test]
    fn long_spans_are_grouped_and_lose_nothing(
        all in prop::collection::vec(made(3_000), 1..40),
        days in 1..3_000_u64,
    ) {
        let all: Vec<_> = all.into_iter().map(|one| Made { at: START + (one.at - START) % (days * DAY), ..one }).collect();
        let mut ledger = ledger(&all);
        let rows = ledger.rows(&LedgerFilter::default(), 0, usize::MAX);
        let summary = ledger.summary(&LedgerFilter::default());
        check(&summary, &rows);
        prop_assert!(summary.outcomes.len() <= 40);
    }
}

/// Someone who is removed at a time.
fn kicked(at: Millis) -> Made {
    Made {
        at,
        author: 0,
        operation: "kick",
        outcome: Verdict::Done,
        place: 0,
        group: 0,
        person: 1,
        after: State::Absent,
        is_change: true,
        is_redacted: false,
    }
}

fn at(days: &[u64]) -> LedgerSummary {
    let all: Vec<_> = days.iter().map(|day| kicked(START + day * DAY)).collect();
    ledger(&all).summary(&LedgerFilter::default())
}

#[test]
fn a_month_has_days_half_a_year_weeks_and_three_years_months() {
    for (last, period, n_periods) in [
        (0, Period::Day, 1),
        (30, Period::Day, 31),
        (31, Period::Week, 6),
        (175, Period::Week, 26),
        (176, Period::Month, 6),
        (1_000, Period::Month, 33),
        (1_095, Period::Month, 36),
        (1_096, Period::Year, 4),
        (20_000, Period::Year, 40),
    ] {
        let summary = at(&[0, last]);
        assert_eq!((summary.period, summary.outcomes.len()), (period, n_periods), "{last}");
        assert_eq!(summary.n_changes, 2, "{last}");
    }
    assert_eq!(at(&[]).outcomes, []);
}

#[test]
fn a_clock_that_was_wrong_makes_no_endless_chart() {
    let all = [0, START, 9_007_199_254_740_991].map(kicked);
    let summary = ledger(&all).summary(&LedgerFilter::default());
    assert_eq!((summary.n_changes, summary.outcomes.len()), (3, 40));
    assert_eq!(summary.outcomes[0].tally.n_done, 2, "the first period has all that is older");
}
