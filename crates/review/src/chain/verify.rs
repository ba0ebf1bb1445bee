//! Whether the entries of a chain fit each other, and the heads that others have seen.

use thiserror::Error;

use domain::Millis;

use super::{ChainDeletion, ChainEntry, ChainHead, ChainTip};
use crate::digest::Digest;
use crate::signed::Signed;

/// How an entry does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitKind {
    /// The entry that should be there is nowhere in the chain.
    Removed,
    /// The entry that should be there comes later.
    Reordered,
    /// The entry is not part of the chain.
    Added,
    /// The entry says something else than it did.
    Edited,
}

/// The first entry that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its position among the entries that were verified, from 0. For entries that were rewritten with all that
    /// follow, which only a head shows, the first that may have been.
    pub at: u64,
    /// How it does not fit.
    pub kind: MisfitKind,
}

/// Why a chain is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChainError {
    /// An entry does not fit.
    #[error("expected a chain, found an entry that does not fit at {}", .0.at)]
    Misfit(Misfit),
    /// A head is of another chain.
    #[error("expected heads of one chain")]
    OtherChain,
    /// A head is not signed by a trusted key, or two are signed by different people.
    #[error("expected heads that one trusted person signed")]
    ForgedHead,
    /// The entry at this position was made by someone else than the owner of the chain.
    #[error("expected entries of one person, found another's at {0}")]
    OtherAuthor(u64),
    /// Older entries are missing, and no entry says that they were deleted.
    #[error("expected an entry that says which older ones were deleted")]
    NoDeletion,
    /// No head covers the entries from this position on: anyone could have added them.
    #[error("expected a head for every entry, found none from {0}")]
    NotSigned(u64),
}

/// Verifies a chain entry by entry.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// What comes before the first entry that is verified.
    start: ChainTip,
    /// The hashes of the entries that fit.
    hashes: Vec<Digest>,
    found: Option<Found>,
    /// The newest entry that says how it comes that the chain begins where it does, and when it was made.
    deletion: Option<(ChainDeletion, Millis)>,
}

/// The first misfit, as far as it is known.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// Certain.
    Certain(Misfit),
    /// The entry with this number is missing so far.
    Missing { at: u64, seq: u64 },
    /// Two entries have the number before `next`; the entry with that number tells which of them was there first.
    Double { at: u64, hash: Digest, next: u64 },
}

impl Verifier {
    /// For the entries after a tip: that of an empty chain, or the one at which older entries were deleted.
    pub fn new(start: ChainTip) -> Self {
        Self { start, hashes: Vec::new(), found: None, deletion: None }
    }

    /// Verifies the next entry. Goes on after one that does not fit, to find out how it does not.
    pub fn push(&mut self, entry: &ChainEntry) {
        let at = self.hashes.len() as u64;
        let expected = self.start.n_entries + at;
        let last = self.hashes.last().copied().unwrap_or(self.start.last);
        let found = match self.found {
            Some(found) => Some(after(found, entry)),
            None if !entry.is_whole() => Some(Found::Certain(Misfit { at, kind: MisfitKind::Edited })),
            None if entry.seq() > expected => Some(Found::Missing { at, seq: expected }),
            None if entry.seq() == expected && entry.previous() == last => None,
            // The one before is whole, but another one than this entry has seen.
            None if entry.seq() == expected => {
                Some(Found::Certain(Misfit { at: at.saturating_sub(1), kind: MisfitKind::Edited }))
            }
            None if entry.seq() + 1 == expected && at > 0 => {
                Some(Found::Double { at, hash: entry.hash(), next: expected })
            }
            None => Some(Found::Certain(Misfit { at, kind: MisfitKind::Added })),
        };
        if found.is_none() {
            self.hashes.push(entry.hash());
            let deletion = entry.deletion().filter(|deletion| deletion.start == self.start);
            self.deletion = deletion.map(|deletion| (*deletion, entry.at())).or(self.deletion);
        }
        self.found = found;
    }

    /// The deletion that the chain begins after, and when it was recorded; `None` if nothing was deleted.
    ///
    /// # Errors
    /// [`ChainError::NoDeletion`] if the chain does not begin with its first entry, and none that fits says why.
    pub fn deletion(&self) -> Result<Option<(ChainDeletion, Millis)>, ChainError> {
        match self.deletion {
            None if self.start.n_entries > 0 => Err(ChainError::NoDeletion),
            deletion => Ok(deletion),
        }
    }

    /// The tip of the chain.
    ///
    /// # Errors
    /// The first entry that does not fit the others or the heads, or that a head is of another chain.
    pub fn finish(&self, heads: &[Signed<ChainHead>]) -> Result<ChainTip, ChainError> {
        if heads.iter().any(|head| head.body().chain != self.start.chain) {
            return Err(ChainError::OtherChain);
        }
        let misfit = match self.found {
            Some(Found::Certain(misfit)) => Some(misfit),
            Some(Found::Missing { at, .. }) => Some(Misfit { at, kind: MisfitKind::Removed }),
            Some(Found::Double { at, hash, next }) => {
                // Without an entry after the two, a head tells.
                let is_second_seen =
                    heads.iter().any(|head| head.body().n_entries == next && head.body().last == hash);
                let at = if is_second_seen { at - 1 } else { at };
                Some(Misfit { at, kind: MisfitKind::Added })
            }
            None => self.misfit_of_heads(heads.iter().map(Signed::body)),
        };
        match misfit {
            Some(misfit) => Err(ChainError::Misfit(misfit)),
            None => Ok(ChainTip {
                n_entries: self.start.n_entries + self.hashes.len() as u64,
                last: self.hashes.last().copied().unwrap_or(self.start.last),
                ..self.start
            }),
        }
    }

    fn misfit_of_heads<'a>(&self, heads: impl Iterator<Item = &'a ChainHead>) -> Option<Misfit> {
        let mut heads: Vec<_> = heads.filter(|head| head.n_entries >= self.start.n_entries).collect();
        heads.sort_by_key(|head| head.n_entries);
        let mut fits_until = 0;
        for head in heads {
            let n_entries = head.n_entries - self.start.n_entries;
            let hash = match n_entries.checked_sub(1) {
                None => Some(&self.start.last),
                Some(newest) => usize::try_from(newest).ok().and_then(|newest| self.hashes.get(newest)),
            };
            match hash {
                None => return Some(Misfit { at: self.hashes.len() as u64, kind: MisfitKind::Removed }),
                Some(hash) if *hash != head.last => {
                    return Some(Misfit { at: fits_until, kind: MisfitKind::Edited });
                }
                Some(_) => fits_until = n_entries,
            }
        }
        None
    }
}

/// What a later entry tells of the first that did not fit.
fn after(found: Found, entry: &ChainEntry) -> Found {
    match found {
        Found::Missing { at, seq } if entry.seq() == seq => {
            Found::Certain(Misfit { at, kind: MisfitKind::Reordered })
        }
        Found::Double { at, hash, next } if entry.seq() == next => {
            // The entry before it is the second of the two, so the first was added.
            let at = if entry.previous() == hash { at - 1 } else { at };
            Found::Certain(Misfit { at, kind: MisfitKind::Added })
        }
        found => found,
    }
}
