//! Laws of groups: a grid with headers is a plain list of rows.

use directory_worker::message::{
    ListAnswer, ListQuestion, SeenRow, Selecting, ShownHeader, ShownPart, ShownRow, ShownRows,
};
use directory_worker::{GroupBy, GroupValue, PeopleStore, RowGroup, ViewSpec};
use domain::Member;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::language::CZECH;
use crate::model::{Naive, decompose, member, spec};

/// What a user does with a grid.
#[derive(Clone, Debug)]
enum Act {
    Toggle(Index),
    Range(Index, Index),
    Group(Index, bool),
    All(bool),
    Collapse(Index),
    /// Rows arrive.
    Read(Vec<Member>),
    Look(ViewSpec),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => any::<Index>().prop_map(Act::Toggle),
        3 => any::<(Index, Index)>().prop_map(|(from, to)| Act::Range(from, to)),
        3 => any::<(Index, bool)>().prop_map(|(group, is_selected)| Act::Group(group, is_selected)),
        1 => any::<bool>().prop_map(Act::All),
        4 => any::<Index>().prop_map(Act::Collapse),
        2 => prop::collection::vec(member(), 0..6).prop_map(Act::Read),
        2 => spec().prop_map(Act::Look),
    ]
}

/// A row of the model.
#[derive(Clone, Debug, PartialEq)]
enum Row {
    Header(GroupValue),
    Person(Member),
}

/// What a user saw at a place.
fn seen(rows: &[Row], place: usize) -> SeenRow {
    match rows.get(place) {
        Some(Row::Header(value)) => SeenRow::Header(value.clone()),
        Some(Row::Person(person)) => SeenRow::of(person, place),
        None => SeenRow::Place(place),
    }
}

/// A worker's list, and its model.
struct Grid {
    store: PeopleStore,
    naive: Naive,
    spec: ViewSpec,
    collapsed: Vec<GroupValue>,
    selected: Vec<Member>,
}

impl Grid {
    fn new() -> Self {
        let store = PeopleStore::new(decompose, CZECH);
        let spec = ViewSpec { group_by: Some(GroupBy::Scope), ..ViewSpec::default() };
        Self { store, naive: Naive::default(), spec, collapsed: Vec::new(), selected: Vec::new() }
    }

    fn part(&self, from: usize, to: usize) -> ShownPart {
        ShownPart { view: self.spec.clone(), collapsed: self.collapsed.clone(), from, to }
    }

    fn ask(&mut self, question: ListQuestion) -> ShownRows {
        match self.store.answer(question, Vec::new()) {
            ListAnswer::Shown(rows) => rows,
            _ => ShownRows::default(),
        }
    }

    fn select(&mut self, change: Selecting) {
        let shown = self.part(0, 0);
        self.ask(ListQuestion::Select { change, shown });
    }

    fn groups(&self) -> Vec<(RowGroup, Vec<Member>)> {
        let Some(by) = self.spec.group_by else { return Vec::new() };
        let groups = self.naive.groups(by, &self.naive.view(&self.spec));
        let group = |(value, name, people): (GroupValue, Box<str>, Vec<Member>)| {
            (RowGroup { value, name, n_people: people.len() }, people)
        };
        groups.into_iter().map(group).collect()
    }

    /// Every row, one by one.
    fn rows(&self) -> Vec<Row> {
        if self.spec.group_by.is_none() {
            return self.naive.view(&self.spec).into_iter().map(Row::Person).collect();
        }
        let mut rows = Vec::new();
        for (group, people) in self.groups() {
            let is_collapsed = self.collapsed.contains(&group.value);
            rows.push(Row::Header(group.value));
            if !is_collapsed {
                rows.extend(people.into_iter().map(Row::Person));
            }
        }
        rows
    }

    fn mark(&mut self, people: Vec<Member>, is_selected: bool) {
        self.selected.retain(|one| !people.contains(one));
        if is_selected {
            self.selected.extend(people);
        }
    }

    fn happen(&mut self, act: &Act) {
        let rows = self.rows();
        match act {
            Act::Toggle(at) => {
                let place = at.index(rows.len() + 1);
                self.select(Selecting::Toggle(seen(&rows, place)));
                if let Some(Row::Person(person)) = rows.get(place) {
                    let is_selected = self.selected.contains(person);
                    self.mark(vec![person.clone()], !is_selected);
                }
            }
            Act::Range(from, to) => {
                let (from, to) = (from.index(rows.len() + 2), to.index(rows.len() + 2));
                let (first, last) = (seen(&rows, from), seen(&rows, to));
                self.select(Selecting::Range { from: first, to: last, seen: None });
                let places = from.min(to)..=from.max(to);
                let rows = rows.into_iter().enumerate().filter(|(place, _)| places.contains(place));
                let person = |(_, row)| if let Row::Person(person) = row { Some(person) } else { None };
                self.mark(rows.filter_map(person).collect(), true);
            }
            Act::Group(at, is_selected) => {
                let groups = self.groups();
                let (value, people) = match groups.get(at.index(groups.len() + 1)) {
                    Some((group, people)) => (group.value.clone(), people.clone()),
                    None => (Some("not there".into()), Vec::new()),
                };
                self.select(Selecting::Group(value, *is_selected));
                self.mark(people, *is_selected);
            }
            Act::All(is_selected) => {
                self.select(Selecting::All(*is_selected));
                self.mark(self.naive.view(&self.spec), *is_selected);
            }
            Act::Collapse(at) => {
                let groups = self.groups();
                if let Some((group, _)) = groups.get(at.index(groups.len() + 1)) {
                    match self.collapsed.iter().position(|value| *value == group.value) {
                        Some(at) => drop(self.collapsed.remove(at)),
                        None => self.collapsed.push(group.value.clone()),
                    }
                }
            }
            Act::Read(people) => self.read(people),
            Act::Look(spec) => {
                self.spec = spec.clone();
                self.spec.filter.only = directory_worker::Only::All;
            }
        }
    }

    /// Reads people; each has an id of their own, by which the model can tell them apart.
    fn read(&mut self, people: &[Member]) {
        let n_known = self.naive.n_people();
        let numbered = people.iter().zip(n_known..);
        let people: Vec<Member> = numbered
            .map(|(person, number)| Member { id: format!("p{number}").into(), ..person.clone() })
            .collect();
        for person in &people {
            self.naive.upsert(person);
        }
        self.store.answer(ListQuestion::Add(people), Vec::new());
    }

    /// A window of the grid says what the model does.
    fn agrees(&mut self, from: usize, to: usize) -> Result<(), TestCaseError> {
        let (rows, groups, everyone) = (self.rows(), self.groups(), self.naive.view(&self.spec));
        let shown = self.ask(ListQuestion::Show(self.part(from, to)));
        prop_assert_eq!((shown.n_people, shown.n_rows), (everyone.len(), rows.len()));
        prop_assert_eq!(shown.n_selected, self.selected.len());
        let n_selected = |people: &[Member]| people.iter().filter(|one| self.selected.contains(one)).count();
        prop_assert_eq!(shown.n_selected_here, n_selected(&everyone));
        let from = from.min(rows.len());
        prop_assert_eq!(shown.from, from);
        let expected = rows.into_iter().take(to.max(from)).skip(from).map(|row| match row {
            Row::Person(person) => {
                let is_selected = self.selected.contains(&person);
                ShownRow::Person(person.into(), is_selected)
            }
            Row::Header(value) => {
                let (group, people) =
                    groups.iter().find(|(group, _)| group.value == value).expect("it has a group");
                let is_collapsed = self.collapsed.contains(&value);
                ShownRow::Header(ShownHeader {
                    group: group.clone(),
                    n_selected: n_selected(people),
                    is_collapsed,
                })
            }
        });
        prop_assert_eq!(shown.rows, expected.collect::<Vec<_>>());
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_grid_with_groups_is_a_plain_list_of_rows(
        people in prop::collection::vec(member(), 0..20),
        acts in prop::collection::vec((act(), 0_usize..24, 0_usize..30), 0..30),
    ) {
        let mut grid = Grid::new();
        grid.read(&people);
        grid.agrees(0, 99)?;
        for (act, from, to) in acts {
            grid.happen(&act);
            grid.agrees(from, to)?;
            grid.agrees(0, 99)?;
        }
    }
}

#[test]
fn people_without_a_value_are_the_last_group_and_languages_decide_about_the_others() {
    let mut store = PeopleStore::new(decompose, CZECH);
    let emails = ["a@hop.org", "b@CHIP.org", "c@img.org", "", "e@hop.org", "f@Corn.org"];
    let person = |email: &&str| Member {
        id: (*email).into(),
        email: (!email.is_empty()).then(|| (*email).into()),
        ..Member::default()
    };
    store.answer(ListQuestion::Add(emails.iter().map(person).collect()), Vec::new());
    let view = ViewSpec { group_by: Some(GroupBy::Domain), ..ViewSpec::default() };
    let part = ShownPart { view, from: 0, to: 99, ..ShownPart::default() };
    let ListAnswer::Shown(shown) = store.answer(ListQuestion::Show(part), Vec::new()) else {
        panic!("rows are asked for");
    };
    let header = |row: ShownRow| match row {
        ShownRow::Header(ShownHeader { group, .. }) => Some((group.value, group.n_people)),
        ShownRow::Person(..) => None,
    };
    let groups: Vec<_> = shown.rows.into_iter().filter_map(header).collect();
    let groups: Vec<_> = groups.iter().map(|(value, n)| (value.as_deref().unwrap_or("none"), *n)).collect();
    // In Czech, "ch" is a letter after "h".
    assert_eq!(groups, [("corn.org", 1), ("hop.org", 2), ("chip.org", 1), ("img.org", 1), ("none", 1)]);
}
