//! Another moderator, who changes people while a plan that is compared waits or runs; and what such a plan must not do.

use std::collections::BTreeMap;

use domain::{Batch, Change, ChangeId, PersonKey, Plan, PlanId, Query, Reading, State};

use crate::event::Event;
use crate::plans;
use crate::universe::{Go, Halt, Universe};

/// The list in which a person is found: the members of a group, or the results of a search.
type List = String;

/// What other moderators did, and when runs that compare read whom.
#[derive(Debug, Default)]
pub(crate) struct Moderated {
    /// Counts acts and reads, so that they have an order.
    n_moments: u64,
    /// The last act on a person in a list: when, and the state that it left.
    acts: BTreeMap<(List, PersonKey), (u64, State)>,
    /// When the vendor answered the last first page of a list that a run got in a tab.
    reads: BTreeMap<(u32, PlanId, List), u64>,
}

impl Moderated {
    /// The next moment.
    pub(crate) fn moment(&mut self) -> u64 {
        self.n_moments += 1;
        self.n_moments
    }
}

/// The lists that tell the state of a change.
fn lists_of(change: &Change) -> Vec<List> {
    match change.operation.group() {
        Some(group) => vec![group.as_str().to_owned()],
        None => vec![format!("?{}", change.person.key.as_str()), "?".to_owned()],
    }
}

impl Universe {
    /// Lets another moderator act soon, maybe.
    pub(crate) fn provoke_moderators(&mut self, run: &PlanId) {
        let often = self.case.faults.moderated;
        if often > 0 && self.chance_of_moderators.permille(often) {
            let within = self.chance_of_moderators.pick(&[1, 50, 2_000, 30_000]);
            let ms = self.chance_of_moderators.below(within);
            self.queue_in(ms, Event::Moderate(run.clone()));
        }
    }

    /// Another moderator changes a person whom a plan changes.
    pub(crate) fn moderate(&mut self, run: &PlanId) {
        let Some(plan) = self.plans.get(run) else { return };
        // People whose turn comes soon are the most interesting.
        let n_first = self.chance_of_moderators.pick(&[3, 40, 2_000]).min(plan.changes.len() as u64);
        let waiting = self.chief(run).and_then(|tab| Some(self.driver(tab, run)?.run().with_verdict(None)));
        let waiting = waiting.unwrap_or_default();
        let nth = self.chance_of_moderators.below(n_first) as usize;
        let id = waiting.get(nth).copied().unwrap_or(ChangeId(nth as u32));
        let Some(change) = self.plans[run].changes.get(id.0 as usize).cloned() else { return };
        let vendor = self.vendor();
        let Some(state) = plans::state_of(&self.world, vendor, &change) else { return };
        let events = plans::act_on(&mut self.chance_of_moderators, &change, state, self.now);
        if events.is_empty() {
            return;
        }
        events.iter().for_each(|event| self.world.apply(event));
        let Some(left) = plans::state_of(&self.world, vendor, &change) else { return };
        self.counts.n_moderated += 1;
        self.say(|| format!("another moderator changes {:?}: {state:?}, now {left:?}", change.person.key));
        let at = self.moderated.moment();
        for list in lists_of(&change) {
            self.moderated.acts.insert((list, change.person.key.folded()), (at, left));
        }
    }

    /// True if another moderator changed the person of a change.
    pub(crate) fn is_moderated(&self, change: &Change) -> bool {
        let key = change.person.key.folded();
        lists_of(change).into_iter().any(|list| self.moderated.acts.contains_key(&(list, key.clone())))
    }

    /// Notes that a run got a page which the vendor answered at a moment.
    pub(crate) fn note_read(&mut self, tab: u32, run: &PlanId, reading: &Reading, at: u64) {
        let list = match &reading.query {
            Query::GroupMembers { group, .. } => group.as_str().to_owned(),
            Query::People { search } => format!("?{search}"),
            _ => return,
        };
        if reading.cursor.is_none() {
            self.moderated.reads.insert((tab, run.clone(), list), at);
        }
    }

    /// When each person of a batch was last read before it is sent now.
    pub(crate) fn reads_before(&self, tab: u32, run: &PlanId, batch: &Batch) -> BTreeMap<ChangeId, u64> {
        let changes = &self.plans[run].changes;
        let last = |list: List| self.moderated.reads.get(&(tab, run.clone(), list)).copied();
        let read = |item: &domain::BatchItem| {
            let change = changes.get(item.change.0 as usize)?;
            Some((item.change, lists_of(change).into_iter().filter_map(last).max()?))
        };
        batch.items.iter().filter_map(read).collect()
    }

    /// Checks that no change of a plan that is compared reaches a person who was in another state when they were last
    /// read before it was sent.
    pub(crate) fn check_compared(&self, run: &PlanId, batch: &Batch, reads: &BTreeMap<ChangeId, u64>) -> Go {
        let plan: &Plan = &self.plans[run];
        if !plan.is_rechecked() {
            return Ok(());
        }
        for item in &batch.items {
            let Some(change) = plan.changes.get(item.change.0 as usize) else { continue };
            let is_of_directory = change.operation.group().is_none();
            let is_compared = is_of_directory || change.before != State::Unread;
            let key = change.person.key.folded();
            let act = lists_of(change)
                .into_iter()
                .filter_map(|list| self.moderated.acts.get(&(list, key.clone())))
                .max_by_key(|(at, _)| *at);
            let Some((acted_at, left)) = act.filter(|_| is_compared) else { continue };
            // Changes of the run itself may have followed.
            let is_left = plans::state_of(&self.world, self.vendor(), change) == Some(*left);
            let is_known = reads.get(&item.change).is_none_or(|read_at| acted_at < read_at);
            if is_left && is_known && *left != change.before {
                return Err(Halt::Wrong(format!(
                    "change {} of {run} was planned for {:?} and reaches {left:?}",
                    change.id.0, change.before
                )));
            }
        }
        Ok(())
    }
}
