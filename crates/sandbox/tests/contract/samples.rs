//! What these tests ask of each vendor.

use std::collections::BTreeMap;

use domain::{
    Command, Flow, GroupEdit, GroupId, NewGroup, Operation, Outcome, Person, PersonKey, Query, RoleId, Scope,
    Vendor,
};
use sandbox::ids;
use serde_json::Value;

use crate::console::Console;
use crate::truth;

/// Every query that a vendor answers.
pub(crate) fn queries(vendor: Vendor) -> Vec<Query> {
    let group = || GroupId::new(ids::SUPERHERO_FANS);
    let search: Box<str> = "".into();
    match vendor {
        Vendor::Genuin => Vec::new(),
        Vendor::Networked => vec![Query::Community, Query::People { search }, Query::Roles, Query::Prices],
        Vendor::CometChat => vec![
            Query::People { search: search.clone() },
            Query::Person { id: ids::NEWCOMER.into() },
            Query::Groups { search },
            Query::Group { group: group() },
            Query::GroupMembers { group: group(), scopes: Vec::new() },
            Query::Banned { group: group() },
            Query::Roles,
        ],
    }
}

/// A group whose people can be changed; `None` if the vendor has no groups.
pub(crate) fn group(vendor: Vendor) -> Option<GroupId> {
    match vendor {
        Vendor::Genuin => Some(GroupId::new(ids::GENUIN_GROUP)),
        Vendor::Networked => None,
        Vendor::CometChat => Some(GroupId::new(ids::SUPERHERO_FANS)),
    }
}

/// Everyone in a group with their scopes, including banned people.
pub(crate) fn people(vendor: Vendor, dump: &Value, group: &GroupId) -> BTreeMap<Box<str>, Scope> {
    let id = group.as_str();
    match vendor {
        Vendor::Genuin => (1..=ids::GENUIN_PEOPLE)
            .map(ids::genuin_user)
            .filter(|user| truth::genuin_in_group(dump, id, "members", user))
            .map(|user| (user.into(), Scope::Participant))
            .collect(),
        Vendor::Networked => BTreeMap::new(),
        Vendor::CometChat => Scope::ALL
            .into_iter()
            .flat_map(|scope| {
                truth::with_scope(dump, id, scope).into_iter().map(move |uid| (uid.into(), scope))
            })
            .collect(),
    }
}

/// A person who is in no group.
pub(crate) fn outsider(vendor: Vendor) -> Person {
    write(vendor).0
}

/// A change that succeeds.
pub(crate) fn write(vendor: Vendor) -> (Person, Operation) {
    match vendor {
        Vendor::Genuin => (
            Person::by_id(ids::genuin_user(90)),
            Operation::MakeModerator { community: GroupId::new(ids::GENUIN_SMALL_COMMUNITY) },
        ),
        Vendor::Networked => (
            Person::by_email("ana@club.example").with_name("Ana"),
            Operation::Invite { role: RoleId::new(ids::NETWORKED_VIEWER), note: None, prices: Vec::new() },
        ),
        Vendor::CometChat => (
            Person::by_id(ids::NEWCOMER),
            Operation::AddToGroup { group: GroupId::new(ids::SUPERHERO_FANS), scope: Scope::Participant },
        ),
    }
}

/// More changes than a window allows, where the vendor has one.
pub(crate) fn many(vendor: Vendor) -> Command {
    match vendor {
        Vendor::Networked => crate::runs::four_hundred(),
        Vendor::CometChat => {
            let kick = Operation::Kick { group: GroupId::new(ids::OPEN_KITCHEN) };
            Command::for_all(kick, (1..=100).map(ids::fan).map(Person::by_id))
        }
        Vendor::Genuin => {
            let make = Operation::MakeModerator { community: GroupId::new(ids::GENUIN_COMMUNITY) };
            Command::for_all(make, (1..=90).map(ids::genuin_user).map(Person::by_id))
        }
    }
}

/// An action of the console that involves a sentinel.
pub(crate) type Try = Box<dyn Fn(&mut Console) -> Outcome>;

fn change(person: Person, operation: Operation) -> Try {
    Box::new(move |console| console.apply(person.clone(), operation.clone()))
}

fn group_itself(id: &str) -> Person {
    Person { key: PersonKey::Group(id.into()), name: None }
}

/// The actions that use a value in a field of a vendor; the first is the most obvious one.
pub(crate) fn tries(vendor: Vendor, place: &str, value: &'static str) -> Vec<Try> {
    let ordinary = match vendor {
        Vendor::Genuin => Person::by_id(ids::genuin_user(90)),
        Vendor::Networked => Person::by_email("ana@club.example").with_name("Ana"),
        Vendor::CometChat => Person::by_id(ids::NEWCOMER),
    };
    match (vendor, place) {
        (Vendor::Genuin, "user id") => genuin_person(&Person::by_id(value)),
        (Vendor::Genuin, "phone") => genuin_person(&Person::by_phone(value)),
        (Vendor::Genuin, "community id") => vec![
            change(ordinary.clone(), join(value)),
            change(ordinary, Operation::MakeModerator { community: GroupId::new(value) }),
        ],
        (Vendor::Genuin, "chat id") => {
            vec![change(
                ordinary,
                Operation::AddToGroup { group: GroupId::new(value), scope: Scope::Participant },
            )]
        }
        (Vendor::Genuin, _) => vec![change(ordinary, join(ids::GENUIN_SMALL_COMMUNITY))],
        (Vendor::Networked, "e-mail") => {
            let person = Person::by_email(format!("ana@{value}")).with_name("Ana");
            let role = RoleId::new(ids::NETWORKED_VIEWER);
            let invite = Operation::Invite { role, note: None, prices: Vec::new() };
            vec![change(person.clone(), register()), change(person, invite)]
        }
        (Vendor::Networked, _) => vec![change(ordinary, register())],
        (Vendor::CometChat, "uid") => cometchat_person(value),
        (Vendor::CometChat, "group id") => cometchat_group(value),
        (Vendor::CometChat, _) => {
            let add =
                Operation::AddToGroup { group: GroupId::new(ids::SUPERHERO_FANS), scope: Scope::Participant };
            vec![change(ordinary, add)]
        }
    }
}

fn join(community: &str) -> Operation {
    Operation::AddToCommunity { community: GroupId::new(community), flow: Flow::Direct, is_onboarding: false }
}

fn register() -> Operation {
    Operation::Register {
        flow: Flow::Direct,
        role: RoleId::new(ids::NETWORKED_VIEWER),
        price: None,
        password: None,
    }
}

fn genuin_person(person: &Person) -> Vec<Try> {
    let moderate = Operation::MakeModerator { community: GroupId::new(ids::GENUIN_SMALL_COMMUNITY) };
    vec![change(person.clone(), join(ids::GENUIN_SMALL_COMMUNITY)), change(person.clone(), moderate)]
}

fn cometchat_person(uid: &'static str) -> Vec<Try> {
    let (trouble, fans) = (GroupId::new(ids::TROUBLE), GroupId::new(ids::SUPERHERO_FANS));
    [
        Operation::AddToGroup { group: fans.clone(), scope: Scope::Participant },
        Operation::AddToGroup { group: fans, scope: Scope::Banned },
        Operation::SetScope { group: trouble.clone(), scope: Scope::Moderator },
        Operation::Kick { group: trouble.clone() },
        Operation::Ban { group: trouble.clone() },
        Operation::Unban { group: trouble },
    ]
    .into_iter()
    .map(|operation| change(Person::by_id(uid), operation))
    .collect()
}

fn cometchat_group(id: &'static str) -> Vec<Try> {
    let new = NewGroup::new(GroupId::new(id), "New");
    let edit = GroupEdit { name: Some("Newer".into()), ..GroupEdit::default() };
    let group = GroupId::new(id);
    vec![
        change(
            Person::by_id(ids::NEWCOMER),
            Operation::AddToGroup { group: group.clone(), scope: Scope::Participant },
        ),
        change(group_itself(id), Operation::CreateGroup(Box::new(new))),
        change(group_itself(id), Operation::EditGroup { group: group.clone(), edit: Box::new(edit) }),
        change(group_itself(id), Operation::DeleteGroup { group }),
    ]
}
