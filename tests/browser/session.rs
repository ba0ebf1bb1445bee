//! Signing in, keys, and how a call is recorded.

use domain::{BaseUrl, ConnectionId, ConnectionKind, ConsoleCode, Credentials, Secret, Vendor};
use muster::state::session::{CallRecord, curl};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

fn key() -> Credentials {
    Credentials::Key(Secret::new("top-secret-key"))
}

#[wasm_bindgen_test]
async fn a_token_that_was_fetched_a_moment_ago_is_not_fetched_again() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::Genuin);
    // The vendor refuses the first token it issued: nothing is retried, and its response stands.
    let (response, _) =
        session.call(&connection, harness::request("/private", "{}")).await.expect("an answer");
    assert_eq!(response.status(), 401);
}

#[wasm_bindgen_test]
async fn an_old_token_that_is_refused_sends_nothing_twice_and_is_renewed_by_the_next_call() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::Genuin);
    session.call(&connection, harness::request("/echo", "{}")).await.expect("an answer");
    let failure = session.call(&connection, harness::request("/private", "{}")).await.expect_err("it is old");
    assert!(failure.error.is(ConsoleCode::TokenExpired) && !failure.is_sent);
    let (response, _) =
        session.call(&connection, harness::request("/private", "{}")).await.expect("an answer");
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"{\"signIns\":2}"[..]));
}

#[wasm_bindgen_test]
async fn calls_at_the_same_time_sign_in_once() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::Genuin);
    let call = || session.call(&connection, harness::request("/echo", "{}"));
    let (a, b) = futures::join!(call(), call());
    for answer in [a, b] {
        let (response, _) = answer.expect("an answer");
        assert!(String::from_utf8_lossy(response.body()).contains("Bearer token-1"));
    }
}

#[wasm_bindgen_test]
async fn nothing_is_sent_without_the_key_that_is_needed() {
    let (_owner, session) = harness::session();
    let mut connection = harness::connection(Vendor::CometChat);
    connection.kind = ConnectionKind::Direct;
    assert!(session.needs_key(&connection));
    let failure = session.call(&connection, harness::request("/echo", "")).await.expect_err("no key");
    assert_eq!((&*failure.error.code, failure.call), ("console.no_key", None));
    session.set_credentials(&connection, key());
    assert!(!session.needs_key(&connection));
    session.lock(&connection.id);
    assert!(session.needs_key(&connection));
}

#[wasm_bindgen_test]
async fn a_key_does_not_follow_its_connection_to_another_place() {
    let (_owner, session) = harness::session();
    let mut connection = harness::connection(Vendor::CometChat);
    connection.kind = ConnectionKind::Direct;
    session.save(connection.clone());
    session.set_credentials(&connection, key());
    connection.name = "Renamed".into();
    session.save(connection.clone());
    assert!(session.has_key(&connection.id), "a name is no place");
    connection.base_url = BaseUrl::parse("https://elsewhere.example", true).expect("a plain address");
    session.save(connection.clone());
    assert!(!session.has_key(&connection.id));
    session.remove(&connection.id);
    assert!(session.connections().is_empty());
}

#[wasm_bindgen_test]
async fn a_record_of_a_call_holds_no_secret() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.set_credentials(&connection, key());
    let body = r#"{"guid":"g","nested":[{"password":"hunter2"}],"name":"it's"}"#;
    let (response, record) =
        session.call(&connection, harness::request("/echo", body)).await.expect("an answer");
    let record = record.with_answer(&response);
    assert!(record.request_body.contains("•••") && record.request_body.contains("it's"));
    assert_eq!(record.status, Some(207));
    assert!(record.response_headers.iter().all(|(name, _)| &**name != "x-session-token"));
    assert!(record.response_headers.iter().any(|(name, _)| &**name == "retry-after"));
    let sent =
        format!("{:?} {:?} {}", record.request_headers, record.request_body, curl(&record, &connection));
    for secret in ["hunter2", "top-secret-key"] {
        assert!(!sent.contains(secret), "{sent}");
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_repeats_a_password_is_shown_without_it() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    let body = r#"{"guid":"g","password":"hunter2","name":"it's"}"#;
    let (response, record) =
        session.call(&connection, harness::request("/echo", body)).await.expect("an answer");
    let record = record.with_answer(&response);
    let shown = format!("{record:?} {}", String::from_utf8_lossy(response.body()));
    assert!(shown.contains("it's") && !shown.contains("hunter2"), "{shown}");
}

#[wasm_bindgen_test]
async fn an_answer_of_many_parts_is_shown_without_being_parsed() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    let (response, record) =
        session.call(&connection, harness::request("/many", "")).await.expect("an answer");
    let record = record.with_answer(&response);
    assert!(record.is_cut && record.response_body.starts_with(r#"[{"token":"•••"},{"":0}"#));
}

#[wasm_bindgen_test]
fn a_command_means_in_a_shell_what_was_sent() {
    let record = CallRecord {
        method: "POST".into(),
        path: "/groups/a'b;rm%20-rf/members?x=$HOME".into(),
        request_headers: vec![("content-type".into(), "application/json".into())],
        request_body: "{\"name\":\"it's `x` $(y)\"}".into(),
        status: None,
        response_headers: Vec::new(),
        response_body: "".into(),
        is_cut: false,
        sent_at: 0,
        took_ms: 0,
    };
    let expected = [
        r"curl -X POST 'https://api.example.org/v3/groups/a'\''b;rm%20-rf/members?x=$HOME' \",
        r#"  -H "apikey: $COMETCHAT_KEY" \"#,
        r"  -H 'content-type: application/json' \",
        r#"  --data-raw '{"name":"it'\''s `x` $(y)"}'"#,
    ];
    assert_eq!(curl(&record, &harness::connection(Vendor::CometChat)), expected.join("\n"));
    let mut relay = harness::connection(Vendor::Genuin);
    relay.kind = ConnectionKind::Relay;
    assert!(!curl(&record, &relay).contains("GENUIN_TOKEN"), "the relay adds it");
    assert!(
        curl(&record, &harness::connection(Vendor::Genuin))
            .contains(r#""authorization: Bearer $GENUIN_TOKEN""#)
    );
}

#[wasm_bindgen_test]
fn samples_are_added_once_and_ids_are_fresh() {
    let (_owner, session) = harness::session();
    session.add_samples_here(None);
    session.add_samples_here(None);
    let ids: Vec<String> = session.connections().iter().map(|c| c.id.to_string()).collect();
    assert_eq!(ids, ["founders-guild", "loop-studio", "superhero-fans"]);
    let fresh = |name: &str| session.fresh_id(name, Vendor::Genuin);
    assert_eq!(fresh("Loop  Studio!"), ConnectionId::new("loop-studio-2"));
    assert_eq!(fresh("Ünïcode & Co."), ConnectionId::new("n-code-co"));
    assert_eq!(fresh("日本"), ConnectionId::new("genuin"));
    assert_eq!(fresh("new"), ConnectionId::new("genuin"));
}
