//! Which pages may read the answers: exact lists, as a real deployment has them.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method};

/// Methods that the vendors' operations use.
pub const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
/// Headers that a client has to send.
pub const HEADERS: &str = "apikey, onBehalfOf, authorization, content-type, x-api-key";
/// Headers that a client has to read: Genuin's token, and both spellings of CometChat's rate headers.
pub const EXPOSED: &str = "gn-access-token, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, \
                           X-RateLimit-Reset, X-Rate-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset";

/// Origins whose pages may read answers.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Takes origins as browsers write them, for instance `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// With the first that is none.
    pub fn parse(origins: &[String]) -> Result<Self, String> {
        let parse = |origin: &String| {
            let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            match host {
                Some(host) if !host.is_empty() && !host.contains(['/', '*', '?', '#', ' ']) => {
                    HeaderValue::from_str(origin).map_err(|_| origin.clone())
                }
                _ => Err(origin.clone()),
            }
        };
        origins.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// The origin of the page that asks, if its pages may read answers.
    pub fn admitted<'a>(&self, request: &'a HeaderMap) -> Option<&'a HeaderValue> {
        request.get(ORIGIN).filter(|origin| self.0.contains(origin))
    }

    /// True if another page than the admitted ones asks.
    pub fn is_stranger(&self, request: &HeaderMap) -> bool {
        request.contains_key(ORIGIN) && self.admitted(request).is_none()
    }
}

/// True if a browser asks whether it may send what follows.
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What an admitted origin is told about an answer; `is_preflight` adds what may be sent.
pub fn allow(origin: &HeaderValue, is_preflight: bool, answer: &mut HeaderMap) {
    answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    answer.append(VARY, HeaderValue::from_static("Origin"));
    if is_preflight {
        answer.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        answer.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}
