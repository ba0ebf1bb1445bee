//! The words in columns that say where people go: scopes, groups, roles and pricing plans.

use std::collections::BTreeMap;

use domain::Scope;
use domain::list::{ColumnKind, Rules, compared, spreadsheet_text};
use serde::{Deserialize, Serialize};

/// Most different words of a column. A column with more has other contents.
const MAX_WORDS: usize = 2000;

/// Longest word, in bytes. A longer text is none.
const MAX_LENGTH: usize = 300;

/// A word of a column, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnWord {
    /// What the column holds.
    pub kind: ColumnKind,
    /// The word as it is in the file for the first time.
    pub word: Box<str>,
    /// Number of rows that have it.
    pub n_rows: usize,
    /// What it stands for: the slug of a scope, or an id; `None` if that was not chosen yet.
    pub means: Option<Box<str>>,
}

/// What words stand for, as chosen by hand: by the keys of [`meaning_key`].
pub(super) type Meanings = BTreeMap<(ColumnKind, String), Box<str>>;

/// The words of one column, in the order in which they were first seen.
#[derive(Clone, Debug)]
pub(super) struct Words {
    kind: ColumnKind,
    words: Vec<ColumnWord>,
    /// For each word the place of the first one that stands for the same.
    firsts: Vec<u32>,
    /// The place of each text that a cell has.
    places: BTreeMap<Box<str>, u32>,
    by_key: BTreeMap<String, u32>,
}

impl Words {
    pub(super) fn of(kind: ColumnKind) -> Self {
        Self { kind, words: Vec::new(), firsts: Vec::new(), places: BTreeMap::new(), by_key: BTreeMap::new() }
    }

    /// Counts the word of a cell, and returns its place; `None` if there are too many.
    pub(super) fn place_of(&mut self, cell: &str, meanings: &Meanings, rules: &Rules) -> Option<u32> {
        let place = match self.places.get(cell) {
            Some(place) => *place,
            None => self.new_place(cell, meanings, rules)?,
        };
        self.words[place as usize].n_rows += 1;
        Some(place)
    }

    fn new_place(&mut self, cell: &str, meanings: &Meanings, rules: &Rules) -> Option<u32> {
        if cell.len() > MAX_LENGTH {
            return None;
        }
        let text = spreadsheet_text(cell);
        let (_, key) = meaning_key(self.kind, &text);
        let place = match self.by_key.get(&key) {
            Some(place) => *place,
            None if self.words.len() >= MAX_WORDS => return None,
            None => {
                let place = self.words.len() as u32;
                let scope = || rules.scope_of(&text).map(|scope| scope.slug().into());
                let means = match self.kind {
                    ColumnKind::Scope => scope(),
                    kind => meanings.get(&(kind, key.clone())).cloned(),
                };
                let is_same = |own: &ColumnWord| means.is_some() && own.means == means;
                let first = self.words.iter().position(is_same).map_or(place, |first| first as u32);
                self.firsts.push(first);
                self.words.push(ColumnWord { kind: self.kind, word: text.trim().into(), n_rows: 0, means });
                self.by_key.insert(key, place);
                place
            }
        };
        if self.places.len() < MAX_WORDS {
            self.places.insert(cell.into(), place);
        }
        Some(place)
    }

    /// The place of the first word that stands for the same.
    pub(super) fn first_like(&self, place: u32) -> u32 {
        self.firsts[place as usize]
    }

    pub(super) fn get(&self, place: u32) -> &ColumnWord {
        &self.words[place as usize]
    }

    /// The scope that a word of a column of scopes stands for.
    pub(super) fn scope(&self, place: u32) -> Option<Scope> {
        self.get(place).means.as_deref().and_then(Scope::from_slug)
    }

    pub(super) fn into_list(self) -> Vec<ColumnWord> {
        self.words
    }
}

/// The word as the key of its meaning.
pub(super) fn meaning_key(kind: ColumnKind, word: &str) -> (ColumnKind, String) {
    let word = word.trim();
    let key = match kind {
        ColumnKind::Scope => compared(word),
        // Ids of groups may differ in case only.
        ColumnKind::Group => word.to_owned(),
        // "Pro" and "Pro+" are two plans.
        _ => word.to_lowercase(),
    };
    (kind, key)
}
