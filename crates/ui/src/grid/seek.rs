//! Tells reading from seeking. While a scrollbar is dragged through a long list, every frame skips whole views: drawing
//! the rows of each would hold the scrolling up, and nobody can read them.

use std::time::Duration;

use leptos::prelude::*;

use super::geometry::Geometry;
use super::now;
use super::state::State;

/// How long a scrolling rests before its rows are drawn, in milliseconds.
const REST_MS: f64 = 100.0;
/// After this time without skipping rows, another scrolling begins. Longer than frames take on a slow device.
const PAUSE_MS: f64 = 300.0;

/// The last scrolling that skipped rows. Times are in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Seek {
    /// The row at the top.
    top: f64,
    skipped_at: f64,
}

impl Seek {
    /// Whether to draw the rows now that this one is at the top, and this number of rows is in view. If not, they are
    /// to be drawn once the scrolling [rests](Self::rests).
    fn draws(&mut self, top: f64, in_view: f64, now: f64) -> bool {
        let skips = (top - self.top).abs() > in_view;
        self.top = top;
        if !skips {
            return true;
        }
        let is_first = now - self.skipped_at >= PAUSE_MS;
        self.skipped_at = now;
        is_first
    }

    fn rests(&self, now: f64) -> bool {
        now - self.skipped_at >= REST_MS
    }
}

impl State {
    /// Follows the user's scrolling; what is skipped is not drawn.
    pub(super) fn on_scroll(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let scrolled_px = f64::from(element.scroll_top());
        let geometry = Geometry { scrolled_px, ..self.geometry.get_untracked() };
        let mut seek = self.seek.get_value();
        let draws = seek.draws(geometry.top_row(), geometry.rows_in_view(), now());
        self.seek.set_value(seek);
        if draws {
            self.scrolled.set(scrolled_px);
        } else if !self.awaits_rest.get_value() {
            self.awaits_rest.set_value(true);
            self.draw_after_rest();
        }
    }

    fn draw_after_rest(self) {
        let draw = move || {
            // `None` if the grid has left the document.
            let Some(seek) = self.seek.try_get_value() else { return };
            if seek.rests(now()) {
                self.awaits_rest.set_value(false);
                self.note_scroll();
            } else {
                self.draw_after_rest();
            }
        };
        set_timeout(draw, Duration::from_millis(REST_MS as u64));
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
    fn rows_that_are_skipped_are_drawn_once_it_rests() {
        assert_eq!(drawn(&[500.0; 80]), [0]);
        let mut seek = Seek::default();
        assert!(seek.draws(500.0, 10.0, 1_000.0) && !seek.draws(900.0, 10.0, 1_016.0));
        assert!(!seek.rests(1_110.0) && seek.rests(1_116.0));
        assert!(!seek.draws(1_500.0, 10.0, 1_216.0), "a slow frame");
        assert!(seek.draws(900.0, 10.0, 1_516.0), "another scrolling");
    }
}
