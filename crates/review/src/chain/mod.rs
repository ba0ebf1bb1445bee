//! A log to which entries are only appended. Each holds the hash of the one before, so that nothing can be removed,
//! moved, added or edited unnoticed, up to the newest head that someone else has seen.

mod entry;
mod export;
mod merge;
mod recorded;
mod verify;

use serde::{Deserialize, Serialize};

use domain::Millis;

use crate::digest::Digest;
use crate::signed::{BodyError, Document};

pub use entry::{
    ChainActor, ChainChange, ChainDeletion, ChainEntry, ChainEvent, ChainPlace, ParseEntryError,
    PersonalData, redact_person,
};
pub use export::{ChainFile, MAX_CHAIN_BYTES, MAX_LINE_BYTES, ReadChainError, UnverifiedChain, to_table};
pub use merge::{Fork, MergedEntry, VerifiedChain, merged};
pub use verify::{ChainError, Misfit, MisfitKind, Verifier};

/// The end of a chain, at which entries are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainTip {
    /// What identifies the chain: a digest that nobody could have foreseen. It stands for the entry before the first.
    pub chain: Digest,
    /// The number of entries.
    pub n_entries: u64,
    /// The hash of the newest entry; `chain` if there is none.
    pub last: Digest,
}

impl ChainTip {
    /// The tip of a new chain. `random` are random bytes, so that no two chains are one.
    pub fn new(random: [u8; 32]) -> Self {
        let chain = Digest::of("Muster chain", &[&random]);
        Self::start_of(chain)
    }

    /// The tip before the first entry of a chain.
    pub fn start_of(chain: Digest) -> Self {
        Self { chain, n_entries: 0, last: chain }
    }

    /// The entry to append. Its texts have to be plain (`domain::plain`), or the chain cannot be read back from a file.
    pub fn append(
        &mut self,
        at: Millis,
        by: ChainActor,
        event: ChainEvent,
        person: Option<PersonalData>,
    ) -> ChainEntry {
        let entry = ChainEntry::new(*self, at, by, event, person);
        *self = Self { n_entries: self.n_entries + 1, last: entry.hash(), ..*self };
        entry
    }

    /// What to sign and to show to others, so that they can prove later that an entry is missing.
    pub fn head(&self, made_at: Millis) -> ChainHead {
        ChainHead { chain: self.chain, n_entries: self.n_entries, last: self.last, made_at }
    }
}

/// The state of a chain at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// The chain.
    pub chain: Digest,
    /// The number of entries.
    pub n_entries: u64,
    /// The hash of the newest entry, or the chain's id if there is none.
    pub last: Digest,
    /// When.
    pub made_at: Millis,
}

impl Document for ChainHead {
    const KIND: &'static str = "activity-head";

    fn check(&self) -> Result<(), BodyError> {
        Ok(())
    }
}
