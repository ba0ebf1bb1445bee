//! A table as text and offsets.

use std::ops::Range;

use domain::list::{MAX_QUOTED, MAX_QUOTED_LINES};
use memchr::{memchr, memchr2_iter, memchr3};

/// Rows handled by one call. Browsers make fast code of a function that is called again and again, not of one that
/// runs for long.
pub(crate) const BLOCK: usize = 1024;

/// The cells of a text, by the rules of RFC 4180. Lines end with LF, CR LF or CR, blank lines have no row, and a
/// quotation mark that is never closed concerns only its own row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    text: String,
    /// The end of each cell.
    ends: Vec<u32>,
    /// The first cell and the place of each row.
    rows: Vec<(u32, u32)>,
    /// Rows with a quotation mark that is never closed.
    open_quotes: Vec<u32>,
    /// Rows before which lines have no row of their own, or have several, with the number of such lines up to there.
    extra_lines: Vec<(u32, u32)>,
    max_columns: u32,
    /// The place in the text up to which it was read, and the number of lines without a row of their own before it.
    next: (usize, u32),
}

/// Length of the end of a text that goes on, in bytes: quotation marks before it are closed in the text, or never.
const UNSURE: usize = MAX_QUOTED + 2;

impl Sheet {
    /// The cells of a text, between this separator.
    pub(crate) fn new(text: String, separator: u8) -> Self {
        let mut sheet = Self { text, ..Self::default() };
        sheet.reserve(sheet.text.len());
        sheet.read(separator, true);
        sheet
    }

    /// A sheet whose text of this length follows, in bytes.
    pub(crate) fn with_capacity(n_bytes: usize) -> Self {
        let mut sheet = Self { text: String::with_capacity(n_bytes), ..Self::default() };
        sheet.reserve(n_bytes);
        sheet
    }

    /// Appends text, and reads the rows that are whole.
    pub(crate) fn push(&mut self, text: &str, separator: u8) {
        self.text.push_str(text);
        self.read(separator, false);
    }

    /// Reads the rest of the text.
    pub(crate) fn finish(&mut self, separator: u8) {
        self.read(separator, true);
    }

    /// The text, for another reading.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The cells of rows that are not in the order of a table, each row with its line.
    pub(crate) fn of_rows(rows: impl IntoIterator<Item = (u32, Vec<String>)>) -> Self {
        let mut sheet = Self::default();
        for (line, cells) in rows {
            let row = sheet.rows.len() as u32;
            sheet.rows.push((sheet.ends.len() as u32, sheet.text.len() as u32));
            sheet.max_columns = sheet.max_columns.max(cells.len() as u32);
            // Several rows may be in one line, so the number may be below zero.
            sheet.extra_lines.push((row, line.wrapping_sub(row + 1)));
            for cell in cells {
                sheet.text.push_str(&cell);
                sheet.ends.push(sheet.text.len() as u32);
                sheet.text.push('\n');
            }
        }
        sheet
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// About fifteen bytes a cell and forty a row; growing would copy.
    fn reserve(&mut self, n_bytes: usize) {
        self.ends.reserve(n_bytes / 12);
        self.rows.reserve(n_bytes / 48);
    }

    fn read(&mut self, separator: u8, is_whole: bool) {
        let text = std::mem::take(&mut self.text);
        let limit = if is_whole { text.len() } else { text.len().saturating_sub(UNSURE) };
        while self.next.0 < limit && self.read_block(&text, separator, limit, is_whole) {}
        self.text = text;
    }

    /// Reads the rows of a block. Returns false if the last row goes on after the limit of a text that is not whole.
    #[inline(never)]
    fn read_block(&mut self, text: &str, separator: u8, limit: usize, is_whole: bool) -> bool {
        let bytes = text.as_bytes();
        let end_of_block = self.rows.len() + BLOCK;
        let (mut at, mut n_breaks) = self.next;
        while at < limit && self.rows.len() < end_of_block {
            let before = (n_breaks, self.extra_lines.len());
            let (first, start, row) = (self.ends.len() as u32, at, self.rows.len() as u32);
            let mut is_open = false;
            loop {
                let end = match bytes.get(at) {
                    Some(b'"') => match closed(bytes, at, separator) {
                        Some((end, 0)) => end,
                        Some((end, inner)) => {
                            n_breaks += inner as u32;
                            self.extra_lines.push((row + 1, n_breaks));
                            end
                        }
                        None => {
                            is_open = true;
                            plain_end(bytes, at, separator)
                        }
                    },
                    _ => plain_end(bytes, at, separator),
                };
                self.ends.push(end as u32);
                at = end + 1;
                match bytes.get(end) {
                    Some(byte) if *byte == separator => {}
                    Some(b'\r') if bytes.get(at) == Some(&b'\n') => {
                        at += 1;
                        break;
                    }
                    _ => break,
                }
            }
            if at > limit && !is_whole {
                self.ends.truncate(first as usize);
                self.extra_lines.truncate(before.1);
                self.next = (start, before.0);
                return false;
            }
            let n_cells = self.ends.len() as u32 - first;
            let is_blank = n_cells == 1 && text[start..self.ends[first as usize] as usize].trim().is_empty();
            if is_blank {
                // Its line counts, its row does not.
                self.ends.truncate(first as usize);
                n_breaks += 1;
                self.extra_lines.push((row, n_breaks));
                continue;
            }
            if is_open {
                self.open_quotes.push(row);
            }
            self.max_columns = self.max_columns.max(n_cells);
            self.rows.push((first, start as u32));
        }
        self.next = (at, n_breaks);
        true
    }

    /// Number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Number of cells of the longest row.
    pub(crate) fn n_columns(&self) -> usize {
        self.max_columns as usize
    }

    /// The places of the cells of a row.
    fn places(&self, row: usize) -> impl Iterator<Item = Range<usize>> {
        let (first, start) = self.rows[row];
        let last = self.rows.get(row + 1).map_or(self.ends.len() as u32, |next| next.0);
        let mut from = start as usize;
        self.ends[first as usize..last as usize].iter().map(move |end| {
            let place = from..*end as usize;
            from = *end as usize + 1;
            place
        })
    }

    /// The cells of a row as they are in the text, without surrounding blanks.
    pub(crate) fn cells(&self, row: usize) -> impl Iterator<Item = &str> {
        self.places(row).map(|place| trimmed(&self.text[place]))
    }

    /// The same as bytes.
    pub(crate) fn bytes(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let bytes = self.text.as_bytes();
        self.places(row).map(|place| {
            let cell = &bytes[place.clone()];
            if is_bare(cell) { cell } else { self.text[place].trim().as_bytes() }
        })
    }

    /// A cell as it is in the text, without surrounding blanks; empty if the row has none.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        self.places(row).nth(column).map(|place| trimmed(&self.text[place])).unwrap_or_default()
    }

    /// The line of a row, from 1.
    pub(crate) fn line(&self, row: usize) -> u32 {
        let before = self.extra_lines.partition_point(|(first, _)| *first as usize <= row);
        let extra = before.checked_sub(1).map_or(0, |last| self.extra_lines[last].1);
        (row as u32 + 1).wrapping_add(extra)
    }

    /// True if a quotation mark of the row is never closed.
    pub(crate) fn is_quote_open(&self, row: usize) -> bool {
        self.open_quotes.binary_search(&(row as u32)).is_ok()
    }
}

/// True if no blank is around the text for sure.
fn is_bare(cell: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_graphic();
    cell.first().is_none_or(is_plain) && cell.last().is_none_or(is_plain)
}

fn trimmed(cell: &str) -> &str {
    if is_bare(cell.as_bytes()) { cell } else { cell.trim() }
}

/// The end of a cell without a quotation mark at its start.
fn plain_end(bytes: &[u8], at: usize, separator: u8) -> usize {
    memchr3(separator, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end)
}

/// The end of a quoted cell, which is the place of the separator or line end after it, and the number of line breaks
/// in it; `None` if the quotation mark is not closed, so that it is text.
fn closed(bytes: &[u8], open: usize, separator: u8) -> Option<(usize, usize)> {
    let mut at = open + 1;
    let limit = bytes.len().min(open + MAX_QUOTED);
    while at < limit {
        let mark = at + memchr(b'"', &bytes[at..limit])?;
        if bytes.get(mark + 1) == Some(&b'"') {
            at = mark + 2;
            continue;
        }
        let after = bytes[mark + 1..].iter().position(|byte| *byte != b' ');
        let end = after.map_or(bytes.len(), |after| mark + 1 + after);
        let is_at_end =
            |at: usize| bytes.get(at).is_none_or(|byte| *byte == separator || matches!(byte, b'\n' | b'\r'));
        let n_breaks = n_breaks(&bytes[open..mark]);
        if is_at_end(end) {
            return (n_breaks < MAX_QUOTED_LINES).then_some((end, n_breaks));
        }
        if n_breaks == 0 && bytes[mark - 1] == b'\\' {
            at = mark + 1;
            continue;
        }
        // A name before an address, as in `"Doe, John" <john@example.org>`.
        let is_name = n_breaks == 0 && matches!(bytes[mark + 1], b' ' | b'\t' | b'<' | b'(' | b'[');
        // Other marks within a quotation are doubled, so the first one is text: the list would end in it.
        return is_name.then(|| (plain_end(bytes, mark + 1, separator), 0));
    }
    None
}

/// Number of line breaks: of LF, CR LF or CR.
fn n_breaks(bytes: &[u8]) -> usize {
    let is_whole = |place: &usize| bytes[*place] == b'\n' || bytes.get(*place + 1) != Some(&b'\n');
    memchr2_iter(b'\n', b'\r', bytes).filter(is_whole).count()
}

#[cfg(test)]
mod tests {
    use domain::list::spreadsheet_text;
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, separator: u8) -> Vec<(u32, Vec<String>)> {
        let sheet = Sheet::new(text.to_owned(), separator);
        let of = |row| (sheet.line(row), sheet.cells(row).map(str::to_owned).collect());
        (0..sheet.n_rows()).map(of).collect()
    }

    fn check(text: &str, expected: &[(u32, &[&str])]) {
        let expected: Vec<(u32, Vec<String>)> = expected
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(rows(text, b','), expected, "{text:?}");
    }

    #[test]
    fn cells_and_lines_are_those_of_the_text() {
        check("a,b\nc\n", &[(1, &["a", "b"]), (2, &["c"])]);
        check("a, b \r\n\r\n,c", &[(1, &["a", "b"]), (3, &["", "c"])]);
        check("a\rb,c\r", &[(1, &["a"]), (2, &["b", "c"])]);
        check("", &[]);
        check("\"a,\n\"\"b\" ,c\nd", &[(1, &["\"a,\n\"\"b\"", "c"]), (3, &["d"])]);
        check("\"a\rb\"\rc", &[(1, &["\"a\rb\""]), (3, &["c"])]);
        // Excel for Mac ends rows with CR, and breaks lines within a cell with LF.
        check("a,b\r\"c\nd\",e\rf", &[(1, &["a", "b"]), (2, &["\"c\nd\"", "e"]), (4, &["f"])]);
        check("a\r\n\"b\r\nc\"\r\nd\re\n", &[(1, &["a"]), (2, &["\"b\r\nc\""]), (4, &["d"]), (5, &["e"])]);
        check(
            "\"Doe, Jo\" <j@x.org>,b\n\"a \\\"b\\\" c\",d",
            &[(1, &["\"Doe, Jo\" <j@x.org>", "b"]), (2, &["\"a \\\"b\\\" c\"", "d"])],
        );
        check("a\n\n\n\"b\nc\"\n\nd", &[(1, &["a"]), (4, &["\"b\nc\""]), (7, &["d"])]);
    }

    #[test]
    fn a_quotation_is_as_long_as_in_a_pasted_list() {
        let open = |text: String| Sheet::new(text, b',').is_quote_open(0);
        assert_eq!(
            [MAX_QUOTED - 2, MAX_QUOTED].map(|n| open(["\"", &"a".repeat(n), "\",b"].concat())),
            [false, true]
        );
        let lines = |n: usize| open(["\"", &"a\n".repeat(n), "\",b"].concat());
        assert_eq!([MAX_QUOTED_LINES - 1, MAX_QUOTED_LINES].map(lines), [false, true]);
    }

    #[test]
    fn rows_keep_the_lines_that_they_are_from() {
        let rows = [
            (1, vec!["a".to_owned()]),
            (1, vec!["b".to_owned(), "c, d".to_owned()]),
            (7, vec![String::new()]),
        ];
        let sheet = Sheet::of_rows(rows.clone());
        let of = |row| (sheet.line(row), sheet.cells(row).map(str::to_owned).collect::<Vec<_>>());
        assert_eq!((0..sheet.n_rows()).map(of).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn an_open_quotation_mark_concerns_its_own_row() {
        let text = "\"a,b\nc,d\n\"e \"f\",g\nh";
        check(text, &[(1, &["\"a", "b"]), (2, &["c", "d"]), (3, &["\"e \"f\"", "g"]), (4, &["h"])]);
        let sheet = Sheet::new(text.to_owned(), b',');
        let open: Vec<bool> = (0..4).map(|row| sheet.is_quote_open(row)).collect();
        assert_eq!(open, [true, false, true, false]);
    }

    proptest! {
        /// The lists that people paste are read with the same cells.
        #[test]
        fn cells_are_those_that_were_written(
            rows in prop::collection::vec(prop::collection::vec("[a-zé\",;\n ]{0,6}[a-z]", 1..5), 0..6),
        ) {
            let text = domain::export::table(rows.clone());
            let sheet = Sheet::new(text.trim_start_matches('\u{feff}').to_owned(), b',');
            let texts = |row| sheet.cells(row).map(|cell| spreadsheet_text(cell).trim().to_owned());
            let found: Vec<Vec<String>> = (0..sheet.n_rows()).map(|row| texts(row).collect()).collect();
            let written: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect())
                .collect();
            prop_assert_eq!(found, written);
        }

        /// Where pieces end says nothing about the rows.
        #[test]
        fn a_text_in_pieces_has_the_same_rows(
            lines in prop::collection::vec("[a\",é ]{0,6}(\r\n|\n|\r|,)", 1..60),
            long in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let mut lines = lines;
            for place in long {
                let place = place.index(lines.len());
                lines[place].insert_str(0, &"\"b".repeat(UNSURE / 3));
            }
            let text = lines.concat();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.sort_unstable();
            let (mut sheet, mut from) = (Sheet::with_capacity(text.len()), 0);
            for cut in cuts.into_iter().filter(|cut| text.is_char_boundary(*cut)) {
                sheet.push(&text[from..cut], b',');
                from = cut;
            }
            sheet.push(&text[from..], b',');
            sheet.finish(b',');
            let whole = Sheet::new(text, b',');
            let rows = |sheet: &Sheet| (0..sheet.n_rows())
                .map(|row| (sheet.line(row), sheet.is_quote_open(row), sheet.cells(row).map(str::to_owned).collect()))
                .collect::<Vec<(u32, bool, Vec<String>)>>();
            prop_assert_eq!(rows(&sheet), rows(&whole));
            prop_assert_eq!(sheet.n_columns(), whole.n_columns());
        }

        #[test]
        fn every_byte_is_in_a_cell_or_separates_cells(text in "[a\",\r\n é]{0,40}") {
            let sheet = Sheet::new(text.clone(), b',');
            let cells: usize = (0..sheet.n_rows()).flat_map(|row| sheet.cells(row)).map(|cell| cell.matches('a').count()).sum();
            prop_assert_eq!(cells, text.matches('a').count());
        }
    }
}
