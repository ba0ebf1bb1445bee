//! JSON of which there is one way to write each value: the JSON Canonicalization Scheme (RFC 8785).
//!
//! Values are texts, whole numbers that every reader of JSON keeps exactly, booleans, null, lists and objects.
//! Fractions are refused: nothing that is signed needs one, and writing them is the difficult part of the RFC.

mod write;

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt::{self, Formatter};

use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, Serialize};
use thiserror::Error as ThisError;

use crate::blocks::n_unescaped;
use domain::bounded::{MAX_PARTS, n_parts};

pub(crate) use write::text_of;

/// Largest and smallest whole number that JavaScript holds exactly (RFC 7493).
const MAX_INTEGER: i64 = (1 << 53) - 1;
/// Most lists and objects inside each other.
const MAX_DEPTH: u32 = 32;

/// Why a text has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
pub enum ParseJsonError {
    /// It has more bytes than its kind of document may have.
    #[error("expected at most {0} bytes, found more")]
    TooLarge(usize),
    /// Parsing it would take too much memory.
    #[error("expected at most {MAX_PARTS} values, found more")]
    TooManyParts,
    /// It is not JSON, not UTF-8, or has a text with half of a surrogate pair.
    #[error("expected JSON, found something else")]
    NotJson,
    /// A number is a fraction, has an exponent, or is a negative zero.
    #[error("expected whole numbers, found a fraction or an exponent")]
    NotAnInteger,
    /// A number is not exact in JavaScript.
    #[error("expected numbers up to 2^53 - 1, found a larger one")]
    OutOfRange,
    /// An object has two members of one name.
    #[error("expected names that differ, found one twice")]
    DuplicateName,
    /// Too many lists or objects are inside each other.
    #[error("expected at most {MAX_DEPTH} levels, found more")]
    TooDeep,
}

/// A value with one written form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Box<str>),
    List(Vec<Json>),
    /// Sorted as [`by_utf16`] says.
    Object(Vec<(Box<str>, Json)>),
}

/// The canonical form of a JSON text.
///
/// # Errors
/// If it has none, or is longer than `max_bytes`.
pub fn canonical(text: &[u8], max_bytes: usize) -> Result<String, ParseJsonError> {
    Json::parse(text, max_bytes).map(|json| json.to_text())
}

/// True if a text is the canonical form of a value.
pub(crate) fn is_form_of(text: &str, value: &impl Serialize) -> bool {
    text_of(value).is_ok_and(|form| form == text)
}

/// Reads a text of at most `max_bytes` as another type. `accept` returns `None` unless the text is exactly what would be
/// written for the value. So no reader of a signed document passes over a part of it, and each document has one form.
///
/// # Errors
/// `None` if the text is not accepted, otherwise why it has no canonical form at all.
pub(crate) fn read_as<T: DeserializeOwned, U>(
    text: &str,
    max_bytes: usize,
    accept: impl FnOnce(T) -> Option<U>,
) -> Result<U, Option<ParseJsonError>> {
    check_size(text.as_bytes(), max_bytes)?;
    let accepted = serde_json::from_str::<T>(text).ok().and_then(accept);
    // Only a text that is refused is parsed once more, to say why.
    accepted.ok_or_else(|| Json::parse(text.as_bytes(), max_bytes).err())
}

/// Checks that a text takes no more memory than it may, before it is parsed.
pub(crate) fn check_size(text: &[u8], max_bytes: usize) -> Result<(), ParseJsonError> {
    if text.len() > max_bytes {
        return Err(ParseJsonError::TooLarge(max_bytes));
    }
    // A text has no more parts than bytes, and one besides.
    if text.len() >= MAX_PARTS && n_parts(text) > MAX_PARTS {
        return Err(ParseJsonError::TooManyParts);
    }
    Ok(())
}

impl Json {
    /// The member of an object.
    pub(crate) fn member(&self, name: &str) -> Option<&Json> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(own, _)| &**own == name).map(|(_, value)| value)
    }

    /// Parses a text of at most `max_bytes`.
    pub(crate) fn parse(text: &[u8], max_bytes: usize) -> Result<Self, ParseJsonError> {
        check_size(text, max_bytes)?;
        let flaw = Cell::new(ParseJsonError::NotJson);
        let mut from = serde_json::Deserializer::from_slice(text);
        let value = AnyValue { depth: 0, flaw: &flaw }.deserialize(&mut from);
        match value.and_then(|value| from.end().map(|()| value)) {
            Ok(value) => Ok(value),
            Err(_) => Err(flaw.get()),
        }
    }

    /// All texts in the value, without the names of members.
    pub(crate) fn each_text(&self, visit: &mut impl FnMut(&str)) {
        match self {
            Self::Text(text) => visit(text),
            Self::List(values) => values.iter().for_each(|value| value.each_text(visit)),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.each_text(visit)),
            Self::Null | Self::Bool(_) | Self::Integer(_) => {}
        }
    }

    /// The canonical form.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Null => to.push_str("null"),
            Self::Bool(true) => to.push_str("true"),
            Self::Bool(false) => to.push_str("false"),
            Self::Integer(number) => to.push_str(&number.to_string()),
            Self::Text(text) => write_text(text, to),
            Self::List(values) => {
                to.push('[');
                for (idx, value) in values.iter().enumerate() {
                    if idx > 0 {
                        to.push(',');
                    }
                    value.write(to);
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                for (idx, (name, value)) in members.iter().enumerate() {
                    if idx > 0 {
                        to.push(',');
                    }
                    write_text(name, to);
                    to.push(':');
                    value.write(to);
                }
                to.push('}');
            }
        }
    }
}

/// RFC 8785, 3.2.2.2: only quotes, backslashes and controls are escaped, controls in the shortest form.
fn write_text(text: &str, to: &mut String) {
    to.push('"');
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate().skip(n_unescaped(text.as_bytes())) {
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x09 => "\\t",
            0x0A => "\\n",
            0x0C => "\\f",
            0x0D => "\\r",
            0x00..=0x1F => "",
            _ => continue,
        };
        to.push_str(&text[written..at]);
        if escaped.is_empty() {
            to.push_str(&format!("\\u{byte:04x}"));
        } else {
            to.push_str(escaped);
        }
        written = at + 1;
    }
    to.push_str(&text[written..]);
    to.push('"');
}

/// RFC 8785, 3.2.3: names are sorted by their UTF-16 code units.
fn by_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Reads a value at some depth, and says what was wrong: errors of `serde_json` are only texts.
#[derive(Clone, Copy)]
struct AnyValue<'a> {
    depth: u32,
    flaw: &'a Cell<ParseJsonError>,
}

impl AnyValue<'_> {
    fn refuse<E: Error>(&self, flaw: ParseJsonError) -> E {
        self.flaw.set(flaw);
        E::custom(flaw)
    }

    fn inside<E: Error>(&self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(ParseJsonError::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..*self })
    }
}

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Json;

    fn expecting(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str("a value without fractions")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        if value.unsigned_abs() > MAX_INTEGER.unsigned_abs() {
            return Err(self.refuse(ParseJsonError::OutOfRange));
        }
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(self.refuse(ParseJsonError::OutOfRange)),
        }
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Err(self.refuse(ParseJsonError::NotAnInteger))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut values = Vec::new();
        while let Some(value) = from.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let inside = self.inside()?;
        let mut members: Vec<(Box<str>, Json)> = Vec::new();
        while let Some(name) = from.next_key::<Box<str>>()? {
            members.push((name, from.next_value_seed(inside)?));
        }
        members.sort_by(|(a, _), (b, _)| by_utf16(a, b));
        if members.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(self.refuse(ParseJsonError::DuplicateName));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests;
