//! Networked's response envelope (Networked contract, section 2).

use serde_json::{Value, json};

use crate::{Response, emulator::Context, reply::json_reply};

/// A success with data.
pub(super) fn success(message: &str, data: &Value) -> Response {
    json_reply(200, &json!({ "data": data, "error": false, "message": message }))
}

/// A failure; the body follows from the field descriptions of the envelope.
pub(super) fn failure(status: u16, message: &str) -> Response {
    json_reply(status, &json!({ "error": true, "message": message }))
}

/// A refused call.
// Assumed: Networked refuses a call with 400 and `error: true`; a switch answers 200 with `error: true`.
pub(super) fn refused(message: &str, context: Context<'_>) -> Response {
    failure(if context.settings.networked.error_true_with_200 { 200 } else { 400 }, message)
}
