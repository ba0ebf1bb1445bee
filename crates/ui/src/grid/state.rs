//! The elements and the state of a grid, and what moves its cursor.

use std::sync::Arc;

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, EventTarget, FocusOptions, HtmlElement, HtmlInputElement, Node, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use super::columns::{cell_of, column_of};
use super::geometry::{Geometry, sideways};
use super::groups::{GridGroups, GroupHeader, show_selected};
use super::moves::{Anchor, Here, Move, Press, moved};
use super::pages::{PAGE_ROWS, Pages};
use super::seek::Seek;
use super::{GridColumns, GridSelection, SelectedAll, px, row_id};
use crate::effect::{effect, effect_after};
use crate::keys::{pressed, pressed_shortcut};

#[derive(Clone, Copy)]
pub(super) struct State {
    pub(super) id: StoredValue<String>,
    pub(super) element: NodeRef<html::Div>,
    pub(super) head: NodeRef<html::Div>,
    /// Has the height of all rows.
    pub(super) area: NodeRef<html::Div>,
    /// An invisible row, which has the height of a row.
    pub(super) probe: NodeRef<html::Div>,
    /// The heights of a row and of the visible part, in pixels.
    sizes: RwSignal<(f64, f64)>,
    pub(super) scrolled: RwSignal<f64>,
    pub(super) seek: StoredValue<Seek>,
    /// Whether rows are drawn once the scrolling rests.
    pub(super) awaits_rest: StoredValue<bool>,
    pub(super) geometry: Memo<Geometry>,
    pub(super) pages: Pages,
    /// The row of the cursor. The page may set it.
    pub(super) cursor: RwSignal<Option<usize>>,
    /// Where the grid itself has just moved the cursor.
    own_move: StoredValue<Option<Option<usize>>>,
    /// The cell of the cursor; 0 is the whole row.
    pub(super) cell: RwSignal<usize>,
    anchor: StoredValue<Anchor>,
    /// Whether cells in view are still to be drawn.
    pub(super) is_drawing: RwSignal<bool>,
    /// The rows in the document whose content is not shown yet.
    blank: RwSignal<Vec<usize>>,
    pub(super) config: Config,
}

/// What the page passes.
#[derive(Clone, Copy)]
pub(super) struct Config {
    pub(super) columns: GridColumns,
    pub(super) count: Signal<usize>,
    /// Number of cells that the cursor can be on; the first is the whole row, and the others are of the next columns.
    pub(super) n_cells: usize,
    pub(super) open: Signal<Option<usize>>,
    pub(super) on_open: Callback<usize>,
    pub(super) on_cell: Option<Callback<(usize, usize)>>,
    pub(super) selection: StoredValue<Option<GridSelection>>,
    pub(super) groups: StoredValue<Option<GridGroups>>,
}

impl State {
    pub(super) fn new(id: String, cursor: Option<RwSignal<Option<usize>>>, config: Config) -> Self {
        let (sizes, scrolled) = (RwSignal::new((0.0, 0.0)), RwSignal::new(0.0));
        let geometry = Memo::new(move |_| {
            let (row_px, view_px) = sizes.get();
            Geometry { n_rows: config.count.get(), row_px, view_px, scrolled_px: scrolled.get() }
        });
        Self {
            id: StoredValue::new(id),
            element: NodeRef::new(),
            head: NodeRef::new(),
            area: NodeRef::new(),
            probe: NodeRef::new(),
            sizes,
            scrolled,
            seek: StoredValue::new(Seek::default()),
            awaits_rest: StoredValue::new(false),
            geometry,
            pages: Pages::new(config.count),
            cursor: cursor.unwrap_or_else(|| RwSignal::new(None)),
            own_move: StoredValue::new(None),
            cell: RwSignal::new(0),
            anchor: StoredValue::new(Anchor::None),
            is_drawing: RwSignal::new(false),
            blank: RwSignal::new(Vec::new()),
            config,
        }
    }

    pub(super) fn selection(self) -> Option<GridSelection> {
        self.config.selection.get_value()
    }

    pub(super) fn is_selectable(self) -> bool {
        self.config.selection.with_value(Option::is_some)
    }

    /// The header in a row; `None` for all other rows. Tracked.
    pub(super) fn header(self, row: usize) -> Option<GroupHeader> {
        let header = self.config.groups.with_value(|groups| Some(Arc::clone(&groups.as_ref()?.header)));
        header?(row)
    }

    fn groups(self) -> Option<GridGroups> {
        self.config.groups.get_value()
    }

    /// Notes whether cells in view are still to be drawn, and which rows are blank.
    pub(super) fn note_drawn(self, is_drawing: bool, blank: Vec<usize>) {
        if self.is_drawing.get_untracked() != is_drawing {
            self.is_drawing.set(is_drawing);
        }
        if self.blank.with_untracked(|known| *known != blank) {
            self.blank.set(blank);
        }
    }

    /// True while a row shows nothing; tracked.
    pub(super) fn is_blank(self, row: usize) -> bool {
        self.blank.with(|blank| blank.contains(&row))
    }

    pub(super) fn measure(self) {
        let (Some(element), Some(head), Some(probe)) =
            (self.element.get_untracked(), self.head.get_untracked(), self.probe.get_untracked())
        else {
            return;
        };
        self.config.columns.measure(&probe);
        let row_px = probe.get_bounding_client_rect().height();
        let view_px = f64::from(element.client_height() - head.offset_height()).max(0.0);
        if self.sizes.get_untracked() != (row_px, view_px) {
            self.sizes.set((row_px, view_px));
        }
    }

    pub(super) fn note_scroll(self) {
        if let Some(element) = self.element.get_untracked() {
            self.scrolled.set(f64::from(element.scroll_top()));
        }
    }

    /// Scrolls to the top, without a cursor, when another list is shown.
    pub(super) fn scroll_up_when_changed(self, of: Signal<String>) {
        effect_after(move |before: Option<String>| {
            let now = of.get();
            if before.is_some_and(|before| before != now) {
                self.put_cursor(None);
                self.cell.set(0);
                self.forget_range();
                self.pages.turn_to(0);
                if let Some(element) = self.element.get_untracked() {
                    element.set_scroll_top(0);
                    self.scrolled.set(0.0);
                }
            }
            now
        });
    }

    /// Scrolls to the cursor when the page has moved it.
    pub(super) fn follow_page(self) {
        let is_measured = Memo::new(move |_| self.sizes.get().0 > 0.0);
        effect(move || {
            let row = self.cursor.get();
            let own_move = self.own_move.get_value();
            self.own_move.set_value(None);
            if !is_measured.get() || own_move == Some(row) {
                return;
            }
            self.forget_range();
            if let Some(row) = row {
                self.show(row);
            }
        });
    }

    /// Scrolls sideways to the cell of the cursor when that changes.
    pub(super) fn follow_cell(self) {
        effect_after(move |before: Option<usize>| {
            let cell = self.cell.get();
            let row = self.cursor.get_untracked();
            if let (Some(row), Some(element), Some(before)) = (row, self.element.get_untracked(), before) {
                if cell == 0 && before != 0 {
                    element.set_scroll_left(0);
                } else if cell != 0 {
                    self.show_cell(&element, row, cell);
                }
            }
            cell
        });
    }

    fn show_cell(self, grid: &HtmlElement, row: usize, cell: usize) {
        let id = self.id.with_value(|id| row_id(id, row));
        let Some(found) = document().get_element_by_id(&id).and_then(|row| cell_of(&row, cell)) else {
            return;
        };
        let (view, span) = (grid.get_bounding_client_rect(), found.get_bounding_client_rect());
        let view = (view.left(), view.left() + f64::from(grid.client_width()));
        grid.scroll_by_with_x_and_y(sideways(view, (span.left(), span.right())), 0.0);
    }

    fn put_cursor(self, row: Option<usize>) {
        self.own_move.set_value(Some(row));
        self.cursor.set(row);
    }

    /// Forgets where a range of selected rows starts: the rows are others now.
    pub(super) fn forget_range(self) {
        self.anchor.set_value(Anchor::None);
    }

    /// Turns to the page with a row, which has the next cursor.
    pub(super) fn turn_to(self, row: usize) {
        self.put_cursor(None);
        self.pages.turn_to(row);
    }

    /// Shows the page with the cursor, or with the rows in view, once there are pages.
    pub(super) fn follow_pages(self) {
        effect_after(move |before: Option<bool>| {
            let is_on = self.pages.is_on();
            if before == Some(false) && is_on {
                let row = self.cursor.get_untracked();
                let in_view = || self.geometry.get_untracked().first_whole();
                self.pages.turn_to(row.unwrap_or_else(in_view));
            }
            is_on
        });
    }

    /// The row where a cursor appears; untracked.
    fn first_row(self) -> usize {
        let in_view = || self.geometry.get_untracked().first_whole();
        untrack(|| self.pages.rows()).map_or_else(in_view, |(first, _)| first)
    }

    /// Scrolls a row into view, or turns to its page.
    fn show(self, row: usize) {
        if untrack(|| self.pages.is_on()) {
            self.pages.turn_to(row);
            let id = self.id.with_value(|id| row_id(id, row));
            // The page is drawn by then.
            request_animation_frame(move || {
                let Some(row) = document().get_element_by_id(&id) else { return };
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                options.set_inline(ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            });
            return;
        }
        // The event of the last scrolling may still be to come.
        self.note_scroll();
        let geometry = self.geometry.get_untracked();
        let (Some(px_top), Some(element)) = (geometry.scroll_to(row), self.element.get_untracked()) else {
            return;
        };
        // The list may have grown just now, and its area not yet.
        if let Some(area) = self.area.get_untracked() {
            let style = HtmlElement::style(&area);
            // Setting fails only for a computed style.
            let _ = style.set_property("block-size", &px(geometry.area_px()));
        }
        element.set_scroll_top(px_top as i32);
        self.note_scroll();
    }

    fn go_to(self, row: usize) {
        self.put_cursor(Some(row));
        self.show(row);
    }

    pub(super) fn on_key(self, event: &KeyboardEvent) {
        if event.alt_key() || self.is_in_head(event.target()) {
            return;
        }
        let key = pressed(event);
        let key = if pressed_shortcut(event) == "a" { "a" } else { key.as_str() };
        let press = Press {
            key,
            has_ctrl: event.ctrl_key(),
            has_meta: event.meta_key(),
            has_shift: event.shift_key(),
        };
        let geometry = self.geometry.get_untracked();
        let row = self.cursor.get_untracked();
        let header = row.and_then(|row| untrack(|| self.header(row)));
        let here = Here {
            row,
            cell: self.cell.get_untracked(),
            cells: &untrack(|| self.cells()),
            n_rows: geometry.n_rows,
            first: self.first_row(),
            page: if untrack(|| self.pages.is_on()) { PAGE_ROWS } else { geometry.page() },
            is_selectable: self.is_selectable(),
            header: header.map(|header| header.is_expanded),
            is_mirrored: self.is_mirrored(),
        };
        if let Some(next) = moved(press, here) {
            event.prevent_default();
            self.make(next);
        }
    }

    /// The cells that the cursor can be on, in the order of their columns; tracked.
    fn cells(self) -> Vec<usize> {
        let n_cells = self.config.n_cells;
        let cells = self.config.columns.visible().into_iter().filter(|column| (1..n_cells).contains(column));
        std::iter::once(0).chain(cells).collect()
    }

    /// Leaves the cell of a column that is no longer shown.
    pub(super) fn leave_hidden_cells(self) {
        effect(move || {
            let cells = self.cells();
            if !cells.contains(&self.cell.get_untracked()) {
                self.cell.set(0);
            }
        });
    }

    fn make(self, next: Move) {
        match next {
            Move::Nothing => {}
            Move::To { row, cell } => {
                self.anchor.update_value(|anchor| *anchor = anchor.released());
                self.go_to(row);
                if self.cell.get_untracked() != cell {
                    self.cell.set(cell);
                }
            }
            Move::Extend(row) => {
                let from = self.cursor.get_untracked().unwrap_or(row);
                let anchor = self.anchor.get_value();
                if anchor != anchor.extended(from) {
                    self.start_range(anchor.extended(from), from);
                }
                self.go_to(row);
                self.select_to(row);
            }
            Move::SelectTo(row) => self.select_to(row),
            Move::SelectAll => {
                if let Some(selection) = self.selection() {
                    selection.on_all.run(true);
                }
            }
            Move::Toggle(row) => self.toggle(row),
            Move::Open(row) => self.config.on_open.run(row),
            Move::Act(row, cell) => {
                if let Some(on_cell) = self.config.on_cell {
                    on_cell.run((row, cell));
                }
            }
            Move::ToggleGroup(row) => {
                // The rows below are others now.
                self.forget_range();
                if let Some(groups) = self.groups() {
                    groups.on_toggle.run(row);
                }
            }
            Move::SelectGroup(row) => {
                let header = untrack(|| self.header(row));
                if let (Some(groups), Some(header)) = (self.groups(), header) {
                    groups.on_select.run((row, header.selected != SelectedAll::All));
                }
            }
        }
    }

    fn start_range(self, anchor: Anchor, row: usize) {
        self.anchor.set_value(anchor);
        if let Some(on_start) = self.selection().and_then(|selection| selection.on_start) {
            on_start.run(row);
        }
    }

    fn toggle(self, row: usize) {
        self.start_range(Anchor::Toggled(row), row);
        if let Some(selection) = self.selection() {
            selection.on_toggle.run(row);
        }
    }

    fn select_to(self, row: usize) {
        let last = self.config.count.get_untracked().saturating_sub(1);
        let start = self.anchor.get_value().start_of(row).min(last);
        if self.anchor.get_value() == Anchor::None {
            self.start_range(Anchor::Toggled(row), row);
        }
        if let Some(selection) = self.selection() {
            selection.on_range.run((start.min(row), start.max(row)));
        }
    }

    pub(super) fn on_focus(self, event: &FocusEvent) {
        if self.is_in_head(event.target()) {
            return;
        }
        // A button in a row may leave the document at any time, and would take the focus with it.
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let element = self.element.get_untracked();
        if let Some(element) = element.filter(|element| !element.is_same_node(target.as_ref())) {
            // Not at once: the event that it causes would call this handler while it runs.
            queue_microtask(move || {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // Focusing fails only for an element outside the document.
                let _ = element.focus_with_options(&options);
            });
        }
        if self.cursor.get_untracked().is_none() && self.config.count.get_untracked() > 0 {
            let (open, first) = (self.config.open.get_untracked(), self.first_row());
            let is_here =
                |row: &usize| untrack(|| self.pages.rows()).is_none_or(|(a, b)| (a..b).contains(row));
            self.put_cursor(Some(open.filter(is_here).unwrap_or(first)));
        }
    }

    /// Does what a press on a row means: on its checkbox, on one of its cells, or elsewhere. A link is the browser's.
    pub(super) fn on_click(self, event: &MouseEvent) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let closest = |selector: &str| target.closest(selector).ok().flatten();
        let Some(element) = closest(".vrow") else { return };
        let index = element.get_attribute("aria-rowindex").and_then(|index| index.parse::<usize>().ok());
        let Some(row) = index.and_then(|index| index.checked_sub(2)) else { return };
        self.put_cursor(Some(row));
        if closest("a[href]").is_some() {
            // It may lead into another tab.
            self.cell.set(0);
            return;
        }
        if let Some(header) = untrack(|| self.header(row)) {
            self.cell.set(0);
            let selects = closest(".vtick").is_some();
            self.make(if selects { Move::SelectGroup(row) } else { Move::ToggleGroup(row) });
            if let Ok(tick) = target.dyn_into::<HtmlInputElement>() {
                let header = untrack(|| self.header(row)).unwrap_or(header);
                show_selected(&tick, header.selected);
            }
            return;
        }
        let Some(selection) = self.selection().filter(|_| closest(".vtick").is_some()) else {
            let cell = column_of(&element, &target);
            let cell = cell.filter(|cell| (1..self.config.n_cells).contains(cell)).unwrap_or(0);
            self.cell.set(cell);
            let acts = cell > 0 && self.config.on_cell.is_some();
            self.make(if acts { Move::Act(row, cell) } else { Move::Open(row) });
            return;
        };
        self.cell.set(0);
        self.make(if event.shift_key() { Move::SelectTo(row) } else { Move::Toggle(row) });
        // The browser has toggled the box already; what is selected is the page's to say.
        if let Ok(tick) = target.dyn_into::<HtmlInputElement>() {
            tick.set_checked(untrack(|| (selection.is_selected)(row)));
        }
    }

    fn is_in_head(self, target: Option<EventTarget>) -> bool {
        let target = target.and_then(|target| target.dyn_into::<Node>().ok());
        self.head.get_untracked().is_some_and(|head| head.contains(target.as_ref()))
    }

    fn is_mirrored(self) -> bool {
        let above = self.element.get_untracked().and_then(|grid| grid.closest("[dir]").ok().flatten());
        above.and_then(|above| above.get_attribute("dir")).is_some_and(|dir| dir == "rtl")
    }
}
