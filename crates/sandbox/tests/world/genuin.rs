//! Genuin's emulator behaves as its documents describe.

use domain::Vendor::Genuin;
use sandbox::{Settings, World, genuin, ids};
use serde_json::{Value, json};

use super::ask::{NOW, ask, body, request, response, world};

const ADD: &str = "/api/thirdparty/community/add_users";
const MODERATORS: &str = "/api/thirdparty/community/add_moderators";

fn users(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({ "user_id": id })).collect()
}

fn added(answer: &Value, list: &str) -> Vec<String> {
    let rows = answer["data"][list].as_array().unwrap();
    rows.iter().map(|row| row["member_id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn lists_only_the_people_who_were_added() {
    let mut world = world();
    let (old, new) = (ids::genuin_user(1), ids::genuin_user(90));
    let nobody = "00000000-1111-4000-8000-000000000000".to_owned();
    let sent = json!({ "communities": [ids::GENUIN_COMMUNITY], "users": users(&[old, new.clone(), nobody]) });
    let (status, answer) = ask(&mut world, Genuin, "POST", ADD, sent);
    assert_eq!(
        (status, &answer["code"], &answer["message"]),
        (200, &json!(200), &json!("XXXX-[Members Added]"))
    );
    assert_eq!(added(&answer, "members_added"), [new.as_str()]);
    assert_eq!(world.dump()["genuin"]["communities"][ids::GENUIN_COMMUNITY]["members"][&new], 2);
    assert!(answer["data"]["members_added"][0].get("role").is_none());
}

#[test]
fn a_new_phone_becomes_a_person_without_a_name() {
    let mut world = world();
    let sent = json!({ "communities": [ids::GENUIN_SMALL_COMMUNITY], "users": [{ "phone_number": "447700900123" }] });
    let (_, answer) = ask(&mut world, Genuin, "POST", ADD, sent);
    let row = &answer["data"]["members_added"][0];
    assert_eq!((&row["phone"], &row["name"]), (&json!("447700900123"), &Value::Null));
}

#[test]
fn flags_invite_and_approve() {
    let mut world = world();
    let crew = ids::GENUIN_PRIVATE_COMMUNITY;
    let asked = ids::genuin_user(80);
    let stranger = ids::genuin_user(90);
    let people = users(&[asked.clone(), stranger.clone()]);
    let sent = json!({ "communities": [crew], "users": people, "join_request_approved": true });
    let (_, answer) = ask(&mut world, Genuin, "POST", ADD, sent);
    assert_eq!(added(&answer, "members_added"), [asked.as_str()]);
    let sent = json!({ "communities": [crew], "users": users(std::slice::from_ref(&stranger)), "invite_members": true });
    let (_, answer) = ask(&mut world, Genuin, "POST", ADD, sent);
    assert_eq!(added(&answer, "members_added"), [stranger.as_str()]);
    let dump = world.dump();
    let crew = &dump["genuin"]["communities"][crew];
    assert!(crew["members"].get(&stranger).is_none());
    assert!(crew["invited"].as_array().unwrap().contains(&json!(stranger)));
}

#[test]
fn one_unknown_person_fails_the_call_for_moderators() {
    let mut world = world();
    let before = world.dump();
    let people = users(&[ids::genuin_user(9), "00000000-1111-4000-8000-000000000000".into()]);
    let (status, answer) = ask(
        &mut world,
        Genuin,
        "POST",
        MODERATORS,
        json!({ "community_id": ids::GENUIN_COMMUNITY, "users": people }),
    );
    assert_eq!((status, &answer["code"], &answer["data"]), (404, &json!("5218"), &json!({})));
    assert_eq!(before, world.dump());
    let people = users(&[ids::genuin_user(9)]);
    let (_, answer) = ask(
        &mut world,
        Genuin,
        "POST",
        MODERATORS,
        json!({ "community_id": ids::GENUIN_COMMUNITY, "users": people }),
    );
    assert_eq!(answer["message"], "XXXX-[Members Added]");
    let row = &answer["data"]["moderators_added"][0];
    assert_eq!((&row["role"], row.get("phone")), (&json!(3), None));
}

#[test]
fn refuses_with_the_documented_codes() {
    let mut world = world();
    for (path, sent, status, code) in [
        (ADD, json!([1]), 400, "1099"),
        (ADD, json!({ "communities": ["x"] }), 412, "5166"),
        (
            ADD,
            json!({ "communities": ["nowhere"], "users": [{ "user_id": ids::genuin_user(1) }] }),
            404,
            "5218",
        ),
        (MODERATORS, json!({ "users": [{ "user_id": ids::genuin_user(1) }] }), 412, "5166"),
    ] {
        let (got, answer) = ask(&mut world, Genuin, "POST", path, sent);
        assert_eq!((got, &answer["code"]), (status, &json!(code)), "{path}");
    }
}

#[test]
fn a_group_update_takes_objects_and_bare_strings() {
    let mut world = world();
    let path = format!("/api/thirdparty/update_conversation/{}", ids::GENUIN_GROUP);
    let (old, new, follower) = (ids::genuin_user(1), ids::genuin_user(90), ids::genuin_user(41));
    let sent = json!({ "members_added": users(std::slice::from_ref(&new)), "members_removed": [old],
        "subscribers_removed": [follower], "name": "Evening takes" });
    let (status, answer) = ask(&mut world, Genuin, "PATCH", &path, sent);
    assert_eq!(status, 200);
    let data = &answer["data"];
    assert_eq!(data["members_added"][0]["member_id"], json!(new));
    assert_eq!(data["members_removed"], json!([old]));
    assert_eq!(data["subscribers_removed"], json!([{ "member_id": follower }]));
    assert_eq!((&data["name_updated"], &data["dp_updated"]), (&json!(true), &json!(false)));
    assert_eq!(world.dump()["genuin"]["groups"][ids::GENUIN_GROUP]["name"], "Evening takes");
}

#[test]
fn creates_a_community_and_a_group_in_it() {
    let mut world = world();
    let (_, answer) = ask(
        &mut world,
        Genuin,
        "POST",
        "/api/thirdparty/community/create",
        json!({ "handle": "garden-club", "name": "Garden Club", "type": 2, "actions": [] }),
    );
    let community = answer["data"]["community_id"].as_str().unwrap().to_owned();
    let chat = "b2d6f8a0-4c3e-4f15-8e7a-0d9c6b5a4f31";
    let sent = json!({ "type": 4, "community_id": community, "chat_id": chat,
        "group": { "name": "Seeds", "members": [{ "user_id": ids::genuin_user(5) }, { "phone_number": "4915550001" }] } });
    let (status, answer) = ask(&mut world, Genuin, "POST", "/api/thirdparty/group/create", sent);
    assert_eq!((status, &answer["data"]["chat_id"]), (200, &json!(chat)));
    assert_eq!(world.dump()["genuin"]["groups"][chat]["members"].as_array().unwrap().len(), 2);
}

#[test]
fn a_token_is_good_until_it_is_old() {
    let mut world = World::new(Settings {
        genuin: genuin::Settings { token_lifetime_ms: 1_000, ..genuin::Settings::default() },
        ..Settings::default()
    });
    let sign_in = json!({ "api_key": "sandbox-key", "api_secret": "sandbox-secret" }).to_string();
    let signed = request(Genuin, "POST", "/api/thirdparty/auth", &[("authorization", "")], sign_in);
    let answer = response(world.handle(Genuin, &signed, NOW));
    assert_eq!(body(&answer)["code"], 200);
    let bearer = format!("Bearer {}", answer.headers()["gn-access-token"].to_str().unwrap());
    let sent = json!({ "communities": [ids::GENUIN_COMMUNITY], "users": users(&[ids::genuin_user(90)]) })
        .to_string();
    let call = request(Genuin, "POST", ADD, &[("authorization", &bearer)], sent);
    assert_eq!(response(world.handle(Genuin, &call, NOW + 999)).status(), 200);
    let late = response(world.handle(Genuin, &call, NOW + 1_000));
    assert_eq!((late.status().as_u16(), &body(&late)["code"]), (401, &json!("5159")));
    let forged = request(Genuin, "POST", ADD, &[("authorization", "Bearer sandbox-token-1-00000000")], "{}");
    assert_eq!(response(world.handle(Genuin, &forged, NOW)).status(), 401);
    let none = request(Genuin, "POST", ADD, &[("authorization", "")], "{}");
    assert_eq!(response(world.handle(Genuin, &none, NOW)).status(), 401);
}
