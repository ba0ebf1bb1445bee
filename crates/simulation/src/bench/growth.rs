//! Time and memory of plans and runs, from a thousand changes to a million.

use domain::{
    Budget, Command, GroupId, Operation, Outcome, Person, Plan, PlanId, Reply, Run, Scope, Snapshot, Step,
    Vendor,
};

use super::{Stopwatch, heap};
use crate::plans::planner;

/// The time limit for planning a million changes, and the memory limit per change.
const MOST_SECONDS: f64 = 2.0;
const MOST_BYTES: f64 = 200.0;

/// Plans these items with an empty snapshot.
pub(super) fn planned(vendor: Vendor, items: Vec<(Person, Operation)>) -> Plan {
    let mut command = Command::new();
    for (person, operation) in items {
        command.intent(person, operation);
    }
    plan_of(vendor, &command)
}

fn plan_of(vendor: Vendor, command: &Command) -> Plan {
    planner(vendor).plan(PlanId::new("a-plan"), command, &Snapshot::default())
}

/// Adds `n` people with ids and names to ten groups, with one of three scopes each.
fn command(n: usize) -> Command {
    let mut command = Command::new();
    for idx in 0..n {
        let scope = [Scope::Participant, Scope::Moderator, Scope::Admin][idx % 3];
        let group = GroupId::new(format!("group-{}", idx * 10 / n));
        let person = Person::by_id(format!("person-{idx:08}")).with_name(&format!("Somebody {idx}"));
        command.intent(person, Operation::AddToGroup { group, scope });
    }
    command
}

/// Prints a row for each size. Returns false if a million changes miss the targets.
pub(super) fn print() -> bool {
    println!(
        "\n{:>9}  {:>10} {:>12} {:>14}  {:>10} {:>12} {:>14} {:>16}",
        "changes",
        "plan",
        "a change",
        "holds a change",
        "run",
        "a change",
        "holds a change",
        "journal a change"
    );
    let mut is_well = true;
    for n in [1_000, 10_000, 100_000, 1_000_000] {
        let command = command(n);
        let before = heap::held();
        let started = Stopwatch::start();
        let plan = plan_of(Vendor::CometChat, &command);
        let plan_s = started.elapsed().as_secs_f64();
        let plan_bytes = (heap::held() - before) as f64 / n as f64;
        drop(command);
        let before = heap::held();
        let started = Stopwatch::start();
        let (run, journal_bytes) = drive(plan);
        let run_s = started.elapsed().as_secs_f64();
        let run_bytes = heap::held().saturating_sub(before) as f64 / n as f64;
        assert_eq!(run.tally().n_done, n, "everybody is done");
        println!(
            "{n:>9}  {:>8.1} ms {:>9.0} ns {:>12.0} B  {:>8.1} ms {:>9.0} ns {:>12.0} B {:>14.0} B",
            plan_s * 1e3,
            plan_s * 1e9 / n as f64,
            plan_bytes,
            run_s * 1e3,
            run_s * 1e9 / n as f64,
            run_bytes,
            journal_bytes as f64 / n as f64,
        );
        is_well &= n < 1_000_000 || (plan_s < MOST_SECONDS && plan_bytes < MOST_BYTES);
    }
    is_well
}

/// Drives a plan to its end with immediate responses. Returns the run and the size of its records as JSON.
fn drive(plan: Plan) -> (Run, usize) {
    let limits = vendors::limits(plan.vendor, false);
    let mut budget = Budget::new(Vec::new());
    let mut run = Run::new(plan, &limits, &vendors::capabilities(Vendor::CometChat), 7);
    let (mut n_bytes, mut now) = (0, crate::universe::START);
    loop {
        let step = run.poll(now, &mut budget);
        for line in run.drain() {
            n_bytes += serde_json::to_string(&line).expect("a record is plain data").len();
        }
        let Step::Send(batch) = step else { return (run, n_bytes) };
        now += 1;
        let outcomes = batch.items.iter().map(|item| (item.change, Outcome::Applied)).collect();
        run.record(batch.id, Ok(Reply { outcomes, ..Reply::default() }), now, &mut budget);
    }
}
