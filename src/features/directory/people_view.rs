//! The people of a directory as they are found, sorted and selected. Only the rows around those on the screen are here.

use std::sync::Arc;

use directory_worker::message::{ListAnswer, ListQuestion, Selecting, ShownRows};
use directory_worker::{ViewFilter, ViewSpec};
use domain::Member;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::directory::{PeopleDirectory, ReadingStatus};
use ui::{GridSelection, SelectedAll, effect};

/// Number of rows before and after those on the screen that are fetched, so that scrolling finds them.
const MARGIN: usize = 30;
/// Most people who are fetched at once.
const PORTION: usize = 5_000;

/// The rows that are here, and what is known of all.
#[derive(Clone, Debug, Default)]
struct Here {
    rows: ShownRows,
    /// A number for each row that changes with what it says.
    versions: Vec<u64>,
    n_versions: u64,
    is_there: bool,
}

impl Here {
    fn place(&self, place: usize) -> Option<usize> {
        place.checked_sub(self.rows.from).filter(|idx| *idx < self.rows.rows.len())
    }

    fn take(&mut self, rows: ShownRows) {
        let mut versions = Vec::with_capacity(rows.rows.len());
        for (idx, row) in rows.rows.iter().enumerate() {
            let known =
                self.place(rows.from + idx).filter(|known| self.rows.rows[*known].person == row.person);
            versions.push(known.map_or_else(
                || {
                    self.n_versions += 1;
                    self.n_versions
                },
                |known| self.versions[known],
            ));
        }
        (self.rows, self.versions, self.is_there) = (rows, versions, true);
    }
}

/// The people of a directory as they are shown. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct PeopleView {
    directory: StoredValue<PeopleDirectory, LocalStorage>,
    spec: Memo<ViewSpec>,
    here: RwSignal<Here>,
    window: RwSignal<(usize, usize)>,
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
            here: RwSignal::default(),
            window: RwSignal::new((0, 0)),
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
        let of = Memo::new(move |before: Option<&(String, ViewFilter, u32)>| {
            spec.with(|spec| match before {
                Some((search, filter, n)) if *search == spec.search && *filter == spec.filter => {
                    (search.clone(), filter.clone(), *n)
                }
                Some((.., n)) => (spec.search.clone(), spec.filter.clone(), n + 1),
                None => (spec.search.clone(), spec.filter.clone(), 0),
            })
        });
        Signal::derive(move || of.with(|(.., n)| n.to_string()))
    }

    /// Number of people shown; tracked.
    pub fn count(self) -> Signal<usize> {
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
        self.here.with_untracked(|here| here.place(place).map(|idx| here.rows.rows[idx].person.clone()))
    }

    /// The row of the person with this id, if it is around those on the screen; tracked.
    pub fn place_here(self, id: &str) -> Option<usize> {
        self.here.with(|here| {
            let idx = here.rows.rows.iter().position(|row| !id.is_empty() && *row.person.id == *id)?;
            Some(here.rows.from + idx)
        })
    }

    /// True if nobody who was shown so far has this: the column for it is empty.
    pub fn lacks(self, has: fn(&Member) -> bool) -> Memo<bool> {
        let here = self.here;
        Memo::new(move |lacked: Option<&bool>| {
            *lacked.unwrap_or(&true) && !here.with(|here| here.rows.rows.iter().any(|row| has(&row.person)))
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
                n if n == here.rows.n_rows => SelectedAll::All,
                _ => SelectedAll::Some,
            })
        });
        let is_selected = move |place| {
            here.with(|here| here.place(place).is_some_and(|idx| here.rows.rows[idx].is_selected))
        };
        let label =
            move |place| self.person(place).map(|person| person.label().to_owned()).unwrap_or_default();
        GridSelection {
            is_selected: Arc::new(is_selected),
            all: all.into(),
            on_toggle: Callback::new(move |place| self.select(Selecting::Toggle(place))),
            on_range: Callback::new(move |(from, to)| self.select(Selecting::Range { from, to })),
            on_all: Callback::new(move |is_selected| self.select(Selecting::All(is_selected))),
            row_label: Arc::new(label),
        }
    }

    /// Changes the selection.
    pub fn select(self, change: Selecting) {
        let (first, end) = self.wanted();
        self.ask_for_rows(ListQuestion::Select {
            change,
            view: self.spec.get_untracked(),
            from: first,
            to: end,
        });
    }

    /// Everyone who is selected, also beyond what is shown. Empty if the worker ended.
    pub async fn selected(self) -> Vec<Member> {
        let mut all = Vec::new();
        loop {
            let Some(directory) = self.directory.try_get_value() else { return all };
            let question = ListQuestion::Selected { from: all.len(), most: PORTION };
            let Ok(ListAnswer::People(people)) = directory.ask(&question).await else { return Vec::new() };
            let n_people = people.len();
            all.extend(people);
            if n_people < PORTION {
                return all;
            }
        }
    }

    fn wanted(self) -> (usize, usize) {
        let (first, end) = self.window.get_untracked();
        (first.saturating_sub(MARGIN), end + MARGIN)
    }

    /// Asks for the rows, after the question that is under way.
    fn refresh(self) {
        let (is_asking, _) = self.asking.get_value();
        if is_asking {
            self.asking.set_value((true, true));
            return;
        }
        let (from, to) = self.wanted();
        self.ask_for_rows(ListQuestion::Show { view: self.spec.get_untracked(), from, to });
    }

    fn ask_for_rows(self, question: ListQuestion) {
        self.asking.set_value((true, false));
        let answer = self.directory.with_value(|directory| directory.ask(&question));
        spawn_local(async move {
            let answer = answer.await;
            // Gone with its page.
            let Some((_, is_outdated)) = self.asking.try_get_value() else { return };
            self.asking.set_value((false, false));
            if let Ok(ListAnswer::Shown(rows)) = answer {
                self.here.update(|here| here.take(rows));
            }
            if is_outdated {
                self.refresh();
            }
        });
    }
}
