//! Tests of the journal in a browser's IndexedDB: events survive reopening.
#![cfg(target_arch = "wasm32")]

use domain::Vendor;
use sandbox::{Settings, World};
use sandbox_worker::journal::Journal;
use sandbox_worker::server::{Persist, Server};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const CREATE: &str = r#"{"id":1,"vendor":"cometchat","method":"POST","path":"/users",
    "headers":[["apikey","any"],["content-type","application/json"]],
    "body":"{\"uid\":\"kept-in-the-browser\",\"name\":\"Zoë\"}"}"#;

fn events(server: &mut Server, text: &str) -> Vec<sandbox::Event> {
    match server.take(text, 1_800_000_000_000).persist {
        Persist::Events(events) => events,
        other => panic!("expected events, found {other:?}"),
    }
}

#[wasm_bindgen_test]
async fn survives_opening_again_and_replays_to_the_same_world() {
    const NAME: &str = "test-survives";
    let journal = Journal::open(NAME).await.expect("opens");
    journal.clear().await.expect("clears");
    let mut server = Server::new(Settings::default(), []);
    let made = events(&mut server, CREATE);
    journal.append(&made).await.expect("keeps");
    let more = events(&mut server, &CREATE.replace("kept-in-the-browser", "second"));
    journal.append(&more).await.expect("keeps");
    journal.close();

    let again = Journal::open(NAME).await.expect("opens again");
    let loaded = again.load().await.expect("loads");
    assert_eq!(loaded, [made, more].concat());
    assert_eq!(Server::new(Settings::default(), loaded).world().dump(), server.world().dump());
    again.clear().await.expect("clears");
    again.close();
}

#[wasm_bindgen_test]
async fn forgets_everything_when_cleared() {
    let journal = Journal::open("test-forgets").await.expect("opens");
    journal.append(&events(&mut Server::new(Settings::default(), []), CREATE)).await.expect("keeps");
    journal.clear().await.expect("clears");
    assert_eq!(journal.load().await.expect("loads"), []);
    journal.close();
}

#[wasm_bindgen_test]
async fn two_journals_do_not_mix() {
    let (one, two) =
        (Journal::open("test-one").await.expect("opens"), Journal::open("test-two").await.expect("opens"));
    one.clear().await.expect("clears");
    two.clear().await.expect("clears");
    one.append(&events(&mut Server::new(Settings::default(), []), CREATE)).await.expect("keeps");
    assert_eq!(two.load().await.expect("loads"), []);
    one.close();
    two.close();
}

#[wasm_bindgen_test]
fn the_world_is_the_same_as_natively() {
    let mut world = World::new(Settings { latency: false, ..Settings::default() });
    let request =
        http::Request::get("/groups").header("apikey", "any").body(Vec::new()).expect("is a request");
    let handled = world.handle(Vendor::CometChat, &request, 0);
    assert!(handled.events.is_empty());
    assert_eq!(handled.latency_ms, 0);
}
