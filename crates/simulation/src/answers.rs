//! What comes back to a driver, and what it does with it: record, write, and look what is next.

use domain::api_error::Origin;
use domain::{Batch, BatchFailure, Budget, ErrorClass, Outcome, Pause, PlanId, Reply};
use vendors::{Response, protocol};

use crate::network::{self, Errand};
use crate::sabotage::Sabotage;
use crate::universe::{Go, Universe};

impl Universe {
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
}

fn retry_after(answer: &Response) -> Option<u64> {
    let seconds: u64 = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(seconds * 1_000)
}
