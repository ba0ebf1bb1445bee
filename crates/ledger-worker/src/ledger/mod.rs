//! The entries of a chain, and whether they fit.

#[cfg(test)]
pub(crate) mod tests;

use domain::Millis;
use domain::search::{Decompose, Search};
use review::{ChainEntry, ChainError, ChainFile, ChainTip, Digest, Misfit, MisfitKind, Verifier, to_table};
use serde::{Deserialize, Serialize};

use crate::counts::LedgerCounts;
use crate::filter::{LedgerFilter, folded_texts};
use crate::joined::{AllLedgers, JoinError, Joined, OpenedLedger, Others};
use crate::keeping::DeletedEntries;
use crate::message::{Joining, LedgerRange, LedgerRow, LedgerRows, SeenEntry};

/// What the browser does better, or alone.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// Decomposes letters for searches.
    pub decompose: Decompose,
    /// Writes a time as in ISO 8601.
    pub iso: fn(Millis) -> String,
    /// How many minutes local time is ahead of UTC at a time.
    pub minutes_east: fn(Millis) -> i32,
}

/// The first entry that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It, or what is written of it, says something else than it did.
    Edited(u64),
    /// It is missing.
    Removed(u64),
    /// It comes later.
    Reordered(u64),
    /// It is not part of the chain.
    Added(u64),
}

impl Flaw {
    /// The number of the entry, as people count.
    pub fn number(self) -> u64 {
        match self {
            Self::Edited(number) | Self::Removed(number) | Self::Reordered(number) | Self::Added(number) => {
                number
            }
        }
    }
}

/// Whether the entries fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerStanding {
    /// How many entries are here.
    pub n_entries: u64,
    /// The first that does not fit.
    pub flaw: Option<Flaw>,
    /// The older ones that were deleted.
    pub deleted: Option<DeletedEntries>,
}

/// What has become of the entries that a signed state covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// They are all here.
    Held,
    /// There are only so many.
    Missing(u64),
    /// There are others in their place.
    Rewritten,
    /// They were deleted, as an entry says, so nobody can tell.
    Deleted,
}

/// The entries of a chain in the order in which they were appended.
#[derive(Debug)]
pub struct LedgerStore {
    pub(crate) platform: Platform,
    pub(crate) start: ChainTip,
    pub(crate) verifier: Verifier,
    pub(crate) entries: Vec<ChainEntry>,
    others: Others,
    /// All ledgers as one list, if there are others.
    joined: Option<AllLedgers>,
    /// How many lines came before the first that is no entry.
    unreadable_at: Option<u64>,
    n_lines: u64,
    /// The folded texts of the first entries; of none until something is searched for.
    texts: Vec<Box<str>>,
    /// The filter of the entries that were shown last, how many entries there were, and those that it takes.
    found: Option<(LedgerFilter, usize, Vec<u32>)>,
}

impl LedgerStore {
    /// An empty ledger after a tip.
    pub fn new(platform: Platform, start: ChainTip) -> Self {
        Self {
            platform,
            start,
            verifier: Verifier::new(start),
            entries: Vec::new(),
            others: Others::default(),
            joined: None,
            unreadable_at: None,
            n_lines: 0,
            texts: Vec::new(),
            found: None,
        }
    }

    /// Takes the next line, and verifies it.
    pub fn push(&mut self, line: &str) {
        match ChainEntry::parse(line) {
            Ok(entry) => {
                self.verifier.push(&entry);
                if let Some((joined, _)) = &mut self.joined {
                    joined.push(Joined { owner: None, entry: entry.clone() });
                }
                self.entries.push(entry);
            }
            Err(_) => {
                self.unreadable_at.get_or_insert(self.n_lines);
            }
        }
        self.n_lines += 1;
    }

    /// Whether all entries fit each other and the tip that is stored beside them.
    pub fn standing(&self, tip: ChainTip) -> LedgerStanding {
        let number = |at: u64| self.start.n_entries + at + 1;
        let misfit = match self.verifier.clone().finish(&[]) {
            Ok(found) if self.unreadable_at.is_some() || found == tip => None,
            Ok(found) if found.n_entries < tip.n_entries => {
                Some(Misfit { at: self.n_lines, kind: MisfitKind::Removed })
            }
            Ok(found) if found.n_entries > tip.n_entries => {
                let at = tip.n_entries.saturating_sub(self.start.n_entries);
                Some(Misfit { at, kind: MisfitKind::Added })
            }
            // As many as there were, but the last is another: at least that one was written anew.
            Ok(_) => Some(Misfit { at: self.n_lines.saturating_sub(1), kind: MisfitKind::Edited }),
            Err(ChainError::Misfit(misfit)) => Some(misfit),
            // Without heads a verifier finds nothing else.
            Err(_) => Some(Misfit { at: 0, kind: MisfitKind::Edited }),
        };
        let unreadable = self.unreadable_at.map(|at| Misfit { at, kind: MisfitKind::Edited });
        // A line that cannot be read also leaves a gap, which the verifier finds at the same place.
        let first = match (unreadable, misfit) {
            (Some(unreadable), Some(misfit)) if misfit.at < unreadable.at => Some(misfit),
            (Some(unreadable), _) => Some(unreadable),
            (None, misfit) => misfit,
        };
        let flaw = first.map(|Misfit { at, kind }| match kind {
            MisfitKind::Edited => Flaw::Edited(number(at)),
            MisfitKind::Removed => Flaw::Removed(number(at)),
            MisfitKind::Reordered => Flaw::Reordered(number(at)),
            MisfitKind::Added => Flaw::Added(number(at)),
        });
        let deletion = self.verifier.deletion();
        // Those before the first that is here are missing, and no entry says why.
        let flaw = flaw.or(deletion.is_err().then_some(Flaw::Removed(1)));
        let deleted = deletion.ok().flatten().map(|(deletion, at)| DeletedEntries::of(&deletion, at));
        LedgerStanding { n_entries: self.n_lines, flaw, deleted }
    }

    /// What can be filtered by.
    pub fn counts(&self) -> LedgerCounts {
        LedgerCounts::of((0..self.n_shown()).map(|at| self.shown(at)))
    }

    /// How many entries a filter takes.
    pub fn n_found(&mut self, filter: &LedgerFilter) -> usize {
        self.find(filter).len()
    }

    /// The entries that a filter takes from a place to another, newest first.
    pub fn rows(&mut self, filter: &LedgerFilter, from: usize, to: usize) -> Vec<LedgerRow> {
        let found = self.find(filter);
        let end = to.min(found.len());
        let places: Vec<u32> = found.get(from..end).unwrap_or_default().to_vec();
        places.into_iter().map(|at| self.row(at as usize)).collect()
    }

    /// The entries between two that were seen, newest first; none if one of them is gone.
    pub fn range(&mut self, range: &LedgerRange) -> LedgerRows {
        let found = self.find(&range.filter).to_vec();
        let n_rows = found.len();
        let place_of = |end| match end {
            SeenEntry::Hash(hash) => found.iter().position(|at| self.shown(*at as usize).hash() == hash),
            SeenEntry::Place(place) => Some(place),
        };
        let [Some(one), Some(other)] = range.ends.map(place_of) else {
            return LedgerRows { n_rows, ..LedgerRows::default() };
        };
        let (from, last) = (one.min(other), one.max(other));
        let end = last.saturating_add(1).min(from.saturating_add(range.most));
        LedgerRows { from, n_rows, rows: self.rows(&range.filter, from, end) }
    }

    /// The entry whose hash begins with these digits.
    pub fn entry(&self, hash: &str) -> Option<LedgerRow> {
        let is_it = |at: &usize| self.shown(*at).hash().to_string().starts_with(hash);
        (0..self.n_shown()).rev().find(is_it).map(|at| self.row(at))
    }

    /// Reads the ledger of someone else.
    ///
    /// # Errors
    /// If it is none.
    pub fn open(&mut self, text: &str) -> Result<OpenedLedger, JoinError> {
        self.others.open(text)
    }

    /// Shows the ledger of this number, if it was read last, beside the others. Returns the names of their owners.
    ///
    /// # Errors
    /// If it is not whole and signed by someone who is trusted, or differs from another copy.
    pub fn join(&mut self, joining: &Joining) -> Result<Vec<Box<str>>, JoinError> {
        let Joining { number, answers, trust, own } = joining;
        let own = own.as_ref().map(|head| [&self.file(), &**head, "\n"].concat());
        let (entries, names) = self.others.join(*number, answers, trust, own.as_deref())?;
        let said = names.iter().map(|(_, name)| name.clone()).collect();
        self.joined = Some((entries, names));
        self.texts.clear();
        self.found = None;
        Ok(said)
    }

    /// Shows only the entries of this device.
    pub fn leave(&mut self) {
        self.others.leave();
        (self.joined, self.found) = (None, None);
        self.texts.clear();
    }

    fn n_shown(&self) -> usize {
        self.joined.as_ref().map_or(self.entries.len(), |(joined, _)| joined.len())
    }

    pub(crate) fn shown(&self, at: usize) -> &ChainEntry {
        match &self.joined {
            Some((joined, _)) => &joined[at].entry,
            None => &self.entries[at],
        }
    }

    fn row(&self, at: usize) -> LedgerRow {
        let owner = self.joined.as_ref().and_then(|(joined, names)| {
            let owner = joined[at].owner?;
            Some(names.iter().find(|(known, _)| *known == owner)?.1.clone())
        });
        LedgerRow::of(self.shown(at), owner)
    }

    /// What has become of the first entries of the chain, of which the last had a hash. It counts only for entries that
    /// fit.
    pub fn covered(&self, n_entries: u64, last: Digest) -> Coverage {
        let hash = match n_entries.checked_sub(self.start.n_entries) {
            None => return self.covered_once(n_entries, last),
            Some(0) => Some(self.start.last),
            Some(n) => self.entries.get(n as usize - 1).map(ChainEntry::hash),
        };
        match hash {
            None => Coverage::Missing(self.start.n_entries + self.entries.len() as u64),
            Some(hash) if hash == last => Coverage::Held,
            Some(_) => Coverage::Rewritten,
        }
    }

    /// The entries that a filter takes as CSV, oldest first.
    pub fn table(&mut self, filter: &LedgerFilter) -> String {
        let places = self.find(filter).to_vec();
        let entries = places.iter().rev().map(|at| self.shown(*at as usize));
        to_table(entries, self.platform.iso)
    }

    /// All entries as JSON Lines without heads. The page appends its head.
    pub fn file(&self) -> String {
        ChainFile { start: self.start, entries: self.entries.clone(), heads: Vec::new() }.to_text()
    }

    /// The places of the entries that a filter takes, newest first.
    pub(crate) fn find(&mut self, filter: &LedgerFilter) -> &[u32] {
        let n_entries = self.n_shown();
        let is_known = self.found.as_ref().is_some_and(|(known, n, _)| known == filter && *n == n_entries);
        if !is_known {
            let search = Search::new(&filter.search, self.platform.decompose);
            if !search.is_empty() {
                let new: Vec<_> =
                    (self.texts.len()..n_entries).map(|at| folded_texts(self.shown(at), &search)).collect();
                self.texts.extend(new);
            }
            let is_found = |at: &usize| {
                filter.takes(self.shown(*at))
                    && (search.is_empty() || self.texts[*at].contains(search.wanted()))
            };
            let found = (0..n_entries).rev().filter(is_found).map(|at| at as u32).collect();
            self.found = Some((filter.clone(), n_entries, found));
        }
        self.found.as_ref().map(|(.., found)| &found[..]).unwrap_or_default()
    }
}
