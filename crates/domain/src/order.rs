//! Sorting with one sort for all types: the standard library's is compiled for each, at 5 to 25 KB.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Sorts stably.
pub fn sort_by<T>(items: &mut Vec<T>, order: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<u32> = (0..items.len() as u32).collect();
    sort_places(&mut places, &|a, b| order(&items[a as usize], &items[b as usize]));
    let mut unsorted: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(places.into_iter().filter_map(|place| unsorted[place as usize].take()));
}

/// Sorts stably by a key.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The items sorted, each once.
pub fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items = items.collect();
    sort_by(&mut items, T::cmp);
    items.dedup();
    items
}

/// The items as a set, which sorts nothing: collecting them would.
pub fn set<T: Ord>(items: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    items.for_each(|item| {
        set.insert(item);
    });
    set
}

#[inline(never)]
fn sort_places(places: &mut [u32], order: &dyn Fn(u32, u32) -> Ordering) {
    places.sort_by(|a, b| order(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let mut items = vec![(2, "a"), (1, "b"), (2, "c"), (1, "d"), (0, "e")];
        sort_by_key(&mut items, |item| item.0);
        assert_eq!(items, [(0, "e"), (1, "b"), (1, "d"), (2, "a"), (2, "c")]);
    }

    #[test]
    fn a_set_has_each_item_once() {
        assert!(set(["b", "a", "b"].into_iter()).into_iter().eq(["a", "b"]));
    }

    #[test]
    fn duplicates_are_dropped() {
        assert_eq!(distinct(["b", "a", "b", "c", "a"].into_iter()), ["a", "b", "c"]);
    }
}
