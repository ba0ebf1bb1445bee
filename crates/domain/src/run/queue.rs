//! The order of sending: one lane per group, so that at most one call at a time changes it.
//!
//! Whether a change waits is stored in its slot alone. The positions here only tell where to look, and each
//! is passed once, so finding the next change never needs a search.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::slots::{Slot, Slots};
use crate::{Action, BatchId, ChangeId, GroupId, Limits, Plan};

/// Adjacent changes of the plan that may share calls.
#[derive(Clone, Debug)]
struct Segment {
    first: u32,
    end: u32,
    lane: u32,
    /// Most changes per call.
    size: u32,
    /// The number of its waiting changes.
    n_waiting: u32,
}

/// A call that was returned unprocessed.
#[derive(Clone, Debug)]
struct ReturnedCall {
    batch: BatchId,
    attempt: u32,
    changes: Vec<ChangeId>,
}

/// The calls of one group, sent one at a time.
#[derive(Clone, Debug, Default)]
struct Lane {
    segments: Vec<u32>,
    /// The current segment, and the next change in it.
    segment: usize,
    next: u32,
    returned: VecDeque<ReturnedCall>,
    again: VecDeque<ChangeId>,
    is_busy: bool,
    /// The first change that could be sent; the lane's key in `Queue::ready`.
    ready: Option<u32>,
}

/// The next call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// The returned call to repeat, and its attempt number; `None` for a new call.
    pub(super) repeats: Option<(BatchId, u32)>,
    /// The changes in it.
    pub(super) changes: Vec<ChangeId>,
}

/// The waiting changes and their order.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    segments: Vec<Segment>,
    lanes: Vec<Lane>,
    ready: BTreeSet<(u32, u32)>,
}

/// Splits a plan into segments whose changes may share calls.
fn segments(plan: &Plan, limits: &Limits) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (idx, change) in plan.changes.iter().enumerate() {
        let idx = idx as u32;
        let is_sent = change.action != Action::NoOp;
        match segments.last_mut() {
            Some(last)
                if !is_sent
                    || plan.changes[last.first as usize].operation.shares_call_with(&change.operation) =>
            {
                last.end = idx + 1;
                if is_sent {
                    last.n_waiting += 1;
                    // The first change may be limited to a call of its own: the later ones determine the
                    // size.
                    last.size = (limits.batch_size)(&change.operation).max(1) as u32;
                }
            }
            _ if is_sent => {
                let size = (limits.batch_size)(&change.operation).max(1) as u32;
                segments.push(Segment { first: idx, end: idx + 1, lane: 0, size, n_waiting: 1 });
            }
            _ => {}
        }
    }
    segments
}

/// The number of calls a plan takes if nothing fails.
pub(crate) fn n_calls(plan: &Plan, limits: &Limits) -> usize {
    segments(plan, limits).iter().map(Segment::n_calls).sum()
}

impl Segment {
    fn n_calls(&self) -> usize {
        self.n_waiting.div_ceil(self.size) as usize
    }
}

impl Queue {
    pub(super) fn new(plan: &Plan, limits: &Limits, slots: &Slots) -> Self {
        let mut segments = segments(plan, limits);
        let mut lanes: Vec<Lane> = Vec::new();
        let mut places: BTreeMap<Option<&GroupId>, u32> = BTreeMap::new();
        for (idx, segment) in segments.iter_mut().enumerate() {
            let group = plan.changes[segment.first as usize].operation.group();
            segment.lane = *places.entry(group).or_insert_with(|| {
                lanes.push(Lane::default());
                lanes.len() as u32 - 1
            });
            lanes[segment.lane as usize].segments.push(idx as u32);
        }
        let mut queue = Self { segments, lanes, ready: BTreeSet::new() };
        queue.look_everywhere(slots);
        queue
    }

    /// The number of calls for all waiting changes.
    pub(super) fn n_calls(&self) -> usize {
        self.segments.iter().map(Segment::n_calls).sum()
    }

    fn segment_of(&self, change: ChangeId) -> Option<usize> {
        self.segments.partition_point(|segment| segment.first <= change.0).checked_sub(1)
    }

    pub(super) fn lane_of(&self, change: ChangeId) -> Option<u32> {
        self.segment_of(change).map(|idx| self.segments[idx].lane)
    }

    /// Counts a change that starts or stops waiting.
    pub(super) fn note_waiting(&mut self, change: ChangeId, is_waiting: bool) {
        if let Some(idx) = self.segment_of(change) {
            let n = &mut self.segments[idx].n_waiting;
            *n = if is_waiting { *n + 1 } else { n.saturating_sub(1) };
        }
    }

    /// Queues a change that waits again.
    pub(super) fn push_again(&mut self, change: ChangeId) {
        if let Some(lane) = self.lane_of(change) {
            self.lanes[lane as usize].again.push_back(change);
        }
    }

    /// Queues a call that was returned unprocessed.
    pub(super) fn push_returned(&mut self, batch: BatchId, attempt: u32, changes: Vec<ChangeId>) {
        if let Some(lane) = changes.first().and_then(|change| self.lane_of(*change)) {
            self.lanes[lane as usize].returned.push_back(ReturnedCall { batch, attempt, changes });
        }
    }

    /// Sets whether a call is under way in the lane of a change.
    pub(super) fn set_busy(&mut self, change: ChangeId, is_busy: bool) {
        if let Some(lane) = self.lane_of(change) {
            self.lanes[lane as usize].is_busy = is_busy;
        }
    }

    /// Forgets a returned call that is being sent again.
    pub(super) fn drop_returned(&mut self, first: ChangeId, batch: BatchId) {
        if let Some(lane) = self.lane_of(first) {
            self.lanes[lane as usize].returned.retain(|call| call.batch != batch);
        }
    }

    /// Updates what a lane could send. Call it after every change to the lane.
    pub(super) fn look(&mut self, lane: u32, slots: &Slots) {
        let key = self.first_of(lane, slots);
        let place = &mut self.lanes[lane as usize];
        if place.ready == key {
            return;
        }
        if let Some(old) = place.ready {
            self.ready.remove(&(old, lane));
        }
        if let Some(new) = key {
            self.ready.insert((new, lane));
        }
        place.ready = key;
    }

    pub(super) fn look_everywhere(&mut self, slots: &Slots) {
        for lane in 0..self.lanes.len() as u32 {
            self.look(lane, slots);
        }
    }

    /// The first change that a lane could send. Skips entries that no longer wait.
    fn first_of(&mut self, lane: u32, slots: &Slots) -> Option<u32> {
        let Self { segments, lanes, .. } = self;
        let lane = &mut lanes[lane as usize];
        if lane.is_busy {
            return None;
        }
        while let Some(call) = lane.returned.front() {
            if let Some(change) = call.changes.iter().find(|change| is_in(slots, **change, call.batch)) {
                return Some(change.0);
            }
            lane.returned.pop_front();
        }
        while let Some(segment) = lane.segments.get(lane.segment).map(|idx| &segments[*idx as usize]) {
            lane.next = lane.next.max(segment.first);
            while lane.next < segment.end {
                if slots.get(ChangeId(lane.next)) == Some(Slot::Waiting) {
                    return Some(lane.next);
                }
                lane.next += 1;
            }
            lane.segment += 1;
        }
        while let Some(change) = lane.again.front() {
            if slots.get(*change) == Some(Slot::Waiting) {
                return Some(change.0);
            }
            lane.again.pop_front();
        }
        None
    }

    /// The next call, from the lane whose first change comes first in the plan.
    /// Changes in `single` get a call of their own.
    pub(super) fn draft(&self, plan: &Plan, slots: &Slots, single: &BTreeSet<ChangeId>) -> Option<Draft> {
        let (first, lane) = *self.ready.first()?;
        let lane = &self.lanes[lane as usize];
        if let Some(call) = lane.returned.front() {
            let is_in = |change: &&ChangeId| is_in(slots, **change, call.batch);
            let changes = call.changes.iter().filter(is_in).copied().collect();
            return Some(Draft { repeats: Some((call.batch, call.attempt)), changes });
        }
        let size = self.segments[self.segment_of(ChangeId(first))?].size as usize;
        let is_waiting = |change: &ChangeId| slots.get(*change) == Some(Slot::Waiting);
        let mut changes = Vec::new();
        match lane.segments.get(lane.segment).map(|idx| &self.segments[*idx as usize]) {
            Some(segment) => {
                changes.extend((first..segment.end).map(ChangeId).filter(is_waiting).take(size));
            }
            None => {
                let operation = &plan.changes[first as usize].operation;
                for change in lane.again.iter().filter(|change| is_waiting(change)) {
                    let is_single = single.contains(change)
                        || changes.first().is_some_and(|first| single.contains(first));
                    if changes.len() == size
                        || (is_single && !changes.is_empty())
                        || !operation.shares_call_with(&plan.changes[change.as_idx()].operation)
                    {
                        break;
                    }
                    // A change may have been queued twice.
                    if !changes.contains(change) {
                        changes.push(*change);
                    }
                }
            }
        }
        Some(Draft { repeats: None, changes })
    }
}

/// True if a change waits to be sent again in this returned call.
fn is_in(slots: &Slots, change: ChangeId, batch: BatchId) -> bool {
    slots.get(change) == Some(Slot::Returned) && slots.batch(change) == Some(batch)
}
