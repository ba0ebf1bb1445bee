//! Parsing people from pasted text: spreadsheet columns, mail headers, ids, email addresses, phone numbers.
//!
//! Never fails: each piece becomes a [`PasteEntry`] that is usable, a duplicate, or refused with a reason, and
//! keeps the typed text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use email_address::{EmailAddress, Options};

use crate::capabilities::{IdShape, Identity};
use crate::{Person, PersonKey, Place, Problem, ProblemCode, Scope, Severity};

/// The result for one piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// Can be sent.
    Usable,
    /// Names a person who is already in the list.
    Duplicate,
    /// Cannot be sent; its problems say why.
    Refused,
}

/// One piece of a pasted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteEntry {
    /// Its line, from 1.
    pub line: u32,
    /// The piece exactly as typed.
    pub typed: Box<str>,
    /// The person; `None` if refused.
    pub person: Option<Person>,
    /// The scope beside the person, as from a column of a spreadsheet.
    pub scope: Option<Scope>,
    /// Whether it can be sent.
    pub standing: EntryStatus,
    /// What to report about it.
    pub problems: Vec<Problem>,
}

/// Parses people from text, accepting the keys that a vendor takes.
pub fn parse(text: &str, identity: &Identity) -> Vec<PasteEntry> {
    let mut entries = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let (rest, scope) =
            if identity.takes_scopes { without_scope(line) } else { (Cow::Borrowed(line), None) };
        for (typed, name, key) in pieces(&rest, identity) {
            let entry = read(idx as u32 + 1, typed, name, key, identity);
            // A line with a scope names one person, and is kept whole.
            let typed = if scope.is_some() { line.trim() } else { typed };
            entries.push(PasteEntry { typed: typed.into(), scope, ..entry });
        }
    }
    mark_doubles(&mut entries);
    entries
}

/// Parses one key from its own field, with a name from another.
pub fn parse_one(key: &str, name: &str, identity: &Identity) -> PasteEntry {
    read(1, key, name, key, identity)
}

/// Takes the scope out of a spreadsheet line: the only cell that is the name of a scope. Lines with several
/// people have no scope, because it would be ambiguous.
fn without_scope(line: &str) -> (Cow<'_, str>, Option<Scope>) {
    let cells: Vec<&str> =
        line.split([',', ';', '\t']).map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let mut scopes = cells.iter().filter_map(|cell| scope_word(cell));
    match (scopes.next(), scopes.next(), cells.len()) {
        (Some(scope), None, 2 | 3) => {
            let rest: Vec<&str> = cells.into_iter().filter(|cell| scope_word(cell).is_none()).collect();
            (Cow::Owned(rest.join("\t")), Some(scope))
        }
        _ => (Cow::Borrowed(line), None),
    }
}

fn scope_word(cell: &str) -> Option<Scope> {
    let cell = cell.to_ascii_lowercase();
    if cell == "ban" { Some(Scope::Banned) } else { Scope::from_slug(&cell) }
}

/// Marks repeated people as duplicates, unless their scopes differ: then the plan has to settle it.
fn mark_doubles(entries: &mut [PasteEntry]) {
    let mut seen: BTreeMap<(PersonKey, Option<Scope>), u32> = BTreeMap::new();
    for entry in entries {
        let Some(person) = &entry.person else { continue };
        let key = (person.key.folded(), entry.scope);
        if let Some(first) = seen.get(&key) {
            entry.standing = EntryStatus::Duplicate;
            let problem = Problem::new(ProblemCode::Duplicate, Severity::Info, Place::Line(entry.line));
            entry.problems.push(problem.about(first.to_string()));
        } else {
            seen.insert(key, entry.line);
        }
    }
}

/// Splits a line into (typed, name, key).
fn pieces<'a>(line: &'a str, identity: &Identity) -> Vec<(&'a str, &'a str, &'a str)> {
    let cells: Vec<&str> =
        line.split([',', ';', '\t']).map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let looks: Vec<bool> = cells.iter().map(|cell| looks_like_key(cell, identity)).collect();
    // A line of a spreadsheet or a mail: exactly one cell is a key, the one beside it is the name.
    if cells.len() == 2 && looks[0] != looks[1] {
        let (name, key) = if looks[1] { (cells[0], cells[1]) } else { (cells[1], cells[0]) };
        if !key.contains('<') {
            return vec![(line.trim(), unquoted(name), key)];
        }
    }
    cells
        .into_iter()
        .flat_map(|cell| {
            if let Some((name, rest)) = cell.split_once('<') {
                let key = rest.split('>').next().unwrap_or(rest);
                return vec![(cell, unquoted(name.trim()), key.trim())];
            }
            // "Ada Okonkwo ada@example.org": the last word is the key.
            if let Some((name, key)) = cell.rsplit_once(char::is_whitespace)
                && key.contains('@')
                && !name.contains('@')
            {
                return vec![(cell, unquoted(name.trim()), key)];
            }
            let words: Vec<&str> = cell.split_whitespace().collect();
            if words.len() > 1
                && words.iter().all(|word| looks_like_key(word, identity) && !is_phone_part(word))
            {
                return words.into_iter().map(|word| (word, "", word)).collect();
            }
            vec![(cell, "", cell)]
        })
        .collect()
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace())
}

fn is_phone_part(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit() || b"+-()./".contains(&b))
}

/// True for text that is recognisably a key and cannot be a word of a name.
fn looks_like_key(text: &str, identity: &Identity) -> bool {
    if text.contains('@') || is_uuid(text) || is_hex24(text) {
        return true;
    }
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    if n_digits >= 7 && text.bytes().all(|b| b.is_ascii_digit() || b" +-()./".contains(&b)) {
        return true;
    }
    let is_slug = matches!(identity.id_shape, IdShape::Slug { .. }) && identity.takes_ids;
    is_slug
        && text.bytes().all(is_slug_byte)
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.is_empty()
}

fn is_slug_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
}

/// True for 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(idx, b)| match idx {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// True for 24 hexadecimal digits.
pub(crate) fn is_hex24(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// True for invisible characters and those that change the direction of text.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (c.is_control() && c != '\t')
}

fn read(line: u32, typed: &str, name: &str, key: &str, identity: &Identity) -> PasteEntry {
    let mut problems = Vec::new();
    let place = || Place::Line(line);
    let clean: String = key.chars().filter(|c| !is_hidden(*c)).collect();
    let clean = clean.trim();
    // Joiners belong to names in some scripts; direction marks do not.
    let name: String =
        name.chars().filter(|c| !is_hidden(*c) || matches!(*c, '\u{200C}' | '\u{200D}')).collect();
    if clean.len() != key.trim().len() {
        problems.push(Problem::new(ProblemCode::HiddenCharacters, Severity::Info, place()).about(clean));
    }
    let key = match key_of(clean, identity) {
        Ok(key) => key,
        Err((code, found)) => {
            problems.push(Problem::new(code, Severity::Refused, place()).about(found));
            return refused(line, typed, problems);
        }
    };
    if matches!(identity.id_shape, IdShape::Slug { .. })
        && let PersonKey::Id(id) = &key
        && **id != *clean
    {
        problems.push(Problem::new(ProblemCode::FoldedCase, Severity::Info, place()).about(id));
    }
    let person = Person { key, name: None }.with_name(&name);
    if identity.needs_name && person.name.is_none() {
        problems.push(
            Problem::new(ProblemCode::NameMissing, Severity::Refused, place()).about(person.key.as_str()),
        );
        return refused(line, typed, problems);
    }
    PasteEntry {
        line,
        typed: typed.into(),
        person: Some(person),
        scope: None,
        standing: EntryStatus::Usable,
        problems,
    }
}

fn refused(line: u32, typed: &str, problems: Vec<Problem>) -> PasteEntry {
    PasteEntry {
        line,
        typed: typed.into(),
        person: None,
        scope: None,
        standing: EntryStatus::Refused,
        problems,
    }
}

/// Parses a key by its form and by what the vendor takes. The error holds what was found, or a suggestion.
fn key_of(text: &str, identity: &Identity) -> Result<PersonKey, (ProblemCode, String)> {
    if text.contains('@') {
        if !identity.takes_emails {
            return Err((ProblemCode::WrongKind, text.into()));
        }
        return email(text).map(PersonKey::Email).ok_or((ProblemCode::BadEmail, text.into()));
    }
    if identity.takes_ids {
        match id(text, identity.id_shape) {
            Ok(id) => return Ok(PersonKey::Id(id)),
            Err(code) if !identity.takes_phones => return Err((code, suggestion(text, identity.id_shape))),
            Err(_) => {}
        }
    }
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_phone_like =
        n_digits >= 5 && text.chars().all(|c| c.is_ascii_digit() || " +-().\u{a0}/".contains(c));
    if identity.takes_phones {
        if is_phone_like {
            return phone(text).map(PersonKey::Phone).ok_or((ProblemCode::BadPhone, text.into()));
        }
        let code = if identity.takes_ids { ProblemCode::BadId } else { ProblemCode::BadPhone };
        return Err((code, text.into()));
    }
    let code = if is_phone_like { ProblemCode::WrongKind } else { ProblemCode::BadEmail };
    Err((code, text.into()))
}

/// Parses an e-mail address whose domain has a dot, with the length limit of RFC 5321.
pub fn email(text: &str) -> Option<Box<str>> {
    let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
    let is_ok = text.len() <= 254
        && EmailAddress::parse_with_options(text, options).is_ok()
        && !text.starts_with('"');
    is_ok.then(|| text.into())
}

/// Parses a phone number: 7 to 15 digits, country code first, separators dropped (the form of E.164).
pub fn phone(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || " +-().\u{a0}/".contains(c));
    let is_plus_first = text.rfind('+').is_none_or(|idx| idx == 0);
    // A number that begins with 0 has no country code; 00 is dialled instead of +.
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let is_ok = is_plain && is_plus_first && (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    is_ok.then(|| digits.into())
}

/// Parses an id of a shape.
///
/// # Errors
/// [`ProblemCode::IdTooLong`] or [`ProblemCode::BadId`].
pub fn id(text: &str, shape: IdShape) -> Result<Box<str>, ProblemCode> {
    match shape {
        IdShape::Slug { max } => {
            let folded = text.to_ascii_lowercase();
            if folded.is_empty() || !folded.bytes().all(is_slug_byte) {
                Err(ProblemCode::BadId)
            } else if folded.len() > max {
                Err(ProblemCode::IdTooLong)
            } else {
                Ok(folded.into())
            }
        }
        IdShape::Uuid if is_uuid(text) => Ok(text.to_ascii_lowercase().into()),
        IdShape::Hex24 if is_hex24(text) => Ok(text.to_ascii_lowercase().into()),
        IdShape::Uuid | IdShape::Hex24 => Err(ProblemCode::BadId),
    }
}

/// A suggestion for a bad id, with hyphens for invalid characters; empty if there is none.
fn suggestion(text: &str, shape: IdShape) -> String {
    let IdShape::Slug { max } = shape else { return String::new() };
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii() && is_slug_byte(c as u8) {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.bytes().any(|b| b.is_ascii_alphanumeric()) && slug.len() <= max {
        slug.into()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests;
