//! Requests and answers of the contract's fixtures, and what no answer may do.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::outcome::Verdict;
use domain::person::RoleLevel;
use domain::query::Items;
use domain::{
    ApiError, Batch, ChangeId, Credentials, Cursor, Effect, ErrorClass, Flow, GroupId, Member, Outcome, Page,
    Person, PriceId, Query, RoleId, Secret,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::Networked;
use crate::fixture::{self, answer, batch, batch_of, json_body};
use crate::{Protocol, Request, Response};

const VIEWER: &str = "5f0000000000000000000a04";
const CONTRIBUTOR: &str = "5f0000000000000000000a03";
const ADMIN: &str = "5f0000000000000000000a01";
const PLAN: &str = "5f0000000000000000000f01";

fn register(flow: Flow, role: &str, price: Option<&str>, password: Option<&str>) -> Effect {
    let price = price.map(PriceId::new);
    Effect::Register { flow, role: RoleId::new(role), price, password: password.map(Secret::new) }
}

fn invite(role: &str, note: Option<&str>, prices: &[&str]) -> Effect {
    let prices = prices.iter().map(PriceId::new).collect();
    Effect::Invite { role: RoleId::new(role), note: note.map(Into::into), prices }
}

fn person(name: &str, address: &str) -> Person {
    Person::by_email(address).with_name(name)
}

fn ada() -> Person {
    person("Ada", "ada@example.org")
}

fn bo() -> Person {
    person("Bo", "bo@example.org")
}

fn cy() -> Person {
    person("Cy", "cy@example.org")
}

fn invites(people: impl IntoIterator<Item = Person>) -> Batch {
    batch(invite(VIEWER, None, &[]), people)
}

fn one(person: Person) -> Batch {
    batch(register(Flow::Invite, VIEWER, None, None), [person])
}

fn form_pairs(request: &Request) -> BTreeMap<String, String> {
    form_urlencoded::parse(request.body()).into_owned().collect()
}

/// Compares with a fixture: JSON by structure, forms by their pairs.
fn assert_request(batch: &Batch, name: &str, unsaid: &[&str]) {
    let request = Networked.encode(batch, None).expect("Networked has a call for this");
    let fixture = fixture::find("networked", name, "request");
    let mut expected = fixture.body();
    for field in unsaid {
        assert!(
            expected.as_object_mut().expect("an object").remove(*field).is_some(),
            "{name} has no {field}"
        );
    }
    let content_type = if fixture.encoding.as_deref() == Some("form") {
        let expected: BTreeMap<String, String> =
            serde_json::from_value(expected).expect("a flat object of texts");
        assert_eq!(form_pairs(&request), expected, "{name}");
        "application/x-www-form-urlencoded"
    } else {
        assert_eq!(json_body(&request), expected, "{name}");
        "application/json"
    };
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    assert_eq!(headers, [("content-type", content_type.as_bytes())], "{name}: no key may be in it");
    assert_eq!(
        (request.method(), Some(request.uri().path())),
        (&http::Method::POST, fixture.path.as_deref()),
        "{name}"
    );
}

#[test]
fn requests_equal_the_fixtures() {
    // The vendor's sample sends a password with an invite; the console never does.
    let sample = register(Flow::Invite, "69baa36beddb9f0012fdf102", None, Some("Aa1235678@"));
    let sample = batch(sample, [person("Example User 9", "example9@yopmail.com")]);
    assert_request(&sample, "add_user.documented", &["password"]);
    let pat = person("Pat Doe", "pat@example.org");
    assert_request(&batch(register(Flow::Invite, VIEWER, None, None), [pat]), "add_user.invite", &[]);
    let sam = register(Flow::Direct, CONTRIBUTOR, Some(PLAN), Some("Invented-Pass-1"));
    assert_request(&batch(sam, [person("Sam Roe", "sam@example.org")]), "add_user.direct", &[]);
    let welcome = invite(VIEWER, Some("Welcome!"), &[PLAN]);
    let two = [(ada(), Arc::new(welcome)), (bo(), Arc::new(invite(CONTRIBUTOR, None, &[PLAN])))];
    assert_request(&batch_of(two), "send_invites.all_ok", &[]);
    let viewer = Arc::new(invite(VIEWER, None, &[]));
    let three = [(ada(), viewer.clone()), (bo(), viewer.clone()), (cy(), Arc::new(invite(ADMIN, None, &[])))];
    assert_request(&batch_of(three), "send_invites.partial", &[]);
    let skipped = [ada(), person("No Mail", ""), person("Odd Mail", "not an address")];
    assert_request(&invites(skipped), "send_invites.skipped", &[]);
    let n_requests = fixture::all("networked").iter().filter(|fixture| fixture.kind == "request").count();
    assert_eq!(n_requests, 6, "a new fixture has to be added above");
}

#[test]
fn forms_hold_only_what_is_set() {
    let fields = |flow: Flow, price: Option<&str>, password: Option<&str>| {
        let request = Networked.encode(&batch(register(flow, VIEWER, price, password), [ada()]), None);
        let request = request.expect("there is a call");
        assert!(!String::from_utf8_lossy(request.body()).contains("undefined"));
        form_pairs(&request).into_keys().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(Flow::Invite, None, None), "email method name roleId");
    assert_eq!(fields(Flow::Invite, Some(PLAN), Some("secret")), "email method name planId roleId");
    assert_eq!(fields(Flow::Direct, Some(""), Some("")), "email method name roleId");
    assert_eq!(fields(Flow::Direct, Some(PLAN), Some("secret")), "email method name password planId roleId");
}

#[test]
fn forms_survive_any_text() {
    let effect = register(Flow::Direct, "a&b", None, Some("%41+ü&method=1"));
    let request =
        Networked.encode(&batch(effect, [person("Ann & Bo=ü", "a+b@example.org")]), None).expect("a call");
    let pairs = form_pairs(&request);
    let value = |name: &str| pairs.get(name).map(String::as_str);
    assert_eq!((value("email"), value("name")), (Some("a+b@example.org"), Some("Ann & Bo=ü")));
    let expected = (Some("%41+ü&method=1"), Some("a&b"), Some("2"));
    assert_eq!((value("password"), value("roleId"), value("method")), expected);
}

#[test]
fn refuses_what_it_has_no_call_for() {
    let kick = Effect::Kick { group: GroupId::new("g") };
    let tap = register(Flow::SingleTap, VIEWER, None, None);
    let direct = register(Flow::Direct, VIEWER, None, None);
    let table = [
        batch(kick, [ada()]),
        batch(tap, [ada()]),
        batch(direct.clone(), [ada(), bo()]),
        batch(direct, [Person::by_id("5f0000000000000000000c01")]),
        invites([Person::by_phone("15550123456")]),
    ];
    for sent in table {
        let error = Networked.encode(&sent, None).expect_err("there is no such call");
        assert_eq!((error.class, &*error.code), (ErrorClass::Refused, "console.unsupported"), "{sent:?}");
    }
    let error =
        Networked.encode_query(&Query::Groups { search: "".into() }, None, None).expect_err("no groups");
    assert_eq!(&*error.code, "console.unsupported");
}

/// Verdict and code of each person, `None` for those the reply leaves out; or class and code of the failure.
type Read = Result<Vec<Option<(Verdict, Option<String>)>>, (ErrorClass, String)>;

fn read(batch: &Batch, response: &Response) -> Read {
    let reply =
        Networked.decode(batch, response).map_err(|failure| (failure.0.class, failure.0.code.into()))?;
    let of =
        |id: ChangeId| reply.outcomes.iter().find(|(change, _)| *change == id).map(|(_, outcome)| outcome);
    let row = |outcome: &Outcome| (outcome.verdict(), outcome.error().map(|error| error.code.to_string()));
    Ok(batch.items.iter().map(|item| of(item.change).map(row)).collect())
}

const DONE: Option<(Verdict, Option<String>)> = Some((Verdict::Done, None));

fn refused(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Refused, Some(code.into())))
}

fn same(code: &str) -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Same, Some(code.into())))
}

fn skipped() -> Option<(Verdict, Option<String>)> {
    Some((Verdict::Unknown, Some("row.skipped".into())))
}

#[test]
fn every_answer_to_a_write_is_read_right() {
    use ErrorClass::*;
    let three = || invites([ada(), bo(), cy()]);
    let pat = || one(person("Pat Doe", "pat@example.org"));
    let direct = batch(register(Flow::Direct, VIEWER, None, None), [ada()]);
    let failed = |class: ErrorClass, code: &str| -> Read { Err((class, code.into())) };
    let table: Vec<(&str, Batch, Read)> = vec![
        ("add_user.invite_documented", one(person("Three", "example3@yopmail.com")), Ok(vec![DONE])),
        ("add_user.direct_documented", direct, Ok(vec![DONE])),
        ("add_user.unknown_fields", pat(), Ok(vec![DONE])),
        ("add_user.refused", pat(), failed(Refused, "http.refused")),
        ("add_user.error_true_with_200", pat(), failed(Refused, "http.refused")),
        ("add_user.unauthorized", pat(), failed(Auth, "http.unauthorized")),
        ("add_user.forbidden", pat(), failed(Auth, "http.forbidden")),
        ("add_user.rate_limited", pat(), failed(RateLimited, "http.rate_limited")),
        ("add_user.rate_limited_no_hint", pat(), failed(RateLimited, "http.rate_limited")),
        ("send_invites.all_ok", three(), Ok(vec![DONE, DONE, skipped()])),
        (
            "send_invites.partial",
            three(),
            Ok(vec![DONE, same("failure.duplicate"), refused("failure.permissions")]),
        ),
        (
            "send_invites.failure_as_object",
            three(),
            Ok(vec![skipped(), same("failure.duplicate"), refused("failure.*")]),
        ),
        (
            "send_invites.all_failed",
            three(),
            Ok(vec![refused("failure.validation"), same("failure.duplicate"), skipped()]),
        ),
        ("send_invites.skipped", three(), Ok(vec![DONE, skipped(), skipped()])),
        ("send_invites.case_changed", invites([person("Ada", " Ada@Example.org ")]), Ok(vec![DONE])),
        ("send_invites.empty", three(), Ok(vec![skipped(), skipped(), skipped()])),
        ("send_invites.unauthorized", three(), failed(Auth, "http.unauthorized")),
        ("send_invites.rate_limited", three(), failed(RateLimited, "http.rate_limited")),
    ];
    for (name, batch, expected) in &table {
        assert_eq!(read(batch, &fixture::response("networked", name)), *expected, "{name}");
    }
    for fixture in fixture::all("networked") {
        let is_write =
            ["networked/add_user.", "networked/send_invites."].iter().any(|p| fixture.file.starts_with(p));
        let is_compared =
            table.iter().any(|(name, ..)| fixture.file == format!("networked/{name}.response.json"));
        assert!(
            fixture.kind == "request" || !is_write || is_compared,
            "{} is not in the table",
            fixture.file
        );
    }
}

fn failure(name: &str) -> ApiError {
    Networked.decode(&one(ada()), &fixture::response("networked", name)).expect_err(name).0
}

#[test]
fn keeps_the_words_the_wait_and_the_status() {
    let error = failure("add_user.error_true_with_200");
    assert_eq!((error.message.as_deref(), error.status), (Some("Invalid role"), Some(200)));
    assert_eq!(failure("add_user.rate_limited").retry_after_ms, Some(42_000));
    assert_eq!(failure("add_user.rate_limited_no_hint").retry_after_ms, None);
    let reply = Networked.decode(&invites([bo()]), &fixture::response("networked", "send_invites.partial"));
    let reply = reply.expect("a success");
    let words = reply.outcomes[0].1.error().and_then(|error| error.message.as_deref());
    assert_eq!(words, Some("User is already invited"));
}

#[test]
fn tells_of_the_invites() {
    let response = fixture::response("networked", "add_user.invite_documented");
    let reply =
        Networked.decode(&one(person("Three", "Example3@yopmail.com")), &response).expect("a success");
    let expected = Member {
        name: Some("Three".into()),
        email: Some("example3@yopmail.com".into()),
        created_at: Some(1_753_697_870_638),
        invite_id: Some("68874e4e81110b2a6ca6b54a".into()),
        ..Member::default()
    };
    assert_eq!(reply.members, [expected]);
    let reply =
        Networked.decode(&invites([ada(), bo()]), &fixture::response("networked", "send_invites.all_ok"));
    let ids: Vec<_> =
        reply.expect("a success").members.into_iter().map(|member| (member.id, member.invite_id)).collect();
    let invite = |id: &str| ("".into(), Some(id.into()));
    assert_eq!(ids, [invite("5f0000000000000000000b01"), invite("5f0000000000000000000b02")]);
}

#[test]
fn an_answer_about_somebody_else_says_nothing() {
    let response = fixture::response("networked", "add_user.invite_documented");
    let reply = Networked.decode(&one(ada()), &response).expect("a success");
    assert_eq!((reply.outcomes.len(), reply.members.len()), (0, 0));
    let body = json!({"data": {"success": [{"email": "eve@example.org"}], "failure": []}, "error": false});
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![skipped()]));
}

#[test]
fn reads_reasons_with_care() {
    let table = [
        (json!("Duplicate"), same("failure.duplicate")),
        (json!("already a member of the community"), same("failure.duplicate")),
        (json!({"code": "DUPLICATE"}), same("failure.duplicate")),
        (json!(["User already exists", "x"]), same("failure.duplicate")),
        (json!("You do not have permission to invite, user already exists"), refused("failure.permissions")),
        (json!("Validation: already invited"), refused("failure.validation")),
        (json!("email is required"), refused("failure.validation")),
        (json!("role does not exist"), refused("failure.*")),
        (json!("ALREADY"), refused("failure.*")),
        (json!(null), refused("failure.*")),
        (json!(true), refused("failure.*")),
        (json!(17), refused("failure.*")),
    ];
    for (error, expected) in table {
        let row = json!({"email": "ada@example.org", "error": error});
        let body = json!({"data": {"success": [], "failure": [row]}, "error": false, "message": "Success"});
        assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![expected]), "{error}");
    }
    let body = json!({"data": {"success": [], "failure": [{"email": "ada@example.org"}]}, "error": false});
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![refused("failure.*")]));
    // Named in both lists: neither can be believed.
    let body = json!({"data": {"success": [{"email": "ada@example.org"}], "failure": [{"email": "ada@example.org"}]}});
    let unknown = Some((Verdict::Unknown, Some("row.differs".to_owned())));
    assert_eq!(read(&invites([ada()]), &answer(200, body.to_string())), Ok(vec![unknown]));
}

#[test]
fn unreadable_and_failed_answers() {
    use ErrorClass::*;
    let table = [
        (200, "", Unknown, "decode.empty"),
        (200, "<html>", Unknown, "decode.not_json"),
        (200, r#"{"data": {"succ"#, Unknown, "decode.truncated"),
        (200, "[]", Unknown, "decode.shape"),
        (200, "{}", Unknown, "decode.shape"),
        (200, r#"{"error": false, "message": "Success"}"#, Unknown, "decode.shape"),
        (200, r#"{"data": "Success", "error": false}"#, Unknown, "decode.shape"),
        (200, r#"{"data": {}, "error": "true"}"#, Refused, "http.refused"),
        (200, r#"{"data": {}, "error": {"message": "no"}}"#, Refused, "http.refused"),
        (404, "{}", Refused, "http.not_found"),
        (422, r#"{"error": true}"#, Refused, "http.refused"),
        (500, "", Server, "http.server"),
        (502, "<html>", Server, "http.server"),
        (552, "{}", Unknown, "http.server"),
        (302, "", Unknown, "http.unexpected"),
    ];
    for (status, body, class, code) in table {
        assert_eq!(
            read(&invites([ada()]), &answer(status, body)),
            Err((class, code.into())),
            "{status} {body}"
        );
    }
}

fn people() -> Query {
    Query::People { search: "".into() }
}

fn page(query: &Query, cursor: Option<u64>, name: &str) -> Result<Page, ApiError> {
    Networked.decode_page(query, cursor.map(Cursor), &fixture::response("networked", name))
}

#[test]
fn reads_pages_of_people() {
    let first = page(&people(), None, "list_users.page1").expect("a page");
    assert_eq!((first.next, first.total), (Some(Cursor(2)), Some(3)));
    let expected = Member {
        id: "5f0000000000000000000c02".into(),
        name: Some("Bo".into()),
        email: Some("bo@example.org".into()),
        role: Some((VIEWER.into(), "Viewer".into())),
        is_active: Some(false),
        ..Member::default()
    };
    assert_eq!(first.into_members()[1], expected);
    let last = page(&people(), Some(2), "list_users.page2").expect("a page");
    assert_eq!((last.next, last.total, last.into_members().len()), (None, Some(3), 1));
    let empty = page(&people(), None, "list_users.empty").expect("a page");
    assert_eq!((empty.next, empty.total, empty.into_members().len()), (None, Some(0), 0));
    let odd = page(&people(), None, "list_users.count_as_requested").expect("a page");
    assert_eq!((odd.next, odd.into_members().len()), (None, 1));
    let bare = page(&people(), None, "list_users.unknown_fields").expect("a page").into_members();
    assert_eq!((bare.len(), &bare[0].role), (1, &None));
    let error = page(&people(), None, "list_users.unauthorized").expect_err("a refusal");
    assert_eq!((error.class, error.message.as_deref()), (ErrorClass::Auth, Some("Unauthorized")));
}

#[test]
fn paging_comes_to_an_end() {
    let read = |body: Value, cursor: u64| {
        let page = Networked.decode_page(&people(), Some(Cursor(cursor)), &answer(200, body.to_string()));
        let page = page.expect("a page");
        (page.next.map(|cursor| cursor.0), page.total)
    };
    let rows = json!([{"userId": "a"}, {"userId": "b"}]);
    assert_eq!(read(json!({"data": {"content": [], "nextStart": true}}), 4), (None, None));
    assert_eq!(
        read(json!({"data": {"content": rows, "nextStart": "true", "totalUsers": "9"}}), 4),
        (Some(6), Some(9))
    );
    assert_eq!(read(json!({"data": {"content": rows, "nextStart": true, "start": 0}}), 4), (None, None));
    assert_eq!(read(json!({"data": {"content": rows, "totalUsers": 7}}), 4), (Some(6), Some(7)));
    assert_eq!(read(json!({"data": {"content": rows, "totalUsers": 0}}), 4), (None, None));
    assert_eq!(read(json!({"data": rows}), 0), (None, None));
}

#[test]
fn asks_for_people_in_the_wire_spelling() {
    let uri = |search: &str, cursor: Option<u64>| {
        let query = Query::People { search: search.into() };
        Networked.encode_query(&query, cursor.map(Cursor), None).expect("there is a call").uri().to_string()
    };
    let base = "/api/v1/admin/community/users?start";
    assert_eq!(uri("", None), format!("{base}=0&count=100&showInActive=true&sortType=recent"));
    let second = "=2&count=100&showInActive=true&sortType=recent&keyword=a%2Bb%40example.org+%26x%3D1%23";
    assert_eq!(uri(" a+b@example.org &x=1# ", Some(2)), format!("{base}{second}"));
    let long = Query::People { search: "ü".repeat(60_000).into() };
    assert_eq!(
        Networked.encode_query(&long, None, None).err().map(|error| error.code),
        Some("console.bad_id".into())
    );
    for (query, name) in [
        (Query::Roles, "list_roles.ok"),
        (Query::Prices, "list_plans.as_array"),
        (Query::Community, "get_community.ok"),
        (people(), "list_users.page1"),
    ] {
        let request = Networked.encode_query(&query, None, None).expect("there is a call");
        let path = fixture::find("networked", name, "response").path;
        assert_eq!(
            (Some(request.uri().path()), request.method()),
            (path.as_deref(), &http::Method::GET),
            "{name}"
        );
    }
    assert_eq!(Networked.probe(), Some(Query::Community));
}

#[test]
fn reads_roles() {
    let roles = |name: &str| match page(&Query::Roles, None, name).expect("a page").items {
        Items::Roles(roles) => roles.into_iter().map(|role| (role.name, role.level)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    use RoleLevel::*;
    let expected = [("Viewer", Other), ("Admin", Admin), ("Contributor", Other), ("Moderator", Moderator)];
    assert_eq!(roles("list_roles.ok"), expected.map(|(name, level)| (name.into(), level)));
    assert_eq!(roles("list_roles.custom")[4], ("Season Ticket".into(), Other));
    assert_eq!(roles("list_roles.empty"), []);
}

#[test]
fn reads_price_plans_defensively() {
    let prices = |name: &str| {
        page(&Query::Prices, None, name).map(|page| match page.items {
            Items::Prices(prices) => {
                prices.into_iter().map(|price| price.name.into()).collect::<Vec<String>>()
            }
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(prices("list_plans.as_array"), Ok(vec!["Monthly".into(), "Yearly".into()]));
    assert_eq!(prices("list_plans.wrapped"), Ok(vec!["Monthly".into()]));
    assert_eq!(prices("list_plans.empty"), Ok(vec![]));
    assert_eq!(prices("list_plans.not_understood").map_err(|error| error.code), Err("decode.shape".into()));
}

#[test]
fn reads_the_community() {
    let groups = page(&Query::Community, None, "get_community.ok").expect("a page").into_groups();
    let [group] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!((group.id.as_str(), &*group.name), ("5f0000000000000000000d01", "Demo Hub"));
    assert_eq!((group.owner.as_deref(), group.n_members), (Some("5f0000000000000000000c00"), None));
    let error = page(&Query::Community, None, "get_community.unauthorized").expect_err("a refusal");
    assert_eq!(error.class, ErrorClass::Auth);
}

#[test]
fn every_fixture_of_a_read_is_in_a_test() {
    let tests = include_str!("tests.rs");
    for fixture in fixture::all("networked").iter().filter(|fixture| fixture.kind == "response") {
        let name = fixture.file.trim_start_matches("networked/").trim_end_matches(".response.json");
        assert!(tests.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn the_key_stays_out_of_sight() {
    let (name, value) =
        Networked.authorization(&Credentials::Key(Secret::new("owner-key"))).expect("a header");
    assert_eq!(
        (name.as_str(), value.as_bytes(), value.is_sensitive()),
        ("x-api-key", &b"owner-key"[..], true)
    );
    assert!(!format!("{value:?}").contains("owner-key"));
    assert_eq!(Networked.authorization(&Credentials::None), None);
}

#[test]
fn keeps_the_documented_pace() {
    let limits = Networked.limits(false);
    let windows: Vec<_> = limits.windows.iter().map(|window| (window.span_ms, window.max)).collect();
    assert_eq!(windows, [(60_000, 10), (600_000, 50), (3_600_000, 120)]);
    let sizes = [invite(VIEWER, None, &[]), register(Flow::Direct, VIEWER, None, None)];
    assert_eq!(sizes.each_ref().map(limits.batch_size), [50, 1]);
}

fn near_answers() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec!["ada@example.org", "BO@example.org", "already invited", "0", ""])
            .prop_map(Value::from),
    ];
    let fields = vec![
        "data",
        "error",
        "message",
        "success",
        "failure",
        "email",
        "inviteId",
        "user",
        "content",
        "nextStart",
        "start",
        "totalUsers",
        "userId",
        "affiliatedTag",
        "tagId",
        "type",
        "id",
        "community",
        "communityId",
        "_id",
    ];
    leaf.prop_recursive(5, 50, 6, move |inner| {
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
        is_invite in any::<bool>(),
        status in prop_oneof![Just(200u16), 100u16..1000],
        cursor in prop::option::of(any::<u64>()),
        body in prop_oneof![
            near_answers().prop_map(|body| body.to_string().into_bytes()),
            near_answers().prop_map(|data| json!({"data": data, "error": false}).to_string().into_bytes()),
            prop::collection::vec(any::<u8>(), 0..100),
        ],
    ) {
        let sent = if is_invite { invites([ada(), bo(), Person::by_id("x")]) } else { one(ada()) };
        let response = answer(status, body);
        for query in [people(), Query::Roles, Query::Prices, Query::Community] {
            if let Ok(page) = Networked.decode_page(&query, cursor.map(Cursor), &response) {
                prop_assert!(page.next.is_none_or(|next| next.0 > cursor.unwrap_or(0)));
            }
        }
        if let Ok(reply) = Networked.decode(&sent, &response) {
            let mut named: Vec<_> = reply.outcomes.iter().map(|(change, _)| *change).collect();
            prop_assert!(named.iter().all(|change| sent.items.iter().any(|item| item.change == *change)));
            named.sort();
            named.dedup();
            prop_assert_eq!(named.len(), reply.outcomes.len());
        }
    }
}
