//! One row in the document: its cells, and what changes in it without drawing them.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::columns::{cell_of, set, unset};
use super::groups::{GroupHeader, header_cell, show_selected, tick_label};
use super::{Cells, DrawRow, GridSelection, SelectedAll, cell_id, row_id};
use crate::id::next_id;
use crate::vdom::{DrawnNodes, RowIds};
use i18n::{text, without_isolates};

/// Marks the cell of the cursor.
const CURSOR: &str = "data-cursor";

pub(super) enum ShownRow {
    /// The version of the content, if it is here, and the look.
    Cells(Option<u64>, Look),
    /// The header of a group, and whether the cursor is there.
    Header(GroupHeader, bool),
}

/// What of a row changes without drawing its cells.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) is_open: bool,
    /// `None` if rows cannot be selected.
    pub(super) is_selected: Option<bool>,
    /// The cell of the cursor, if it is in this row; 0 is the whole row.
    pub(super) cursor: Option<usize>,
}

/// What the cells of a row were drawn from.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Drawn {
    Cells { place: usize, version: u64, language: Rc<str> },
    Header { place: usize, header: GroupHeader, n_columns: usize, language: Rc<str> },
}

/// The cells in the document.
enum DrawnCells {
    View(AnyViewState),
    Elements(DrawnNodes),
}

pub(super) struct Row {
    pub(super) element: HtmlElement,
    /// What the ids in the row begin with, whatever it shows.
    id: String,
    tick: Option<HtmlInputElement>,
    pub(super) place: usize,
    /// Owns what is reactive in the cells.
    owner: Owner,
    cells: DrawnCells,
    pub(super) drawn: Option<Drawn>,
    class: [&'static str; 4],
    pub(super) is_hidden: bool,
    look: Look,
    /// The columns by which the cells were arranged.
    columns: Rc<[usize]>,
}

impl Row {
    pub(super) fn new(owner: Owner, has_tick: bool) -> Self {
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
            id: next_id("row"),
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

    pub(super) fn turn_into(&mut self, place: usize, grid_id: &str) {
        if self.place != place {
            self.leave_cell();
            self.place = place;
            self.element.set_id(&row_id(grid_id, place));
            set(&self.element, "aria-rowindex", &(place + 2).to_string());
        }
    }

    /// Takes the cell of a header out, whose place in the row tells nothing of columns.
    pub(super) fn become_cells(&mut self) {
        if matches!(self.drawn, Some(Drawn::Header { .. })) {
            self.take_out_cells();
        }
    }

    pub(super) fn become_header(&mut self) {
        if !matches!(self.drawn, Some(Drawn::Header { .. })) {
            self.leave_cell();
            self.take_out_cells();
        }
    }

    fn take_out_cells(&mut self) {
        match &mut self.cells {
            DrawnCells::Elements(drawn) => drawn.clear(&self.element),
            DrawnCells::View(view) => {
                view.unmount();
                self.cells = DrawnCells::Elements(DrawnNodes::default());
            }
        }
        self.drawn = None;
        self.look = Look::default();
        self.columns = Rc::new([]);
    }

    pub(super) fn show_header(&mut self, header: &GroupHeader, n_columns: usize, grid_id: &str) {
        let first = 1 + usize::from(self.tick.is_some());
        let cell = header_cell(header, cell_id(grid_id, self.place, 0), (first, n_columns));
        if let DrawnCells::Elements(drawn) = &mut self.cells {
            drawn.show(&self.element, vec![cell], RowIds { grid: grid_id, row: &self.id });
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
    pub(super) fn draw(&mut self, draw: &DrawRow, selection: Option<&GridSelection>, grid_id: &str) {
        let owner = self.owner.clone();
        let ids = RowIds { grid: grid_id, row: &self.id };
        if matches!(self.cells, DrawnCells::View(_)) {
            owner.cleanup();
        }
        owner.with(|| match (draw(self.place), &mut self.cells) {
            (Cells::Elements(elements), DrawnCells::Elements(drawn)) => {
                drawn.show(&self.element, elements, ids)
            }
            (Cells::Elements(elements), DrawnCells::View(view)) => {
                view.unmount();
                let mut drawn = DrawnNodes::default();
                drawn.show(&self.element, elements, ids);
                self.cells = DrawnCells::Elements(drawn);
            }
            (Cells::View(view), drawn) => {
                match drawn {
                    DrawnCells::Elements(drawn) => drawn.clear(&self.element),
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
    pub(super) fn is_outdated(&self, shown: &ShownRow) -> bool {
        match (&self.drawn, shown) {
            (Some(Drawn::Cells { place, .. }), ShownRow::Cells(..))
            | (Some(Drawn::Header { place, .. }), ShownRow::Header(..)) => *place == self.place,
            _ => false,
        }
    }

    /// Puts the cells into the order of the columns.
    pub(super) fn arrange(&mut self, columns: &Rc<[usize]>) {
        let is_header = matches!(self.drawn, Some(Drawn::Header { .. }));
        if !is_header && (self.columns != *columns || self.is_unnumbered()) {
            super::columns::arrange(&self.element, columns);
            self.columns = Rc::clone(columns);
        }
    }

    /// Shows what changes without drawing cells. A blank row has a cover.
    pub(super) fn set_look(&mut self, shown: &ShownRow, is_blank: bool, grid_id: &str) {
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

pub(super) fn append(parent: &Element, child: &Element) {
    // Fails only if the parent is inside the child.
    let _ = parent.append_child(child);
}
