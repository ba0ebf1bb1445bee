//! What a store answers while people come, go and are selected.

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
    let people =
        [("u1", "Ana", Scope::Participant), ("u2", "Bo", Scope::Admin), ("u3", "Susana", Scope::Participant)];
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

fn id(id: &str) -> SeenRow {
    SeenRow::Id(id.into())
}

fn range(from: SeenRow, to: SeenRow) -> Selecting {
    Selecting::Range { from, to, seen: None }
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
    answer(&mut directory, select(range(id("u2"), id("u1")), ViewSpec::default()));
    let (names, ..) = shown(&mut directory, select(Selecting::Toggle(id("u1")), view));
    assert_eq!(names, ["Bo*"]);
}

#[test]
fn people_are_selected_as_they_were_seen_whoever_has_arrived() {
    let mut directory = directory();
    let select = |change, view| ListQuestion::Select { change, shown: part(view, 0, 9) };
    let arrives = |id: &str, name: &str| {
        let name = Some(name.into());
        ListQuestion::Add(vec![Member { id: id.into(), name, ..Member::default() }])
    };
    shown(&mut directory, ListQuestion::Show(everyone(0, 9)));
    answer(&mut directory, arrives("u4", "Abe"));
    let toggled = shown(&mut directory, select(Selecting::Toggle(id("u1")), ViewSpec::default()));
    assert_eq!(toggled, (vec!["Abe".into(), "Ana*".into(), "Bo".into(), "Susana".into()], 1, 1));
    answer(&mut directory, arrives("u5", "Aida"));
    let (names, ..) = shown(&mut directory, select(range(id("u1"), id("u2")), ViewSpec::default()));
    assert_eq!(names, ["Abe", "Aida", "Ana*", "Bo*", "Susana"]);
    // Who was ticked just before a search hides them was seen all the same.
    let (names, n_selected, _) = shown(&mut directory, select(Selecting::Toggle(id("u1")), search("bo")));
    assert_eq!((names, n_selected), (vec!["Bo*".to_owned()], 1));
}

#[test]
fn a_range_is_of_the_order_that_was_seen_and_nobody_if_its_end_is_gone() {
    let mut directory = directory();
    let seen = Some(Box::new(everyone(0, 9)));
    let Selecting::Range { from, to, .. } = range(id("u1"), id("u2")) else { return };
    let change = Selecting::Range { from, to, seen };
    let sort = crate::ViewSort { column: crate::SortColumn::Name, is_descending: true };
    let view = ViewSpec { sort: Some(sort), ..ViewSpec::default() };
    let (names, ..) = shown(&mut directory, ListQuestion::Select { change, shown: part(view, 0, 9) });
    assert_eq!(names, ["Susana", "Bo*", "Ana*"]);
    for other in [id("gone"), SeenRow::Header(None)] {
        let change = range(id("u3"), other);
        let all = ListQuestion::Select { change, shown: everyone(0, 9) };
        assert_eq!(shown(&mut directory, all).1, 2);
    }
    let hidden = ListQuestion::Select { change: range(id("u3"), id("u2")), shown: part(search("sus"), 0, 9) };
    assert_eq!(shown(&mut directory, hidden).1, 2);
}

#[test]
fn people_without_an_id_are_told_by_their_address_and_others_by_their_place() {
    let mut directory = PeopleStore::new(str::to_owned, Collation::of(str::cmp));
    let person = |email: Option<&str>| Member { email: email.map(Into::into), ..Member::default() };
    let people = vec![person(Some("B@x.org")), person(Some("c@x.org")), person(None)];
    let [invited, _, unnamed] = [0, 1, 2].map(|place| SeenRow::of(&people[place], place));
    assert_eq!(unnamed, SeenRow::Place(2));
    answer(&mut directory, ListQuestion::Add(people));
    answer(&mut directory, ListQuestion::Add(vec![person(Some("a@x.org"))]));
    let toggle = Selecting::Toggle(invited);
    let (names, ..) = shown(&mut directory, ListQuestion::Select { change: toggle, shown: everyone(0, 3) });
    assert!(names.contains(&"B@x.org*".to_owned()) && !names.contains(&"a@x.org*".to_owned()), "{names:?}");
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
    let header = |value: &str| SeenRow::Header(Some(value.into()));
    let headers = range(header("participant"), header("admin"));
    assert_eq!(shown(&mut directory, select(headers, grouped(&["participant"]))).1, 1);
    assert_eq!(shown(&mut directory, select(Selecting::All(true), grouped(&["participant"]))).1, 3);
    // A header is nobody, and a group that is not there has nobody.
    assert_eq!(shown(&mut directory, select(Selecting::Toggle(SeenRow::Place(0)), grouped(&[]))).1, 3);
    assert_eq!(shown(&mut directory, select(Selecting::Toggle(header("admin")), grouped(&[]))).1, 3);
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
    let toggle = Selecting::Toggle(SeenRow::Place(99));
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
        let pages =
            r#""meta":{"pagination":{"total":7,"count":1,"per_page":1000,"current_page":1,"total_pages":1}}"#;
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
