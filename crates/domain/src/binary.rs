//! Values as compact bytes, for what is kept on the device. Every value can be written in one way only.

/// Writes values one after another.
#[derive(Clone, Debug, Default)]
pub struct ByteWriter(Vec<u8>);

impl ByteWriter {
    /// A number, seven bits a byte.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// A number that is as likely to be large as small, such as a hash.
    pub fn hash(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    /// True or false.
    pub fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    /// Bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// A text with its length.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A value that may be missing.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// All that was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what a [`ByteWriter`] wrote. Every method returns `None` if the bytes are something else.
#[derive(Clone, Debug)]
pub struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    /// Reads these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte & 0x80 == 0 {
                // Leading zeros would be another way to write it.
                return (byte != 0 || shift == 0).then_some(number);
            }
        }
        None
    }

    /// A [hash](ByteWriter::hash).
    pub fn hash(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    /// True or false.
    pub fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// Bytes with their length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.bytes()?).ok()
    }

    /// A value that may be missing.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    /// A number of values that follow, each of this many bytes or more.
    pub fn count(&mut self, min_bytes: usize) -> Option<usize> {
        let n = usize::try_from(self.number()?).ok()?;
        (n <= self.0.len() / min_bytes.max(1)).then_some(n)
    }

    /// The bytes that were not read.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// `Some` if everything was read.
    pub fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            number in prop_oneof![any::<u64>(), 0_u64..300],
            hash in any::<u64>(),
            text in prop::option::of(".{0,200}"),
            flag in any::<bool>(),
        ) {
            let mut writer = ByteWriter::default();
            writer.number(number);
            writer.hash(hash);
            writer.option(text.as_deref(), ByteWriter::text);
            writer.flag(flag);
            let bytes = writer.finish();
            let mut reader = ByteReader::new(&bytes);
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.hash(), Some(hash));
            prop_assert_eq!(reader.option(ByteReader::text), Some(text.as_deref()));
            prop_assert_eq!(reader.flag(), Some(flag));
            prop_assert_eq!(reader.end(), Some(()));
        }

        #[test]
        fn a_number_has_one_form(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut reader = ByteReader::new(&bytes);
            if let Some(number) = reader.number() {
                let n_read = bytes.len() - reader.rest().len();
                let mut writer = ByteWriter::default();
                writer.number(number);
                prop_assert_eq!(&writer.finish(), &bytes[..n_read]);
            }
        }
    }

    #[test]
    fn bytes_that_are_cut_or_claim_too_much_are_refused() {
        let mut writer = ByteWriter::default();
        writer.text("ada");
        let bytes = writer.finish();
        assert_eq!(ByteReader::new(&bytes[..3]).text(), None);
        assert_eq!(ByteReader::new(&[9, 0, 0]).count(2), None, "nine values do not fit");
        assert_eq!(ByteReader::new(&[1, 0, 0]).count(2), Some(1));
        assert_eq!(ByteReader::new(&[2]).flag(), None);
        assert_eq!(ByteReader::new(&[1, 0xff]).text(), None, "no text has this byte");
    }
}
