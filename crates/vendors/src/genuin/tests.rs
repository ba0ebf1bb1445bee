//! Requests and answers of the contract's fixtures, and what no answer may do.

use domain::group::Access;
use domain::outcome::Verdict;
use domain::{
    ApiError, Batch, ChangeId, Credentials, Effect, ErrorClass, Flow, GroupEdit, GroupId, NewCommunity,
    NewGroup, Outcome, Person, PersonKey, Scope, Secret,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Genuin, wire};
use crate::fixture::{self, answer, batch, json_body};
use crate::{Protocol, Request};

const COMMUNITY: &str = "3f0c2a1e-5b7d-4c11-9a52-7c1d0e8b4f60";
const CHAT: &str = "b2d6f8a0-4c3e-4f15-8e7a-0d9c6b5a4f31";
const ADA: &str = "5d2f9c34-1a6b-4e08-b7c3-90ab12cd34ef";
const BO: &str = "8a1e6f20-0c4b-4f7e-8d39-2b6a5c9e7d11";
const CY: &str = "c7b0d5e8-93f1-4a2c-a6d4-1e0f5b8c2a97";
const NOOR: &str = "e41a7c63-2d58-4b90-9f3e-6c8d1a05b7f2";

fn add(flow: Flow, is_onboarding: bool) -> Effect {
    Effect::AddToCommunity { community: GroupId::new(COMMUNITY), flow, is_onboarding }
}

fn moderate() -> Effect {
    Effect::MakeModerator { community: GroupId::new(COMMUNITY) }
}

fn join() -> Effect {
    Effect::AddToGroup { group: GroupId::new(CHAT), scope: Scope::Participant }
}

fn kick() -> Effect {
    Effect::Kick { group: GroupId::new(CHAT) }
}

fn unsubscribe() -> Effect {
    Effect::Unsubscribe { group: GroupId::new(CHAT) }
}

fn edit(edit: GroupEdit) -> Effect {
    Effect::EditGroup { group: GroupId::new(CHAT), edit: Box::new(edit) }
}

fn rename() -> Effect {
    edit(GroupEdit {
        name: Some("Seed and cutting swap".into()),
        is_discoverable: Some(false),
        ..Default::default()
    })
}

fn new_group() -> NewGroup {
    NewGroup {
        id: GroupId::new(CHAT),
        community: Some(GroupId::new(COMMUNITY)),
        name: "Seed swap".into(),
        description: "Swap seeds".into(),
        tags: "seeds,swap".into(),
        access: Access::Public,
        owner: None,
        members: vec![
            (PersonKey::Id(ADA.into()), Scope::Participant),
            (PersonKey::Phone("15550123456".into()), Scope::Participant),
        ],
        is_discoverable: Some(true),
    }
}

fn new_community() -> NewCommunity {
    NewCommunity {
        handle: "garden-club".into(),
        name: "Garden Club".into(),
        description: "Growing things together #garden".into(),
        tags: "garden,plants".into(),
        is_private: true,
        members: vec![PersonKey::Id(ADA.into())],
    }
}

fn ids(ids: &[&str]) -> Vec<Person> {
    ids.iter().map(Person::by_id).collect()
}

fn encode(batch: &Batch) -> Request {
    Genuin.encode(batch, None).expect("Genuin has a call for this")
}

/// Compares with a fixture; `unsaid` are fields of it that no command of the console fills.
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
    let new = Effect::CreateGroup(Box::new(new_group()));
    assert_request(&encode(&batch(new, group.clone())), "create_group.ok", &["/group/topics"]);
    let new = Effect::CreateCommunity(Box::new(new_community()));
    assert_request(&encode(&batch(new, group.clone())), "create_community.ok", &["/categories"]);
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
    // The list above, by name: a new fixture has to be added there.
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
    let fields = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&sent), fields(&documented));
    assert!(!sent.to_string().contains("any"));
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
    let request = encode(&batch(Effect::Kick { group: GroupId::new("../../auth?x=1#") }, ids(&[ADA])));
    let path = "/api/thirdparty/update_conversation/..%2F..%2Fauth%3Fx%3D1%23";
    assert_eq!((request.uri().path(), request.uri().query()), (path, None));
    let error = Genuin.encode(&batch(Effect::Kick { group: GroupId::new("..") }, ids(&[ADA])), None);
    assert_eq!(error.err().map(|error| error.code), Some("console.bad_id".into()));
}

#[test]
fn refuses_what_it_has_no_call_for() {
    let group = GroupId::new(CHAT);
    let hidden = GroupEdit { access: Some(Access::Private), ..Default::default() };
    let owned = NewGroup { owner: Some(ADA.into()), ..new_group() };
    let alone = NewGroup { community: None, ..new_group() };
    let effects = [
        Effect::AddToGroup { group: group.clone(), scope: Scope::Admin },
        Effect::SetScope { group: group.clone(), scope: Scope::Moderator },
        Effect::Ban { group: group.clone() },
        Effect::Unban { group: group.clone() },
        Effect::DeleteGroup { group },
        edit(hidden),
        Effect::CreateGroup(Box::new(owned)),
        Effect::CreateGroup(Box::new(alone)),
    ];
    for effect in effects {
        let error =
            Genuin.encode(&batch(effect.clone(), ids(&[ADA])), None).expect_err("there is no such call");
        assert_eq!((error.class, &*error.code), (ErrorClass::Refused, "console.unsupported"), "{effect:?}");
    }
    assert!(Genuin.encode(&batch(moderate(), [Person::by_email("a@example.org")]), None).is_err());
    assert!(Genuin.encode(&batch(kick(), [Person::by_phone("15550123456")]), None).is_err());
}

/// Verdict and code of each person, `None` for those the reply leaves out; or class and code of the failure.
type Read = Result<Vec<Option<(Verdict, Option<String>)>>, (ErrorClass, String)>;

fn read(batch: &Batch, response: &crate::Response) -> Read {
    let reply = Genuin.decode(batch, response).map_err(|failure| (failure.0.class, failure.0.code.into()))?;
    let of =
        |id: ChangeId| reply.outcomes.iter().find(|(change, _)| *change == id).map(|(_, outcome)| outcome);
    let row = |outcome: &Outcome| (outcome.verdict(), outcome.error().map(|error| error.code.to_string()));
    Ok(batch.items.iter().map(|item| of(item.change).map(row)).collect())
}

const DONE: Option<(Verdict, Option<String>)> = Some((Verdict::Done, None));

fn unknown(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Unknown, Some(code.into())))
}

#[test]
fn every_answer_fixture_is_read_right() {
    use ErrorClass::*;
    let people = || batch(add(Flow::Direct, false), ids(&[ADA, BO, CY]));
    let moderators = || batch(moderate(), ids(&[ADA, NOOR]));
    let renamed = || batch(rename(), [Person { key: PersonKey::Group(CHAT.into()), name: None }]);
    let founded = || batch(Effect::CreateCommunity(Box::new(new_community())), ids(&[ADA]));
    let grouped = || batch(Effect::CreateGroup(Box::new(new_group())), ids(&[ADA]));
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
        ("create_community.ok", founded(), Ok(vec![DONE])),
        ("create_community.bad_request", founded(), failed(Refused, "1099")),
        ("create_group.ok", grouped(), Ok(vec![DONE])),
        ("update_group.add_members", batch(join(), ids(&[ADA, BO, CY])), Ok(vec![DONE, DONE, None])),
        ("update_group.remove_members", batch(kick(), ids(&[ADA, BO])), Ok(vec![DONE, None])),
        ("update_group.bad_request", renamed(), failed(Refused, "1099")),
        ("update_group.unauthorized", renamed(), failed(Auth, "5159")),
        ("update_group.server_error", renamed(), failed(Server, "http.server")),
    ];
    for (name, batch, expected) in &table {
        assert_eq!(read(batch, &fixture::response("genuin", name)), *expected, "{name}");
    }
    // The other list of the same answer holds an object where the first holds a text.
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
    Genuin.decode(&people, &fixture::response("genuin", name)).expect_err(name).0
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
fn tells_of_what_was_created() {
    let founded = batch(Effect::CreateCommunity(Box::new(new_community())), ids(&[ADA]));
    let reply =
        Genuin.decode(&founded, &fixture::response("genuin", "create_community.ok")).expect("a success");
    let group = reply.group.expect("the community");
    assert_eq!(
        (group.id.as_str(), &*group.name, group.owner.as_deref()),
        (COMMUNITY, "Garden Club", Some(BO))
    );
    let without_id = answer(200, r#"{"code": 200, "data": {}}"#);
    let reply = Genuin.decode(&founded, &without_id).expect("a success");
    assert_eq!((reply.outcomes, reply.group), (vec![(ChangeId(10), Outcome::Accepted)], None));
}

#[test]
fn believes_an_edit_only_as_far_as_the_answer_goes() {
    let read = |effect: Effect, data: Value| {
        let body = json!({"code": 200, "data": data}).to_string();
        let reply = Genuin.decode(&batch(effect, ids(&[CHAT])), &answer(200, body)).expect("a success");
        reply.outcomes[0].1.clone()
    };
    let tags = || edit(GroupEdit { tags: Some("a,b".into()), ..Default::default() });
    assert_eq!(read(rename(), json!({"name_updated": true, "settings_updated": "true"})), Outcome::Applied);
    assert_eq!(read(rename(), json!({"name_updated": true})), Outcome::Accepted);
    assert_eq!(read(tags(), json!({"name_updated": false})), Outcome::Accepted);
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
    ];
    for (body, code) in table {
        assert_eq!(read(&people, &answer(200, body)), Err((ErrorClass::Unknown, code.into())), "{body}");
    }
    // A code that speaks of failure counts although the status does not.
    let body = r#"{"code": "5218", "message": "x", "data": {}}"#;
    assert_eq!(read(&people, &answer(200, body)), Err((ErrorClass::NotFound, "5218".into())));
    // A relay's page for a failing host: the status decides.
    assert_eq!(read(&people, &answer(502, "<html>")), Err((ErrorClass::Server, "http.server".into())));
    // A failing server's code does not turn "not known" into "refused".
    assert_eq!(
        read(&people, &answer(500, r#"{"code": "1099"}"#)),
        Err((ErrorClass::Server, "http.server".into()))
    );
}

#[test]
fn signs_in_by_header_then_body() {
    let read = |name: &str| {
        let result = Genuin.decode_sign_in(&fixture::response("genuin", name));
        result.map(|token| token.expose().to_owned()).map_err(|error| (error.class, error.code.to_string()))
    };
    use ErrorClass::*;
    assert_eq!(read("auth.ok"), Ok("sandbox-token-0001".into()));
    assert_eq!(read("auth.token_in_body"), Ok("sandbox-token-0001".into()));
    assert_eq!(read("auth.no_token"), Err((Auth, "auth.no_token".into())));
    assert_eq!(read("auth.bad_request"), Err((Refused, "1099".into())));
    assert_eq!(read("auth.brand_not_found"), Err((NotFound, "5235".into())));
    assert_eq!(read("auth.precondition"), Err((Refused, "5166".into())));
    for body in [r#"{"code": 200, "data": {"token": "a\nb"}}"#, r#"{"code": 200, "data": {"token": "  "}}"#] {
        let error = Genuin.decode_sign_in(&answer(200, body)).expect_err("no header takes that");
        assert_eq!(&*error.code, "auth.no_token");
    }
    let fields = ["gn-access-token", "access_token", "token"];
    for field in fields {
        let body = json!({"code": 200, "data": {field: "tok-1"}}).to_string();
        assert_eq!(
            Genuin.decode_sign_in(&answer(200, body)).map(|token| token == Secret::new("tok-1")),
            Ok(true)
        );
    }
}

#[test]
fn knows_when_to_sign_in_again() {
    for (name, expected) in [
        ("add_users.unauthorized", true),
        ("add_users.expired_as_precondition", true),
        ("add_users.bad_request", false),
        ("add_users.community_not_found", false),
        ("add_users.documented", false),
    ] {
        assert_eq!(Genuin.is_token_expired(&fixture::response("genuin", name)), expected, "{name}");
    }
}

#[test]
fn only_a_token_goes_into_the_header() {
    let token = Credentials::Token(Secret::new("tok-1"));
    let (name, value) = Genuin.authorization(&token).expect("a header");
    assert_eq!(
        (name.as_str(), value.as_bytes(), value.is_sensitive()),
        ("authorization", &b"Bearer tok-1"[..], true)
    );
    assert!(!format!("{value:?}").contains("tok-1"));
    let pair = Credentials::KeyAndSecret { key: Secret::new("k"), secret: Secret::new("s") };
    assert_eq!((Genuin.authorization(&pair), Genuin.authorization(&Credentials::None)), (None, None));
    assert!(Genuin.sign_in(&token).is_none());
}

#[test]
fn only_people_share_calls() {
    let size = Genuin.limits(false).batch_size;
    assert_eq!((size(&add(Flow::Direct, false)), size(&kick()), size(&rename())), (50, 50, 1));
    assert_eq!(size(&Effect::CreateGroup(Box::new(new_group()))), 1);
}

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(add(Flow::Direct, false)),
        Just(moderate()),
        Just(join()),
        Just(kick()),
        Just(unsubscribe()),
        Just(rename()),
        Just(Effect::CreateGroup(Box::new(new_group()))),
        Just(Effect::CreateCommunity(Box::new(new_community()))),
    ]
}

/// Answers that are nearly right: known fields with values of any kind.
fn near_answers() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![ADA, BO, "15550123456", "200", "5218", ""]).prop_map(Value::from),
    ];
    let fields = vec![
        "code",
        "data",
        "message",
        "members_added",
        "moderators_added",
        "members_removed",
        "subscribers_removed",
        "member_id",
        "phone",
        "role",
        "community_id",
        "chat_id",
        "leader",
        "name_updated",
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let fields = prop::sample::select(fields.clone()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(fields, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_can_do_harm(
        effect in effects(),
        status in prop_oneof![Just(200u16), 100u16..1000],
        body in prop_oneof![
            near_answers().prop_map(|body| body.to_string().into_bytes()),
            near_answers().prop_map(|data| json!({"code": 200, "data": data}).to_string().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..100),
        ],
    ) {
        let people = [Person::by_id(ADA), Person::by_phone("15550123456"), Person::by_email("a@example.org")];
        let sent = batch(effect, people);
        let response = answer(status, body);
        let _ = (Genuin.decode_sign_in(&response), Genuin.is_token_expired(&response));
        if let Ok(reply) = Genuin.decode(&sent, &response) {
            let mut named: Vec<_> = reply.outcomes.iter().map(|(change, _)| *change).collect();
            prop_assert!(named.iter().all(|change| sent.items.iter().any(|item| item.change == *change)));
            named.sort();
            named.dedup();
            prop_assert_eq!(named.len(), reply.outcomes.len());
        }
    }
}
