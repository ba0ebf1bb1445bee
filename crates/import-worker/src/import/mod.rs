//! A file of people that is being imported: its columns, its rows, and what was changed by hand.

mod change;
mod columns;
mod pass;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use domain::list::{self, ColumnKind, Encoding, Layout, Rules, decode, spreadsheet_text};
use domain::phone::Country;
use domain::{Person, Place, Problem, ProblemCode, Scope, Severity, Vendor};
use pass::Pass;
use serde::{Deserialize, Serialize};
use words::Meanings;

use crate::separators;
use crate::sheet::Sheet;

pub use change::ImportChange;
pub use columns::{ColumnSource, ImportColumn};
pub use words::ColumnWord;

/// Most columns of a table. A file with more is no list of people.
const MAX_COLUMNS: usize = 200;
/// Longest text that is read as people one after the other, in bytes. A longer one is a table.
const MAX_RUNNING: usize = 4_000_000;

/// Why a file cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportError {
    /// It has no text.
    Empty,
    /// It is no text but a picture, an archive or a program.
    NoText,
    /// It has more columns than a list of people.
    TooManyColumns,
    /// It is too large for the memory of a tab.
    TooLarge,
    /// It was changed or removed while it was read, or may not be read.
    Unreadable,
}

/// What came of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It can be sent.
    Usable,
    /// It can be sent, and its problems say what to look at: what was read differently, left out, or looks like
    /// something else.
    Noted,
    /// It names the person of an earlier row.
    Duplicate,
    /// It gives the person of an earlier row another scope, role or pricing plan.
    Contradiction,
    /// It was left out by hand.
    LeftOut,
    /// It cannot be used, for this reason.
    Refused(ProblemCode),
}

impl Standing {
    /// Number of different standings.
    const COUNT: usize = 5 + ProblemCode::ALL.len();

    fn index(self) -> u8 {
        match self {
            Standing::Usable => 0,
            Standing::Duplicate => 1,
            Standing::Contradiction => 2,
            Standing::LeftOut => 3,
            Standing::Noted => 4,
            Standing::Refused(code) => {
                5 + ProblemCode::ALL.iter().position(|own| *own == code).unwrap_or_default() as u8
            }
        }
    }

    fn of_index(index: u8) -> Self {
        match index {
            0 => Standing::Usable,
            1 => Standing::Duplicate,
            2 => Standing::Contradiction,
            3 => Standing::LeftOut,
            4 => Standing::Noted,
            index => Standing::Refused(ProblemCode::ALL[usize::from(index) - 5]),
        }
    }

    /// True for rows that can be sent.
    pub fn is_usable(self) -> bool {
        matches!(self, Standing::Usable | Standing::Noted)
    }

    /// True for rows that have to be mended or left out.
    pub fn is_problem(self) -> bool {
        matches!(self, Standing::Contradiction | Standing::Refused(_))
    }
}

/// Which rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFilter {
    /// All of them.
    All,
    /// Those that can be sent.
    Usable,
    /// Those that have to be mended or left out.
    Problems,
    /// Those with one standing.
    Only(Standing),
}

impl RowFilter {
    fn takes(self, standing: Standing) -> bool {
        match self {
            RowFilter::All => true,
            RowFilter::Usable => standing.is_usable(),
            RowFilter::Problems => standing.is_problem(),
            RowFilter::Only(wanted) => standing == wanted,
        }
    }
}

/// A row with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its number, from 0.
    pub row: u32,
    /// Its line in the file, from 1.
    pub line: u32,
    /// The text of its cells.
    pub cells: Vec<String>,
    /// What came of it.
    pub standing: Standing,
    /// The column that is wrong.
    pub column: Option<u32>,
    /// The line of the row that it contradicts.
    pub contradicts: Option<u32>,
    /// What to report about it.
    pub problems: Vec<Problem>,
}

/// A person of the file, and where the row says that they go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPerson {
    /// The person.
    pub person: Person,
    /// The scope beside the person.
    pub scope: Option<Scope>,
    /// The id of the group or community.
    pub group: Option<Box<str>>,
    /// The id of the role.
    pub role: Option<Box<str>>,
    /// The id of the pricing plan.
    pub price: Option<Box<str>>,
    /// The note.
    pub note: Option<Box<str>>,
}

/// A file at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// How its text was encoded.
    pub encoding: Encoding,
    /// What separates its cells; `None` if it has one column.
    pub separator: Option<char>,
    /// Whether the first row is a header.
    pub has_header: bool,
    /// The columns.
    pub columns: Vec<ImportColumn>,
    /// Number of rows without the header.
    pub n_rows: usize,
    /// Number of rows that can be sent.
    pub n_usable: usize,
    /// Number of rows by what came of them, without those that there are none of.
    pub counts: Vec<(Standing, usize)>,
    /// Words whose meaning is or has to be chosen, those of the most rows first.
    pub words: Vec<ColumnWord>,
    /// Number of usable rows without a group.
    pub n_without_group: usize,
    /// Number of usable rows without a role.
    pub n_without_role: usize,
    /// The calling code of phone numbers without one, such as 44; `None` if none was chosen.
    pub country: Option<u16>,
}

impl ImportSummary {
    /// Number of rows that came to this.
    pub fn count(&self, standing: Standing) -> usize {
        self.counts.iter().find(|(own, _)| *own == standing).map_or(0, |(_, n)| *n)
    }

    /// Number of rows that have to be mended or left out.
    pub fn n_problems(&self) -> usize {
        self.counts.iter().filter(|(standing, _)| standing.is_problem()).map(|(_, n)| n).sum()
    }
}

/// A file that is being imported.
#[derive(Clone, Debug)]
pub struct Import {
    sheet: Sheet,
    encoding: Encoding,
    separator: Option<char>,
    /// Number of rows of the header: none or one.
    n_header: usize,
    layout: Layout,
    sources: Vec<ColumnSource>,
    rules: Rules,
    meanings: Meanings,
    /// New texts of cells, by row and column.
    edits: BTreeMap<u32, BTreeMap<u32, Box<str>>>,
    left_out: BTreeSet<u32>,
    /// The index of the standing of each row.
    standings: Vec<u8>,
    /// The row that a row contradicts.
    contradicted: BTreeMap<u32, u32>,
    words: Vec<ColumnWord>,
    n_without_group: usize,
    n_without_role: usize,
}

impl Import {
    /// Reads a file for people of a vendor.
    ///
    /// # Errors
    /// Why it is no list of people.
    pub fn new(bytes: Vec<u8>, vendor: Vendor) -> Result<Self, ImportError> {
        if is_other_format(&bytes) {
            return Err(ImportError::NoText);
        }
        let (text, encoding) = decode(bytes);
        if is_no_text(&text) {
            return Err(ImportError::NoText);
        }
        let separator = separators::recognised(&text);
        let sheet = match separator {
            Some(wide) if !wide.is_ascii() => {
                Sheet::new(separators::substituted(&text, wide), separators::SUBSTITUTE)
            }
            own => Sheet::new(text, separators::byte(own)),
        };
        Self::of_sheet(sheet, encoding, separator, vendor)
    }

    /// Recognises the columns of a table, and decides its rows.
    pub(crate) fn of_sheet(
        mut sheet: Sheet,
        encoding: Encoding,
        mut separator: Option<char>,
        vendor: Vendor,
    ) -> Result<Self, ImportError> {
        if sheet.n_rows() == 0 {
            return Err(ImportError::Empty);
        }
        let rules = Rules::new(vendors::capabilities(vendor).identity);
        let is_short = sheet.text().len() <= MAX_RUNNING;
        let people = || {
            let text = separators::original(sheet.text(), separator);
            is_short.then(|| columns::of_running_text(&text, &rules)).flatten()
        };
        let table = (sheet.n_columns() <= MAX_COLUMNS).then(|| columns::recognised(&sheet, &rules, vendor));
        let is_running = |table: &columns::Recognised| {
            table.n_header == 0 && is_short && columns::is_running_text(&sheet, &rules)
        };
        let running = if table.as_ref().is_none_or(is_running) { people() } else { None };
        let recognised = match (running, table) {
            (Some((rows, recognised)), _) => {
                (sheet, separator) = (rows, None);
                recognised
            }
            (None, Some(table)) => table,
            (None, None) => return Err(ImportError::TooManyColumns),
        };
        let columns::Recognised { layout, sources, n_header } = recognised;
        let mut import = Self {
            sheet,
            encoding,
            separator,
            n_header,
            layout,
            sources,
            rules,
            meanings: Meanings::new(),
            edits: BTreeMap::new(),
            left_out: BTreeSet::new(),
            standings: Vec::new(),
            contradicted: BTreeMap::new(),
            words: Vec::new(),
            n_without_group: 0,
            n_without_role: 0,
        };
        import.read();
        Ok(import)
    }

    /// Decides every row.
    fn read(&mut self) {
        let pass = Pass::over(self);
        (self.standings, self.contradicted) = (pass.standings, pass.contradicted);
        self.words = pass.words;
        (self.n_without_group, self.n_without_role) = (pass.n_without_group, pass.n_without_role);
    }

    fn standing(&self, idx: usize) -> Standing {
        Standing::of_index(self.standings[idx])
    }

    /// The text of a cell with what was changed by hand; `None` if the row has no such cell.
    fn cell(&self, row: usize, column: usize) -> Option<Cow<'_, str>> {
        let edit = self.edits.get(&(row as u32)).and_then(|edits| edits.get(&(column as u32)));
        edit.map(|text| Cow::Borrowed(&**text))
            .or_else(|| self.sheet.cells(row).nth(column).map(spreadsheet_text))
    }

    /// The cells of a row as they are read: as in the file, or as they were changed by hand.
    fn cells(&self, row: usize) -> Vec<Cow<'_, str>> {
        let mut cells: Vec<Cow<'_, str>> = self.sheet.cells(row).map(Cow::Borrowed).collect();
        for (column, text) in self.edits.get(&(row as u32)).into_iter().flatten() {
            let column = *column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, Cow::Borrowed(""));
            }
            cells[column] = Cow::Owned(quoted(text));
        }
        cells
    }

    /// The first column of a kind.
    fn column(&self, kind: ColumnKind) -> Option<usize> {
        self.layout.columns().iter().position(|own| *own == kind)
    }

    /// The file at a glance.
    pub fn summary(&self) -> ImportSummary {
        let mut counts = [0_usize; Standing::COUNT];
        for standing in &self.standings {
            counts[usize::from(*standing)] += 1;
        }
        let is_asked =
            |word: &&ColumnWord| word.kind != ColumnKind::Scope || list::scope_of(&word.word).is_none();
        let mut words: Vec<ColumnWord> = self.words.iter().filter(is_asked).cloned().collect();
        words.sort_by_key(|word| (word.kind, std::cmp::Reverse(word.n_rows)));
        let all = counts.iter().enumerate().filter(|(_, n)| **n > 0);
        ImportSummary {
            encoding: self.encoding,
            separator: self.separator,
            has_header: self.n_header > 0,
            columns: columns::described(self),
            n_rows: self.standings.len(),
            n_usable: [Standing::Usable, Standing::Noted]
                .map(|own| counts[usize::from(own.index())])
                .iter()
                .sum(),
            counts: all.map(|(idx, n)| (Standing::of_index(idx as u8), *n)).collect(),
            words,
            n_without_group: self.n_without_group,
            n_without_role: self.n_without_role,
            country: self.rules.country.map(Country::code),
        }
    }

    /// Up to `most` rows that a filter takes, after skipping the first ones.
    pub fn rows(&self, filter: RowFilter, skip: usize, most: usize) -> Vec<ImportRow> {
        let taken = (0..self.standings.len()).filter(|idx| filter.takes(self.standing(*idx)));
        taken.skip(skip).take(most).map(|idx| self.row(idx)).collect()
    }

    fn row(&self, idx: usize) -> ImportRow {
        let row = idx + self.n_header;
        let (line, standing) = (self.sheet.line(row), self.standing(idx));
        let cells = self.cells(row);
        let texts: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
        let read = self.layout.row(&texts, line, &self.rules);
        let problem = |code| Problem::new(code, Severity::Refused, Place::Line(line));
        let (mut problems, mut column) = (read.problems, read.column);
        match standing {
            Standing::Refused(ProblemCode::QuoteOpen) => {
                problems = vec![problem(ProblemCode::QuoteOpen)];
                column =
                    texts.iter().position(|cell| cell.starts_with('"') && spreadsheet_text(cell) == *cell);
            }
            Standing::Refused(ProblemCode::UnknownValue) => {
                let (place, word) = self.unknown_value(row).unzip();
                problems = vec![problem(ProblemCode::UnknownValue).about(word.unwrap_or_default())];
                column = place;
            }
            Standing::Contradiction => {
                let label = read.person.as_ref().map(Person::label).unwrap_or_default();
                problems.push(problem(ProblemCode::Contradiction).about(label));
                column = self.contradicting_column(row);
            }
            _ => {}
        }
        let cells = cells.iter().map(|cell| spreadsheet_text(cell).into_owned()).collect();
        let column = column.map(|column| column as u32);
        let contradicts = self.contradicted.get(&(row as u32)).map(|row| self.sheet.line(*row as usize));
        ImportRow { row: row as u32, line, cells, standing, column, contradicts, problems }
    }

    /// The column in which a row says something else than the row that it contradicts.
    fn contradicting_column(&self, row: usize) -> Option<usize> {
        let earlier = *self.contradicted.get(&(row as u32))? as usize;
        let says = |row: usize, kind: ColumnKind, column: usize| {
            let word = self.cell(row, column).unwrap_or_default();
            match kind {
                ColumnKind::Scope => self.rules.scope_of(&word).map(|scope| scope.slug().into()),
                kind => self.meaning(kind, &word).map(Box::<str>::from),
            }
        };
        [ColumnKind::Scope, ColumnKind::Role, ColumnKind::Price].into_iter().find_map(|kind| {
            let column = self.column(kind)?;
            (says(row, kind, column) != says(earlier, kind, column)).then_some(column)
        })
    }

    /// The first column of a row with a word that stands for nothing yet, and the word.
    fn unknown_value(&self, row: usize) -> Option<(usize, String)> {
        [ColumnKind::Group, ColumnKind::Role, ColumnKind::Price].into_iter().find_map(|kind| {
            let column = self.column(kind)?;
            let word = self.cell(row, column)?.trim().to_owned();
            (list::has_text(&word) && self.meaning(kind, &word).is_none()).then_some((column, word))
        })
    }

    fn meaning(&self, kind: ColumnKind, word: &str) -> Option<&str> {
        self.meanings.get(&words::meaning_key(kind, word)).map(|means| &**means)
    }

    /// The people of up to `most` rows that can be sent from this row on, and the row after the last one; `None` if
    /// there are no more.
    pub fn people(&self, from: usize, most: usize) -> (Vec<ImportPerson>, Option<usize>) {
        let is_usable = |idx: &usize| self.standing(*idx).is_usable();
        let mut usable = (from..self.standings.len()).filter(is_usable);
        let people = usable.by_ref().take(most).filter_map(|idx| self.person(idx)).collect();
        (people, usable.next())
    }

    fn person(&self, idx: usize) -> Option<ImportPerson> {
        let row = idx + self.n_header;
        let cells = self.cells(row);
        let texts: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
        let read = self.layout.row(&texts, self.sheet.line(row), &self.rules);
        let text = |kind| {
            let cell = self.cell(row, self.column(kind)?)?;
            Some(cell.trim().to_owned()).filter(|text| list::has_text(text))
        };
        let meaning = |kind| text(kind).and_then(|word| self.meaning(kind, &word).map(Into::into));
        Some(ImportPerson {
            person: read.person?,
            scope: read.scope,
            group: meaning(ColumnKind::Group),
            role: meaning(ColumnKind::Role),
            price: meaning(ColumnKind::Price),
            note: text(ColumnKind::Note).map(Into::into),
        })
    }
}

/// A text as a cell that is read as this text.
fn quoted(text: &str) -> String {
    ["\"", &text.replace('"', "\"\""), "\""].concat()
}

/// True for files that begin as pictures, archives and programs do.
pub(crate) fn is_other_format(bytes: &[u8]) -> bool {
    const MAGIC: [&[u8]; 8] = [
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"PK\x03\x04",
        b"%PDF",
        b"\x7fELF",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0",
    ];
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

/// True for what is no text: many of its first characters are control characters.
pub(crate) fn is_no_text(text: &str) -> bool {
    let (mut n, mut n_control) = (0, 0);
    for c in text.chars().take(4096) {
        n += 1;
        n_control += usize::from(matches!(c, '\u{1}'..='\u{8}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}'));
    }
    n_control * 20 > n
}

#[cfg(test)]
mod tests;
