//! Selected people. They stay selected whatever a view shows, until they leave the list.

use crate::people_list::PeopleList;

impl PeopleList {
    /// True if this person is selected.
    pub fn is_selected(&self, row: u32) -> bool {
        self.selected.contains(row)
    }

    /// Selects a person or not. Who is not in the list is never selected.
    pub fn select(&mut self, row: u32, is_selected: bool) {
        if is_selected && self.living.contains(row) {
            self.selected.insert(row);
        } else {
            self.selected.remove(row);
        }
    }

    /// Selects a person who is not selected, and the other way round.
    pub fn toggle(&mut self, row: u32) {
        self.select(row, !self.is_selected(row));
    }

    /// Selects people of a view or not, from one place to another. Both are included, in either order.
    pub fn select_range(&mut self, view: &[u32], from: usize, to: usize, is_selected: bool) {
        let end = from.max(to).saturating_add(1).min(view.len());
        let rows = view.get(from.min(to)..end).unwrap_or_default();
        rows.iter().for_each(|row| self.select(*row, is_selected));
    }

    /// Selects everyone in a view or not.
    pub fn select_all(&mut self, view: &[u32], is_selected: bool) {
        view.iter().for_each(|row| self.select(*row, is_selected));
    }

    /// Selects nobody.
    pub fn clear_selection(&mut self) {
        self.selected = Default::default();
    }

    /// The number of selected people.
    pub fn n_selected(&self) -> usize {
        self.selected.len()
    }

    /// The number of selected people in a view.
    pub fn n_selected_in(&self, view: &[u32]) -> usize {
        self.selected_in(view).count()
    }

    /// The selected people of a view, in its order.
    pub fn selected_in<'a>(&'a self, view: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        view.iter().copied().filter(|row| self.selected.contains(*row))
    }

    /// All selected people by name.
    pub fn selected_by_name(&mut self) -> Vec<u32> {
        self.sort_names();
        self.by_name.iter().copied().filter(|row| self.selected.contains(*row)).collect()
    }
}
