//! Properties of CometChat's own calls; those of every vendor are in `crate::laws`.

use domain::{Operation, Outcome, Scope, Vendor};
use proptest::prelude::*;
use serde_json::Value;

use super::super::CometChat;
use super::{add, batch, group};
use crate::Changes;
use crate::laws::json_in_words_of;

/// `null`, `false`, `0`, blank text, and containers of nothing else.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().all(says_nothing),
        Value::Array(items) => items.iter().all(says_nothing),
        Value::String(text) => text.trim().is_empty(),
        other => *other == Value::Null || *other == false || other.as_f64() == Some(0.0),
    }
}

proptest! {
    #[test]
    fn done_is_only_success_true_without_an_error(entry in json_in_words_of(Vendor::CometChat)) {
        let is_clean = entry["success"] == true && entry.get("code").is_none();
        let has_no_error = says_nothing(&entry["error"]);
        let body = serde_json::json!({"data": {"admins": {"mila": entry}}}).to_string().into_bytes();
        let batch = batch(&[("mila", add(Scope::Admin))]);
        let reply = CometChat.decode(&batch, &http::Response::new(body)).expect("the envelope is whole");
        let is_done = reply.outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Applied);
        prop_assert_eq!(is_done, is_clean && has_no_error);
    }

    #[test]
    fn requests_are_encoded_whatever_the_ids(uid in any::<String>(), guid in any::<String>()) {
        let kick = Operation::Kick { group: group(&guid) };
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
