//! What reading back tells about groups themselves, and how it handles failures.

use domain::api_error::ErrorOrigin;
use domain::group::Access;
use domain::{
    ApiError, BatchFailure, Budget, Command, ErrorClass, Flow, Group, GroupEdit, GroupKind, Items, Learned,
    Member, Millis, NewGroup, Operation, Outcome, Page, Pause, Person, PersonKey, Query, Reading, Reply,
    RoleId, Run, Scope, Snapshot, Status, Step,
};

use crate::world::{CAPABILITIES, group, limits, planned};

/// A run with one change, and its clock.
struct One {
    run: Run,
    budget: Budget,
    now: Millis,
}

fn the_group(name: &str) -> Group {
    Group { access: Some(Access::Public), ..Group::new(group(0), GroupKind::Group, name.into()) }
}

fn page(items: Items) -> Page {
    Page::whole(items)
}

fn failure(class: ErrorClass, origin: ErrorOrigin) -> BatchFailure {
    BatchFailure::sent(ApiError::new(class, origin, "x"))
}

impl One {
    fn new(operation: Operation) -> Self {
        let key = match operation {
            Operation::AddToGroup { .. } => PersonKey::Id("u1".into()),
            Operation::Register { .. } => PersonKey::Email("mila@example.org".into()),
            _ => PersonKey::Group("group-0".into()),
        };
        let command = Command::for_all(operation, [Person { key, name: None }]);
        let plan = planned(&command, &Snapshot::default());
        let run = Run::new(plan, &limits(Vec::new(), 1), &CAPABILITIES, 1);
        Self { run, budget: Budget::new(Vec::new()), now: 1_000 }
    }

    fn step(&mut self) -> Step {
        self.now += 1_000_000;
        self.run.poll(self.now, &mut self.budget)
    }

    /// Sends the call and loses its response.
    fn lose(&mut self) {
        let Step::Send(batch) = self.step() else { panic!("there is something to send") };
        let lost = failure(ErrorClass::Unknown, ErrorOrigin::Network);
        self.run.record(batch.id, Err(lost), self.now, &mut self.budget);
    }

    fn reading(&mut self) -> Reading {
        match self.step() {
            Step::Read(reading) => reading,
            step => panic!("{step:?} is no reading"),
        }
    }

    fn answer(&mut self, reading: &Reading, result: Result<Page, BatchFailure>) {
        self.run.record_page(reading.id, result, self.now, &mut self.budget);
    }

    fn outcome(&self) -> Option<Outcome> {
        self.run.outcome(domain::ChangeId(0))
    }
}

fn create() -> Operation {
    Operation::CreateGroup(Box::new(NewGroup::new(group(0), "Runners")))
}

fn add() -> Operation {
    Operation::AddToGroup { group: group(0), scope: Scope::Participant }
}

#[test]
fn a_group_that_came_to_be_is_found() {
    let mut one = One::new(create());
    one.lose();
    assert_eq!(one.run.tally().n_unknown, 1, "unknown at once, and not sent again");
    let reading = one.reading();
    assert_eq!(reading.query, Query::Group { group: group(0) });
    one.answer(&reading, Ok(page(Items::Groups(vec![the_group("Runners")]))));
    assert_eq!(one.outcome(), Some(Outcome::Found));
    assert_eq!(one.step(), Step::Done);
}

#[test]
fn a_group_that_is_not_there_did_not_come_to_be_and_may_be_tried_again() {
    let mut one = One::new(create());
    one.lose();
    let reading = one.reading();
    one.answer(&reading, Err(failure(ErrorClass::NotFound, ErrorOrigin::Vendor)));
    assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
    assert_eq!(one.step(), Step::Done);
    one.run.retry(&[domain::ChangeId(0)], one.now);
    let Step::Send(batch) = one.step() else { panic!("somebody wants it sent again") };
    let outcomes = vec![(batch.items[0].change, Outcome::Applied)];
    let reply = Reply { outcomes, ..Reply::default() };
    one.run.record(batch.id, Ok(reply), one.now, &mut one.budget);
    assert_eq!((one.step(), one.run.tally().n_done), (Step::Done, 1));
}

#[test]
fn a_deleted_group_is_gone() {
    let mut one = One::new(Operation::DeleteGroup { group: group(0) });
    one.lose();
    let reading = one.reading();
    one.answer(&reading, Err(failure(ErrorClass::NotFound, ErrorOrigin::Vendor)));
    assert_eq!(one.outcome(), Some(Outcome::Found));
}

#[test]
fn an_edit_that_does_not_show_is_sent_again_three_times_in_all() {
    let edit = GroupEdit { name: Some("Walkers".into()), ..GroupEdit::default() };
    let mut one = One::new(Operation::EditGroup { group: group(0), edit: Box::new(edit) });
    for n_sendings in 1..=3 {
        one.lose();
        assert_eq!(one.outcome(), None, "in doubt after {n_sendings}");
        let reading = one.reading();
        one.answer(&reading, Ok(page(Items::Groups(vec![the_group("Runners")]))));
    }
    assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
    assert_eq!(one.step(), Step::Done);
}

#[test]
fn an_edit_of_what_no_answer_tells_stays_unknown() {
    let edit = GroupEdit { tags: Some("x".into()), ..GroupEdit::default() };
    let mut one = One::new(Operation::EditGroup { group: group(0), edit: Box::new(edit) });
    for _ in 1..=3 {
        one.lose();
        let reading = one.reading();
        one.answer(&reading, Ok(page(Items::Groups(vec![the_group("Runners")]))));
    }
    assert_eq!(one.run.tally().n_unknown, 1, "neither shown nor disproved");
    assert!(matches!(one.run.learned(domain::ChangeId(0)), Some(Learned::NotFound { .. })));
}

#[test]
fn a_member_who_is_not_listed_was_not_added() {
    let mut one = One::new(add());
    for _ in 1..=3 {
        one.lose();
        // Members first, then banned people: a ban outweighs a membership.
        for _ in 0..2 {
            let reading = one.reading();
            one.answer(&reading, Ok(page(Items::Members(Vec::new()))));
        }
    }
    assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
}

#[test]
fn a_404_of_what_stands_in_between_tells_nothing_of_a_group() {
    for operation in [create(), Operation::DeleteGroup { group: group(0) }] {
        let mut one = One::new(operation);
        one.lose();
        let reading = one.reading();
        let bare = ApiError::new(ErrorClass::NotFound, ErrorOrigin::Vendor, "http.not_found");
        one.answer(&reading, Err(BatchFailure::sent(bare)));
        assert_eq!(one.run.tally().n_unknown, 1);
    }
}

#[test]
fn what_was_made_plain_when_it_was_read_is_what_was_asked_for() {
    let edit = GroupEdit {
        name: Some("Night\u{a0}walkers".into()),
        description: Some("For\u{a0}every\u{200b}one.\r\nCome.".into()),
        owner: Some("Mila".into()),
        ..GroupEdit::default()
    };
    let mut one = One::new(Operation::EditGroup { group: group(0), edit: Box::new(edit) });
    one.lose();
    let reading = one.reading();
    let shown = Group {
        description: Some("For everyone. \nCome.".into()),
        owner: Some("mila".into()),
        ..the_group("Night walkers")
    };
    one.answer(&reading, Ok(page(Items::Groups(vec![shown]))));
    assert_eq!(one.outcome(), Some(Outcome::Found));
}

/// A person to be added directly by address, whose response was lost, and who is in no list.
fn not_listed(total: u64) -> One {
    let operation =
        Operation::Register { flow: Flow::Direct, role: RoleId::new("member"), price: None, password: None };
    let mut one = One::new(operation);
    one.lose();
    let reading = one.reading();
    let other = Member { id: "u9".into(), email: Some("nia@example.org".into()), ..Member::default() };
    one.answer(&reading, Ok(Page { total: Some(total), ..page(Items::Members(vec![other])) }));
    one
}

#[test]
fn a_list_that_is_shorter_than_it_says_proves_nobody_absent() {
    assert!(is_not_so(not_listed(1).outcome()));
    assert_eq!(not_listed(2).run.tally().n_unknown, 1);
}

#[test]
fn another_group_with_the_id_is_not_the_one_that_was_to_be_created() {
    let private = Group { access: Some(Access::Private), ..the_group("Runners") };
    for other in [the_group("Walkers"), private] {
        let mut one = One::new(create());
        one.lose();
        let reading = one.reading();
        one.answer(&reading, Ok(page(Items::Groups(vec![other]))));
        assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
    }
}

/// A run whose response was lost, and which was read back a second later without result.
fn read_back_early() -> One {
    let mut one = One::new(create());
    one.lose();
    let Step::Read(reading) = one.run.poll(one.now + 1_000, &mut one.budget) else { panic!("it is read") };
    one.answer(&reading, Ok(page(Items::Groups(Vec::new()))));
    assert_eq!(one.run.tally().n_unknown, 1, "the call may still be on its way");
    assert!(!one.run.is_over());
    one
}

#[test]
fn what_is_not_there_at_once_may_still_arrive_and_is_looked_for_again_a_minute_later() {
    let mut one = read_back_early();
    let lost_at = one.now;
    assert_eq!(one.run.poll(one.now + 1_500, &mut one.budget), Step::WaitUntil(lost_at + 60_000));
    assert_eq!(one.run.looks_again_at(), Some(lost_at + 60_000));
    let late = one.run.poll(lost_at + 60_000, &mut one.budget);
    assert!(matches!(late, Step::Read(_)), "{late:?}");
    assert_eq!(one.run.looks_again_at(), None);
    let Step::Read(reading) = late else { return };
    one.answer(&reading, Ok(page(Items::Groups(Vec::new()))));
    assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
    assert_eq!(one.step(), Step::Done);
}

#[test]
fn what_arrives_late_is_found_when_it_is_looked_for_again() {
    let mut one = read_back_early();
    let reading = one.reading();
    one.answer(&reading, Ok(page(Items::Groups(vec![the_group("Runners")]))));
    assert_eq!(one.outcome(), Some(Outcome::Found));
}

#[test]
fn what_the_vendor_has_answered_arrives_no_more_and_is_not_waited_for() {
    let mut one = One::new(create());
    let Step::Send(batch) = one.step() else { panic!("there is something to send") };
    one.run.record(batch.id, Ok(Reply::default()), one.now, &mut one.budget);
    let Step::Read(reading) = one.run.poll(one.now + 1_000, &mut one.budget) else { panic!("it is read") };
    one.answer(&reading, Ok(page(Items::Groups(Vec::new()))));
    assert_eq!(one.run.poll(one.now + 1_500, &mut one.budget), Step::Done);
    assert_eq!(one.run.tally().n_unknown, 1, "it may be listed late");
    assert!(matches!(one.run.learned(domain::ChangeId(0)), Some(Learned::NotFound { .. })));
}

#[test]
fn a_run_that_is_stopped_does_not_look_again() {
    let mut one = read_back_early();
    one.run.stop(one.now);
    assert_eq!(one.step(), Step::Done);
    assert_eq!(one.run.tally().n_unknown, 1);
}

#[test]
fn a_clock_that_is_set_back_makes_nobody_wait_for_longer_than_a_minute() {
    let mut one = read_back_early();
    one.now -= 900_000;
    let Step::WaitUntil(at) = one.run.poll(one.now, &mut one.budget) else { panic!("it waits") };
    assert_eq!(at, one.now + 60_000);
    let Step::Read(reading) = one.run.poll(at, &mut one.budget) else { panic!("it is read") };
    one.answer(&reading, Ok(page(Items::Groups(Vec::new()))));
    assert!(is_not_so(one.outcome()), "{:?}", one.outcome());
}

/// True if the change was found not to be in effect: neither done, unknown nor never sent.
fn is_not_so(outcome: Option<Outcome>) -> bool {
    matches!(outcome, Some(Outcome::Rejected(error)) if &*error.code == "row.not_so")
}

#[test]
fn a_former_journal_tells_what_was_never_sent() {
    let former =
        r#"{"outcome":"rejected","error":{"class":"refused","origin":"console","code":"console.bad_id"}}"#;
    let outcome: Outcome = serde_json::from_str(former).expect("a former outcome is read");
    assert_eq!(outcome.verdict(), domain::outcome::Verdict::NotSent);
    let vendors = ApiError::new(ErrorClass::Server, ErrorOrigin::Vendor, "x");
    for outcome in [
        Outcome::Applied,
        Outcome::NoOp(None),
        Outcome::Rejected(vendors.clone()),
        Outcome::Unknown(vendors.clone()),
        Outcome::NotSent(vendors),
    ] {
        let text = serde_json::to_string(&outcome).expect("an outcome is written");
        assert_eq!(serde_json::from_str::<Outcome>(&text).ok(), Some(outcome), "{text}");
        assert!(!text.contains("not_sent"), "the release before reads it too: {text}");
    }
}

#[test]
fn a_reading_is_tried_again_and_in_the_end_given_up() {
    let mut one = One::new(add());
    one.lose();
    for _ in 0..4 {
        let reading = one.reading();
        one.answer(&reading, Err(failure(ErrorClass::Server, ErrorOrigin::Vendor)));
    }
    let Some(Outcome::Unknown(error)) = one.outcome() else { panic!("it is unknown") };
    assert_eq!(error.class, ErrorClass::Server, "for the reason that it cannot be read");
    assert!(one.run.is_checkable(domain::ChangeId(0)));
    assert_eq!(one.step(), Step::Done);
}

#[test]
fn a_reading_that_meets_a_refused_key_goes_on_with_the_next() {
    let mut one = One::new(add());
    one.lose();
    let reading = one.reading();
    one.answer(&reading, Err(failure(ErrorClass::Auth, ErrorOrigin::Vendor)));
    assert_eq!(one.step(), Step::Rest);
    assert!(matches!(one.run.status(), Status::Paused(Pause::Key(_))));
    one.run.resume(one.now);
    let reading = one.reading();
    let member = domain::Member { id: "u1".into(), scope: Some(Scope::Participant), ..Default::default() };
    one.answer(&reading, Ok(page(Items::Members(vec![member]))));
    let reading = one.reading();
    assert_eq!(reading.query, Query::Banned { group: group(0) }, "a member may be banned all the same");
    one.answer(&reading, Ok(page(Items::Members(Vec::new()))));
    assert_eq!(one.outcome(), Some(Outcome::Found));
}

#[test]
fn a_list_that_gives_the_same_page_for_ever_is_given_up() {
    let mut one = One::new(add());
    one.lose();
    let mut n_pages = 0;
    while let Step::Read(reading) = one.step() {
        n_pages += 1;
        let next = Some(domain::Cursor { start: 2, len: 2 });
        one.answer(&reading, Ok(Page { next, ..page(Items::Members(Vec::new())) }));
    }
    assert_eq!(n_pages, 2);
    assert_eq!(one.run.tally().n_unknown, 1);
}
