//! Deletes personal data, and the entries that are kept no longer. Each time an entry says so, in the same transaction.

use browser::channel::Channel;
use browser::storage::{ChainEnds, Removing, Storage, StorageError};
use browser::{clock, random};
use domain::{Millis, PersonKey, plain};
use js_sys::JsString;
use ledger_worker::message::{LedgerAnswer, LedgerQuestion};
use leptos::prelude::*;
use review::{ChainDeletion, ChainEvent, ChainTip};
use wasm_bindgen::JsCast;

use super::append::{MAX_TRIES, entries};
use super::{ChainReader, ChainState, DeviceLedger, LedgerError, Place, ReadingError};
use crate::state::session::Session;

/// The channel on which tabs say that they have deleted something.
const CHANNEL: &str = "muster-ledger";
const DELETED: &str = "deleted";

const DAY: Millis = 24 * 60 * 60 * 1_000;

/// The oldest lines of a chain that are looked at before the whole chain is verified.
const LOOKED_AT: u32 = 100;
/// How the canonical text of an entry begins, before the time.
const AT: &str = r#"{"entry":{"at":"#;
/// What the text of an entry has that says that others were deleted. In other texts, quotation marks are escaped.
const IS_DELETION: &str = r#""event":{"deleted":"#;

/// For how long entries are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retention {
    #[default]
    Forever,
    Days90,
    Year,
    TwoYears,
    FiveYears,
}

impl Retention {
    pub const ALL: [Self; 5] = [Self::Forever, Self::FiveYears, Self::TwoYears, Self::Year, Self::Days90];

    /// For how many days entries are kept at least; `None` for ever.
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Forever => None,
            Self::Days90 => Some(90),
            // With the leap days that they can have.
            Self::Year => Some(366),
            Self::TwoYears => Some(731),
            Self::FiveYears => Some(1_827),
        }
    }

    /// A number of days that this release does not offer deletes nothing.
    fn of_days(days: Option<u32>) -> Self {
        Self::ALL.into_iter().find(|one| one.days() == days).unwrap_or_default()
    }

    /// The time before which entries are deleted; `None` if all are kept. It moves once a day, so that there is at most
    /// one deletion a day.
    pub fn before(self, now: Millis) -> Option<Millis> {
        let days = Millis::from(self.days()?);
        Some((now / DAY).saturating_sub(days) * DAY)
    }
}

/// Why nothing was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteError {
    /// The entries do not fit. What is deleted then would be evidence.
    Flawed,
    /// The chain could not be written.
    Ledger(LedgerError),
    /// The chain could not be read.
    Reading(ReadingError),
}

impl From<LedgerError> for DeleteError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<StorageError> for DeleteError {
    fn from(error: StorageError) -> Self {
        Self::Ledger(error.into())
    }
}

impl From<ReadingError> for DeleteError {
    fn from(error: ReadingError) -> Self {
        Self::Reading(error)
    }
}

/// What to delete: where the chain begins, the lines that stay without a person, and what happened.
type Deleted = (ChainTip, Vec<(u64, String)>, ChainEvent);

impl DeviceLedger {
    /// Deletes the personal data of all entries about someone. Returns how many had some.
    ///
    /// # Errors
    /// If the entries do not fit, or cannot be read or written. Then nothing was deleted.
    pub async fn redact(
        &self,
        session: Session,
        reader: &ChainReader,
        key: &PersonKey,
        why: &str,
    ) -> Result<u32, DeleteError> {
        let why: Box<str> = plain::prose(why).into();
        for _ in 0..MAX_TRIES {
            let Some(state) = reader.refresh().await? else { return Ok(0) };
            let LedgerAnswer::Redacted(lines) = reader.ask(&LedgerQuestion::Redact(key.clone())).await?
            else {
                return Err(ReadingError::Worker.into());
            };
            let n_entries = lines.len() as u32;
            if n_entries == 0 {
                return Ok(0);
            }
            let event = ChainEvent::Redacted { n_entries, why: why.clone() };
            if self.delete(session, &state, (state.ends.start, lines, event)).await? {
                return Ok(n_entries);
            }
        }
        Err(StorageError::Conflict.into())
    }

    /// For how long entries are kept.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn retention(&self, session: Session) -> Result<Retention, StorageError> {
        match self.place(session).await {
            Place::Stored(storage) => Ok(Retention::of_days(storage.retention().await?)),
            Place::Memory(_) => Ok(Retention::Forever),
        }
    }

    /// Sets for how long entries are kept, and deletes those that are older.
    ///
    /// # Errors
    /// As [`delete_old`](Self::delete_old). The setting holds also if nothing could be deleted.
    pub async fn set_retention(&self, session: Session, retention: Retention) -> Result<u64, DeleteError> {
        let Place::Stored(storage) = self.place(session).await else {
            return Err(StorageError::Unavailable.into());
        };
        storage.set_retention(retention.days()).await?;
        self.news();
        self.delete_old(session).await
    }

    /// Deletes the oldest entries, as far as all of them are older than entries are kept. Returns how many.
    ///
    /// # Errors
    /// If the entries do not fit, or cannot be read or written. Then nothing was deleted.
    pub async fn delete_old(&self, session: Session) -> Result<u64, DeleteError> {
        let Place::Stored(storage) = self.place(session).await else { return Ok(0) };
        let retention = Retention::of_days(storage.retention().await?);
        let (Some(days), Some(before)) = (retention.days(), retention.before(clock::now())) else {
            return Ok(0);
        };
        if !is_due(&storage, before).await? {
            return Ok(0);
        }
        let reader = ChainReader::new(self.clone(), session);
        for _ in 0..MAX_TRIES {
            let Some(state) = reader.refresh().await? else { return Ok(0) };
            let LedgerAnswer::Older(older) = reader.ask(&LedgerQuestion::Older(before)).await? else {
                return Err(ReadingError::Worker.into());
            };
            let Some(older) = older else { return Ok(0) };
            let start = older.start;
            let event =
                ChainEvent::Deleted(ChainDeletion { n_entries: older.n_entries, before, days, start });
            if self.delete(session, &state, (start, Vec::new(), event)).await? {
                return Ok(older.n_entries);
            }
        }
        Err(StorageError::Conflict.into())
    }

    /// Deletes something, and tells the other tabs. False if another tab was faster.
    async fn delete(
        &self,
        session: Session,
        state: &ChainState,
        (start, lines, event): Deleted,
    ) -> Result<bool, DeleteError> {
        if state.standing.flaw.is_some() {
            return Err(DeleteError::Flawed);
        }
        let before = state.ends;
        let appended = entries(session, Some(before.tip), clock::now(), vec![(event, None)]).await?;
        let entry = appended.entries.first().expect("an event becomes an entry");
        let removing = Removing { before, start, lines: &lines, entry };
        match self.place(session).await.delete(&removing).await {
            Err(StorageError::Conflict) => {
                clock::sleep(random::bits() % 50).await;
                Ok(false)
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.news();
                Ok(true)
            }
        }
    }

    /// Says here and in other tabs that the ledger is another.
    fn news(&self) {
        self.0.version.update(|version| *version += 1);
        if let Some(channel) = Channel::open(CHANNEL) {
            // A tab that is not told shows what is stored when it reads it next.
            channel.send(DELETED);
        }
    }
}

/// Calls a function when another tab has deleted something, until the channel is dropped.
pub fn listen(mut hear: impl FnMut() + 'static) -> Option<Channel> {
    let mut channel = Channel::open(CHANNEL)?;
    channel.listen(|text| (text == DELETED).then_some(()), move |()| hear());
    Some(channel)
}

impl Place {
    async fn delete(&self, removing: &Removing<'_>) -> Result<(), StorageError> {
        let ledger = match self {
            Self::Stored(storage) => return storage.delete_from_chain(*removing).await.map(drop),
            Self::Memory(ledger) => ledger,
        };
        let mut memory = ledger.0.memory.borrow_mut();
        let memory = memory.as_mut().filter(|memory| memory.ends == removing.before);
        let memory = memory.ok_or(StorageError::Conflict)?;
        let ChainEnds { start, .. } = removing.before;
        for (seq, line) in removing.lines {
            let known = memory.lines.get_mut((seq - start.n_entries) as usize);
            *known.ok_or(StorageError::Corrupt)? = line.clone();
        }
        memory.lines.push(removing.entry.to_line());
        memory.ends = memory.ends.after(removing);
        Ok(())
    }
}

/// Whether the oldest entry that says more than that others were deleted is older than this. Looking at it spares
/// verifying the whole chain on most days.
async fn is_due(storage: &Storage, before: Millis) -> Result<bool, StorageError> {
    let Some(ends) = storage.chain_ends().await? else { return Ok(false) };
    let lines = storage.chain_lines(ends.start.chain, ends.start.n_entries, LOOKED_AT).await?;
    let mut lines =
        lines.iter().map(|line| line.dyn_into::<JsString>().map(String::from).unwrap_or_default());
    Ok(lines.find(|line| !line.contains(IS_DELETION)).is_some_and(|line| is_older(&line, before)))
}

/// Whether an entry is older than this. What cannot be read may be: verifying the chain finds it.
fn is_older(line: &str, before: Millis) -> bool {
    let at = line.strip_prefix(AT).and_then(|rest| rest.split_once(',')).and_then(|(at, _)| at.parse().ok());
    at.is_none_or(|at: Millis| at < before)
}

#[cfg(test)]
mod tests {
    use review::{Algorithm, ChainActor, PublicKey};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_time_of_an_entry_is_read_from_its_line() {
        let start = ChainTip::new([7; 32]);
        let key = PublicKey::new(Algorithm::Ed25519, &[9; 32]).expect("a key").fingerprint();
        let by = ChainActor { name: "Ana".into(), key };
        let deletion = ChainDeletion { n_entries: 1, before: 5, days: 90, start };
        for (event, is_deletion) in [
            (ChainEvent::Deleted(deletion), true),
            (ChainEvent::Redacted { n_entries: 1, why: r#""event":{"deleted":"#.into() }, false),
        ] {
            let line = start.clone().append(1_700_000_000_000, by.clone(), event, None).to_line();
            assert_eq!(line.contains(IS_DELETION), is_deletion, "{line}");
            assert!(!is_older(&line, 1_700_000_000_000) && is_older(&line, 1_700_000_000_001));
            assert!(is_older(&line[1..], 0), "what cannot be read may be older");
        }
    }

    #[wasm_bindgen_test]
    fn entries_are_kept_for_whole_days() {
        let now = 1_000 * DAY + 5;
        assert_eq!(Retention::Days90.before(now), Some(910 * DAY));
        assert_eq!(Retention::Days90.before(now + DAY - 6), Some(910 * DAY));
        assert_eq!(Retention::FiveYears.before(now), Some(0), "a clock that is wrong deletes nothing");
        assert_eq!(Retention::Forever.before(now), None);
        assert!(Retention::ALL.into_iter().all(|one| Retention::of_days(one.days()) == one));
        assert_eq!(Retention::of_days(Some(7)), Retention::Forever);
    }
}
