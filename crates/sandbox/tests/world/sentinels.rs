//! Every sentinel provokes what it declares.

use domain::Vendor;
use sandbox::{Answer, Handled, Request, Sentinel, Settings, World, ids, sentinels};
use serde_json::{Value, json};

use super::ask::{NOW, body, request, world};

/// A write with a sentinel that would succeed without it.
fn call(vendor: Vendor, sentinel: &Sentinel) -> Request {
    match vendor {
        Vendor::Genuin => genuin(sentinel),
        Vendor::Networked => networked(sentinel),
        Vendor::CometChat => cometchat(sentinel),
    }
}

fn genuin(sentinel: &Sentinel) -> Request {
    let value = sentinel.value;
    let add = |communities: Value, user: Value| {
        let sent = json!({ "communities": [communities], "users": [user] }).to_string();
        request(Vendor::Genuin, "POST", "/api/thirdparty/community/add_users", &[], sent)
    };
    match sentinel.place {
        "user id" => add(json!(ids::GENUIN_COMMUNITY), json!({ "user_id": value })),
        "phone" => add(json!(ids::GENUIN_COMMUNITY), json!({ "phone_number": value })),
        "community id" => add(json!(value), json!({ "user_id": ids::genuin_user(90) })),
        "chat id" => {
            let sent = json!({ "members_added": [{ "user_id": ids::genuin_user(90) }] }).to_string();
            request(
                Vendor::Genuin,
                "PATCH",
                &format!("/api/thirdparty/update_conversation/{value}"),
                &[],
                sent,
            )
        }
        "api key" | "api secret" => {
            let is_key = sentinel.place == "api key";
            let (key, secret) = if is_key { (value, "secret") } else { ("sandbox-key", value) };
            let sent = json!({ "api_key": key, "api_secret": secret }).to_string();
            request(Vendor::Genuin, "POST", "/api/thirdparty/auth", &[("authorization", "")], sent)
        }
        place => panic!("no call for {place}"),
    }
}

fn networked(sentinel: &Sentinel) -> Request {
    let path = "/api/v1/admin/community/invites/emails";
    let (email, key) = match sentinel.place {
        "e-mail" => (format!("ada@{}", sentinel.value), "sandbox-key"),
        "api key" => ("ada@example.org".to_owned(), sentinel.value),
        place => panic!("no call for {place}"),
    };
    let sent =
        json!({ "users": [{ "name": "Ada", "tagId": ids::NETWORKED_VIEWER, "email": email }] }).to_string();
    request(Vendor::Networked, "POST", path, &[("x-api-key", key)], sent)
}

fn cometchat(sentinel: &Sentinel) -> Request {
    let value = sentinel.value;
    let send = |method: &str, path: String, headers: &[(&str, &str)], sent: Value| {
        request(Vendor::CometChat, method, &path, headers, sent.to_string())
    };
    let members = || "/groups/book-circle/members".to_owned();
    match (sentinel.place, sentinel.provokes) {
        ("api key", _) => {
            send("POST", members(), &[("apikey", value)], json!({ "participants": ["fan-300"] }))
        }
        ("acting uid", _) => {
            send("POST", members(), &[("onBehalfOf", value)], json!({ "participants": ["fan-300"] }))
        }
        ("group id", "ERR_GUID_ALREADY_EXISTS" | "ERR_EMPTY_GROUP_PASS") => {
            send("POST", "/groups".into(), &[], json!({ "guid": value, "name": "x" }))
        }
        ("group id", "ERR_GROUP_DELETE_FAILED") => send("DELETE", format!("/groups/{value}"), &[], json!({})),
        ("group id", _) => {
            send("POST", format!("/groups/{value}/members"), &[], json!({ "participants": ["fan-300"] }))
        }
        ("uid", "ERR_ALREADY_BANNED" | "ERR_MEMBER_BAN_FAILED") => {
            send("POST", members(), &[], json!({ "usersToBan": [value] }))
        }
        ("uid", "ERR_MEMBER_UNBAN_FAILED" | "ERR_NOT_A_BANNED_USER") => {
            send("DELETE", format!("/groups/trouble/bannedusers/{value}"), &[], json!({}))
        }
        (
            "uid",
            "ERR_SAME_SCOPE"
            | "ERR_MEMBER_SCOPE_CHANGE_FAILED"
            | "ERR_GROUP_NO_SCOPE_CLEARANCE"
            | "ERR_NOT_A_MEMBER",
        ) => send("PUT", format!("/groups/trouble/members/{value}"), &[], json!({ "scope": "moderator" })),
        ("uid", "ERR_MEMBER_DELETE_FAILED" | "ERR_GROUP_NO_CLEARANCE" | "ERR_GROUP_NO_SELF_ACTION") => {
            send("DELETE", format!("/groups/trouble/members/{value}"), &[], json!({}))
        }
        ("uid", "ERR_UID_ALREADY_EXISTS" | "ERR_INVALID_UID" | "ERR_ROLE_NOT_FOUND") => {
            send("POST", "/users".into(), &[], json!({ "uid": value, "name": "x" }))
        }
        ("uid", "ERR_UID_DELETE_FAILED") => send("DELETE", format!("/users/{value}"), &[], json!({})),
        ("uid", _) => send("POST", members(), &[], json!({ "participants": [value] })),
        (place, _) => panic!("no call for {place}"),
    }
}

/// What the response shows, in the terms of [`Sentinel::provokes`].
fn provoked(handled: &Handled) -> Vec<String> {
    let response = match &handled.answer {
        Answer::Respond(response) => response,
        Answer::Hang => return vec!["hang".into()],
        Answer::CutBefore => return vec!["cut".into()],
        Answer::CutAfter => return vec!["lost-answer".into()],
    };
    let status = response.status().as_u16();
    let mut said = vec![status.to_string()];
    if status == 429 && response.headers().contains_key("retry-after") {
        said = vec!["429+retry-after".into()];
    }
    if response.body().is_empty() {
        said.push("empty-body".into());
    } else if response.headers()["content-type"].to_str().unwrap().starts_with("text/html") {
        said.push("html".into());
    } else if serde_json::from_slice::<Value>(response.body()).is_err() {
        said.push("truncated".into());
    }
    if handled.latency_ms > 5_000 {
        said.push("slow".into());
    }
    let answer = body(response);
    codes(&answer, &mut said);
    if answer["service"] == "thumbnails" {
        said.push("other-service".into());
    }
    if status == 200 && answer["error"] == true {
        said.push("200+error:true".into());
    }
    if status == 200 && answer["success"] == false {
        said.push("200+success:false".into());
    }
    if status == 200 && answer.as_object().is_some_and(|fields| fields.keys().eq(["message"])) {
        said.push("200+message".into());
    }
    rows(&answer, &mut said);
    if answer["code"] == 200 {
        let has_header = response.headers().get("gn-access-token");
        said.push(
            match (has_header.map(|token| token.to_str().unwrap()), &answer["data"]["gn-access-token"]) {
                (Some("expired-token"), _) => "5159".into(),
                (None, Value::String(_)) => "token-in-body".into(),
                (None, _) => "auth.no_token".into(),
                _ => "token".into(),
            },
        );
    }
    said
}

/// Collects every `code` in a response.
fn codes(value: &Value, said: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| match field {
            Value::String(code) if name == "code" => said.push(code.clone()),
            field => codes(field, said),
        }),
        Value::Array(items) => items.iter().for_each(|item| codes(item, said)),
        _ => {}
    }
}

/// Collects the outcome of the only row of an invite, or of the only person of an add.
fn rows(answer: &Value, said: &mut Vec<String>) {
    if let Some(failure) = answer["data"]["failure"].as_array() {
        match failure.first().map(|row| row["error"].clone()) {
            Some(Value::Object(_)) => said.push("failure.*".into()),
            Some(Value::String(reason)) if reason.starts_with("Validation") => {
                said.push("failure.validation".into())
            }
            Some(Value::String(reason)) if reason.starts_with("Duplicate") => {
                said.push("failure.duplicate".into())
            }
            Some(Value::String(reason)) if reason.starts_with("Permission") => {
                said.push("failure.permissions".into())
            }
            Some(Value::String(_)) => said.push("failure.*".into()),
            _ if answer["data"]["success"] == json!([]) => said.push("row.skipped".into()),
            _ => {}
        }
    }
    if answer["data"]["participants"] == json!({}) && answer["data"]["usersToBan"] == json!({}) {
        said.push("row.missing".into());
    }
}

#[test]
fn every_sentinel_provokes_what_it_says() {
    let mut wrong = Vec::new();
    for sentinel in sentinels().into_iter().filter(|sentinel| sentinel.place != "key prefix") {
        let vendors = sentinel.vendor.map_or(Vendor::ALL.to_vec(), |vendor| vec![vendor]);
        for vendor in vendors {
            let mut world = world();
            let sent = call(vendor, &sentinel);
            let said = provoked(&world.handle(vendor, &sent, NOW));
            let is_lost_sign_in =
                sentinel.provokes == "lost-answer" && vendor == Vendor::Genuin && sentinel.place == "api key";
            if !said.iter().any(|word| word == sentinel.provokes) && !is_lost_sign_in {
                wrong.push(format!(
                    "{vendor:?} {} {}: wanted {}, got {said:?}",
                    sentinel.place, sentinel.value, sentinel.provokes
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_with_a_behavior_changes_with_the_calls() {
    let status = |world: &mut World, key: &str, method: &str| {
        let sent = json!({ "participants": ["fan-300"] }).to_string();
        let sent = if method == "GET" { String::new() } else { sent };
        let path = "/groups/book-circle/members";
        match world
            .handle(
                Vendor::CometChat,
                &request(Vendor::CometChat, method, path, &[("apikey", key)], sent),
                NOW,
            )
            .answer
        {
            Answer::Respond(response) => response.status().as_u16(),
            other => panic!("{other:?}"),
        }
    };
    let mut world = World::new(Settings { latency: false, ..Settings::default() });
    let fading = |world: &mut World, method: &str| status(world, "fading-key-of-mine", method);
    assert_eq!([0; 4].map(|_| fading(&mut world, "POST")), [200; 4]);
    assert_eq!([fading(&mut world, "POST"), fading(&mut world, "GET")], [401; 2]);
    assert_eq!(status(&mut world, "fading-key-of-yours", "POST"), 200, "each key behaves on its own");
    let stormy = |world: &mut World, method: &str| status(world, "stormy-key", method);
    assert_eq!([0; 6].map(|_| stormy(&mut world, "POST")), [429, 429, 200, 429, 429, 200]);
    assert_eq!([0; 3].map(|_| stormy(&mut world, "GET")), [200; 3], "reading is let in");
}

#[test]
fn a_429_strikes_twice_and_begins_anew_after_a_call_got_through() {
    let mut world = world();
    let members = "/groups/book-circle/members";
    let add = request(
        Vendor::CometChat,
        "POST",
        members,
        &[],
        r#"{"participants":["rate-limited","rate-limited-silent"]}"#,
    );
    let statuses: Vec<Vec<String>> =
        (0..6).map(|_| provoked(&world.handle(Vendor::CometChat, &add, NOW))).collect();
    let first: Vec<&str> = statuses.iter().map(|said| said[0].as_str()).collect();
    assert_eq!(first, ["429+retry-after", "429+retry-after", "429", "429", "200", "429+retry-after"]);
}

#[test]
fn a_lost_answer_hides_a_change_that_was_made() {
    let mut world = world();
    let add = request(
        Vendor::CometChat,
        "POST",
        "/groups/book-circle/members",
        &[],
        r#"{"admins":["lost-answer"]}"#,
    );
    let handled = world.handle(Vendor::CometChat, &add, NOW);
    assert!(matches!(handled.answer, Answer::CutAfter));
    assert_eq!(handled.events.len(), 1);
    assert_eq!(is_admin(&world), json!("admin"));
    let again = world.handle(Vendor::CometChat, &add, NOW);
    assert!(matches!(again.answer, Answer::Respond(_)) && again.events.is_empty());
}

fn is_admin(world: &World) -> Value {
    world.dump()["cometchat"]["groups"]["book-circle"]["members"]["lost-answer"]["scope"].clone()
}

#[test]
fn sentinels_are_unique_per_vendor_and_place() {
    let mut seen = std::collections::BTreeSet::new();
    for sentinel in sentinels() {
        assert!(seen.insert((sentinel.vendor, sentinel.place, sentinel.value)), "{sentinel:?}");
        assert!(sentinel.key.starts_with("sandbox.provokes."));
    }
}
