//! The rows in the document. A row that leaves the view becomes one that comes into it: changing what differs takes a
//! small part of the time of drawing a row anew.

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::row::{Drawn, Look, Row, ShownRow, append};
use super::state::State;
use super::{DrawRow, GridSelection, RowVersion, now};
use crate::effect::effect;

/// How long cells are drawn before the browser paints what there is, in milliseconds.
const SLICE_MS: f64 = 24.0;
/// The same for rows that were scrolled into view: scrolling is smooth only if every frame is short, and the layout of
/// what was drawn in it takes several times as long.
const SCROLLED_SLICE_MS: f64 = 3.0;
/// How long rows out of view that still show what they did before can wait: another letter may be typed meanwhile.
const UNSEEN_AFTER: Duration = Duration::from_millis(120);

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
        // Leptos asks what was read here whether it has changed, in this order. A memo of the page that both the window
        // and the versions follow would be up to date after the window was asked, and count as unchanged.
        let _ = version(window.get_untracked().0);
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
                left: Default::default(),
                is_waiting: [false; 2],
            });
            let (top, bottom) = state.geometry.get_untracked().in_view();
            untrack(|| rows.show(shown, top..bottom));
        });
        draw_on(kept, state);
    });
    body
}

/// Draws the cells in view that are left, as many as there is time for; what is left then in the next frame, and cells
/// out of view after it was painted.
fn draw_on(kept: Kept, state: State) {
    // `None` if the grid has left the document.
    let drawn = kept.try_update_value(|rows| {
        let rows = rows.as_mut()?;
        untrack(|| rows.draw_left());
        let [is_drawing, is_left] = rows.left.each_ref().map(|left| !left.is_empty());
        let next = usize::from(!is_drawing);
        let has_to_wait = (is_drawing || is_left) && !std::mem::replace(&mut rows.is_waiting[next], true);
        let blank = rows.blank();
        // Blank rows may be scrolled into view.
        let after = if blank.is_empty() { UNSEEN_AFTER } else { Duration::ZERO };
        Some((is_drawing, has_to_wait.then_some((next, after)), blank))
    });
    let Some((is_drawing, next, blank)) = drawn.flatten() else { return };
    state.note_drawn(is_drawing, blank);
    let Some((next, after)) = next else { return };
    let draw = move || {
        // As above.
        kept.try_update_value(|rows| rows.as_mut().map(|rows| rows.is_waiting[next] = false));
        draw_on(kept, state);
    };
    request_animation_frame(move || if is_drawing { draw() } else { set_timeout(draw, after) });
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
    /// The rows whose cells have to be drawn: those in view, and the others.
    left: [VecDeque<usize>; 2],
    /// Whether each of these is drawn on in the next frame or after it.
    is_waiting: [bool; 2],
}

impl Rows {
    /// Shows all that needs no drawing, and notes whose cells have to be drawn.
    fn show(&mut self, shown: Shown, in_view: Range<usize>) {
        self.cover(shown.first, shown.first + shown.rows.len());
        let [mut first, mut later] = [VecDeque::new(), VecDeque::new()];
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
        (self.shown, self.left) = (shown, [first, later]);
    }

    /// Draws cells until the time for it is over: those in view, or else the others.
    fn draw_left(&mut self) {
        let start = now();
        let which = usize::from(self.left[0].is_empty());
        while let Some(idx) = self.left[which].pop_front() {
            let row = &mut self.rows[idx];
            let most_ms = if row.is_hidden { SCROLLED_SLICE_MS } else { SLICE_MS };
            match &self.shown.rows[idx] {
                ShownRow::Cells(..) => {
                    row.become_cells();
                    row.draw(&self.draw, self.selection.as_ref(), &self.grid_id);
                    row.arrange(&self.shown.columns);
                }
                ShownRow::Header(header, _) => {
                    row.become_header();
                    row.show_header(header, self.shown.columns.len(), &self.grid_id);
                }
            }
            row.drawn = self.shown.drawn(idx);
            row.set_look(&self.shown.rows[idx], false, &self.grid_id);
            if now() - start >= most_ms {
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
