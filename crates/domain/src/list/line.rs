//! Lines without a header: one person with a name and a scope, or several people.

use std::ops::Range;

use super::cells::{self, Cell, Record, unquoted};
use super::fragment::{Fragment, Piece, bare_name, fragment, is_name, unbulleted};
use super::{Found, ListEntry, Rules, entry_of, has_slugs, words};
use crate::capabilities::Identity;
use crate::{Place, Problem, ProblemCode, Severity};

/// Labels of the lines of a mail that list people.
const MAIL_HEADERS: [&str; 17] = [
    "to",
    "cc",
    "bcc",
    "from",
    "reply-to",
    "sender",
    "an",
    "von",
    "kopie",
    "à",
    "de",
    "para",
    "cco",
    "إلى",
    "من",
    "宛先",
    "差出人",
];

/// What a chat calls the person who copies the list of its people.
const YOU: [&str; 8] = ["you", "du", "vous", "tú", "tu", "você", "أنت", "あなた"];

/// The group of separators that divides a record into cells: the strongest in it.
pub(super) fn strongest(record: &Record) -> Option<usize> {
    record.cells.iter().filter_map(|cell| cell.separator).min()
}

/// Reads a record into entries.
pub(super) fn read(
    text: &str,
    record: &Record,
    rules: &Rules,
    scopes: &[(usize, usize)],
    entries: &mut Vec<ListEntry>,
) {
    let refused = |at, code, found: &str| refused_at(text, record, at, code, found);
    if record.is_quote_open {
        entries.push(refused(record.filled(), ProblemCode::QuoteOpen, ""));
        return;
    }
    let first = entries.len();
    let (unlabelled, label) = without_label(text, record);
    read_people(text, &unlabelled, rules, scopes, entries);
    // The label of a mail is no part of a person, and is shown with the first one.
    match (label, entries.get_mut(first)) {
        (Some(label), Some(entry)) => {
            entry.at.start = label;
            entry.typed = text[entry.at.clone()].into();
        }
        (Some(_), None) => {
            let at = record.filled();
            entries.push(refused(at.clone(), ProblemCode::NotUnderstood, &text[at]));
        }
        (None, _) => {}
    }
}

/// An entry for a place of a record that cannot be used.
fn refused_at(text: &str, record: &Record, at: Range<usize>, code: ProblemCode, found: &str) -> ListEntry {
    let problem = Problem::new(code, Severity::Refused, Place::Line(record.line)).about(found);
    ListEntry::refused(text, record.line, at, vec![problem])
}

/// The record without `To:` before its first person, and where that begins.
fn without_label(text: &str, record: &Record) -> (Record, Option<usize>) {
    let mut record = record.clone();
    let Some(cell) = record.cells.iter_mut().find(|cell| !cell.is_empty()) else { return (record, None) };
    let whole = &text[cell.at.clone()];
    let Some((label, rest)) = whole.split_once([':', '：']) else { return (record, None) };
    if !MAIL_HEADERS.contains(&&*label.trim().to_lowercase()) {
        return (record, None);
    }
    let start = cell.at.start;
    cell.at.start = cell.at.end - rest.trim_start().len();
    // Only a label, such as `Cc:` without people, is text like any other.
    if record.is_blank() {
        if let Some(cell) = record.cells.iter_mut().find(|cell| cell.at.end > start) {
            cell.at.start = start;
        }
        return (record, None);
    }
    (record, Some(start))
}

fn read_people(
    text: &str,
    record: &Record,
    rules: &Rules,
    scopes: &[(usize, usize)],
    entries: &mut Vec<ListEntry>,
) {
    let refused = |at, code, found: &str| refused_at(text, record, at, code, found);
    let line = Line::new(text, record, rules, scopes);
    match line.n_keys() {
        // Prose is one piece; ids without a mark may be several.
        0 if line.filled().count() > 1 && !has_slugs(&rules.identity) => {
            let at = record.filled();
            entries.push(refused(at.clone(), ProblemCode::NotUnderstood, &text[at]));
        }
        0 => {
            for (cell, fragment) in line.filled() {
                if text[cell.at.clone()].chars().all(is_rule) {
                    continue;
                }
                if !fragment.clean.contains(char::is_alphanumeric) {
                    entries.push(refused(cell.at.clone(), ProblemCode::NotUnderstood, &cell.text(text)));
                    continue;
                }
                if has_slugs(&rules.identity) && is_title(&fragment.clean) {
                    let id = fragment.clean.to_lowercase();
                    entries.push(refused(cell.at.clone(), ProblemCode::BadId, &id));
                    continue;
                }
                if fragment.is_mixed {
                    entries.push(refused(cell.at.clone(), ProblemCode::NotUnderstood, &cell.text(text)));
                    continue;
                }
                let found = Found { key: fragment.clean.clone(), ..Found::default() };
                entries.push(entry_of(text, record.line, cell.at.clone(), found, rules));
            }
        }
        1 if line.filled().count() > 1 && !line.is_of_chat() => {
            let entry = match line.row(scopes) {
                Ok(found) => entry_of(text, record.line, record.filled(), found, rules),
                Err((code, found)) => refused(record.filled(), code, &found),
            };
            entries.push(entry);
        }
        _ => match line.lone_scope() {
            // The scope could be that of any of them.
            Some(scope) => {
                let found = scope.text(text).into_owned();
                entries.push(refused(record.filled(), ProblemCode::NotUnderstood, &found));
            }
            None => line.list(entries),
        },
    }
}

/// True for characters that draw a line.
fn is_rule(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '*' | '~' | '#' | '.' | '–' | '—' | '·' | '•')
}

/// True for a word as names and sentences begin with: it may be no id.
fn is_title(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && {
        let rest = chars.as_str();
        !rest.is_empty() && rest.chars().all(|c| c.is_alphabetic() && c.is_lowercase())
    }
}

/// One line, cut at every separator.
struct Line<'a> {
    text: &'a str,
    record: &'a Record,
    rules: &'a Rules,
    fragments: Vec<Fragment>,
    /// Whether the cell is a word for a scope, and so no key beside a key.
    is_scope: Vec<bool>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, record: &'a Record, rules: &'a Rules, scopes: &[(usize, usize)]) -> Self {
        let cells = &record.cells;
        let mut fragments: Vec<Fragment> =
            cells.iter().map(|cell| fragment(text, &cell.at, &rules.identity)).collect();
        let is_scope = |(idx, cell): (usize, &Cell)| {
            let is_known = rules.scope_of(&cell.text(text)).is_some();
            rules.identity.takes_scopes && (is_known || scopes.contains(&(cells.len(), idx)))
        };
        let is_scope: Vec<bool> = cells.iter().enumerate().map(is_scope).collect();
        let n_filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let n_scopes = is_scope.iter().filter(|is_scope| **is_scope).count();
        let mut line = Self { text, record, rules, fragments: Vec::new(), is_scope };
        if n_filled == n_scopes {
            // A word can be an id as well: the first one is.
            if let Some(first) = line.is_scope.iter().position(|is_scope| *is_scope) {
                line.is_scope[first] = false;
            }
        }
        for (fragment, is_scope) in fragments.iter_mut().zip(&line.is_scope) {
            if *is_scope {
                fragment.pieces.clear();
            }
        }
        line.fragments = fragments;
        line.recognise_upper_case();
        line
    }

    /// An id in upper case beside a scope is a key: it is the only cell that can be one.
    fn recognise_upper_case(&mut self) {
        let has_scope = self.is_scope.contains(&true);
        if !has_scope || self.n_keys() > 0 || !has_slugs(&self.rules.identity) {
            return;
        }
        let is_id = |fragment: &Fragment| {
            let shape = self.rules.identity.id_shape;
            crate::key::id(&fragment.clean, shape).is_ok()
        };
        let others =
            (0..self.fragments.len()).filter(|idx| !self.is_scope[*idx] && is_id(&self.fragments[*idx]));
        if let [only] = others.collect::<Vec<_>>()[..] {
            let at = self.record.cells[only].at.clone();
            let key = self.fragments[only].clean.clone();
            self.fragments[only].pieces = vec![Piece { at, key, ..Piece::default() }];
            self.fragments[only].rest.clear();
        }
    }

    fn n_keys(&self) -> usize {
        self.fragments.iter().map(|fragment| fragment.pieces.len()).sum()
    }

    fn filled(&self) -> impl Iterator<Item = (&Cell, &Fragment)> {
        self.record.cells.iter().zip(&self.fragments).filter(|(cell, _)| !cell.is_empty())
    }

    /// Whether it is the list of people in a chat, which ends with the person who copied it.
    fn is_of_chat(&self) -> bool {
        let last = self.filled().last();
        last.is_some_and(|(cell, _)| YOU.contains(&&*cell.text(self.text).to_lowercase()))
    }

    /// The cell with a scope among several people.
    fn lone_scope(&self) -> Option<&Cell> {
        let idx = self.is_scope.iter().position(|is_scope| *is_scope)?;
        self.record.cells.get(idx)
    }

    /// The one person of a row, with what the other cells say of them.
    fn row(&self, scopes: &[(usize, usize)]) -> Result<Found, (ProblemCode, String)> {
        let cells = self.record.cells_between(strongest(self.record));
        let mut found: Option<Found> = None;
        let mut names: Vec<String> = Vec::new();
        let mut role: Option<String> = None;
        let mut is_beside_bracket = false;
        for (idx, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            if let Some(person) = self.person_in(cell)? {
                is_beside_bracket = person.1 && names.len() == 1 && !person.0.name.is_empty();
                found = Some(person.0);
                continue;
            }
            let word = cell.text(self.text);
            let is_role = words::is_role(&word) || self.rules.scope_of(&word).is_some();
            let is_in_column = self.rules.identity.takes_scopes && scopes.contains(&(cells.len(), idx));
            let name = bare_name(unbulleted(&word));
            if (is_role || is_in_column) && role.is_none() {
                role = Some(word.into_owned());
            } else if is_role || !is_name(name, &self.rules.identity) {
                return Err((ProblemCode::NotUnderstood, word.into_owned()));
            } else {
                names.push(name.to_owned());
            }
        }
        let Some(mut found) = found else { return Err((ProblemCode::KeyMissing, String::new())) };
        match &names[..] {
            [] => {}
            [name] if found.name.is_empty() => found.name.clone_from(name),
            // `Okonkwo, Ada <ada@new.example>`
            [family] if is_beside_bracket => found.name = [family, ", ", &found.name].concat(),
            [.., last] => return Err((ProblemCode::NotUnderstood, last.clone())),
        }
        match (role, &found.role) {
            (Some(role), Some(_)) => return Err((ProblemCode::NotUnderstood, role)),
            (Some(role), None) => found.role = Some(role),
            (None, _) => {}
        }
        Ok(found)
    }

    /// The person whose key is in a cell of the row, and whether the key is in brackets.
    fn person_in(&self, cell: &Cell) -> Result<Option<(Found, bool)>, (ProblemCode, String)> {
        let is_inside = |own: &Cell| cell.at.start <= own.at.start && own.at.end <= cell.at.end;
        let inner: Vec<(&Cell, &Fragment)> = self.filled().filter(|(own, _)| is_inside(own)).collect();
        if inner.iter().any(|(_, fragment)| fragment.is_mixed) {
            return Err((ProblemCode::NotUnderstood, cell.text(self.text).into_owned()));
        }
        let Some(place) = inner.iter().position(|(_, fragment)| !fragment.pieces.is_empty()) else {
            return Ok(None);
        };
        let fragment = inner[place].1;
        let piece = &fragment.pieces[0];
        let mut found = found_in(piece, false, &self.rules.identity);
        let not_understood = |at: Range<usize>| Err((ProblemCode::NotUnderstood, self.text[at].to_owned()));
        if let Some(rest) = fragment.rest.first() {
            return not_understood(rest.clone());
        }
        match &inner[..] {
            [_] => {}
            [(family, _), _] if place == 1 && piece.is_bracketed && !found.name.is_empty() => {
                found.name = [&*family.text(self.text), ", ", &found.name].concat();
            }
            [(name, _), _] if place == 1 && found.name.is_empty() => {
                found.name = name.text(self.text).into_owned()
            }
            _ => {
                let other = usize::from(place == 0);
                return not_understood(inner[other].0.at.clone());
            }
        }
        Ok(Some((found, piece.is_bracketed)))
    }

    /// Several people in one line.
    fn list(&self, entries: &mut Vec<ListEntry>) {
        let line = self.record.line;
        let left_over = |at: Range<usize>| {
            let problem = Problem::new(ProblemCode::NotUnderstood, Severity::Refused, Place::Line(line));
            let typed = self.text[at.clone()].to_owned();
            ListEntry::refused(self.text, line, at, vec![problem.about(typed)])
        };
        let is_several = self.n_keys() > 1;
        // A family name waits for the first name and the key after the comma.
        let mut waiting: Option<Range<usize>> = None;
        for (cell, fragment) in self.filled() {
            if fragment.pieces.is_empty() {
                entries.extend(waiting.replace(cell.at.clone()).map(left_over));
            } else {
                let mut parts: Vec<(usize, ListEntry)> = Vec::new();
                for (idx, piece) in fragment.pieces.iter().enumerate() {
                    let (mut found, mut at) =
                        (found_in(piece, is_several, &self.rules.identity), piece.at.clone());
                    let can_wait = idx == 0 && piece.is_bracketed && !found.name.is_empty();
                    match waiting.take() {
                        Some(family) if can_wait => {
                            let name = unquoted(&self.text[family.clone()]);
                            found.name = [&*name, ", ", &found.name].concat();
                            at.start = family.start;
                        }
                        Some(before) => parts.push((before.start, left_over(before))),
                        None => {}
                    }
                    parts.push((at.start, entry_of(self.text, line, at, found, self.rules)));
                }
                // Both are in the order of the text.
                let mut rest = fragment.rest.iter().peekable();
                for (start, part) in parts {
                    while let Some(before) = rest.next_if(|rest| rest.start < start) {
                        entries.push(left_over(before.clone()));
                    }
                    entries.push(part);
                }
                entries.extend(rest.map(|rest| left_over(rest.clone())));
            }
            // Only a comma can be within a name.
            if cell.separator.is_some_and(|group| group + 1 < cells::SEPARATORS.len()) {
                entries.extend(waiting.take().map(left_over));
            }
        }
        entries.extend(waiting.map(left_over));
    }
}

/// What a piece says of one person. A label before several people is the name of their group, not of the first.
fn found_in(piece: &Piece, is_several: bool, identity: &Identity) -> Found {
    let Piece { key, name, label, role, comments, .. } = piece.clone();
    let role = Some(role).filter(|role| !role.is_empty());
    let mut found = Found { key, name, role, left_out: comments };
    let label = bare_name(&label);
    if !label.is_empty() && found.name.is_empty() && !is_several && is_name(label, identity) {
        found.name = label.to_owned();
    } else if !label.is_empty() {
        found.left_out.push(label.to_owned());
    }
    found
}
