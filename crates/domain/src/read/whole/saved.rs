//! The reading of a list as bytes, so that it goes on after a reload or in another tab.

use std::collections::BTreeSet;

use super::{Progress, State, Step, WholeList};
use crate::binary::{ByteReader, ByteWriter};
use crate::query::{Cursor, Paging};

/// Changes with the meaning of the bytes, and with [`key_of`].
const VERSION: u64 = 1;
/// No page begins behind this position.
const MAX_START: u64 = 1 << 40;

/// The key of an item by its id, the same in every release.
pub fn key_of(id: &str) -> u64 {
    // FNV-1a, with the finalizer of SplitMix64 for its weak high bits.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

impl WholeList<u64> {
    /// The reading as bytes. Pages whose answers are awaited count as not asked for.
    pub fn saved(&self) -> Vec<u8> {
        let mut writer = ByteWriter::default();
        writer.number(VERSION);
        let (Paging::Offset(most) | Paging::Pages(most)) = self.paging;
        writer.flag(matches!(self.paging, Paging::Pages(_)));
        writer.number(most);
        writer.flag(self.has_end);
        writer.flag(self.is_endless);
        for number in [self.n_stale, self.turn, self.n_again, self.progress.n_calls] {
            writer.number(number as u64);
        }
        writer.option(self.progress.total, ByteWriter::number);
        writer.number(self.progress.n_read);
        writer.flag(self.progress.has_moved);
        writer.flag(self.progress.is_sure);
        writer.number(self.steps.len() as u64);
        let mut listed = BTreeSet::new();
        for step in &self.steps {
            writer.number(step.page.start);
            writer.number(step.page.len);
            let read = match &step.state {
                State::Wanted | State::Asked => None,
                State::Read { keys, is_last, turn } => Some((keys, *is_last, *turn)),
            };
            writer.option(read, |writer, (keys, is_last, turn)| {
                writer.flag(is_last);
                writer.number(turn as u64);
                write_keys(writer, keys.iter());
                listed.extend(keys.iter().copied());
            });
        }
        // Everyone on a page was seen, and some who moved since.
        let others: Vec<&u64> = self.seen.difference(&listed).collect();
        write_keys(&mut writer, others.into_iter());
        writer.finish()
    }

    /// The reading that was [saved](Self::saved); `None` if the bytes are of something else, or if the list has other
    /// pages now.
    pub fn resumed(paging: Paging, at_once: usize, bytes: &[u8]) -> Option<Self> {
        let mut reader = ByteReader::new(bytes);
        if reader.number()? != VERSION {
            return None;
        }
        let is_by_page = reader.flag()?;
        // The vendor may have had smaller pages than it documents.
        let most = reader.number().filter(|most| (1..=paging.most()).contains(most))?;
        if is_by_page != matches!(paging, Paging::Pages(_)) {
            return None;
        }
        let mut list = Self::new(paging.with_most(most), at_once);
        list.has_end = reader.flag()?;
        list.is_endless = reader.flag()?;
        list.n_stale = count(&mut reader)?;
        list.turn = count(&mut reader)?;
        list.n_again = count(&mut reader)?;
        list.progress = Progress {
            n_calls: count(&mut reader)?,
            total: reader.option(ByteReader::number)?,
            n_read: reader.number()?,
            has_moved: reader.flag()?,
            is_sure: reader.flag()?,
        };
        let n_steps = reader.count(3).filter(|n| *n > 0)?;
        list.steps = (0..n_steps).map(|_| read_step(&mut reader)).collect::<Option<_>>()?;
        list.seen = read_keys(&mut reader)?;
        for step in &list.steps {
            if let State::Read { keys, .. } = &step.state {
                list.seen.extend(keys.iter().copied());
            }
        }
        list.join();
        reader.end()?;
        Some(list)
    }

    /// Joins all pages that were read to the next one, where they have an item in common.
    fn join(&mut self) {
        for idx in 1..self.steps.len() {
            let (before, after) = self.steps.split_at_mut(idx);
            let (Some(one), Some(other)) = (before.last_mut(), after.first()) else { continue };
            if let (State::Read { keys, .. }, State::Read { keys: next, .. }) = (&one.state, &other.state) {
                one.is_joined = !keys.is_disjoint(next);
            }
        }
    }
}

fn read_step(reader: &mut ByteReader) -> Option<Step<u64>> {
    let start = reader.number().filter(|start| *start <= MAX_START)?;
    let len = reader.number().filter(|len| *len > 0)?;
    let read = |reader: &mut ByteReader| {
        let (is_last, turn) = (reader.flag()?, count(reader)?);
        Some(State::Read { keys: read_keys(reader)?, is_last, turn })
    };
    let state = reader.option(read)?.unwrap_or(State::Wanted);
    Some(Step { page: Cursor { start, len }, state, is_joined: false })
}

/// A number that a reading counts up from.
fn count(reader: &mut ByteReader) -> Option<usize> {
    let number = reader.number().filter(|number| *number <= u64::from(u32::MAX / 2))?;
    Some(number as usize)
}

fn write_keys<'a>(writer: &mut ByteWriter, keys: impl ExactSizeIterator<Item = &'a u64>) {
    writer.number(keys.len() as u64);
    keys.for_each(|key| writer.hash(*key));
}

fn read_keys(reader: &mut ByteReader) -> Option<BTreeSet<u64>> {
    let n_keys = reader.count(size_of::<u64>())?;
    let keys: BTreeSet<u64> = (0..n_keys).map(|_| reader.hash()).collect::<Option<_>>()?;
    (keys.len() == n_keys).then_some(keys)
}
