//! Networked's emulator behaves as its documents describe.

use domain::Vendor::Networked;
use sandbox::networked::{self, PlansForm};
use sandbox::{Settings, World, ids};
use serde_json::{Value, json};

use super::ask::{NOW, ask, body, request, response, world};

const ADD: &str = "/api/v1/admin/community/addExternalUsers";
const INVITE: &str = "/api/v1/admin/community/invites/emails";
const USERS: &str = "/api/v1/admin/community/users";

fn add(world: &mut World, form: &str) -> (u16, Value) {
    let sent =
        request(Networked, "POST", ADD, &[("content-type", "application/x-www-form-urlencoded")], form);
    let answer = response(world.handle(Networked, &sent, NOW));
    (answer.status().as_u16(), body(&answer))
}

fn form(email: &str, method: u8) -> String {
    format!("email={email}&name=Ada+L%C3%B6w&roleId={}&method={method}", ids::NETWORKED_VIEWER)
}

#[test]
fn a_direct_add_answers_without_data_and_makes_a_user() {
    let mut world = world();
    let (status, answer) = add(&mut world, &form("Ada%40example.org", 2));
    assert_eq!(
        (status, &answer),
        (200, &json!({ "error": false, "message": "Operation completed successfully" }))
    );
    let (_, found) =
        ask(&mut world, Networked, "GET", &format!("{USERS}?keyword=ada%40example.org"), Value::Null);
    assert_eq!(found["data"]["totalUsers"], 1);
    assert_eq!(found["data"]["content"][0]["name"], "Ada Löw");
    let (status, answer) = add(&mut world, &form("ada%40EXAMPLE.org", 2));
    assert_eq!((status, &answer["error"]), (400, &json!(true)));
}

#[test]
fn an_invite_is_kept_apart_from_the_users() {
    let mut world = world();
    let (_, answer) = add(&mut world, &form("bo%40example.org", 1));
    assert_eq!(answer["data"]["email"], "bo@example.org");
    assert_eq!(answer["data"]["timeStamp"], NOW);
    assert_eq!(answer["data"]["inviteId"].as_str().unwrap().len(), 24);
    let dump = world.dump();
    assert!(dump["networked"]["invites"].get("bo@example.org").is_some());
    assert!(dump["networked"]["users"].get("bo@example.org").is_none());
}

#[test]
fn json_and_bad_fields_are_refused_and_passwords_are_not_kept() {
    let mut world = world();
    let before = world.dump();
    assert_eq!(add(&mut world, r#"{"email":"ada@example.org"}"#).0, 400);
    assert_eq!(add(&mut world, "email=a%40b.example&name=A&roleId=nope&method=1").0, 400);
    assert_eq!(add(&mut world, &form("no-address", 1)).0, 400);
    assert_eq!(add(&mut world, &form("a%40b.example", 3)).0, 400);
    assert_eq!(before, world.dump());
    let sent =
        request(Networked, "POST", ADD, &[], format!("{}&password=Tell-No-1", form("cy%40example.org", 2)));
    let handled = world.handle(Networked, &sent, NOW);
    assert!(!format!("{:?}{}", handled.events, world.dump()).contains("Tell-No-1"));
}

#[test]
fn each_invited_row_ends_in_success_failure_or_silence() {
    let mut world = world();
    let role = ids::NETWORKED_VIEWER;
    let rows = json!([
        { "name": "Ada", "tagId": role, "email": "ada@example.org" },
        { "name": "Ada", "tagId": role, "email": "ADA@example.org" },
        { "name": "", "tagId": role, "email": "noname@example.org" },
        { "name": "Skip", "tagId": role, "email": "not an address" },
        { "name": "Owner", "tagId": role, "email": ids::NETWORKED_OWNER_EMAIL },
    ]);
    let (status, answer) = ask(&mut world, Networked, "POST", INVITE, json!({ "users": rows }));
    assert_eq!((status, &answer["error"]), (200, &json!(false)));
    let list = |name: &str| -> Vec<&str> {
        answer["data"][name].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap()).collect()
    };
    assert_eq!(list("success"), ["ada@example.org"]);
    assert_eq!(list("failure"), ["ADA@example.org", "noname@example.org", ids::NETWORKED_OWNER_EMAIL]);
    assert!(answer["data"]["success"][0]["data"]["user"]["industries"].is_array());
    let (status, _) =
        ask(&mut world, Networked, "POST", INVITE, json!({ "users": [], "monetizationPlanIds": ["x"] }));
    assert_eq!(status, 400);
}

#[test]
fn users_page_by_offset() {
    let mut world = world();
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let path = format!("{USERS}?start={}&count=50&showInActive=true", seen.len());
        let (_, page) = ask(&mut world, Networked, "GET", &path, Value::Null);
        for row in page["data"]["content"].as_array().unwrap() {
            assert!(seen.insert(row["userId"].as_str().unwrap().to_owned()));
        }
        if page["data"]["nextStart"] == json!(false) {
            assert_eq!(page["data"]["totalUsers"], json!(seen.len()));
            break;
        }
    }
    assert_eq!(seen.len(), 140);
}

#[test]
fn plans_have_three_forms() {
    for (plans, is_array) in
        [(PlansForm::Array, true), (PlansForm::Wrapped, false), (PlansForm::NotUnderstood, false)]
    {
        let mut world = World::new(Settings {
            networked: networked::Settings { plans, ..networked::Settings::default() },
            ..Settings::default()
        });
        let (_, answer) = ask(&mut world, Networked, "GET", "/stripe/monetization/plans", Value::Null);
        assert_eq!(answer["data"].is_array(), is_array);
    }
}

#[test]
fn a_missing_key_is_401_and_an_unknown_path_404() {
    let mut world = world();
    let keyless = request(Networked, "GET", USERS, &[("x-api-key", "")], "");
    assert_eq!(response(world.handle(Networked, &keyless, NOW)).status(), 401);
    assert_eq!(ask(&mut world, Networked, "GET", "/plans", Value::Null).0, 404);
    assert_eq!(
        ask(&mut world, Networked, "GET", "/api/v1/global/tags/community", Value::Null).1["data"][4]["name"],
        "Season Ticket "
    );
}
