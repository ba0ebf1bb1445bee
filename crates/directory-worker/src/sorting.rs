//! Sorts rows by names in the order of a language, and by other columns.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::columns::Columns;
use crate::letters::LetterOrder;
use crate::packed::{PackedPerson, TextField};
use crate::people_list::PeopleList;
use crate::spec::{SortColumn, ViewSort};

/// Times that keys are made of the next letters, before texts are compared themselves.
const MAX_LEVELS: usize = 3;

/// The key by which a row is sorted, and its place among the rows to sort.
type Keyed<T> = (T, u32);

/// Sorts rows by a text.
struct TextSort<'a> {
    columns: &'a Columns,
    letters: &'a LetterOrder,
    field: TextField,
    is_descending: bool,
    /// The rows to sort. Those of the same text keep this order.
    rows: &'a [u32],
    /// Rows of the same text are in the order of their ids instead.
    is_by_id: bool,
}

impl<'a> TextSort<'a> {
    fn sorted(&self) -> Vec<u32> {
        // Texts are read in the order in which they are in memory.
        let mut in_memory: Vec<(u32, u32)> = self.rows.iter().copied().zip(0..).collect();
        in_memory.sort_unstable();
        let (mut keyed, mut missing) = (Vec::with_capacity(self.rows.len()), Vec::new());
        let mut buffer = String::new();
        for (row, place) in in_memory {
            let person = self.columns.person(row);
            if person.has(self.field) {
                keyed.push((self.key(person.text(self.field, &mut buffer), 0), place));
            } else {
                missing.push(place);
            }
        }
        keyed.sort_unstable();
        self.refine(&mut keyed, 1);
        missing.sort_unstable();
        let mut places: Vec<u32> = keyed.into_iter().map(|(_, place)| place).collect();
        if self.is_by_id {
            self.sort_by_id(&mut missing);
        }
        places.append(&mut missing);
        places.iter_mut().for_each(|place| *place = self.rows[*place as usize]);
        places
    }

    /// Sorts those of the same key by the letters that follow.
    fn refine(&self, keyed: &mut [Keyed<u128>], level: usize) {
        let n_skipped = level * self.letters.key_len();
        for run in keyed.chunk_by_mut(|one, other| one.0 == other.0).filter(|run| run.len() > 1) {
            let key = if self.is_descending { !run[0].0 } else { run[0].0 };
            let has_ended = self.letters.has_ended(key);
            if has_ended || level == MAX_LEVELS {
                self.compare(run, has_ended);
                continue;
            }
            let mut buffer = String::new();
            for (key, place) in run.iter_mut() {
                let person = self.columns.person(self.rows[*place as usize]);
                *key = self.key(person.text(self.field, &mut buffer), n_skipped);
            }
            run.sort_unstable();
            self.refine(run, level + 1);
        }
    }

    /// Sorts a run by the texts themselves.
    fn compare(&self, run: &mut [Keyed<u128>], has_same_ranks: bool) {
        if has_same_ranks && self.is_same_text(run) {
            // In the order of places, as they were sorted.
            if self.is_by_id {
                let mut places: Vec<u32> = run.iter().map(|(_, place)| *place).collect();
                self.sort_by_id(&mut places);
                run.iter_mut().zip(places).for_each(|(keyed, place)| keyed.1 = place);
            }
            return;
        }
        let mut texts: Vec<Keyed<Cow<str>>> =
            run.iter().map(|(_, place)| (self.text(self.field, *place), *place)).collect();
        let compare = |one: &str, other: &str| {
            let letters = self.letters;
            let order = if has_same_ranks { letters.cmp_same(one, other) } else { letters.cmp(one, other) };
            if self.is_descending { order.reverse() } else { order }
        };
        // Comparing in a language takes long, so texts that occur often are compared once.
        texts.sort_unstable();
        let mut same: Vec<_> = texts.chunk_by(|one, other| one.0 == other.0).collect();
        same.sort_by(|one, other| compare(&one[0].0, &other[0].0));
        let mut left = &mut *run;
        for same in same {
            let mut places: Vec<u32> = same.iter().map(|(_, place)| *place).collect();
            if self.is_by_id {
                self.sort_by_id(&mut places);
            }
            let (now, after) = left.split_at_mut(places.len());
            now.iter_mut().zip(places).for_each(|(keyed, place)| keyed.1 = place);
            left = after;
        }
    }

    fn is_same_text(&self, run: &[Keyed<u128>]) -> bool {
        let (mut one, mut other) = (String::new(), String::new());
        let person = |place: u32| self.columns.person(self.rows[place as usize]);
        let first = person(run[0].1).text(self.field, &mut one);
        run.iter().all(|(_, place)| person(*place).text(self.field, &mut other) == first)
    }

    fn sort_by_id(&self, places: &mut [u32]) {
        if places.len() < 2 {
            return;
        }
        // The first bytes decide most often, without another look at the text.
        let start = |id: &str| {
            let mut start = [0; 16];
            let n_bytes = id.len().min(start.len());
            start[..n_bytes].copy_from_slice(&id.as_bytes()[..n_bytes]);
            u128::from_be_bytes(start)
        };
        let starts = places.iter().map(|place| (start(&self.text(TextField::Id, *place)), *place));
        let mut starts: Vec<Keyed<u128>> = starts.collect();
        starts.sort_unstable();
        for run in starts.chunk_by_mut(|one, other| one.0 == other.0).filter(|run| run.len() > 1) {
            let ids = run.iter().map(|(_, place)| (self.text(TextField::Id, *place), *place));
            let mut ids: Vec<Keyed<Cow<str>>> = ids.collect();
            ids.sort_unstable();
            run.iter_mut().zip(ids).for_each(|(keyed, (_, place))| keyed.1 = place);
        }
        places.iter_mut().zip(starts).for_each(|(place, (_, sorted))| *place = sorted);
    }

    fn text(&self, field: TextField, place: u32) -> Cow<'a, str> {
        text_of(self.columns, self.rows[place as usize], field)
    }

    fn key(&self, text: &str, n_skipped: usize) -> u128 {
        let key = self.letters.key(text, n_skipped);
        if self.is_descending { !key } else { key }
    }
}

fn text_of(columns: &Columns, row: u32, field: TextField) -> Cow<'_, str> {
    let person = columns.person(row);
    match person.kept_text(field) {
        Some(text) => text.into(),
        None => person.text(field, &mut String::new()).to_owned().into(),
    }
}

impl PeopleList {
    /// Sorts new rows by name. People without one are last.
    pub(crate) fn sort_names(&mut self) {
        self.letters.prepare();
        let n_rows = self.columns.n_rows();
        let n_new = n_rows - self.n_sorted;
        if n_new == 0 {
            return;
        }
        // A few find their places among those that are sorted; many are sorted faster with them.
        let is_few = n_new < self.n_sorted / 8;
        let new: Vec<u32> = (if is_few { self.n_sorted } else { 0 }..n_rows).collect();
        let sort = TextSort {
            columns: &self.columns,
            letters: &self.letters,
            field: TextField::Name,
            is_descending: false,
            rows: &new,
            is_by_id: true,
        };
        let sorted = sort.sorted();
        self.by_name = if is_few { self.merged(&sorted) } else { sorted };
        self.n_sorted = n_rows;
    }

    /// Sorts rows that are sorted by name.
    pub(crate) fn sorted(&self, mut rows: Vec<u32>, sort: ViewSort) -> Vec<u32> {
        let columns = &self.columns;
        let field = match sort.column {
            SortColumn::Name => {
                if sort.is_descending {
                    let n_named = rows.partition_point(|row| columns.person(*row).has(TextField::Name));
                    rows[..n_named].reverse();
                }
                return rows;
            }
            SortColumn::Id => TextField::Id,
            SortColumn::Email => TextField::Email,
            SortColumn::Phone => TextField::Phone,
            SortColumn::Scope => {
                let rank = |row| PackedPerson::scope(columns.flags(row)).map(|scope| scope as u64);
                return by_number(&rows, sort.is_descending, rank);
            }
            SortColumn::State => {
                let rank =
                    |row| PackedPerson::is_active(columns.flags(row)).map(|is_active| u64::from(!is_active));
                return by_number(&rows, sort.is_descending, rank);
            }
            SortColumn::Role => {
                let ranks = self.role_ranks();
                let rank = |row| ranks.get(columns.role(row) as usize).copied().flatten();
                return by_number(&rows, sort.is_descending, rank);
            }
            SortColumn::Joined => return by_number(&rows, sort.is_descending, |row| columns.joined_at(row)),
            SortColumn::Created => {
                return by_number(&rows, sort.is_descending, |row| columns.created_at(row));
            }
        };
        let (letters, is_descending) = (&self.letters, sort.is_descending);
        TextSort { columns, letters, field, is_descending, rows: &rows, is_by_id: false }.sorted()
    }

    /// All sorted rows, with new ones that are sorted.
    fn merged(&self, new: &[u32]) -> Vec<u32> {
        let mut merged = Vec::with_capacity(self.by_name.len() + new.len());
        let mut left = &*self.by_name;
        for row in new {
            let n_before = left.partition_point(|other| self.compare_names(*other, *row) == Ordering::Less);
            let (before, after) = left.split_at(n_before);
            merged.extend_from_slice(before);
            merged.push(*row);
            left = after;
        }
        merged.extend_from_slice(left);
        merged
    }

    fn compare_names(&self, one: u32, other: u32) -> Ordering {
        let is_missing = |row| !self.columns.person(row).has(TextField::Name);
        let name = |row| text_of(&self.columns, row, TextField::Name);
        let by_name =
            || if is_missing(one) { Ordering::Equal } else { self.letters.cmp(&name(one), &name(other)) };
        let by_missing = is_missing(one).cmp(&is_missing(other));
        let id = |row| text_of(&self.columns, row, TextField::Id);
        by_missing.then_with(by_name).then_with(|| id(one).cmp(&id(other))).then(one.cmp(&other))
    }

    /// The place of each role among the names of roles; `None` for roles without a name.
    fn role_ranks(&self) -> Vec<Option<u64>> {
        let roles = self.roles.all();
        let mut sorted: Vec<usize> =
            (0..roles.len()).filter(|at| !roles[*at].name.trim().is_empty()).collect();
        sorted.sort_by(|one, other| self.letters.cmp(&roles[*one].name, &roles[*other].name));
        let mut ranks = vec![None; roles.len()];
        let mut before: Option<(&str, u64)> = None;
        for at in sorted {
            let name = &*roles[at].name;
            let rank = before.map_or(0, |(former, rank)| rank + u64::from(former != name));
            ranks[at] = Some(rank);
            before = Some((name, rank));
        }
        ranks
    }
}

/// Sorts rows by a number, those without one last.
fn by_number(rows: &[u32], is_descending: bool, number: impl Fn(u32) -> Option<u64>) -> Vec<u32> {
    let (mut keyed, mut missing) = (Vec::<Keyed<u64>>::with_capacity(rows.len()), Vec::new());
    for (place, row) in (0..).zip(rows) {
        match number(*row) {
            Some(number) => keyed.push((if is_descending { !number } else { number }, place)),
            None => missing.push(*row),
        }
    }
    keyed.sort_unstable();
    keyed.iter().map(|(_, place)| rows[*place as usize]).chain(missing).collect()
}
