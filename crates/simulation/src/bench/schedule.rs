//! The duration of runs compared to the shortest schedule that the documented rate limits allow.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use domain::connection::Pace;
use domain::driver::{Action, Around, Event, Setting};
use domain::{
    Batch, Budget, ConnectionKind, Driver, Flow, GroupId, Limits, Millis, Operation, Outcome, Person, Plan,
    Reply, RoleId, Run, Scope, Step, Vendor, entry,
};

use super::Stopwatch;
use super::growth::planned;
use crate::disk::{self, Disk};
use crate::plans;
use crate::universe::START;
use crate::windows::Arrivals;

/// The request and response delays of every call.
const THERE_MS: Millis = 80;
const BACK_MS: Millis = 120;
const ROUND_TRIP_MS: Millis = THERE_MS + BACK_MS;

/// The maximum duration of a run, in percent of the shortest schedule.
const TARGET: u64 = 105;

struct Drill {
    name: &'static str,
    vendor: Vendor,
    pace: Pace,
    plan: Plan,
}

fn drills() -> Vec<Drill> {
    let drill = |name, vendor, pace, items: Vec<(Person, Operation)>| Drill {
        name,
        vendor,
        pace,
        plan: planned(vendor, items),
    };
    let small = Pace { is_small_plan: true, calls_per_minute: None };
    let scopes = |n: usize, n_groups: usize| {
        let operation = move |idx: usize| Operation::SetScope {
            group: GroupId::new(format!("group-{}", idx % n_groups)),
            scope: Scope::Moderator,
        };
        (0..n).map(|idx| (Person::by_id(format!("person-{idx}")), operation(idx))).collect()
    };
    let register = Operation::Register {
        flow: Flow::Direct,
        role: RoleId::new("5f0000000000000000000a03"),
        price: None,
        password: None,
    };
    let address = |idx| Person::by_email(format!("person{idx}@club.example")).with_name("Person");
    let moderator =
        Operation::MakeModerator { community: GroupId::new("10000000-0000-4000-8000-000000000001") };
    let user = |idx| Person::by_id(format!("30000000-0000-4000-8000-{idx:012}"));
    vec![
        drill(
            "Networked, 400 direct adds",
            Vendor::Networked,
            Pace::default(),
            (0..400).map(|idx| (address(idx), register.clone())).collect(),
        ),
        drill("CometChat Build plan, 6,000 scopes in 6 groups", Vendor::CometChat, small, scopes(6_000, 6)),
        drill("CometChat Build plan, 2,000 scopes in 1 group", Vendor::CometChat, small, scopes(2_000, 1)),
        drill("CometChat, 6,000 scopes in 6 groups", Vendor::CometChat, Pace::default(), scopes(6_000, 6)),
        drill(
            "CometChat, 30,000 scopes in 30 groups",
            Vendor::CometChat,
            Pace::default(),
            scopes(30_000, 30),
        ),
        drill(
            "Genuin, 10,000 moderators",
            Vendor::Genuin,
            Pace::default(),
            (0..10_000).map(|idx| (user(idx), moderator.clone())).collect(),
        ),
    ]
}

/// The measurements of a run.
struct Took {
    run_ms: Millis,
    n_overruns: usize,
    /// The real time spent on everything, and on the journal alone.
    all: Duration,
    journal: Duration,
}

/// Prints a row for each drill. Returns false if a run overran a window or missed a target.
pub(super) fn print() -> bool {
    println!(
        "calls take {ROUND_TRIP_MS} ms; the shortest schedule keeps every window as arrivals are counted,"
    );
    println!("has one writer in a group and as many calls at once as the console allows itself\n");
    println!(
        "{:<50} {:>10} {:>10} {:>7} {:>9} {:>12}",
        "", "shortest", "run", "ratio", "overruns", "journal"
    );
    let mut is_well = true;
    for drill in drills() {
        let limits = vendors::limits(drill.vendor, drill.pace);
        let shortest = shortest(&drill.plan, &limits);
        let took = drive(&drill, &limits);
        let ratio = took.run_ms * 1_000 / shortest.max(1);
        // The journal's share of the run's duration in 1/100,000, and of the time spent in 1/1,000.
        let share = took.journal.as_micros() * 100 / u128::from(took.run_ms.max(1));
        let of_all = took.journal.as_micros() * 1_000 / took.all.as_micros().max(1);
        println!(
            "{:<50} {:>8.1} s {:>8.1} s {:>7.3} {:>9} {:>9.3} % ({:.0} % of the processor's time)",
            drill.name,
            shortest as f64 / 1_000.0,
            took.run_ms as f64 / 1_000.0,
            ratio as f64 / 1_000.0,
            took.n_overruns,
            share as f64 / 1_000.0,
            of_all as f64 / 10.0,
        );
        is_well &= ratio <= TARGET * 10 && took.n_overruns == 0 && share < 5_000;
    }
    is_well
}

/// The shortest time in which a plan can be applied, calling for the groups with most calls left first.
fn shortest(plan: &Plan, limits: &Limits) -> Millis {
    let mut lanes: BTreeMap<Option<&GroupId>, usize> = BTreeMap::new();
    let mut run = Run::new(plan.clone(), limits, &vendors::capabilities(plan.vendor), 0);
    let mut budget = Budget::new(Vec::new());
    while let Step::Send(batch) = run.poll(START, &mut budget) {
        let change = &plan.changes[batch.items[0].change.as_idx()];
        *lanes.entry(change.operation.group()).or_default() += 1;
        run.record(batch.id, Ok(all_applied(&batch)), START, &mut budget);
    }
    let mut left: Vec<(Millis, usize)> = lanes.into_values().map(|n| (0, n)).collect();
    let mut arrivals: VecDeque<Millis> = VecDeque::new();
    let mut busy: VecDeque<Millis> = VecDeque::new();
    let mut end = 0;
    loop {
        // Of the groups that become free first, take the one with the most calls left.
        left.retain(|(_, n)| *n > 0);
        let Some(lane) = left.iter_mut().min_by_key(|(free, n)| (*free, usize::MAX - *n)) else { return end };
        let mut at = lane.0 + THERE_MS;
        if busy.len() >= limits.max_in_flight {
            at = at.max(busy.pop_front().unwrap_or_default() + THERE_MS);
        }
        for window in &limits.windows {
            if let Some(idx) = arrivals.len().checked_sub(window.max as usize) {
                at = at.max(arrivals[idx] + window.span_ms);
            }
        }
        arrivals.push_back(at);
        busy.push_back(at + BACK_MS);
        end = at + BACK_MS;
        *lane = (end, lane.1 - 1);
    }
}

fn all_applied(batch: &Batch) -> Reply {
    let outcomes = batch.items.iter().map(|item| (item.change, Outcome::Applied)).collect();
    Reply { outcomes, ..Reply::default() }
}

/// Drives a plan like the console, including the journal, against a vendor without faults.
fn drive(drill: &Drill, limits: &Limits) -> Took {
    let started = Stopwatch::start();
    let mut journal = Duration::ZERO;
    let capabilities = vendors::capabilities(drill.vendor);
    let run = Run::new(drill.plan.clone(), limits, &capabilities, 7);
    let mut disk = Disk::default();
    let id = drill.plan.id.clone();
    let connection = plans::place(drill.vendor, ConnectionKind::Direct, drill.pace);
    let around = |now| Around {
        now,
        steady: now,
        has_key: true,
        has_locks: true,
        is_online: true,
        target: Some(connection.target()),
    };
    let setting = Setting { limits: limits.clone(), capabilities, seed: 7 };
    let mut driver = Driver::start(run, disk::heading(&drill.plan, &connection, START), setting);
    let mut budget = Budget::new(limits.windows.clone());
    let mut arrivals = Arrivals::default();
    let mut n_overruns = 0;
    // Calls return in the order of sending, because all delays are equal.
    let mut under_way: VecDeque<(Millis, Batch)> = VecDeque::new();
    let (mut now, mut until) = (START, None);
    loop {
        while let Some(action) = driver.next_action() {
            let event = match action {
                Action::AskLock(_) => Event::Granted,
                Action::Begin => {
                    let began = Stopwatch::start();
                    let chunks = entry::chunks(driver.run().plan()).collect();
                    let begun = disk.begin(driver.heading(), chunks);
                    journal += began.elapsed();
                    Event::Begun(begun)
                }
                Action::Open { .. } => Event::Opened(budget.clone()),
                Action::Write(write) => {
                    let began = Stopwatch::start();
                    let written = disk.write(&id, &write.lines, &write.budget, write.is_strict);
                    journal += began.elapsed();
                    budget = write.budget;
                    Event::Written(written)
                }
                Action::Send(batch) => {
                    let request = vendors::changes(drill.vendor).encode(&batch, None);
                    std::hint::black_box(request.expect("it was planned for this vendor"));
                    n_overruns += usize::from(arrivals.count(now + THERE_MS, &limits.windows).is_some());
                    under_way.push_back((now + ROUND_TRIP_MS, batch));
                    continue;
                }
                Action::SleepUntil(at) => {
                    until = at;
                    continue;
                }
                _ => continue,
            };
            driver.handle(event, &around(now));
        }
        let next = under_way.front().map(|(at, _)| *at);
        let event = match (next, until) {
            (Some(at), until) if until.is_none_or(|until| at <= until) => {
                now = now.max(at);
                let Some((_, batch)) = under_way.pop_front() else { break };
                Event::Answered { batch: batch.id, result: Ok(all_applied(&batch)), hint: None }
            }
            (_, Some(at)) => {
                (now, until) = (at, None);
                Event::Time
            }
            (_, None) => break,
        };
        driver.handle(event, &around(now));
    }
    assert!(driver.run().is_over(), "the run ends");
    Took { run_ms: now - START, n_overruns, all: started.elapsed(), journal }
}
