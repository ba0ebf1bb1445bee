//! Pairs of letters that occur, because two letters can be one in some languages.

use std::mem::size_of;

/// Most pairs with a letter beyond ASCII.
const MAX_PAIRS: usize = 4096;

/// Pairs of letters.
#[derive(Clone, Debug)]
pub(crate) struct LetterPairs {
    /// A bit for each second letter.
    ascii: [u128; 128],
    /// Pairs with a letter beyond ASCII, in order.
    others: Vec<(char, char)>,
}

impl LetterPairs {
    /// No pairs.
    pub(crate) fn new() -> Self {
        Self { ascii: [0; 128], others: Vec::new() }
    }

    /// Adds the pairs of a text. `is_new` is given those that were not there.
    pub(crate) fn learn(&mut self, text: &str, mut is_new: impl FnMut(char, char)) {
        if text.is_ascii() {
            for (one, other) in text.bytes().zip(text.bytes().skip(1)) {
                let bit = 1 << (other & 0x7f);
                let seconds = &mut self.ascii[usize::from(one & 0x7f)];
                if *seconds & bit == 0 && one.is_ascii_alphabetic() && other.is_ascii_alphabetic() {
                    *seconds |= bit;
                    is_new(one.into(), other.into());
                }
            }
            return;
        }
        for (one, other) in text.chars().zip(text.chars().skip(1)) {
            if may_be_part(one) && may_be_part(other) && self.insert(one, other) {
                is_new(one, other);
            }
        }
    }

    /// Every pair.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (char, char)> + '_ {
        let ascii = (0..128_u8).zip(&self.ascii).flat_map(|(one, seconds)| {
            let seconds = (0..128_u8).filter(move |other| seconds >> other & 1 == 1);
            seconds.map(move |other| (char::from(one), char::from(other)))
        });
        ascii.chain(self.others.iter().copied())
    }

    /// The size in bytes, beside its own.
    pub(crate) fn bytes(&self) -> usize {
        self.others.capacity() * size_of::<(char, char)>()
    }

    /// True if the pair was not there.
    fn insert(&mut self, one: char, other: char) -> bool {
        if one.is_ascii() && other.is_ascii() {
            let seconds = &mut self.ascii[one as usize];
            let former = *seconds;
            *seconds |= 1 << other as u32;
            return *seconds != former;
        }
        let Err(at) = self.others.binary_search(&(one, other)) else { return false };
        let has_room = self.others.len() < MAX_PAIRS;
        if has_room {
            self.others.insert(at, (one, other));
        }
        has_room
    }
}

/// Scripts that write a syllable or a word in one sign have no letters of several.
fn may_be_part(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphabetic(),
        '\u{80}'..='\u{2e7f}' => !letter.is_numeric() && !letter.is_whitespace() && !letter.is_control(),
        '\u{3040}'..='\u{30ff}' => true,
        _ => false,
    }
}
