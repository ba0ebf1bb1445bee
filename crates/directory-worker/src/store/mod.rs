//! The people of a list in a worker: answers questions about them.

use domain::search::Decompose;
use domain::{Cursor, Items, Query, Scope, Vendor};

use crate::message::{
    ListAnswer, ListQuestion, SeenRow, Selecting, ShownHeader, ShownPart, ShownRow, ShownRows, TakenPage,
    write_taken,
};
use crate::{Collation, GridLayout, GridPlace, GroupValue, Only, PeopleList, RowGroup, ViewSpec, place_of};

/// The people of a list and how they were shown last.
#[derive(Debug)]
pub struct PeopleStore {
    people: PeopleList,
    decompose: Decompose,
    collation: Collation,
    language: Box<str>,
    view: Option<View>,
    attached: Option<Vec<u8>>,
}

/// The rows that were shown last.
#[derive(Debug)]
struct View {
    spec: ViewSpec,
    /// The version and the numbering of the list that it shows.
    at: (u64, u64),
    rows: Vec<u32>,
    groups: Vec<RowGroup>,
    collapsed: Vec<GroupValue>,
    layout: GridLayout,
}

impl View {
    fn is_collapsed(&self, group: &RowGroup) -> bool {
        self.collapsed.contains(&group.value)
    }

    /// Shows the rows with these groups collapsed.
    fn lay_out(&mut self, collapsed: &[GroupValue]) {
        self.collapsed = collapsed.to_vec();
        self.layout = match self.spec.group_by {
            Some(_) => {
                let groups = self.groups.iter();
                GridLayout::of_groups(groups.map(|group| (group.n_people, self.is_collapsed(group))))
            }
            None => GridLayout::flat(self.rows.len()),
        };
    }

    fn people_of(&self, group: usize) -> &[u32] {
        self.rows.get(self.layout.people_of(group)).unwrap_or_default()
    }
}

impl PeopleStore {
    /// A store without people. `collation` is that of the language that was set last.
    pub fn new(decompose: Decompose, collation: Collation) -> Self {
        let people = PeopleList::new(decompose, collation);
        Self { people, decompose, collation, language: "".into(), view: None, attached: None }
    }

    /// Answers a question, which may have bytes attached.
    pub fn answer(&mut self, question: ListQuestion, attached: Vec<u8>) -> ListAnswer {
        match question {
            ListQuestion::Language(tag) if self.language == tag => {}
            ListQuestion::Language(tag) => {
                self.language = tag;
                self.people.set_collation(self.collation);
            }
            ListQuestion::Begin => self.people.begin_reading(),
            ListQuestion::Add(people) => {
                for person in &people {
                    self.people.upsert(person);
                }
            }
            ListQuestion::Take { vendor, query, cursor } => {
                return ListAnswer::Taken(self.take(vendor, &query, cursor, attached));
            }
            ListQuestion::End { has_everyone: true } => {
                self.people.end_reading();
            }
            ListQuestion::End { has_everyone: false } => self.people.abandon_reading(),
            ListQuestion::Count => return ListAnswer::Counted(self.people.counts()),
            ListQuestion::Show(part) => return ListAnswer::Shown(self.show(&part)),
            ListQuestion::Select { change, shown } => {
                self.view(match &change {
                    Selecting::Range { seen: Some(seen), .. } => seen,
                    _ => &shown,
                });
                self.select(change);
                if shown.view.filter.only == Only::Selected {
                    self.view = None;
                }
                return ListAnswer::Shown(self.show(&shown));
            }
            ListQuestion::Selected { from, most } => {
                let rows = self.people.selected_by_name();
                let rows = rows.into_iter().skip(from).take(most);
                return ListAnswer::People(rows.map(|row| self.people.member(row)).collect());
            }
            ListQuestion::Find(id) => {
                let row = self.people.row_of(&id);
                return ListAnswer::People(row.map(|row| self.people.member(row)).into_iter().collect());
            }
            ListQuestion::Snapshot => return self.attach(self.people.snapshot()),
            ListQuestion::Restore => return ListAnswer::Restored(self.restore(&attached)),
            ListQuestion::Scopes { is_seen } => {
                let scopes = self.people.scopes(is_seen);
                return self.attach(serde_json::to_vec(&scopes).expect("a list of texts"));
            }
        }
        ListAnswer::Done
    }

    /// The bytes that go beside the last answer.
    pub fn take_attached(&mut self) -> Option<Vec<u8>> {
        self.attached.take()
    }

    fn attach(&mut self, bytes: Vec<u8>) -> ListAnswer {
        self.attached = Some(bytes);
        ListAnswer::Attached
    }

    fn restore(&mut self, snapshot: &[u8]) -> bool {
        let restored = PeopleList::restored(self.decompose, self.collation, snapshot);
        let is_restored = restored.is_ok();
        if let Ok(people) = restored {
            (self.people, self.view) = (people, None);
        }
        is_restored
    }

    /// Adds the people of a page.
    fn take(&mut self, vendor: Vendor, query: &Query, cursor: Cursor, body: Vec<u8>) -> Option<TakenPage> {
        let page = vendors::decode_page(vendor, query, Some(cursor), &http::Response::new(body)).ok()?;
        let Items::Members(mut people) = page.items else { return None };
        for person in &mut people {
            if matches!(query, Query::Banned { .. }) {
                person.scope = Some(Scope::Banned);
            }
            self.people.upsert(person);
        }
        self.attached = Some(write_taken(&people));
        Some(TakenPage { next: page.next, total: page.total, page_size: page.page_size })
    }

    /// The view of a part, computed only if something has changed.
    fn view(&mut self, part: &ShownPart) -> &View {
        let at = (self.people.version(), self.people.numbering());
        let known = self.view.take().filter(|known| known.at == at && known.spec == part.view);
        let mut view = known.unwrap_or_else(|| {
            let (rows, groups) = self.people.grouped_view(&part.view);
            let spec = part.view.clone();
            let mut view =
                View { spec, at, rows, groups, collapsed: Vec::new(), layout: GridLayout::default() };
            view.lay_out(&part.collapsed);
            view
        });
        if view.collapsed != part.collapsed {
            view.lay_out(&part.collapsed);
        }
        self.view.insert(view)
    }

    fn show(&mut self, part: &ShownPart) -> ShownRows {
        self.view(part);
        let Some(view) = &self.view else { return ShownRows::default() };
        let people = &self.people;
        let n_rows = view.layout.n_places();
        let from = part.from.min(n_rows);
        let to = part.to.clamp(from, n_rows);
        let row = |place| match view.layout.at(place)? {
            GridPlace::Person(person) => {
                let row = view.rows[person];
                Some(ShownRow::Person(people.member(row).into(), people.is_selected(row)))
            }
            GridPlace::Header(number) => {
                let group = view.groups[number].clone();
                let n_selected = people.n_selected_in(view.people_of(number));
                let is_collapsed = view.is_collapsed(&group);
                Some(ShownRow::Header(ShownHeader { group, n_selected, is_collapsed }))
            }
        };
        ShownRows {
            n_people: view.rows.len(),
            n_rows,
            from,
            rows: (from..to).filter_map(row).collect(),
            n_selected: people.n_selected(),
            n_selected_here: people.n_selected_in(&view.rows),
        }
    }

    /// The person in a row, also if the view has them no more.
    fn person_of(&self, view: &View, seen: &SeenRow) -> Option<u32> {
        match seen {
            SeenRow::Id(id) => self.people.row_of(id),
            SeenRow::Email(email) => self.people.row_of_email(email),
            SeenRow::Header(_) => None,
            SeenRow::Place(place) => match view.layout.at(*place)? {
                GridPlace::Person(person) => Some(view.rows[person]),
                GridPlace::Header(_) => None,
            },
        }
    }

    /// Where a row is now.
    fn place_of(&self, view: &View, seen: &SeenRow) -> Option<usize> {
        match seen {
            SeenRow::Id(_) | SeenRow::Email(_) => {
                view.layout.place_of(place_of(&view.rows, self.person_of(view, seen)?)?)
            }
            SeenRow::Header(value) => {
                view.layout.place_of_header(view.groups.iter().position(|group| group.value == *value)?)
            }
            SeenRow::Place(place) => Some(*place),
        }
    }

    fn select(&mut self, change: Selecting) {
        let Some(view) = &self.view else { return };
        match change {
            Selecting::Toggle(seen) => {
                if let Some(row) = self.person_of(view, &seen) {
                    self.people.toggle(row);
                }
            }
            Selecting::Range { from, to, .. } => {
                let places = self.place_of(view, &from).zip(self.place_of(view, &to));
                for people in places.into_iter().flat_map(|(from, to)| view.layout.people_between(from, to)) {
                    self.people.select_all(&view.rows[people], true);
                }
            }
            Selecting::Group(value, is_selected) => {
                if let Some(number) = view.groups.iter().position(|group| group.value == value) {
                    self.people.select_all(view.people_of(number), is_selected);
                }
            }
            Selecting::All(is_selected) => self.people.select_all(&view.rows, is_selected),
            Selecting::Clear => self.people.clear_selection(),
        }
    }
}

#[cfg(test)]
mod tests;
