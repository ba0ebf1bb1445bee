//! An access review: who has which scope in which group. Groups are read one by one, several at the same time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Group, GroupId, Member, Millis, Scope};

/// The scopes with power over others.
pub const REVIEWED_SCOPES: [Scope; 2] = [Scope::Admin, Scope::Moderator];
/// A review that takes more calls than this is asked about.
pub const MAX_UNASKED_CALLS: u64 = 20;
/// Number of groups in a row that fail before the cause is probably not the groups.
const MAX_FAILURES_IN_ROW: usize = 4;

/// How far the reading of one group is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupStage<E> {
    /// Not read yet.
    Wanted,
    /// It is being read.
    Asked,
    /// It was read.
    Read,
    /// It could not be read.
    Failed(E),
}

/// A group of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedGroup<E> {
    /// The id.
    pub id: GroupId,
    /// The name.
    pub name: Box<str>,
    /// The id of the owner.
    pub owner: Option<Box<str>>,
    /// How far its reading is.
    pub stage: GroupStage<E>,
    /// The people with one of the reviewed scopes, as read last. The owner may have none.
    pub holders: Vec<Member>,
    /// When they were read; `None` if they never were.
    pub read_at: Option<Millis>,
}

/// A person with a scope in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeHolding {
    /// The person.
    pub person: Member,
    /// The group.
    pub group: GroupId,
    /// The name of the group.
    pub group_name: Box<str>,
    /// Whether the person owns the group.
    pub is_owner: bool,
    /// When the group was read.
    pub read_at: Millis,
}

/// How many groups were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReviewProgress {
    /// Number of groups.
    pub n_groups: usize,
    /// Number of groups that were read.
    pub n_read: usize,
    /// Number of groups that could not be read.
    pub n_failed: usize,
}

/// A review in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldingCounts {
    /// Number of people, each once.
    pub n_people: usize,
    /// Number of groups in which they have a scope.
    pub n_groups: usize,
    /// Number of admins, counted once for each of their groups.
    pub n_admins: usize,
    /// Number of moderators, counted once for each of their groups.
    pub n_moderators: usize,
}

impl HoldingCounts {
    /// Counts some holdings.
    pub fn of<'a>(holdings: impl Iterator<Item = &'a ScopeHolding>) -> Self {
        let (mut people, mut groups) = (BTreeSet::new(), BTreeSet::new());
        let mut counts = Self::default();
        for holding in holdings {
            people.insert(&*holding.person.id);
            groups.insert(&holding.group);
            match holding.person.scope {
                Some(Scope::Admin) => counts.n_admins += 1,
                Some(Scope::Moderator) => counts.n_moderators += 1,
                Some(Scope::Participant | Scope::Banned) | None => {}
            }
        }
        Self { n_people: people.len(), n_groups: groups.len(), ..counts }
    }
}

/// Most calls that reading a group takes, unless very many people have a scope in it: the list of bans is read as
/// well where the list of members may contain banned people.
pub fn calls_per_group(has_bans: bool) -> u64 {
    if has_bans { 2 } else { 1 }
}

/// The review of all groups. Does no calls itself: [`ask`](Self::ask) says what to read, and [`took`](Self::took),
/// [`failed`](Self::failed) and [`put_back`](Self::put_back) what came of it. `E` is why a group could not be read.
#[derive(Clone, Debug)]
pub struct ScopeReview<E> {
    at_once: usize,
    /// The owner of groups that belong to no person.
    nobody: Option<&'static str>,
    groups: Vec<ReviewedGroup<E>>,
    places: BTreeMap<GroupId, usize>,
    /// The groups to read next; exactly those that are wanted.
    wanted: VecDeque<usize>,
    n_asked: usize,
    n_failed_in_row: usize,
}

impl<E> ScopeReview<E> {
    /// A review without groups yet, that reads up to `at_once` at the same time. `nobody` owns the groups that belong
    /// to no person.
    pub fn new(at_once: usize, nobody: Option<&'static str>) -> Self {
        Self {
            at_once: at_once.max(1),
            nobody,
            groups: Vec::new(),
            places: BTreeMap::new(),
            wanted: VecDeque::new(),
            n_asked: 0,
            n_failed_in_row: 0,
        }
    }

    /// Takes the list of all groups and wants to read each of them. What was known of a group stays until then.
    pub fn list(&mut self, groups: impl IntoIterator<Item = Group>) {
        let mut known: BTreeMap<GroupId, ReviewedGroup<E>> =
            self.groups.drain(..).map(|group| (group.id.clone(), group)).collect();
        self.places.clear();
        for Group { id, name, owner, .. } in groups {
            if self.places.contains_key(&id) {
                continue;
            }
            self.places.insert(id.clone(), self.groups.len());
            let (holders, read_at) =
                known.remove(&id).map(|group| (group.holders, group.read_at)).unwrap_or_default();
            self.groups.push(ReviewedGroup { id, name, owner, stage: GroupStage::Wanted, holders, read_at });
        }
        self.wanted = (0..self.groups.len()).collect();
        (self.n_asked, self.n_failed_in_row) = (0, 0);
    }

    /// The next group to read; `None` while enough are being read, and if none is left.
    pub fn ask(&mut self) -> Option<GroupId> {
        if self.n_asked >= self.at_once {
            return None;
        }
        let group = &mut self.groups[self.wanted.pop_front()?];
        group.stage = GroupStage::Asked;
        self.n_asked += 1;
        Some(group.id.clone())
    }

    /// Takes the people of a group that was asked for, each once. Those with another scope are left out.
    pub fn took(&mut self, group: &GroupId, people: Vec<Member>, now: Millis) {
        let Some((_, group)) = self.answered(group) else { return };
        let mut ids = BTreeSet::new();
        group.holders = people;
        group.holders.retain(|person| {
            person.scope.is_none_or(|scope| REVIEWED_SCOPES.contains(&scope)) && ids.insert(person.id.clone())
        });
        (group.stage, group.read_at) = (GroupStage::Read, Some(now));
        self.n_failed_in_row = 0;
    }

    /// Takes why a group that was asked for could not be read. Returns true if so many failed in a row that the
    /// others would probably fail too.
    pub fn failed(&mut self, group: &GroupId, error: E) -> bool {
        let Some((_, group)) = self.answered(group) else { return false };
        group.stage = GroupStage::Failed(error);
        self.n_failed_in_row += 1;
        self.n_failed_in_row >= MAX_FAILURES_IN_ROW
    }

    /// Wants a group again that was asked for, before all others: its reading was stopped.
    pub fn put_back(&mut self, group: &GroupId) {
        let Some((place, group)) = self.answered(group) else { return };
        group.stage = GroupStage::Wanted;
        self.wanted.push_front(place);
    }

    /// Wants a group again that could not be read.
    pub fn retry(&mut self, group: &GroupId) {
        let Some(place) = self.places.get(group).copied() else { return };
        if matches!(self.groups[place].stage, GroupStage::Failed(_)) {
            self.groups[place].stage = GroupStage::Wanted;
            self.wanted.push_back(place);
        }
    }

    /// Goes on after a stop, however many failed before it.
    pub fn resumed(&mut self) {
        self.n_failed_in_row = 0;
    }

    /// Number of groups that are still to be read.
    pub fn n_left(&self) -> usize {
        self.wanted.len() + self.n_asked
    }

    /// How many groups were read.
    pub fn progress(&self) -> ReviewProgress {
        let count = |is_it: fn(&GroupStage<E>) -> bool| {
            self.groups.iter().filter(|group| is_it(&group.stage)).count()
        };
        ReviewProgress {
            n_groups: self.groups.len(),
            n_read: count(|stage| matches!(stage, GroupStage::Read)),
            n_failed: count(|stage| matches!(stage, GroupStage::Failed(_))),
        }
    }

    /// All groups, in the order of the list.
    pub fn groups(&self) -> &[ReviewedGroup<E>] {
        &self.groups
    }

    /// Everyone with one of the scopes, once for each of their groups, and the owners of groups that were read who
    /// have none in them.
    pub fn holdings(&self) -> Vec<ScopeHolding> {
        let everyone = self.groups.iter().flat_map(|group| &group.holders);
        let known: BTreeMap<&str, &Member> = everyone.map(|person| (&*person.id, person)).collect();
        let of_group = |group: &ReviewedGroup<E>| {
            let ReviewedGroup { id, name, owner, read_at, .. } = group;
            let of_person = |person: &Member| ScopeHolding {
                person: person.clone(),
                group: id.clone(),
                group_name: name.clone(),
                is_owner: owner.as_ref() == Some(&person.id),
                read_at: read_at.unwrap_or_default(),
            };
            let owner = self.owner_without_scope(group).map(|owner| match known.get(owner) {
                Some(known) => Member { scope: None, joined_at: None, ..Member::clone(known) },
                None => Member { id: owner.into(), ..Member::default() },
            });
            group.holders.iter().chain(&owner).map(of_person).collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(of_group).collect()
    }

    /// The owner of a group that was read, if they have none of the scopes in it.
    fn owner_without_scope<'a>(&self, group: &'a ReviewedGroup<E>) -> Option<&'a str> {
        group.read_at?;
        let owner = group.owner.as_deref().filter(|owner| self.nobody != Some(*owner))?;
        group.holders.iter().all(|person| *person.id != *owner).then_some(owner)
    }

    /// A group that was asked for and no longer is, with its place.
    fn answered(&mut self, group: &GroupId) -> Option<(usize, &mut ReviewedGroup<E>)> {
        let place = *self.places.get(group)?;
        let group = self.groups.get_mut(place).filter(|group| matches!(group.stage, GroupStage::Asked))?;
        self.n_asked = self.n_asked.saturating_sub(1);
        Some((place, group))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::GroupKind;

    fn group(id: &str) -> Group {
        let name = ["Group ", id].concat();
        Group { owner: Some("ada".into()), ..Group::new(GroupId::new(id), GroupKind::Group, name.into()) }
    }

    fn person(id: &str, scope: Option<Scope>) -> Member {
        Member { id: id.into(), scope, ..Member::default() }
    }

    fn review(ids: &[&str], at_once: usize) -> ScopeReview<&'static str> {
        let mut review = ScopeReview::new(at_once, Some("app"));
        review.list(ids.iter().map(|id| group(id)));
        review
    }

    fn asked(review: &mut ScopeReview<&'static str>) -> Vec<String> {
        std::iter::from_fn(|| review.ask()).map(|group| group.as_str().to_owned()).collect()
    }

    #[test]
    fn a_group_that_is_listed_twice_is_read_once_and_few_are_read_at_the_same_time() {
        let mut review = review(&["a", "b", "a", "c"], 2);
        assert_eq!(asked(&mut review), ["a", "b"]);
        review.took(&GroupId::new("a"), Vec::new(), 5);
        assert_eq!(asked(&mut review), ["c"]);
        assert_eq!(review.progress(), ReviewProgress { n_groups: 3, n_read: 1, n_failed: 0 });
        assert_eq!(review.n_left(), 2);
    }

    #[test]
    fn people_are_listed_once_with_the_scopes_that_count_and_their_ownership() {
        let mut review = review(&["a", "b"], 4);
        assert_eq!(asked(&mut review).len(), 2);
        let people = vec![
            person("ada", Some(Scope::Admin)),
            person("ada", Some(Scope::Admin)),
            person("bo", Some(Scope::Moderator)),
            person("cy", Some(Scope::Participant)),
            person("di", None),
        ];
        review.took(&GroupId::new("a"), people, 7);
        review.took(&GroupId::new("b"), vec![person("bo", Some(Scope::Admin))], 8);
        let holdings = review.holdings();
        let rows: Vec<_> = holdings
            .iter()
            .map(|row| (&*row.person.id, row.group.as_str(), row.is_owner, row.read_at))
            .collect();
        assert_eq!(
            rows,
            [
                ("ada", "a", true, 7),
                ("bo", "a", false, 7),
                ("di", "a", false, 7),
                ("bo", "b", false, 8),
                ("ada", "b", true, 8),
            ]
        );
        let counts = HoldingCounts { n_people: 3, n_groups: 2, n_admins: 2, n_moderators: 1 };
        assert_eq!(HoldingCounts::of(holdings.iter()), counts);
    }

    #[test]
    fn an_owner_without_a_scope_is_listed_once_their_group_was_read() {
        let mut review = review(&["a", "b"], 4);
        review.list(["a", "b", "c", "d"].into_iter().map(|id| match id {
            "c" => Group { owner: Some("app".into()), ..group(id) },
            "d" => Group { owner: None, ..group(id) },
            id => group(id),
        }));
        assert_eq!(asked(&mut review).len(), 4);
        let ada =
            Member { name: Some("Ada".into()), joined_at: Some(1), ..person("ada", Some(Scope::Admin)) };
        assert_eq!(review.holdings(), [], "nothing is known of a group that was not read");
        for (id, people) in [("a", Vec::new()), ("c", Vec::new()), ("d", Vec::new())] {
            review.took(&GroupId::new(id), people, 3);
        }
        let unnamed = person("ada", None);
        let holdings = review.holdings();
        let [only] = &*holdings else { panic!("{holdings:?}") };
        assert_eq!((&only.person, only.group.as_str(), only.is_owner), (&unnamed, "a", true));

        // Another group tells the name, not the scope.
        review.took(&GroupId::new("b"), vec![ada.clone()], 4);
        let people: Vec<Member> = review.holdings().into_iter().map(|holding| holding.person).collect();
        assert_eq!(people, [Member { name: Some("Ada".into()), ..unnamed }, ada]);
    }

    #[test]
    fn a_group_that_failed_is_read_again_only_if_somebody_says_so() {
        let mut review = review(&["a", "b"], 4);
        let (a, b) = (GroupId::new("a"), GroupId::new("b"));
        assert_eq!(asked(&mut review).len(), 2);
        assert!(!review.failed(&a, "gone"));
        review.took(&b, Vec::new(), 1);
        assert_eq!((review.n_left(), review.ask()), (0, None));
        review.retry(&b);
        review.retry(&a);
        review.retry(&a);
        assert_eq!(asked(&mut review), ["a"]);
    }

    #[test]
    fn many_failures_in_a_row_are_not_about_the_groups() {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let mut review = review(&ids, 10);
        assert_eq!(asked(&mut review).len(), 6);
        let mut fails = |id: &str| review.failed(&GroupId::new(id), "key");
        assert_eq!(["a", "b", "c", "d"].map(&mut fails), [false, false, false, true]);
        review.resumed();
        assert!(!review.failed(&GroupId::new("e"), "key"));
    }

    #[test]
    fn a_new_list_keeps_what_was_read_until_it_is_read_again() {
        let mut review = review(&["a", "b"], 4);
        assert_eq!(asked(&mut review).len(), 2);
        for id in ["a", "b"] {
            review.took(&GroupId::new(id), vec![person("ada", Some(Scope::Admin))], 3);
        }
        review.list(["b", "c"].map(group));
        assert_eq!(review.progress(), ReviewProgress { n_groups: 2, n_read: 0, n_failed: 0 });
        assert_eq!(review.holdings().len(), 1, "a is gone, and c was never read");
        assert_eq!(asked(&mut review), ["b", "c"]);
        review.took(&GroupId::new("b"), Vec::new(), 9);
        let rows: Vec<_> =
            review.holdings().into_iter().map(|row| (row.person.scope, row.is_owner)).collect();
        assert_eq!(rows, [(None, true)], "the owner is one without a scope");
    }

    /// What happens to a group that is being read.
    #[derive(Clone, Copy, Debug)]
    enum Answer {
        Read,
        Fails,
        Stops,
    }

    fn answer() -> impl Strategy<Value = Answer> {
        prop_oneof![4 => Just(Answer::Read), 2 => Just(Answer::Fails), 1 => Just(Answer::Stops)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn every_group_ends_as_read_or_failed_and_none_is_read_twice(
            ids in prop::collection::vec(0_u8..40, 0..60),
            at_once in 1_usize..6,
            answers in prop::collection::vec((answer(), any::<prop::sample::Index>()), 1..80),
        ) {
            let mut review = ScopeReview::new(at_once, None);
            review.list(ids.iter().map(|id| group(&id.to_string())));
            let (mut under_way, mut read, mut failed) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
            let mut n_answers = 0;
            while review.n_left() > 0 {
                while let Some(id) = review.ask() {
                    prop_assert!(!under_way.contains(&id), "{id:?} is being read already");
                    prop_assert!(!read.contains(&id) && !failed.contains(&id), "{id:?} is over");
                    under_way.push(id);
                }
                prop_assert!(!under_way.is_empty() && under_way.len() <= at_once, "it waits for something");
                // A reading that always stops would never end.
                let (answer, pick) = answers[n_answers % answers.len()];
                let answer = if n_answers < 400 { answer } else { Answer::Read };
                let id = under_way.swap_remove(pick.index(under_way.len()));
                n_answers += 1;
                match answer {
                    Answer::Read => {
                        review.took(&id, vec![person("ada", Some(Scope::Admin))], n_answers as Millis);
                        read.insert(id);
                    }
                    Answer::Fails => {
                        review.failed(&id, "no");
                        failed.insert(id);
                    }
                    Answer::Stops => review.put_back(&id),
                }
            }
            let all: BTreeSet<_> = ids.iter().map(|id| GroupId::new(id.to_string())).collect();
            let ended: BTreeSet<_> = read.union(&failed).cloned().collect();
            prop_assert_eq!(&all, &ended);
            prop_assert_eq!(review.holdings().len(), read.len(), "nothing that was read is lost");
            let progress = review.progress();
            prop_assert_eq!((progress.n_read, progress.n_failed), (read.len(), failed.len()));
        }
    }
}
