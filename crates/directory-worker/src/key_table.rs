//! A hash table of numbers whose keys are elsewhere.

use std::mem::size_of;

const EMPTY: u32 = u32::MAX;

/// Numbers by the hash of their key. A slot costs five bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    numbers: Vec<u32>,
    /// A part of each hash, so that few keys are compared.
    tags: Vec<u8>,
    n_used: usize,
}

impl KeyTable {
    /// A table with room for this many numbers, and few more.
    pub(crate) fn with_room(n_numbers: usize) -> Self {
        let n_slots = n_numbers + n_numbers / 3 + 4;
        Self { numbers: vec![EMPTY; n_slots], tags: vec![0; n_slots], n_used: 0 }
    }

    /// True if another number can be inserted; at most four fifths of the slots are used.
    pub(crate) fn has_room(&self) -> bool {
        (self.n_used + 1) * 5 <= self.numbers.len() * 4
    }

    /// The number of this hash that has the same key.
    pub(crate) fn find(&self, hash: u64, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut slot = self.first_slot(hash)?;
        loop {
            let number = self.numbers[slot];
            if number == EMPTY {
                return None;
            }
            if self.tags[slot] == hash as u8 && is_same(number) {
                return Some(number);
            }
            slot = self.next_slot(slot);
        }
    }

    /// Inserts a number whose key is not there. There must be [room](KeyTable::has_room).
    pub(crate) fn insert(&mut self, hash: u64, number: u32) {
        let Some(mut slot) = self.first_slot(hash).filter(|_| self.has_room()) else {
            return;
        };
        while self.numbers[slot] != EMPTY {
            slot = self.next_slot(slot);
        }
        self.numbers[slot] = number;
        self.tags[slot] = hash as u8;
        self.n_used += 1;
    }

    /// Replaces a number by another of the same key.
    pub(crate) fn replace(&mut self, hash: u64, former: u32, number: u32) {
        let Some(mut slot) = self.first_slot(hash) else {
            return;
        };
        while self.numbers[slot] != former && self.numbers[slot] != EMPTY {
            slot = self.next_slot(slot);
        }
        if self.numbers[slot] == former {
            self.numbers[slot] = number;
        }
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.numbers.capacity() * size_of::<u32>() + self.tags.capacity()
    }

    fn first_slot(&self, hash: u64) -> Option<usize> {
        let n_slots = self.numbers.len() as u64;
        (n_slots > 0).then_some((((hash >> 32) * n_slots) >> 32) as usize)
    }

    fn next_slot(&self, slot: usize) -> usize {
        if slot + 1 == self.numbers.len() { 0 } else { slot + 1 }
    }
}

/// A hash of a key. Not for keys chosen to collide: equality is checked.
pub(crate) fn hash(kind: u8, key: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = (key.len() as u64) << 8 | u64::from(kind);
    let (chunks, rest) = key.as_chunks::<8>();
    let mut tail = [0; 8];
    tail[..rest.len()].copy_from_slice(rest);
    for chunk in chunks.iter().chain([&tail]) {
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(*chunk)).wrapping_mul(PRIME);
        hash ^= hash >> 29;
    }
    hash.wrapping_mul(PRIME) ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_table_is_a_map(keys in prop::collection::vec(0_u16..300, 0..300), mask in any::<u64>()) {
            let hash = |key: u16| hash(1, &key.to_le_bytes()) & mask;
            let mut table = KeyTable::with_room(300);
            let mut model = BTreeMap::new();
            for (number, key) in (0..).zip(&keys) {
                let found = table.find(hash(*key), |other| keys[other as usize] == *key);
                prop_assert_eq!(found, model.get(key).copied());
                match found {
                    Some(former) => table.replace(hash(*key), former, number),
                    None => table.insert(hash(*key), number),
                }
                model.insert(*key, number);
            }
            prop_assert_eq!(table.n_used, model.len());
        }
    }

    #[test]
    fn an_empty_table_finds_nothing_and_a_full_one_takes_nothing() {
        let mut table = KeyTable::default();
        table.insert(7, 7);
        table.replace(7, 7, 8);
        assert_eq!((table.n_used, table.find(7, |_| true)), (0, None));
        let mut table = KeyTable::with_room(0);
        (0..9).for_each(|number| table.insert(u64::MAX, number));
        assert!(table.n_used < 4 && table.find(u64::MAX, |number| number == 8).is_none());
    }
}
