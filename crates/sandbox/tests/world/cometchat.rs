//! CometChat's emulator behaves as its documents describe.

use domain::Vendor::CometChat;
use sandbox::cometchat::{self, EmptyScopes, FailedEntry};
use sandbox::{Settings, World, ids};
use serde_json::{Value, json};

use super::ask::{NOW, act, ask, body, request, response, world};

const FANS: &str = "/groups/superhero-fans/members";

fn get(world: &mut World, path: &str) -> Value {
    ask(world, CometChat, "GET", path, Value::Null).1
}

#[test]
fn the_outcome_of_an_add_is_per_person() {
    let mut world = world();
    let sent = json!({ "admins": ["NEWCOMER-NIA"], "participants": ["newcomer-nia", "fan-001", "ghost", "troll-one"],
        "usersToBan": ["fan-002", "newcomer-nia"] });
    let (status, answer) = ask(&mut world, CometChat, "POST", FANS, sent);
    assert_eq!(status, 200);
    let data = &answer["data"];
    assert_eq!(data["admins"][ids::NEWCOMER]["success"], true);
    assert_eq!(data["moderators"], json!({}));
    let code = |uid: &str| data["participants"][uid]["error"]["code"].as_str();
    assert_eq!(code("fan-001"), Some("ERR_ALREADY_JOINED"));
    assert_eq!(code("ghost"), Some("ERR_UID_NOT_FOUND"));
    assert_eq!(data["participants"]["troll-one"]["success"], true, "the ban is lifted");
    assert_eq!(data["participants"].get(ids::NEWCOMER), None);
    assert_eq!(data["usersToBan"], json!({ "fan-002": { "success": true } }));
    let dump = world.dump();
    let group = &dump["cometchat"]["groups"][ids::SUPERHERO_FANS];
    assert_eq!(group["members"][ids::NEWCOMER]["scope"], "admin");
    assert_eq!(group["banned"]["fan-002"]["scope"], "participant");
    assert_eq!(group["members"]["troll-one"]["scope"], "participant");
    assert_eq!(group["banned"].get("troll-one"), None);
}

#[test]
fn bans_hold_with_a_switch_or_a_key_that_says_so() {
    let add = json!({ "participants": ["troll-one"] }).to_string();
    let listed = |world: &mut World, key: &str| {
        let sent = request(CometChat, "GET", FANS, &[("apikey", key)], String::new());
        body(&response(world.handle(CometChat, &sent, NOW)))["data"].to_string().contains("troll-one")
    };
    let switched = || {
        World::new(Settings {
            latency: false,
            cometchat: cometchat::Settings { bans_hold: true, ..cometchat::Settings::default() },
            ..Settings::default()
        })
    };
    let worlds = [
        (world(), "any-key", false),
        (world(), "bans-hold-key-1", true),
        (switched(), "any-key", true),
        (switched(), "bans-lift-key-1", false),
    ];
    for (mut world, key, holds) in worlds {
        assert_eq!(listed(&mut world, key), !holds, "{key}");
        let sent = request(CometChat, "POST", FANS, &[("apikey", key)], add.clone());
        let answer = body(&response(world.handle(CometChat, &sent, NOW)));
        let code = answer["data"]["participants"]["troll-one"]["error"]["code"].as_str();
        assert_eq!(code, holds.then_some("ERR_BANNED_GROUPMEMBER"), "{key}: {answer}");
    }
}

#[test]
fn more_than_25_people_are_refused_as_a_whole() {
    let mut world = world();
    let uids: Vec<String> = (100..126).map(ids::fan).collect();
    let (status, answer) = ask(&mut world, CometChat, "POST", FANS, json!({ "participants": uids }));
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("ERR_BAD_REQUEST")));
    let (_, answer) =
        ask(&mut world, CometChat, "POST", "/groups/full-house/members", json!({ "admins": ["fan-001"] }));
    assert_eq!(answer["data"]["admins"]["fan-001"]["error"]["code"], "ERR_NO_VACANCY");
}

#[test]
fn undocumented_forms_can_be_switched_on() {
    let sent = json!({ "participants": ["ghost"] });
    let ask_with = |settings| ask(&mut World::new(settings), CometChat, "POST", FANS, sent.clone()).1;
    let bare = ask_with(Settings {
        cometchat: cometchat::Settings {
            failed_entry: FailedEntry::Bare,
            empty_scopes: EmptyScopes::Array,
            ..cometchat::Settings::default()
        },
        ..Settings::default()
    });
    assert_eq!(bare["data"]["participants"]["ghost"]["code"], "ERR_UID_NOT_FOUND");
    assert_eq!(bare["data"]["admins"], json!([]));
    let text = ask_with(Settings {
        cometchat: cometchat::Settings {
            failed_entry: FailedEntry::Text,
            empty_scopes: EmptyScopes::Absent,
            ..cometchat::Settings::default()
        },
        ..Settings::default()
    });
    assert_eq!(text["data"], json!({ "participants": { "ghost": "ERR_UID_NOT_FOUND" } }));
    let wrapped = ask_with(Settings {
        unknown_fields: true,
        cometchat: cometchat::Settings { wrapped_in_members: true, ..cometchat::Settings::default() },
        ..Settings::default()
    });
    assert!(wrapped["data"]["members"]["participants"]["ghost"]["error"].is_object());
    assert!(wrapped.get("x_unseen").is_some());
}

#[test]
fn scope_kick_ban_and_unban() {
    let mut world = world();
    let path = format!("{FANS}/fan-003");
    let (status, answer) = ask(&mut world, CometChat, "PUT", &path, json!({ "scope": "moderator" }));
    assert_eq!((status, &answer["data"]["scope"]), (200, &json!("moderator")));
    let code = |(_, answer): (u16, Value)| answer["error"]["code"].as_str().unwrap_or("none").to_owned();
    assert_eq!(
        code(ask(&mut world, CometChat, "PUT", &path, json!({ "scope": "moderator" }))),
        "ERR_SAME_SCOPE"
    );
    assert_eq!(
        code(ask(&mut world, CometChat, "PUT", &path, json!({ "scope": "owner" }))),
        "ERR_BAD_REQUEST"
    );
    assert_eq!(code(ask(&mut world, CometChat, "DELETE", &path, Value::Null)), "none");
    assert_eq!(code(ask(&mut world, CometChat, "DELETE", &path, Value::Null)), "ERR_NOT_A_MEMBER");
    let ban = "/groups/superhero-fans/bannedusers/fan-004";
    assert_eq!(code(ask(&mut world, CometChat, "POST", ban, Value::Null)), "none");
    assert_eq!(code(ask(&mut world, CometChat, "POST", ban, Value::Null)), "ERR_ALREADY_BANNED");
    assert_eq!(get(&mut world, "/groups/superhero-fans/bannedusers")["data"][0]["uid"], "fan-004");
    assert_eq!(code(ask(&mut world, CometChat, "DELETE", ban, Value::Null)), "none");
    assert_eq!(code(ask(&mut world, CometChat, "DELETE", ban, Value::Null)), "ERR_NOT_A_BANNED_USER");
    let owner = format!("{FANS}/cap-admin");
    assert_eq!(code(ask(&mut world, CometChat, "DELETE", &owner, Value::Null)), "ERR_GROUP_NO_CLEARANCE");
    let demoted = ask(&mut world, CometChat, "PUT", &owner, json!({ "scope": "participant" }));
    assert_eq!(code(demoted), "ERR_GROUP_NO_SCOPE_CLEARANCE");
    assert_eq!(
        code(ask(&mut world, CometChat, "DELETE", "/groups/nowhere", Value::Null)),
        "ERR_GUID_NOT_FOUND"
    );
    assert_eq!(code(ask(&mut world, CometChat, "PATCH", "/groups", Value::Null)), "ERR_API_NOT_FOUND");
}

#[test]
fn an_acting_user_is_checked() {
    let mut world = world();
    let scope = |name: &str| json!({ "scope": name });
    let target = format!("{FANS}/fan-005");
    for (actor, method, path, sent, expected) in [
        ("ghost", "PUT", target.clone(), scope("admin"), "ERR_UID_NOT_FOUND"),
        (ids::GUEST, "PUT", target.clone(), scope("admin"), "ERR_PERMISSION_DENIED"),
        (ids::NEWCOMER, "PUT", target.clone(), scope("admin"), "ERR_GROUP_NOT_JOINED"),
        ("fan-006", "PUT", target.clone(), scope("moderator"), "ERR_GROUP_NO_SCOPE_CLEARANCE"),
        (ids::NIGHT_MOD, "PUT", target.clone(), scope("admin"), "ERR_GROUP_NO_SCOPE_CLEARANCE"),
        (ids::NIGHT_MOD, "DELETE", format!("{FANS}/dawn-mod"), json!({}), "ERR_GROUP_NO_CLEARANCE"),
        (
            ids::STORM_ADMIN,
            "PUT",
            format!("{FANS}/aurora-admin"),
            scope("moderator"),
            "ERR_GROUP_NO_SCOPE_CLEARANCE",
        ),
        (
            "fan-006",
            "POST",
            FANS.into(),
            json!({ "participants": ["fan-300"] }),
            "ERR_GROUP_NO_MODERATOR_SCOPE",
        ),
        (ids::NIGHT_MOD, "POST", FANS.into(), json!({ "admins": ["fan-300"] }), "ERR_GROUP_NO_ADMIN_SCOPE"),
        (ids::NIGHT_MOD, "DELETE", "/groups/superhero-fans".into(), json!({}), "ERR_GROUP_NO_ADMIN_SCOPE"),
        ("fan-005", "DELETE", target.clone(), json!({}), "ERR_GROUP_NO_SELF_ACTION"),
    ] {
        let (_, answer) = act(&mut world, actor, method, &path, sent);
        assert_eq!(answer["error"]["code"], expected, "{actor} {method} {path}");
    }
    assert_eq!(act(&mut world, ids::NIGHT_MOD, "PUT", &target, scope("moderator")).0, 200);
    assert_eq!(
        act(&mut world, ids::CAP_ADMIN, "PUT", &format!("{FANS}/aurora-admin"), scope("moderator")).0,
        200
    );
}

#[test]
fn groups_are_created_changed_and_deleted() {
    let mut world = world();
    let sent = json!({ "guid": "Hikers-2", "name": "Hikers 2", "type": "private", "owner": "fan-001",
        "members": { "admins": ["fan-001"], "moderators": ["fan-002"], "participants": ["ghost"] } });
    let (status, answer) = ask(&mut world, CometChat, "POST", "/groups", sent);
    assert_eq!(
        (status, &answer["data"]["guid"], &answer["data"]["membersCount"]),
        (200, &json!("hikers-2"), &json!(2))
    );
    assert_eq!(answer["data"]["members"]["participants"]["ghost"]["error"]["code"], "ERR_UID_NOT_FOUND");
    let (status, answer) =
        ask(&mut world, CometChat, "POST", "/groups", json!({ "guid": "hikers-2", "name": "x" }));
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("ERR_GUID_ALREADY_EXISTS")));
    let (_, answer) = ask(
        &mut world,
        CometChat,
        "POST",
        "/groups",
        json!({ "guid": "p", "name": "P", "type": "password" }),
    );
    assert_eq!(answer["error"]["code"], "ERR_EMPTY_GROUP_PASS");
    let (_, answer) =
        ask(&mut world, CometChat, "POST", "/groups", json!({ "guid": "a b", "icon": "javascript:x" }));
    let details: Vec<&String> = answer["error"]["details"].as_object().unwrap().keys().collect();
    assert_eq!(details, ["guid", "icon", "name"]);
    let (_, answer) = ask(
        &mut world,
        CometChat,
        "PUT",
        "/groups/hikers-2",
        json!({ "owner": "fan-002", "name": "Walkers" }),
    );
    assert_eq!((&answer["data"]["owner"], &answer["data"]["name"]), (&json!("fan-002"), &json!("Walkers")));
    let (_, answer) = act(&mut world, "fan-002", "PUT", "/groups/hikers-2", json!({ "owner": "fan-001" }));
    assert_eq!(answer["data"]["owner"], "fan-002");
    assert_eq!(ask(&mut world, CometChat, "DELETE", "/groups/hikers-2", Value::Null).0, 200);
    assert_eq!(ask(&mut world, CometChat, "DELETE", "/groups/hikers-2", Value::Null).0, 404);
}

#[test]
fn lists_page_and_filter() {
    let mut world = world();
    let page = get(&mut world, "/groups/metropolis/members?perPage=5000&page=30");
    assert_eq!(
        page["meta"]["pagination"],
        json!({ "total": 30000, "count": 1000, "per_page": 1000, "current_page": 30, "total_pages": 30 })
    );
    assert_eq!(get(&mut world, "/groups/metropolis/members?perPage=1000&page=31")["data"], json!([]));
    let staff = get(&mut world, "/groups/superhero-fans/members?scopes=admin,moderator");
    assert_eq!(staff["data"].as_array().unwrap().len(), 6);
    let sizes = [
        (ids::BOOK_CIRCLE, 5),
        (ids::TRAIL_RUNNERS, 40),
        (ids::OPEN_KITCHEN, 320),
        (ids::SUPERHERO_FANS, 43),
    ];
    for (guid, size) in sizes {
        assert_eq!(get(&mut world, &format!("/groups/{guid}"))["data"]["membersCount"], size, "{guid}");
    }
    assert_eq!(get(&mut world, "/users?searchKey=fan-00")["data"].as_array().unwrap().len(), 9);
    assert_eq!(get(&mut world, "/users?searchKey=dormant")["data"], json!([]));
    assert_eq!(get(&mut world, "/users?onlyDeactivated=true")["data"][0]["uid"], ids::DORMANT);
    let groups = get(&mut world, "/groups");
    let guids: Vec<&str> =
        groups["data"].as_array().unwrap().iter().map(|group| group["guid"].as_str().unwrap()).collect();
    assert_eq!(guids.len(), 9);
    assert_eq!(guids[0], ids::SUPERHERO_FANS);
    assert_eq!(get(&mut world, "/roles")["data"].as_array().unwrap().len(), 3);
}

#[test]
fn users_live_and_go() {
    let mut world = world();
    let sent = json!({ "uid": "Quinn", "name": "Quinn", "tags": ["spring"] });
    assert_eq!(ask(&mut world, CometChat, "POST", "/users", sent.clone()).1["data"]["uid"], "quinn");
    assert_eq!(
        ask(&mut world, CometChat, "POST", "/users", sent).1["error"]["code"],
        "ERR_UID_ALREADY_EXISTS"
    );
    assert_eq!(
        ask(&mut world, CometChat, "POST", "/users", json!({ "uid": "a b", "name": "x" })).1["error"]["code"],
        "ERR_INVALID_UID"
    );
    assert_eq!(
        ask(&mut world, CometChat, "PUT", "/users/quinn", json!({ "role": "king" })).1["error"]["code"],
        "ERR_ROLE_NOT_FOUND"
    );
    let off =
        ask(&mut world, CometChat, "DELETE", "/users", json!({ "uidsToDeactivate": ["quinn", "ghost"] }));
    assert_eq!(off.1["data"], json!({ "deactivatedUids": ["quinn"] }));
    assert_eq!(get(&mut world, "/users/quinn")["error"]["code"], "ERR_UID_NOT_FOUND");
    let on = ask(&mut world, CometChat, "PUT", "/users", json!({ "uidsToActivate": ["quinn"] }));
    assert_eq!(on.1["data"], json!({ "nonDeactivatedUids": ["quinn"] }));
    assert_eq!(ask(&mut world, CometChat, "DELETE", "/users/quinn", json!({ "permanent": true })).0, 200);
}
