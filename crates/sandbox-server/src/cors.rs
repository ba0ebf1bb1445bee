//! CORS headers with exact lists, as in a real deployment.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method};

/// The methods that the vendors' operations use.
pub(crate) const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
/// The request headers that a client sends.
pub const HEADERS: &str = "apikey, onBehalfOf, authorization, content-type, x-api-key";
/// The response headers that a client reads: a token, and both spellings of the rate limits.
pub const EXPOSED: &str = "gn-access-token, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, \
                           X-RateLimit-Reset, X-Rate-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset";

/// The origins whose pages may read responses.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Parses origins in the form that browsers send, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// Returns the first string that is not an origin.
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

    /// The origin of the request, if it is allowed.
    pub fn admitted<'a>(&self, request: &'a HeaderMap) -> Option<&'a HeaderValue> {
        request.get(ORIGIN).filter(|origin| self.0.contains(origin))
    }

    /// True if the request comes from an origin that is not allowed.
    pub(crate) fn is_stranger(&self, request: &HeaderMap) -> bool {
        request.contains_key(ORIGIN) && self.admitted(request).is_none()
    }
}

/// True for a CORS preflight request.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Adds the CORS headers for an allowed origin.
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
