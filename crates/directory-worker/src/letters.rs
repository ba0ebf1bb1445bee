//! The order of letters and numbers in the reader's language.

use std::cmp::Ordering;
use std::mem::size_of;

use crate::pairs::LetterPairs;
use crate::places::{LetterPlace, LetterPlaces};

/// Compares two texts by the rules of a language, as `Intl.Collator` does.
pub type Compare = fn(&str, &str) -> Ordering;

/// The order of texts in a language. Both comparisons take digits as numbers.
#[derive(Clone, Copy, Debug)]
pub struct Collation {
    /// Case and accents make no difference, unless they make another letter.
    pub base: Compare,
    /// Decides between texts that are equal to the other comparison.
    pub full: Compare,
}

impl Collation {
    /// The order of a comparison to which each letter is different.
    pub fn of(compare: Compare) -> Self {
        Self { base: compare, full: compare }
    }
}

/// Letters beyond this number have no place of their own and follow all others.
const MAX_LETTERS: usize = 8192;

/// Most letters of several characters, such as "ch" in Czech, with capitals and small ones.
const MAX_CONTRACTIONS: usize = 512;
/// Most characters of a letter.
const MAX_CHARS: usize = 4;

/// Most digits that are taken as one number.
const MAX_DIGITS: usize = 100;
/// A rank has as many bits at least, so that the number of digits fits.
const MIN_BITS: u32 = 7;

/// Ranks of a text beyond this number are left to the comparison.
pub(crate) const MAX_RANKS: usize = 512;

// The code of a letter is its rank, or has one of these bits.
/// A digit, with its value.
const DIGIT: u32 = 1 << 31;
/// Sorted as several letters, with their index.
const EXPANDED: u32 = 1 << 30;
/// Letters of several characters begin with this one.
const BEGINS: u32 = 1 << 29;

/// The order of the letters that occur. Letters that compare equal have the same rank, and those that compare equal to
/// nothing are passed over.
#[derive(Clone, Debug)]
pub(crate) struct LetterOrder {
    collation: Collation,
    places: LetterPlaces,
    pairs: LetterPairs,
    /// Pairs that were not compared yet.
    new_pairs: Vec<(char, char)>,
    ascii: [u32; 128],
    /// Letters beyond ASCII with their codes, in the order of code points.
    others: Vec<(char, u32)>,
    /// The places of all letters.
    letters: Vec<(char, LetterPlace)>,
    /// Letters of several characters with their codes and places, in the order of their bytes.
    contractions: Vec<(Box<str>, u32, LetterPlace)>,
    /// The ranks of letters that are sorted as several.
    expansions: Vec<Vec<u32>>,
    /// The rank of every number; the number of its digits and the digits follow.
    number: u32,
    is_current: bool,
}

impl LetterOrder {
    /// The order of the letters of ASCII.
    pub(crate) fn new(collation: Collation) -> Self {
        let mut order = Self {
            collation,
            places: LetterPlaces::new(collation),
            pairs: LetterPairs::new(),
            new_pairs: Vec::new(),
            ascii: [0; 128],
            others: Vec::new(),
            letters: Vec::new(),
            contractions: Vec::new(),
            expansions: Vec::new(),
            number: 0,
            is_current: false,
        };
        (0..128_u8).for_each(|byte| order.place(char::from(byte)));
        order
    }

    /// The order of the same letters in another language.
    pub(crate) fn with(&self, collation: Collation) -> Self {
        let mut order = Self::new(collation);
        order.pairs = self.pairs.clone();
        order.new_pairs = order.pairs.iter().collect();
        order.others.clone_from(&self.others);
        self.others.iter().for_each(|(letter, _)| order.place(*letter));
        order
    }

    /// Gives the letters of a text a place, if they have none yet.
    pub(crate) fn learn(&mut self, text: &str) {
        self.pairs.learn(text, |one, other| {
            self.new_pairs.push((one, other));
            self.is_current = false;
        });
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
        self.find_contractions();
        let (ranks, digits) = (self.places.ranks(), self.places.digits());
        self.expansions.clear();
        let mut code = |place: &LetterPlace| match *place {
            [one, 0, _] => match digits[one as usize] {
                Some(digit) => DIGIT | digit,
                None => ranks[one as usize],
            },
            _ => {
                let parts = place.iter().filter(|number| **number > 0);
                self.expansions.push(parts.map(|number| ranks[*number as usize]).collect());
                EXPANDED | (self.expansions.len() - 1) as u32
            }
        };
        for (letter, place) in &self.letters {
            let code = code(place);
            if letter.is_ascii() {
                self.ascii[*letter as usize] = code;
            } else if let Ok(at) = self.others.binary_search_by_key(letter, |other| other.0) {
                self.others[at].1 = code;
            }
        }
        self.contractions.iter_mut().for_each(|contraction| contraction.1 = code(&contraction.2));
        for (letters, ..) in &self.contractions {
            let first = letters.chars().next().unwrap_or_default();
            if first.is_ascii() {
                self.ascii[first as usize] |= BEGINS;
            } else if let Ok(at) = self.others.binary_search_by_key(&first, |other| other.0) {
                self.others[at].1 |= BEGINS;
            }
        }
        let of_digits = ranks.iter().zip(&digits).filter(|(_, digit)| digit.is_some());
        self.number = of_digits.map(|(rank, _)| *rank).min().unwrap_or_default();
    }

    /// The ranks of a text's first letters. They are above zero.
    pub(crate) fn ranks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        Ranks::new(self, text).take(MAX_RANKS)
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
        (u32::BITS - (self.places.len() as u32 + 1).leading_zeros()).max(MIN_BITS)
    }

    /// Compares by ranks, then as texts of the same ranks.
    pub(crate) fn cmp(&self, one: &str, other: &str) -> Ordering {
        self.ranks(one).cmp(self.ranks(other)).then_with(|| self.cmp_same(one, other))
    }

    /// Compares texts of the same ranks: by case and accents, then by bytes.
    pub(crate) fn cmp_same(&self, one: &str, other: &str) -> Ordering {
        if one == other {
            return Ordering::Equal;
        }
        (self.collation.full)(one, other).then_with(|| one.cmp(other))
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let contractions: usize = self.contractions.iter().map(|contraction| contraction.0.len()).sum();
        let expansions: usize = self.expansions.iter().map(|ranks| ranks.capacity() * size_of::<u32>()).sum();
        self.places.bytes()
            + self.pairs.bytes()
            + self.new_pairs.capacity() * size_of::<(char, char)>()
            + self.others.capacity() * size_of::<(char, u32)>()
            + self.letters.capacity() * size_of::<(char, LetterPlace)>()
            + self.contractions.capacity() * size_of::<(Box<str>, u32, LetterPlace)>()
            + self.expansions.capacity() * size_of::<Vec<u32>>()
            + contractions
            + expansions
            + size_of::<Self>()
    }

    fn code(&self, letter: char) -> u32 {
        if letter.is_ascii() {
            return self.ascii[letter as usize];
        }
        let found = self.others.binary_search_by_key(&letter, |other| other.0);
        found.map_or(self.places.len() as u32 + 1, |at| self.others[at].1)
    }

    fn place(&mut self, letter: char) {
        self.is_current = false;
        let place = self.places.place(letter.encode_utf8(&mut [0; 4]));
        self.letters.push((letter, place));
    }

    /// Finds the letters of several characters among new pairs, and longer ones around those.
    fn find_contractions(&mut self) {
        let mut candidates: Vec<(String, String)> = Vec::new();
        for (one, other) in std::mem::take(&mut self.new_pairs) {
            for (letters, ..) in &self.contractions {
                if letters.ends_with(one) {
                    candidates.push((letters.to_string(), other.into()));
                }
                if letters.starts_with(other) {
                    candidates.push((one.into(), letters.to_string()));
                }
            }
            candidates.push((one.into(), other.into()));
        }
        while let Some((before, after)) = candidates.pop() {
            let letters = [&*before, &*after].concat();
            let Err(at) = self.contractions.binary_search_by(|known| (*known.0).cmp(&letters)) else {
                continue;
            };
            let has_room = self.contractions.len() < MAX_CONTRACTIONS && letters.chars().count() <= MAX_CHARS;
            if !has_room || !self.places.is_contraction(&before, &after) {
                continue;
            }
            let place = self.places.place(&letters);
            self.contractions.insert(at, ((&*letters).into(), 0, place));
            for (one, other) in self.pairs.iter() {
                if letters.ends_with(one) {
                    candidates.push((letters.clone(), other.into()));
                }
                if letters.starts_with(other) {
                    candidates.push((one.into(), letters.clone()));
                }
            }
        }
    }
}

/// The ranks of a text.
struct Ranks<'a> {
    order: &'a LetterOrder,
    rest: &'a str,
    /// Whether something of the last letter or number is left.
    has_more: bool,
    /// The number of a number's digits, above zero.
    n_digits: Option<u32>,
    digits: &'a str,
    parts: &'a [u32],
}

impl<'a> Ranks<'a> {
    fn new(order: &'a LetterOrder, text: &'a str) -> Self {
        Self { order, rest: text, has_more: false, n_digits: None, digits: "", parts: &[] }
    }

    /// The next rank of the last letter or number.
    fn more(&mut self) -> Option<u32> {
        if let Some(n_digits) = self.n_digits.take() {
            return Some(n_digits);
        }
        if let Some(digit) = take_letter(&mut self.digits) {
            return Some((self.order.code(digit) & !DIGIT) + 1);
        }
        if let Some((first, rest)) = self.parts.split_first() {
            self.parts = rest;
            return Some(*first);
        }
        self.has_more = false;
        None
    }

    /// Takes what a letter with a bit in its code begins. Returns its first rank.
    fn take_unusual(&mut self, letter: char, mut code: u32) -> Option<u32> {
        if code & DIGIT != 0 {
            self.take_number();
            return Some(self.order.number);
        }
        let contraction = (code & BEGINS != 0).then(|| self.contraction(letter)).flatten();
        let n_bytes = contraction.map_or(letter.len_utf8(), |(letters, ..)| letters.len());
        code = contraction.map_or(code & !BEGINS, |(_, code, _)| *code);
        self.rest = &self.rest[n_bytes..];
        if code & DIGIT != 0 {
            return Some(self.order.number);
        }
        if code & EXPANDED == 0 {
            return Some(code).filter(|rank| *rank > 0);
        }
        self.parts = &self.order.expansions[(code & !EXPANDED) as usize];
        self.has_more = true;
        self.more()
    }

    /// The longest letter of several characters that is next.
    fn contraction(&self, first: char) -> Option<&'a (Box<str>, u32, LetterPlace)> {
        let all = &self.order.contractions;
        let start = all.partition_point(|(letters, ..)| letters.chars().next() < Some(first));
        let same = all[start..].iter().take_while(|(letters, ..)| letters.starts_with(first));
        same.filter(|(letters, ..)| self.rest.starts_with(&**letters))
            .max_by_key(|(letters, ..)| letters.len())
    }

    fn take_number(&mut self) {
        let code = |letter: char| self.order.code(letter);
        let end = self.rest.find(|letter| code(letter) & DIGIT == 0).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let digits = digits.trim_start_matches(|letter| code(letter) == DIGIT);
        // The rest of a longer one is another number.
        let end = digits.char_indices().nth(MAX_DIGITS).map_or(digits.len(), |(at, _)| at);
        self.rest = &self.rest[self.rest.len() - rest.len() - digits.len() + end..];
        self.digits = &digits[..end];
        self.n_digits = Some(self.digits.chars().count() as u32 + 1);
        self.has_more = true;
    }
}

impl Iterator for Ranks<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.has_more
            && let Some(rank) = self.more()
        {
            return Some(rank);
        }
        loop {
            let mut rest = self.rest;
            let letter = take_letter(&mut rest)?;
            let code = self.order.code(letter);
            if code >= BEGINS {
                if let Some(rank) = self.take_unusual(letter, code) {
                    return Some(rank);
                }
                continue;
            }
            self.rest = rest;
            if code > 0 {
                return Some(code);
            }
        }
    }
}

fn take_letter(text: &mut &str) -> Option<char> {
    let mut letters = text.chars();
    let letter = letters.next();
    *text = letters.as_str();
    letter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Like a browser: control characters are nothing, and case and accents make no difference. "ch" is before "d".
    fn base(one: &str, other: &str) -> Ordering {
        fn letters(text: &str) -> String {
            let text = text.to_lowercase().replace('é', "e").replace('ö', "zz").replace("ch", "c\u{fffe}");
            text.chars().filter(|letter| !letter.is_control() && *letter != '\u{34f}').collect()
        }
        letters(one).cmp(&letters(other))
    }

    const COLLATION: Collation = Collation { base, full: str::cmp };

    fn order(texts: &[&str]) -> LetterOrder {
        let mut order = LetterOrder::new(COLLATION);
        texts.iter().for_each(|text| order.learn(text));
        order.prepare();
        order
    }

    #[test]
    fn texts_are_in_the_order_of_the_language() {
        let sorted = [
            "", "007", "7", "10", "Ada", "ada", "aDb", "ca", "cz", "CH", "Ch", "chz", "d", "Eve", "eve",
            "Éve", "éve", "eve b", "Zoe", "ZZ", "zz", "Ö", "ö", "ZZa",
        ];
        let order = order(&sorted);
        let mut texts = sorted;
        texts.reverse();
        texts.sort_by(|one, other| order.cmp(one, other));
        assert_eq!(texts, sorted);
        assert_eq!(order.cmp("a\u{0}b", "ab"), "a\u{0}b".cmp("ab"));
    }

    #[test]
    fn letters_of_several_characters_are_found_when_they_occur() {
        let mut order = order(&["c", "h"]);
        assert_eq!(order.ranks("ch").count(), 2);
        order.learn("Bach");
        order.prepare();
        assert_eq!(
            (order.ranks("ch").count(), order.ranks("cch").count(), order.ranks("c").count()),
            (1, 2, 1)
        );
        let mut other = order.with(Collation::of(str::cmp));
        other.prepare();
        assert_eq!(other.ranks("ch").count(), 2);
    }

    #[test]
    fn a_number_is_as_long_as_it_is() {
        let order = order(&[]);
        let long = "9".repeat(MAX_DIGITS * 3);
        assert_eq!(order.ranks("00120").count(), order.ranks("120").count());
        assert_eq!(order.ranks(&long).count(), MAX_DIGITS * 3 + 6);
        assert!(order.ranks(&long).all(|rank| rank < 1 << order.n_bits()));
        assert_eq!(order.cmp("9", &long), Ordering::Less);
        assert_eq!(order.ranks("0").count(), 2);
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
            "a12b",
            "a2",
            "chch",
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
        let mut order = LetterOrder::new(Collation::of(|_, _| Ordering::Less));
        let all: String = ('\u{80}'..='\u{2fff}').collect();
        order.learn(&all);
        order.prepare();
        assert_eq!(order.others.len(), MAX_LETTERS);
        assert!(order.ranks(&all).all(|rank| rank > 0));
        assert_eq!(order.with(COLLATION).others.len(), MAX_LETTERS);
        let nothing = LetterOrder::new(Collation::of(|_, _| Ordering::Equal));
        assert_eq!((nothing.ranks("abc").count(), nothing.key("abc", 0)), (0, 0));
    }
}
