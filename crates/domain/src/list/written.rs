//! Writes people as text that reads as the same people, and edits lists without changing what the rest says.

use std::ops::Range;

use super::cells::is_separator;
use crate::{Person, PersonKey, Scope};

/// Number of blank lines that end a table, and a block of lines.
pub(super) const N_BLANK: u32 = 2;

/// One person as a line of a list: `"Name" <key>, scope`.
pub fn write(person: &Person, scope: Option<Scope>) -> String {
    let key = match &person.key {
        PersonKey::Phone(digits) => ["+", digits].concat(),
        key => key.as_str().to_owned(),
    };
    let person = match person.name.as_deref() {
        Some(name) => ["\"", &name.replace('\\', "\\\\").replace('"', "\"\""), "\" <", &key, ">"].concat(),
        None => key,
    };
    match scope {
        Some(scope) => [&person, ", ", scope.slug()].concat(),
        None => person,
    }
}

/// Two lists as one, in which the lines of one say nothing about the other.
pub fn joined(first: &str, second: &str) -> String {
    let (first, second) = (first.trim_end(), second.trim_matches(['\r', '\n']));
    if first.is_empty() || second.trim().is_empty() {
        return (if first.is_empty() { second } else { first }).to_owned();
    }
    let last = first.rsplit("\n\n\n").next().unwrap_or(first);
    let is_apart = super::says_of_others(last) || super::says_of_others(second);
    let gap = if is_apart { "\n\n\n" } else { "\n" };
    [first, gap, second].concat()
}

/// The text without these places, which are in its order, and without lines that they leave blank.
pub fn without(text: &str, places: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut places = places.iter().peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let (mut rest, mut at) = (String::new(), start);
        while let Some(place) = places.peek().filter(|place| place.start < end) {
            rest.push_str(&text[at..place.start.max(at)]);
            at = place.end.clamp(at, end);
            if place.end > end {
                break;
            }
            places.next();
        }
        rest.push_str(&text[at..end]);
        let is_blank = rest.chars().all(|c| c.is_whitespace() || is_separator(c));
        if rest.len() == line.len() || !is_blank {
            kept.push_str(&rest);
        }
        start = end;
    }
    if !text.ends_with('\n') {
        kept.truncate(kept.trim_end_matches(['\n', '\r']).len());
    }
    kept
}
