//! A request parsed once, for routing and for reading its body.

use serde_json::Value;

use crate::Request;

/// A request with its path and query decoded.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: Vec<String>,
    query: Vec<(String, String)>,
    request: &'a Request,
}

impl<'a> Call<'a> {
    pub(crate) fn new(request: &'a Request) -> Self {
        let path = request.uri().path().split('/').filter(|part| !part.is_empty());
        let query = request.uri().query().unwrap_or_default();
        Self {
            method: request.method().as_str(),
            path: path
                .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
                .collect(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            request,
        }
    }

    /// Method and path segments, for one `match`.
    pub(crate) fn route(&self) -> (&'a str, Vec<&str>) {
        (self.method, self.path.iter().map(String::as_str).collect())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.request.body()
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.request.body()).ok()
    }

    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.request.body()).into_owned().collect()
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn queries(&self) -> &[(String, String)] {
        &self.query
    }
}
