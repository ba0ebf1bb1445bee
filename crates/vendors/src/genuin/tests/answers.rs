//! Decoded outcomes.

use super::*;

fn unknown(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Unknown, Some(code.into())))
}

#[test]
fn every_answer_fixture_is_read_right() {
    use ErrorClass::*;
    let people = || batch(add(Flow::Direct, false), ids(&[ADA, BO, CY]));
    let moderators = || batch(moderate(), ids(&[ADA, NOOR]));
    let renamed = || batch(rename(), [Person { key: PersonKey::Group(CHAT.into()), name: None }]);
    let founding = || batch(Operation::CreateCommunity(Box::new(new_community())), ids(&[ADA]));
    let grouped = || batch(Operation::CreateGroup(Box::new(new_group())), ids(&[ADA]));
    let documented = ids(&["c2fd91a1-faf8-48a8-9b3e-b2248c8acf21", "bd7608b7-5c0b-4fcc-9799-5944de1b6f5d"]);
    let documented_moderator = batch(moderate(), ids(&["8bf08f1f-9fb6-445b-85b4-156f19f6ae8b", ADA]));
    let failed = |class: ErrorClass, code: &str| -> Read { Err((class, code.into())) };
    let table: Vec<(&str, Batch, Read)> = vec![
        ("add_users.documented", batch(add(Flow::Direct, false), documented), Ok(vec![DONE, DONE])),
        ("add_users.partial", people(), Ok(vec![DONE, None, DONE])),
        ("add_users.none_added", people(), Ok(vec![None, None, None])),
        ("add_users.missing_list", people(), Ok(vec![None, None, None])),
        ("add_users.code_string_on_success", people(), Ok(vec![DONE, None, None])),
        ("add_users.unknown_fields", people(), Ok(vec![DONE, None, None])),
        ("add_users.bad_request", people(), failed(Refused, "1099")),
        ("add_users.community_not_found", people(), failed(NotFound, "5218")),
        ("add_users.code_number_on_error", people(), failed(NotFound, "5218")),
        ("add_users.precondition", people(), failed(Refused, "5166")),
        ("add_users.expired_as_precondition", people(), failed(Refused, "5166")),
        ("add_users.unauthorized", people(), failed(Auth, "5159")),
        ("add_users.unknown_code", people(), failed(Unknown, "9999")),
        ("add_users.rate_limited", people(), failed(RateLimited, "http.rate_limited")),
        ("add_users.server_error", people(), failed(Server, "http.server")),
        ("add_moderators.documented", documented_moderator, Ok(vec![DONE, None])),
        ("add_moderators.partial", moderators(), Ok(vec![None, DONE])),
        ("add_moderators.unexpected_role", moderators(), Ok(vec![unknown("row.role"), None])),
        ("add_moderators.bad_request", moderators(), failed(Refused, "1099")),
        ("add_moderators.not_found", moderators(), failed(NotFound, "5218")),
        ("add_moderators.precondition", moderators(), failed(Refused, "5166")),
        ("create_community.ok", founding(), Ok(vec![DONE])),
        ("create_community.bad_request", founding(), failed(Refused, "1099")),
        ("create_group.ok", grouped(), Ok(vec![DONE])),
        ("create_group.ok", founded(), Ok(vec![DONE, None, None])),
        ("update_group.add_members", batch(join(), ids(&[ADA, BO, CY])), Ok(vec![DONE, DONE, None])),
        ("update_group.remove_members", batch(kick(), ids(&[ADA, BO])), Ok(vec![DONE, None])),
        ("update_group.bad_request", renamed(), failed(Refused, "1099")),
        ("update_group.unauthorized", renamed(), failed(Auth, "5159")),
        ("update_group.server_error", renamed(), failed(Server, "http.server")),
    ];
    for (name, batch, expected) in &table {
        assert_eq!(read(batch, &fixture::response("genuin", name)), *expected, "{name}");
    }
    // In the same response, this list holds objects where the first one holds texts.
    let unsubscribed = batch(unsubscribe(), ids(&[ADA, CY]));
    let response = fixture::response("genuin", "update_group.remove_members");
    assert_eq!(read(&unsubscribed, &response), Ok(vec![None, DONE]));
    for fixture in fixture::all("genuin") {
        let is_compared =
            table.iter().any(|(name, ..)| fixture.file == format!("genuin/{name}.response.json"));
        let is_sign_in = fixture.file.starts_with("genuin/auth.");
        assert!(
            fixture.kind == "request" || is_sign_in || is_compared,
            "{} is not in the table",
            fixture.file
        );
    }
}

fn failure(name: &str) -> ApiError {
    let people = batch(add(Flow::Direct, false), ids(&[ADA]));
    Genuin.decode(&people, &fixture::response("genuin", name)).expect_err(name).error
}

#[test]
fn keeps_the_words_the_wait_and_the_status() {
    let error = failure("add_users.precondition");
    assert_eq!((error.message.as_deref(), error.status), (Some("Invalid Use of API"), Some(412)));
    let error = failure("add_users.rate_limited");
    assert_eq!((error.retry_after_ms, error.message.as_deref()), (Some(30_000), Some("Too many requests")));
    assert_eq!(error.details, [("code".into(), "429".into())]);
}

#[test]
fn names_the_people_of_the_answer() {
    let response = fixture::response("genuin", "add_users.unknown_fields");
    let reply = Genuin.decode(&batch(add(Flow::Direct, false), ids(&[ADA])), &response).expect("a success");
    let [member] = &reply.members[..] else { panic!("{:?}", reply.members) };
    assert_eq!((&*member.id, member.name.as_deref()), (ADA, Some("Ada")));
    assert_eq!(member.phone.as_deref(), Some("15550123456"));
}

#[test]
fn matches_by_phone_whatever_its_spelling_and_by_id_whatever_its_case() {
    let people =
        [Person::by_phone("15550123456"), Person::by_id(ADA.to_uppercase()), Person::by_phone("49151000111")];
    let added = batch(add(Flow::Direct, false), people);
    for phone in [json!("15550123456"), json!("+1 (555) 012-3456"), json!(15_550_123_456_u64)] {
        let body = json!({"code": 200, "data": {"members_added": [{"member_id": ADA, "phone": phone}]}});
        assert_eq!(read(&added, &answer(200, body.to_string())), Ok(vec![DONE, DONE, None]));
    }
}

#[test]
fn people_who_could_not_be_named_are_refused_and_not_unknown() {
    let mixed = batch(kick(), [Person::by_id(ADA), Person::by_phone("15550123456")]);
    assert_eq!(json_body(&encode(&mixed)), json!({"members_removed": [ADA]}));
    let refused = Some((Verdict::Refused, Some("console.unsupported".to_owned())));
    let response = fixture::response("genuin", "update_group.remove_members");
    assert_eq!(read(&mixed, &response), Ok(vec![DONE, refused]));
}

#[test]
fn moderators_are_sent_and_confirmed_by_id_alone() {
    let mixed = batch(moderate(), [Person::by_id(NOOR), Person::by_phone("15550123456")]);
    assert_eq!(json_body(&encode(&mixed))["users"], json!([{"user_id": NOOR}]));
    let refused = Some((Verdict::Refused, Some("console.unsupported".to_owned())));
    let row = json!({"member_id": NOOR, "phone": "15550123456", "role": 3});
    let body = json!({"code": 200, "data": {"moderators_added": [row]}}).to_string();
    assert_eq!(read(&mixed, &answer(200, body)), Ok(vec![DONE, refused]));
}

#[test]
fn tells_all_that_is_said_of_a_person() {
    let row = json!({
        "member_id": ADA, "name": "Ada", "bio": "Seeds\nand\u{202e} cuttings", "nickname": "ada-l",
        "phone": "+1 555 012 3456", "is_brand_system_user": true, "is_avatar": false, "profile_image": "",
        "profile_image_s": "https://media.example.com/s.png", "profile_image_m": "javascript:alert(1)",
        "profile_image_l": "https://media.example.com/l.png",
    });
    let body = json!({"code": 200, "data": {"members_added": [row]}}).to_string();
    let reply = Genuin.decode(&batch(add(Flow::Direct, false), ids(&[ADA])), &answer(200, body));
    let expected = Member {
        id: ADA.into(),
        name: Some("Ada".into()),
        phone: Some("15550123456".into()),
        nickname: Some("ada-l".into()),
        bio: Some("Seeds\nand cuttings".into()),
        picture: Some("https://media.example.com/l.png".into()),
        small_picture: Some("https://media.example.com/s.png".into()),
        is_avatar: Some(false),
        is_system: Some(true),
        ..Member::default()
    };
    assert_eq!(reply.expect("a success").members, [expected]);
    let documented = fixture::response("genuin", "add_users.documented");
    let reply = Genuin.decode(&batch(add(Flow::Direct, false), ids(&[ADA])), &documented);
    let member = &reply.expect("a success").members[0];
    assert_eq!((member.picture.as_deref(), member.is_avatar), (Some("alien"), Some(true)));
    assert_eq!(member.small_picture, None);
    assert_eq!((member.is_system, &member.bio, &member.nickname), (Some(false), &None, &None));
}

#[test]
fn tells_of_what_was_created() {
    let founded = batch(Operation::CreateCommunity(Box::new(new_community())), ids(&[ADA]));
    let reply =
        Genuin.decode(&founded, &fixture::response("genuin", "create_community.ok")).expect("a success");
    let group = reply.group.expect("the community");
    assert_eq!(
        (group.id.as_str(), &*group.name, group.owner.as_deref()),
        (COMMUNITY, "Garden Club", Some(BO))
    );
    for data in [json!({}), json!({"community_id": ""}), json!(null)] {
        let body = json!({"code": 200, "data": data}).to_string();
        assert_eq!(read(&founded, &answer(200, body)), Ok(vec![unknown("row.unconfirmed")]));
    }
    // The caller chose the id of a group, so another id is another group's.
    let grouped = batch(Operation::CreateGroup(Box::new(new_group())), ids(&[ADA]));
    for (id, expected) in [(CHAT.to_uppercase(), DONE), (COMMUNITY.to_owned(), unknown("row.unconfirmed"))] {
        let body = json!({"code": 200, "data": {"chat_id": id}}).to_string();
        assert_eq!(read(&grouped, &answer(200, body)), Ok(vec![expected]));
    }
}

#[test]
fn believes_an_edit_only_as_far_as_the_answer_goes() {
    let read = |operation: Operation, data: Value| {
        let body = json!({"code": 200, "data": data}).to_string();
        let reply = Genuin.decode(&batch(operation, ids(&[CHAT])), &answer(200, body)).expect("a success");
        reply.outcomes[0].1.clone()
    };
    let tags = || edit(GroupEdit { tags: Some("a,b".into()), ..Default::default() });
    assert_eq!(read(rename(), json!({"name_updated": true, "settings_updated": "true"})), Outcome::Applied);
    let code = |outcome: Outcome| outcome.error().map(|error| error.code.to_string());
    let unconfirmed = || Some("row.unconfirmed".to_owned());
    assert_eq!(code(read(rename(), json!({"name_updated": true}))), unconfirmed());
    assert_eq!(code(read(rename(), json!({}))), unconfirmed());
    assert_eq!(code(read(rename(), json!(null))), unconfirmed());
    // No field confirms the tags, but the response must at least have the right shape.
    assert_eq!(read(tags(), json!({"name_updated": false})), Outcome::Accepted);
    assert_eq!(code(read(tags(), json!({}))), unconfirmed());
    let refused = read(rename(), json!({"name_updated": false, "settings_updated": true}));
    assert_eq!(refused.error().map(|error| &*error.code), Some("row.differs"));
}

#[test]
fn an_unreadable_success_is_unknown() {
    let people = batch(add(Flow::Direct, false), ids(&[ADA]));
    let table = [
        ("", "decode.empty"),
        ("<html>502</html>", "decode.not_json"),
        (r#"{"code": 200, "data": {"mem"#, "decode.truncated"),
        ("[]", "decode.shape"),
        ("{}", "decode.shape"),
        ("\"OK\"", "decode.shape"),
        (r#"{"code": null, "data": {}}"#, "decode.shape"),
        (r#"{"group": "another service"}"#, "decode.shape"),
        (r#"{"message": "Unauthorized"}"#, "decode.shape"),
        (r#"{"data": null}"#, "decode.shape"),
        (
            r#"{"data": {"members_added": [{"member_id": "5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef"}]}}"#,
            "decode.shape",
        ),
        (r#"{"code": 200, "success": false, "data": {}}"#, "decode.shape"),
        (r#"{"code": 200, "error": "no seat", "data": {}}"#, "decode.shape"),
        (r#"{"code": 200, "data": {"statusCode": 400}}"#, "decode.shape"),
        (r#"{"code": 202, "data": {}}"#, "202"),
    ];
    for (body, code) in table {
        assert_eq!(read(&people, &answer(200, body)), Err((ErrorClass::Unknown, code.into())), "{body}");
    }
    for (body, class, code) in [
        (r#"{"success": false}"#, ErrorClass::Refused, "http.refused"),
        (r#"{"statusCode": 401, "message": "Unauthorized"}"#, ErrorClass::Auth, "http.unauthorized"),
        (r#"{"code": "429", "message": "Too many requests"}"#, ErrorClass::RateLimited, "http.rate_limited"),
        (r#"{"statusCode": 502}"#, ErrorClass::Server, "http.server"),
        (r#"{"code": "5166", "success": false}"#, ErrorClass::Refused, "5166"),
    ] {
        assert_eq!(read(&people, &answer(200, body)), Err((class, code.into())), "{body}");
    }
    assert_eq!(read(&people, &answer(408, "")), Err((ErrorClass::Unknown, "http.timed_out".into())));
    assert_eq!(
        read(&people, &answer(408, r#"{"code": "1099"}"#)).map_err(|(class, _)| class),
        Err(ErrorClass::Unknown)
    );
    // A row that contradicts itself.
    let row = json!({"code": 200, "data": {"members_added": [{"member_id": ADA, "error": "blocked"}]}});
    assert_eq!(read(&people, &answer(200, row.to_string())), Ok(vec![unknown("row.differs")]));
    // An error code counts even with a successful status.
    let body = r#"{"code": "5218", "message": "x", "data": {}}"#;
    assert_eq!(read(&people, &answer(200, body)), Err((ErrorClass::NotFound, "5218".into())));
    // A relay's error page for a failing host: the status decides.
    assert_eq!(read(&people, &answer(502, "<html>")), Err((ErrorClass::Server, "http.server".into())));
    // The code of a failing server does not turn "unknown" into "refused".
    assert_eq!(
        read(&people, &answer(500, r#"{"code": "1099"}"#)),
        Err((ErrorClass::Server, "http.server".into()))
    );
}
