//! Calls over the network with the browser's `fetch`.

use std::sync::Once;

use browser::transport::{FetchTransport, MAX_BODY_BYTES, TransportError, is_own};
use domain::{ApiError, BaseUrl, Batch, BatchId, CallId, ConnectionKind, ErrorClass, PlanId};
use futures::future::{Either, select};
use http::{HeaderName, HeaderValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

/// Replaces `fetch` for one made-up host and the path `/fake`; other calls go to the browser's own.
const FETCH: &str = r#"{
    const own = window.fetch;
    window.aborted = [];
    window.seen = null;
    window.all = [];
    window.fetch = (url, init) => {
        const host = ['https://fake.example', location.origin + '/fake'].find(host => String(url).startsWith(host + '/'));
        if (!host) return own.call(window, url, init);
        const path = String(url).slice(host.length);
        window.seen = { ...init, url: String(url), headers: [...init.headers] };
        window.all.push(window.seen);
        // As browsers do with a stream where a host speaks HTTP/1.1 only.
        if (path.startsWith('/old') && init.duplex) return Promise.reject(new TypeError('Failed to fetch'));
        // A line that is dead, a host that is slow, and one in trouble, all of which pass.
        const isFirst = window.all.length === 1;
        if (path.startsWith('/dead') && isFirst) return Promise.reject(new TypeError('Failed to fetch'));
        if (path.startsWith('/down') && init.duplex) return Promise.resolve(new Response('', { status: 503 }));
        if (path.startsWith('/length') && init.duplex && window.all.length > 1) {
            return Promise.resolve(new Response('', { status: 411 }));
        }
        if (path.startsWith('/hang') || path.startsWith('/slow') && isFirst) return new Promise((_, reject) => {
            init.signal.addEventListener('abort', () => {
                window.aborted.push(path);
                reject(new DOMException('aborted', 'AbortError'));
            });
        });
        if (path.startsWith('/relay-says-')) {
            const headers = { 'Muster-Relay': path.slice('/relay-says-'.length) };
            return Promise.resolve(new Response('', { status: 403, headers }));
        }
        if (path === '/large') return Promise.resolve(new Response(new Uint8Array(SIZE + 1)));
        if (path === '/full') return Promise.resolve(new Response(new Uint8Array(SIZE)));
        const headers = { 'Retry-After': '3', 'X-Rate-Limit': '9' };
        return Promise.resolve(new Response('{"a":"é"}', { status: 429, headers }));
    };
}"#;

fn fake(path: &str) -> (FetchTransport, vendors::Request) {
    static START: Once = Once::new();
    START.call_once(|| {
        let script = FETCH.replace("SIZE", &MAX_BODY_BYTES.to_string());
        js_sys::eval(&script).expect("the script runs");
    });
    (to("https://fake.example"), harness::request(path, "{}"))
}

fn to(base: &str) -> FetchTransport {
    FetchTransport::new(BaseUrl::parse(base, false).expect("a plain address"), ConnectionKind::Direct)
}

fn seen(expression: &str) -> String {
    let text = js_sys::eval(&format!("JSON.stringify({expression})")).expect("an expression");
    text.as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn status_headers_and_body_come_as_they_are() {
    let (fetch, request) = fake("/rate");
    let response = fetch.send(&request, None).await.expect("an answer");
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "3");
    assert_eq!(response.headers()["x-rate-limit"], "9");
    assert_eq!(response.body(), "{\"a\":\"é\"}".as_bytes());
}

#[wasm_bindgen_test]
async fn the_key_travels_in_its_header_and_nothing_else_goes_along() {
    let (fetch, request) = fake("/quiet");
    let key = (HeaderName::from_static("apikey"), HeaderValue::from_static("k"));
    fetch.send(&request, Some(&key)).await.expect("an answer");
    assert_eq!(seen("seen.headers"), r#"[["apikey","k"],["content-type","application/json"]]"#);
    let rules = seen("[seen.method, seen.credentials, seen.redirect, seen.referrerPolicy, seen.cache]");
    assert_eq!(rules, r#"["POST","omit","manual","no-referrer","no-store"]"#);
    assert_eq!(seen("seen.url"), r#""https://fake.example/quiet""#);
}

/// The second attempt of a run's eighth call.
fn call() -> CallId {
    CallId::of(&PlanId::new("p1"), &Batch { id: BatchId(7), n_attempts: 1, items: Vec::new() })
}

#[wasm_bindgen_test]
async fn a_relay_is_told_the_number_of_a_call_and_nobody_else_is() {
    let (direct, request) = fake("/numbered");
    let relay = |base| {
        FetchTransport::new(BaseUrl::parse(base, true).expect("a plain address"), ConnectionKind::Relay)
    };
    for (fetch, number) in [
        (relay("/fake").once(call()), "\"p1-7-1\""),
        (relay("/fake"), "null"),
        // On another origin, the browser would refuse the call for a header that is not listed.
        (relay("https://fake.example").once(call()), "null"),
        (direct.clone().once(call()), "null"),
        (direct, "null"),
    ] {
        fetch.send(&request, None).await.expect("an answer");
        let found = seen("(seen.headers.find(([name]) => name === 'muster-call') ?? [])[1] ?? null");
        assert_eq!(found, number);
    }
}

#[wasm_bindgen_test]
async fn a_relay_of_the_own_origin_is_one_however_it_is_written() {
    let (_, request) = fake("/signed-in");
    let own = seen("location.origin").trim_matches('"').to_owned();
    // Tests run on an explicit port, so they cannot omit the default one; the browser's parser covers that.
    let shouted = own.replace("http://", "HTTP://");
    for (base, kind, expected) in [
        ("/fake".to_owned(), ConnectionKind::Relay, r#"["same-origin",true]"#),
        (format!("{own}/fake"), ConnectionKind::Relay, r#"["same-origin",true]"#),
        (format!("{shouted}/fake"), ConnectionKind::Relay, r#"["same-origin",true]"#),
        (format!("{own}/fake"), ConnectionKind::Direct, r#"["omit",false]"#),
        ("https://fake.example".to_owned(), ConnectionKind::Relay, r#"["omit",false]"#),
    ] {
        let parsed = BaseUrl::parse(&base, false).expect("a plain address");
        FetchTransport::new(parsed, kind).once(call()).send(&request, None).await.expect("an answer");
        let found = seen("[seen.credentials, seen.headers.some(([name]) => name === 'muster-call')]");
        assert_eq!(found, expected, "{base}");
    }
    let is_own = |text: &str| is_own(&BaseUrl::parse(text, false).expect("a plain address"));
    assert!(is_own("/relay/networked") && is_own(&own) && is_own(&format!("{own}/relay")));
    for elsewhere in [
        "http://127.0.0.1:1/relay".to_owned(),
        own.replace("http://", "https://"),
        "https://fake.example".into(),
    ] {
        assert!(!is_own(&elsewhere), "{elsewhere}");
    }
}

#[wasm_bindgen_test]
async fn a_direct_call_cannot_be_repeated_where_the_vendor_takes_a_stream() {
    let key = (HeaderName::from_static("apikey"), HeaderValue::from_static("k"));
    for (base, expected) in [
        // One probe, without the key; then every call is a stream.
        ("https://fake.example/new", r#"[["half",false],["half",true],["half",true]]"#),
        // Two probes, because a broken connection looks the same; the response to the call itself settles it.
        ("https://fake.example/old", r#"[["half",false],["half",false],[null,true],[null,true]]"#),
        ("https://fake.example/length", r#"[["half",false],["half",true],[null,true]]"#),
    ] {
        let (_, request) = fake("/streamed");
        js_sys::eval("window.all = []").expect("an expression");
        for _ in 0..2 {
            to(base).once(call()).send(&request, Some(&key)).await.expect("an answer");
        }
        let all =
            seen("all.map(one => [one.duplex ?? null, one.headers.some(([name]) => name === 'apikey')])");
        assert_eq!(all, expected, "{base}");
        assert_eq!(seen("all.every(one => !one.duplex || one.body instanceof ReadableStream)"), "true");
        // A read may be repeated.
        to(base).send(&request, None).await.expect("an answer");
        assert_eq!(seen("seen.duplex ?? null"), "null");
    }
}

#[wasm_bindgen_test]
async fn what_says_nothing_about_streams_is_not_remembered() {
    for (base, expected) in [
        ("https://fake.example/slow", r#"["half",null,"half","half"]"#),
        ("https://fake.example/dead", r#"["half","half","half","half"]"#),
        ("https://fake.example/down", r#"["half",null,"half",null]"#),
    ] {
        let (_, request) = fake("/streamed");
        js_sys::eval("window.all = []").expect("an expression");
        for _ in 0..2 {
            to(base).with_timeout(50).once(call()).send(&request, None).await.expect("an answer");
        }
        assert_eq!(seen("all.map(one => one.duplex ?? null)"), expected, "{base}");
    }
    let (_, request) = fake("/streamed");
    let offline = "Object.defineProperty(navigator, 'onLine', { configurable: true, value: false })";
    js_sys::eval(offline).expect("the script runs");
    let sent = to("https://fake.example/offline").once(call()).send(&request, None).await;
    js_sys::eval("delete navigator.onLine").expect("the script runs");
    assert_eq!(sent.err(), Some(TransportError::Offline));
    to("https://fake.example/offline").once(call()).send(&request, None).await.expect("an answer");
    assert_eq!(seen("seen.duplex"), r#""half""#);
}

#[wasm_bindgen_test]
async fn what_asks_for_streams_is_no_call() {
    let (_, ban) = fake("/groups/a/bannedusers/b");
    js_sys::eval("window.all = []").expect("an expression");
    to("https://fake.example/asked").once(call()).send(&ban, None).await.expect("an answer");
    let probe = seen("[all[0].method, all[0].url, all[0].headers]");
    assert_eq!(probe, r#"["POST","https://fake.example/asked/muster-takes-streams",[]]"#);
    assert_eq!(
        seen("[all.length, all[1].url]"),
        r#"[2,"https://fake.example/asked/groups/a/bannedusers/b"]"#
    );
}

#[wasm_bindgen_test]
async fn a_relay_gets_the_call_and_nothing_else() {
    let (_, ban) = fake("/groups/a/bannedusers/b");
    for base in ["https://fake.example/relay", "/fake/relay"] {
        js_sys::eval("window.all = []").expect("an expression");
        let base = BaseUrl::parse(base, true).expect("a plain address");
        let relay = FetchTransport::new(base, ConnectionKind::Relay).once(call());
        relay.send(&ban, None).await.expect("an answer");
        assert_eq!(seen("all.map(one => one.duplex ?? null)"), "[null]");
    }
}

#[wasm_bindgen_test]
async fn a_relay_speaks_for_itself_where_it_is_one() {
    let says = [
        ("sign-in", TransportError::SignedOut),
        ("refused", TransportError::RefusedByRelay),
        ("no-answer", TransportError::SilentBehindRelay),
        ("already-passed-on", TransportError::AlreadyPassedOn),
        ("anything-newer", TransportError::SilentBehindRelay),
    ];
    for (word, expected) in says {
        let (direct, request) = fake(&format!("/relay-says-{word}"));
        assert_eq!(direct.send(&request, None).await.expect("a vendor's answer").status(), 403, "{word}");
        let base = BaseUrl::parse("https://fake.example", false).expect("a plain address");
        let relay = FetchTransport::new(base, ConnectionKind::Relay);
        assert_eq!(relay.send(&request, None).await.err(), Some(expected), "{word}");
    }
}

#[wasm_bindgen_test]
async fn a_call_without_answer_is_given_up_and_taken_back() {
    let (fetch, request) = fake("/hang/late");
    assert_eq!(fetch.with_timeout(20).send(&request, None).await.err(), Some(TransportError::TimedOut));
    assert!(seen("aborted").contains("/hang/late"));
}

#[wasm_bindgen_test]
async fn a_call_that_nobody_waits_for_is_taken_back() {
    let (fetch, request) = fake("/hang/dropped");
    let call = Box::pin(fetch.send(&request, None));
    let tick = Box::pin(browser::clock::sleep(0));
    assert!(matches!(select(call, tick).await, Either::Right(_)));
    assert!(seen("aborted").contains("/hang/dropped"));
}

#[wasm_bindgen_test]
async fn an_answer_past_the_limit_is_not_read() {
    let (fetch, request) = fake("/large");
    assert_eq!(fetch.send(&request, None).await.err(), Some(TransportError::TooLarge));
    let (fetch, request) = fake("/full");
    assert_eq!(fetch.send(&request, None).await.map(|response| response.body().len()), Ok(MAX_BODY_BYTES));
}

#[wasm_bindgen_test]
async fn a_closed_port_is_unreachable() {
    let request = harness::request("/", "");
    assert_eq!(to("http://127.0.0.1:61").send(&request, None).await.err(), Some(TransportError::Unreachable));
}

#[wasm_bindgen_test]
async fn the_page_s_own_server_answers_on_a_path() {
    let own =
        FetchTransport::new(BaseUrl::parse("/no-such-relay", true).expect("a path"), ConnectionKind::Relay);
    let request = http::Request::builder().uri("/x").body(Vec::new()).expect("a plain request");
    assert_eq!(own.send(&request, None).await.map(|response| response.status().as_u16()), Ok(404));
}

#[wasm_bindgen_test]
async fn a_refusal_by_the_page_s_policy_is_told_apart() {
    let policy = "const meta = document.createElement('meta'); meta.httpEquiv = 'Content-Security-Policy'; \
                  meta.content = \"connect-src 'self' blob: data: http://127.0.0.1:* https://fake.example\"; \
                  document.head.append(meta)";
    js_sys::eval(policy).expect("the script runs");
    let fetch = to("https://blocked.example/v3");
    let request = harness::request("/users", "");
    assert_eq!(fetch.send(&request, None).await.err(), Some(TransportError::BlockedByPolicy));
}

#[wasm_bindgen_test]
fn only_what_never_left_counts_as_refused() {
    let table = [
        (TransportError::Offline, ErrorClass::Refused, "net.offline"),
        (TransportError::BlockedByPolicy, ErrorClass::Refused, "net.blocked_by_policy"),
        (TransportError::Insecure, ErrorClass::Refused, "net.insecure"),
        (TransportError::Unreachable, ErrorClass::Unknown, "net.unreachable"),
        (TransportError::TimedOut, ErrorClass::Unknown, "net.timed_out"),
        (TransportError::Cancelled, ErrorClass::Unknown, "net.cancelled"),
        (TransportError::Redirected, ErrorClass::Unknown, "http.unexpected"),
        (TransportError::SignedOut, ErrorClass::Auth, "relay.sign_in"),
        (TransportError::RefusedByRelay, ErrorClass::Refused, "relay.refused"),
        (TransportError::SilentBehindRelay, ErrorClass::Unknown, "relay.no_answer"),
        (TransportError::TooLarge, ErrorClass::Unknown, "decode.too_large"),
    ];
    for (error, class, code) in table {
        let error = ApiError::from(error);
        assert_eq!((error.class, &*error.code), (class, code));
    }
}
