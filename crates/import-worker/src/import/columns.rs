//! What the columns of a file hold, by their headings and their contents.

use domain::capabilities::{AddTarget, Capabilities, Identity};
use domain::list::{self, ColumnKind, Layout, List, ListEntry, Rules, file_column_of, spreadsheet_text};
use domain::{Person, PersonKey, ProblemCode, Scope, Vendor};
use serde::{Deserialize, Serialize};

use super::{Import, quoted};
use crate::sheet::Sheet;

/// Number of rows by which columns are recognised.
const SAMPLE: usize = 100;
/// Number of texts shown of a column.
const N_TEXTS: usize = 3;
/// Most characters of a text or heading that is shown.
const MAX_SHOWN: usize = 100;

/// How it is known what a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnSource {
    /// By its heading.
    Heading,
    /// By what is in it.
    Contents,
    /// It was chosen by hand.
    Hand,
    /// It is not known.
    Nothing,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// The heading; empty without a header.
    pub heading: Box<str>,
    /// What it holds.
    pub kind: ColumnKind,
    /// How that is known.
    pub source: ColumnSource,
    /// The first different texts in it.
    pub texts: Vec<Box<str>>,
    /// Number of texts in the first rows that are of its kind, and of all texts in them; `None` for kinds that any
    /// text is of.
    pub fit: Option<(u32, u32)>,
}

/// The columns of a file as they are recognised.
pub(super) struct Recognised {
    pub layout: Layout,
    pub sources: Vec<ColumnSource>,
    pub n_header: usize,
}

/// Recognises the columns of a file.
pub(super) fn recognised(sheet: &Sheet, rules: &Rules, vendor: Vendor) -> Recognised {
    let cells: Vec<&str> = sheet.cells(0).collect();
    let header = Layout::of_header(&cells, rules, true, sheet.n_rows() > 1, file_column_of);
    let Some(header) = header else {
        let n_header = usize::from(is_header_by_contents(sheet, rules));
        let columns = by_contents(sheet, rules, n_header);
        let mut headings: Vec<Box<str>> = vec!["".into(); columns.len()];
        for (heading, cell) in headings.iter_mut().zip(cells).take(columns.len() * n_header) {
            *heading = spreadsheet_text(cell).into();
        }
        let known = |kind: &ColumnKind| match kind {
            ColumnKind::Unused => ColumnSource::Nothing,
            _ => ColumnSource::Contents,
        };
        let sources = columns.iter().map(known).collect();
        return Recognised { layout: Layout::new(columns, headings, rules), sources, n_header };
    };
    let (mut columns, mut headings) = (header.columns().to_vec(), header.headings().to_vec());
    columns.resize(sheet.n_columns().max(columns.len()), ColumnKind::Unused);
    headings.resize(columns.len(), "".into());
    let vendor = vendors::capabilities(vendor);
    for kind in &mut columns {
        *kind = at_vendor(*kind, &vendor);
    }
    for kind in [ColumnKind::Group, ColumnKind::Role, ColumnKind::Price, ColumnKind::Note] {
        only_one(&mut columns, &headings, kind);
    }
    let known = |kind: &ColumnKind| match kind {
        ColumnKind::Unused => ColumnSource::Nothing,
        _ => ColumnSource::Heading,
    };
    let sources = columns.iter().map(known).collect();
    Recognised { layout: Layout::new(columns, headings, rules), sources, n_header: 1 }
}

/// The kind of a column at a vendor, which may have roles instead of scopes, or no use for it.
fn at_vendor(kind: ColumnKind, vendor: &Capabilities) -> ColumnKind {
    let has_groups = vendor.add.target != AddTarget::Whole;
    match kind {
        ColumnKind::Scope if !vendor.identity.takes_scopes && vendor.add.has_roles => ColumnKind::Role,
        ColumnKind::Group if !has_groups => ColumnKind::Unused,
        ColumnKind::Price | ColumnKind::Note if !vendor.add.has_roles => ColumnKind::Unused,
        kind => kind,
    }
}

/// Keeps one column of a kind: that of an id, or the first one.
fn only_one(columns: &mut [ColumnKind], headings: &[Box<str>], kind: ColumnKind) {
    let is_id = |heading: &str| heading.to_lowercase().contains("id");
    let own: Vec<usize> = (0..columns.len()).filter(|idx| columns[*idx] == kind).collect();
    let kept = own.iter().copied().find(|idx| is_id(&headings[*idx])).or(own.first().copied());
    for idx in own.into_iter().filter(|idx| Some(*idx) != kept) {
        columns[idx] = ColumnKind::Unused;
    }
}

/// True if the first row has a key in no cell, and other rows do: it is a header in words that are not known. Where
/// any word is an id, nothing tells them apart.
fn is_header_by_contents(sheet: &Sheet, rules: &Rules) -> bool {
    let identity = Identity { takes_ids: false, ..rules.identity };
    let n_rows = sheet.n_rows().min(SAMPLE);
    if !(identity.takes_emails || identity.takes_phones) || n_rows < 2 {
        return false;
    }
    let rules = Rules { identity, ..rules.clone() };
    let has_key = |row: usize| sheet.cells(row).any(|cell| fits_any_key(cell, &rules));
    let n_keys = (1..n_rows).filter(|row| has_key(*row)).count();
    let is_worded = sheet.cells(0).all(|cell| !cell.contains(|c: char| c.is_ascii_digit() || c == '@'));
    is_worded && !has_key(0) && n_keys * 2 > n_rows - 1
}

fn fits_any_key(cell: &str, rules: &Rules) -> bool {
    let kinds = [ColumnKind::Email, ColumnKind::Phone, ColumnKind::Id];
    kinds.into_iter().any(|kind| Fit::of(kind, rules).takes(cell))
}

/// Tells whether a text is of a kind.
struct Fit<'a> {
    kind: ColumnKind,
    layout: Layout,
    rules: Rules,
    own: &'a Rules,
}

impl<'a> Fit<'a> {
    fn of(kind: ColumnKind, rules: &'a Rules) -> Self {
        let identity = Identity { needs_name: false, ..rules.identity };
        let layout = Layout::new(vec![kind], vec!["".into()], rules);
        Self { kind, layout, rules: Rules { identity, ..rules.clone() }, own: rules }
    }

    fn takes(&self, cell: &str) -> bool {
        if self.kind == ColumnKind::Scope {
            return self.own.scope_of(&spreadsheet_text(cell)).is_some();
        }
        let read = self.layout.row(&[cell], 0, &self.rules);
        // A number that lacks its country is a number.
        let is_number = || {
            let lacks_country = |code| code == ProblemCode::CountryMissing || code == ProblemCode::DigitsLost;
            self.kind == ColumnKind::Phone && read.problems.iter().any(|problem| lacks_country(problem.code))
        };
        let is_kind = read.person.as_ref().map_or_else(is_number, |person| match &person.key {
            PersonKey::Id(_) => self.kind == ColumnKind::Id,
            PersonKey::Email(_) => self.kind == ColumnKind::Email,
            PersonKey::Phone(_) => self.kind == ColumnKind::Phone,
            PersonKey::Group(_) => false,
        });
        is_kind && read.problems.iter().all(|problem| problem.code != ProblemCode::FoldedCase)
    }
}

/// Number of texts of a column in the first rows, and how many of them are of a kind.
fn share(sheet: &Sheet, n_header: usize, column: usize, is_meant: impl Fn(&str) -> bool) -> (u32, u32) {
    let rows = n_header..sheet.n_rows().min(n_header + SAMPLE);
    let cells = rows.map(|row| sheet.cell(row, column)).filter(|cell| !cell.is_empty());
    cells.fold((0, 0), |(n, n_meant), cell| (n + 1, n_meant + u32::from(is_meant(cell))))
}

fn is_most(n: u32, n_meant: u32) -> bool {
    n > 0 && n_meant * 2 > n
}

/// The kinds of keys that the vendor accepts.
fn accepted(identity: &Identity) -> impl Iterator<Item = ColumnKind> {
    let kinds = [
        (ColumnKind::Id, identity.takes_ids),
        (ColumnKind::Email, identity.takes_emails),
        (ColumnKind::Phone, identity.takes_phones),
    ];
    kinds.into_iter().filter(|(_, is_accepted)| *is_accepted).map(|(kind, _)| kind)
}

/// True for text without a header whose cells are people, not columns: a line of addresses, as mail programs have it.
pub(super) fn is_running_text(sheet: &Sheet, rules: &Rules) -> bool {
    let filled = (0..sheet.n_columns()).map(|idx| share(sheet, 0, idx, |_| true).0);
    let n_filled = filled.filter(|n| *n > 0).count();
    if n_filled < 2 {
        let n_people = |row: usize| list::read(sheet.cell(row, 0), rules).entries.len();
        return (0..sheet.n_rows().min(SAMPLE)).any(|row| n_people(row) > 1);
    }
    sheet.n_rows() == 1
        || accepted(&rules.identity).any(|kind| {
            let fit = Fit::of(kind, rules);
            let fits = |idx: usize| share(sheet, 0, idx, |cell| fit.takes(cell));
            let n_keys =
                (0..sheet.n_columns()).map(fits).filter(|(n, n_meant)| is_most(*n, *n_meant)).count();
            let has_brackets =
                || sheet.cells(0).filter(|cell| cell.contains('<') && fit.takes(cell)).count() > 1;
            n_keys > 1 && (n_keys == n_filled || has_brackets())
        })
}

/// The cells of a person who was in running text.
fn parts(person: &Person, scope: Option<Scope>) -> Vec<String> {
    let key = list::write(&Person { name: None, ..person.clone() }, None);
    let name = person.name.as_deref().map(quoted).unwrap_or_default();
    vec![key, name, scope.map(|scope| scope.slug().to_owned()).unwrap_or_default()]
}

fn letters(text: impl AsRef<str>) -> usize {
    text.as_ref().chars().filter(|c| c.is_alphanumeric()).count()
}

/// The rows of a text that is no table, one for each person or piece that is none, and what their cells hold; `None`
/// if it has a header, or names few people.
pub(super) fn of_running_text(text: &str, rules: &Rules) -> Option<(Sheet, Recognised)> {
    let List { entries, headers, .. } = list::read(text, rules);
    let n_people = entries.iter().filter(|entry| entry.person.is_some()).count();
    if n_people * 2 < entries.len() || !headers.is_empty() {
        return None;
    }
    let kind = |entry: &ListEntry| match &entry.person.as_ref()?.key {
        PersonKey::Id(_) => Some(ColumnKind::Id),
        PersonKey::Email(_) => Some(ColumnKind::Email),
        PersonKey::Phone(_) => Some(ColumnKind::Phone),
        PersonKey::Group(_) => None,
    };
    let key = entries.iter().find_map(kind).or(accepted(&rules.identity).next()).unwrap_or(ColumnKind::Id);
    let mut columns = vec![key, ColumnKind::Name];
    if entries.iter().any(|entry| entry.scope.is_some()) {
        columns.push(ColumnKind::Scope);
    }
    let n_columns = columns.len();
    let layout = Layout::new(columns, vec!["".into(); n_columns], rules);
    let sources = vec![ColumnSource::Contents; n_columns];
    let row = |entry: ListEntry| {
        let whole = vec![quoted(&entry.typed), String::new(), String::new()];
        let cells = match &entry.person {
            Some(person) => {
                let read = layout.row(&[whole[0].as_str(), "", ""][..n_columns], entry.line, rules);
                let is_same = read.person == entry.person && read.scope == entry.scope;
                let parts = parts(person, entry.scope);
                // What there is to say of a person is said of the whole text, and no letter of it is left out.
                let is_split = letters(parts.concat()) == letters(&entry.typed)
                    && (entry.problems.is_empty() || !is_same);
                if is_split { parts } else { whole }
            }
            None => whole,
        };
        (entry.line, cells.into_iter().take(n_columns).collect())
    };
    let sheet = Sheet::of_rows(entries.into_iter().map(row));
    Some((sheet, Recognised { layout, sources, n_header: 0 }))
}

/// The columns of a table without a known header, by what the first rows have in them.
fn by_contents(sheet: &Sheet, rules: &Rules, n_header: usize) -> Vec<ColumnKind> {
    let n_columns = sheet.n_columns();
    let mut columns = vec![ColumnKind::Unused; n_columns];
    let identity = &rules.identity;
    let mut keys: Vec<usize> = Vec::new();
    for kind in accepted(identity) {
        let fit = Fit::of(kind, rules);
        let fitting = (0..n_columns)
            .filter(|idx| columns[*idx] == ColumnKind::Unused)
            .map(|idx| (share(sheet, n_header, idx, |cell| fit.takes(cell)), idx))
            .filter(|((n, n_meant), _)| is_most(*n, *n_meant));
        let fitting: Vec<((u32, u32), usize)> = fitting.collect();
        let best = fitting.iter().max_by_key(|((_, n_meant), idx)| (*n_meant, std::cmp::Reverse(*idx)));
        if let Some((_, idx)) = best {
            columns[*idx] = kind;
        }
        // A word that could be an id is no name, and another address no other person.
        keys.extend(fitting.iter().map(|(_, idx)| *idx));
        if kind != ColumnKind::Id {
            fitting.iter().for_each(|(_, idx)| columns[*idx] = kind);
        }
    }
    let is_scope = |cell: &str| rules.scope_of(&spreadsheet_text(cell)).is_some();
    let free =
        |columns: &[ColumnKind], is_meant: &dyn Fn((u32, u32)) -> bool, kind: &dyn Fn(&str) -> bool| {
            let mut free = (0..n_columns).filter(|idx| columns[*idx] == ColumnKind::Unused);
            free.find(|idx| is_meant(share(sheet, n_header, *idx, kind)))
        };
    if identity.takes_scopes
        && let Some(idx) = free(&columns, &|(_, n_meant)| n_meant > 0, &is_scope)
    {
        columns[idx] = ColumnKind::Scope;
    }
    let has_letters = |cell: &str| cell.chars().any(char::is_alphabetic);
    if let Some(idx) = free(&columns, &|(n, n_meant)| n > 0 && n == n_meant, &has_letters)
        && !keys.contains(&idx)
    {
        columns[idx] = ColumnKind::Name;
    }
    columns
}

fn cut(text: &str) -> Box<str> {
    text.chars().take(MAX_SHOWN).collect::<String>().into()
}

/// The columns of a file for people to look at.
pub(super) fn described(import: &Import) -> Vec<ImportColumn> {
    let (sheet, n_header) = (&import.sheet, import.n_header);
    let headings = import.layout.headings().iter().map(|heading| &**heading);
    let columns = import.layout.columns().iter().zip(headings).enumerate();
    let of = |(idx, (kind, heading)): (usize, (&ColumnKind, &str))| {
        let mut texts: Vec<Box<str>> = Vec::new();
        for row in n_header..sheet.n_rows().min(n_header + SAMPLE) {
            let text = cut(spreadsheet_text(sheet.cell(row, idx)).trim());
            if texts.len() < N_TEXTS && !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        let is_judged = kind.is_key() || *kind == ColumnKind::Scope;
        let fit = is_judged.then(|| {
            let fit = Fit::of(*kind, &import.rules);
            let (n, n_meant) = share(sheet, n_header, idx, |cell| fit.takes(cell));
            (n_meant, n)
        });
        ImportColumn { heading: cut(heading), kind: *kind, source: import.sources[idx], texts, fit }
    };
    columns.map(of).collect()
}
