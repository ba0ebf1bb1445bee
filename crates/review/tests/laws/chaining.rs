//! Chains: what is removed, moved, added or edited is found where it is.

use domain::outcome::Verdict;
use domain::{GroupId, PersonKey, PlanId, Scope, State, Vendor};
use proptest::prelude::*;
use proptest::sample::Index;
use review::{
    ChainActor, ChainChange, ChainEntry, ChainError, ChainEvent, ChainFile, ChainHead, ChainPlace, ChainTip,
    Digest, Fork, MAX_CHAIN_BYTES, Misfit, MisfitKind, ParseEntryError, PersonalData, ReadChainError,
    ReadDocumentError, Signed, TrustStore, UnverifiedChain, VerifiedChain, Verifier, merged, redact_person,
    to_table,
};

use crate::world::*;

pub(crate) fn changed(request: Option<Digest>) -> ChainEvent {
    ChainEvent::Changed(Box::new(ChainChange {
        place: ChainPlace { vendor: Vendor::CometChat, id: "274b8c16".into(), name: "Club".into() },
        run: PlanId::new("run-1"),
        operation: "ban".into(),
        group: Some(GroupId::new("hikers")),
        before: State::Scope(Scope::Participant),
        after: State::Scope(Scope::Banned),
        outcome: Verdict::Done,
        code: None,
        why: "Spam".into(),
        request,
        decisions: request.into_iter().collect(),
    }))
}

pub(crate) fn person(idx: usize) -> PersonalData {
    let name = Some(format!("Fan {idx}").into());
    PersonalData::new([idx as u8; 16], PersonKey::Id(format!("fan-{idx}").into()), name, None)
}

/// A chain of someone, being written.
pub(crate) struct Log<'a> {
    pub(crate) owner: &'a Colleague,
    pub(crate) start: ChainTip,
    pub(crate) tip: ChainTip,
    pub(crate) entries: Vec<ChainEntry>,
}

impl<'a> Log<'a> {
    pub(crate) fn new(owner: &'a Colleague, random: u8) -> Self {
        let start = ChainTip::new([random; 32]);
        Self { owner, start, tip: start, entries: Vec::new() }
    }

    pub(crate) fn of(owner: &'a Colleague, n_entries: usize) -> Self {
        let mut log = Self::new(owner, 1);
        for idx in 0..n_entries {
            log.add(T0 + idx as u64, changed(None), Some(person(idx)));
        }
        log
    }

    pub(crate) fn add(&mut self, at: u64, event: ChainEvent, person: Option<PersonalData>) {
        let by =
            ChainActor { name: self.owner.signer.name.clone(), key: self.owner.signer.key.fingerprint() };
        self.entries.push(self.tip.append(at, by, event, person));
    }

    pub(crate) fn head(&self) -> Signed<ChainHead> {
        self.owner.sign(self.tip.head(T0 + HOUR))
    }

    pub(crate) fn file(&self) -> ChainFile {
        ChainFile { start: self.start, entries: self.entries.clone(), heads: vec![self.head()] }
    }

    pub(crate) fn verified(&self) -> VerifiedChain {
        opened(&self.file().to_text(), &trusting(&[self.owner])).expect("it is whole")
    }
}

pub(crate) fn verify(
    start: ChainTip,
    entries: &[ChainEntry],
    heads: &[Signed<ChainHead>],
) -> Result<ChainTip, ChainError> {
    let mut verifier = Verifier::new(start);
    entries.iter().for_each(|entry| verifier.push(entry));
    verifier.finish(heads)
}

/// What a file turns out to be.
pub(crate) fn opened(text: &str, trust: &TrustStore) -> Result<VerifiedChain, ChainError> {
    let read = UnverifiedChain::read(text).expect("it was written");
    let answers: Vec<_> = read.checks().into_iter().map(answered).collect();
    read.verified(&answers, trust)
}

pub(crate) fn misfit(at: u64, kind: MisfitKind) -> Result<ChainTip, ChainError> {
    Err(ChainError::Misfit(Misfit { at, kind }))
}

/// The entry with a text replaced, and its own hash as before.
pub(crate) fn edited(entry: &ChainEntry, from: &str, to: &str) -> ChainEntry {
    let line = entry.to_line();
    assert!(line.contains(from), "{line}");
    ChainEntry::parse(&line.replacen(from, to, 1)).expect("it is an entry still")
}

#[test]
fn a_chain_fits_its_tip_and_its_heads() {
    let ana = Colleague::new("Ana", 2);
    for n_entries in [0, 1, 2, 20] {
        let log = Log::of(&ana, n_entries);
        assert_eq!(verify(log.start, &log.entries, &[log.head()]), Ok(log.tip));
        assert_eq!(log.tip.n_entries, n_entries as u64);
        for entry in &log.entries {
            assert_eq!(ChainEntry::parse(&entry.to_line()).as_ref(), Ok(entry));
        }
    }
}

#[test]
fn redacting_a_person_keeps_the_chain() {
    let ana = Colleague::new("Ana", 2);
    let mut log = Log::of(&ana, 5);
    log.add(T0 + 9, changed(None), Some(person(3)));
    let n_redacted = redact_person(&mut log.entries, &PersonKey::Id("fan-3".into()));
    assert_eq!(n_redacted, 2);
    let text = log.file().to_text();
    assert!(!text.contains("fan-3") && !text.contains("Fan 3") && text.contains("fan-2"));
    assert!(log.entries[3].is_redacted() && !log.entries[2].is_redacted());
    assert_eq!(verify(log.start, &log.entries, &[log.head()]), Ok(log.tip));
    // Someone else in the place of the person is an edit, and so is a person where nobody was.
    let other = edited(&log.entries[2], "fan-2", "fan-9");
    let entries = [&log.entries[..2], &[other], &log.entries[3..]].concat();
    assert_eq!(verify(log.start, &entries, &[]), misfit(2, MisfitKind::Edited));
    let mut log = Log::new(&ana, 1);
    log.add(T0, changed(None), None);
    let opened = Log::of(&ana, 1).entries[0].to_line();
    let opened = &opened[opened.find("\"opened\":").expect("a person") + 9..opened.len() - 1];
    let added = edited(&log.entries[0], "\"opened\":null", &format!("\"opened\":{opened}"));
    assert_eq!(verify(log.start, &[added], &[]), misfit(0, MisfitKind::Edited));
}

#[test]
fn the_same_person_has_another_commitment_in_each_entry() {
    let ana = Colleague::new("Ana", 2);
    let log = Log::of(&ana, 2);
    let commitment = |entry: &ChainEntry| {
        let line = entry.to_line();
        let at = line.find("\"person\":\"").expect("a commitment") + 10;
        line[at..at + 64].to_owned()
    };
    assert_ne!(commitment(&log.entries[0]), commitment(&log.entries[1]));
    // Without the salt, who knows all members cannot find out who was meant.
    let again = PersonalData::new([99; 16], PersonKey::Id("fan-0".into()), Some("Fan 0".into()), None);
    let mut other = Log::new(&ana, 1);
    other.add(T0, changed(None), Some(again));
    assert_ne!(commitment(&other.entries[0]), commitment(&log.entries[0]));
}

#[test]
fn only_a_head_shows_what_was_rewritten_to_the_end() {
    let ana = Colleague::new("Ana", 2);
    let log = Log::of(&ana, 10);
    let early = {
        let part = Log::of(&ana, 4);
        ana.sign(part.tip.head(T0))
    };
    // The holder of the device writes the end anew.
    let mut forged = Log::of(&ana, 6);
    for idx in 6..10 {
        forged.add(T0 + idx, changed(None), None);
    }
    assert_eq!(verify(log.start, &forged.entries, &[]), Ok(forged.tip), "it fits by itself");
    let heads = [log.head(), early];
    assert_eq!(verify(log.start, &forged.entries, &heads), misfit(4, MisfitKind::Edited));
    // Or leaves it out.
    assert_eq!(verify(log.start, &log.entries[..7], &heads), misfit(7, MisfitKind::Removed));
    assert_eq!(verify(log.start, &[], &heads), misfit(0, MisfitKind::Removed));
    // A head of another chain proves nothing of this one.
    let other = Log::new(&ana, 2);
    assert_eq!(verify(log.start, &log.entries, &[other.head()]), Err(ChainError::OtherChain));
}

#[test]
fn an_entry_that_was_edited_and_hashed_anew_does_not_fit_the_next() {
    let ana = Colleague::new("Ana", 2);
    let log = Log::of(&ana, 6);
    let mut part = Log::of(&ana, 3);
    part.add(T0, changed(None), None);
    let entries = [&log.entries[..3], &part.entries[3..], &log.entries[4..]].concat();
    assert_eq!(verify(log.start, &entries, &[]), misfit(3, MisfitKind::Edited));
}

#[test]
fn an_added_entry_is_told_from_the_one_whose_place_it_takes() {
    let ana = Colleague::new("Ana", 2);
    let log = Log::of(&ana, 6);
    let mut part = Log::of(&ana, 3);
    part.add(T0, changed(None), None);
    let forged = part.entries[3].clone();
    for (at, expected) in [(3, 3), (4, 4)] {
        let mut entries = log.entries.clone();
        entries.insert(at, forged.clone());
        assert_eq!(verify(log.start, &entries, &[]), misfit(expected, MisfitKind::Added), "{at}");
    }
    let mut entries = log.entries.clone();
    entries.push(Log::of(&ana, 1).entries[0].clone());
    assert_eq!(verify(log.start, &entries, &[]), misfit(6, MisfitKind::Added));
}

#[test]
fn a_file_is_read_as_written_and_needs_heads_of_its_owner() {
    let (ana, eve) = (Colleague::new("Ana", 2), Colleague::new("Eve", 3));
    let log = Log::of(&ana, 5);
    let trust = trusting(&[&ana, &eve]);
    let text = log.file().to_text();
    let verified = opened(&text, &trust).expect("it is whole");
    assert_eq!((verified.owner(), verified.file().to_text()), (ana.signer.key.fingerprint(), text.clone()));
    let result = |file: ChainFile, trust: &TrustStore| opened(&file.to_text(), trust).map(|_| ());
    let file = log.file();
    // Nobody knows Ana.
    assert_eq!(result(log.file(), &trusting(&[&eve])), Err(ChainError::ForgedHead));
    // Eve signs Ana's chain, beside Ana or alone.
    let by_eve = eve.sign(log.tip.head(T0));
    let both = ChainFile { heads: vec![log.head(), by_eve.clone()], ..file.clone() };
    assert_eq!(result(both, &trust), Err(ChainError::ForgedHead));
    let alone = ChainFile { heads: vec![by_eve], ..file.clone() };
    assert_eq!(result(alone, &trust), Err(ChainError::OtherAuthor(0)));
    // No head, or one that ends before the entries do.
    let none = ChainFile { heads: vec![], ..file.clone() };
    assert_eq!(result(none, &trust), Err(ChainError::NotSigned(0)));
    let early = ana.sign(Log::of(&ana, 3).tip.head(T0));
    let early = ChainFile { heads: vec![early], ..file };
    assert_eq!(result(early, &trust), Err(ChainError::NotSigned(3)));
    // A head whose signature is not valid.
    let read = UnverifiedChain::read(&text).expect("it was written");
    let answers: Vec<_> = read.checks().into_iter().map(|check| check.answered(false)).collect();
    assert_eq!(read.verified(&answers, &trust).map(|_| ()), Err(ChainError::ForgedHead));
}

#[test]
fn what_is_no_chain_is_told_by_its_line() {
    let ana = Colleague::new("Ana", 2);
    let text = Log::of(&ana, 3).file().to_text();
    let read = |text: &str| UnverifiedChain::read(text).err();
    let other = Some(ReadChainError::Heading(ReadDocumentError::OtherKind));
    assert_eq!(read(&ana.sign(request()).to_text()), other);
    assert_eq!(read(&"x".repeat(100_000)), other);
    let newer = text.replacen("\"format\":1", "\"format\":3", 1);
    assert_eq!(read(&newer), Some(ReadChainError::Heading(ReadDocumentError::Newer(3))));
    let fields = Some(ReadChainError::Entry(3, ParseEntryError::Fields));
    let nth = |idx: usize| text.lines().nth(idx).expect("a line").to_owned();
    assert_eq!(read(&text.replace(&nth(2), &nth(2).replacen("\"why\":", "\"x\":", 1))), fields);
    assert_eq!(
        read(&text.replace(&nth(2), &nth(2).replacen("{\"entry\"", "{\"base_url\":\"x\",\"entry\"", 1))),
        fields
    );
    let turned = text.replace(&nth(2), &nth(2).replacen("Spam", "Sp\u{202e}am", 1));
    assert_eq!(read(&turned), Some(ReadChainError::Entry(3, ParseEntryError::Text)));
    let heads = format!("{}\n", nth(4)).repeat(1_000);
    assert_eq!(read(&format!("{text}{heads}")), Some(ReadChainError::TooLarge));
    assert_eq!(read(&format!("{}{heads}", text.replace(&format!("{}\n", nth(4)), ""))), None);
    assert_eq!(read(&"x".repeat(MAX_CHAIN_BYTES + 1)), Some(ReadChainError::TooLarge));
    let head = text.replace("\"made_at\":", "\"made\":");
    assert_eq!(read(&head), Some(ReadChainError::Head(5, ReadDocumentError::Fields)));
}

#[test]
fn chains_are_merged_by_what_was_known_and_then_by_time() {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let request = ana.sign(request());
    let decision = bea.sign(approval(&request, T0));
    let mut anas = Log::new(&ana, 1);
    anas.add(T0, ChainEvent::Requested { request: request.hash(), why: "Spring".into() }, None);
    anas.add(T0 + 50, changed(None), Some(person(1)));
    let mut beas = Log::new(&bea, 2);
    // Bea's clock is behind: she seems to decide before Ana asks.
    let (request, decision) = (request.hash(), decision.hash());
    beas.add(T0 - 100, changed(None), Some(person(2)));
    beas.add(T0 - 50, ChainEvent::Decided { request, decision, n_approved: 3, n_declined: 0 }, None);
    beas.add(T0 - 10, changed(None), Some(person(3)));
    let chains = [anas.verified(), beas.verified(), anas.verified()];
    let order = |chains: &[VerifiedChain]| -> Vec<_> {
        let merged = merged(chains).expect("copies are equal");
        merged.iter().map(|one| (one.owner == ana.signer.key.fingerprint(), one.entry.seq())).collect()
    };
    let expected = [(false, 0), (true, 0), (false, 1), (false, 2), (true, 1)];
    assert_eq!(order(&chains), expected);
    let [first, second, third] = chains;
    assert_eq!(order(&[second, third, first]), expected, "whatever the order of the files");
}

#[test]
fn copies_of_a_chain_have_to_agree_and_the_redacted_one_wins() {
    let ana = Colleague::new("Ana", 2);
    let (short, long) = (Log::of(&ana, 3), Log::of(&ana, 6));
    let both = [short.verified(), long.verified()];
    assert_eq!(merged(&both).map(|entries| entries.len()), Ok(6));
    let mut redacted = Log::of(&ana, 3);
    redact_person(&mut redacted.entries, &PersonKey::Id("fan-1".into()));
    for chains in [[redacted.verified(), long.verified()], [long.verified(), redacted.verified()]] {
        let entries = merged(&chains).expect("copies agree");
        assert_eq!((entries.len(), entries[1].entry.is_redacted()), (6, true));
    }
    // Ana shows Bea another history than Cal.
    let mut other = Log::of(&ana, 2);
    other.add(T0, changed(None), None);
    let forked = [long.verified(), other.verified()];
    assert_eq!(merged(&forked).map(|_| ()), Err(Fork { chain: long.start.chain, seq: 2 }));
}

#[test]
fn a_table_is_safe_in_a_spreadsheet() {
    let ana = Colleague::new("Ana", 2);
    let mut log = Log::new(&ana, 1);
    let name = Some("=HYPERLINK(\"https://x.example\")".into());
    log.add(T0, changed(None), Some(PersonalData::new([1; 16], PersonKey::Id("+1".into()), name, None)));
    let table = to_table(&log.entries, |at| at.to_string());
    assert_eq!(table.lines().count(), 2);
    assert!(table.contains("'=HYPERLINK") && table.contains("'+1"), "{table}");
    assert!(table.contains("ban") && table.contains("hikers") && table.contains("participant"));
}

proptest! {
    #[test]
    fn a_removed_entry_is_found(n in 2..12_usize, at in any::<Index>()) {
        let ana = Colleague::new("Ana", 2);
        let log = Log::of(&ana, n);
        let at = at.index(n);
        let mut entries = log.entries.clone();
        entries.remove(at);
        prop_assert_eq!(verify(log.start, &entries, &[log.head()]), misfit(at as u64, MisfitKind::Removed));
    }

    #[test]
    fn entries_that_were_moved_are_found(n in 2..12_usize, from in any::<Index>(), to in any::<Index>()) {
        let ana = Colleague::new("Ana", 2);
        let log = Log::of(&ana, n);
        let (from, to) = (from.index(n), to.index(n));
        let mut entries = log.entries.clone();
        let entry = entries.remove(from);
        entries.insert(to, entry);
        let found = verify(log.start, &entries, &[log.head()]);
        if from == to {
            prop_assert_eq!(found, Ok(log.tip));
        } else {
            prop_assert_eq!(found, misfit(from.min(to) as u64, MisfitKind::Reordered));
        }
    }

    #[test]
    fn an_added_entry_is_found(n in 2..12_usize, at in any::<Index>(), seq in any::<Index>()) {
        let ana = Colleague::new("Ana", 2);
        let log = Log::of(&ana, n);
        // A copy of another entry, or a forged one with its number.
        let (at, seq) = (at.index(n + 1), seq.index(n));
        for is_copy in [true, false] {
            let mut part = Log::of(&ana, seq);
            part.add(T0, changed(None), None);
            let added = if is_copy { log.entries[seq].clone() } else { part.entries[seq].clone() };
            let mut entries = log.entries.clone();
            entries.insert(at, added);
            let found = verify(log.start, &entries, &[log.head()]);
            let Err(ChainError::Misfit(found)) = found else { panic!("{found:?}") };
            // Of two equal neighbors, either is the added one.
            let places = if is_copy && (at == seq || at == seq + 1) { seq..=seq + 1 } else { at..=at };
            prop_assert!(places.contains(&(found.at as usize)), "{found:?} for {at} as {seq}, {is_copy}");
            prop_assert!(found.kind != MisfitKind::Removed && found.kind != MisfitKind::Edited);
        }
    }

    #[test]
    fn an_entry_with_a_changed_bit_is_found_or_is_no_entry(n in 1..8_usize, at in any::<Index>(), byte in any::<Index>(), bit in 0..8_u8) {
        let ana = Colleague::new("Ana", 2);
        let log = Log::of(&ana, n);
        let at = at.index(n);
        let mut line = log.entries[at].to_line().into_bytes();
        let byte = byte.index(line.len());
        line[byte] ^= 1 << bit;
        let Ok(line) = String::from_utf8(line) else { return Ok(()) };
        let Ok(entry) = ChainEntry::parse(&line) else { return Ok(()) };
        let mut entries = log.entries.clone();
        entries[at] = entry;
        prop_assert_eq!(verify(log.start, &entries, &[log.head()]), misfit(at as u64, MisfitKind::Edited));
    }
}
