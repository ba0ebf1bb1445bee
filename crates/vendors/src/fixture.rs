//! Contract fixtures for tests: bodies, with status, headers, path and query from the manifest.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use domain::{Batch, BatchId, BatchItem, ChangeId, Operation, Person};
use serde::Deserialize;
use serde_json::Value;

use crate::{Request, Response};

/// One entry of a vendor's `contracts/fixtures/<slug>/manifest.json`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Fixture {
    pub file: String,
    pub kind: String,
    pub http: Option<u16>,
    pub encoding: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub path: Option<String>,
    #[serde(default)]
    pub query: BTreeMap<String, String>,
}

/// Reads a file of `contracts/`.
pub(crate) fn contract(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn all(vendor: &str) -> Vec<Fixture> {
    serde_json::from_str(&contract(&format!("fixtures/{vendor}/manifest.json"))).expect("the manifest")
}

pub(crate) fn find(vendor: &str, name: &str, kind: &str) -> Fixture {
    let file = format!("{vendor}/{name}.{kind}.json");
    all(vendor)
        .into_iter()
        .find(|fixture| fixture.file == file)
        .unwrap_or_else(|| panic!("no fixture {file}"))
}

impl Fixture {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&contract(&format!("fixtures/{}", self.file))).expect("a fixture is JSON")
    }

    pub(crate) fn response(&self) -> Response {
        let status = self.http.expect("an answer has a status");
        let mut response = http::Response::builder().status(status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let body = contract(&format!("fixtures/{}", self.file)).into_bytes();
        response.body(body).expect("a fixture is a well-formed answer")
    }
}

/// The response of the fixture `<vendor>/<name>.response.json`.
pub(crate) fn response(vendor: &str, name: &str) -> Response {
    find(vendor, name, "response").response()
}

pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    http::Response::builder().status(status).body(body.into()).expect("a plain answer is well formed")
}

/// A batch with the same effect for every person.
pub(crate) fn batch(operation: Operation, people: impl IntoIterator<Item = Person>) -> Batch {
    let operation = Arc::new(operation);
    batch_of(people.into_iter().map(|person| (person, Arc::clone(&operation))))
}

/// A batch. Change ids start at 10, so that an index into the batch is never a valid id.
pub(crate) fn batch_of(items: impl IntoIterator<Item = (Person, Arc<Operation>)>) -> Batch {
    let items = items.into_iter().zip(10..);
    let items = items.map(|((person, operation), id)| BatchItem { change: ChangeId(id), person, operation });
    Batch { id: BatchId(0), n_attempts: 0, items: items.collect() }
}

pub(crate) fn json_body(request: &Request) -> Value {
    serde_json::from_slice(request.body()).expect("a request's body is JSON")
}
