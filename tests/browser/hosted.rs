//! Connections named in the host's configuration.

use std::sync::Arc;

use browser::storage::Storage;
use domain::{
    BaseUrl, Command, ConnectionId, ConnectionKind, GroupId, GroupKind, KeyStorage, KnownGroup, Operation,
    Person, Planner, Vendor,
};
use hosting::{Config, Feature};
use muster::state::activity::Activity;
use muster::state::runs::{Engine, Runs};
use muster::state::session::Session;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

const FILE: &str = r#"{
    "connections": [{
        "id": "loops", "vendor": "genuin", "name": "Loops", "reach": "relay", "base_url": "/relay/loops",
        "communities": [{ "id": "1", "name": "All" }]
    }],
    "features_off": ["direct_connections"],
    "limits": { "calls_per_minute": { "genuin": 7 }, "keys": ["memory", "tab"] }
}"#;

fn hosted(text: &str) -> (leptos::prelude::Owner, Session) {
    let (owner, session) = harness::session();
    session.host(Arc::new(Config::parse(text).expect("the file is good")));
    (owner, session)
}

fn id() -> ConnectionId {
    ConnectionId::new("~loops")
}

#[wasm_bindgen_test]
fn a_named_connection_leads_where_the_host_says_whatever_is_saved() {
    let (_owner, session) = hosted(FILE);
    let named = session.connection_now(&id()).expect("it is there");
    let mut moved = (*named).clone();
    moved.base_url = BaseUrl::parse("https://evil.example", true).expect("an address");
    moved.name = "Mine".into();
    moved.known_groups = Vec::new();
    session.save(moved);
    assert_eq!(session.connection_now(&id()).as_deref(), Some(&*named));
    session.remove(&id());
    assert_eq!(session.connection_now(&id()).as_deref(), Some(&*named));
}

#[wasm_bindgen_test]
fn a_person_adds_names_of_groups_to_it() {
    let (_owner, session) = hosted(FILE);
    let mut known = (*session.connection_now(&id()).expect("it is there")).clone();
    known.known_groups.push(KnownGroup {
        id: GroupId::new("2"),
        name: "Mine".into(),
        kind: GroupKind::Community,
    });
    known.key_storage = KeyStorage::Device;
    session.save(known);
    let saved = session.connection_now(&id()).expect("it is there");
    let names: Vec<_> = saved.known_groups.iter().map(|group| &*group.name).collect();
    assert_eq!((names, saved.key_storage), (vec!["All", "Mine"], KeyStorage::Memory));
}

#[wasm_bindgen_test]
async fn what_was_added_to_it_is_kept_and_what_was_not_is_not() {
    let storage = Storage::open_named(&harness::fresh_name("hosted")).await.expect("a database");
    let (_owner, session) = hosted(FILE);
    session.use_storage(storage.clone()).await;
    assert_eq!(storage.load().await.expect("a list").connections.len(), 0, "it is as the host names it");
    let mut known = (*session.connection_now(&id()).expect("it is there")).clone();
    known.is_power_known = true;
    storage.save(&known).await.expect("it can be written");

    let (_owner, again) = hosted(FILE);
    again.use_storage(storage.clone()).await;
    assert_eq!(again.connection_now(&id()).map(|known| known.is_power_known), Some(true));
    let (_owner, other) = hosted("{}");
    other.use_storage(storage).await;
    assert_eq!(other.connection_now(&id()), None, "this host names none");
}

#[wasm_bindgen_test]
async fn a_kind_that_is_switched_off_is_not_shown_and_counted() {
    let storage = Storage::open_named(&harness::fresh_name("hosted")).await.expect("a database");
    let (_owner, session) = hosted(FILE);
    let mut own = harness::connection(Vendor::CometChat);
    own.kind = ConnectionKind::Direct;
    session.save(own.clone());
    assert_eq!((session.connection_now(&own.id), session.n_hidden()), (None, 0), "it is not kept either");
    storage.save(&own).await.expect("it can be written");
    session.use_storage(storage).await;
    assert_eq!((session.connection_now(&own.id), session.n_hidden()), (None, 1));
    assert!(!session.has(Feature::DirectConnections));
}

#[wasm_bindgen_test]
fn calls_are_held_to_the_limit_of_the_host() {
    let (_owner, session) = hosted(FILE);
    let budget = session.budget(&session.connection_now(&id()).expect("it is there"));
    assert!(budget.borrow().windows().iter().any(|window| (window.span_ms, window.max) == (60_000, 7)));
}

#[wasm_bindgen_test]
async fn nothing_goes_where_the_host_does_not_name() {
    let (_owner, session) = hosted(r#"{ "hosts": ["http://127.0.0.1:1"] }"#);
    let mut own = harness::connection(Vendor::CometChat);
    own.kind = ConnectionKind::Relay;
    own.base_url = BaseUrl::parse("http://127.0.0.1:2", true).expect("an address");
    let failure = session.call(&own, harness::request("/echo", "")).await.expect_err("it is not named");
    assert_eq!(&*failure.error.code, "net.blocked_by_policy");
    own.base_url = BaseUrl::parse("http://127.0.0.1:1", true).expect("an address");
    let failure = session.call(&own, harness::request("/echo", "")).await.expect_err("nobody is there");
    assert_eq!(&*failure.error.code, "net.unreachable");
    let own_origin = js_sys::eval("location.origin").ok().and_then(|own| own.as_string()).expect("a page");
    own.base_url = BaseUrl::parse(&own_origin, false).expect("an address");
    let answer = session.call(&own, harness::request("/no-such-relay", "")).await;
    assert!(answer.is_ok(), "the console's own origin needs no name: {:?}", answer.err());
}

/// How often the page has asked for persistent storage, after running `set_up`.
fn asked(set_up: &str) -> f64 {
    let script = format!(
        "{set_up};
        navigator.storage.persist = () => {{ window.nAsked += 1; return Promise.resolve(false); }};
        navigator.storage.persisted = () => Promise.resolve(window.isKept);
        window.nAsked"
    );
    js_sys::eval(&script).ok().and_then(|n| n.as_f64()).expect("a number")
}

const NEVER_ASKED: &str =
    "window.nAsked = 0; window.isKept = false; localStorage.removeItem('muster.asked_to_keep')";

/// A page with two connections named by the host, and storage of its own.
async fn page() -> (leptos::prelude::Owner, Session) {
    let text = FILE.replace(
        "\"connections\": [{",
        "\"connections\": [{ \"id\": \"fans\", \"vendor\": \"cometchat\", \"name\": \"Fans\", \"reach\": \"relay\", \
         \"base_url\": \"/relay/fans\" }, {",
    );
    let (owner, session) = hosted(&text);
    session.use_storage(Storage::open_named(&harness::fresh_name("asked")).await.expect("a database")).await;
    (owner, session)
}

async fn add(session: Session, connection: domain::Connection) {
    session.save_over(None, connection).await.expect("it is kept");
    browser::clock::sleep(20).await;
}

#[wasm_bindgen_test]
async fn the_browser_is_asked_once_to_keep_what_leads_to_a_vendor() {
    asked(NEVER_ASKED);
    let (_owner, session) = page().await;
    let mut own = harness::connection(Vendor::CometChat);
    add(session, own.clone()).await;
    assert_eq!(asked(""), 0.0, "the sandbox can be filled again");
    own.kind = ConnectionKind::Relay;
    add(session, own.clone()).await;
    own.id = ConnectionId::new("another");
    add(session, own.clone()).await;
    assert_eq!(asked(""), 1.0);
    let (_owner, later) = page().await;
    add(later, own.clone()).await;
    assert_eq!(asked(""), 1.0, "once per device");

    asked(NEVER_ASKED);
    let (_owner, session) = page().await;
    for id in ["2", "3"] {
        let mut named = (*session.connection_now(&ConnectionId::new("~loops")).expect("it is there")).clone();
        named.known_groups.push(KnownGroup {
            id: GroupId::new(id),
            name: id.into(),
            kind: GroupKind::Community,
        });
        add(session, named).await;
    }
    assert_eq!(asked(""), 1.0, "what a person adds to a connection that the host names is kept as well");

    asked(NEVER_ASKED);
    asked("window.isKept = true");
    let (_owner, session) = page().await;
    add(session, own).await;
    assert_eq!(asked(""), 0.0, "it keeps everything already");
}

#[wasm_bindgen_test]
async fn a_run_asks_where_the_host_names_all_connections() {
    asked(NEVER_ASKED);
    let (owner, session) = page().await;
    let activity = owner.with(Activity::new);
    let runs = owner.with(|| Runs::new(session, activity));
    let operation = Operation::Kick { group: GroupId::new("g") };
    let command = Command::for_all(operation, [Person::by_id("person-1")]);
    let can = vendors::capabilities(Vendor::CometChat);
    let planner = Planner::new(ConnectionId::new("~fans"), Vendor::CometChat, can);
    let plan = planner.plan(runs.next_plan_id(), &command, &Default::default());
    Engine::new().start(runs, plan).expect("it may be applied");
    for _ in 0..250 {
        if asked("") > 0.0 {
            break;
        }
        browser::clock::sleep(20).await;
    }
    assert_eq!(asked(""), 1.0);
}
