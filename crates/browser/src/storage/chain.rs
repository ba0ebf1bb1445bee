//! The chain of this device: entries that are only appended, and which runs are in it. What may change nevertheless are
//! personal data, which are deleted, and the oldest entries, which are deleted as a whole.
//!
//! | Store | Key | Value |
//! |---|---|---|
//! | `review` | `tip`, `start` | the tip of the chain, and the tip at which older entries were deleted, as JSON |
//! | `review` | `redacted` | the number of entries after which personal data were deleted last, as JSON |
//! | `review` | `retention` | for how many days entries are kept, as JSON; for ever if it is missing |
//! | `review` | `logged:` and a run | what of a run is in the chain, as JSON |
//! | `chain` | chain, sequence number | an entry, as a line |

use ::review::{ChainEntry, ChainTip, Digest};
use domain::{Millis, PlanId};
use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::IdbObjectStore;

use super::StorageError;
use super::database::{Mode, answer, key, keys_before, keys_from, of};
use super::review::{read, write};
use super::store::{CHAIN, REVIEW, Storage};

const TIP: &str = "tip";
const START: &str = "start";
const REDACTED: &str = "redacted";
const RETENTION: &str = "retention";
/// What the key of a run that is in the chain begins with.
const LOGGED: &str = "logged:";

/// What of a run is in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedRun {
    /// The time of the run's last event that is.
    pub at: Millis,
    /// A mark for each row, which changes with its outcome.
    pub rows: Vec<Box<str>>,
}

/// The ends of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainEnds {
    /// The tip before the first entry that is stored.
    pub start: ChainTip,
    /// The tip after the last one.
    pub tip: ChainTip,
    /// The number of entries after personal data were deleted last, from which on lines are as they were; 0 if never.
    pub redacted: u64,
}

/// Entries of which something is deleted, and one that says so.
#[derive(Clone, Copy, Debug)]
pub struct Removing<'a> {
    /// The ends before.
    pub before: ChainEnds,
    /// The tip at which the chain begins from now on; the one before to delete no entry.
    pub start: ChainTip,
    /// The lines of entries without their personal data, with their sequence numbers.
    pub lines: &'a [(u64, String)],
    /// The entry that is appended.
    pub entry: &'a ChainEntry,
}

/// Entries to append.
#[derive(Clone, Copy, Debug)]
pub struct Appending<'a> {
    /// The tip that they follow; `None` if they begin the chain.
    pub before: Option<ChainTip>,
    /// The tip that they lead to.
    pub after: ChainTip,
    /// The entries.
    pub entries: &'a [ChainEntry],
    /// The run that they are about, and what of it is in the chain with them.
    pub logged: Option<(&'a PlanId, &'a LoggedRun)>,
}

impl Storage {
    /// The tip of the device's chain; `None` if it has none.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if it cannot be read, or if the browser refuses.
    pub async fn chain_tip(&self) -> Result<Option<ChainTip>, StorageError> {
        Ok(self.chain_ends().await?.map(|ends| ends.tip))
    }

    /// Both ends of the device's chain; `None` if it has none.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if they cannot be read, or if the browser refuses.
    pub async fn chain_ends(&self) -> Result<Option<ChainEnds>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let store = transaction.store(REVIEW)?;
        let ends = ends(&store).await?;
        transaction.done().await?;
        Ok(ends)
    }

    /// Appends entries to the device's chain, moves its tip, and notes which run they are about, or nothing of it. The
    /// first entries begin the chain.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the stored tip no longer is the one before, because another tab has appended
    /// entries, or if there is an entry with such a number; [`StorageError::Corrupt`] if the entries do not lead from
    /// one tip to the other; or if the browser refuses.
    pub async fn append_to_chain(&self, appending: Appending<'_>) -> Result<(), StorageError> {
        let Appending { before, after, entries, logged } = appending;
        let start = before.unwrap_or(ChainTip::start_of(after.chain));
        let seqs = start.n_entries..after.n_entries;
        let last = entries.last().map_or(start.last, ChainEntry::hash);
        if start.chain != after.chain || last != after.last || !entries.iter().map(ChainEntry::seq).eq(seqs) {
            return Err(StorageError::Corrupt);
        }
        let transaction = self.begin(&[REVIEW, CHAIN], Mode::Write).await?;
        let review = transaction.store(REVIEW)?;
        if read::<ChainTip>(&review, TIP).await? != before {
            return Err(StorageError::Conflict);
        }
        write(&review, TIP, &after)?;
        if let Some((run, logged)) = logged {
            write(&review, &logged_key(run), logged)?;
        }
        let (store, chain) = (transaction.store(CHAIN)?, after.chain.to_string());
        for entry in entries {
            store.add_with_key(&entry.to_line().into(), &key(&chain, entry.seq())).map_err(of)?;
        }
        transaction.done().await
    }

    /// Deletes personal data or the oldest entries, and appends the entry that says so: all of it, or nothing. Returns
    /// the new ends.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the ends are others, because another tab has appended or deleted something;
    /// [`StorageError::Corrupt`] if the entry does not follow, or lines are not between the ends; or if the browser
    /// refuses.
    pub async fn delete_from_chain(&self, removing: Removing<'_>) -> Result<ChainEnds, StorageError> {
        let Removing { before, start, lines, entry } = removing;
        let ChainTip { chain, n_entries, .. } = before.tip;
        let after = before.after(&removing);
        let is_inside = |(seq, _): &(u64, String)| (start.n_entries..n_entries).contains(seq);
        let moves_on = (before.start.n_entries..=n_entries).contains(&start.n_entries);
        if start.chain != chain || entry.seq() != n_entries || !moves_on || !lines.iter().all(is_inside) {
            return Err(StorageError::Corrupt);
        }
        let transaction = self.begin(&[REVIEW, CHAIN], Mode::Write).await?;
        let review = transaction.store(REVIEW)?;
        if ends(&review).await? != Some(before) {
            return Err(StorageError::Conflict);
        }
        let (store, chain) = (transaction.store(CHAIN)?, chain.to_string());
        if start != before.start {
            store.delete(&keys_before(&chain, start.n_entries)?.into()).map_err(of)?;
            write(&review, START, &start)?;
        }
        for (seq, line) in lines {
            store.put_with_key(&line.as_str().into(), &key(&chain, *seq)).map_err(of)?;
        }
        store.add_with_key(&entry.to_line().into(), &key(&chain, entry.seq())).map_err(of)?;
        write(&review, TIP, &after.tip)?;
        write(&review, REDACTED, &after.redacted)?;
        transaction.done().await?;
        Ok(after)
    }

    /// For how many days entries of the chain are kept; `None` for ever.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if it cannot be read, or if the browser refuses.
    pub async fn retention(&self) -> Result<Option<u32>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let days = read(&transaction.store(REVIEW)?, RETENTION).await?;
        transaction.done().await?;
        Ok(days)
    }

    /// Sets for how many days entries of the chain are kept. Deletes none.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn set_retention(&self, days: Option<u32>) -> Result<(), StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Write).await?;
        let store = transaction.store(REVIEW)?;
        match days {
            Some(days) => write(&store, RETENTION, &days)?,
            None => drop(store.delete(&RETENTION.into()).map_err(of)?),
        }
        transaction.done().await
    }

    /// What of a run is in the chain; `None` if nothing.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] if it cannot be read, or if the browser refuses.
    pub async fn logged_run(&self, run: &PlanId) -> Result<Option<LoggedRun>, StorageError> {
        let transaction = self.begin(&[REVIEW], Mode::Read).await?;
        let logged = read(&transaction.store(REVIEW)?, &logged_key(run)).await?;
        transaction.done().await?;
        Ok(logged)
    }

    /// At most `n_most` lines of a chain from a sequence number on, for [`ChainEntry::parse`]. A line that is missing or
    /// was changed is found by [`review::Verifier`], not here.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn chain_lines(
        &self,
        chain: Digest,
        from_seq: u64,
        n_most: u32,
    ) -> Result<Array, StorageError> {
        let transaction = self.begin(&[CHAIN], Mode::Read).await?;
        let range = keys_from(&chain.to_string(), from_seq)?;
        let found = transaction.store(CHAIN)?.get_all_with_key_and_limit(&range, n_most).map_err(of)?;
        let lines: Array = answer(&found).await?.unchecked_into();
        transaction.done().await?;
        Ok(lines)
    }
}

impl ChainEnds {
    /// The ends after something was deleted.
    pub fn after(self, removing: &Removing<'_>) -> Self {
        let tip = ChainTip { n_entries: self.tip.n_entries + 1, last: removing.entry.hash(), ..self.tip };
        let redacted = if removing.lines.is_empty() { self.redacted } else { tip.n_entries };
        Self { start: removing.start, tip, redacted }
    }
}

async fn ends(store: &IdbObjectStore) -> Result<Option<ChainEnds>, StorageError> {
    let tip: Option<ChainTip> = read(store, TIP).await?;
    let start: Option<ChainTip> = read(store, START).await?;
    let redacted: Option<u64> = read(store, REDACTED).await?;
    Ok(tip.map(|tip| ChainEnds {
        start: start.unwrap_or(ChainTip::start_of(tip.chain)),
        tip,
        redacted: redacted.unwrap_or_default(),
    }))
}

fn logged_key(run: &PlanId) -> String {
    [LOGGED, run.as_str()].concat()
}

#[cfg(test)]
mod tests {
    use ::review::{Algorithm, ChainActor, ChainDeletion, ChainEvent, PersonalData, PublicKey, Verifier};
    use domain::PersonKey;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::storage::fresh_name;

    /// A chain with so many entries more.
    fn longer(mut tip: ChainTip, n_more: u32) -> (ChainTip, Vec<ChainEntry>) {
        let key = PublicKey::new(Algorithm::Ed25519, &[9; 32]).expect("a key").fingerprint();
        let by = ChainActor { name: "Ana".into(), key };
        let event = |n_entries| ChainEvent::Redacted { n_entries, why: "because".into() };
        let entries = (0..n_more).map(|n| tip.append(n.into(), by.clone(), event(n), None)).collect();
        (tip, entries)
    }

    async fn append(
        storage: &Storage,
        before: Option<ChainTip>,
        after: ChainTip,
        entries: &[ChainEntry],
    ) -> Result<(), StorageError> {
        storage.append_to_chain(Appending { before, after, entries, logged: None }).await
    }

    async fn lines(storage: &Storage, chain: Digest, from_seq: u64, n_most: u32) -> Vec<String> {
        let lines = storage.chain_lines(chain, from_seq, n_most).await.expect("read");
        lines.iter().map(|line| line.as_string().expect("a line")).collect()
    }

    #[wasm_bindgen_test]
    async fn a_chain_is_only_appended_to_and_by_one_tab_at_a_time() {
        let name = fresh_name("chain");
        let storage = Storage::open_named(&name).await.expect("a database");
        let other = Storage::open_named(&name).await.expect("a database");
        assert_eq!(storage.chain_tip().await, Ok(None));
        let start = ChainTip::new([7; 32]);
        let (first, entries) = longer(start, 12);
        append(&storage, None, first, &entries).await.expect("appended");
        assert_eq!(other.chain_tip().await, Ok(Some(first)));
        let (second, more) = longer(first, 3);
        append(&other, Some(first), second, &more).await.expect("appended");
        assert_eq!(storage.chain_ends().await, Ok(Some(ChainEnds { start, tip: second, redacted: 0 })));

        let (late, others) = longer(first, 1);
        assert_eq!(append(&storage, Some(first), late, &others).await, Err(StorageError::Conflict));
        let (new, begun) = longer(ChainTip::new([8; 32]), 1);
        assert_eq!(append(&storage, None, new, &begun).await, Err(StorageError::Conflict));
        let (third, last) = longer(second, 2);
        for (before, after, entries) in
            [(second, third, &last[1..]), (second, third, &[]), (second, new, &begun), (first, third, &last)]
        {
            let appended = append(&storage, Some(before), after, entries).await;
            assert_eq!(appended, Err(StorageError::Corrupt), "{before:?} {after:?}");
        }

        let mut all = lines(&storage, start.chain, 0, 10).await;
        assert_eq!(all.len(), 10);
        all.extend(lines(&storage, start.chain, 10, 10).await);
        assert_eq!(lines(&storage, new.chain, 0, 10).await, Vec::<String>::new());
        let mut verifier = Verifier::new(start);
        for line in &all {
            verifier.push(&ChainEntry::parse(line).expect("an entry"));
        }
        assert_eq!(verifier.finish(&[]).expect("a chain that fits"), second);
    }

    #[wasm_bindgen_test]
    async fn a_run_is_noted_with_its_entries_or_not_at_all() {
        let storage = Storage::open_named(&fresh_name("logged")).await.expect("a database");
        let run = PlanId::new("p1");
        assert_eq!(storage.logged_run(&run).await, Ok(None));
        let logged = |at| LoggedRun { at, rows: vec!["done-1".into(), "refused-2".into()] };
        let (first, entries) = longer(ChainTip::new([7; 32]), 2);
        let of_run = |before, after, entries, logged| Appending { before, after, entries, logged };
        let (one, two) = (logged(1), logged(2));
        let appending = of_run(None, first, &entries[..], Some((&run, &one)));
        storage.append_to_chain(appending).await.expect("appended");
        assert_eq!(storage.logged_run(&run).await, Ok(Some(logged(1))));
        // Another tab was faster: neither the entries nor the note.
        let appending = of_run(None, first, &entries[..], Some((&run, &two)));
        assert_eq!(storage.append_to_chain(appending).await, Err(StorageError::Conflict));
        assert_eq!(storage.logged_run(&run).await, Ok(Some(logged(1))));
        // A note alone.
        let appending = of_run(Some(first), first, &[], Some((&run, &two)));
        storage.append_to_chain(appending).await.expect("noted");
        assert_eq!(storage.logged_run(&run).await, Ok(Some(logged(2))));
        assert_eq!(storage.chain_tip().await, Ok(Some(first)));
        assert_eq!(storage.logged_run(&PlanId::new("p2")).await, Ok(None));
        storage.erase().await.expect("erased");
        assert_eq!(storage.logged_run(&run).await, Ok(None));
    }

    /// A chain of so many entries about people.
    async fn about_people(storage: &Storage, n_people: u8) -> (ChainEnds, Vec<ChainEntry>) {
        let (_, sample) = longer(ChainTip::new([7; 32]), 1);
        let mut tip = ChainTip::new([7; 32]);
        let mut entry = |n: u8| {
            let person = PersonalData::new([n; 16], PersonKey::Id(format!("fan-{n}").into()), None, None);
            tip.append(n.into(), sample[0].by().clone(), sample[0].event().clone(), Some(person))
        };
        let entries: Vec<_> = (0..n_people).map(&mut entry).collect();
        append(storage, None, tip, &entries).await.expect("appended");
        (storage.chain_ends().await.expect("read").expect("a chain"), entries)
    }

    async fn fits(storage: &Storage) -> Vec<ChainEntry> {
        let ends = storage.chain_ends().await.expect("read").expect("a chain");
        let lines = lines(storage, ends.start.chain, 0, 99).await;
        let entries: Vec<_> = lines.iter().map(|line| ChainEntry::parse(line).expect("an entry")).collect();
        let mut verifier = Verifier::new(ends.start);
        entries.iter().for_each(|entry| verifier.push(entry));
        assert_eq!(verifier.finish(&[]), Ok(ends.tip));
        entries
    }

    #[wasm_bindgen_test]
    async fn a_person_is_deleted_with_the_entry_that_says_so_or_not_at_all() {
        let storage = Storage::open_named(&fresh_name("redact")).await.expect("a database");
        let (before, mut entries) = about_people(&storage, 12).await;
        entries[10].redact();
        let lines = [(10, entries[10].to_line())];
        let (mut tip, by) = (before.tip, entries[0].by().clone());
        let said = tip.append(9, by, ChainEvent::Redacted { n_entries: 1, why: "".into() }, None);
        let removing = Removing { before, start: before.start, lines: &lines, entry: &said };
        for wrong in [[(12, lines[0].1.clone())], [(99, lines[0].1.clone())]] {
            let wrong = Removing { lines: &wrong, ..removing };
            assert_eq!(storage.delete_from_chain(wrong).await, Err(StorageError::Corrupt));
        }
        let skipped = Removing { entry: &entries[3], ..removing };
        assert_eq!(storage.delete_from_chain(skipped).await, Err(StorageError::Corrupt));
        let after = storage.delete_from_chain(removing).await.expect("deleted");
        assert_eq!(after, ChainEnds { tip, redacted: 13, ..before });
        assert_eq!(storage.chain_ends().await, Ok(Some(after)));
        let stored = fits(&storage).await;
        assert_eq!(stored.iter().filter(|entry| entry.is_redacted()).count(), 1);
        assert_eq!((stored.len(), stored[10].is_redacted()), (13, true));
        // Another tab read the chain before.
        assert_eq!(storage.delete_from_chain(removing).await, Err(StorageError::Conflict));
        assert_eq!(fits(&storage).await, stored);
    }

    #[wasm_bindgen_test]
    async fn the_oldest_entries_are_deleted_and_the_chain_begins_after_them() {
        let storage = Storage::open_named(&fresh_name("cut")).await.expect("a database");
        let (before, entries) = about_people(&storage, 12).await;
        let cut =
            |seq: usize| ChainTip { n_entries: seq as u64 + 1, last: entries[seq].hash(), ..before.tip };
        let deletion = ChainDeletion { n_entries: 10, before: 10, days: 90, start: cut(9) };
        let (mut tip, by) = (before.tip, entries[0].by().clone());
        let said = tip.append(99, by, ChainEvent::Deleted(deletion), None);
        let removing = Removing { before, start: cut(9), lines: &[], entry: &said };
        let after = storage.delete_from_chain(removing).await.expect("deleted");
        assert_eq!(after, ChainEnds { start: cut(9), tip, redacted: 0 });
        let left = fits(&storage).await;
        assert_eq!(left.iter().map(ChainEntry::seq).collect::<Vec<_>>(), [10, 11, 12]);
        assert_eq!(storage.delete_from_chain(removing).await, Err(StorageError::Conflict));
        // The chain never begins earlier again, and goes on as before.
        let back = Removing { before: after, start: cut(3), ..removing };
        assert_eq!(storage.delete_from_chain(back).await, Err(StorageError::Corrupt));
        let (second, more) = longer(tip, 2);
        append(&storage, Some(tip), second, &more).await.expect("appended");
        assert_eq!(fits(&storage).await.len(), 5);
    }

    #[wasm_bindgen_test]
    async fn entries_are_kept_for_ever_unless_someone_says_otherwise() {
        let storage = Storage::open_named(&fresh_name("retention")).await.expect("a database");
        assert_eq!(storage.retention().await, Ok(None));
        storage.set_retention(Some(90)).await.expect("set");
        assert_eq!(storage.retention().await, Ok(Some(90)));
        storage.set_retention(None).await.expect("set");
        assert_eq!(storage.retention().await, Ok(None));
    }

    #[wasm_bindgen_test]
    async fn ends_that_cannot_be_read_are_not_taken_for_none() {
        let storage = Storage::open_named(&fresh_name("ends")).await.expect("a database");
        let transaction = storage.begin(&[REVIEW], Mode::Write).await.expect("begun");
        let store = transaction.store(REVIEW).expect("a store");
        store.put_with_key(&"[{".into(), &TIP.into()).expect("asked");
        transaction.done().await.expect("written");
        assert_eq!(storage.chain_tip().await, Err(StorageError::Corrupt));
        let (first, entries) = longer(ChainTip::new([7; 32]), 1);
        assert_eq!(append(&storage, None, first, &entries).await, Err(StorageError::Corrupt));
    }
}
