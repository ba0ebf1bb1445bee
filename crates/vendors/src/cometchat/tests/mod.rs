//! Tests of CometChat against the fixtures, and property tests.

mod answers;
mod laws;
mod pages;
mod requests;

use std::sync::Arc;

use domain::{Batch, ErrorClass, GroupId, Operation, Outcome, Person, PersonKey, Scope};

use crate::{Response, fixture};

fn response(name: &str) -> Response {
    fixture::response("cometchat", name)
}

fn group(guid: &str) -> GroupId {
    GroupId::new(guid)
}

fn add(scope: Scope) -> Operation {
    Operation::AddToGroup { group: group("hikers"), scope }
}

fn batch(people: &[(&str, Operation)]) -> Batch {
    fixture::batch_of(people.iter().map(|(id, operation)| {
        let person = match operation {
            Operation::CreateGroup(_) | Operation::EditGroup { .. } | Operation::DeleteGroup { .. } => {
                Person { key: PersonKey::Group((*id).into()), name: None }
            }
            _ => Person::by_id(id),
        };
        (person, Arc::new(operation.clone()))
    }))
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
        Outcome::NotSent(error) => format!("not sent {}", error.code),
    }
}

fn class(class: ErrorClass) -> String {
    format!("{class:?}")
}
