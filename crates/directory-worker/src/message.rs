//! The messages between page and worker, as JSON: a number with a question, and the same number with its answer. The
//! bytes of a response go beside the question.
//!
//! A worker has the people of one list. To give the memory back, the page ends the worker.

use domain::search::Decompose;
use domain::{Cursor, Items, Member, Query, Scope, Vendor};
use serde::{Deserialize, Serialize};

use crate::{Collation, ListCounts, Only, PeopleList, ViewSpec};

/// What the page wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListQuestion {
    /// Sort names as in this language, a BCP 47 tag.
    Language(Box<str>),
    /// The list is read from its beginning.
    Begin,
    /// People of the list.
    Add(Vec<Member>),
    /// A page of the list, of which the response's body is attached.
    Take {
        /// The vendor that answered.
        vendor: Vendor,
        /// The query that was answered.
        query: Query,
        /// The page that was asked for.
        cursor: Cursor,
    },
    /// How many people of each kind there are.
    Count,
    /// The list was read to its end.
    End {
        /// Whether everyone was read, so that people who were not read again are gone.
        has_everyone: bool,
    },
    /// Show a part of the list.
    Show {
        /// Who is shown, and in which order.
        view: ViewSpec,
        /// The first row to return.
        from: usize,
        /// One past the last row to return.
        to: usize,
    },
    /// Change the selection, and show a part of the list.
    Select {
        /// The change.
        change: Selecting,
        /// Who is shown, and in which order.
        view: ViewSpec,
        /// The first row to return.
        from: usize,
        /// One past the last row to return.
        to: usize,
    },
    /// Selected people, by name, also those who are not shown.
    Selected {
        /// Number of people to skip.
        from: usize,
        /// Most people to return.
        most: usize,
    },
    /// The person with this id.
    Find(Box<str>),
}

/// A change of the selection. Rows are those of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selecting {
    /// Selects or deselects a row.
    Toggle(usize),
    /// Adds rows.
    Range {
        /// A row.
        from: usize,
        /// Another row, before or behind it. Both are added.
        to: usize,
    },
    /// Selects or deselects everyone who is shown.
    All(bool),
    /// Deselects everyone.
    Clear,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListAnswer {
    /// Done; what it changed shows in the next answers.
    Done,
    /// The people of a page were added; `None` if the response is no page.
    Taken(Option<TakenPage>),
    /// How many people of each kind there are.
    Counted(ListCounts),
    /// A part of the list.
    Shown(ShownRows),
    /// People.
    People(Vec<Member>),
}

/// A page whose people were added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenPage {
    /// What identifies each person, and the scope. Nothing else is told.
    pub people: Vec<TakenPerson>,
    /// [`domain::Page::next`].
    pub next: Option<Cursor>,
    /// [`domain::Page::total`].
    pub total: Option<u64>,
    /// [`domain::Page::page_size`].
    pub page_size: Option<u64>,
}

/// The id of a person, or the e-mail address of a person without an id, and the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenPerson {
    /// The vendor's id.
    Id(Box<str>, Option<Scope>),
    /// The e-mail address.
    Email(Box<str>, Option<Scope>),
}

impl TakenPerson {
    fn of(person: &Member) -> Self {
        if person.id.is_empty() {
            Self::Email(person.email.clone().unwrap_or_default(), person.scope)
        } else {
            Self::Id(person.id.clone(), person.scope)
        }
    }
}

impl From<TakenPerson> for Member {
    fn from(person: TakenPerson) -> Self {
        match person {
            TakenPerson::Id(id, scope) => Self { id, scope, ..Self::default() },
            TakenPerson::Email(email, scope) => Self { email: Some(email), scope, ..Self::default() },
        }
    }
}

/// A part of the list as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRows {
    /// Number of people who are shown.
    pub n_rows: usize,
    /// The place of the first of `rows`.
    pub from: usize,
    /// The rows.
    pub rows: Vec<ShownRow>,
    /// Number of people who are selected.
    pub n_selected: usize,
    /// Number of people who are selected and shown.
    pub n_selected_here: usize,
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRow {
    /// The person.
    pub person: Member,
    /// Whether they are selected.
    pub is_selected: bool,
}

/// The people of a list and how they were shown last.
#[derive(Debug)]
pub struct PeopleStore {
    people: PeopleList,
    collation: Collation,
    language: Box<str>,
    view: Option<View>,
}

/// The rows that were shown last.
#[derive(Debug)]
struct View {
    spec: ViewSpec,
    /// The version and the numbering of the list that it shows.
    at: (u64, u64),
    rows: Vec<u32>,
}

impl PeopleStore {
    /// A store without people. `collation` is that of the language that was set last.
    pub fn new(decompose: Decompose, collation: Collation) -> Self {
        Self { people: PeopleList::new(decompose, collation), collation, language: "".into(), view: None }
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
            ListQuestion::Show { view, from, to } => return ListAnswer::Shown(self.show(&view, from, to)),
            ListQuestion::Select { change, view, from, to } => {
                self.view(&view);
                self.select(change);
                if view.filter.only == Only::Selected {
                    self.view = None;
                }
                return ListAnswer::Shown(self.show(&view, from, to));
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
        }
        ListAnswer::Done
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
        let people = people.iter().map(TakenPerson::of).collect();
        Some(TakenPage { people, next: page.next, total: page.total, page_size: page.page_size })
    }

    /// The rows of a view, computed only if something has changed.
    fn view(&mut self, spec: &ViewSpec) {
        let at = (self.people.version(), self.people.numbering());
        if self.view.as_ref().is_none_or(|known| known.at != at || known.spec != *spec) {
            let rows = self.people.view(spec);
            self.view = Some(View { spec: spec.clone(), at, rows });
        }
    }

    fn show(&mut self, spec: &ViewSpec, from: usize, to: usize) -> ShownRows {
        self.view(spec);
        let rows = self.view.as_ref().map_or(&[][..], |view| &view.rows);
        let from = from.min(rows.len());
        let to = to.clamp(from, rows.len());
        let row = |row: &u32| ShownRow {
            person: self.people.member(*row),
            is_selected: self.people.is_selected(*row),
        };
        ShownRows {
            n_rows: rows.len(),
            from,
            rows: rows[from..to].iter().map(row).collect(),
            n_selected: self.people.n_selected(),
            n_selected_here: self.people.n_selected_in(rows),
        }
    }

    fn select(&mut self, change: Selecting) {
        let rows = self.view.as_ref().map_or(&[][..], |view| &view.rows);
        match change {
            Selecting::Toggle(place) => {
                if let Some(row) = rows.get(place) {
                    self.people.toggle(*row);
                }
            }
            Selecting::Range { from, to } => {
                self.people.select_range(rows, from.min(to), from.max(to), true);
            }
            Selecting::All(is_selected) => self.people.select_all(rows, is_selected),
            Selecting::Clear => self.people.clear_selection(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Scope;

    use super::*;
    use crate::ViewFilter;

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
        let name = |row: &ShownRow| [row.person.label(), if row.is_selected { "*" } else { "" }].concat();
        (shown.rows.iter().map(name).collect(), shown.n_selected, shown.n_selected_here)
    }

    fn answer(directory: &mut PeopleStore, question: ListQuestion) -> ListAnswer {
        directory.answer(question, Vec::new())
    }

    fn search(search: &str) -> ViewSpec {
        ViewSpec { search: search.to_owned(), ..ViewSpec::default() }
    }

    #[test]
    fn a_selection_reaches_beyond_what_is_shown() {
        let mut directory = directory();
        let all = ListQuestion::Select { change: Selecting::All(true), view: search("ana"), from: 0, to: 1 };
        assert_eq!(shown(&mut directory, all), (vec!["Ana*".to_owned()], 2, 2));
        let other = ListQuestion::Show { view: search("bo"), from: 0, to: 9 };
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
        let select = |change, view| ListQuestion::Select { change, view, from: 0, to: 9 };
        answer(&mut directory, select(Selecting::Range { from: 1, to: 0 }, ViewSpec::default()));
        let (names, ..) = shown(&mut directory, select(Selecting::Toggle(0), view));
        assert_eq!(names, ["Bo*"]);
    }

    #[test]
    fn people_are_shown_while_they_are_read() {
        let mut directory = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
        let show = || ListQuestion::Show { view: ViewSpec::default(), from: 0, to: 9 };
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
        let beyond = ListQuestion::Show { view: ViewSpec::default(), from: 7, to: 2 };
        assert_eq!(shown(&mut directory, beyond), (vec![], 0, 0));
        let toggle = Selecting::Toggle(99);
        let toggle = ListQuestion::Select { change: toggle, view: ViewSpec::default(), from: 0, to: 0 };
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
            page
        };
        let list = |uid: &str| {
            let pages = r#""meta":{"pagination":{"total":7,"count":1,"per_page":1000,"current_page":1,"total_pages":1}}"#;
            format!(r#"{{"data":[{{"uid":"{uid}","name":"Ana","scope":"admin"}}],{pages}}}"#)
        };
        let page = take(&members, &list("u1")).expect("a page");
        let people: Vec<Member> = page.people.into_iter().map(Member::from).collect();
        assert_eq!((&*people[0].id, people[0].scope, page.total), ("u1", Some(Scope::Admin), Some(7)));
        let page = take(&Query::Banned { group }, &list("u2")).expect("a page");
        assert_eq!(page.people, [TakenPerson::Id("u2".into(), Some(Scope::Banned))]);
        for refusal in [r#"{"error":{"code":"ERR_GUID_NOT_FOUND","message":"gone"}}"#, "<html>", ""] {
            assert_eq!(take(&members, refusal), None, "{refusal}");
        }
        let all = ListQuestion::Show { view: ViewSpec::default(), from: 0, to: 9 };
        let ListAnswer::Shown(shown) = answer(&mut directory, all) else { panic!("rows are asked for") };
        let names: Vec<_> = shown.rows.iter().map(|row| (row.person.label(), row.person.scope)).collect();
        assert_eq!(names, [("Ana", Some(Scope::Admin)), ("Ana", Some(Scope::Banned))]);
    }
}
