//! Calls over the network.

use std::cell::Cell;
use std::rc::Rc;

use crate::window;
use domain::{BaseUrl, CallId, Reach};
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

/// Largest answer that is read.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Milliseconds within which a vendor says whether it takes streams; then a call is sent without.
const STREAM_TIMEOUT_MS: u32 = 5_000;

/// Where a vendor is asked whether it takes streams.
const STREAM_PATH: &str = "/muster-takes-streams";

/// Says that an answer is a relay's own.
const RELAY_SAYS: &str = "muster-relay";

/// Tells a relay a repetition from a call. Only a relay of the console's own origin gets it: whoever answers another
/// origin and does not list it among the headers to be taken would have the browser refuse the whole call.
const CALL: &str = "muster-call";

/// Calls to one base URL.
#[derive(Clone, Debug)]
pub struct FetchTransport {
    base: BaseUrl,
    reach: Reach,
    timeout_ms: u32,
    is_allowed: bool,
    call: Option<CallId>,
}

/// Takes the call back when it is dropped before its end, and when its time is up.
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
        self.controller.abort(); // does nothing once the answer is here
    }
}

impl FetchTransport {
    /// Calls to a base URL, given up after [`TIMEOUT_MS`].
    pub fn new(base: BaseUrl, reach: Reach) -> Self {
        policy::watch();
        Self { base, reach, timeout_ms: TIMEOUT_MS, is_allowed: true, call: None }
    }

    /// The same calls, given up after another time.
    #[must_use]
    pub fn with_timeout(self, timeout_ms: u32) -> Self {
        Self { timeout_ms, ..self }
    }

    /// The same calls, or none at all if the host does not name where they go: its policy would refuse them, and
    /// where somebody has written another one, this does.
    #[must_use]
    pub fn only_if(self, is_allowed: bool) -> Self {
        Self { is_allowed, ..self }
    }

    /// The same way for one attempt of one call that changes something, under its number.
    #[must_use]
    pub fn once(self, call: CallId) -> Self {
        Self { call: Some(call), ..self }
    }

    /// Sends a request over the network.
    ///
    /// # Errors
    /// If no answer came, or one too large to read.
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
        // A host that answers a call and no stream speaks HTTP/1.1, or says for itself that it takes none.
        let says_no = matches!(&answer, Ok(Some(answer)) if answer.status() == StatusCode::LENGTH_REQUIRED);
        if streams == Streams::Lost && answer.is_ok() || is_stream && says_no {
            stream::set_taken(&base(&self.base), false);
        }
        match answer {
            // A relay sends whoever is not signed in to its sign-in, where no call can follow.
            Err(TransportError::Redirected) if self.reach == Reach::Relay => Err(TransportError::SignedOut),
            Ok(Some(response)) if self.reach == Reach::Relay => of_the_vendor(response),
            // Only a call that asks not to see its answer gets none.
            other => other?.ok_or(TransportError::Unreachable),
        }
    }

    fn is_own_relay(&self) -> bool {
        self.reach == Reach::Relay && is_own(&self.base)
    }

    /// Whether a vendor that is called directly takes a call that the browser can't repeat. Asked until it is known,
    /// then remembered for as long as the page lives.
    async fn streams(&self) -> Streams {
        let url = base(&self.base);
        // A relay adds the key to whatever it gets, so a probe could reach the vendor as a call. Without encryption no
        // browser speaks HTTP/2.
        if self.reach != Reach::Direct || !url.starts_with("https://") || !stream::is_supported() {
            return Streams::Refused;
        }
        if let Some(is_taken) = stream::is_taken(&url) {
            return if is_taken { Streams::Taken } else { Streams::Refused };
        }
        let mut streams = self.ask_for_streams().await;
        if streams == Streams::Lost {
            // A connection that had died meanwhile fails a stream once; HTTP/1.1 fails every one.
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
        // Not the call itself, nor any other that the vendor knows: a kick or a ban is all in its method and path, and
        // a vendor could carry it out. The version of HTTP is the host's, so any path tells. POST, because no host
        // has to list that method for a browser.
        let empty = |init: &RequestInit| {
            self.fill(init, &probe, None);
            stream::pour(init, b"");
        };
        let timeout_ms = STREAM_TIMEOUT_MS.min(self.timeout_ms);
        match self.clone().with_timeout(timeout_ms).travel(&probe, empty).await {
            Ok(answer) => answer.map_or(Streams::Unknown, |answer| Streams::by(answer.status())),
            // A redirect is an answer, which the page may not see.
            Err(TransportError::Redirected) => Streams::Taken,
            Err(TransportError::Unreachable) => Streams::Lost,
            Err(_) => Streams::Unknown,
        }
    }

    /// Sends what `fill` makes of a request to where that leads, and gives back what came, a relay's own words
    /// too. `None` is an answer that the page may not see.
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
                // The violation event is a task of its own, which may come after the rejection.
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

    /// Makes a fetch of a request, by the rules for all calls.
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
        // A redirect is not followed: it could carry the key, or end on a page that asks to sign in.
        init.set_redirect(RequestRedirect::Manual);
        // Only a relay of the console's own may know the person by a cookie.
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
                    // A name or value that the browser refuses is left out; the vendor then says what it misses.
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

/// The vendor's answer, or what the relay says in its place: its own answers carry a header (docs/hosting.md).
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
    // A date in `Retry-After` is compared with this clock where the browser hides the vendor's.
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
            return Err(TransportError::TooLarge); // dropping the guard of the call ends the stream
        }
        bytes.extend_from_slice(&value.to_vec());
    }
}

/// Headers that the browser lets a page see.
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

/// A base URL with its host, which a path takes from the page.
pub fn base(base: &BaseUrl) -> String {
    let origin =
        if base.is_same_origin() { window().location().origin().unwrap_or_default() } else { String::new() };
    origin + base.as_str()
}

/// True for an address on the console's own origin, written as a path or in full.
pub fn is_own(base: &BaseUrl) -> bool {
    // Only the browser's own reading knows that `:443` of `https:` is no other origin.
    let own = window().location().origin();
    base.is_same_origin() || Url::new(base.as_str()).is_ok_and(|url| own == Ok(url.origin()))
}

/// True if nobody on the way can read what is sent to a base URL.
pub fn is_private(base: &BaseUrl) -> bool {
    let url = self::base(base);
    url.starts_with("https://") || is_loopback(&url)
}

fn is_mixed_content(url: &str) -> bool {
    let is_page_secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
    is_page_secure && url.starts_with("http://") && !is_loopback(url)
}

/// Loopback needs no network and counts as secure.
fn is_loopback(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or("");
    let host = host.split('/').next().unwrap_or("");
    host.starts_with("[::1]") || {
        let name = host.split(':').next().unwrap_or("");
        name == "localhost" || name.starts_with("127.")
    }
}
