//! Bodies that a browser cannot send a second time.
//!
//! A browser repeats a call by itself when a connection that it used before dies ahead of the answer, whatever the
//! call does. A body that is a stream is gone once it is read, so that the call fails instead. Browsers send streams
//! over HTTP/2 and newer only, and tell no page which of these a host speaks: an empty stream to a path that no vendor
//! has finds it out.

use std::cell::RefCell;
use std::collections::BTreeMap;

use http::StatusCode;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Request, RequestInit, Response};

/// What a probe says about a host and streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streams {
    /// The host took one.
    Taken,
    /// The host answered that it takes none, or no browser sends it any.
    Refused,
    /// No answer: a browser fails a stream over HTTP/1.1 in the same way as any call whose line is dead.
    Lost,
    /// Nothing that says anything about streams: no network, no answer in time, a host in trouble.
    Unknown,
}

impl Streams {
    /// What the status of an answer to a stream says.
    pub(super) fn by(status: StatusCode) -> Self {
        match status {
            StatusCode::LENGTH_REQUIRED | StatusCode::NOT_IMPLEMENTED => Self::Refused,
            // The host waited for a stream that had ended, or is in trouble.
            StatusCode::REQUEST_TIMEOUT => Self::Unknown,
            _ if status.is_server_error() => Self::Unknown,
            _ => Self::Taken,
        }
    }
}

thread_local! {
    /// What was found out, by base address, for as long as the page lives.
    static TAKEN: RefCell<BTreeMap<String, bool>> = RefCell::default();
}

/// Whether a host takes streams; `None` while that is not known.
pub(super) fn is_taken(base: &str) -> Option<bool> {
    TAKEN.with_borrow(|taken| taken.get(base).copied())
}

/// Remembers it.
pub(super) fn set_taken(base: &str, is_taken: bool) {
    TAKEN.with_borrow_mut(|taken| taken.insert(base.to_owned(), is_taken));
}

/// Gives a fetch its body as a stream.
pub(super) fn pour(init: &RequestInit, body: &[u8]) {
    let bytes = Uint8Array::from(body);
    if let Ok(response) = Response::new_with_opt_js_u8_array(Some(&bytes)) {
        init.set_body(&response.body().map_or(JsValue::UNDEFINED, JsValue::from));
        // The answer begins when all is sent, as ever; without this word browsers refuse a stream.
        let _ = Reflect::set(init, &"duplex".into(), &"half".into());
    }
}

/// Whether the browser sends streams. One that does not would send the text "[object ReadableStream]", which has a
/// type.
pub(super) fn is_supported() -> bool {
    let init = RequestInit::new();
    init.set_method("POST");
    pour(&init, b"");
    let is_known = |request: &Request| Reflect::has(request, &"duplex".into()).unwrap_or(false);
    Request::new_with_str_and_init("https://stream.invalid/", &init)
        .is_ok_and(|request| is_known(&request) && request.headers().get("content-type") == Ok(None))
}
