//! Putting texts that others chose into paths and queries.

use domain::api_error::Origin;
use domain::{ApiError, ErrorClass};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Longest id, in bytes. Assumed: the longest documented one is 100 characters.
const MAX_ID: usize = 1_000;

/// The refusal of an id or a text that cannot stand in an address: `console.bad_id`.
pub fn bad_id() -> ApiError {
    ApiError::new(ErrorClass::Refused, Origin::Console, "console.bad_id")
}

/// An id as one segment of a path.
///
/// # Errors
/// `console.bad_id` for the ids that cannot stand in a path: an empty one, one beyond any vendor's length, `.`
/// and `..`, which browsers resolve even when they are percent-encoded, so that the call would reach another
/// address.
pub fn segment(id: &str) -> Result<String, ApiError> {
    if matches!(id, "" | "." | "..") || id.len() > MAX_ID {
        return Err(bad_id());
    }
    Ok(utf8_percent_encode(id, RESERVED).to_string())
}

/// Fields as a query or as the body of a form.
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
