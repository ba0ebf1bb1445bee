//! Reads JSON by hand and collects all problems, so that the author need not fix a file one error at a time.

use serde_json::{Map, Value};

use crate::problem::{ConfigProblem, ProblemKind, Reason};

/// Maximum length of an unknown field name in a message.
const MAX_SHOWN_NAME: usize = 40;
/// Maximum number of reported problems.
const MAX_PROBLEMS: usize = 100;

/// Collects problems while reading.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) problems: Vec<ConfigProblem>,
}

/// An object whose field names have been checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) path: &'a str,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(crate) fn path_of(self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    pub(crate) fn has(self, field: &str) -> bool {
        self.map.contains_key(field)
    }

    pub(crate) fn get(self, field: &str) -> Option<&'a Value> {
        self.map.get(field)
    }
}

impl Reader {
    pub(crate) fn note(&mut self, path: impl Into<String>, reason: Reason) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(ConfigProblem { path: path.into(), reason });
        }
    }

    /// Reads an object, and notes every field that is not in `known`.
    pub(crate) fn object<'a>(
        &mut self,
        path: &'a str,
        value: &'a Value,
        known: &'static [&'static str],
    ) -> Option<Fields<'a>> {
        let Value::Object(map) = value else {
            self.wrong(path, ProblemKind::Object, value);
            return None;
        };
        let fields = Fields { path, map };
        for name in map.keys().filter(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(MAX_SHOWN_NAME).flat_map(char::escape_debug).collect();
            self.note(fields.path_of(&shown), Reason::UnknownField { nearest: nearest(name, known) });
        }
        Some(fields)
    }

    /// The entries of a list with their paths; empty if the field is missing.
    pub(crate) fn list<'a>(
        &mut self,
        fields: Fields<'a>,
        field: &str,
        most: usize,
    ) -> Vec<(String, &'a Value)> {
        let path = fields.path_of(field);
        match fields.get(field) {
            None => Vec::new(),
            Some(Value::Array(list)) if list.len() > most => {
                self.note(path, Reason::TooMany(most));
                Vec::new()
            }
            Some(Value::Array(list)) => {
                list.iter().enumerate().map(|(idx, value)| (format!("{path}[{idx}]"), value)).collect()
            }
            Some(other) => {
                self.wrong(path, ProblemKind::List, other);
                Vec::new()
            }
        }
    }

    /// Gets a field and notes a problem if it is missing.
    pub(crate) fn required<'a>(&mut self, fields: Fields<'a>, field: &str) -> Option<&'a Value> {
        let value = fields.get(field);
        if value.is_none() {
            self.note(fields.path_of(field), Reason::Missing);
        }
        value
    }

    pub(crate) fn text<'a>(&mut self, path: &str, value: &'a Value) -> Option<&'a str> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong(path, ProblemKind::Text, value);
        }
        text
    }

    /// Reads a text to display: a single line, trimmed.
    pub(crate) fn label(&mut self, path: &str, value: &Value, most: usize) -> Option<Box<str>> {
        let text = self.text(path, value)?;
        let problem = if text.trim().is_empty() {
            Some(Reason::Empty)
        } else if text.chars().count() > most {
            Some(Reason::TooLong(most))
        } else if text.chars().any(is_hidden) {
            Some(Reason::HiddenCharacters)
        } else {
            None
        };
        match problem {
            Some(reason) => {
                self.note(path, reason);
                None
            }
            None => Some(text.trim().into()),
        }
    }

    pub(crate) fn flag(&mut self, fields: Fields<'_>, field: &str) -> bool {
        match fields.get(field) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.wrong(fields.path_of(field), ProblemKind::Flag, other);
                false
            }
        }
    }

    pub(crate) fn number(&mut self, fields: Fields<'_>, field: &str, least: u32, most: u32) -> Option<u32> {
        let value = fields.get(field)?;
        let Some(number) = whole(value) else {
            self.wrong(fields.path_of(field), ProblemKind::Whole, value);
            return None;
        };
        let number = u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.note(fields.path_of(field), Reason::OutOfRange { least, most });
        }
        number
    }

    /// Reads one of `known` and returns its index.
    pub(crate) fn word(
        &mut self,
        path: &str,
        value: &Value,
        known: &'static [&'static str],
    ) -> Option<usize> {
        let text = self.text(path, value)?;
        let found = known.iter().position(|word| *word == text);
        if found.is_none() {
            self.note(path, Reason::NotOneOf { known, nearest: nearest(text, known) });
        }
        found
    }

    fn wrong(&mut self, path: impl Into<String>, expected: ProblemKind, value: &Value) {
        self.note(path, Reason::WrongKind { expected, found: kind(value) });
    }
}

fn kind(value: &Value) -> ProblemKind {
    match value {
        Value::Null => ProblemKind::Null,
        Value::Bool(_) => ProblemKind::Flag,
        Value::Number(_) if whole(value).is_some() => ProblemKind::Whole,
        Value::Number(_) => ProblemKind::Number,
        Value::String(_) => ProblemKind::Text,
        Value::Array(_) => ProblemKind::List,
        Value::Object(_) => ProblemKind::Object,
    }
}

/// Accepts `5` and, as JSON Schema does, `5.0`.
fn whole(value: &Value) -> Option<u64> {
    let fraction = || value.as_f64().filter(|number| (0.0..1e15).contains(number) && number.fract() == 0.0);
    value.as_u64().or_else(|| fraction().map(|number| number as u64))
}

/// Invisible characters and those that change text direction: Unicode's controls and direction marks.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The closest known word, if it is close enough.
fn nearest(text: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let text: String = text.chars().take(MAX_SHOWN_NAME).flat_map(char::to_lowercase).collect();
    let distance = |word: &&&'static str| strsim::osa_distance(&text, word);
    let is_near = |word: &&'static str| strsim::osa_distance(&text, word) * 3 <= word.len().max(text.len());
    known.iter().min_by_key(distance).filter(|word| is_near(word)).copied()
}
