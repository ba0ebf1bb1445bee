//! Which rows of a long list are visible, and where. Pure arithmetic.

/// Rows drawn above and below the visible ones, so that scrolling meets rows already drawn.
const OVERSCAN: usize = 8;
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
        let top = self.top_row();
        let first = (top as usize).saturating_sub(OVERSCAN).min(self.n_rows - 1);
        let end = ((top + self.rows_in_view()).ceil() as usize).saturating_add(OVERSCAN).min(self.n_rows);
        let start_px = self.scrolled_px + (first as f64 - top) * self.row_px;
        Drawn { first, end, start_px }
    }

    /// The row at the top; the fraction is the part of it scrolled out of view.
    fn top_row(&self) -> f64 {
        let scrolled = self.scrolled_px.clamp(0.0, self.most_px());
        if self.is_in_proportion() {
            scrolled / self.most_px().max(1.0) * (self.n_rows as f64 - self.rows_in_view()).max(0.0)
        } else {
            scrolled / self.row_px.max(1.0)
        }
    }

    /// The first fully visible row.
    pub(super) fn first_whole(&self) -> usize {
        self.top_row().ceil() as usize
    }

    /// Number of rows that Page Up and Page Down move.
    pub(super) fn page(&self) -> usize {
        (self.rows_in_view().floor() as usize).saturating_sub(1).max(1)
    }

    /// The scroll offset that brings a row into view; `None` if it is in view.
    pub(super) fn scroll_to(&self, row: usize) -> Option<f64> {
        let (top, in_view) = (self.top_row(), self.rows_in_view());
        let row = row as f64;
        let wanted = if row < top {
            row
        } else if row + 1.0 > top + in_view {
            row + 1.0 - in_view
        } else {
            return None;
        };
        let px = if self.is_in_proportion() {
            wanted / (self.n_rows as f64 - in_view).max(1.0) * self.most_px()
        } else {
            wanted * self.row_px
        };
        Some(px.clamp(0.0, self.most_px()))
    }

    fn rows_in_view(&self) -> f64 {
        self.view_px / self.row_px.max(1.0)
    }

    fn most_px(&self) -> f64 {
        (self.area_px() - self.view_px).max(0.0)
    }

    fn is_in_proportion(&self) -> bool {
        self.n_rows as f64 * self.row_px > MAX_PX
    }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, OVERSCAN};
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
        for n_rows in [1, 400, 100_000, 3_000_000] {
            for row in [0, n_rows / 3, n_rows / 2, n_rows - 1] {
                let mut geometry = at(n_rows, 0.0);
                if let Some(px) = geometry.scroll_to(row) {
                    geometry.scrolled_px = px;
                }
                let drawn = geometry.drawn();
                assert!((drawn.first..drawn.end).contains(&row), "{row} of {n_rows}: {drawn:?}");
                let top = drawn.start_px + (row - drawn.first) as f64 * 50.0 - geometry.scrolled_px;
                assert!((-1.0..=471.0).contains(&top), "{row} of {n_rows} stands at {top}");
            }
        }
    }
}
