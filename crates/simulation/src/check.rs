//! The invariants, checked during and after a case.

use domain::outcome::Verdict;
use domain::{Action, ApiError, Batch, ChangeId, Driver, ErrorClass, Outcome, Plan, PlanId, Run, Step};

use crate::network::Errand;
use crate::universe::{FIRST_DAY, Go, Halt, Universe};

impl Universe {
    /// Checks that the run restored from the journal equals the run that wrote it.
    pub(crate) fn compare_with_restored(&mut self, tab: u32, id: &PlanId) -> Result<(), String> {
        let Some(stored) = self.disk.read(id, 0) else { return Err(format!("{id} cannot be read back")) };
        let is_damaged = stored.n_damaged > 0;
        let restored = Driver::restore(stored, &self.setting()).map_err(|error| format!("{id}: {error}"))?;
        self.counts.n_compared += 1;
        let Some(driver) = self.driver(tab, id) else { return Ok(()) };
        if is_damaged {
            return Ok(());
        }
        same(driver.run(), &restored).map_err(|what| format!("{id} restored is another run: {what}"))
    }

    /// Checks that a batch is journaled before it is sent (unless the user chose to continue without a
    /// journal), that the page is not hidden and the run not stopped, and that no attempt is sent twice.
    pub(crate) fn check_sending(&mut self, tab: u32, id: &PlanId, batch: &Batch) -> Go {
        let Some(driver) = self.driver(tab, id) else { return Ok(()) };
        let is_unwritten = driver.is_unwritten();
        if is_unwritten && !self.allowed_unwritten.contains(id) {
            return Err(Halt::Wrong(format!("{id} goes on without a journal, and nobody chose so")));
        }
        if !is_unwritten && !self.written.contains(&(id.clone(), batch.id, batch.n_attempts)) {
            let (call, attempt) = (batch.id.0, batch.n_attempts);
            return Err(Halt::Wrong(format!(
                "call {call} of {id}, attempt {attempt}, is sent and not written"
            )));
        }
        if self.is_hidden(tab) {
            return Err(Halt::Wrong(format!("{id} sends from a page that is put aside")));
        }
        if self.stopped.contains(id) {
            return Err(Halt::Wrong(format!("{id} was stopped and sends")));
        }
        if !self.sent.insert((id.clone(), batch.id, batch.n_attempts)) {
            let (call, attempt) = (batch.id.0, batch.n_attempts);
            return Err(Halt::Wrong(format!("call {call} of {id} goes out twice as attempt {attempt}")));
        }
        Ok(())
    }

    /// Checks that only one awaited call at a time changes a group.
    pub(crate) fn check_lane(&self, id: &PlanId, batch: &Batch) -> Go {
        let shares_lane = |errand: &Errand| match errand {
            Errand::Batch(run, other) => run == id && other.operation().group() == batch.operation().group(),
            Errand::Reading(..) | Errand::Page(_) => false,
        };
        let is_second = self.calls.values().any(|call| call.is_awaited && shares_lane(&call.errand));
        // A second driver does not wait for the calls of the first.
        if is_second && !self.may_have_two_drivers() {
            Err(Halt::Wrong(format!("{id} changes one group by two calls at once")))
        } else {
            Ok(())
        }
    }

    /// Checks everything that must hold when no events are left.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        if !self.is_over() {
            let shown: Vec<String> = self
                .tabs
                .iter()
                .flat_map(|(tab, state)| state.drivers.iter().map(move |(run, driver)| (tab, run, driver)))
                .map(|(tab, run, driver)| format!("tab {tab} {run}: {}", driver.describe()))
                .collect();
            return Err(format!("nothing is going to happen, and a run is not over: {}", shown.join("; ")));
        }
        let runs: Vec<PlanId> = self.begun.iter().filter(|id| !self.gone.contains(*id)).cloned().collect();
        for id in runs {
            self.check_outcomes(&id).map_err(|what| format!("{id}: {what}"))?;
            let Some(chief) = self.chief(&id) else { return Err(format!("no page shows {id}")) };
            self.check_followers(chief, &id)?;
            let is_unwritten = self.driver(chief, &id).is_none_or(|driver| driver.is_unwritten());
            // A damaged journal shows only when the run is opened again.
            let is_whole = self.disk.read(&id, 0).is_some_and(|stored| stored.n_damaged == 0);
            if !is_unwritten && is_whole {
                self.compare_with_restored(chief, &id)?;
                self.check_rest(&id)?;
            }
        }
        for text in self.disk.text() {
            if text.contains(crate::plans::PASSWORD) || text.contains("a-key") || text.contains("a-secret") {
                return Err("what is written down holds a key or a password".into());
            }
        }
        Ok(())
    }

    fn check_outcomes(&mut self, id: &PlanId) -> Result<(), String> {
        let plan: Plan = self.plans[id].clone();
        let is_calm = self.case.faults.is_calm();
        let n_changes = plan.changes.len();
        let Some(chief) = self.chief(id) else { return Err("no page shows it".into()) };
        for change in &plan.changes {
            let Some(driver) = self.driver(chief, id) else { return Err("no page shows it".into()) };
            let Some(outcome) = driver.run().outcome(change.id) else {
                return Err(format!("change {} has no outcome", change.id.0));
            };
            let is_in_effect = self.world.holds(self.case.vendor, change);
            // Another moderator may have changed it before or since.
            let is_in_effect = is_in_effect.filter(|_| !self.is_moderated(change));
            let was_so = FIRST_DAY.holds(self.case.vendor, change);
            let verdict = outcome.verdict();
            self.counts.n_outcomes[verdict as usize] += 1;
            self.counts.n_changed +=
                u64::from(outcome.error().is_some_and(|error| error.found_state().is_some()));
            let wrong = |what: &str| {
                Err(format!(
                    "change {} is {what}: {:?} of {:?} ended as {outcome:?}",
                    change.id.0, change.operation, change.person.key
                ))
            };
            if outcome.error().is_some_and(is_passing) {
                return wrong("settled by what passes");
            }
            match verdict {
                Verdict::Done if is_in_effect == Some(false) => {
                    return wrong("done and not so in the sandbox");
                }
                // The other plan may have changed it after planning.
                Verdict::Same if is_in_effect == Some(false) && change.action != Action::NoOp => {
                    return wrong("so already and not so in the sandbox");
                }
                // Retrying an unknown outcome may be refused because the change was already made.
                Verdict::Refused | Verdict::NotSent
                    if is_in_effect == Some(true)
                        && was_so == Some(false)
                        && !self.allowances.contains_key(&(id.clone(), change.id)) =>
                {
                    return wrong("refused or not sent, and so in the sandbox");
                }
                Verdict::Unknown if is_calm && is_lost(&outcome) => {
                    return wrong("unknown though nothing was lost");
                }
                _ => {}
            }
        }
        let Some(driver) = self.driver(chief, id) else { return Err("no page shows it".into()) };
        let tally = driver.run().tally();
        let receipt = driver.run().receipt();
        if tally.n_waiting > 0 || tally.n_all() != n_changes || receipt.tally() != tally {
            return Err(format!(
                "the tally is wrong: {tally:?} for {n_changes}, receipt {:?}",
                receipt.tally()
            ));
        }
        Ok(())
    }

    fn check_followers(&mut self, chief: u32, id: &PlanId) -> Result<(), String> {
        let Some(driver) = self.tabs.get(&chief).and_then(|tab| tab.drivers.get(id)) else { return Ok(()) };
        // Other pages can only show what is persisted.
        if driver.is_unwritten() || self.disk.read(id, 0).is_none() {
            return Ok(());
        }
        for (tab, state) in &self.tabs {
            let Some(follower) = state.drivers.get(id).filter(|_| *tab != chief && !state.is_outdated) else {
                continue;
            };
            same(driver.run(), follower.run())
                .map_err(|what| format!("tab {tab} shows {id} otherwise: {what}"))?;
        }
        Ok(())
    }

    /// Checks that a run in a terminal state stays there: reopened, it sends nothing and changes no outcome.
    fn check_rest(&mut self, id: &PlanId) -> Result<(), String> {
        let Some(stored) = self.disk.read(id, 0) else { return Err(format!("{id} cannot be read back")) };
        let mut run = Driver::restore(stored, &self.setting()).map_err(|error| format!("{id}: {error}"))?;
        let (now, mut budget) = (self.wall() + 1, self.budget(0));
        let before: Vec<Option<Outcome>> = outcomes(&run).collect();
        run.take_over(now);
        run.resume(now);
        for at in 0..3 {
            let step = run.poll(now + at, &mut budget);
            if step != Step::Done {
                return Err(format!("{id} is over and goes on with {step:?}"));
            }
        }
        let written = run.drain();
        if outcomes(&run).ne(before) {
            return Err(format!("{id} was over and changed when it was opened: {written:?}"));
        }
        Ok(())
    }
}

fn outcomes(run: &Run) -> impl Iterator<Item = Option<Outcome>> {
    (0..run.plan().changes.len()).map(|idx| run.outcome(ChangeId(idx as u32)))
}

/// True for an error that is not about a change: a rate limit, or a key that can be replaced.
fn is_passing(error: &ApiError) -> bool {
    error.class == ErrorClass::RateLimited || (error.class == ErrorClass::Auth && error.status == Some(401))
}

fn is_lost(outcome: &Outcome) -> bool {
    use domain::api_error::ErrorOrigin;
    outcome.error().is_some_and(|error| matches!(error.origin, ErrorOrigin::Network | ErrorOrigin::Decoding))
}

/// Compares the visible state of two runs.
fn same(driven: &Run, shown: &Run) -> Result<(), String> {
    if driven.seq() != shown.seq() {
        return Err(format!("record {} and record {}", driven.seq(), shown.seq()));
    }
    if driven.tally() != shown.tally() || driven.status() != shown.status() {
        return Err(format!(
            "{:?} {:?} and {:?} {:?}",
            driven.tally(),
            driven.status(),
            shown.tally(),
            shown.status()
        ));
    }
    if driven.plan().approval != shown.plan().approval || driven.plan().is_undo != shown.plan().is_undo {
        return Err("one of them is not approved, or by others, or is no undo".into());
    }
    for (idx, (left, right)) in outcomes(driven).zip(outcomes(shown)).enumerate() {
        let id = ChangeId(idx as u32);
        if left != right || driven.batch(id) != shown.batch(id) || driven.learned(id) != shown.learned(id) {
            return Err(format!("change {idx}: {left:?} and {right:?}"));
        }
    }
    Ok(())
}
