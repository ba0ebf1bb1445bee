//! What is changed by hand.

use domain::Scope;
use domain::list::{ColumnKind, Layout, spreadsheet_text};
use domain::phone::Country;
use serde::{Deserialize, Serialize};

use super::columns::ColumnSource;
use super::{Import, words};

/// What is changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportChange {
    /// Whether the first row is a header.
    Header(bool),
    /// What each column holds.
    Columns(Vec<ColumnKind>),
    /// The calling code of phone numbers without one.
    Country(Box<str>),
    /// What a word of a column stands for: the slug of a scope, or an id.
    Meaning {
        /// What the column holds.
        kind: ColumnKind,
        /// The word.
        word: Box<str>,
        /// What it stands for; `None` to ask again.
        means: Option<Box<str>>,
    },
    /// The text of a cell.
    Cell {
        /// The number of the row.
        row: u32,
        /// The column.
        column: u32,
        /// The new text.
        text: Box<str>,
    },
    /// The text of all cells of a column that have the same text.
    CellsLike {
        /// The column.
        column: u32,
        /// The text that they have.
        from: Box<str>,
        /// The new text.
        to: Box<str>,
    },
    /// Leaves out a row, or takes it in again.
    LeaveOut {
        /// The number of the row.
        row: u32,
        /// Whether it is left out.
        is_out: bool,
    },
    /// Leaves out all rows that came to this.
    LeaveOutAll(super::Standing),
    /// Takes in again all rows that were left out.
    TakeInAll,
}

impl Import {
    /// Makes changes, and reads all rows again.
    pub fn change(&mut self, changes: Vec<ImportChange>) {
        for change in changes {
            self.note(change);
        }
        self.read();
    }

    fn note(&mut self, change: ImportChange) {
        match change {
            ImportChange::Header(has_header) => self.set_header(has_header),
            ImportChange::Columns(columns) => self.set_columns(columns),
            ImportChange::Country(code) => self.rules.country = Country::of_code(&code),
            ImportChange::Meaning { kind: ColumnKind::Scope, word, means } => {
                self.rules.choose(&word, means.as_deref().and_then(Scope::from_slug));
            }
            ImportChange::Meaning { kind, word, means } => {
                let key = words::meaning_key(kind, &word);
                match means {
                    Some(means) => self.meanings.insert(key, means),
                    None => self.meanings.remove(&key),
                };
            }
            ImportChange::Cell { row, column, text } => self.edit(row, column, text),
            ImportChange::CellsLike { column, from, to } => {
                for row in self.n_header..self.sheet.n_rows() {
                    let is_like =
                        self.cell(row, column as usize).is_some_and(|cell| cell.trim() == from.trim());
                    if is_like {
                        self.edit(row as u32, column, to.clone());
                    }
                }
            }
            ImportChange::LeaveOut { row, is_out: true } => {
                self.left_out.insert(row);
            }
            ImportChange::LeaveOut { row, is_out: false } => {
                self.left_out.remove(&row);
            }
            ImportChange::LeaveOutAll(standing) => {
                let rows = (0..self.standings.len()).filter(|idx| self.standing(*idx) == standing);
                let rows: Vec<u32> = rows.map(|idx| (idx + self.n_header) as u32).collect();
                self.left_out.extend(rows);
            }
            ImportChange::TakeInAll => self.left_out.clear(),
        }
    }

    fn set_header(&mut self, has_header: bool) {
        self.n_header = usize::from(has_header);
        let columns = self.layout.columns().to_vec();
        let mut headings: Vec<Box<str>> = Vec::new();
        if has_header {
            headings.extend(self.sheet.cells(0).map(|cell| Box::from(spreadsheet_text(cell))));
        }
        headings.resize(columns.len(), "".into());
        self.layout = Layout::new(columns, headings, &self.rules);
    }

    fn set_columns(&mut self, mut columns: Vec<ColumnKind>) {
        columns.resize(self.layout.columns().len(), ColumnKind::Unused);
        for (idx, kind) in columns.iter().enumerate() {
            if self.layout.columns()[idx] != *kind {
                self.sources[idx] = ColumnSource::Hand;
            }
        }
        let headings = self.layout.headings().to_vec();
        self.layout = Layout::new(columns, headings, &self.rules);
    }

    fn edit(&mut self, row: u32, column: u32, text: Box<str>) {
        self.edits.entry(row).or_default().insert(column, text);
    }
}
