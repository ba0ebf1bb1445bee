//! Which columns of a grid are shown, and in which order. Pure.

use std::fmt::{self, Write};

/// Most columns that are read from a stored choice.
const MAX_STORED: usize = 64;

/// How much inline size a grid has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    Narrow,
    Middle,
    #[default]
    Wide,
}

/// What a choice depends on of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trait {
    pub(super) key: &'static str,
    /// Always shown at its place.
    pub(super) is_fixed: bool,
    /// Not shown, and not to be chosen: no row has it.
    pub(super) is_absent: bool,
    /// Shown from this size on, unless it is chosen.
    pub(super) least: Room,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wish {
    /// Shown where there is room.
    #[default]
    Auto,
    Shown,
    Hidden,
}

/// A direction among the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
}

/// What a user chose of the columns of a list, as it is stored: the keys in their order, those that are hidden after a
/// minus sign, and those that are shown in any room after a plus sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnChoice(Vec<(String, Wish)>);

impl ColumnChoice {
    /// Reads a stored choice. Columns that a list does not have, or has not yet, are kept.
    pub fn read(stored: &str) -> Self {
        let mut entries: Vec<(String, Wish)> = Vec::new();
        for word in stored.split_whitespace().take(MAX_STORED) {
            let (key, wish) = match (word.strip_prefix('-'), word.strip_prefix('+')) {
                (Some(key), _) => (key, Wish::Hidden),
                (_, Some(key)) => (key, Wish::Shown),
                (None, None) => (word, Wish::Auto),
            };
            if !key.is_empty() && entries.iter().all(|(known, _)| known != key) {
                entries.push((key.to_owned(), wish));
            }
        }
        Self(entries)
    }

    /// The places of the columns that are shown, in order.
    pub(super) fn visible(&self, columns: &[Trait], room: Room) -> Vec<usize> {
        let order = self.order(columns);
        order.into_iter().filter(|idx| columns.get(*idx).is_some_and(|one| self.shows(one, room))).collect()
    }

    /// The places of the columns that can be hidden and moved, in order.
    pub(super) fn free(&self, columns: &[Trait]) -> Vec<usize> {
        let is_free = |idx: &usize| columns.get(*idx).is_some_and(|one| !one.is_fixed && !one.is_absent);
        self.order(columns).into_iter().filter(is_free).collect()
    }

    /// Shows or hides a column.
    pub(super) fn set_shown(&mut self, columns: &[Trait], idx: usize, room: Room, is_shown: bool) {
        let Some(column) = columns.get(idx).filter(|column| !column.is_fixed) else { return };
        let wish = match is_shown {
            false => Wish::Hidden,
            true if room >= column.least => Wish::Auto,
            true => Wish::Shown,
        };
        self.spell_out(columns);
        if let Some((_, own)) = self.0.iter_mut().find(|(key, _)| key == column.key) {
            *own = wish;
        }
        self.forget_defaults(columns);
    }

    /// Moves a column before or behind the next one that can be moved. False if it is the first or the last of them.
    pub(super) fn shift(&mut self, columns: &[Trait], idx: usize, step: Step) -> bool {
        let free = self.free(columns);
        let Some(at) = free.iter().position(|other| *other == idx) else { return false };
        let other = match step {
            Step::Up => at.checked_sub(1),
            Step::Down => Some(at + 1).filter(|at| *at < free.len()),
        };
        let Some(other) = other else { return false };
        self.spell_out(columns);
        let entry = |place: usize| {
            let key = columns.get(*free.get(place)?)?.key;
            self.0.iter().position(|(known, _)| known == key)
        };
        let (Some(one), Some(other)) = (entry(at), entry(other)) else { return false };
        self.0.swap(one, other);
        self.forget_defaults(columns);
        true
    }

    /// Whether nothing was chosen.
    pub(super) fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// The places of all columns in order: fixed ones stay, and the others share what is left.
    fn order(&self, columns: &[Trait]) -> Vec<usize> {
        let keys = self.keys(columns);
        let place = |key: &String| columns.iter().position(|column| column.key == key);
        let mut free = keys.iter().filter_map(place).filter(|idx| !columns[*idx].is_fixed);
        let own = |(idx, column): (usize, &Trait)| if column.is_fixed { Some(idx) } else { free.next() };
        columns.iter().enumerate().filter_map(own).collect()
    }

    /// The keys of all columns, also of other lists. One that was not stored follows the one that it follows by default.
    fn keys(&self, columns: &[Trait]) -> Vec<String> {
        let mut keys: Vec<String> = self.0.iter().map(|(key, _)| key.clone()).collect();
        let mut before: Option<&str> = None;
        for column in columns {
            if keys.iter().all(|key| key != column.key) {
                let at = before.and_then(|before| keys.iter().position(|key| key == before));
                keys.insert(at.map_or(0, |at| at + 1), column.key.to_owned());
            }
            before = Some(column.key);
        }
        keys
    }

    fn wish(&self, key: &str) -> Wish {
        self.0.iter().find(|(known, _)| known == key).map(|(_, wish)| *wish).unwrap_or_default()
    }

    fn shows(&self, column: &Trait, room: Room) -> bool {
        let is_wanted = match self.wish(column.key) {
            Wish::Hidden => column.is_fixed,
            Wish::Shown => true,
            Wish::Auto => room >= column.least,
        };
        is_wanted && !column.is_absent
    }

    fn spell_out(&mut self, columns: &[Trait]) {
        let with_wish = |key: String| {
            let wish = self.wish(&key);
            (key, wish)
        };
        self.0 = self.keys(columns).into_iter().map(with_wish).collect();
    }

    /// Forgets a choice that changes nothing, so that later versions of the list show their own defaults.
    fn forget_defaults(&mut self, columns: &[Trait]) {
        let defaults = columns.iter().map(|column| (column.key, Wish::Auto));
        if self.0.iter().map(|(key, wish)| (key.as_str(), *wish)).eq(defaults) {
            self.0.clear();
        }
    }
}

impl fmt::Display for ColumnChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, (key, wish)) in self.0.iter().enumerate() {
            if idx > 0 {
                f.write_char(' ')?;
            }
            f.write_str(match wish {
                Wish::Auto => "",
                Wish::Shown => "+",
                Wish::Hidden => "-",
            })?;
            f.write_str(key)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{ColumnChoice, Room, Step, Trait};
    use wasm_bindgen_test::wasm_bindgen_test;

    const fn column(key: &'static str, least: Room) -> Trait {
        Trait { key, is_fixed: false, is_absent: false, least }
    }

    const PEOPLE: [Trait; 5] = [
        Trait { is_fixed: true, ..column("name", Room::Narrow) },
        column("email", Room::Narrow),
        column("phone", Room::Wide),
        column("role", Room::Middle),
        Trait { is_fixed: true, ..column("details", Room::Narrow) },
    ];

    fn keys(choice: &ColumnChoice, columns: &[Trait], room: Room) -> String {
        choice.visible(columns, room).into_iter().map(|idx| columns[idx].key).collect::<Vec<_>>().join(" ")
    }

    fn shown(stored: &str, room: Room) -> String {
        keys(&ColumnChoice::read(stored), &PEOPLE, room)
    }

    #[wasm_bindgen_test]
    fn columns_are_shown_where_there_is_room_or_where_they_are_chosen() {
        for (stored, room, expected) in [
            ("", Room::Wide, "name email phone role details"),
            ("", Room::Middle, "name email role details"),
            ("", Room::Narrow, "name email details"),
            ("name email +phone role details", Room::Narrow, "name email phone details"),
            ("name -email phone role details", Room::Wide, "name phone role details"),
            ("name role phone email details", Room::Wide, "name role phone email details"),
        ] {
            assert_eq!(shown(stored, room), expected, "{stored:?} with {room:?}");
        }
    }

    #[wasm_bindgen_test]
    fn a_stored_choice_fits_lists_that_have_changed() {
        for (stored, expected) in [
            // Fixed columns neither move nor hide, whatever was stored.
            ("details email -name role phone", "name email role phone details"),
            // A new column follows its neighbor; one of another list is ignored.
            ("id role phone", "name email role phone details"),
            ("role -email", "name role phone details"),
            ("phone phone - + -phone", "name email phone role details"),
        ] {
            assert_eq!(shown(stored, Room::Wide), expected, "{stored:?}");
        }
        let mut choice = ColumnChoice::read("email -id phone role");
        assert!(choice.shift(&PEOPLE, 3, Step::Up));
        assert_eq!(choice.to_string(), "name email -id role phone details");
    }

    #[wasm_bindgen_test]
    fn every_order_is_in_reach_and_survives_storage() {
        let mut seen = std::collections::BTreeSet::new();
        let mut open = vec![ColumnChoice::default()];
        while let Some(choice) = open.pop() {
            if !seen.insert(choice.to_string()) {
                continue;
            }
            assert_eq!(ColumnChoice::read(&choice.to_string()), choice);
            let visible = choice.visible(&PEOPLE, Room::Wide);
            assert_eq!((visible.first(), visible.last()), (Some(&0), Some(&4)), "fixed columns stay");
            for (idx, step) in (0..PEOPLE.len()).flat_map(|idx| [(idx, Step::Up), (idx, Step::Down)]) {
                let mut next = choice.clone();
                let is_moved = next.shift(&PEOPLE, idx, step);
                assert_eq!(is_moved, next != choice, "{choice} {idx} {step:?}");
                if is_moved {
                    let mut back = next.clone();
                    let other = if step == Step::Up { Step::Down } else { Step::Up };
                    assert!(back.shift(&PEOPLE, idx, other), "a step can be taken back");
                    assert_eq!(back, choice);
                }
                open.push(next);
            }
        }
        assert_eq!(seen.len(), 6, "three columns can be moved: {seen:?}");
    }

    #[wasm_bindgen_test]
    fn what_is_checked_is_shown_and_what_is_not_is_hidden() {
        for room in [Room::Narrow, Room::Middle, Room::Wide] {
            for (idx, column) in PEOPLE.iter().enumerate().filter(|(_, column)| !column.is_fixed) {
                let mut choice = ColumnChoice::default();
                choice.set_shown(&PEOPLE, idx, room, false);
                assert!(!choice.visible(&PEOPLE, room).contains(&idx));
                choice.set_shown(&PEOPLE, idx, room, true);
                assert!(choice.visible(&PEOPLE, room).contains(&idx));
                assert_eq!(choice.is_default(), room >= column.least, "{idx} with {room:?}");
            }
        }
        let mut choice = ColumnChoice::default();
        choice.set_shown(&PEOPLE, 0, Room::Wide, false);
        assert!(choice.is_default(), "the first column stays");
    }

    #[wasm_bindgen_test]
    fn a_column_that_no_row_has_is_skipped() {
        let mut columns = PEOPLE;
        columns[2].is_absent = true;
        let mut choice = ColumnChoice::read("email +phone role");
        assert_eq!(keys(&choice, &columns, Room::Wide), "name email role details");
        assert_eq!(choice.free(&columns), [1, 3]);
        assert!(choice.shift(&columns, 3, Step::Up));
        assert_eq!(choice.free(&columns), [3, 1]);
        assert!(!choice.shift(&columns, 3, Step::Up));
    }
}
