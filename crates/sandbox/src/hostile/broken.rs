//! Hostile responses that are independent of the request's result.

use domain::Vendor;

use super::words;
use crate::{
    Response,
    emulator::ErrorText,
    registry::facts,
    reply::{json_reply, text_reply, with_header},
};

/// Nesting levels of a response that no parser should recurse into.
const LEVELS: usize = 100_000;
/// The size of the long header, in bytes.
const HEADER: usize = 100_000;

/// A refusal in the vendor's form, with hostile texts.
pub(super) fn refusal(vendor: Vendor, n_call: u64) -> Response {
    let n = n_call as usize * 3;
    let text = ErrorText {
        code: words::text(n, "ERR_UID_NOT_FOUND"),
        message: words::text(n + 1, "No."),
        field: words::text(n + 2, "field"),
        details: [words::text(n + 3, "a"), words::text(n + 4, "b")],
    };
    let status = [400, 403, 409, 422, 500][n_call as usize % 5];
    json_reply(status, &(facts(vendor).error)(text))
}

/// Well-formed JSON, [`LEVELS`] levels deep.
pub(super) fn deep(n_call: u64) -> Response {
    let (open, close) = if n_call.is_multiple_of(2) { ("[", "]") } else { (r#"{"data":"#, "}") };
    let body = [r#"{"data":"#, &open.repeat(LEVELS), "1", &close.repeat(LEVELS), "}"].concat();
    text_reply(200, "application/json", body)
}

/// Invalid JSON that looks valid, and JSON whose strings no Rust `String` can hold.
pub(super) fn almost_json(n_call: u64) -> Response {
    const BODIES: [&[u8]; 9] = [
        br#"{"data":[{"uid":"\ud800","name":"\udc00\ud800"}]}"#,
        br#"{"data":[{"uid":"a","membersCount":1e999}]}"#,
        br#"{"data":[{"uid":"a","membersCount":NaN}]}"#,
        b"{\"data\":[{\"uid\":\"a\0b\",\"name\":\"\x1b[31m\"}]}",
        b"{\"data\":[{\"uid\":\"\xff\xfe\",\"name\":\"\xc0\xaf\"}]}",
        br#"{"data":[{"uid":"a",}],}"#,
        b"\xef\xbb\xbf\xef\xbb\xbf)]}',\n{\"data\":[]}",
        br#"{'data': [undefined]} // <script>globalThis.hostileRan='json'</script>"#,
        b"{\"data\":[\"\xed\xa0\x80\"]}",
    ];
    let body = BODIES[n_call as usize % BODIES.len()].to_vec();
    text_reply(200, "application/json", String::new()).map(|_| body)
}

/// Adds an overlong header and headers with wrong values.
pub(super) fn headers(response: Response) -> Response {
    let long = "A".repeat(HEADER);
    let lies: [(&'static str, &str); 8] = [
        ("x-hostile", &long),
        ("content-type", "image/png"),
        ("retry-after", "18446744073709551615"),
        ("x-ratelimit-limit", "-1"),
        ("x-ratelimit-remaining", "-1"),
        ("x-ratelimit-reset", "18446744073709551615"),
        ("x-rate-limit-remaining", "1e999"),
        ("content-language", "<script>"),
    ];
    lies.into_iter().fold(response, |response, (name, value)| with_header(response, name, value))
}
