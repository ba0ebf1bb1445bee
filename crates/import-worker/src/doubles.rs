//! Finds rows with the same key.

use crate::sheet::BLOCK;

/// Number of keys compared at once: their table stays in the processor's cache.
const PART: usize = 4096;

/// A row and a part of the hash of its key.
type Hashed = (u32, u32);

/// The rows whose key an earlier row has, each with the first row that has it, in no particular order.
///
/// `hashes` has a hash for each row; zero for rows without a key. Rows of one hash are compared by `is_same`.
pub(crate) fn doubles(hashes: &[u64], is_same: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
    let n_parts = (hashes.len() / PART).next_power_of_two();
    let part_of = |hash: u64| (hash >> 40) as usize & (n_parts - 1);
    let mut starts = vec![0_u32; n_parts + 1];
    for hash in hashes.iter().filter(|hash| **hash != 0) {
        starts[part_of(*hash) + 1] += 1;
    }
    for part in 0..n_parts {
        starts[part + 1] += starts[part];
    }
    let mut ends = starts.clone();
    let mut hashed: Vec<Hashed> = vec![(0, 0); starts[n_parts] as usize];
    for (idx, block) in hashes.chunks(BLOCK).enumerate() {
        sort_block(block, idx * BLOCK, &mut ends, &mut hashed, part_of);
    }
    let mut found = Vec::new();
    let mut table = Vec::new();
    for part in 0..n_parts {
        let own = &hashed[starts[part] as usize..starts[part + 1] as usize];
        find(own, &mut table, &mut found, &is_same);
    }
    found
}

/// Puts the rows of a block to their parts.
#[inline(never)]
fn sort_block(
    block: &[u64],
    first: usize,
    ends: &mut [u32],
    hashed: &mut [Hashed],
    part_of: impl Fn(u64) -> usize,
) {
    for (idx, hash) in block.iter().enumerate().filter(|(_, hash)| **hash != 0) {
        let end = &mut ends[part_of(*hash)];
        hashed[*end as usize] = ((first + idx) as u32, *hash as u32);
        *end += 1;
    }
}

/// Finds the doubles of one part, whose rows are in order.
#[inline(never)]
fn find(
    own: &[Hashed],
    table: &mut Vec<Hashed>,
    found: &mut Vec<(u32, u32)>,
    is_same: &impl Fn(u32, u32) -> bool,
) {
    const EMPTY: u32 = u32::MAX;
    table.clear();
    table.resize((own.len() * 2).next_power_of_two().max(2), (EMPTY, 0));
    let mask = table.len() - 1;
    for (row, hash) in own {
        let mut place = *hash as usize & mask;
        loop {
            let (earlier, other) = table[place];
            if earlier == EMPTY {
                table[place] = (*row, *hash);
                break;
            }
            if other == *hash && is_same(earlier, *row) {
                found.push((*row, earlier));
                break;
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
    // Zero stands for no key.
    (hash.wrapping_mul(PRIME) ^ (hash >> 31)).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn doubles_are_those_of_a_map(keys in prop::collection::vec(0_u16..400, 0..20_000), mask in any::<u64>()) {
            // Masked hashes are the same for different keys.
            let hash = |key: &u16| if *key == 0 { 0 } else { (hash(&key.to_le_bytes()) & mask).max(1) };
            let hashes: Vec<u64> = keys.iter().map(hash).collect();
            let mut found = doubles(&hashes, |one, other| keys[one as usize] == keys[other as usize]);
            found.sort_unstable();
            let mut firsts = BTreeMap::new();
            let mut expected = Vec::new();
            for (row, key) in keys.iter().enumerate().filter(|(_, key)| **key != 0) {
                match firsts.get(key) {
                    Some(first) => expected.push((row as u32, *first)),
                    None => drop(firsts.insert(*key, row as u32)),
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
