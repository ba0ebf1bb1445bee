//! Calls over the network.

use std::cell::Cell;
use std::rc::Rc;

use crate::window;
use domain::{BaseUrl, CallId, ConnectionKind, connection};
use gloo_timers::callback::Timeout;
use http::{HeaderName, HeaderValue, StatusCode};
use js_sys::{Reflect, Uint8Array};
use vendors::answer::ReceivedAt;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestInit, RequestMode, RequestRedirect, Url,
};

use super::ending::Ending;
use super::stream::Streams;
use super::{Authorization, TIMEOUT_MS, TransportError, policy, stream};
use crate::clock;

/// Maximum size of a response body.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Timeout of the stream probe in milliseconds; after that a call is sent without a stream.
const STREAM_TIMEOUT_MS: u32 = 5_000;

/// The path of the stream probe.
const STREAM_PATH: &str = "/muster-takes-streams";

/// The header that marks a relay's own response.
const RELAY_SAYS: &str = "muster-relay";

/// The header with the call id, by which a relay recognises a repeated call. Only a relay on the console's
/// own origin gets it: elsewhere the browser would refuse the whole call unless CORS allows this header.
const CALL: &str = "muster-call";

/// Calls to one base URL.
#[derive(Clone, Debug)]
pub struct FetchTransport {
    base: BaseUrl,
    kind: ConnectionKind,
    timeout_ms: u32,
    is_allowed: bool,
    call: Option<CallId>,
}

/// Aborts the call when dropped or when its time is up.
struct Abort {
    controller: AbortController,
    is_late: Rc<Cell<bool>>,
    _timer: Timeout,
}

impl Abort {
    fn after(timeout_ms: u32) -> Result<Self, TransportError> {
        let controller = AbortController::new().map_err(|_| TransportError::Unreachable)?;
        let is_late = Rc::new(Cell::new(false));
        let timer = Timeout::new(timeout_ms, {
            let (controller, is_late) = (controller.clone(), Rc::clone(&is_late));
            move || {
                is_late.set(true);
                controller.abort();
            }
        });
        Ok(Self { controller, is_late, _timer: timer })
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort(); // does nothing after the response
    }
}

impl FetchTransport {
    /// Calls to a base URL, with a timeout of [`TIMEOUT_MS`].
    pub fn new(base: BaseUrl, kind: ConnectionKind) -> Self {
        policy::watch();
        Self { base, kind, timeout_ms: TIMEOUT_MS, is_allowed: true, call: None }
    }

    /// Sets another timeout.
    #[must_use]
    pub fn with_timeout(self, timeout_ms: u32) -> Self {
        Self { timeout_ms, ..self }
    }

    /// Blocks all calls unless the host names their destination. Its Content-Security-Policy would block them
    /// anyway; this also covers hosts that replaced the policy.
    #[must_use]
    pub fn only_if(self, is_allowed: bool) -> Self {
        Self { is_allowed, ..self }
    }

    /// Sends one attempt of one call that changes something, under its call id.
    #[must_use]
    pub fn once(self, call: CallId) -> Self {
        Self { call: Some(call), ..self }
    }

    /// Sends a request over the network.
    ///
    /// # Errors
    /// If no response came, or one too large to read.
    pub async fn send(
        &self,
        request: &vendors::Request,
        authorization: Option<&Authorization>,
    ) -> Result<vendors::Response, TransportError> {
        let streams = if self.call.is_some() { self.streams().await } else { Streams::Refused };
        let is_stream = streams == Streams::Taken;
        let init = |init: &RequestInit| {
            self.fill(init, request, authorization);
            if is_stream {
                stream::pour(init, request.body());
            }
        };
        let answer = self.travel(request, init).await;
        // A host that answers a call but not a stream speaks HTTP/1.1; status 411 refuses streams.
        let says_no = matches!(&answer, Ok(Some(answer)) if answer.status() == StatusCode::LENGTH_REQUIRED);
        if streams == Streams::Lost && answer.is_ok() || is_stream && says_no {
            stream::set_taken(&base(&self.base), false);
        }
        match answer {
            // A relay redirects a signed-out user to its sign-in page, where no call can follow.
            Err(TransportError::Redirected) if self.kind == ConnectionKind::Relay => {
                Err(TransportError::SignedOut)
            }
            Ok(Some(response)) if self.kind == ConnectionKind::Relay => of_the_vendor(response),
            // Only a call in `no-cors` mode has no visible response.
            other => other?.ok_or(TransportError::Unreachable),
        }
    }

    fn is_own_relay(&self) -> bool {
        self.kind == ConnectionKind::Relay && is_own(&self.base)
    }

    /// Whether a directly called vendor takes a call that the browser cannot repeat. Probed until known, then
    /// remembered for the lifetime of the page.
    async fn streams(&self) -> Streams {
        let url = base(&self.base);
        // A relay adds the key to any request, so a probe could reach the vendor as a call. Without TLS
        // browsers do not use HTTP/2.
        if self.kind != ConnectionKind::Direct || !url.starts_with("https://") || !stream::is_supported() {
            return Streams::Refused;
        }
        if let Some(is_taken) = stream::is_taken(&url) {
            return if is_taken { Streams::Taken } else { Streams::Refused };
        }
        let mut streams = self.ask_for_streams().await;
        if streams == Streams::Lost {
            // A stale connection fails a stream once; HTTP/1.1 fails every one.
            streams = self.ask_for_streams().await;
        }
        match streams {
            Streams::Taken => stream::set_taken(&url, true),
            Streams::Refused => stream::set_taken(&url, false),
            Streams::Lost | Streams::Unknown => {}
        }
        streams
    }

    async fn ask_for_streams(&self) -> Streams {
        let Ok(probe) = http::Request::post(STREAM_PATH).body(Vec::new()) else { return Streams::Unknown };
        // The probe must not be the call itself or any other known to the vendor: a kick or ban is entirely
        // in method and path, and the vendor might execute it. The HTTP version is the same for every path.
        // POST needs no CORS permission.
        let empty = |init: &RequestInit| {
            self.fill(init, &probe, None);
            stream::pour(init, b"");
        };
        let timeout_ms = STREAM_TIMEOUT_MS.min(self.timeout_ms);
        match self.clone().with_timeout(timeout_ms).travel(&probe, empty).await {
            Ok(answer) => answer.map_or(Streams::Unknown, |answer| Streams::by(answer.status())),
            // A redirect is a response, even if hidden from the page.
            Err(TransportError::Redirected) => Streams::Taken,
            Err(TransportError::Unreachable) => Streams::Lost,
            Err(_) => Streams::Unknown,
        }
    }

    /// Sends what `fill` makes of a request to its destination and returns the response, including a relay's
    /// own. `None` is a response hidden from the page.
    pub(super) async fn travel(
        &self,
        request: &vendors::Request,
        fill: impl FnOnce(&RequestInit),
    ) -> Result<Option<vendors::Response>, TransportError> {
        let url = base(&self.base) + request.uri().path_and_query().map_or("/", |path| path.as_str());
        if !self.is_allowed {
            return Err(TransportError::BlockedByPolicy);
        }
        if is_mixed_content(&url) {
            return Err(TransportError::Insecure);
        }
        if !window().navigator().on_line() && !is_loopback(&url) {
            return Err(TransportError::Offline);
        }
        let abort = Abort::after(self.timeout_ms)?;
        let init = RequestInit::new();
        fill(&init);
        init.set_signal(Some(&abort.controller.signal()));
        let ending = Ending::watch();
        let result = exchange(&url, &init).await;
        if matches!(result, Err(TransportError::Unreachable)) {
            ending.over().await;
        }
        match result {
            Err(TransportError::Unreachable) if abort.is_late.get() => Err(TransportError::TimedOut),
            Err(TransportError::Unreachable) => {
                // The violation event is a separate task, which may run after the rejection.
                clock::sleep(0).await;
                Err(if policy::take_blocked(&url) {
                    TransportError::BlockedByPolicy
                } else {
                    TransportError::Unreachable
                })
            }
            other => other,
        }
    }

    /// Fills in a fetch by the rules for all calls.
    pub(super) fn fill(
        &self,
        init: &RequestInit,
        request: &vendors::Request,
        authorization: Option<&Authorization>,
    ) {
        init.set_method(request.method().as_str());
        init.set_mode(RequestMode::Cors);
        init.set_cache(RequestCache::NoStore);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        // Redirects are not followed: they could carry the key along, or end on a sign-in page.
        init.set_redirect(RequestRedirect::Manual);
        // Only a relay on the console's own origin may identify the user by a cookie.
        init.set_credentials(if self.is_own_relay() {
            RequestCredentials::SameOrigin
        } else {
            RequestCredentials::Omit
        });
        if !request.body().is_empty() {
            init.set_body(&Uint8Array::from(request.body().as_slice()));
        }
        if let Ok(headers) = Headers::new() {
            let own = request.headers().iter().chain(authorization.map(|(name, value)| (name, value)));
            for (name, value) in own {
                if let Ok(value) = value.to_str() {
                    // Values that the browser rejects are left out; the vendor reports what is missing.
                    let _ = headers.set(name.as_str(), value);
                }
            }
            if let Some(call) = self.call.as_ref().filter(|_| self.is_own_relay()) {
                let _ = headers.set(CALL, &call.to_string());
            }
            init.set_headers(&headers);
        }
    }
}

/// Tells the vendor's response from the relay's own, which carries a header (docs/hosting.md).
fn of_the_vendor(response: vendors::Response) -> Result<vendors::Response, TransportError> {
    match response.headers().get(RELAY_SAYS).map(HeaderValue::as_bytes) {
        None => Ok(response),
        Some(b"sign-in") => Err(TransportError::SignedOut),
        Some(b"refused") => Err(TransportError::RefusedByRelay),
        Some(b"already-passed-on") => Err(TransportError::AlreadyPassedOn),
        Some(_) => Err(TransportError::SilentBehindRelay),
    }
}

async fn exchange(url: &str, init: &RequestInit) -> Result<Option<vendors::Response>, TransportError> {
    let lost = |_: JsValue| TransportError::Unreachable;
    let response = JsFuture::from(window().fetch_with_str_and_init(url, init)).await.map_err(lost)?;
    let response: web_sys::Response = response.unchecked_into();
    if response.type_() == web_sys::ResponseType::Opaqueredirect {
        return Err(TransportError::Redirected);
    }
    if response.type_() == web_sys::ResponseType::Opaque {
        return Ok(None);
    }
    let mut answer = http::Response::new(Vec::new());
    // A date in `Retry-After` is compared with this clock if the browser hides the vendor's `Date`.
    answer.extensions_mut().insert(ReceivedAt(clock::now()));
    *answer.status_mut() =
        StatusCode::from_u16(response.status()).map_err(|_| TransportError::Unreachable)?;
    for (name, value) in header_pairs(&response.headers()) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value.parse()) {
            answer.headers_mut().append(name, value);
        }
    }
    if let Some(body) = response.body() {
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        *answer.body_mut() = read_all(&reader).await?;
    }
    Ok(Some(answer))
}

async fn read_all(reader: &ReadableStreamDefaultReader) -> Result<Vec<u8>, TransportError> {
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| TransportError::Unreachable)?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or(JsValue::UNDEFINED);
        let Some(value) = value.dyn_ref::<Uint8Array>() else {
            return Ok(bytes);
        };
        if bytes.len() + value.length() as usize > MAX_BODY_BYTES {
            return Err(TransportError::TooLarge); // dropping `Abort` ends the stream
        }
        bytes.extend_from_slice(&value.to_vec());
    }
}

/// The headers that the browser exposes to the page.
fn header_pairs(headers: &Headers) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for entry in headers.entries().into_iter().flatten() {
        let entry: js_sys::Array = entry.unchecked_into();
        if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
            pairs.push((name, value));
        }
    }
    pairs
}

/// A base URL as an absolute URL: one that is a path is on the page's own origin.
pub fn base(base: &BaseUrl) -> String {
    let origin =
        if base.is_same_origin() { window().location().origin().unwrap_or_default() } else { String::new() };
    origin + base.as_str()
}

/// True for an address on the console's own origin, given as a path or as a URL.
pub fn is_own(base: &BaseUrl) -> bool {
    // Leave parsing to the browser: it knows that `https://host:443` is the origin `https://host`.
    let own = window().location().origin();
    base.is_same_origin() || Url::new(base.as_str()).is_ok_and(|url| own == Ok(url.origin()))
}

/// True if the transport to a base URL is encrypted or local.
pub fn is_private(base: &BaseUrl) -> bool {
    let url = self::base(base);
    url.starts_with("https://") || is_loopback(&url)
}

fn is_mixed_content(url: &str) -> bool {
    let is_page_secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
    is_page_secure && url.starts_with("http://") && !is_loopback(url)
}

/// Loopback needs no network and counts as a secure context.
fn is_loopback(url: &str) -> bool {
    let rest = url.split("://").nth(1).unwrap_or("");
    connection::is_loopback(rest.split('/').next().unwrap_or(""))
}
