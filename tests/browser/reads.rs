//! Reading at a connection's pace.

use std::sync::Arc;

use browser::clock;
use domain::{Connection, ConnectionId, Credentials, ErrorClass, GroupId, Items, Page, Query, Vendor};
use leptos::prelude::*;
use muster::state::caller::Caller;
use muster::state::reads::{Read, read_page, reading};
use muster::state::session::PeopleCount;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

fn people() -> Query {
    Query::People { search: "".into() }
}

#[wasm_bindgen_test]
async fn a_failed_read_comes_with_its_call() {
    let (_owner, session) = harness::session();
    session.save(harness::connection(Vendor::CometChat));
    let id = ConnectionId::new("cometchat");
    let missing = Query::Group { group: GroupId::new("no-such-group") };
    let failure = read_page(session, &id, &missing, None).await.expect_err("there is no such group");
    assert_eq!(failure.error.class, ErrorClass::NotFound);
    let call = failure.call.expect("there was a call");
    assert_eq!((&*call.method, call.status), ("GET", Some(404)));
    let unknown = read_page(session, &ConnectionId::new("gone"), &people(), None).await;
    assert_eq!(unknown.expect_err("no such connection").call, None);
}

#[wasm_bindgen_test]
async fn a_read_refused_for_its_pace_is_tried_again_and_kept_until_dropped() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    let n_asked = async || {
        let read = read_page(session, &connection.id, &Query::Roles, None).await;
        assert!(matches!(read, Ok(Page { items: Items::Roles(_), .. })), "{read:?}");
        let asked = session.call(&connection, harness::request("/asked", "")).await.expect("an answer");
        let asked: Value = serde_json::from_slice(asked.0.body()).expect("JSON");
        asked["nRoles"].as_u64()
    };
    assert_eq!(n_asked().await, Some(2));
    assert_eq!(n_asked().await, Some(2));
    session.drop_cache(&connection.id);
    assert_eq!(n_asked().await, Some(3));
}

#[wasm_bindgen_test]
async fn names_that_were_read_are_known_until_the_connection_is_locked() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    let id = &connection.id;
    assert!(session.seen_people(id).is_empty() && session.seen_groups(id).is_empty());
    read_page(session, id, &people(), None).await.expect("people");
    read_page(session, id, &Query::Groups { search: "".into() }, None).await.expect("groups");
    read_page(session, id, &Query::Roles, None).await.expect("roles");
    assert!(!session.seen_people(id).is_empty() && !session.seen_groups(id).is_empty());
    assert!(session.seen_people(&ConnectionId::new("other")).is_empty());
    session.lock(id);
    assert!(session.seen_people(id).is_empty() && session.seen_groups(id).is_empty());
}

#[wasm_bindgen_test]
async fn what_a_late_answer_names_is_not_known_of_a_connection_that_leads_elsewhere_by_then() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    let id = &connection.id;
    let elsewhere = Connection { acting_as: Some("someone-else".into()), ..connection.clone() };
    for query in [people(), Query::Groups { search: "".into() }, Query::Roles] {
        session.save(connection.clone());
        let edit = async { session.save(elsewhere.clone()) };
        let (page, ()) = futures::join!(read_page(session, id, &query, None), edit);
        page.expect("an answer");
    }
    assert!(session.seen_people(id).is_empty() && session.seen_groups(id).is_empty());
    assert_eq!(session.people_count(id), None);
    let asked = async || {
        let asked = session.call(&connection, harness::request("/asked", "")).await.expect("an answer");
        serde_json::from_slice::<Value>(asked.0.body()).expect("JSON")["nRoles"].as_u64()
    };
    let before = asked().await;
    // Refused or not, as someone whom the sandbox does not know.
    drop(read_page(session, id, &Query::Roles, None).await);
    assert!(asked().await > before, "the roles of before are read anew");
}

#[wasm_bindgen_test]
async fn members_are_counted_only_by_a_list_of_all_of_them() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    let id = &connection.id;
    assert_eq!(session.people_count(id), None);
    read_page(session, id, &Query::People { search: "fan".into() }, None).await.expect("some people");
    let n_seen = session.seen_people(id).len();
    assert_eq!(session.people_count(id), Some(PeopleCount::Seen(n_seen)));
    let page = read_page(session, id, &people(), None).await.expect("people");
    let total = page.total.expect("the vendor counts") as usize;
    assert_eq!(session.people_count(id), Some(PeopleCount::Members(total)));
    session.lock(id);
    assert_eq!(session.people_count(id), None);
}

#[wasm_bindgen_test]
async fn a_read_that_would_wait_for_long_says_so_instead() {
    let (_owner, session) = harness::session();
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    session.budget(&connection).borrow_mut().hold_until(clock::now() + 3_600_000);
    let failure = read_page(session, &connection.id, &people(), None).await.expect_err("no slot for an hour");
    assert_eq!(failure.error.class, ErrorClass::RateLimited);
    assert!(failure.error.retry_after_ms.is_some_and(|wait| wait > 3_000_000));
}

#[wasm_bindgen_test]
async fn a_vendor_that_signs_in_is_probed_by_that() {
    let (_owner, session) = harness::session();
    let key = domain::Secret::new("k");
    let credentials = Credentials::KeyAndSecret { key: key.clone(), secret: key };
    let connection = Arc::new(harness::connection(Vendor::Genuin));
    session.set_credentials(&connection, credentials);
    assert_eq!(Caller::new().probe(session, connection).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_reading_follows_its_signals_and_drops_what_is_late() {
    let (_owner, _session) = harness::session();
    let intent = RwSignal::new(1);
    let value = reading(move || {
        let wanted = intent.get();
        async move {
            if wanted == 1 {
                std::future::pending::<()>().await;
            }
            Ok(wanted)
        }
    });
    clock::sleep(0).await;
    assert!(matches!(value.get(), Read::Loading));
    intent.set(2);
    clock::sleep(0).await;
    clock::sleep(0).await;
    assert_eq!(value.ready(), Some(2));
}
