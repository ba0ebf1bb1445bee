//! Tables of texts as CSV, safe to open in a spreadsheet, and back.

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Terminator, WriterBuilder};

use super::{Detail, ResultRow, Unusable, left_out};
use crate::Problem;

/// What a spreadsheet needs to see at the beginning to take the rest for UTF-8.
const MARK_OF_UTF8: char = '\u{feff}';

/// Rows with their lines, and what is to be said of lines that are no rows.
type Rows = (Vec<(u32, ResultRow)>, Vec<Problem>);
type Column = (&'static str, fn(&mut ResultRow) -> &mut Box<str>);

/// The columns in their order, but for `details`, which is several texts.
const COLUMNS: [Column; 15] = [
    ("vendor", |row| &mut row.vendor),
    ("connection", |row| &mut row.connection),
    ("by", |row| &mut row.by),
    ("person", |row| &mut row.person),
    ("name", |row| &mut row.name),
    ("effect", |row| &mut row.effect),
    ("group", |row| &mut row.group),
    ("scope", |row| &mut row.scope),
    ("flow", |row| &mut row.flow),
    ("role", |row| &mut row.role),
    ("outcome", |row| &mut row.outcome),
    ("status", |row| &mut row.status),
    ("code", |row| &mut row.code),
    ("message", |row| &mut row.message),
    ("at", |row| &mut row.at),
];
const DETAILS: &str = "details";
/// Without these a file is none of results.
const NEEDED: [&str; 4] = ["vendor", "by", "person", "effect"];

/// Rows of texts as CSV with CR LF, as in RFC 4180. What a spreadsheet would take for a formula gets an
/// apostrophe before it.
pub fn table<R>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut writer = WriterBuilder::new()
        .flexible(true)
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    for row in rows {
        let cells = row.into_iter().map(|cell| guarded(cell.as_ref()));
        writer.write_record(cells).expect("a vector takes whatever is written");
    }
    let bytes = writer.into_inner().expect("a vector takes whatever is written");
    String::from_utf8(bytes).expect("texts and separators are UTF-8")
}

/// Results as a table, which [`Opened::from_csv`](super::Opened::from_csv) reads.
pub fn to_csv(rows: impl IntoIterator<Item = ResultRow>) -> String {
    let heading: Vec<String> =
        COLUMNS.iter().map(|(name, _)| *name).chain([DETAILS]).map(String::from).collect();
    let cells = rows.into_iter().map(|mut row| {
        let details = inner(&row.details);
        COLUMNS.iter().map(|(_, cell)| std::mem::take(cell(&mut row)).into()).chain([details]).collect()
    });
    let mut text = String::from(MARK_OF_UTF8);
    text.push_str(&table(std::iter::once(heading).chain(cells)));
    text
}

/// The rows of a table; otherwise the name of a column that is missing.
pub(super) fn read(text: &str) -> Result<Rows, &'static str> {
    let text = text.strip_prefix(MARK_OF_UTF8).unwrap_or(text);
    // A spreadsheet writes the separator of its own country.
    let mut tried = [b',', b';', b'\t'].map(|separator| read_with(text, separator)).into_iter();
    let first = tried.next().expect("there are three separators");
    if first.is_ok() { first } else { tried.find(Result::is_ok).unwrap_or(first) }
}

fn read_with(text: &str, separator: u8) -> Result<Rows, &'static str> {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let heading = records.next().and_then(Result::ok).ok_or(NEEDED[0])?;
    let place = |name: &str| heading.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    if let Some(missing) = NEEDED.into_iter().find(|name| place(name).is_none()) {
        return Err(missing);
    }
    let places = COLUMNS.map(|(name, _)| place(name));
    let details = place(DETAILS);
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut counter = LineCounter { text, at: 0, line: 1 };
    for (idx, record) in records.enumerate() {
        let Ok(record) = record else {
            problems.push(left_out(idx as u32 + 2, Unusable::Column(DETAILS)));
            continue;
        };
        let line = counter.line_at(record.position().map_or(0, |position| position.byte() as usize));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut row = ResultRow::default();
        for ((_, own), place) in COLUMNS.iter().zip(places) {
            *own(&mut row) = text_of(&record, place);
        }
        match inner_of(&text_of(&record, details)) {
            Some(details) => rows.push((line, ResultRow { details, ..row })),
            None => problems.push(left_out(line, Unusable::Column(DETAILS))),
        }
    }
    Ok((rows, problems))
}

/// Counts the lines of a text up to the beginning of a record: the reader's own count stops before the end of
/// the line before, and before empty lines.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn line_at(&mut self, byte: usize) -> u32 {
        let bytes = self.text.as_bytes();
        while let Some(&own) = bytes.get(self.at).filter(|own| self.at < byte || matches!(own, b'\r' | b'\n'))
        {
            let is_first_half = own == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            if matches!(own, b'\r' | b'\n') && !is_first_half {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}

fn text_of(record: &StringRecord, place: Option<usize>) -> Box<str> {
    place.and_then(|place| record.get(place)).map(unguarded).unwrap_or_default().into()
}

/// Names and texts as one cell: a record of its own.
fn inner(details: &[Detail]) -> String {
    if details.is_empty() {
        return String::new();
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    let cells = details.iter().flat_map(|(name, text)| [&**name, &**text]);
    writer.write_record(cells).expect("a vector takes whatever is written");
    let bytes = writer.into_inner().expect("a vector takes whatever is written");
    let mut text = String::from_utf8(bytes).expect("texts and separators are UTF-8");
    text.truncate(text.len() - 1);
    text
}

fn inner_of(cell: &str) -> Option<Vec<Detail>> {
    if cell.is_empty() {
        return Some(Vec::new());
    }
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(cell.as_bytes());
    let mut records = reader.records();
    let record = records.next()?.ok()?;
    let cells: Vec<&str> = record.iter().collect();
    let (pairs, rest) = cells.as_chunks::<2>();
    (rest.is_empty() && records.next().is_none())
        .then(|| pairs.iter().map(|[name, text]| ((*name).into(), (*text).into())).collect())
}

/// True if a spreadsheet would take the text for a formula, were it not for apostrophes and marks before it.
fn is_formula(text: &str) -> bool {
    let first = text.trim_start_matches(['\'', MARK_OF_UTF8]).chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

fn guarded(text: &str) -> String {
    if is_formula(text) { ["'", text].concat() } else { text.to_owned() }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}
