//! Values of other types in their canonical form, without a tree in between.

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use thiserror::Error as ThisError;

use super::{MAX_INTEGER, ParseJsonError, by_utf16, write_text};

/// The canonical form of a value. Equal to that of what `serde_json` writes for it, which the tests compare.
pub(crate) fn text_of(value: &(impl Serialize + ?Sized)) -> Result<String, ParseJsonError> {
    // An entry of a ledger fits; a larger one makes room as it goes.
    let mut writer = Writer { text: String::with_capacity(1_024), spans: Vec::new() };
    value.serialize(&mut writer).map_err(|error| error.0)?;
    Ok(writer.text)
}

#[derive(Debug, ThisError)]
#[error(transparent)]
pub(super) struct WriteError(ParseJsonError);

impl Error for WriteError {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self(ParseJsonError::NotJson)
    }
}

struct Writer {
    text: String,
    /// The members of the objects that are being written, the innermost last, each with where it begins.
    spans: Vec<(Name, usize)>,
}

impl Writer {
    fn integer(&mut self, number: i128) -> Result<(), WriteError> {
        if number.unsigned_abs() > u128::from(MAX_INTEGER.unsigned_abs()) {
            return Err(WriteError(ParseJsonError::OutOfRange));
        }
        self.text.push_str(&(number as i64).to_string());
        Ok(())
    }

    fn list(&mut self, end: &'static str) -> List<'_> {
        self.text.push('[');
        List { writer: self, is_first: true, end }
    }

    fn members(&mut self, end: &'static str) -> Members<'_> {
        self.text.push('{');
        Members { first: self.spans.len(), start: self.text.len(), writer: self, end }
    }

    /// Begins an object with one member, the name of a variant.
    fn variant(&mut self, name: &str) {
        self.text.push('{');
        write_text(name, &mut self.text);
        self.text.push(':');
    }
}

/// A list that is being written, and what ends it.
pub(super) struct List<'a> {
    writer: &'a mut Writer,
    is_first: bool,
    end: &'static str,
}

impl List<'_> {
    fn push(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), WriteError> {
        if !std::mem::take(&mut self.is_first) {
            self.writer.text.push(',');
        }
        value.serialize(&mut *self.writer)
    }

    fn finish(self) -> Result<(), WriteError> {
        self.writer.text.push_str(self.end);
        Ok(())
    }
}

/// An object that is being written.
pub(super) struct Members<'a> {
    writer: &'a mut Writer,
    start: usize,
    /// The index of its first member among the spans.
    first: usize,
    end: &'static str,
}

/// The name of a member: fields are known, the names in maps are not.
enum Name {
    Field(&'static str),
    Key(Box<str>),
}

impl Name {
    fn as_str(&self) -> &str {
        match self {
            Self::Field(name) => name,
            Self::Key(name) => name,
        }
    }
}

impl Members<'_> {
    fn begin(&mut self, name: Name) {
        if self.writer.spans.len() > self.first {
            self.writer.text.push(',');
        }
        let begins_at = self.writer.text.len();
        let text = &mut self.writer.text;
        match &name {
            // It has nothing to escape.
            Name::Field(name) => [r#"""#, name, r#"":"#].iter().for_each(|part| text.push_str(part)),
            Name::Key(name) => {
                write_text(name, text);
                text.push(':');
            }
        }
        self.writer.spans.push((name, begins_at));
    }

    fn finish(self) -> Result<(), WriteError> {
        let Self { writer, start, first, end } = self;
        let spans = &writer.spans[first..];
        if !spans.is_sorted_by(|(a, _), (b, _)| by_utf16(a.as_str(), b.as_str()).is_lt()) {
            let unsorted = writer.text.split_off(start);
            let ends = spans.iter().skip(1).map(|(_, next)| next - 1 - start).chain([unsorted.len()]);
            let mut members: Vec<_> =
                spans.iter().zip(ends).map(|((name, at), end)| (name, &unsorted[at - start..end])).collect();
            members.sort_by(|(a, _), (b, _)| by_utf16(a.as_str(), b.as_str()));
            if members.windows(2).any(|pair| pair[0].0.as_str() == pair[1].0.as_str()) {
                return Err(WriteError(ParseJsonError::DuplicateName));
            }
            for (idx, (_, member)) in members.into_iter().enumerate() {
                if idx > 0 {
                    writer.text.push(',');
                }
                writer.text.push_str(member);
            }
        }
        writer.spans.truncate(first);
        writer.text.push_str(end);
        Ok(())
    }
}

macro_rules! integers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), WriteError> {
            self.integer(i128::from(value))
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), WriteError> {
        Err(WriteError(ParseJsonError::NotAnInteger))
    }

    fn serialize_f64(self, _: f64) -> Result<(), WriteError> {
        Err(WriteError(ParseJsonError::NotAnInteger))
    }

    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        write_text(value, &mut self.text);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), WriteError> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.variant(name);
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, WriteError> {
        Ok(self.list("]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, WriteError> {
        Ok(self.list("]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, WriteError> {
        Ok(self.list("]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<List<'a>, WriteError> {
        self.variant(name);
        Ok(self.list("]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, WriteError> {
        Ok(self.members("}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, WriteError> {
        Ok(self.members("}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Members<'a>, WriteError> {
        self.variant(name);
        Ok(self.members("}}"))
    }
}

macro_rules! lists {
    ($($kind:ident: $push:ident),*) => {
        $(impl $kind for List<'_> {
            type Ok = ();
            type Error = WriteError;

            fn $push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
                self.push(value)
            }

            fn end(self) -> Result<(), WriteError> {
                self.finish()
            }
        })*
    };
}

lists! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field
}

macro_rules! structs {
    ($($kind:ident),*) => {
        $(impl $kind for Members<'_> {
            type Ok = ();
            type Error = WriteError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), WriteError> {
                self.begin(Name::Field(name));
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), WriteError> {
                self.finish()
            }
        })*
    };
}

structs! { SerializeStruct, SerializeStructVariant }

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        // Only texts name members; numbers would need quotes.
        let text = text_of(key).map_err(WriteError)?;
        let name: Box<str> = serde_json::from_str(&text).map_err(|_| WriteError(ParseJsonError::NotJson))?;
        self.begin(Name::Key(name));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), WriteError> {
        self.finish()
    }
}
