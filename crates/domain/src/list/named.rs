//! Tables of anything: a header names the columns, or they come in a known order.

use std::ops::Range;

use super::cells::{self, Record, SEPARATORS, spreadsheet_text};
use super::line;

/// A table and what its columns hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTable<K> {
    /// What each column holds; `None` for a heading that is not known, and for all but the first of a kind.
    pub columns: Vec<Option<K>>,
    /// The heading of each column; none without a header.
    pub headings: Vec<Box<str>>,
    /// The rows with text.
    pub rows: Vec<NamedRow>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRow {
    /// Its first line, from 1.
    pub line: u32,
    /// Its place in the text, from the first to the last cell with text.
    pub at: Range<usize>,
    /// Its cells.
    pub cells: Vec<NamedCell>,
    /// Whether a quotation mark is never closed.
    pub is_quote_open: bool,
}

/// A cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCell {
    /// Its place in the text, with its quotation marks.
    pub at: Range<usize>,
    /// Its text as a spreadsheet shows it.
    pub text: Box<str>,
}

/// Reads a table.
///
/// The first line is a header if it names two columns, or only columns and more lines follow. Without one, the columns
/// are those of `in_order`.
pub fn named_table<K: Copy + PartialEq>(
    text: &str,
    column_of: impl Fn(&str) -> Option<K>,
    in_order: &[K],
) -> NamedTable<K> {
    let (mut at, mut line) = (0, 1);
    let mut table: Option<(Option<usize>, NamedTable<K>)> = None;
    while at < text.len() {
        let Some((separator, table)) = &mut table else {
            let loose = cells::record(text, at, line, |_| true);
            if loose.is_blank() {
                (at, line) = (loose.end, loose.next_line);
            } else if let Some((separator, record, found)) = header(text, &loose, &column_of) {
                table = Some((Some(separator), found));
                (at, line) = (record.end, record.next_line);
            } else {
                let columns = in_order.iter().copied().map(Some).collect();
                let found = NamedTable { columns, headings: Vec::new(), rows: Vec::new() };
                table = Some((line::strongest(&loose), found));
            }
            continue;
        };
        let record = cells::record(text, at, line, |group| Some(group) == *separator);
        if !record.is_blank() {
            table.rows.push(row(text, &record));
        }
        (at, line) = (record.end, record.next_line);
    }
    let nothing = || NamedTable { columns: Vec::new(), headings: Vec::new(), rows: Vec::new() };
    table.map_or_else(nothing, |(_, table)| table)
}

/// The separator, the record and the columns of a header; `None` if the line is none.
fn header<K: Copy + PartialEq>(
    text: &str,
    loose: &Record,
    column_of: &impl Fn(&str) -> Option<K>,
) -> Option<(usize, Record, NamedTable<K>)> {
    (0..SEPARATORS.len()).find_map(|separator| {
        let record = cells::record(text, loose.at.start, loose.line, |group| group == separator);
        let headings: Vec<Box<str>> =
            record.texts(text).into_iter().map(|cell| spreadsheet_text(cell).trim().into()).collect();
        let mut columns: Vec<Option<K>> = Vec::new();
        for heading in &headings {
            let own = column_of(heading).filter(|own| !columns.contains(&Some(*own)));
            columns.push(own);
        }
        let n_known = columns.iter().flatten().count();
        let n_filled = headings.iter().filter(|heading| !heading.is_empty()).count();
        let has_rows = || text[record.end..].contains(|c: char| !c.is_whitespace());
        let is_header = n_known > 1 || (n_known == 1 && n_filled == 1 && has_rows());
        is_header.then(|| (separator, record, NamedTable { columns, headings, rows: Vec::new() }))
    })
}

fn row(text: &str, record: &Record) -> NamedRow {
    let cell = |cell: &cells::Cell| NamedCell {
        at: cell.at.clone(),
        text: spreadsheet_text(&text[cell.at.clone()]).trim().into(),
    };
    NamedRow {
        line: record.line,
        at: record.filled(),
        cells: record.cells.iter().map(cell).collect(),
        is_quote_open: record.is_quote_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Fruit {
        Name,
        Colour,
    }

    fn read(text: &str) -> NamedTable<Fruit> {
        let column_of = |word: &str| match word {
            "fruit" | "name" => Some(Fruit::Name),
            "colour" => Some(Fruit::Colour),
            _ => None,
        };
        named_table(text, column_of, &[Fruit::Name, Fruit::Colour])
    }

    fn texts(table: &NamedTable<Fruit>) -> Vec<Vec<&str>> {
        table.rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect()).collect()
    }

    #[test]
    fn a_header_names_the_columns_and_the_separator() {
        let table = read("\nfruit;taste;colour;name\n\"Apple; \"\"red\"\"\";sweet, sour;red;x\n");
        assert_eq!(table.columns, [Some(Fruit::Name), None, Some(Fruit::Colour), None]);
        assert_eq!(&*table.headings[1], "taste");
        assert_eq!(texts(&table), [["Apple; \"red\"", "sweet, sour", "red", "x"]]);
        assert_eq!(table.rows[0].line, 3);
    }

    #[test]
    fn without_a_header_the_columns_come_in_order() {
        let table = read("Apple\tred, green\n\n=\"007\"\t'-1\n");
        assert_eq!((table.columns.len(), table.headings.len()), (2, 0));
        assert_eq!(texts(&table), [["Apple", "red, green"], ["007", "-1"]]);
        assert_eq!(table.rows[1].line, 3);
    }

    #[test]
    fn one_heading_needs_rows_and_must_stand_alone() {
        for (text, n_rows) in [("fruit", 1), ("fruit\nApple\nPear", 2), ("fruit, Apple\nPear", 2), ("", 0)] {
            assert_eq!(read(text).rows.len(), n_rows, "{text:?}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "fruit, colour\r\n \"Äpfel\" , red \r\nPear,\"open";
        let table = read(text);
        let [first, second] = &*table.rows else { panic!("{table:?}") };
        assert_eq!(&text[first.at.clone()], "\"Äpfel\" , red");
        assert_eq!(&text[first.cells[0].at.clone()], "\"Äpfel\"");
        assert!(second.is_quote_open && !first.is_quote_open);
    }
}
