//! Laws of a list of people: whatever happens, it is like a plain list of members.

mod grouping;
mod language;
mod model;

use directory_worker::{PeopleList, SortColumn, Upserted, ViewSort, ViewSpec, place_of};
use domain::{Member, Scope};
use language::CZECH;
use model::{Naive, decompose, key, member, spec};
use proptest::prelude::*;

/// Something that happens to a list.
#[derive(Clone, Debug)]
enum Event {
    Upsert(Member),
    UpsertAgain(prop::sample::Index),
    Remove(prop::sample::Index),
    Begin,
    End,
    Abandon,
    Toggle(prop::sample::Index),
    Range(prop::sample::Index, prop::sample::Index, bool),
    All(bool),
    Clear,
    View(ViewSpec),
    OtherLanguage,
}

fn event() -> impl Strategy<Value = Event> {
    use prop::sample::Index;
    prop_oneof![
        12 => member().prop_map(Event::Upsert),
        6 => any::<Index>().prop_map(Event::UpsertAgain),
        1 => any::<Index>().prop_map(Event::Remove),
        2 => Just(Event::Begin),
        2 => Just(Event::End),
        1 => Just(Event::Abandon),
        4 => any::<Index>().prop_map(Event::Toggle),
        2 => any::<(Index, Index, bool)>().prop_map(|(from, to, is_selected)| Event::Range(from, to, is_selected)),
        1 => any::<bool>().prop_map(Event::All),
        1 => Just(Event::Clear),
        3 => spec().prop_map(Event::View),
        1 => Just(Event::OtherLanguage),
    ]
}

/// A list, its model, and a view of it.
struct Pair {
    list: PeopleList,
    naive: Naive,
    view: Vec<u32>,
    /// Everyone who was ever added.
    met: Vec<Member>,
}

impl Pair {
    fn new() -> Self {
        let list = PeopleList::new(decompose, CZECH);
        Self { list, naive: Naive::default(), view: Vec::new(), met: Vec::new() }
    }

    fn upsert(&mut self, member: &Member) -> Result<(), TestCaseError> {
        let upserted = self.list.upsert(member);
        prop_assert_eq!(upserted, self.naive.upsert(member));
        self.met.push(member.clone());
        Ok(())
    }

    fn look(&mut self, spec: &ViewSpec) -> Result<(), TestCaseError> {
        self.view = self.list.view(spec);
        let shown: Vec<Member> = self.view.iter().map(|row| self.list.member(*row)).collect();
        prop_assert_eq!(shown, self.naive.view(spec));
        Ok(())
    }

    fn happen(&mut self, event: &Event) -> Result<(), TestCaseError> {
        let everyone = ViewSpec::default();
        match event {
            Event::Upsert(member) => self.upsert(member)?,
            Event::UpsertAgain(idx) if !self.met.is_empty() => {
                let member = idx.get(&self.met).clone();
                self.upsert(&member)?;
            }
            Event::Begin => {
                self.list.begin_reading();
                self.naive.begin();
            }
            Event::End => prop_assert_eq!(self.list.end_reading(), self.naive.end()),
            Event::Abandon => {
                self.list.abandon_reading();
                self.naive.abandon();
            }
            Event::Clear => {
                self.list.clear_selection();
                self.naive.select_all(|_| true, false);
            }
            Event::View(spec) => self.look(spec)?,
            Event::OtherLanguage => {
                let other = self.naive.change_language();
                self.list.set_collation(other);
            }
            Event::All(is_selected) => {
                self.look(&everyone)?;
                self.list.select_all(&self.view, *is_selected);
                self.naive.select_all(|_| true, *is_selected);
            }
            Event::Remove(idx) => {
                self.look(&everyone)?;
                if !self.view.is_empty() {
                    let place = idx.index(self.view.len());
                    self.list.remove(self.view[place]);
                    self.naive.remove(place);
                }
            }
            Event::Toggle(idx) => {
                self.look(&everyone)?;
                if !self.view.is_empty() {
                    let place = idx.index(self.view.len());
                    self.list.toggle(self.view[place]);
                    self.naive.toggle(place);
                }
            }
            Event::Range(from, to, is_selected) => {
                self.look(&everyone)?;
                let (from, to) = (from.index(self.view.len() + 2), to.index(self.view.len() + 2));
                self.list.select_range(&self.view, from, to, *is_selected);
                self.naive.select_all(|place| (from.min(to)..=from.max(to)).contains(&place), *is_selected);
            }
            Event::UpsertAgain(_) => {}
        }
        Ok(())
    }

    /// The list says the same as its model.
    fn agree(&mut self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.list.len(), self.naive.n_people());
        prop_assert_eq!(self.list.n_selected(), self.naive.n_selected());
        let everyone = ViewSpec::default();
        self.look(&everyone)?;
        let selected: Vec<Member> =
            self.list.selected_in(&self.view).map(|row| self.list.member(row)).collect();
        prop_assert_eq!(selected.len(), self.list.n_selected_in(&self.view));
        prop_assert_eq!(&selected, &self.naive.selected());
        let by_name: Vec<_> =
            self.list.selected_by_name().into_iter().map(|row| self.list.member(row)).collect();
        prop_assert_eq!(by_name, selected);
        for (place, row) in self.view.iter().enumerate() {
            let member = self.list.member(*row);
            prop_assert_eq!(place_of(&self.view, *row), Some(place));
            if !member.id.is_empty() {
                prop_assert_eq!(self.list.row_of(&member.id), Some(*row));
            } else if let Some(email) = member.email.filter(|email| !email.trim().is_empty()) {
                prop_assert_eq!(self.list.row_of_email(&email.to_ascii_uppercase()), Some(*row));
            }
        }
        Ok(())
    }
}

/// Everyone in an order of their own, because the rows of a snapshot are others.
fn everyone(list: &mut PeopleList) -> Vec<String> {
    let view = list.view(&ViewSpec::default());
    let mut people: Vec<_> = view.iter().map(|row| format!("{:?}", list.member(*row))).collect();
    people.sort();
    people
}

proptest! {
    #[test]
    fn a_view_is_a_plain_list_filtered_and_sorted(
        members in prop::collection::vec(member(), 0..40),
        specs in prop::collection::vec(spec(), 1..6),
    ) {
        let mut pair = Pair::new();
        for member in &members {
            pair.upsert(member)?;
        }
        for spec in specs {
            pair.look(&spec)?;
            // Typing on narrows down.
            let longer = ViewSpec { search: format!("{}a", spec.search), ..spec.clone() };
            pair.look(&longer)?;
        }
    }

    #[test]
    fn whatever_happens_the_list_and_its_selection_are_those_of_the_model(
        events in prop::collection::vec(event(), 0..60),
    ) {
        let mut pair = Pair::new();
        for event in &events {
            pair.happen(event)?;
            pair.agree()?;
        }
        pair.naive.check_counts(&pair.list.counts())?;
    }

    #[test]
    fn a_snapshot_has_everyone_and_the_reading_but_no_selection(
        events in prop::collection::vec(event(), 0..60),
        after in prop::collection::vec(member(), 0..9),
    ) {
        let mut pair = Pair::new();
        for event in &events {
            pair.happen(event)?;
        }
        let mut list = pair.list;
        let bytes = list.snapshot();
        let mut restored = PeopleList::restored(decompose, CZECH, &bytes).expect("a snapshot");
        prop_assert_eq!(restored.n_selected(), 0);
        prop_assert_eq!(everyone(&mut restored), everyone(&mut list));
        // From here on, the same happens to both.
        for member in &after {
            prop_assert_eq!(restored.upsert(member), list.upsert(member));
        }
        prop_assert_eq!(everyone(&mut restored), everyone(&mut list));
        prop_assert_eq!(restored.end_reading(), list.end_reading());
        prop_assert_eq!(everyone(&mut restored), everyone(&mut list));
        prop_assert_eq!(restored.counts(), list.counts());
    }

    #[test]
    fn a_member_is_given_back_as_it_was_put_in(members in prop::collection::vec(member(), 1..20)) {
        let mut list = PeopleList::new(decompose, CZECH);
        for member in &members {
            list.upsert(member);
        }
        let last = members.last().expect("there is one");
        if key(last).is_some() {
            list.upsert(&Member { scope: Some(Scope::Banned), ..last.clone() });
            list.upsert(last);
            let row = list.row_of(&last.id).or_else(|| list.row_of_email(last.email.as_deref().unwrap_or_default()));
            prop_assert_eq!(&list.member(row.expect("the person is there")), last);
        }
    }
}

#[test]
fn thousands_are_searched_and_sorted_like_a_few() {
    let mut pair = Pair::new();
    for idx in 0..1300 {
        pair.upsert(&model::realistic(idx)).expect("the model agrees");
    }
    for search in ["", "e", "ee", "MC", "mcdonald.24", "zoe v", "média.example", "Member", "fan-1199"] {
        for column in [SortColumn::Name, SortColumn::Email, SortColumn::Joined] {
            for is_descending in [false, true] {
                let sort = Some(ViewSort { column, is_descending });
                let spec = ViewSpec { search: search.into(), sort, ..ViewSpec::default() };
                pair.look(&spec).expect("the model agrees");
            }
        }
    }
}

#[test]
fn numbers_in_names_are_sorted_by_their_values() {
    let mut list = PeopleList::new(decompose, CZECH);
    let sorted = [
        "Citizen 0",
        "Citizen 1",
        "Citizen 2",
        "Citizen 02b",
        "Citizen 9",
        "citizen 9",
        "Citizen 10",
        "Citizen 10 b",
        "Citizen 100",
        "citizen 12345678901234567890123456789",
        "Citizen 12345678901234567890123456790",
        "Citizen b",
        "Cz",
        "Ha",
        "Cha",
        "chb",
        "CHC",
        "Ia",
    ];
    for name in sorted.iter().rev() {
        list.upsert(&Member { id: (*name).into(), name: Some((*name).into()), ..Member::default() });
    }
    let view = list.view(&ViewSpec::default());
    let names: Vec<_> = view.iter().map(|row| list.member(*row).id).collect();
    assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), sorted);
}

#[test]
fn long_names_differ_wherever_they_do() {
    let mut pair = Pair::new();
    for n_same in 0..70 {
        for end in ["bz", "bZ", "ca", "é", "b", ""] {
            let name = format!("{}{end}", "a".repeat(n_same));
            let id = format!("{n_same}{end}").into();
            pair.upsert(&Member { id, name: Some(name.into()), ..Member::default() })
                .expect("the model agrees");
        }
    }
    for is_descending in [false, true] {
        let sort = Some(ViewSort { column: SortColumn::Name, is_descending });
        pair.look(&ViewSpec { sort, ..ViewSpec::default() }).expect("the model agrees");
    }
}

#[test]
fn somebody_in_both_lists_is_banned() {
    let mut list = PeopleList::new(decompose, CZECH);
    let member = |scope| Member { id: "ada".into(), scope: Some(scope), ..Member::default() };
    list.begin_reading();
    assert_eq!(list.upsert(&member(Scope::Banned)), Upserted::Added);
    assert_eq!(list.upsert(&member(Scope::Admin)), Upserted::StaysBanned);
    assert_eq!((list.len(), list.counts().n_banned), (1, 1));
    assert_eq!(list.end_reading(), 0);
    // A later reading knows better.
    list.begin_reading();
    assert_eq!(list.upsert(&member(Scope::Admin)), Upserted::Changed);
    assert_eq!(list.upsert(&member(Scope::Banned)), Upserted::Changed);
    assert_eq!((list.end_reading(), list.counts().n_banned), (0, 1));
}

#[test]
fn hostile_texts_do_no_harm() {
    let mut list = PeopleList::new(decompose, CZECH);
    let long = "a".repeat(3_000_000);
    let texts =
        ["\u{0}", "\u{0}\u{0}", &long, &format!("{long}b"), &"é ".repeat(200_000), "\u{ff}", " ", "\u{301}"];
    for text in texts {
        let text: Box<str> = (*text).into();
        let role = Some((text.clone(), text.clone()));
        list.upsert(&Member {
            id: text.clone(),
            name: Some(text.clone()),
            email: Some(text),
            role,
            ..Member::default()
        });
    }
    (0..3).for_each(|_| assert_eq!(list.upsert(&Member::default()), Upserted::Added));
    assert_eq!((list.len(), list.end_reading()), (texts.len() + 3, 0));
    let n_found = |list: &mut PeopleList, search: &str| {
        list.view(&ViewSpec { search: search.into(), ..ViewSpec::default() }).len()
    };
    assert_eq!((n_found(&mut list, ""), n_found(&mut list, "AAB"), n_found(&mut list, "\u{0}")), (11, 1, 2));
    assert_eq!(list.member(u32::MAX), Member::default());
    list.toggle(u32::MAX);
    list.remove(u32::MAX);
    assert_eq!((list.len(), list.n_selected(), list.counts().n_people), (11, 0, 11));
}

#[test]
fn a_person_takes_a_hundred_and_twenty_bytes_at_most() {
    let mut list = PeopleList::new(decompose, CZECH);
    let n_people: u32 = 100_000;
    list.begin_reading();
    (0..n_people).for_each(|idx| assert_eq!(list.upsert(&model::realistic(idx)), Upserted::Added));
    assert_eq!(list.end_reading(), 0);
    list.view(&ViewSpec { search: "an".into(), ..ViewSpec::default() });
    let n_bytes = list.bytes() / n_people as usize;
    assert!(n_bytes <= 120, "{n_bytes} bytes a person");
    assert!((0..n_people).step_by(997).all(|row| list.member(row) == model::realistic(row)));
}
