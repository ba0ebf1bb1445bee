//! Tabs and the people in front of them: beginning, following, dying, coming back, pressing buttons.

use domain::outcome::Verdict;
use domain::{ChangeId, Pause, PlanId, Run, Status, Stored, entry};

use crate::disk;
use crate::event::Event;
use crate::network::Errand;
use crate::sabotage::Sabotage;
use crate::tab::{Drive, Tab};
use crate::universe::{Go, Halt, Universe};

impl Universe {
    /// Somebody presses "Apply".
    pub(crate) fn begin(&mut self, nth: usize) -> Go {
        let Some(tab) = self.tabs.keys().next().copied() else {
            // The page is dead at the moment; it comes back.
            self.queue_in(10_000, Event::Begin(nth));
            return Ok(());
        };
        let plan = self.case.plans[nth].clone();
        if !plan.is_applicable() {
            self.gone.insert(plan.id);
            return Ok(());
        }
        let id = plan.id.clone();
        self.say(|| format!("{id} begins with {} changes", plan.changes.len()));
        self.counts.n_changes += plan.changes.len() as u64;
        self.disk.begin(&disk::heading(&plan, self.now), entry::chunks(&plan).collect());
        let run = Run::new(plan, &self.limits(), &self.capabilities(), self.case.seed);
        self.begun.insert(id.clone());
        let others: Vec<u32> = self.tabs.keys().copied().filter(|other| *other != tab).collect();
        for other in others {
            if let (Some(shown), Some(other)) = (self.restore(&id), self.tabs.get_mut(&other)) {
                other.follows.insert(id.clone(), shown);
            }
        }
        self.lead(tab, id.clone(), run);
        self.turn(&id)
    }

    fn lead(&mut self, tab: u32, id: PlanId, run: Run) {
        self.locks.insert(id.clone(), tab);
        let drive = Drive { run, pending: Vec::new(), wake: 0, is_unwritten: false };
        if let Some(tab) = self.tabs.get_mut(&tab) {
            tab.drives.insert(id, drive);
        }
    }

    /// A run as a page finds it.
    pub(crate) fn restore(&self, id: &PlanId) -> Option<Run> {
        let Stored { heading, chunks, lines, mut n_damaged, next_seq } = self.disk.read(id, 0)?;
        let plan = entry::plan_of(&heading, chunks).ok()?;
        if self.sabotage == Some(Sabotage::IgnoreDamage) {
            n_damaged = 0;
        }
        let seed = self.case.seed ^ self.now;
        let (limits, capabilities) = (self.limits(), self.capabilities());
        Some(Run::restore(plan, &limits, &capabilities, seed, lines, n_damaged, next_seq))
    }

    /// The console is opened in a second tab.
    pub(crate) fn open_second_tab(&mut self) {
        let tab = self.n_tabs;
        self.n_tabs += 1;
        self.tabs.insert(tab, Tab::default());
        self.say(|| format!("tab {tab} opens and follows"));
        let runs: Vec<PlanId> = self.begun.iter().cloned().collect();
        for id in runs {
            if self.sabotage == Some(Sabotage::IgnoreLock)
                && let Some(mut run) = self.restore(&id)
            {
                run.take_over(self.now);
                self.lead(tab, id, run);
                continue;
            }
            if let Some(run) = self.restore(&id)
                && let Some(tab) = self.tabs.get_mut(&tab)
            {
                tab.follows.insert(id, run);
            }
        }
    }

    /// A follower reads what is new.
    pub(crate) fn follow(&mut self, tab: u32, id: &PlanId) {
        let Some(run) = self.tabs.get_mut(&tab).and_then(|tab| tab.follows.get_mut(id)) else { return };
        let Some(stored) = self.disk.read(id, run.seq()) else { return };
        for line in stored.lines {
            if self.sabotage == Some(Sabotage::MissRecord) && line.seq % 7 == 3 {
                continue;
            }
            run.follow(&line);
        }
    }

    /// A page dies with everything that it did not write down.
    pub(crate) fn crash(&mut self, tab: u32) {
        self.counts.n_crashes += 1;
        let Some(dead) = self.tabs.remove(&tab) else { return };
        let aborted: Vec<u64> =
            self.calls.iter().filter(|(_, call)| call.tab == tab).map(|(n, _)| *n).collect();
        for number in aborted {
            let is_aborted = self.chance.permille(400);
            if let Some(call) = self.calls.get_mut(&number) {
                call.is_awaited = false;
                if call.request.is_none() || is_aborted || matches!(call.errand, Errand::Page) {
                    self.calls.remove(&number);
                }
            }
        }
        self.locks.retain(|_, holder| *holder != tab);
        for (id, drive) in dead.drives {
            if drive.is_unwritten {
                self.say(|| format!("{id} is gone with its page"));
                self.gone.insert(id);
                continue;
            }
            if std::mem::take(&mut self.is_damage_due) {
                let nth = self.habits.below(self.disk.n_lines(&id) as u64) as usize;
                self.say(|| format!("record {nth} of {id} is unreadable"));
                self.disk.damage(&id, nth);
            }
        }
        let left: Vec<PlanId> = self.begun.difference(&self.gone).cloned().collect();
        let mut is_reopened = self.tabs.is_empty();
        for id in left.into_iter().filter(|id| !self.locks.contains_key(id)).collect::<Vec<_>>() {
            match self.tabs.iter().find(|(_, tab)| tab.follows.contains_key(&id)).map(|(tab, _)| *tab) {
                Some(tab) => self.queue_in(40, Event::Granted { tab, run: id }),
                None => is_reopened = true,
            }
        }
        if is_reopened {
            let wait = self.habits.pick(&[300, 5_000, 45_000, 7_200_000]);
            self.queue_in(wait, Event::Reopen);
        }
        self.schedule_crash();
    }

    /// The lock of a run whose driver is gone goes to a tab that followed it.
    pub(crate) fn take_over(&mut self, tab: u32, id: &PlanId) -> Go {
        if self.locks.contains_key(id) || !self.tabs.contains_key(&tab) {
            return Ok(());
        }
        self.follow(tab, id);
        let Some(run) = self.tabs.get_mut(&tab).and_then(|tab| tab.follows.remove(id)) else { return Ok(()) };
        // A follower that cannot read a record restores the run, as a page that opens does.
        let is_damaged = self.disk.read(id, 0).is_some_and(|stored| stored.n_damaged > 0);
        let run = if is_damaged { self.restore(id).unwrap_or(run) } else { run };
        self.counts.n_takeovers += 1;
        self.say(|| format!("tab {tab} takes {id} over"));
        self.drive_on(tab, id, run)
    }

    /// The console is opened again after it died; the person goes on with what stopped.
    pub(crate) fn reopen(&mut self) -> Go {
        let tab = self.n_tabs;
        self.n_tabs += 1;
        self.tabs.insert(tab, Tab::default());
        self.say(|| format!("tab {tab} opens"));
        if self.sabotage == Some(Sabotage::ForgetBudget) {
            self.disk.write_budget(&domain::Budget::new(self.limits().windows));
        }
        let runs: Vec<PlanId> = self.begun.iter().filter(|id| !self.gone.contains(*id)).cloned().collect();
        for id in &runs {
            if self.locks.contains_key(id) {
                continue;
            }
            let Some(run) = self.restore(id) else {
                return Err(Halt::Wrong(format!("{id} cannot be restored")));
            };
            self.drive_on(tab, id, run)?;
        }
        Ok(())
    }

    fn drive_on(&mut self, tab: u32, id: &PlanId, run: Run) -> Go {
        let now = self.now;
        self.lead(tab, id.clone(), run);
        let budget = self.budget();
        let is_forgotten = self.sabotage == Some(Sabotage::ForgetTakeOver);
        if let Some(drive) = self.drive(id)
            && !is_forgotten
        {
            drive.run.take_over(now);
        }
        self.point(tab, "taken over, not written")?;
        if !self.save(id, &budget)?
            && let Some(drive) = self.drive(id)
        {
            drive.run.pause(Pause::Journal, now);
        }
        self.turn(id)
    }

    /// The network goes or comes back; runs that rested for it go on.
    pub(crate) fn switch_network(&mut self, is_online: bool) -> Go {
        self.is_online = is_online;
        self.say(|| format!("online: {is_online}"));
        if !is_online {
            return Ok(());
        }
        let runs: Vec<PlanId> = self.locks.keys().cloned().collect();
        for id in runs {
            let is_waiting = self
                .drive(&id)
                .is_some_and(|drive| matches!(drive.run.status(), Status::Paused(Pause::Offline)));
            if is_waiting {
                self.go_on(&id)?;
            }
        }
        Ok(())
    }

    /// Somebody presses a button of a run that is not over.
    pub(crate) fn press(&mut self) -> Go {
        let now = self.now;
        let runs: Vec<PlanId> = self.locks.keys().cloned().collect();
        if runs.is_empty() {
            return Ok(());
        }
        let id = runs[self.habits.below(runs.len() as u64) as usize].clone();
        let which = self.habits.below(10);
        let Some(drive) = self.drive(&id) else { return Ok(()) };
        if drive.run.is_over() {
            return Ok(());
        }
        match which {
            0..=2 => drive.run.pause(Pause::Person, now),
            3 | 4 => drive.run.resume(now),
            5 => drive.run.stop(now),
            6 | 7 => {
                let waiting = drive.run.with_verdict(None);
                let some = self.some_of(waiting);
                if let Some(drive) = self.drive(&id) {
                    drive.run.skip(&some, now);
                }
            }
            8 => self.retry_some(&id),
            _ => self.check_some(&id),
        }
        self.counts.n_presses += 1;
        self.say(|| format!("{id}: somebody presses button {which}"));
        self.save_and_turn(&id)
    }

    /// Somebody tries again after the end.
    pub(crate) fn try_again(&mut self, id: &PlanId) -> Go {
        if self.habits.permille(500) {
            self.retry_some(id);
        } else {
            self.check_some(id);
        }
        self.say(|| format!("{id}: somebody tries again"));
        self.save_and_turn(id)
    }

    fn save_and_turn(&mut self, id: &PlanId) -> Go {
        let (now, budget) = (self.now, self.budget());
        if !self.save(id, &budget)?
            && let Some(drive) = self.drive(id)
        {
            drive.run.pause(Pause::Journal, now);
        }
        self.turn(id)
    }

    fn retry_some(&mut self, id: &PlanId) {
        let now = self.now;
        let Some(drive) = self.drive(id) else { return };
        let mut all = drive.run.with_verdict(Some(Verdict::Refused));
        all.extend(drive.run.with_verdict(Some(Verdict::Unknown)));
        all.extend(drive.run.with_verdict(Some(Verdict::NotSent)));
        let some = self.some_of(all);
        for change in &some {
            *self.allowances.entry((id.clone(), *change)).or_default() += 1;
        }
        if let Some(drive) = self.drive(id) {
            drive.run.retry(&some, now);
        }
    }

    fn check_some(&mut self, id: &PlanId) {
        let now = self.now;
        let Some(drive) = self.drive(id) else { return };
        let unknown = drive.run.with_verdict(Some(Verdict::Unknown));
        let checkable = unknown.into_iter().filter(|change| drive.run.is_checkable(*change)).collect();
        let some = self.some_of(checkable);
        if let Some(drive) = self.drive(id) {
            drive.run.check(&some, now);
        }
    }

    fn some_of(&mut self, all: Vec<ChangeId>) -> Vec<ChangeId> {
        let share = self.habits.pick(&[100, 500, 1_000]);
        all.into_iter().filter(|_| self.habits.permille(share)).collect()
    }
}
