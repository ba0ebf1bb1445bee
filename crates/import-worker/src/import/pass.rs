//! One reading of all rows.

use std::collections::BTreeMap;

use domain::ProblemCode;
use domain::list::{ColumnKind, has_text, spreadsheet_text};
use domain::{Scope, Severity};

use super::words::{ColumnWord, Words};
use super::{Import, Standing};
use crate::doubles::{doubles, hash};
use crate::plain;
use crate::sheet::BLOCK;

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
    /// The hash of the key of each row that can be sent; zero for others.
    hashes: Vec<u64>,
    /// The column of keys, and what it holds, if only one can hold the key.
    key: Option<(usize, ColumnKind)>,
    /// Whether each column has names.
    names: Vec<bool>,
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
        let mut standings = Vec::with_capacity(n_rows - import.n_header);
        while standings.len() < n_rows - import.n_header {
            pass.block(&mut standings);
        }
        pass.find_doubles(&mut standings);
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
            hashes: vec![0; n_rows],
            key,
            names: columns.iter().map(|kind| is_name(*kind)).collect(),
            keys: BTreeMap::new(),
            assigned: vec![Assigned::default(); if words.is_empty() { 0 } else { n_rows }],
            words,
            contradicted: BTreeMap::new(),
            n_without_group: 0,
            n_without_role: 0,
        }
    }

    /// Decides the rows of a block, all but whether they are doubles.
    #[inline(never)]
    fn block(&mut self, standings: &mut Vec<u8>) {
        let first = standings.len() + self.import.n_header;
        let last = self.import.sheet.n_rows().min(first + BLOCK);
        standings.extend((first..last).map(|row| self.row(row).index()));
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
        self.usable(row, hash, Assigned { scope: scope_byte(read.scope), ..assigned });
        if read.problems.is_empty() { Standing::Usable } else { Standing::Noted }
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
        for (idx, cell) in import.sheet.bytes(row).enumerate() {
            if idx == key {
                found = Some(cell).filter(|cell| plain::is_key(cell, kind, &import.rules.identity));
                found?;
            } else if *self.names.get(idx)? {
                if !plain::is_name(cell) {
                    return None;
                }
                has_name |= cell.iter().any(u8::is_ascii_alphanumeric);
            }
        }
        let found = found?;
        if import.rules.identity.needs_name && !has_name {
            return None;
        }
        self.usable(row, hash(found), assigned);
        Some(Standing::Usable)
    }

    /// Notes a row that can be sent.
    fn usable(&mut self, row: usize, hash: u64, own: Assigned) {
        if let Some(place) = self.assigned.get_mut(row) {
            *place = own;
        }
        // In two groups a person is no duplicate.
        self.hashes[row] = (hash ^ u64::from(own.group).wrapping_mul(0x9e37_79b9_7f4a_7c15)).max(1);
        self.n_without_group += usize::from(own.group == 0);
        self.n_without_role += usize::from(own.role == 0);
    }

    /// Decides the rows that name the person of an earlier one.
    fn find_doubles(&mut self, standings: &mut [u8]) {
        let column = self.key.map_or(0, |(column, _)| column);
        let (keys, sheet, assigned) = (&self.keys, &self.import.sheet, &self.assigned);
        let key_of = |row: u32| keys.get(&row).map_or_else(|| sheet.cell(row as usize, column), |key| &**key);
        let of = |row: u32| assigned.get(row as usize).copied().unwrap_or_default();
        let is_same = |one: u32, other: u32| {
            of(one).group == of(other).group && key_of(one).eq_ignore_ascii_case(key_of(other))
        };
        for (row, earlier) in doubles(&self.hashes, is_same) {
            let own = of(row);
            self.n_without_group -= usize::from(own.group == 0);
            self.n_without_role -= usize::from(own.role == 0);
            let is_same = of(earlier) == own;
            let standing = if is_same { Standing::Duplicate } else { Standing::Contradiction };
            standings[row as usize - self.import.n_header] = standing.index();
            if !is_same {
                self.contradicted.insert(row, earlier);
            }
        }
    }
}
