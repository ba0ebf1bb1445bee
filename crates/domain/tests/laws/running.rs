//! Laws of runs, for any responses and latencies, and wherever a page dies.

use domain::api_error::ErrorOrigin;
use domain::outcome::Verdict;
use domain::{
    BatchFailure, Budget, ChangeId, ErrorClass, Items, Learned, Millis, Outcome, Page, Pause, Repeat, Reply,
    Run, Snapshot, Status, Step, Window,
};
use proptest::prelude::*;

use crate::drive::{Death, Sent, Site, adds, invites, n_kept, visible};
use crate::world::{
    CAPABILITIES, Fate, any_fate, command, limits, lost, planned, snapshot, too_fast, trip, trips,
};

pub(crate) fn windows() -> Vec<Window> {
    vec![Window { span_ms: 10_000, max: 4 }, Window { span_ms: 60_000, max: 9 }]
}

pub(crate) fn deaths() -> impl Strategy<Value = Vec<(usize, Death)>> {
    let how = prop::sample::select(vec![Death::Unwritten, Death::Written, Death::Sent]);
    prop::collection::vec((0usize..40, how), 0..4)
}

/// The invariants of any run that has ended.
pub(crate) fn assert_ended(site: &Site, run: &Run) -> Result<(), TestCaseError> {
    let receipt = run.receipt();
    prop_assert_eq!(receipt.rows.len(), site.plan.changes.len());
    prop_assert_eq!(receipt.tally().n_waiting, 0);
    prop_assert_eq!(receipt.tally(), run.tally());
    prop_assert_eq!(run.status(), &Status::Done);
    let n_kept = n_kept(&site.sent);
    for row in &receipt.rows {
        let id = row.change.id;
        let n_processed = site.truth.n_processed.get(&id).copied().unwrap_or(0);
        let n_kept = n_kept.get(&id).copied().unwrap_or(0);
        match row.outcome.as_ref().map(Outcome::verdict) {
            Some(Verdict::Done) => prop_assert!(n_processed > 0, "{:?} was never done", row),
            Some(Verdict::Refused | Verdict::NotSent) => {
                prop_assert_eq!(n_processed, 0, "{:?} was done", row);
            }
            _ => {}
        }
        match row.change.operation.repeat_at(&CAPABILITIES) {
            Repeat::Never => prop_assert!(n_kept <= 1, "{:?} was sent {} times", row, n_kept),
            Repeat::Harmless => prop_assert!(n_kept <= 3, "{:?} was sent {} times", row, n_kept),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_change_ends_with_one_outcome_that_is_true(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        deaths in deaths(),
        in_flight in 1usize..5,
    ) {
        let mut site = Site::new(planned(&command, &snapshot), limits(windows(), in_flight), &snapshot, &trips);
        let run = site.run(&deaths);
        site.flush();
        assert_ended(&site, &run)?;
        let n_noop = site.plan.changes.len() - site.plan.to_send().count();
        let is_untouched = |row: &&domain::receipt::ReceiptRow| row.outcome == Some(Outcome::NoOp(None));
        prop_assert_eq!(run.receipt().rows.iter().filter(is_untouched).count(), n_noop);
    }

    #[test]
    fn batches_partition_what_is_to_be_sent(command in command(), snapshot in snapshot(), in_flight in 1usize..5) {
        let plan = planned(&command, &snapshot);
        let mut to_send: Vec<_> = plan.to_send().map(|change| change.id).collect();
        let mut site = Site::new(plan, limits(Vec::new(), in_flight), &snapshot, &[]);
        let run = site.run(&[]);
        let mut all: Vec<_> = site.sent.iter().flat_map(|call| call.changes.iter().copied()).collect();
        all.sort_unstable();
        to_send.sort_unstable();
        prop_assert_eq!(all, to_send);
        for call in &site.sent {
            prop_assert!(call.changes.len() <= (site.limits.batch_size)(&call.operations[0]));
            prop_assert!(call.operations.iter().all(|operation| call.operations[0].shares_call_with(operation)));
            prop_assert!(call.changes.is_sorted(), "the plan's order");
        }
        prop_assert_eq!(run.calls_left(), 0);
    }

    #[test]
    fn who_must_not_be_asked_twice_is_sent_once(
        n in 1usize..40,
        trips in trips(prop_oneof![lost(), too_fast(), Just(Fate::Done), any::<u32>().prop_map(Fate::Gaps)]),
        deaths in deaths(),
    ) {
        let mut site = Site::new(invites(n), limits(Vec::new(), 1), &Snapshot::default(), &trips);
        let run = site.run(&deaths);
        site.flush();
        assert_ended(&site, &run)?;
        prop_assert!(site.truth.n_processed.values().all(|n| *n == 1));
        // No change is left unknown without having been read back.
        for id in run.with_verdict(Some(Verdict::Unknown)) {
            let was_read = matches!(run.learned(id), Some(Learned::NotFound { .. }));
            prop_assert!(was_read || trips.len() > 1, "{id:?} was not looked for");
        }
    }

    #[test]
    fn a_refusal_for_pace_leaves_no_trace(
        n in 1usize..30,
        trips in trips(prop_oneof![too_fast(), Just(Fate::Done)]),
        deaths in deaths(),
    ) {
        // A change whose page died three times while it was under way is not sent again.
        let deaths = &deaths[..deaths.len().min(2)];
        let mut site = Site::new(adds(n), limits(windows(), 1), &Snapshot::default(), &trips);
        let run = site.run(deaths);
        prop_assert_eq!(run.tally().n_done, n);
        let is_pace = |why: &Pause| matches!(why, Pause::Pace(_));
        prop_assert!(site.rests.iter().all(is_pace));
    }

    #[test]
    fn a_wait_that_was_asked_for_is_granted(wait in 0u64..3_600_000, n_in_flight in 1usize..3) {
        let mut site = Site::new(adds(20), limits(Vec::new(), n_in_flight), &Snapshot::default(), &[
            (Fate::TooFast(Some(wait)), 5, 5),
        ]);
        site.run(&[]);
        prop_assert!(site.sent[1].sent_at >= site.sent[0].answered_at + wait);
        prop_assert!(site.sent[1].sent_at <= site.sent[0].answered_at + wait + 1_000);
    }

    #[test]
    fn a_key_that_is_refused_fails_nobody(
        n in 1usize..60,
        trips in trips(prop_oneof![Just(Fate::Done), Just(Fate::Locked), Just(Fate::Unsent)]),
        in_flight in 1usize..4,
    ) {
        let mut site = Site::new(adds(n), limits(Vec::new(), in_flight), &Snapshot::default(), &trips);
        let run = site.run(&[]);
        prop_assert_eq!(run.tally().n_done, n);
        prop_assert!(site.truth.n_processed.values().all(|n| *n == 1));
        let n_locked = site.sent.iter().filter(|call| matches!(call.fate, Fate::Locked | Fate::Unsent)).count();
        prop_assert!(site.rests.len() <= n_locked);
        prop_assert_eq!(site.rests.is_empty(), n_locked == 0);
    }

    #[test]
    fn no_more_calls_are_under_way_than_allowed_and_one_in_a_lane(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        in_flight in 1usize..5,
    ) {
        let mut site = Site::new(planned(&command, &snapshot), limits(Vec::new(), in_flight), &snapshot, &trips);
        site.run(&[]);
        for (idx, call) in site.sent.iter().enumerate() {
            let is_under_way = |other: &&Sent| other.answered_at > call.sent_at;
            let before: Vec<_> = site.sent[..idx].iter().filter(is_under_way).collect();
            prop_assert!(before.len() < in_flight);
            prop_assert!(before.iter().all(|other| other.operations[0].group() != call.operations[0].group()));
        }
    }

    #[test]
    fn nothing_is_sent_while_it_is_paused(
        n in 1usize..60,
        fates in trips(any_fate()),
        pause_at in 0usize..20,
        in_flight in 1usize..4,
    ) {
        let limits = limits(Vec::new(), in_flight);
        let mut run = Run::new(adds(n), &limits, &CAPABILITIES, 3);
        let mut budget = Budget::new(Vec::new());
        let (mut now, mut under_way, mut fates) = (0, Vec::new(), fates.into_iter());
        for _ in 0..pause_at {
            now += 1_000_000;
            match run.poll(now, &mut budget) {
                Step::Send(batch) => under_way.push(batch),
                Step::Await if !under_way.is_empty() => {
                    let batch = under_way.remove(0);
                    let fate = fates.next().map_or(Fate::Done, |(fate, _, _)| fate);
                    run.record(batch.id, fate.answer(&batch), now, &mut budget);
                }
                Step::Read(reading) => {
                    let page = Page::whole(Items::Members(Vec::new()));
                    run.record_page(reading.id, Ok(page), now, &mut budget);
                }
                _ => break,
            }
        }
        run.pause(Pause::Person, now);
        while let Some(batch) = under_way.pop() {
            prop_assert_eq!(run.poll(now, &mut budget), Step::Await);
            let fate = fates.next().map_or(Fate::Done, |(fate, _, _)| fate);
            now += 10_000_000;
            run.record(batch.id, fate.answer(&batch), now, &mut budget);
            run.pause(Pause::Offline, now);
        }
        let step = run.poll(now + 10_000_000, &mut budget);
        prop_assert!(matches!(step, Step::Rest | Step::Done), "{:?}", step);
        if step == Step::Rest {
            prop_assert_eq!(run.status(), &Status::Paused(Pause::Person), "a weaker reason does not replace it");
        }
    }

    #[test]
    fn what_waits_when_it_is_stopped_was_never_sent(
        n in 1usize..60,
        trips in trips(any_fate()),
        stop_at in 0usize..40,
        is_invite in any::<bool>(),
    ) {
        let plan = if is_invite { invites(n) } else { adds(n) };
        let mut site = Site::new(plan, limits(Vec::new(), 1), &Snapshot::default(), &trips);
        let mut run = site.fresh();
        let is_over = site.page(&mut run, Some((stop_at, Death::Sent)));
        let n_sent = site.sent.len();
        run.stop(site.now);
        prop_assert!(site.page_goes_on(&mut run));
        site.flush();
        prop_assert_eq!(site.sent.len(), n_sent, "nothing goes out after it was stopped");
        prop_assert_eq!(run.status(), if is_over { &Status::Done } else { &Status::Stopped });
        prop_assert_eq!(run.tally().n_waiting, 0);
        for id in run.with_verdict(Some(Verdict::NotSent)) {
            prop_assert_eq!(site.truth.n_processed.get(&id), None);
        }
        for id in run.with_verdict(Some(Verdict::Refused)) {
            let code = run.outcome(id).and_then(|outcome| outcome.error().map(|error| error.code.clone()));
            prop_assert!(code.as_deref() != Some("console.stopped"), "refused though it was never sent");
        }
        for id in run.with_verdict(Some(Verdict::Done)) {
            prop_assert!(site.truth.n_processed.contains_key(&id));
        }
    }

    #[test]
    fn a_run_that_is_over_stays_as_it_is(n in 1usize..30, trips in trips(any_fate())) {
        let mut site = Site::new(adds(n), limits(Vec::new(), 2), &Snapshot::default(), &trips);
        let mut run = site.run(&[]);
        let before = visible(&run);
        let mut budget = site.read_budget();
        run.resume(site.now);
        run.pause(Pause::Person, site.now);
        run.stop(site.now);
        run.take_over(site.now);
        run.skip(&run.with_verdict(None), site.now);
        prop_assert_eq!(run.poll(site.now, &mut budget), Step::Done);
        prop_assert!(before == visible(&run));
        prop_assert!(run.drain().is_empty());
    }

    #[test]
    fn what_is_sent_again_knowingly_ends_as_well(
        n in 1usize..30,
        first in trips(any_fate()),
        again in trips(any_fate()),
        is_invite in any::<bool>(),
        does_stop in any::<bool>(),
    ) {
        let plan = if is_invite { invites(n) } else { adds(n) };
        let mut site = Site::new(plan, limits(Vec::new(), 1), &Snapshot::default(), &first);
        let mut run = site.run(&[]);
        let unsettled = [Verdict::Refused, Verdict::Unknown].map(|verdict| run.with_verdict(Some(verdict)));
        let unknown = unsettled[1].clone();
        site.trips.extend(again);
        run.retry(&unsettled.concat(), site.now);
        prop_assert_eq!(run.with_verdict(None), sorted(unsettled.concat()));
        if does_stop {
            // Changes that were unknown before are unknown again: they may have been processed.
            run.stop(site.now);
            prop_assert_eq!(run.with_verdict(Some(Verdict::Unknown)), unknown);
        }
        prop_assert!(site.page(&mut run, None));
        prop_assert_eq!(run.tally().n_waiting, 0);
        prop_assert!(visible(&run) == visible(&site.restored()));
    }

    #[test]
    fn who_was_skipped_is_not_sent(n in 1usize..60, trips in trips(any_fate()), mask in any::<u64>()) {
        let mut site = Site::new(adds(n), limits(Vec::new(), 1), &Snapshot::default(), &trips);
        let mut run = site.fresh();
        let skipped: Vec<_> = (0..n as u32).filter(|idx| mask >> (idx % 64) & 1 == 1).map(ChangeId).collect();
        run.skip(&skipped, 1);
        prop_assert!(site.page(&mut run, None));
        prop_assert_eq!(run.tally().n_waiting, 0);
        prop_assert!(site.sent.iter().all(|call| call.changes.iter().all(|id| !skipped.contains(id))));
        for id in &skipped {
            let code = run.outcome(*id).and_then(|outcome| outcome.error().map(|error| error.code.clone()));
            prop_assert_eq!(code.as_deref(), Some("console.skipped"));
            prop_assert_eq!(run.outcome(*id).map(|outcome| outcome.verdict()), Some(Verdict::NotSent));
        }
    }

    #[test]
    fn checking_sends_nothing(n in 1usize..30, trips in prop::collection::vec(trip(lost()), 1..4)) {
        let mut site = Site::new(invites(n), limits(Vec::new(), 1), &Snapshot::default(), &trips);
        let mut run = site.run(&[]);
        let unknown = run.with_verdict(Some(Verdict::Unknown));
        let n_sent = site.sent.len();
        run.check(&unknown, site.now);
        prop_assert!(site.page(&mut run, None));
        prop_assert_eq!(site.sent.len(), n_sent);
        for id in unknown {
            let is_in = site.truth.n_processed.contains_key(&id);
            prop_assert_eq!(run.outcome(id) == Some(Outcome::Found), is_in);
        }
    }
}

fn sorted(mut changes: Vec<ChangeId>) -> Vec<ChangeId> {
    changes.sort_unstable();
    changes
}

#[test]
fn a_wait_without_end_is_cut() {
    let limits = limits(Vec::new(), 1);
    let (mut run, mut budget) = (Run::new(adds(1), &limits, &CAPABILITIES, 7), Budget::new(Vec::new()));
    let Step::Send(batch) = run.poll(1_000, &mut budget) else { panic!("there is something to send") };
    run.record(batch.id, Fate::TooFast(Some(Millis::MAX)).answer(&batch), 1_000, &mut budget);
    let Step::WaitUntil(at) = run.poll(1_000, &mut budget) else { panic!("it waits") };
    assert!((3_601_000..3_602_000).contains(&at), "an hour, and no longer");
}

#[test]
fn a_call_that_cannot_be_made_is_not_sent() {
    let limits = limits(Vec::new(), 1);
    let (mut run, mut budget) = (Run::new(invites(1), &limits, &CAPABILITIES, 7), Budget::new(Vec::new()));
    let Step::Send(batch) = run.poll(1_000, &mut budget) else { panic!("there is something to send") };
    let error = domain::ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, "console.unsupported");
    run.record(batch.id, Err(BatchFailure::unsent(error)), 1_000, &mut budget);
    assert_eq!((run.tally().n_not_sent, run.tally().n_refused), (1, 0));
    run.retry(&[ChangeId(0)], 1_001);
    assert!(matches!(run.poll(2_000, &mut budget), Step::Send(_)), "what was not sent can be sent");
}

#[test]
fn what_was_refused_and_is_given_up_before_it_is_sent_again_stays_refused() {
    let limits = limits(Vec::new(), 1);
    let (mut run, mut budget) = (Run::new(invites(1), &limits, &CAPABILITIES, 7), Budget::new(Vec::new()));
    let Step::Send(batch) = run.poll(1_000, &mut budget) else { panic!("there is something to send") };
    let error = domain::ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, "no");
    run.record(batch.id, Err(BatchFailure::sent(error.clone())), 1_000, &mut budget);
    run.retry(&[ChangeId(0)], 1_001);
    run.stop(1_002);
    assert_eq!(run.outcome(ChangeId(0)), Some(Outcome::Rejected(error)));
}

#[test]
fn many_lost_answers_in_a_row_pause_a_run() {
    let trips = vec![(Fate::Lost(ErrorClass::Unknown, ErrorOrigin::Network, false), 1, 1); 7];
    let mut site = Site::new(invites(60), limits(Vec::new(), 1), &Snapshot::default(), &trips);
    let run = site.run(&[]);
    assert!(matches!(site.rests[..], [Pause::Lost(_)]), "{:?}", site.rests);
    assert_eq!((run.tally().n_unknown, run.tally().n_done), (21, 39));
}

#[test]
fn one_person_who_fails_a_call_does_not_fail_the_others_when_they_are_sent_one_by_one() {
    let limits = limits(Vec::new(), 3);
    let (mut run, mut budget) = (Run::new(adds(3), &limits, &CAPABILITIES, 7), Budget::new(Vec::new()));
    let Step::Send(batch) = run.poll(1_000, &mut budget) else { panic!("there is something to send") };
    assert_eq!(batch.items.len(), 3);
    let error = domain::ApiError::new(ErrorClass::NotFound, ErrorOrigin::Vendor, "5025");
    run.record(batch.id, Err(BatchFailure::sent(error.clone())), 1_000, &mut budget);
    let all = [ChangeId(0), ChangeId(1), ChangeId(2)];
    assert_eq!(run.refused_together(), all);
    run.retry_singly(&all, 1_001);
    for change in all {
        let Step::Send(batch) = run.poll(2_000, &mut budget) else { panic!("each is sent") };
        assert_eq!(batch.items.iter().map(|item| item.change).collect::<Vec<_>>(), [change]);
        let outcome = if change == all[1] { Outcome::Rejected(error.clone()) } else { Outcome::Applied };
        run.record(
            batch.id,
            Ok(Reply { outcomes: vec![(change, outcome)], ..Reply::default() }),
            2_000,
            &mut budget,
        );
    }
    assert_eq!((run.tally().n_done, run.tally().n_refused), (2, 1));
    assert!(run.refused_together().is_empty(), "it is known who it was");
}
