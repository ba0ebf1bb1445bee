//! Rate limits in responses: in headers, or in words where there are none.

use domain::{Millis, RateHint};
use serde_json::Value;

use super::answers::Said;
use crate::Response;
use crate::answer::{header_number, number, retry_after};

/// Headers with the remaining calls and the time of the reset: of the newest page ("Rate Limits"), then of
/// the older pages and the SDK.
const REMAINING: [&str; 2] = ["x-ratelimit-remaining", "x-rate-limit-remaining"];
const RESET: [&str; 2] = ["x-ratelimit-reset", "x-rate-limit-reset"];

/// Maximum size of a non-JSON body that is searched for a wait, in bytes.
const MAX_PAGE: usize = 4_000;
/// How deep into a body to look for a wait. Assumed: the JSON of a 429 is undocumented, so the wait may be
/// beside the error, in it, or in its details.
const MAX_DEPTH: usize = 4;

/// The hint in the rate limit headers. The reset is in seconds since 1970; `Retry-After` takes precedence.
/// `None` without the remaining calls, or without either of these times.
pub(super) fn rate_hint(response: &Response, now: Millis) -> Option<RateHint> {
    let remaining = header_number(response, &REMAINING)?.try_into().unwrap_or(u32::MAX);
    let until = |reset: u64| reset.saturating_mul(1_000).saturating_sub(now);
    let reset_in_ms = retry_after(response).or_else(|| header_number(response, &RESET).map(until))?;
    Some(RateHint { remaining, reset_in_ms })
}

/// The rate limit headers as error details, in either spelling.
pub(super) fn details(response: &Response) -> Vec<(Box<str>, Box<str>)> {
    [("limit", ["x-ratelimit-limit", "x-rate-limit"]), ("remaining", REMAINING), ("reset", RESET)]
        .into_iter()
        .filter_map(|(name, spellings)| {
            Some((name.into(), header_number(response, &spellings)?.to_string().into()))
        })
        .collect()
}

/// True for a rate limit error: by its code, or by its message if it has no code.
pub(super) fn is_too_many(said: &Said) -> bool {
    let code = said.code.to_ascii_uppercase();
    let in_words = || said.message.to_ascii_lowercase().contains("too many requests");
    code.ends_with("TOO_MANY_REQUESTS") || code == "429" || (code.is_empty() && in_words())
}

/// The wait that a response asks for: in a header, else in its body.
pub(super) fn wait(response: &Response, body: Option<&Value>) -> Option<Millis> {
    let in_body = || match body {
        Some(body) => wait_in(body, MAX_DEPTH),
        None if response.body().len() <= MAX_PAGE => wait_in_words(&String::from_utf8_lossy(response.body())),
        None => None,
    };
    retry_after(response).or_else(in_body)
}

/// The wait in a JSON value: in a field `retryAfter` (seconds), or in words.
pub(super) fn wait_in(value: &Value, depth: usize) -> Option<Millis> {
    match value {
        Value::String(text) => wait_in_words(text),
        Value::Array(items) if depth > 0 => items.iter().take(50).find_map(|item| wait_in(item, depth - 1)),
        Value::Object(fields) if depth > 0 => {
            let is_name = |name: &str| {
                let letters = name.chars().filter(char::is_ascii_alphabetic);
                letters.map(|letter| letter.to_ascii_lowercase()).eq("retryafter".chars())
            };
            let fields = || fields.iter().take(50);
            let named = fields().filter(|(name, _)| is_name(name)).find_map(|(_, value)| number(value));
            named
                .map(|seconds| seconds.saturating_mul(1_000))
                .or_else(|| fields().find_map(|(_, value)| wait_in(value, depth - 1)))
        }
        _ => None,
    }
}

/// The wait in a sentence: "retry after 42 seconds", "Please wait 2 min", "try again in 500ms". Takes the
/// first number after such a word, in seconds if no unit follows.
fn wait_in_words(text: &str) -> Option<Millis> {
    let text = text.to_ascii_lowercase();
    let begin = ["retry", "try again", "wait"].iter().filter_map(|word| text.find(word)).min()?;
    let rest = &text[begin..];
    let digits = rest.find(|c: char| c.is_ascii_digit())?;
    // A number in another sentence is not the wait.
    if rest[..digits].contains(['.', ';', '!', '\n']) || digits > 60 {
        return None;
    }
    let number = &rest[digits..];
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let n: u64 = number[..end].parse().ok()?;
    let rest = number[end..].trim_start();
    let unit = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
    let ms_each = match unit {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000,
        _ => 1_000,
    };
    Some(n.saturating_mul(ms_each))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wait_is_found_in_words() {
        let table = [
            ("Too many requests, retry after 42 seconds.", Some(42_000)),
            ("Retry-After: 42", Some(42_000)),
            ("retry after 42s", Some(42_000)),
            ("Please wait for 2 minutes.", Some(120_000)),
            ("Limit of 500 reached. Try again in 500 ms", Some(500)),
            ("try again in 1 hour", Some(3_600_000)),
            ("Limit of 500 per minute reached.", None),
            ("Please retry later. Your limit is 500 a minute.", None),
            ("retry after a while", None),
            ("retry after 99999999999999999999999 seconds", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(wait_in_words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_wait_is_found_where_it_may_stand() {
        let table = [
            (json!({"error": {"code": "X", "details": {"retryAfter": 42}}}), Some(42_000)),
            (json!({"error": {"message": "retry after 42 seconds"}}), Some(42_000)),
            (json!({"error": {"devMessage": "Retry after 7 seconds"}, "retry_after": "42"}), Some(42_000)),
            (json!({"error": {"details": {"rate": ["retry after 42 seconds"]}}}), Some(42_000)),
            (json!({"message": "no"}), None),
        ];
        for (body, expected) in table {
            assert_eq!(wait_in(&body, MAX_DEPTH), expected, "{body}");
        }
    }
}
