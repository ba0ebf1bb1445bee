//! The messages between page and worker, as JSON: a number with a question, and the same number with its answer. Lines
//! come beside a question as an array, and files beside an answer as bytes.

use domain::{Millis, PersonKey};
use review::{ChainActor, ChainEntry, ChainEvent, ChainTip, Digest, PersonalData, TrustStore};
use serde::{Deserialize, Serialize};

use crate::{
    AboutPerson, Coverage, JoinError, LedgerCounts, LedgerFilter, LedgerStanding, LedgerStore, LedgerSummary,
    OlderEntries, OpenedLedger, Platform,
};

/// What the page wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerQuestion {
    /// Begin with the entries after a tip; those that are here are dropped.
    Begin(ChainTip),
    /// Take the lines that come with the message.
    Take,
    /// Whether the entries fit each other and the stored tip, and what can be filtered by.
    Verify(ChainTip),
    /// Rows.
    Show(LedgerPart),
    /// The rows between two that were seen.
    ShowRange(LedgerRange),
    /// What the changes among the entries of a filter come to.
    Summarize(LedgerFilter),
    /// One entry, by the first digits of its hash.
    Entry(Box<str>),
    /// Read the file of another ledger, which comes with the message as text.
    Open,
    /// Show a file, if it was read last, beside the entries of this device.
    Join(Joining),
    /// Show only the entries of this device again.
    Leave,
    /// What has become of the entries that a signed state covers: how many, and the hash of the last.
    Covered(u64, Digest),
    /// What the ledger of this device says about someone.
    About(PersonKey),
    /// The lines of entries about someone, without their personal data.
    Redact(PersonKey),
    /// The oldest entries, which all happened before a time.
    Older(Millis),
    /// The entries that a filter takes, as CSV.
    Table(LedgerFilter),
    /// All entries as JSON Lines, without heads.
    File,
}

/// What is needed to show the ledger of someone else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joining {
    /// The number of the file.
    pub number: u32,
    /// Whether each signature of the file is valid.
    pub answers: Vec<bool>,
    /// The keys that this device knows, with its own.
    pub trust: TrustStore,
    /// The state of this device's ledger, signed by it; none if the ledger is empty.
    pub own: Option<String>,
}

/// A part of the entries that a filter takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPart {
    /// The filter.
    pub filter: LedgerFilter,
    /// The first row, from 0.
    pub from: usize,
    /// One past the last row.
    pub to: usize,
}

/// The entries that a filter takes between two that were seen, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRange {
    /// The filter.
    pub filter: LedgerFilter,
    /// The two ends, in any order.
    pub ends: [SeenEntry; 2],
    /// Most rows that are wanted, from the newest on.
    pub most: usize,
}

/// An entry of the list as the user saw it. Its place is another once newer ones are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenEntry {
    /// The entry with this hash.
    Hash(Digest),
    /// The entry at this place: what is there was not fetched yet.
    Place(usize),
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAnswer {
    /// It is done.
    Done,
    /// Whether the entries fit, and what can be filtered by.
    Verified(LedgerStanding, LedgerCounts),
    /// Rows, and how many there are in all.
    Shown(LedgerRows),
    /// What the changes come to.
    Summary(Box<LedgerSummary>),
    /// An entry; none if there is no such one.
    Entry(Option<Box<LedgerRow>>),
    /// What has become of the entries that a signed state covers.
    Covered(Coverage),
    /// What the ledger says about someone.
    About(Box<AboutPerson>),
    /// Lines, each with the number of its entry.
    Redacted(Vec<(u64, String)>),
    /// The oldest entries; none if there is nothing to delete.
    Older(Option<OlderEntries>),
    /// What a file says it is.
    Opened(Result<OpenedLedger, JoinError>),
    /// The names of those whose ledgers are shown.
    Joined(Result<Vec<Box<str>>, JoinError>),
    /// The file that comes with the message.
    File,
}

/// Rows from a place on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerRows {
    /// The place of the first.
    pub from: usize,
    /// How many there are in all.
    pub n_rows: usize,
    /// The rows.
    pub rows: Vec<LedgerRow>,
}

/// An entry that is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Its number in the chain, from 0.
    pub seq: u64,
    /// When it was appended.
    pub at: Millis,
    /// Who did it.
    pub by: ChainActor,
    /// What happened.
    pub event: ChainEvent,
    /// Whom it is about.
    pub person: Option<PersonalData>,
    /// Whether that was deleted.
    pub is_redacted: bool,
    /// Its hash.
    pub hash: Digest,
    /// Whose ledger it is from; none if it is that of this device.
    pub owner: Option<Box<str>>,
}

impl LedgerRow {
    pub(crate) fn of(entry: &ChainEntry, owner: Option<Box<str>>) -> Self {
        Self {
            owner,
            seq: entry.seq(),
            at: entry.at(),
            by: entry.by().clone(),
            event: entry.event().clone(),
            person: entry.person().cloned(),
            is_redacted: entry.is_redacted(),
            hash: entry.hash(),
        }
    }
}

/// Answers a question that has no lines. `text` is a file that comes with it; so is the text beside the answer.
pub fn answer(
    ledger: &mut LedgerStore,
    platform: Platform,
    question: LedgerQuestion,
    text: Option<String>,
) -> (LedgerAnswer, Option<String>) {
    let answer = match question {
        LedgerQuestion::Begin(start) => {
            *ledger = LedgerStore::new(platform, start);
            LedgerAnswer::Done
        }
        LedgerQuestion::Take => LedgerAnswer::Done,
        LedgerQuestion::Verify(tip) => LedgerAnswer::Verified(ledger.standing(tip), ledger.counts()),
        LedgerQuestion::Show(LedgerPart { filter, from, to }) => LedgerAnswer::Shown(LedgerRows {
            from,
            n_rows: ledger.n_found(&filter),
            rows: ledger.rows(&filter, from, to),
        }),
        LedgerQuestion::ShowRange(range) => LedgerAnswer::Shown(ledger.range(&range)),
        LedgerQuestion::Summarize(filter) => LedgerAnswer::Summary(Box::new(ledger.summary(&filter))),
        LedgerQuestion::Entry(hash) => LedgerAnswer::Entry(ledger.entry(&hash).map(Box::new)),
        LedgerQuestion::Open => LedgerAnswer::Opened(ledger.open(&text.unwrap_or_default())),
        LedgerQuestion::Join(joining) => LedgerAnswer::Joined(ledger.join(&joining)),
        LedgerQuestion::Leave => {
            ledger.leave();
            LedgerAnswer::Done
        }
        LedgerQuestion::Covered(n_entries, last) => LedgerAnswer::Covered(ledger.covered(n_entries, last)),
        LedgerQuestion::About(key) => LedgerAnswer::About(Box::new(ledger.about(&key))),
        LedgerQuestion::Redact(key) => LedgerAnswer::Redacted(ledger.redacted(&key)),
        LedgerQuestion::Older(before) => LedgerAnswer::Older(ledger.older(before)),
        LedgerQuestion::Table(filter) => return (LedgerAnswer::File, Some(ledger.table(&filter))),
        LedgerQuestion::File => return (LedgerAnswer::File, Some(ledger.file())),
    };
    (answer, None)
}
