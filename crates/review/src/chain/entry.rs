//! One entry of a chain.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::outcome::Verdict;
use domain::{GroupId, Millis, PersonKey, PlanId, State, Tally, Title, Vendor, plain};

use super::ChainTip;
use crate::digest::{Digest, hexadecimal};
use crate::json::{ParseJsonError, read_as, text_of};
use crate::key::Fingerprint;
use crate::signed::are_plain;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainActor {
    /// Their key.
    pub key: Fingerprint,
    /// The name that they declare.
    pub name: Box<str>,
}

/// Where something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainPlace {
    /// The public id of the app or community, or the id of the connection where that is unknown. Never an address.
    pub id: Box<str>,
    /// The connection's name.
    pub name: Box<str>,
    /// The vendor.
    pub vendor: Vendor,
}

/// A change that was sent, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainChange {
    /// The state that the change leads to.
    pub after: State,
    /// The state before.
    pub before: State,
    /// The code of the error, if there was one.
    pub code: Option<Box<str>>,
    /// The decisions that approved it.
    pub decisions: Vec<Digest>,
    /// The group or community.
    pub group: Option<GroupId>,
    /// The name of the operation, as in exported results.
    pub operation: Box<str>,
    /// How it ended.
    pub outcome: Verdict,
    /// Where.
    pub place: ChainPlace,
    /// The request, if someone reviewed the change.
    pub request: Option<Digest>,
    /// The run.
    pub run: PlanId,
    /// Why, in the author's words.
    pub why: Box<str>,
}

/// That the oldest entries of a chain were deleted, because they are kept only for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainDeletion {
    /// How many were deleted with this one. Others may have been deleted before.
    pub n_entries: u64,
    /// The time before which all of them happened.
    pub before: Millis,
    /// For how many days entries are kept.
    pub days: u32,
    /// The tip after the last of them, where the chain begins from now on.
    pub start: ChainTip,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainEvent {
    /// Someone asked for a review.
    Requested {
        /// The request.
        request: Digest,
        /// Why.
        why: Box<str>,
    },
    /// Someone decided about a request.
    Decided {
        /// The request.
        request: Digest,
        /// The decision.
        decision: Digest,
        /// How many changes it approves.
        n_approved: u32,
        /// How many it declines.
        n_declined: u32,
    },
    /// A change ended.
    Changed(Box<ChainChange>),
    /// A run ended.
    Ended {
        /// Where.
        place: ChainPlace,
        /// The run.
        run: PlanId,
        /// What it did.
        title: Title,
        /// Its outcomes.
        tally: Tally,
        /// Whether the user stopped it.
        is_stopped: bool,
    },
    /// The personal data of entries were deleted.
    Redacted {
        /// How many entries had some.
        n_entries: u32,
        /// Why.
        why: Box<str>,
    },
    /// The oldest entries were deleted. Releases that do not know this event read neither the entry nor a file with it.
    Deleted(ChainDeletion),
}

impl ChainEvent {
    /// The name in exports and translation keys.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Decided { .. } => "decided",
            Self::Changed(_) => "changed",
            Self::Ended { .. } => "ended",
            Self::Redacted { .. } => "redacted",
            Self::Deleted(_) => "deleted",
        }
    }

    /// The document that came into the world with this event.
    pub(super) fn makes(&self) -> Option<Digest> {
        match self {
            Self::Requested { request, .. } => Some(*request),
            Self::Decided { decision, .. } => Some(*decision),
            Self::Changed(_) | Self::Ended { .. } | Self::Redacted { .. } | Self::Deleted(_) => None,
        }
    }

    /// The documents that were there before this event.
    pub(super) fn follows(&self) -> impl Iterator<Item = Digest> {
        let (one, more) = match self {
            Self::Decided { request, .. } => (Some(*request), &[][..]),
            Self::Changed(change) => (change.request, &change.decisions[..]),
            Self::Requested { .. } | Self::Ended { .. } | Self::Redacted { .. } | Self::Deleted(_) => {
                (None, &[][..])
            }
        };
        one.into_iter().chain(more.iter().copied())
    }
}

/// Whom an entry is about. The chain holds only the digest of it with a salt: once it is deleted, nobody can find out
/// by trying all members whether someone was meant, and the chain still fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalData {
    /// How the vendor identifies the person.
    pub key: PersonKey,
    /// The vendor's words about the change, which may name the person.
    pub message: Option<Box<str>>,
    /// The name at that time.
    pub name: Option<Box<str>>,
    salt: Box<str>,
}

impl PersonalData {
    /// The data of a person, with plain texts. `salt` are 16 random bytes that are used once.
    pub fn new(salt: [u8; 16], key: PersonKey, name: Option<Box<str>>, message: Option<Box<str>>) -> Self {
        let name = name.map(|name| plain::name(&name).into());
        let message = message.map(|message| plain::prose(&message).into());
        Self { salt: hexadecimal(&salt).into(), key, name, message }
    }

    fn text(&self) -> Option<String> {
        text_of(self).ok()
    }

    /// The digest of the data in their canonical form.
    fn commitment(text: &str) -> Digest {
        Digest::of("Muster person", &[text.as_bytes()])
    }
}

/// One entry. Its fields cannot be changed, only its personal data deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEntry {
    hashed: Hashed,
    hash: Digest,
    /// Whether the hash is that of what the entry says.
    is_hash_right: bool,
    person: Option<PersonalData>,
    /// Whether the personal data are those that the entry commits to.
    is_person_right: bool,
}

/// What the hash of an entry covers.
///
/// The fields here and in what it holds are in the canonical order: others would be sorted each time one is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hashed {
    at: Millis,
    by: ChainActor,
    event: ChainEvent,
    /// The commitment to the personal data.
    person: Option<Digest>,
    previous: Digest,
    seq: u64,
}

/// An entry as it is written, with its fields in the canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry<H, P> {
    entry: H,
    hash: Digest,
    opened: Option<P>,
}

impl WrittenEntry<Hashed, PersonalData> {
    /// The entry, if it is written as in the line. Each part is written once, to compare and to digest it.
    fn entry_of(self, line: &str) -> Option<ChainEntry> {
        let Self { entry, hash, opened } = self;
        let text = entry.text()?;
        let person = match &opened {
            Some(person) => Some(person.text()?),
            None => None,
        };
        let rest = line.strip_prefix("{\"entry\":")?.strip_prefix(&*text)?;
        let rest = rest.strip_prefix(",\"hash\":\"")?.strip_prefix(&*hash.to_string())?;
        let rest = rest.strip_prefix("\",\"opened\":")?.strip_prefix(person.as_deref().unwrap_or("null"))?;
        if rest != "}" {
            return None;
        }
        let is_person_right =
            person.is_none_or(|person| entry.person == Some(PersonalData::commitment(&person)));
        Some(ChainEntry {
            is_hash_right: Hashed::hash(&text) == hash,
            hashed: entry,
            hash,
            person: opened,
            is_person_right,
        })
    }
}

impl Hashed {
    fn text(&self) -> Option<String> {
        text_of(self).ok()
    }

    /// The hash of an entry in its canonical form.
    fn hash(text: &str) -> Digest {
        Digest::of("Muster chain entry", &[text.as_bytes()])
    }
}

/// Why a line is not an entry. Whether an entry fits the others is another question: see [`Verifier`](super::Verifier).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseEntryError {
    /// It is no JSON with one form.
    #[error(transparent)]
    Json(#[from] ParseJsonError),
    /// A field is missing, is not known, or has a value that it cannot have.
    #[error("expected exactly the fields of an entry")]
    Fields,
    /// A text has characters that hide or reorder.
    #[error("expected plain text, found characters that hide or reorder")]
    Text,
}

impl ChainEntry {
    pub(super) fn new(
        tip: ChainTip,
        at: Millis,
        by: ChainActor,
        event: ChainEvent,
        person: Option<PersonalData>,
    ) -> Self {
        let commitment = person.as_ref().map(|person| {
            PersonalData::commitment(&person.text().expect("a salt, a key and texts can be written"))
        });
        let hashed = Hashed { seq: tip.n_entries, previous: tip.last, at, by, event, person: commitment };
        let hash = Hashed::hash(&hashed.text().expect("digests, texts and small numbers can be written"));
        Self { hashed, hash, is_hash_right: true, person, is_person_right: true }
    }

    /// Its number in the chain, from 0.
    pub fn seq(&self) -> u64 {
        self.hashed.seq
    }

    /// The hash of the entry before it.
    pub(super) fn previous(&self) -> Digest {
        self.hashed.previous
    }

    /// When it was appended.
    pub fn at(&self) -> Millis {
        self.hashed.at
    }

    /// Who did it.
    pub fn by(&self) -> &ChainActor {
        &self.hashed.by
    }

    /// What happened.
    pub fn event(&self) -> &ChainEvent {
        &self.hashed.event
    }

    /// The hash that it has; [`Verifier`](super::Verifier) checks it.
    pub fn hash(&self) -> Digest {
        self.hash
    }

    /// Whom it is about; `None` if nobody, or if that was deleted.
    pub fn person(&self) -> Option<&PersonalData> {
        self.person.as_ref()
    }

    /// The deletion that it records, if it does.
    pub fn deletion(&self) -> Option<&ChainDeletion> {
        match self.event() {
            ChainEvent::Deleted(deletion) => Some(deletion),
            _ => None,
        }
    }

    /// True if it was about someone, and that was deleted.
    pub fn is_redacted(&self) -> bool {
        self.hashed.person.is_some() && self.person.is_none()
    }

    /// Deletes the personal data. The chain still fits.
    pub fn redact(&mut self) {
        self.person = None;
    }

    /// True if the entry is what its hash was made of.
    pub(super) fn is_whole(&self) -> bool {
        self.is_hash_right && (self.person.is_none() || self.is_person_right)
    }

    /// The entry as a line of a file, without a line break.
    pub fn to_line(&self) -> String {
        let written = WrittenEntry { entry: &self.hashed, hash: self.hash, opened: self.person.as_ref() };
        text_of(&written).expect("it was read or made so")
    }

    /// Reads a line.
    ///
    /// # Errors
    /// If it is not exactly what this crate would write.
    pub fn parse(line: &str) -> Result<Self, ParseEntryError> {
        let entry_of = |written: WrittenEntry<Hashed, PersonalData>| written.entry_of(line);
        let entry = read_as(line, super::MAX_LINE_BYTES, entry_of).map_err(|flaw| match flaw {
            Some(flaw) => flaw.into(),
            None => ParseEntryError::Fields,
        })?;
        if are_plain(line) { Ok(entry) } else { Err(ParseEntryError::Text) }
    }
}

/// Deletes the personal data of entries about someone. Returns how many had some.
pub fn redact_person<'a>(entries: impl IntoIterator<Item = &'a mut ChainEntry>, key: &PersonKey) -> u32 {
    let key = key.folded();
    let mut n_redacted = 0;
    for entry in entries {
        if entry.person.as_ref().is_some_and(|person| person.key.folded() == key) {
            entry.redact();
            n_redacted += 1;
        }
    }
    n_redacted
}
