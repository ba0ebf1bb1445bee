//! The messages between page and worker: JSON strings. A reply repeats the id of its question.

use domain::Vendor;
use sandbox::{Request, Response, Sentinel};
use serde::{Deserialize, Serialize};

/// A message of the page.
#[derive(Debug)]
pub enum Question {
    /// A call to a vendor.
    Call {
        /// The vendor.
        vendor: Vendor,
        /// The request, without host and base path.
        request: Box<Request>,
    },
    /// Reset the world to the seed and clear the journal.
    Reset,
    /// List the sentinels.
    Sentinels,
}

/// An invalid message.
#[derive(Debug, PartialEq, Eq)]
pub struct NoQuestion {
    /// The message's id, if it could be read.
    pub id: Option<u64>,
    /// What is wrong with the message.
    pub reason: Box<str>,
}

#[derive(Deserialize)]
struct Inbound {
    id: u64,
    vendor: Option<Vendor>,
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    reset: bool,
    #[serde(default)]
    sentinels: bool,
}

/// Parses a message into its id and question.
///
/// # Errors
/// If the message is not a valid question.
pub fn parse(text: &str) -> Result<(u64, Question), NoQuestion> {
    let inbound: Inbound = serde_json::from_str(text)
        .map_err(|error| NoQuestion { id: None, reason: error.to_string().into() })?;
    let id = inbound.id;
    let question = match inbound {
        Inbound { reset: true, .. } => Question::Reset,
        Inbound { sentinels: true, .. } => Question::Sentinels,
        Inbound { vendor: Some(vendor), method, path, headers, body, .. } => {
            let mut request = http::Request::builder().method(method.as_str()).uri(path);
            for (name, value) in &headers {
                request = request.header(name, value);
            }
            let request = request
                .body(body.into_bytes())
                .map_err(|error| NoQuestion { id: Some(id), reason: error.to_string().into() })?;
            Question::Call { vendor, request: Box::new(request) }
        }
        Inbound { vendor: None, .. } => {
            return Err(NoQuestion { id: Some(id), reason: "expected a vendor, reset or sentinels".into() });
        }
    };
    Ok((id, question))
}

#[derive(Serialize)]
struct Answered<'a> {
    id: u64,
    status: u16,
    headers: Vec<(&'a str, String)>,
    body: String,
}

#[derive(Serialize)]
struct SentinelRow {
    vendor: Option<Vendor>,
    place: &'static str,
    value: &'static str,
    provokes: &'static str,
    key: &'static str,
}

/// The reply with a vendor's response.
pub fn answered(id: u64, response: &Response) -> String {
    let headers = response.headers().iter();
    text(&Answered {
        id,
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: String::from_utf8_lossy(response.body()).into_owned(),
    })
}

/// The reply for a cut connection.
pub fn cut(id: u64) -> String {
    text(&serde_json::json!({ "id": id, "cut": true }))
}

/// The reply after a reset.
pub fn reset(id: u64) -> String {
    text(&serde_json::json!({ "id": id, "reset": true }))
}

/// The reply with the sentinels.
pub fn sentinels(id: u64, sentinels: &[Sentinel]) -> String {
    let rows: Vec<_> = sentinels
        .iter()
        .map(|sentinel| SentinelRow {
            vendor: sentinel.vendor,
            place: sentinel.place,
            value: sentinel.value,
            provokes: sentinel.provokes,
            key: sentinel.key,
        })
        .collect();
    text(&serde_json::json!({ "id": id, "sentinels": rows }))
}

/// The reply to an invalid message. If it has an id, the page's call ends as cut.
pub fn not_understood(no_question: &NoQuestion) -> String {
    match no_question.id {
        Some(id) => text(&serde_json::json!({ "id": id, "cut": true, "problem": no_question.reason })),
        None => text(&serde_json::json!({ "problem": no_question.reason })),
    }
}

/// The first message to the page, sent when the worker is ready. `is_durable` is false if there is no
/// journal; the message is sent again if the journal fails later.
pub fn ready(is_durable: bool) -> String {
    if is_durable {
        text(&serde_json::json!({ "ready": true }))
    } else {
        text(&serde_json::json!({ "ready": true, "durable": false }))
    }
}

fn text(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("messages have text keys and no failing fields")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_call() {
        let text = r#"{"id":7,"vendor":"cometchat","method":"PUT","path":"/groups/g/members/%C3%BC?x=1",
            "headers":[["apikey","k"],["onBehalfOf","a"]],"body":"{\"scope\":\"admin\"}"}"#;
        let (id, question) = parse(text).unwrap();
        let Question::Call { vendor, request } = question else { panic!("{question:?}") };
        assert_eq!((id, vendor), (7, Vendor::CometChat));
        assert_eq!(request.method(), http::Method::PUT);
        assert_eq!(request.uri().to_string(), "/groups/g/members/%C3%BC?x=1");
        assert_eq!(request.headers()["onbehalfof"], "a");
        assert_eq!(request.body(), br#"{"scope":"admin"}"#);
    }

    #[test]
    fn says_why_a_message_is_no_question() {
        let table = [
            ("", None),
            ("[]", None),
            (r#"{"vendor":"genuin"}"#, None),
            (r#"{"id":1,"vendor":"myspace"}"#, None),
            (r#"{"id":1}"#, Some(1)),
            (r#"{"id":1,"vendor":"genuin","method":"G T","path":"/"}"#, Some(1)),
            (r#"{"id":1,"vendor":"genuin","method":"GET","path":"/ü x"}"#, Some(1)),
            (r#"{"id":1,"vendor":"genuin","method":"GET","path":"/","headers":[["a b","c"]]}"#, Some(1)),
        ];
        for (text, id) in table {
            let no_question = parse(text).expect_err(text);
            assert_eq!(no_question.id, id, "{text}: {}", no_question.reason);
        }
    }

    #[test]
    fn writes_answers_with_their_headers() {
        let response =
            http::Response::builder().status(429).header("Retry-After", "1").body(b"{}".to_vec()).unwrap();
        assert_eq!(
            answered(3, &response),
            r#"{"id":3,"status":429,"headers":[["retry-after","1"]],"body":"{}"}"#
        );
        assert_eq!(cut(4), r#"{"cut":true,"id":4}"#);
        assert_eq!(ready(true), r#"{"ready":true}"#);
        assert_eq!(ready(false), r#"{"durable":false,"ready":true}"#);
    }
}
