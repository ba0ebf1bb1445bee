//! Reading once more, shortly before a call of an approved plan or an undo, whom it changes. What is not as it was
//! planned is not sent.

use super::doubt::{Facts, Source};
use super::queue::Draft;
use super::reading::Active;
use super::slots::Slot;
use super::{Run, Step};
use crate::api_error::ErrorOrigin;
use crate::entry::{Entry, Pause};
use crate::outcome::Verdict;
use crate::retry::{self, MAX_READS};
use crate::{
    ApiError, Budget, Capabilities, Change, ChangeId, ConsoleCode, ErrorClass, Millis, Operation, Outcome,
    Plan, Scope, State,
};

/// How long a call that was checked may wait for its turn, and a reading for its next page: twice the time in which
/// the slowest rate limit lets a call through, so that a check does not go stale over and over.
const FRESH_MS: Millis = 120_000;
/// Readings of more pages than this serve the calls that follow as well: a long list before each call would take
/// hundreds of calls for one.
const MAX_SHORT: u32 = 4;
/// For how long they do.
const SERVES_MS: Millis = 10_000;
/// Most changes that one reading serves.
const MAX_SERVED: usize = 500;

/// What is special about a reading before a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recheck {
    /// The first changes are those of the call; the others may follow.
    n_own: usize,
    /// How often the lists were incomplete.
    n_rounds: u32,
}

/// Which changes of a run are compared with what is true before they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rechecks {
    /// None: the plan was neither approved in a review, nor does it undo anything.
    NotAsked,
    /// None: the vendor cannot be read, or the plan was made without reading.
    Nothing,
    /// Those that can be read.
    Some,
    /// All.
    All,
}

/// A change compared with what was read.
enum Compared {
    AsPlanned,
    /// Someone else has done it.
    InEffect,
    Changed(State),
    /// The lists prove nothing.
    Unproven,
}

impl Rechecks {
    /// Which changes of a plan could be compared. Looks at every change.
    pub fn of(plan: &Plan, capabilities: &Capabilities) -> Self {
        let (mut n_all, mut n_compared) = (0, 0);
        for change in plan.to_send() {
            n_all += 1;
            n_compared += usize::from(is_comparable(change, capabilities));
        }
        match n_compared {
            0 => Self::Nothing,
            n if n < n_all => Self::Some,
            _ => Self::All,
        }
    }
}

/// Whether reading can tell if a change is as it was planned. The directory tells only who is there, which the plan
/// cannot know of everyone.
fn is_comparable(change: &Change, capabilities: &Capabilities) -> bool {
    match Source::of(&change.operation, capabilities) {
        None => false,
        Some(Source::Directory) => true,
        Some(Source::Members | Source::Banned | Source::Group) => change.before != State::Unread,
    }
}

impl Run {
    /// Which changes are compared with what is true before they are sent. Looks at every change.
    pub fn rechecks(&self) -> Rechecks {
        match self.plan.is_rechecked() {
            true => Rechecks::of(&self.plan, &self.capabilities),
            false => Rechecks::NotAsked,
        }
    }

    fn is_comparable(&self, change: &Change) -> bool {
        is_comparable(change, &self.capabilities)
    }

    fn change(&self, id: ChangeId) -> &Change {
        &self.plan.changes[id.as_idx()]
    }

    fn waits(&self, id: ChangeId) -> bool {
        matches!(self.slots.get(id), Some(Slot::Waiting | Slot::Returned))
    }

    /// True if changes of this call have to be read before it is sent.
    pub(super) fn is_recheck_due(&self, draft: &Draft, now: Millis) -> bool {
        let is_checked = |id: &ChangeId| self.checked.get(id).is_some_and(|until| now <= *until);
        self.plan.is_rechecked()
            && draft.changes.iter().any(|id| self.is_comparable(self.change(*id)) && !is_checked(id))
    }

    /// Forgets what was read before a call.
    pub(super) fn forget_checks(&mut self) {
        self.recheck = None;
        self.checked.clear();
    }

    /// The step that reads the next page of what a call changes.
    pub(super) fn recheck(&mut self, draft: &Draft, now: Millis, budget: &mut Budget) -> Step {
        // Calls to other groups are not prepared meanwhile.
        if self.recheck.as_ref().is_some_and(Active::is_under_way) {
            return Step::Await;
        }
        let is_for_it = |reading: &Active| {
            let is_read =
                |id: &ChangeId| reading.changes.contains(id) || !self.is_comparable(self.change(*id));
            // The page may have been hidden, or the run paused, for hours.
            let is_fresh = reading.n_pages == 0 || now.abs_diff(reading.paged_at) <= FRESH_MS;
            is_fresh && draft.changes.iter().all(is_read)
        };
        if !self.recheck.as_ref().is_some_and(is_for_it) {
            self.recheck = Some(self.new_recheck(draft, 0, now));
        }
        let Some(reading) = &mut self.recheck else { return Step::Await };
        // A clock that was set back must not prolong the wait.
        let longest = retry::longest_backoff(reading.n_tries.max(1));
        reading.not_before = reading.not_before.min(now + longest);
        if reading.not_before > now {
            return Step::WaitUntil(reading.not_before);
        }
        self.wait_or(now, budget, |run| {
            let id = run.next_read_id();
            Self::read_page(&mut run.recheck, id, now)
        })
    }

    fn new_recheck(&self, draft: &Draft, n_rounds: u32, now: Millis) -> Active {
        let is_wanted = |id: &ChangeId| self.is_comparable(self.change(*id));
        let own: Vec<ChangeId> = draft.changes.iter().copied().filter(is_wanted).collect();
        let n_own = own.len();
        let source = own.first().and_then(|id| Source::of(&self.change(*id).operation, &self.capabilities));
        let (queries, changes) =
            if source == Some(Source::Directory) { self.search(own) } else { self.reading_before(own) };
        let facts = Facts::wanted(changes.iter().map(|id| self.change(*id)));
        let mut reading = Active::new(queries, changes, facts, now);
        reading.recheck = Some(Recheck { n_own, n_rounds });
        reading
    }

    /// The queries that tell the states of changes of one group, also of those that follow them.
    fn reading_before(&self, own: Vec<ChangeId>) -> (Vec<crate::Query>, Vec<ChangeId>) {
        let mut changes = own;
        let Some(first) = changes.first().copied() else { return (Vec::new(), changes) };
        let (group, lane) = (self.change(first).operation.group().cloned(), self.queue.lane_of(first));
        let source = Source::before(&self.change(first).operation, &self.capabilities);
        let follows = |change: &&Change| {
            self.waits(change.id)
                && self.is_comparable(change)
                && self.queue.lane_of(change.id) == lane
                && Source::before(&change.operation, &self.capabilities) == source
                && !changes.contains(&change.id)
        };
        let others = self.plan.changes.iter().skip(first.as_idx()).take(10 * MAX_SERVED);
        let others: Vec<ChangeId> = others.filter(follows).take(MAX_SERVED).map(|change| change.id).collect();
        changes.extend(others);
        let queries = group.iter().flat_map(|group| source.iter().map(|source| source.query(group)));
        (queries.collect(), changes)
    }

    /// Decides what the facts mean for the changes of the next call, and for those that may follow it.
    pub(super) fn conclude_recheck(&mut self, reading: &Active, recheck: Recheck, now: Millis) {
        let Recheck { n_own, n_rounds } = recheck;
        let n_served = if reading.n_pages > MAX_SHORT { reading.changes.len() } else { n_own };
        let (mut settled, mut checked) = (Vec::new(), Vec::new());
        let (mut is_changed, mut is_unproven) = (false, false);
        for (idx, id) in reading.changes.iter().enumerate().take(n_served) {
            if !self.waits(*id) {
                continue;
            }
            let change = self.change(*id);
            match compared(change, &reading.facts) {
                Compared::AsPlanned => {
                    checked.push((*id, now + if idx < n_own { FRESH_MS } else { SERVES_MS }));
                }
                Compared::InEffect => settled.push((*id, self.outcome_in_effect(change))),
                Compared::Changed(state) => {
                    is_changed = true;
                    settled.push((*id, self.outcome_of_changed(*id, state)));
                }
                Compared::Unproven => is_unproven |= idx < n_own,
            }
        }
        if is_unproven {
            return self.read_anew(reading, recheck, n_rounds, now);
        }
        self.checked.extend(checked);
        if !settled.is_empty() {
            let again = settled.iter().map(|(id, _)| *id).collect();
            self.commit(Entry::Read { at: now, settled, again, learned: Vec::new() });
        }
        if is_changed && (self.queue.n_calls() > 0 || !self.doubted.is_empty()) {
            self.pause(Pause::Changed, now);
        }
    }

    /// Reads incomplete lists anew a few times: people come and go while their pages are read.
    fn read_anew(&mut self, reading: &Active, recheck: Recheck, n_rounds: u32, now: Millis) {
        if n_rounds + 1 >= MAX_READS {
            let (class, code) = (ErrorClass::Unknown, ConsoleCode::RowMissing);
            let error = ApiError::new(class, ErrorOrigin::Vendor, code);
            return self.pause(Pause::Unchecked(error), now);
        }
        let changes = reading.changes[..recheck.n_own].to_vec();
        let draft = Draft { repeats: None, changes };
        let mut anew = self.new_recheck(&draft, n_rounds + 1, now);
        anew.not_before = now + retry::backoff(&mut self.dice, n_rounds + 1);
        self.recheck = Some(anew);
    }

    /// A change that was sent before and is in effect now took effect, although its response was lost.
    fn outcome_in_effect(&self, change: &Change) -> Outcome {
        let earlier = self.outcome_before.get(&change.id).map(|idx| self.slots.at(*idx).verdict());
        if earlier == Some(Verdict::Unknown) { Outcome::Found } else { Outcome::NoOp(None) }
    }

    /// A change that was sent before keeps what is known of that.
    fn outcome_of_changed(&self, id: ChangeId, state: State) -> Outcome {
        let earlier = self.outcome_before.get(&id).map(|idx| self.slots.at(*idx).clone());
        earlier.unwrap_or_else(|| Outcome::NotSent(changed(state)))
    }
}

/// Why a change that was compared is not sent: the state in which it was found is a detail.
fn changed(state: State) -> ApiError {
    let error = ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, ConsoleCode::Changed);
    ApiError { details: vec![(FOUND.into(), state.slug().into())], ..error }
}

/// The name of the detail that holds the state found.
const FOUND: &str = "found";

impl ApiError {
    /// The state in which a change was found when it was compared, if that is why it was not sent.
    pub fn found_state(&self) -> Option<State> {
        let (_, found) = self.details.iter().find(|(name, _)| **name == *FOUND)?;
        let known = [State::Unread, State::Absent, State::Present].into_iter();
        let mut states = known.chain(Scope::ALL.into_iter().map(State::Scope));
        states.find(|state| self.is(ConsoleCode::Changed) && state.slug() == &**found)
    }
}

impl Source {
    /// All lists that tell the state before a change.
    fn before(operation: &Operation, capabilities: &Capabilities) -> Vec<Self> {
        match Self::of(operation, capabilities) {
            // A person who is not banned may be a member.
            Some(Self::Banned) => vec![Self::Members, Self::Banned],
            _ => Self::all_of(operation, capabilities).collect(),
        }
    }
}

fn compared(change: &Change, facts: &Facts) -> Compared {
    let Some(state) = facts.state(change) else { return Compared::Unproven };
    let is_in_effect = match *change.operation {
        // Another group may have the id.
        Operation::CreateGroup(_) | Operation::EditGroup { .. } | Operation::DeleteGroup { .. } => {
            facts.is_in_effect(change) == Some(true)
        }
        _ => change.is_in_effect(state),
    };
    match state {
        _ if is_in_effect => Compared::InEffect,
        _ if facts.is_edited_since(change) => Compared::Changed(state),
        _ if state == change.before || change.before == State::Unread => Compared::AsPlanned,
        _ => Compared::Changed(state),
    }
}
