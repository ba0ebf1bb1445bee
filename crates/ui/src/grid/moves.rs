//! What a key does in a grid. Pure.

/// A pressed key with its modifiers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Press<'a> {
    /// Its name; `a` is the letter in every layout.
    pub(super) key: &'a str,
    pub(super) has_ctrl: bool,
    /// The Command key of macOS.
    pub(super) has_meta: bool,
    pub(super) has_shift: bool,
}

/// The cursor, and what the grid has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    pub(super) row: Option<usize>,
    pub(super) cell: usize,
    /// The cells that the cursor can be on, as they stand; the first is the whole row.
    pub(super) cells: &'a [usize],
    pub(super) n_rows: usize,
    /// Where a cursor appears.
    pub(super) first: usize,
    /// Number of rows that Page Up and Page Down move.
    pub(super) page: usize,
    pub(super) is_selectable: bool,
    /// Whether the group of the row is expanded, if the row is a header.
    pub(super) header: Option<bool>,
    /// Whether the text runs from right to left.
    pub(super) is_mirrored: bool,
}

/// What the grid does; it has taken the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Nothing,
    To {
        row: usize,
        cell: usize,
    },
    /// Moves the cursor to the row, and selects the rows on the way.
    Extend(usize),
    /// Selects the rows from the anchor to this one.
    SelectTo(usize),
    SelectAll,
    Toggle(usize),
    Open(usize),
    /// Acts on a cell of a row.
    Act(usize, usize),
    /// Collapses or expands the group of a header.
    ToggleGroup(usize),
    /// Selects or deselects the group of a header.
    SelectGroup(usize),
}

/// What a key does; `None` if the browser has the key.
pub(super) fn moved(press: Press<'_>, here: Here<'_>) -> Option<Move> {
    let last = here.n_rows.checked_sub(1)?;
    if press.has_meta || press.has_ctrl && press.key == "a" {
        return (press.key == "a" && !press.has_shift && here.is_selectable).then_some(Move::SelectAll);
    }
    let header = here.row.filter(|row| *row <= last).zip(here.header);
    if let Some(next) = header.and_then(|(row, is_expanded)| at_header(press, here, row, is_expanded)) {
        return Some(next);
    }
    if matches!(press.key, "Enter" | " ") {
        let row = here.row.filter(|row| *row <= last);
        return Some(row.map_or(Move::Nothing, |row| acted(press, here, row)));
    }
    let now = here.row.unwrap_or(here.first).min(last);
    if let Some(cell) = next_cell(press, here) {
        return Some(Move::To { row: now, cell });
    }
    let row = match press.key {
        "ArrowDown" => here.row.map_or(now, |_| now + 1),
        "ArrowUp" => now.saturating_sub(1),
        // With Ctrl, these are the browser's.
        "PageDown" | "PageUp" if press.has_ctrl => return None,
        "PageDown" => now + here.page,
        "PageUp" => now.saturating_sub(here.page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    let row = row.min(last);
    Some(if press.has_shift && here.is_selectable {
        Move::Extend(row)
    } else {
        Move::To { row, cell: here.cell }
    })
}

fn acted(press: Press<'_>, here: Here<'_>, row: usize) -> Move {
    let selects = press.key == " " && here.is_selectable;
    match here.cell {
        _ if selects && press.has_shift => Move::SelectTo(row),
        0 if selects => Move::Toggle(row),
        0 => Move::Open(row),
        cell => Move::Act(row, cell),
    }
}

/// What a key does to the group of a header.
fn at_header(press: Press<'_>, here: Here<'_>, row: usize, is_expanded: bool) -> Option<Move> {
    let expands = match (press.key, here.is_mirrored) {
        (" ", _) if press.has_shift && here.is_selectable => return Some(Move::SelectGroup(row)),
        ("Enter" | " ", _) => return Some(Move::ToggleGroup(row)),
        ("ArrowLeft", false) | ("ArrowRight", true) => false,
        ("ArrowRight", false) | ("ArrowLeft", true) => true,
        _ => return None,
    };
    Some(if expands == is_expanded { Move::Nothing } else { Move::ToggleGroup(row) })
}

/// The cell that the key leads to within the row.
fn next_cell(press: Press<'_>, here: Here<'_>) -> Option<usize> {
    let last = here.cells.len().checked_sub(1).filter(|last| *last > 0)?;
    let at = here.cells.iter().position(|cell| *cell == here.cell).unwrap_or_default();
    let next = match (press.key, here.is_mirrored) {
        ("ArrowLeft", false) | ("ArrowRight", true) => at.saturating_sub(1),
        ("ArrowRight", false) | ("ArrowLeft", true) => (at + 1).min(last),
        ("Home", _) if !press.has_ctrl => 0,
        ("End", _) if !press.has_ctrl => last,
        _ => return None,
    };
    here.cells.get(next).copied()
}

/// Where a range of selected rows starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Anchor {
    #[default]
    None,
    /// At the row toggled last.
    Toggled(usize),
    /// At the row where the cursor was before keys began to extend the range.
    Extending(usize),
}

impl Anchor {
    /// The row at which a range to `row` starts.
    pub(super) fn start_of(self, row: usize) -> usize {
        match self {
            Self::None => row,
            Self::Toggled(start) | Self::Extending(start) => start,
        }
    }

    /// The anchor while keys extend the range from `cursor`.
    pub(super) fn extended(self, cursor: usize) -> Self {
        match self {
            Self::Extending(_) => self,
            Self::None | Self::Toggled(_) => Self::Extending(cursor),
        }
    }

    /// The anchor once the cursor moves without a range.
    pub(super) fn released(self) -> Self {
        match self {
            Self::None | Self::Toggled(_) => self,
            Self::Extending(start) => Self::Toggled(start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchor, Here, Move, Press, moved};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// 100 rows, of which 10 fit, scrolled to the sixth.
    const WHOLE: Here<'_> = Here {
        row: Some(50),
        cell: 0,
        cells: &[0],
        n_rows: 100,
        first: 5,
        page: 9,
        is_selectable: false,
        header: None,
        is_mirrored: false,
    };
    const PICKED: Here<'_> = Here { is_selectable: true, ..WHOLE };
    const CELLS: Here<'_> = Here { cells: &[0, 1, 2, 3], cell: 2, ..PICKED };

    /// Reads keys like `Ctrl+Shift+End`.
    fn pressed(keys: &str, here: Here<'_>) -> Option<Move> {
        let key = keys.rsplit('+').next().unwrap_or_default();
        let press = Press {
            key: if key == "Space" { " " } else { key },
            has_ctrl: keys.contains("Ctrl+"),
            has_meta: keys.contains("Meta+"),
            has_shift: keys.contains("Shift+"),
        };
        moved(press, here)
    }

    fn to(row: usize, cell: usize) -> Option<Move> {
        Some(Move::To { row, cell })
    }

    #[wasm_bindgen_test]
    fn keys_move_between_whole_rows() {
        for (keys, expected) in [
            ("ArrowDown", to(51, 0)),
            ("ArrowUp", to(49, 0)),
            ("PageDown", to(59, 0)),
            ("PageUp", to(41, 0)),
            ("Home", to(0, 0)),
            ("End", to(99, 0)),
            ("Ctrl+Home", to(0, 0)),
            ("Shift+ArrowDown", to(51, 0)),
            ("Enter", Some(Move::Open(50))),
            ("Space", Some(Move::Open(50))),
            ("ArrowLeft", None),
            ("Meta+ArrowDown", None),
            ("Ctrl+a", None),
            ("Ctrl+PageDown", None),
            ("Escape", None),
            ("Tab", None),
            ("a", None),
        ] {
            assert_eq!(pressed(keys, WHOLE), expected, "{keys}");
        }
    }

    #[wasm_bindgen_test]
    fn the_cursor_stays_within_the_rows() {
        let at = |row| Here { row, ..WHOLE };
        for (keys, row, expected) in [
            ("ArrowUp", Some(0), to(0, 0)),
            ("PageUp", Some(3), to(0, 0)),
            ("ArrowDown", Some(99), to(99, 0)),
            ("PageDown", Some(95), to(99, 0)),
            ("ArrowDown", Some(400), to(99, 0)),
            ("Enter", Some(400), Some(Move::Nothing)),
            ("ArrowDown", None, to(5, 0)),
            ("ArrowUp", None, to(4, 0)),
            ("Enter", None, Some(Move::Nothing)),
        ] {
            assert_eq!(pressed(keys, at(row)), expected, "{keys} at {row:?}");
        }
        let none = Here { n_rows: 0, ..WHOLE };
        assert_eq!(moved(Press { key: "End", ..Press::default() }, none), None);
    }

    #[wasm_bindgen_test]
    fn keys_move_between_cells() {
        let mirrored = Here { is_mirrored: true, ..CELLS };
        for (keys, here, expected) in [
            ("ArrowLeft", CELLS, to(50, 1)),
            ("ArrowRight", CELLS, to(50, 3)),
            ("ArrowLeft", mirrored, to(50, 3)),
            ("ArrowRight", mirrored, to(50, 1)),
            ("ArrowRight", Here { cell: 3, ..CELLS }, to(50, 3)),
            ("ArrowLeft", Here { cell: 0, ..CELLS }, to(50, 0)),
            ("Home", CELLS, to(50, 0)),
            ("End", CELLS, to(50, 3)),
            ("Ctrl+Home", CELLS, to(0, 2)),
            ("Ctrl+End", CELLS, to(99, 2)),
            ("ArrowDown", CELLS, to(51, 2)),
            ("Enter", CELLS, Some(Move::Act(50, 2))),
            ("Space", CELLS, Some(Move::Act(50, 2))),
            ("Enter", Here { cell: 0, ..CELLS }, Some(Move::Open(50))),
            ("Ctrl+Shift+End", CELLS, Some(Move::Extend(99))),
        ] {
            assert_eq!(pressed(keys, here), expected, "{keys} at {here:?}");
        }
    }

    #[wasm_bindgen_test]
    fn keys_follow_the_order_of_the_cells_and_skip_hidden_ones() {
        let ordered = Here { cells: &[0, 3, 1], cell: 3, ..CELLS };
        for (keys, here, expected) in [
            ("ArrowRight", ordered, to(50, 1)),
            ("ArrowLeft", ordered, to(50, 0)),
            ("End", ordered, to(50, 1)),
            ("ArrowRight", Here { cell: 0, ..ordered }, to(50, 3)),
            // The cell of the cursor has just been hidden.
            ("ArrowRight", Here { cell: 2, ..ordered }, to(50, 3)),
        ] {
            assert_eq!(pressed(keys, here), expected, "{keys} at {here:?}");
        }
    }

    #[wasm_bindgen_test]
    fn keys_select() {
        for (keys, expected) in [
            ("Space", Move::Toggle(50)),
            ("Enter", Move::Open(50)),
            ("Shift+Space", Move::SelectTo(50)),
            ("Shift+ArrowDown", Move::Extend(51)),
            ("Shift+ArrowUp", Move::Extend(49)),
            ("Shift+PageDown", Move::Extend(59)),
            ("Shift+PageUp", Move::Extend(41)),
            ("Shift+Home", Move::Extend(0)),
            ("Shift+End", Move::Extend(99)),
            ("Ctrl+a", Move::SelectAll),
            ("Meta+a", Move::SelectAll),
        ] {
            assert_eq!(pressed(keys, PICKED), Some(expected), "{keys}");
        }
        for keys in ["Escape", "Ctrl+Shift+a", "a"] {
            assert_eq!(pressed(keys, PICKED), None, "{keys}");
        }
    }

    #[wasm_bindgen_test]
    fn keys_collapse_expand_and_select_the_group_of_a_header() {
        let open = Here { header: Some(true), ..CELLS };
        let closed = Here { header: Some(false), ..CELLS };
        let mirrored = |here| Here { is_mirrored: true, ..here };
        for (keys, here, expected) in [
            ("Enter", open, Some(Move::ToggleGroup(50))),
            ("Space", closed, Some(Move::ToggleGroup(50))),
            ("Shift+Space", open, Some(Move::SelectGroup(50))),
            ("Shift+Space", Here { is_selectable: false, ..open }, Some(Move::ToggleGroup(50))),
            ("ArrowLeft", open, Some(Move::ToggleGroup(50))),
            ("ArrowLeft", closed, Some(Move::Nothing)),
            ("ArrowRight", open, Some(Move::Nothing)),
            ("ArrowRight", closed, Some(Move::ToggleGroup(50))),
            ("ArrowRight", mirrored(open), Some(Move::ToggleGroup(50))),
            ("ArrowLeft", mirrored(closed), Some(Move::ToggleGroup(50))),
            ("ArrowDown", open, to(51, 2)),
            ("Shift+ArrowDown", open, Some(Move::Extend(51))),
            ("Ctrl+a", open, Some(Move::SelectAll)),
            ("Enter", Here { row: None, ..open }, Some(Move::Nothing)),
        ] {
            assert_eq!(pressed(keys, here), expected, "{keys} at {here:?}");
        }
    }

    #[wasm_bindgen_test]
    fn a_range_starts_where_it_was_begun() {
        let toggled = Anchor::Toggled(3);
        assert_eq!(Anchor::None.start_of(8), 8);
        assert_eq!(toggled.released().start_of(8), 3, "moving on keeps the toggled row");
        assert_eq!(toggled.extended(20).start_of(21), 20, "keys that extend start at the cursor");
        assert_eq!(toggled.extended(20).extended(21).start_of(22), 20);
        assert_eq!(toggled.extended(20).released().extended(30).start_of(31), 30);
    }
}
