//! Replaying events gives the same state, and no request makes the world panic.

use domain::Vendor;
use proptest::prelude::*;
use sandbox::{Event, Settings, World, ids};
use serde_json::{Value, json};

use super::ask::{NOW, request};

type Shot = (Vendor, &'static str, String, String);

fn uid() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..20_usize).prop_map(ids::fan),
        Just(ids::CAP_ADMIN.to_owned()),
        Just("lost-answer".to_owned()),
        Just("already-banned".to_owned()),
        Just("ghost".to_owned()),
    ]
}

fn cometchat() -> impl Strategy<Value = Shot> {
    let guid = prop_oneof![Just("superhero-fans"), Just("book-circle"), Just("new-group"), Just("nowhere")];
    (guid, uid(), uid(), 0..12_u8).prop_map(|(guid, uid, other, what)| {
        let (method, path, body) = match what {
            0 => (
                "POST",
                format!("/groups/{guid}/members"),
                json!({ "participants": [uid], "usersToBan": [other] }),
            ),
            1 => ("POST", format!("/groups/{guid}/members"), json!({ "admins": [uid, other] })),
            2 => ("PUT", format!("/groups/{guid}/members/{uid}"), json!({ "scope": "moderator" })),
            3 => ("DELETE", format!("/groups/{guid}/members/{uid}"), Value::Null),
            4 => ("POST", format!("/groups/{guid}/bannedusers/{uid}"), Value::Null),
            5 => ("DELETE", format!("/groups/{guid}/bannedusers/{uid}"), Value::Null),
            6 => ("POST", "/groups".into(), json!({ "guid": "new-group", "name": uid, "owner": other })),
            7 => ("PUT", format!("/groups/{guid}"), json!({ "name": uid, "owner": other, "unset": "icon" })),
            8 => ("DELETE", "/groups/new-group".into(), Value::Null),
            9 => ("DELETE", "/users".into(), json!({ "uidsToDeactivate": [uid, other] })),
            10 => ("PUT", "/users".into(), json!({ "uidsToActivate": [uid, other] })),
            _ => ("DELETE", format!("/users/{uid}"), json!({ "permanent": true })),
        };
        (Vendor::CometChat, method, path, if body.is_null() { String::new() } else { body.to_string() })
    })
}

fn networked() -> impl Strategy<Value = Shot> {
    (0..30_u8, 0..3_u8).prop_map(|(who, what)| {
        let role = ids::NETWORKED_VIEWER;
        let email =
            format!("p{who}@{}.example", ["people", "lost-answer", "duplicate"][usize::from(who % 3)]);
        let (path, body) = match what {
            0 => {
                let rows = json!({ "users": [{ "name": "P", "tagId": role, "email": email }] });
                ("/api/v1/admin/community/invites/emails", rows.to_string())
            }
            method => (
                "/api/v1/admin/community/addExternalUsers",
                format!("email={email}&name=P&roleId={role}&method={method}"),
            ),
        };
        (Vendor::Networked, "POST", path.to_owned(), body)
    })
}

fn genuin() -> impl Strategy<Value = Shot> {
    (1..100_usize, 0..5_u8, any::<bool>()).prop_map(|(number, what, flag)| {
        let user = json!([{ "user_id": ids::genuin_user(number) }, { "phone_number": format!("44770090{number:04}") }]);
        let (method, path, body) = match what {
            0 => ("POST", "community/add_users".into(), json!({ "communities": [ids::GENUIN_COMMUNITY, ids::GENUIN_PRIVATE_COMMUNITY], "users": user, "invite_members": flag })),
            1 => ("POST", "community/add_moderators".into(), json!({ "community_id": ids::GENUIN_COMMUNITY, "users": [ids::genuin_user(number)] })),
            2 => ("POST", "community/create".into(), json!({ "handle": format!("h{}", number % 5), "name": "N", "users": user })),
            3 => ("POST", "group/create".into(), json!({ "type": 4, "community_id": ids::GENUIN_COMMUNITY, "chat_id": format!("c{}", number % 5), "group": { "name": "G", "members": user } })),
            _ => ("PATCH", format!("update_conversation/{}", ids::GENUIN_GROUP), json!({ "members_added": user, "members_removed": [ids::genuin_user(number / 2)], "subscribers_removed": [ids::genuin_user(number)], "name": "New" })),
        };
        (Vendor::Genuin, method, format!("/api/thirdparty/{path}"), body.to_string())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn replay_gives_the_same_state(shots in prop::collection::vec(prop_oneof![cometchat(), networked(), genuin()], 1..60)) {
        let settings = Settings { rate_limits: false, ..Settings::default() };
        let mut world = World::new(settings.clone());
        let mut journal = Vec::new();
        for (idx, (vendor, method, path, body)) in shots.into_iter().enumerate() {
            let sent = request(vendor, method, &path, &[], body);
            for event in world.handle(vendor, &sent, NOW + idx as u64 * 700).events {
                journal.push(serde_json::to_string(&event).unwrap());
            }
        }
        let events: Vec<Event> = journal.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(World::replay(settings, events).dump(), world.dump());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        shots in prop::collection::vec(
            (0..3_usize, "(GET|POST|PUT|PATCH|DELETE)", "[a-z%0-9/?=&._-]{0,40}", "\\PC{0,60}", 0..8_usize), 400),
    ) {
        let roots = ["/", "/groups/superhero-fans/members", "/groups", "/users", "/api/v1/admin/community/users?",
            "/api/v1/admin/community/addExternalUsers", "/api/thirdparty/community/add_users", "/groups/book-circle/"];
        let mut world = World::new(Settings { rate_limits: false, ..Settings::default() });
        for (vendor, method, tail, body, root) in shots {
            let path = format!("{}{tail}", roots[root]);
            let Ok(uri) = path.parse::<http::Uri>() else { continue };
            let body = match root % 3 {
                0 => format!("{{\"users\":{body:?},\"admins\":[{body:?}],\"communities\":[1]}}"),
                1 => format!("email={body}&name={body}"),
                _ => body,
            };
            let vendor = Vendor::ALL[vendor];
            let mut sent = request(vendor, &method, "/", &[], body);
            *sent.uri_mut() = uri;
            let _ = world.handle(vendor, &sent, u64::MAX);
        }
    }
}

#[test]
fn an_event_about_nothing_changes_nothing() {
    let mut world = World::new(Settings::default());
    let before = world.dump();
    for event in [
        json!({ "vendor": "cometchat", "event": { "type": "user_banned", "guid": "nowhere", "uid": "x", "at": 1 } }),
        json!({ "vendor": "genuin", "event": { "type": "group_member_removed", "chat_id": "c", "user_id": "u" } }),
    ] {
        world.apply(&serde_json::from_value(event).unwrap());
    }
    assert_eq!(before, world.dump());
}

#[test]
fn latency_varies_and_is_the_same_every_time() {
    let run = || -> Vec<u64> {
        let mut world = World::new(Settings::default());
        let sent = request(Vendor::CometChat, "GET", "/roles", &[], "");
        (0..20).map(|_| world.handle(Vendor::CometChat, &sent, NOW).latency_ms).collect()
    };
    let first = run();
    assert_eq!(first, run());
    assert!(first.iter().collect::<std::collections::BTreeSet<_>>().len() > 10);
}
