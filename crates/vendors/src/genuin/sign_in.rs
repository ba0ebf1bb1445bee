//! Keys for a token, and when a new one is needed.

use domain::api_error::Origin;
use domain::{ApiError, ErrorClass, Millis, Secret};
use http::Method;

use super::{answers, client, wire};
use crate::answer::{self, text_at};
use crate::{Request, Response};

/// The request for a token.
pub(super) fn request(key: &Secret, secret: &Secret) -> Request {
    client::request(
        Method::POST,
        wire::AUTH,
        &wire::Auth { api_key: key.expose(), api_secret: secret.expose() },
    )
}

/// The token of an answer to [`request`]: from the header, else from the body.
pub(super) fn decode(response: &Response) -> Result<Secret, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(answers::refusal(response, error, "auth"));
    }
    if let Some(token) = answer::header(response, wire::TOKEN_HEADER).and_then(token) {
        return Ok(token);
    }
    let data = answers::data(response, "auth")?;
    wire::TOKEN_FIELDS.iter().find_map(|field| token(&text_at(&data, field)?)).ok_or_else(|| {
        ApiError::new(ErrorClass::Auth, Origin::Vendor, "auth.no_token")
            .with_status(response.status().as_u16())
    })
}

fn token(text: &str) -> Option<Secret> {
    Secret::parse_key(text.strip_prefix("Bearer ").unwrap_or(text)).ok()
}

/// Youngest age at which a token counts as old. Assumed: the vendor does not say how long one is good.
const OLD_MS: Millis = 300_000;

/// 401 is documented for one call and likely for all; 412 with 5166 stands for many things, an old token among
/// them (Genuin, "Add or manage group members"; Assumed: for the other calls). Of a young token it is a refusal.
pub(super) fn is_token_expired(response: &Response, age: Millis) -> bool {
    match response.status().as_u16() {
        401 => true,
        412 if age >= OLD_MS => {
            answer::json(response).is_ok_and(|body| text_at(&body, "code").as_deref() == Some("5166"))
        }
        _ => false,
    }
}
