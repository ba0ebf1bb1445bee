//! Tests against the fixtures in `contracts/`.

mod answers;
mod reads;
mod requests;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::outcome::Verdict;
use domain::person::RoleLevel;
use domain::query::Items;
use domain::{
    ApiError, Batch, ChangeId, Credentials, Cursor, ErrorClass, Flow, GroupId, Member, Operation, Outcome,
    Page, Person, PriceId, Query, RoleId, Secret,
};
use serde_json::{Value, json};

use super::Networked;
use crate::fixture::{self, answer, batch, batch_of, json_body};
use crate::{Changes, Protocol, Request, Response};

const VIEWER: &str = "5f0000000000000000000a04";
const CONTRIBUTOR: &str = "5f0000000000000000000a03";
const ADMIN: &str = "5f0000000000000000000a01";
const PLAN: &str = "5f0000000000000000000f01";

fn register(flow: Flow, role: &str, price: Option<&str>, password: Option<&str>) -> Operation {
    let price = price.map(PriceId::new);
    Operation::Register { flow, role: RoleId::new(role), price, password: password.map(Secret::new) }
}

fn invite(role: &str, note: Option<&str>, prices: &[&str]) -> Operation {
    let prices = prices.iter().map(PriceId::new).collect();
    Operation::Invite { role: RoleId::new(role), note: note.map(Into::into), prices }
}

fn person(name: &str, address: &str) -> Person {
    Person::by_email(address).with_name(name)
}

fn ada() -> Person {
    person("Ada", "ada@example.org")
}

fn bo() -> Person {
    person("Bo", "bo@example.org")
}

fn cy() -> Person {
    person("Cy", "cy@example.org")
}

fn invites(people: impl IntoIterator<Item = Person>) -> Batch {
    batch(invite(VIEWER, None, &[]), people)
}

fn one(person: Person) -> Batch {
    batch(register(Flow::Invite, VIEWER, None, None), [person])
}

fn people() -> Query {
    Query::People { search: "".into() }
}
