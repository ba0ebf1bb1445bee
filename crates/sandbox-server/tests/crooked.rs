//! Tests of the base paths of hosts with a defect.

use axum::Router;
use axum::body::Body;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, DATE,
};
use http::{Request, Response, StatusCode};
use sandbox::Settings;
use sandbox_server::cors::Origins;
use sandbox_server::crooked::CROOKS;
use sandbox_server::journal::Journal;
use sandbox_server::options::HELP;
use sandbox_server::routes::router;
use sandbox_server::state::State;
use tower::ServiceExt as _;

const HOME: &str = "http://127.0.0.1:8080";

fn app() -> Router {
    let settings = Settings { latency: false, ..Settings::default() };
    let state = State::open(settings, Journal::in_memory().expect("opens")).expect("is empty");
    router(state, Origins::parse(&[HOME.to_owned()]).expect("is an origin"))
}

async fn read(name: &str, key: Option<&str>) -> Response<Body> {
    let mut request =
        Request::get(format!("/crooked/{name}/cometchat/v3/roles?perPage=1")).header("origin", HOME);
    if let Some(key) = key {
        request = request.header("apikey", key);
    }
    let Ok(response) = app().oneshot(request.body(Body::empty()).expect("is a request")).await;
    response
}

async fn preflight(name: &str) -> Response<Body> {
    let request = Request::options(format!("/crooked/{name}/cometchat/v3/roles"))
        .header("origin", HOME)
        .header("access-control-request-method", "GET");
    let Ok(response) = app().oneshot(request.body(Body::empty()).expect("is a request")).await;
    response
}

fn header<'a>(response: &'a Response<Body>, name: &http::HeaderName) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("is text"))
}

#[tokio::test]
async fn each_bends_what_it_is_named_after_and_nothing_else() {
    for (name, status, is_readable) in [
        ("no-origin", 200, false),
        ("no-preflight", 200, true),
        ("no-expose", 200, true),
        ("silent-refusals", 200, true),
        ("moved", 302, true),
        ("moved-silently", 302, false),
        ("page", 200, true),
        ("small-plan", 200, true),
    ] {
        let response = read(name, Some("any")).await;
        assert_eq!(response.status(), status, "{name}");
        assert_eq!(response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), is_readable, "{name}");
    }
    let refused = read("silent-refusals", None).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(!refused.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert_eq!(header(&read("no-expose", Some("any")).await, &ACCESS_CONTROL_EXPOSE_HEADERS), "");
    assert_eq!(
        header(&read("small-plan", Some("any")).await, &"x-ratelimit-limit".parse().expect("is a name")),
        "500"
    );
}

#[tokio::test]
async fn preflights_lack_what_they_are_named_after() {
    let unanswered = preflight("no-preflight").await;
    assert_eq!(unanswered.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(!unanswered.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    for (name, missing) in
        [("no-key-header", "apikey"), ("no-content-type", "content-type"), ("no-acting", "onBehalfOf")]
    {
        let allowed = preflight(name).await;
        assert!(!header(&allowed, &ACCESS_CONTROL_ALLOW_HEADERS).contains(missing), "{name}");
        assert!(header(&preflight("moved").await, &ACCESS_CONTROL_ALLOW_HEADERS).contains(missing), "{name}");
    }
    assert_eq!(header(&preflight("no-methods").await, &ACCESS_CONTROL_ALLOW_METHODS), "GET, POST");
}

#[tokio::test]
async fn crooked_clocks_are_ten_minutes_off_and_shown() {
    let at =
        |response: &Response<Body>| httpdate::parse_http_date(header(response, &DATE)).expect("is a date");
    let (behind, ahead) = (read("clock-behind", Some("any")).await, read("clock-ahead", Some("any")).await);
    let between = at(&ahead).duration_since(at(&behind)).expect("ahead is later").as_secs();
    assert!((1_199..=1_260).contains(&between), "{between}");
    assert!(header(&ahead, &ACCESS_CONTROL_EXPOSE_HEADERS).ends_with("Date"));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_an_unknown_path() {
    assert_eq!(read("no-such-crook", Some("any")).await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn the_help_lists_every_name() {
    for (name, _) in CROOKS {
        assert!(HELP.split_whitespace().any(|word| word == name), "{name}");
    }
}
