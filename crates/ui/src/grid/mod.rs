//! A table of any length: only the visible rows are in the document.
//!
//! The grid element itself has the focus and names the row or cell of the cursor, so that the focus is not lost
//! when a row leaves the document. Only the buttons of the head have the focus themselves. All rows have the same
//! height, set by the stylesheet; details of a row belong beside the table.
//!
//! Readers of a page from top to bottom meet rows that come and go only if they scroll: for them, the grid can show its
//! rows in pages.

mod choice;
mod columns;
mod geometry;
#[cfg(test)]
mod group_tests;
mod groups;
mod head;
mod moves;
mod options;
mod pages;
mod row;
mod rows;
mod seek;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use crate::effect::effect;
use crate::id::next_id;
use crate::table::SortBy;
use crate::vdom::VElement;
pub use choice::ColumnChoice;
pub use columns::GridColumns;
use geometry::Drawn;
pub use groups::{GridGroups, GroupHeader};
use head::Sorting;
pub use options::GridOptions;
pub use pages::PagedLists;
use state::{Config, State};

/// Draws the cells of the row at a place of the list, from 0. Rows are drawn again when the language changes, so their texts
/// need not follow it.
pub type DrawRow = Arc<dyn Fn(usize) -> Cells + Send + Sync>;
/// The version of a row's content; a change draws the row again. `None` if the content is not here yet.
pub type RowVersion = Arc<dyn Fn(usize) -> Option<u64> + Send + Sync>;

/// The cells of a row: one for each column and in the order of all columns, whichever are shown. They have the role `gridcell`,
/// the first possibly `rowheader`.
pub enum Cells {
    /// A view that has all cells. It is drawn again as a whole.
    View(AnyView),
    /// An element for each cell. Only what differs is changed, for lists of many people.
    Elements(Vec<VElement>),
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cells").finish_non_exhaustive()
    }
}

impl From<AnyView> for Cells {
    fn from(view: AnyView) -> Self {
        Self::View(view)
    }
}

impl From<Vec<VElement>> for Cells {
    fn from(elements: Vec<VElement>) -> Self {
        Self::Elements(elements)
    }
}

/// How many of the rows are selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SelectedAll {
    /// No row.
    #[default]
    None,
    /// Some rows, but not all.
    Some,
    /// Every row.
    All,
}

/// Which rows are selected. The page holds the selection; the grid has a checkbox for each row, and reports.
#[derive(Clone)]
pub struct GridSelection {
    /// Whether a row is selected; tracked.
    pub is_selected: Arc<dyn Fn(usize) -> bool + Send + Sync>,
    /// How many rows are selected.
    pub all: Signal<SelectedAll>,
    /// Selects or deselects a row.
    pub on_toggle: Callback<usize>,
    /// Notes the row at which ranges start from now on, for a list whose rows move. Ranges name the place where it was.
    pub on_start: Option<Callback<usize>>,
    /// Adds the rows from the first to the second, inclusive.
    pub on_range: Callback<(usize, usize)>,
    /// Selects all rows, or none.
    pub on_all: Callback<bool>,
    /// The name of a row, for its checkbox.
    pub row_label: Arc<dyn Fn(usize) -> String + Send + Sync>,
}

impl fmt::Debug for GridSelection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GridSelection").finish_non_exhaustive()
    }
}

/// A grid of `count` rows. Arrows, Page Up and Down, Home and End move the cursor, with Ctrl to the first and last
/// row; Enter or a click opens the row, and so does Space, unless it selects. A click on a link in a row only follows
/// the link. At a header, Enter, Space and a click collapse or expand the group, as do the arrows to the sides; Shift with
/// Space selects it.
#[component]
pub fn Grid(
    /// The accessible name of the grid.
    #[prop(into)]
    label: Signal<String>,
    /// The CSS class that sets the sizes of the columns and the height of a row.
    class: &'static str,
    /// The columns; [`GridOptions`] changes which are shown. They sort if they are sortable and there is `on_sort`.
    #[prop(into)]
    columns: GridColumns,
    /// Number of rows, with headers.
    #[prop(into)]
    count: Signal<usize>,
    /// Identifies the list; a change scrolls to the top, without a cursor.
    #[prop(into)]
    of: Signal<String>,
    row: DrawRow,
    /// Tracked: a row whose version changes is redrawn.
    version: RowVersion,
    /// The row whose details are open.
    #[prop(optional, into)]
    open: Signal<Option<usize>>,
    #[prop(into)] on_open: Callback<usize>,
    /// Number of cells of a row that the cursor can be on. The first is the whole row.
    #[prop(default = 1)]
    cells: usize,
    /// Acts on a cell after the first: Enter, Space or a click. The arguments are the row and the cell.
    #[prop(optional, into)]
    on_cell: Option<Callback<(usize, usize)>>,
    #[prop(optional)] selection: Option<GridSelection>,
    #[prop(optional)] groups: Option<GridGroups>,
    /// The sorted column.
    #[prop(optional, into)]
    sort: Signal<Option<SortBy>>,
    /// Sorts by the column with this key.
    #[prop(optional, into)]
    on_sort: Option<Callback<&'static str>>,
    /// Reports the rows in the document whenever they change: the first, and one past the last.
    #[prop(optional, into)]
    on_window: Option<Callback<(usize, usize)>>,
    /// The row of the cursor. The page may move it; the grid then scrolls there.
    #[prop(optional)]
    cursor: Option<RwSignal<Option<usize>>>,
) -> impl IntoView {
    let id = next_id("grid");
    let is_multi = selection.is_some();
    let (selection, groups) = (StoredValue::new(selection), StoredValue::new(groups));
    let config = Config { columns, count, n_cells: cells.max(1), open, on_open, on_cell, selection, groups };
    let state = State::new(id.clone(), cursor, config);
    follow(state, of);
    let drawn = Memo::new(move |_| match state.pages.rows() {
        Some((first, end)) => Drawn { first, end, start_px: 0.0 },
        None => state.geometry.get().drawn(),
    });
    let window = Memo::new(move |_| drawn.with(|drawn| (drawn.first, drawn.end)));
    report(window, on_window);
    let body = rows::follow(state, window, (row, version));
    let heads = head::cells(state, Sorting { by: sort, on_sort });
    let keys =
        move || columns.shown().into_iter().map(|(_, column)| column.key).collect::<Vec<_>>().join(" ");
    view! {
        {pages::bar(state)}
        <div
            class=["vgrid ", class, if is_multi { " has-ticks" } else { "" }].concat()
            class:is-paged=move || state.pages.is_on()
            data-columns=keys
            role="grid"
            id=id
            tabindex="0"
            aria-label=label
            aria-rowcount=move || (count.get() + 1).to_string()
            aria-colcount=move || (columns.visible().len() + usize::from(is_multi)).to_string()
            aria-multiselectable=is_multi.then_some("true")
            aria-busy=move || state.is_drawing.get().then_some("true")
            aria-activedescendant=move || active(state, window)
            node_ref=state.element
            on:scroll=move |_| state.on_scroll()
            on:keydown=move |event| state.on_key(&event)
            on:focusin=move |event| state.on_focus(&event)
        >
            <div class="vhead" role="rowgroup" node_ref=state.head>
                <div class="vrow" role="row" aria-rowindex="1">
                    {heads}
                </div>
            </div>
            <div class="vrow vprobe" aria-hidden="true" node_ref=state.probe />
            <div class="varea" role="none" node_ref=state.area style:block-size=move || px(area_px(state))>
                <div
                    class="vbody"
                    role="rowgroup"
                    node_ref=body
                    style:transform=move || ["translateY(", &px(drawn.get().start_px), ")"].concat()
                    on:click=move |event| state.on_click(&event)
                />
            </div>
        </div>
    }
    .into_any()
}

/// Starts what reacts to sizes, to the page and to the user's choices.
fn follow(state: State, of: Signal<String>) {
    observe(state);
    state.scroll_up_when_changed(of);
    state.follow_page();
    state.follow_cell();
    state.follow_pages();
    state.leave_hidden_cells();
    size_columns(state);
}

/// The height of all rows, or of those of the current page.
fn area_px(state: State) -> f64 {
    let geometry = state.geometry.get();
    state
        .pages
        .rows()
        .map_or_else(|| geometry.area_px(), |(first, end)| (end - first) as f64 * geometry.row_px)
}

/// Sizes the columns whenever others are shown.
fn size_columns(state: State) {
    effect(move || {
        let elements = [state.head.get(), state.area.get()].map(|found| found.map(|found| (*found).clone()));
        state.config.columns.size(elements);
    });
}

/// The id of what the cursor is on, while that is in the document.
fn active(state: State, window: Memo<(usize, usize)>) -> Option<String> {
    let (first, end) = window.get();
    // A screen reader would read the row when the cursor arrives, and not again once it has content.
    let row = state.cursor.get().filter(|row| (first..end).contains(row) && !state.is_blank(*row))?;
    let cell = state.cell.get();
    // The one cell of a header says whether the group is expanded.
    let is_header = state.header(row).is_some();
    Some(state.id.with_value(|id| match cell {
        _ if is_header => cell_id(id, row, 0),
        0 => row_id(id, row),
        cell => cell_id(id, row, cell),
    }))
}

/// Tells the page which rows are drawn.
fn report(window: Memo<(usize, usize)>, on_window: Option<Callback<(usize, usize)>>) {
    let Some(on_window) = on_window else { return };
    effect(move || {
        let (first, end) = window.get();
        if first < end {
            untrack(|| on_window.run((first, end)));
        }
    });
}

fn row_id(grid_id: &str, row: usize) -> String {
    [grid_id, "-", &row.to_string()].concat()
}

fn cell_id(grid_id: &str, row: usize, cell: usize) -> String {
    [grid_id, "-", &row.to_string(), "-", &cell.to_string()].concat()
}

/// The time of the monotonic clock, in milliseconds.
fn now() -> f64 {
    browser::clock::moment().steady as f64
}

/// Whole pixels: writing fractions takes 10 KB of code.
fn px(length: f64) -> String {
    [&(length.round() as i64).to_string(), "px"].concat()
}

/// Measures initially, and whenever the grid, its head or a row in it is resized.
fn observe(state: State) {
    let kept = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    effect(move || {
        let (Some(grid), Some(head), Some(probe)) =
            (state.element.get(), state.head.get(), state.probe.get())
        else {
            return;
        };
        state.measure();
        let callback = Closure::<dyn FnMut()>::new(move || state.measure());
        // Without an observer the initial sizes stay.
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            let watched: [&HtmlElement; 3] = [&grid, &head, &probe];
            watched.into_iter().for_each(|element| observer.observe(element));
            kept.set_value(Some((observer, callback)));
        }
    });
    on_cleanup(move || {
        kept.update_value(|kept| {
            if let Some((observer, _)) = kept.take() {
                observer.disconnect();
            }
        });
    });
}
