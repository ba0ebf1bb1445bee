//! Two languages that stand in for the browser's collator.

use std::cmp::Ordering;

use directory_worker::{Collation, Compare};

/// Has a letter "ch" after "h", as Czech does.
pub(crate) const CZECH: Collation = Collation {
    base: |one, other| primaries(one, false).cmp(&primaries(other, false)),
    full: |one, other| full(one, other, false),
};

/// Reads its letters backwards.
pub(crate) const BACKWARDS: Collation = Collation {
    base: |one, other| primaries(one, true).cmp(&primaries(other, true)),
    full: |one, other| full(one, other, true),
};

/// What a text is sorted by: signs, then numbers by their values, then letters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Primary {
    Sign(char),
    Number(usize, String),
    Letter(u32),
    Last,
}

fn primaries(text: &str, is_backwards: bool) -> Vec<Primary> {
    let text = text.to_lowercase().replace('é', "e").replace('ß', "ss").replace('ﬁ', "fi");
    let mut letters = text.chars().peekable();
    let mut primaries = Vec::new();
    while let Some(letter) = letters.next() {
        primaries.push(match letter {
            '\u{301}' | '\u{34f}' => continue,
            _ if letter.is_control() => continue,
            '\u{ffff}' => Primary::Last,
            '0'..='9' => {
                let mut digits = String::from(letter);
                digits.extend(std::iter::from_fn(|| letters.next_if(char::is_ascii_digit)));
                let digits = digits.trim_start_matches('0');
                Primary::Number(digits.len(), digits.to_owned())
            }
            'c' if !is_backwards && letters.next_if_eq(&'h').is_some() => Primary::Letter('h' as u32 * 2 + 1),
            _ if letter.is_alphabetic() && is_backwards => Primary::Letter(u32::MAX - letter as u32),
            _ if letter.is_alphabetic() => Primary::Letter(letter as u32 * 2),
            _ => Primary::Sign(letter),
        });
    }
    primaries
}

fn full(one: &str, other: &str, is_backwards: bool) -> Ordering {
    let by_letters = primaries(one, is_backwards).cmp(&primaries(other, is_backwards));
    by_letters.then_with(|| one.to_lowercase().cmp(&other.to_lowercase())).then_with(|| one.cmp(other))
}

/// Compares whole texts, then their bytes.
pub(crate) fn compare_whole(compare: Compare, one: &str, other: &str) -> Ordering {
    compare(one, other).then_with(|| one.cmp(other))
}
