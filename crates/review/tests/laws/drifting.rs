//! What becomes of a request while it travels.

use std::collections::BTreeSet;

use domain::command::Flow;
use domain::{ChangeId, GroupId, Operation, RoleId, Scope, Snapshot, State, Vendor};
use review::{Danger, Drift, GroupPowers, Observed, sort_by_danger};

use crate::world::*;

/// The drift of Ada's, Bo's and Cy's change in another state of the group.
fn drifts(now: &[(&str, Scope)]) -> [Drift; 3] {
    let request = request();
    let compared = compared(&request, &group(now));
    ["ada", "bo", "cy"].map(|person| compared[change_of(&request, person).as_idx()].drift)
}

#[test]
fn each_change_is_one_of_five() {
    use Drift::*;
    use Scope::*;
    let table: [([Scope; 3], [Drift; 3]); 5] = [
        ([Participant, Moderator, Participant], [AsPlanned, AsPlanned, AsPlanned]),
        ([Moderator, Admin, Banned], [AlreadySo, AlreadySo, AlreadySo]),
        ([Admin, Participant, Moderator], [Changed, Changed, Changed]),
        ([Banned, Banned, Banned], [Changed, Changed, AlreadySo]),
        ([Participant, Admin, Admin], [AsPlanned, AlreadySo, Changed]),
    ];
    for (now, expected) in table {
        let group = [("ada", now[0]), ("bo", now[1]), ("cy", now[2])];
        assert_eq!(drifts(&group), expected, "{now:?}");
    }
    // People who have left can be banned, but has no scope.
    assert_eq!(drifts(&[]), [Gone, Gone, Changed]);
}

#[test]
fn what_is_not_read_is_not_called_unchanged() {
    let request = request();
    let drifts: Vec<_> = compared(&request, &Snapshot::default())
        .into_iter()
        .map(|change| (change.drift, change.is))
        .collect();
    assert_eq!(drifts, [(Drift::Unread, State::Unread); 3]);
    // A request from someone who could not read.
    let mut blind = request.clone();
    blind.changes.iter_mut().for_each(|change| change.before = State::Unread);
    let read = compared(&blind, &group(&BEFORE));
    assert!(read.iter().all(|change| change.drift == Drift::AsPlanned && change.is != State::Unread));
}

#[test]
fn a_group_that_is_gone_takes_its_changes_along() {
    let request = request();
    let gone = BTreeSet::from([GroupId::new("hikers")]);
    let now = Observed { snapshot: &group(&BEFORE), gone: &gone, clearance: |_, _, _| true };
    assert!(request.compared_with(now).iter().all(|change| change.drift == Drift::Gone));
    let mut deletion = request.clone();
    deletion.operations = vec![Operation::DeleteGroup { group: GroupId::new("hikers") }];
    deletion.changes.truncate(1);
    deletion.changes[0].operation = 0;
    assert_eq!(deletion.compared_with(now)[0].drift, Drift::AlreadySo);
}

#[test]
fn the_readers_own_powers_count() {
    let vendor = Vendor::CometChat;
    let clearance = vendors::profile(vendor).clearance;
    let request = request();
    let as_person = |id: &str| {
        let snapshot = Snapshot { acting_as: Some(id.into()), ..group(&BEFORE) };
        let compared =
            request.compared_with(Observed { snapshot: &snapshot, gone: &BTreeSet::new(), clearance });
        ["ada", "bo", "cy"].map(|person| compared[change_of(&request, person).as_idx()].drift)
    };
    use Drift::{AsPlanned, NotAllowed};
    assert_eq!(as_person("me"), [AsPlanned; 3]);
    // A moderator makes nobody an admin, and changes no other moderator.
    assert_eq!(as_person("bo"), [AsPlanned, NotAllowed, AsPlanned]);
    assert_eq!(as_person("ada"), [NotAllowed; 3]);
    assert_eq!(as_person("nobody"), [NotAllowed; 3]);
}

#[test]
fn was_is_and_would_be_are_told() {
    let request = request();
    let now = compared(&request, &group(&[("ada", Scope::Admin)]));
    let ada = &now[change_of(&request, "ada").as_idx()];
    let states = [Scope::Participant, Scope::Admin, Scope::Moderator].map(State::Scope);
    assert_eq!([ada.was, ada.is, ada.would_be], states);
}

#[test]
fn the_dangerous_come_first() {
    let request = request();
    let mut changes = compared(&request, &group(&BEFORE));
    sort_by_danger(&request, &mut changes);
    let order: Vec<_> = changes.iter().map(|change| change.danger).collect();
    assert_eq!(order, [Some(Danger::Admin), Some(Danger::Ban), Some(Danger::Moderator)]);
    assert_eq!(changes[0].id, change_of(&request, "bo"));
}

#[test]
fn dangers_are_those_of_the_operation_and_the_person() {
    use Danger::*;
    let group = GroupId::new("g");
    let invite = Operation::Invite { role: RoleId::new("1"), note: None, prices: vec![] };
    let join =
        Operation::AddToCommunity { community: group.clone(), flow: Flow::Invite, is_onboarding: false };
    let add = |scope| Operation::AddToGroup { group: group.clone(), scope };
    let kick = Operation::Kick { group: group.clone() };
    let table: [(&Operation, State, &[Danger]); 12] = [
        (&add(Scope::Admin), State::Absent, &[Admin]),
        (&add(Scope::Banned), State::Absent, &[Ban]),
        (&add(Scope::Banned), State::Scope(Scope::Admin), &[Admin, Ban]),
        (&add(Scope::Participant), State::Absent, &[]),
        (&set_scope(Scope::Participant), State::Scope(Scope::Admin), &[Admin]),
        (&set_scope(Scope::Participant), State::Scope(Scope::Moderator), &[Moderator]),
        (&set_scope(Scope::Admin), State::Scope(Scope::Moderator), &[Admin, Moderator]),
        (&kick, State::Scope(Scope::Participant), &[]),
        (&kick, State::Scope(Scope::Admin), &[Admin]),
        (&Operation::DeleteGroup { group: group.clone() }, State::Present, &[Deletion]),
        (&invite, State::Unread, &[Message]),
        (&join, State::Unread, &[Message]),
    ];
    for (operation, before, expected) in table {
        let found: Vec<_> = Danger::all_of(operation, before).collect();
        assert_eq!(found, expected, "{operation:?} {before:?}");
    }
    assert_eq!(
        Danger::all_of(&Operation::MakeModerator { community: group.clone() }, State::Unread).next(),
        Some(Moderator)
    );
}

#[test]
fn powers_before_and_after_are_those_of_the_chosen_changes() {
    let request = request();
    let powers =
        |snapshot: &Snapshot, is_chosen: &dyn Fn(ChangeId) -> bool| request.powers(snapshot, is_chosen);
    let people = |people: &[(&str, Scope)]| people.iter().map(|(id, scope)| ((*id).into(), *scope)).collect();
    let one = |after: &[(&str, Scope)]| GroupPowers {
        group: GroupId::new("hikers"),
        before: people(&[("bo", Scope::Moderator), ("me", Scope::Admin)]),
        after: people(after),
    };
    let (moderator, admin) = (Scope::Moderator, Scope::Admin);
    let now = group(&BEFORE);
    assert_eq!(powers(&now, &|_| true), [one(&[("ada", moderator), ("bo", admin), ("me", admin)])]);
    let bo = change_of(&request, "bo");
    assert_eq!(powers(&now, &|id| id == bo), [one(&[("bo", admin), ("me", admin)])]);
    assert_eq!(powers(&now, &|_| false), [one(&[("bo", moderator), ("me", admin)])]);
    let mut ban = request.clone();
    ban.changes.iter_mut().for_each(|change| change.operation = 0);
    ban.operations = vec![Operation::Ban { group: GroupId::new("hikers") }];
    assert_eq!(ban.powers(&now, |_| true), [one(&[("me", admin)])]);
    assert!(powers(&Snapshot::default(), &|_| true).is_empty());
}
