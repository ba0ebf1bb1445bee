//! Laws: no answer makes a decoder panic, and none speaks of somebody who was not asked about.

use std::collections::BTreeSet;

use domain::{Batch, ChangeId, Cursor, Effect, Outcome, Query, Scope};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::super::{CometChat, users};
use super::{add, batch, group, manifest};
use crate::{Protocol, Response};

/// JSON that uses CometChat's words in any place.
fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "data",
        "error",
        "code",
        "message",
        "details",
        "success",
        "admins",
        "moderators",
        "participants",
        "usersToBan",
        "members",
        "meta",
        "pagination",
        "total",
        "per_page",
        "current_page",
        "total_pages",
        "uid",
        "guid",
        "scope",
        "owner",
        "role",
        "metadata",
        "@private",
        "email",
        "mila",
        "noor",
        "u1",
        "deactivatedUids",
        "joinedAt",
        "ERR_ALREADY_JOINED",
        "ERR_UID_NOT_FOUND",
        "participant",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<u64>().prop_map(|number| number.into()),
        any::<f64>().prop_map(|number| number.into()),
        word.clone().prop_map(|text| text.into()),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|fields| {
                Value::Object(
                    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
                )
            }),
        ]
    })
}

fn answer() -> impl Strategy<Value = Response> {
    let fixtures: Vec<Vec<u8>> = manifest()
        .iter()
        .filter(|entry| entry["kind"] == "response")
        .map(|entry| {
            let file = entry["file"].as_str().expect("a file").trim_start_matches("cometchat/");
            super::body(file.trim_end_matches(".json"))
        })
        .collect();
    // A fixture with one byte changed, or cut short.
    let bent = (prop::sample::select(fixtures), any::<prop::sample::Index>(), any::<u8>(), any::<bool>())
        .prop_map(|(mut body, at, byte, is_cut)| {
            let at = at.index(body.len());
            if is_cut {
                body.truncate(at);
            } else {
                body[at] = byte;
            }
            body
        });
    let wrapped = json().prop_map(|data| serde_json::json!({ "data": data }).to_string().into_bytes());
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        json().prop_map(|value| value.to_string().into_bytes()),
        wrapped,
        bent,
    ];
    (prop_oneof![Just(200u16), 100u16..1000], body).prop_map(|(status, body)| {
        http::Response::builder().status(status).body(body).expect("it is an answer")
    })
}

fn batches() -> Vec<Batch> {
    let hikers = || group("hikers");
    let edit = domain::GroupEdit { owner: Some("noor".into()), ..domain::GroupEdit::default() };
    vec![
        batch(&[("mila", add(Scope::Admin)), ("noor", add(Scope::Banned)), ("u1", add(Scope::Participant))]),
        batch(&[("mila", Effect::SetScope { group: hikers(), scope: Scope::Participant })]),
        batch(&[("mila", Effect::Kick { group: hikers() })]),
        batch(&[("mila", Effect::Ban { group: hikers() })]),
        batch(&[("mila", Effect::Unban { group: hikers() })]),
        batch(&[("hikers", Effect::EditGroup { group: hikers(), edit: Box::new(edit) })]),
        batch(&[("hikers", Effect::DeleteGroup { group: hikers() })]),
        batch(&[("mila", Effect::MakeModerator { community: hikers() })]),
    ]
}

fn queries() -> Vec<Query> {
    vec![
        Query::People { search: "".into() },
        Query::Person { id: "mila".into() },
        Query::Groups { search: "".into() },
        Query::Group { group: group("hikers") },
        Query::GroupMembers { group: group("hikers"), scopes: Vec::new() },
        Query::Banned { group: group("hikers") },
        Query::Roles,
        Query::Community,
    ]
}

proptest! {
    #[test]
    fn a_reply_speaks_at_most_once_of_each_change_and_of_no_other(response in answer()) {
        for batch in batches() {
            if let Ok(reply) = CometChat.decode(&batch, &response) {
                let told: BTreeSet<ChangeId> = reply.outcomes.iter().map(|(change, _)| *change).collect();
                prop_assert_eq!(told.len(), reply.outcomes.len());
                prop_assert!(told.iter().all(|change| batch.items.iter().any(|item| item.change == *change)));
                prop_assert!(response.status().is_success());
            }
        }
    }

    #[test]
    fn pages_move_forwards(response in answer(), cursor in prop::option::of(any::<u64>())) {
        for query in queries() {
            if let Ok(page) = CometChat.decode_page(&query, cursor.map(Cursor), &response) {
                let page_now = cursor.unwrap_or(1).max(1);
                prop_assert!(page.next.is_none_or(|Cursor(next)| next > page_now));
            }
        }
    }

    #[test]
    fn users_never_panic(response in answer()) {
        let _ = (users::decode_created(&response), users::decode_updated(&response), users::decode_deleted(&response));
        for decode in [users::decode_deactivated, users::decode_reactivated] {
            if let Ok(told) = decode(&["mila", "noor"], &response) {
                prop_assert_eq!(told.len(), 2);
            }
        }
    }

    #[test]
    fn done_is_only_success_true_without_an_error(entry in json()) {
        let is_clean = entry["success"] == true && entry.get("code").is_none();
        let has_no_error = matches!(&entry["error"], Value::Null | Value::Bool(false))
            || entry["error"].as_str().is_some_and(|text| text.trim().is_empty());
        let body = serde_json::json!({"data": {"admins": {"mila": entry}}}).to_string().into_bytes();
        let batch = batch(&[("mila", add(Scope::Admin))]);
        let reply = CometChat.decode(&batch, &http::Response::new(body)).expect("the envelope is whole");
        let is_done = reply.outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Applied);
        prop_assert_eq!(is_done, is_clean && has_no_error);
    }

    #[test]
    fn requests_are_encoded_whatever_the_ids(uid in any::<String>(), guid in any::<String>()) {
        let kick = Effect::Kick { group: group(&guid) };
        if let Ok(request) = CometChat.encode(&batch(&[(&uid, kick)]), Some(&uid)) {
            let segments: Vec<_> = request.uri().path().split('/').collect();
            prop_assert_eq!(segments.len(), 5);
            prop_assert_eq!((segments[1], segments[3]), ("groups", "members"));
            prop_assert!(request.uri().query().is_none());
        }
    }

    #[test]
    fn a_call_holds_25_people_at_most(n in 1usize..60, scopes in prop::collection::vec(0usize..4, 60)) {
        let uids: Vec<_> = (0..n).map(|idx| format!("u{idx}")).collect();
        let people: Vec<_> = uids.iter().zip(&scopes).map(|(uid, idx)| (&**uid, add(Scope::ALL[*idx]))).collect();
        let request = CometChat.encode(&batch(&people), None);
        prop_assert_eq!(request.is_ok(), n <= 25);
        if let Ok(request) = request {
            let body: Value = serde_json::from_slice(request.body()).expect("a JSON body");
            let n_sent: usize = body.as_object().expect("an object").values().map(|uids| uids.as_array().map_or(0, Vec::len)).sum();
            prop_assert_eq!(n_sent, n);
        }
    }
}
