//! What is deleted from a chain, and what still shows that nothing else was.

use domain::PersonKey;
use review::{
    ChainDeletion, ChainEntry, ChainError, ChainEvent, ChainFile, ChainTip, Fork, MisfitKind,
    ParseEntryError, ReadChainError, ReadDocumentError, UnverifiedChain, Verifier, merged, redact_person,
    to_table,
};

use crate::chaining::{Log, changed, edited, misfit, opened, person, verify};
use crate::world::*;

/// Ten entries of Ana, of which the first were deleted.
fn shortened(ana: &Colleague, n_deleted: usize) -> Log<'_> {
    let mut log = Log::of(ana, 10);
    let start = Log::of(ana, n_deleted).tip;
    let before = T0 + n_deleted as u64;
    let deletion = ChainDeletion { n_entries: start.n_entries, before, days: 90, start };
    log.add(T0 + HOUR, ChainEvent::Deleted(deletion), None);
    log.entries.drain(..n_deleted);
    log.start = start;
    log
}

#[test]
fn old_entries_can_be_deleted_and_the_rest_still_fits() {
    let ana = Colleague::new("Ana", 2);
    for n_deleted in [1, 4, 10] {
        let log = shortened(&ana, n_deleted);
        assert_eq!(verify(log.start, &log.entries, &[log.head()]), Ok(log.tip));
        let file = opened(&log.file().to_text(), &trusting(&[&ana])).expect("it is whole");
        assert_eq!(file.file().start, log.start);
        // States of the time before: of entries that are deleted, and of some that are left.
        for n_covered in [0, n_deleted, 10] {
            let early = ana.sign(Log::of(&ana, n_covered).tip.head(T0));
            assert_eq!(verify(log.start, &log.entries, &[early]), Ok(log.tip));
        }
    }
    let log = shortened(&ana, 4);
    assert_eq!(verify(log.start, &log.entries[1..], &[log.head()]), misfit(0, MisfitKind::Removed));
    // The start is covered by the head through the first entry.
    let other = ChainTip { last: log.tip.last, ..log.start };
    assert_eq!(verify(other, &log.entries, &[log.head()]), misfit(0, MisfitKind::Edited));
}

#[test]
fn entries_that_no_entry_says_were_deleted_are_missed() {
    let ana = Colleague::new("Ana", 2);
    let verifier = |log: &Log<'_>| {
        let mut verifier = Verifier::new(log.start);
        log.entries.iter().for_each(|entry| verifier.push(entry));
        verifier
    };
    assert_eq!(verifier(&Log::of(&ana, 3)).deletion(), Ok(None));
    let log = shortened(&ana, 4);
    let (deletion, at) = verifier(&log).deletion().expect("it is recorded").expect("there is one");
    assert_eq!((deletion.start, deletion.days, at), (log.start, 90, T0 + HOUR));
    // Someone deletes more than the entry says, or all without one.
    let mut more = shortened(&ana, 4);
    let first = more.entries.remove(0);
    more.start = ChainTip { n_entries: 5, last: first.hash(), ..more.start };
    let mut silent = Log::of(&ana, 10);
    silent.entries.drain(..4);
    silent.start = log.start;
    for log in [more, silent] {
        assert_eq!(verify(log.start, &log.entries, &[log.head()]), Ok(log.tip), "each fits the one before");
        assert_eq!(verifier(&log).deletion(), Err(ChainError::NoDeletion));
        let read = opened(&log.file().to_text(), &trusting(&[&ana]));
        assert_eq!(read.map(|_| ()), Err(ChainError::NoDeletion));
    }
    // An entry that was edited to say so says nothing.
    let mut edited_one = shortened(&ana, 4);
    let last = edited_one.entries.pop().expect("the deletion");
    edited_one.entries.push(edited(&last, "\"days\":90", "\"days\":91"));
    assert_eq!(verifier(&edited_one).deletion(), Err(ChainError::NoDeletion));
}

#[test]
fn entries_are_deleted_again_and_again() {
    let ana = Colleague::new("Ana", 2);
    let mut log = shortened(&ana, 4);
    let start = Log::of(&ana, 7).tip;
    let deletion = ChainDeletion { n_entries: 3, before: T0 + 7, days: 90, start };
    log.add(T0 + 2 * HOUR, ChainEvent::Deleted(deletion), None);
    log.entries.drain(..3);
    log.start = start;
    let file = opened(&log.file().to_text(), &trusting(&[&ana])).expect("it is whole");
    assert_eq!(file.file().entries.len(), 5);
    let copies = [Log::of(&ana, 10).verified(), shortened(&ana, 4).verified(), log.verified()];
    assert_eq!(
        merged(&copies).map(|entries| entries.len()),
        Ok(12),
        "another copy has what this one deleted"
    );
}

#[test]
fn a_copy_that_begins_after_another_history_is_a_fork() {
    let ana = Colleague::new("Ana", 2);
    let mut other = Log::of(&ana, 3);
    other.add(T0, changed(None), None);
    // It ends where the shortened one begins, so they have no entry in common.
    let copies = [other.verified(), shortened(&ana, 4).verified()];
    let fork = Fork { chain: other.start.chain, seq: 3 };
    assert_eq!(merged(&copies).map(|_| ()), Err(fork));
    assert!(merged(&[Log::of(&ana, 4).verified(), shortened(&ana, 4).verified()]).is_ok());
}

#[test]
fn earlier_releases_are_told_that_a_file_is_newer() {
    let ana = Colleague::new("Ana", 2);
    let (whole, rest) = (Log::of(&ana, 10).file().to_text(), shortened(&ana, 4).file().to_text());
    assert!(whole.starts_with("{\"format\":1,") && rest.starts_with("{\"format\":2,"));
    let fields = Some(ReadChainError::Heading(ReadDocumentError::Fields));
    for (text, from, to) in [(&whole, "1", "2"), (&rest, "2", "1"), (&whole, "1", "0")] {
        let other = text.replacen(&format!("\"format\":{from}"), &format!("\"format\":{to}"), 1);
        assert_eq!(UnverifiedChain::read(&other).err(), fields, "{from} {to}");
    }
    // What they make of the entry itself: as of one whose event this release does not know.
    let line = shortened(&ana, 4).entries.pop().expect("the deletion").to_line();
    let unknown = line.replacen("\"deleted\"", "\"forgotten\"", 1);
    assert_eq!(ChainEntry::parse(&unknown), Err(ParseEntryError::Fields));
    let more = line.replacen("\"days\":90", "\"days\":90,\"else\":1", 1);
    assert_eq!(ChainEntry::parse(&more), Err(ParseEntryError::Fields));
}

#[test]
fn another_person_in_the_place_of_a_deleted_one_is_noticed() {
    let ana = Colleague::new("Ana", 2);
    let mut log = Log::of(&ana, 5);
    let genuine = log.entries[3].to_line();
    redact_person(&mut log.entries, &PersonKey::Id("fan-3".into()));
    assert_eq!(verify(log.start, &log.entries, &[log.head()]), Ok(log.tip));
    let opened_part = |line: &str| line[line.find("\"opened\":").expect("a part") + 9..].to_owned();
    let with = |part: &str| {
        let line = log.entries[3].to_line();
        let at = line.find("\"opened\":").expect("a part") + 9;
        ChainEntry::parse(&[&line[..at], part].concat()).expect("it is an entry still")
    };
    let put = |part: &str| {
        let entries = [&log.entries[..3], &[with(part)], &log.entries[4..]].concat();
        verify(log.start, &entries, &[log.head()])
    };
    // The person of another entry, and made-up ones.
    let other = opened_part(&log.entries[2].to_line());
    for part in [&other, &other.replace("fan-2", "fan-3"), &opened_part(&genuine).replace("Fan 3", "Fan X")] {
        assert_eq!(put(part), misfit(3, MisfitKind::Edited), "{part}");
    }
    // Only who kept the very same data can put them back.
    assert_eq!(put(&opened_part(&genuine)), Ok(log.tip));
}

#[test]
fn tables_say_that_a_person_was_deleted() {
    let ana = Colleague::new("Ana", 2);
    let mut log = Log::new(&ana, 1);
    log.add(T0, changed(None), Some(person(1)));
    log.add(T0, changed(None), None);
    redact_person(&mut log.entries, &PersonKey::Id("fan-1".into()));
    let table = to_table(&log.entries, |at| at.to_string());
    let said: Vec<_> = table.lines().skip(1).map(|line| line.contains(",deleted,,,")).collect();
    assert_eq!(said, [true, false], "{table}");
    let rest = shortened(&ana, 4);
    let table = to_table(&rest.entries, |at| at.to_string());
    assert!(table.lines().last().is_some_and(|line| line.contains(",deleted,")), "{table}");
    let file = ChainFile { heads: Vec::new(), ..log.file() }.to_text();
    assert!(file.lines().nth(1).is_some_and(|line| line.ends_with("\"opened\":null}")), "{file}");
}
