//! The people of a list in a worker: answers questions about them.

use domain::search::Decompose;
use domain::{Cursor, Items, Query, Scope, Vendor};

use crate::message::{
    ListAnswer, ListQuestion, Selecting, ShownHeader, ShownPart, ShownRow, ShownRows, TakenPage, write_taken,
};
use crate::{Collation, GridLayout, GridPlace, GroupValue, Only, PeopleList, RowGroup, ViewSpec};

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
                self.view(&shown);
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

    fn select(&mut self, change: Selecting) {
        let Some(view) = &self.view else { return };
        match change {
            Selecting::Toggle(place) => {
                if let Some(GridPlace::Person(person)) = view.layout.at(place) {
                    self.people.toggle(view.rows[person]);
                }
            }
            Selecting::Range { from, to } => {
                for people in view.layout.people_between(from, to) {
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
mod tests {
    use domain::{Member, Scope};

    use super::*;
    use crate::message::{read_scopes, read_taken};
    use crate::{GroupBy, ViewFilter};

    fn directory() -> PeopleStore {
        let mut directory = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
        let person = |(id, name, scope): (&str, &str, Scope)| Member {
            id: id.into(),
            name: Some(name.into()),
            scope: Some(scope),
            ..Member::default()
        };
        let people = [
            ("u1", "Ana", Scope::Participant),
            ("u2", "Bo", Scope::Admin),
            ("u3", "Susana", Scope::Participant),
        ];
        answer(&mut directory, ListQuestion::Begin);
        answer(&mut directory, ListQuestion::Add(people.map(person).into()));
        answer(&mut directory, ListQuestion::End { has_everyone: true });
        directory
    }

    fn shown(directory: &mut PeopleStore, question: ListQuestion) -> (Vec<String>, usize, usize) {
        let ListAnswer::Shown(shown) = answer(directory, question) else { panic!("rows are asked for") };
        let name = |row: &ShownRow| match row {
            ShownRow::Person(person, is_selected) => {
                [person.label(), if *is_selected { "*" } else { "" }].concat()
            }
            ShownRow::Header(ShownHeader { group, n_selected, .. }) => {
                let value = group.value.as_deref().unwrap_or("none");
                format!("{value}: {n_selected} of {}", group.n_people)
            }
        };
        (shown.rows.iter().map(name).collect(), shown.n_selected, shown.n_selected_here)
    }

    fn answer(directory: &mut PeopleStore, question: ListQuestion) -> ListAnswer {
        directory.answer(question, Vec::new())
    }

    fn search(search: &str) -> ViewSpec {
        ViewSpec { search: search.to_owned(), ..ViewSpec::default() }
    }

    fn part(view: ViewSpec, from: usize, to: usize) -> ShownPart {
        ShownPart { view, from, to, ..ShownPart::default() }
    }

    fn everyone(from: usize, to: usize) -> ShownPart {
        part(ViewSpec::default(), from, to)
    }

    #[test]
    fn a_selection_reaches_beyond_what_is_shown() {
        let mut directory = directory();
        let all = ListQuestion::Select { change: Selecting::All(true), shown: part(search("ana"), 0, 1) };
        assert_eq!(shown(&mut directory, all), (vec!["Ana*".to_owned()], 2, 2));
        let other = ListQuestion::Show(part(search("bo"), 0, 9));
        assert_eq!(shown(&mut directory, other), (vec!["Bo".to_owned()], 2, 0));
        let ListAnswer::People(people) = answer(&mut directory, ListQuestion::Selected { from: 1, most: 9 })
        else {
            panic!("people are asked for");
        };
        assert_eq!(people.iter().map(Member::label).collect::<Vec<_>>(), ["Susana"]);
    }

    #[test]
    fn a_person_who_is_deselected_leaves_the_selected_ones() {
        let mut directory = directory();
        let view = ViewSpec {
            filter: ViewFilter { only: Only::Selected, ..ViewFilter::default() },
            ..ViewSpec::default()
        };
        let select = |change, view| ListQuestion::Select { change, shown: part(view, 0, 9) };
        answer(&mut directory, select(Selecting::Range { from: 1, to: 0 }, ViewSpec::default()));
        let (names, ..) = shown(&mut directory, select(Selecting::Toggle(0), view));
        assert_eq!(names, ["Bo*"]);
    }

    #[test]
    fn groups_are_selected_and_collapsed_as_a_whole() {
        let mut directory = directory();
        let grouped = |collapsed: &[&str]| ShownPart {
            view: ViewSpec { group_by: Some(GroupBy::Scope), ..ViewSpec::default() },
            collapsed: collapsed.iter().map(|value| Some((*value).into())).collect(),
            from: 0,
            to: 9,
        };
        let select = |change, shown| ListQuestion::Select { change, shown };
        let (rows, ..) = shown(&mut directory, ListQuestion::Show(grouped(&[])));
        assert_eq!(rows, ["admin: 0 of 1", "Bo", "participant: 0 of 2", "Ana", "Susana"]);
        let all = Selecting::Group(Some("participant".into()), true);
        let (rows, n_selected, _) = shown(&mut directory, select(all, grouped(&["participant"])));
        assert_eq!((&*rows.join(", "), n_selected), ("admin: 0 of 1, Bo, participant: 2 of 2", 2));
        // A range leaves collapsed groups alone, everyone does not.
        let nobody = Selecting::Group(Some("participant".into()), false);
        shown(&mut directory, select(nobody, grouped(&[])));
        let range = Selecting::Range { from: 2, to: 0 };
        assert_eq!(shown(&mut directory, select(range, grouped(&["participant"]))).1, 1);
        assert_eq!(shown(&mut directory, select(Selecting::All(true), grouped(&["participant"]))).1, 3);
        // A header is nobody, and a group that is not there has nobody.
        assert_eq!(shown(&mut directory, select(Selecting::Toggle(0), grouped(&[]))).1, 3);
        assert_eq!(shown(&mut directory, select(Selecting::Group(None, false), grouped(&[]))).1, 3);
        // Groups in which nobody is found are gone.
        let view = ViewSpec { search: "bo".into(), ..grouped(&[]).view };
        let (rows, ..) = shown(&mut directory, ListQuestion::Show(ShownPart { view, ..grouped(&[]) }));
        assert_eq!(rows, ["admin: 1 of 1", "Bo*"]);
    }

    #[test]
    fn people_are_shown_while_they_are_read() {
        let mut directory = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
        let show = || ListQuestion::Show(everyone(0, 9));
        let person = |id: &str| Member { id: id.into(), ..Member::default() };
        answer(&mut directory, ListQuestion::Language("en".into()));
        answer(&mut directory, ListQuestion::Begin);
        assert_eq!(shown(&mut directory, show()), (vec![], 0, 0));
        for ids in [["b", "d"], ["a", "c"]] {
            answer(&mut directory, ListQuestion::Add(ids.map(person).into()));
            shown(&mut directory, show());
        }
        assert_eq!(shown(&mut directory, show()).0, ["a", "b", "c", "d"]);
    }

    #[test]
    fn rows_beyond_the_end_are_none() {
        let mut directory = directory();
        let beyond = ListQuestion::Show(everyone(7, 2));
        assert_eq!(shown(&mut directory, beyond), (vec![], 0, 0));
        let toggle = Selecting::Toggle(99);
        let toggle = ListQuestion::Select { change: toggle, shown: everyone(0, 0) };
        assert_eq!(shown(&mut directory, toggle), (vec![], 0, 0));
    }

    #[test]
    fn a_response_is_a_page_of_people_or_nothing() {
        let mut directory = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
        let group = domain::GroupId::new("crew");
        let members = Query::GroupMembers { group: group.clone(), scopes: Vec::new() };
        let mut take = |query: &Query, body: &str| {
            let cursor = Cursor { start: 0, len: 1_000 };
            let query = query.clone();
            let question = ListQuestion::Take { vendor: Vendor::CometChat, query, cursor };
            let ListAnswer::Taken(page) = directory.answer(question, body.into()) else {
                panic!("a page is given");
            };
            let people = directory.take_attached().map(|bytes| read_taken(&bytes).expect("people"));
            page.map(|page| (page, people.expect("they go with a page")))
        };
        let list = |uid: &str| {
            let pages = r#""meta":{"pagination":{"total":7,"count":1,"per_page":1000,"current_page":1,"total_pages":1}}"#;
            format!(r#"{{"data":[{{"uid":"{uid}","name":"Ana","scope":"admin"}}],{pages}}}"#)
        };
        let (page, people) = take(&members, &list("u1")).expect("a page");
        assert_eq!((&*people[0].id, people[0].scope, page.total), ("u1", Some(Scope::Admin), Some(7)));
        let (_, people) = take(&Query::Banned { group }, &list("u2")).expect("a page");
        assert_eq!((&*people[0].id, people[0].scope), ("u2", Some(Scope::Banned)));
        for refusal in [r#"{"error":{"code":"ERR_GUID_NOT_FOUND","message":"gone"}}"#, "<html>", ""] {
            assert_eq!(take(&members, refusal), None, "{refusal}");
        }
        let all = ListQuestion::Show(everyone(0, 9));
        let ListAnswer::Shown(shown) = answer(&mut directory, all) else { panic!("rows are asked for") };
        let person = |row: &ShownRow| match row {
            ShownRow::Person(person, _) => (person.label().to_owned(), person.scope),
            ShownRow::Header(_) => panic!("there are no groups"),
        };
        let people: Vec<_> = shown.rows.iter().map(person).collect();
        assert_eq!(people, [("Ana".to_owned(), Some(Scope::Admin)), ("Ana".to_owned(), Some(Scope::Banned))]);
    }

    #[test]
    fn what_was_kept_takes_the_place_of_those_who_are_here() {
        let mut before = directory();
        let all = ListQuestion::Select { change: Selecting::All(true), shown: everyone(0, 9) };
        shown(&mut before, all);
        assert_eq!(answer(&mut before, ListQuestion::Snapshot), ListAnswer::Attached);
        let bytes = before.take_attached().expect("a snapshot");
        assert_eq!(before.take_attached(), None, "it goes with one answer");

        let mut after = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
        let show = || ListQuestion::Show(everyone(0, 9));
        assert_eq!(after.answer(ListQuestion::Restore, b"MUP".to_vec()), ListAnswer::Restored(false));
        assert_eq!(shown(&mut after, show()), (vec![], 0, 0));
        assert_eq!(after.answer(ListQuestion::Restore, bytes), ListAnswer::Restored(true));
        let names = ["Ana", "Bo", "Susana"].map(str::to_owned).to_vec();
        assert_eq!(shown(&mut after, show()), (names, 0, 0), "nobody is selected");
        let scopes = |people: &mut PeopleStore, is_seen| {
            assert_eq!(answer(people, ListQuestion::Scopes { is_seen }), ListAnswer::Attached);
            read_scopes(&people.take_attached().expect("scopes")).expect("what was written is read back")
        };
        assert_eq!(scopes(&mut after, false)[1], ("u2".into(), Scope::Admin));
        answer(&mut after, ListQuestion::Begin);
        assert_eq!(scopes(&mut after, true), [], "nobody was seen yet");
        assert_eq!(read_scopes(b"MUP"), None);
    }
}
