//! What must be so, whatever happened.

use domain::outcome::Verdict;
use domain::{ApiError, Batch, ChangeId, ErrorClass, Outcome, Plan, PlanId, Run, Step};

use crate::network::Errand;
use crate::universe::{Go, Halt, Universe};

impl Universe {
    /// The run as a page would find it now is the run that wrote it.
    pub(crate) fn compare_with_restored(&mut self, id: &PlanId) -> Result<(), String> {
        let Some(restored) = self.restore(id) else { return Err(format!("{id} cannot be read back")) };
        let is_damaged = self.disk.read(id, 0).is_some_and(|stored| stored.n_damaged > 0);
        self.counts.n_compared += 1;
        let Some(drive) = self.drive(id) else { return Ok(()) };
        if is_damaged {
            return Ok(());
        }
        same(&drive.run, &restored).map_err(|what| format!("{id} restored is another run: {what}"))
    }

    /// One call at a time changes a group, as far as anybody waits for it.
    pub(crate) fn check_lane(&self, id: &PlanId, batch: &Batch) -> Go {
        let shares_lane = |errand: &Errand| match errand {
            Errand::Batch(run, other) => run == id && other.effect().lane() == batch.effect().lane(),
            Errand::Reading(..) | Errand::Page => false,
        };
        let is_second = self.calls.values().any(|call| call.is_awaited && shares_lane(&call.errand));
        if is_second {
            Err(Halt::Wrong(format!("{id} changes one group by two calls at once")))
        } else {
            Ok(())
        }
    }

    /// Everything that must be so when nothing is going to happen any more.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        if !self.is_over() {
            return Err("nothing is going to happen, and a run is not over".into());
        }
        let runs: Vec<PlanId> = self.begun.iter().filter(|id| !self.gone.contains(*id)).cloned().collect();
        for id in runs {
            self.check_outcomes(&id).map_err(|what| format!("{id}: {what}"))?;
            self.check_followers(&id)?;
            let is_unwritten = self.drive(&id).is_none_or(|drive| drive.is_unwritten);
            if !is_unwritten {
                self.compare_with_restored(&id)?;
                self.check_rest(&id)?;
            }
        }
        for text in self.disk.text() {
            if text.contains(crate::wishes::PASSWORD) || text.contains("a-key") || text.contains("a-secret") {
                return Err("what is written down holds a key or a password".into());
            }
        }
        Ok(())
    }

    fn check_outcomes(&mut self, id: &PlanId) -> Result<(), String> {
        let plan: Plan = self.plans[id].clone();
        let is_calm = self.case.faults.is_calm();
        let n_changes = plan.changes.len();
        for change in &plan.changes {
            let Some(drive) = self.drive(id) else { return Err("nobody drives it".into()) };
            let Some(outcome) = drive.run.outcome(change.id) else {
                return Err(format!("change {} has no outcome", change.id.0));
            };
            let is_so = self.truth.is_so(self.case.vendor, change);
            let was_so = crate::truth::Truth::default().is_so(self.case.vendor, change);
            let verdict = outcome.verdict();
            self.counts.n_outcomes[verdict as usize] += 1;
            let wrong = |what: &str| {
                Err(format!(
                    "change {} is {what}: {:?} of {:?} ended as {outcome:?}",
                    change.id.0, change.effect, change.person.key
                ))
            };
            if outcome.error().is_some_and(is_passing) {
                return wrong("settled by what passes");
            }
            match verdict {
                Verdict::Done if is_so == Some(false) => return wrong("done and not so in the sandbox"),
                // Whoever tries again what is unknown may be refused because it had been done.
                Verdict::Refused | Verdict::NotSent
                    if is_so == Some(true)
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
        let Some(drive) = self.drive(id) else { return Err("nobody drives it".into()) };
        let tally = drive.run.tally();
        let receipt = drive.run.receipt();
        if tally.n_waiting > 0 || tally.n_all() != n_changes || receipt.tally() != tally {
            return Err(format!(
                "the tally is wrong: {tally:?} for {n_changes}, receipt {:?}",
                receipt.tally()
            ));
        }
        Ok(())
    }

    fn check_followers(&mut self, id: &PlanId) -> Result<(), String> {
        let Some(driver) = self.locks.get(id).and_then(|tab| self.tabs.get(tab)?.drives.get(id)) else {
            return Ok(());
        };
        if driver.is_unwritten {
            return Ok(());
        }
        for (tab, follower) in self.tabs.iter().filter_map(|(tab, all)| Some((tab, all.follows.get(id)?))) {
            same(&driver.run, follower).map_err(|what| format!("tab {tab} shows {id} otherwise: {what}"))?;
        }
        Ok(())
    }

    /// A run that is over stays over: opened again, it sends nothing and writes nothing.
    fn check_rest(&mut self, id: &PlanId) -> Result<(), String> {
        let Some(mut run) = self.restore(id) else { return Err(format!("{id} cannot be read back")) };
        let (now, mut budget) = (self.now + 1, self.budget());
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

/// Whether an error says nothing about a change: the pace, or a key that can be given again.
fn is_passing(error: &ApiError) -> bool {
    error.class == ErrorClass::RateLimited || (error.class == ErrorClass::Auth && error.status == Some(401))
}

fn is_lost(outcome: &Outcome) -> bool {
    use domain::api_error::Origin;
    outcome.error().is_some_and(|error| matches!(error.origin, Origin::Network | Origin::Decoding))
}

/// Whether two runs show the same.
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
    for (idx, (left, right)) in outcomes(driven).zip(outcomes(shown)).enumerate() {
        let id = ChangeId(idx as u32);
        if left != right || driven.batch(id) != shown.batch(id) || driven.learned(id) != shown.learned(id) {
            return Err(format!("change {idx}: {left:?} and {right:?}"));
        }
    }
    Ok(())
}
