//! Where the people of a view, and the headers of its groups, are in a grid. Pure.

use std::ops::Range;

/// A list of people as the rows of a grid: each group below a header, and collapsed groups without their people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridLayout {
    groups: Vec<GroupSpan>,
    /// 0 without headers, or else 1 a group.
    n_headers: usize,
    n_places: usize,
}

/// The rows of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GroupSpan {
    /// The place of its first row: the header, if there are headers.
    place: usize,
    /// The number of its first person.
    first: usize,
    n_people: usize,
    /// Number of people who have rows: none if it is collapsed.
    n_shown: usize,
}

/// What is at a place of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridPlace {
    /// The header of a group, by the number of the group.
    Header(usize),
    /// A person, by their number in the list.
    Person(usize),
}

impl GridLayout {
    /// People without groups: each is at the place of their number.
    pub fn flat(n_people: usize) -> Self {
        let all = GroupSpan { place: 0, first: 0, n_people, n_shown: n_people };
        Self { groups: vec![all], n_headers: 0, n_places: n_people }
    }

    /// Groups that follow each other, by the number of their people and whether they are collapsed.
    pub fn of_groups(groups: impl IntoIterator<Item = (usize, bool)>) -> Self {
        let mut layout = Self { groups: Vec::new(), n_headers: 1, n_places: 0 };
        let mut first = 0;
        for (n_people, is_collapsed) in groups {
            let n_shown = if is_collapsed { 0 } else { n_people };
            layout.groups.push(GroupSpan { place: layout.n_places, first, n_people, n_shown });
            layout.n_places += 1 + n_shown;
            first += n_people;
        }
        layout
    }

    /// The number of rows, with headers.
    pub fn n_places(&self) -> usize {
        self.n_places
    }

    /// What is at a place; `None` beyond the end.
    pub fn at(&self, place: usize) -> Option<GridPlace> {
        if place >= self.n_places {
            return None;
        }
        let number = self.groups.partition_point(|group| group.place <= place).checked_sub(1)?;
        let group = self.groups[number];
        let offset = place - group.place;
        Some(match offset.checked_sub(self.n_headers) {
            Some(offset) => GridPlace::Person(group.first + offset),
            None => GridPlace::Header(number),
        })
    }

    /// The place of a person, by their number in the list; `None` if their group is collapsed.
    pub fn place_of(&self, person: usize) -> Option<usize> {
        let number = self.groups.partition_point(|group| group.first <= person).checked_sub(1)?;
        let group = self.groups[number];
        let offset = person - group.first;
        (offset < group.n_shown).then_some(group.place + self.n_headers + offset)
    }

    /// The place of the header of a group.
    pub fn place_of_header(&self, group: usize) -> Option<usize> {
        self.groups.get(group).map(|group| group.place)
    }

    /// The people between two places, both included, in either order. Those of collapsed groups are not among them.
    pub fn people_between(&self, one: usize, other: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        let (from, to) = (one.min(other), one.max(other));
        let first = self.groups.partition_point(|group| group.place <= from).saturating_sub(1);
        let groups = self.groups[first..].iter().take_while(move |group| group.place <= to);
        let n_headers = self.n_headers;
        groups.map(move |group| {
            let start = group.place + n_headers;
            let n_before = |place: usize| place.saturating_sub(start).min(group.n_shown);
            group.first + n_before(from)..group.first + n_before(to.saturating_add(1))
        })
    }

    /// The people of a group, whether it is collapsed or not; nobody if there is no such group.
    pub fn people_of(&self, group: usize) -> Range<usize> {
        self.groups.get(group).map_or(0..0, |group| group.first..group.first + group.n_people)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows of a grid, one by one.
    fn rows(groups: &[(usize, bool)]) -> Vec<GridPlace> {
        let (mut rows, mut person) = (Vec::new(), 0);
        for (number, (n_people, is_collapsed)) in groups.iter().enumerate() {
            rows.push(GridPlace::Header(number));
            if !is_collapsed {
                rows.extend((person..person + n_people).map(GridPlace::Person));
            }
            person += n_people;
        }
        rows
    }

    fn agrees(
        layout: &GridLayout,
        rows: &[GridPlace],
        one: usize,
        other: usize,
    ) -> Result<(), TestCaseError> {
        prop_assert_eq!(layout.n_places(), rows.len());
        for place in 0..rows.len() + 2 {
            prop_assert_eq!(layout.at(place), rows.get(place).copied());
            match layout.at(place) {
                Some(GridPlace::Person(person)) => prop_assert_eq!(layout.place_of(person), Some(place)),
                Some(GridPlace::Header(group)) => prop_assert_eq!(layout.place_of_header(group), Some(place)),
                None => {}
            }
        }
        let is_between = |place: &usize| (one.min(other)..=one.max(other)).contains(place);
        let between = rows.iter().enumerate().filter(|(place, _)| is_between(place));
        let people: Vec<usize> = between
            .filter_map(|(_, row)| if let GridPlace::Person(person) = row { Some(*person) } else { None })
            .collect();
        prop_assert_eq!(layout.people_between(one, other).flatten().collect::<Vec<_>>(), people);
        Ok(())
    }

    proptest! {
        #[test]
        fn a_layout_is_a_plain_list_of_rows(
            groups in prop::collection::vec((0_usize..6, any::<bool>()), 0..8),
            one in 0_usize..40,
            other in 0_usize..40,
        ) {
            let layout = GridLayout::of_groups(groups.iter().copied());
            agrees(&layout, &rows(&groups), one, other)?;
            let mut person = 0;
            for (number, (n_people, is_collapsed)) in groups.iter().enumerate() {
                prop_assert_eq!(layout.people_of(number), person..person + n_people);
                let has_place = |person| layout.place_of(person).is_some();
                prop_assert!((person..person + n_people).all(|person| has_place(person) != *is_collapsed));
                person += n_people;
            }
            prop_assert!(layout.people_of(groups.len()).is_empty());
            prop_assert_eq!(layout.place_of(person), None);
        }

        #[test]
        fn without_groups_people_are_where_they_are_in_the_list(
            n_people in 0_usize..20, one in 0_usize..25, other in 0_usize..25,
        ) {
            let rows: Vec<GridPlace> = (0..n_people).map(GridPlace::Person).collect();
            agrees(&GridLayout::flat(n_people), &rows, one, other)?;
        }
    }

    #[test]
    fn a_range_may_end_anywhere() {
        let layout = GridLayout::of_groups([(2, false), (3, true)]);
        assert_eq!(layout.people_between(usize::MAX, 0).flatten().collect::<Vec<_>>(), [0, 1]);
        assert_eq!(layout.people_between(usize::MAX, usize::MAX).flatten().count(), 0);
        assert_eq!(GridLayout::default().people_between(0, 9).count(), 0);
    }
}
