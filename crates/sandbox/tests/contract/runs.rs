//! Whole runs against the world, with a clock that only the test advances and a network with varying delays.

use domain::outcome::Verdict;
use domain::{
    Batch, BatchFailure, BatchId, Budget, Command, ConnectionId, Flow, GroupId, Millis, Operation, Page,
    Person, Plan, PlanId, Planner, ReadId, Reading, Receipt, Reply, RoleId, Run, Scope, Snapshot, Step,
    Vendor,
};
use proptest::prelude::*;
use sandbox::{Settings, ids};

use crate::console::{Console, START};
use crate::samples;
use crate::truth;

/// The result of a run: the receipt, the duration, and the batches that were sent.
pub(crate) struct Ran {
    pub receipt: Receipt,
    took_ms: Millis,
    sent: Vec<Batch>,
}

/// A call in flight.
enum Leg {
    There(Box<Batch>),
    Back(BatchId, Box<Result<Reply, BatchFailure>>),
    ReadThere(Box<Reading>),
    ReadBack(ReadId, Result<Page, BatchFailure>),
}

/// Applies a plan. `delay` returns the request and response delay of each call.
pub(crate) fn drive(console: &mut Console, plan: Plan, mut delay: impl FnMut() -> (Millis, Millis)) -> Ran {
    let limits = vendors::limits(console.vendor, false);
    let mut budget = Budget::new(limits.windows.clone());
    let mut run = Run::new(plan, &limits, &vendors::capabilities(console.vendor), 7);
    let mut under_way: Vec<(Millis, Millis, Leg)> = Vec::new();
    let (mut now, mut sent) = (START, Vec::new());
    loop {
        let until = match run.poll(now, &mut budget) {
            Step::Send(batch) => {
                sent.push(batch.clone());
                let (there, back) = delay();
                under_way.push((now + there, back, Leg::There(Box::new(batch))));
                continue;
            }
            Step::Read(reading) => {
                let (there, back) = delay();
                under_way.push((now + there, back, Leg::ReadThere(Box::new(reading))));
                continue;
            }
            Step::Rest => panic!("nothing here pauses a run"),
            Step::WaitUntil(at) => Some(at),
            Step::Await => None,
            Step::Done => return Ran { receipt: run.receipt(), took_ms: now - START, sent },
        };
        let next = under_way
            .iter()
            .enumerate()
            .min_by_key(|(_, (at, _, _))| *at)
            .map(|(idx, (at, _, _))| (idx, *at));
        match (next, until) {
            (Some((_, at)), Some(until)) if until < at => now = until,
            (Some((idx, at)), _) => {
                now = now.max(at);
                match under_way.remove(idx) {
                    (_, back, Leg::There(batch)) => {
                        console.now = now;
                        let result = console.send_batch(&batch);
                        under_way.push((now + back, 0, Leg::Back(batch.id, Box::new(result))));
                    }
                    (_, _, Leg::Back(id, result)) => run.record(id, *result, now, &mut budget),
                    (_, back, Leg::ReadThere(reading)) => {
                        console.now = now;
                        let result = console.read(&reading.query, reading.cursor);
                        let result = result.map_err(BatchFailure::sent);
                        under_way.push((now + back, 0, Leg::ReadBack(reading.id, result)));
                    }
                    (_, _, Leg::ReadBack(id, result)) => run.record_page(id, result, now, &mut budget),
                }
            }
            (None, Some(until)) => now = until,
            (None, None) => panic!("waits for a call that is not under way"),
        }
    }
}

fn plan_of(console: &Console, command: &Command) -> Plan {
    let vendor = console.vendor;
    let planner = Planner::new(ConnectionId::new("c"), vendor, vendors::capabilities(vendor));
    let plan = planner.plan(PlanId::new("p"), command, &Snapshot::default());
    assert!(plan.is_applicable(), "{:?}", plan.problems);
    plan
}

fn in_time(vendor: Vendor) -> Console {
    Console::with(vendor, Settings { latency: false, ..Settings::default() })
}

pub(crate) fn four_hundred() -> Command {
    let register = Operation::Register {
        flow: Flow::Direct,
        role: RoleId::new(ids::NETWORKED_CONTRIBUTOR),
        price: None,
        password: None,
    };
    let people = (0..400).map(|number| {
        Person::by_email(format!("member{number}@club.example")).with_name(&format!("Member {number}"))
    });
    Command::for_all(register, people)
}

fn pace_refusals(ran: &Ran) -> usize {
    ran.sent.iter().filter(|batch| batch.n_attempts > 0).count()
}

#[test]
fn four_hundred_direct_adds_stay_within_networkeds_windows() {
    let mut console = in_time(Vendor::Networked);
    let plan = plan_of(&console, &four_hundred());
    let ran = drive(&mut console, plan, || (80, 120));
    assert_eq!(ran.receipt.tally().n_done, 400);
    assert_eq!((ran.sent.len(), pace_refusals(&ran)), (400, 0));
    // At 120 an hour, the last forty go out after three hours.
    assert!(ran.took_ms > 3 * 3_600_000 && ran.took_ms < 4 * 3_600_000, "{}", ran.took_ms);
    let dump = console.dump();
    for number in 0..400 {
        assert!(truth::networked_user(&dump, &format!("member{number}@club.example")).is_some(), "{number}");
    }
}

#[test]
fn a_hundred_and_twenty_adds_travel_in_calls_of_twenty_five() {
    let mut console = in_time(Vendor::CometChat);
    let dump = console.dump();
    let outside: Vec<_> = (1..=ids::FANS)
        .map(ids::fan)
        .filter(|uid| truth::scope(&dump, ids::TRAIL_RUNNERS, uid).is_none())
        .collect();
    let mut command = Command::new();
    for (number, uid) in outside.iter().take(120).enumerate() {
        let scope = if number % 10 == 0 { Scope::Moderator } else { Scope::Participant };
        command.intent(
            Person::by_id(uid),
            Operation::AddToGroup { group: GroupId::new(ids::TRAIL_RUNNERS), scope },
        );
    }
    let plan = plan_of(&console, &command);
    let ran = drive(&mut console, plan, || (40, 60));
    assert_eq!(ran.receipt.tally().n_done, 120);
    assert_eq!(ran.sent.len(), 5);
    assert!(ran.sent.iter().all(|batch| batch.items.len() <= 25));
    let dump = console.dump();
    for (number, uid) in outside.iter().take(120).enumerate() {
        let scope = if number % 10 == 0 { Scope::Moderator } else { Scope::Participant };
        assert_eq!(truth::scope(&dump, ids::TRAIL_RUNNERS, uid), Some(scope), "{uid}");
    }
}

#[test]
fn everybody_of_a_brand_joins_a_community_of_genuin() {
    let mut console = in_time(Vendor::Genuin);
    let community = ids::GENUIN_SMALL_COMMUNITY;
    let before = console.dump();
    let add = Operation::AddToCommunity {
        community: GroupId::new(community),
        flow: Flow::Direct,
        is_onboarding: false,
    };
    let people = (1..=ids::GENUIN_PEOPLE).map(ids::genuin_user);
    let command = Command::for_all(add, people.clone().map(Person::by_id));
    let plan = plan_of(&console, &command);
    let ran = drive(&mut console, plan, || (100, 100));
    let was_in = |user: &String| truth::genuin_role(&before, community, user).is_some();
    let after = console.dump();
    for (row, user) in ran.receipt.rows.iter().zip(people) {
        let verdict = row.outcome.as_ref().expect("is settled").verdict();
        let expected = if was_in(&user) { Verdict::Unknown } else { Verdict::Done };
        assert_eq!(verdict, expected, "{user}");
        assert!(truth::genuin_role(&after, community, &user).is_some(), "{user}");
    }
}

#[test]
fn a_run_gets_past_refusals_for_pace_and_finds_out_what_came_of_lost_calls() {
    let mut console = in_time(Vendor::CometChat);
    let kick = |uid: &str| (uid.to_owned(), Operation::Kick { group: GroupId::new(ids::TROUBLE) });
    let items = ["rate-limited", "rate-limited-silent", "lost-answer", "cut", "hang", "server-error", "slow"]
        .map(kick);
    let mut command = Command::new();
    for (uid, operation) in items {
        command.intent(Person::by_id(uid), operation);
    }
    let plan = plan_of(&console, &command);
    let ran = drive(&mut console, plan, || (10, 10));
    let verdicts: Vec<_> = ran
        .receipt
        .rows
        .iter()
        .map(|row| (row.change.person.key.as_str(), row.outcome.as_ref().expect("is settled").verdict()))
        .collect();
    use Verdict::{Done, Refused, Unknown};
    let expected = [
        ("rate-limited", Done),
        ("rate-limited-silent", Done),
        // Reading back shows that the change was made.
        ("lost-answer", Done),
        // Reading back a minute after giving up shows that the change was not made.
        ("cut", Refused),
        ("hang", Refused),
        // The vendor answered at once, and the change may become visible later.
        ("server-error", Unknown),
        ("slow", Done),
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(pace_refusals(&ran), 4, "each 429 strikes twice");
    let dump = console.dump();
    let is_in = |uid| truth::scope(&dump, ids::TROUBLE, uid).is_some();
    assert!(!is_in("rate-limited") && !is_in("lost-answer") && !is_in("slow"), "these are gone");
    assert!(is_in("cut") && is_in("hang") && is_in("server-error"), "these are not");
}

/// A one-way delay: mostly short, so that windows fill, and sometimes very long.
fn way() -> impl Strategy<Value = Millis> {
    prop_oneof![4 => 0u64..50, 1 => 0u64..20_000]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// The vendor counts a call on arrival, the console on the response: no delay leads to a 429.
    #[test]
    fn no_call_is_refused_for_its_pace_however_delays_vary(
        delays in prop::collection::vec((way(), way()), 1..60),
    ) {
        for vendor in Vendor::ALL {
            let mut console = in_time(vendor);
            let plan = plan_of(&console, &samples::many(vendor));
            let n_changes = plan.changes.len();
            let mut idx = 0;
            let ran = drive(&mut console, plan, || {
                idx += 1;
                delays[idx % delays.len()]
            });
            prop_assert_eq!(pace_refusals(&ran), 0, "{:?}", vendor);
            prop_assert_eq!(ran.receipt.tally().n_all(), n_changes);
            prop_assert_eq!(ran.receipt.tally().n_waiting, 0);
        }
    }
}
