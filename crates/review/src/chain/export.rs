//! Chains as files: JSON Lines, which can be read back, and tables for spreadsheets.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::Millis;
use domain::export::table;

use super::{
    ChainEntry, ChainError, ChainEvent, ChainHead, ChainTip, ParseEntryError, VerifiedChain, Verifier,
};
use crate::json::text_of;
use crate::key::Fingerprint;
use crate::signed::{
    CheckedSignature, ReadDocumentError, SignatureCheck, Signed, Signer, Unverified, VerifyError, check_kind,
    read_exactly,
};
use crate::trust::TrustStore;

/// Largest file in bytes; callers check the size before they read one.
pub const MAX_CHAIN_BYTES: usize = 128_000_000;
/// Longest line of a file in bytes.
pub const MAX_LINE_BYTES: usize = 64_000;
/// Most heads of a file. One is enough; more narrow down where a chain was rewritten.
const MAX_HEADS: usize = 1_000;

const KIND: &str = "activity";
/// The version of files with an entry that says that others were deleted, which earlier releases cannot read.
const VERSION: u32 = 2;
/// The version of all other files.
const VERSION_WHOLE: u32 = 1;

/// A chain with its heads.
#[derive(Clone, Debug)]
pub struct ChainFile {
    /// Where the entries begin: an empty chain, or the tip at which older entries were deleted.
    pub start: ChainTip,
    /// The entries.
    pub entries: Vec<ChainEntry>,
    /// Signed states of the chain. The newest covers all entries.
    pub heads: Vec<Signed<ChainHead>>,
}

/// A file that has not been verified.
#[derive(Clone, Debug)]
pub struct UnverifiedChain {
    start: ChainTip,
    entries: Vec<ChainEntry>,
    heads: Vec<Unverified<ChainHead>>,
}

/// Why a file is not a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadChainError {
    /// It has more bytes or heads than a file may have.
    #[error("expected at most {MAX_CHAIN_BYTES} bytes and {MAX_HEADS} heads, found more")]
    TooLarge,
    /// Its first line says that it is something else, or by a later version.
    #[error(transparent)]
    Heading(ReadDocumentError),
    /// A line is no entry. Lines count from 1.
    #[error("line {0}: {1}")]
    Entry(usize, ParseEntryError),
    /// A line is no head.
    #[error("line {0}: {1}")]
    Head(usize, ReadDocumentError),
}

impl ChainFile {
    /// The file as JSON Lines: a heading, the entries, and the heads.
    pub fn to_text(&self) -> String {
        let format = version_of(&self.entries);
        let heading = Heading { format, muster: KIND.into(), start: self.start };
        let heading = text_of(&heading).expect("digests and numbers can be written");
        let entries = self.entries.iter().map(ChainEntry::to_line);
        let lines = std::iter::once(heading).chain(entries);
        let lines = lines.chain(self.heads.iter().map(Signed::to_text));
        lines.flat_map(|line| [line, "\n".to_owned()]).collect()
    }
}

impl UnverifiedChain {
    /// Reads a file.
    ///
    /// # Errors
    /// If it has a line that is not exactly what this crate would write.
    pub fn read(text: &str) -> Result<Self, ReadChainError> {
        if text.len() > MAX_CHAIN_BYTES {
            return Err(ReadChainError::TooLarge);
        }
        let mut lines = text.lines().enumerate();
        let heading = lines.next().map_or("", |(_, line)| line);
        let (format, start) = start_of(heading).map_err(ReadChainError::Heading)?;
        let mut chain = Self { start, entries: Vec::new(), heads: Vec::new() };
        for (idx, line) in lines {
            // The first member in the canonical order tells heads from entries.
            if line.starts_with("{\"body\":") {
                if chain.heads.len() == MAX_HEADS {
                    return Err(ReadChainError::TooLarge);
                }
                let head = Unverified::read(line.as_bytes());
                chain.heads.push(head.map_err(|error| ReadChainError::Head(idx + 1, error))?);
            } else {
                let entry = ChainEntry::parse(line);
                chain.entries.push(entry.map_err(|error| ReadChainError::Entry(idx + 1, error))?);
            }
        }
        if format == version_of(&chain.entries) {
            Ok(chain)
        } else {
            Err(ReadChainError::Heading(ReadDocumentError::Fields))
        }
    }

    /// Where the entries begin.
    pub fn start(&self) -> ChainTip {
        self.start
    }

    /// The entries. Whether they fit is not known yet.
    pub fn entries(&self) -> &[ChainEntry] {
        &self.entries
    }

    /// Who claims to have signed the newest head, with the name that they declared then; `None` without heads.
    pub fn signer(&self) -> Option<&Signer> {
        let claimed = self.heads.iter().map(Unverified::claimed);
        claimed.max_by_key(|(head, _)| (head.n_entries, head.made_at)).map(|(_, signer)| signer)
    }

    /// What to verify.
    pub fn checks(&self) -> Vec<SignatureCheck> {
        self.heads.iter().map(Unverified::check).collect()
    }

    /// The chain, if its heads are signed by one trusted person and all entries fit them.
    ///
    /// # Errors
    /// The first entry that does not fit, or what is wrong with the heads.
    pub fn verified(
        self,
        answers: &[CheckedSignature],
        trust: &TrustStore,
    ) -> Result<VerifiedChain, ChainError> {
        let heads = self.heads.into_iter().map(|head| head.verified(answers));
        let heads: Vec<_> = heads.collect::<Result<_, VerifyError>>().map_err(|_| ChainError::ForgedHead)?;
        let mut owner = None;
        for head in &heads {
            let signer = trust.owner_of(head.fingerprint()).ok_or(ChainError::ForgedHead)?;
            if *owner.get_or_insert(signer) != signer {
                return Err(ChainError::ForgedHead);
            }
        }
        let mut verifier = Verifier::new(self.start);
        self.entries.iter().for_each(|entry| verifier.push(entry));
        let tip = verifier.finish(&heads)?;
        verifier.deletion()?;
        let covered = heads.iter().map(|head| head.body().n_entries).max();
        match (owner, covered) {
            (Some(owner), Some(covered)) if covered >= tip.n_entries => {
                if let Some(at) = other_author(&self.entries, owner, trust) {
                    return Err(ChainError::OtherAuthor(at));
                }
                let file = ChainFile { start: self.start, entries: self.entries, heads };
                Ok(VerifiedChain { owner, file })
            }
            (_, covered) => {
                Err(ChainError::NotSigned(covered.unwrap_or(0).saturating_sub(self.start.n_entries)))
            }
        }
    }
}

/// The position of the first entry whose author is not this person: nobody passes off the chain of someone else as
/// their own.
fn other_author(entries: &[ChainEntry], owner: Fingerprint, trust: &TrustStore) -> Option<u64> {
    let mut own = None;
    let mut is_own = |entry: &ChainEntry| {
        let key = entry.by().key;
        if own != Some(key) && trust.owner_of(key) == Some(owner) {
            own = Some(key);
        }
        own == Some(key)
    };
    entries.iter().position(|entry| !is_own(entry)).map(|at| at as u64)
}

/// The first line of a file, with its fields in the canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    format: u32,
    muster: Box<str>,
    start: ChainTip,
}

/// The version that a file with these entries has.
fn version_of(entries: &[ChainEntry]) -> u32 {
    if entries.iter().any(|entry| entry.deletion().is_some()) { VERSION } else { VERSION_WHOLE }
}

/// The version and the start in the heading of a file.
fn start_of(heading: &str) -> Result<(u32, ChainTip), ReadDocumentError> {
    // A file of another kind may be one long line.
    if heading.len() > MAX_LINE_BYTES {
        return Err(ReadDocumentError::OtherKind);
    }
    let Heading { format, muster, start } = read_exactly(heading.as_bytes(), KIND, VERSION)?;
    check_kind(&muster, format, KIND, if format == VERSION_WHOLE { VERSION_WHOLE } else { VERSION })?;
    let is_start = start.n_entries > 0 || start == ChainTip::start_of(start.chain);
    if is_start { Ok((format, start)) } else { Err(ReadDocumentError::Fields) }
}

/// Column names. Meant for programs, so not translated.
const HEADING: [&str; 23] = [
    "number",
    "time",
    "by",
    "key",
    "event",
    "vendor",
    "place",
    "place_name",
    "run",
    "operation",
    "group",
    "person_by",
    "person",
    "name",
    "before",
    "after",
    "outcome",
    "code",
    "message",
    "why",
    "request",
    "decisions",
    "hash",
];

/// What the table says instead of how a person is identified, once their data were deleted.
const DELETED: &str = "deleted";

/// Entries as CSV that is safe to open in a spreadsheet. `iso` writes a time.
pub fn to_table<'a>(entries: impl IntoIterator<Item = &'a ChainEntry>, iso: fn(Millis) -> String) -> String {
    let heading = HEADING.map(String::from).to_vec();
    table(std::iter::once(heading).chain(entries.into_iter().map(|entry| cells(entry, iso))))
}

fn cells(entry: &ChainEntry, iso: fn(Millis) -> String) -> Vec<String> {
    let mut row = std::collections::BTreeMap::<&str, String>::new();
    let mut set = |column: &'static str, text: &str| drop(row.insert(column, text.to_owned()));
    set("number", &entry.seq().to_string());
    set("time", &iso(entry.at()));
    set("by", &entry.by().name);
    set("key", &entry.by().key.to_string());
    set("event", entry.event().name());
    set("hash", &entry.hash().to_string());
    if let Some(person) = entry.person() {
        set("person_by", person.key.kind());
        set("person", person.key.as_str());
        set("name", person.name.as_deref().unwrap_or_default());
        set("message", person.message.as_deref().unwrap_or_default());
    } else if entry.is_redacted() {
        set("person_by", DELETED);
    }
    let place = match entry.event() {
        ChainEvent::Requested { request, why } => {
            set("request", &request.to_string());
            set("why", why);
            None
        }
        ChainEvent::Decided { request, decision, .. } => {
            set("request", &request.to_string());
            set("decisions", &decision.to_string());
            None
        }
        ChainEvent::Changed(change) => {
            set("run", change.run.as_str());
            set("operation", &change.operation);
            set("group", change.group.as_ref().map_or("", |group| group.as_str()));
            set("before", state(change.before));
            set("after", state(change.after));
            set("outcome", change.outcome.slug());
            set("code", change.code.as_deref().unwrap_or_default());
            set("why", &change.why);
            set("request", &change.request.map(|hash| hash.to_string()).unwrap_or_default());
            let decisions: Vec<_> = change.decisions.iter().map(ToString::to_string).collect();
            set("decisions", &decisions.join(" "));
            Some(&change.place)
        }
        ChainEvent::Ended { place, run, .. } => {
            set("run", run.as_str());
            Some(place)
        }
        ChainEvent::Redacted { why, .. } => {
            set("why", why);
            None
        }
        ChainEvent::Deleted(_) => None,
    };
    if let Some(place) = place {
        set("vendor", place.vendor.slug());
        set("place", &place.id);
        set("place_name", &place.name);
    }
    HEADING.iter().map(|column| row.remove(column).unwrap_or_default()).collect()
}

fn state(state: domain::State) -> &'static str {
    match state {
        domain::State::Unread => "unread",
        domain::State::Absent => "absent",
        domain::State::Present => "present",
        domain::State::Scope(scope) => scope.slug(),
    }
}
