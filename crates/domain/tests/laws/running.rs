//! Laws of runs: whatever comes back, and however long it takes.

use domain::{
    Budget, ChangeId, Command, Effect, Items, Limits, Millis, Outcome, Page, Person, Plan, Run, Scope,
    Snapshot, Step, Window,
};
use proptest::prelude::*;

use crate::world::{
    CAPABILITIES, Fate, Trip, any_fate, command, group, limits, planned, snapshot, too_fast, trip,
};

/// One sending of a batch.
struct Sent {
    changes: Vec<ChangeId>,
    sent_at: Millis,
    arrived_at: Millis,
    answered_at: Millis,
    fate: Fate,
}

/// Drives a run to its end against trips after which all goes well, with a clock of its own.
fn drive(plan: Plan, limits: &Limits, trips: &[Trip]) -> (Run, Vec<Sent>) {
    let mut run = Run::new(plan, limits, &CAPABILITIES, 7);
    let mut budget = Budget::new(limits.windows.clone());
    let mut sent: Vec<Sent> = Vec::new();
    let mut under_way: Vec<(usize, domain::Batch)> = Vec::new();
    let mut now = 0;
    for _ in 0..100_000 {
        let until = match run.poll(now, &mut budget) {
            Step::Done => return (run, sent),
            Step::Send(batch) => {
                let (fate, there, back) = trips.get(sent.len()).cloned().unwrap_or((Fate::Done, 1, 1));
                under_way.push((sent.len(), batch.clone()));
                sent.push(Sent {
                    changes: batch.items.iter().map(|item| item.change).collect(),
                    sent_at: now,
                    arrived_at: now + there,
                    answered_at: now + there + back,
                    fate,
                });
                continue;
            }
            Step::Rest => {
                run.resume(now);
                continue;
            }
            Step::Read(reading) => {
                let page = Page { items: Items::Members(Vec::new()), next: None, total: None };
                run.record_page(reading.id, Ok(page), now, &mut budget);
                continue;
            }
            Step::WaitUntil(at) => {
                assert!(at > now, "waiting for what has passed");
                at
            }
            Step::Await => Millis::MAX,
        };
        let next = (0..under_way.len()).min_by_key(|idx| sent[under_way[*idx].0].answered_at);
        match next.filter(|idx| sent[under_way[*idx].0].answered_at <= until) {
            Some(idx) => {
                let (place, batch) = under_way.remove(idx);
                now = now.max(sent[place].answered_at);
                run.record(batch.id, sent[place].fate.answer(&batch), now, &mut budget);
            }
            None => {
                assert_ne!(until, Millis::MAX, "waiting for an answer that nobody owes");
                now = until;
            }
        }
    }
    panic!("the run does not end");
}

/// A command that adds so many people, for runs of a known length.
fn adds(n: usize) -> Plan {
    let effect = Effect::AddToGroup { group: group(0), scope: Scope::Participant };
    planned(
        &Command::for_all(effect, (0..n).map(|idx| Person::by_id(format!("u{idx}")))),
        &Snapshot::default(),
    )
}

fn windows() -> Vec<Window> {
    vec![Window { span_ms: 10_000, max: 4 }, Window { span_ms: 60_000, max: 9 }]
}

proptest! {
    #[test]
    fn batches_partition_what_is_to_be_sent(command in command(), snapshot in snapshot(), in_flight in 1usize..5) {
        let plan = planned(&command, &snapshot);
        let to_send: Vec<_> = plan.to_send().map(|change| change.id).collect();
        let effects: Vec<_> = plan.changes.iter().map(|change| change.effect.clone()).collect();
        let limits = limits(Vec::new(), in_flight);
        let (_, sent) = drive(plan, &limits, &[(Fate::Done, 1, 1)]);
        let all: Vec<_> = sent.iter().flat_map(|call| call.changes.iter().copied()).collect();
        prop_assert_eq!(all.len(), to_send.len());
        for call in &sent {
            let first = &effects[call.changes[0].as_idx()];
            prop_assert!(call.changes.len() <= (limits.batch_size)(first));
            prop_assert!(call.changes.iter().all(|id| first.shares_call_with(&effects[id.as_idx()])));
        }
    }

    #[test]
    fn every_change_ends_with_one_outcome(
        command in command(),
        snapshot in snapshot(),
        trips in prop::collection::vec(trip(any_fate()), 1..20),
        in_flight in 1usize..5,
    ) {
        let plan = planned(&command, &snapshot);
        let n_noop = plan.changes.len() - plan.to_send().count();
        let (run, sent) = drive(plan, &limits(windows(), in_flight), &trips);
        let receipt = run.receipt();
        prop_assert_eq!(receipt.rows.len(), run.plan().changes.len());
        prop_assert_eq!(receipt.tally().n_waiting, 0);
        prop_assert_eq!(receipt.tally(), run.tally());
        let untouched = receipt.rows.iter().filter(|row| row.outcome == Some(Outcome::NoOp(None))).count();
        prop_assert_eq!(untouched, n_noop);
        for row in &receipt.rows {
            let was_done = sent.iter().any(|call| {
                call.changes.contains(&row.change.id) && matches!(call.fate, Fate::Done | Fate::Gaps(_))
            });
            if row.outcome == Some(Outcome::Applied) {
                prop_assert!(was_done, "done without an answer that says so");
            }
        }
    }

    #[test]
    fn a_refusal_for_pace_that_passes_leaves_no_trace(
        n in 1usize..20,
        refusal in too_fast(),
        n_refusals in 1usize..6,
    ) {
        let mut trips = vec![(refusal, 5, 5); n_refusals];
        trips.extend(vec![(Fate::Done, 5, 5); n]);
        let (run, sent) = drive(adds(n), &limits(Vec::new(), 1), &trips);
        prop_assert_eq!(run.tally().n_done, n);
        prop_assert_eq!(sent.len(), n.div_ceil(5) + n_refusals);
    }

    /// A vendor counts a call when it arrives, somewhere between sending and answer.
    #[test]
    fn no_window_is_exceeded_however_latencies_vary(
        n in 1usize..150,
        trips in prop::collection::vec(trip(Just(Fate::Done)), 1..40),
        in_flight in 1usize..5,
    ) {
        let (_, sent) = drive(adds(n), &limits(windows(), in_flight), &trips);
        let mut arrivals: Vec<_> = sent.iter().map(|call| call.arrived_at).collect();
        arrivals.sort_unstable();
        for window in windows() {
            for (idx, at) in arrivals.iter().enumerate() {
                let n = arrivals[..=idx].iter().filter(|other| **other + window.span_ms > *at).count();
                prop_assert!(n <= window.max as usize, "{} calls within {} ms", n, window.span_ms);
            }
        }
    }

    #[test]
    fn no_more_calls_are_under_way_than_allowed(
        n in 1usize..60,
        trips in prop::collection::vec(trip(any_fate()), 1..20),
        in_flight in 1usize..5,
    ) {
        let (_, sent) = drive(adds(n), &limits(Vec::new(), in_flight), &trips);
        for call in &sent {
            let is_under_way = |other: &&Sent| other.sent_at <= call.sent_at && other.answered_at > call.sent_at;
            prop_assert!(sent.iter().filter(is_under_way).count() <= in_flight);
        }
    }
}

#[test]
fn a_wait_without_end_is_cut() {
    let plan = adds(1);
    let limits = limits(Vec::new(), 1);
    let (mut run, mut budget) = (Run::new(plan, &limits, &CAPABILITIES, 7), Budget::new(Vec::new()));
    let Step::Send(batch) = run.poll(1_000, &mut budget) else { panic!("there is something to send") };
    run.record(batch.id, Fate::TooFast(Some(Millis::MAX)).answer(&batch), 1_000, &mut budget);
    let Step::WaitUntil(at) = run.poll(1_000, &mut budget) else { panic!("it waits") };
    assert!((3_601_000..3_602_000).contains(&at), "an hour, and no longer");
}
