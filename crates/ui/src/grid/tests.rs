//! A grid as used with a keyboard and a mouse.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEventInit};

use super::choice::Step;
use super::{DrawRow, Grid, GridColumns, GridSelection, PagedLists, SelectedAll, now, options};
use crate::table::{Column, Sort, SortBy};
use crate::tests::{Stage, frame};

/// Rows of 20 px, of which 10 fit below the head.
pub(super) const STYLE: &str = ".vgrid { position: relative; block-size: 220px; inline-size: 300px; overflow: auto } \
    .vrow { block-size: 20px } .vhead { position: sticky; inset-block-start: 0 } .vprobe { position: absolute } \
    .varea { position: relative } .vbody { position: absolute }";

/// What a grid reported, and the signals that it reads.
#[derive(Clone, Copy)]
struct Page {
    columns: GridColumns,
    count: RwSignal<usize>,
    /// Number of rows whose content is here.
    n_here: RwSignal<usize>,
    /// The version of every row's content.
    version: RwSignal<u64>,
    /// How long drawing a row takes, in milliseconds.
    row_ms: f64,
    is_paged: RwSignal<bool>,
    cursor: RwSignal<Option<usize>>,
    selected: RwSignal<Vec<usize>>,
    sort: RwSignal<Option<SortBy>>,
    window: RwSignal<(usize, usize)>,
    said: RwSignal<Vec<String>>,
}

impl Page {
    fn new(count: usize) -> Self {
        let columns = vec![
            Column::new("name", || "Name".to_owned()).sortable().fixed(),
            Column::new("mail", || "Email".to_owned()),
            Column::new("scope", || "Scope".to_owned()),
        ];
        Self {
            columns: columns.into(),
            count: RwSignal::new(count),
            n_here: RwSignal::new(count),
            version: RwSignal::new(0),
            row_ms: 0.0,
            is_paged: RwSignal::new(false),
            cursor: RwSignal::new(None),
            selected: RwSignal::new(Vec::new()),
            sort: RwSignal::new(None),
            window: RwSignal::new((0, 0)),
            said: RwSignal::new(Vec::new()),
        }
    }

    fn say(self, what: String) {
        self.said.update(|said| said.push(what));
    }

    fn said(self) -> Vec<String> {
        self.said.try_update(std::mem::take).unwrap_or_default()
    }

    fn selection(self) -> GridSelection {
        let all = move || match self.selected.with(Vec::len) {
            0 => SelectedAll::None,
            n if n == self.count.get() => SelectedAll::All,
            _ => SelectedAll::Some,
        };
        let toggle = move |row: usize| {
            self.selected.update(|selected| match selected.iter().position(|other| *other == row) {
                Some(idx) => drop(selected.remove(idx)),
                None => selected.push(row),
            });
        };
        let add = move |(from, to): (usize, usize)| {
            self.say(format!("{from} to {to}"));
            self.selected.update(|selected| {
                selected.extend(from..=to);
                selected.sort_unstable();
                selected.dedup();
            });
        };
        let set_all =
            move |is_all| self.selected.set(if is_all { (0..self.count.get()).collect() } else { vec![] });
        GridSelection {
            is_selected: Arc::new(move |row| self.selected.with(|selected| selected.contains(&row))),
            all: Signal::derive(all),
            on_toggle: Callback::new(toggle),
            on_start: None,
            on_range: Callback::new(add),
            on_all: Callback::new(set_all),
            row_label: Arc::new(|row| format!("Person {row}")),
        }
    }

    async fn stage(self) -> Stage {
        let stage = Stage::new(move || {
            provide_context(PagedLists(self.is_paged.into()));
            let draw: DrawRow = Arc::new(move |place| {
                let start = now();
                while now() - start < self.row_ms {}
                let one = |cell: usize| {
                    view! {
                        <div class="vcell" role="gridcell">
                            {format!("{place} in {cell}")}
                        </div>
                    }
                };
                view! {
                    <div class="vcell" role="rowheader">
                        <button class="inside" tabindex="-1">
                            "Details"
                        </button>
                        <a class="beside" href="#beside" tabindex="-1" />
                    </div>
                    {one(1)}
                    {one(2)}
                }
                .into_any()
                .into()
            });
            view! {
                <style>{STYLE}</style>
                <Grid
                    label=Signal::stored("People".to_owned())
                    class="people"
                    columns=self.columns
                    count=self.count
                    of=Signal::stored(String::new())
                    row=draw
                    version=Arc::new(move |place| (place < self.n_here.get()).then(|| self.version.get()))
                    on_open=move |row| self.say(format!("open {row}"))
                    cells=3
                    on_cell=move |(row, cell)| self.say(format!("cell {cell} of {row}"))
                    selection=self.selection()
                    sort=self.sort
                    on_sort=move |key: &'static str| self.say(format!("sort {key}"))
                    on_window=move |window| self.window.set(window)
                    cursor=self.cursor
                />
            }
            .into_any()
        });
        settle().await;
        stage
    }
}

/// Waits for what follows from what was done: sizes, then rows, then what marks them.
pub(super) async fn settle() {
    let is_drawing = || document().query_selector(".vgrid[aria-busy]").is_ok_and(|grid| grid.is_some());
    for _ in 0..4 {
        tick().await;
    }
    while is_drawing() {
        frame().await;
    }
}

/// Waits until the rows around the view are drawn as well.
async fn all_drawn(stage: &Stage) {
    settle().await;
    while stage.try_find(".is-blank").is_some() {
        frame().await;
    }
}

pub(super) fn active(stage: &Stage) -> String {
    let id = stage.find("[role=grid]").get_attribute("aria-activedescendant");
    id.map_or_else(String::new, |id| stage.text(&format!("#{id}")))
}

pub(super) fn with_shift(init: &KeyboardEventInit) {
    init.set_shift_key(true);
}

pub(super) fn with_ctrl(init: &KeyboardEventInit) {
    init.set_ctrl_key(true);
}

#[wasm_bindgen_test]
async fn a_million_rows_are_in_reach_and_few_in_the_document() {
    let page = Page::new(1_000_000);
    let stage = page.stage().await;
    let grid = stage.find("[role=grid]");
    assert_eq!(grid.get_attribute("aria-rowcount").as_deref(), Some("1000001"));
    assert_eq!(grid.get_attribute("aria-colcount").as_deref(), Some("4"));
    stage.press_as("[role=grid]", "End", with_ctrl);
    settle().await;
    assert_eq!(page.cursor.get_untracked(), Some(999_999));
    assert_eq!(page.window.get_untracked().1, 1_000_000);
    let last = stage.find("[aria-rowindex='1000001']");
    assert_eq!(grid.get_attribute("aria-activedescendant"), Some(last.id()));
    let (view, shown) = (grid.get_bounding_client_rect(), last.get_bounding_client_rect());
    assert!(shown.bottom() <= view.bottom() + 1.0, "the row is in view");
    let rows = stage.find(".vbody").child_element_count();
    assert!(rows < 60, "{rows} rows");
}

/// The rows in the document: the place of each, and what its first cell says.
fn rows(stage: &Stage) -> Vec<(usize, String)> {
    let first = stage.find(".vbody").first_element_child();
    let rows = std::iter::successors(first, Element::next_element_sibling);
    let one = |row: Element| {
        let index = row.get_attribute("aria-rowindex").and_then(|index| index.parse::<usize>().ok());
        let cell = row.query_selector("[role=gridcell]:not(.vtick)").ok().flatten();
        (index.expect("it has an index") - 2, cell.and_then(|cell| cell.text_content()).unwrap_or_default())
    };
    rows.map(one).collect()
}

#[wasm_bindgen_test]
async fn rows_are_used_again_and_stay_in_order() {
    let page = Page::new(1_000);
    let stage = page.stage().await;
    let (grid, first) = (stage.find("[role=grid]"), stage.find("[aria-rowindex='2']"));
    for scrolled in [60, 400, 380, 200, 9_000, 20_000, 19_900, 500, 0] {
        grid.set_scroll_top(scrolled);
        grid.dispatch_event(&Event::new("scroll").expect("it is an event")).expect("the grid is there");
        let top = scrolled as usize / 20;
        let is_there = || {
            let (first, end) = page.window.get_untracked();
            (first..end).contains(&top.min(end - 1)) && first + 5 >= top.min(990)
        };
        while !is_there() {
            frame().await;
        }
        all_drawn(&stage).await;
        let (first, end) = page.window.get_untracked();
        let expected: Vec<_> = (first..end).map(|place| (place, format!("{place} in 1"))).collect();
        assert_eq!(rows(&stage), expected, "scrolled by {scrolled}");
    }
    assert!(first.is_connected(), "no row was drawn anew");
    // Fewer rows, and as many again.
    for count in [3, 0, 1_000] {
        page.count.set(count);
        settle().await;
        assert_eq!(rows(&stage).len(), count.min(page.window.get_untracked().1));
    }
    assert!(first.is_connected(), "rows that are not needed are kept");
}

#[wasm_bindgen_test]
async fn a_row_whose_content_is_not_here_says_nothing() {
    let page = Page::new(50);
    page.n_here.set(2);
    let stage = page.stage().await;
    let blank = |place: usize| {
        let row = stage.find(&format!("[aria-rowindex='{}']", place + 2));
        (row.class_list().contains("is-blank"), row.get_attribute("aria-hidden").is_some())
    };
    let (here, not_here) = ((false, false), (true, true));
    assert_eq!([0, 1, 2, 3].map(blank), [here, here, not_here, not_here]);
    page.n_here.set(50);
    settle().await;
    assert_eq!(rows(&stage)[3], (3, "3 in 1".to_owned()));
    assert_eq!([2, 3].map(blank), [here, here]);
    assert_eq!(
        stage.find("[aria-rowindex='5'] .tick").get_attribute("aria-label").as_deref(),
        Some("Select Person 3")
    );
}

#[wasm_bindgen_test]
async fn rows_out_of_view_that_show_something_are_not_drawn_at_once() {
    let page = Page::new(500);
    let stage = page.stage().await;
    all_drawn(&stage).await;
    let inside = |place: usize| stage.find(&format!("[aria-rowindex='{}'] .inside", place + 2));
    let (seen, unseen) = (inside(9), inside(10));
    page.version.set(1);
    settle().await;
    assert_eq!((seen.is_connected(), unseen.is_connected()), (false, true));
    while unseen.is_connected() {
        frame().await;
    }
}

#[wasm_bindgen_test]
async fn rows_in_view_are_drawn_first_and_no_frame_waits_for_all() {
    let page = Page { row_ms: 8.0, ..Page::new(500) };
    let stage = page.stage().await;
    page.cursor.set(Some(300));
    let mut n_blank = Vec::new();
    let is_blank = |place: usize| {
        let row = stage.find(&format!("[aria-rowindex='{}']", place + 2));
        row.class_list().contains("is-blank")
    };
    tick().await;
    while stage.try_find(".vgrid[aria-busy]").is_some() {
        let (first, end) = page.window.get_untracked();
        let blank: Vec<_> = (first..end).filter(|place| is_blank(*place)).collect();
        assert!(
            is_blank(first) || !is_blank(end - 4),
            "those above the view wait for those in it: {blank:?}"
        );
        let at = stage.find("[role=grid]").get_attribute("aria-activedescendant");
        assert_eq!(at.is_some(), !is_blank(300), "a screen reader is led to rows that it can read");
        n_blank.push(blank.len());
        frame().await;
    }
    assert!(n_blank.len() > 1 && n_blank.is_sorted_by(|one, next| one > next), "{n_blank:?}");
    all_drawn(&stage).await;
    let (first, end) = page.window.get_untracked();
    let expected: Vec<_> = (first..end).map(|place| (place, format!("{place} in 1"))).collect();
    assert_eq!(rows(&stage), expected, "those around the view follow");
    assert_eq!(active(&stage), "Details300 in 1300 in 2");
}

#[wasm_bindgen_test]
async fn the_cursor_moves_between_cells_and_acts_on_them() {
    let page = Page::new(50);
    let stage = page.stage().await;
    for key in ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"] {
        stage.press("[role=grid]", key);
        settle().await;
    }
    assert_eq!(active(&stage), "1 in 2");
    assert_eq!(stage.text("[data-cursor]"), "1 in 2");
    assert_eq!(stage.try_find(".is-cursor"), None, "one thing is marked");
    stage.press("[role=grid]", "Enter");
    stage.press("[role=grid]", "Home");
    settle().await;
    assert_eq!(stage.try_find("[data-cursor]"), None);
    assert_eq!(stage.find(".is-cursor").get_attribute("aria-rowindex").as_deref(), Some("3"));
    stage.press("[role=grid]", "Enter");
    stage.click("[aria-rowindex='4'] [role=gridcell]:last-child");
    stage.click("[aria-rowindex='4'] [role=rowheader]");
    assert_eq!(page.said(), ["cell 2 of 1", "open 1", "cell 2 of 2", "open 2"]);
}

#[wasm_bindgen_test]
async fn rows_are_selected_with_keys() {
    let page = Page::new(50);
    let stage = page.stage().await;
    stage.press("[role=grid]", "ArrowDown");
    stage.press("[role=grid]", " ");
    settle().await;
    let first = stage.find("[aria-rowindex='2']");
    assert_eq!(first.get_attribute("aria-selected").as_deref(), Some("true"));
    let tick: HtmlInputElement = stage.find("[aria-rowindex='2'] input").unchecked_into();
    assert!(tick.checked());
    assert_eq!(tick.get_attribute("aria-label").as_deref(), Some("Select Person 0"));
    stage.press_as("[role=grid]", "ArrowDown", with_shift);
    stage.press_as("[role=grid]", "ArrowDown", with_shift);
    stage.press("[role=grid]", "PageDown");
    stage.press_as("[role=grid]", " ", with_shift);
    assert_eq!(page.said(), ["0 to 1", "0 to 2", "0 to 11"]);
    settle().await;
    let all: HtmlInputElement = stage.find("[role=columnheader] input").unchecked_into();
    assert!(all.indeterminate());
    stage.press_as("[role=grid]", "a", with_ctrl);
    settle().await;
    assert!(all.checked() && !all.indeterminate());
    assert_eq!(page.selected.with_untracked(Vec::len), 50);
    all.click();
    settle().await;
    assert_eq!(page.selected.with_untracked(Vec::len), 0);
}

#[wasm_bindgen_test]
async fn a_press_on_a_checkbox_selects_and_one_beside_it_opens() {
    let page = Page::new(50);
    let stage = page.stage().await;
    stage.click("[aria-rowindex='3'] input");
    settle().await;
    assert_eq!(page.selected.get_untracked(), [1]);
    assert!(stage.find("[aria-rowindex='3'] input").unchecked_into::<HtmlInputElement>().checked());
    let init = web_sys::MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_shift_key(true);
    let event = web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).expect("an event");
    stage.find("[aria-rowindex='6'] .vtick").dispatch_event(&event).expect("it can be dispatched");
    settle().await;
    assert_eq!(page.selected.get_untracked(), [1, 2, 3, 4]);
    assert_eq!(page.cursor.get_untracked(), Some(4));
    stage.click("[aria-rowindex='6'] [role=rowheader]");
    assert_eq!(page.said(), ["1 to 4", "open 4"]);
}

#[wasm_bindgen_test]
async fn a_press_on_a_link_is_left_to_the_browser() {
    let page = Page::new(50);
    let stage = page.stage().await;
    stage.click("[aria-rowindex='6'] .beside");
    settle().await;
    assert_eq!(page.said(), [""; 0]);
    assert_eq!(page.cursor.get_untracked(), Some(4));
    stage.press("[role=grid]", "Enter");
    assert_eq!(page.said(), ["open 4"]);
}

#[wasm_bindgen_test]
async fn a_heading_sorts_and_keeps_the_focus() {
    let page = Page::new(50);
    let stage = page.stage().await;
    assert_eq!(stage.find("[aria-sort]").get_attribute("aria-sort").as_deref(), Some("none"));
    let heading: HtmlElement = stage.find("[role=columnheader] button").unchecked_into();
    heading.focus().expect("it can have the focus");
    stage.press("[role=columnheader] button", "End");
    heading.click();
    page.sort.set(Some(SortBy { key: "name", sort: Sort::Descending }));
    settle().await;
    assert_eq!(page.said(), ["sort name"]);
    assert_eq!(stage.find("[aria-sort]").get_attribute("aria-sort").as_deref(), Some("descending"));
    let focused = document().active_element().expect("something has the focus");
    assert_eq!(focused.text_content().as_deref(), Some("Name"));
    assert_eq!(page.cursor.get_untracked(), None, "keys in the head do not move the cursor");

    stage.find(".inside").unchecked_into::<HtmlElement>().focus().expect("it can have the focus");
    settle().await;
    let focused = document().active_element().expect("something has the focus");
    assert_eq!(focused.get_attribute("role").as_deref(), Some("grid"));
}

#[wasm_bindgen_test]
async fn the_page_moves_the_cursor_and_the_grid_scrolls_there() {
    let page = Page::new(20);
    let stage = page.stage().await;
    assert_eq!(page.window.get_untracked(), (0, 13));
    page.n_here.set(500);
    page.count.set(500);
    page.cursor.set(Some(400));
    settle().await;
    assert_eq!(active(&stage), "Details400 in 1400 in 2");
    let (first, end) = page.window.get_untracked();
    assert!((first..end).contains(&400), "{first} to {end}");
    // Also to the row where it is already.
    stage.find("[role=grid]").set_scroll_top(0);
    page.cursor.set(Some(400));
    settle().await;
    assert_eq!(active(&stage), "Details400 in 1400 in 2");
}

#[wasm_bindgen_test]
async fn columns_are_moved_and_hidden_with_their_cells() {
    let page = Page::new(50);
    let stage = page.stage().await;
    let colcount = || stage.find("[role=grid]").get_attribute("aria-colcount");
    assert!(page.columns.shift(2, Step::Up));
    settle().await;
    assert_eq!(stage.text(".vhead"), "NameScopeEmail");
    assert_eq!(stage.text("[aria-rowindex='3']"), "Details1 in 21 in 1");
    // Rows that are drawn later stand alike.
    stage.press_as("[role=grid]", "End", with_ctrl);
    settle().await;
    assert_eq!(stage.text("[aria-rowindex='51']"), "Details49 in 249 in 1");
    stage.press("[role=grid]", "ArrowRight");
    settle().await;
    assert_eq!(active(&stage), "49 in 2", "the cursor follows the order");

    page.columns.set_shown(2, false);
    settle().await;
    assert_eq!((stage.text(".vhead"), colcount().as_deref()), ("NameEmail".to_owned(), Some("3")));
    assert_eq!(stage.try_find("[data-cursor]"), None, "no cursor on what is hidden");
    assert_eq!(stage.text("[aria-rowindex='51'] [hidden]"), "49 in 2");
    assert_eq!(stage.text("[aria-rowindex='51'] [aria-colindex='3']:not([hidden])"), "49 in 1");
    stage.press("[role=grid]", "End");
    settle().await;
    assert_eq!(active(&stage), "49 in 1");

    page.columns.reset();
    settle().await;
    assert_eq!((stage.text(".vhead"), colcount().as_deref()), ("NameEmailScope".to_owned(), Some("4")));
    assert_eq!(stage.text("[aria-rowindex='51']"), "Details49 in 149 in 2");
    assert_eq!(stage.try_find("[aria-rowindex='51'] [hidden]"), None);
}

#[wasm_bindgen_test]
async fn a_page_has_all_its_rows_and_keys_turn_to_the_others() {
    let page = Page::new(120);
    let stage = page.stage().await;
    page.is_paged.set(true);
    settle().await;
    let n_rows = || stage.find(".vbody").child_element_count();
    assert_eq!((n_rows(), page.window.get_untracked()), (50, (0, 50)));
    assert_eq!(stage.find("[role=grid]").get_attribute("aria-rowcount").as_deref(), Some("121"));
    stage.click(".vpages button:last-of-type");
    settle().await;
    assert!(stage.text(".vpages [role=status]").contains("51"), "{}", stage.text(".vpages"));
    assert_eq!(stage.find(".vbody > :first-child").get_attribute("aria-rowindex").as_deref(), Some("52"));
    // The cursor begins where the page does.
    stage.press("[role=grid]", "ArrowDown");
    assert_eq!(page.cursor.get_untracked(), Some(50));
    stage.press("[role=grid]", "PageDown");
    settle().await;
    assert_eq!((n_rows(), page.cursor.get_untracked()), (20, Some(100)));
    assert_eq!(
        stage.find(".vpages button:last-of-type").get_attribute("aria-disabled").as_deref(),
        Some("true")
    );
    stage.press("[role=grid]", "ArrowUp");
    settle().await;
    assert_eq!((page.window.get_untracked(), page.cursor.get_untracked()), ((50, 100), Some(99)));
    stage.press_as("[role=grid]", "a", with_ctrl);
    assert_eq!(page.selected.with_untracked(Vec::len), 120, "also on other pages");
    page.count.set(30);
    settle().await;
    assert_eq!((n_rows(), stage.try_find(".vpages")), (30, None));
}

#[wasm_bindgen_test]
async fn columns_are_chosen_in_a_list() {
    let page = Page::new(1);
    let stage = Stage::new(move || options::list(page.columns));
    settle().await;
    let named = |selector: &str| stage.find(selector).get_attribute("aria-label").unwrap_or_default();
    assert_eq!(stage.text("ul"), "EmailScope", "the first column is not to be chosen");
    assert!(stage.find("li:first-child [id$=-up]").class_list().contains("is-end"));
    assert!(named("li:last-child [id$=-up]").contains("Scope"));
    stage.click("li:last-child [id$=-up]");
    settle().await;
    assert_eq!(stage.text("ul"), "ScopeEmail");
    assert_eq!(page.columns.choice().to_string(), "name scope mail");
    stage.click("li:first-child input");
    settle().await;
    assert_eq!(page.columns.choice().to_string(), "name -scope mail");
    assert!(!stage.find("li:first-child input").unchecked_into::<HtmlInputElement>().checked());
    stage.click(".btn-quiet:not(.btn-icon)");
    settle().await;
    assert_eq!(stage.text("ul"), "EmailScope");
    assert!(page.columns.choice().to_string().is_empty());
}
