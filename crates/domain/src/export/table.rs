//! CSV tables that are safe to open in a spreadsheet, and reading them back.

use csv::{ReaderBuilder, StringRecord};

use super::{Detail, MAX_ROWS, ResultRow, Unusable, left_out};
use crate::Problem;

/// The byte order mark by which spreadsheets recognise UTF-8.
const MARK_OF_UTF8: char = '\u{feff}';

/// Rows with their lines, and the problems of other lines.
type Rows = (Vec<(u32, ResultRow)>, Vec<Problem>);
type Column = (&'static str, fn(&mut ResultRow) -> &mut Box<str>);

/// The columns in order, except `details`, which holds several texts.
const COLUMNS: [Column; 15] = [
    ("vendor", |row| &mut row.vendor),
    ("connection", |row| &mut row.connection),
    ("by", |row| &mut row.by),
    ("person", |row| &mut row.person),
    ("name", |row| &mut row.name),
    ("operation", |row| &mut row.operation),
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
/// Columns without which a file does not contain results.
const NEEDED: [&str; 4] = ["vendor", "by", "person", "operation"];

/// Encodes rows as CSV with CR LF as in RFC 4180, after a byte order mark. Text that a spreadsheet would
/// treat as a formula, under any separator, gets a leading apostrophe, and so does a number it would alter.
pub fn table<R>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut text = String::from(MARK_OF_UTF8);
    for row in rows {
        push_record(&mut text, row.into_iter().map(|cell| guarded(cell.as_ref())));
        text.push_str("\r\n");
    }
    text
}

/// Appends a record, quoted as RFC 4180 demands. The writer of `csv` links a parser of fractions, of 20 KB.
fn push_record(text: &mut String, cells: impl Iterator<Item = impl AsRef<str>>) {
    let start = text.len();
    for (idx, cell) in cells.enumerate() {
        let cell = cell.as_ref();
        if idx > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            text.extend(["\"", &cell.replace('"', "\"\""), "\""]);
        } else {
            text.push_str(cell);
        }
    }
    // Without quotes this would be an empty line, which is no record.
    if text.len() == start {
        text.push_str("\"\"");
    }
}

/// Encodes results as a table for [`Opened::from_csv`](super::Opened::from_csv).
pub fn to_csv(rows: impl IntoIterator<Item = ResultRow>) -> String {
    let heading: Vec<String> =
        COLUMNS.iter().map(|(name, _)| *name).chain([DETAILS]).map(String::from).collect();
    let cells = rows.into_iter().map(|mut row| {
        let details = inner(&row.details);
        COLUMNS.iter().map(|(_, cell)| std::mem::take(cell(&mut row)).into()).chain([details]).collect()
    });
    table(std::iter::once(heading).chain(cells))
}

/// The rows of a table, or the name of a missing column.
pub(super) fn read(text: &str) -> Result<Rows, &'static str> {
    let text = text.strip_prefix(MARK_OF_UTF8).unwrap_or(text);
    // Spreadsheets write the separator of their locale.
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
        if rows.len() + problems.len() >= MAX_ROWS {
            problems.push(left_out(idx as u32 + 2, Unusable::Column("rows")));
            break;
        }
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

/// Counts lines up to the start of a record. The reader's own count lags behind at line ends and empty lines.
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

/// Encodes names and texts as one cell, which is a CSV record itself.
fn inner(details: &[Detail]) -> String {
    if details.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    push_record(&mut text, details.iter().flat_map(|(name, text)| [&**name, &**text]));
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

/// True if a program may end a cell or a line at this character, whatever its separator.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '\t' | '|' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// True if a spreadsheet would treat the text as a formula, ignoring leading apostrophes, quotes and spaces.
fn is_formula(text: &str) -> bool {
    let is_before = |c: char| {
        matches!(c, '\'' | '"' | MARK_OF_UTF8) || (c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n'))
    };
    let first = text.trim_start_matches(is_before).chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

/// Most digits that a spreadsheet displays unchanged: it shows longer numbers as `1.23E+11` and drops digits
/// after the 15th.
const MAX_DIGITS: usize = 11;

/// Month names; spreadsheets also accept their first three letters.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// True if a spreadsheet would display the text differently: long numbers, leading zeros, amounts, times,
/// dates, `1E5`, `true`. Ignores leading apostrophes.
fn is_altered(text: &str) -> bool {
    let text = text.trim_start_matches('\'').trim();
    let is_truth = ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word));
    is_truth || text.contains(is_digit) && (is_altered_number(text) || is_date_or_time(text))
}

/// Full-width digits are read as numbers too.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_altered_number(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = is_number && text.len() <= MAX_DIGITS && (text.len() < 2 || !text.starts_with('0'));
    !is_short && text.chars().all(|c| is_of_number(c) || matches!(c, 'e' | 'E'))
}

/// Characters of numbers, amounts, dates and times.
fn is_of_number(c: char) -> bool {
    is_digit(c)
        || c.is_whitespace()
        || matches!(c, '.' | ',' | '-' | '/' | ':' | '+' | '(' | ')' | '%')
        || matches!(
            c,
            '．' | '，'
                | '－'
                | '／'
                | '：'
                | '＋'
                | '（'
                | '）'
                | '％'
                | '年'
                | '月'
                | '日'
                | '時'
                | '分'
                | '秒'
        )
        || matches!(c, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}' | '﹩' | '＄' | '￠' | '￡' | '￥' | '￦')
}

/// True for numbers with a month name, an AM/PM suffix or both: `mar1`, `May 5, 2026`, `12:30 PM`.
fn is_date_or_time(text: &str) -> bool {
    let text = text.to_lowercase();
    let halves = ["am", "pm", " a", " p"].iter();
    let before_half = halves.filter_map(|half| text.strip_suffix(half));
    let before_half = before_half.map(str::trim_end).find(|rest| rest.ends_with(is_digit));
    let rest = before_half.unwrap_or(&text);
    let mut words = rest.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let month = words.next();
    let is_month =
        |word: &str| word == "sept" || MONTHS.iter().any(|month| word == *month || word == &month[..3]);
    let is_dated = month.map_or(before_half.is_some(), is_month) && words.next().is_none();
    is_dated && rest.chars().all(|c| c.is_ascii_alphabetic() || is_of_number(c))
}

/// The text with an apostrophe wherever a spreadsheet would calculate or alter it: at the start, and after
/// each character that may begin another cell. Leading apostrophes do not change whether one is needed, so
/// exactly one can be removed again.
fn guarded(text: &str) -> String {
    let safe = without_formulas(text);
    if is_only_altered(text) { ["'", &safe].concat() } else { safe }
}

fn is_only_altered(text: &str) -> bool {
    is_altered(text) && !is_formula(text)
}

fn without_formulas(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut is_first = true;
    for (at, c) in text.char_indices() {
        if is_first && is_formula(&text[at..]) {
            safe.push('\'');
        }
        safe.push(c);
        is_first = is_separator(c);
    }
    safe
}

/// The text without the apostrophes that [`table`] adds.
pub(crate) fn unguarded(text: &str) -> String {
    let changed = text.strip_prefix('\'').map(with_formulas).filter(|own| is_only_altered(own));
    changed.unwrap_or_else(|| with_formulas(text))
}

fn with_formulas(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let mut is_first = true;
    for (at, c) in text.char_indices() {
        let is_guard = is_first && c == '\'' && is_formula(&text[at + 1..]);
        if !is_guard {
            own.push(c);
        }
        is_first = is_separator(c);
    }
    own
}

#[cfg(test)]
mod tests {
    use csv::WriterBuilder;
    use proptest::prelude::*;

    use super::push_record;

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_library(
            cells in prop::collection::vec("([a-z \",;\r\n\t'é]|\\PC){0,6}", 1..5),
        ) {
            let mut ours = String::new();
            push_record(&mut ours, cells.iter());
            let mut theirs = WriterBuilder::new().from_writer(Vec::new());
            theirs.write_record(&cells).expect("a vector takes whatever is written");
            let theirs = String::from_utf8(theirs.into_inner().expect("it is flushed")).expect("it is UTF-8");
            prop_assert_eq!(ours + "\n", theirs);
        }
    }
}
