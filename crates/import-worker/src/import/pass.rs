//! One reading of all rows.

use std::collections::BTreeMap;

use domain::ProblemCode;
use domain::list::{ColumnKind, has_text, spreadsheet_text};
use domain::{Scope, Severity};

use super::words::{ColumnWord, Words};
use super::{Import, Standing};
use crate::doubles::{Doubles, hash};
use crate::plain;

/// What a reading of all rows finds.
pub(super) struct Found {
    pub standings: Vec<u8>,
    pub contradicted: BTreeMap<u32, u32>,
    pub words: Vec<ColumnWord>,
    pub n_without_group: usize,
    pub n_without_role: usize,
}

/// Where a row says that its person goes: places of words from 1; 0 without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Assigned {
    scope: u8,
    role: u16,
    price: u16,
    group: u16,
}

/// One reading of all rows.
pub(super) struct Pass<'a> {
    import: &'a Import,
    doubles: Doubles,
    /// The column of keys, and what it holds, if only one can hold the key.
    key: Option<(usize, ColumnKind)>,
    names: Vec<usize>,
    /// The columns of words, with the words.
    words: Vec<(usize, ColumnKind, Words)>,
    /// Keys that are not in the file as they are sent, by row.
    keys: BTreeMap<u32, Box<str>>,
    /// What each row says, if there are columns of words.
    assigned: Vec<Assigned>,
    contradicted: BTreeMap<u32, u32>,
    n_without_group: usize,
    n_without_role: usize,
}

fn scope_byte(scope: Option<Scope>) -> u8 {
    scope.map_or(0, |scope| 1 + scope as u8)
}

fn is_name(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Name | ColumnKind::FirstName | ColumnKind::MiddleName | ColumnKind::LastName)
}

impl<'a> Pass<'a> {
    /// Reads all rows.
    pub(super) fn over(import: &'a Import) -> Found {
        let n_rows = import.sheet.n_rows();
        let mut pass = Self::new(import, n_rows);
        let standings = (import.n_header..n_rows).map(|row| pass.row(row).index()).collect();
        let words = pass.words.into_iter().flat_map(|(_, _, words)| words.into_list()).collect();
        Found {
            standings,
            contradicted: pass.contradicted,
            words,
            n_without_group: pass.n_without_group,
            n_without_role: pass.n_without_role,
        }
    }

    fn new(import: &'a Import, n_rows: usize) -> Self {
        let columns = import.layout.columns();
        let n_scopes = columns.iter().filter(|kind| **kind == ColumnKind::Scope).count();
        let key = match import.layout.keys() {
            [only] if n_scopes < 2 && !columns.contains(&ColumnKind::KeyKind) => {
                Some((*only, columns[*only]))
            }
            _ => None,
        };
        let takes_scopes = import.rules.identity.takes_scopes;
        let kinds = [ColumnKind::Scope, ColumnKind::Group, ColumnKind::Role, ColumnKind::Price];
        let of_words = kinds.into_iter().filter(|kind| *kind != ColumnKind::Scope || takes_scopes);
        let words: Vec<(usize, ColumnKind, Words)> =
            of_words.filter_map(|kind| Some((import.column(kind)?, kind, Words::of(kind)))).collect();
        Self {
            import,
            doubles: Doubles::with_capacity(n_rows),
            key,
            names: (0..columns.len()).filter(|idx| is_name(columns[*idx])).collect(),
            keys: BTreeMap::new(),
            assigned: vec![Assigned::default(); if words.is_empty() { 0 } else { n_rows }],
            words,
            contradicted: BTreeMap::new(),
            n_without_group: 0,
            n_without_role: 0,
        }
    }

    fn row(&mut self, row: usize) -> Standing {
        let import = self.import;
        if import.left_out.contains(&(row as u32)) {
            return Standing::LeftOut;
        }
        let is_edited = !import.edits.is_empty() && import.edits.contains_key(&(row as u32));
        if import.sheet.is_quote_open(row) && !is_edited {
            return Standing::Refused(ProblemCode::QuoteOpen);
        }
        let assigned = match self.assigned(row) {
            Ok(assigned) => assigned,
            Err(code) => return Standing::Refused(code),
        };
        if let Some(standing) = (!is_edited).then(|| self.plain(row, assigned)).flatten() {
            return standing;
        }
        let cells = import.cells(row);
        let texts: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
        let read = import.layout.row(&texts, 0, &import.rules);
        let Some(person) = read.person else {
            let problem = read.problems.into_iter().find(|problem| problem.severity >= Severity::Refused);
            return Standing::Refused(problem.map_or(ProblemCode::NotUnderstood, |problem| problem.code));
        };
        let key: Box<str> = person.key.folded().as_str().into();
        let hash = hash(key.as_bytes());
        self.keys.insert(row as u32, key);
        match self.standing_of(row, hash, Assigned { scope: scope_byte(read.scope), ..assigned }) {
            Standing::Usable if !read.problems.is_empty() => Standing::Noted,
            standing => standing,
        }
    }

    /// What the words of a row say.
    fn assigned(&mut self, row: usize) -> Result<Assigned, ProblemCode> {
        let import = self.import;
        let mut assigned = Assigned::default();
        let mut unknown = None;
        for (column, kind, words) in &mut self.words {
            let edited = import.edits.get(&(row as u32)).and_then(|edits| edits.get(&(*column as u32)));
            let cell = edited.map_or_else(|| import.sheet.cell(row, *column), |text| &**text);
            if !has_text(&spreadsheet_text(cell)) {
                continue;
            }
            let place = words.place_of(cell, &import.meanings, &import.rules);
            let known = place.filter(|place| words.get(*place).means.is_some());
            let Some(place) = known else {
                let is_scope = *kind == ColumnKind::Scope;
                unknown = Some(if is_scope { ProblemCode::UnknownScope } else { ProblemCode::UnknownValue });
                continue;
            };
            let first = 1 + words.first_like(place) as u16;
            match kind {
                ColumnKind::Scope => assigned.scope = scope_byte(words.scope(place)),
                ColumnKind::Group => assigned.group = first,
                ColumnKind::Role => assigned.role = first,
                _ => assigned.price = first,
            }
        }
        unknown.map_or(Ok(assigned), Err)
    }

    /// Decides a row that is as it should be; `None` if it has to be read.
    fn plain(&mut self, row: usize, assigned: Assigned) -> Option<Standing> {
        let import = self.import;
        let (key, kind) = self.key?;
        let mut found = None;
        let mut has_name = false;
        for (idx, cell) in import.sheet.cells(row).enumerate() {
            if idx == key {
                found =
                    Some(cell).filter(|cell| plain::is_key(cell.as_bytes(), kind, &import.rules.identity));
                found?;
            } else if self.names.contains(&idx) {
                if !plain::is_name(cell.as_bytes()) {
                    return None;
                }
                has_name |= has_text(cell);
            } else if idx >= import.layout.columns().len() {
                return None;
            }
        }
        let found = found?;
        if import.rules.identity.needs_name && !has_name {
            return None;
        }
        Some(self.standing_of(row, hash(found.as_bytes()), assigned))
    }

    fn standing_of(&mut self, row: usize, hash: u64, own: Assigned) -> Standing {
        if let Some(place) = self.assigned.get_mut(row) {
            *place = own;
        }
        let column = self.key.map_or(0, |(column, _)| column);
        let (keys, sheet, assigned) = (&self.keys, &self.import.sheet, &self.assigned);
        let key_of = |row: u32| keys.get(&row).map_or_else(|| sheet.cell(row as usize, column), |key| &**key);
        let key = key_of(row as u32);
        let of = |row: u32| assigned.get(row as usize).copied().unwrap_or_default();
        // In two groups a person is no duplicate.
        let is_same = |other: u32| of(other).group == own.group && key_of(other).eq_ignore_ascii_case(key);
        let hash = hash ^ u64::from(own.group).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let Some(earlier) = self.doubles.insert(row as u32, hash, is_same) else {
            self.n_without_group += usize::from(own.group == 0);
            self.n_without_role += usize::from(own.role == 0);
            return Standing::Usable;
        };
        if of(earlier) == own {
            return Standing::Duplicate;
        }
        self.contradicted.insert(row as u32, earlier);
        Standing::Contradiction
    }
}
