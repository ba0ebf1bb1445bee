//! Tests against the fixtures in `contracts/`.

mod answers;
mod requests;
mod signing_in;

use std::sync::Arc;

use domain::group::{Access, Categories, MadeByAi, PictureEdit};
use domain::outcome::Verdict;
use domain::picture::PictureKind;
use domain::{
    ApiError, Batch, ChangeId, Credentials, ErrorClass, Flow, GroupEdit, GroupId, Member, NewCommunity,
    NewGroup, Operation, Outcome, Person, PersonKey, Picture, Scope, Secret,
};
use serde_json::{Value, json};

use super::{Genuin, wire};
use crate::fixture::{self, answer, batch, batch_of, json_body};
use crate::{Changes, Protocol, Request};

const COMMUNITY: &str = "3f0c2a1e-5b7d-4c11-9a52-7c1d0e8b4f60";
const CHAT: &str = "b2d6f8a0-4c3e-4f15-8e7a-0d9c6b5a4f31";
const ADA: &str = "5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef";
const BO: &str = "8a1e6f20-0c4b-4f7e-8d39-2b6a5c9e7d11";
const CY: &str = "c7b0d5e8-93f1-4a2c-a6d4-1e0f5b8c2a97";
const NOOR: &str = "e41a7c63-2d58-4b90-9f3e-6c8d1a05b7f2";

fn add(flow: Flow, is_onboarding: bool) -> Operation {
    Operation::AddToCommunity { community: GroupId::new(COMMUNITY), flow, is_onboarding }
}

fn moderate() -> Operation {
    Operation::MakeModerator { community: GroupId::new(COMMUNITY) }
}

fn join() -> Operation {
    Operation::AddToGroup { group: GroupId::new(CHAT), scope: Scope::Participant }
}

fn kick() -> Operation {
    Operation::Kick { group: GroupId::new(CHAT) }
}

fn unsubscribe() -> Operation {
    Operation::Unsubscribe { group: GroupId::new(CHAT) }
}

fn edit(edit: GroupEdit) -> Operation {
    Operation::EditGroup { group: GroupId::new(CHAT), edit: Box::new(edit) }
}

fn rename() -> Operation {
    edit(GroupEdit {
        name: Some("Seed and cutting swap".into()),
        is_discoverable: Some(false),
        ..Default::default()
    })
}

/// The group of the fixture, with a field of each kind.
fn new_group() -> NewGroup {
    NewGroup {
        community: Some(GroupId::new(COMMUNITY)),
        description: "Swap seeds".into(),
        tags: "seeds,swap".into(),
        is_discoverable: Some(true),
        topics: vec![3],
        takes_members: true,
        ..NewGroup::new(GroupId::new(CHAT), "Seed swap")
    }
}

/// The same group with its first members, in one call.
fn founded() -> Batch {
    let whole = Person { key: PersonKey::Group(CHAT.into()), name: None };
    let new = Arc::new(Operation::CreateGroup(Box::new(new_group())));
    let join = Arc::new(join());
    batch_of([(whole, new), (Person::by_id(ADA), join.clone()), (Person::by_phone("15550123456"), join)])
}

fn new_community() -> NewCommunity {
    NewCommunity {
        description: "Growing things together #garden".into(),
        tags: "garden,plants".into(),
        is_private: true,
        members: vec![PersonKey::Id(ADA.into())],
        categories: Categories { existing: vec![12], new: vec!["Balcony".into()] },
        ..NewCommunity::new("garden-club", "Garden Club")
    }
}

fn file(name: &str) -> Picture {
    Picture::parse(name, PictureKind::FileName).expect("a file name")
}

fn ids(ids: &[&str]) -> Vec<Person> {
    ids.iter().map(Person::by_id).collect()
}

/// Verdict and code of each person, `None` if the reply omits the person; or class and code of the failure.
type Read = Result<Vec<Option<(Verdict, Option<String>)>>, (ErrorClass, String)>;

fn read(batch: &Batch, response: &crate::Response) -> Read {
    let reply =
        Genuin.decode(batch, response).map_err(|failure| (failure.error.class, failure.error.code.into()))?;
    let of =
        |id: ChangeId| reply.outcomes.iter().find(|(change, _)| *change == id).map(|(_, outcome)| outcome);
    let row = |outcome: &Outcome| (outcome.verdict(), outcome.error().map(|error| error.code.to_string()));
    Ok(batch.items.iter().map(|item| of(item.change).map(row)).collect())
}

const DONE: Option<(Verdict, Option<String>)> = Some((Verdict::Done, None));

fn encode(batch: &Batch) -> Request {
    Genuin.encode(batch, None).expect("Genuin has a call for this")
}
