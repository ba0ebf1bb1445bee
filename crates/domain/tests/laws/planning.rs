//! Laws of planning.

use std::collections::BTreeSet;

use domain::{
    Action, Command, Flow, Operation, Person, PersonKey, PlanId, ProblemCode, RoleId, Scope, Severity,
    Snapshot, State, Vendor,
};
use proptest::prelude::*;

use crate::world::{command, group, planned, planner, scope, snapshot, snapshot_of};

/// The state after every change of a plan.
pub(crate) fn applied(plan: &domain::Plan, snapshot: &Snapshot) -> Snapshot {
    let mut after = snapshot.clone();
    for change in &plan.changes {
        let Some(group) = change.operation.group() else {
            after.people.insert(change.person.key.folded());
            continue;
        };
        let known = after.groups.entry(group.clone()).or_default();
        let id: Box<str> = change.person.key.as_str().into();
        match change.after() {
            _ if change.action == Action::NoOp => {}
            State::Scope(scope) => drop(known.scopes.insert(id, scope)),
            State::Absent => drop(known.scopes.remove(&id)),
            State::Present | State::Unread => {}
        }
    }
    after
}

fn codes(plan: &domain::Plan) -> Vec<ProblemCode> {
    plan.problems.iter().map(|problem| problem.code).collect()
}

proptest! {
    #[test]
    fn what_was_applied_needs_nothing_more(command in command(), snapshot in snapshot()) {
        let plan = planned(&command, &snapshot);
        let again = planned(&command, &applied(&plan, &snapshot));
        prop_assert_eq!(again.changes.len(), plan.changes.len());
        for change in &again.changes {
            prop_assert_eq!(change.action, Action::NoOp, "{:?}", change);
        }
        prop_assert_eq!(again.to_send().count(), 0);
    }

    #[test]
    fn nobody_is_changed_twice_in_one_place_and_nobody_is_lost(command in command(), snapshot in snapshot()) {
        let plan = planned(&command, &snapshot);
        let place = |person: &Person, operation: &Operation| (person.key.folded(), operation.group().cloned());
        let planned: Vec<_> = plan.changes.iter().map(|change| place(&change.person, &change.operation)).collect();
        let wanted: BTreeSet<_> = command
            .items
            .iter()
            .map(|(person, idx)| place(person, &command.operations[*idx as usize]))
            .collect();
        prop_assert_eq!(planned.len(), wanted.len());
        prop_assert_eq!(planned.into_iter().collect::<BTreeSet<_>>(), wanted);
        for (idx, change) in plan.changes.iter().enumerate() {
            prop_assert_eq!(change.id.as_idx(), idx);
        }
    }

    #[test]
    fn own_standing_changes_last(command in command(), snapshot in snapshot()) {
        let plan = planned(&command, &snapshot);
        let is_own = |change: &domain::Change| {
            change.person.key == PersonKey::Id("u0".into())
                && matches!(*change.operation, Operation::SetScope { .. } | Operation::Kick { .. } | Operation::Ban { .. })
        };
        let first_own = plan.changes.iter().position(is_own).unwrap_or(plan.changes.len());
        prop_assert!(plan.changes[first_own..].iter().all(is_own));
        let n_sent = plan.to_send().filter(|change| is_own(change)).count();
        prop_assert_eq!(codes(&plan).iter().filter(|code| **code == ProblemCode::OwnScope).count(), n_sent);
    }

    #[test]
    fn addresses_are_the_same_in_any_case(local in "[a-zA-Z]{1,12}", mask in any::<u64>()) {
        let address = format!("{local}@Example.org");
        let other: String = address
            .chars()
            .enumerate()
            .map(|(idx, c)| if mask >> idx & 1 == 1 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect();
        let operation = Operation::Register { flow: Flow::Direct, role: RoleId::new("editor"), price: None, password: None };
        let command = Command::for_all(operation, [Person::by_email(&address), Person::by_email(&other)]);
        let plan = planned(&command, &Snapshot::default());
        prop_assert_eq!(plan.changes.len(), 1);
        prop_assert_eq!(plan.changes[0].person.key.as_str(), &*address, "the first spelling is sent");
        prop_assert!(codes(&plan).contains(&ProblemCode::Duplicate) && plan.is_applicable());
        let people = BTreeSet::from([PersonKey::Email(other.as_str().into()).folded()]);
        let known = planned(&command, &Snapshot { people, ..Snapshot::default() });
        prop_assert_eq!(known.changes[0].action, Action::NoOp);
    }

    /// The vendor would promote and forget the ban, so nothing is sent until it is resolved.
    #[test]
    fn a_scope_and_a_ban_block(member in 0usize..3, is_ban_first in any::<bool>(), by_add in any::<bool>()) {
        let to_ban = if by_add {
            Operation::AddToGroup { group: group(0), scope: Scope::Banned }
        } else {
            Operation::Ban { group: group(0) }
        };
        let mut operations = vec![Operation::AddToGroup { group: group(0), scope: Scope::ALL[member] }, to_ban];
        if is_ban_first {
            operations.reverse();
        }
        let mut command = Command::new();
        for operation in operations {
            command.intent(Person::by_id("mila"), operation);
        }
        let plan = planned(&command, &Snapshot::default());
        prop_assert!(!plan.is_applicable());
        let blocks = |problem: &domain::Problem| {
            problem.code == ProblemCode::ScopeAndBan && problem.severity == Severity::Blocking
        };
        prop_assert!(plan.problems.iter().any(blocks));
    }

    /// Which one is meant is not guessed: nothing is sent until one is chosen.
    #[test]
    fn two_scopes_block(a in scope(), b in scope()) {
        prop_assume!(a.is_member() && b.is_member() && a != b);
        let mut command = Command::new();
        for scope in [a, b] {
            command.intent(Person::by_id("mila"), Operation::AddToGroup { group: group(0), scope });
        }
        let plan = planned(&command, &Snapshot::default());
        let expected = Operation::AddToGroup { group: group(0), scope: a.min(b) };
        prop_assert_eq!(&*plan.changes[0].operation, &expected);
        prop_assert_eq!(codes(&plan)[0], ProblemCode::TwoScopes);
        prop_assert!(!plan.is_applicable());
    }

    /// The warning appears exactly if a group that had admins is left without any.
    #[test]
    fn the_last_admin_is_not_lost_unwarned(command in command(), snapshot in snapshot()) {
        let plan = planned(&command, &snapshot);
        let after = applied(&plan, &snapshot);
        let admins = |snapshot: &Snapshot, idx| {
            snapshot.groups[&group(idx)].scopes.values().filter(|scope| **scope == Scope::Admin).count()
        };
        for idx in 0..2 {
            let is_lost = admins(&snapshot, idx) > 0 && admins(&after, idx) == 0;
            let place = domain::Place::Group(group(idx));
            let is_warned = plan
                .problems
                .iter()
                .any(|problem| problem.code == ProblemCode::LastAdmin && problem.place == place);
            prop_assert_eq!(is_warned, is_lost);
        }
    }
}

#[test]
fn the_last_admin_may_hand_over() {
    let before = snapshot_of(group(0), &[("mila", Scope::Admin), ("noor", Scope::Participant)]);
    let demote = |command: &mut Command| {
        let operation = Operation::SetScope { group: group(0), scope: Scope::Participant };
        command.intent(Person::by_id("mila"), operation);
    };
    let mut command = Command::new();
    demote(&mut command);
    assert_eq!(planned(&command, &before).warnings().count(), 1);
    command.intent(Person::by_id("noor"), Operation::SetScope { group: group(0), scope: Scope::Admin });
    assert_eq!(planned(&command, &before).warnings().count(), 0);
}

/// A plan for capabilities where phone numbers do not work for everything.
fn planned_by_id(command: &Command, snapshot: &Snapshot) -> domain::Plan {
    let mut capabilities = crate::world::CAPABILITIES;
    capabilities.identity.phones_only_add = true;
    planner(Vendor::Genuin, capabilities).plan(PlanId::new("plan"), command, snapshot)
}

#[test]
fn phones_become_ids_where_only_ids_will_do_or_are_left_out_with_the_reason() {
    let operations = [
        Operation::MakeModerator { community: group(0) },
        Operation::Kick { group: group(0) },
        Operation::Unsubscribe { group: group(0) },
    ];
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect::<BTreeSet<Box<str>>>();
    let snapshot = Snapshot {
        ids_by_phone: [
            ("15550123456".into(), ids(&["ada"])),
            ("15550123457".into(), ids(&["bo", "cy"])),
            ("15550123459".into(), ids(&["ada"])),
        ]
        .into(),
        ..Snapshot::default()
    };
    for operation in operations {
        let people = ["15550123456", "15550123457", "15550123458", "15550123459", "15550123458"];
        let people = people.map(Person::by_phone).into_iter().chain([Person::by_id("dee")]);
        let plan = planned_by_id(&Command::for_all(operation.clone(), people), &snapshot);
        let sent: Vec<_> = plan.to_send().map(|change| (&change.person.key, change.person.label())).collect();
        // Two numbers of one person are the same person; a number of two people identifies neither.
        let (ada, dee) = (PersonKey::Id("ada".into()), PersonKey::Id("dee".into()));
        assert_eq!(sent, [(&ada, "15550123456"), (&dee, "dee")], "{operation:?}");
        let left: Vec<_> =
            plan.problems.iter().filter(|problem| problem.severity == Severity::Refused).collect();
        let left: Vec<_> = left.iter().map(|problem| (problem.code, &*problem.found)).collect();
        let unknown = ProblemCode::IdUnknown;
        assert_eq!(left, [(unknown, "15550123457"), (unknown, "15550123458")], "{operation:?}");
        assert_eq!((plan.n_people_to_send(), plan.n_people_left_out()), (2, 2), "{operation:?}");
    }
    let nobody = planned_by_id(
        &Command::for_all(
            Operation::MakeModerator { community: group(0) },
            [Person::by_phone("15550123456")],
        ),
        &Snapshot::default(),
    );
    assert!(!nobody.is_applicable());
    // Adding accepts phone numbers, and so do all operations of a vendor whose responses identify people by
    // phone.
    let join = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
    let plan = planned_by_id(&Command::for_all(join, [Person::by_phone("15550123456")]), &snapshot);
    assert_eq!(plan.changes[0].person, Person::by_phone("15550123456"));
    let kick = Command::for_all(Operation::Kick { group: group(0) }, [Person::by_phone("15550123456")]);
    assert_eq!(planned(&kick, &snapshot).changes[0].person, Person::by_phone("15550123456"));
}

#[test]
fn people_are_counted_once_and_groups_are_nobody() {
    let join =
        |idx| Operation::AddToCommunity { community: group(idx), flow: Flow::Invite, is_onboarding: false };
    let mut command = Command::new();
    for (person, idx) in [("ada", 0), ("ada", 1), ("bo", 0), ("bo", 1), ("cy", 0), ("ada", 0)] {
        command.intent(Person::by_id(person), join(idx));
    }
    // Cy is a member already, and Ada of one of the two.
    let snapshot = snapshot_of(group(0), &[("cy", Scope::Participant), ("ada", Scope::Participant)]);
    let plan = planned(&command, &snapshot);
    assert_eq!((plan.to_send().count(), plan.n_people_to_send(), plan.n_people_so_already()), (3, 2, 1));
    let told = plan.problems.iter().find(|problem| problem.code == ProblemCode::MessagesLeave);
    assert_eq!(told.map(|problem| &*problem.found), Some("2"));
    let whole = Person { key: PersonKey::Group("group-0".into()), name: None };
    let delete = Command::for_all(Operation::DeleteGroup { group: group(0) }, [whole]);
    let plan = planned(&delete, &Snapshot::default());
    assert_eq!((plan.to_send().count(), plan.n_people_to_send(), plan.n_people_so_already()), (1, 0, 0));
}

#[test]
fn every_flow_that_the_vendor_leaves_open_is_said_before_sending() {
    const OPEN: &[Flow] = &[Flow::Invite, Flow::SingleTap, Flow::ApproveRequest];
    let mut capabilities = crate::world::CAPABILITIES;
    capabilities.add.undocumented_flows = OPEN;
    for (flow, is_onboarding, is_open) in [
        (Flow::Direct, false, false),
        (Flow::Direct, true, true),
        (Flow::Invite, false, true),
        (Flow::SingleTap, false, true),
        (Flow::ApproveRequest, false, true),
    ] {
        let operation = Operation::AddToCommunity { community: group(0), flow, is_onboarding };
        let command = Command::for_all(operation, [Person::by_id("ada")]);
        let planner = planner(Vendor::Genuin, capabilities);
        let plan = planner.plan(PlanId::new("plan"), &command, &Snapshot::default());
        let is_said = codes(&plan).contains(&ProblemCode::UndocumentedFlow);
        assert_eq!(is_said, is_open, "{flow:?} {is_onboarding}");
    }
}

#[test]
fn a_plan_of_more_people_than_the_host_allows_is_blocked() {
    let operation = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
    let command = Command::for_all(operation, ["ada", "bo", "cy"].map(Person::by_id));
    let snapshot = snapshot_of(group(0), &[("ada", Scope::Participant)]);
    for (most, is_blocked) in [(None, false), (Some(3), false), (Some(2), false), (Some(1), true)] {
        let plan = planned(&command, &snapshot).limited_to(most);
        assert_eq!(plan.is_applicable(), !is_blocked, "{most:?}");
        assert_eq!(plan.problems.first().is_some_and(|it| it.code == ProblemCode::TooManyPeople), is_blocked);
        assert!(plan.problems.is_sorted_by_key(|problem| std::cmp::Reverse(problem.severity)));
    }
}
