//! Responses have every field of the collected examples, with the same type.

use std::{fs, path::PathBuf};

use domain::Vendor;
use sandbox::ids;
use serde_json::{Value, json};

use super::ask::{ask, body, request, response, world};

fn fixture(file: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts/fixtures").join(file);
    serde_json::from_str(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}")))
        .unwrap()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Collects the fields of `example` that `answer` lacks or has with another type. Lists are compared by their
/// first rows, objects keyed by person by any entry; `free` names optional fields.
fn missing(example: &Value, answer: &Value, at: &str, free: &[&str], out: &mut Vec<String>) {
    match (example, answer) {
        (Value::Object(wanted), Value::Object(got)) => {
            for (name, field) in wanted {
                let place = format!("{at}.{name}");
                if free.contains(&name.as_str()) {
                    continue;
                }
                match got.get(name) {
                    Some(found) => missing(field, found, &place, free, out),
                    None => out.push(format!("{place} is missing")),
                }
            }
        }
        (Value::Array(wanted), Value::Array(got)) => {
            if let (Some(wanted), Some(got)) = (wanted.first(), got.first()) {
                missing(wanted, got, &format!("{at}[0]"), free, out);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (wanted, got) if kind(wanted) == kind(got) => {}
        (wanted, got) => out.push(format!("{at} is {}, expected {}", kind(got), kind(wanted))),
    }
}

fn check(file: &str, answer: &Value, free: &[&str]) {
    let mut out = Vec::new();
    missing(&fixture(file), answer, file, free, &mut out);
    assert!(out.is_empty(), "{}", out.join("\n"));
}

#[test]
fn cometchat_answers_look_like_the_examples() {
    let mut world = world();
    let mut go =
        |method: &str, path: &str, sent: Value| ask(&mut world, Vendor::CometChat, method, path, sent).1;
    check("cometchat/list_groups.ok.response.json", &go("GET", "/groups?withTags=true", Value::Null), &[]);
    check(
        "cometchat/list_members.ok.response.json",
        &go("GET", "/groups/superhero-fans/members", Value::Null),
        &[],
    );
    check(
        "cometchat/list_banned.with_ban_fields.response.json",
        &go("GET", "/groups/superhero-fans/bannedusers", Value::Null),
        &["scope"],
    );
    check(
        "cometchat/list_users.ok.response.json",
        &go("GET", "/users?searchKey=fan", Value::Null),
        &["avatar", "metadata", "tags"],
    );
    check("cometchat/get_user.ok.response.json", &go("GET", "/users/fan-001", Value::Null), &[]);
    check("cometchat/list_roles.ok.response.json", &go("GET", "/roles", Value::Null), &["updatedAt"]);
    let member = "/groups/superhero-fans/members/fan-001";
    check(
        "cometchat/change_scope.ok.response.json",
        &go("PUT", member, json!({ "scope": "moderator" })),
        &[],
    );
    check(
        "cometchat/change_scope.same_scope.response.json",
        &go("PUT", member, json!({ "scope": "moderator" })),
        &[],
    );
    check("cometchat/kick_member.ok.response.json", &go("DELETE", member, Value::Null), &[]);
    check("cometchat/kick_member.not_a_member.response.json", &go("DELETE", member, Value::Null), &[]);
    let ban = "/groups/superhero-fans/bannedusers/fan-001";
    check("cometchat/ban_user.ok.response.json", &go("POST", ban, Value::Null), &[]);
    check("cometchat/unban_user.ok.response.json", &go("DELETE", ban, Value::Null), &[]);
    let made = go(
        "POST",
        "/groups",
        json!({ "guid": "hikers", "name": "Hikers", "type": "public", "owner": "fan-001",
        "description": "Walks", "tags": ["outdoor"] }),
    );
    check("cometchat/create_group.ok.response.json", &made, &["scope", "joinedAt", "hasJoined"]);
    check(
        "cometchat/get_group.ok.response.json",
        &go("GET", "/groups/hikers", Value::Null),
        &["scope", "joinedAt", "hasJoined", "updatedAt", "icon", "metadata"],
    );
    let sent = json!({ "admins": ["fan-002"], "participants": ["ghost"] });
    let added = go("POST", "/groups/hikers/members", sent);
    let example = fixture("cometchat/add_members.ok.response.json");
    let mut out = Vec::new();
    missing(&example["data"]["admins"]["mila"], &added["data"]["admins"]["fan-002"], "add", &[], &mut out);
    let example = fixture("cometchat/add_members.partial.response.json");
    missing(
        &example["data"]["participants"]["ghost"],
        &added["data"]["participants"]["ghost"],
        "add",
        &[],
        &mut out,
    );
    assert!(out.is_empty(), "{out:?}");
    check("cometchat/delete_group.ok.response.json", &go("DELETE", "/groups/hikers", Value::Null), &[]);
}

#[test]
fn networked_answers_look_like_the_examples() {
    let mut world = world();
    let add = "/api/v1/admin/community/addExternalUsers";
    let mut post = |email: &str, method: u8| {
        let form = format!("email={email}&name=Ada&roleId={}&method={method}", ids::NETWORKED_VIEWER);
        body(&response(world.handle(
            Vendor::Networked,
            &request(Vendor::Networked, "POST", add, &[], form),
            1,
        )))
    };
    check("networked/add_user.invite_documented.response.json", &post("a@example.org", 1), &[]);
    check("networked/add_user.direct_documented.response.json", &post("b@example.org", 2), &[]);
    check("networked/add_user.refused.response.json", &post("b@example.org", 2), &[]);
    let rows = json!({ "users": [
        { "name": "Ada", "tagId": ids::NETWORKED_VIEWER, "email": "ada@example.org" },
        { "name": "Bo", "tagId": ids::NETWORKED_VIEWER, "email": "b@example.org" } ] });
    let mut go =
        |method: &str, path: &str, sent: Value| ask(&mut world, Vendor::Networked, method, path, sent).1;
    check(
        "networked/send_invites.partial.response.json",
        &go("POST", "/api/v1/admin/community/invites/emails", rows),
        &[],
    );
    check(
        "networked/list_users.page1.response.json",
        &go("GET", "/api/v1/admin/community/users", Value::Null),
        &[],
    );
    check(
        "networked/list_roles.custom.response.json",
        &go("GET", "/api/v1/global/tags/community", Value::Null),
        &[],
    );
    check(
        "networked/get_community.ok.response.json",
        &go("GET", "/api/v1/community/one/brief", Value::Null),
        &[],
    );
    check(
        "networked/list_plans.as_array.response.json",
        &go("GET", "/stripe/monetization/plans", Value::Null),
        &[],
    );
}

#[test]
fn genuin_answers_look_like_the_examples() {
    let mut world = world();
    let mut go = |method: &str, path: &str, sent: Value| {
        ask(&mut world, Vendor::Genuin, method, &format!("/api/thirdparty/{path}"), sent).1
    };
    let people = json!([{ "user_id": ids::genuin_user(90) }]);
    let sent = json!({ "communities": [ids::GENUIN_COMMUNITY], "users": people });
    check("genuin/add_users.documented.response.json", &go("POST", "community/add_users", sent), &[]);
    let sent = json!({ "community_id": ids::GENUIN_COMMUNITY, "users": people });
    check(
        "genuin/add_moderators.documented.response.json",
        &go("POST", "community/add_moderators", sent),
        &[],
    );
    for (file, sent) in [
        ("bad_request", json!({ "communities": 1, "users": people })),
        ("community_not_found", json!({ "communities": ["nowhere"], "users": people })),
        ("precondition", json!({})),
    ] {
        let answer = go("POST", "community/add_users", sent);
        check(&format!("genuin/add_users.{file}.response.json"), &answer, &[]);
        assert_eq!(answer["code"], fixture(&format!("genuin/add_users.{file}.response.json"))["code"]);
    }
    let sent = fixture("genuin/create_community.ok.request.json");
    check("genuin/create_community.ok.response.json", &go("POST", "community/create", sent), &[]);
    let update = format!("update_conversation/{}", ids::GENUIN_GROUP);
    check(
        "genuin/update_group.add_members.response.json",
        &go("PATCH", &update, json!({ "members_added": people })),
        &[],
    );
    let sent =
        json!({ "members_removed": [ids::genuin_user(1)], "subscribers_removed": [ids::genuin_user(40)] });
    check("genuin/update_group.remove_members.response.json", &go("PATCH", &update, sent), &[]);
    check(
        "genuin/auth.ok.response.json",
        &go("POST", "auth", json!({ "api_key": "k", "api_secret": "s" })),
        &[],
    );
}
