//! The driver of a run, as the console's: drain, write, and only then carry out the step.

use domain::api_error::Origin;
use domain::{Batch, BatchFailure, Budget, ErrorClass, Outcome, Pause, PlanId, Reply, Status, Step};
use vendors::{Response, protocol};

use crate::disk::WriteError;
use crate::network::{self, Errand};
use crate::sabotage::Sabotage;
use crate::universe::{Event, Go, Halt, Universe};

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

    /// An answer, or the news that there is none, reaches the client.
    pub(crate) fn back(&mut self, number: u64, answer: Option<Response>) -> Go {
        let Some(call) = self.calls.remove(&number).filter(|call| call.is_awaited) else { return Ok(()) };
        let lost = || network::no_answer("net.unreachable");
        let answer = answer.filter(|_| self.is_online);
        if answer.is_none() {
            self.counts.n_doubts += 1;
        }
        let hint = answer.as_ref().and_then(|answer| protocol(self.vendor()).rate_hint(answer, self.now));
        let wait = answer.as_ref().filter(|answer| answer.status() == 429).and_then(retry_after);
        self.asked_wait = wait;
        let mut budget = self.budget();
        if let Some(hint) = hint {
            budget.note_rate(hint, self.now);
        }
        match call.errand {
            Errand::Batch(run, batch) => {
                let result = match answer {
                    Some(answer) => protocol(self.vendor()).decode(&batch, &answer),
                    None => Err(BatchFailure::sent(lost())),
                };
                let result = self.sabotaged(&batch, result);
                self.take_answer(&run, &batch, result, budget)
            }
            Errand::Reading(run, reading) => {
                let result = match answer {
                    Some(answer) => protocol(self.vendor())
                        .decode_page(&reading.query, reading.cursor, &answer)
                        .map_err(BatchFailure::sent),
                    None => Err(BatchFailure::sent(lost())),
                };
                let now = self.now;
                self.say(|| match &result {
                    Ok(page) => {
                        format!("{run}: a page of {:?}, more: {}", reading.query, page.next.is_some())
                    }
                    Err(failure) => format!("{run}: no page, {}", failure.error.code),
                });
                if let Some(drive) = self.drive(&run) {
                    drive.run.record_page(reading.id, result, now, &mut budget);
                }
                self.written_down(&run, budget)
            }
            Errand::Page => {
                budget.note_answered(call.sent_at, self.now);
                self.disk.write_budget(&budget);
                Ok(())
            }
        }
    }

    /// The client stops waiting for a call.
    pub(crate) fn give_up(&mut self, number: u64, code: &'static str, is_sent: bool) -> Go {
        let Some(call) = self.calls.get_mut(&number).filter(|call| call.is_awaited) else { return Ok(()) };
        call.is_awaited = false;
        let (errand, sent_at) = (call.errand.clone(), call.sent_at);
        if call.request.is_none() || !is_sent {
            self.calls.remove(&number);
        }
        self.counts.n_doubts += u64::from(is_sent);
        self.asked_wait = None;
        let failure = BatchFailure { error: network::no_answer(code), is_sent };
        let (now, mut budget) = (self.now, self.budget());
        match errand {
            Errand::Batch(run, batch) => {
                let result = self.sabotaged(&batch, Err(failure));
                self.take_answer(&run, &batch, result, budget)
            }
            Errand::Reading(run, reading) => {
                if let Some(drive) = self.drive(&run) {
                    drive.run.record_page(reading.id, Err(failure), now, &mut budget);
                }
                self.written_down(&run, budget)
            }
            Errand::Page => {
                budget.note_answered(sent_at, now);
                self.disk.write_budget(&budget);
                Ok(())
            }
        }
    }

    fn take_answer(
        &mut self,
        run: &PlanId,
        batch: &Batch,
        result: Result<Reply, BatchFailure>,
        mut budget: Budget,
    ) -> Go {
        let now = self.now;
        self.say(|| match &result {
            Ok(reply) => format!("{run}: answer to call {}, {} outcomes", batch.id.0, reply.outcomes.len()),
            Err(failure) => format!(
                "{run}: call {} failed, {:?} {} (left: {})",
                batch.id.0, failure.error.class, failure.error.code, failure.is_sent
            ),
        });
        let tab = self.locks.get(run).copied().unwrap_or_default();
        self.point(tab, "answered, not recorded")?;
        if let Some(drive) = self.drive(run) {
            drive.run.record(batch.id, result, now, &mut budget);
        }
        self.point(tab, "recorded, not written")?;
        self.written_down(run, budget)
    }

    fn written_down(&mut self, run: &PlanId, budget: Budget) -> Go {
        let (now, tab) = (self.now, self.locks.get(run).copied().unwrap_or_default());
        let is_written = self.save(run, &budget)?;
        if let Some(wait) = self.asked_wait.take() {
            self.held_until = self.held_until.max(now + wait);
        }
        if !is_written {
            self.disk.write_budget(&budget);
            if let Some(drive) = self.drive(run) {
                drive.run.pause(Pause::Journal, now);
            }
        }
        self.point(tab, "recorded and written")?;
        self.turn(run)
    }

    /// What a broken driver makes of an answer.
    fn sabotaged(&self, batch: &Batch, result: Result<Reply, BatchFailure>) -> Result<Reply, BatchFailure> {
        let Err(failure) = result else { return result };
        let is_lost = failure.error.origin == Origin::Network;
        match self.sabotage {
            Some(Sabotage::ResendLost) if is_lost => Err(BatchFailure { is_sent: false, ..failure }),
            Some(Sabotage::LostIsDone) if is_lost => {
                let outcomes = batch.items.iter().map(|item| (item.change, Outcome::Applied)).collect();
                Ok(Reply { outcomes, ..Reply::default() })
            }
            Some(Sabotage::FailureIsRefusal) if failure.error.class == ErrorClass::Server => {
                let mut failure = failure;
                failure.error.class = ErrorClass::Refused;
                Err(failure)
            }
            _ => Err(failure),
        }
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

fn retry_after(answer: &Response) -> Option<u64> {
    let seconds: u64 = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(seconds * 1_000)
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
