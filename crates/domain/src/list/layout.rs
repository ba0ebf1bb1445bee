//! What the columns of a table hold, and how its rows are read.

use super::cells::spreadsheet_text;
use super::fragment::fragment;
use super::words::{self, ColumnKind};
use super::{Found, Rules, person_of};
use crate::capabilities::IdShape;
use crate::{Person, Place, Problem, ProblemCode, Scope, Severity, key};

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<ColumnKind>,
    headings: Vec<Box<str>>,
    /// The columns that can hold the key, from the one that is looked at first.
    keys: Vec<usize>,
}

/// What a row of a table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person; `None` if the row cannot be used.
    pub person: Option<Person>,
    /// The scope beside the person.
    pub scope: Option<Scope>,
    /// What to report about it.
    pub problems: Vec<Problem>,
    /// The column that the key was read from, or that is wrong.
    pub column: Option<usize>,
}

/// Why a row cannot be used.
struct Unusable {
    code: ProblemCode,
    found: String,
    column: Option<usize>,
}

impl Layout {
    /// A table with these columns. Headings tell several columns of ids apart.
    pub fn new(columns: Vec<ColumnKind>, headings: Vec<Box<str>>, rules: &Rules) -> Self {
        let keys = key_columns(&columns, &headings, rules);
        Self { columns, headings, keys }
    }

    /// The columns that a header names; `None` if these cells are none.
    ///
    /// A header names the column of the key, has no key itself, and has two known words. One is enough in the first of
    /// several rows if at most one other cell is filled.
    pub fn of_header(
        cells: &[&str],
        rules: &Rules,
        is_first: bool,
        has_rows: bool,
        column_of: impl Fn(&str) -> Option<ColumnKind>,
    ) -> Option<Self> {
        let headings: Vec<Box<str>> = cells.iter().map(|cell| spreadsheet_text(cell).into()).collect();
        let known: Vec<Option<ColumnKind>> = headings.iter().map(|heading| column_of(heading)).collect();
        let n_known = known.iter().flatten().count();
        // "Member" is a heading and a role, and on its own no evidence of a header.
        let is_sure = |heading: &str| column_of(heading).is_some() && !words::is_role(heading);
        let n_sure = headings.iter().filter(|heading| is_sure(heading)).count();
        let n_filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let has_scope =
            rules.identity.takes_scopes && headings.iter().any(|heading| rules.scope_of(heading).is_some());
        let is_enough = if n_known >= 2 {
            n_sure >= 1 && (has_rows || !has_scope)
        } else {
            is_first && has_rows && n_sure * 2 >= n_filled && !has_scope
        };
        let has_no_key =
            || cells.iter().zip(&known).all(|(cell, known)| known.is_some() || !has_key(cell, rules));
        let is_header = is_enough && known.iter().flatten().any(|kind| kind.is_key()) && has_no_key();
        is_header.then(|| Self::new(settled(&headings, &known), headings, rules))
    }

    /// The columns that can hold the key, from the one that is looked at first.
    pub fn keys(&self) -> &[usize] {
        &self.keys
    }

    /// What each column holds.
    pub fn columns(&self) -> &[ColumnKind] {
        &self.columns
    }

    /// The heading of each column.
    pub fn headings(&self) -> &[Box<str>] {
        &self.headings
    }

    /// Reads a row from its cells, each as it is in the text, with its quotation marks.
    pub fn row(&self, cells: &[&str], line: u32, rules: &Rules) -> Row {
        let refused = |unusable: Unusable| {
            let problem = Problem::new(unusable.code, Severity::Refused, Place::Line(line));
            let problems = vec![problem.about(unusable.found)];
            Row { person: None, scope: None, problems, column: unusable.column }
        };
        let (found, column) = match self.found(cells, rules) {
            Ok(found) => found,
            Err(unusable) => return refused(unusable),
        };
        let (person, scope, problems) = person_of(line, found, rules);
        let lacks_name = problems.iter().any(|problem| problem.code == ProblemCode::NameMissing);
        Row { scope, person, problems, column: if lacks_name { self.name_column() } else { Some(column) } }
    }

    fn found(&self, cells: &[&str], rules: &Rules) -> Result<(Found, usize), Unusable> {
        let unusable = |code, found: &str, column| Unusable { code, found: found.into(), column };
        let mut extra = cells.iter().enumerate().skip(self.columns.len());
        if let Some((column, extra)) = extra.find(|(_, cell)| has_text(cell)) {
            return Err(unusable(ProblemCode::NotUnderstood, &spreadsheet_text(extra), Some(column)));
        }
        let missing = || unusable(ProblemCode::KeyMissing, "", self.keys.first().copied());
        let key = self.key(cells, rules).ok_or_else(missing)?;
        let mut found = key_in(cells[key], rules)
            .map_err(|rest| unusable(ProblemCode::NotUnderstood, &rest, Some(key)))?;
        if self.cell(cells, ColumnKind::KeyKind).is_some_and(|(_, kind)| kind == "phone")
            && found.key.bytes().all(|b| b.is_ascii_digit())
        {
            found.key.insert(0, '+');
        }
        if let Some(name) = self.name(cells) {
            if !found.name.is_empty() && found.name != name {
                found.left_out.push(std::mem::take(&mut found.name));
            }
            // A whole address in the column of names is another person.
            if name.contains('@') && !fragment(&name, &(0..name.len()), &rules.identity).rest.is_empty()
                || name.contains(['<', '>'])
            {
                return Err(unusable(ProblemCode::NotUnderstood, &name, self.name_column()));
            }
            found.name = name;
        }
        let roles: Vec<(usize, String)> = self.texts(cells, ColumnKind::Scope).collect();
        let Some((column, role)) = roles.first() else { return Ok((found, key)) };
        let is_known = rules.scope_of(role).is_some();
        let is_same = roles.iter().all(|(_, other)| rules.scope_of(other) == rules.scope_of(role));
        if rules.identity.takes_scopes && (!is_known || !is_same) {
            let all: Vec<&str> = roles.iter().map(|(_, role)| &**role).collect();
            let word = if is_same { role } else { &all.join(", ") };
            return Err(unusable(ProblemCode::UnknownScope, word, Some(*column)));
        }
        // Where there are no scopes, a role says nothing, unless the person must not be let in.
        if rules.identity.takes_scopes || roles.iter().any(|(_, role)| words::is_shut_out(role)) {
            found.role = Some(role.clone());
        }
        Ok((found, key))
    }

    /// The column of the key: the first one that has text. A name for the person is no key where ids are long numbers.
    fn key(&self, cells: &[&str], rules: &Rules) -> Option<usize> {
        let mut filled =
            self.keys.iter().copied().filter(|idx| cells.get(*idx).is_some_and(|cell| has_text(cell)));
        let is_id = |idx: &usize| {
            let text = spreadsheet_text(cells[*idx]);
            let is_slug = matches!(rules.identity.id_shape, IdShape::Slug { .. });
            self.columns[*idx] != ColumnKind::Id
                || is_slug
                || text.contains('@')
                || key::id(text.trim(), rules.identity.id_shape).is_ok()
        };
        let first = filled.clone().next();
        filled.find(is_id).or(first)
    }

    /// The first column of names.
    fn name_column(&self) -> Option<usize> {
        let kinds = [ColumnKind::Name, ColumnKind::FirstName, ColumnKind::LastName, ColumnKind::MiddleName];
        kinds.into_iter().find_map(|kind| self.columns.iter().position(|own| *own == kind))
    }

    fn name(&self, cells: &[&str]) -> Option<String> {
        let cell = |column| self.cell(cells, column).map(|(_, text)| text);
        if let Some(name) = cell(ColumnKind::Name) {
            return Some(name);
        }
        let mut parts =
            [cell(ColumnKind::FirstName), cell(ColumnKind::MiddleName), cell(ColumnKind::LastName)];
        // Japanese and Chinese names begin with the family name.
        if self.headings.iter().any(|heading| heading.trim() == "姓") {
            parts.reverse();
        }
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The columns of a kind that have text, and the text.
    fn texts(&self, cells: &[&str], kind: ColumnKind) -> impl Iterator<Item = (usize, String)> {
        let own = self.columns.iter().zip(cells).enumerate().filter(move |(_, (own, _))| **own == kind);
        let texts = own.map(|(idx, (_, cell))| (idx, spreadsheet_text(cell).trim().to_owned()));
        texts.filter(|(_, text)| has_text(text))
    }

    /// The first column of a kind that has text, and the text.
    fn cell(&self, cells: &[&str], kind: ColumnKind) -> Option<(usize, String)> {
        self.texts(cells, kind).next()
    }

    /// The columns of a row with text that says nothing about its person, whose key is in the column `key`.
    pub fn unused(&self, cells: &[&str], key: usize, rules: &Rules) -> Vec<usize> {
        let filled = |(idx, kind): &(usize, ColumnKind)| {
            *kind != ColumnKind::KeyKind && cells.get(*idx).is_some_and(|cell| has_text(cell))
        };
        let filled: Vec<(usize, ColumnKind)> =
            self.columns.iter().copied().enumerate().filter(filled).collect();
        let is_first =
            |idx: usize, kind| filled.iter().find(|(_, own)| *own == kind).is_some_and(|it| it.0 == idx);
        let is_whole_name = filled.iter().any(|(_, kind)| *kind == ColumnKind::Name);
        let is_used = |(idx, kind): (usize, ColumnKind)| match kind {
            ColumnKind::Id | ColumnKind::Email | ColumnKind::Phone => idx == key,
            ColumnKind::Name => is_first(idx, kind),
            ColumnKind::FirstName | ColumnKind::MiddleName | ColumnKind::LastName => {
                !is_whole_name && is_first(idx, kind)
            }
            ColumnKind::Scope => rules.identity.takes_scopes && is_first(idx, kind),
            ColumnKind::KeyKind => true,
            // What the importer uses of them, it knows itself.
            ColumnKind::Group
            | ColumnKind::Role
            | ColumnKind::Price
            | ColumnKind::Note
            | ColumnKind::Unused => false,
        };
        filled.iter().filter(|own| !is_used(**own)).map(|(idx, _)| *idx).collect()
    }
}

/// True for a cell with text. A dash or an empty quotation stands for nothing.
pub fn has_text(cell: &str) -> bool {
    cell.contains(|c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '-' | '–' | '—'))
}

/// The key in its cell, with a name that is in the same cell; otherwise the text that is not understood.
fn key_in(cell: &str, rules: &Rules) -> Result<Found, String> {
    // Google's contacts separate several values of one person in this way.
    let (first, others) = cell.split_once(" ::: ").unwrap_or((cell, ""));
    let mut read = fragment(cell, &(0..first.trim_end().len()), &rules.identity);
    if read.is_mixed || read.pieces.len() > 1 {
        return Err(cell.to_owned());
    }
    if let Some(rest) = read.rest.into_iter().next().filter(|_| !read.pieces.is_empty()) {
        return Err(cell[rest].to_owned());
    }
    let Some(piece) = read.pieces.pop() else {
        return Ok(Found { key: read.clean, ..Found::default() });
    };
    let more = [piece.label, others.to_owned()].into_iter().filter(|text| !text.is_empty());
    let left_out = piece.comments.into_iter().chain(more).collect();
    let role = Some(piece.role).filter(|role| !role.is_empty());
    Ok(Found { key: piece.key, name: piece.name, left_out, role })
}

/// The columns that can hold the key: those of the kinds that the vendor accepts, or any if there are none.
///
/// One column of ids is enough, because another one has other ids; a second address stands in for a missing first one.
fn key_columns(columns: &[ColumnKind], headings: &[Box<str>], rules: &Rules) -> Vec<usize> {
    let identity = &rules.identity;
    let is_accepted = |column: ColumnKind| match column {
        ColumnKind::Id => identity.takes_ids,
        ColumnKind::Email => identity.takes_emails,
        ColumnKind::Phone => identity.takes_phones,
        _ => false,
    };
    let is_any = columns.iter().any(|kind| is_accepted(*kind));
    let mut keys = Vec::new();
    // Ids before phones: they are exact.
    for kind in [ColumnKind::Id, ColumnKind::Email, ColumnKind::Phone] {
        let own = (0..columns.len()).filter(|idx| columns[*idx] == kind && (is_accepted(kind) || !is_any));
        if kind == ColumnKind::Id {
            keys.extend(own.min_by_key(|idx| (!words::is_exact_id(&headings[*idx]), *idx)));
        } else {
            keys.extend(own);
        }
    }
    keys
}

fn has_key(cell: &str, rules: &Rules) -> bool {
    // A word can be an id of the vendor and a heading.
    let identity = crate::capabilities::Identity { takes_ids: false, ..rules.identity };
    !fragment(cell, &(0..cell.len()), &identity).pieces.is_empty()
}

/// The columns, where a word for the whole name is one for half of it if the other half has a column.
fn settled(headings: &[Box<str>], known: &[Option<ColumnKind>]) -> Vec<ColumnKind> {
    let has = |column| known.contains(&Some(column));
    let half = match (has(ColumnKind::FirstName), has(ColumnKind::LastName)) {
        (true, false) => ColumnKind::LastName,
        (false, true) => ColumnKind::FirstName,
        _ => ColumnKind::Name,
    };
    let of = |known: &Option<ColumnKind>, heading: &str| {
        let is_half_word = matches!(&*words::folded(heading), "nom" | "nombre" | "nome" | "name");
        match known {
            Some(ColumnKind::Name) if is_half_word => half,
            known => known.unwrap_or(ColumnKind::Unused),
        }
    };
    known.iter().zip(headings).map(|(known, heading)| of(known, heading)).collect()
}
