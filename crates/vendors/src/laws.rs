//! Property tests for every vendor, with arbitrary responses.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use domain::{Batch, ChangeId, Cursor, GroupId, NewGroup, Operation, Outcome, Person, Scope, Vendor};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::examine::samples::{operations, queries};
use crate::fixture::{self, batch, batch_of};
use crate::{Response, changes, profile, protocol};

/// Maximum length of a fixture's text to be used as a word.
const MAX_WORD: usize = 40;

/// Bodies and words of a vendor's response fixtures; new fixtures are picked up automatically.
struct Samples {
    bodies: Vec<Vec<u8>>,
    words: Vec<String>,
}

fn samples(vendor: Vendor) -> &'static Samples {
    static OF_EACH: OnceLock<Vec<Samples>> = OnceLock::new();
    let of_each = OF_EACH.get_or_init(|| Vendor::ALL.iter().map(|vendor| read(*vendor)).collect());
    let place = Vendor::ALL.iter().position(|one| *one == vendor).expect("every vendor is among all");
    &of_each[place]
}

fn read(vendor: Vendor) -> Samples {
    let fixtures = fixture::all(vendor.slug()).into_iter().filter(|fixture| fixture.kind == "response");
    let bodies: Vec<Vec<u8>> = fixtures.map(|fixture| fixture.response().into_body()).collect();
    let mut words = BTreeSet::new();
    for body in &bodies {
        // Some fixtures are deliberately not JSON.
        if let Ok(value) = serde_json::from_slice(body) {
            collect(&value, &mut words);
        }
    }
    Samples { bodies, words: words.into_iter().collect() }
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() <= MAX_WORD => drop(words.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(fields) => {
            for (name, field) in fields {
                words.insert(name.clone());
                collect(field, words);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// JSON of arbitrary shape with the vendor's words.
pub(crate) fn json_in_words_of(vendor: Vendor) -> impl Strategy<Value = Value> {
    let word = prop::sample::select(&samples(vendor).words[..]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(word.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Any kind of response: noise, the vendor's words in arbitrary JSON, and truncated or corrupted fixtures.
pub(crate) fn answer_of(vendor: Vendor) -> impl Strategy<Value = Response> {
    let bodies = prop::sample::select(&samples(vendor).bodies[..]);
    let bent = (bodies, any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    let bent = bent.prop_map(|(mut body, at, byte, is_cut)| {
        match (at.index(body.len().max(1)), is_cut) {
            (at, true) => body.truncate(at),
            (at, false) if at < body.len() => body[at] = byte,
            (..) => {}
        }
        body
    });
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        json_in_words_of(vendor).prop_map(|value| value.to_string().into_bytes()),
        json_in_words_of(vendor)
            .prop_map(|data| json!({"code": 200, "data": data, "error": false}).to_string().into_bytes()),
        bent,
    ];
    (prop_oneof![Just(200u16), 100u16..1000], body).prop_map(|(status, body)| fixture::answer(status, body))
}

fn people() -> Vec<Person> {
    let ids = ["mila", "noor", "u1", "5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef"].map(Person::by_id);
    let others = [
        Person::by_phone("15550123456"),
        Person::by_email("ada@example.org").with_name("Ada"),
        Person::by_email("bo@example.org").with_name("Bo"),
    ];
    ids.into_iter().chain(others).collect()
}

/// Every operation for one person, by id and by email, and for several, and a group with its first members.
fn batches() -> Vec<Batch> {
    let by_id = operations().into_iter().map(|operation| batch(operation, [Person::by_id("mila")]));
    let ada = || Person::by_email("ada@example.org").with_name("Ada");
    let by_email = operations().into_iter().map(|operation| batch(operation, [ada()]));
    let shared = operations().into_iter().map(|operation| batch(operation, people()));
    let new = NewGroup {
        community: Some(GroupId::new("hikers-2")),
        takes_members: true,
        ..NewGroup::new(GroupId::new("hikers-2"), "Hikers")
    };
    let join = Arc::new(Operation::AddToGroup { group: GroupId::new("hikers-2"), scope: Scope::Participant });
    let whole = (Person::by_id("hikers-2"), Arc::new(Operation::CreateGroup(Box::new(new))));
    let founded = batch_of([whole].into_iter().chain(people().into_iter().map(|one| (one, join.clone()))));
    by_id.chain(by_email).chain(shared).chain([founded]).collect()
}

/// A vendor with a response in its words.
fn any_answer() -> impl Strategy<Value = (Vendor, Response)> {
    prop::sample::select(&Vendor::ALL[..]).prop_flat_map(|vendor| (Just(vendor), answer_of(vendor)))
}

proptest! {
    #[test]
    fn a_reply_speaks_at_most_once_of_each_change_and_of_no_other((vendor, response) in any_answer()) {
        for batch in batches() {
            if let Ok(reply) = changes(vendor).decode(&batch, &response) {
                let told: BTreeSet<ChangeId> = reply.outcomes.iter().map(|(change, _)| *change).collect();
                prop_assert_eq!(told.len(), reply.outcomes.len());
                prop_assert!(told.iter().all(|change| batch.items.iter().any(|item| item.change == *change)));
                // A refusal may say that people are in already, but not in which scope, so their outcomes
                // stay open.
                let is_open = |outcome: &Outcome| matches!(outcome, Outcome::Unknown(_));
                let is_settled = !reply.outcomes.iter().all(|(_, outcome)| is_open(outcome));
                prop_assert!(response.status().is_success() || !is_settled);
            }
        }
    }

    #[test]
    fn pages_move_forwards((vendor, response) in any_answer(), cursor in prop::option::of(any::<u64>())) {
        for query in queries() {
            if let Ok(page) = protocol(vendor).decode_page(&query, cursor.map(|start| Cursor { start, len: start % 101 }), &response) {
                prop_assert!(page.next.is_none_or(|next| next.start > cursor.unwrap_or(0)));
            }
        }
    }

    #[test]
    fn a_token_is_only_read_from_a_success((vendor, response) in any_answer()) {
        let protocol = protocol(vendor);
        prop_assert!(protocol.decode_sign_in(&response).is_err() || response.status().is_success());
        // Only that it does not panic: what expires a token depends on the vendor.
        let _ = protocol.is_token_expired(&response, u64::MAX);
    }
}

#[test]
fn what_is_encoded_has_neither_host_nor_key() {
    let key_header = |vendor: Vendor| {
        let kind = profile(vendor).keys.last().expect("a vendor has a kind of key");
        let (name, _) = protocol(vendor).authorization(&kind.filled("a-key")).expect("the key is sent");
        name
    };
    let key_headers = Vendor::ALL.map(key_header);
    for vendor in Vendor::ALL {
        let protocol = protocol(vendor);
        let writes =
            batches().into_iter().filter_map(|batch| changes(vendor).encode(&batch, Some("mila")).ok());
        let reads =
            queries().into_iter().filter_map(|query| protocol.encode_query(&query, None, Some("mila")).ok());
        let mut n_encoded = 0;
        for request in writes.chain(reads) {
            n_encoded += 1;
            assert_eq!((request.uri().host(), request.uri().scheme()), (None, None), "{vendor:?}");
            for name in &key_headers {
                assert!(!request.headers().contains_key(name), "{vendor:?}: {name}");
            }
        }
        assert!(n_encoded > 1, "{vendor:?} has calls for some of these");
    }
}
