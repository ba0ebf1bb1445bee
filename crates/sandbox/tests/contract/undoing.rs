//! Undoing against the emulators: what a vendor's table calls exact restores the state, and best effort loses nothing
//! that it does not name.

use std::collections::BTreeSet;

use domain::group::{Access, PictureEdit};
use domain::outcome::Verdict;
use domain::picture::PictureKind;
use domain::plan::{Change, Plan};
use domain::receipt::ReceiptRow;
use domain::snapshot::GroupSnapshot;
use domain::{
    Action, Command, ConnectionId, GroupEdit, GroupField, GroupId, Loss, Operation, Person, PersonKey,
    Picture, PlanId, Planner, Query, Reversal, Scope, Secret, Snapshot, State, UndoRow, Vendor,
};
use sandbox::ids;
use serde_json::Value;
use vendors::examine::samples::operations;

use crate::console::Console;
use crate::runs::drive;
use crate::samples;
use crate::truth;

/// The time between two calls, so that a date that changes shows.
pub(crate) const MINUTE: u64 = 60_000;

/// What a vendor records of the changes themselves, which undoing never takes back: the messages that report them, and
/// the time of the last change.
const RECORDS: [&str; 2] = ["n_messages", "updated_at"];

const STATES: [State; 7] = [
    State::Unread,
    State::Absent,
    State::Present,
    State::Scope(Scope::Admin),
    State::Scope(Scope::Moderator),
    State::Scope(Scope::Participant),
    State::Scope(Scope::Banned),
];

/// A console for a fresh world without its largest group, whose state would be compared again and again.
pub(crate) fn console(vendor: Vendor) -> Console {
    let mut console = Console::new(vendor);
    if vendors::capabilities(vendor).groups.is_some_and(|groups| groups.can_delete) {
        let group = GroupId::new(ids::METROPOLIS);
        let outcome = console.apply(itself(&group), Operation::DeleteGroup { group });
        assert_eq!(outcome.verdict(), Verdict::Done);
    }
    console
}

pub(crate) fn planner(vendor: Vendor) -> Planner {
    Planner::new(ConnectionId::new("c"), vendor, vendors::capabilities(vendor))
        .with_reversals(vendors::reversals(vendor))
}

pub(crate) fn plan(vendor: Vendor, command: &Command, snapshot: &Snapshot) -> Plan {
    let plan = planner(vendor).plan(PlanId::new("p"), command, snapshot);
    assert!(plan.is_applicable(), "{command:?}: {:?}", plan.problems);
    plan
}

fn itself(group: &GroupId) -> Person {
    Person { key: PersonKey::Group(group.as_str().into()), name: None }
}

/// The same operation in another group. A group to create keeps its own ID.
fn in_group(operation: Operation, to: &GroupId) -> Operation {
    let group = to.clone();
    match operation {
        Operation::AddToGroup { scope, .. } => Operation::AddToGroup { group, scope },
        Operation::SetScope { scope, .. } => Operation::SetScope { group, scope },
        Operation::Kick { .. } => Operation::Kick { group },
        Operation::Ban { .. } => Operation::Ban { group },
        Operation::Unban { .. } => Operation::Unban { group },
        Operation::Unsubscribe { .. } => Operation::Unsubscribe { group },
        Operation::EditGroup { edit, .. } => Operation::EditGroup { group, edit },
        Operation::DeleteGroup { .. } => Operation::DeleteGroup { group },
        Operation::AddToCommunity { flow, is_onboarding, .. } => {
            Operation::AddToCommunity { community: group, flow, is_onboarding }
        }
        Operation::MakeModerator { .. } => Operation::MakeModerator { community: group },
        other @ (Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::CreateGroup(_)
        | Operation::CreateCommunity(_)) => other,
    }
}

/// Every operation with every scope that it takes.
fn with_scopes() -> Vec<Operation> {
    let scopes = |operation: Operation| -> Vec<Operation> {
        match operation {
            Operation::AddToGroup { group, .. } => Scope::ALL
                .into_iter()
                .map(|scope| Operation::AddToGroup { group: group.clone(), scope })
                .collect(),
            Operation::SetScope { group, .. } => Scope::ALL
                .into_iter()
                .filter(|scope| scope.is_member())
                .map(|scope| Operation::SetScope { group: group.clone(), scope })
                .collect(),
            other => vec![other],
        }
    };
    operations().into_iter().flat_map(scopes).collect()
}

/// Whom an operation is tried on, in this state; `None` if nobody is in it, or the state is unknown.
fn target(vendor: Vendor, dump: &Value, operation: &Operation, before: State) -> Option<Person> {
    let group = operation.group()?;
    let owner = truth::group(dump, group.as_str())["owner"].as_str().unwrap_or_default().to_owned();
    match (operation, before) {
        (Operation::CreateGroup(_), State::Absent) | (Operation::DeleteGroup { .. }, State::Present) => {
            Some(itself(group))
        }
        (Operation::CreateGroup(_), _) => None,
        (_, State::Absent) => Some(samples::outsider(vendor)),
        (_, State::Scope(scope)) => {
            let people = samples::people(vendor, dump, group);
            let mut fits = people.into_iter().filter(|(id, it)| *it == scope && **id != *owner);
            fits.next().map(|(id, _)| Person::by_id(id))
        }
        (_, State::Unread | State::Present) => None,
    }
}

/// What a page would know of a group now.
pub(crate) fn snapshot(console: &mut Console, group: &GroupId) -> Snapshot {
    let dump = console.dump();
    snapshot_of(console, &dump, group)
}

/// What a page would know of a group in this state.
fn snapshot_of(console: &mut Console, dump: &Value, group: &GroupId) -> Snapshot {
    let query = Query::Group { group: group.clone() };
    let shown = console.read(&query, None).ok().and_then(|page| page.into_groups().into_iter().next());
    let known = GroupSnapshot {
        scopes: samples::people(console.vendor, dump, group),
        is_complete: true,
        group: shown,
        ..GroupSnapshot::default()
    };
    Snapshot { groups: [(group.clone(), known)].into(), ..Snapshot::default() }
}

/// What the vendor lists of a group.
fn reads(console: &mut Console, group: &GroupId) -> Vec<String> {
    if !vendors::capabilities(console.vendor).groups.is_some_and(|groups| groups.can_list_members) {
        return Vec::new();
    }
    let group = || group.clone();
    let queries = [
        Query::Group { group: group() },
        Query::GroupMembers { group: group(), scopes: Vec::new() },
        Query::Banned { group: group() },
    ];
    queries.iter().map(|query| format!("{:?}", console.read(query, None).map(|page| page.items))).collect()
}

/// Applies a change and undoes it. Returns where the state of the sandbox differs afterwards from the one before, and
/// whether reads do.
fn there_and_back(
    console: &mut Console,
    before: &Value,
    change: &Change,
    lost: &[Loss],
) -> (BTreeSet<String>, bool) {
    let vendor = console.vendor;
    let group = change.operation.group().expect("only changes of groups are undone").clone();
    let read_before = reads(console, &group);
    console.now += MINUTE;
    let outcome = console.apply(change.person.clone(), (*change.operation).clone());
    assert_eq!(outcome.verdict(), Verdict::Done, "{change:?}: {outcome:?}");
    let row = ReceiptRow { change: change.clone(), outcome: Some(outcome), batch: None };
    let now = snapshot(console, &group);
    let undo = planner(vendor).undo([&row], &now);
    assert_eq!(undo.rows, [UndoRow::Undone { lost: lost.to_vec().into(), is_checked: true }], "{change:?}");
    let back = plan(vendor, &undo.command, &now);
    assert_eq!(back.to_send().count(), 1, "{change:?}");
    assert!(back.is_undo, "its run compares once more");
    for change in back.to_send() {
        console.now += MINUTE;
        let outcome = console.apply(change.person.clone(), (*change.operation).clone());
        assert_eq!(outcome.verdict(), Verdict::Done, "{change:?}: {outcome:?}");
    }
    let mut differing = BTreeSet::new();
    compare("", before, &console.dump(), &mut differing);
    (differing, reads(console, &group) != read_before)
}

/// The names of the fields in which two values differ.
pub(crate) fn compare(name: &str, left: &Value, right: &Value, differing: &mut BTreeSet<String>) {
    let none = &Value::Null;
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            for field in a.keys().chain(b.keys()).filter(|field| !RECORDS.contains(&field.as_str())) {
                compare(field, a.get(field).unwrap_or(none), b.get(field).unwrap_or(none), differing);
            }
        }
        _ if left == right => {}
        _ => drop(differing.insert(name.to_owned())),
    }
}

/// The fields of the sandbox's state that a loss may change.
fn fields_of(loss: Loss) -> &'static [&'static str] {
    match loss {
        Loss::JoinedAt => &["joined_at"],
        Loss::Scope => &["scope"],
        Loss::BanDetails => &["banned_at", "scope", "joined_at"],
        Loss::Membership | Loss::Ban | Loss::GroupContents => &[],
        Loss::Field(GroupField::Access) => &["kind"],
        Loss::Field(GroupField::Owner) => &["owner"],
        Loss::Field(GroupField::Tags) => &["tags"],
        Loss::Field(_) => &["no other field is lost"],
    }
}

/// The change that a plan makes of an operation, if the table says of it that it can be undone.
fn planned(console: &mut Console, dump: &Value, operation: &Operation, person: Person) -> Option<Change> {
    let command = Command::for_all(operation.clone(), [person]);
    let group = operation.group().expect("only changes of groups are undone").clone();
    let before = match operation {
        Operation::CreateGroup(_) => Snapshot::before_creation(group),
        _ => snapshot_of(console, dump, &group),
    };
    let change = plan(console.vendor, &command, &before).changes.remove(0);
    (change.action != Action::NoOp).then_some(change)
}

/// Every claim of every table about a person or a new group is tried on the emulator.
#[test]
fn what_is_exact_restores_the_state_and_what_is_lost_is_named() {
    for vendor in Vendor::ALL {
        let (mut n_exact, mut n_best_effort) = (0, 0);
        let world = console(vendor).world;
        let dump = world.dump();
        for operation in with_scopes() {
            let operation =
                samples::group(vendor).map_or(operation.clone(), |group| in_group(operation, &group));
            for before in STATES {
                let claim = Change {
                    id: domain::ChangeId(0),
                    person: samples::outsider(vendor),
                    operation: operation.clone().into(),
                    before,
                    action: Action::Update,
                    restoring: None,
                };
                let reversal = vendors::reversals(vendor)(&claim);
                let lost = reversal.lost().to_vec();
                let is_exact = match reversal {
                    Reversal::Exact(_) => true,
                    Reversal::BestEffort(..) => false,
                    Reversal::Impossible(_) => continue,
                };
                let mut console = Console::over(vendor, world.clone());
                let Some(person) = target(vendor, &dump, &operation, before) else {
                    assert!(!is_exact, "{vendor:?}: exact, and nobody is {before:?}: {operation:?}");
                    continue;
                };
                let Some(change) = planned(&mut console, &dump, &operation, person) else { continue };
                assert_eq!(
                    *change.operation, operation,
                    "no plan makes the change of {before:?} that is claimed"
                );
                assert_eq!(change.before, before, "{operation:?}");
                let (differing, is_read_otherwise) = there_and_back(&mut console, &dump, &change, &lost);
                let named: BTreeSet<String> =
                    lost.iter().flat_map(|loss| fields_of(*loss)).map(|field| (*field).to_owned()).collect();
                let unnamed: Vec<_> = differing.difference(&named).collect();
                assert!(
                    unnamed.is_empty(),
                    "{vendor:?} {before:?} {operation:?}: {unnamed:?} is not restored"
                );
                assert!(
                    !(is_exact && is_read_otherwise),
                    "{vendor:?} {before:?} {operation:?} reads otherwise"
                );
                *(if is_exact { &mut n_exact } else { &mut n_best_effort }) += 1;
            }
        }
        let has_groups = vendors::capabilities(vendor).groups.is_some();
        assert_eq!((n_exact > 0, n_best_effort > 0), (has_groups, has_groups), "{vendor:?}");
    }
}

/// An edit of each field, setting and clearing it.
fn edits() -> Vec<GroupEdit> {
    let picture = |address| Picture::parse(address, PictureKind::Address).expect("an address of a picture");
    let secret = Access::Password(Some(Secret::new("popcorn")));
    let of = |change: &dyn Fn(&mut GroupEdit)| {
        let mut edit = GroupEdit::default();
        change(&mut edit);
        edit
    };
    vec![
        of(&|edit| edit.name = Some("Another name".into())),
        of(&|edit| edit.description = Some("Another description".into())),
        of(&|edit| edit.description = Some("".into())),
        of(&|edit| edit.tags = Some("one, two".into())),
        of(&|edit| edit.tags = Some("".into())),
        of(&|edit| edit.access = Some(Access::Public)),
        of(&|edit| edit.access = Some(Access::Private)),
        of(&|edit| edit.access = Some(secret.clone())),
        of(&|edit| edit.picture = Some(PictureEdit::Set(picture("https://pictures.example/new.png")))),
        of(&|edit| edit.picture = Some(PictureEdit::Clear)),
        of(&|edit| edit.metadata = Some(r#"{"new":true}"#.into())),
        of(&|edit| edit.metadata = Some("".into())),
        of(&|edit| edit.owner = Some(ids::fan(1).into())),
        of(&|edit| {
            edit.name = Some("Another name".into());
            edit.description = Some("Another description".into());
            edit.picture = Some(PictureEdit::Clear);
        }),
    ]
}

/// Groups with and without values in their fields, in the world of a console.
fn groups(console: &mut Console) -> Vec<GroupId> {
    let full = GroupId::new(ids::TRAIL_RUNNERS);
    let picture =
        Picture::parse("https://pictures.example/old.png", PictureKind::Address).expect("an address");
    let edit = GroupEdit {
        description: Some("Up the hill".into()),
        tags: Some("hills, mud".into()),
        picture: Some(PictureEdit::Set(picture)),
        metadata: Some(r#"{"level":1.5,"of":["a"]}"#.into()),
        ..GroupEdit::default()
    };
    let operation = Operation::EditGroup { group: full.clone(), edit: Box::new(edit) };
    let outcome = console.apply(itself(&full), operation);
    assert_eq!(outcome.verdict(), Verdict::Done, "{outcome:?}");
    [ids::SUPERHERO_FANS, ids::BOOK_CIRCLE, ids::COUNCIL, ids::VAULT]
        .map(GroupId::new)
        .into_iter()
        .chain([full])
        .collect()
}

#[test]
fn an_edited_group_is_restored_exactly_where_that_is_claimed() {
    let vendor = Vendor::CometChat;
    let (mut exact, mut lost_fields) = (BTreeSet::new(), BTreeSet::new());
    let mut world = console(vendor);
    let groups = groups(&mut world);
    let dump = world.dump();
    for edit in edits() {
        for group in &groups {
            let mut console = Console::over(vendor, world.world.clone());
            let operation = Operation::EditGroup { group: group.clone(), edit: Box::new(edit.clone()) };
            if edit.owner.is_some() && truth::scope(&dump, group.as_str(), &ids::fan(1)).is_none() {
                continue;
            }
            let change =
                planned(&mut console, &dump, &operation, itself(group)).expect("an edit is always sent");
            let query = Query::Group { group: group.clone() };
            let shown = console.read(&query, None).expect("a group is read").into_groups().remove(0);
            let is_so_already = Some(&edit) == change.restoring.as_deref();
            let lost = match vendors::reversals(vendor)(&change) {
                Reversal::Impossible(_) => {
                    lost_fields.extend(edit.fields());
                    continue;
                }
                _ if is_so_already => continue,
                reversal => reversal.lost().to_vec(),
            };
            let (differing, is_read_otherwise) = there_and_back(&mut console, &dump, &change, &lost);
            let named: BTreeSet<String> =
                lost.iter().flat_map(|loss| fields_of(*loss)).map(|field| (*field).to_owned()).collect();
            let unnamed: Vec<_> = differing.difference(&named).collect();
            assert!(unnamed.is_empty(), "{edit:?} of {shown:?}: {unnamed:?}");
            if lost.is_empty() {
                assert!(!is_read_otherwise, "{edit:?} of {shown:?}");
                exact.extend(edit.fields());
            }
        }
    }
    use GroupField::{Access, Description, Metadata, Name, Picture, Tags};
    assert_eq!(exact, [Name, Description, Tags, Access, Picture, Metadata].into());
    assert_eq!(lost_fields, [Tags, Access].into(), "tags that are not shown, and a password");
}

#[test]
fn a_group_with_its_first_people_goes_and_comes_back_only_without_others() {
    let vendor = Vendor::CometChat;
    let mut console = console(vendor);
    let group = GroupId::new("hikers");
    let before = console.dump();
    let mut command = Command::new();
    for operation in operations() {
        if let Operation::CreateGroup(new) = operation {
            command.intent(itself(&group), Operation::CreateGroup(new));
        }
    }
    for number in 1..4 {
        let join = Operation::AddToGroup { group: group.clone(), scope: Scope::Moderator };
        command.intent(Person::by_id(ids::fan(number)), join);
    }
    let made = plan(vendor, &command, &Snapshot::before_creation(group.clone()));
    let rows: Vec<ReceiptRow> = made
        .to_send()
        .map(|change| {
            let outcome = console.apply(change.person.clone(), (*change.operation).clone());
            ReceiptRow { change: change.clone(), outcome: Some(outcome), batch: None }
        })
        .collect();
    let mut with_others = Console::over(vendor, console.world.clone());
    let join = Operation::AddToGroup { group: group.clone(), scope: Scope::Participant };
    with_others.apply(Person::by_id(ids::NEWCOMER), join);
    let now = snapshot(&mut with_others, &group);
    let undo = planner(vendor).undo(&rows, &now);
    let kicks = undo.command.operations.iter().all(|operation| matches!(**operation, Operation::Kick { .. }));
    assert!(kicks && undo.n_undone() == 3, "{:?}", undo.rows);

    let now = snapshot(&mut console, &group);
    let undo = planner(vendor).undo(&rows, &now);
    assert_eq!((undo.n_undone(), undo.command.items.len()), (4, 1));
    for change in plan(vendor, &undo.command, &now).to_send() {
        assert_eq!(
            console.apply(change.person.clone(), (*change.operation).clone()).verdict(),
            Verdict::Done
        );
    }
    let mut differing = BTreeSet::new();
    compare("", &before, &console.dump(), &mut differing);
    assert_eq!(differing, BTreeSet::new());
}

#[test]
fn a_run_is_undone_by_a_run_and_that_by_another() {
    let vendor = Vendor::CometChat;
    let mut console = console(vendor);
    let group = GroupId::new(ids::SUPERHERO_FANS);
    let before = snapshot(&mut console, &group);
    let known = before.groups[&group].scopes.clone();
    let mut command = Command::new();
    for (id, scope) in known.iter().filter(|(id, _)| ***id != *ids::CAP_ADMIN).take(20) {
        let to = if *scope == Scope::Participant { Scope::Admin } else { Scope::Participant };
        if scope.is_member() {
            command.intent(Person::by_id(id), Operation::SetScope { group: group.clone(), scope: to });
        }
    }
    for (number, uid) in
        (1..=ids::FANS).map(ids::fan).filter(|uid| !known.contains_key(&**uid)).take(60).enumerate()
    {
        let scope = Scope::ALL[number % 4];
        command.intent(Person::by_id(uid), Operation::AddToGroup { group: group.clone(), scope });
    }
    let dump = console.dump();
    let made = plan(vendor, &command, &before);
    let receipt = drive(&mut console, made, || (5, 5)).receipt;
    assert_eq!(receipt.tally().n_done, command.items.len());
    let (after, done) = (snapshot(&mut console, &group), console.dump());
    assert_ne!(after.groups[&group].scopes, known);

    let undo = planner(vendor).undo(&receipt.rows, &after);
    let back = drive(&mut console, plan(vendor, &undo.command, &after), || (5, 5)).receipt;
    assert_eq!(back.tally().n_done, command.items.len());
    let (mut differing, restored) = (BTreeSet::new(), snapshot(&mut console, &group));
    compare("", &dump, &console.dump(), &mut differing);
    assert_eq!(differing, BTreeSet::new());

    let again = planner(vendor).undo(&back.rows, &restored);
    let forth = drive(&mut console, plan(vendor, &again.command, &restored), || (5, 5)).receipt;
    assert_eq!(forth.tally().n_done, command.items.len());
    compare("", &done, &console.dump(), &mut differing);
    assert!(differing.iter().all(|field| ["joined_at", "banned_at"].contains(&&**field)), "{differing:?}");
}
