//! Titles of plans.

use domain::snapshot::GroupSnapshot;
use domain::{
    Command, Connection, GroupId, GroupKind, KnownGroup, Operation, Person, Scope, Snapshot, Title,
    TitleKind, TitlePlace,
};

use crate::drive::{connection, round_trip};
use crate::world::{group, planned};

/// Group 0 was read and has a name; the others were not.
fn read() -> Snapshot {
    let runners = GroupSnapshot { name: Some("Trail runners".into()), ..GroupSnapshot::default() };
    Snapshot { groups: [(group(0), runners)].into(), ..Snapshot::default() }
}

fn titled(operations: &[(GroupId, Scope)], connection: &Connection) -> Title {
    let mut command = Command::new();
    for (idx, (group, scope)) in operations.iter().enumerate() {
        let operation = Operation::AddToGroup { group: group.clone(), scope: *scope };
        command.intent(Person::by_id(format!("fan-{idx}")), operation);
    }
    planned(&command, &read()).title(connection)
}

fn named(name: &str) -> TitlePlace {
    TitlePlace::Named(name.into())
}

#[test]
fn a_group_has_the_name_that_was_given_else_the_one_that_was_read_else_its_id() {
    let given = KnownGroup { id: group(0), name: "Our runners".into(), kind: GroupKind::Group };
    let knowing = Connection { known_groups: vec![given], ..connection() };
    let place = |idx, connection: &Connection| titled(&[(group(idx), Scope::Participant)], connection).place;
    assert_eq!(place(0, &knowing), named("Our runners"));
    assert_eq!(place(0, &connection()), named("Trail runners"));
    assert_eq!(place(1, &connection()), named("group-1"));
}

#[test]
fn one_kind_counts_people_and_several_kinds_count_changes() {
    let one = titled(&[(group(0), Scope::Moderator), (group(0), Scope::Participant)], &connection());
    assert_eq!((one.kind, one.count), (TitleKind::Add, 2));
    let mixed = titled(&[(group(0), Scope::Moderator), (group(0), Scope::Banned)], &connection());
    assert_eq!((mixed.kind, mixed.count, mixed.place), (TitleKind::Mixed, 2, named("Trail runners")));
}

#[test]
fn several_groups_are_counted() {
    let title = titled(&[(group(0), Scope::Participant), (group(1), Scope::Participant)], &connection());
    assert_eq!(title.place, TitlePlace::Several(2));
    assert_eq!(round_trip(&title), title);
}
