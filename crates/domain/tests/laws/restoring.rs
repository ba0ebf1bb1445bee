//! Laws of persistence: a run restored from its lines equals the original.

use domain::entry::{StoredChange, StoredOperation, chunks, plan_of};
use domain::outcome::Verdict;
use domain::{
    Chunk, Command, Flow, Heading, Line, Operation, Pause, Person, RoleId, Run, Secret, Snapshot, Status,
    Step,
};
use proptest::prelude::*;

use crate::drive::{Death, Site, connection, invites, json, n_kept, reread, round_trip, visible};
use crate::running::{deaths, windows};
use crate::world::{CAPABILITIES, any_fate, command, limits, planned, snapshot, trips};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn restored_at_any_line_it_is_the_run(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        deaths in deaths(),
        in_flight in 1usize..4,
    ) {
        let mut site = Site::new(planned(&command, &snapshot), limits(windows(), in_flight), &snapshot, &trips);
        let last = site.run(&deaths);
        prop_assert!(visible(&last) == visible(&site.restored()));
        let mut follower = site.fresh();
        for (idx, line) in site.lines.iter().enumerate() {
            let line: Line = serde_json::from_str(line).expect("a line is read");
            follower.follow(&line);
            follower.follow(&line);
            prop_assert_eq!(line.tally, follower.tally());
            prop_assert_eq!(&line.status, follower.status());
            if idx % 3 > 0 && idx + 1 < site.lines.len() {
                continue;
            }
            let before = site.lines[..=idx].iter().map(|line| serde_json::from_str(line).expect("a line is read"));
            let run = Run::restore(reread(&site.plan), &site.limits, &CAPABILITIES, 1, before, 0, 0);
            prop_assert!(visible(&run) == visible(&follower));
        }
    }

    /// The original and the restored run continue with the same call.
    #[test]
    fn what_comes_next_is_the_same(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        n_steps in 0usize..60,
    ) {
        let mut site = Site::new(planned(&command, &snapshot), limits(Vec::new(), 1), &snapshot, &trips);
        let mut live = site.fresh();
        site.page(&mut live, Some((n_steps, Death::Written)));
        let mut restored = site.restored();
        prop_assert!(visible(&live) == visible(&restored));
        if live.n_under_way() == 0 && restored.n_under_way() == 0 {
            let far = site.now + 10_000_000;
            let next = |run: &mut Run| match run.poll(far, &mut site.read_budget()) {
                Step::Read(reading) => Step::Read(domain::Reading { id: domain::ReadId(0), ..reading }),
                step => step,
            };
            // The original run continues a reading where it was; the restored one starts it again.
            let (a, b) = (next(&mut live), next(&mut restored));
            prop_assert!(a == b || matches!((&a, &b), (Step::Read(_), Step::Read(_))), "{:?} {:?}", a, b);
        }
    }

    #[test]
    fn lost_records_lead_to_no_second_sending(
        n in 1usize..30,
        trips in trips(any_fate()),
        n_steps in 0usize..40,
        lost in any::<prop::sample::Index>(),
    ) {
        let mut site = Site::new(invites(n), limits(Vec::new(), 1), &Snapshot::default(), &trips);
        let mut live = site.fresh();
        site.page(&mut live, Some((n_steps, Death::Sent)));
        if site.lines.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<Line> =
            site.lines.iter().map(|line| serde_json::from_str(line).expect("a line is read")).collect();
        let next_seq = lines.len() as u64;
        let gone = lines.remove(lost.index(lines.len()));
        let settled: Vec<_> = match &gone.entry {
            domain::Entry::Answered { .. } | domain::Entry::Read { .. } => Vec::new(),
            _ => live.with_verdict(Some(Verdict::Done)),
        };
        let mut run = Run::restore(reread(&site.plan), &site.limits, &CAPABILITIES, 5, lines, 1, next_seq);
        run.take_over(site.now);
        prop_assert!(settled.iter().all(|id| run.with_verdict(Some(Verdict::Done)).contains(id)));
        prop_assert!(site.page(&mut run, None));
        site.flush();
        prop_assert!(n_kept(&site.sent).values().all(|n| *n <= 1));
        for id in run.with_verdict(Some(Verdict::Refused)) {
            prop_assert_eq!(site.truth.n_processed.get(&id), None, "refused, and done all the same");
        }
    }

    #[test]
    fn a_plan_is_read_as_it_was_written(command in command(), snapshot in snapshot()) {
        let plan = planned(&command, &snapshot);
        let heading = Heading::new(&plan, &connection(), "/place", 5);
        prop_assert_eq!(&heading, &round_trip(&heading));
        for chunk in chunks(&plan) {
            prop_assert_eq!(&chunk, &round_trip(&chunk));
        }
        let read = reread(&plan);
        prop_assert!(read.lacking.is_empty());
        prop_assert_eq!(&read.plan.changes, &plan.changes);
        let n_operations = |plan: &domain::Plan| {
            plan.changes.iter().map(|change| std::sync::Arc::as_ptr(&change.operation)).collect::<std::collections::BTreeSet<_>>().len()
        };
        prop_assert!(n_operations(&read.plan) <= n_operations(&plan), "each effect once");
    }

    #[test]
    fn every_line_is_read_as_it_was_written(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        deaths in deaths(),
    ) {
        let mut site = Site::new(planned(&command, &snapshot), limits(Vec::new(), 2), &snapshot, &trips);
        let mut run = site.run(&deaths);
        run.retry(&run.with_verdict(Some(Verdict::Refused)), site.now);
        run.check(&run.with_verdict(Some(Verdict::Unknown)), site.now);
        run.skip(&run.with_verdict(None), site.now);
        run.stop(site.now);
        for line in run.drain() {
            prop_assert_eq!(&line, &round_trip(&line));
        }
        for text in &site.lines {
            let line: Line = serde_json::from_str(text).expect("a line is read");
            prop_assert_eq!(text, &json(&line));
        }
    }
}

fn with_password() -> domain::Plan {
    let register = |role: &str, flow| Operation::Register {
        flow,
        role: RoleId::new(role),
        price: None,
        password: Some(Secret::new("hunter2-hunter2")),
    };
    let mut command = Command::new();
    for idx in 0..4 {
        command.intent(Person::by_email(format!("u{idx}@example.org")), register("editor", Flow::Direct));
    }
    command.intent(Person::by_email("v@example.org"), register("editor", Flow::Invite));
    planned(&command, &Snapshot::default())
}

#[test]
fn a_password_is_never_written_down_and_is_asked_for_again() {
    let plan = with_password();
    let mut site = Site::new(plan.clone(), limits(Vec::new(), 1), &Snapshot::default(), &[]);
    let mut run = site.fresh();
    assert!(!run.needs_password());
    site.page(&mut run, Some((0, Death::Sent)));
    let written: String = chunks(&plan).map(|chunk| json(&chunk)).chain(site.lines.clone()).collect();
    assert!(!written.contains("hunter2") && written.contains("had_password"));
    assert!(!format!("{run:?}").contains("hunter2"));

    let mut run = site.restored();
    assert!(run.needs_password());
    run.take_over(site.now);
    assert!(matches!(run.poll(site.now, &mut site.read_budget()), Step::Rest));
    assert_eq!(run.status(), &Status::Paused(Pause::Password));
    run.give_password(&Secret::new("hunter3"));
    run.resume(site.now);
    let Step::Send(batch) = run.poll(site.now, &mut site.read_budget()) else { panic!("it goes on") };
    let Operation::Register { password, .. } = batch.operation() else { panic!("people are registered") };
    assert_eq!(password.as_ref().map(Secret::expose), Some("hunter3"));
}

#[test]
fn a_plan_of_which_something_is_missing_is_not_applied() {
    let plan = planned(
        &Command::for_all(Operation::Kick { group: crate::world::group(0) }, [Person::by_id("a")]),
        &Snapshot::default(),
    );
    let heading = Heading::new(&plan, &connection(), "", 0);
    assert!(plan_of(&heading, []).is_err());
    let broken = Chunk {
        operations: Vec::<StoredOperation>::new(),
        changes: chunks(&plan).flat_map(|chunk| chunk.changes).collect::<Vec<StoredChange>>(),
    };
    assert!(plan_of(&heading, [broken]).is_err());
    let later = Heading { format: domain::entry::FORMAT + 1, ..heading };
    assert!(plan_of(&later, chunks(&plan)).is_err());
}

#[test]
fn many_changes_are_written_in_few_characters() {
    let changes: Vec<_> = (0..1_000).chain([2_000, 2_001, 7]).map(domain::ChangeId).collect();
    let outcomes = changes.iter().map(|change| (*change, domain::Outcome::Applied)).collect();
    let sent = domain::Entry::Sent { batch: domain::BatchId(3), attempt: 0, at: 5, changes };
    let answered = domain::Entry::Answered { batch: domain::BatchId(3), at: 6, outcomes };
    assert_eq!(json(&sent), r#"{"sent":{"batch":3,"attempt":0,"at":5,"changes":[[0,999],[2000,2001],7]}}"#);
    let expected =
        r#"{"answered":{"batch":3,"at":6,"outcomes":[[{"outcome":"applied"},[[0,999],[2000,2001],7]]]}}"#;
    assert_eq!(json(&answered), expected);
    assert_eq!((&sent, &answered), (&round_trip(&sent), &round_trip(&answered)));
    let endless = r#"{"skipped":{"at":5,"changes":[[0,4294967295]]}}"#;
    assert!(serde_json::from_str::<domain::Entry>(endless).is_err(), "a broken span is no list");
}
