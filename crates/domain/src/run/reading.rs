//! Reading page by page: back, the results of calls whose responses were lost, or what a plan that is compared changes.

use super::apply::SETTLE_MS;
use super::doubt::Facts;
use super::recheck::Recheck;
use super::record::MAX_PACE_IN_ROW;
use super::slots::Slot;
use super::{Reading, Run, Step};
use crate::api_error::ErrorOrigin;
use crate::entry::{Entry, Learned, Pause, Status};
use crate::retry::{self, BatchFailure, MAX_READS, Meaning};
use crate::{
    ApiError, Budget, Change, ChangeId, ConsoleCode, Cursor, ErrorClass, Items, Millis, Operation, Outcome,
    Page, Query, ReadId, Scope, State,
};

/// Limit for lists that never end.
const MAX_PAGES: u32 = 10_000;
/// How long a call that was given up can still arrive: the minute for which the budget counts it as under
/// way. Until then, a change that is not found may still take effect.
const LONGEST_WAY_MS: Millis = 60_000;
/// How often a change is sent while its responses are lost.
const MAX_SENDINGS: u32 = 3;

/// A reading in progress.
#[derive(Clone, Debug)]
pub(super) struct Active {
    queries: Vec<Query>,
    pub(super) changes: Vec<ChangeId>,
    pub(super) facts: Facts,
    /// The current query, and the position within its list.
    place: usize,
    cursor: Option<Cursor>,
    /// The pending call, and when it was sent.
    call: Option<(ReadId, Millis)>,
    pub(super) not_before: Millis,
    /// For a re-check; `None` if it reads back.
    pub(super) recheck: Option<Recheck>,
    /// Whether it looks again for changes that an earlier reading did not find.
    is_second: bool,
    /// When it began. A change that was absent then may still take effect if its call was given up shortly
    /// before.
    began_at: Millis,
    /// When the last page came.
    pub(super) paged_at: Millis,
    pub(super) n_tries: u32,
    n_pace: u32,
    pub(super) n_pages: u32,
}

impl Active {
    /// A reading that has not begun.
    pub(super) fn new(queries: Vec<Query>, changes: Vec<ChangeId>, facts: Facts, now: Millis) -> Self {
        Self {
            queries,
            changes,
            facts,
            place: 0,
            cursor: None,
            call: None,
            not_before: 0,
            recheck: None,
            is_second: false,
            began_at: now,
            paged_at: now,
            n_tries: 0,
            n_pace: 0,
            n_pages: 0,
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.call.is_some()
    }
}

impl Run {
    /// When it looks again for changes that were not found, because their call may still arrive until then.
    /// `None` unless it waits for that.
    pub fn looks_again_at(&self) -> Option<Millis> {
        let reading = self.reading.as_ref()?;
        (self.status == Status::Running
            && reading.is_second
            && !reading.is_under_way()
            && reading.n_pages == 0)
            .then_some(reading.not_before)
    }
}

impl Run {
    /// Shifts all pending deadlines by the amount the clock was set.
    pub(crate) fn shift_clock(&mut self, jump: i64) {
        let moments = [&mut self.last_lost_at, &mut self.quiet_until, &mut self.look_again_at];
        let readings = self.reading.iter_mut().chain(&mut self.recheck);
        let of_readings = readings
            .flat_map(|reading| [&mut reading.not_before, &mut reading.began_at, &mut reading.paged_at]);
        let moments = moments.into_iter().chain(of_readings).chain(self.checked.values_mut());
        for moment in moments.filter(|moment| **moment > 0) {
            *moment = moment.saturating_add_signed(jump);
        }
    }

    /// Returns the step that reads the next page, or finishes the run if nothing is left to read.
    pub(super) fn read_back(&mut self, now: Millis, budget: &mut Budget) -> Step {
        if self.reading.is_none() {
            let Some((queries, changes)) = self.next_reading() else { return self.finish(now) };
            // A clock that was set back must not make "a minute ago" last for years.
            self.last_lost_at = self.last_lost_at.min(now);
            let look_again_at = std::mem::take(&mut self.look_again_at);
            let facts = Facts::wanted(changes.iter().map(|change| &self.plan.changes[change.as_idx()]));
            self.reading = Some(Active {
                not_before: look_again_at.min(now + LONGEST_WAY_MS),
                is_second: look_again_at > now,
                ..Active::new(queries, changes, facts, now)
            });
        }
        // A clock that was set back must not prolong the wait.
        self.quiet_until = self.quiet_until.min(now + SETTLE_MS);
        let mut not_before = self.quiet_until;
        if let Some(reading) = &mut self.reading {
            let longest = match reading.is_second {
                true => LONGEST_WAY_MS,
                false => retry::longest_backoff(reading.n_tries),
            };
            reading.not_before = reading.not_before.min(now + longest);
            not_before = not_before.max(reading.not_before);
        }
        if not_before > now {
            return Step::WaitUntil(not_before);
        }
        self.wait_or(now, budget, |run| {
            let id = run.next_read_id();
            Self::read_page(&mut run.reading, id, now)
        })
    }

    pub(super) fn next_read_id(&mut self) -> ReadId {
        self.next_read += 1;
        ReadId(self.next_read - 1)
    }

    /// The step that reads the next page.
    pub(super) fn read_page(reading: &mut Option<Active>, id: ReadId, now: Millis) -> Step {
        match reading {
            Some(reading) if reading.place < reading.queries.len() => {
                if reading.n_pages == 0 {
                    reading.began_at = now;
                }
                reading.call = Some((id, now));
                let (query, cursor) = (reading.queries[reading.place].clone(), reading.cursor);
                Step::Read(Reading { id, query, cursor })
            }
            _ => Step::Await,
        }
    }

    /// Records a page, or why it could not be read. Ignores pages that were not requested.
    pub fn record_page(
        &mut self,
        id: ReadId,
        result: Result<Page, BatchFailure>,
        now: Millis,
        budget: &mut Budget,
    ) {
        let Some((mut reading, sent_at)) = self.take_reading(id) else { return };
        budget.note_answered(sent_at, now);
        if self.status == Status::Stopping || self.is_over() {
            return;
        }
        let query = &reading.queries[reading.place];
        match result {
            Ok(page) => {
                budget.speed_up();
                (reading.n_tries, reading.n_pace) = (0, 0);
                self.take_page(reading, page, now);
            }
            Err(failure) => match Meaning::of(&failure) {
                Meaning::TooFast => {
                    reading.n_pace += 1;
                    retry::wait_for_pace(&mut self.dice, &failure.error, reading.n_pace, now, budget);
                    if reading.n_pace >= MAX_PACE_IN_ROW {
                        reading.n_pace = 0;
                        self.pause(Pause::Pace(failure.error), now);
                    }
                    self.put_reading(reading);
                }
                // The key is good, but may not read this.
                Meaning::Key if reading.recheck.is_some() && failure.error.status == Some(403) => {
                    self.fail_reading(&reading, failure.error, now);
                }
                Meaning::Key => {
                    self.pause(Pause::Key(failure.error), now);
                    self.put_reading(reading);
                }
                Meaning::Offline => {
                    self.pause(Pause::Offline, now);
                    self.put_reading(reading);
                }
                Meaning::TokenExpired => self.put_reading(reading),
                Meaning::Lost if reading.n_tries + 1 < MAX_READS => {
                    reading.n_tries += 1;
                    reading.not_before = now + retry::backoff(&mut self.dice, reading.n_tries);
                    self.put_reading(reading);
                }
                // A group requested by id and not found does not exist, if the vendor says so: a bare 404 may
                // come from any proxy on the way.
                Meaning::Known(_)
                    if failure.error.class == ErrorClass::NotFound
                        && !failure.error.is(ConsoleCode::HttpNotFound)
                        && matches!(query, Query::Group { .. }) =>
                {
                    let page = Page::whole(Items::Groups(Vec::new()));
                    self.take_page(reading, page, now);
                }
                Meaning::Lost | Meaning::Known(_) => self.fail_reading(&reading, failure.error, now),
            },
        }
    }

    /// The reading that waits for this page, and when the page was requested.
    fn take_reading(&mut self, id: ReadId) -> Option<(Active, Millis)> {
        for place in [&mut self.reading, &mut self.recheck] {
            let call = place.as_mut().and_then(|reading| reading.call.take_if(|(known, _)| *known == id));
            if let Some((_, sent_at)) = call {
                return Some((place.take()?, sent_at));
            }
        }
        None
    }

    /// Goes on with a reading.
    fn put_reading(&mut self, reading: Active) {
        let place = if reading.recheck.is_some() { &mut self.recheck } else { &mut self.reading };
        *place = Some(reading);
    }

    fn take_page(&mut self, mut reading: Active, page: Page, now: Millis) {
        let query = &reading.queries[reading.place];
        match page.items {
            Items::Members(members) => reading.facts.note_members(query, &members, page.total),
            Items::Groups(groups) => reading.facts.note_groups(query, groups),
            Items::Roles(_) | Items::Prices(_) => {}
        }
        reading.n_pages += 1;
        reading.paged_at = now;
        let next = page.next.filter(|_| !reading.facts.has_all(query));
        if next.is_some() && (next == reading.cursor || reading.n_pages >= MAX_PAGES) {
            let error = ApiError::new(ErrorClass::Unknown, ErrorOrigin::Decoding, ConsoleCode::DecodeShape);
            return self.fail_reading(&reading, error, now);
        }
        reading.cursor = next;
        if next.is_none() {
            reading.place += 1;
        }
        match &reading.recheck {
            _ if reading.place < reading.queries.len() => self.put_reading(reading),
            Some(recheck) => self.conclude_recheck(&reading, *recheck, now),
            None => self.conclude(&reading, now),
        }
    }

    fn fail_reading(&mut self, reading: &Active, error: ApiError, now: Millis) {
        if reading.recheck.is_some() {
            return self.pause(Pause::Unchecked(error), now);
        }
        let is_wanted = |change: &&ChangeId| self.is_in_doubt(**change) || self.lookups.contains(*change);
        let changes = reading.changes.iter().filter(is_wanted).copied().collect();
        self.commit(Entry::ReadFailed { at: now, error, changes });
    }

    fn is_in_doubt(&self, change: ChangeId) -> bool {
        matches!(self.slots.get(change), Some(Slot::Doubted(_)))
    }

    /// Decides what the facts mean for each change.
    fn conclude(&mut self, reading: &Active, now: Millis) {
        let (mut settled, mut again, mut learned) = (Vec::new(), Vec::new(), Vec::new());
        let all_arrived_at = self.last_lost_at.saturating_add(LONGEST_WAY_MS);
        let mut looks_again = false;
        for id in &reading.changes {
            let change = &self.plan.changes[id.as_idx()];
            let facts = &reading.facts;
            let mut is_in_effect = facts.is_in_effect(change);
            let is_early = is_in_effect == Some(false) && reading.began_at < all_arrived_at;
            if is_early {
                is_in_effect = None;
            }
            let slot = self.slots.get(*id);
            let outcome = match slot {
                Some(Slot::Doubted(idx) | Slot::Settled(idx)) => Some(self.slots.at(idx)),
                _ => None,
            };
            let waits = is_early && outcome.and_then(Outcome::error).is_some_and(may_still_arrive);
            let is_doubted = matches!(slot, Some(Slot::Doubted(_)));
            // The vendor said that the change was already in effect, but not with which scope: now it is
            // known.
            if let Some(claim) = outcome.and_then(Outcome::vague_claim)
                && (is_doubted || self.lookups.contains(id))
            {
                match facts.stands_otherwise(change) {
                    _ if is_in_effect == Some(true) => {
                        settled.push((*id, Outcome::NoOp(Some(claim.clone()))))
                    }
                    Some(code) => settled.push((*id, Outcome::Rejected(otherwise(claim, code)))),
                    None => {
                        if is_doubted {
                            settled.push((*id, Outcome::Unknown(claim.clone())));
                        }
                        learned.push((*id, Learned::NotFound { at: now }));
                    }
                }
                continue;
            }
            // Sending it again could lift a ban without the user's confirmation.
            let is_banned_anew = is_doubted
                && facts.stands_otherwise(change) == Some(ConsoleCode::RowBanned)
                && change.before != State::Scope(Scope::Banned);
            if let (true, Some(Outcome::Unknown(error))) = (is_banned_anew, outcome) {
                let error = otherwise(error, ConsoleCode::RowBanned);
                if waits {
                    looks_again = true;
                } else if is_early {
                    settled.push((*id, Outcome::Unknown(ApiError { class: ErrorClass::Unknown, ..error })));
                    learned.push((*id, Learned::NotFound { at: now }));
                } else {
                    settled.push((*id, Outcome::Rejected(error)));
                }
                continue;
            }
            match slot {
                Some(Slot::Doubted(_)) if is_in_effect == Some(true) => settled.push((*id, Outcome::Found)),
                Some(Slot::Doubted(_)) if self.n_doubts.get(id).is_none_or(|n| *n < MAX_SENDINGS) => {
                    again.push(*id);
                }
                Some(Slot::Doubted(_)) if waits => looks_again = true,
                Some(Slot::Doubted(_)) if is_in_effect == Some(false) => settled.push((*id, not_so())),
                Some(Slot::Doubted(idx)) => {
                    settled.push((*id, self.slots.at(idx).clone()));
                    learned.push((*id, Learned::NotFound { at: now }));
                }
                _ if !self.lookups.contains(id) => {}
                _ => match is_in_effect {
                    None if waits => looks_again = true,
                    None => learned.push((*id, Learned::NotFound { at: now })),
                    Some(false) => settled.push((*id, not_so())),
                    Some(true) if was_so(change) => settled.push((*id, Outcome::NoOp(None))),
                    Some(true) => settled.push((*id, Outcome::Found)),
                },
            }
        }
        if looks_again {
            self.look_again_at = all_arrived_at;
        }
        self.commit(Entry::Read { at: now, settled, again, learned });
    }
}

/// True if a call that failed with this error may still arrive. A call that the vendor itself answered may
/// not.
fn may_still_arrive(error: &ApiError) -> bool {
    matches!(error.origin, ErrorOrigin::Network | ErrorOrigin::Console)
        || matches!(error.status, Some(408 | 499 | 502 | 504))
}

/// The outcome of a change that was sent and did not take effect: the vendor never refused it, but its own
/// list shows so, a minute after the call was given up. It is not [`Outcome::NotSent`], because it was sent.
fn not_so() -> Outcome {
    Outcome::Rejected(ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, ConsoleCode::RowNotSo))
}

/// The same error, with our code for the status found.
fn otherwise(error: &ApiError, code: ConsoleCode) -> ApiError {
    ApiError {
        code: code.as_str().into(),
        class: ErrorClass::Refused,
        origin: ErrorOrigin::Vendor,
        ..error.clone()
    }
}

/// True if the change was known to be in effect before the run.
fn was_so(change: &Change) -> bool {
    change.before == change.after() && !matches!(*change.operation, Operation::EditGroup { .. })
}
