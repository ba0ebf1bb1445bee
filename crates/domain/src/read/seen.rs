//! What pages have read of a connection, gathered in one list, so that groups and people can be found by name.

use crate::Items;

/// Most groups or people that are remembered of a connection.
const MAX: usize = 2_000;

/// Adds the groups or people of a page to those seen before, each once with what was read last. Of too many, those
/// seen first are dropped; so are people without an id, who cannot be opened.
pub fn gather(seen: &mut Items, page: &Items) {
    match (seen, page) {
        (Items::Groups(seen), Items::Groups(page)) => {
            add(seen, page.iter(), |one, other| one.id == other.id && one.kind == other.kind);
        }
        (Items::Members(seen), Items::Members(page)) => {
            let named = page.iter().filter(|person| !person.id.is_empty());
            add(seen, named, |one, other| one.id == other.id);
        }
        _ => {}
    }
}

fn add<'a, T: Clone + 'a>(seen: &mut Vec<T>, page: impl Iterator<Item = &'a T>, is_same: fn(&T, &T) -> bool) {
    for item in page {
        match seen.iter_mut().find(|known| is_same(known, item)) {
            Some(known) => *known = item.clone(),
            None => seen.push(item.clone()),
        }
    }
    let n_over = seen.len().saturating_sub(MAX);
    seen.drain(..n_over);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, GroupId, GroupKind, Member};

    fn people<'a>(people: impl IntoIterator<Item = (String, &'a str)>) -> Items {
        let member = |(id, name): (String, &str)| Member {
            id: id.into(),
            name: Some(name.into()),
            ..Member::default()
        };
        Items::Members(people.into_iter().map(member).collect())
    }

    fn ids(seen: Items) -> Vec<String> {
        match seen {
            Items::Members(people) => people.iter().map(|person| person.label().to_owned()).collect(),
            Items::Groups(groups) => groups.iter().map(|group| group.name.to_string()).collect(),
            Items::Roles(_) | Items::Prices(_) => Vec::new(),
        }
    }

    #[test]
    fn a_person_who_is_read_again_is_known_once_by_the_newer_name() {
        let mut seen = people([("ada".to_owned(), "Ada"), ("bo".to_owned(), "Bo")]);
        gather(&mut seen, &people([("ada".to_owned(), "Ada O."), ("cy".to_owned(), "Cy")]));
        assert_eq!(ids(seen), ["Ada O.", "Bo", "Cy"]);
    }

    #[test]
    fn a_group_and_a_community_may_share_an_id() {
        let group = |kind| Group::new(GroupId::new("g"), kind, "Runners".into());
        let mut seen = Items::Groups(Vec::new());
        let page = vec![group(GroupKind::Group), group(GroupKind::Community), group(GroupKind::Group)];
        gather(&mut seen, &Items::Groups(page));
        assert_eq!(ids(seen).len(), 2);
    }

    #[test]
    fn people_without_an_id_are_left_out() {
        let mut seen = people([]);
        gather(&mut seen, &people([(String::new(), "Invited")]));
        assert_eq!(seen, people([]));
    }

    #[test]
    fn who_was_read_first_is_forgotten_first() {
        let mut seen = people([]);
        for first in [0, 1_500] {
            gather(&mut seen, &people((first..first + 1_500).map(|n| (n.to_string(), ""))));
        }
        let ids = ids(seen);
        assert_eq!((ids.len(), &*ids[0]), (MAX, "1000"));
    }
}
