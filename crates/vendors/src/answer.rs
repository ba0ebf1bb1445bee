//! Reading responses defensively: size, encoding, JSON, and fields of varying type.
//!
//! Nothing here panics, whatever the response. An unreadable response is an error of class
//! [`Unknown`](ErrorClass::Unknown), because the request may still have been carried out.

use std::borrow::Cow;

use domain::api_error::ErrorOrigin;
use domain::bounded::{MAX_PARTS, n_parts};
use domain::{ApiError, ConsoleCode, ErrorClass, Millis, plain};
use serde_json::Value;

use crate::{Response, http_date};

/// Maximum size of a body in bytes. Assumed: no vendor names one; a page of 1,000 people is far smaller.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// Parses the body as JSON, whatever the status.
///
/// # Errors
/// `decode.too_large`, `decode.too_many`, `decode.empty`, `decode.not_utf8`, `decode.truncated`,
/// `decode.too_deep` or `decode.not_json`, all of class [`Unknown`](ErrorClass::Unknown).
pub fn json(response: &Response) -> Result<Value, ApiError> {
    let body = response.body();
    if body.len() > MAX_BODY {
        return Err(unreadable(response, ConsoleCode::DecodeTooLarge));
    }
    let text = str::from_utf8(body).map_err(|_| unreadable(response, ConsoleCode::DecodeNotUtf8))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(unreadable(response, ConsoleCode::DecodeEmpty));
    }
    if is_too_many(text) {
        return Err(unreadable(response, ConsoleCode::DecodeTooMany));
    }
    serde_json::from_str(text).map_err(|error| {
        let code = if error.is_eof() {
            ConsoleCode::DecodeTruncated
        } else if error.to_string().contains("recursion limit") {
            ConsoleCode::DecodeTooDeep
        } else {
            ConsoleCode::DecodeNotJson
        };
        unreadable(response, code)
    })
}

/// Parses JSON embedded in a string of a response. `None` if it is not JSON, or has too many parts.
pub(crate) fn json_in(text: &str) -> Option<Value> {
    // The part count of the enclosing body does not cover the contents of its strings.
    if is_too_many(text) { None } else { serde_json::from_str(text).ok() }
}

fn is_too_many(text: &str) -> bool {
    n_parts(text.as_bytes()) > MAX_PARTS
}

/// `decode.shape`: the response is JSON, but not in this vendor's shape.
pub(crate) fn misshapen(response: &Response) -> ApiError {
    unreadable(response, ConsoleCode::DecodeShape)
}

fn unreadable(response: &Response, code: ConsoleCode) -> ApiError {
    ApiError::new(ErrorClass::Unknown, ErrorOrigin::Decoding, code).with_status(response.status().as_u16())
}

/// The error that the status alone implies, with the requested wait; `None` for a success.
pub(crate) fn http_error(response: &Response) -> Option<ApiError> {
    let mut error = status_error(response.status().as_u16())?;
    error.retry_after_ms = retry_after(response);
    Some(error)
}

/// The error that a status implies, wherever it was found; `None` for a success.
pub(crate) fn status_error(status: u16) -> Option<ApiError> {
    let (class, code) = match status {
        // Accepted but not done, partial content, multi-status: none confirms that everything was done.
        202 | 206..=299 => (ErrorClass::Unknown, ConsoleCode::HttpUnexpected),
        200..=299 => return None,
        401 => (ErrorClass::Auth, ConsoleCode::HttpUnauthorized),
        403 => (ErrorClass::Auth, ConsoleCode::HttpForbidden),
        404 => (ErrorClass::NotFound, ConsoleCode::HttpNotFound),
        // An intermediary gave up waiting. Whether it forwarded the request is unknown.
        408 | 499 => (ErrorClass::Unknown, ConsoleCode::HttpTimedOut),
        429 => (ErrorClass::RateLimited, ConsoleCode::HttpRateLimited),
        400..=499 => (ErrorClass::Refused, ConsoleCode::HttpRefused),
        500..=599 => (ErrorClass::Server, ConsoleCode::HttpServer),
        _ => (ErrorClass::Unknown, ConsoleCode::HttpUnexpected),
    };
    Some(ApiError::new(class, ErrorOrigin::Vendor, code).with_status(status))
}

/// The failure that the fields of a body report, whatever the status: frameworks and gateways put a refusal
/// into the body of a 200. Its `code` is that of the status named in the body, or `http.refused`. `None` if
/// no field reports a failure, which does not yet make it a success.
pub(crate) fn denial(body: &Value) -> Option<ApiError> {
    let fields = body.as_object()?;
    let named = ["statusCode", "status_code", "httpStatus", "status", "code"].iter().find_map(|field| {
        let status = u16::try_from(number(fields.get(*field)?)?).ok()?;
        (400..=599).contains(&status).then(|| status_error(status)).flatten()
    });
    let is_no = |field: &str| fields.get(field).and_then(flag) == Some(false);
    let has_failed = |field: &str| {
        let said = fields.get(field).and_then(text);
        said.is_some_and(|said| {
            ["error", "fail", "failed", "failure"].iter().any(|word| said.eq_ignore_ascii_case(word))
        })
    };
    let has_errors = fields.get("errors").is_some_and(is_reason);
    let is_denied = ["success", "succeeded", "isSuccess", "ok"].iter().any(|field| is_no(field))
        || ["status", "result"].iter().any(|field| has_failed(field))
        || has_errors;
    let refused = || ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, ConsoleCode::HttpRefused);
    named.or_else(|| is_denied.then(refused))
}

/// Whether an error field holds an error: anything but null, `false`, `0`, blank text or an empty container.
pub(crate) fn is_reason(error: &Value) -> bool {
    match error {
        Value::Array(reasons) => !reasons.is_empty(),
        Value::Object(reasons) => !reasons.is_empty(),
        Value::String(reason) => !reason.trim().is_empty() && flag(error) != Some(false),
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => flag(error) != Some(false),
    }
}

/// Maximum length of a kept vendor message, in bytes.
const MAX_WORDS: usize = 500;

/// A vendor's message as plain text, short enough to be kept once per person.
pub(crate) fn shortened(words: &str) -> Cow<'_, str> {
    let plain = plain::prose(words);
    let mut end = plain.len().min(MAX_WORDS);
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    if end == plain.len() { plain } else { Cow::Owned(plain[..end].to_owned()) }
}

/// The wait that `Retry-After` asks for, in seconds or as a date (RFC 9110, section 10.2.3). A date is
/// relative to the vendor's own clock if the response has one, else to [`ReceivedAt`]. A date in the past
/// asks for no wait.
pub fn retry_after(response: &Response) -> Option<Millis> {
    if let Some(seconds) = header_number(response, &["retry-after"]) {
        return Some(seconds.saturating_mul(1_000));
    }
    let until = http_date::parse(header(response, "retry-after")?)?;
    let shown = header(response, "date").and_then(http_date::parse);
    let now = shown.or_else(|| response.extensions().get().map(|ReceivedAt(at)| *at))?;
    until.checked_sub(now).filter(|wait| *wait > 0)
}

/// When a response arrived, in milliseconds since 1970. The transport adds it to the
/// [extensions](http::Response::extensions), because this crate never reads a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedAt(pub Millis);

/// The first of these headers that holds an integer. Pass every spelling that the vendor uses.
pub(crate) fn header_number(response: &Response, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| header(response, name)?.parse().ok())
}

/// A header as trimmed text; `None` if it is missing, empty or not ASCII.
pub fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    let text = response.headers().get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// A non-blank string, trimmed, or a number as text; `None` for anything else.
pub fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty()).then_some(Cow::Borrowed(text))
        }
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The [`text`] of a field, unmodified, for comparison. Read text to display with [`name_at`], [`prose_at`]
/// or [`id_at`].
pub(crate) fn text_at(value: &Value, field: &str) -> Option<Box<str>> {
    value.get(field).and_then(text).map(Into::into)
}

/// A name as plain text; `None` if nothing in it is visible.
pub fn name(value: &Value) -> Option<Box<str>> {
    let text = text(value)?;
    let name = plain::name(&text);
    (!name.is_empty()).then(|| name.into())
}

/// The [`name`] of a field.
pub(crate) fn name_at(value: &Value, field: &str) -> Option<Box<str>> {
    value.get(field).and_then(name)
}

/// A field with several sentences, such as a description, as plain text.
pub(crate) fn prose_at(value: &Value, field: &str) -> Option<Box<str>> {
    let text = value.get(field).and_then(text)?;
    let prose = plain::prose(&text);
    (!prose.is_empty()).then(|| prose.into())
}

/// An id, an email address or a phone number, unmodified; `None` if no vendor would give such an id.
pub fn id(value: &Value) -> Option<Box<str>> {
    plain::id(&text(value)?).map(Into::into)
}

/// The [`id`] of a field.
pub(crate) fn id_at(value: &Value, field: &str) -> Option<Box<str>> {
    value.get(field).and_then(id)
}

/// Maximum length of a kept page or picture URL, in bytes.
const MAX_ADDRESS: usize = 2_048;

/// The URL of a page or picture, unmodified; `None` if it is too long or has hidden characters. Its scheme is
/// not checked, so use it only to fill in a form.
pub(crate) fn address_at(value: &Value, field: &str) -> Option<Box<str>> {
    let text = value.get(field).and_then(text)?;
    let is_fit = text.len() <= MAX_ADDRESS && !text.chars().any(domain::key::is_hidden);
    is_fit.then(|| text.into())
}

/// A non-negative integer, also as a string (`"3"`) or a float (`3.0`).
pub fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let float = number.as_f64()?;
            // From 2^53 on, floats are not exact integers.
            let is_whole = float.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&float);
            is_whole.then_some(float as u64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The [`number`] of a field.
pub(crate) fn number_at(value: &Value, field: &str) -> Option<u64> {
    value.get(field).and_then(number)
}

/// A boolean, also as `"true"`, `"1"`, `1` and their opposites.
pub fn flag(value: &Value) -> Option<bool> {
    if let Value::Bool(is_in_effect) = value {
        return Some(*is_in_effect);
    }
    match text(value)?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// The [`flag`] of a field.
pub(crate) fn flag_at(value: &Value, field: &str) -> Option<bool> {
    value.get(field).and_then(flag)
}

/// The items of an array, or the values of an object in place of an array. `None` for anything else.
pub fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(fields) => Some(fields.values().collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The [`items`] of a field; empty if the field is missing or of another type.
pub(crate) fn items_at<'a>(value: &'a Value, field: &str) -> Vec<&'a Value> {
    value.get(field).and_then(items).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
        http::Response::builder().status(status).body(body.into()).expect("a plain answer is well formed")
    }

    #[test]
    fn names_what_is_wrong_with_a_body() {
        let deep = "[".repeat(100_000);
        let table: [(&[u8], &str); 9] = [
            (b"", "decode.empty"),
            (b" \n\t", "decode.empty"),
            (b"\xff\xfe{}", "decode.not_utf8"),
            (b"<html><body>502 Bad Gateway</body></html>", "decode.not_json"),
            (b"OK", "decode.not_json"),
            (b"{}{}", "decode.not_json"),
            (br#"{"data": {"members_ad"#, "decode.truncated"),
            (br#"{"data": ["#, "decode.truncated"),
            (deep.as_bytes(), "decode.too_deep"),
        ];
        for (body, code) in table {
            let error = json(&answer(200, body)).expect_err(code);
            assert_eq!((&*error.code, error.class, error.status), (code, ErrorClass::Unknown, Some(200)));
        }
        let many = ["[", &vec![r#"{"":0}"#; MAX_BODY / 7 - 1].join(","), "]"].concat();
        assert_eq!(json_in(&many), None, "a text in an answer is held to the same");
        assert_eq!(json_in("{\"a\": 1}"), Some(json!({"a": 1})));
        let error = json(&answer(200, many.into_bytes())).expect_err("it has too many values");
        assert_eq!((&*error.code, error.class), ("decode.too_many", ErrorClass::Unknown));
        let error = json(&answer(200, vec![b' '; MAX_BODY + 1])).expect_err("it is too large");
        assert_eq!(&*error.code, "decode.too_large");
        assert_eq!(json(&answer(200, "\u{feff} {\"a\": 1}")), Ok(json!({"a": 1})));
    }

    #[test]
    fn statuses_have_classes() {
        use ErrorClass::*;
        let table = [
            (200, None),
            (204, None),
            (202, Some(Unknown)),
            (207, Some(Unknown)),
            (302, Some(Unknown)),
            (400, Some(Refused)),
            (401, Some(Auth)),
            (403, Some(Auth)),
            (404, Some(NotFound)),
            (408, Some(Unknown)),
            (409, Some(Refused)),
            (429, Some(RateLimited)),
            (499, Some(Unknown)),
            (500, Some(Server)),
            (503, Some(Server)),
            (999, Some(Unknown)),
        ];
        for (status, class) in table {
            assert_eq!(http_error(&answer(status, "")).map(|error| error.class), class, "{status}");
        }
    }

    #[test]
    fn a_body_can_deny_what_its_status_says() {
        use ErrorClass::*;
        let table = [
            (json!({"success": false}), Some((Refused, "http.refused"))),
            (json!({"ok": "false", "message": "no"}), Some((Refused, "http.refused"))),
            (json!({"status": "FAILED"}), Some((Refused, "http.refused"))),
            (json!({"errors": ["email"]}), Some((Refused, "http.refused"))),
            (json!({"statusCode": 400}), Some((Refused, "http.refused"))),
            (json!({"statusCode": "401"}), Some((Auth, "http.unauthorized"))),
            (json!({"status": 429}), Some((RateLimited, "http.rate_limited"))),
            (json!({"code": 408, "success": false}), Some((Unknown, "http.timed_out"))),
            (json!({"statusCode": 500}), Some((Server, "http.server"))),
            (json!({"statusCode": 200, "success": true, "status": "ok", "errors": []}), None),
            (json!({"code": "5218", "success": [], "errors": null}), None),
            (json!([false]), None),
        ];
        for (body, expected) in table {
            let said = denial(&body).map(|error| (error.class, error.code.to_string()));
            assert_eq!(said, expected.map(|(class, code)| (class, code.to_owned())), "{body}");
        }
    }

    #[test]
    fn reads_waits_in_seconds_and_ignores_dates() {
        for (value, expected) in [
            ("30", Some(30_000)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
            ("-5", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            let mut response = answer(429, "");
            response.headers_mut().insert("Retry-After", value.parse().expect("a header value"));
            assert_eq!(retry_after(&response), expected, "{value:?}");
        }
    }

    #[test]
    fn shortens_between_characters() {
        assert_eq!(shortened(" no "), "no");
        let long = shortened(&"ü".repeat(1_000)).into_owned();
        assert_eq!(long, "ü".repeat(250));
    }

    #[test]
    fn reads_fields_of_varying_type() {
        assert_eq!(text(&json!(" a ")).as_deref(), Some("a"));
        assert_eq!(text(&json!(5218)).as_deref(), Some("5218"));
        assert_eq!(
            [json!(""), json!("  "), json!(null), json!([1]), json!(true)].iter().find_map(text),
            None
        );
        let numbers =
            [json!(3), json!("3"), json!(" 3 "), json!(3.0), json!(-1), json!(3.5), json!("x"), json!(null)];
        let expected = [Some(3), Some(3), Some(3), Some(3), None, None, None, None];
        assert_eq!(numbers.each_ref().map(number), expected);
        assert_eq!(number(&json!(1_760_000_000_000_u64)), Some(1_760_000_000_000));
        let flags =
            [json!(true), json!("false"), json!("TRUE"), json!(1), json!("0"), json!("maybe"), json!(null)];
        let expected = [Some(true), Some(false), Some(true), Some(true), Some(false), None, None];
        assert_eq!(flags.each_ref().map(flag), expected);
        assert_eq!(items(&json!({"a": 1, "b": 2})).map(|items| items.len()), Some(2));
        assert_eq!(items(&json!("a")), None);
    }

    #[test]
    fn a_date_to_wait_for_is_compared_with_a_clock() {
        const AT: &str = "Fri, 15 Jan 2027 08:00:42 GMT"; // 42 s after 1,800,000,000
        let wait = |date: Option<&str>, received: Option<Millis>, retry_after: &str| {
            let mut response = answer(429, "");
            let mut put = |name, value: &str| {
                response.headers_mut().insert(name, value.parse().expect("a header"));
            };
            put(http::header::RETRY_AFTER, retry_after);
            if let Some(date) = date {
                put(http::header::DATE, date);
            }
            if let Some(at) = received {
                response.extensions_mut().insert(ReceivedAt(at));
            }
            super::retry_after(&response)
        };
        let vendors_clock = Some("Fri, 15 Jan 2027 08:00:00 GMT");
        let table = [
            (vendors_clock, None, AT, Some(42_000)),
            (vendors_clock, Some(1), AT, Some(42_000)),
            (None, Some(1_800_000_002_500), AT, Some(39_500)),
            (None, Some(1_800_000_050_000), AT, None),
            (None, None, AT, None),
            (Some("yesterday"), Some(1_800_000_000_000), AT, Some(42_000)),
            (vendors_clock, None, "Friday, 15-Jan-27 08:00:42 GMT", Some(42_000)),
            (vendors_clock, None, "Fri Jan 15 08:00:42 2027", Some(42_000)),
            (vendors_clock, None, "soon", None),
            (None, None, "7", Some(7_000)),
        ];
        for (date, received, retry_after, expected) in table {
            assert_eq!(wait(date, received, retry_after), expected, "{date:?} {received:?} {retry_after}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(status in 100u16..1000, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let response = answer(status, body);
            let _ = (json(&response), http_error(&response));
        }
    }

    #[test]
    fn what_is_shown_is_plain_and_ids_are_exact() {
        let row = json!({
            "name": "Ada\u{2069}\u{202e}\u{0}", "about": "one\ntwo\u{202e}", "unseen": "\u{200b}",
            "uid": "fan-1", "odd": "fan\u{202e}-1", "link": "javascript:alert(1)", "long": "x".repeat(3_000),
        });
        assert_eq!(name_at(&row, "name").as_deref(), Some("Ada"));
        assert_eq!(prose_at(&row, "about").as_deref(), Some("one\ntwo"));
        assert_eq!((name_at(&row, "unseen"), prose_at(&row, "unseen")), (None, None));
        assert_eq!((id_at(&row, "uid").as_deref(), id_at(&row, "odd")), (Some("fan-1"), None));
        assert_eq!((id_at(&row, "long"), address_at(&row, "long")), (None, None));
        assert_eq!(address_at(&row, "link").as_deref(), Some("javascript:alert(1)"));
    }
}
