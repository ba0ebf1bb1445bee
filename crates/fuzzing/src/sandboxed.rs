//! The target that sends requests to the sandbox.
//!
//! An input consists of a byte for the vendor, a line with method and path, a line with the key, and the
//! body.

use std::cell::RefCell;

use domain::Vendor;
use sandbox::{Request, Settings, World};

thread_local! {
    static SEEDED: World = World::new(settings());
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

fn settings() -> Settings {
    Settings { rate_limits: false, latency: false, ..Settings::default() }
}

pub(crate) fn run(input: &[u8]) {
    let Some((vendor, request)) = open(input) else { return };
    WORLD.with_borrow_mut(|kept| {
        let mut world = kept.take().unwrap_or_else(|| SEEDED.with(World::clone));
        let handled = world.handle(vendor, &request, 1_700_000_000_000);
        if handled.events.is_empty() {
            *kept = Some(world); // unchanged: reusing a world is cheaper than cloning one
            return;
        }
        let mut replayed = SEEDED.with(World::clone);
        for event in &handled.events {
            let json = serde_json::to_string(event).expect("an event can be written");
            replayed.apply(&serde_json::from_str(&json).expect("it was written"));
        }
        assert_eq!(replayed.dump(), world.dump(), "its journal tells the same");
    });
}

fn open(input: &[u8]) -> Option<(Vendor, Request)> {
    let (vendor, rest) = input.split_first()?;
    let mut parts = rest.splitn(3, |byte| *byte == b'\n');
    let (first, key, body) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let (method, path) = str::from_utf8(first).ok()?.split_once(' ')?;
    let vendor = Vendor::ALL[usize::from(*vendor) % Vendor::ALL.len()];
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header(sandbox::key_header(vendor), http::HeaderValue::from_bytes(key).ok()?)
        .body(body.to_vec());
    Some((vendor, request.ok()?))
}
