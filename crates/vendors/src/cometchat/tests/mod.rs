//! CometChat's contract held against the fixtures and against chance.

mod answers;
mod laws;
mod pages;
mod requests;

use std::path::PathBuf;
use std::sync::Arc;

use domain::{
    Batch, BatchId, BatchItem, ChangeId, Effect, ErrorClass, GroupId, Outcome, Person, PersonKey, Scope,
};
use serde_json::Value;

use crate::Response;

fn contracts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts")
}

/// The manifest's entries of CometChat.
fn manifest() -> Vec<Value> {
    let text =
        std::fs::read_to_string(contracts().join("fixtures/manifest.json")).expect("the manifest is there");
    let entries: Vec<Value> = serde_json::from_str(&text).expect("the manifest is JSON");
    entries.into_iter().filter(|entry| entry["vendor"] == "cometchat").collect()
}

fn entry(name: &str) -> Value {
    let file = format!("cometchat/{name}.json");
    manifest().into_iter().find(|entry| entry["file"] == *file).unwrap_or_else(|| panic!("no {file}"))
}

fn body(name: &str) -> Vec<u8> {
    std::fs::read(contracts().join(format!("fixtures/cometchat/{name}.json"))).expect("the fixture is there")
}

/// A response fixture with the status and headers of the manifest.
fn response(name: &str) -> Response {
    let name = format!("{name}.response");
    let entry = entry(&name);
    let status = entry["http"].as_u64().expect("a response has a status") as u16;
    let mut builder = http::Response::builder().status(status);
    for (header, value) in entry["headers"].as_object().into_iter().flatten() {
        builder = builder.header(header, value.as_str().expect("a header is text"));
    }
    builder.body(body(&name)).expect("the fixture is an answer")
}

fn group(guid: &str) -> GroupId {
    GroupId::new(guid)
}

fn add(scope: Scope) -> Effect {
    Effect::AddToGroup { group: group("hikers"), scope }
}

fn batch(people: &[(&str, Effect)]) -> Batch {
    let items = people.iter().enumerate().map(|(idx, (id, effect))| BatchItem {
        change: ChangeId(idx as u32),
        person: match effect {
            Effect::CreateGroup(_) | Effect::EditGroup { .. } | Effect::DeleteGroup { .. } => {
                Person { key: PersonKey::Group((*id).into()), name: None }
            }
            _ => Person::by_id(id),
        },
        effect: Arc::new(effect.clone()),
    });
    Batch { id: BatchId(0), n_attempts: 0, items: items.collect() }
}

/// An outcome in one word, with the error's code.
fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Applied => "applied".into(),
        Outcome::Accepted => "accepted".into(),
        Outcome::Found => "found".into(),
        Outcome::NoOp(error) => format!("same {}", error.as_ref().map_or("", |error| &error.code)),
        Outcome::Rejected(error) => format!("refused {}", error.code),
        Outcome::Unknown(error) => format!("unknown {}", error.code),
    }
}

fn class(class: ErrorClass) -> String {
    format!("{class:?}")
}
