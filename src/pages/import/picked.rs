//! The selected rows of one kind, also of those that are not here.

use std::collections::BTreeSet;

use import_worker::{ImportChange, Standing};
use ui::SelectedAll;

/// Row numbers that are selected, or all but these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Picked {
    is_all_but: bool,
    rows: BTreeSet<u32>,
}

impl Picked {
    /// All rows, or none.
    pub(super) fn all(is_all: bool) -> Self {
        Self { is_all_but: is_all, rows: BTreeSet::new() }
    }

    pub(super) fn has(&self, row: u32) -> bool {
        self.rows.contains(&row) != self.is_all_but
    }

    pub(super) fn toggle(&mut self, row: u32) {
        if !self.rows.remove(&row) {
            self.rows.insert(row);
        }
    }

    pub(super) fn add(&mut self, row: u32) {
        if !self.has(row) {
            self.toggle(row);
        }
    }

    /// True if the selection is of all rows, or of none.
    pub(super) fn names_none(&self) -> bool {
        self.rows.is_empty()
    }

    /// Forgets the rows that are not among these.
    pub(super) fn retain(&mut self, left: &BTreeSet<u32>) {
        self.rows.retain(|row| left.contains(row));
    }

    /// Number of selected rows, out of this many.
    pub(super) fn count(&self, n: usize) -> usize {
        if self.is_all_but { n.saturating_sub(self.rows.len()) } else { self.rows.len() }
    }

    pub(super) fn how_many(&self, n: usize) -> SelectedAll {
        match self.count(n) {
            0 => SelectedAll::None,
            selected if selected >= n => SelectedAll::All,
            _ => SelectedAll::Some,
        }
    }

    /// The changes that leave the selected rows out.
    pub(super) fn leave_out(&self, standing: Standing) -> Vec<ImportChange> {
        let all = self.is_all_but.then_some(ImportChange::LeaveOutAll(standing));
        let is_out = !self.is_all_but;
        let one = |row: &u32| ImportChange::LeaveOut { row: *row, is_out };
        all.into_iter().chain(self.rows.iter().map(one)).collect()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_selection_is_of_rows_or_of_all_but_some() {
        let mut picked = Picked::default();
        for row in [3, 5, 3, 8] {
            picked.toggle(row);
        }
        picked.add(5);
        assert_eq!((picked.has(3), picked.has(5), picked.count(9)), (false, true, 2));
        assert_eq!((picked.how_many(9), picked.how_many(2)), (SelectedAll::Some, SelectedAll::All));
        let out = |row, is_out| ImportChange::LeaveOut { row, is_out };
        assert_eq!(picked.leave_out(Standing::Contradiction), [out(5, true), out(8, true)]);
        picked.retain(&[1, 8, 9].into());
        assert_eq!((picked.has(5), picked.has(8), picked.names_none()), (false, true, false));

        picked = Picked::all(true);
        assert_eq!((picked.how_many(9), picked.count(9)), (SelectedAll::All, 9));
        picked.toggle(4);
        picked.add(7);
        assert_eq!((picked.has(4), picked.has(7), picked.how_many(9)), (false, true, SelectedAll::Some));
        let expected = [ImportChange::LeaveOutAll(Standing::Contradiction), out(4, false)];
        assert_eq!(picked.leave_out(Standing::Contradiction), expected);
        picked.retain(&[4, 5].into());
        assert_eq!((picked.has(4), picked.count(2)), (false, 1));
        picked.add(4);
        assert_eq!(picked, Picked::all(true));
        assert_eq!(Picked::all(false).how_many(9), SelectedAll::None);
    }
}
