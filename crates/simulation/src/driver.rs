//! The driver of a run, as the console's: drain, write, and only then carry out the step.

use domain::{BatchFailure, Budget, Pause, PlanId, Status, Step};
use vendors::protocol;

use crate::disk::WriteError;
use crate::event::Event;
use crate::network::{self, Errand};
use crate::sabotage::Sabotage;
use crate::universe::{Go, Halt, Universe};

impl Universe {
    /// Does what is next in a run, until it has to wait.
    pub(crate) fn turn(&mut self, run: &PlanId) -> Go {
        loop {
            let now = self.now;
            let mut budget = self.budget();
            let tab = self.locks.get(run).copied().unwrap_or_default();
            let Some(drive) = self.drive(run) else { return Ok(()) };
            drive.wake += 1;
            let wake = drive.wake;
            let step = drive.run.poll(now, &mut budget);
            self.say(|| format!("{run}: {}", shown(&step)));
            self.point(tab, "decided, not written")?;
            if !self.save_before(run, &budget, &step)? {
                return self.hold_back(run, step, budget);
            }
            self.point(tab, "written, not sent")?;
            match step {
                Step::Send(batch) => {
                    self.check_lane(run, &batch)?;
                    match protocol(self.vendor()).encode(&batch, None) {
                        Ok(request) => self.send(tab, Errand::Batch(run.clone(), batch), request)?,
                        Err(error) => return Err(Halt::Wrong(format!("{error:?} for a planned change"))),
                    }
                    self.point(tab, "sent")?;
                }
                Step::Read(reading) => {
                    self.counts.n_readings += 1;
                    match protocol(self.vendor()).encode_query(&reading.query, reading.cursor, None) {
                        Ok(request) => self.send(tab, Errand::Reading(run.clone(), reading), request)?,
                        Err(error) => return Err(Halt::Wrong(format!("{error:?} for {:?}", reading.query))),
                    }
                    self.point(tab, "asked")?;
                }
                Step::WaitUntil(at) => {
                    if at <= now {
                        return Err(Halt::Wrong(format!("{run} waits for a moment that is over")));
                    }
                    self.queue_in(at - now, Event::Turn { run: run.clone(), wake });
                    return Ok(());
                }
                Step::Await => {
                    let is_awaited = self.calls.values().any(|call| call.is_awaited && call.tab == tab);
                    return if is_awaited {
                        Ok(())
                    } else {
                        Err(Halt::Wrong(format!("{run} waits for a call that is not under way")))
                    };
                }
                Step::Rest => {
                    let wait = self.habits.pick(&[500, 20_000, 900_000]);
                    self.queue_in(wait, Event::GoOn(run.clone()));
                    return Ok(());
                }
                Step::Done => {
                    if self.n_again_left > 0 {
                        self.n_again_left -= 1;
                        self.queue_in(5_000, Event::Again(run.clone()));
                    }
                    return Ok(());
                }
            }
        }
    }

    fn save_before(&mut self, run: &PlanId, budget: &Budget, step: &Step) -> Go<bool> {
        match self.sabotage {
            Some(Sabotage::ForgetUnderWay) => {
                let before = self.budget();
                self.save(run, &before)
            }
            Some(Sabotage::WriteLate) if matches!(step, Step::Send(_)) => {
                self.disk.write_budget(budget);
                let Some(drive) = self.drive(run) else { return Ok(true) };
                let lines = drive.run.drain();
                drive.pending.extend(lines);
                Ok(true)
            }
            Some(Sabotage::SendUnwritten) => self.save(run, budget).map(|_| true),
            _ => self.save(run, budget),
        }
    }

    /// Writes what is new. False if there was no room.
    pub(crate) fn save(&mut self, run: &PlanId, budget: &Budget) -> Go<bool> {
        let Some(tab) = self.locks.get(run) else { return Ok(true) };
        let Some(drive) = self.tabs.get_mut(tab).and_then(|tab| tab.drives.get_mut(run)) else {
            return Ok(true);
        };
        let lines = drive.run.drain();
        if let Some(last) = lines.last()
            && (last.tally != drive.run.tally() || last.status != *drive.run.status())
        {
            return Err(Halt::Wrong(format!("the last record of {run} has another tally or status")));
        }
        drive.pending.extend(lines);
        let n_new = drive.pending.len() as u64;
        if drive.is_unwritten {
            drive.pending.clear();
            self.disk.write_budget(budget);
            return Ok(true);
        }
        match self.disk.write(run, &drive.pending, budget) {
            Ok(()) => drive.pending.clear(),
            Err(WriteError::Full) => return Ok(false),
            Err(WriteError::Exists(seq)) => {
                return Err(Halt::Wrong(format!("record {seq} of {run} was written by another page")));
            }
        }
        self.counts.n_lines += n_new;
        if n_new > 0 {
            let followers: Vec<u32> = self
                .tabs
                .iter()
                .filter(|(_, tab)| tab.follows.contains_key(run))
                .map(|(id, _)| *id)
                .collect();
            for tab in followers {
                self.queue_in(3, Event::Heard { tab, run: run.clone() });
            }
            if self.habits.permille(60) {
                self.compare_with_restored(run).map_err(Halt::Wrong)?;
            }
        }
        Ok(true)
    }

    /// Nothing goes out that is not written down: the run learns that its step came to nothing, and rests.
    fn hold_back(&mut self, run: &PlanId, step: Step, mut budget: Budget) -> Go {
        let now = self.now;
        self.say(|| format!("{run}: no room for the journal"));
        let failure = || BatchFailure::unsent(network::no_answer("console.not_written"));
        let Some(drive) = self.drive(run) else { return Ok(()) };
        match step {
            Step::Send(batch) => drive.run.record(batch.id, Err(failure()), now, &mut budget),
            Step::Read(reading) => drive.run.record_page(reading.id, Err(failure()), now, &mut budget),
            _ => {}
        }
        drive.run.pause(Pause::Journal, now);
        self.save(run, &budget)?;
        self.disk.write_budget(&budget);
        self.queue_in(60_000, Event::GoOn(run.clone()));
        Ok(())
    }

    /// Puts right what a run rests for.
    pub(crate) fn go_on(&mut self, run: &PlanId) -> Go {
        let Some(drive) = self.drive(run) else { return Ok(()) };
        let why = match drive.run.status().clone() {
            Status::Paused(why) => why,
            // What a run that is over still has to write waits for room as well.
            _ if !drive.pending.is_empty() => Pause::Journal,
            _ => return self.turn(run),
        };
        self.say(|| format!("{run}: somebody goes on after {why:?}"));
        let now = self.now;
        match why {
            Pause::Key(_) => self.is_key_good = true,
            Pause::Offline if !self.is_online => return Ok(()),
            Pause::Journal if self.disk.is_full && self.case.faults.goes_on_unwritten => {
                // What is not written any more must not be found by a page that opens later.
                self.disk.remove(run);
                if let Some(drive) = self.drive(run) {
                    drive.is_unwritten = true;
                }
            }
            Pause::Journal => self.disk.is_full = false,
            Pause::Password => {
                if let Some(drive) = self.drive(run) {
                    drive.run.give_password(&domain::Secret::new(crate::wishes::PASSWORD));
                }
            }
            Pause::Person | Pause::Pace(_) | Pause::Lost(_) | Pause::Offline => {}
        }
        if let Some(drive) = self.drive(run) {
            drive.run.resume(now);
        }
        self.turn(run)
    }
}

fn shown(step: &Step) -> String {
    match step {
        Step::Send(batch) => format!(
            "send call {} again {} {:?} changes {}",
            batch.id.0,
            batch.n_attempts,
            batch.effect().slug(),
            batch.items.iter().map(|item| item.change.0.to_string()).collect::<Vec<_>>().join(" ")
        ),
        Step::Read(reading) => format!("read {:?} from {:?}", reading.query, reading.cursor),
        Step::WaitUntil(at) => format!("wait until {}", at.saturating_sub(crate::universe::START)),
        Step::Await => "await".into(),
        Step::Rest => "rest".into(),
        Step::Done => "done".into(),
    }
}
