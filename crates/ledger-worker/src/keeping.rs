//! What can be deleted from the ledger of this device, and what was.

use domain::search::Search;
use domain::{Millis, PersonKey, PlanId};
use review::{ChainDeletion, ChainEntry, ChainEvent, ChainTip, Digest, redact_person};
use serde::{Deserialize, Serialize};

use crate::filter::{hashed_texts, place};
use crate::{Coverage, LedgerStore};

/// Shortest text, in characters, that is looked for in the texts of other entries: "Al" is in too many words.
const SHORTEST: usize = 3;

/// What the ledger says about someone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutPerson {
    /// How many entries have their personal data.
    pub n_entries: usize,
    /// The names of the connections of these entries.
    pub places: Vec<Box<str>>,
    /// The runs that these entries are of.
    pub runs: Vec<PlanId>,
    /// The requests that reviewed them.
    pub requests: Vec<Digest>,
    /// How many entries name the person in a text that the hash covers, such as a reason.
    pub n_mentions: usize,
}

/// The oldest entries, which can be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderEntries {
    /// How many.
    pub n_entries: u64,
    /// The tip after the last of them.
    pub start: ChainTip,
}

/// The entries that were deleted from the beginning of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedEntries {
    /// How many in all.
    pub n_entries: u64,
    /// The time before which all of them happened.
    pub before: Millis,
    /// When the last of them were deleted.
    pub at: Millis,
}

impl DeletedEntries {
    pub(crate) fn of(deletion: &ChainDeletion, at: Millis) -> Self {
        Self { n_entries: deletion.start.n_entries, before: deletion.before, at }
    }
}

impl LedgerStore {
    /// What the entries of this device say about someone.
    pub fn about(&self, key: &PersonKey) -> AboutPerson {
        let mut about = AboutPerson::default();
        let mut names = vec![key.as_str()];
        for entry in self.entries.iter().filter(|entry| is_about(entry, key)) {
            about.n_entries += 1;
            let place = place(entry.event()).map(|place| place.name.clone());
            add(&mut about.places, place);
            if let ChainEvent::Changed(change) = entry.event() {
                add(&mut about.runs, Some(change.run.clone()));
                add(&mut about.requests, change.request);
            }
            let name = entry.person().and_then(|person| person.name.as_deref());
            add(&mut names, name);
        }
        let searches: Vec<_> = names
            .into_iter()
            .filter(|name| name.chars().count() >= SHORTEST)
            .map(|name| Search::new(name, self.platform.decompose))
            .collect();
        let is_named = |text: &str| {
            searches.iter().any(|search| !search.is_empty() && search.fold(text).contains(search.wanted()))
        };
        let mentions = |entry: &&ChainEntry| hashed_texts(entry).into_iter().flatten().any(is_named);
        about.n_mentions = self.entries.iter().filter(mentions).count();
        about
    }

    /// The lines of the entries about someone without their personal data, each with its number.
    pub fn redacted(&self, key: &PersonKey) -> Vec<(u64, String)> {
        let mut found: Vec<_> = self.entries.iter().filter(|entry| is_about(entry, key)).cloned().collect();
        redact_person(&mut found, key);
        found.iter().map(|entry| (entry.seq(), entry.to_line())).collect()
    }

    /// The oldest entries, up to the first that did not happen before a time; `None` if there are none, or if they only
    /// say that others were deleted: deleting those would need another such entry, and so for ever.
    pub fn older(&self, before: Millis) -> Option<OlderEntries> {
        let n_older = self.entries.iter().take_while(|entry| entry.at() < before).count();
        let older = &self.entries[..n_older];
        let last = older.last().filter(|_| older.iter().any(|entry| entry.deletion().is_none()))?;
        let start = ChainTip { n_entries: last.seq() + 1, last: last.hash(), ..self.start };
        Some(OlderEntries { n_entries: n_older as u64, start })
    }

    /// What has become of the first entries of the chain, which are not here any more.
    pub(crate) fn covered_once(&self, n_entries: u64, last: Digest) -> Coverage {
        if self.verifier.deletion().is_err() {
            return Coverage::Missing(self.entries.len() as u64);
        }
        // An entry may know the hash that was the last then.
        let known = self.entries.iter().filter_map(ChainEntry::deletion);
        let is_other = |known: &ChainDeletion| known.start.n_entries == n_entries && known.start.last != last;
        if known.into_iter().any(is_other) { Coverage::Rewritten } else { Coverage::Deleted }
    }
}

fn is_about(entry: &ChainEntry, key: &PersonKey) -> bool {
    entry.person().is_some_and(|person| person.key.folded() == key.folded())
}

/// Adds what is not there yet.
fn add<T: PartialEq>(all: &mut Vec<T>, one: Option<T>) {
    if let Some(one) = one
        && !all.contains(&one)
    {
        all.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::tests::{chain, entries, ledger};
    use crate::{Flaw, LedgerFilter, LedgerStanding};

    fn key(n: u32) -> PersonKey {
        PersonKey::Id(format!("fan-{n}").into())
    }

    /// Lines whose first ones were deleted, with the entry that says so.
    fn shortened(n_changes: u32, n_deleted: usize) -> (ChainTip, ChainTip, Vec<String>) {
        let (start, mut tip, mut lines) = chain(n_changes);
        let mut all = ledger(start, &lines);
        let hash = all.rows(&LedgerFilter::default(), 0, 99)[lines.len() - n_deleted].hash;
        let start = ChainTip { n_entries: n_deleted as u64, last: hash, ..start };
        let by = entries(&mut start.clone(), 0)[0].by().clone();
        let deletion = ChainDeletion { n_entries: start.n_entries, before: start.n_entries, days: 90, start };
        lines.push(tip.append(1_000, by, ChainEvent::Deleted(deletion), None).to_line());
        (start, tip, lines.split_off(n_deleted))
    }

    #[test]
    fn the_entries_about_someone_lose_the_person_and_still_fit() {
        let (start, tip, lines) = chain(20);
        let whole = ledger(start, &lines);
        let about = whole.about(&key(3));
        assert_eq!((about.n_entries, about.n_mentions), (1, 0));
        assert_eq!((about.places, about.runs), (vec!["Superhero fans".into()], vec![PlanId::new("p1")]));
        let redacted = whole.redacted(&key(3));
        assert_eq!(redacted.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [3]);
        let mut after = lines.clone();
        for (seq, line) in redacted {
            after[seq as usize] = line;
        }
        let mut after = ledger(start, &after);
        assert_eq!(after.standing(tip).flaw, None);
        assert_eq!(after.about(&key(3)).n_entries, 0);
        let searched = |text: &str| LedgerFilter { search: text.into(), ..LedgerFilter::default() };
        assert_eq!((after.n_found(&searched("fan-3")), after.n_found(&searched("fan-4"))), (0, 1));
        assert!(!after.file().contains("fan-3") && !after.table(&LedgerFilter::default()).contains("fan-3"));
        let rows = after.rows(&LedgerFilter::default(), 0, 99);
        let said: Vec<_> = rows.iter().filter(|row| row.is_redacted).map(|row| row.seq).collect();
        assert_eq!(said, [3]);
    }

    #[test]
    fn every_entry_about_a_person_is_meant_however_the_address_is_written() {
        let start = ChainTip::new([7; 32]);
        let mut tip = start;
        let by = entries(&mut start.clone(), 0)[0].by().clone();
        let mut line = |key: PersonKey, name: &str, why: &str| {
            let person = review::PersonalData::new([1; 16], key, Some(name.into()), None);
            let event = ChainEvent::Redacted { n_entries: 1, why: why.into() };
            tip.append(1, by.clone(), event, Some(person)).to_line()
        };
        let email = |text: &str| PersonKey::Email(text.into());
        let lines = [
            line(email("Mia@Example.org"), "Mia Wong", "Left"),
            line(email("mia@example.org"), "Mia W.", "Asked by MIA WONG"),
            line(PersonKey::Id("mia@example.org".into()), "Mia Wong", "Left"),
            line(email("al@example.org"), "Al", "Also left"),
        ];
        let ledger = ledger(start, &lines);
        let about = ledger.about(&email("MIA@example.org"));
        assert_eq!((about.n_entries, about.n_mentions), (2, 1), "an ID is another key");
        assert_eq!(ledger.redacted(&email("mia@example.org")).len(), 2);
        assert_eq!(ledger.about(&email("al@example.org")).n_mentions, 0, "the name is too short");
        let author = ledger.about(&PersonKey::Id("ana".into()));
        assert_eq!(author.n_mentions, 0, "who made an entry is not whom it is about");
        assert_eq!(ledger.about(&email("nobody@example.org")), AboutPerson::default());
    }

    #[test]
    fn only_the_oldest_entries_can_be_deleted() {
        let (start, _, lines) = chain(20);
        let whole = ledger(start, &lines);
        let hash = |at: usize| ledger(start, &lines).rows(&LedgerFilter::default(), 20 - at, 21 - at)[0].hash;
        let tip = |n: usize| ChainTip { n_entries: n as u64, last: hash(n - 1), ..start };
        assert_eq!(whole.older(0), None);
        assert_eq!(whole.older(5), Some(OlderEntries { n_entries: 5, start: tip(5) }));
        assert_eq!(whole.older(99), Some(OlderEntries { n_entries: 21, start: tip(21) }));
        // One that is not old, by a clock that was wrong, keeps those after it.
        let ended = entries(&mut start.clone(), 0).remove(0);
        let mut tip = start;
        let mixed =
            [9, 3].map(|at| tip.append(at, ended.by().clone(), ended.event().clone(), None).to_line());
        assert_eq!(ledger(start, &mixed).older(5), None);
    }

    #[test]
    fn entries_that_only_say_that_others_were_deleted_are_not_deleted_for_ever() {
        let (start, _, lines) = shortened(3, 4);
        assert_eq!(lines.len(), 1);
        assert_eq!(ledger(start, &lines).older(99_999), None);
        let (start, _, lines) = shortened(3, 3);
        assert_eq!(ledger(start, &lines).older(99_999).map(|older| older.n_entries), Some(2));
    }

    #[test]
    fn what_was_deleted_is_said_and_numbers_go_on() {
        let (start, tip, lines) = shortened(20, 5);
        let deleted = Some(DeletedEntries { n_entries: 5, before: 5, at: 1_000 });
        let standing = |lines: &[String]| ledger(start, lines).standing(tip);
        assert_eq!(standing(&lines), LedgerStanding { n_entries: 17, flaw: None, deleted });
        let mut rest = lines.clone();
        rest.remove(1);
        assert_eq!(standing(&rest).flaw, Some(Flaw::Removed(7)));
        // Someone who deletes the first entries leaves none that says so.
        let (whole, tip, lines) = chain(20);
        let hash = ledger(whole, &lines).rows(&LedgerFilter::default(), 16, 17)[0].hash;
        let cut = ChainTip { n_entries: 5, last: hash, ..whole };
        let standing = ledger(cut, &lines[5..]).standing(tip);
        assert_eq!(standing, LedgerStanding { n_entries: 16, flaw: Some(Flaw::Removed(1)), deleted: None });
        assert_eq!(ledger(cut, &lines[5..]).covered(4, hash), Coverage::Missing(16));
    }

    #[test]
    fn a_state_of_deleted_entries_is_told_from_one_of_missing_ones() {
        let (whole, _, all) = chain(20);
        let hash = |n: usize| ledger(whole, &all).rows(&LedgerFilter::default(), 21 - n, 22 - n)[0].hash;
        let (start, tip, lines) = shortened(20, 5);
        let rest = ledger(start, &lines);
        assert_eq!(rest.covered(22, tip.last), Coverage::Held);
        assert_eq!(rest.covered(9, hash(9)), Coverage::Held);
        assert_eq!(rest.covered(5, hash(5)), Coverage::Held);
        assert_eq!(rest.covered(5, hash(4)), Coverage::Rewritten);
        assert_eq!(rest.covered(4, hash(4)), Coverage::Deleted);
        assert_eq!(rest.covered(23, tip.last), Coverage::Missing(22));
        // Of a state at which entries were deleted before, the hash is known still.
        let mut longer = lines.clone();
        let mut later = tip;
        let by = entries(&mut whole.clone(), 0)[0].by().clone();
        let again = ChainTip { n_entries: 7, last: hash(7), ..whole };
        let deletion = ChainDeletion { n_entries: 2, before: 7, days: 90, start: again };
        longer.push(later.append(2_000, by, ChainEvent::Deleted(deletion), None).to_line());
        let rest = ledger(again, &longer[2..]);
        assert_eq!(rest.standing(later).flaw, None);
        assert_eq!(rest.covered(5, hash(5)), Coverage::Deleted);
        assert_eq!(rest.covered(5, hash(4)), Coverage::Rewritten);
        assert_eq!(rest.covered(4, hash(4)), Coverage::Deleted);
    }
}
