//! One-line requests to the world.

use domain::Vendor;
use sandbox::{Answer, Handled, Request, Response, Settings, World};
use serde_json::Value;

/// The time of requests, in milliseconds.
pub(crate) const NOW: u64 = 1_780_000_000_000;

/// A world without rate limits, for tests that make many calls.
pub(crate) fn world() -> World {
    World::new(Settings { rate_limits: false, latency: false, ..Settings::default() })
}

pub(crate) fn request(
    vendor: Vendor,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Request {
    let mut builder = http::Request::builder().method(method).uri(path);
    let name = sandbox::key_header(vendor);
    if !headers.iter().any(|(given, _)| *given == name) {
        builder =
            builder.header(name, if vendor == Vendor::Genuin { "Bearer pasted" } else { "sandbox-key" });
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        builder = builder.header(*name, *value);
    }
    builder.body(body.into()).unwrap()
}

pub(crate) fn response(handled: Handled) -> Response {
    match handled.answer {
        Answer::Respond(response) => response,
        other => panic!("expected an answer, got {other:?}"),
    }
}

pub(crate) fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or(Value::Null)
}

/// Sends a JSON body and returns the status and body of the response.
pub(crate) fn ask(world: &mut World, vendor: Vendor, method: &str, path: &str, json: Value) -> (u16, Value) {
    let text = if json.is_null() { String::new() } else { json.to_string() };
    let answer = response(world.handle(vendor, &request(vendor, method, path, &[], text), NOW));
    (answer.status().as_u16(), body(&answer))
}

/// The same for CometChat, on behalf of a user.
pub(crate) fn act(world: &mut World, actor: &str, method: &str, path: &str, json: Value) -> (u16, Value) {
    let request = request(Vendor::CometChat, method, path, &[("onBehalfOf", actor)], json.to_string());
    let answer = response(world.handle(Vendor::CometChat, &request, NOW));
    (answer.status().as_u16(), body(&answer))
}
