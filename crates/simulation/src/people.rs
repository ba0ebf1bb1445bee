//! Tabs and their users: starting and opening runs, crashes, reopening, pressing buttons, and fixing what a
//! run waits for.

use domain::driver::{Event as Told, Hold, Intent, Message};
use domain::journal::StorageError;
use domain::outcome::Verdict;
use domain::{BaseUrl, ChangeId, Driver, Pause, PlanId, Run, Secret, Status};

use crate::case::Edit;
use crate::disk;
use crate::event::Event;
use crate::network::Errand;
use crate::sabotage::Sabotage;
use crate::tab::Tab;
use crate::universe::{Go, Halt, Universe};

impl Universe {
    /// The user presses "Apply".
    pub(crate) fn begin(&mut self, nth: usize) -> Go {
        let Some(tab) = self.tabs.iter().find(|(_, tab)| !tab.is_hidden).map(|(tab, _)| *tab) else {
            // All pages are dead or hidden at the moment; try again later.
            self.queue_in(10_000, Event::Begin(nth));
            return Ok(());
        };
        let mut plan = self.case.plans[nth].clone();
        if self.sabotage == Some(Sabotage::ForgetApproval) {
            (plan.approval, plan.is_undo) = (None, false);
        }
        // The console starts a plan only at the target it was made for.
        if !plan.is_applicable() || self.place.target() != self.case.connection().target() {
            self.gone.insert(plan.id);
            return Ok(());
        }
        let id = plan.id.clone();
        self.say(|| format!("{id} begins with {} changes", plan.changes.len()));
        self.counts.n_changes += plan.changes.len() as u64;
        self.counts.n_without_storage += u64::from(self.disk.is_missing);
        let heading = disk::heading(&plan, &self.place, self.wall());
        let setting = self.setting();
        let run = Run::new(plan, &setting.limits, &setting.capabilities, self.case.seed);
        self.begun.insert(id.clone());
        self.take_in(tab, id.clone(), Driver::start(run, heading, setting))
    }

    fn take_in(&mut self, tab: u32, id: PlanId, mut driver: Driver) -> Go {
        if self.is_hidden(tab) {
            driver.handle(Told::Hidden, &self.around(tab));
        }
        if let Some(tab) = self.tabs.get_mut(&tab) {
            tab.drivers.insert(id.clone(), driver);
        }
        self.perform(tab, &id)
    }

    /// Opens a run from the journal; false if it is not there.
    fn open_run(&mut self, tab: u32, id: &PlanId) -> Go<bool> {
        let Ok(mut stored) =
            self.disk_for(tab).and_then(|disk| disk.read(id, 0).ok_or(StorageError::Missing))
        else {
            return Ok(false);
        };
        if self.sabotage == Some(Sabotage::IgnoreDamage) {
            stored.n_damaged = 0;
        }
        let (heading, setting, around) = (stored.heading.clone(), self.setting(), self.around(tab));
        let Ok(run) = Driver::restore(stored, &setting) else {
            return Err(Halt::Wrong(format!("{id} cannot be restored")));
        };
        let is_locked = self.locks.contains_key(id)
            && !self.case.faults.has_no_locks
            && self.sabotage != Some(Sabotage::IgnoreLock);
        let driver = if self.sabotage == Some(Sabotage::ForgetTakeOver) {
            Driver::start(run, heading, setting)
        } else {
            Driver::find(run, heading, setting, is_locked, &around)
        };
        self.counts.n_held += u64::from(driver.hold().is_some());
        let is_going_on = !is_locked && driver.hold().is_none() && *driver.run().status() == Status::Running;
        self.counts.n_self_resumed += u64::from(is_going_on);
        self.take_in(tab, id.clone(), driver)?;
        Ok(true)
    }

    /// Opens a run that a tab hears of for the first time.
    pub(crate) fn open_if_unknown(&mut self, tab: u32, id: &PlanId, event: &Told) -> Go {
        let is_news = matches!(event, Told::Told(Message::Driven | Message::Wrote { .. }));
        let is_unknown = self.tabs.get(&tab).is_some_and(|tab| !tab.drivers.contains_key(id));
        if is_news && is_unknown {
            self.open_run(tab, id)?;
        }
        Ok(())
    }

    /// Opens the console in another tab.
    pub(crate) fn open_tab(&mut self) -> Go {
        let tab = self.n_tabs;
        self.n_tabs += 1;
        let lacks_key = self.case.faults.forgets_keys;
        self.tabs.insert(tab, Tab { lacks_key, ..Tab::default() });
        self.say(|| format!("tab {tab} opens"));
        self.counts.n_keyless += u64::from(lacks_key);
        let runs: Vec<PlanId> = self.begun.difference(&self.gone).cloned().collect();
        for id in runs {
            let is_there = self.open_run(tab, &id)?;
            let is_known = self.tabs.values().any(|tab| tab.drivers.contains_key(&id));
            if !is_there && !is_known {
                self.say(|| format!("{id} is not in the journal any more"));
                self.gone.insert(id);
            }
        }
        Ok(())
    }

    /// Kills a page: everything it has not persisted is lost.
    pub(crate) fn crash(&mut self, tab: u32) {
        self.counts.n_crashes += 1;
        let Some(dead) = self.tabs.remove(&tab) else { return };
        let aborted: Vec<u64> =
            self.calls.iter().filter(|(_, call)| call.tab == tab).map(|(n, _)| *n).collect();
        for number in aborted {
            let is_aborted = self.chance.permille(400);
            if let Some(call) = self.calls.get_mut(&number) {
                call.is_awaited = false;
                if call.request.is_none() || is_aborted || matches!(call.errand, Errand::Page(_)) {
                    self.calls.remove(&number);
                }
            }
        }
        for (id, driver) in dead.drivers {
            let is_chief = self.locks.get(&id) == Some(&tab) || driver.is_unwritten();
            // If a gap was noted, the next page opens the run as far as it was persisted.
            if driver.is_unwritten() && !driver.run().is_over() && self.disk.read(&id, 0).is_none() {
                self.say(|| format!("{id} is gone with its page"));
                self.gone.insert(id.clone());
            }
            let is_elsewhere = self.tabs.values().any(|tab| tab.drivers.contains_key(&id));
            if !is_elsewhere && self.disk.read(&id, 0).is_none() {
                self.say(|| format!("{id} is gone with its page, and nothing of it was sent unwritten"));
                self.gone.insert(id.clone());
            }
            if is_chief && self.disk.n_lines(&id) > 0 {
                self.age(&id);
            }
            if self.locks.get(&id) == Some(&tab) {
                self.locks.remove(&id);
                self.grant_next(&id);
            }
            // Without locks, only the user notices.
            let others: Vec<u32> = self.tabs.keys().copied().collect();
            others.into_iter().for_each(|other| self.look_after(other, &id));
        }
        if self.tabs.is_empty() {
            let wait = self.habits.pick(&[300, 5_000, 45_000, 7_200_000]);
            self.queue_in(wait, Event::Reopen);
        }
        self.schedule_crash();
    }

    /// Damages a journal after a crash, if the case says so.
    fn age(&mut self, id: &PlanId) {
        if std::mem::take(&mut self.is_damage_due) {
            let nth = self.habits.below(self.disk.n_lines(id) as u64) as usize;
            self.say(|| format!("record {nth} of {id} is unreadable"));
            self.disk.damage(id, nth);
        }
    }

    /// Cuts the power: every page dies, and transactions not flushed to disk may be lost.
    pub(crate) fn cut_power(&mut self) -> Go {
        let most = self.disk.n_relaxed();
        let n = self.habits.below(most as u64 + 1) as usize;
        self.say(|| format!("the power goes, and {n} of {most} transactions are lost"));
        self.counts.n_power_cuts += 1;
        self.counts.n_lost_turns += self.disk.lose_tail(n) as u64;
        let tabs: Vec<u32> = self.tabs.keys().copied().collect();
        tabs.into_iter().for_each(|tab| self.crash(tab));
        Ok(())
    }

    /// Reopens the console after all pages died.
    pub(crate) fn reopen(&mut self) -> Go {
        if !self.tabs.is_empty() {
            return Ok(());
        }
        if self.sabotage == Some(Sabotage::ForgetBudget) {
            let windows = self.limits().windows;
            self.disk.write_budget(&domain::Budget::new(windows));
        }
        if let Some(edit) = self.case.faults.edit.filter(|_| self.counts.n_edits == [0; 4]) {
            self.edit_connection(edit)?;
        }
        self.open_tab()
    }

    /// Edits the connection and notifies every tab.
    pub(crate) fn edit_connection(&mut self, edit: Edit) -> Go {
        if self.counts.n_edits != [0; 4] {
            return Ok(());
        }
        self.say(|| format!("the connection is edited: {edit:?}"));
        self.counts.n_edits[edit as usize] += 1;
        match edit {
            Edit::Address => {
                self.place.base_url = BaseUrl::parse("https://elsewhere.example", true).expect("an address");
            }
            Edit::ActingPerson => self.place.acting_as = Some("another".into()),
            Edit::Pace => self.place.calls_per_minute = Some(30),
            Edit::Key => self.is_key_good = true,
        }
        self.tell_all(|| Told::Changed)
    }

    /// Sends an event to every driver of every tab.
    fn tell_all(&mut self, event: fn() -> Told) -> Go {
        let tabs: Vec<u32> = self.tabs.keys().copied().collect();
        tabs.into_iter().try_for_each(|tab| self.tell_tab(tab, event))
    }

    /// Sends an event to every driver of a tab.
    fn tell_tab(&mut self, tab: u32, event: fn() -> Told) -> Go {
        let Some(state) = self.tabs.get(&tab) else { return Ok(()) };
        let runs: Vec<PlanId> = state.drivers.keys().cloned().collect();
        runs.into_iter().try_for_each(|run| self.tell(tab, &run, event()))
    }

    /// Makes the machine's clock jump.
    pub(crate) fn set_clock(&mut self, ms: i64) -> Go {
        self.say(|| format!("the clock jumps by {} s", ms / 1_000));
        self.counts.n_clock_jumps += 1;
        self.skew += ms;
        self.was_clock_set = true;
        Ok(())
    }

    /// Switches the network on or off.
    pub(crate) fn switch_network(&mut self, is_online: bool) -> Go {
        self.is_online = is_online;
        self.say(|| format!("online: {is_online}"));
        if is_online { self.tell_all(|| Told::Online) } else { Ok(()) }
    }

    /// Schedules the user to attend to a run that does not continue by itself.
    pub(crate) fn look_after(&mut self, tab: u32, run: &PlanId) {
        let holder = self.locks.get(run).copied();
        let is_alone = self.case.faults.has_no_locks && holder.is_none();
        let Some(driver) = self.driver(tab, run) else { return };
        let is_free = holder.is_none_or(|holder| holder == tab);
        let status = driver.run().status();
        let rests = match status {
            Status::Paused(_) => true,
            Status::Running | Status::Stopping => {
                !driver.is_driving() && (!driver.is_following() || is_alone)
            }
            // A run in a terminal state may still have unwritten records, or be held by a changed connection.
            Status::Done | Status::Stopped => {
                (driver.problem().is_some() && driver.is_driving()) || driver.hold().is_some()
            }
        };
        let (is_cared, _) = self.cared_for.entry((tab, run.clone())).or_default();
        if rests && is_free && !*is_cared {
            *is_cared = true;
            let wait = self.habits.pick(&[500, 20_000, 900_000]);
            self.queue_in(wait, Event::GoOn { tab, run: run.clone() });
        }
    }

    /// Fixes what a run waits for and resumes it.
    pub(crate) fn go_on(&mut self, tab: u32, run: &PlanId) -> Go {
        let care = self.cared_for.entry((tab, run.clone())).or_default();
        care.0 = false;
        care.1 += 1;
        let n_cares = care.1;
        let has_locks = !self.case.faults.has_no_locks;
        let Some(driver) = self.driver(tab, run) else { return Ok(()) };
        if (driver.is_following() && has_locks)
            || (driver.run().is_over() && !driver.is_driving() && driver.hold().is_none())
        {
            return Ok(());
        }
        let (hold, problem) = (driver.hold().cloned(), driver.problem());
        let why = match driver.run().status() {
            Status::Paused(why) => Some(why.clone()),
            _ if problem.is_some() => Some(Pause::Journal),
            _ => None,
        };
        self.say(|| format!("{run}: the user goes on after {why:?} {problem:?} {hold:?}"));
        if self.lacks_key(tab) && !matches!(why, Some(Pause::Journal)) {
            return self.give_key(tab);
        }
        if n_cares > 6 && problem.is_some() {
            self.say(|| format!("the user reloads tab {tab}"));
            self.crash(tab);
            return Ok(());
        }
        if let Some(Hold::Elsewhere { .. }) = hold {
            return self.settle_elsewhere(tab, run);
        }
        let intent = match why {
            Some(Pause::Key(_)) => {
                self.is_key_good = true;
                Intent::Resume
            }
            Some(Pause::Offline) if !self.is_online => {
                self.look_after(tab, run);
                return Ok(());
            }
            Some(Pause::Journal) => return self.put_storage_right(tab, run, problem),
            Some(Pause::Password) => Intent::Password(Secret::new(crate::plans::PASSWORD)),
            Some(
                Pause::Person
                | Pause::Pace(_)
                | Pause::Lost(_)
                | Pause::Offline
                | Pause::Changed
                | Pause::Unchecked(_),
            )
            | None => Intent::Resume,
        };
        self.tell(tab, run, Told::Intent(intent))
    }

    /// Types the key in a tab. A run that waited only for the key resumes by itself.
    fn give_key(&mut self, tab: u32) -> Go {
        let Some(state) = self.tabs.get_mut(&tab) else { return Ok(()) };
        state.lacks_key = false;
        self.say(|| format!("the key is typed in tab {tab}"));
        self.tell_tab(tab, || Told::Changed)
    }

    /// Hides a page, or shows it again.
    pub(crate) fn hide(&mut self, tab: u32, is_hidden: bool) -> Go {
        let Some(state) = self.tabs.get_mut(&tab) else { return Ok(()) };
        state.is_hidden = is_hidden;
        self.counts.n_hides += u64::from(is_hidden && !state.drivers.is_empty());
        self.say(|| format!("tab {tab} is put aside: {is_hidden}"));
        self.tell_tab(tab, if is_hidden { || Told::Hidden } else { || Told::Shown })
    }

    /// Steals a lock from its tab, as an extension can.
    pub(crate) fn steal_lock(&mut self) -> Go {
        let nth = self.chance_of_locks.below(self.locks.len().max(1) as u64) as usize;
        let Some((run, tab)) = self.locks.iter().nth(nth).map(|(run, tab)| (run.clone(), *tab)) else {
            return Ok(());
        };
        self.say(|| format!("{run}: its lock is taken from tab {tab}"));
        self.counts.n_stolen += 1;
        self.was_stolen = true;
        self.locks.remove(&run);
        self.grant_next(&run);
        let ms = self.chance_of_locks.pick(&[1, 40, 3_000]);
        self.later(ms, tab, &run, Told::LockLost);
        Ok(())
    }

    /// The connection leads elsewhere: the user edits it back or stops the run.
    fn settle_elsewhere(&mut self, tab: u32, run: &PlanId) -> Go {
        if self.habits.permille(500) {
            self.place = self.case.connection();
            self.say(|| "the connection is edited back".into());
            self.tell_all(|| Told::Changed)
        } else {
            self.tell(tab, run, Told::Intent(Intent::Stop))
        }
    }

    fn put_storage_right(&mut self, tab: u32, run: &PlanId, problem: Option<StorageError>) -> Go {
        let goes_on_unwritten = match problem {
            Some(StorageError::QuotaExceeded) => self.case.faults.goes_on_unwritten && self.disk.is_full,
            Some(
                StorageError::Newer | StorageError::Missing | StorageError::Gone | StorageError::Unavailable,
            ) => true,
            _ => false,
        };
        self.disk.is_full &= goes_on_unwritten;
        let intent = if goes_on_unwritten { Intent::WithoutJournal } else { Intent::Resume };
        self.counts.n_unwritten += u64::from(goes_on_unwritten);
        if goes_on_unwritten {
            self.allowed_unwritten.insert(run.clone());
            if self.habits.permille(300) {
                // The user first resumes once more, without waiting for the result.
                self.tell(tab, run, Told::Intent(Intent::Resume))?;
            }
        }
        self.tell(tab, run, Told::Intent(intent))
    }

    /// The user presses a button of a live run.
    pub(crate) fn press(&mut self) -> Go {
        let runs: Vec<PlanId> = self.locks.keys().cloned().collect();
        if runs.is_empty() {
            return Ok(());
        }
        let id = runs[self.habits.below(runs.len() as u64) as usize].clone();
        let which = self.habits.below(10);
        // In any tab: a follower forwards the intent.
        let tabs: Vec<u32> =
            self.tabs.iter().filter(|(_, tab)| tab.drivers.contains_key(&id)).map(|(tab, _)| *tab).collect();
        let Some(tab) = tabs.get(self.habits.below(tabs.len() as u64) as usize).copied() else {
            return Ok(());
        };
        let Some(driver) = self.driver(tab, &id) else { return Ok(()) };
        if driver.run().is_over() {
            return Ok(());
        }
        let waiting = driver.run().with_verdict(None);
        let intent = match which {
            0..=2 => Intent::Pause,
            3 | 4 => Intent::Resume,
            5 => Intent::Stop,
            6 | 7 => Intent::Skip(self.some_of(waiting)),
            8 => self.retry_some(tab, &id),
            _ => self.check_some(tab, &id),
        };
        self.counts.n_presses += 1;
        self.say(|| format!("{id}: the user presses {intent:?} in tab {tab}"));
        self.tell(tab, &id, Told::Intent(intent))
    }

    /// The user retries or checks after the end.
    pub(crate) fn try_again(&mut self, id: &PlanId) -> Go {
        let Some(tab) = self.chief(id) else { return Ok(()) };
        let intent =
            if self.habits.permille(500) { self.retry_some(tab, id) } else { self.check_some(tab, id) };
        self.say(|| format!("{id}: the user tries again"));
        self.tell(tab, id, Told::Intent(intent))
    }

    fn retry_some(&mut self, tab: u32, id: &PlanId) -> Intent {
        let Some(driver) = self.driver(tab, id) else { return Intent::Pause };
        let mut all = driver.run().with_verdict(Some(Verdict::Refused));
        all.extend(driver.run().with_verdict(Some(Verdict::Unknown)));
        all.extend(driver.run().with_verdict(Some(Verdict::NotSent)));
        let some = self.some_of(all);
        for change in &some {
            *self.allowances.entry((id.clone(), *change)).or_default() += 1;
        }
        self.stopped.remove(id);
        Intent::Retry(some)
    }

    fn check_some(&mut self, tab: u32, id: &PlanId) -> Intent {
        let Some(driver) = self.driver(tab, id) else { return Intent::Pause };
        let unknown = driver.run().with_verdict(Some(Verdict::Unknown));
        let checkable = unknown.into_iter().filter(|change| driver.run().is_checkable(*change)).collect();
        self.stopped.remove(id);
        Intent::Check(self.some_of(checkable))
    }

    fn some_of(&mut self, all: Vec<ChangeId>) -> Vec<ChangeId> {
        let share = self.habits.pick(&[100, 500, 1_000]);
        all.into_iter().filter(|_| self.habits.permille(share)).collect()
    }
}
