//! Which rows of a long list are in view, and where they stand. Numbers only.

/// Rows drawn before and after those in view, so that scrolling meets rows that are there already.
const OVERSCAN: usize = 8;
/// Tallest scrolled area: browsers stop drawing somewhere above. Longer lists scroll in proportion.
const MAX_PX: f64 = 10_000_000.0;

/// A long list in a box that scrolls. All lengths are pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Geometry {
    /// How many rows there are.
    pub(super) n_rows: usize,
    /// How tall one is.
    pub(super) row_px: f64,
    /// How tall the box is, without what lies over its top.
    pub(super) view_px: f64,
    /// How far it is scrolled.
    pub(super) scrolled_px: f64,
}

/// The rows that are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Drawn {
    /// The first.
    pub(super) first: usize,
    /// One after the last.
    pub(super) end: usize,
    /// How far below the beginning of the list the first stands.
    pub(super) start_px: f64,
}

impl Geometry {
    /// How tall the scrolled area is.
    pub(super) fn area_px(&self) -> f64 {
        (self.n_rows as f64 * self.row_px).min(MAX_PX)
    }

    /// The rows to draw.
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

    /// The row that stands at the top, with the part of it that is above.
    fn top_row(&self) -> f64 {
        let scrolled = self.scrolled_px.clamp(0.0, self.most_px());
        if self.is_in_proportion() {
            scrolled / self.most_px().max(1.0) * (self.n_rows as f64 - self.rows_in_view()).max(0.0)
        } else {
            scrolled / self.row_px.max(1.0)
        }
    }

    /// The first row that is in view from its beginning.
    pub(super) fn first_whole(&self) -> usize {
        self.top_row().ceil() as usize
    }

    /// How many rows a page up or down goes.
    pub(super) fn page(&self) -> usize {
        (self.rows_in_view().floor() as usize).saturating_sub(1).max(1)
    }

    /// How far to scroll so that a row is in view; `None` if it is.
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
