//! Calls to the sandbox's worker.

use browser::transport::{Sandbox, SandboxTransport, TransportError};
use domain::Vendor;
use http::{HeaderName, HeaderValue};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

fn line() -> SandboxTransport {
    SandboxTransport::new(harness::sandbox(), Vendor::CometChat)
}

#[wasm_bindgen_test]
async fn a_request_arrives_whole_and_so_does_the_answer() {
    let key = (HeaderName::from_static("apikey"), HeaderValue::from_static("k"));
    let response = line().send(&harness::request("/echo", "{\"ü\":1}"), Some(&key)).await.expect("an answer");
    assert_eq!(response.status(), 207);
    assert_eq!(response.headers()["retry-after"], "7");
    let seen: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(seen["vendor"], "cometchat");
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["body"], "{\"ü\":1}");
    assert_eq!(seen["headers"], serde_json::json!([["content-type", "application/json"], ["apikey", "k"]]));
}

#[wasm_bindgen_test]
async fn a_cut_line_is_unreachable_and_silence_is_given_up() {
    let line = line();
    assert_eq!(line.send(&harness::request("/cut", ""), None).await.err(), Some(TransportError::Unreachable));
    assert_eq!(line.send(&harness::request("/hang", ""), None).await.err(), Some(TransportError::TimedOut));
}

#[wasm_bindgen_test]
async fn answers_find_their_questions_when_many_are_asked_at_once() {
    let line = line();
    let echo = harness::request("/echo", "");
    let other = harness::request("/nowhere", "");
    let (a, b, c) = futures::join!(line.send(&echo, None), line.send(&other, None), line.send(&echo, None));
    let status = |answer: Result<vendors::Response, _>| answer.map(|response| response.status().as_u16());
    assert_eq!([status(a), status(b), status(c)], [Ok(207), Ok(401), Ok(207)]);
}

#[wasm_bindgen_test]
async fn the_sandbox_lists_what_it_provokes_and_begins_anew() {
    let sandbox = harness::sandbox();
    assert_eq!(sandbox.is_durable(), None);
    let listed = sandbox.sentinels().await.expect("a list");
    let values: Vec<_> = listed.iter().map(|sentinel| sentinel["value"].as_str()).collect();
    assert!(values.contains(&Some("uid-not-found")), "{values:?}");
    assert_eq!(sandbox.is_durable(), Some(false));
    assert_eq!(sandbox.reset().await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_worker_that_is_missing_is_unreachable_each_time() {
    let line = SandboxTransport::new(Sandbox::from_loader("/no-such-worker.js", 30_000), Vendor::Genuin);
    for _ in 0..2 {
        assert_eq!(
            line.send(&harness::request("/echo", ""), None).await.err(),
            Some(TransportError::Unreachable)
        );
    }
}
