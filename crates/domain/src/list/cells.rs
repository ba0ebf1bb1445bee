//! Splits text into records and cells, with their places.

use std::borrow::Cow;
use std::ops::Range;

use crate::export::unguarded;

/// Longest quoted cell, in bytes. A quotation mark that is not closed within it is text.
pub const MAX_QUOTED: usize = 8 * 1024;
/// Most lines of a quoted cell.
pub const MAX_QUOTED_LINES: usize = 50;
/// Most quotation marks of a record that are not closed; later ones are text. Each is looked for far ahead.
const MAX_OPEN: usize = 8;

/// Characters that may separate cells, from the one that separates most strongly: a comma may be part of a cell
/// between tabs. Each group has the variants of other scripts.
pub(super) const SEPARATORS: [&[char]; 4] =
    [&['\t'], &[';', '；', '؛'], &['|', '｜'], &[',', '，', '、', '،']];

/// One cell of a record.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Its place in the text, without surrounding blanks and with its quotation marks.
    pub at: Range<usize>,
    /// The separator after it: an index of [`SEPARATORS`].
    pub separator: Option<usize>,
}

impl Cell {
    /// The text of the cell without quotation marks around the whole of it.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        unquoted(&text[self.at.clone()])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at.is_empty()
    }
}

/// One line of text, or several if a quoted cell has line breaks.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Its first line, from 1.
    pub line: u32,
    /// Its place in the text, without the line break.
    pub at: Range<usize>,
    pub cells: Vec<Cell>,
    /// Whether a quotation mark is never closed.
    pub is_quote_open: bool,
    /// Where the next record begins.
    pub end: usize,
    /// The line of the next record.
    pub next_line: u32,
}

impl Record {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }

    /// The cells between separators of one group only.
    pub(super) fn cells_between(&self, group: Option<usize>) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut is_open = false;
        for cell in &self.cells {
            match cells.last_mut().filter(|_| is_open) {
                Some(last) => {
                    let start = if last.is_empty() { cell.at.start } else { last.at.start };
                    let end = if cell.is_empty() { last.at.end } else { cell.at.end };
                    *last = Cell { at: start..end.max(start), separator: cell.separator };
                }
                None => cells.push(cell.clone()),
            }
            is_open = cell.separator != group;
        }
        cells
    }

    /// The text of each cell as it is in the list.
    pub(super) fn texts<'a>(&self, text: &'a str) -> Vec<&'a str> {
        self.cells.iter().map(|cell| &text[cell.at.clone()]).collect()
    }

    /// The place from the first to the last cell with text.
    pub(super) fn filled(&self) -> Range<usize> {
        let mut filled = self.cells.iter().filter(|cell| !cell.is_empty());
        let first = filled.next().map_or(self.at.start, |cell| cell.at.start);
        let last = self.cells.iter().rev().find(|cell| !cell.is_empty());
        first..last.map_or(first, |cell| cell.at.end)
    }
}

/// True for characters that end a line.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// True for characters that may separate cells.
pub(super) fn is_separator(c: char) -> bool {
    group_of(c).is_some()
}

/// The group of a separator.
fn group_of(c: char) -> Option<usize> {
    SEPARATORS.iter().position(|group| group.contains(&c))
}

/// Reads the record that begins at a place of the text. Only separators of the given groups end a cell.
pub(super) fn record(text: &str, from: usize, line: u32, is_split_at: impl Fn(usize) -> bool) -> Record {
    let separator = |c: char| group_of(c).filter(|group| is_split_at(*group));
    let (mut cells, mut n_open) = (Vec::new(), 0);
    let (mut start, mut at) = (from, from);
    let mut previous = ' ';
    while let Some(c) = text[at..].chars().next().filter(|c| !is_line_end(*c)) {
        if let Some(group) = separator(c) {
            cells.push(Cell { at: trimmed(text, start..at), separator: Some(group) });
            start = at + c.len_utf8();
        } else if c == '"' && n_open < MAX_OPEN && (previous.is_whitespace() || separator(previous).is_some())
        {
            match closing_quote(text, at, |c| separator(c).is_some()) {
                Some(end) => at = end,
                None => n_open += 1,
            }
        }
        previous = c;
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    cells.push(Cell { at: trimmed(text, start..at), separator: None });
    let breaks = match text[at..].chars().next() {
        Some('\r') if text[at + 1..].starts_with('\n') => 2,
        Some(c) => c.len_utf8(),
        None => 0,
    };
    let n_breaks = line_breaks(&text[from..at]) + u32::from(breaks > 0);
    Record {
        line,
        at: from..at,
        cells,
        is_quote_open: n_open > 0,
        end: at + breaks,
        next_line: line + n_breaks,
    }
}

fn line_breaks(text: &str) -> u32 {
    let n_ends = text.chars().filter(|c| is_line_end(*c)).count();
    (n_ends - text.matches("\r\n").count()) as u32
}

/// Without blanks at both ends, and without the mark of UTF-8.
fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let whole = &text[at.clone()];
    let rest = whole.trim_start_matches(is_blank);
    let start = at.end - rest.len();
    start..start + rest.trim_end_matches(is_blank).len()
}

/// The place of the mark that closes the quotation at a place; `None` if it is not closed.
///
/// A quotation is closed before the end of a cell. Within one line it is also closed before a blank or a bracket, as
/// the name in a mail address is.
fn closing_quote(text: &str, open: usize, is_separator: impl Fn(char) -> bool) -> Option<usize> {
    let mut n_lines = 1;
    let mut rest = text[open + 1..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        n_lines += usize::from(is_line_end(c));
        if at > MAX_QUOTED || n_lines > MAX_QUOTED_LINES {
            return None;
        }
        let is_one_line = n_lines == 1;
        let after = &text[open + 1 + at + c.len_utf8()..];
        let ends_cell = |after: &str| {
            let next = after.trim_start_matches([' ', '\u{a0}']).chars().next();
            next.is_none_or(|c| is_line_end(c) || is_separator(c))
        };
        let is_escape =
            c == '\\' && (after.starts_with('\\') || after.starts_with('"') && !ends_cell(&after[1..]));
        if (is_escape && is_one_line) || (c == '"' && after.starts_with('"')) {
            rest.next();
        } else if c == '"' {
            let is_before_key =
                after.starts_with(|c: char| c.is_whitespace() || matches!(c, '<' | '(' | '['));
            if ends_cell(after) || (is_one_line && is_before_key) {
                return Some(open + 1 + at);
            }
        }
    }
    None
}

/// The text of a quotation if it is nothing else; the same text otherwise.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.starts_with('"') || closing_quote(text, 0, |_| false) != Some(text.len().saturating_sub(1)) {
        return Cow::Borrowed(text);
    }
    let inner = &text[1..text.len() - 1];
    if inner.contains(['"', '\\']) {
        Cow::Owned(inner.replace("\"\"", "\"").replace("\\\"", "\""))
    } else {
        Cow::Borrowed(inner)
    }
}

/// The text of a cell as a spreadsheet shows it: without quotation marks around it, the apostrophes that keep it
/// from being a formula, or the formula that makes it text, as in `="0044"`.
pub fn spreadsheet_text(text: &str) -> Cow<'_, str> {
    let text = unquoted(text);
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = formula.filter(|inner| !inner.contains('"')) {
        return Cow::Owned(inner.to_owned());
    }
    if !text.contains('\'') {
        return text;
    }
    let own = unguarded(&text);
    if own == *text { text } else { Cow::Owned(own) }
}

/// The end and the text of a quotation before a key, where a backslash keeps the next character as in RFC 5322.
pub(super) fn quotation(text: &str, open: usize) -> Option<(usize, String)> {
    let end = closing_quote(text, open, |_| false)?;
    let mut inner = String::new();
    let mut rest = text[open + 1..end].chars().peekable();
    while let Some(c) = rest.next() {
        let is_pair = matches!((c, rest.peek()), ('\\', Some('\\' | '"')) | ('"', Some('"')));
        inner.push(if is_pair { rest.next().unwrap_or(c) } else { c });
    }
    Some((end, inner))
}
