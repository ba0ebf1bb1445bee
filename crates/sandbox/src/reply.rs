//! Helpers that build responses.

use http::{HeaderValue, header::CONTENT_TYPE};
use serde_json::{Value, json};

use crate::Response;

/// A response with a JSON body.
pub(crate) fn json_reply(status: u16, body: &Value) -> Response {
    text_reply(status, "application/json", body.to_string())
}

/// A response with a text body.
pub(crate) fn text_reply(status: u16, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(body.into_bytes());
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Adds a header; a value that is not valid in a header is ignored.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Adds undocumented fields to a JSON response and to each row of its lists.
pub(crate) fn with_unknown_fields(response: Response) -> Response {
    let Ok(mut body) = serde_json::from_slice(response.body()) else { return response };
    sprinkle(&mut body);
    response.map(|_| body.to_string().into_bytes())
}

fn sprinkle(value: &mut Value) {
    let rows: Vec<&mut Value> = match value {
        Value::Object(fields) => {
            fields.insert("x_unseen".into(), json!({ "since": 3, "why": null }));
            fields.values_mut().collect()
        }
        _ => Vec::new(),
    };
    for row in rows {
        if let Value::Array(items) = row {
            items.iter_mut().for_each(sprinkle);
        } else if let Some(Value::Array(items)) = row.get_mut("content") {
            items.iter_mut().for_each(sprinkle);
        }
    }
}
