//! One call of every kind, from which the needs are derived. They are encoded but never sent.

use std::sync::Arc;

use domain::{
    Batch, BatchId, BatchItem, ChangeId, Flow, GroupEdit, GroupId, NewCommunity, NewGroup, Operation, Person,
    Query, RoleId, Scope,
};

/// Every operation, with its variants where they differ on the wire.
pub fn operations() -> Vec<Operation> {
    let group = || GroupId::new("hikers");
    let role = || RoleId::new("5f0000000000000000000a04");
    let new = NewGroup { community: Some(group()), ..NewGroup::new(group(), "Hikers") };
    let edit = GroupEdit { name: Some("Hikers".into()), tags: Some("a".into()), ..GroupEdit::default() };
    let register = |flow| Operation::Register { flow, role: role(), price: None, password: None };
    let come_in =
        |flow| Operation::AddToCommunity { community: group(), flow, is_onboarding: flow == Flow::Direct };
    vec![
        Operation::AddToGroup { group: group(), scope: Scope::Participant },
        Operation::AddToGroup { group: group(), scope: Scope::Banned },
        come_in(Flow::Direct),
        come_in(Flow::Invite),
        Operation::MakeModerator { community: group() },
        register(Flow::Direct),
        register(Flow::Invite),
        Operation::Invite { role: role(), note: None, prices: Vec::new() },
        Operation::SetScope { group: group(), scope: Scope::Moderator },
        Operation::Kick { group: group() },
        Operation::Ban { group: group() },
        Operation::Unban { group: group() },
        Operation::Unsubscribe { group: group() },
        Operation::CreateGroup(Box::new(new)),
        Operation::EditGroup { group: group(), edit: Box::new(edit) },
        Operation::DeleteGroup { group: group() },
        Operation::CreateCommunity(Box::new(NewCommunity::new("hikers", "Hikers"))),
    ]
}

/// Every kind of query.
pub fn queries() -> Vec<Query> {
    let group = || GroupId::new("hikers");
    vec![
        Query::Community,
        Query::People { search: "".into() },
        Query::Person { id: "mila".into() },
        Query::Groups { search: "".into() },
        Query::Group { group: group() },
        Query::GroupMembers { group: group(), scopes: Vec::new() },
        Query::Banned { group: group() },
        Query::Roles,
        Query::Prices,
    ]
}

/// Every operation on a person by id and on one by email: a vendor takes one or the other.
pub(super) fn batches() -> impl Iterator<Item = Batch> {
    let people = [Person::by_id("mila"), Person::by_email("mila@example.org").with_name("Mila")];
    people.into_iter().flat_map(|person| {
        operations().into_iter().map(move |operation| {
            let item =
                BatchItem { change: ChangeId(0), person: person.clone(), operation: Arc::new(operation) };
            Batch { id: BatchId(0), n_attempts: 0, items: vec![item] }
        })
    })
}
