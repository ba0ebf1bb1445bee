//! Request bodies that a browser cannot send twice.
//!
//! Browsers repeat a call by themselves, whatever it does, if a reused connection dies before the response. A
//! stream is consumed once read, so the call fails instead. Browsers send streams only over HTTP/2 or newer,
//! and do not tell a page which version a host speaks, so an empty stream to a path unknown to all vendors is
//! sent as a probe.

use std::cell::RefCell;

use http::StatusCode;
use js_sys::{Reflect, Uint8Array};
use litemap::LiteMap;
use wasm_bindgen::JsValue;
use web_sys::{Request, RequestInit, Response};

/// The result of probing a host for streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streams {
    /// The host took a stream.
    Taken,
    /// The host responded that it takes none, or the browser sends it none.
    Refused,
    /// No response. Over HTTP/1.1 a browser fails a stream in the same way as a call on a dead connection.
    Lost,
    /// The result says nothing about streams: offline, timed out, or the host has a failure.
    Unknown,
}

impl Streams {
    /// Classifies the status of the response to a stream.
    pub(super) fn by(status: StatusCode) -> Self {
        match status {
            StatusCode::LENGTH_REQUIRED | StatusCode::NOT_IMPLEMENTED => Self::Refused,
            // The host kept waiting for the rest of a stream that had ended, or has a failure.
            StatusCode::REQUEST_TIMEOUT => Self::Unknown,
            _ if status.is_server_error() => Self::Unknown,
            _ => Self::Taken,
        }
    }
}

thread_local! {
    /// Whether hosts take streams, by base URL, for the lifetime of the page.
    static TAKEN: RefCell<LiteMap<String, bool>> = RefCell::default();
}

/// Whether a host takes streams; `None` if not known yet.
pub(super) fn is_taken(base: &str) -> Option<bool> {
    TAKEN.with_borrow(|taken| taken.get(base).copied())
}

pub(super) fn set_taken(base: &str, is_taken: bool) {
    TAKEN.with_borrow_mut(|taken| taken.insert(base.to_owned(), is_taken));
}

/// Sets the body of a fetch as a stream.
pub(super) fn pour(init: &RequestInit, body: &[u8]) {
    let bytes = Uint8Array::from(body);
    if let Ok(response) = Response::new_with_opt_js_u8_array(Some(&bytes)) {
        init.set_body(&response.body().map_or(JsValue::UNDEFINED, JsValue::from));
        // The response begins once everything is sent, as usual. Browsers refuse streams without this.
        let _ = Reflect::set(init, &"duplex".into(), &"half".into());
    }
}

/// True if the browser sends streams. One that does not would send the text "[object ReadableStream]", and
/// set a content type.
pub(super) fn is_supported() -> bool {
    let init = RequestInit::new();
    init.set_method("POST");
    pour(&init, b"");
    let is_known = |request: &Request| Reflect::has(request, &"duplex".into()).unwrap_or(false);
    Request::new_with_str_and_init("https://stream.invalid/", &init)
        .is_ok_and(|request| is_known(&request) && request.headers().get("content-type") == Ok(None))
}
