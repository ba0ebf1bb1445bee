//! Lists of groups: what a row becomes, and what the plan makes of it.

use domain::capabilities::{Capabilities, GroupForm, GroupTextLimits, Groups, IdShape, Identity};
use domain::form::group::{GroupProblem, GroupText, TooLong};
use domain::form::group_list::{
    GroupListRules, GroupRowProblem, GroupRowStatus, ListedGroups, MAX_GROUPS, read_groups,
};
use domain::group::{Access, AccessKind};
use domain::{Action, GroupId, Operation, PlanId, ProblemCode, Scope, TitleKind, TitlePlace, Vendor};
use proptest::prelude::*;

use crate::drive::connection;
use crate::world::{CAPABILITIES, planner};

const LIMITS: GroupTextLimits =
    GroupTextLimits { name: 20, description: 10, password: 4, tags: 2, tag: 5, metadata: 12 };

fn with_scopes() -> Capabilities {
    let groups = CAPABILITIES.groups.map(|groups| Groups {
        form: GroupForm { has_metadata: true, n_first_members: Some(3), max: Some(LIMITS), ..groups.form },
        ..groups
    });
    Capabilities { groups, ..CAPABILITIES }
}

fn of_communities() -> Capabilities {
    let groups = CAPABILITIES.groups.map(|groups| Groups {
        belongs_to_community: true,
        scopes: &[],
        form: GroupForm { has_topics: true, ..groups.form },
        ..groups
    });
    let identity = Identity { id_shape: IdShape::Uuid, ..CAPABILITIES.identity };
    Capabilities { groups, identity, ..CAPABILITIES }
}

const COMMUNITY: &str = "10000000-0000-4000-8000-000000000001";
const MADE: &str = "20000000-0000-4000-8000-000000000002";

/// Reads a list at a place where the group `walks` exists.
fn read_at(capabilities: &Capabilities, text: &str) -> ListedGroups {
    let groups = capabilities.groups.expect("it has groups");
    let rules = GroupListRules {
        groups: &groups,
        identity: &capabilities.identity,
        community: Some(COMMUNITY),
        is_discoverable: true,
        exists: &|group| group.as_str() == "walks",
        id_for: &|_, name| format!("{}{:02}", &MADE[..34], name.len() % 90),
        metadata: &|text| {
            text.is_empty().then(Box::default).or_else(|| text.starts_with('{').then(|| text.into()))
        },
    };
    read_groups(text, &rules)
}

fn read(text: &str) -> ListedGroups {
    read_at(&with_scopes(), text)
}

fn statuses(list: &ListedGroups) -> Vec<GroupRowStatus> {
    list.rows.iter().map(|row| row.status).collect()
}

fn created(list: &ListedGroups) -> Vec<domain::NewGroup> {
    let (command, _) = list.command().expect("something is sent");
    let of = |operation: &std::sync::Arc<Operation>| match &**operation {
        Operation::CreateGroup(new) => Some((**new).clone()),
        _ => None,
    };
    command.operations.iter().filter_map(of).collect()
}

#[test]
fn every_field_of_a_group_is_read() {
    let text = "Gruppenname;GUID;Typ;Passwort;Beschreibung;Tags;Owner;Bild;Metadaten;Moderators;Mitglieder;Farbe\n\
        Trail runners;Trail;Passwort;1234;\"Up; hill\";a, b;Ada;https://a.example/a.png;{};bo;\"cy, di\";red\n";
    let list = read(text);
    assert_eq!(statuses(&list), [GroupRowStatus::New], "{list:?}");
    assert_eq!(&*list.unused, ["Farbe".into()]);
    let [new] = &*created(&list) else { panic!("{list:?}") };
    assert_eq!((new.id.as_str(), &*new.name, &*new.description), ("trail", "Trail runners", "Up; hill"));
    assert_eq!((&*new.tags, new.owner.as_deref(), &*new.metadata), ("a, b", Some("ada"), "{}"));
    assert!(matches!(&new.access, Access::Password(Some(_))) && new.picture.is_some() && new.takes_members);
    let (command, _) = list.command().expect("it is sent");
    let people: Vec<_> = command.items[1..]
        .iter()
        .map(|(person, operation)| (person.label(), &*command.operations[*operation as usize]))
        .collect();
    let add = |scope| Operation::AddToGroup { group: GroupId::new("trail"), scope };
    let (moderate, join) = (add(Scope::Moderator), add(Scope::Participant));
    assert_eq!(people, [("bo", &moderate), ("cy", &join), ("di", &join)]);
}

#[test]
fn a_row_says_everything_that_is_wrong_with_it() {
    use GroupRowProblem as P;
    let long = TooLong { text: GroupText::Description, max: 10 };
    let table: [(&str, &[P]); 9] = [
        ("Crew,crew", &[]),
        (",crew", &[P::Field(GroupProblem::Name)]),
        ("Crew", &[P::IdMissing]),
        ("Crew,crew,secret", &[P::Access("secret".into())]),
        ("Crew,crew,password", &[P::Field(GroupProblem::Password)]),
        ("Crew,crew,,long enough", &[P::Field(GroupProblem::TooLong(long))]),
        ("Crew,crew,,ok,more", &[P::Extra("more".into())]),
        (",,secret,", &[P::IdMissing, P::Access("secret".into()), P::Field(GroupProblem::Name)]),
        ("-,crew,-,-", &[P::Field(GroupProblem::Name)]),
    ];
    for (text, problems) in table {
        let list = read(text);
        assert_eq!(&*list.rows[0].problems, problems, "{text}");
        let is_new = list.rows[0].status == GroupRowStatus::New;
        assert_eq!((is_new, list.command().is_some()), (problems.is_empty(), problems.is_empty()), "{text}");
    }
    let about = |text: &str| match &*read(text).rows[0].problems {
        [P::Text(problem)] => (problem.code, problem.found.to_string()),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(about("Crew,The crew!"), (ProblemCode::BadId, "the-crew".to_owned()));
    assert_eq!(about(&format!("Crew,{}", "a".repeat(101))), (ProblemCode::IdTooLong, String::new()));
    assert_eq!(about("Crew,CREW"), (ProblemCode::FoldedCase, "crew".to_owned()));
    assert_eq!(about("name,id,members\nCrew,crew,no id!").0, ProblemCode::BadId);
    let too_many = read("name,id,members\nCrew,crew,\"a,b,c,d\"");
    assert_eq!(*too_many.rows[0].problems, [P::Field(GroupProblem::TooManyFirst(3))]);
}

#[test]
fn a_password_needs_its_kind_of_group_and_is_told_apart() {
    let text = "name,id,type,password\nA,a,,12\nB,b,public,12\nC,c,password,-\nD,d,private,\n";
    let list = read(text);
    let of = |idx: usize| (list.rows[idx].access, list.rows[idx].status);
    assert_eq!(of(0), (Some(AccessKind::Password), GroupRowStatus::New));
    assert_eq!(*list.rows[1].problems, [GroupRowProblem::PasswordUnused]);
    assert_eq!(of(2), (Some(AccessKind::Password), GroupRowStatus::New));
    assert_eq!(of(3), (Some(AccessKind::Private), GroupRowStatus::New));
    let told: Vec<&str> = list.passwords.iter().map(|at| &text[at.clone()]).collect();
    assert_eq!(told, ["12", "12", "-"]);
}

#[test]
fn groups_that_exist_are_so_already_whatever_else_their_row_says() {
    let list = read("Walks,Walks,no such type\nCrew,crew\nWalks again,walks\n");
    let expected = [GroupRowStatus::Exists, GroupRowStatus::New, GroupRowStatus::Duplicate];
    assert_eq!(statuses(&list), expected);
    let (command, snapshot) = list.command().expect("it is sent");
    let plan = planner(Vendor::CometChat, with_scopes()).plan(PlanId::new("plan"), &command, &snapshot);
    let actions: Vec<Action> = plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [Action::NoOp, Action::Create]);
    assert_eq!((plan.n_groups_so_already(), plan.to_send().count()), (1, 1));
    assert_eq!((plan.n_people_so_already(), plan.people_up_to_date().len()), (0, 0));
}

#[test]
fn one_id_with_different_groups_has_to_be_settled() {
    let list = read("Crew,crew\nOther,other\nCrew,CREW\nThe crew,crew\nCrew,crew\n");
    let refused = GroupRowStatus::Refused;
    let expected = [refused, GroupRowStatus::New, GroupRowStatus::Duplicate, refused, refused];
    assert_eq!(statuses(&list), expected);
    assert!(list.rows[3].problems.contains(&GroupRowProblem::SameId(1)));
    assert!(list.rows[0].problems.contains(&GroupRowProblem::SameId(4)));
}

#[test]
fn groups_of_communities_get_an_id_and_belong_to_one() {
    let other = "10000000-0000-4000-8000-000000000009";
    let list = read_at(
        &of_communities(),
        &format!(
            "name,community,discoverable,topics,members\nCrew,,no,3 1,+447700900142\nWalks,{other},,x,\nRuns,?,maybe,,\n"
        ),
    );
    let [crew, walks, runs] = &*list.rows else { panic!("{list:?}") };
    assert_eq!((crew.status, crew.id.len(), crew.n_people()), (GroupRowStatus::New, 36, 1), "{crew:?}");
    let [new] = &*created(&list) else { panic!("{list:?}") };
    assert_eq!(new.community, Some(GroupId::new(COMMUNITY)));
    assert_eq!((new.is_discoverable, &*new.topics, new.takes_members), (Some(false), &[3, 1][..], false));
    assert!(matches!(&*walks.problems, [GroupRowProblem::Field(GroupProblem::Topics(_))]), "{walks:?}");
    assert!(runs.problems.contains(&GroupRowProblem::Flag("maybe".into())));
    assert!(runs.problems.contains(&GroupRowProblem::Field(GroupProblem::Community)));
}

#[test]
fn the_title_counts_the_groups() {
    let capabilities = with_scopes();
    let connection = connection();
    let title = |text: &str| {
        let (command, snapshot) = read(text).command().expect("it is sent");
        let plan = planner(Vendor::CometChat, capabilities).plan(PlanId::new("plan"), &command, &snapshot);
        let title = plan.title(&connection);
        (title.kind, title.place)
    };
    let named = TitlePlace::Named("Crew".into());
    assert_eq!(title("Crew,crew"), (TitleKind::CreateGroup, named));
    assert_eq!(title("Crew,crew\nB,b"), (TitleKind::CreateGroup, TitlePlace::Several(2)));
    let with_people = title("name,id,members\nCrew,crew,ada\nB,b,");
    assert_eq!(with_people, (TitleKind::Mixed, TitlePlace::Community));
}

#[test]
fn a_list_that_is_too_long_is_not_planned() {
    let rows = |n: usize| (0..n).map(|n| format!("Group {n},group-{n}\n")).collect::<String>();
    let (command, snapshot) = read(&rows(MAX_GROUPS)).command().expect("it is not too long");
    assert_eq!((command.items.len(), snapshot.groups.len()), (MAX_GROUPS, MAX_GROUPS));
    assert!(read(&rows(MAX_GROUPS + 1)).command().is_none());
    assert!(read("").command().is_none());
}

proptest! {
    /// Whatever is pasted, each row has its place, and what is sent is what is shown as new.
    #[test]
    fn nothing_of_a_list_is_lost(text in "(name|id|Crew|walks|crew-1|public|[ \",;\t\n-]|\\PC){0,60}") {
        for capabilities in [with_scopes(), of_communities()] {
            let list = read_at(&capabilities, &text);
            let mut end = 0;
            for row in &list.rows {
                prop_assert!(row.at.start >= end && text.is_char_boundary(row.at.start));
                prop_assert!(!text[row.at.clone()].is_empty());
                end = row.at.end;
                let is_refused = row.problems.iter().any(GroupRowProblem::is_refusal);
                prop_assert_eq!(is_refused, row.status == GroupRowStatus::Refused);
            }
            let n_sent = list.count(GroupRowStatus::New) + list.count(GroupRowStatus::Exists);
            let n_planned = list.command().map_or(0, |(command, _)| {
                command.operations.iter().filter(|it| matches!(***it, Operation::CreateGroup(_))).count()
            });
            prop_assert_eq!(n_planned, n_sent);
        }
    }
}
