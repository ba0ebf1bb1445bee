//! Finds things of several kinds by parts of their names, for a command palette.

use crate::order;
use crate::search::{Decompose, Fit, Search};

/// Something that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findable {
    /// Identifies it among all others.
    pub key: Box<str>,
    /// The name that is shown.
    pub name: Box<str>,
    /// Other texts to find it by, such as its id.
    pub beside: Box<str>,
    /// The group that it is listed in.
    pub group: usize,
    /// Whether it is listed while nothing is typed.
    pub is_offered: bool,
}

/// The results of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundGroup {
    /// The group; `None` for those that were chosen last.
    pub group: Option<usize>,
    /// The positions of the best results.
    pub places: Vec<usize>,
    /// Number of all results.
    pub n_all: usize,
}

/// A search for words, which may be in any order.
#[derive(Clone, Debug)]
pub struct WordSearch {
    phrase: Search,
    words: Vec<Search>,
}

impl WordSearch {
    /// A search for the typed words, each of which may be the beginning or the middle of one.
    pub fn new(typed: &str, decompose: Decompose) -> Self {
        let words = typed.split_whitespace().map(|word| Search::new(word, decompose));
        let words = words.filter(|word| !word.is_empty()).collect();
        Self { phrase: Search::new(typed, decompose), words }
    }

    /// True if nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well something fits; `None` if a word is neither in its name nor beside it.
    fn fit(&self, item: &Findable) -> Option<Fit> {
        let name = self.phrase.fold(&item.name);
        // Words that are typed in the order of the name fit as they stand.
        if let Some(fit) = self.phrase.fit(&name) {
            return Some(fit);
        }
        let beside = self.phrase.fold(&item.beside);
        let mut worst = Fit::Word;
        for word in &self.words {
            let fit = word.fit(&name).or_else(|| word.fit(&beside).map(|_| Fit::Beside))?;
            worst = worst.max(fit);
        }
        Some(worst)
    }

    /// The results, group by group: at most `most` of each, the best first, and the group with the best result
    /// first. While nothing is typed, what is offered, after those of `recent` that still exist.
    pub fn find(&self, items: &[&Findable], recent: &[Box<str>], most: usize) -> Vec<FoundGroup> {
        if self.is_empty() {
            return offered(items, recent, most);
        }
        let mut fitting: Vec<(Fit, usize)> = Vec::new();
        for (place, item) in items.iter().enumerate() {
            fitting.extend(self.fit(item).map(|fit| (fit, place)));
        }
        order::sort_by_key(&mut fitting, |(fit, place)| (*fit, items[*place].group));
        grouped(items, fitting.into_iter().map(|(_, place)| place), most)
    }
}

fn offered(items: &[&Findable], recent: &[Box<str>], most: usize) -> Vec<FoundGroup> {
    let last = recent.iter().filter_map(|key| items.iter().position(|item| item.key == *key));
    let last: Vec<usize> = last.take(most).collect();
    let others = items.iter().enumerate().filter(|(place, item)| item.is_offered && !last.contains(place));
    let mut others: Vec<usize> = others.map(|(place, _)| place).collect();
    order::sort_by_key(&mut others, |place| items[*place].group);
    let others = grouped(items, others.into_iter(), most);
    let n_all = last.len();
    let last = (n_all > 0).then_some(FoundGroup { group: None, places: last, n_all });
    last.into_iter().chain(others).collect()
}

/// The groups in the order of their first places.
fn grouped(items: &[&Findable], places: impl Iterator<Item = usize>, most: usize) -> Vec<FoundGroup> {
    let mut found: Vec<FoundGroup> = Vec::new();
    for place in places {
        let group = Some(items[place].group);
        let idx = found.iter().position(|known| known.group == group).unwrap_or_else(|| {
            found.push(FoundGroup { group, places: Vec::new(), n_all: 0 });
            found.len() - 1
        });
        let known = &mut found[idx];
        known.n_all += 1;
        if known.places.len() < most {
            known.places.push(place);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decompose(text: &str) -> String {
        text.replace('é', "e\u{301}")
    }

    /// An item whose key is its name.
    fn item(group: usize, name: &str, beside: &str) -> Findable {
        Findable { key: name.into(), name: name.into(), beside: beside.into(), group, is_offered: group == 0 }
    }

    /// The names that are found, a line for each group: number of results, then those listed.
    fn found(items: &[Findable], typed: &str, recent: &[&str], most: usize) -> Vec<String> {
        let recent: Vec<Box<str>> = recent.iter().map(|key| (*key).into()).collect();
        let line = |found: FoundGroup| {
            let names: Vec<_> = found.places.iter().map(|place| &*items[*place].name).collect();
            let group = found.group.map_or("last".to_owned(), |group| group.to_string());
            format!("{group}: {} of {}: {}", names.len(), found.n_all, names.join(", "))
        };
        let items: Vec<_> = items.iter().collect();
        WordSearch::new(typed, decompose).find(&items, &recent, most).into_iter().map(line).collect()
    }

    #[test]
    fn the_beginning_of_a_name_counts_more_than_that_of_a_word_and_that_more_than_its_middle() {
        let items = [
            item(0, "Flashdance", ""),
            item(0, "Night-dance", ""),
            item(0, "The dancers", ""),
            item(0, "Dance floor", ""),
            item(0, "Book circle", "id dance-9"),
            item(0, "Choir", ""),
        ];
        let expected = "0: 5 of 5: Dance floor, Night-dance, The dancers, Flashdance, Book circle";
        assert_eq!(found(&items, "dance", &[], 9), [expected]);
    }

    #[test]
    fn the_best_place_of_a_name_counts() {
        let items = [item(0, "Abandance", ""), item(0, "Abundance dance", "")];
        assert_eq!(found(&items, "dance", &[], 9), ["0: 2 of 2: Abundance dance, Abandance"]);
    }

    #[test]
    fn accents_and_case_make_no_difference() {
        let items = [item(0, "José Pérez", "")];
        for typed in ["jose", "PEREZ", "pérez j", " é"] {
            assert_eq!(found(&items, typed, &[], 9), ["0: 1 of 1: José Pérez"], "{typed}");
        }
        assert_eq!(found(&items, "josef", &[], 9), [""; 0]);
    }

    #[test]
    fn words_are_found_in_any_order_and_beside_the_name() {
        let items = [
            item(0, "Add people", "Founders Guild"),
            item(0, "Add people", "Superhero fans"),
            item(0, "Storm Ngozi", "storm-admin"),
        ];
        let search = WordSearch::new("fans add", decompose);
        assert_eq!(search.find(&items.each_ref(), &[], 9)[0].places, [1]);
        assert_eq!(found(&items, "ngozi st", &[], 9), ["0: 1 of 1: Storm Ngozi"]);
        assert_eq!(found(&items, "ngozi add", &[], 9), [""; 0]);
    }

    #[test]
    fn the_group_of_the_best_result_comes_first_and_each_group_is_cut() {
        let items = [
            item(0, "Unlock", ""),
            item(1, "Locke", ""),
            item(1, "Lockwood", ""),
            item(1, "Sherlock", ""),
            item(2, "All locks", ""),
        ];
        let expected = ["1: 2 of 3: Locke, Lockwood", "2: 1 of 1: All locks", "0: 1 of 1: Unlock"];
        assert_eq!(found(&items, "lock", &[], 2), expected);
    }

    #[test]
    fn what_fits_equally_well_stays_in_order() {
        let items = [item(1, "b1", ""), item(0, "b2", ""), item(0, "b3", "")];
        assert_eq!(found(&items, "b", &[], 9), ["0: 2 of 2: b2, b3", "1: 1 of 1: b1"]);
    }

    #[test]
    fn while_nothing_is_typed_what_was_chosen_last_comes_first_and_only_once() {
        let items =
            [item(0, "Overview", ""), item(0, "Runs", ""), item(1, "Ada", ""), item(0, "Settings", "")];
        assert_eq!(found(&items, " ", &[], 9), ["0: 3 of 3: Overview, Runs, Settings"]);
        let recent = ["Ada", "gone", "Runs"];
        assert_eq!(
            found(&items, "", &recent, 9),
            ["last: 2 of 2: Ada, Runs", "0: 2 of 2: Overview, Settings"]
        );
        assert_eq!(found(&items, "", &recent, 1), ["last: 1 of 1: Ada", "0: 1 of 3: Overview"]);
        assert_eq!(found(&items, "run", &recent, 9), ["0: 1 of 1: Runs"]);
    }

    #[test]
    fn only_accents_are_nothing_typed() {
        assert!(WordSearch::new(" \u{301} ", decompose).is_empty());
    }
}
