//! The people of a directory as they are found, sorted and selected. Only the rows around those on the screen are here.

use std::sync::Arc;

use directory_worker::message::{
    ListAnswer, ListQuestion, SeenRow, Selecting, ShownHeader, ShownPart, ShownRow, ShownRows,
};
use directory_worker::{GroupBy, GroupValue, ViewFilter, ViewSpec};
use domain::Member;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::grouping;
use crate::state::directory::{PeopleDirectory, ReadingStatus};
use ui::{GridGroups, GridSelection, SelectedAll, effect};

/// Number of rows before and after those on the screen that are fetched, so that scrolling finds them.
const MARGIN: usize = 15;
/// Most people who are fetched at once.
const PORTION: usize = 5_000;

/// The rows that are here, and what is known of all.
#[derive(Clone, Debug, Default)]
struct Here {
    rows: ShownRows,
    /// What was asked for.
    part: ShownPart,
    /// A number for each row that changes with what it says.
    versions: Vec<u64>,
    n_versions: u64,
    is_there: bool,
}

impl Here {
    fn place(&self, place: usize) -> Option<usize> {
        place.checked_sub(self.rows.from).filter(|idx| *idx < self.rows.rows.len())
    }

    fn row(&self, place: usize) -> Option<&ShownRow> {
        self.rows.rows.get(self.place(place)?)
    }

    fn header(&self, place: usize) -> Option<&ShownHeader> {
        match self.row(place)? {
            ShownRow::Header(header) => Some(header),
            ShownRow::Person(..) => None,
        }
    }

    fn person(&self, place: usize) -> Option<(&Member, bool)> {
        match self.row(place)? {
            ShownRow::Person(person, is_selected) => Some((person, *is_selected)),
            ShownRow::Header(_) => None,
        }
    }

    /// The row at a place, as it can be found wherever it is by then.
    fn seen(&self, place: usize) -> SeenRow {
        match self.row(place) {
            Some(ShownRow::Person(person, _)) => SeenRow::of(person, place),
            Some(ShownRow::Header(header)) => SeenRow::Header(header.group.value.clone()),
            None => SeenRow::Place(place),
        }
    }

    fn take(&mut self, rows: ShownRows, part: ShownPart) {
        let mut versions = Vec::with_capacity(rows.rows.len());
        for (idx, row) in rows.rows.iter().enumerate() {
            let known =
                self.place(rows.from + idx).filter(|known| says_the_same(&self.rows.rows[*known], row));
            versions.push(known.map_or_else(
                || {
                    self.n_versions += 1;
                    self.n_versions
                },
                |known| self.versions[known],
            ));
        }
        (self.rows, self.part, self.versions, self.is_there) = (rows, part, versions, true);
    }
}

/// Whether two rows say the same, apart from what changes without drawing a row again.
fn says_the_same(one: &ShownRow, other: &ShownRow) -> bool {
    match (one, other) {
        (ShownRow::Person(one, _), ShownRow::Person(other, _)) => one == other,
        (ShownRow::Header(one), ShownRow::Header(other)) => {
            one.group.value == other.group.value && one.group.name == other.group.name
        }
        (ShownRow::Person(..), ShownRow::Header(_)) | (ShownRow::Header(_), ShownRow::Person(..)) => false,
    }
}

/// The people of a directory as they are shown. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct PeopleView {
    directory: StoredValue<PeopleDirectory, LocalStorage>,
    spec: Memo<ViewSpec>,
    /// The groups that were collapsed, and what people were grouped by then.
    collapsed: StoredValue<(Option<GroupBy>, Vec<GroupValue>)>,
    here: RwSignal<Here>,
    window: RwSignal<(usize, usize)>,
    /// The row at which ranges of selected rows start, and its place then.
    start: StoredValue<Option<(usize, SeenRow)>>,
    /// Whether a question is under way, and whether its answer will be outdated.
    asking: StoredValue<(bool, bool)>,
}

impl PeopleView {
    /// The people of a directory, following `spec` and the reading.
    pub fn new(directory: &PeopleDirectory, spec: Memo<ViewSpec>) -> Self {
        let status = directory.status();
        let view = Self {
            directory: StoredValue::new_local(directory.clone()),
            spec,
            collapsed: StoredValue::default(),
            here: RwSignal::default(),
            window: RwSignal::new((0, 0)),
            start: StoredValue::default(),
            asking: StoredValue::new((false, false)),
        };
        effect(move || {
            let language = ListQuestion::Language(i18n::current().into());
            drop(view.directory.with_value(|directory| directory.ask(&language)));
            untrack(|| view.refresh());
        });
        let version = Memo::new(move |_| status.with(|status: &ReadingStatus| status.version));
        effect(move || {
            // A memo that was never read follows nothing.
            let _ = (version.get(), spec.with(|_| ()));
            view.refresh();
        });
        view
    }

    /// Fetches the rows of a part of the screen, unless they are here.
    pub fn show(self, first: usize, end: usize) {
        self.window.set((first, end));
        let has_all = self.here.with_untracked(|here| {
            let last = end.min(here.rows.n_rows);
            here.place(first).is_some() && (last <= first || here.place(last - 1).is_some())
        });
        if !has_all {
            self.refresh();
        }
    }

    /// Changes when other people are shown, but not with their order.
    pub fn of(self) -> Signal<String> {
        let spec = self.spec;
        let of = Memo::new(move |before: Option<&(String, ViewFilter, Option<GroupBy>, u32)>| {
            spec.with(|ViewSpec { search, filter, group_by, .. }| {
                let n = before.map_or(0, |(known, known_filter, known_by, n)| {
                    let is_same = known == search && known_filter == filter && known_by == group_by;
                    n + u32::from(!is_same)
                });
                (search.clone(), filter.clone(), *group_by, n)
            })
        });
        Signal::derive(move || of.with(|(.., n)| n.to_string()))
    }

    /// Number of people shown, with those of collapsed groups; tracked.
    pub fn count(self) -> Signal<usize> {
        let here = self.here;
        Memo::new(move |_| here.with(|here| here.rows.n_people)).into()
    }

    /// Number of rows of the grid, with headers; tracked.
    pub fn n_rows(self) -> Signal<usize> {
        let here = self.here;
        Memo::new(move |_| here.with(|here| here.rows.n_rows)).into()
    }

    /// False before the first answer; tracked.
    pub fn is_there(self) -> Signal<bool> {
        let here = self.here;
        Memo::new(move |_| here.with(|here| here.is_there)).into()
    }

    /// The person in a row, if they are here; untracked.
    pub fn person(self, place: usize) -> Option<Member> {
        self.with_person(place, Member::clone)
    }

    /// Looks at the person in a row, if they are here; untracked.
    pub fn with_person<T>(self, place: usize, look: impl FnOnce(&Member) -> T) -> Option<T> {
        self.here.with_untracked(|here| here.person(place).map(|(person, _)| look(person)))
    }

    /// The row of the person with this id, if it is around those on the screen; tracked.
    pub fn place_here(self, id: &str) -> Option<usize> {
        self.here.with(|here| {
            let is_it =
                |row: &ShownRow| matches!(row, ShownRow::Person(person, _) if !id.is_empty() && *person.id == *id);
            Some(here.rows.from + here.rows.rows.iter().position(is_it)?)
        })
    }

    /// True if nobody who was shown so far has this: the column for it is empty.
    pub fn lacks(self, has: fn(&Member) -> bool) -> Memo<bool> {
        let here = self.here;
        Memo::new(move |lacked: Option<&bool>| {
            let has = |row: &ShownRow| matches!(row, ShownRow::Person(person, _) if has(person));
            *lacked.unwrap_or(&true) && !here.with(|here| here.rows.rows.iter().any(has))
        })
    }

    /// A number that changes with what a row says, if it is here; tracked.
    pub fn version(self, place: usize) -> Option<u64> {
        self.here.with(|here| here.place(place).map(|idx| here.versions[idx]))
    }

    /// Number of people who are selected; tracked.
    pub fn n_selected(self) -> Signal<usize> {
        let here = self.here;
        Memo::new(move |_| here.with(|here| here.rows.n_selected)).into()
    }

    /// The checkboxes of the grid.
    pub fn selection(self) -> GridSelection {
        let here = self.here;
        let all = Memo::new(move |_| {
            here.with(|here| match here.rows.n_selected_here {
                0 => SelectedAll::None,
                n if n == here.rows.n_people => SelectedAll::All,
                _ => SelectedAll::Some,
            })
        });
        let is_selected =
            move |place| here.with(|here| here.person(place).is_some_and(|(_, is_selected)| is_selected));
        let label =
            move |place| self.with_person(place, |person| person.label().to_owned()).unwrap_or_default();
        let seen = move |place| here.with_untracked(|here| here.seen(place));
        GridSelection {
            is_selected: Arc::new(is_selected),
            all: all.into(),
            on_toggle: Callback::new(move |place| self.select(Selecting::Toggle(seen(place)))),
            on_start: Some(Callback::new(move |place| self.start.set_value(Some((place, seen(place)))))),
            on_range: Callback::new(move |range| self.select_range(range)),
            on_all: Callback::new(move |is_selected| self.select(Selecting::All(is_selected))),
            row_label: Arc::new(label),
        }
    }

    /// The headers of the grid.
    pub fn groups(self) -> GridGroups {
        let here = self.here;
        let header = move |place| {
            here.with(|here| Some(grouping::header(here.part.view.group_by?, here.header(place)?)))
        };
        let value = move |place| {
            here.with_untracked(|here| here.header(place).map(|header| header.group.value.clone()))
        };
        let toggle = move |place| {
            let Some(value) = value(place) else { return };
            let (by, mut collapsed) = self.collapsed();
            match collapsed.iter().position(|other| *other == value) {
                Some(idx) => drop(collapsed.swap_remove(idx)),
                None => collapsed.push(value),
            }
            self.collapsed.set_value((by, collapsed));
            self.refresh();
        };
        let select = move |(place, is_selected)| {
            if let Some(value) = value(place) {
                self.select(Selecting::Group(value, is_selected));
            }
        };
        GridGroups {
            header: Arc::new(header),
            on_toggle: Callback::new(toggle),
            on_select: Callback::new(select),
        }
    }

    /// What people are grouped by, and the collapsed groups; none of an earlier grouping.
    fn collapsed(self) -> (Option<GroupBy>, Vec<GroupValue>) {
        let now = self.spec.with_untracked(|spec| spec.group_by);
        let known = self.collapsed.with_value(|known| (known.0 == now).then(|| known.1.clone()));
        (now, known.unwrap_or_default())
    }

    /// Selects people between two rows as they were seen, in the order that was seen.
    fn select_range(self, (from, to): (usize, usize)) {
        let (place, start) = self.start.get_value().unwrap_or((from, SeenRow::Place(from)));
        let end = if place == from { to } else { from };
        let now = self.part();
        let (end, seen) = self.here.with_untracked(|here| {
            let is_other = here.part.view != now.view || here.part.collapsed != now.collapsed;
            (here.seen(end), (here.is_there && is_other).then(|| Box::new(here.part.clone())))
        });
        self.select(Selecting::Range { from: start, to: end, seen });
    }

    /// Changes the selection.
    pub fn select(self, change: Selecting) {
        self.ask_for_rows(Some(change));
    }

    /// Everyone who is selected, also beyond what is shown. `None` if the worker ended, or its page is gone.
    pub async fn selected(self) -> Option<Vec<Member>> {
        let mut all = Vec::new();
        loop {
            let directory = self.directory.try_get_value()?;
            let question = ListQuestion::Selected { from: all.len(), most: PORTION };
            let Ok(ListAnswer::People(people)) = directory.ask(&question).await else { return None };
            let n_people = people.len();
            all.extend(people);
            if n_people < PORTION {
                return Some(all);
            }
        }
    }

    /// The rows that are wanted here.
    fn part(self) -> ShownPart {
        let (first, end) = self.window.get_untracked();
        ShownPart {
            view: self.spec.get_untracked(),
            collapsed: self.collapsed().1,
            from: first.saturating_sub(MARGIN),
            to: end + MARGIN,
        }
    }

    /// Asks for the rows, after the question that is under way.
    fn refresh(self) {
        let (is_asking, _) = self.asking.get_value();
        if is_asking {
            self.asking.set_value((true, true));
            return;
        }
        self.ask_for_rows(None);
    }

    /// Asks for the rows, and changes the selection before.
    fn ask_for_rows(self, change: Option<Selecting>) {
        self.asking.set_value((true, false));
        let shown = self.part();
        let part = shown.clone();
        let question = match change {
            Some(change) => ListQuestion::Select { change, shown },
            None => ListQuestion::Show(shown),
        };
        let answer = self.directory.with_value(|directory| directory.ask(&question));
        spawn_local(async move {
            let answer = answer.await;
            // Gone with its page.
            let Some((_, is_outdated)) = self.asking.try_get_value() else { return };
            self.asking.set_value((false, false));
            if let Ok(ListAnswer::Shown(rows)) = answer {
                self.here.update(|here| here.take(rows, part));
            }
            if is_outdated {
                self.refresh();
            }
        });
    }
}
