//! Tells reading from seeking. While a scrollbar is dragged through a long list, every frame skips whole views: drawing
//! the rows of each would hold the scrolling up, and nobody can read them.

/// How long a scrolling rests before its rows are drawn, in milliseconds.
pub(super) const REST_MS: f64 = 80.0;
/// How often rows are drawn while it does not rest.
const DRAW_EVERY_MS: f64 = 400.0;

/// The last scrolling that skipped rows. Times are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Seek {
    /// The row at the top.
    top: f64,
    skipped_at: f64,
    drawn_at: f64,
}

impl Seek {
    /// Whether to draw the rows now that this one is at the top, and this number of rows is in view. If not, they are
    /// to be drawn once the scrolling [rests](Self::rests).
    pub(super) fn draws(&mut self, top: f64, in_view: f64, now: f64) -> bool {
        let skips = (top - self.top).abs() > in_view;
        self.top = top;
        if !skips {
            return true;
        }
        let is_first = now - self.skipped_at >= REST_MS;
        self.skipped_at = now;
        let draws = is_first || now - self.drawn_at >= DRAW_EVERY_MS;
        if draws {
            self.drawn_at = now;
        }
        draws
    }

    pub(super) fn rests(&self, now: f64) -> bool {
        now - self.skipped_at >= REST_MS
    }
}

#[cfg(test)]
mod tests {
    use super::Seek;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// When rows are drawn while a list of 10 rows in view is scrolled by so many rows every 16 ms.
    fn drawn(rows: &[f64]) -> Vec<usize> {
        let (mut seek, mut top) = (Seek::default(), 0.0);
        let mut draws = |(idx, by): (usize, &f64)| {
            top += by;
            seek.draws(top, 10.0, 1_000.0 + 16.0 * idx as f64).then_some(idx)
        };
        rows.iter().enumerate().filter_map(&mut draws).collect()
    }

    #[wasm_bindgen_test]
    fn rows_that_can_be_read_are_drawn_at_once() {
        assert_eq!(drawn(&[3.0; 50]), (0..50).collect::<Vec<_>>());
        assert_eq!(drawn(&[500.0]), [0], "one jump");
        assert_eq!(drawn(&[500.0, 500.0, 500.0, 2.0, 2.0]), [0, 3, 4], "it slows down");
    }

    #[wasm_bindgen_test]
    fn rows_that_are_skipped_are_drawn_now_and_then() {
        assert_eq!(drawn(&[500.0; 80]), [0, 25, 50, 75]);
        let mut seek = Seek::default();
        assert!(seek.draws(500.0, 10.0, 1_000.0) && !seek.draws(900.0, 10.0, 1_016.0));
        assert!(!seek.rests(1_090.0) && seek.rests(1_096.0));
        assert!(seek.draws(1_500.0, 10.0, 1_100.0), "it has rested");
    }
}
