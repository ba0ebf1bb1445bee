//! A grid in pages: all rows of a page are in the document, for those who read it from top to bottom.

use leptos::prelude::*;

use super::state::State;
use crate::button::Button;
use i18n::{format_number, text};

/// Number of rows of a page.
pub(super) const PAGE_ROWS: usize = 50;

/// Whether the grids of the console are shown in pages; a context.
#[derive(Clone, Copy, Debug)]
pub struct PagedLists(pub Signal<bool>);

/// The pages of a grid.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    is_on: Signal<bool>,
    count: Signal<usize>,
    /// May be beyond the last page once rows are gone.
    wanted: RwSignal<usize>,
}

impl Pages {
    pub(super) fn new(count: Signal<usize>) -> Self {
        let is_on = use_context().map_or_else(|| Signal::stored(false), |PagedLists(is_on)| is_on);
        Self { is_on, count, wanted: RwSignal::new(0) }
    }

    /// Whether there are pages; tracked.
    pub(super) fn is_on(self) -> bool {
        self.is_on.get()
    }

    /// The rows of the current page, the second number one past the last; `None` without pages. Tracked.
    pub(super) fn rows(self) -> Option<(usize, usize)> {
        self.is_on.get().then(|| rows_of(self.wanted.get(), self.count.get()))
    }

    /// Turns to the page with a row.
    pub(super) fn turn_to(self, row: usize) {
        let page = row / PAGE_ROWS;
        if self.wanted.get_untracked() != page {
            self.wanted.set(page);
        }
    }
}

/// The rows of a page, or of the last one there is.
fn rows_of(page: usize, count: usize) -> (usize, usize) {
    let last = count.saturating_sub(1) / PAGE_ROWS;
    let first = page.min(last) * PAGE_ROWS;
    (first, (first + PAGE_ROWS).min(count))
}

/// Turns the pages and says which rows are shown, above them, so that what was turned to follows. Nothing while all rows
/// fit on one page.
pub(super) fn bar(state: State) -> AnyView {
    let pages = state.pages;
    let has_pages = Memo::new(move |_| pages.is_on() && pages.count.get() > PAGE_ROWS);
    let first = move || pages.rows().is_some_and(|(first, _)| first == 0).then(text::ui_first_page);
    let last = move || pages.rows().is_some_and(|(_, end)| end >= pages.count.get()).then(text::ui_last_page);
    let said = move || {
        let (first, end) = pages.rows().unwrap_or_default();
        text::ui_rows_of(text::UiRowsOf {
            first: &format_number(first as f64 + 1.0),
            last: &format_number(end as f64),
            total: &format_number(pages.count.get() as f64),
        })
    };
    let back = move || {
        if let Some((first, _)) = untrack(|| pages.rows()) {
            state.turn_to(first.saturating_sub(PAGE_ROWS));
        }
    };
    let on = move || {
        if let Some((_, end)) = untrack(|| pages.rows()) {
            state.turn_to(end);
        }
    };
    let nav = move || {
        has_pages.get().then(|| {
            view! {
                <nav class="vpages" aria-label=text::ui_pages>
                    <Button
                        label=text::ui_previous
                        small=true
                        disabled_reason=Signal::derive(first)
                        on_press=back
                    />
                    <span role="status">{said}</span>
                    <Button label=text::ui_next small=true disabled_reason=Signal::derive(last) on_press=on />
                </nav>
            }
        })
    };
    nav.into_any()
}

#[cfg(test)]
mod tests {
    use super::{PAGE_ROWS, rows_of};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_row_is_on_one_page() {
        for count in [1, 49, 50, 51, 100, 1_234_usize] {
            let n_pages = count.div_ceil(PAGE_ROWS);
            let rows: Vec<usize> =
                (0..n_pages).map(|page| rows_of(page, count)).flat_map(|(a, b)| a..b).collect();
            assert_eq!(rows, (0..count).collect::<Vec<_>>(), "{count} rows");
            assert_eq!(rows_of(n_pages + 3, count), rows_of(n_pages - 1, count), "the last page stays");
        }
        assert_eq!(rows_of(4, 0), (0, 0));
    }
}
