//! Encoding untrusted text into paths and queries.

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConsoleCode, ErrorClass};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Maximum length of an id in bytes. Assumed: the longest documented one is 100 characters.
const MAX_ID: usize = 1_000;

/// `console.bad_id`: an id or text that cannot be part of an address.
pub fn bad_id() -> ApiError {
    ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, ConsoleCode::BadId)
}

/// Encodes an id as one path segment.
///
/// # Errors
/// `console.bad_id` if the id cannot be a path segment: if it is empty, longer than any vendor allows, or `.`
/// or `..`, which browsers resolve even when percent-encoded, so that the request would reach another path.
pub fn segment(id: &str) -> Result<String, ApiError> {
    if matches!(id, "" | "." | "..") || id.len() > MAX_ID {
        return Err(bad_id());
    }
    Ok(utf8_percent_encode(id, RESERVED).to_string())
}

/// Encodes fields as a query or as a form body.
pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_stay_in_their_place() {
        let table = [
            ("superhero-fans_1.~", Some("superhero-fans_1.~")),
            ("a/b", Some("a%2Fb")),
            ("../auth", Some("..%2Fauth")),
            ("a?b#c%2e", Some("a%3Fb%23c%252e")),
            ("a b\r\nX: y", Some("a%20b%0D%0AX%3A%20y")),
            ("grüße", Some("gr%C3%BC%C3%9Fe")),
            ("..", None),
            (".", None),
            ("", None),
        ];
        for (id, expected) in table {
            assert_eq!(segment(id).ok().as_deref(), expected, "{id:?}");
        }
        assert_eq!(segment(&"a".repeat(100_000)), Err(bad_id()));
    }

    #[test]
    fn forms_survive_signs() {
        let encoded =
            form([("email", "a+b@example.org"), ("name", "Ann & Bo = ü\n"), ("password", "%41 ?#")]);
        assert_eq!(encoded, "email=a%2Bb%40example.org&name=Ann+%26+Bo+%3D+%C3%BC%0A&password=%2541+%3F%23");
    }
}
