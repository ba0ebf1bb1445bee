//! Pages that drive a run one after the other. Each may die between any two steps.

use std::collections::BTreeMap;

use domain::entry::{StoredPlan, chunks, plan_of};
use domain::{
    Batch, BatchFailure, BatchId, Budget, ChangeId, Command, Connection, Heading, Limits, Line, Millis,
    Operation, Page, Pause, Person, Plan, ReadId, Reading, Reply, Run, Scope, Secret, Snapshot, Status, Step,
};

use crate::world::{CAPABILITIES, Fate, Trip, Truth, group, planned};

/// One sending of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub changes: Vec<ChangeId>,
    pub operations: Vec<Operation>,
    pub sent_at: Millis,
    pub answered_at: Millis,
    pub fate: Fate,
}

/// A call in flight, on its way there or back.
#[derive(Clone, Debug)]
enum Leg {
    There(Batch),
    Back(BatchId, Result<Reply, BatchFailure>),
    ReadThere(Reading),
    ReadBack(ReadId, Result<Page, BatchFailure>),
}

/// When a page dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// Before persisting an event or acting on it.
    Unwritten,
    /// After persisting an event, but before acting on it.
    Written,
    /// After acting on it: the call continues without its page.
    Sent,
}

/// The state that outlives pages.
pub(crate) struct Site {
    pub plan: Plan,
    pub limits: Limits,
    pub truth: Truth,
    pub sent: Vec<Sent>,
    /// When each call arrived, including reads.
    pub arrivals: Vec<Millis>,
    pub lines: Vec<String>,
    pub budget: String,
    pub rests: Vec<Pause>,
    pub now: Millis,
    pub trips: Vec<Trip>,
    n_trips: usize,
    n_steps: usize,
    pages: usize,
    under_way: Vec<(Millis, Millis, usize, Fate, Leg)>,
}

/// Everything observable about a run.
pub(crate) fn visible(run: &Run) -> String {
    let ids = || run.plan().changes.iter().map(|change| change.id);
    let rows: Vec<_> =
        ids().map(|id| (run.outcome(id), run.batch(id), run.learned(id), run.is_checkable(id))).collect();
    let rest = (run.status(), run.tally(), run.calls_left(), run.with_verdict(None), run.seq());
    format!("{rest:?} {rows:?}")
}

/// A connection for headings.
pub(crate) fn connection() -> Connection {
    let json = serde_json::json!({
        "id": "fans", "vendor": "cometchat", "name": "Fans", "reach": "sandbox", "base_url": "",
        "acting_as": null, "is_small_plan": false,
    });
    serde_json::from_value(json).expect("is a connection")
}

/// A plan as a later page reads it.
pub(crate) fn reread(plan: &Plan) -> StoredPlan {
    let heading = Heading::new(plan, &connection(), "/people", 1);
    let heading: Heading = round_trip(&heading);
    plan_of(&heading, chunks(plan).map(|chunk| round_trip(&chunk))).expect("a plan that was written is read")
}

/// The value after a round trip through JSON.
pub(crate) fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&json(value)).expect("what was written is read")
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("everything has text keys")
}

impl Site {
    pub(crate) fn new(plan: Plan, limits: Limits, snapshot: &Snapshot, trips: &[Trip]) -> Self {
        let budget = json(&Budget::new(limits.windows.clone()));
        Self {
            plan,
            limits,
            truth: Truth::of(snapshot),
            sent: Vec::new(),
            arrivals: Vec::new(),
            lines: Vec::new(),
            budget,
            rests: Vec::new(),
            now: 1_000,
            trips: trips.to_vec(),
            n_trips: 0,
            n_steps: 0,
            pages: 0,
            under_way: Vec::new(),
        }
    }

    pub(crate) fn fresh(&self) -> Run {
        Run::new(self.plan.clone(), &self.limits, &CAPABILITIES, 7)
    }

    /// The run as a later page restores it.
    pub(crate) fn restored(&self) -> Run {
        let lines = self.lines.iter().map(|line| serde_json::from_str::<Line>(line).expect("a line is read"));
        Run::restore(reread(&self.plan), &self.limits, &CAPABILITIES, 11, lines, 0, self.lines.len() as u64)
    }

    pub(crate) fn read_budget(&self) -> Budget {
        serde_json::from_str(&self.budget).expect("a budget is read")
    }

    pub(crate) fn write(&mut self, run: &mut Run, budget: &Budget) {
        for line in run.drain() {
            assert_eq!(line.seq, self.lines.len() as u64, "lines are numbered without gaps");
            self.lines.push(json(&line));
        }
        self.budget = json(budget);
    }

    fn next_trip(&mut self) -> Trip {
        self.n_trips += 1;
        self.trips.get(self.n_trips - 1).cloned().unwrap_or((Fate::Done, 1, 1))
    }

    /// Executes a step.
    pub(crate) fn carry_out(&mut self, step: Step) {
        let (fate, there, back) = self.next_trip();
        let leg = match step {
            Step::Send(batch) => {
                self.sent.push(Sent {
                    changes: batch.items.iter().map(|item| item.change).collect(),
                    operations: batch.items.iter().map(|item| (*item.operation).clone()).collect(),
                    sent_at: self.now,
                    answered_at: self.now + there + back,
                    fate: fate.clone(),
                });
                Leg::There(batch)
            }
            Step::Read(reading) => Leg::ReadThere(reading),
            other => panic!("{other:?} is no call"),
        };
        if !matches!(fate, Fate::Unsent) {
            self.arrivals.push(self.now + there);
        }
        self.under_way.push((self.now + there, back, self.pages, fate, leg));
    }

    /// Waits for the next event, but no longer than `until`.
    fn wait(&mut self, run: &mut Run, budget: &mut Budget, until: Option<Millis>) {
        let next = (0..self.under_way.len()).min_by_key(|idx| self.under_way[*idx].0);
        let next = next.filter(|idx| until.is_none_or(|until| self.under_way[*idx].0 <= until));
        let Some(idx) = next else {
            self.now = until.expect("somebody owes an answer, or there is a moment to wait for");
            return;
        };
        let (at, back, page, fate, leg) = self.under_way.remove(idx);
        self.now = self.now.max(at);
        let is_here = page == self.pages;
        match leg {
            Leg::There(batch) => {
                if fate.is_processed() {
                    self.truth.process(&batch);
                }
                let answer = fate.answer(&batch);
                self.under_way.push((self.now + back, 0, page, fate, Leg::Back(batch.id, answer)));
            }
            Leg::ReadThere(reading) => {
                let answer = fate.page(self.truth.read(&reading.query, reading.cursor));
                self.under_way.push((self.now + back, 0, page, fate, Leg::ReadBack(reading.id, answer)));
            }
            Leg::Back(id, answer) if is_here => run.record(id, answer, self.now, budget),
            Leg::ReadBack(id, answer) if is_here => run.record_page(id, answer, self.now, budget),
            Leg::Back(..) | Leg::ReadBack(..) => {}
        }
    }

    /// Drives until the end, or until the page dies at a step. Calls of other pages continue meanwhile.
    pub(crate) fn page(&mut self, run: &mut Run, death: Option<(usize, Death)>) -> bool {
        self.pages += 1;
        let first = self.n_steps;
        let dies = |step: usize, how| death.is_some_and(|(at, death)| step - first == at && death == how);
        let mut budget = self.read_budget();
        for _ in 0..200_000 {
            let n = self.n_steps;
            self.n_steps += 1;
            let step = run.poll(self.now, &mut budget);
            if dies(n, Death::Unwritten) {
                return false;
            }
            self.write(run, &budget);
            if dies(n, Death::Written) {
                return false;
            }
            let is_call = matches!(step, Step::Send(_) | Step::Read(_));
            match step {
                Step::Done => return true,
                Step::Rest => {
                    let Status::Paused(why) = run.status().clone() else {
                        panic!("it rests without a pause")
                    };
                    self.rests.push(why);
                    self.now += 10;
                    run.give_password(&Secret::new("typed again"));
                    run.resume(self.now);
                }
                Step::WaitUntil(at) => {
                    assert!(at > self.now, "waiting for what has passed");
                    self.wait(run, &mut budget, Some(at));
                }
                Step::Await => self.wait(run, &mut budget, None),
                step => self.carry_out(step),
            }
            if is_call && dies(n, Death::Sent) {
                return false;
            }
            self.write(run, &budget);
        }
        panic!("the run does not end");
    }

    /// Continues driving in the existing page.
    pub(crate) fn page_goes_on(&mut self, run: &mut Run) -> bool {
        self.pages -= 1;
        self.page(run, None)
    }

    /// Delivers everything that is still in flight.
    pub(crate) fn flush(&mut self) {
        for (_, _, _, fate, leg) in std::mem::take(&mut self.under_way) {
            if let (Leg::There(batch), true) = (leg, fate.is_processed()) {
                self.truth.process(&batch);
            }
        }
    }

    /// Drives a run to its end through pages that die.
    pub(crate) fn run(&mut self, deaths: &[(usize, Death)]) -> Run {
        let mut run = self.fresh();
        for death in deaths {
            if self.page(&mut run, Some(*death)) {
                return run;
            }
            self.now += 5;
            run = self.restored();
            run.take_over(self.now);
        }
        assert!(self.page(&mut run, None));
        run
    }
}

/// A plan that adds `n` people to a group, for runs of a known length.
pub(crate) fn adds(n: usize) -> Plan {
    let operation = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
    all(operation, (0..n).map(|idx| Person::by_id(format!("u{idx}"))))
}

/// A plan that invites `n` people, who must not be invited twice.
pub(crate) fn invites(n: usize) -> Plan {
    let operation = Operation::Invite { role: domain::RoleId::new("editor"), note: None, prices: Vec::new() };
    all(operation, (0..n).map(|idx| Person::by_email(format!("u{idx}@example.org"))))
}

fn all(operation: Operation, people: impl Iterator<Item = Person>) -> Plan {
    planned(&Command::for_all(operation, people), &Snapshot::default())
}

/// How often each change was sent without being returned unprocessed.
pub(crate) fn n_kept(sent: &[Sent]) -> BTreeMap<ChangeId, u32> {
    let mut n = BTreeMap::new();
    for call in sent.iter().filter(|call| !call.fate.is_returned()) {
        for change in &call.changes {
            *n.entry(*change).or_default() += 1;
        }
    }
    n
}
