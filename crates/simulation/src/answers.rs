//! Responses and timeouts, decoded as in the console and reported to the drivers.

use domain::api_error::ErrorOrigin;
use domain::driver::Event as Told;
use domain::{
    ApiError, Batch, BatchFailure, ConsoleCode, ErrorClass, Millis, Outcome, PlanId, RateHint, Reply,
};
use vendors::{Response, changes, protocol};

use crate::event::Event;
use crate::network::{self, Errand};
use crate::sabotage::Sabotage;
use crate::universe::{Go, Universe};

impl Universe {
    /// Delivers a response to the client, or the news that there will be none.
    pub(crate) fn back(&mut self, number: u64, answer: Option<Response>) -> Go {
        let Some(call) = self.calls.remove(&number).filter(|call| call.is_awaited) else { return Ok(()) };
        let lost = || network::no_answer(ConsoleCode::NetUnreachable);
        let answer = answer.filter(|_| self.is_online);
        if answer.is_none() {
            self.counts.n_doubts += 1;
        }
        let hint = answer.as_ref().and_then(|answer| protocol(self.vendor()).rate_hint(answer, self.now));
        let wait = answer.as_ref().filter(|answer| answer.status() == 429).and_then(retry_after);
        match call.errand {
            Errand::Batch(run, batch) => {
                let result = match answer {
                    Some(answer) => changes(self.vendor()).decode(&batch, &answer),
                    None => Err(BatchFailure::sent(lost())),
                };
                self.note_wait(call.tab, &run, wait);
                let result = self.sabotaged(&batch, result);
                self.answered(call.tab, &run, &batch, result, hint)
            }
            Errand::Reading(run, reading) => {
                let result = match answer {
                    Some(answer) => protocol(self.vendor())
                        .decode_page(&reading.query, reading.cursor, &answer)
                        .map_err(BatchFailure::sent),
                    None => Err(BatchFailure::sent(lost())),
                };
                self.note_wait(call.tab, &run, wait);
                if result.is_ok() {
                    self.note_read(call.tab, &run, &reading, call.processed_at);
                }
                self.say(|| match &result {
                    Ok(page) => {
                        format!("{run}: a page of {:?}, more: {}", reading.query, page.next.is_some())
                    }
                    Err(failure) => format!("{run}: no page, {}", failure.error.code),
                });
                self.tell(call.tab, &run, Told::PageRead { read: reading.id, result, hint })
            }
            Errand::Page(number) => {
                let failure = match answer {
                    Some(answer) => {
                        let query = protocol(self.vendor()).probe();
                        let page =
                            query.map(|query| protocol(self.vendor()).decode_page(&query, None, &answer));
                        page.and_then(Result::err).map(BatchFailure::sent)
                    }
                    None => Some(BatchFailure::sent(lost())),
                };
                if let Some(wait) = wait {
                    self.hold = (self.now, self.hold.1.max(self.now + wait));
                }
                self.page_came(call.tab, number, call.sent_at, failure.as_ref(), hint)
            }
        }
    }

    /// Notes a `Retry-After`, which applies once the run has processed the response.
    fn note_wait(&mut self, tab: u32, run: &PlanId, wait: Option<Millis>) {
        let is_heard = self.driver(tab, run).is_some_and(|driver| driver.is_driving());
        if let Some(wait) = wait.filter(|_| is_heard) {
            self.asked_waits.insert((tab, run.clone()), wait);
        }
    }

    /// Ends a read of another page of the console, or schedules its retry.
    fn page_came(
        &mut self,
        tab: u32,
        number: u64,
        sent_at: Millis,
        failure: Option<&BatchFailure>,
        hint: Option<RateHint>,
    ) -> Go {
        let (wall, mut budget) = (self.wall(), self.budget(tab));
        budget.note_answered(sent_at, wall);
        if let Some(hint) = hint {
            budget.note_rate(hint, wall);
        }
        let retries = match (self.page_reads.get_mut(&number), failure) {
            (Some(read), Some(failure)) => read.retries(failure, wall, &mut budget),
            _ => false,
        };
        self.save_budget(tab, budget);
        if retries {
            self.queue_in(1, Event::PagePoll(number));
        } else {
            self.page_reads.remove(&number);
        }
        Ok(())
    }

    /// Makes the client stop waiting for a call.
    pub(crate) fn give_up(&mut self, number: u64, error: ApiError, is_sent: bool) -> Go {
        let Some(call) = self.calls.get_mut(&number).filter(|call| call.is_awaited) else { return Ok(()) };
        call.is_awaited = false;
        let (errand, sent_at, tab) = (call.errand.clone(), call.sent_at, call.tab);
        if call.request.is_none() || !is_sent {
            self.calls.remove(&number);
        }
        self.counts.n_doubts += u64::from(is_sent);
        let failure = BatchFailure { error, is_sent };
        match errand {
            Errand::Batch(run, batch) => {
                let result = self.sabotaged(&batch, Err(failure));
                self.answered(tab, &run, &batch, result, None)
            }
            Errand::Reading(run, reading) => {
                self.tell(tab, &run, Told::PageRead { read: reading.id, result: Err(failure), hint: None })
            }
            Errand::Page(number) => self.page_came(tab, number, sent_at, Some(&failure), None),
        }
    }

    fn answered(
        &mut self,
        tab: u32,
        run: &PlanId,
        batch: &Batch,
        result: Result<Reply, BatchFailure>,
        hint: Option<RateHint>,
    ) -> Go {
        self.say(|| match &result {
            Ok(reply) => format!("{run}: answer to call {}, {} outcomes", batch.id.0, reply.outcomes.len()),
            Err(failure) => format!(
                "{run}: call {} failed, {:?} {} (left: {})",
                batch.id.0, failure.error.class, failure.error.code, failure.is_sent
            ),
        });
        self.point(tab, "answered, not recorded")?;
        self.tell(tab, run, Told::Answered { batch: batch.id, result, hint })
    }

    /// The result as the sabotage reports it.
    fn sabotaged(&self, batch: &Batch, result: Result<Reply, BatchFailure>) -> Result<Reply, BatchFailure> {
        let Err(failure) = result else { return result };
        let is_lost = failure.error.origin == ErrorOrigin::Network;
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
