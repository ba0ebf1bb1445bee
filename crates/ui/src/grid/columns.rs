//! The columns of a grid as the user wants them, and what puts the cells of a row in their order.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

use super::choice::{ColumnChoice, Room, Step, Trait};
use crate::table::Column;

/// The place of a cell's column by default; set once cells have been moved.
const COLUMN: &str = "data-column";

/// The columns of a grid with what the user chose of them. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct GridColumns {
    columns: StoredValue<Vec<Column>>,
    choice: RwSignal<ColumnChoice>,
    room: RwSignal<Room>,
    visible: Memo<Vec<usize>>,
}

impl From<Vec<Column>> for GridColumns {
    fn from(columns: Vec<Column>) -> Self {
        Self::new(columns, ColumnChoice::default())
    }
}

impl GridColumns {
    /// Columns with an earlier choice.
    pub fn new(columns: Vec<Column>, choice: ColumnChoice) -> Self {
        let (columns, choice) = (StoredValue::new(columns), RwSignal::new(choice));
        let room = RwSignal::new(Room::default());
        let visible = Memo::new(move |_| {
            let traits = columns.with_value(|columns| traits(columns));
            choice.with(|choice| choice.visible(&traits, room.get()))
        });
        Self { columns, choice, room, visible }
    }

    /// What the user chose; tracked.
    pub fn choice(self) -> ColumnChoice {
        self.choice.get()
    }

    /// The places of the columns that are shown, in order; tracked.
    pub(super) fn visible(self) -> Vec<usize> {
        self.visible.get()
    }

    /// The columns that are shown, in order; tracked.
    pub(super) fn shown(self) -> Vec<(usize, Column)> {
        let visible = self.visible.get();
        self.columns.with_value(|columns| {
            visible.into_iter().filter_map(|idx| Some((idx, columns.get(idx)?.clone()))).collect()
        })
    }

    /// The columns that can be hidden and moved, in order; tracked.
    pub(super) fn free(self) -> Vec<(usize, Column)> {
        self.columns.with_value(|columns| {
            let free = self.choice.with(|choice| choice.free(&traits(columns)));
            free.into_iter().filter_map(|idx| Some((idx, columns.get(idx)?.clone()))).collect()
        })
    }

    /// Where a column stands among those that are shown, from 0; tracked.
    pub(super) fn place(self, idx: usize) -> Option<usize> {
        self.visible.with(|visible| visible.iter().position(|other| *other == idx))
    }

    /// Shows or hides a column.
    pub(super) fn set_shown(self, idx: usize, is_shown: bool) {
        let room = self.room.get_untracked();
        self.change(|choice, traits| choice.set_shown(traits, idx, room, is_shown));
    }

    /// Moves a column; false if there is nothing to pass.
    pub(super) fn shift(self, idx: usize, step: Step) -> bool {
        self.change(|choice, traits| choice.shift(traits, idx, step))
    }

    /// Forgets what the user chose.
    pub(super) fn reset(self) {
        self.choice.set(ColumnChoice::default());
    }

    /// Whether the user chose nothing; tracked.
    pub(super) fn is_default(self) -> bool {
        self.choice.with(ColumnChoice::is_default)
    }

    fn change<T>(self, change: impl FnOnce(&mut ColumnChoice, &[Trait]) -> T) -> T {
        let traits = self.columns.with_value(|columns| untrack(|| traits(columns)));
        let mut choice = self.choice.get_untracked();
        let changed = change(&mut choice, &traits);
        self.choice.set(choice);
        changed
    }

    /// Takes over how much room the stylesheet says there is.
    pub(super) fn measure(self, probe: &HtmlElement) {
        let style = window().get_computed_style(probe).ok().flatten();
        let room = style.and_then(|style| style.get_property_value("--room").ok()).unwrap_or_default();
        let room = match room.trim() {
            "narrow" => Room::Narrow,
            "middle" => Room::Middle,
            _ => Room::Wide,
        };
        if self.room.get_untracked() != room {
            self.room.set(room);
        }
    }

    /// Tells the stylesheet the tracks of the columns, and the least inline size in which they fit. Each column `key` may
    /// have `--min-key` and `--max-key`.
    pub(super) fn size(self, elements: [Option<HtmlElement>; 2]) {
        let keys: Vec<&'static str> = self.shown().into_iter().map(|(_, column)| column.key).collect();
        let least = |key: &&str| ["var(--min-", key, ", var(--min-column, 0px))"].concat();
        let track =
            |key: &&str| ["minmax(", &least(key), ", var(--max-", key, ", var(--max-column, 1fr)))"].concat();
        let tracks = keys.iter().map(track).collect::<Vec<_>>().join(" ");
        let sum = keys.iter().map(least).collect::<Vec<_>>().join(" + var(--vgap) + ");
        for style in elements.iter().flatten().map(HtmlElement::style) {
            // Setting fails only for a computed style.
            let _ = style.set_property("--columns", &tracks);
            let _ = style.set_property("--vmin", &["calc(", &sum, ")"].concat());
        }
    }
}

/// Tracked: a column may turn out to be absent.
fn traits(columns: &[Column]) -> Vec<Trait> {
    let one = |column: &Column| Trait {
        key: column.key,
        is_fixed: column.is_fixed,
        is_absent: column.absent.is_some_and(|absent| absent.get()),
        least: column.class.split(' ').fold(Room::Narrow, |least, class| match class {
            "lo" => Room::Wide,
            "mid" => least.max(Room::Middle),
            _ => least,
        }),
    };
    columns.iter().map(one).collect()
}

/// Puts the cells of a row in the order of the columns, hides the others, and numbers them. Cells that have not been
/// moved stand in the order of all columns.
pub(super) fn arrange(row: &Element, visible: &[usize]) {
    let (ticks, cells): (Vec<Element>, Vec<Element>) = children(row).partition(is_tick);
    let mut number = 1;
    for tick in &ticks {
        set(tick, "aria-colindex", &number.to_string());
        number += 1;
    }
    let is_plain = cells.len() == visible.len() && visible.iter().copied().eq(0..cells.len());
    if is_plain && cells.iter().all(|cell| !cell.has_attribute(COLUMN)) {
        for cell in &cells {
            set(cell, "aria-colindex", &number.to_string());
            number += 1;
        }
        return;
    }
    let mut by_column: Vec<Option<&Element>> = vec![None; cells.len()];
    for (place, cell) in cells.iter().enumerate() {
        let known = cell.get_attribute(COLUMN).and_then(|known| known.parse().ok());
        let column = known.unwrap_or_else(|| {
            set(cell, COLUMN, &place.to_string());
            place
        });
        if let Some(slot) = by_column.get_mut(column) {
            *slot = Some(cell);
        }
    }
    let shown: Vec<&Element> =
        visible.iter().filter_map(|column| by_column.get(*column).copied().flatten()).collect();
    for (column, cell) in by_column.iter().enumerate() {
        if let Some(cell) = cell.filter(|_| !visible.contains(&column)) {
            set(cell, "hidden", "");
        }
    }
    for cell in &shown {
        unset(cell, "hidden");
        set(cell, "aria-colindex", &number.to_string());
        number += 1;
    }
    // Read aloud in the order in which they are seen.
    let stands = cells.iter().filter(|cell| !cell.has_attribute("hidden"));
    if !stands.eq(shown.iter().copied()) {
        for cell in shown {
            // Appending fails only to a node inside the cell.
            let _ = row.append_child(cell);
        }
    }
}

/// The cell of a column in a row.
pub(super) fn cell_of(row: &Element, column: usize) -> Option<Element> {
    let cells = || children(row).filter(|cell| !is_tick(cell));
    let place = column.to_string();
    match cells().next()?.has_attribute(COLUMN) {
        true => cells().find(|cell| cell.get_attribute(COLUMN).as_ref() == Some(&place)),
        false => cells().nth(column),
    }
}

/// The column of what is in a row; `None` for its checkbox.
pub(super) fn column_of(row: &Element, inside: &Element) -> Option<usize> {
    let count = children(row).count();
    (0..count).find(|column| cell_of(row, *column).is_some_and(|cell| cell.contains(Some(inside))))
}

fn children(row: &Element) -> impl Iterator<Item = Element> + use<> {
    let all = std::iter::successors(row.first_element_child(), Element::next_element_sibling);
    all.filter(|cell| cell.has_attribute("role"))
}

fn is_tick(cell: &Element) -> bool {
    cell.class_list().contains("vtick")
}

/// Removes an attribute, which does not fail.
pub(super) fn unset(element: &Element, name: &str) {
    let _ = element.remove_attribute(name);
}

/// Sets an attribute. That fails only for an invalid name.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
