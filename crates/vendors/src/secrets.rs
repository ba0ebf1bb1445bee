//! Removes secrets from bodies: from those shown to the user, and from responses that repeat them.
//!
//! Bodies are scanned, never parsed, so that memory use does not depend on what a service returns.

use std::borrow::Cow;
use std::ops::Range;

use domain::Secret;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::{Request, Response};

/// Replaces a secret.
const HIDDEN: &str = "•••";
/// Minimum digits of a number in a response that counts as a repeated password.
const MIN_DIGITS: usize = 8;

/// Whether a field or header of this name holds a secret.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "api_key", "apikey"].iter().any(|word| name.contains(word))
}

/// Hides the values of secret fields in JSON, or in text that resembles it.
pub fn without_fields(text: &str) -> Cow<'_, str> {
    let mut hidden = String::new();
    let mut from = 0;
    for piece in Pieces::of(text).filter(|piece| is_secret_name(&piece.field)) {
        hidden.push_str(&text[from..piece.at.start]);
        hidden.extend(["\"", HIDDEN, "\""]);
        from = piece.at.end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    hidden.push_str(&text[from..]);
    Cow::Owned(hidden)
}

/// Hides the values of secret fields in a form: `name=value&…`.
pub fn without_form_fields(text: &str) -> String {
    let pairs: Vec<String> = text
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret_name(name) => [name, "=", HIDDEN].concat(),
            _ => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

/// Whether a request's body is a form.
pub fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// The secrets in a request's body, except those that the request also contains openly, such as a password
/// that is also a person's id: the response may need it.
fn carried(request: &Request) -> Vec<Secret> {
    let body = String::from_utf8_lossy(request.body());
    let (secrets, open): (Vec<Secret>, Cow<'_, str>) = if is_form(request) {
        let pairs = form_urlencoded::parse(request.body());
        let secrets = pairs.filter(|(name, _)| is_secret_name(name)).map(|(_, value)| Secret::new(value));
        (secrets.collect(), without_form_fields(&body).into())
    } else {
        let fields = Pieces::of(&body).filter(|piece| is_secret_name(&piece.field));
        let secrets = fields.map(|piece| Secret::new(&*value(&body[piece.at])));
        (secrets.collect(), without_fields(&body))
    };
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    let is_open =
        |secret: &Secret| [path, &open].iter().any(|text| secret.erase_word_from(text.as_bytes()).is_some());
    secrets.into_iter().filter(|secret| !is_open(secret)).collect()
}

/// Erases the request's secrets from its response, because some services repeat them in messages. Field names
/// stay, even if one equals a password.
pub fn erase_carried(request: &Request, response: &mut Response) {
    for secret in carried(request) {
        if let Some(body) = erased(&secret, response.body()) {
            *response.body_mut() = body;
        }
        for value in response.headers_mut().values_mut() {
            let erased = secret.erase_word_from(value.as_bytes());
            if let Some(erased) = erased.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()) {
                *value = erased;
            }
        }
    }
}

fn erased(secret: &Secret, body: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(body)
        .ok()
        .filter(|text| text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[', '"']));
    let Some(text) = text else { return secret.erase_word_from(body) };
    let mut left = String::new();
    let mut from = 0;
    for piece in Pieces::of(text) {
        let raw = &text[piece.at.clone()];
        let erased = if raw.starts_with('"') {
            // Unescape first: in `\n`, the `n` of the escape is not part of a word.
            let erased = secret.erase_word_from(value(raw).as_bytes());
            erased.map(|bytes| serde_json::Value::from(String::from_utf8_lossy(&bytes)).to_string())
        } else {
            (raw.len() >= MIN_DIGITS && *secret == Secret::new(raw)).then(|| ["\"", HIDDEN, "\""].concat())
        };
        if let Some(erased) = erased {
            left.push_str(&text[from..piece.at.start]);
            left.push_str(&erased);
            from = piece.at.end;
        }
    }
    (from > 0).then(|| (left + &text[from..]).into_bytes())
}

/// The value of a JSON string or number; of a truncated string, what is left of it.
fn value(raw: &str) -> Cow<'_, str> {
    match raw.strip_prefix('"') {
        None => Cow::Borrowed(raw),
        Some(inner) => serde_json::from_str::<String>(raw)
            .map_or_else(|_| Cow::Borrowed(inner.strip_suffix('"').unwrap_or(inner)), Cow::Owned),
    }
}

/// A string or number in JSON that is not a field name.
struct Piece<'a> {
    /// The name of its field; empty in an array.
    field: Cow<'a, str>,
    /// Its position, including quotes.
    at: Range<usize>,
}

/// Iterates over the pieces of JSON in order. In other text, yields what resembles one.
struct Pieces<'a> {
    text: &'a str,
    at: usize,
    field: Cow<'a, str>,
}

impl<'a> Pieces<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, field: Cow::Borrowed("") }
    }

    /// The end of the string whose opening quote is at `start`.
    fn end_of_text(&self, start: usize) -> usize {
        let mut is_escaped = false;
        for (idx, byte) in self.text.as_bytes().iter().enumerate().skip(start + 1) {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => return idx + 1,
                _ => {}
            }
        }
        self.text.len()
    }

    fn end_of_number(&self, start: usize) -> usize {
        let is_of_number = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        start + self.text.as_bytes()[start..].iter().take_while(|byte| is_of_number(byte)).count()
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            let start = self.at;
            match byte {
                b'"' => {
                    self.at = self.end_of_text(start);
                    let rest = self.text[self.at..].trim_start();
                    if rest.starts_with(':') {
                        self.field = value(&self.text[start..self.at]);
                        self.at = self.text.len() - rest.len() + 1;
                        continue;
                    }
                }
                b'-' | b'0'..=b'9' => self.at = self.end_of_number(start),
                byte => {
                    self.at += 1;
                    if !byte.is_ascii_whitespace() {
                        self.field = Cow::Borrowed("");
                    }
                    continue;
                }
            }
            return Some(Piece { field: std::mem::take(&mut self.field), at: start..self.at });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(kind: &str, body: &str) -> Request {
        let request = http::Request::post("/groups/ada%20b?x=1").header(CONTENT_TYPE, kind);
        request.body(body.into()).expect("a plain request")
    }

    fn left(asked: &str, answer: &str) -> String {
        let mut response = Response::new(answer.into());
        erase_carried(&request("application/json", asked), &mut response);
        String::from_utf8(response.into_body()).expect("UTF-8")
    }

    #[test]
    fn fields_with_secrets_are_hidden_in_json_and_in_what_only_looks_like_it() {
        for (text, expected) in [
            (r#"{"a":"b"}"#, r#"{"a":"b"}"#),
            (r#"{"password":"x\"y","a":1}"#, r#"{"password":"•••","a":1}"#),
            (r#"[{"authToken" : 12.5e3 , "a":[1]}]"#, r#"[{"authToken" : "•••" , "a":[1]}]"#),
            (r#"{"p\u0061ssword":"x"}"#, r#"{"p\u0061ssword":"•••"}"#),
            (
                r#"{"token":null,"secret":{"a":"b"},"apiKey":true}"#,
                r#"{"token":null,"secret":{"a":"b"},"apiKey":true}"#,
            ),
            (
                "\u{feff}{\"token\":\"x\"}\n{\"token\":\"y\"}",
                "\u{feff}{\"token\":\"•••\"}\n{\"token\":\"•••\"}",
            ),
            (r#"{"token":"cut o"#, r#"{"token":"•••""#),
            (r#"{"token":"#, r#"{"token":"#),
            ("<p>password: x</p>", "<p>password: x</p>"),
            (r#"{"ключ":"ё","Password":"ё"}"#, r#"{"ключ":"ё","Password":"•••"}"#),
        ] {
            assert_eq!(without_fields(text), expected, "{text}");
        }
        assert_eq!(without_form_fields("a=b&new_password=x&c"), "a=b&new_password=•••&c");
    }

    #[test]
    fn ten_megabytes_of_parts_are_read_in_passing() {
        let body = format!("[{}{}]", r#"{"":0},"#.repeat(1_500_000), r#"{"token":"x"}"#);
        assert!(without_fields(&body).ends_with(r#"{"":0},{"token":"•••"}]"#));
    }

    #[test]
    fn a_password_that_the_answer_repeats_is_taken_out() {
        let asked = r#"{"email":"ada@example.org","password":"hunter2","name":"Ada"}"#;
        for (answer, expected) in [
            (r#"{"message":"hunter2 is too weak"}"#, r#"{"message":"••• is too weak"}"#),
            (r#"{"message":"no:\nhunter2\n"}"#, r#"{"message":"no:\n•••\n"}"#),
            (r#"{"message":"\u0068unter2, h%75nter2"}"#, r#"{"message":"•••, •••"}"#),
            (r#"{"message":"%20hunter2%20"}"#, r#"{"message":"%20•••%20"}"#),
            (r#"{"body":"{\"password\":\"hunter2\"}"}"#, r#"{"body":"{\"password\":\"•••\"}"}"#),
            (r#"{"value":"hunter2","hunter2":1}"#, r#"{"value":"•••","hunter2":1}"#),
            (r#"{"value":"hunter21"}"#, r#"{"value":"hunter21"}"#),
            ("Bad password: hunter2", "Bad password: •••"),
            ("{\"message\":\"hunter2", "{\"message\":\"•••\""),
        ] {
            assert_eq!(left(asked, answer), expected, "{answer}");
        }
        let mut response = Response::new(Vec::new());
        response.headers_mut().insert("x-said", HeaderValue::from_static("no hunter2 here"));
        erase_carried(&request("application/json", asked), &mut response);
        assert!(!response.headers()["x-said"].as_bytes().windows(7).any(|part| part == b"hunter2"));
    }

    #[test]
    fn passwords_of_any_spelling_are_found_in_the_request() {
        let escaped = r#"{"password":"hun\"ter/2ä"}"#;
        assert_eq!(left(escaped, r#"{"m":"hun\"ter\/2\u00e4!"}"#), r#"{"m":"•••!"}"#);
        assert_eq!(left(r#"{"password":12345678}"#, r#"{"v":12345678}"#), r#"{"v":"•••"}"#);
        let mut response = Response::new("{\"m\":\"my pass, word\"}".into());
        let form = request("application/x-www-form-urlencoded", "name=x&password=my+pass%2C+word");
        erase_carried(&form, &mut response);
        assert_eq!(response.body(), "{\"m\":\"•••\"}".as_bytes());
    }

    #[test]
    fn what_the_request_says_openly_stays_in_the_answer() {
        for (asked, answer) in [
            (r#"{"uid":"alice","password":"alice"}"#, r#"{"alice":{"ok":"alice"}}"#),
            (r#"{"email":"alice@example.org","password":"alice"}"#, r#"{"email":"alice@example.org"}"#),
            (r#"{"password":"ada"}"#, r#"{"uid":"ada"}"#),
            (r#"{"type":"password","password":"password"}"#, r#"{"type":"password"}"#),
            (r#"{"password":"data"}"#, r#"{"data":[]}"#),
            (r#"{"password":""}"#, r#"{"a":""}"#),
            (r#"{"a":"b"}"#, r#"{"password":"b"}"#),
        ] {
            assert_eq!(left(asked, answer), answer, "{asked}");
        }
    }
}
