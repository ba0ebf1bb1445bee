//! Laws of undoing the changes of several runs together.

use domain::receipt::ReceiptRow;
use domain::{
    Action, Group, GroupEdit, LeftOut, Loss, NewGroup, Operation, Outcome, Person, Plan, Reversal, Scope,
    Snapshot, State, UndoRow, Vendor,
};
use proptest::prelude::*;

use crate::undoing::{after, all_done, hikers, items, one, read, row, set, standing, undo, whole};
use crate::world::{CAPABILITIES, command, group, planned, planner, snapshot, snapshot_of};

/// A plan without the changes that cannot be undone.
fn reversible(mut plan: Plan) -> Plan {
    let planner = planner(Vendor::CometChat, CAPABILITIES);
    let is_possible = |change: &domain::Change| !matches!(planner.reversal(change), Reversal::Impossible(_));
    plan.changes.retain(|change| change.action != Action::NoOp && is_possible(change));
    plan
}

/// The scopes in both groups.
fn scopes(snapshot: &Snapshot) -> Vec<Vec<(Box<str>, Scope)>> {
    let of_group = |idx| {
        let known = snapshot.groups.get(&group(idx));
        known.map(|known| known.scopes.clone().into_iter().collect()).unwrap_or_default()
    };
    (0..2).map(of_group).collect()
}

proptest! {
    /// Whatever several runs made of the same people, one plan restores what was before the first of them; and one plan
    /// restores what that undid.
    #[test]
    fn runs_that_are_undone_together_leave_what_was_before_them(
        commands in prop::collection::vec(command(), 1..5),
        before in snapshot(),
    ) {
        let (mut now, mut rows) = (before.clone(), Vec::new());
        for command in &commands {
            let plan = reversible(planned(command, &now));
            let done = all_done(&plan);
            now = after(&plan, &done, &now);
            rows.extend(done);
        }
        let back = undo(&rows, &now);
        for (row, fate) in rows.iter().zip(&back.rows) {
            let is_undone = matches!(fate, UndoRow::Undone { .. } | UndoRow::LeftOut(LeftOut::CancelsOut));
            prop_assert!(is_undone, "{:?}: {:?}", row.change, fate);
        }
        let plan = planned(&back.command, &now);
        prop_assert!(plan.problems.iter().all(|problem| problem.severity != domain::Severity::Blocking), "{:?}", plan.problems);
        prop_assert_eq!(plan.to_send().count(), back.command.items.len(), "nothing is sent in vain");
        let done = all_done(&plan);
        let restored = after(&plan, &done, &now);
        prop_assert_eq!(scopes(&restored), scopes(&before));

        let again = undo(&done, &restored);
        prop_assert_eq!(again.n_undone(), done.len());
        let plan = planned(&again.command, &restored);
        prop_assert_eq!(scopes(&after(&plan, &all_done(&plan), &restored)), scopes(&now));
    }

    /// The newest runs can be undone without the older ones: what stays is what the older ones left.
    #[test]
    fn the_last_runs_are_undone_without_the_first(
        commands in prop::collection::vec(command(), 2..5),
        before in snapshot(),
        n_kept in 1usize..4,
    ) {
        let (mut now, mut rows, mut kept) = (before.clone(), Vec::new(), before);
        for (idx, command) in commands.iter().enumerate() {
            let plan = reversible(planned(command, &now));
            let done = all_done(&plan);
            now = after(&plan, &done, &now);
            if idx < n_kept { kept = now.clone() } else { rows.extend(done) }
        }
        let plan = planned(&undo(&rows, &now).command, &now);
        prop_assert_eq!(scopes(&after(&plan, &all_done(&plan), &now)), scopes(&kept));
    }
}

fn ada() -> Person {
    Person::by_id("ada")
}

/// What undoing rows together sends, and what becomes of each row.
fn together(rows: &[&ReceiptRow], now: &Snapshot) -> (Vec<Operation>, Vec<UndoRow>) {
    let undo = undo(rows.iter().copied(), now);
    (items(&undo.command).into_iter().map(|(_, operation)| operation).collect(), undo.rows)
}

fn undone(lost: &[Loss]) -> UndoRow {
    UndoRow::Undone { lost: lost.to_vec().into(), is_checked: true }
}

fn join(scope: Scope) -> Operation {
    Operation::AddToGroup { group: group(0), scope }
}

#[test]
fn two_changes_of_a_person_are_undone_by_one_that_restores_the_first_state() {
    use Scope::{Admin, Moderator, Participant};
    let first = one(set(Moderator), ada(), &standing(Participant));
    let second = one(set(Admin), ada(), &standing(Moderator));
    let now = standing(Admin);
    assert_eq!(together(&[&first, &second], &now), (vec![set(Participant)], vec![undone(&[]), undone(&[])]));
    // The earlier one alone was changed again since; the later one alone was not.
    let changed = LeftOut::ChangedSince { was: State::Scope(Moderator), is: State::Scope(Admin) };
    assert_eq!(together(&[&first], &now), (vec![], vec![UndoRow::LeftOut(changed.clone())]));
    assert_eq!(together(&[&second], &now), (vec![set(Moderator)], vec![undone(&[])]));
    // What someone else changed in between stays as they left it.
    let after_other = one(set(Admin), ada(), &standing(Participant));
    let stays = together(&[&first, &after_other], &now);
    assert_eq!(stays, (vec![set(Participant)], vec![UndoRow::LeftOut(LeftOut::AsBefore), undone(&[])]));
    let others = one(set(Moderator), ada(), &standing(Admin));
    let (sent, rows) = together(&[&first, &others], &standing(Moderator));
    assert_eq!((sent, &rows[0]), (vec![set(Admin)], &UndoRow::LeftOut(changed)));
}

#[test]
fn changes_that_lead_back_to_where_they_began_send_nothing() {
    use Scope::{Moderator, Participant};
    let there = one(set(Moderator), ada(), &standing(Participant));
    let back = one(set(Participant), ada(), &standing(Moderator));
    let cancels = || UndoRow::LeftOut(LeftOut::CancelsOut);
    assert_eq!(together(&[&there, &back], &standing(Participant)), (vec![], vec![cancels(), cancels()]));
    assert_eq!(undo([&there, &back], &standing(Participant)).n_undone(), 0);
}

#[test]
fn only_what_the_first_state_had_is_lost() {
    use Scope::{Banned, Moderator, Participant};
    let nobody = snapshot_of(group(0), &[]);
    let added = one(join(Participant), ada(), &nobody);
    let banned = one(Operation::Ban { group: group(0) }, ada(), &standing(Participant));
    let removed = one(Operation::Kick { group: group(0) }, ada(), &standing(Participant));
    let came_back = one(join(Moderator), ada(), &nobody);
    let lifted = one(Operation::Unban { group: group(0) }, ada(), &standing(Banned));
    let unban = Operation::Unban { group: group(0) };
    // Who was in no group has no date of joining.
    assert_eq!(
        together(&[&added, &banned], &standing(Banned)),
        (vec![unban], vec![undone(&[]), undone(&[])])
    );
    let back = together(&[&removed, &came_back], &standing(Moderator));
    assert_eq!(back, (vec![set(Participant)], vec![undone(&[Loss::JoinedAt]), undone(&[])]));
    let again = together(&[&lifted, &added], &standing(Participant));
    let ban = Operation::Ban { group: group(0) };
    assert_eq!(again, (vec![ban], vec![undone(&[Loss::BanDetails]), undone(&[])]));
    let gone = together(&[&banned, &lifted], &nobody);
    assert_eq!(gone, (vec![join(Participant)], vec![undone(&[Loss::JoinedAt]), undone(&[])]));
}

#[test]
fn a_row_that_was_not_done_or_changed_since_keeps_its_reason_beside_others() {
    use Scope::{Admin, Moderator, Participant};
    let first = one(set(Moderator), ada(), &standing(Participant));
    let mut refused = one(set(Admin), ada(), &standing(Moderator));
    refused.outcome = None;
    let (sent, rows) = together(&[&first, &refused], &standing(Moderator));
    assert_eq!((sent, &rows[1]), (vec![set(Participant)], &UndoRow::LeftOut(LeftOut::NotDone)));
}

fn edited(name: &str, description: Option<&str>, before: Group) -> ReceiptRow {
    let edit = GroupEdit {
        name: Some(name.into()),
        description: description.map(Into::into),
        ..GroupEdit::default()
    };
    let operation = Operation::EditGroup { group: group(0), edit: Box::new(edit) };
    one(operation, whole(), &read(before, &[]))
}

#[test]
fn edits_of_a_group_are_undone_together_field_by_field() {
    let named = |name: &str| Group { name: name.into(), ..hikers() };
    let first = edited("Walkers", None, hikers());
    let second = edited("Runners", Some("Down"), named("Walkers"));
    let now = Group { description: Some("Down".into()), ..named("Runners") };
    let (sent, rows) = together(&[&first, &second], &read(now.clone(), &[]));
    assert_eq!(rows, [undone(&[]), undone(&[])]);
    let [Operation::EditGroup { edit, .. }] = &sent[..] else { panic!("{sent:?}") };
    let expected =
        GroupEdit { name: Some("Hikers".into()), description: Some("Up".into()), ..GroupEdit::default() };
    assert_eq!(**edit, expected);
    let by_other = Group { name: "Climbers".into(), ..now };
    let (sent, rows) = together(&[&first, &second], &read(by_other, &[]));
    let is_left = |row: &UndoRow| matches!(row, UndoRow::LeftOut(LeftOut::FieldsChangedSince(_)));
    assert!(sent.is_empty() && rows.iter().all(is_left), "{rows:?}");
    // Renamed there and back.
    let back = edited("Hikers", None, named("Walkers"));
    let cancels = || UndoRow::LeftOut(LeftOut::CancelsOut);
    assert_eq!(together(&[&first, &back], &read(hikers(), &[])), (vec![], vec![cancels(), cancels()]));
}

#[test]
fn a_new_group_is_deleted_with_what_later_runs_made_in_it() {
    use Scope::{Moderator, Participant};
    let new = NewGroup {
        description: "Up".into(),
        owner: Some("mila".into()),
        ..NewGroup::new(group(0), "Hikers")
    };
    let before = Snapshot::before_creation(group(0));
    let created = one(Operation::CreateGroup(Box::new(new)), whole(), &before);
    let renamed = edited("Walkers", None, hikers());
    let added = one(join(Participant), ada(), &snapshot_of(group(0), &[]));
    let promoted = one(set(Moderator), ada(), &standing(Participant));
    let now =
        read(Group { name: "Walkers".into(), ..hikers() }, &[("mila", Scope::Admin), ("ada", Moderator)]);
    let rows = [&created, &renamed, &added, &promoted];
    let (sent, fates) = together(&rows, &now);
    assert_eq!(sent, [Operation::DeleteGroup { group: group(0) }]);
    let goes = || UndoRow::WithGroup;
    assert_eq!(fates, [undone(&[Loss::GroupContents]), goes(), goes(), goes()]);
    // Without the later runs, someone has changed it since.
    let (sent, fates) = together(&[&created], &now);
    assert!(sent.is_empty() && matches!(fates[..], [UndoRow::LeftOut(LeftOut::FieldsChangedSince(_))]));
}

#[test]
fn where_nothing_can_be_read_the_states_that_changes_left_are_compared() {
    let mut blind = CAPABILITIES;
    blind.groups =
        blind.groups.map(|groups| domain::capabilities::Groups { can_list_members: false, ..groups });
    let planner = planner(Vendor::CometChat, blind);
    let added = one(join(Scope::Participant), ada(), &snapshot_of(group(0), &[]));
    let promoted = one(set(Scope::Moderator), ada(), &standing(Scope::Participant));
    let undo = planner.undo([&added, &promoted], &Snapshot::default());
    assert_eq!(items(&undo.command), [(ada(), Operation::Kick { group: group(0) })]);
    let unchecked = || UndoRow::Undone { lost: [][..].into(), is_checked: false };
    assert_eq!(undo.rows, [unchecked(), unchecked()]);
    let found = row(&added.change, Some(Outcome::Found));
    assert_eq!(planner.undo([&found], &Snapshot::default()).n_undone(), 1, "the state before is known");
}
