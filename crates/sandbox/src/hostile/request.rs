//! The request without the tails of hostile ids.

use form_urlencoded::Serializer;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::words::TAIL;
use crate::Request;
use crate::table::Ids;

/// A request without tails, and which ids had one.
#[derive(Debug)]
pub(crate) struct Asked {
    request: Request,
    is_read: bool,
    /// Ids that had a tail.
    tailed: Ids,
    /// Path segments that had none.
    bare: Ids,
}

impl Asked {
    /// With `from_the_beginning`, drops the page parameters, so that every page is the first.
    pub(super) fn of(request: &Request, from_the_beginning: bool) -> Self {
        let is_read = request.method() == http::Method::GET;
        let (mut tailed, mut bare) = (Ids::new(), Ids::new());
        let path: Vec<String> = request
            .uri()
            .path()
            .split('/')
            .map(|part| {
                let part = percent_decode_str(part).decode_utf8_lossy();
                match part.strip_suffix(TAIL) {
                    Some(id) => drop(tailed.insert(id.to_lowercase(), ())),
                    None => drop(bare.insert(part.to_lowercase(), ())),
                }
                utf8_percent_encode(&part.replace(TAIL, ""), NON_ALPHANUMERIC).to_string()
            })
            .collect();
        let mut target = path.join("/");
        if let Some(query) = request.uri().query() {
            let mut kept = Serializer::new(String::new());
            for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                let is_page = matches!(&*name, "page" | "start");
                if !(is_page && from_the_beginning) {
                    kept.append_pair(&name, &value.replace(TAIL, ""));
                }
            }
            target = [&*target, "?", &kept.finish()].concat();
        }
        let body = match serde_json::from_slice::<Value>(request.body()) {
            Ok(mut body) => {
                strip(&mut body, &mut tailed);
                body.to_string().into_bytes()
            }
            Err(_) => strip_form(request.body()),
        };
        let mut asked = request.clone().map(|_| body);
        if let Ok(uri) = target.parse() {
            *asked.uri_mut() = uri;
        }
        Self { request: asked, is_read, tailed, bare }
    }

    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// The id to put in the response. A read adds the tail unless the id was in the path without one; a write
    /// adds it only if the id came with one.
    pub(super) fn id(&self, id: &str) -> String {
        let known = id.to_lowercase();
        let has_tail =
            if self.is_read { !self.bare.contains_key(&known) } else { self.tailed.contains_key(&known) };
        if has_tail { [id, TAIL].concat() } else { id.to_owned() }
    }
}

fn strip(value: &mut Value, tailed: &mut Ids) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_suffix(TAIL) {
                tailed.insert(id.to_lowercase(), ());
                *text = id.to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, tailed)),
        Value::Object(fields) => fields.values_mut().for_each(|field| strip(field, tailed)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn strip_form(body: &[u8]) -> Vec<u8> {
    let is_form = body.contains(&b'=') && body.iter().all(u8::is_ascii);
    if !is_form {
        return body.to_vec();
    }
    let mut kept = Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(body) {
        kept.append_pair(&name, &value.replace(TAIL, ""));
    }
    kept.finish().into_bytes()
}
