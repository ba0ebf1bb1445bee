//! The order of letters in the reader's language.

use std::cmp::Ordering;
use std::mem::size_of;

/// Compares two texts by the rules of a language, as `Intl.Collator` does.
pub type Compare = fn(&str, &str) -> Ordering;

/// Letters beyond this number have no place of their own and follow all others.
const MAX_LETTERS: usize = 8192;

/// Letters of a text beyond this number are compared as bytes.
pub(crate) const MAX_RANKS: usize = 512;

/// The order of the letters that occur. Letters that compare equal have the same rank, and those that compare equal to
/// nothing are passed over.
#[derive(Clone, Debug)]
pub(crate) struct LetterOrder {
    compare: Compare,
    /// Letters of the same rank, in order.
    groups: Vec<Vec<char>>,
    passed_over: Vec<char>,
    ascii: [u32; 128],
    /// Letters beyond ASCII with their ranks, in the order of code points.
    others: Vec<(char, u32)>,
    is_current: bool,
}

impl LetterOrder {
    /// The order of the letters of ASCII, by this comparison.
    pub(crate) fn new(compare: Compare) -> Self {
        let mut order = Self {
            compare,
            groups: Vec::new(),
            passed_over: Vec::new(),
            ascii: [0; 128],
            others: Vec::new(),
            is_current: false,
        };
        (0..128_u8).for_each(|byte| order.place(char::from(byte)));
        order
    }

    /// The order of the same letters by another comparison.
    pub(crate) fn with(&self, compare: Compare) -> Self {
        let mut order = Self::new(compare);
        for (letter, _) in &self.others {
            order.others.push((*letter, 0));
            order.place(*letter);
        }
        order
    }

    /// Gives the letters of a text a place, if they have none yet.
    pub(crate) fn learn(&mut self, text: &str) {
        if text.is_ascii() {
            return;
        }
        for letter in text.chars().filter(|letter| !letter.is_ascii()) {
            if let Err(at) = self.others.binary_search_by_key(&letter, |other| other.0)
                && self.others.len() < MAX_LETTERS
            {
                self.others.insert(at, (letter, 0));
                self.place(letter);
            }
        }
    }

    /// Counts the ranks anew, if there are new letters.
    pub(crate) fn prepare(&mut self) {
        if std::mem::replace(&mut self.is_current, true) {
            return;
        }
        let passed_over = self.passed_over.iter().map(|letter| (*letter, 0));
        let placed = (1..).zip(&self.groups);
        let placed = placed.flat_map(|(rank, group)| group.iter().map(move |letter| (*letter, rank)));
        for (letter, rank) in passed_over.chain(placed) {
            if letter.is_ascii() {
                self.ascii[letter as usize] = rank;
            } else if let Ok(at) = self.others.binary_search_by_key(&letter, |other| other.0) {
                self.others[at].1 = rank;
            }
        }
    }

    /// The ranks of a text's first letters. They are above zero.
    pub(crate) fn ranks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        text.chars().map(|letter| self.rank(letter)).filter(|rank| *rank > 0).take(MAX_RANKS)
    }

    /// The number of ranks that fit into a key.
    pub(crate) fn key_len(&self) -> usize {
        (u128::BITS / self.n_bits()) as usize
    }

    /// The ranks of a text after the first ones, as a number that compares like them.
    pub(crate) fn key(&self, text: &str, n_skipped: usize) -> u128 {
        let (n_ranks, n_bits) = (self.key_len(), self.n_bits());
        let (mut key, mut n_filled) = (0, 0);
        for rank in self.ranks(text).skip(n_skipped).take(n_ranks) {
            key = key << n_bits | u128::from(rank);
            n_filled += 1;
        }
        // Zero is the end of a text.
        if n_filled == 0 { 0 } else { key << (n_bits * (n_ranks as u32 - n_filled)) }
    }

    /// True if no ranks follow those of a key.
    pub(crate) fn has_ended(&self, key: u128) -> bool {
        key & ((1 << self.n_bits()) - 1) == 0
    }

    /// The bits that a rank takes; the last rank is that of letters without a place.
    fn n_bits(&self) -> u32 {
        u32::BITS - (self.groups.len() as u32 + 1).leading_zeros()
    }

    /// Compares by ranks, then by bytes.
    pub(crate) fn cmp(&self, one: &str, other: &str) -> Ordering {
        self.ranks(one).cmp(self.ranks(other)).then_with(|| one.cmp(other))
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let groups: usize = self.groups.iter().map(|group| group.capacity() * size_of::<char>()).sum();
        groups
            + self.groups.capacity() * size_of::<Vec<char>>()
            + self.passed_over.capacity() * size_of::<char>()
            + self.others.capacity() * size_of::<(char, u32)>()
            + size_of::<Self>()
    }

    fn rank(&self, letter: char) -> u32 {
        if letter.is_ascii() {
            return self.ascii[letter as usize];
        }
        let found = self.others.binary_search_by_key(&letter, |other| other.0);
        found.map_or(self.groups.len() as u32 + 1, |at| self.others[at].1)
    }

    /// Finds the place of a letter by halves, which ends whatever the comparison says.
    fn place(&mut self, letter: char) {
        self.is_current = false;
        let (mut one, mut other) = ([0; 4], [0; 4]);
        let text = letter.encode_utf8(&mut one);
        if (self.compare)(text, "") == Ordering::Equal {
            self.passed_over.push(letter);
            return;
        }
        let found = self.groups.binary_search_by(|group| {
            let first = group.first().map_or("", |first| first.encode_utf8(&mut other));
            (self.compare)(first, text)
        });
        match found {
            Ok(at) => self.groups[at].push(letter),
            Err(at) => self.groups.insert(at, vec![letter]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Like a browser: control characters are nothing, and case and accents make no difference.
    fn compare(one: &str, other: &str) -> Ordering {
        fn base(text: &str) -> String {
            let text = text.to_lowercase().replace('é', "e").replace('ö', "zz");
            text.chars().filter(|letter| !letter.is_control()).collect()
        }
        base(one).cmp(&base(other))
    }

    fn order(texts: &[&str]) -> LetterOrder {
        let mut order = LetterOrder::new(compare);
        texts.iter().for_each(|text| order.learn(text));
        order.prepare();
        order
    }

    #[test]
    fn texts_are_in_the_order_of_the_language() {
        let sorted = ["10", "Ada", "ada", "Eve", "Éve", "éve", "eve b", "Zoe", "Ö"];
        let order = order(&sorted);
        let mut texts = sorted;
        texts.reverse();
        texts.sort_by(|one, other| order.cmp(one, other));
        // Letters of one rank are in the order of their bytes.
        assert_eq!(texts, ["10", "Ada", "ada", "Eve", "Éve", "éve", "eve b", "Zoe", "Ö"]);
        assert_eq!(order.cmp("a\u{0}b", "ab"), "a\u{0}b".cmp("ab"));
    }

    #[test]
    fn keys_compare_like_ranks() {
        let texts = [
            "",
            "a",
            "A",
            "ab",
            "abcdefghijklmnopqrstuvwxyz",
            "abcdefghijklmnopqrstuvwxyy",
            "éb",
            "eb",
            "ö",
            "か",
        ];
        let order = order(&texts);
        for one in texts {
            for other in texts {
                let by_ranks =
                    order.ranks(one).take(order.key_len()).cmp(order.ranks(other).take(order.key_len()));
                assert_eq!(order.key(one, 0).cmp(&order.key(other, 0)), by_ranks, "{one} {other}");
            }
        }
        let has_ended = |text: &str| order.has_ended(order.key(text, 0));
        assert!(has_ended("ab") && !has_ended(&"ab".repeat(20)));
        assert_eq!(order.key("abcd", 2), order.key("cd", 0));
    }

    #[test]
    fn a_comparison_that_makes_no_sense_does_no_harm() {
        let mut order = LetterOrder::new(|_, _| Ordering::Less);
        let all: String = ('\u{80}'..='\u{2fff}').collect();
        order.learn(&all);
        order.prepare();
        assert_eq!(order.others.len(), MAX_LETTERS);
        assert!(order.ranks(&all).all(|rank| rank > 0));
        assert_eq!(order.with(compare).others.len(), MAX_LETTERS);
        let nothing = LetterOrder::new(|_, _| Ordering::Equal);
        assert_eq!((nothing.ranks("abc").count(), nothing.key("abc", 0)), (0, 0));
    }
}
