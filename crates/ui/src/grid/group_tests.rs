//! Header rows of a grid as used with a keyboard and a mouse.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlInputElement};

use super::tests::{STYLE, active, settle, with_ctrl, with_shift};
use super::{DrawRow, Grid, GridColumns, GridGroups, GridSelection, GroupHeader, SelectedAll};
use crate::table::Column;
use crate::tests::Stage;

/// A group of the test, with the number of its people.
#[derive(Clone, Copy)]
struct Group {
    name: &'static str,
    count: usize,
    is_expanded: bool,
    selected: SelectedAll,
}

/// What a grid reported, and the signals that it reads.
#[derive(Clone, Copy)]
struct Page {
    columns: GridColumns,
    groups: RwSignal<[Group; 2]>,
    cursor: RwSignal<Option<usize>>,
    said: RwSignal<Vec<String>>,
}

impl Page {
    fn new() -> Self {
        let columns = vec![
            Column::new("name", || "Name".to_owned()),
            Column::new("mail", || "Email".to_owned()),
            Column::new("scope", || "Scope".to_owned()),
        ];
        let group = |name, count| Group { name, count, is_expanded: true, selected: SelectedAll::None };
        Self {
            columns: columns.into(),
            groups: RwSignal::new([group("Crew", 3), group("Fans", 40)]),
            cursor: RwSignal::new(None),
            said: RwSignal::new(Vec::new()),
        }
    }

    /// The group and, unless it is the header, the number of the person in a row; tracked.
    fn at(self, place: usize) -> Option<(usize, Option<usize>)> {
        let mut place = place;
        for (number, group) in self.groups.get().iter().enumerate() {
            let n_rows = 1 + if group.is_expanded { group.count } else { 0 };
            if place < n_rows {
                return Some((number, place.checked_sub(1)));
            }
            place -= n_rows;
        }
        None
    }

    fn change(self, place: usize, change: impl Fn(&mut Group)) {
        if let Some((number, None)) = untrack(|| self.at(place)) {
            self.groups.update(|groups| change(&mut groups[number]));
        }
    }

    fn say(self, what: String) {
        self.said.update(|said| said.push(what));
    }

    fn said(self) -> Vec<String> {
        self.said.try_update(std::mem::take).unwrap_or_default()
    }

    fn headers(self) -> GridGroups {
        let header = move |place| {
            let (number, None) = self.at(place)? else { return None };
            let Group { name, count, is_expanded, selected } = self.groups.get()[number];
            Some(GroupHeader { name: name.to_owned(), is_data: true, count, is_expanded, selected })
        };
        let toggle = move |place| self.change(place, |group| group.is_expanded = !group.is_expanded);
        let select = move |(place, is_all)| {
            self.say(format!("{is_all} for {place}"));
            let selected = if is_all { SelectedAll::All } else { SelectedAll::None };
            self.change(place, |group| group.selected = selected);
        };
        GridGroups {
            header: Arc::new(header),
            on_toggle: Callback::new(toggle),
            on_select: Callback::new(select),
        }
    }

    fn selection(self) -> GridSelection {
        GridSelection {
            is_selected: Arc::new(|_| false),
            all: Signal::stored(SelectedAll::None),
            on_toggle: Callback::new(move |row| self.say(format!("toggle {row}"))),
            on_start: Some(Callback::new(move |row| self.say(format!("from {row}")))),
            on_range: Callback::new(move |(from, to)| self.say(format!("{from} to {to}"))),
            on_all: Callback::new(|_| ()),
            row_label: Arc::new(|row| format!("Person {row}")),
        }
    }

    async fn stage(self) -> Stage {
        let stage = Stage::new(move || {
            let draw: DrawRow = Arc::new(move |place| {
                let person = untrack(|| self.at(place)).and_then(|(group, person)| Some((group, person?)));
                let Some((group, person)) = person else { return ().into_any().into() };
                view! {
                    <div class="vcell" role="rowheader">
                        {format!("{person} of {group}")}
                    </div>
                    <div class="vcell" role="gridcell">
                        "mail"
                    </div>
                    <div class="vcell" role="gridcell">
                        "scope"
                    </div>
                }
                .into_any()
                .into()
            });
            let version = move |place| {
                let (group, person) = self.at(place).unwrap_or_default();
                Some((group * 1_000 + person.map_or(999, |person| person)) as u64)
            };
            let count = move || {
                let groups = self.groups.get();
                groups.iter().map(|group| 1 + if group.is_expanded { group.count } else { 0 }).sum::<usize>()
            };
            view! {
                <style>{STYLE}</style>
                <Grid
                    label=Signal::stored("People".to_owned())
                    class="people"
                    columns=self.columns
                    count=Signal::derive(count)
                    of=Signal::stored(String::new())
                    row=draw
                    version=Arc::new(version)
                    on_open=move |row| self.say(format!("open {row}"))
                    cells=3
                    on_cell=move |(row, cell)| self.say(format!("cell {cell} of {row}"))
                    selection=self.selection()
                    groups=self.headers()
                    cursor=self.cursor
                />
            }
            .into_any()
        });
        settle().await;
        stage
    }
}

/// The header of the first group, or of the second.
const CREW: &str = "[aria-rowindex='2']";
const FANS: &str = "[aria-rowindex='6']";

fn named(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// The expanded state of a header.
fn expanded(stage: &Stage, header: &str) -> String {
    named(&stage.find(&[header, " [role=rowheader]"].concat()), "aria-expanded")
}

#[wasm_bindgen_test]
async fn headers_are_rows_with_one_cell_in_all_columns() {
    let page = Page::new();
    let stage = page.stage().await;
    let grid = stage.find("[role=grid]");
    assert_eq!(named(&grid, "aria-rowcount"), "46", "the head, two headers and 43 people");
    let cell = || stage.find(&[FANS, " [role=rowheader]"].concat());
    assert_eq!(stage.text(FANS), "Fans · 40");
    assert_eq!(named(&stage.find(&[FANS, " bdi"].concat()), "translate"), "no");
    assert_eq!((named(&cell(), "aria-colindex"), named(&cell(), "aria-colspan")), ("2".into(), "3".into()));
    assert_eq!(expanded(&stage, FANS), "true");
    assert!(!stage.find(FANS).has_attribute("aria-expanded"), "rows of a grid have no such state");
    let heights =
        [FANS, "[aria-rowindex='7']"].map(|row| stage.find(row).get_bounding_client_rect().height());
    assert!((heights[0] - heights[1]).abs() < 0.1);
    // It spans what is shown, and keeps its one cell.
    page.columns.set_shown(0, false);
    settle().await;
    assert_eq!(named(&cell(), "aria-colspan"), "2");
    assert!(!cell().has_attribute("hidden"));
    assert_eq!(stage.text(FANS), "Fans · 40");
    page.columns.reset();
    settle().await;
    assert_eq!(named(&cell(), "aria-colspan"), "3");
}

#[wasm_bindgen_test]
async fn groups_are_collapsed_and_expanded_with_keys() {
    let page = Page::new();
    let stage = page.stage().await;
    stage.press("[role=grid]", "ArrowDown");
    settle().await;
    assert_eq!(active(&stage), "Crew · 3");
    let cell = stage.find(&[CREW, " [role=rowheader]"].concat());
    let active_id = named(&stage.find("[role=grid]"), "aria-activedescendant");
    assert_eq!(active_id, cell.id(), "the cell says whether the group is expanded");
    assert!(stage.find(CREW).class_list().contains("is-cursor"));
    let element = stage.find(CREW);
    stage.press("[role=grid]", "Enter");
    settle().await;
    assert_eq!(expanded(&stage, CREW), "false");
    assert_eq!(named(&stage.find("[role=grid]"), "aria-rowcount"), "43");
    assert_eq!(stage.text("[aria-rowindex='3']"), "Fans · 40", "the next group follows");
    assert!(element.is_same_node(Some(&stage.find(CREW))), "the header stays, or nothing would be announced");
    stage.press("[role=grid]", " ");
    settle().await;
    assert_eq!(
        (expanded(&stage, CREW).as_str(), &*stage.text("[aria-rowindex='3']")),
        ("true", "0 of 0mailscope")
    );
    for (key, state) in
        [("ArrowRight", "true"), ("ArrowLeft", "false"), ("ArrowLeft", "false"), ("ArrowRight", "true")]
    {
        stage.press("[role=grid]", key);
        settle().await;
        assert_eq!(expanded(&stage, CREW), state, "{key}");
        assert_eq!(active(&stage), "Crew · 3", "{key}");
    }
    // The cell of the cursor is that of people; a header is one cell.
    for key in ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"] {
        stage.press("[role=grid]", key);
        settle().await;
    }
    assert_eq!(active(&stage), "Fans · 40");
    stage.press("[role=grid]", "ArrowDown");
    settle().await;
    assert_eq!(active(&stage), "mail");
    assert_eq!(page.said(), [""; 0], "nothing was opened or selected");
}

#[wasm_bindgen_test]
async fn a_click_collapses_a_group_and_one_on_the_checkbox_selects_it() {
    let page = Page::new();
    let stage = page.stage().await;
    stage.click(&[CREW, " bdi"].concat());
    settle().await;
    assert_eq!((expanded(&stage, CREW).as_str(), page.cursor.get_untracked()), ("false", Some(0)));
    let tick: HtmlInputElement = stage.find(&[CREW, " input"].concat()).unchecked_into();
    assert_eq!(named(&tick, "aria-label"), "Select all in Crew");
    tick.click();
    settle().await;
    assert!(tick.checked() && expanded(&stage, CREW) == "false");
    assert_eq!(named(&stage.find(CREW), "aria-selected"), "true");
    page.change(0, |group| group.selected = SelectedAll::Some);
    settle().await;
    assert!(tick.indeterminate() && !tick.checked());
    assert_eq!(named(&stage.find(CREW), "aria-selected"), "false");
    tick.click();
    settle().await;
    assert!(tick.checked() && !tick.indeterminate(), "some become all");
    stage.press_as("[role=grid]", " ", with_shift);
    settle().await;
    assert!(!tick.checked());
    assert_eq!(page.said(), ["true for 0", "true for 0", "false for 0"]);
}

#[wasm_bindgen_test]
async fn a_range_goes_across_headers_and_starts_anew_once_a_group_is_collapsed() {
    let page = Page::new();
    let stage = page.stage().await;
    stage.press_as("[role=grid]", "Home", with_ctrl);
    stage.press("[role=grid]", "ArrowDown");
    stage.press("[role=grid]", " ");
    stage.press_as("[role=grid]", "PageDown", with_shift);
    assert_eq!(page.said(), ["from 1", "toggle 1", "from 1", "1 to 10"]);
    stage.click(FANS);
    stage.press("[role=grid]", "ArrowUp");
    stage.press_as("[role=grid]", " ", with_shift);
    assert_eq!(page.said(), ["from 3", "3 to 3"]);
}

#[wasm_bindgen_test]
async fn a_header_shows_how_its_group_grows() {
    let page = Page::new();
    let stage = page.stage().await;
    let element = stage.find(CREW);
    page.change(0, |group| group.count = 1_234);
    settle().await;
    assert_eq!(stage.text(CREW), "Crew · 1,234");
    assert!(element.is_same_node(Some(&stage.find(CREW))));
    assert_eq!(named(&stage.find("[role=grid]"), "aria-rowcount"), "1277");
}
