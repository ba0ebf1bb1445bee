//! The chains of several people as one list.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use thiserror::Error;

use domain::Millis;

use super::{ChainEntry, ChainFile, ChainTip};
use crate::digest::Digest;
use crate::key::Fingerprint;

/// A chain that is whole, and covered by heads of its owner.
#[derive(Clone, Debug)]
pub struct VerifiedChain {
    pub(super) owner: Fingerprint,
    pub(super) file: ChainFile,
}

impl VerifiedChain {
    /// The first key of whose chain it is.
    pub fn owner(&self) -> Fingerprint {
        self.owner
    }

    /// The chain with its heads.
    pub fn file(&self) -> &ChainFile {
        &self.file
    }
}

/// An entry of one of several chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedEntry<'a> {
    /// The first key of whose chain it is in.
    pub owner: Fingerprint,
    /// The entry.
    pub entry: &'a ChainEntry,
}

/// Two copies of one chain differ: someone showed different people different entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected copies of one chain, found others from entry {seq} on")]
pub struct Fork {
    /// The chain.
    pub chain: Digest,
    /// The number of the first entry that differs.
    pub seq: u64,
}

/// The entries of all chains, each once: what someone must have known comes before what they did with it, and
/// otherwise the earlier one before the later. An entry that is redacted in one copy is redacted. One that was deleted
/// from one copy is there if another has it.
///
/// # Errors
/// If two copies of one chain differ.
pub fn merged(chains: &[VerifiedChain]) -> Result<Vec<MergedEntry<'_>>, Fork> {
    let entries = distinct(chains)?;
    let mut places = BTreeMap::new();
    let mut made: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
    for (idx, (_, merged)) in entries.iter().enumerate() {
        places.insert(merged.entry.hash(), idx);
        if let Some(document) = merged.entry.event().makes() {
            made.entry(document).or_default().push(idx);
        }
    }
    // Which entries wait for one, and for how many each waits.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    let mut n_awaited = vec![0_usize; entries.len()];
    for (idx, (_, merged)) in entries.iter().enumerate() {
        let follows = merged.entry.event().follows().filter_map(|document| made.get(&document)).flatten();
        let first = places.get(&merged.entry.previous());
        for other in follows.chain(first).copied().filter(|other| *other != idx) {
            waiting[other].push(idx);
            n_awaited[idx] += 1;
        }
    }
    type Rank = (Millis, Digest, u64);
    let rank = |idx: usize| -> Rank {
        let (chain, merged) = &entries[idx];
        (merged.entry.at(), *chain, merged.entry.seq())
    };
    let mut ready: BinaryHeap<Reverse<(Rank, usize)>> =
        (0..entries.len()).filter(|idx| n_awaited[*idx] == 0).map(|idx| Reverse((rank(idx), idx))).collect();
    let mut order = Vec::with_capacity(entries.len());
    while let Some(Reverse((_, idx))) = ready.pop() {
        order.push(idx);
        for next in std::mem::take(&mut waiting[idx]) {
            n_awaited[next] -= 1;
            if n_awaited[next] == 0 {
                ready.push(Reverse((rank(next), next)));
            }
        }
    }
    // Entries that wait for each other claim what cannot be: they come last, by time.
    let mut left: Vec<_> = (0..entries.len()).filter(|idx| n_awaited[*idx] > 0).collect();
    left.sort_by_key(|idx| rank(*idx));
    Ok(order.into_iter().chain(left).map(|idx| entries[idx].1).collect())
}

/// Every entry once, with its chain.
fn distinct(chains: &[VerifiedChain]) -> Result<Vec<(Digest, MergedEntry<'_>)>, Fork> {
    let mut known: BTreeMap<(Digest, u64), MergedEntry<'_>> = BTreeMap::new();
    for VerifiedChain { owner, file } in chains {
        let ChainTip { chain, .. } = file.start;
        for entry in &file.entries {
            let new = MergedEntry { owner: *owner, entry };
            let slot = known.entry((chain, entry.seq())).or_insert(new);
            if slot.entry.hash() != entry.hash() {
                return Err(Fork { chain, seq: entry.seq() });
            }
            if entry.is_redacted() {
                slot.entry = entry;
            }
        }
    }
    // A copy without its oldest entries has to begin after those that another copy has.
    for VerifiedChain { file: ChainFile { start, .. }, .. } in chains {
        let Some(seq) = start.n_entries.checked_sub(1) else { continue };
        if known.get(&(start.chain, seq)).is_some_and(|merged| merged.entry.hash() != start.last) {
            return Err(Fork { chain: start.chain, seq });
        }
    }
    Ok(known.into_iter().map(|((chain, _), merged)| (chain, merged)).collect())
}
