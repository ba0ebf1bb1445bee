//! A list of people as a plain list, with the domain's own search.

use std::cmp::Ordering;

use directory_worker::{
    ACTIVE, Collation, GroupBy, GroupValue, INACTIVE, ListCounts, Only, SortColumn, Upserted, ViewFilter,
    ViewSort, ViewSpec,
};
use domain::{Member, Scope, Search};
use proptest::prelude::*;

use crate::language::{BACKWARDS, CZECH, compare_whole};

/// Stands in for the browser, for the letters in these tests.
pub(crate) fn decompose(text: &str) -> String {
    text.replace('é', "e\u{301}").replace('É', "E\u{301}").replace('ﬁ', "fi").replace('\u{a0}', " ")
}

/// What tells a person from others.
pub(crate) fn key(member: &Member) -> Option<(bool, String)> {
    let email = member.email.as_deref().filter(|email| !email.trim().is_empty());
    if member.id.is_empty() {
        Some((false, email?.to_lowercase()))
    } else {
        Some((true, member.id.to_string()))
    }
}

struct NaivePerson {
    member: Member,
    is_selected: bool,
    is_seen: bool,
    /// Found by a reading, with neither id nor e-mail address.
    is_waiting: bool,
}

/// A plain list.
#[derive(Default)]
pub(crate) struct Naive {
    people: Vec<NaivePerson>,
    is_reading: bool,
    had_unnamed: bool,
    is_backwards: bool,
    /// Every role, in the order in which they were met.
    roles: Vec<(Box<str>, Box<str>)>,
}

/// A group of a view: what its people have in common, its name, and the people.
pub(crate) type NaiveGroup = (GroupValue, Box<str>, Vec<Member>);

impl Naive {
    pub(crate) fn upsert(&mut self, member: &Member) -> Upserted {
        let own = key(member);
        self.roles.extend(member.role.clone().filter(|role| !self.roles.contains(role)));
        let found = self.people.iter().position(|person| own.is_some() && key(&person.member) == own);
        let mut person =
            NaivePerson { member: member.clone(), is_selected: false, is_seen: true, is_waiting: false };
        let Some(at) = found else {
            person.is_waiting = self.is_reading && self.had_unnamed && own.is_none();
            self.people.push(person);
            return Upserted::Added;
        };
        let former = &mut self.people[at];
        let is_banned = |member: &Member| member.scope == Some(Scope::Banned);
        if self.is_reading && former.is_seen && is_banned(&former.member) && !is_banned(member) {
            return Upserted::StaysBanned;
        }
        former.is_seen = true;
        if former.member == *member {
            return Upserted::Same;
        }
        person.is_selected = former.is_selected;
        self.people.remove(at);
        self.people.push(person);
        Upserted::Changed
    }

    pub(crate) fn begin(&mut self) {
        self.abandon();
        self.people.iter_mut().for_each(|person| person.is_seen = false);
        self.had_unnamed = self.people.iter().any(|person| key(&person.member).is_none());
        self.is_reading = true;
    }

    pub(crate) fn end(&mut self) -> usize {
        if !std::mem::take(&mut self.is_reading) {
            return 0;
        }
        let gone = self.people.iter().filter(|person| !person.is_seen);
        let (unnamed, named): (Vec<_>, Vec<_>) = gone.partition(|person| key(&person.member).is_none());
        let n_waiting = self.people.iter().filter(|person| person.is_waiting).count();
        let n_gone = named.len() + unnamed.len().saturating_sub(n_waiting);
        self.people.retain(|person| person.is_seen);
        self.people.iter_mut().for_each(|person| person.is_waiting = false);
        n_gone
    }

    pub(crate) fn abandon(&mut self) {
        self.is_reading = false;
        self.people.retain(|person| !person.is_waiting);
    }

    pub(crate) fn change_language(&mut self) -> Collation {
        self.is_backwards = !self.is_backwards;
        self.language()
    }

    pub(crate) fn n_people(&self) -> usize {
        self.shown().count()
    }

    pub(crate) fn n_selected(&self) -> usize {
        self.shown().filter(|person| person.is_selected).count()
    }

    /// Everyone by name.
    fn by_name(&self) -> Vec<usize> {
        let mut places: Vec<usize> =
            (0..self.people.len()).filter(|at| !self.people[*at].is_waiting).collect();
        places.sort_by(|one, other| {
            let (one, other) = (&self.people[*one].member, &self.people[*other].member);
            let by_name = compare_texts(self.language(), text(&one.name), text(&other.name), false);
            by_name.then_with(|| one.id.cmp(&other.id))
        });
        places
    }

    pub(crate) fn toggle(&mut self, place: usize) {
        let at = self.by_name()[place];
        self.people[at].is_selected = !self.people[at].is_selected;
    }

    pub(crate) fn remove(&mut self, place: usize) {
        let at = self.by_name()[place];
        self.people.remove(at);
    }

    pub(crate) fn select_all(&mut self, is_meant: impl Fn(usize) -> bool, is_selected: bool) {
        for (_, at) in self.by_name().into_iter().enumerate().filter(|(place, _)| is_meant(*place)) {
            self.people[at].is_selected = is_selected;
        }
    }

    pub(crate) fn selected(&self) -> Vec<Member> {
        let selected =
            self.by_name().into_iter().map(|at| &self.people[at]).filter(|person| person.is_selected);
        selected.map(|person| person.member.clone()).collect()
    }

    pub(crate) fn view(&self, spec: &ViewSpec) -> Vec<Member> {
        let search = Search::new(&spec.search, decompose);
        let people = self.by_name().into_iter().map(|at| &self.people[at]);
        let found =
            people.filter(|person| finds(&search, &person.member) && self.passes(person, &spec.filter));
        let mut members: Vec<Member> = found.map(|person| person.member.clone()).collect();
        if let Some(sort) = spec.sort {
            if sort.column == SortColumn::Name && sort.is_descending {
                let n_named = members.iter().filter(|member| text(&member.name).is_some()).count();
                members[..n_named].reverse();
            } else {
                members.sort_by(|one, other| self.compare_column(sort, one, other));
            }
        }
        match spec.group_by {
            Some(by) => self.groups(by, &members).into_iter().flat_map(|(.., people)| people).collect(),
            None => members,
        }
    }

    /// The groups of people, in order.
    pub(crate) fn groups(&self, by: GroupBy, members: &[Member]) -> Vec<NaiveGroup> {
        let mut groups: Vec<NaiveGroup> = Vec::new();
        for member in members {
            let value = value(by, member);
            match groups.iter_mut().find(|group| group.0 == value) {
                Some(group) => group.2.push(member.clone()),
                None => groups.push((value, "".into(), vec![member.clone()])),
            }
        }
        for (value, name, people) in &mut groups {
            *name = match by {
                GroupBy::Role => {
                    let is_met = |role: &&(Box<str>, Box<str>)| {
                        people.iter().any(|person| person.role.as_ref() == Some(role))
                    };
                    self.roles.iter().rfind(is_met).map(|role| role.1.clone()).unwrap_or_default()
                }
                GroupBy::Scope | GroupBy::State | GroupBy::Domain => value.clone().unwrap_or_default(),
            };
        }
        groups.sort_by(|one, other| {
            let language = |one: &str, other: &str| compare_whole(self.language().full, one, other);
            let rank = |value: &str| match by {
                GroupBy::Scope => Scope::from_slug(value).map(|scope| scope as u64),
                _ => Some(u64::from(value != ACTIVE)),
            };
            let (Some(one_value), Some(other_value)) = (&one.0, &other.0) else {
                return one.0.is_none().cmp(&other.0.is_none());
            };
            match by {
                GroupBy::Scope | GroupBy::State => rank(one_value).cmp(&rank(other_value)),
                GroupBy::Domain => language(one_value, other_value),
                GroupBy::Role => match (filled(&one.1), filled(&other.1)) {
                    (Some(one_name), Some(other_name)) => {
                        language(one_name, other_name).then(one_value.cmp(other_value))
                    }
                    (one_name, other_name) => {
                        one_name.is_none().cmp(&other_name.is_none()).then(one_value.cmp(other_value))
                    }
                },
            }
        });
        groups
    }

    pub(crate) fn check_counts(&self, counts: &ListCounts) -> Result<(), TestCaseError> {
        let n = |is_counted: &dyn Fn(&Member) -> bool| {
            self.shown().filter(|person| is_counted(&person.member)).count()
        };
        prop_assert_eq!(counts.n_people, n(&|_| true));
        prop_assert_eq!(counts.n_admins, n(&|member| member.scope == Some(Scope::Admin)));
        prop_assert_eq!(counts.n_banned, n(&|member| member.scope == Some(Scope::Banned)));
        prop_assert_eq!(counts.n_unscoped, n(&|member| member.scope.is_none()));
        prop_assert_eq!(counts.n_inactive, n(&|member| member.is_active == Some(false)));
        let n_with_role: usize = counts.roles.iter().map(|role| role.n_people).sum();
        prop_assert_eq!(n_with_role, n(&|member| member.role.is_some()));
        for role in &counts.roles {
            let role_of = |member: &Member| member.role == Some((role.id.clone(), role.name.clone()));
            prop_assert_eq!(role.n_people, n(&role_of));
        }
        for found in &counts.domains {
            prop_assert_eq!(found.n_people, n(&|member| domain(member).as_deref() == Some(&*found.domain)));
        }
        Ok(())
    }

    fn shown(&self) -> impl Iterator<Item = &NaivePerson> {
        self.people.iter().filter(|person| !person.is_waiting)
    }

    fn language(&self) -> Collation {
        if self.is_backwards { BACKWARDS } else { CZECH }
    }

    fn passes(&self, person: &NaivePerson, filter: &ViewFilter) -> bool {
        let member = &person.member;
        let only = match &filter.only {
            Only::All => true,
            Only::Selected => person.is_selected,
            Only::Ids(ids) => ids.iter().any(|id| {
                let is_known = self.shown().any(|other| !id.is_empty() && other.member.id == *id);
                let own = key(member);
                own == Some((true, id.to_string())) || (!is_known && own == Some((false, id.to_lowercase())))
            }),
        };
        let from = filter.joined_from.is_none_or(|from| member.joined_at.is_some_and(|at| at >= from));
        let to = filter.joined_to.is_none_or(|to| member.joined_at.is_some_and(|at| at <= to));
        let is_in = |domain: String| filter.domains.iter().any(|wanted| wanted.to_lowercase() == domain);
        only && from
            && to
            && (filter.scopes.is_empty() || member.scope.is_some_and(|scope| filter.scopes.contains(&scope)))
            && (filter.roles.is_empty()
                || member.role.as_ref().is_some_and(|role| filter.roles.contains(&role.0)))
            && (filter.domains.is_empty() || domain(member).is_some_and(is_in))
            && filter.is_active.is_none_or(|is_active| member.is_active == Some(is_active))
    }

    fn compare_column(&self, sort: ViewSort, one: &Member, other: &Member) -> Ordering {
        let texts = |one: Option<&str>, other: Option<&str>| {
            compare_texts(self.language(), one, other, sort.is_descending)
        };
        let numbers = |one: Option<u64>, other: Option<u64>| {
            let by_missing = one.is_none().cmp(&other.is_none());
            by_missing.then(if sort.is_descending { other.cmp(&one) } else { one.cmp(&other) })
        };
        match sort.column {
            SortColumn::Name => texts(text(&one.name), text(&other.name)),
            SortColumn::Id => texts(filled(&one.id), filled(&other.id)),
            SortColumn::Email => texts(text(&one.email), text(&other.email)),
            SortColumn::Phone => texts(text(&one.phone), text(&other.phone)),
            SortColumn::Role => {
                let name = |member: &Member| member.role.as_ref().map(|role| role.1.clone());
                let (one, other) = (name(one), name(other));
                texts(text(&one), text(&other))
            }
            SortColumn::Scope => {
                numbers(one.scope.map(|scope| scope as u64), other.scope.map(|scope| scope as u64))
            }
            SortColumn::State => {
                numbers(one.is_active.map(|is| u64::from(!is)), other.is_active.map(|is| u64::from(!is)))
            }
            SortColumn::Joined => numbers(one.joined_at, other.joined_at),
            SortColumn::Created => numbers(one.created_at, other.created_at),
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn text(text: &Option<Box<str>>) -> Option<&str> {
    text.as_deref().and_then(filled)
}

/// What a person has in common with others.
fn value(by: GroupBy, member: &Member) -> GroupValue {
    match by {
        GroupBy::Scope => member.scope.map(|scope| scope.slug().into()),
        GroupBy::Role => member.role.as_ref().map(|role| role.0.clone()),
        GroupBy::State => member.is_active.map(|is_active| if is_active { ACTIVE } else { INACTIVE }.into()),
        GroupBy::Domain => domain(member).map(Into::into),
    }
}

fn domain(member: &Member) -> Option<String> {
    let (_, domain) = member.email.as_deref()?.rsplit_once('@')?;
    filled(domain).map(|domain| domain.trim().to_lowercase())
}

fn finds(search: &Search, member: &Member) -> bool {
    let role = member.role.as_ref().map(|role| &role.1);
    let texts = [member.name.as_ref(), member.nickname.as_ref(), Some(&member.id)];
    let more = [member.email.as_ref(), member.phone.as_ref(), role];
    search.finds_any(texts.into_iter().chain(more).flatten().map(|text| &**text))
}

/// Compares whole texts; missing ones are last.
fn compare_texts(
    language: Collation,
    one: Option<&str>,
    other: Option<&str>,
    is_descending: bool,
) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none().cmp(&other.is_none());
    };
    let order = compare_whole(language.full, one, other);
    if is_descending { order.reverse() } else { order }
}

fn words() -> impl Strategy<Value = Box<str>> {
    prop_oneof![
        4 => "[A-C]?[a-c]{0,3}",
        2 => "([A-Ca-cé1 \t-]|e\u{301}|É|ß|ﬁ|\u{a0}|\u{0}|か|\u{200b}){0,6}",
        2 => "(c|C|h|H|ch|Ch|i|d|s|S|ß|0|[0-9]{1,3}){0,6}",
        1 => "(Anna|anna|ANNA|Änna) ?(Maria|Marié|maria ){1,9}[0-9]?",
    ]
    .prop_map(Into::into)
}

fn email() -> impl Strategy<Value = Box<str>> {
    let usual = "[abA]{1,2}@(x\\.org|Y\\.org|É\\.org|)".prop_map(Into::into);
    prop_oneof![6 => usual, 1 => words()]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop::sample::select(&Scope::ALL[..])
}

prop_compose! {
    fn states()(
        is_active in any::<Option<bool>>(),
        is_avatar in any::<Option<bool>>(),
        is_system in any::<Option<bool>>(),
        scope in prop::option::of(scope()),
        role in prop::option::of(("[rs]", "[Rr]é?|[ab]{0,2}")),
        joined_at in prop::option::of(0_u64..6),
        created_at in prop::option::weighted(0.2, 0..u64::MAX),
    ) -> Member {
        let role = role.map(|(id, name)| (id.into(), name.into()));
        Member { is_active, is_avatar, is_system, scope, role, joined_at, created_at, ..Member::default() }
    }
}

prop_compose! {
    /// A person of a small world, so that people meet.
    pub(crate) fn member()(
        states in states(),
        id in prop_oneof![5 => "[a-d]{0,1}".prop_map(Into::into), 2 => words()],
        name in prop::option::weighted(0.8, words()),
        email in prop::option::of(email()),
        phone in prop::option::weighted(0.2, "[1-3]{0,3}".prop_map(Into::into)),
        nickname in prop::option::weighted(0.2, words()),
        picture in prop::option::weighted(0.2, words()),
        is_small in any::<bool>(),
        bio in prop::option::weighted(0.1, words()),
        invite_id in prop::option::weighted(0.1, words()),
    ) -> Member {
        let small_picture = picture.clone().filter(|_| is_small);
        Member { id, name, email, phone, nickname, picture, small_picture, bio, invite_id, ..states }
    }
}

fn group_by() -> impl Strategy<Value = GroupBy> {
    prop::sample::select(vec![GroupBy::Scope, GroupBy::Role, GroupBy::State, GroupBy::Domain])
}

fn column() -> impl Strategy<Value = SortColumn> {
    use SortColumn::*;
    prop::sample::select(vec![Name, Id, Email, Phone, Scope, Role, State, Joined, Created])
}

fn only() -> impl Strategy<Value = Only> {
    prop_oneof![
        4 => Just(Only::All),
        1 => Just(Only::Selected),
        1 => prop::collection::vec(prop_oneof![words(), email()], 0..5).prop_map(|mut ids| {
            ids.sort();
            Only::Ids(ids)
        }),
    ]
}

prop_compose! {
    fn filter()(
        scopes in prop::collection::vec(scope(), 0..3),
        roles in prop::collection::vec("[rst]".prop_map(Into::into), 0..2),
        is_active in any::<Option<bool>>(),
        joined_from in prop::option::weighted(0.2, 0_u64..6),
        joined_to in prop::option::weighted(0.2, 0_u64..6),
        domains in prop::collection::vec("[xY]\\.org|é\\.ORG".prop_map(Into::into), 0..3),
        only in only(),
        // Most filters have few conditions, or nobody would pass.
        kept in 0_u8..8,
    ) -> ViewFilter {
        let mut filter = ViewFilter { only, ..ViewFilter::default() };
        match kept {
            0 => filter.scopes = scopes,
            1 => filter.roles = roles,
            2 => filter.is_active = is_active,
            3 => (filter.joined_from, filter.joined_to) = (joined_from, joined_to),
            4 => filter.domains = domains,
            5 => return ViewFilter { scopes, roles, is_active, joined_from, joined_to, domains, ..filter },
            _ => {}
        }
        filter
    }
}

prop_compose! {
    /// What a view shows.
    pub(crate) fn spec()(
        search in prop_oneof![2 => Just(String::new()), 3 => words().prop_map(String::from), 1 => "[a-c1-3 @]{1,2}"],
        sort in prop::option::of((column(), any::<bool>())),
        filter in filter(),
        group_by in prop::option::of(group_by()),
    ) -> ViewSpec {
        let sort = sort.map(|(column, is_descending)| ViewSort { column, is_descending });
        ViewSpec { search, sort, filter, group_by }
    }
}

/// One of many realistic people.
pub(crate) fn realistic(idx: u32) -> Member {
    const FIRST: [&str; 12] = [
        "Ada",
        "Mila",
        "Noor",
        "José",
        "Annika",
        "Zoë",
        "Liam",
        "Wei",
        "Fatima",
        "Bartholomew",
        "Іван",
        "Chloe",
    ];
    const LAST: [&str; 9] =
        ["Lovelace", "Jansen", "McDonald", "Okafor", "Müller", "Garcia", "van den Berg", "Li", "O'Neil"];
    const DOMAINS: [&str; 4] = ["gmail.com", "example.org", "mail.example.com", "outlook.com"];
    let mixed = idx.wrapping_mul(2_654_435_761);
    let pick = |list: &[&'static str], shift: u32| list[(mixed >> shift) as usize % list.len()];
    let (first, last) = (pick(&FIRST, 3), pick(&LAST, 9));
    let id = if idx.is_multiple_of(2) {
        format!(
            "{mixed:08x}-{:04x}-4{:03x}-a{:03x}-{idx:012x}",
            mixed >> 7 & 0xffff,
            mixed & 0xfff,
            mixed >> 20
        )
    } else {
        format!("fan-{idx}")
    };
    let email = format!("{}.{idx}@{}", last.replace([' ', '\''], "").to_lowercase(), pick(&DOMAINS, 13));
    let picture = format!("https://media.example.com/avatars/{mixed:08x}.png");
    Member {
        id: id.into(),
        name: Some(format!("{first} {last}").into()),
        email: Some(email.into()),
        role: Some(("member".into(), "Member".into())),
        scope: Some(if idx.is_multiple_of(50) { Scope::Moderator } else { Scope::Participant }),
        is_active: Some(mixed & 64 == 0),
        joined_at: Some(1_700_000_000_000 + u64::from(mixed)),
        picture: idx.is_multiple_of(3).then(|| picture.into()),
        ..Member::default()
    }
}
