//! Messages between the page and the sandbox in its worker: JSON text in both directions.

use domain::Vendor;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::Authorization;

/// A message from the worker.
#[derive(Debug)]
pub(super) enum Answer {
    /// The sandbox has read its journal and takes requests.
    Ready {
        /// False if nothing outlives the page, such as in a private window.
        is_durable: bool,
    },
    /// The response to a request.
    Response(u32, vendors::Response),
    /// A simulated lost connection.
    Cut(u32),
    /// The response to a control message.
    Control(u32, Value),
}

/// Encodes a request as a message.
pub(super) fn write_request(
    id: u32,
    vendor: Vendor,
    request: &vendors::Request,
    authorization: Option<&Authorization>,
) -> String {
    let own = request.headers().iter().chain(authorization.map(|(name, value)| (name, value)));
    let headers: Vec<(&str, &str)> =
        own.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    json!({
        "id": id,
        "vendor": vendor.slug(),
        "method": request.method().as_str(),
        "path": request.uri().path_and_query().map_or("/", |path| path.as_str()),
        "headers": headers,
        "body": String::from_utf8_lossy(request.body()),
    })
    .to_string()
}

/// Decodes a message; `None` if it is not one of these.
pub(super) fn read_answer(text: &str) -> Option<Answer> {
    let message: Value = serde_json::from_str(text).ok()?;
    if message.get("ready").is_some() {
        let is_durable = message.get("durable").and_then(Value::as_bool).unwrap_or(true);
        return Some(Answer::Ready { is_durable });
    }
    let id = message.get("id")?.as_u64()? as u32;
    if message.get("cut").is_some() {
        return Some(Answer::Cut(id));
    }
    let Some(status) = message.get("status").and_then(Value::as_u64) else {
        return Some(Answer::Control(id, message));
    };
    let body = message.get("body").and_then(Value::as_str).unwrap_or("").as_bytes().to_vec();
    let mut response = http::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    for pair in message.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let name = pair.get(0).and_then(Value::as_str).and_then(|name| name.parse::<HeaderName>().ok());
        let value = pair.get(1).and_then(Value::as_str).and_then(|value| value.parse::<HeaderValue>().ok());
        if let (Some(name), Some(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    Some(Answer::Response(id, response))
}
