//! Finds the places of letters by comparing them.

use std::cmp::Ordering;
use std::mem::size_of;

use crate::letters::Collation;

/// Most ranks that a letter has: "℡" is sorted as the three letters of "tel".
pub(crate) const MAX_PARTS: usize = 3;

/// Means nothing to the order of texts, but letters around it stay two: "c" and "h" in Czech, where "ch" is a letter.
const JOINER: char = '\u{34f}';
/// Follows all other letters.
const LAST_LETTER: char = '\u{ffff}';

/// Numbers of the groups that a letter is sorted as. Zeros follow them; a letter of zeros is passed over.
pub(crate) type LetterPlace = [u32; MAX_PARTS];

/// Letters that compare equal.
#[derive(Clone, Debug)]
struct Group {
    /// One of the letters; the ASCII one if there is one.
    letter: Box<str>,
    /// Stays the same when groups are inserted before this one.
    number: u32,
}

/// Groups of letters in the order of a language.
#[derive(Clone, Debug)]
pub(crate) struct LetterPlaces {
    collation: Collation,
    groups: Vec<Group>,
    /// Whether the comparison passes over joiners, so that they can show what belongs together.
    has_joiner: bool,
}

impl LetterPlaces {
    /// No places.
    pub(crate) fn new(collation: Collation) -> Self {
        let has_joiner = (collation.base)(JOINER.encode_utf8(&mut [0; 4]), "") == Ordering::Equal;
        Self { collation, groups: Vec::new(), has_joiner }
    }

    /// The number of places.
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let letters: usize = self.groups.iter().map(|group| group.letter.len()).sum();
        letters + self.groups.capacity() * size_of::<Group>()
    }

    /// The ranks of the groups by their numbers, beginning with 1.
    pub(crate) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.groups.len() + 1];
        for (rank, group) in (1..).zip(&self.groups) {
            ranks[group.number as usize] = rank;
        }
        ranks
    }

    /// The values of the groups of digits by their numbers.
    pub(crate) fn digits(&self) -> Vec<Option<u32>> {
        let mut digits = vec![None; self.groups.len() + 1];
        for group in &self.groups {
            digits[group.number as usize] = group.digit();
        }
        digits
    }

    /// True if two texts are sorted otherwise than one after the other.
    pub(crate) fn is_contraction(&self, before: &str, after: &str) -> bool {
        if !self.has_joiner {
            return false;
        }
        let apart = [before, JOINER.encode_utf8(&mut [0; 4]), after].concat();
        (self.collation.base)(&[before, after].concat(), &apart) != Ordering::Equal
    }

    /// Finds the place of a letter by halves, which ends whatever the comparison says.
    pub(crate) fn place(&mut self, letter: &str) -> LetterPlace {
        if (self.collation.base)(letter, "") == Ordering::Equal {
            return [0; MAX_PARTS];
        }
        let number = match self.search("", letter) {
            Ok(at) => self.groups[at].number,
            Err(at) => {
                if let Some(place) = self.expansion(letter, at) {
                    return place;
                }
                let number = self.groups.len() as u32 + 1;
                self.groups.insert(at, Group { letter: letter.into(), number });
                number
            }
        };
        [number, 0, 0]
    }

    /// The groups of a letter that is sorted as several others. `at` is the first group after it.
    fn expansion(&self, letter: &str, mut at: usize) -> Option<LetterPlace> {
        let (mut place, mut prefix) = ([0; MAX_PARTS], String::new());
        for part in 0..MAX_PARTS - 1 {
            let group = &self.groups[at.checked_sub(1)?];
            prefix.push_str(&group.letter);
            let beyond = [&*prefix, LAST_LETTER.encode_utf8(&mut [0; 4])].concat();
            if group.digit().is_some() || (self.collation.base)(&beyond, letter) != Ordering::Greater {
                return None;
            }
            place[part] = group.number;
            prefix.push(JOINER);
            match self.search(&prefix, letter) {
                Ok(last) => {
                    place[part + 1] = self.groups[last].number;
                    return Some(place);
                }
                Err(next) => at = next,
            }
        }
        None
    }

    /// The group that compares equal to a letter if it follows this prefix, or where it would be.
    fn search(&self, prefix: &str, letter: &str) -> Result<usize, usize> {
        let compare = |group: &Group| (self.collation.base)(&[prefix, &group.letter].concat(), letter);
        self.groups.binary_search_by(compare)
    }
}

impl Group {
    fn digit(&self) -> Option<u32> {
        let mut letters = self.letter.chars();
        letters.next().and_then(|letter| letter.to_digit(10)).filter(|_| letters.next().is_none())
    }
}
