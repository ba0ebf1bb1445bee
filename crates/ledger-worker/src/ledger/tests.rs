//! Tests of a ledger, and entries for those of other modules.

use review::{Algorithm, ChainActor, ChainChange, ChainEvent, ChainPlace, PersonalData, PublicKey};

use super::*;
use domain::outcome::Verdict;
use domain::{GroupId, PersonKey, PlanId, State, Tally, Title, Vendor};

pub(crate) const PLATFORM: Platform =
    Platform { decompose: str::to_owned, iso: |at| at.to_string(), minutes_east: |_| 0 };

fn place() -> ChainPlace {
    ChainPlace { vendor: Vendor::default(), id: "c1".into(), name: "Superhero fans".into() }
}

/// A run of so many changes, every third refused, and its end.
pub(crate) fn entries(tip: &mut ChainTip, n_changes: u32) -> Vec<ChainEntry> {
    let key = PublicKey::new(Algorithm::Ed25519, &[9; 32]).expect("a key").fingerprint();
    let by = ChainActor { name: "Ana".into(), key };
    let mut entries: Vec<_> = (0..n_changes)
        .map(|n| {
            let outcome = if n % 3 == 2 { Verdict::Refused } else { Verdict::Done };
            let change = ChainChange {
                place: place(),
                run: PlanId::new("p1"),
                operation: "add_to_group".into(),
                group: Some(GroupId::new("book-circle")),
                before: State::Absent,
                after: State::Present,
                outcome,
                code: None,
                why: "".into(),
                request: None,
                decisions: Vec::new(),
            };
            let key = PersonKey::Id(format!("fan-{n}").into());
            let person = PersonalData::new([n as u8; 16], key, Some("José".into()), None);
            tip.append(n.into(), by.clone(), ChainEvent::Changed(Box::new(change)), Some(person))
        })
        .collect();
    let tally = Tally { n_done: 2, ..Tally::default() };
    let ended = ChainEvent::Ended {
        place: place(),
        run: PlanId::new("p1"),
        title: Title::default(),
        tally,
        is_stopped: false,
    };
    entries.push(tip.append(u64::from(n_changes), by, ended, None));
    entries
}

pub(crate) fn chain(n_changes: u32) -> (ChainTip, ChainTip, Vec<String>) {
    let start = ChainTip::new([7; 32]);
    let mut tip = start;
    let lines = entries(&mut tip, n_changes).iter().map(ChainEntry::to_line).collect();
    (start, tip, lines)
}

pub(crate) fn ledger(start: ChainTip, lines: &[String]) -> LedgerStore {
    let mut ledger = LedgerStore::new(PLATFORM, start);
    lines.iter().for_each(|line| ledger.push(line));
    ledger
}

#[test]
fn entries_that_fit_are_said_to_and_the_first_that_does_not_is_named() {
    let (start, tip, lines) = chain(20);
    let standing = |lines: &[String]| ledger(start, lines).standing(tip);
    assert_eq!(standing(&lines), LedgerStanding { n_entries: 21, flaw: None, deleted: None });
    let flaw = |change: &dyn Fn(&mut Vec<String>)| {
        let mut changed = lines.clone();
        change(&mut changed);
        standing(&changed).flaw
    };
    let edited = lines[4].replace("book-circle", "book-circus");
    assert_eq!(flaw(&|lines| lines[4] = edited.clone()), Some(Flaw::Edited(5)));
    assert_eq!(flaw(&|lines| lines[4].insert(0, ' ')), Some(Flaw::Edited(5)), "it cannot be read");
    assert_eq!(flaw(&|lines| lines[4].clear()), Some(Flaw::Edited(5)));
    assert_eq!(flaw(&|lines| drop(lines.remove(4))), Some(Flaw::Removed(5)));
    assert_eq!(flaw(&|lines| lines.swap(4, 5)), Some(Flaw::Reordered(5)));
    assert_eq!(flaw(&|lines| lines.insert(4, lines[3].clone())), Some(Flaw::Added(4)));
    let both = |lines: &mut Vec<String>| {
        lines[9].clear();
        lines[4] = edited.clone();
    };
    assert_eq!(flaw(&both), Some(Flaw::Edited(5)), "the first of two");
    let other = |lines: &mut Vec<String>| {
        lines[4].clear();
        lines[9] = lines[9].replace("book-circle", "book-circus");
    };
    assert_eq!(flaw(&other), Some(Flaw::Edited(5)), "the first of two");
}

#[test]
fn the_end_is_compared_with_the_stored_tip() {
    let (start, tip, lines) = chain(20);
    let mut longer = tip;
    let more: Vec<_> = entries(&mut longer, 1).iter().map(ChainEntry::to_line).collect();
    assert_eq!(ledger(start, &lines[..18]).standing(tip).flaw, Some(Flaw::Removed(19)));
    let added = ledger(start, &[&lines[..], &more].concat());
    assert_eq!(added.standing(tip).flaw, Some(Flaw::Added(22)));
    assert_eq!(added.standing(longer).flaw, None);
    // The last entry was written anew with a hash that fits.
    let mut before = start;
    let mut others = entries(&mut before, 20);
    others.truncate(20);
    let at = others[19].hash();
    let mut rewritten = ChainTip { n_entries: 20, last: at, ..start };
    let new = rewritten.append(99, others[0].by().clone(), others[0].event().clone(), None).to_line();
    let changed = [&lines[..20], &[new]].concat();
    assert_eq!(ledger(start, &changed).standing(tip).flaw, Some(Flaw::Edited(21)));
}

#[test]
fn a_range_is_between_the_entries_that_were_seen_although_newer_ones_came() {
    let (start, mut tip, lines) = chain(20);
    let mut ledger = ledger(start, &lines);
    let hash_at = |ledger: &mut LedgerStore, at| {
        SeenEntry::Hash(ledger.rows(&LedgerFilter::default(), at, at + 1)[0].hash)
    };
    let (first, last) = (hash_at(&mut ledger, 2), hash_at(&mut ledger, 5));
    entries(&mut tip, 3).iter().for_each(|entry| ledger.push(&entry.to_line()));
    let mut between = |filter: &LedgerFilter, ends, most| {
        let rows = ledger.range(&LedgerRange { filter: filter.clone(), ends, most });
        (rows.from, rows.rows.iter().map(|row| row.seq).collect::<Vec<_>>())
    };
    let all = LedgerFilter::default();
    assert_eq!(between(&all, [first, last], 99), (6, vec![18, 17, 16, 15]));
    assert_eq!(between(&all, [last, first], 99), (6, vec![18, 17, 16, 15]));
    assert_eq!(between(&all, [first, last], 2), (6, vec![18, 17]), "the newest, if they are too many");
    assert_eq!(between(&all, [first, SeenEntry::Place(usize::MAX)], 3), (6, vec![18, 17, 16]));
    assert_eq!(between(&all, [SeenEntry::Place(0), first], 99).1.len(), 7);
    let gone = SeenEntry::Hash(Digest::parse(&"0".repeat(64)).expect("is a digest"));
    assert_eq!(between(&all, [first, gone], 99), (0, vec![]));
    let refused = LedgerFilter { outcomes: vec!["refused".into()], ..LedgerFilter::default() };
    let places = [SeenEntry::Place(1), SeenEntry::Place(2)];
    assert_eq!(between(&refused, places, 99).1.len(), 2, "of those that the filter takes");
}

#[test]
fn the_newest_come_first_and_filters_take_what_they_say() {
    let (start, _, lines) = chain(20);
    let mut ledger = ledger(start, &lines);
    let all = LedgerFilter::default();
    let seqs = |rows: Vec<LedgerRow>| rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(ledger.n_found(&all), 21);
    assert_eq!(seqs(ledger.rows(&all, 0, 3)), [20, 19, 18]);
    assert_eq!(seqs(ledger.rows(&all, 19, 99)), [1, 0]);
    assert_eq!(seqs(ledger.rows(&all, 99, 120)), [0; 0]);
    let hash = ledger.rows(&all, 1, 2)[0].hash.to_string();
    assert_eq!(ledger.entry(&hash[..16]).map(|row| row.seq), Some(19));
    assert_eq!(ledger.entry("no hash"), None);
    let refused = LedgerFilter { outcomes: vec!["refused".into()], ..LedgerFilter::default() };
    assert_eq!(seqs(ledger.rows(&refused, 0, 2)), [17, 14]);
    assert_eq!(ledger.n_found(&refused), 6);
    let searched = |text: &str| LedgerFilter { search: text.into(), ..LedgerFilter::default() };
    assert_eq!(seqs(ledger.rows(&searched(" FAN-17 "), 0, 9)), [17]);
    assert_eq!(ledger.n_found(&searched("josé")), 20);
    assert_eq!(ledger.n_found(&searched("book-circle")), 20);
    assert_eq!(ledger.n_found(&searched("superhero")), 21);
    assert_eq!(ledger.n_found(&searched("ana")), 21);
    assert_eq!(ledger.n_found(&searched("nobody")), 0);
    let events = LedgerFilter { events: vec!["ended".into()], ..searched("superhero") };
    assert_eq!(seqs(ledger.rows(&events, 0, 9)), [20]);
    let person = LedgerFilter { people: vec!["fan-3".into()], ..LedgerFilter::default() };
    assert_eq!(seqs(ledger.rows(&person, 0, 9)), [3]);
    let elsewhere = LedgerFilter { places: vec!["c2".into()], ..LedgerFilter::default() };
    assert_eq!(ledger.n_found(&elsewhere), 0);
    let by_other = LedgerFilter { authors: vec!["0".repeat(64).into()], ..LedgerFilter::default() };
    assert_eq!(ledger.n_found(&by_other), 0);
    let of_run = |id: &str| LedgerFilter { run: Some(PlanId::new(id)), ..LedgerFilter::default() };
    assert_eq!(ledger.n_found(&of_run("p1")), 20, "its changes, without its end");
    assert_eq!(ledger.n_found(&of_run("p2")), 0);
}

#[test]
fn entries_that_arrive_later_are_found_too() {
    let (start, mut tip, lines) = chain(3);
    let mut ledger = ledger(start, &lines);
    let wanted = LedgerFilter { search: "fan-".into(), ..LedgerFilter::default() };
    assert_eq!(ledger.n_found(&wanted), 3);
    entries(&mut tip, 2).iter().for_each(|entry| ledger.push(&entry.to_line()));
    assert_eq!(ledger.n_found(&wanted), 5);
    assert_eq!(ledger.standing(tip).flaw, None);
}

#[test]
fn what_can_be_filtered_by_is_counted() {
    let (start, _, lines) = chain(20);
    let counts = ledger(start, &lines).counts();
    let said = |all: &[crate::Counted]| -> Vec<(String, usize)> {
        all.iter().map(|one| (one.value.to_string(), one.count)).collect()
    };
    assert_eq!(said(&counts.outcomes), [("done".to_owned(), 14), ("refused".to_owned(), 6)]);
    assert_eq!(said(&counts.events), [("changed".to_owned(), 20), ("ended".to_owned(), 1)]);
    assert_eq!(said(&counts.places), [("c1".to_owned(), 21)]);
    assert_eq!((&*counts.places[0].name, &*counts.authors[0].name), ("Superhero fans", "Ana"));
    assert_eq!(counts.authors[0].count, 21);
}

#[test]
fn a_state_that_was_signed_shows_what_was_removed_or_written_anew() {
    let (start, tip, lines) = chain(8);
    let whole = ledger(start, &lines);
    let all = LedgerFilter::default();
    let rows = ledger(start, &lines).rows(&all, 0, 99);
    let hash = |number: usize| rows[rows.len() - number].hash;
    assert_eq!(whole.covered(9, tip.last), Coverage::Held);
    assert_eq!(whole.covered(4, hash(4)), Coverage::Held);
    assert_eq!(whole.covered(0, start.last), Coverage::Held);
    assert_eq!(whole.covered(4, hash(5)), Coverage::Rewritten);
    assert_eq!(ledger(start, &lines[..6]).covered(9, tip.last), Coverage::Missing(6));
}

#[test]
fn files_hold_what_was_found_oldest_first() {
    let (start, tip, lines) = chain(4);
    let mut ledger = ledger(start, &lines);
    let done = LedgerFilter { outcomes: vec!["done".into()], ..LedgerFilter::default() };
    let table = ledger.table(&done);
    let people: Vec<_> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').find(|cell| cell.starts_with("fan-")))
        .collect();
    assert_eq!(people, ["fan-0", "fan-1", "fan-3"]);
    let file = ledger.file();
    assert_eq!(file.lines().count(), 6);
    assert!(file.lines().skip(1).eq(lines.iter()));
    assert!(file.starts_with(&format!(
        "{{\"format\":1,\"muster\":\"activity\",\"start\":{{\"chain\":\"{}\"",
        tip.chain
    )));
}
