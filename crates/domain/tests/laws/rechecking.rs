//! Laws of approved plans and of those that undo something: shortly before a call, whom it changes is read again, and
//! what is not as it was planned is not sent.

use domain::api_error::ErrorOrigin;
use domain::export::ResultRow;
use domain::outcome::Verdict;
use domain::{
    ApiError, Approval, Batch, BatchFailure, Budget, Capabilities, ChangeId, Command, ConsoleCode, Cursor,
    ErrorClass, Flow, Group, GroupEdit, GroupKind, Items, Limits, Millis, NewGroup, Operation, Outcome, Page,
    Pause, Person, PersonKey, Plan, Query, Reading, Rechecks, Reply, RoleId, Run, Scope, Snapshot, State,
    Status, Step, Window,
};
use proptest::prelude::*;

use crate::drive::{Site, connection, json, reread, round_trip, visible};
use crate::running::{assert_ended, deaths, windows};
use crate::world::{
    CAPABILITIES, Truth, any_fate, command, group, limits, planned, snapshot, snapshot_of, trips,
};

fn approved(plan: Plan) -> Plan {
    let (request, decisions) = ("sha256:a".into(), vec!["sha256:b".into()]);
    Plan { approval: Some(Approval { request, decisions, why: "They left".into() }), ..plan }
}

/// A run of an approved plan, its clock, and the state at the vendor.
struct Bench {
    run: Run,
    budget: Budget,
    now: Millis,
    truth: Truth,
}

fn failure(class: ErrorClass, origin: ErrorOrigin, status: u16) -> BatchFailure {
    BatchFailure::sent(ApiError::new(class, origin, "x").with_status(status))
}

impl Bench {
    fn of(plan: Plan, limits: &Limits, capabilities: &Capabilities, snapshot: &Snapshot) -> Self {
        let run = Run::new(approved(plan), limits, capabilities, 1);
        let budget = Budget::new(limits.windows.clone());
        Self { run, budget, now: 1_000, truth: Truth::of(snapshot) }
    }

    /// Removes people `u0` and so on from a group in which they are participants.
    fn kicks(n: usize) -> Self {
        let people: Vec<String> = (0..n).map(|idx| format!("u{idx:04}")).collect();
        let scopes: Vec<_> = people.iter().map(|id| (id.as_str(), Scope::Participant)).collect();
        let snapshot = snapshot_of(group(0), &scopes);
        let command = Command::for_all(Operation::Kick { group: group(0) }, people.iter().map(Person::by_id));
        Self::of(planned(&command, &snapshot), &limits(Vec::new(), 1), &CAPABILITIES, &snapshot)
    }

    /// One change.
    fn one(operation: Operation, person: Person, snapshot: &Snapshot) -> Self {
        let plan = planned(&Command::for_all(operation, [person]), snapshot);
        Self::of(plan, &limits(Vec::new(), 1), &CAPABILITIES, snapshot)
    }

    /// Someone else gives a person a scope, or removes them.
    fn act(&mut self, id: &str, scope: Option<Scope>) {
        let scopes = self.truth.scopes.entry(group(0)).or_default();
        match scope {
            Some(scope) => scopes.insert(id.into(), scope),
            None => scopes.remove(id),
        };
    }

    fn poll(&mut self) -> Step {
        self.now += 10;
        self.run.poll(self.now, &mut self.budget)
    }

    fn answer(&mut self, reading: &Reading, result: Result<Page, BatchFailure>) {
        self.run.record_page(reading.id, result, self.now, &mut self.budget);
    }

    /// The pages that are read before the next step that is no reading.
    fn read(&mut self) -> (Vec<Reading>, Step) {
        let mut readings = Vec::new();
        loop {
            match self.poll() {
                Step::Read(reading) => {
                    let page = self.truth.read(&reading.query, reading.cursor);
                    self.answer(&reading, Ok(page));
                    readings.push(reading);
                }
                Step::WaitUntil(at) => self.now = at,
                step => return (readings, step),
            }
        }
    }

    fn done(&mut self, batch: &Batch) {
        self.truth.process(batch);
        let outcomes = batch.items.iter().map(|item| (item.change, Outcome::Applied)).collect();
        let reply = Reply { outcomes, ..Reply::default() };
        self.run.record(batch.id, Ok(reply), self.now, &mut self.budget);
    }

    /// Reads and sends until something else happens; the changes sent, and how many pages were read.
    fn drive(&mut self) -> (Vec<u32>, usize, Step) {
        let (mut sent, mut n_pages) = (Vec::new(), 0);
        loop {
            let (readings, step) = self.read();
            n_pages += readings.len();
            let Step::Send(batch) = step else { return (sent, n_pages, step) };
            sent.extend(batch.items.iter().map(|item| item.change.0));
            self.done(&batch);
        }
    }

    fn found(&self, change: u32) -> Option<State> {
        match self.run.outcome(ChangeId(change)) {
            Some(Outcome::NotSent(error)) => error.found_state(),
            _ => None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// If nobody else acts, an approved run ends as any other, whatever fails.
    #[test]
    fn an_approved_run_ends_with_outcomes_that_are_true(
        command in command(),
        snapshot in snapshot(),
        trips in trips(any_fate()),
        deaths in deaths(),
        in_flight in 1usize..5,
    ) {
        let plan = approved(planned(&command, &snapshot));
        let mut site = Site::new(plan, limits(windows(), in_flight), &snapshot, &trips);
        let run = site.run(&deaths);
        let restored = site.restored();
        prop_assert!(visible(&run) == visible(&restored));
        prop_assert_eq!(&run.plan().approval, &restored.plan().approval);
        site.flush();
        assert_ended(&site, &run)?;
        // Reads count against the limits as calls do.
        let mut arrivals = site.arrivals.clone();
        arrivals.sort_unstable();
        for window in windows() {
            let first_and_last = arrivals.windows(window.max as usize + 1);
            prop_assert!(first_and_last.clone().all(|them| them[them.len() - 1] - them[0] >= window.span_ms));
        }
    }

    /// People who were changed before the run are not sent; the others are.
    #[test]
    fn people_who_were_changed_are_not_sent(n in 1usize..12, changed in prop::collection::btree_map(0usize..12, 0usize..5, 0..6)) {
        let mut bench = Bench::kicks(n);
        let scopes = [Some(Scope::Admin), Some(Scope::Moderator), Some(Scope::Participant), Some(Scope::Banned), None];
        for (who, scope) in changed.range(..n) {
            bench.act(&format!("u{who:04}"), scopes[*scope]);
        }
        let mut sent = Vec::new();
        loop {
            let (now_sent, _, step) = bench.drive();
            sent.extend(now_sent);
            if step == Step::Done {
                break;
            }
            prop_assert_eq!((step, bench.run.status()), (Step::Rest, &Status::Paused(Pause::Changed)));
            bench.run.resume(bench.now);
        }
        for who in 0..n as u32 {
            let scope = changed.get(&(who as usize)).map_or(Some(Scope::Participant), |scope| scopes[*scope]);
            let outcome = bench.run.outcome(ChangeId(who));
            match scope {
                Some(Scope::Participant) => prop_assert_eq!(outcome, Some(Outcome::Applied)),
                Some(Scope::Banned) | None => prop_assert_eq!(outcome, Some(Outcome::NoOp(None))),
                Some(scope) => prop_assert_eq!(bench.found(who), Some(State::Scope(scope))),
            }
            prop_assert_eq!(sent.contains(&who), scope == Some(Scope::Participant));
        }
    }
}

#[test]
fn what_was_changed_again_is_left_out_of_an_undo() {
    let mut bench = Bench::kicks(2);
    let plan = Plan { approval: None, is_undo: true, ..bench.run.plan().clone() };
    // A later page reads that it is one.
    bench.run = Run::new(reread(&plan).plan, &limits(Vec::new(), 1), &CAPABILITIES, 1);
    assert_eq!(bench.run.rechecks(), Rechecks::All);
    bench.act("u0000", Some(Scope::Admin));
    let (sent, _, step) = bench.drive();
    assert_eq!((sent.len(), step, bench.run.status()), (0, Step::Rest, &Status::Paused(Pause::Changed)));
    bench.run.resume(bench.now);
    assert_eq!(bench.drive(), (vec![1], 2, Step::Done));
    assert_eq!(bench.found(0), Some(State::Scope(Scope::Admin)));
    let heading = json(&domain::entry::Heading::new(&Plan { is_undo: false, ..plan }, &connection(), "/", 1));
    assert!(!heading.contains("undo"), "other runs are written as before: {heading}");
}

#[test]
fn a_plan_without_an_approval_is_sent_at_once() {
    let bench = Bench::kicks(1);
    let plan = Plan { approval: None, ..bench.run.plan().clone() };
    let mut run = Run::new(plan, &limits(Vec::new(), 1), &CAPABILITIES, 1);
    assert_eq!(run.rechecks(), Rechecks::NotAsked);
    assert!(matches!(run.poll(1, &mut Budget::new(Vec::new())), Step::Send(_)));
}

#[test]
fn each_call_is_preceded_by_a_reading_of_members_and_bans() {
    let mut bench = Bench::kicks(2);
    assert_eq!(bench.run.rechecks(), Rechecks::All);
    for _ in 0..2 {
        let (readings, step) = bench.read();
        let queries: Vec<_> = readings.into_iter().map(|reading| reading.query).collect();
        let members = Query::GroupMembers { group: group(0), scopes: Vec::new() };
        assert_eq!(queries, [members, Query::Banned { group: group(0) }]);
        let Step::Send(batch) = step else { panic!("{step:?} is no call") };
        bench.done(&batch);
    }
    assert_eq!(bench.poll(), Step::Done);
}

#[test]
fn the_run_holds_at_what_changed_and_goes_on_with_the_rest() {
    let mut bench = Bench::kicks(3);
    bench.act("u0001", Some(Scope::Moderator));
    assert_eq!(bench.drive().0, [0]);
    assert_eq!(bench.run.status(), &Status::Paused(Pause::Changed));
    assert_eq!(bench.found(1), Some(State::Scope(Scope::Moderator)));
    bench.run.pause(Pause::Person, bench.now);
    assert_eq!(bench.run.status(), &Status::Paused(Pause::Changed), "no other reason hides it");
    bench.run.resume(bench.now);
    assert_eq!(bench.drive(), (vec![2], 2, Step::Done));
    let tally = bench.run.tally();
    assert_eq!((tally.n_done, tally.n_not_sent), (2, 1));
    let (plan, outcome) = (bench.run.plan(), bench.run.outcome(ChangeId(1)));
    let row = ResultRow::of(plan.vendor, &plan.connection, &plan.changes[1], outcome.as_ref(), "now");
    assert_eq!([&*row.outcome, &*row.code, &*row.message], ["not_sent", "console.changed", "moderator"]);
}

#[test]
fn what_is_tried_again_is_compared_again() {
    let mut bench = Bench::kicks(1);
    bench.act("u0000", Some(Scope::Admin));
    assert_eq!(bench.drive().2, Step::Done, "nothing is left to hold for");
    bench.run.retry(&[ChangeId(0)], bench.now);
    assert_eq!(bench.drive(), (vec![], 2, Step::Done));
    assert_eq!(bench.found(0), Some(State::Scope(Scope::Admin)));
    bench.act("u0000", Some(Scope::Participant));
    bench.run.retry(&[ChangeId(0)], bench.now);
    assert_eq!(bench.drive().0, [0]);
    assert_eq!(bench.run.outcome(ChangeId(0)), Some(Outcome::Applied));
}

#[test]
fn a_pause_after_the_reading_makes_it_read_again() {
    let mut bench = Bench::kicks(1);
    let window = Window { span_ms: 60_000, max: 2 };
    bench.budget = Budget::new(vec![window]);
    let (first, second) = (bench.poll(), bench.poll());
    let (Step::Read(first), Step::Await | Step::WaitUntil(_)) = (first, second) else {
        panic!("it reads first")
    };
    let page = bench.truth.read(&first.query, first.cursor);
    bench.answer(&first, Ok(page));
    let Step::Read(second) = bench.poll() else { panic!("it reads the bans") };
    let page = bench.truth.read(&second.query, second.cursor);
    bench.answer(&second, Ok(page));
    assert!(matches!(bench.poll(), Step::WaitUntil(_)), "the limit lets nothing more through");
    bench.run.pause(Pause::Person, bench.now);
    bench.act("u0000", Some(Scope::Admin));
    bench.run.resume(bench.now);
    assert_eq!(bench.drive(), (vec![], 2, Step::Done));
}

#[test]
fn a_check_that_is_two_minutes_old_is_made_again() {
    let mut bench = Bench::kicks(1);
    for _ in 0..2 {
        let Step::Read(reading) = bench.poll() else { panic!("it reads first") };
        let page = bench.truth.read(&reading.query, reading.cursor);
        bench.answer(&reading, Ok(page));
    }
    bench.act("u0000", Some(Scope::Admin));
    bench.now += 121_000; // as on a page that was hidden
    assert_eq!(bench.drive(), (vec![], 2, Step::Done));
}

#[test]
fn a_long_list_serves_the_calls_of_the_next_ten_seconds() {
    let mut bench = Bench::kicks(30);
    let (readings, step) = bench.read();
    assert!(readings.len() > 4, "pages of three");
    let Step::Send(first) = step else { panic!("{step:?} is no call") };
    bench.done(&first);
    let (readings, step) = bench.read();
    assert_eq!(readings, []);
    let Step::Send(second) = step else { panic!("{step:?} is no call") };
    bench.done(&second);
    bench.act("u0002", Some(Scope::Admin));
    bench.now += 10_000;
    let (readings, step) = bench.read();
    assert!(readings.len() > 4);
    assert_eq!((step, bench.found(2)), (Step::Rest, Some(State::Scope(Scope::Admin))));
}

#[test]
fn nothing_is_sent_that_could_not_be_read() {
    let mut bench = Bench::kicks(1);
    for (class, origin, status, n_tries) in [
        (ErrorClass::Server, ErrorOrigin::Vendor, 500, 4),
        (ErrorClass::Refused, ErrorOrigin::Vendor, 400, 1),
        (ErrorClass::NotFound, ErrorOrigin::Vendor, 404, 1),
        (ErrorClass::Auth, ErrorOrigin::Vendor, 403, 1),
    ] {
        for _ in 0..n_tries {
            let reading = loop {
                match bench.poll() {
                    Step::Read(reading) => break reading,
                    Step::WaitUntil(at) => bench.now = at,
                    step => panic!("{step:?} is no reading"),
                }
            };
            bench.answer(&reading, Err(failure(class, origin, status)));
        }
        assert!(matches!(bench.run.status(), Status::Paused(Pause::Unchecked(_))), "{status}");
        assert_eq!(bench.poll(), Step::Rest);
        bench.run.resume(bench.now);
    }
    assert_eq!(bench.drive().0, [0]);
}

#[test]
fn a_refused_key_pauses_as_always() {
    let mut bench = Bench::kicks(1);
    let Step::Read(reading) = bench.poll() else { panic!("it reads first") };
    bench.answer(&reading, Err(failure(ErrorClass::Auth, ErrorOrigin::Vendor, 401)));
    assert!(matches!(bench.run.status(), Status::Paused(Pause::Key(_))));
}

#[test]
fn a_list_that_is_shorter_than_its_count_proves_nothing() {
    let add = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
    let mut bench = Bench::one(add, Person::by_id("new"), &snapshot_of(group(0), &[("u0001", Scope::Admin)]));
    let mut n_readings = 0;
    loop {
        match bench.poll() {
            Step::Read(reading) => {
                n_readings += 1;
                let page = bench.truth.read(&reading.query, reading.cursor);
                bench.answer(&reading, Ok(Page { total: Some(2), ..page }));
            }
            Step::WaitUntil(at) => bench.now = at,
            step => break assert_eq!(step, Step::Rest),
        }
    }
    assert_eq!(n_readings, 8, "both lists, four times");
    let Status::Paused(Pause::Unchecked(error)) = bench.run.status() else { panic!("it holds") };
    assert!(error.is(ConsoleCode::RowMissing));
}

#[test]
fn people_who_were_added_meanwhile_are_so_already() {
    let register =
        Operation::Register { flow: Flow::Direct, role: RoleId::new("editor"), price: None, password: None };
    let mut bench = Bench::one(register, Person::by_email("a@example.org"), &Snapshot::default());
    assert_eq!(bench.run.rechecks(), Rechecks::All);
    bench.truth.people.insert("a@example.org".into(), 1);
    assert_eq!(bench.drive(), (vec![], 1, Step::Done));
    assert_eq!(bench.run.outcome(ChangeId(0)), Some(Outcome::NoOp(None)));
}

#[test]
fn a_vendor_that_cannot_be_read_is_sent_to_at_once() {
    let groups =
        domain::capabilities::Groups { can_list_members: false, ..CAPABILITIES.groups.expect("groups") };
    let blind = Capabilities { groups: Some(groups), ..CAPABILITIES };
    let kick = Command::for_all(Operation::Kick { group: group(0) }, [Person::by_id("u1")]);
    let plan = planned(&kick, &Snapshot::default());
    let mut bench = Bench::of(plan, &limits(Vec::new(), 1), &blind, &Snapshot::default());
    assert_eq!(bench.run.rechecks(), Rechecks::Nothing);
    assert_eq!(bench.drive().1, 0);
    assert_eq!(bench.run.tally().n_done, 1);
}

/// A change of a group itself, and what is found of the group.
fn of_group(operation: Operation, snapshot: &Snapshot, found: Option<Group>) -> Bench {
    let person = Person { key: PersonKey::Group("group-0".into()), name: None };
    let mut bench = Bench::one(operation, person, snapshot);
    let Step::Read(reading) = bench.poll() else { panic!("it reads first") };
    assert_eq!(reading.query, Query::Group { group: group(0) });
    bench.answer(&reading, Ok(Page::whole(Items::Groups(found.into_iter().collect()))));
    bench
}

fn named(name: &str) -> Group {
    Group::new(group(0), GroupKind::Group, name.into())
}

#[test]
fn groups_are_compared_as_well() {
    let none = Snapshot::default();
    let create = || Operation::CreateGroup(Box::new(NewGroup::new(group(0), "Runners")));
    assert!(matches!(of_group(create(), &none, None).poll(), Step::Send(_)));
    assert_eq!(of_group(create(), &none, Some(named("Runners"))).run.tally().n_same, 1);
    assert_eq!(
        of_group(create(), &none, Some(named("Cyclists"))).found(0),
        Some(State::Present),
        "of others"
    );

    let delete = || Operation::DeleteGroup { group: group(0) };
    assert!(matches!(of_group(delete(), &none, Some(named("Runners"))).poll(), Step::Send(_)));
    assert_eq!(of_group(delete(), &none, None).run.tally().n_same, 1);

    let edit = GroupEdit { name: Some("Walkers".into()), ..GroupEdit::default() };
    let edit = || Operation::EditGroup { group: group(0), edit: Box::new(edit.clone()) };
    let mut known = snapshot_of(group(0), &[]);
    known.groups.get_mut(&group(0)).expect("it is known").group = Some(named("Runners"));
    assert!(matches!(of_group(edit(), &known, Some(named("Runners"))).poll(), Step::Send(_)));
    assert_eq!(of_group(edit(), &known, Some(named("Cyclists"))).found(0), Some(State::Present));
    assert_eq!(of_group(edit(), &known, None).found(0), Some(State::Absent));
}

#[test]
fn a_response_that_was_lost_is_not_taken_for_another_change() {
    let mut bench = Bench::kicks(1);
    let (_, Step::Send(batch)) = bench.read() else { panic!("it sends") };
    bench.truth.process(&batch);
    let lost = failure(ErrorClass::Unknown, ErrorOrigin::Network, 0);
    bench.run.record(batch.id, Err(lost), bench.now, &mut bench.budget);
    assert_eq!(bench.drive().2, Step::Done);
    assert_eq!(bench.run.outcome(ChangeId(0)), Some(Outcome::Found));
}

/// A call is lost, and reading back does not find it: it is about to be sent again.
fn lost_on_the_way() -> (Bench, Batch) {
    let mut bench = Bench::kicks(1);
    let (_, Step::Send(batch)) = bench.read() else { panic!("it sends") };
    let lost = failure(ErrorClass::Unknown, ErrorOrigin::Network, 0);
    bench.run.record(batch.id, Err(lost), bench.now, &mut bench.budget);
    for _ in 0..2 {
        let Step::Read(reading) = bench.poll() else { panic!("it reads back") };
        let page = bench.truth.read(&reading.query, reading.cursor);
        bench.answer(&reading, Ok(page));
    }
    (bench, batch)
}

#[test]
fn a_call_that_arrives_late_is_found_before_it_is_sent_again() {
    let (mut bench, batch) = lost_on_the_way();
    bench.truth.process(&batch);
    assert_eq!(bench.drive(), (vec![], 2, Step::Done));
    assert_eq!(bench.run.outcome(ChangeId(0)), Some(Outcome::Found));
}

#[test]
fn what_may_have_been_sent_is_never_called_not_sent() {
    let (mut bench, _) = lost_on_the_way();
    bench.act("u0000", Some(Scope::Admin));
    assert_eq!(bench.drive(), (vec![], 2, Step::Done));
    assert_eq!(bench.run.tally().n_unknown, 1);
}

#[test]
fn earlier_releases_read_what_an_approved_run_writes() {
    let lost = ApiError::new(ErrorClass::Server, ErrorOrigin::Vendor, "x");
    for pause in [Pause::Changed, Pause::Unchecked(lost)] {
        assert!(
            json(&pause).starts_with(r#"{"pace":{"#),
            "which they know, and end only if the user resumes"
        );
        assert_eq!(round_trip(&pause), pause);
    }
    let paced = Pause::Pace(ApiError::new(ErrorClass::RateLimited, ErrorOrigin::Vendor, "x"));
    assert_eq!(round_trip(&paced), paced);
    let mut bench = Bench::kicks(2);
    bench.act("u0000", Some(Scope::Admin));
    assert_eq!(bench.drive().2, Step::Rest);
    let lines: Vec<String> = bench.run.drain().iter().map(json).collect();
    // They take the changes in `again` out of their queue.
    assert!(
        lines.iter().any(|line| line.contains(r#""read""#) && line.contains(r#""again":[0]"#)),
        "{lines:?}"
    );
    assert_eq!(bench.run.with_verdict(Some(Verdict::NotSent)), [ChangeId(0)]);
    let without = reread(&Plan { approval: None, ..bench.run.plan().clone() });
    assert!(without.plan.approval.is_none());
    assert_eq!(reread(bench.run.plan()).plan.approval, bench.run.plan().approval);
}

#[test]
fn a_page_of_a_list_that_never_ends_holds_the_run() {
    let mut bench = Bench::kicks(1);
    let same = Some(Cursor { start: 0, len: 1 });
    for _ in 0..2 {
        let Step::Read(reading) = bench.poll() else { panic!("it reads first") };
        let page = Page { next: same, ..Page::whole(Items::Members(Vec::new())) };
        bench.answer(&reading, Ok(page));
    }
    assert!(matches!(bench.run.status(), Status::Paused(Pause::Unchecked(_))));
}
