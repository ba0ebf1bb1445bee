//! CometChat: groups, members, scopes and bans.

use domain::group::Access;
use domain::outcome::Verdict;
use domain::snapshot::GroupSnapshot;
use domain::{
    Command, ConnectionId, ErrorClass, GroupEdit, GroupId, NewGroup, Operation, Outcome, Person, PersonKey,
    PlanId, Planner, ProblemCode, Scope, Secret, Snapshot, Vendor,
};
use sandbox::cometchat::{self, EmptyScopes, FailedEntry};
use sandbox::{Settings, ids};

use crate::console::Console;
use crate::truth;

fn console() -> Console {
    Console::new(Vendor::CometChat)
}

fn fans() -> GroupId {
    GroupId::new(ids::SUPERHERO_FANS)
}

fn add(scope: Scope) -> Operation {
    Operation::AddToGroup { group: fans(), scope }
}

fn code(outcome: &Outcome) -> &str {
    outcome.error().map_or("", |error| &error.code)
}

/// Ids of ordinary users who are neither members of the group nor banned from it.
fn anonymous(console: &Console, group: &str) -> impl Iterator<Item = String> {
    let dump = console.dump();
    let group = group.to_owned();
    (1..=ids::FANS).map(ids::fan).filter(move |uid| truth::scope(&dump, &group, uid).is_none())
}

#[test]
fn adds_in_every_scope_and_bans_in_one_call() {
    let mut console = console();
    let people: Vec<_> = anonymous(&console, ids::SUPERHERO_FANS).take(4).collect();
    let items = people.iter().zip(Scope::ALL).map(|(uid, scope)| (Person::by_id(uid), add(scope))).collect();
    assert!(console.apply_all(items).iter().all(|outcome| *outcome == Outcome::Applied));
    let dump = console.dump();
    for (uid, scope) in people.iter().zip(Scope::ALL) {
        assert_eq!(truth::scope(&dump, ids::SUPERHERO_FANS, uid), Some(scope), "{uid}");
    }
}

#[test]
fn each_person_of_a_mixed_call_gets_their_own_outcome_in_every_form_of_the_answer() {
    let seed = console();
    let stranger = anonymous(&seed, ids::SUPERHERO_FANS).next().expect("somebody is outside");
    let banned = truth::with_scope(&seed.dump(), ids::SUPERHERO_FANS, Scope::Banned).remove(0);
    let forms = [
        (FailedEntry::SuccessFalse, EmptyScopes::Object, false),
        (FailedEntry::SuccessFalse, EmptyScopes::Array, true),
        (FailedEntry::ErrorOnly, EmptyScopes::Absent, false),
        (FailedEntry::ErrorOnly, EmptyScopes::Object, true),
        (FailedEntry::Bare, EmptyScopes::Array, false),
        (FailedEntry::Bare, EmptyScopes::Absent, true),
        (FailedEntry::Text, EmptyScopes::Object, false),
        (FailedEntry::Text, EmptyScopes::Array, true),
    ];
    let both = forms.into_iter().flat_map(|form| [(form, false), (form, true)]);
    for ((failed_entry, empty_scopes, wrapped_in_members), bans_hold) in both {
        let settings = Settings {
            latency: false,
            cometchat: cometchat::Settings {
                failed_entry,
                empty_scopes,
                wrapped_in_members,
                bans_hold,
                ..cometchat::Settings::default()
            },
            ..Settings::default()
        };
        let mut console = Console::with(Vendor::CometChat, settings);
        let outcomes = console.apply_all(vec![
            (Person::by_id(&stranger), add(Scope::Participant)),
            (Person::by_id("nobody-at-all"), add(Scope::Participant)),
            (Person::by_id(ids::NIGHT_MOD), add(Scope::Participant)),
            (Person::by_id(&banned), add(Scope::Participant)),
        ]);
        assert_eq!(outcomes[0], Outcome::Applied, "{failed_entry:?}");
        assert_eq!((outcomes[1].verdict(), code(&outcomes[1])), (Verdict::Refused, "ERR_UID_NOT_FOUND"));
        // The response does not contain the member's scope, which differs from the requested one.
        assert_eq!((outcomes[2].verdict(), code(&outcomes[2])), (Verdict::Unknown, "ERR_ALREADY_JOINED"));
        let of_banned = if bans_hold {
            assert_eq!(code(&outcomes[3]), "ERR_BANNED_GROUPMEMBER");
            (Verdict::Refused, Scope::Banned)
        } else {
            (Verdict::Done, Scope::Participant)
        };
        let dump = console.dump();
        assert_eq!(truth::scope(&dump, ids::SUPERHERO_FANS, &stranger), Some(Scope::Participant));
        assert_eq!(truth::scope(&dump, ids::SUPERHERO_FANS, ids::NIGHT_MOD), Some(Scope::Moderator));
        let now = truth::scope(&dump, ids::SUPERHERO_FANS, &banned);
        assert_eq!((outcomes[3].verdict(), now), (of_banned.0, Some(of_banned.1)));
    }
}

#[test]
fn changes_scopes_kicks_bans_and_lifts_bans() {
    let mut console = console();
    let uid = truth::with_scope(&console.dump(), ids::SUPERHERO_FANS, Scope::Participant).remove(0);
    let person = || Person::by_id(&uid);
    let scope = |console: &Console| truth::scope(&console.dump(), ids::SUPERHERO_FANS, &uid);

    for to in [Scope::Moderator, Scope::Admin, Scope::Participant] {
        let set = Operation::SetScope { group: fans(), scope: to };
        assert_eq!(console.apply(person(), set.clone()), Outcome::Applied);
        assert_eq!(scope(&console), Some(to));
        let again = console.apply(person(), set);
        assert_eq!((again.verdict(), code(&again)), (Verdict::Same, "ERR_SAME_SCOPE"));
    }
    let steps = [
        (Operation::Kick { group: fans() }, None, "ERR_NOT_A_MEMBER"),
        (Operation::Ban { group: fans() }, Some(Scope::Banned), "ERR_ALREADY_BANNED"),
        (Operation::Unban { group: fans() }, None, "ERR_NOT_A_BANNED_USER"),
    ];
    for (operation, expected, again_code) in steps {
        let outcome = console.apply(person(), operation.clone());
        assert_eq!(outcome.verdict(), Verdict::Done, "{operation:?}: {outcome:?}");
        assert_eq!(scope(&console), expected, "{operation:?}");
        let again = console.apply(person(), operation.clone());
        assert_eq!((again.verdict(), code(&again)), (Verdict::Same, again_code), "{operation:?}");
        assert_eq!(scope(&console), expected, "{operation:?}");
    }
}

#[test]
fn creates_a_group_with_people_edits_it_passes_it_on_and_deletes_it() {
    let mut console = console();
    let id = GroupId::new("night-cinema");
    let group = || Person { key: PersonKey::Group("night-cinema".into()), name: None };
    let new = NewGroup {
        description: "Films".into(),
        tags: "film".into(),
        access: Access::Password(Some(Secret::new("popcorn"))),
        owner: Some(ids::CAP_ADMIN.into()),
        takes_members: true,
        ..NewGroup::new(id.clone(), "Night Cinema")
    };
    let create = Operation::CreateGroup(Box::new(new));
    let join = |scope| Operation::AddToGroup { group: id.clone(), scope };
    let outcomes = console.apply_all(vec![
        (group(), create.clone()),
        (Person::by_id(ids::fan(7)), join(Scope::Moderator)),
        (Person::by_id("nobody-at-all"), join(Scope::Participant)),
    ]);
    assert_eq!(outcomes[..2], [Outcome::Applied, Outcome::Applied]);
    assert_eq!((outcomes[2].verdict(), code(&outcomes[2])), (Verdict::Refused, "ERR_UID_NOT_FOUND"));
    let dump = console.dump();
    assert_eq!(truth::scope(&dump, "night-cinema", &ids::fan(7)), Some(Scope::Moderator));
    assert_eq!(truth::scope(&dump, "night-cinema", "nobody-at-all"), None);
    assert!(!dump.to_string().contains("popcorn"), "no password is shown");
    let again = console.apply(group(), create);
    assert_eq!(code(&again), "ERR_GUID_ALREADY_EXISTS");
    assert_ne!(again.verdict(), Verdict::Done);

    let edit =
        GroupEdit { name: Some("Matinée".into()), access: Some(Access::Public), ..GroupEdit::default() };
    let outcome = console.apply(group(), Operation::EditGroup { group: id.clone(), edit: Box::new(edit) });
    assert_eq!(outcome, Outcome::Applied);
    assert_eq!(truth::group(&console.dump(), "night-cinema")["name"], "Matinée");

    console.acting_as = Some(ids::CAP_ADMIN);
    let pass_on = GroupEdit { owner: Some(ids::fan(7).into()), ..GroupEdit::default() };
    let outcome = console.apply(group(), Operation::EditGroup { group: id.clone(), edit: Box::new(pass_on) });
    assert_eq!(outcome, Outcome::Applied, "ownership moves only without an acting person");
    assert_eq!(truth::group(&console.dump(), "night-cinema")["owner"], ids::fan(7));
    console.acting_as = None;

    let delete = Operation::DeleteGroup { group: id };
    assert_eq!(console.apply(group(), delete.clone()).verdict(), Verdict::Done);
    assert!(truth::group(&console.dump(), "night-cinema").is_null());
    let again = console.apply(group(), delete);
    assert_eq!((again.verdict(), code(&again)), (Verdict::Same, "ERR_GUID_NOT_FOUND"));
}

#[test]
fn the_acting_persons_scope_decides() {
    let mut console = console();
    let uid = truth::with_scope(&console.dump(), ids::SUPERHERO_FANS, Scope::Participant).remove(0);
    let before = console.dump();
    console.acting_as = Some(ids::NIGHT_MOD);
    let promote = Operation::SetScope { group: fans(), scope: Scope::Admin };
    let outcome = console.apply(Person::by_id(&uid), promote);
    assert_eq!((outcome.verdict(), code(&outcome)), (Verdict::Refused, "ERR_GROUP_NO_SCOPE_CLEARANCE"));
    let outcome = console.apply(Person::by_id(ids::STORM_ADMIN), Operation::Kick { group: fans() });
    assert_eq!((outcome.verdict(), code(&outcome)), (Verdict::Refused, "ERR_GROUP_NO_CLEARANCE"));
    assert_eq!(console.dump(), before);
    assert_eq!(
        console.apply(Person::by_id(&uid), Operation::Kick { group: fans() }).verdict(),
        Verdict::Done
    );
}

#[test]
fn changes_that_a_plan_warns_about_are_refused() {
    let seed = console().dump();
    let with_scope = |scope| truth::with_scope(&seed, ids::SUPERHERO_FANS, scope);
    let scopes = Scope::ALL
        .into_iter()
        .flat_map(|scope| with_scope(scope).into_iter().map(move |uid| (Box::from(uid), scope)));
    let owner = truth::group(&seed, ids::SUPERHERO_FANS)["owner"].as_str().map(Box::from);
    let known =
        GroupSnapshot { scopes: scopes.collect(), is_complete: true, owner, ..GroupSnapshot::default() };
    let participant: &'static str = with_scope(Scope::Participant).pop().expect("the group has some").leak();
    let group = fans();
    let set = Scope::ALL[..3].iter().map(|scope| Operation::SetScope { group: group.clone(), scope: *scope });
    let operations: Vec<Operation> = set
        .chain([
            Operation::Kick { group: group.clone() },
            Operation::Ban { group: group.clone() },
            Operation::Unban { group: group.clone() },
            add(Scope::Participant),
            add(Scope::Admin),
        ])
        .collect();
    let targets = Scope::ALL.into_iter().filter_map(|scope| with_scope(scope).into_iter().next());
    let targets: Vec<String> = targets.chain(anonymous(&console(), ids::SUPERHERO_FANS).take(1)).collect();
    let vendor = Vendor::CometChat;
    let planner = Planner::new(ConnectionId::new("c"), vendor, vendors::capabilities(vendor))
        .with_clearance(vendors::profile(vendor).clearance);
    let (mut n_warned, mut n_free) = (0, 0);
    for actor in [ids::CAP_ADMIN, ids::STORM_ADMIN, ids::NIGHT_MOD, participant, ids::NEWCOMER] {
        let snapshot = Snapshot {
            groups: [(group.clone(), known.clone())].into(),
            acting_as: Some(actor.into()),
            ..Snapshot::default()
        };
        for (uid, operation) in targets.iter().flat_map(|uid| operations.iter().map(move |one| (uid, one))) {
            let command = Command::for_all(operation.clone(), [Person::by_id(uid)]);
            let plan = planner.plan(PlanId::new("p"), &command, &snapshot);
            let is_warned = plan.problems.iter().any(|problem| problem.code == ProblemCode::NoClearance);
            let Some(change) = plan.to_send().next() else { continue };
            let mut console = console();
            console.acting_as = Some(actor);
            let outcome = console.apply(change.person.clone(), (*change.operation).clone());
            if is_warned {
                assert_eq!(
                    outcome.verdict(),
                    Verdict::Refused,
                    "{actor}: {operation:?} of {uid}: {outcome:?}"
                );
                n_warned += 1;
            } else {
                n_free += usize::from(outcome.verdict() == Verdict::Done);
            }
        }
    }
    assert!(n_warned > 60 && n_free > 30, "{n_warned} warned, {n_free} done");
}

#[test]
fn an_unknown_group_refuses_everybody_and_a_full_one_too() {
    let mut console = console();
    let before = console.dump();
    let nowhere = Operation::AddToGroup { group: GroupId::new("no-such-group"), scope: Scope::Admin };
    let outcomes = console.apply_all(vec![
        (Person::by_id(ids::fan(1)), nowhere.clone()),
        (Person::by_id(ids::fan(2)), nowhere),
    ]);
    for outcome in outcomes {
        assert_eq!((outcome.verdict(), code(&outcome)), (Verdict::Refused, "ERR_GUID_NOT_FOUND"));
    }
    let full = Operation::AddToGroup { group: GroupId::new(ids::FULL_HOUSE), scope: Scope::Participant };
    let outcome = console.apply(Person::by_id(ids::NEWCOMER), full);
    assert_eq!(outcome.verdict(), Verdict::Refused, "{outcome:?}");
    assert_eq!(outcome.error().map(|error| error.class), Some(ErrorClass::Limit), "{outcome:?}");
    assert_eq!(console.dump(), before);
}
