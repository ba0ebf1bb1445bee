//! A table of any length: only the visible rows are in the document.
//!
//! The grid element itself has the focus and names the active row, so that the focus is not lost when a row
//! leaves the document. All rows have the same height, set by the stylesheet; details of a row belong beside
//! the table.

mod geometry;

use std::sync::Arc;

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;

use crate::effect::{effect, effect_after};
use crate::keyed::{KeyedRow, keyed};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, Node, ResizeObserver};

use super::id::next_id;
use super::keys::pressed;
use super::table::Column;
use geometry::Geometry;

/// Draws the cells of a row: elements with the role `gridcell`, the first possibly `rowheader`.
pub type DrawRow = Arc<dyn Fn(usize) -> AnyView + Send + Sync>;
/// The version of a row's content; a change redraws the row.
pub type RowVersion = Arc<dyn Fn(usize) -> u64 + Send + Sync>;

/// A grid of `count` rows. Arrows, Page Up and Down, Home and End move the cursor; Enter, Space or a click
/// opens the row.
#[component]
pub fn VirtualRows(
    /// The accessible name of the grid.
    #[prop(into)]
    label: Signal<String>,
    /// The CSS class that sets the columns and the height of a row.
    class: &'static str,
    columns: Vec<Column>,
    #[prop(into)] count: Signal<usize>,
    /// Identifies the list; a change scrolls to the top.
    #[prop(into)]
    of: Signal<String>,
    row: DrawRow,
    /// Tracked: a row whose version changes is redrawn.
    version: RowVersion,
    /// The row whose details are open.
    #[prop(into)]
    open: Signal<Option<usize>>,
    #[prop(into)] on_open: Callback<usize>,
) -> impl IntoView {
    let id = next_id("grid");
    let grid = Grid::new(count, open, on_open);
    observe(grid.element, grid.probe, move || grid.measure());
    grid.scroll_up_when_changed(of);
    let drawn = Memo::new(move |_| grid.geometry.get().drawn());
    let active = {
        let id = id.clone();
        move || {
            let drawn = drawn.get();
            let row = grid.cursor.get().filter(|row| (drawn.first..drawn.end).contains(row))?;
            Some(row_id(&id, row))
        }
    };
    let one = {
        let id = id.clone();
        move |row_idx: usize| {
            let (id, row) = (row_id(&id, row_idx), row.clone());
            let key = [&row_idx.to_string(), " ", &version(row_idx).to_string()].concat();
            KeyedRow::new(key, move || grid.row(row_idx, id, row(row_idx)))
        }
    };
    let rows = move || {
        let drawn = drawn.get();
        (drawn.first..drawn.end).map(&one).collect()
    };
    let heads = columns.into_iter().map(head_cell).collect_view();
    view! {
        <div
            class=["vrows ", class].concat()
            role="grid"
            id=id
            tabindex="0"
            aria-label=label
            aria-rowcount=move || (count.get() + 1).to_string()
            aria-activedescendant=active
            node_ref=grid.element
            on:scroll=move |_| grid.note_scroll()
            on:keydown=move |event| grid.on_key(&event)
            on:focusin=move |event| grid.on_focus(&event)
        >
            <div class="vrows-head" role="rowgroup" node_ref=grid.head>
                <div class="vrow" role="row" aria-rowindex="1">
                    {heads}
                </div>
            </div>
            <div class="vrow vrows-probe" aria-hidden="true" node_ref=grid.probe />
            <div class="vrows-area" role="none" style:block-size=move || px(grid.geometry.get().area_px())>
                <div
                    class="vrows-body"
                    role="rowgroup"
                    style:transform=move || ["translateY(", &px(drawn.get().start_px), ")"].concat()
                >
                    {keyed(rows)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// The elements and the state of a grid.
#[derive(Clone, Copy)]
struct Grid {
    element: NodeRef<html::Div>,
    head: NodeRef<html::Div>,
    /// An invisible row, which has the height of a row.
    probe: NodeRef<html::Div>,
    /// The heights of a row and of the visible part, in pixels.
    sizes: RwSignal<(f64, f64)>,
    scrolled: RwSignal<f64>,
    cursor: RwSignal<Option<usize>>,
    geometry: Memo<Geometry>,
    count: Signal<usize>,
    open: Signal<Option<usize>>,
    on_open: Callback<usize>,
}

impl Grid {
    fn new(count: Signal<usize>, open: Signal<Option<usize>>, on_open: Callback<usize>) -> Self {
        let (sizes, scrolled) = (RwSignal::new((0.0, 0.0)), RwSignal::new(0.0));
        let geometry = Memo::new(move |_| {
            let (row_px, view_px) = sizes.get();
            Geometry { n_rows: count.get(), row_px, view_px, scrolled_px: scrolled.get() }
        });
        let (element, head, probe) = (NodeRef::new(), NodeRef::new(), NodeRef::new());
        let cursor = RwSignal::new(None);
        Self { element, head, probe, sizes, scrolled, cursor, geometry, count, open, on_open }
    }

    fn measure(self) {
        let (Some(element), Some(head), Some(probe)) =
            (self.element.get_untracked(), self.head.get_untracked(), self.probe.get_untracked())
        else {
            return;
        };
        let row_px = probe.get_bounding_client_rect().height();
        let view_px = f64::from(element.client_height() - head.offset_height()).max(0.0);
        if self.sizes.get_untracked() != (row_px, view_px) {
            self.sizes.set((row_px, view_px));
        }
    }

    fn note_scroll(self) {
        if let Some(element) = self.element.get_untracked() {
            self.scrolled.set(f64::from(element.scroll_top()));
        }
    }

    /// Scrolls to the top, without a cursor, when another list is shown.
    fn scroll_up_when_changed(self, of: Signal<String>) {
        effect_after(move |before: Option<String>| {
            let now = of.get();
            if before.is_some_and(|before| before != now) {
                self.cursor.set(None);
                if let Some(element) = self.element.get_untracked() {
                    element.set_scroll_top(0);
                    self.scrolled.set(0.0);
                }
            }
            now
        });
    }

    /// Moves the cursor to a row and scrolls it into view.
    fn go_to(self, row: usize) {
        self.cursor.set(Some(row));
        let px = self.geometry.get_untracked().scroll_to(row);
        if let (Some(px), Some(element)) = (px, self.element.get_untracked()) {
            element.set_scroll_top(px.round() as i32);
            self.note_scroll();
        }
    }

    fn on_key(self, event: &KeyboardEvent) {
        let n_rows = self.count.get_untracked();
        if n_rows == 0 || event.alt_key() || event.meta_key() {
            return;
        }
        let geometry = self.geometry.get_untracked();
        let here = self.cursor.get_untracked();
        let now = here.unwrap_or_else(|| geometry.first_whole());
        let next = match pressed(event).as_str() {
            "ArrowDown" => here.map_or(now, |now| now + 1),
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => now + geometry.page(),
            "PageUp" => now.saturating_sub(geometry.page()),
            "Home" => 0,
            "End" => n_rows - 1,
            "Enter" | " " => {
                event.prevent_default();
                if let Some(row) = here.filter(|row| *row < n_rows) {
                    self.on_open.run(row);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.go_to(next.min(n_rows - 1));
    }

    fn on_focus(self, event: &FocusEvent) {
        // A button in a row may leave the document at any time, and would take the focus with it.
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let element = self.element.get_untracked();
        if let Some(element) = element.filter(|element| !element.is_same_node(target.as_ref())) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // Focusing fails only for an element outside the document.
            let _ = element.focus_with_options(&options);
        }
        if self.cursor.get_untracked().is_none() && self.count.get_untracked() > 0 {
            let first = || self.geometry.get_untracked().first_whole();
            self.cursor.set(Some(self.open.get_untracked().unwrap_or_else(first)));
        }
    }

    fn row(self, row_idx: usize, id: String, cells: AnyView) -> AnyView {
        let class = move || match (self.open.get() == Some(row_idx), self.cursor.get() == Some(row_idx)) {
            (true, true) => "vrow is-open is-cursor",
            (true, false) => "vrow is-open",
            (false, true) => "vrow is-cursor",
            (false, false) => "vrow",
        };
        let choose = move |_| {
            self.cursor.set(Some(row_idx));
            self.on_open.run(row_idx);
        };
        view! {
            <div class=class role="row" id=id aria-rowindex=(row_idx + 2).to_string() on:click=choose>
                {cells}
            </div>
        }
        .into_any()
    }
}

fn row_id(grid_id: &str, row: usize) -> String {
    [grid_id, "-", &row.to_string()].concat()
}

fn head_cell(column: Column) -> AnyView {
    view! {
        <div class=["vcell ", column.class].concat() role="columnheader">
            {column.label}
        </div>
    }
    .into_any()
}

fn px(length: f64) -> String {
    [&length.to_string(), "px"].concat()
}

/// Measures initially, and whenever the grid or a row in it is resized.
fn observe(grid: NodeRef<html::Div>, probe: NodeRef<html::Div>, measure: impl Fn() + Copy + 'static) {
    let kept = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    effect(move || {
        let (Some(grid), Some(probe)) = (grid.get(), probe.get()) else { return };
        measure();
        let callback = Closure::<dyn FnMut()>::new(measure);
        // Without an observer the initial sizes stay.
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            let watched: [&HtmlElement; 2] = [&grid, &probe];
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
