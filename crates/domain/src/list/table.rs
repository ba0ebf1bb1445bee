//! Tables in a text.

use super::cells::{self, Record, SEPARATORS};
use super::layout::Layout;
use super::words;
use super::{EntryStatus, ListEntry, Rules};
use crate::{Place, Problem, ProblemCode, Severity};

/// A table whose columns are known by its header.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// What separates its cells: an index of [`SEPARATORS`].
    pub separator: usize,
    layout: Layout,
    /// Whether a column without use has text.
    is_unused: Vec<bool>,
}

impl Table {
    /// The table that begins with this record, and its header; `None` if the record is no header.
    pub(super) fn of_header(
        text: &str,
        loose: &Record,
        rules: &Rules,
        is_first: bool,
    ) -> Option<(Self, Record)> {
        (0..SEPARATORS.len()).find_map(|separator| {
            let record = cells::record(text, loose.at.start, loose.line, |group| group == separator);
            let has_rows = text[record.end..].chars().any(|c| !c.is_whitespace());
            let layout = Layout::of_header(&record.texts(text), rules, is_first, has_rows, words::column_of)?;
            let is_unused = vec![false; layout.columns().len()];
            Some((Self { separator, layout, is_unused }, record))
        })
    }

    /// Whether a record has the cells of this table.
    pub(super) fn takes(&self, record: &Record) -> bool {
        self.layout.columns().len() == 1 || record.cells.len() > 1
    }

    /// Headings of the columns with text that was not used.
    pub(super) fn unused(self) -> Vec<Box<str>> {
        let headings = self.layout.headings().iter().zip(self.is_unused);
        headings.filter(|(_, is_unused)| *is_unused).map(|(heading, _)| heading.clone()).collect()
    }

    /// Reads a row.
    pub(super) fn row(&mut self, text: &str, record: &Record, rules: &Rules) -> ListEntry {
        let (line, at) = (record.line, record.filled());
        if record.is_quote_open {
            let problem = Problem::new(ProblemCode::QuoteOpen, Severity::Refused, Place::Line(line));
            return ListEntry::refused(text, line, at, vec![problem]);
        }
        let cells = record.texts(text);
        let row = self.layout.row(&cells, line, rules);
        let Some(person) = row.person else { return ListEntry::refused(text, line, at, row.problems) };
        for idx in row.column.map(|key| self.layout.unused(&cells, key, rules)).unwrap_or_default() {
            self.is_unused[idx] = true;
        }
        let (typed, status) = (text[at.clone()].into(), EntryStatus::Usable);
        ListEntry { line, at, typed, person: Some(person), scope: row.scope, status, problems: row.problems }
    }
}
