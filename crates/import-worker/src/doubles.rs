//! Finds keys that were there before.

/// A set of rows by the hash of their keys. Keys are compared by their owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubles {
    /// A row and half of its hash per place; an empty place has row `u32::MAX`.
    places: Vec<(u32, u32)>,
}

const EMPTY: u32 = u32::MAX;

impl Doubles {
    /// A set for this many rows.
    pub(crate) fn with_capacity(n_rows: usize) -> Self {
        let n_places = (n_rows * 2).next_power_of_two().max(16);
        Self { places: vec![(EMPTY, 0); n_places] }
    }

    /// Adds a row; the row with the same key if there is one already.
    pub(crate) fn insert(&mut self, row: u32, hash: u64, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.places.len() - 1;
        let half = (hash >> 32) as u32;
        let mut place = hash as usize & mask;
        loop {
            let (own, own_half) = self.places[place];
            if own == EMPTY {
                self.places[place] = (row, half);
                return None;
            }
            if own_half == half && is_same(own) {
                return Some(own);
            }
            place = (place + 1) & mask;
        }
    }
}

/// A hash of a key that ignores ASCII case. Not for keys chosen to collide: a table of a million rows has room for
/// chains, and equality is checked.
pub(crate) fn hash(key: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = key.len() as u64;
    let (chunks, rest) = key.as_chunks::<8>();
    let mut tail = [0; 8];
    tail[..rest.len()].copy_from_slice(rest);
    for chunk in chunks.iter().chain([&tail]) {
        let word = u64::from_le_bytes(*chunk) | 0x2020_2020_2020_2020;
        hash = (hash.rotate_left(23) ^ word).wrapping_mul(PRIME);
        hash ^= hash >> 29;
    }
    hash.wrapping_mul(PRIME) ^ (hash >> 31)
}
