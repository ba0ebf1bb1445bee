//! How plans and runs treat people who are members with another scope, or banned.

use domain::api_error::ErrorOrigin;
use domain::snapshot::GroupSnapshot;
use domain::{
    Action, Actor, ApiError, Batch, BatchFailure, Budget, ChangeId, Command, ErrorClass, Items, Learned,
    Member, Millis, Operation, Outcome, Page, Person, Plan, PlanId, Problem, ProblemCode, Query, Reading,
    Reply, Run, Scope, Severity, Snapshot, State, Status, Step, Vendor,
};

use crate::world::{CAPABILITIES, group, limits, planned, planner};

use Scope::{Admin, Banned, Moderator, Participant};

fn add(scope: Scope) -> Operation {
    Operation::AddToGroup { group: group(0), scope }
}

fn set(scope: Scope) -> Operation {
    Operation::SetScope { group: group(0), scope }
}

fn knowing(people: &[(&str, Scope)]) -> Snapshot {
    let known = GroupSnapshot {
        scopes: people.iter().map(|(uid, scope)| ((*uid).into(), *scope)).collect(),
        is_complete: true,
        ..GroupSnapshot::default()
    };
    Snapshot { groups: [(group(0), known)].into(), ..Snapshot::default() }
}

fn plan_for(people: &[&str], operation: Operation, snapshot: &Snapshot) -> Plan {
    planned(&Command::for_all(operation, people.iter().copied().map(Person::by_id)), snapshot)
}

#[test]
fn a_plan_uses_where_somebody_stands() {
    let table = [
        ("a member with another scope", add(Moderator), Participant, set(Moderator), Action::Update),
        ("less than now", add(Participant), Admin, set(Participant), Action::Update),
        ("a member as wanted", add(Participant), Participant, add(Participant), Action::NoOp),
        ("a ban of a member", add(Banned), Moderator, add(Banned), Action::Create),
        ("a banned person", add(Participant), Banned, add(Participant), Action::Create),
        ("a scope for a banned person", set(Moderator), Banned, add(Moderator), Action::Create),
        ("a scope for a member", set(Moderator), Participant, set(Moderator), Action::Update),
        (
            "out for a banned person",
            Operation::Kick { group: group(0) },
            Banned,
            Operation::Kick { group: group(0) },
            Action::NoOp,
        ),
    ];
    for (what, wanted, now, expected, action) in table {
        let plan = plan_for(&["mila"], wanted, &knowing(&[("mila", now)]));
        let change = &plan.changes[0];
        assert_eq!(
            (&*change.operation, change.action, change.before),
            (&expected, action, State::Scope(now)),
            "{what}"
        );
    }
    // Unknown people get the requested operation.
    assert_eq!(
        *plan_for(&["mila"], add(Moderator), &Snapshot::default()).changes[0].operation,
        add(Moderator)
    );
}

#[test]
fn changed_scopes_stand_together_and_one_call_adds_the_rest() {
    let people = ["a", "b", "c", "d"];
    let plan = plan_for(&people, add(Moderator), &knowing(&[("b", Participant), ("d", Admin)]));
    let operations: Vec<_> =
        plan.changes.iter().map(|change| (change.person.key.as_str(), &*change.operation)).collect();
    let (add, set) = (add(Moderator), set(Moderator));
    assert_eq!(operations, [("a", &add), ("c", &add), ("b", &set), ("d", &set)]);
}

#[test]
fn who_is_banned_is_not_added_unasked() {
    let snapshot = knowing(&[("troll", Banned), ("bot", Banned), ("mila", Participant)]);
    let warning = |plan: &Plan| -> Option<Problem> {
        plan.problems.iter().find(|problem| problem.code == ProblemCode::BannedPeople).cloned()
    };
    for operation in [add(Participant), add(Admin), set(Moderator)] {
        let found = warning(&plan_for(&["nia", "troll", "mila", "bot"], operation.clone(), &snapshot));
        let found = found.unwrap_or_else(|| panic!("no warning for {operation:?}"));
        assert_eq!((found.severity, &*found.found), (Severity::Warning, "troll\nbot"), "{operation:?}");
    }
    // Confirming one person does not confirm another.
    let of = |uid: &str| warning(&plan_for(&[uid], add(Participant), &snapshot)).expect("a warning").found;
    assert_ne!(of("troll"), of("bot"));
    for operation in [add(Banned), Operation::Unban { group: group(0) }, Operation::Kick { group: group(0) }]
    {
        assert_eq!(warning(&plan_for(&["troll"], operation.clone(), &snapshot)), None, "{operation:?}");
    }
    assert_eq!(warning(&plan_for(&["nia"], add(Participant), &snapshot)), None);
}

#[test]
fn what_the_acting_person_may_not_do_is_said_before_it_is_sent() {
    let only_admins = |actor: Actor, _: &Operation, _: State| actor.is_owner || actor.scope == Some(Admin);
    let planner = planner(Vendor::CometChat, CAPABILITIES).with_clearance(only_admins);
    let refused = |actor: Option<&str>, owner: Option<&str>, is_complete| {
        let mut snapshot = knowing(&[("ana", Admin), ("bo", Moderator), ("cy", Participant), ("di", Banned)]);
        snapshot.acting_as = actor.map(Into::into);
        let known = snapshot.groups.get_mut(&group(0)).expect("the group is known");
        (known.owner, known.is_complete) = (owner.map(Into::into), is_complete);
        let command = Command::for_all(set(Moderator), ["bo", "cy", "eve"].map(Person::by_id));
        let plan = planner.plan(PlanId::new("plan"), &command, &snapshot);
        let of = plan.problems.into_iter().find(|problem| problem.code == ProblemCode::NoClearance);
        of.map(|problem| (problem.severity, problem.found.to_string()))
    };
    assert_eq!(refused(Some("ana"), None, true), None);
    assert_eq!(refused(Some("cy"), Some("cy"), true), None, "the owner");
    assert_eq!(refused(None, None, true), None, "the app itself");
    for actor in ["bo", "cy", "di", "stranger"] {
        // Bo is a moderator already, so nothing is sent for them. A change of one's own comes last.
        let people = if actor == "cy" { "eve\ncy" } else { "cy\neve" };
        let warning = Some((Severity::Warning, people.to_owned()));
        assert_eq!(refused(Some(actor), Some("ana"), true), warning, "{actor}");
    }
    assert_eq!(refused(Some("stranger"), None, false), None, "they may be in the part that was not read");
}

/// A run over a plan, and its clock.
struct One {
    run: Run,
    budget: Budget,
    now: Millis,
}

impl One {
    fn new(people: &[&str], operation: Operation, snapshot: &Snapshot) -> Self {
        let run = Run::new(plan_for(people, operation, snapshot), &limits(Vec::new(), 1), &CAPABILITIES, 1);
        Self { run, budget: Budget::new(Vec::new()), now: 1_000 }
    }

    fn step(&mut self) -> Step {
        self.now += 1_000_000;
        self.run.poll(self.now, &mut self.budget)
    }

    fn sent(&mut self) -> Batch {
        match self.step() {
            Step::Send(batch) => batch,
            step => panic!("{step:?} sends nothing"),
        }
    }

    fn answer(&mut self, batch: &Batch, outcomes: Vec<Outcome>) {
        let outcomes = batch.items.iter().map(|item| item.change).zip(outcomes).collect();
        let reply = Reply { outcomes, ..Reply::default() };
        self.run.record(batch.id, Ok(reply), self.now, &mut self.budget);
    }

    fn lose(&mut self) {
        let batch = self.sent();
        let error = ApiError::new(ErrorClass::Unknown, ErrorOrigin::Network, "net.unreachable");
        self.run.record(batch.id, Err(BatchFailure::sent(error)), self.now, &mut self.budget);
    }

    fn reading(&mut self) -> Reading {
        match self.step() {
            Step::Read(reading) => reading,
            step => panic!("{step:?} reads nothing"),
        }
    }

    /// Reads back the members and the banned people.
    fn read(&mut self, members: &[(&str, Scope)], banned: &[&str], total: Option<u64>) {
        for (query, rows) in [
            (Query::GroupMembers { group: group(0), scopes: Vec::new() }, members.to_vec()),
            (Query::Banned { group: group(0) }, banned.iter().map(|uid| (*uid, Banned)).collect()),
        ] {
            let reading = self.reading();
            assert_eq!(reading.query, query);
            let row = |(uid, scope): &(&str, Scope)| Member {
                id: (*uid).into(),
                scope: Some(*scope),
                ..Member::default()
            };
            let page = Page { total, ..Page::whole(Items::Members(rows.iter().map(row).collect())) };
            self.run.record_page(reading.id, Ok(page), self.now, &mut self.budget);
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        self.run.outcome(ChangeId(0))
    }
}

fn claim() -> Outcome {
    Outcome::Unknown(
        ApiError::new(ErrorClass::AlreadyDone, ErrorOrigin::Vendor, "JOINED").with_message("Already."),
    )
}

#[test]
fn a_claim_that_says_nothing_of_the_scope_is_read_back() {
    let rejected = |code: &str| {
        let error = ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, code);
        Outcome::Rejected(error.with_message("Already."))
    };
    let Outcome::Unknown(same) = claim() else { unreachable!() };
    type Case<'a> = (&'a str, &'a [(&'a str, Scope)], &'a [&'a str], Outcome);
    let table: [Case; 5] = [
        ("as wanted", &[("mila", Participant)], &[], Outcome::NoOp(Some(same))),
        ("with another scope", &[("mila", Moderator)], &[], rejected("row.other_scope")),
        ("banned", &[], &["mila"], rejected("row.banned")),
        ("banned and still listed", &[("mila", Participant)], &["mila"], rejected("row.banned")),
        ("nowhere", &[("noor", Participant)], &[], claim()),
    ];
    for (what, members, banned, expected) in table {
        let mut one = One::new(&["mila"], add(Participant), &Snapshot::default());
        let batch = one.sent();
        one.answer(&batch, vec![claim()]);
        assert_eq!(one.outcome(), None, "{what}: in doubt until it was read");
        one.read(members, banned, None);
        assert_eq!(one.outcome(), Some(expected.clone()), "{what}");
        assert_eq!(one.step(), Step::Done, "{what}: not sent again");
        let is_missed = matches!(one.run.learned(ChangeId(0)), Some(Learned::NotFound { .. }));
        assert_eq!(is_missed, expected == claim(), "{what}");
    }
    // The user checks again later.
    let mut one = One::new(&["mila"], add(Participant), &Snapshot::default());
    let batch = one.sent();
    one.answer(&batch, vec![claim()]);
    one.read(&[], &[], None);
    assert_eq!(one.step(), Step::Done);
    one.run.check(&[ChangeId(0)], one.now);
    one.read(&[("mila", Admin)], &[], None);
    assert_eq!(one.outcome(), Some(rejected("row.other_scope")));
}

#[test]
fn reading_back_takes_bans_into_account() {
    // Listed with the scope from before the ban: that is no success, and the ban is not lifted without
    // confirmation.
    let mut one = One::new(&["mila"], add(Participant), &Snapshot::default());
    one.lose();
    one.read(&[("mila", Participant)], &["mila"], None);
    let Some(Outcome::Rejected(error)) = one.outcome() else { panic!("{:?}", one.outcome()) };
    assert_eq!((&*error.code, error.class), ("row.banned", ErrorClass::Refused));
    assert_eq!(one.step(), Step::Done, "a ban is not lifted by sending again");
    // Sent again, because the user confirmed lifting the ban.
    let mut one = One::new(&["mila"], add(Participant), &knowing(&[("mila", Banned)]));
    one.lose();
    one.read(&[], &["mila"], None);
    let batch = one.sent();
    one.answer(&batch, vec![Outcome::Applied]);
    assert_eq!(one.outcome(), Some(Outcome::Applied));
    // A banned person is out, although the member list still contains them.
    let mut one = One::new(&["mila"], Operation::Kick { group: group(0) }, &Snapshot::default());
    one.lose();
    one.read(&[("mila", Participant)], &["mila"], None);
    assert_eq!(one.outcome(), Some(Outcome::Found));
}

#[test]
fn who_is_missing_in_a_list_that_is_not_whole_is_not_out() {
    for (total, is_out) in [(None, true), (Some(1), true), (Some(2), false)] {
        let mut one = One::new(&["mila"], Operation::Kick { group: group(0) }, &Snapshot::default());
        one.lose();
        one.read(&[("noor", Admin)], &[], total);
        assert_eq!(one.outcome().is_some(), is_out, "{total:?}");
    }
}

fn paced(wait: Millis) -> Outcome {
    let mut error = ApiError::new(ErrorClass::RateLimited, ErrorOrigin::Vendor, "PACE");
    error.retry_after_ms = Some(wait);
    Outcome::Rejected(error)
}

#[test]
fn one_person_who_came_too_fast_waits_as_after_any_refusal_for_pace() {
    let mut one = One::new(&["a", "b", "c"], add(Participant), &Snapshot::default());
    let batch = one.sent();
    assert_eq!(batch.items.len(), 3);
    one.answer(&batch, vec![Outcome::Applied, paced(42_000), paced(7_000)]);
    assert_eq!((one.run.tally().n_done, one.run.tally().n_waiting), (1, 2));
    let Step::WaitUntil(at) = one.run.poll(one.now, &mut one.budget) else { panic!("it waits") };
    assert!((42_000..42_500).contains(&(at - one.now)), "as long as the longest wait: {}", at - one.now);
    let again = one.sent();
    let sent: Vec<_> = again.items.iter().map(|item| item.person.key.as_str()).collect();
    assert_eq!(sent, ["b", "c"], "nobody is sent twice");
    one.answer(&again, vec![Outcome::Applied, Outcome::Applied]);
    assert_eq!((one.step(), one.run.tally().n_done), (Step::Done, 3));
}

#[test]
fn twelve_in_a_row_pause_and_a_stop_leaves_them_unsent() {
    let mut one = One::new(&["a", "b"], add(Participant), &Snapshot::default());
    let batch = one.sent();
    one.answer(&batch, vec![Outcome::Applied, paced(1_000)]);
    for _ in 1..12 {
        assert_eq!(*one.run.status(), Status::Running);
        let batch = one.sent();
        one.answer(&batch, vec![paced(1_000)]);
    }
    assert!(matches!(one.run.status(), Status::Paused(_)), "{:?}", one.run.status());
    one.run.stop(one.now);
    assert_eq!(one.step(), Step::Done);
    let outcome = one.run.outcome(ChangeId(1)).expect("it is over");
    assert_ne!(outcome.error().map(|error| error.class), Some(ErrorClass::RateLimited), "{outcome:?}");
    let mut one = One::new(&["a"], add(Participant), &Snapshot::default());
    let batch = one.sent();
    one.run.stop(one.now);
    one.answer(&batch, vec![paced(1_000)]);
    assert_eq!((one.step(), one.run.tally().n_waiting), (Step::Done, 0));
}

#[test]
fn what_was_lost_before_is_not_called_unsent_after_a_refusal_for_pace() {
    let mut one = One::new(&["a"], add(Participant), &Snapshot::default());
    one.lose();
    one.read(&[], &[], None);
    let batch = one.sent();
    one.answer(&batch, vec![paced(1_000)]);
    one.run.stop(one.now);
    assert!(
        matches!(one.outcome(), Some(Outcome::Unknown(_))),
        "the first call may still arrive: {:?}",
        one.outcome()
    );
}

#[test]
fn an_edit_is_so_once_the_group_shows_every_field_of_it() {
    use domain::group::PictureEdit;
    use domain::{Group, GroupEdit, GroupKind, PersonKey, Picture, picture::PictureKind};
    let picture = Picture::parse("https://a.example/x.png", PictureKind::Address).expect("an address");
    let edit = GroupEdit {
        description: Some("".into()),
        tags: Some("b, a".into()),
        picture: Some(PictureEdit::Set(picture)),
        metadata: Some(r#"{"n":1}"#.into()),
        ..GroupEdit::default()
    };
    let shown = Group {
        picture: Some("https://a.example/x.png".into()),
        tags: Some(vec!["a".into(), "b".into()]),
        metadata: Some(r#"{"n":1}"#.into()),
        ..Group::new(group(0), GroupKind::Group, "Hikers".into())
    };
    let table = [
        (shown.clone(), true),
        (Group { description: Some("Up".into()), ..shown.clone() }, false),
        (Group { tags: None, ..shown.clone() }, false),
        (Group { tags: Some(vec!["a".into()]), ..shown.clone() }, false),
        (Group { picture: None, ..shown.clone() }, false),
        (Group { metadata: Some("".into()), ..shown.clone() }, false),
    ];
    for (found, is_in_effect) in table {
        let operation = Operation::EditGroup { group: group(0), edit: Box::new(edit.clone()) };
        let person = Person { key: PersonKey::Group("group-0".into()), name: None };
        let plan = planned(&Command::for_all(operation, [person]), &Snapshot::default());
        let run = Run::new(plan, &limits(Vec::new(), 1), &CAPABILITIES, 1);
        let mut one = One { run, budget: Budget::new(Vec::new()), now: 1_000 };
        one.lose();
        let reading = one.reading();
        let page = Page::whole(Items::Groups(vec![found.clone()]));
        one.run.record_page(reading.id, Ok(page), one.now, &mut one.budget);
        assert_eq!(one.outcome() == Some(Outcome::Found), is_in_effect, "{found:?}");
    }
}
