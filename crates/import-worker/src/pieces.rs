//! Reads a file piece by piece, while its next piece is on its way.

use domain::Vendor;
use domain::list::{Encoding, decode};

use crate::import::{is_no_text, is_other_format};
use crate::sheet::Sheet;
use crate::{Import, ImportError, separators};

/// The mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// Bytes by which other encodings are recognised.
const SAMPLE: usize = 4096;

/// A file of which some pieces were read.
#[derive(Debug)]
pub struct Reading {
    vendor: Vendor,
    n_bytes: usize,
    so_far: SoFar,
}

#[derive(Debug)]
enum SoFar {
    Nothing,
    /// Text in UTF-8.
    Text {
        sheet: Sheet,
        separator: Option<char>,
        /// The first bytes of a character that goes on in the next piece.
        rest: Vec<u8>,
        has_mark: bool,
    },
    /// In another encoding, or with few lines in the first piece: read once it is whole.
    Bytes(Vec<u8>),
    Failed(ImportError),
}

impl Reading {
    /// A file of this size, for people of a vendor.
    pub fn new(n_bytes: usize, vendor: Vendor) -> Self {
        Self { vendor, n_bytes, so_far: SoFar::Nothing }
    }

    /// Reads the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        self.so_far = match std::mem::replace(&mut self.so_far, SoFar::Nothing) {
            SoFar::Nothing => self.first(piece),
            SoFar::Text { sheet, separator, mut rest, has_mark } => {
                if rest.is_empty() {
                    self.text(sheet, separator, piece, has_mark)
                } else {
                    rest.extend(piece);
                    self.text(sheet, separator, &rest, has_mark)
                }
            }
            SoFar::Bytes(mut bytes) => {
                bytes.extend(piece);
                SoFar::Bytes(bytes)
            }
            SoFar::Failed(error) => SoFar::Failed(error),
        };
    }

    fn first(&self, piece: &[u8]) -> SoFar {
        if is_other_format(piece) {
            return SoFar::Failed(ImportError::NoText);
        }
        let has_mark = piece.starts_with(MARK);
        let own = if has_mark { &piece[MARK.len()..] } else { piece };
        let (_, encoding) = decode(own[..own.len().min(SAMPLE)].to_vec());
        let is_utf16 = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        let valid = match str::from_utf8(own) {
            Ok(text) => Some(text),
            Err(error) => {
                own.utf8_chunks().next().map(|chunk| chunk.valid()).filter(|_| error.error_len().is_none())
            }
        };
        let Some(text) = valid.filter(|text| !is_utf16 && separators::is_enough(text)) else {
            return self.bytes(&[piece]);
        };
        if is_no_text(text) {
            return SoFar::Failed(ImportError::NoText);
        }
        let separator = separators::recognised(text);
        if separator.is_some_and(|own| !own.is_ascii()) {
            return self.bytes(&[piece]);
        }
        self.text(Sheet::with_capacity(self.n_bytes), separator, own, has_mark)
    }

    fn text(&self, mut sheet: Sheet, separator: Option<char>, piece: &[u8], has_mark: bool) -> SoFar {
        let n_valid = match str::from_utf8(piece) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                let mark = if has_mark { MARK } else { &[] };
                return self.bytes(&[mark, sheet.into_text().as_bytes(), piece]);
            }
        };
        let text = str::from_utf8(&piece[..n_valid]).unwrap_or_default();
        sheet.push(text, separators::byte(separator));
        SoFar::Text { sheet, separator, rest: piece[n_valid..].to_vec(), has_mark }
    }

    fn bytes(&self, parts: &[&[u8]]) -> SoFar {
        let mut bytes = Vec::with_capacity(self.n_bytes);
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        SoFar::Bytes(bytes)
    }

    /// The file, once all pieces are read.
    ///
    /// # Errors
    /// Why it is no list of people.
    pub fn finish(self) -> Result<Import, ImportError> {
        match self.so_far {
            SoFar::Nothing => Err(ImportError::Empty),
            SoFar::Text { mut sheet, separator, rest, .. } if rest.is_empty() => {
                sheet.finish(separators::byte(separator));
                Import::of_sheet(sheet, Encoding::Utf8, separator, self.vendor)
            }
            SoFar::Text { sheet, rest, has_mark, .. } => {
                let mark = if has_mark { MARK } else { &[] };
                Import::new([mark, sheet.into_text().as_bytes(), &rest].concat(), self.vendor)
            }
            SoFar::Bytes(bytes) => Import::new(bytes, self.vendor),
            SoFar::Failed(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RowFilter;

    fn seen(import: Result<Import, ImportError>) -> String {
        let of = |import: Import| (import.summary(), import.rows(RowFilter::All, 0, usize::MAX));
        format!("{:?}", import.map(of))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn pieces_give_the_same_as_the_whole(
            line in "[a-zé;, \"]{0,8}",
            n_lines in prop::sample::select(vec![3_usize, 150, 260]),
            prefix in prop::sample::select(vec!["", "\u{feff}", "email,name\n", "\u{89}PNG", "メール；名前\n"]),
            bad in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
            is_utf16 in any::<bool>(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        ) {
            let rows: String = (0..n_lines).map(|n| format!("p{n}@x.org,{line}{n}\r\n")).collect();
            let text = [prefix, &rows].concat();
            let mut bytes = text.clone().into_bytes();
            if is_utf16 {
                bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            }
            if let Some((place, byte)) = bad {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.sort_unstable();
            // The first piece is never shorter than what a browser reads at once, or the whole file.
            cuts.retain(|cut| *cut > SAMPLE);
            let (mut reading, mut from) = (Reading::new(bytes.len(), Vendor::Networked), 0);
            for cut in cuts {
                reading.take(&bytes[from..cut]);
                from = cut;
            }
            reading.take(&bytes[from..]);
            prop_assert_eq!(seen(reading.finish()), seen(Import::new(bytes, Vendor::Networked)));
        }
    }
}
