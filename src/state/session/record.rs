//! A call as shown to the user: without keys, tokens and passwords.

use domain::{Connection, ConnectionKind, Millis, plain};
use http::header::HeaderMap;
use vendors::KeyKind;
use vendors::{Request, Response, secrets};

use browser::transport;

/// Maximum bytes of a response body kept for display.
const MAX_SHOWN_BYTES: usize = 64 * 1024;

/// A call and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    pub method: Box<str>,
    /// Path and query, relative to the connection's base URL.
    pub path: Box<str>,
    /// The request's headers, without the one carrying the key.
    pub request_headers: Vec<(Box<str>, Box<str>)>,
    /// The request's body with secrets replaced; empty for none.
    pub request_body: Box<str>,
    /// The HTTP status; `None` if no response came.
    pub status: Option<u16>,
    /// The response's headers, without those that carry secrets.
    pub response_headers: Vec<(Box<str>, Box<str>)>,
    /// The response's body with secrets replaced. Untrusted: show it as text.
    pub response_body: Box<str>,
    /// True if the response's body is truncated.
    pub is_cut: bool,
    pub sent_at: Millis,
    /// Time until the response or the failure.
    pub took_ms: Millis,
}

impl CallRecord {
    pub(super) fn of(request: &Request, sent_at: Millis, answered_at: Millis) -> Self {
        let body = String::from_utf8_lossy(request.body());
        Self {
            method: request.method().as_str().into(),
            path: request.uri().path_and_query().map_or("/", |path| path.as_str()).into(),
            request_headers: shown_headers(request.headers()),
            request_body: if secrets::is_form(request) {
                secrets::without_form_fields(&body).into()
            } else {
                secrets::without_fields(&body).into()
            },
            status: None,
            response_headers: Vec::new(),
            response_body: Box::default(),
            is_cut: false,
            sent_at,
            took_ms: answered_at.saturating_sub(sent_at),
        }
    }

    /// Adds the answer, from which the secrets of the request were taken out.
    #[must_use]
    pub fn with_answer(mut self, response: &Response) -> Self {
        self.status = Some(response.status().as_u16());
        self.response_headers = shown_headers(response.headers());
        let body = String::from_utf8_lossy(response.body());
        let body = secrets::without_fields(&body);
        let most = MAX_SHOWN_BYTES.min(body.len());
        let end = (0..=most).rev().find(|idx| body.is_char_boundary(*idx)).unwrap_or(0);
        self.is_cut = end < body.len();
        self.response_body = body[..end].into();
        self
    }

    /// Drops a successful sign-in response: it contains a token in an unknown place.
    pub(super) fn without_answer(mut self) -> Self {
        if self.status.is_some_and(|status| status < 400) {
            self.response_headers.clear();
            self.response_body = Box::default();
        }
        self
    }
}

/// The call as a shell command, with the key as a shell variable.
pub fn curl(call: &CallRecord, connection: &Connection) -> String {
    let mut command = String::from("curl");
    if &*call.method != "GET" {
        command.push_str(" -X ");
        command.push_str(&call.method);
    }
    command.push(' ');
    command.push_str(&quote(&(transport::base(&connection.base_url) + &call.path)));
    if let Some(header) = key_header(connection) {
        command.push_str(" \\\n  -H ");
        command.push_str(&header);
    }
    for (name, value) in &call.request_headers {
        command.push_str(" \\\n  -H ");
        command.push_str(&quote(&[name, ": ", value].concat()));
    }
    if !call.request_body.is_empty() {
        command.push_str(" \\\n  --data-raw ");
        // Hidden characters are escaped: the user sees in a terminal everything that is pasted.
        command.push_str(&quote(&plain::escaped(&call.request_body)));
    }
    command
}

/// Quotes a text for the shell, literally.
fn quote(text: &str) -> String {
    ["'", &text.replace('\'', "'\\''"), "'"].concat()
}

/// The header with the key, in double quotes so that the shell expands the variable.
fn key_header(connection: &Connection) -> Option<String> {
    const MARK: &str = "KEY";
    if connection.kind == ConnectionKind::Relay {
        return None; // the relay adds it
    }
    let profile = vendors::profile(connection.vendor);
    // Where a token can be had, calls carry it and not the key.
    let kind = if profile.keys.contains(&KeyKind::Token) { KeyKind::Token } else { KeyKind::Key };
    let (name, value) = vendors::protocol(connection.vendor).authorization(&kind.filled(MARK))?;
    let slug = connection.vendor.slug().to_ascii_uppercase();
    let variable = ["$", &slug, if kind == KeyKind::Token { "_TOKEN" } else { "_KEY" }].concat();
    let value = value.to_str().ok()?.replace(MARK, &variable);
    Some(["\"", name.as_str(), ": ", &value, "\""].concat())
}

fn shown_headers(headers: &HeaderMap) -> Vec<(Box<str>, Box<str>)> {
    let is_secret =
        |name: &str| ["token", "authorization", "cookie", "key"].iter().any(|word| name.contains(word));
    headers
        .iter()
        .filter(|(name, _)| !is_secret(name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str().into(), value.to_str().ok()?.into())))
        .collect()
}
