//! Secrets in the bodies of calls, which are shown without them.
//!
//! Bodies are read letter by letter and never parsed, so that it takes no memory, whatever a service answers.

use std::borrow::Cow;
use std::ops::Range;

use http::header::CONTENT_TYPE;

use crate::Request;

/// What stands in place of a secret.
const HIDDEN: &str = "•••";

/// True if what a field or header of this name holds must not be seen.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "api_key", "apikey"].iter().any(|word| name.contains(word))
}

/// A JSON text or any other without what stands in fields whose names say that it is secret.
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

/// The same of a form's text: `name=value&…`.
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

/// What a text or number in JSON stands for; of what is cut off, as much as is there.
fn value(raw: &str) -> Cow<'_, str> {
    match raw.strip_prefix('"') {
        None => Cow::Borrowed(raw),
        Some(inner) => serde_json::from_str::<String>(raw)
            .map_or_else(|_| Cow::Borrowed(inner.strip_suffix('"').unwrap_or(inner)), Cow::Owned),
    }
}

/// A text or number in JSON that is no name.
struct Piece<'a> {
    /// The name of the field that it is the value of; empty in a list.
    field: Cow<'a, str>,
    /// Where it is, with its quotes.
    at: Range<usize>,
}

/// All of them, in order. Other texts give what looks like it.
struct Pieces<'a> {
    text: &'a str,
    at: usize,
    field: Cow<'a, str>,
}

impl<'a> Pieces<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, field: Cow::Borrowed("") }
    }

    /// Where the text that begins at `start` with a quote ends.
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
}
