//! Tests of the routes without a socket: base paths, CORS, resets, held responses.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
};
use http::{Method, Request, Response, StatusCode};
use sandbox::Settings;
use sandbox_server::cors::Origins;
use sandbox_server::journal::Journal;
use sandbox_server::routes::router;
use sandbox_server::state::State;
use tower::ServiceExt as _;

const HOME: &str = "http://127.0.0.1:8080";

fn app() -> Router {
    let settings = Settings { latency: false, ..Settings::default() };
    let state = State::open(settings, Journal::in_memory().expect("opens")).expect("is empty");
    router(state, Origins::parse(&[HOME.to_owned()]).expect("is an origin"))
}

async fn send(app: &Router, request: http::request::Builder, body: &str) -> Response<String> {
    let request = request.body(Body::from(body.to_owned())).expect("is a request");
    let Ok(response) = app.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("has a body");
    Response::from_parts(parts, String::from_utf8(body.to_vec()).expect("is text"))
}

fn create_user(uid: &str) -> (http::request::Builder, String) {
    let request = Request::post("/cometchat/v3/users")
        .header("apikey", "any")
        .header("content-type", "application/json");
    (request, format!(r#"{{"uid":"{uid}","name":"Zoë"}}"#))
}

#[tokio::test]
async fn every_vendor_answers_below_its_base_path() {
    let app = app();
    let table = [
        (Request::get("/cometchat/v3/groups?perPage=1").header("apikey", "any"), StatusCode::OK),
        (Request::get("/networked/api/v1/community/one/brief").header("x-api-key", "any"), StatusCode::OK),
        (Request::post("/genuin/api/thirdparty/community/add_users"), StatusCode::UNAUTHORIZED),
        (Request::get("/cometchat/v3"), StatusCode::UNAUTHORIZED),
        (Request::get("/cometchat/groups"), StatusCode::NOT_FOUND),
        (Request::get("/genuinely/api"), StatusCode::NOT_FOUND),
        (Request::get("/"), StatusCode::NOT_FOUND),
    ];
    for (request, expected) in table {
        let uri = request.uri_ref().unwrap().clone();
        let status = send(&app, request, "").await.status();
        if uri == "/cometchat/v3" {
            assert!(status.is_client_error(), "{uri}: {status}");
        } else {
            assert_eq!(status, expected, "{uri}");
        }
    }
}

#[tokio::test]
async fn an_admitted_page_may_send_and_read_exactly_what_the_contracts_need() {
    let app = app();
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/cometchat/v3/groups")
        .header("origin", HOME)
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "apikey,content-type");
    let answer = send(&app, preflight, "").await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], HOME);
    assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_METHODS], "GET, POST, PUT, PATCH, DELETE");
    assert_eq!(
        answer.headers()[ACCESS_CONTROL_ALLOW_HEADERS],
        "apikey, onBehalfOf, authorization, content-type, x-api-key"
    );

    let call = Request::get("/cometchat/v3/groups").header("apikey", "any").header("origin", HOME);
    let answer = send(&app, call, "").await;
    assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], HOME);
    let exposed = answer.headers()[ACCESS_CONTROL_EXPOSE_HEADERS].to_str().unwrap();
    for header in ["gn-access-token", "Retry-After", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"] {
        assert!(exposed.split(", ").any(|name| name == header), "{header} in {exposed}");
    }
}

#[tokio::test]
async fn other_pages_are_told_nothing() {
    let app = app();
    for origin in
        ["http://127.0.0.1:8081", "https://127.0.0.1:8080", "null", "http://127.0.0.1:8080.example.org"]
    {
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri("/cometchat/v3/groups")
            .header("origin", origin)
            .header("access-control-request-method", "GET");
        let answer = send(&app, preflight, "").await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin}");
        let call = Request::get("/cometchat/v3/groups").header("apikey", "any").header("origin", origin);
        for answer in [answer, send(&app, call, "").await] {
            let told = answer.headers().keys().filter(|name| name.as_str().starts_with("access-control"));
            assert_eq!(told.count(), 0, "{origin}");
        }
    }
}

#[tokio::test]
async fn a_refusal_can_be_read_by_an_admitted_page_too() {
    let call = Request::get("/cometchat/v3/groups").header("origin", HOME);
    let answer = send(&app(), call, "").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], HOME);
}

#[tokio::test]
async fn a_reset_brings_the_seed_back_and_no_foreign_page_can_ask_for_it() {
    let app = app();
    let seed = send(&app, Request::get("/inspect"), "").await.into_body();
    let (request, body) = create_user("passing-by");
    assert_eq!(send(&app, request, &body).await.status(), StatusCode::OK);
    let changed = send(&app, Request::get("/inspect"), "").await.into_body();
    assert!(changed.contains("passing-by"));

    let foreign = Request::post("/reset").header("origin", "http://example.org");
    assert_eq!(send(&app, foreign, "").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&app, Request::get("/inspect"), "").await.into_body(), changed);

    assert_eq!(send(&app, Request::post("/reset"), "").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(send(&app, Request::get("/inspect"), "").await.into_body(), seed);
}

#[tokio::test]
async fn a_body_that_no_call_needs_is_not_read() {
    let body = "x".repeat(5 << 20);
    let answer = send(&app(), Request::post("/cometchat/v3/users").header("apikey", "any"), &body).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_answer_is_held_until_it_is_released() {
    let app = app();
    assert_eq!(send(&app, Request::post("/hold/users+uid-held"), "").await.status(), StatusCode::NO_CONTENT);
    let (request, body) = create_user("uid-held");
    let (other, other_body) = create_user("uid-free");
    let mut held = Box::pin(send(&app, request, &body));
    tokio::select! {
        biased;
        _ = &mut held => panic!("the answer came although it was held"),
        free = send(&app, other, &other_body) => assert_eq!(free.status(), StatusCode::OK),
    }
    // The call is executed nevertheless.
    assert!(send(&app, Request::get("/inspect"), "").await.body().contains("uid-held"));
    assert_eq!(
        send(&app, Request::delete("/hold/users+uid-held"), "").await.status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(held.await.status(), StatusCode::OK);
}
