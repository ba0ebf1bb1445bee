//! What is kept of each row.

use std::mem::size_of;

use domain::{Member, Millis};

use crate::packed::PackedPerson;
use crate::roles::NO_ROLE;
use crate::rows::RowSet;

/// Stands for no time, so that the last millisecond that there is cannot be kept.
const NO_TIME: Millis = Millis::MAX;

/// A person and what is kept beside the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowRecord<'a> {
    pub(crate) person: PackedPerson<'a>,
    pub(crate) role: u32,
    pub(crate) joined_at: Option<Millis>,
    pub(crate) created_at: Option<Millis>,
}

/// Rows by column. Rows are only appended, until they are [packed](Columns::keep) again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    text: Vec<u8>,
    /// The end of each row's text.
    ends: Vec<u32>,
    rest: Vec<u8>,
    /// The end of each rest, of the rows that have one.
    rest_ends: Vec<u32>,
    rest_rows: RowSet,
    /// The number of rests before each 64 rows.
    rests_before: Vec<u32>,
    flags: Vec<u16>,
    roles: Sparse<u32>,
    joined: Sparse<Millis>,
    created: Sparse<Millis>,
}

/// A column that ends at the last row that has a value.
#[derive(Clone, Debug, Default)]
struct Sparse<T>(Vec<T>);

impl<T: Copy + PartialEq> Sparse<T> {
    fn get(&self, row: u32) -> Option<T> {
        self.0.get(row as usize).copied()
    }

    fn set(&mut self, row: u32, value: T, nothing: T) {
        let row = row as usize;
        if let Some(place) = self.0.get_mut(row) {
            *place = value;
        } else if value != nothing {
            let n_more = row + 1 - self.0.len();
            grow(&mut self.0, n_more);
            self.0.resize(row, nothing);
            self.0.push(value);
        }
    }
}

/// Makes room, and less of it in advance than the standard library does.
fn grow<T>(list: &mut Vec<T>, n_more: usize) {
    if list.capacity() - list.len() < n_more {
        list.reserve_exact(n_more + list.len() / 8 + 64);
    }
}

/// True if offsets can reach to the end of so much more.
fn has_room(n_used: usize, n_more: usize) -> bool {
    n_used.checked_add(n_more).is_some_and(|end| end <= u32::MAX as usize)
}

impl Columns {
    /// The number of rows.
    pub(crate) fn n_rows(&self) -> u32 {
        self.ends.len() as u32
    }

    /// Appends a row; `None` if there is no room for it.
    pub(crate) fn push(&mut self, record: &RowRecord) -> Option<u32> {
        let PackedPerson { text, rest, flags } = record.person;
        let is_possible = has_room(self.text.len(), text.len())
            && has_room(self.rest.len(), rest.len())
            && has_room(self.ends.len(), 2);
        if !is_possible {
            return None;
        }
        let row = self.n_rows();
        grow(&mut self.text, text.len());
        self.text.extend_from_slice(text);
        grow(&mut self.ends, 1);
        self.ends.push(self.text.len() as u32);
        grow(&mut self.flags, 1);
        self.flags.push(flags);
        self.note_rest(row, !rest.is_empty());
        if !rest.is_empty() {
            grow(&mut self.rest, rest.len());
            self.rest.extend_from_slice(rest);
            grow(&mut self.rest_ends, 1);
            self.rest_ends.push(self.rest.len() as u32);
        }
        let time = |time: Option<Millis>| time.map_or(NO_TIME, |time| time.min(NO_TIME - 1));
        self.roles.set(row, record.role, NO_ROLE);
        self.joined.set(row, time(record.joined_at), NO_TIME);
        self.created.set(row, time(record.created_at), NO_TIME);
        Some(row)
    }

    /// A row as it was appended.
    pub(crate) fn record(&self, row: u32) -> RowRecord<'_> {
        RowRecord {
            person: self.person(row),
            role: self.role(row),
            joined_at: self.joined_at(row),
            created_at: self.created_at(row),
        }
    }

    /// The person of a row, without the role.
    pub(crate) fn member(&self, row: u32) -> Member {
        let mut member = Member::default();
        self.person(row).unpack(&mut member);
        member.joined_at = self.joined_at(row);
        member.created_at = self.created_at(row);
        member
    }

    /// The packed person of a row.
    pub(crate) fn person(&self, row: u32) -> PackedPerson<'_> {
        let flags = self.flags(row);
        let rest = if PackedPerson::has_rest(flags) { self.rest(row) } else { &[] };
        PackedPerson { text: &self.text[self.start(row)..self.end(row)], rest, flags }
    }

    /// The texts of all rows, for a search.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The start of a row's text. Out of range, it is the end of all.
    pub(crate) fn start(&self, row: u32) -> usize {
        if row == 0 { 0 } else { self.end(row - 1) }
    }

    /// The end of a row's text.
    pub(crate) fn end(&self, row: u32) -> usize {
        self.ends.get(row as usize).map_or(self.text.len(), |end| *end as usize)
    }

    /// The flags of a row.
    pub(crate) fn flags(&self, row: u32) -> u16 {
        self.flags.get(row as usize).copied().unwrap_or_default()
    }

    /// The number of the role.
    pub(crate) fn role(&self, row: u32) -> u32 {
        self.roles.get(row).unwrap_or(NO_ROLE)
    }

    /// The time of joining.
    pub(crate) fn joined_at(&self, row: u32) -> Option<Millis> {
        self.joined.get(row).filter(|time| *time != NO_TIME)
    }

    /// The time of creation.
    pub(crate) fn created_at(&self, row: u32) -> Option<Millis> {
        self.created.get(row).filter(|time| *time != NO_TIME)
    }

    /// Keeps these rows in their order, without holes.
    pub(crate) fn keep(&mut self, kept: &RowSet) {
        let (mut n_rows, mut text_end, mut rest_end) = (0_u32, 0, 0);
        let (mut next_start, mut next_rest_start) = (0, 0);
        let mut rest_ends = std::mem::take(&mut self.rest_ends).into_iter();
        let rest_rows = std::mem::take(&mut self.rest_rows);
        self.rests_before.clear();
        for row in 0..self.n_rows() {
            // The end of the row before may already be that of another one.
            let start = std::mem::replace(&mut next_start, self.end(row));
            let end = next_start;
            let rest = if rest_rows.contains(row) { rest_ends.next() } else { None };
            let rest_start = next_rest_start;
            next_rest_start = rest.map_or(rest_start, |end| end as usize);
            if !kept.contains(row) {
                continue;
            }
            self.text.copy_within(start..end, text_end);
            text_end += end - start;
            self.note_rest(n_rows, rest.is_some());
            if rest.is_some() {
                self.rest.copy_within(rest_start..next_rest_start, rest_end);
                rest_end += next_rest_start - rest_start;
                self.rest_ends.push(rest_end as u32);
            }
            let (role, joined, created) = (self.role(row), self.joined.get(row), self.created.get(row));
            self.ends[n_rows as usize] = text_end as u32;
            self.flags[n_rows as usize] = self.flags(row);
            self.roles.set(n_rows, role, NO_ROLE);
            self.joined.set(n_rows, joined.unwrap_or(NO_TIME), NO_TIME);
            self.created.set(n_rows, created.unwrap_or(NO_TIME), NO_TIME);
            n_rows += 1;
        }
        self.text.truncate(text_end);
        self.rest.truncate(rest_end);
        self.ends.truncate(n_rows as usize);
        self.flags.truncate(n_rows as usize);
        self.roles.0.truncate(n_rows as usize);
        self.joined.0.truncate(n_rows as usize);
        self.created.0.truncate(n_rows as usize);
    }

    /// Returns unused memory.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.rest.shrink_to_fit();
        self.rest_ends.shrink_to_fit();
        self.rest_rows.shrink();
        self.rests_before.shrink_to_fit();
        self.flags.shrink_to_fit();
        self.roles.0.shrink_to_fit();
        self.joined.0.shrink_to_fit();
        self.created.0.shrink_to_fit();
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.ends.capacity() * size_of::<u32>()
            + self.rest.capacity()
            + (self.rest_ends.capacity() + self.rests_before.capacity()) * size_of::<u32>()
            + self.rest_rows.bytes()
            + self.flags.capacity() * size_of::<u16>()
            + self.roles.0.capacity() * size_of::<u32>()
            + (self.joined.0.capacity() + self.created.0.capacity()) * size_of::<Millis>()
    }

    /// Says of the last row whether a rest follows.
    fn note_rest(&mut self, row: u32, has_rest: bool) {
        if row.is_multiple_of(64) {
            self.rests_before.push(self.rest_ends.len() as u32);
        }
        if has_rest {
            self.rest_rows.insert(row);
        }
    }

    fn rest(&self, row: u32) -> &[u8] {
        let n_before = self.rests_before.get(row as usize / 64).copied().unwrap_or_default();
        let at = n_before as usize + self.rest_rows.n_before_in_word(row);
        let start = if at == 0 { Some(&0) } else { self.rest_ends.get(at - 1) };
        match (start, self.rest_ends.get(at)) {
            (Some(start), Some(end)) => &self.rest[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_that_offsets_cannot_reach() {
        assert!(has_room(u32::MAX as usize - 1, 1));
        assert!(!has_room(u32::MAX as usize, 1));
        assert!(!has_room(1, usize::MAX));
    }

    #[test]
    fn columns_without_values_cost_nothing() {
        let mut columns = Columns::default();
        let person = PackedPerson { text: b"\xff", rest: &[], flags: 0 };
        let nobody = RowRecord { person, role: NO_ROLE, joined_at: None, created_at: None };
        (0..5).for_each(|row| assert_eq!(columns.push(&nobody), Some(row)));
        assert_eq!((columns.roles.0.capacity(), columns.joined.0.capacity()), (0, 0));
        let somebody = RowRecord { joined_at: Some(7), role: 3, ..nobody };
        assert_eq!(columns.push(&somebody), Some(5));
        columns.keep(&[1, 5].into_iter().collect());
        assert_eq!((columns.n_rows(), columns.record(0), columns.record(1)), (2, nobody, somebody));
    }
}
