//! The vendor's side of a call: what arrives, how often, and within which rate limit.

use std::collections::BTreeMap;

use domain::read::{PageRead, ReadStep};
use domain::{Batch, Budget, ChangeId, PlanId};
use sandbox::Answer;
use vendors::{Request, Response, protocol};

use crate::event::Event;
use crate::network::{self, Call, Errand, Fate, TIMEOUT_MS};
use crate::universe::{Go, Halt, Universe};

impl Universe {
    /// Sends a request.
    ///
    /// # Errors
    /// If the vendor requested a longer wait, or the connection leads elsewhere.
    pub(crate) fn send(&mut self, tab: u32, errand: Errand, request: Request) -> Go {
        let decided_at = match &errand {
            Errand::Batch(run, _) | Errand::Reading(run, _) => {
                self.decided_at.get(&(tab, run.clone())).copied()
            }
            Errand::Page(_) => Some(self.now),
        };
        let (held_at, until) = self.hold;
        let is_held = self.now < until && decided_at.is_some_and(|at| at > held_at);
        if is_held && !self.may_overrun() {
            return Err(Halt::Wrong("a call leaves before the vendor wants one".into()));
        }
        self.counts.n_calls += 1;
        self.n_calls_ever += 1;
        let number = self.n_calls_ever;
        let (mut fate, there_ms, back_ms) = network::fate(&mut self.chance, &self.case);
        if self.place.target() != self.case.connection().target() && matches!(errand, Errand::Batch(..)) {
            return Err(Halt::Wrong("a call leaves to another place than its run began at".into()));
        }
        let knows_at_once = !self.is_online && self.chance.permille(600);
        if !self.is_online {
            fate = Fate::LostRequest;
        }
        // Without a relay a browser may send a call twice: docs/security.md describes the remaining risk.
        let vendor = self.vendor();
        let is_fragile =
            |batch: &Batch| batch.items.iter().any(|item| !sandbox::is_repeatable(vendor, &item.operation));
        if matches!(&errand, Errand::Batch(_, batch) if !self.case.is_relayed && is_fragile(batch)) {
            fate = if fate == Fate::Repeated { Fate::Plain } else { fate };
        }
        if fate != Fate::Plain || knows_at_once {
            self.say(|| format!("  call of tab {tab}: {fate:?}, known at once: {knows_at_once}"));
        }
        let reads = match &errand {
            Errand::Batch(run, batch) => self.reads_before(tab, run, batch),
            Errand::Reading(..) | Errand::Page(_) => BTreeMap::new(),
        };
        if let Errand::Batch(run, _) | Errand::Reading(run, _) = &errand {
            let run = run.clone();
            self.provoke_moderators(&run);
        }
        let call = Call {
            errand,
            tab,
            sent_at: self.now,
            is_awaited: true,
            request: Some(request),
            reads,
            processed_at: 0,
            fate,
            back_ms,
        };
        self.calls.insert(number, call);
        if self.lacks_key(tab) {
            self.queue_in(1, Event::NoKey(number));
            return Ok(());
        }
        if knows_at_once {
            self.queue_in(1, Event::NeverLeft(number));
            return Ok(());
        }
        self.queue_in(there_ms, Event::Arrive(number));
        self.queue_in(TIMEOUT_MS, Event::TimedOut(number));
        Ok(())
    }

    /// Handles the arrival of a request at the vendor, or the time at which a lost one would have arrived.
    pub(crate) fn arrive(&mut self, number: u64) -> Go {
        let vendor = self.vendor();
        let Some(call) = self.calls.get_mut(&number) else { return Ok(()) };
        let Some(mut request) = call.request.take() else { return Ok(()) };
        let (fate, back_ms, is_awaited, errand) =
            (call.fate, call.back_ms, call.is_awaited, call.errand.clone());
        call.processed_at = self.moderated.moment();
        let reads = call.reads.clone();
        if !is_awaited {
            self.calls.remove(&number);
            self.was_late |= fate == Fate::Slow;
        }
        if fate == Fate::LostRequest {
            // Sometimes the connection is cut; otherwise the call times out.
            if self.chance.permille(500) {
                self.queue_in(back_ms, Event::Back(number, None));
            }
            return Ok(());
        }
        if let Errand::Batch(run, batch) = &errand {
            self.check_compared(run, batch, &reads)?;
        }
        let sent = request.clone();
        let response = if fate.is_processed() { self.process(&mut request)? } else { None };
        let is_refused_for_pace = response.as_ref().is_some_and(|response| response.status() == 429);
        let is_admitted =
            fate.is_doubtful() && !is_refused_for_pace && (self.is_key_good || !fate.is_processed());
        if fate != Fate::Plain || !is_admitted {
            self.say(|| format!("  arrives: {fate:?}, admitted: {is_admitted}"));
        }
        if is_admitted && let Errand::Batch(run, batch) = &errand {
            for item in batch.items.iter().filter(|item| !sandbox::is_repeatable(vendor, &item.operation)) {
                self.count_sending(run, item.change)?;
            }
        }
        if fate == Fate::Repeated {
            // The connection died before the first byte of the response: the browser sends the request again.
            let again = if self.case.is_relayed { None } else { Some(sent) };
            if let Some(call) = self.calls.get_mut(&number) {
                call.request = again;
                self.queue_in(5, Event::ArriveAgain(number));
            }
            return Ok(());
        }
        let answer = fate.answer(response, || self.world.too_many_requests(vendor, self.now));
        self.counts.n_throttled += u64::from(answer.as_ref().is_some_and(|answer| answer.status() == 429));
        self.queue_in(back_ms, Event::Back(number, answer));
        Ok(())
    }

    /// Handles the second arrival of a request: a relay refuses it, a vendor processes it again.
    pub(crate) fn arrive_again(&mut self, number: u64) -> Go {
        self.counts.n_repeats += 1;
        self.say(|| "  the browser delivers the call again".into());
        let Some(call) = self.calls.get_mut(&number) else { return Ok(()) };
        let (request, back_ms) = (call.request.take(), call.back_ms);
        call.processed_at = self.moderated.moment();
        let Some(mut request) = request else {
            self.queue_in(back_ms, Event::PassedOn(number));
            return Ok(());
        };
        self.was_late = true; // only the browser knows of this call, so no budget counts it
        let answer = self.process(&mut request)?;
        self.queue_in(back_ms, Event::Back(number, answer));
        Ok(())
    }

    /// Lets the sandbox process a request; `None` if it sends no response.
    fn process(&mut self, request: &mut Request) -> Go<Option<Response>> {
        let vendor = self.vendor();
        let key = protocol(vendor).authorization(&self.credentials).filter(|_| self.is_key_good);
        if let Some((name, value)) = key {
            request.headers_mut().insert(name, value);
        }
        let handled = self.world.handle(vendor, request, self.now);
        for event in &handled.events {
            self.say(|| format!("    {event:?}"));
        }
        let response = match handled.answer {
            Answer::Respond(response) => Some(response),
            Answer::Hang | Answer::CutBefore | Answer::CutAfter => None,
        };
        let is_refused = response.as_ref().is_some_and(|response| response.status() == 429);
        let may_overrun = self.may_overrun();
        if is_refused && !may_overrun {
            return Err(Halt::Wrong("the sandbox refused a call because a window was full".into()));
        }
        if self.is_key_good && !is_refused {
            let windows = self.limits().windows;
            if let Some(window) = self.arrivals.count(self.now, &windows).filter(|_| !may_overrun) {
                return Err(Halt::Wrong(format!("more calls arrived than {window:?} allows")));
            }
        }
        Ok(response)
    }

    fn count_sending(&mut self, run: &PlanId, change: ChangeId) -> Go {
        let slot = (run.clone(), change);
        let n_sendings = self.sendings.entry(slot.clone()).or_default();
        *n_sendings += 1;
        let n_allowed = 1 + self.allowances.get(&slot).copied().unwrap_or_default();
        if *n_sendings > n_allowed {
            let n_sendings = *n_sendings;
            return Err(Halt::Wrong(format!(
                "change {} of {run} reached the vendor {n_sendings} times, {n_allowed} were allowed",
                change.0
            )));
        }
        Ok(())
    }

    /// Starts a read by another page of the console, which shares the budget.
    pub(crate) fn read_a_page(&mut self) -> Go {
        self.n_calls_ever += 1;
        let (read, wall) = (self.n_calls_ever, self.wall());
        self.page_reads.insert(read, PageRead::new(wall, self.case.seed ^ read));
        self.poll_page(read)
    }

    pub(crate) fn poll_page(&mut self, number: u64) -> Go {
        let vendor = self.vendor();
        let Some(query) = protocol(vendor).probe() else { return Ok(()) };
        let Some(tab) = self.tabs.keys().next().copied() else { return Ok(()) };
        let (wall, mut budget) = (self.wall(), self.budget(tab));
        let Some(read) = self.page_reads.get_mut(&number) else { return Ok(()) };
        match read.poll(wall, &mut budget) {
            ReadStep::Send => {
                self.save_budget(tab, budget);
                if let Ok(request) = protocol(vendor).encode_query(&query, None, None) {
                    self.send(tab, Errand::Page(number), request)?;
                }
            }
            ReadStep::WaitUntil(at) => self.queue_in(at - wall, Event::PagePoll(number)),
            ReadStep::GiveUp(_) => {
                self.page_reads.remove(&number);
            }
        }
        Ok(())
    }

    /// Saves the budget without records.
    pub(crate) fn save_budget(&mut self, tab: u32, budget: Budget) {
        if let Ok(disk) = self.disk_for(tab) {
            disk.write_budget(&budget);
        }
        if let Some(tab) = self.tabs.get_mut(&tab) {
            tab.budget = Some(budget);
        }
    }

    /// Uses up the vendor's rate limit, as another program with the same key.
    pub(crate) fn let_outsider_in(&mut self) {
        let vendor = self.vendor();
        let Some(query) = protocol(vendor).probe() else { return };
        let Ok(mut request) = protocol(vendor).encode_query(&query, None, None) else { return };
        if let Some((name, value)) = protocol(vendor).authorization(&self.credentials) {
            request.headers_mut().insert(name, value);
        }
        self.say(|| "another program uses up a window".into());
        for _ in 0..600 {
            let handled = self.world.handle(vendor, &request, self.now);
            if matches!(&handled.answer, Answer::Respond(response) if response.status() == 429) {
                break;
            }
        }
    }
}
