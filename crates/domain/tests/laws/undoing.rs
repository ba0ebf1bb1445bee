//! Laws of undoing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::api_error::ErrorOrigin;
use domain::entry::{StoredOperation, chunks};
use domain::group::{Access, PictureEdit};
use domain::receipt::ReceiptRow;
use domain::{
    ApiError, Capabilities, Change, Command, ErrorClass, Group, GroupEdit, GroupField, GroupKind,
    Irreversible, LeftOut, Loss, NewGroup, Operation, Outcome, Person, PersonKey, Plan, Scope, Secret,
    Snapshot, State, Undo, UndoRow, Vendor,
};
use proptest::prelude::*;

use crate::drive::{json, reread, round_trip};
use crate::planning::applied;
use crate::world::{CAPABILITIES, command, group, planned, planner, scope, snapshot, snapshot_of};

pub(crate) fn undo<'a>(rows: impl IntoIterator<Item = &'a ReceiptRow>, now: &Snapshot) -> Undo {
    undo_with(CAPABILITIES, rows, now)
}

fn undo_with<'a>(
    capabilities: Capabilities,
    rows: impl IntoIterator<Item = &'a ReceiptRow>,
    now: &Snapshot,
) -> Undo {
    planner(Vendor::CometChat, capabilities).undo(rows, now)
}

pub(crate) fn refused() -> Outcome {
    Outcome::Rejected(ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, "x"))
}

/// The receipt of a run in which every change was made that was to be sent.
pub(crate) fn all_done(plan: &Plan) -> Vec<ReceiptRow> {
    let outcome = |change: &Change| match change.action {
        domain::Action::NoOp => Outcome::NoOp(None),
        _ => Outcome::Applied,
    };
    plan.changes.iter().map(|change| row(change, Some(outcome(change)))).collect()
}

pub(crate) fn row(change: &Change, outcome: Option<Outcome>) -> ReceiptRow {
    ReceiptRow { change: change.clone(), outcome, batch: None }
}

/// The state after the changes that a receipt has as done.
pub(crate) fn after(plan: &Plan, rows: &[ReceiptRow], before: &Snapshot) -> Snapshot {
    let is_done = |row: &&ReceiptRow| row.outcome == Some(Outcome::Applied);
    let changes = rows.iter().filter(is_done).map(|row| row.change.clone()).collect();
    applied(&Plan { changes, ..plan.clone() }, before)
}

fn state(change: &Change, snapshot: &Snapshot) -> State {
    let Some(group) = change.operation.group() else { return State::Unread };
    snapshot.scope(group, change.person.key.as_str()).map_or(State::Absent, State::Scope)
}

/// The people of a command with their operations, in order.
pub(crate) fn items(command: &Command) -> Vec<(Person, Operation)> {
    let item = |(person, idx): &(Person, u32)| (person.clone(), (*command.operations[*idx as usize]).clone());
    command.items.iter().map(item).collect()
}

fn outcomes() -> impl Strategy<Value = Vec<Option<Outcome>>> {
    let one = prop_oneof![
        6 => Just(Some(Outcome::Applied)),
        1 => Just(Some(refused())),
        1 => Just(Some(Outcome::NoOp(None))),
        1 => Just(None),
    ];
    prop::collection::vec(one, 40)
}

proptest! {
    #[test]
    fn whoever_was_changed_again_is_left_out(
        command in command(),
        before in snapshot(),
        outcomes in outcomes(),
        later in prop::collection::btree_map((0usize..2, 0usize..12), prop::option::of(scope()), 0..8),
    ) {
        let plan = planned(&command, &before);
        let rows: Vec<_> = plan.changes.iter().zip(outcomes).map(|(change, outcome)| row(change, outcome)).collect();
        let mut now = after(&plan, &rows, &before);
        for ((idx, person), scope) in later {
            let known = now.groups.entry(group(idx)).or_default();
            let id: Box<str> = format!("u{person}").into();
            match scope {
                Some(scope) => drop(known.scopes.insert(id, scope)),
                None => drop(known.scopes.remove(&id)),
            }
        }
        let undo = undo(&rows, &now);
        prop_assert_eq!(undo.rows.len(), rows.len());
        let mut undone = Vec::new();
        for (ReceiptRow { change, outcome, .. }, row) in rows.iter().zip(&undo.rows) {
            let (left, is) = (change.after(), state(change, &now));
            let is_done = *outcome == Some(Outcome::Applied);
            match row {
                UndoRow::Undone { is_checked, .. } => {
                    prop_assert!(is_done && *is_checked);
                    prop_assert_eq!(is, left, "{:?}", change);
                    undone.push(change.person.clone());
                }
                UndoRow::LeftOut(LeftOut::NotDone) => prop_assert!(!is_done),
                UndoRow::LeftOut(LeftOut::Irreversible(_)) => prop_assert!(is_done),
                UndoRow::LeftOut(LeftOut::AsBefore) => prop_assert_eq!(is, change.before),
                UndoRow::LeftOut(LeftOut::ChangedSince { was, is: told }) => {
                    prop_assert_eq!((*was, *told), (left, is));
                    prop_assert!(is != left && is != change.before);
                }
                other => prop_assert!(false, "{:?}: {:?}", change, other),
            }
        }
        undone.reverse();
        let people: Vec<_> = items(&undo.command).into_iter().map(|(person, _)| person).collect();
        prop_assert_eq!(people, undone, "the last change is undone first");
    }

    /// Undoing restores the state, and undoing that again restores what the changes had made.
    #[test]
    fn the_undo_of_an_undo_is_what_was_done(command in command(), before in snapshot()) {
        let planner = planner(Vendor::CometChat, CAPABILITIES);
        let mut plan = planned(&command, &before);
        plan.changes.retain(|change| change.action != domain::Action::NoOp && planner.reversal(change).is_exact());
        let rows = all_done(&plan);
        let done = after(&plan, &rows, &before);
        let back = undo(&rows, &done);
        prop_assert_eq!(back.n_undone(), rows.len());
        let is_exact = |row: &UndoRow| matches!(row, UndoRow::Undone { lost, .. } if lost.is_empty());
        prop_assert!(back.rows.iter().all(is_exact));
        let back_plan = planned(&back.command, &done);
        prop_assert_eq!(back_plan.to_send().count(), rows.len());
        let back_rows = all_done(&back_plan);
        let restored = after(&back_plan, &back_rows, &done);
        prop_assert_eq!(&restored, &before);

        let again = undo(&back_rows, &restored);
        prop_assert_eq!(again.n_undone(), rows.len());
        let again_plan = planned(&again.command, &restored);
        prop_assert_eq!(&after(&again_plan, &all_done(&again_plan), &restored), &done);
        let operations = |plan: &Plan| -> BTreeMap<(PersonKey, String), &'static str> {
            let slot = |change: &Change| (change.person.key.clone(), format!("{:?}", change.operation.group()));
            plan.changes.iter().map(|change| (slot(change), change.operation.slug())).collect()
        };
        prop_assert_eq!(operations(&again_plan), operations(&plan));
    }

    #[test]
    fn a_selection_is_undone_as_it_would_be_in_the_whole(
        command in command(),
        before in snapshot(),
        outcomes in outcomes(),
        mask in any::<u64>(),
    ) {
        let plan = planned(&command, &before);
        let rows: Vec<_> = plan.changes.iter().zip(outcomes).map(|(change, outcome)| row(change, outcome)).collect();
        let now = after(&plan, &rows, &before);
        let selected: Vec<_> = rows.iter().enumerate().filter(|(idx, _)| mask >> (idx % 64) & 1 == 1).collect();
        let (whole, part) = (undo(&rows, &now), undo(selected.iter().map(|(_, row)| *row), &now));
        let of_whole: Vec<_> = selected.iter().map(|(idx, _)| &whole.rows[*idx]).collect();
        prop_assert_eq!(part.rows.iter().collect::<Vec<_>>(), of_whole);
        let is_selected = |person: &Person, operation: &Operation| {
            selected.iter().any(|(_, row)| row.change.person == *person && row.change.operation.group() == operation.group())
        };
        let mut expected = items(&whole.command);
        expected.retain(|(person, operation)| is_selected(person, operation));
        prop_assert_eq!(items(&part.command), expected);
    }
}

pub(crate) fn one(operation: Operation, person: Person, before: &Snapshot) -> ReceiptRow {
    let plan = planned(&Command::for_all(operation, [person]), before);
    row(&plan.changes[0], Some(Outcome::Applied))
}

pub(crate) fn set(scope: Scope) -> Operation {
    Operation::SetScope { group: group(0), scope }
}

pub(crate) fn standing(scope: Scope) -> Snapshot {
    snapshot_of(group(0), &[("ada", scope)])
}

#[test]
fn what_is_unknown_now_is_left_out_where_it_could_be_read() {
    let added = one(
        Operation::AddToGroup { group: group(0), scope: Scope::Participant },
        Person::by_id("ada"),
        &snapshot_of(group(0), &[]),
    );
    let unread = Snapshot::default();
    assert_eq!(undo([&added], &unread).rows, [UndoRow::LeftOut(LeftOut::Unread)]);
    let mut blind = CAPABILITIES;
    blind.groups =
        blind.groups.map(|groups| domain::capabilities::Groups { can_list_members: false, ..groups });
    let undone = |is_checked| UndoRow::Undone { lost: Cow::Borrowed(&[]), is_checked };
    assert_eq!(undo_with(blind, [&added], &unread).rows, [undone(false)]);
    assert_eq!(undo_with(blind, [&added], &standing(Scope::Participant)).rows, [undone(true)]);
    let moderator = undo_with(blind, [&added], &standing(Scope::Moderator));
    assert!(matches!(moderator.rows[..], [UndoRow::LeftOut(LeftOut::ChangedSince { .. })]));
    let gone = Snapshot { missing_groups: [group(0)].into(), ..Snapshot::default() };
    assert_eq!(undo([&added], &gone).rows, [UndoRow::LeftOut(LeftOut::AsBefore)]);
    let kicked = one(Operation::Kick { group: group(0) }, Person::by_id("ada"), &standing(Scope::Admin));
    assert_eq!(undo([&kicked], &gone).rows, [UndoRow::LeftOut(LeftOut::GroupGone)]);
}

#[test]
fn a_change_that_may_have_been_in_effect_before_is_not_undone() {
    let join = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
    let found = |before: &Snapshot| {
        let mut row = one(join.clone(), Person::by_id("ada"), before);
        row.outcome = Some(Outcome::Found);
        undo([&row], &standing(Scope::Participant)).rows.remove(0)
    };
    let unknown = LeftOut::Irreversible(Irreversible::StateUnknown);
    assert_eq!(found(&Snapshot::default()), UndoRow::LeftOut(unknown));
    assert!(matches!(found(&snapshot_of(group(0), &[])), UndoRow::Undone { .. }));
}

pub(crate) fn whole() -> Person {
    Person { key: PersonKey::Group(group(0).as_str().into()), name: None }
}

pub(crate) fn hikers() -> Group {
    Group {
        description: Some("Up".into()),
        access: Some(Access::Public),
        owner: Some("mila".into()),
        picture: Some("https://a.example/x.png".into()),
        tags: Some(vec!["a".into(), "b".into()]),
        metadata: Some("{\"n\":1}".into()),
        ..Group::new(group(0), GroupKind::Group, "Hikers".into())
    }
}

/// A complete snapshot of the group with these people.
pub(crate) fn read(shown: Group, people: &[(&str, Scope)]) -> Snapshot {
    let mut snapshot = snapshot_of(group(0), people);
    snapshot.groups.entry(group(0)).or_default().group = Some(shown);
    snapshot
}

/// The receipt of a run that creates the group with two people, the second of whom is refused.
fn founded() -> Vec<ReceiptRow> {
    let new = NewGroup {
        description: "Up".into(),
        owner: Some("mila".into()),
        ..NewGroup::new(group(0), "Hikers")
    };
    let mut command = Command::for_all(Operation::CreateGroup(Box::new(new)), [whole()]);
    for id in ["ada", "bo"] {
        let join = Operation::AddToGroup { group: group(0), scope: Scope::Participant };
        command.intent(Person::by_id(id), join);
    }
    let plan = planned(&command, &Snapshot::before_creation(group(0)));
    let mut rows = all_done(&plan);
    rows[2].outcome = Some(refused());
    rows
}

#[test]
fn a_new_group_is_deleted_with_the_people_of_its_run_and_with_nobody_else() {
    use Scope::{Admin, Moderator, Participant};
    let rows = founded();
    let (mila, ada) = (("mila", Admin), ("ada", Participant));
    let now = read(hikers(), &[mila, ada]);
    let gone = undo(&rows, &now);
    let deletion = UndoRow::Undone { lost: vec![Loss::GroupContents].into(), is_checked: true };
    assert_eq!(gone.rows, [deletion, UndoRow::WithGroup, UndoRow::LeftOut(LeftOut::NotDone)]);
    assert_eq!(items(&gone.command), [(whole(), Operation::DeleteGroup { group: group(0) })]);
    assert_eq!(gone.n_undone(), 2);

    let left_out = |rows: &[ReceiptRow], now: &Snapshot| match undo(rows, now).rows.swap_remove(0) {
        UndoRow::LeftOut(why) => why,
        other => panic!("{other:?}"),
    };
    let others = |n_people| LeftOut::PeopleChangedSince { n_people };
    let renamed = Group { name: "Walkers".into(), ..hikers() };
    let missing = Snapshot { missing_groups: [group(0)].into(), ..Snapshot::default() };
    let unread = Snapshot::default();
    let table = [
        (&rows[..], read(hikers(), &[mila, ada, ("cy", Participant)]), others(1)),
        (&rows[..], read(hikers(), &[mila, ("ada", Moderator)]), others(1)),
        (&rows[..1], now.clone(), others(1)),
        (&rows[..], read(renamed, &[mila]), LeftOut::FieldsChangedSince(vec![GroupField::Name])),
        (&rows[..], missing, LeftOut::AsBefore),
        (&rows[..], unread, LeftOut::Unread),
    ];
    for (rows, now, why) in table {
        assert_eq!(left_out(rows, &now), why, "{now:?}");
    }
    // Where the group stays, its people can still be removed.
    let kicks = undo(&rows, &read(hikers(), &[mila, ada, ("cy", Participant)]));
    assert_eq!(items(&kicks.command), [(Person::by_id("ada"), Operation::Kick { group: group(0) })]);
    let mut found = rows;
    found[0].outcome = Some(Outcome::Found);
    assert_eq!(
        left_out(&found, &now),
        LeftOut::Irreversible(Irreversible::StateUnknown),
        "it may be an older one"
    );
}

fn edited(edit: GroupEdit) -> ReceiptRow {
    let operation = Operation::EditGroup { group: group(0), edit: Box::new(edit) };
    one(operation, whole(), &read(hikers(), &[]))
}

fn restored(row: &ReceiptRow, shown: Group) -> (Option<GroupEdit>, UndoRow) {
    let undo = undo([row], &read(shown, &[]));
    let edit = items(&undo.command).into_iter().next().map(|(_, operation)| match operation {
        Operation::EditGroup { edit, .. } => *edit,
        other => panic!("{other:?}"),
    });
    (edit, undo.rows.into_iter().next().expect("one row"))
}

#[test]
fn an_edited_group_gets_the_fields_back_that_were_read_before() {
    let edit = GroupEdit {
        name: Some("Walkers".into()),
        description: Some("".into()),
        tags: Some("c".into()),
        access: Some(Access::Private),
        picture: Some(PictureEdit::Clear),
        metadata: Some("".into()),
        ..GroupEdit::default()
    };
    let row = edited(edit.clone());
    let now = Group {
        name: "Walkers".into(),
        description: None,
        tags: Some(vec!["c".into()]),
        access: Some(Access::Private),
        picture: None,
        metadata: Some("".into()),
        ..hikers()
    };
    let (back, told) = restored(&row, now.clone());
    assert_eq!(told, UndoRow::Undone { lost: Cow::Borrowed(&[]), is_checked: true });
    let back = back.expect("the group is edited");
    assert_eq!((back.name.as_deref(), back.tags.as_deref()), (Some("Hikers"), Some("a, b")));
    assert_eq!(back.fields().collect::<Vec<_>>(), edit.fields().collect::<Vec<_>>());

    // Undoing that is the edit again, with the picture by its URL.
    let operation = Operation::EditGroup { group: group(0), edit: Box::new(back) };
    let undone = one(operation, whole(), &read(now.clone(), &[]));
    assert_eq!(restored(&undone, hikers()).0, Some(edit));

    let changed = |field| UndoRow::LeftOut(LeftOut::FieldsChangedSince(vec![field]));
    let by_others = [
        (Group { name: "Runners".into(), ..now.clone() }, GroupField::Name),
        (Group { access: Some(Access::Password(None)), ..now.clone() }, GroupField::Access),
        (Group { metadata: Some("{\"n\":2}".into()), ..now.clone() }, GroupField::Metadata),
    ];
    for (shown, field) in by_others {
        assert_eq!(restored(&row, shown), (None, changed(field)));
    }
    let elsewhere = Group { owner: Some("noor".into()), n_members: Some(7), ..now };
    assert!(restored(&row, elsewhere).0.is_some(), "the edit left the owner as it was");
    assert_eq!(restored(&row, hikers()), (None, UndoRow::LeftOut(LeftOut::AsBefore)));
    assert_eq!(undo([&row], &Snapshot::default()).rows, [UndoRow::LeftOut(LeftOut::Unread)]);
    let gone = Snapshot { missing_groups: [group(0)].into(), ..Snapshot::default() };
    assert_eq!(undo([&row], &gone).rows, [UndoRow::LeftOut(LeftOut::GroupGone)]);
}

#[test]
fn fields_that_nobody_can_know_stay_as_they_are() {
    let edit = GroupEdit {
        name: Some("Walkers".into()),
        access: Some(Access::Public),
        tags: Some("c".into()),
        is_discoverable: Some(true),
        ..GroupEdit::default()
    };
    let operation = Operation::EditGroup { group: group(0), edit: Box::new(edit) };
    let secret = Access::Password(Some(Secret::new("popcorn")));
    let before = Group { access: Some(secret), tags: None, ..hikers() };
    let row = one(operation.clone(), whole(), &read(before, &[]));
    let now = Group { name: "Walkers".into(), access: Some(Access::Public), tags: None, ..hikers() };
    let (back, told) = restored(&row, now.clone());
    let lost = [GroupField::Tags, GroupField::Access, GroupField::Discoverable].map(Loss::Field);
    assert_eq!(told, UndoRow::Undone { lost: lost.to_vec().into(), is_checked: true });
    assert_eq!(back, Some(GroupEdit { name: Some("Hikers".into()), ..GroupEdit::default() }));
    assert!(!json(&chunks_of(&row)).contains("popcorn"));

    let unread = one(operation, whole(), &Snapshot::default());
    let unknown = UndoRow::LeftOut(LeftOut::Irreversible(Irreversible::StateUnknown));
    assert_eq!(restored(&unread, now), (None, unknown));
}

fn plan_of(row: &ReceiptRow) -> Plan {
    Plan { changes: vec![row.change.clone()], ..planned(&Command::new(), &Snapshot::default()) }
}

fn chunks_of(row: &ReceiptRow) -> Vec<domain::Chunk> {
    chunks(&plan_of(row)).collect()
}

/// An operation as earlier releases write and read it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct EarlierOperation {
    operation: Operation,
}

#[test]
fn what_restores_a_group_is_written_down_and_earlier_releases_read_past_it() {
    let row = edited(GroupEdit { name: Some("Walkers".into()), ..GroupEdit::default() });
    assert!(row.change.restoring.is_some());
    assert_eq!(reread(&plan_of(&row)).plan.changes, std::slice::from_ref(&row.change));
    let [chunk] = &chunks_of(&row)[..] else { panic!("one chunk") };
    let [stored] = &chunk.operations[..] else { panic!("one operation") };
    let earlier: EarlierOperation = serde_json::from_str(&json(stored)).expect("earlier releases read it");
    assert_eq!(earlier.operation, *row.change.operation);
    let now: StoredOperation = serde_json::from_str(&json(&earlier)).expect("what they wrote is read");
    assert_eq!((now.restoring, round_trip(stored)), (None, stored.clone()));

    // Changes of people are written as before.
    let kick = one(Operation::Kick { group: group(0) }, Person::by_id("ada"), &standing(Scope::Admin));
    assert!(!json(&chunks_of(&kick)).contains("restoring"));
}

#[test]
fn a_preview_counts_what_can_be_undone() {
    use domain::plan::reversal::ReversalTally;
    let before = snapshot_of(group(0), &[("ada", Scope::Participant), ("bo", Scope::Moderator)]);
    let mut command = Command::for_all(set(Scope::Admin), [Person::by_id("ada")]);
    command.intent(Person::by_id("bo"), Operation::Kick { group: group(0) });
    command.intent(Person::by_id("cy"), Operation::Unban { group: group(0) });
    command.intent(Person::by_id("di"), Operation::Unsubscribe { group: group(0) });
    let plan = planned(&command, &before);
    let planner = planner(Vendor::CometChat, CAPABILITIES);
    let tally = ReversalTally::of(plan.to_send().map(|change| planner.reversal(change)));
    let expected = ReversalTally {
        n_exact: 1,
        n_best_effort: 1,
        n_impossible: 1,
        lost: vec![(Loss::JoinedAt, 1)],
        impossible: vec![(Irreversible::NoCall, 1)],
    };
    assert_eq!(tally, expected);
}
