//! Sets of rows, one bit each.

/// A set of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowSet {
    words: Vec<u64>,
}

impl RowSet {
    /// True if the row is in the set.
    pub(crate) fn contains(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Puts a row into the set.
    pub(crate) fn insert(&mut self, row: u32) {
        let place = row as usize / 64;
        if self.words.len() <= place {
            self.words.resize(place + 1, 0);
        }
        self.words[place] |= 1 << (row % 64);
    }

    /// Takes a row out of the set. Returns whether it was there.
    pub(crate) fn remove(&mut self, row: u32) -> bool {
        let was_there = self.contains(row);
        if was_there {
            self.words[row as usize / 64] &= !(1 << (row % 64));
        }
        was_there
    }

    /// The number of rows in the set before this one, of the 64 that share a word.
    pub(crate) fn n_before_in_word(&self, row: u32) -> usize {
        let word = self.words.get(row as usize / 64).copied().unwrap_or_default();
        (word & ((1 << (row % 64)) - 1)).count_ones() as usize
    }

    /// The number of rows in the set.
    pub(crate) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Keeps the rows that are also in the other set.
    pub(crate) fn intersect(&mut self, other: &RowSet) {
        self.words.truncate(other.words.len());
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= theirs;
        }
    }

    /// Keeps the rows for which this is true.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(u32) -> bool) {
        for (place, word) in self.words.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !is_kept(place as u32 * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// The rows in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(place as u32 * 64 + bit)
            })
        })
    }

    /// The set with the rows from `0` up to this number.
    pub(crate) fn all(n_rows: u32) -> Self {
        let mut words = vec![u64::MAX; n_rows as usize / 64];
        if !n_rows.is_multiple_of(64) {
            words.push((1 << (n_rows % 64)) - 1);
        }
        Self { words }
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    /// Returns unused memory.
    pub(crate) fn shrink(&mut self) {
        self.words.shrink_to_fit();
    }
}

impl FromIterator<u32> for RowSet {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let mut set = Self::default();
        rows.into_iter().for_each(|row| set.insert(row));
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(
            rows in prop::collection::vec((0_u32..300, any::<bool>()), 0..200),
            others in prop::collection::btree_set(0_u32..300, 0..100),
            n_rows in 0_u32..300,
        ) {
            let (mut set, mut model) = (RowSet::default(), BTreeSet::new());
            for (row, is_in) in rows {
                if is_in {
                    set.insert(row);
                    model.insert(row);
                } else {
                    prop_assert_eq!(set.remove(row), model.remove(&row));
                }
            }
            prop_assert_eq!(set.len(), model.len());
            prop_assert!(set.iter().eq(model.iter().copied()));
            set.intersect(&others.iter().copied().collect());
            model.retain(|row| others.contains(row));
            prop_assert!(set.iter().eq(model.iter().copied()));
            set.retain(|row| row % 3 == 0);
            model.retain(|row| row % 3 == 0);
            prop_assert!(set.iter().eq(model.iter().copied()));
            prop_assert!(RowSet::all(n_rows).iter().eq(0..n_rows));
        }
    }
}
