//! The rows in the document. A row that leaves the view becomes one that comes into it: changing what differs takes a
//! small part of the time of drawing a row anew.

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::columns::{cell_of, set, unset};
use super::groups::{GroupHeader, header_cell, show_selected, tick_label};
use super::state::State;
use super::{Cells, DrawRow, GridSelection, RowVersion, SelectedAll, cell_id, now, row_id};
use crate::effect::effect;
use crate::vdom::DrawnNodes;
use i18n::{text, without_isolates};

/// Marks the cell of the cursor.
const CURSOR: &str = "data-cursor";

/// How long cells are drawn before the browser paints what there is, in milliseconds.
const SLICE_MS: f64 = 24.0;

type Kept = StoredValue<Option<Rows>, LocalStorage>;

/// Keeps the rows of the window in the body of the grid, which is returned. One effect for all of them: each costs more than what it changes.
pub(super) fn follow(
    state: State,
    window: Memo<(usize, usize)>,
    (draw, version): (DrawRow, RowVersion),
) -> NodeRef<html::Div> {
    let body = NodeRef::<html::Div>::new();
    let owner = Owner::current().unwrap_or_default();
    let selection = state.selection();
    let kept = Kept::new_local(None);
    effect(move || {
        let Some(body) = body.get() else { return };
        let (first, end) = window.get();
        let (open, cursor, cell) = (state.config.open.get(), state.cursor.get(), state.cell.get());
        let is_selected = |place| selection.as_ref().map(|selection| (selection.is_selected)(place));
        let look = |place| Look {
            is_open: open == Some(place),
            is_selected: is_selected(place),
            cursor: (cursor == Some(place)).then_some(cell),
        };
        let shown = Shown {
            first,
            rows: (first..end)
                .map(|place| match state.header(place) {
                    Some(header) => ShownRow::Header(header, cursor == Some(place)),
                    None => ShownRow::Cells(version(place), look(place)),
                })
                .collect(),
            language: i18n::current().into(),
            columns: state.config.columns.visible().into(),
        };
        kept.update_value(|rows| {
            let rows = rows.get_or_insert_with(|| Rows {
                body: (*body).clone().unchecked_into(),
                grid_id: state.id.get_value(),
                selection: selection.clone(),
                draw: draw.clone(),
                owner: owner.clone(),
                rows: VecDeque::new(),
                spare: Vec::new(),
                shown: Shown::default(),
                left: VecDeque::new(),
                is_waiting: false,
            });
            let (top, bottom) = state.geometry.get_untracked().in_view();
            untrack(|| rows.show(shown, top..bottom));
        });
        draw_on(kept, state);
    });
    body
}

/// Draws the cells that are left: as many as there is time for, and the others in the next frames.
fn draw_on(kept: Kept, state: State) {
    // `None` if the grid has left the document.
    let drawn = kept.try_update_value(|rows| {
        let rows = rows.as_mut()?;
        untrack(|| rows.draw_left());
        let is_left = !rows.left.is_empty();
        let waits = std::mem::replace(&mut rows.is_waiting, is_left);
        Some((is_left, is_left && !waits, rows.blank()))
    });
    let Some((is_left, has_to_wait, blank)) = drawn.flatten() else { return };
    state.note_drawn(is_left, blank);
    if has_to_wait {
        request_animation_frame(move || {
            // As above.
            kept.try_update_value(|rows| rows.as_mut().map(|rows| rows.is_waiting = false));
            draw_on(kept, state);
        });
    }
}

/// What is to be in the document.
#[derive(Default)]
struct Shown {
    /// The place of the first row.
    first: usize,
    rows: Vec<ShownRow>,
    language: Rc<str>,
    /// The columns that are shown, in order.
    columns: Rc<[usize]>,
}

enum ShownRow {
    /// The version of the content, if it is here, and the look.
    Cells(Option<u64>, Look),
    /// The header of a group, and whether the cursor is there.
    Header(GroupHeader, bool),
}

impl Shown {
    /// What the content of a row is drawn from; `None` while it is not here.
    fn drawn(&self, idx: usize) -> Option<Drawn> {
        let (place, language) = (self.first + idx, Rc::clone(&self.language));
        Some(match &self.rows[idx] {
            ShownRow::Cells(version, _) => Drawn::Cells { place, version: (*version)?, language },
            ShownRow::Header(header, _) => {
                Drawn::Header { place, header: header.clone(), n_columns: self.columns.len(), language }
            }
        })
    }
}

/// What of a row changes without drawing its cells.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Look {
    is_open: bool,
    /// `None` if rows cannot be selected.
    is_selected: Option<bool>,
    /// The cell of the cursor, if it is in this row; 0 is the whole row.
    cursor: Option<usize>,
}

/// What the cells of a row were drawn from.
#[derive(Clone, PartialEq, Eq)]
enum Drawn {
    Cells { place: usize, version: u64, language: Rc<str> },
    Header { place: usize, header: GroupHeader, n_columns: usize, language: Rc<str> },
}

struct Rows {
    body: HtmlElement,
    grid_id: String,
    selection: Option<GridSelection>,
    draw: DrawRow,
    /// Owns what is reactive in the rows.
    owner: Owner,
    /// The rows in the document, in order and without gaps.
    rows: VecDeque<Row>,
    /// Rows outside the document.
    spare: Vec<Row>,
    shown: Shown,
    /// The rows whose cells have to be drawn, those in view first.
    left: VecDeque<usize>,
    /// Whether they are drawn on in the next frame.
    is_waiting: bool,
}

impl Rows {
    /// Shows all that needs no drawing, and notes whose cells have to be drawn.
    fn show(&mut self, shown: Shown, in_view: Range<usize>) {
        self.cover(shown.first, shown.first + shown.rows.len());
        let (mut first, mut later) = (VecDeque::new(), VecDeque::new());
        for (idx, row) in self.rows.iter_mut().enumerate() {
            let drawn = shown.drawn(idx);
            let is_drawn = drawn.is_some() && drawn == row.drawn;
            let is_blank = !is_drawn && (drawn.is_none() || !row.is_outdated(&shown.rows[idx]));
            row.set_look(&shown.rows[idx], is_blank, &self.grid_id);
            if is_drawn {
                row.arrange(&shown.columns);
            } else if drawn.is_some() {
                let left = if in_view.contains(&row.place) { &mut first } else { &mut later };
                left.push_back(idx);
            }
        }
        first.append(&mut later);
        (self.shown, self.left) = (shown, first);
    }

    /// Draws cells until the time for it is over.
    fn draw_left(&mut self) {
        let start = now();
        while let Some(idx) = self.left.pop_front() {
            let row = &mut self.rows[idx];
            match &self.shown.rows[idx] {
                ShownRow::Cells(..) => {
                    row.become_cells();
                    row.draw(&self.draw, self.selection.as_ref());
                    row.arrange(&self.shown.columns);
                }
                ShownRow::Header(header, _) => {
                    row.become_header();
                    row.show_header(header, self.shown.columns.len(), &self.grid_id);
                }
            }
            row.drawn = self.shown.drawn(idx);
            row.set_look(&self.shown.rows[idx], false, &self.grid_id);
            if now() - start >= SLICE_MS {
                return;
            }
        }
    }

    /// The rows whose content is not here or not drawn.
    fn blank(&self) -> Vec<usize> {
        self.rows.iter().filter(|row| row.is_hidden).map(|row| row.place).collect()
    }

    /// Makes the rows those of these places. Rows that stay keep their elements.
    fn cover(&mut self, first: usize, end: usize) {
        let stays = |row: &Row| (first..end).contains(&row.place);
        if !self.rows.iter().any(stays) {
            // Nothing has to be moved.
            for (idx, row) in self.rows.iter_mut().enumerate() {
                row.turn_into(first + idx, &self.grid_id);
            }
        }
        while self.rows.front().is_some_and(|row| row.place < first) {
            self.spare.extend(self.rows.pop_front());
        }
        while self.rows.back().is_some_and(|row| row.place >= end) {
            self.spare.extend(self.rows.pop_back());
        }
        while let Some(place) = self.rows.front().map(|row| row.place).filter(|place| *place > first) {
            let row = self.next(place - 1);
            // Fails only if the body is inside the row.
            let _ = self.body.insert_before(&row.element, self.body.first_child().as_ref());
            self.rows.push_front(row);
        }
        for place in self.rows.back().map_or(first, |row| row.place + 1)..end {
            let row = self.next(place);
            append(&self.body, &row.element);
            self.rows.push_back(row);
        }
        self.spare.iter().for_each(|row| row.element.remove());
    }

    /// A row for this place, which may still be in the document.
    fn next(&mut self, place: usize) -> Row {
        let mut row =
            self.spare.pop().unwrap_or_else(|| Row::new(self.owner.child(), self.selection.is_some()));
        row.turn_into(place, &self.grid_id);
        row
    }
}

/// The cells in the document.
enum DrawnCells {
    View(AnyViewState),
    Elements(DrawnNodes),
}

struct Row {
    element: HtmlElement,
    tick: Option<HtmlInputElement>,
    place: usize,
    /// Owns what is reactive in the cells.
    owner: Owner,
    cells: DrawnCells,
    drawn: Option<Drawn>,
    class: [&'static str; 4],
    is_hidden: bool,
    look: Look,
    /// The columns by which the cells were arranged.
    columns: Rc<[usize]>,
}

impl Row {
    fn new(owner: Owner, has_tick: bool) -> Self {
        let element = new_element("div");
        set(&element, "role", "row");
        let tick = has_tick.then(|| {
            let (cell, tick) = (new_element("div"), new_element("input"));
            cell.set_class_name("vtick");
            set(&cell, "role", "gridcell");
            tick.set_class_name("tick");
            set(&tick, "type", "checkbox");
            set(&tick, "tabindex", "-1");
            append(&cell, &tick);
            append(&element, &cell);
            tick.unchecked_into()
        });
        Self {
            element,
            tick,
            // No row has it.
            place: usize::MAX,
            owner,
            cells: DrawnCells::Elements(DrawnNodes::default()),
            drawn: None,
            class: [""; 4],
            is_hidden: false,
            look: Look::default(),
            columns: Rc::new([]),
        }
    }

    fn turn_into(&mut self, place: usize, grid_id: &str) {
        if self.place != place {
            self.leave_cell();
            self.place = place;
            self.element.set_id(&row_id(grid_id, place));
            set(&self.element, "aria-rowindex", &(place + 2).to_string());
        }
    }

    /// Takes the cell of a header out, whose place in the row tells nothing of columns.
    fn become_cells(&mut self) {
        if matches!(self.drawn, Some(Drawn::Header { .. })) {
            self.take_out_cells();
        }
    }

    fn become_header(&mut self) {
        if !matches!(self.drawn, Some(Drawn::Header { .. })) {
            self.leave_cell();
            self.take_out_cells();
        }
    }

    fn take_out_cells(&mut self) {
        match &mut self.cells {
            DrawnCells::Elements(drawn) => drawn.show(&self.element, Vec::new()),
            DrawnCells::View(view) => {
                view.unmount();
                self.cells = DrawnCells::Elements(DrawnNodes::default());
            }
        }
        self.drawn = None;
        self.look = Look::default();
        self.columns = Rc::new([]);
    }

    fn show_header(&mut self, header: &GroupHeader, n_columns: usize, grid_id: &str) {
        let first = 1 + usize::from(self.tick.is_some());
        let cell = header_cell(header, cell_id(grid_id, self.place, 0), (first, n_columns));
        if let DrawnCells::Elements(drawn) = &mut self.cells {
            drawn.show(&self.element, vec![cell]);
        }
        let Some(tick) = &self.tick else { return };
        let is_selected = header.selected == SelectedAll::All;
        set(&self.element, "aria-selected", if is_selected { "true" } else { "false" });
        set(tick, "aria-label", &tick_label(header));
        if let Some(cell) = tick.parent_element() {
            set(&cell, "aria-colindex", "1");
        }
        show_selected(tick, header.selected);
    }

    /// Draws the cells, or changes what differs from those that are drawn.
    fn draw(&mut self, draw: &DrawRow, selection: Option<&GridSelection>) {
        let owner = self.owner.clone();
        if matches!(self.cells, DrawnCells::View(_)) {
            owner.cleanup();
        }
        owner.with(|| match (draw(self.place), &mut self.cells) {
            (Cells::Elements(elements), DrawnCells::Elements(drawn)) => drawn.show(&self.element, elements),
            (Cells::Elements(elements), DrawnCells::View(view)) => {
                view.unmount();
                let mut drawn = DrawnNodes::default();
                drawn.show(&self.element, elements);
                self.cells = DrawnCells::Elements(drawn);
            }
            (Cells::View(view), drawn) => {
                match drawn {
                    DrawnCells::Elements(drawn) => drawn.show(&self.element, Vec::new()),
                    DrawnCells::View(drawn) => {
                        drawn.unmount();
                    }
                }
                let mut drawn = view.build();
                drawn.mount(&self.element, None);
                self.cells = DrawnCells::View(drawn);
            }
        });
        if let (Some(tick), Some(selection)) = (&self.tick, selection) {
            // An attribute is one text of its own direction.
            let label = without_isolates(&text::ui_select_named(&(selection.row_label)(self.place)));
            set(tick, "aria-label", &label);
        }
    }

    /// True if cells were added since they were numbered.
    fn is_unnumbered(&self) -> bool {
        let is_new = |cell: Element| cell.has_attribute("role") && !cell.has_attribute("aria-colindex");
        self.element.last_element_child().is_some_and(is_new)
    }

    /// Whether the cells are those of this row, as it was before.
    fn is_outdated(&self, shown: &ShownRow) -> bool {
        match (&self.drawn, shown) {
            (Some(Drawn::Cells { place, .. }), ShownRow::Cells(..))
            | (Some(Drawn::Header { place, .. }), ShownRow::Header(..)) => *place == self.place,
            _ => false,
        }
    }

    /// Puts the cells into the order of the columns.
    fn arrange(&mut self, columns: &Rc<[usize]>) {
        let is_header = matches!(self.drawn, Some(Drawn::Header { .. }));
        if !is_header && (self.columns != *columns || self.is_unnumbered()) {
            super::columns::arrange(&self.element, columns);
            self.columns = Rc::clone(columns);
        }
    }

    /// Shows what changes without drawing cells. A blank row has a cover.
    fn set_look(&mut self, shown: &ShownRow, is_blank: bool, grid_id: &str) {
        let blank = if is_blank { " is-blank" } else { "" };
        let class = match shown {
            ShownRow::Cells(_, look) => [
                "vrow",
                blank,
                if look.is_open { " is-open" } else { "" },
                match look.cursor {
                    Some(0) => " is-cursor",
                    Some(_) => " has-cursor",
                    None => "",
                },
            ],
            ShownRow::Header(_, has_cursor) => {
                ["vrow vgroup", blank, if *has_cursor { " is-cursor" } else { "" }, ""]
            }
        };
        self.set_classes(class);
        self.hide_content(is_blank);
        if let ShownRow::Cells(_, look) = shown
            && !is_blank
        {
            self.show_look(*look, grid_id);
        }
    }

    fn set_classes(&mut self, classes: [&'static str; 4]) {
        if self.class != classes {
            self.element.set_class_name(&classes.concat());
            self.class = classes;
        }
    }

    /// Hides content that is another row's from screen readers until its own is here.
    fn hide_content(&mut self, is_hidden: bool) {
        if self.is_hidden != is_hidden {
            self.is_hidden = is_hidden;
            if is_hidden {
                set(&self.element, "aria-hidden", "true");
            } else {
                unset(&self.element, "aria-hidden");
            }
        }
    }

    fn show_look(&mut self, look: Look, grid_id: &str) {
        if self.look.is_selected != look.is_selected
            && let Some(is_selected) = look.is_selected
        {
            set(&self.element, "aria-selected", if is_selected { "true" } else { "false" });
            if let Some(tick) = &self.tick {
                tick.set_checked(is_selected);
                tick.set_indeterminate(false);
            }
        }
        if self.look.cursor != look.cursor {
            self.leave_cell();
            if let Some(column) = look.cursor.filter(|cell| *cell > 0)
                && let Some(cell) = cell_of(&self.element, column)
            {
                cell.set_id(&cell_id(grid_id, self.place, column));
                set(&cell, CURSOR, "");
            }
        }
        self.look = look;
    }

    /// Takes the cursor off the cell that it is on.
    fn leave_cell(&mut self) {
        if self.look.cursor.take().is_some_and(|cell| cell > 0)
            && let Ok(Some(cell)) = self.element.query_selector("[data-cursor]")
        {
            unset(&cell, CURSOR);
            unset(&cell, "id");
        }
    }
}

fn new_element(tag: &str) -> HtmlElement {
    document().create_element(tag).expect("the tag is valid").unchecked_into()
}

fn append(parent: &Element, child: &Element) {
    // Fails only if the parent is inside the child.
    let _ = parent.append_child(child);
}
