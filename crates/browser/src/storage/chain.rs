//! The chain of this device: entries that are only appended, and which runs are in it.
//!
//! | Store | Key | Value |
//! |---|---|---|
//! | `review` | `tip`, `start` | the tip of the chain, and the tip at which older entries were deleted, as JSON |
//! | `review` | `logged:` and a run | what of a run is in the chain, as JSON |
//! | `chain` | chain, sequence number | an entry, as a line |

use ::review::{ChainEntry, ChainTip, Digest};
use domain::{Millis, PlanId};
use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

use super::StorageError;
use super::database::{Mode, answer, key, keys_from, of};
use super::review::{read, write};
use super::store::{CHAIN, REVIEW, Storage};

const TIP: &str = "tip";
const START: &str = "start";
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
        let tip: Option<ChainTip> = read(&store, TIP).await?;
        let start: Option<ChainTip> = read(&store, START).await?;
        transaction.done().await?;
        Ok(tip.map(|tip| ChainEnds { start: start.unwrap_or(ChainTip::start_of(tip.chain)), tip }))
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

fn logged_key(run: &PlanId) -> String {
    [LOGGED, run.as_str()].concat()
}

#[cfg(test)]
mod tests {
    use ::review::{Algorithm, ChainActor, ChainEvent, PublicKey, Verifier};
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
        assert_eq!(storage.chain_ends().await, Ok(Some(ChainEnds { start, tip: second })));

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
