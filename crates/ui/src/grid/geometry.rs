//! Which rows of a long list are visible, and where. Pure arithmetic.

/// Rows drawn above and below the visible ones, so that scrolling meets rows already drawn.
const OVERSCAN: usize = 3;
/// Maximum height of the scrolled area: browsers limit it. Longer lists scroll proportionally.
const MAX_PX: f64 = 10_000_000.0;

/// A long list in a scrolling box. All lengths are in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Geometry {
    /// Number of rows.
    pub(super) n_rows: usize,
    /// Height of a row.
    pub(super) row_px: f64,
    /// Height of the box, without what covers its top.
    pub(super) view_px: f64,
    /// Scroll offset.
    pub(super) scrolled_px: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Drawn {
    pub(super) first: usize,
    /// One past the last.
    pub(super) end: usize,
    /// Offset of the first row from the top of the list.
    pub(super) start_px: f64,
}

impl Geometry {
    /// Height of the scrolled area.
    pub(super) fn area_px(&self) -> f64 {
        (self.n_rows as f64 * self.row_px).min(MAX_PX)
    }

    pub(super) fn drawn(&self) -> Drawn {
        if self.n_rows == 0 || self.row_px <= 0.0 {
            return Drawn::default();
        }
        let (top, (first, end)) = (self.top_row(), self.in_view());
        let first = first.saturating_sub(OVERSCAN).min(self.n_rows - 1);
        let end = end.saturating_add(OVERSCAN).min(self.n_rows);
        let start_px = self.scrolled_px + (first as f64 - top) * self.row_px;
        Drawn { first, end, start_px }
    }

    /// The row at the top; the fraction is the part of it scrolled out of view.
    pub(super) fn top_row(&self) -> f64 {
        let scrolled = self.scrolled_px.clamp(0.0, self.most_px());
        if self.is_in_proportion() {
            scrolled / self.most_px().max(1.0) * (self.n_rows as f64 - self.rows_in_view()).max(0.0)
        } else {
            scrolled / self.row_px.max(1.0)
        }
    }

    /// The first row of which something is visible, and one past the last.
    pub(super) fn in_view(&self) -> (usize, usize) {
        let top = self.top_row();
        (top as usize, ((top + self.rows_in_view()).ceil() as usize).min(self.n_rows))
    }

    /// The first fully visible row.
    pub(super) fn first_whole(&self) -> usize {
        self.top_row().ceil() as usize
    }

    /// Number of rows that Page Up and Page Down move.
    pub(super) fn page(&self) -> usize {
        (self.rows_in_view().floor() as usize).saturating_sub(1).max(1)
    }

    /// The scroll offset that brings a row into view, in whole pixels; `None` if it is in view.
    pub(super) fn scroll_to(&self, row: usize) -> Option<f64> {
        let (top, in_view) = (self.top_row(), self.rows_in_view());
        let row = row as f64;
        // A pixel may be several of the rows' pixels: rounding must not push the row under the head.
        if row < top {
            Some(self.offset_of(row).floor())
        } else if row + 1.0 > top + in_view {
            Some(self.offset_of(row + 1.0 - in_view).ceil())
        } else {
            None
        }
    }

    /// The scroll offset with this row at the top.
    fn offset_of(&self, top_row: f64) -> f64 {
        let px = if self.is_in_proportion() {
            top_row / (self.n_rows as f64 - self.rows_in_view()).max(1.0) * self.most_px()
        } else {
            top_row * self.row_px
        };
        px.clamp(0.0, self.most_px())
    }

    pub(super) fn rows_in_view(&self) -> f64 {
        self.view_px / self.row_px.max(1.0)
    }

    fn most_px(&self) -> f64 {
        (self.area_px() - self.view_px).max(0.0)
    }

    fn is_in_proportion(&self) -> bool {
        self.n_rows as f64 * self.row_px > MAX_PX
    }
}

/// How far to scroll sideways until a cell is in view, or its start if it is wider than the view. Both are spans
/// of the screen, in pixels.
pub(super) fn sideways(view: (f64, f64), cell: (f64, f64)) -> f64 {
    if cell.0 < view.0 || cell.1 - cell.0 > view.1 - view.0 {
        cell.0 - view.0
    } else {
        (cell.1 - view.1).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, OVERSCAN, sideways};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn at(n_rows: usize, scrolled_px: f64) -> Geometry {
        Geometry { n_rows, row_px: 50.0, view_px: 520.0, scrolled_px }
    }

    #[wasm_bindgen_test]
    fn only_rows_in_view_are_drawn() {
        for n_rows in [0, 1, 10, 400, 100_000, 3_000_000] {
            for share in [0.0, 0.001, 0.37, 0.999, 1.0] {
                let most = (at(n_rows, 0.0).area_px() - 520.0).max(0.0);
                let geometry = at(n_rows, most * share);
                let drawn = geometry.drawn();
                assert!(drawn.end - drawn.first <= 11 + 1 + 2 * OVERSCAN, "{geometry:?} {drawn:?}");
                assert!(drawn.end <= n_rows);
                if share == 0.0 {
                    assert_eq!((drawn.first, drawn.start_px), (0, 0.0));
                }
                if share == 1.0 {
                    assert_eq!(drawn.end, n_rows, "the end is reached");
                    let bottom = drawn.start_px + (drawn.end - drawn.first) as f64 * 50.0;
                    assert!((bottom - geometry.area_px()).abs() < 1.0, "nothing lies below the end");
                }
            }
        }
    }

    #[wasm_bindgen_test]
    fn every_row_can_be_scrolled_to() {
        let rows = |n_rows: usize| [0, n_rows / 3, n_rows / 2, n_rows - 1];
        for (n_rows, from_end) in
            [1, 400, 100_000, 1_000_000].into_iter().flat_map(|n| [(n, false), (n, true)])
        {
            for row in rows(n_rows) {
                let mut geometry = at(n_rows, 0.0);
                if from_end {
                    geometry.scrolled_px = (geometry.area_px() - 520.0).max(0.0);
                }
                if let Some(px) = geometry.scroll_to(row) {
                    geometry.scrolled_px = px;
                }
                let drawn = geometry.drawn();
                assert!((drawn.first..drawn.end).contains(&row), "{row} of {n_rows}: {drawn:?}");
                let top = drawn.start_px + (row - drawn.first) as f64 * 50.0 - geometry.scrolled_px;
                // Not under the head by any part of a pixel, nor below the end.
                assert!((-0.01..=470.01).contains(&top), "{row} of {n_rows} stands at {top}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_cell_is_scrolled_into_view_sideways() {
        for (cell, expected) in
            [((120.0, 180.0), 0.0), ((80.0, 140.0), -20.0), ((280.0, 340.0), 40.0), ((150.0, 900.0), 50.0)]
        {
            assert!((sideways((100.0, 300.0), cell) - expected).abs() < 0.01, "{cell:?}");
        }
    }
}
