//! Executes the actions of drivers like a browser: locks, transactions, calls, timers and messages between
//! tabs. It makes no decisions; its possible errors are the [sabotages](crate::sabotage).

use domain::driver::{Action, Around, Ask, Event as Told, Message, Write};
use domain::journal::StorageError;
use domain::{Batch, Driver, Entry, Line, PlanId, Reading, entry};
use vendors::{changes, protocol};

use crate::event::Event;
use crate::network::Errand;
use crate::sabotage::Sabotage;
use crate::universe::{Go, Halt, Universe};

/// The maximum wait that the engine may choose: the longest window of any vendor and a margin.
const LONGEST_WAIT_MS: u64 = 4_000_000;
/// The maximum delay of a browser's timer; longer ones fire at once.
const MAX_TIMER_MS: u64 = 0x7fff_ffff;

impl Universe {
    /// The environment of a page's drivers.
    pub(crate) fn around(&self, tab: u32) -> Around {
        Around {
            now: self.wall(),
            steady: self.now,
            has_key: !self.lacks_key(tab),
            has_locks: !self.case.faults.has_no_locks,
            is_online: self.is_online || self.case.faults.is_blind,
            target: Some(self.place.target()),
        }
    }

    /// Schedules an event for a driver, as a browser does: never from within the action that caused it.
    pub(crate) fn later(&mut self, ms: u64, tab: u32, run: &PlanId, event: Told) {
        self.queue_in(ms, Event::Tell { tab, run: run.clone(), event: Box::new(event) });
    }

    /// Sends an event to a driver and executes the resulting actions.
    pub(crate) fn tell(&mut self, tab: u32, run: &PlanId, event: Told) -> Go {
        let around = self.around(tab);
        let Some(driver) = self.driver(tab, run) else { return Ok(()) };
        driver.handle(event, &around);
        self.perform(tab, run)
    }

    pub(crate) fn perform(&mut self, tab: u32, run: &PlanId) -> Go {
        while let Some(action) = self.driver(tab, run).and_then(Driver::next_action) {
            self.execute(tab, run, action)?;
        }
        self.look_after(tab, run);
        Ok(())
    }

    fn execute(&mut self, tab: u32, run: &PlanId, action: Action) -> Go {
        match action {
            Action::AskLock(Ask::Now) => {
                let is_free = !self.locks.contains_key(run)
                    || self.case.faults.has_no_locks
                    || self.sabotage == Some(Sabotage::IgnoreLock);
                if is_free {
                    self.locks.insert(run.clone(), tab);
                }
                self.later(1, tab, run, if is_free { Told::Granted } else { Told::Denied });
            }
            // Without locks, a queued request is never granted.
            Action::AskLock(Ask::Queue) if self.case.faults.has_no_locks => {}
            Action::AskLock(Ask::Queue) => {
                self.waiting.entry(run.clone()).or_default().push(tab);
                if !self.locks.contains_key(run) || self.sabotage == Some(Sabotage::IgnoreLock) {
                    self.grant_next(run);
                }
            }
            Action::FreeLock => {
                if self.locks.get(run) == Some(&tab) {
                    self.locks.remove(run);
                    self.grant_next(run);
                }
            }
            Action::Begin => {
                let begun = self.begin_journal(tab, run);
                self.point(tab, "begun")?;
                let ms = self.disk_ms();
                self.later(ms, tab, run, Told::Begun(begun));
            }
            Action::Open { keeps_lines } => {
                let ms = self.disk_ms();
                self.queue_in(ms, Event::Transact { tab, run: run.clone(), keeps_lines });
            }
            // Allowed only within a transaction: see `transact`.
            Action::Write(_) => return Err(Halt::Wrong(format!("{run} writes outside a transaction"))),
            Action::KeepBudget(budget) => {
                if let Some(tab) = self.tabs.get_mut(&tab) {
                    tab.budget = Some(budget);
                }
            }
            Action::NoteGap { seq } => {
                let noted = self.disk_for(tab).and_then(|disk| disk.note_gap(run, seq));
                self.later(2, tab, run, Told::GapNoted(noted));
            }
            Action::Remove => {
                let removed = self.disk_for(tab).map(|disk| disk.remove(run));
                self.later(2, tab, run, Told::Removed(removed));
            }
            Action::Load { from_seq } => {
                let loaded = self.load(tab, run, from_seq);
                let ms = self.disk_ms();
                self.later(ms, tab, run, Told::Loaded(loaded.map(Box::new)));
            }
            Action::Send(batch) => self.send_batch(tab, run, batch)?,
            Action::Read(reading) => self.send_reading(tab, run, reading)?,
            Action::SleepUntil(until) => self.sleep_until(tab, run, until)?,
            Action::Tell(message) => self.broadcast(tab, run, &message),
            Action::RefreshBudget => {}
            Action::Finish => {
                if self.n_again_left > 0 {
                    self.n_again_left -= 1;
                    self.queue_in(5_000, Event::Again(run.clone()));
                }
            }
            Action::Show => {
                let Some(driver) = self.driver(tab, run).filter(|driver| driver.is_driving()) else {
                    return Ok(());
                };
                let next_seq = driver.run().seq();
                self.broadcast(tab, run, &Message::Wrote { next_seq });
            }
        }
        Ok(())
    }

    fn disk_ms(&mut self) -> u64 {
        let longest = self.case.slowest_disk;
        if longest == 0 { 0 } else { self.habits.below(longest) }
    }

    /// Grants the lock to the tab that has waited longest.
    pub(crate) fn grant_next(&mut self, run: &PlanId) {
        while let Some(queue) = self.waiting.get_mut(run).filter(|queue| !queue.is_empty()) {
            let tab = queue.remove(0);
            if self.tabs.contains_key(&tab) {
                self.counts.n_takeovers += 1;
                self.locks.insert(run.clone(), tab);
                self.later(40, tab, run, Told::Granted);
                return;
            }
        }
    }

    /// Writes the heading and the plan.
    fn begin_journal(&mut self, tab: u32, run: &PlanId) -> Result<(), StorageError> {
        let Some(driver) = self.driver(tab, run) else { return Ok(()) };
        let (heading, chunks) = (driver.heading().clone(), entry::chunks(driver.run().plan()).collect());
        self.disk_for(tab)?.begin(&heading, chunks)
    }

    /// Runs one transaction over the budget and records; nothing else touches them until it ends.
    pub(crate) fn transact(&mut self, tab: u32, run: &PlanId, keeps_lines: bool) -> Go {
        let (around, budget) = (self.around(tab), self.budget(tab));
        let Some(driver) = self.driver(tab, run) else { return Ok(()) };
        driver.handle(Told::Opened(budget.clone()), &around);
        let Some(Action::Write(write)) = driver.next_action() else {
            if self.may_have_two_drivers() {
                // The driver lost its lock in the meantime.
                self.later(1, tab, run, Told::Written(Ok(())));
                return Ok(());
            }
            return Err(Halt::Wrong(format!("{run} opened a transaction and writes nothing")));
        };
        if let Some(last) = write.lines.last()
            && (last.tally != driver.run().tally() || last.status != *driver.run().status())
        {
            return Err(Halt::Wrong(format!(
                "the last record of {run} has another tally or status: {last:?}, the run {:?} {:?}",
                driver.run().tally(),
                driver.run().status()
            )));
        }
        self.point(tab, "decided, not written")?;
        let written = self.write(tab, run, write, keeps_lines, budget)?;
        self.point(tab, "written, not known")?;
        let ms = self.disk_ms();
        self.later(ms, tab, run, Told::Written(written));
        Ok(())
    }

    fn write(
        &mut self,
        tab: u32,
        run: &PlanId,
        mut write: Write,
        keeps_lines: bool,
        before: domain::Budget,
    ) -> Go<Result<(), StorageError>> {
        let key = (tab, run.clone());
        self.decided_at.insert(key.clone(), self.now);
        let wait = self.asked_waits.remove(&key);
        if self.sabotage == Some(Sabotage::ForgetUnderWay) {
            write.budget = before;
        }
        if self.sabotage == Some(Sabotage::WriteLate) {
            let is_sending = write.lines.iter().any(|line| matches!(line.entry, Entry::Sent { .. }));
            let late = self.tabs.entry(tab).or_default().late.entry(run.clone()).or_default();
            late.append(&mut write.lines);
            if !is_sending {
                write.lines = std::mem::take(late);
            }
        }
        if self.sabotage == Some(Sabotage::WriteRelaxed) {
            write.is_strict = false;
        }
        let budget = write.budget.clone();
        let written = self.disk_for(tab).and_then(|disk| {
            if keeps_lines {
                disk.write(run, &write.lines, &write.budget, write.is_strict)
            } else {
                disk.write_budget(&write.budget);
                Ok(())
            }
        });
        let n_lines = write.lines.len() as u64;
        match written {
            Ok(()) => {
                self.counts.n_lines += if keeps_lines { n_lines } else { 0 };
                self.keep_in_memory(tab, budget);
                self.note_written(run, &write.lines);
                self.say(|| {
                    let slug =
                        |line: &Line| format!("{} {:?}", line.seq, line.entry).chars().take(40).collect();
                    let lines: Vec<String> = write.lines.iter().map(slug).collect();
                    format!("{run}: written: {}", lines.join(" | "))
                });
                if let Some(wait) = wait {
                    self.hold = (self.now, self.hold.1.max(self.now + wait));
                }
                if keeps_lines && n_lines > 0 && self.habits.permille(60) {
                    self.compare_with_restored(tab, run).map_err(Halt::Wrong)?;
                }
            }
            Err(StorageError::Conflict) if self.may_have_two_drivers() => {
                self.counts.n_conflicts += 1;
                self.say(|| format!("{run}: another page has written"));
            }
            Err(StorageError::Conflict) => {
                return Err(Halt::Wrong(format!("a record of {run} was written by another page")));
            }
            Err(_) if !keeps_lines => {
                self.keep_in_memory(tab, budget);
                return Ok(Ok(()));
            }
            Err(error) => {
                self.say(|| format!("{run}: not written, {error}"));
                if self.sabotage == Some(Sabotage::SendUnwritten) {
                    return Ok(Ok(()));
                }
            }
        }
        Ok(written)
    }

    /// Notes persisted attempts and stops, which must hold from now on, even if the page dies.
    fn note_written(&mut self, run: &PlanId, lines: &[Line]) {
        for line in lines {
            match &line.entry {
                Entry::Sent { batch, attempt, .. } => {
                    self.written.insert((run.clone(), *batch, *attempt));
                }
                Entry::Stopped { .. } => {
                    self.stopped.insert(run.clone());
                }
                Entry::Retried { .. } | Entry::Checked { .. } => {
                    self.stopped.remove(run);
                }
                _ => {}
            }
        }
    }

    fn keep_in_memory(&mut self, tab: u32, budget: domain::Budget) {
        if let Some(tab) = self.tabs.get_mut(&tab) {
            tab.budget = Some(budget);
        }
    }

    fn load(&mut self, tab: u32, run: &PlanId, from_seq: u64) -> Result<domain::Stored, StorageError> {
        let sabotage = self.sabotage;
        let mut stored = self.disk_for(tab)?.read(run, from_seq).ok_or(StorageError::Missing)?;
        if sabotage == Some(Sabotage::IgnoreDamage) {
            stored.n_damaged = 0;
        }
        if sabotage == Some(Sabotage::MissRecord) {
            stored.lines.retain(|line| line.seq % 7 != 3);
        }
        Ok(stored)
    }

    fn send_batch(&mut self, tab: u32, run: &PlanId, batch: Batch) -> Go {
        self.check_sending(tab, run, &batch)?;
        self.check_lane(run, &batch)?;
        self.say(|| {
            let changes: Vec<_> = batch.items.iter().map(|item| item.change.0.to_string()).collect();
            let (operation, changes) = (batch.operation().slug(), changes.join(" "));
            format!("{run}: sends call {} again {} {operation} {changes}", batch.id.0, batch.n_attempts)
        });
        self.point(tab, "written, not sent")?;
        match changes(self.vendor()).encode(&batch, None) {
            Ok(request) => self.send(tab, Errand::Batch(run.clone(), batch), request)?,
            Err(error) => return Err(Halt::Wrong(format!("{error:?} for a planned change"))),
        }
        self.point(tab, "sent")
    }

    fn send_reading(&mut self, tab: u32, run: &PlanId, reading: Reading) -> Go {
        self.counts.n_readings += 1;
        self.say(|| format!("{run}: reads {:?} from {:?}", reading.query, reading.cursor));
        match protocol(self.vendor()).encode_query(&reading.query, reading.cursor, None) {
            Ok(request) => self.send(tab, Errand::Reading(run.clone(), reading), request)?,
            Err(error) => return Err(Halt::Wrong(format!("{error:?} for {:?}", reading.query))),
        }
        self.point(tab, "asked")
    }

    fn sleep_until(&mut self, tab: u32, run: &PlanId, until: Option<u64>) -> Go {
        let wall = self.wall();
        let Some(tab_state) = self.tabs.get_mut(&tab) else { return Ok(()) };
        let wake = tab_state.wakes.entry(run.clone()).or_default();
        *wake += 1;
        let wake = *wake;
        let Some(until) = until else { return Ok(()) };
        if until <= wall {
            return Err(Halt::Wrong(format!("{run} waits for a moment that is over")));
        }
        if until - wall > LONGEST_WAIT_MS {
            return Err(Halt::Wrong(format!("{run} waits for {} hours", (until - wall) / 3_600_000)));
        }
        let ms = (until - wall).min(MAX_TIMER_MS);
        self.queue_in(ms, Event::Wake { tab, run: run.clone(), wake });
        Ok(())
    }

    fn broadcast(&mut self, tab: u32, run: &PlanId, message: &Message) {
        let others: Vec<u32> = self.tabs.keys().copied().filter(|other| *other != tab).collect();
        for other in others {
            self.later(3, other, run, Told::Told(message.clone()));
        }
    }
}
