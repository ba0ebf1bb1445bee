//! Encoded requests.

use super::*;

/// Compares a request with a fixture, except for the `unsaid` fields, which Muster never sends.
fn assert_request(request: &Request, name: &str, unsaid: &[&str]) {
    let fixture = fixture::find("genuin", name, "request");
    let mut expected = fixture.body();
    for path in unsaid {
        let (parent, field) = path.rsplit_once('/').expect("a JSON pointer");
        let parent = expected.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        assert!(parent.remove(field).is_some(), "{name} has no {path}");
    }
    assert_eq!(json_body(request), expected, "{name}");
    assert_eq!(Some(request.uri().path()), fixture.path.as_deref(), "{name}");
    assert_eq!(request.uri().query(), None, "{name}");
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    assert_eq!(headers, [("content-type", &b"application/json"[..])], "{name}: no key may be in it");
    let method = if name.starts_with("update_group") { http::Method::PATCH } else { http::Method::POST };
    assert_eq!(request.method(), method, "{name}");
}

#[test]
fn requests_equal_the_fixtures() {
    let direct = || add(Flow::Direct, false);
    let phone = [Person::by_phone("15550123456")];
    assert_request(&encode(&batch(direct(), ids(&[ADA, BO]))), "add_users.ok", &[]);
    assert_request(&encode(&batch(direct(), ids(&[ADA, BO, CY]))), "add_users.partial", &[]);
    assert_request(&encode(&batch(direct(), phone)), "add_users.by_phone", &[]);
    let invite = batch(add(Flow::Invite, false), ids(&[ADA]));
    assert_request(&encode(&invite), "add_users.with_flags", &["/onboarding_communities"]);
    assert_request(&encode(&batch(moderate(), ids(&[ADA]))), "add_moderators.ok", &[]);
    assert_request(&encode(&batch(moderate(), ids(&[ADA, NOOR]))), "add_moderators.partial", &[]);
    let group = [Person { key: PersonKey::Group(CHAT.into()), name: None }];
    assert_request(&encode(&founded()), "create_group.ok", &[]);
    let new = Operation::CreateCommunity(Box::new(new_community()));
    assert_request(&encode(&batch(new, group.clone())), "create_community.ok", &[]);
    assert_request(&encode(&batch(join(), ids(&[ADA, BO]))), "update_group.add_members", &[]);
    assert_request(&encode(&batch(rename(), group)), "update_group.rename", &[]);
    let kicked = encode(&batch(kick(), ids(&[ADA])));
    assert_request(&kicked, "update_group.remove_members", &["/subscribers_removed"]);
    let unsubscribed = encode(&batch(unsubscribe(), ids(&[CY])));
    assert_request(&unsubscribed, "update_group.remove_members", &["/members_removed"]);
    let credentials =
        Credentials::KeyAndSecret { key: Secret::new("sandbox-key"), secret: Secret::new("sandbox-secret") };
    assert_request(&Genuin.sign_in(&credentials).expect("signs in"), "auth.ok", &[]);
}

#[test]
fn every_request_fixture_is_compared() {
    // A new fixture must be added to the list above.
    let n_requests = fixture::all("genuin").iter().filter(|fixture| fixture.kind == "request").count();
    assert_eq!(n_requests, 12);
    assert!(
        fixture::all("genuin").iter().all(|f| f.kind != "request" || f.encoding.as_deref() == Some("json"))
    );
}

#[test]
fn all_six_documented_fields_can_be_sent() {
    let body = wire::AddUsers {
        communities: vec![COMMUNITY],
        users: vec![wire::User::UserId(ADA)],
        onboarding_communities: Some(false),
        single_tap_join: Some(true),
        invite_members: Some(true),
        join_request_approved: Some(true),
    };
    let sent = serde_json::to_value(&body).expect("serialises");
    let documented: Value = serde_json::from_str(
        r#"{"onboarding_communities": "any", "communities": "any", "single_tap_join": "any",
            "invite_members": "any", "join_request_approved": "any", "users": "any"}"#,
    )
    .expect("the page's body");
    assert_eq!(fields(&sent), fields(&documented));
    assert!(!sent.to_string().contains("any"));
}

fn fields(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Every field documented for both creations and the update, except the video of a group.
#[test]
fn communities_and_groups_can_have_every_documented_field() {
    let made_by_ai = MadeByAi { community: true, picture: true, banner: true };
    let new = NewCommunity {
        picture: Some(file("dp.png")),
        banner: Some(file("b.png")),
        made_by_ai,
        ..new_community()
    };
    let sent = json_body(&encode(&batch(Operation::CreateCommunity(Box::new(new)), ids(&[CHAT]))));
    let expected = "actions banner categories description dp handle is_ai_generated is_ai_generated_banner \
                    is_ai_generated_dp name tags type users";
    assert_eq!(fields(&sent).join(" "), expected);
    assert_eq!((&sent["dp"], &sent["banner"]), (&json!("dp.png"), &json!("b.png")));
    assert_eq!(sent["categories"], json!({"existing": [12], "new": ["Balcony"]}));

    let new =
        NewGroup { picture: Some(file("dp.png")), template: Some(9), is_ai_generated: true, ..new_group() };
    let sent = json_body(&encode(&batch(Operation::CreateGroup(Box::new(new)), ids(&[CHAT]))));
    let expected = "chat_id community_id group is_ai_generated settings template_id type";
    assert_eq!(fields(&sent).join(" "), expected);
    assert_eq!(fields(&sent["group"]).join(" "), "description dp name tags topics");
    assert_eq!((&sent["group"]["topics"], &sent["template_id"]), (&json!([3]), &json!(9)));

    let whole = GroupEdit {
        name: Some("a".into()),
        description: Some("".into()),
        tags: Some("b".into()),
        picture: Some(PictureEdit::Set(file("dp.png"))),
        topics: Some(Vec::new()),
        is_discoverable: Some(true),
        ..Default::default()
    };
    let sent = json_body(&encode(&batch(edit(whole), ids(&[CHAT]))));
    let expected = json!({
        "name": "a", "description": "", "tags": "b", "dp": "dp.png", "topics": [],
        "settings": {"discoverable": true},
    });
    assert_eq!(sent, expected);
}

#[test]
fn only_the_chosen_flag_is_sent() {
    let table = [
        (Flow::Direct, false, json!({})),
        (Flow::Direct, true, json!({"onboarding_communities": true})),
        (Flow::SingleTap, false, json!({"single_tap_join": true})),
        (Flow::Invite, false, json!({"invite_members": true})),
        (Flow::ApproveRequest, true, json!({"join_request_approved": true, "onboarding_communities": true})),
    ];
    for (flow, is_onboarding, flags) in table {
        let mut body = json_body(&encode(&batch(add(flow, is_onboarding), ids(&[ADA]))));
        let fields = body.as_object_mut().expect("an object");
        assert_eq!(fields.remove("communities"), Some(json!([COMMUNITY])));
        assert_eq!(fields.remove("users"), Some(json!([{"user_id": ADA}])));
        assert_eq!(body, flags, "{flow:?}");
    }
}

#[test]
fn hostile_ids_stay_in_their_segment() {
    let request = encode(&batch(Operation::Kick { group: GroupId::new("../../auth?x=1#") }, ids(&[ADA])));
    let path = "/api/thirdparty/update_conversation/..%2F..%2Fauth%3Fx%3D1%23";
    assert_eq!((request.uri().path(), request.uri().query()), (path, None));
    let error = Genuin.encode(&batch(Operation::Kick { group: GroupId::new("..") }, ids(&[ADA])), None);
    assert_eq!(error.err().map(|error| error.code), Some("console.bad_id".into()));
}

#[test]
fn refuses_what_it_has_no_call_for() {
    let group = GroupId::new(CHAT);
    let hidden = GroupEdit { access: Some(Access::Private), ..Default::default() };
    let owned = NewGroup { owner: Some(ADA.into()), ..new_group() };
    let alone = NewGroup { community: None, ..new_group() };
    let hidden_group = NewGroup { access: Access::Private, ..new_group() };
    let bare = GroupEdit { picture: Some(PictureEdit::Clear), ..Default::default() };
    let operations = [
        Operation::AddToGroup { group: group.clone(), scope: Scope::Admin },
        Operation::SetScope { group: group.clone(), scope: Scope::Moderator },
        Operation::Ban { group: group.clone() },
        Operation::Unban { group: group.clone() },
        Operation::DeleteGroup { group },
        edit(hidden),
        Operation::CreateGroup(Box::new(owned)),
        Operation::CreateGroup(Box::new(alone)),
        Operation::CreateGroup(Box::new(hidden_group)),
        edit(bare),
    ];
    for operation in operations {
        let error =
            Genuin.encode(&batch(operation.clone(), ids(&[ADA])), None).expect_err("there is no such call");
        assert_eq!(
            (error.class, &*error.code),
            (ErrorClass::Refused, "console.unsupported"),
            "{operation:?}"
        );
    }
    assert!(Genuin.encode(&batch(moderate(), [Person::by_email("a@example.org")]), None).is_err());
    assert!(Genuin.encode(&batch(kick(), [Person::by_phone("15550123456")]), None).is_err());
    assert!(Genuin.encode(&batch(moderate(), [Person::by_phone("15550123456")]), None).is_err());
}

#[test]
fn only_people_share_calls() {
    let size = crate::limits(domain::Vendor::Genuin, false).batch_size;
    assert_eq!((size(&add(Flow::Direct, false)), size(&kick()), size(&rename())), (50, 50, 1));
    assert_eq!(size(&Operation::CreateGroup(Box::new(new_group()))), 1);
}

#[test]
fn the_pace_is_gentle_and_can_be_chosen() {
    let windows = |calls_per_minute| {
        let limits = crate::limits(
            domain::Vendor::Genuin,
            domain::connection::Pace { is_small_plan: false, calls_per_minute },
        );
        limits.windows.iter().map(|window| (window.span_ms, window.max)).collect::<Vec<_>>()
    };
    assert_eq!(windows(None), [(1_000, 1), (60_000, 30)]);
    assert_eq!(windows(Some(90)), [(1_000, 3), (60_000, 90)]);
    assert_eq!(windows(Some(0)), [(1_000, 1), (60_000, 1)], "never quite still");
    assert_eq!(windows(Some(u32::MAX)), [(1_000, 20), (60_000, 600)]);
}
