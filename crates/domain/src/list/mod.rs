//! Reads people from lists as they come: mails, columns of a spreadsheet, exports of other tools, single keys.
//!
//! Never fails and loses nothing: each piece of the text is part of a person, a header, a separator, or an entry that
//! says why it cannot be used.

mod cells;
mod encoding;
mod file_words;
mod fragment;
mod layout;
mod line;
mod named;
mod table;
mod words;
mod written;

use std::collections::BTreeMap;
use std::ops::Range;

use cells::Record;
use serde::{Deserialize, Serialize};
use table::Table;

use crate::capabilities::{IdShape, Identity};
use crate::key::{self, is_hidden};
use crate::phone::Country;
use crate::{Person, PersonKey, Place, Problem, ProblemCode, Scope, Severity};

pub use cells::{MAX_QUOTED, MAX_QUOTED_LINES, spreadsheet_text};
pub use encoding::{Encoding, decode};
pub use file_words::file_column_of;
pub use layout::{Layout, Row, has_text};
pub use named::{NamedCell, NamedRow, NamedTable, named_table};
pub use words::{ColumnKind, compared, folded, scope_of};
pub use written::{joined, without, write};

/// The scope that a word means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenScope {
    /// The word as it is in the list.
    pub word: Box<str>,
    /// The scope.
    pub scope: Scope,
}

/// A column of scopes in lines without a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeColumn {
    /// The number of the block of lines; two blank lines separate blocks.
    block: usize,
    /// The number of cells of the lines.
    n_cells: usize,
    /// The place of the column.
    column: usize,
}

/// How a list is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The keys that the vendor accepts.
    pub identity: Identity,
    /// The country of phone numbers without a country code.
    pub country: Option<Country>,
    /// Scopes chosen for unknown words.
    pub scopes: Vec<ChosenScope>,
    /// Columns of scopes in lines without a header. They stay so when the line leaves that told it.
    pub scope_columns: Vec<ScopeColumn>,
}

impl Rules {
    /// The rules of a vendor, without choices.
    pub fn new(identity: Identity) -> Self {
        Self { identity, country: None, scopes: Vec::new(), scope_columns: Vec::new() }
    }

    /// Chooses the scope that a word means.
    pub fn choose(&mut self, word: &str, scope: Option<Scope>) {
        let compared = words::compared(word);
        self.scopes.retain(|chosen| words::compared(&chosen.word) != compared);
        self.scopes.extend(scope.map(|scope| ChosenScope { word: word.into(), scope }));
    }

    /// The scope that a word means.
    pub fn scope_of(&self, word: &str) -> Option<Scope> {
        scope_of(word).or_else(|| {
            let compared = words::compared(word);
            let chosen = self.scopes.iter().find(|chosen| words::compared(&chosen.word) == compared);
            chosen.map(|chosen| chosen.scope)
        })
    }
}

/// Whether an entry can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// It can be sent.
    Usable,
    /// It names a person who is already in the list.
    Duplicate,
    /// It cannot be sent; its problems say why.
    Refused,
}

/// A person, or text that could not be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// Its line, from 1.
    pub line: u32,
    /// Its place in the text, in bytes.
    pub at: Range<usize>,
    /// The piece exactly as typed.
    pub typed: Box<str>,
    /// The person; `None` if refused.
    pub person: Option<Person>,
    /// The scope beside the person, as from a column of a spreadsheet.
    pub scope: Option<Scope>,
    /// Whether it can be sent.
    pub status: EntryStatus,
    /// What to report about it.
    pub problems: Vec<Problem>,
}

impl ListEntry {
    /// An entry for a person who was given as such, not as text.
    pub fn of(person: Person, scope: Option<Scope>) -> Self {
        let typed = write(&person, scope).into();
        let status = EntryStatus::Usable;
        Self { line: 0, at: 0..0, typed, person: Some(person), scope, status, problems: Vec::new() }
    }

    fn refused(text: &str, line: u32, at: Range<usize>, problems: Vec<Problem>) -> Self {
        let typed = text[at.clone()].into();
        Self { line, at, typed, person: None, scope: None, status: EntryStatus::Refused, problems }
    }
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The pieces in the order of the text.
    pub entries: Vec<ListEntry>,
    /// The places of headers.
    pub headers: Vec<Range<usize>>,
    /// Headings of columns with text that adding people does not need.
    pub unused: Vec<Box<str>>,
    /// Columns of scopes in lines without a header, as in [`Rules`].
    pub scope_columns: Vec<ScopeColumn>,
}

impl List {
    /// The words in a place for scopes whose scope is or has to be chosen, each once, in alphabetical order.
    pub fn scope_words(&self, rules: &Rules) -> Vec<Box<str>> {
        let chosen = rules.scopes.iter().map(|chosen| &chosen.word);
        let problems = self.entries.iter().flat_map(|entry| &entry.problems);
        let unknown = problems.filter(|problem| problem.code == ProblemCode::UnknownScope);
        // Few words are different, in a list of any length.
        let mut found: Vec<(String, &Box<str>)> = Vec::new();
        for word in chosen.chain(unknown.map(|problem| &problem.found)) {
            let compared = words::compared(word);
            if let Err(place) = found.binary_search_by(|(own, _)| own.as_str().cmp(&compared)) {
                found.insert(place, (compared, word));
            }
        }
        found.into_iter().map(|(_, word)| word.clone()).collect()
    }

    fn is_before_people(&self, lines: &Lines) -> bool {
        self.entries.is_empty() && lines.records.is_empty() && self.headers.is_empty()
    }

    fn finish(&mut self, table: Option<Table>) {
        self.unused.extend(table.map(Table::unused).unwrap_or_default());
    }
}

/// Reads a list.
pub fn read(text: &str, rules: &Rules) -> List {
    let mut list = List::default();
    let mut lines = Lines::of_block(0, rules);
    let (mut at, mut line) = (0, 1);
    let mut table: Option<Table> = None;
    let mut n_blank = 0;
    while at < text.len() {
        let loose = cells::record(text, at, line, |_| true);
        if loose.is_blank() {
            n_blank += 1;
            (at, line) = (loose.end, loose.next_line);
            continue;
        }
        if std::mem::take(&mut n_blank) >= written::N_BLANK {
            list.finish(table.take());
            let next = Lines::of_block(lines.block + 1, rules);
            std::mem::replace(&mut lines, next).read(text, rules, &mut list);
        }
        let has_heading = loose.cells.iter().any(|cell| words::column_of(&cell.text(text)).is_some());
        if has_heading
            && let Some((next, header)) = Table::of_header(text, &loose, rules, list.is_before_people(&lines))
        {
            list.finish(table.replace(next));
            list.headers.push(header.filled());
            (at, line) = (header.end, header.next_line);
            continue;
        }
        let row = table.as_ref().map(|table| cells::record(text, at, line, |group| group == table.separator));
        let next = match (&mut table, row) {
            (Some(table), Some(row)) if table.takes(&row) => {
                list.entries.push(table.row(text, &row, rules));
                row
            }
            _ => {
                // Its entries follow when all lines are known.
                lines.add(text, loose.clone(), rules, list.entries.len());
                loose
            }
        };
        (at, line) = (next.end, next.next_line);
    }
    list.finish(table);
    lines.read(text, rules, &mut list);
    mark_doubles(&mut list.entries);
    list
}

/// Lines without a header. What a cell holds may depend on the other lines of their block.
#[derive(Debug)]
struct Lines {
    block: usize,
    /// The records, each with the number of entries before it.
    records: Vec<(usize, Record)>,
    /// Number of cells and place of columns that have a scope in some line.
    scopes: Vec<(usize, usize)>,
}

impl Lines {
    fn of_block(block: usize, rules: &Rules) -> Self {
        let known = rules.scope_columns.iter().filter(|column| column.block == block);
        Self {
            block,
            records: Vec::new(),
            scopes: known.map(|known| (known.n_cells, known.column)).collect(),
        }
    }

    fn add(&mut self, text: &str, record: Record, rules: &Rules, n_before: usize) {
        if rules.identity.takes_scopes {
            let cells = record.cells_between(line::strongest(&record));
            let n_cells = cells.len();
            for (idx, cell) in cells.iter().enumerate().filter(|_| n_cells > 1) {
                if !self.scopes.contains(&(n_cells, idx)) && scope_of(&cell.text(text)).is_some() {
                    self.scopes.push((n_cells, idx));
                }
            }
        }
        self.records.push((n_before, record));
    }

    fn read(self, text: &str, rules: &Rules, list: &mut List) {
        if self.records.is_empty() {
            return;
        }
        let block = self.block;
        let columns = self.scopes.iter().map(|(n_cells, column)| (*n_cells, *column));
        list.scope_columns.extend(columns.map(|(n_cells, column)| ScopeColumn { block, n_cells, column }));
        let entries = &mut list.entries;
        let of_tables = std::mem::take(entries);
        let mut of_tables = of_tables.into_iter();
        let mut n_taken = 0;
        for (n_before, record) in self.records {
            entries.extend(of_tables.by_ref().take(n_before - n_taken));
            n_taken = n_before;
            line::read(text, &record, rules, &self.scopes, entries);
        }
        entries.extend(of_tables);
    }
}

/// True if a line of a list says what the cells of other lines are: a header, or a line with a scope.
fn says_of_others(list: &str) -> bool {
    list.lines().any(|line| {
        let record = cells::record(line, 0, 1, |_| true);
        record.cells.iter().any(|cell| {
            let word = cell.text(line);
            words::column_of(&word).is_some() || scope_of(&word).is_some()
        })
    })
}

/// Reads one key and a name from fields of their own.
pub fn read_one(key: &str, name: &str, rules: &Rules) -> ListEntry {
    let found = Found { key: key.into(), name: name.into(), ..Found::default() };
    entry_of(key, 1, 0..key.len(), found, rules)
}

/// What a piece of text says of one person.
#[derive(Clone, Debug, Default)]
struct Found {
    key: String,
    name: String,
    /// The word for a scope or another role beside the person.
    role: Option<String>,
    /// Text beside the person that is no part of them.
    left_out: Vec<String>,
}

/// Makes an entry of what was found at a place.
fn entry_of(text: &str, line: u32, at: Range<usize>, found: Found, rules: &Rules) -> ListEntry {
    let (person, scope, problems) = person_of(line, found, rules);
    if person.is_none() {
        return ListEntry::refused(text, line, at, problems);
    }
    let (typed, status) = (text[at.clone()].into(), EntryStatus::Usable);
    ListEntry { line, at, typed, person, scope, status, problems }
}

/// The person who was found, their scope, and what to report; `None` if they cannot be used.
fn person_of(line: u32, found: Found, rules: &Rules) -> (Option<Person>, Option<Scope>, Vec<Problem>) {
    let mut problems = Vec::new();
    let problem = |code, severity, found: &str| Problem::new(code, severity, Place::Line(line)).about(found);
    // A word that is no scope is never ignored, and never a name.
    let scope = found.role.as_deref().and_then(|role| rules.scope_of(role));
    if let Some(role) = found.role.as_deref().filter(|_| !rules.identity.takes_scopes || scope.is_none()) {
        let is_asked = rules.identity.takes_scopes;
        let code = if is_asked { ProblemCode::UnknownScope } else { ProblemCode::NotUnderstood };
        problems.push(problem(code, Severity::Refused, role));
        return (None, None, problems);
    }
    let clean: String = found.key.chars().filter(|c| !is_hidden(*c)).collect();
    let clean = clean.trim();
    // Joiners belong to names in some scripts; direction marks do not.
    let is_shown = |c: &char| !is_hidden(*c) || matches!(*c, '\u{200C}' | '\u{200D}');
    let one_line = |c: char| if c.is_whitespace() { ' ' } else { c };
    let name: String = found.name.chars().map(one_line).filter(is_shown).collect();
    if clean.len() != found.key.trim().len() {
        problems.push(problem(ProblemCode::HiddenCharacters, Severity::Info, clean));
    }
    if let Some(damaged) = [clean, &*name].into_iter().find(|text| text.contains('\u{fffd}')) {
        problems.push(problem(ProblemCode::Undecodable, Severity::Refused, damaged));
        return (None, None, problems);
    }
    // A dash stands for nothing.
    if !clean.contains(char::is_alphanumeric) && !clean.contains('@') {
        problems.push(problem(ProblemCode::KeyMissing, Severity::Refused, ""));
        return (None, None, problems);
    }
    let read = match key::parse(clean, &rules.identity, rules.country) {
        Ok(read) => read,
        Err((code, about)) => {
            problems.push(problem(code, Severity::Refused, &about));
            return (None, None, problems);
        }
    };
    match (read.changed, &read.key) {
        (Some(ProblemCode::ReadAs), PersonKey::Phone(digits)) => {
            problems.push(problem(ProblemCode::ReadAs, Severity::Info, &["+", digits].concat()));
        }
        (Some(ProblemCode::MixedScripts), key) => {
            problems.push(problem(ProblemCode::MixedScripts, Severity::Warning, key.as_str()));
        }
        (Some(code), key) => problems.push(problem(code, Severity::Info, key.as_str())),
        (None, _) => {}
    }
    let mut left_out = found.left_out;
    // Mail programs repeat the address where they know no name.
    let name = if key::email(bare(&name)).is_some() {
        if bare(&name).to_lowercase() != read.key.as_str().to_lowercase() {
            left_out.push(name);
        }
        String::new()
    } else {
        name
    };
    let person = Person { key: read.key, name: None }.with_name(&name);
    if rules.identity.needs_name && person.name.is_none() {
        problems.push(problem(ProblemCode::NameMissing, Severity::Refused, person.key.as_str()));
        return (None, None, problems);
    }
    for left_out in left_out {
        problems.push(problem(ProblemCode::LeftOut, Severity::Info, left_out.trim()));
    }
    (Some(person), scope, problems)
}

/// An address without the quotation marks of a display name.
fn bare(name: &str) -> &str {
    name.trim().trim_matches(['\'', '"'])
}

/// Marks repeated people as duplicates, unless their scopes differ: then the plan has to settle it.
pub fn mark_doubles(entries: &mut [ListEntry]) {
    let mut seen: BTreeMap<(PersonKey, Option<Scope>), u32> = BTreeMap::new();
    for entry in entries {
        let Some(person) = &entry.person else { continue };
        let key = (person.key.folded(), entry.scope);
        if let Some(first) = seen.get(&key) {
            if entry.status == EntryStatus::Usable {
                entry.status = EntryStatus::Duplicate;
                let problem = Problem::new(ProblemCode::Duplicate, Severity::Info, Place::Line(entry.line));
                entry.problems.push(problem.about(first.to_string()));
            }
        } else {
            seen.insert(key, entry.line);
        }
    }
}

/// True if the vendor's ids are words in lower case, as words of a sentence are.
fn has_slugs(identity: &Identity) -> bool {
    identity.takes_ids && matches!(identity.id_shape, IdShape::Slug { .. })
}

#[cfg(test)]
mod tests;
