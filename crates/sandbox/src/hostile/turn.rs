//! Hostile versions of genuine responses.

use serde_json::{Map, Value, json};

use super::request::Asked;
use super::words::{self, WITHOUT_BREAK};
use crate::Response;

/// Fields that hold ids, which must stay usable.
const IDS: [&str; 18] = [
    "uid",
    "guid",
    "owner",
    "userId",
    "user_id",
    "member_id",
    "tagId",
    "_id",
    "planId",
    "id",
    "inviteId",
    "communityId",
    "community_id",
    "chat_id",
    "email",
    "role",
    "sender",
    "receiver",
];
/// Fields that hold URLs of pages and pictures.
const LINKS: [&str; 9] = [
    "icon",
    "avatar",
    "link",
    "image",
    "website",
    "share_url",
    "dp",
    "communityImage",
    "communityFeatureImage",
];
/// Fields that control the client; they are kept so that it shows something.
const KEPT: [&str; 6] = ["scope", "type", "status", "code", "conversationId", "gn-access-token"];

fn with_body(response: Response, body: impl Into<Vec<u8>>) -> Response {
    response.map(|_| body.into())
}

fn body_of(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap_or_default()
}

/// Makes every text hostile, and adds properties of JavaScript's `Object`, a duplicate field and headers.
pub(super) fn words(response: Response, asked: &Asked) -> Response {
    let mut body = body_of(&response);
    let mut n = response.body().len() % words::N_TEXTS;
    hostile(&mut body, "", asked, &mut n);
    let text = body.to_string();
    let front = r#"{"__proto__":{"name":"hostile"},"constructor":{"prototype":{}},"data":"twice","#;
    let doubled = text.strip_prefix('{').filter(|rest| *rest != "}").map(|rest| [front, rest].concat());
    let mut response = with_body(response, doubled.unwrap_or(text));
    for (name, value) in [
        ("content-type", "text/html; charset=utf-7"),
        ("refresh", "0; url=https://hostile.example/"),
        ("link", "<https://hostile.example/x.js>; rel=preload; as=script"),
        ("set-cookie", "hostile=1; Path=/"),
    ] {
        response = crate::reply::with_header(response, name, value);
    }
    response
}

fn hostile(value: &mut Value, field: &str, asked: &Asked, n: &mut usize) {
    match value {
        Value::String(_) if KEPT.contains(&field) => {}
        Value::String(text) => {
            *n += 1;
            *text = match field {
                _ if IDS.contains(&field) && text.is_empty() => return,
                _ if IDS.contains(&field) => asked.id(text),
                _ if LINKS.contains(&field) => words::link(*n).to_owned(),
                _ => words::text(*n, text),
            };
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hostile(item, field, asked, n)),
        Value::Object(fields) => {
            let is_error = fields.contains_key("code") && fields.contains_key("message");
            // The add response has people as fields, keyed by id.
            let is_people = matches!(field, "admins" | "moderators" | "participants" | "usersToBan");
            let old = std::mem::take(fields);
            for (name, mut field) in old {
                hostile(&mut field, &name, asked, n);
                fields.insert(if is_people { asked.id(&name) } else { name }, field);
            }
            if is_error {
                fields.insert(
                    "details".into(),
                    json!({ words::text(*n + 1, "x"): [words::text(*n + 2, "y")] }),
                );
            }
            if fields.contains_key("name") {
                fields.entry("icon").or_insert_with(|| words::link(*n).into());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Appends `first` bytes to the first text, and [`WITHOUT_BREAK`] bytes to all others.
pub(super) fn long(response: Response, first: usize) -> Response {
    fn grow(value: &mut Value, field: &str, left: &mut usize) {
        match value {
            Value::String(text) if !IDS.contains(&field) && !KEPT.contains(&field) => {
                text.push_str(&"W".repeat(std::mem::replace(left, WITHOUT_BREAK)));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| grow(item, field, left)),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| grow(value, name, left)),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut body = body_of(&response);
    let mut left = first;
    grow(&mut body, "", &mut left);
    if left == first {
        body["message"] = "W".repeat(first).into(); // the response had no text
    }
    with_body(response, body.to_string())
}

/// Replaces every second value with one of a wrong type or out of range.
pub(super) fn types(response: Response) -> Response {
    fn wrong(value: &mut Value, n: &mut usize) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| wrong(item, n)),
            Value::Object(fields) => fields.values_mut().for_each(|field| wrong(field, n)),
            leaf => {
                *n += 1;
                let turns = [
                    json!(-1),
                    json!(1e308),
                    json!([]),
                    json!({}),
                    json!(null),
                    json!([[["a"]]]),
                    json!(true),
                    json!(u64::MAX),
                    json!({ "toString": "x", "length": -1 }),
                    json!("NaN"),
                    json!(0.1),
                    json!(i64::MIN),
                ];
                if n.is_multiple_of(2) {
                    *leaf = turns[*n / 2 % turns.len()].clone();
                }
            }
        }
    }
    let mut body = body_of(&response);
    wrong(&mut body, &mut (response.body().len() % 24));
    with_body(response, body.to_string())
}

/// Makes every page of a list claim that more pages follow.
pub(super) fn endless(response: Response) -> Response {
    let mut body = body_of(&response);
    if let Some(pages) = body.pointer_mut("/meta/pagination").and_then(Value::as_object_mut) {
        let more = json!({ "per_page": 1, "current_page": 1, "total_pages": 999_999_999_999_999_u64, "total": u64::MAX });
        pages.extend(more.as_object().cloned().unwrap_or_else(Map::new));
    }
    if let Some(data) =
        body.get_mut("data").and_then(Value::as_object_mut).filter(|data| data.contains_key("content"))
    {
        data.remove("start");
        data.insert("nextStart".into(), true.into());
        data.insert("totalUsers".into(), u64::MAX.into());
    }
    with_body(response, body.to_string())
}
