//! Laws of pacing: no window is exceeded, however many runs and pages share a budget.

use domain::budget::MAX_CALL_MS;
use domain::{Budget, Millis, Run, Snapshot, Step, Window};
use proptest::prelude::*;

use crate::drive::{Site, adds, invites, round_trip};
use crate::running::{deaths, windows};
use crate::world::{CAPABILITIES, Fate, any_fate, limits, trips};

fn any_windows() -> impl Strategy<Value = Vec<Window>> {
    let window = (1u64..120, 1u32..40).prop_map(|(seconds, max)| Window { span_ms: seconds * 1_000, max });
    prop::collection::vec(window, 1..4)
}

/// A vendor counts a call on arrival, between sending and response.
fn assert_within(windows: &[Window], arrivals: &[Millis]) -> Result<(), TestCaseError> {
    let mut arrivals = arrivals.to_vec();
    arrivals.sort_unstable();
    for window in windows {
        for (idx, at) in arrivals.iter().enumerate() {
            let n = arrivals[..=idx].iter().filter(|other| **other + window.span_ms > *at).count();
            prop_assert!(n <= window.max as usize, "{} calls within {} ms", n, window.span_ms);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_run_stays_within_its_windows_however_it_goes(
        n in 1usize..100,
        trips in trips(any_fate()),
        deaths in deaths(),
        in_flight in 1usize..5,
        is_invite in any::<bool>(),
    ) {
        let plan = if is_invite { invites(n) } else { adds(n) };
        let mut site = Site::new(plan, limits(windows(), in_flight), &Snapshot::default(), &trips);
        site.run(&deaths);
        assert_within(&windows(), &site.arrivals)?;
    }

    /// Some calls belong to pages that die, so their responses are never recorded.
    #[test]
    fn calls_of_pages_that_die_count_as_well(
        windows in any_windows(),
        calls in prop::collection::vec((0u64..30_000, 0u64..29_000, any::<bool>(), any::<bool>()), 1..200),
    ) {
        let mut budget = Budget::new(windows.clone());
        let (mut now, mut arrivals) = (1_000_000, Vec::new());
        let mut under_way: Vec<(Millis, Millis)> = Vec::new();
        for (there, back, is_answered, does_wait) in calls {
            loop {
                budget = round_trip(&budget);
                budget.expire(now);
                match budget.next_slot(now) {
                    Some(at) if at <= now && (!does_wait || under_way.is_empty()) => break,
                    slot => {
                        let next = under_way.iter().enumerate().min_by_key(|(_, (_, at))| *at);
                        let next = next.map(|(idx, (_, at))| (idx, *at));
                        match (next, slot.filter(|at| *at > now)) {
                            (Some((idx, at)), slot) if slot.is_none_or(|slot| at <= slot) => {
                                now = now.max(at);
                                let (sent_at, _) = under_way.remove(idx);
                                budget.note_answered(sent_at, now);
                            }
                            (_, Some(at)) => now = at,
                            _ => now += MAX_CALL_MS / 7,
                        }
                    }
                }
            }
            budget.note_sent(now);
            arrivals.push(now + there);
            if is_answered {
                under_way.push((now, now + there + back));
            }
        }
        assert_within(&windows, &arrivals)?;
    }

    /// Two runs share one budget, which is saved and loaded between any two steps.
    #[test]
    fn two_runs_share_what_there_is(
        windows in any_windows(),
        delays in prop::collection::vec((0u64..5_000, 0u64..5_000), 1..30),
        n in 1usize..120,
    ) {
        let limits = limits(windows.clone(), 2);
        let mut runs = [adds(n), invites(n)].map(|plan| Run::new(plan, &limits, &CAPABILITIES, 9));
        let mut budget = Budget::new(windows.clone());
        let (mut now, mut arrivals, mut under_way) = (0, Vec::new(), Vec::new());
        while !runs.iter().all(Run::is_over) {
            let mut until = Millis::MAX;
            let mut has_sent = false;
            for (whose, run) in runs.iter_mut().enumerate() {
                budget = round_trip(&budget);
                match run.poll(now, &mut budget) {
                    Step::Send(batch) => {
                        let (there, back) = delays[arrivals.len() % delays.len()];
                        arrivals.push(now + there);
                        under_way.push((now + there + back, whose, batch));
                        has_sent = true;
                    }
                    Step::WaitUntil(at) => until = until.min(at),
                    Step::Await | Step::Done => {}
                    step => panic!("{step:?} with nothing but success"),
                }
            }
            if has_sent {
                continue;
            }
            let next = (0..under_way.len()).min_by_key(|idx| under_way[*idx].0);
            match next.filter(|idx| under_way[*idx].0 <= until) {
                Some(idx) => {
                    let (at, whose, batch) = under_way.remove(idx);
                    now = now.max(at);
                    runs[whose].record(batch.id, Fate::Done.answer(&batch), now, &mut budget);
                }
                None if until < Millis::MAX => now = until,
                None => prop_assert!(runs.iter().all(Run::is_over), "nobody goes on"),
            }
        }
        assert_within(&windows, &arrivals)?;
        prop_assert!(runs.iter().all(|run| run.tally().n_done == n));
    }

    /// Calls that share a grain count from the latest of them: no call counts for less time, or much more.
    #[test]
    fn grains_never_let_more_through(
        windows in any_windows(),
        pauses in prop::collection::vec(0u64..2_000, 1..300),
    ) {
        let mut budget = Budget::new(windows.clone());
        let (mut exact, mut now): (Vec<Millis>, _) = (Vec::new(), 5_000);
        for pause in pauses {
            now += pause;
            let first = |window: &Window| {
                let idx = exact.len().checked_sub(window.max as usize)?;
                Some(exact[idx] + window.span_ms)
            };
            let earliest = windows.iter().filter_map(first).max().unwrap_or(0).max(now);
            let slot = budget.next_slot(now).expect("nothing is under way");
            let grain = windows.iter().map(|w| w.span_ms / 64).min().unwrap_or(0)
                .max(windows.iter().map(|w| w.span_ms / 4_096).max().unwrap_or(0)).max(1);
            prop_assert!(slot >= earliest, "{} before {}", slot, earliest);
            prop_assert!(slot <= earliest + grain, "{} long after {}", slot, earliest);
            budget.note_sent(now);
            budget.note_answered(now, now);
            exact.push(now);
        }
    }
}

#[test]
fn a_page_that_is_gone_blocks_nothing_for_ever() {
    let mut budget = Budget::new(vec![Window { span_ms: 1_000, max: 1 }]);
    budget.note_sent(10);
    assert_eq!(budget.next_slot(20), None);
    budget.expire(10 + MAX_CALL_MS);
    assert_eq!(budget.next_slot(10 + MAX_CALL_MS), Some(10 + MAX_CALL_MS + 1_000));
}

#[test]
fn a_gap_grows_with_each_refusal_and_shrinks_with_each_answer() {
    let mut budget = Budget::new(Vec::new());
    budget.slow_down();
    budget.note_sent(1_000);
    assert_eq!(budget.next_slot(1_000), Some(1_250));
    budget.slow_down();
    assert_eq!(budget.next_slot(1_000), Some(1_500));
    for _ in 0..60 {
        budget.speed_up();
    }
    assert_eq!(budget.next_slot(1_000), Some(1_000));
    for _ in 0..40 {
        budget.slow_down();
    }
    assert_eq!(budget.next_slot(1_000), Some(61_000));
}

#[test]
fn a_clock_that_was_wrong_blocks_nothing_for_ever() {
    let day = 86_400_000;
    let mut budget = Budget::new(vec![Window { span_ms: 60_000, max: 1 }]);
    budget.note_sent(day);
    budget.note_answered(day, day);
    budget.hold_until(day);
    budget.expire(1_000);
    // The clock was set back by a day, and all times with it.
    assert_eq!(budget.next_slot(1_000), Some(61_000));
    budget.expire(4_000_000);
    assert_eq!(budget.next_slot(4_000_000), Some(4_000_000));
}

#[test]
fn what_an_answer_says_of_the_pace_is_believed() {
    let mut budget = Budget::new(Vec::new());
    budget.note_rate(domain::RateHint { remaining: 3, reset_in_ms: 9_000 }, 1_000);
    assert_eq!(budget.next_slot(1_000), Some(1_000));
    budget.note_rate(domain::RateHint { remaining: 0, reset_in_ms: 9_000 }, 1_000);
    assert_eq!(budget.next_slot(1_000), Some(10_000));
}
