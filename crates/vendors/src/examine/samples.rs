//! One call of every kind, from which the needs are derived. They are encoded but never sent.

use std::sync::Arc;

use domain::{
    Batch, BatchId, BatchItem, ChangeId, Effect, Flow, GroupEdit, GroupId, NewCommunity, NewGroup, Person,
    Query, RoleId, Scope,
};

/// Every effect, with its variants where they differ on the wire.
pub(crate) fn effects() -> Vec<Effect> {
    let group = || GroupId::new("hikers");
    let role = || RoleId::new("5f0000000000000000000a04");
    let new = NewGroup { community: Some(group()), ..NewGroup::new(group(), "Hikers") };
    let edit = GroupEdit { name: Some("Hikers".into()), tags: Some("a".into()), ..GroupEdit::default() };
    let register = |flow| Effect::Register { flow, role: role(), price: None, password: None };
    let come_in =
        |flow| Effect::AddToCommunity { community: group(), flow, is_onboarding: flow == Flow::Direct };
    vec![
        Effect::AddToGroup { group: group(), scope: Scope::Participant },
        Effect::AddToGroup { group: group(), scope: Scope::Banned },
        come_in(Flow::Direct),
        come_in(Flow::Invite),
        Effect::MakeModerator { community: group() },
        register(Flow::Direct),
        register(Flow::Invite),
        Effect::Invite { role: role(), note: None, prices: Vec::new() },
        Effect::SetScope { group: group(), scope: Scope::Moderator },
        Effect::Kick { group: group() },
        Effect::Ban { group: group() },
        Effect::Unban { group: group() },
        Effect::Unsubscribe { group: group() },
        Effect::CreateGroup(Box::new(new)),
        Effect::EditGroup { group: group(), edit: Box::new(edit) },
        Effect::DeleteGroup { group: group() },
        Effect::CreateCommunity(Box::new(NewCommunity::new("hikers", "Hikers"))),
    ]
}

pub(crate) fn queries() -> Vec<Query> {
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

/// Every effect on a person by id and on one by email: a vendor takes one or the other.
pub(super) fn batches() -> impl Iterator<Item = Batch> {
    let people = [Person::by_id("mila"), Person::by_email("mila@example.org").with_name("Mila")];
    people.into_iter().flat_map(|person| {
        effects().into_iter().map(move |effect| {
            let item = BatchItem { change: ChangeId(0), person: person.clone(), effect: Arc::new(effect) };
            Batch { id: BatchId(0), n_attempts: 0, items: vec![item] }
        })
    })
}
