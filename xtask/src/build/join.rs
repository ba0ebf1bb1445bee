//! Decides which of the splitter's files to join.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// What a request costs, in bytes of code.
const PER_REQUEST: i64 = 4_000;

/// What a file costs every page, in bytes of code: its checksum in the loader.
const PER_CHECKSUM: i64 = 300;

/// The most files: more of them make a form heavier, which needs parts of many.
const MAX_FILES: usize = 112;

/// Rounds of moving; in practice three to five are enough.
const MAX_ROUNDS: usize = 40;

/// Code that is fetched as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedCode {
    /// The fetches that need it, a bit for each.
    pub fetches: u64,
    /// Its size in bytes.
    pub size: i64,
}

impl SharedCode {
    const NONE: Self = Self { fetches: 0, size: 0 };

    fn with(self, other: Self) -> Self {
        Self { fetches: self.fetches | other.fetches, size: self.size + other.size }
    }
}

/// How much a byte of each fetch counts.
#[derive(Debug, Clone)]
pub struct Weights(pub Vec<i64>);

impl Weights {
    fn of(&self, fetches: u64) -> i64 {
        self.0.iter().enumerate().filter(|(at, _)| fetches >> at & 1 == 1).map(|(_, weight)| weight).sum()
    }

    /// What a file costs all fetches together.
    fn cost(&self, file: SharedCode) -> i64 {
        if file.size == 0 { 0 } else { self.of(file.fetches) * (file.size + PER_REQUEST) }
    }

    fn per_file(&self) -> i64 {
        self.of(u64::MAX) * PER_CHECKSUM
    }
}

/// Sorts chunks into files, and returns the places of each file's chunks. `n_others` files cannot be joined.
///
/// Joins the two files that save most, until none do and there are few enough. Then moves single chunks to where they
/// cost less: an early join may turn out to be bad after a later one.
pub fn plan(chunks: &[SharedCode], weights: &Weights, n_others: usize) -> Vec<Vec<usize>> {
    let mut file_of = joined(chunks, weights, n_others);
    for _ in 0..MAX_ROUNDS {
        if !move_chunks(chunks, weights, &mut file_of) {
            break;
        }
    }
    let mut files = BTreeMap::<usize, Vec<usize>>::new();
    for (chunk, file) in file_of.into_iter().enumerate() {
        files.entry(file).or_default().push(chunk);
    }
    let mut files: Vec<_> = files.into_values().collect();
    files.sort_unstable();
    files
}

/// The file of each chunk after the joins that save most.
fn joined(chunks: &[SharedCode], weights: &Weights, n_others: usize) -> Vec<usize> {
    let mut files: Vec<Option<SharedCode>> = chunks.iter().copied().map(Some).collect();
    let mut file_of: Vec<usize> = (0..chunks.len()).collect();
    let gain = |a: SharedCode, b: SharedCode| {
        weights.cost(a) + weights.cost(b) + weights.per_file() - weights.cost(a.with(b))
    };
    let mut pairs = BinaryHeap::new();
    for (at, first) in chunks.iter().enumerate() {
        for (more, second) in chunks.iter().enumerate().skip(at + 1) {
            pairs.push((gain(*first, *second), Reverse((at, more))));
        }
    }
    let mut n_files = chunks.len() + n_others;
    while let Some((gained, Reverse((first, second)))) = pairs.pop() {
        let (Some(a), Some(b)) = (files[first], files[second]) else { continue };
        if gained <= 0 && n_files <= MAX_FILES {
            break;
        }
        let (both, at) = (a.with(b), files.len());
        (files[first], files[second]) = (None, None);
        file_of.iter_mut().filter(|file| **file == first || **file == second).for_each(|file| *file = at);
        for (other, file) in files.iter().enumerate() {
            if let Some(file) = file {
                pairs.push((gain(*file, both), Reverse((other, at))));
            }
        }
        files.push(Some(both));
        n_files -= 1;
    }
    file_of
}

/// Moves each chunk to the file where it costs least, the largest first. Returns false if all are there.
fn move_chunks(chunks: &[SharedCode], weights: &Weights, file_of: &mut [usize]) -> bool {
    let mut order: Vec<usize> = (0..chunks.len()).collect();
    order.sort_by_key(|chunk| (Reverse(chunks[*chunk].size), *chunk));
    let mut files = BTreeMap::<usize, SharedCode>::new();
    for (chunk, file) in chunks.iter().zip(file_of.iter()) {
        let so_far = files.entry(*file).or_insert(SharedCode::NONE);
        *so_far = so_far.with(*chunk);
    }
    let mut has_moved = false;
    for moved in order {
        let (chunk, from) = (chunks[moved], file_of[moved]);
        let others = chunks.iter().enumerate().filter(|(at, _)| *at != moved && file_of[*at] == from);
        let without = others.fold(SharedCode::NONE, |sum, (_, other)| sum.with(*other));
        let saved = weights.cost(files[&from]) - weights.cost(without);
        let costs = files.iter().filter(|(file, _)| **file != from);
        let costs = costs.map(|(file, with)| (weights.cost(with.with(chunk)) - weights.cost(*with), *file));
        if let Some((_, to)) = costs.min().filter(|(cost, _)| *cost < saved) {
            if without.size == 0 {
                files.remove(&from)
            } else {
                files.insert(from, without)
            };
            files.insert(to, files[&to].with(chunk));
            file_of[moved] = to;
            has_moved = true;
        }
    }
    has_moved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(chunks: &[(u64, i64)], weights: &[i64]) -> Vec<Vec<usize>> {
        let chunks: Vec<_> =
            chunks.iter().map(|(fetches, size)| SharedCode { fetches: *fetches, size: *size }).collect();
        plan(&chunks, &Weights(weights.to_vec()), 0)
    }

    #[test]
    fn small_chunks_of_nearly_the_same_fetches_are_joined() {
        assert_eq!(
            files(&[(0b0111, 5_000), (0b0011, 500), (0b1001, 900_000)], &[12; 4]),
            [vec![0, 1], vec![2]]
        );
    }

    #[test]
    fn what_delays_no_page_is_joined_sooner() {
        let of = |weights| files(&[(0b0011, 4_000), (0b1100, 4_000)], weights).len();
        assert_eq!(of(&[12, 12, 12, 12]), 2);
        assert_eq!(of(&[1, 1, 1, 1, 100]), 1);
    }

    #[test]
    fn a_chunk_leaves_the_file_where_it_costs_more() {
        let chunks = [
            SharedCode { fetches: 0b01, size: 9_000 },
            SharedCode { fetches: 0b10, size: 9_000 },
            SharedCode { fetches: 0b10, size: 9_000 },
        ];
        let mut file_of = [0, 0, 1];
        assert!(move_chunks(&chunks, &Weights(vec![1, 1]), &mut file_of));
        assert_eq!(file_of, [0, 1, 1]);
        assert!(!move_chunks(&chunks, &Weights(vec![1, 1]), &mut file_of));
    }

    #[test]
    fn there_are_never_too_many() {
        let chunks: Vec<_> = (0..100).map(|at| (1 << (at % 40), 500_000)).collect();
        assert!(files(&chunks, &[12; 40]).len() <= 40);
        let chunks: Vec<_> = (0..100).map(|at| (0b11 << (at % 60) | 1 << (at / 2), 500_000)).collect();
        assert!(files(&chunks, &[12; 62]).len() <= MAX_FILES);
    }
}
