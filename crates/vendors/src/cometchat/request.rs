//! Builds requests: percent-encoded paths and queries, JSON bodies, and the acting user.

use domain::ApiError;
use http::{HeaderValue, header};
use serde::Serialize;

use crate::endpoint::Endpoint;
use crate::path::{bad_id, form};
use crate::{Request, catalogue};

/// A request without a body, with the non-empty parameters in its query. `acting_as` becomes the header
/// `onBehalfOf` ("CometChat, Authentication").
pub(super) fn call(
    endpoint: &Endpoint,
    ids: &[&str],
    query: &[(&str, &str)],
    acting_as: Option<&str>,
) -> Result<Request, ApiError> {
    let mut target = endpoint.path_of(ids)?;
    if !query.is_empty() {
        target.push('?');
        target.push_str(&form(query.iter().copied().filter(|(_, value)| !value.is_empty())));
    }
    build(endpoint, &target, acting_as, None)
}

/// A request with a JSON body, which CometChat accepts with DELETE too.
pub(super) fn call_with(
    endpoint: &Endpoint,
    ids: &[&str],
    acting_as: Option<&str>,
    body: &impl Serialize,
) -> Result<Request, ApiError> {
    let body = serde_json::to_vec(body).map_err(|_| catalogue::unsupported())?;
    build(endpoint, &endpoint.path_of(ids)?, acting_as, Some(body))
}

fn build(
    endpoint: &Endpoint,
    target: &str,
    acting_as: Option<&str>,
    body: Option<Vec<u8>>,
) -> Result<Request, ApiError> {
    let mut builder = http::Request::builder()
        .method(endpoint.method.clone())
        .uri(target)
        .header(header::ACCEPT, "application/json");
    if body.is_some() {
        builder = builder.header(header::CONTENT_TYPE, "application/json");
    }
    if let Some(actor) = acting_as.map(str::trim).filter(|actor| !actor.is_empty()) {
        // Fail rather than act as the system, which would skip the check of the user's scope.
        builder = builder.header("onBehalfOf", HeaderValue::from_str(actor).map_err(|_| bad_id())?);
    }
    // Only an overlong address can still fail here.
    builder.body(body.unwrap_or_default()).map_err(|_| bad_id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometchat::endpoints;

    #[test]
    fn ids_stay_in_their_segment() {
        let table = [
            ("troll", Some("/groups/hikers/bannedusers/troll")),
            ("a/b?c#d", Some("/groups/hikers/bannedusers/a%2Fb%3Fc%23d")),
            ("née 50%", Some("/groups/hikers/bannedusers/n%C3%A9e%2050%25")),
            ("..", None),
            ("", None),
        ];
        for (uid, expected) in table {
            let request = call(&endpoints::BAN_USER, &["hikers", uid], &[], None);
            assert_eq!(request.ok().map(|request| request.uri().to_string()).as_deref(), expected, "{uid:?}");
        }
        let endless = call(&endpoints::GET_GROUP, &[&"x".repeat(100_000)], &[], None);
        assert_eq!(endless.expect_err("no address is so long"), bad_id());
    }

    #[test]
    fn an_actor_that_no_header_carries_is_refused_and_not_dropped() {
        for actor in ["mi\nla", "mi\u{7f}la"] {
            assert_eq!(
                call(&endpoints::LIST_GROUPS, &[], &[], Some(actor)).expect_err("no header holds this"),
                bad_id()
            );
        }
        let request = call(&endpoints::LIST_GROUPS, &[], &[], Some("  ")).expect("nobody acts");
        assert!(!request.headers().contains_key("onBehalfOf"));
    }
}
