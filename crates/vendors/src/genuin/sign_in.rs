//! Exchanges the key and secret for a token, and detects an expired one.

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConsoleCode, ErrorClass, Millis, Secret};

use super::{answers, client, endpoints, wire};
use crate::answer::{self, text_at};
use crate::{Request, Response};

/// The sign-in request.
pub(super) fn request(key: &Secret, secret: &Secret) -> Request {
    client::request_to(
        &endpoints::AUTH,
        endpoints::AUTH.path,
        &wire::Auth { api_key: key.expose(), api_secret: secret.expose() },
    )
}

/// The token in the response to [`request`]: from the header, else from the body.
pub(super) fn decode(response: &Response) -> Result<Secret, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(answers::refusal(response, error, endpoints::AUTH.id));
    }
    if let Some(token) = answer::header(response, wire::TOKEN_HEADER).and_then(token) {
        return Ok(token);
    }
    let data = answers::data(response, endpoints::AUTH.id)?;
    wire::TOKEN_FIELDS.iter().find_map(|field| token(&text_at(&data, field)?)).ok_or_else(|| {
        ApiError::new(ErrorClass::Auth, ErrorOrigin::Vendor, ConsoleCode::AuthNoToken)
            .with_status(response.status().as_u16())
    })
}

fn token(text: &str) -> Option<Secret> {
    Secret::parse_key(text.strip_prefix("Bearer ").unwrap_or(text)).ok()
}

/// Minimum age at which a token may have expired. Assumed: the vendor does not say how long one is valid.
const OLD_MS: Millis = 300_000;

/// 401 is documented for one call and likely for all. 412 with code 5166 has many meanings, an expired token
/// among them (Genuin, "Add or manage group members"; Assumed: for the other calls); with a new token it is a
/// refusal.
pub(super) fn is_token_expired(response: &Response, age: Millis) -> bool {
    match response.status().as_u16() {
        401 => true,
        412 if age >= OLD_MS => {
            answer::json(response).is_ok_and(|body| text_at(&body, "code").as_deref() == Some("5166"))
        }
        _ => false,
    }
}
