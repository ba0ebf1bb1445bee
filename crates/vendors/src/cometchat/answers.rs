//! Decodes CometChat's envelope, errors in all their forms, people and groups.

use domain::api_error::ErrorOrigin;
use domain::group::Access;
use domain::order;
use domain::{
    ApiError, ConsoleCode, ErrorClass, Group, GroupId, GroupKind, Member, Millis, Outcome, Scope, Vendor,
    plain,
};
use serde_json::Value;

use super::{codes, pace};
use crate::answer::{
    address_at, denial, flag, http_error, id, id_at, json, misshapen, name_at, number_at, prose_at,
    retry_after, text, text_at,
};
use crate::{Response, catalogue};

/// Maximum length of a kept code. The longest in the catalogue has 30 characters.
const MAX_CODE: usize = 100;
/// Maximum size of a group's kept metadata. The vendor gives 5 KB as the limit, and 1.6K in another place.
const MAX_METADATA_BYTES: usize = 10_000;
/// Maximum number of kept fields of an error's details.
const MAX_DETAILS: usize = 50;
/// The status 403. Without a code it says nothing about the key: the cause may be the acting user's rights, a
/// rule of the app or an intermediary.
const FORBIDDEN: u16 = 403;

/// The body of a response without an error; it has a field `data`. `endpoint` is the id in
/// `contracts/operations.yaml`, because the meaning of a code can depend on it.
///
/// # Errors
/// The vendor's error, or that the response is unreadable. An error in the body wins over the status, because
/// codes are documented without statuses. An error inside `data` counts too, so that a failed list is not an
/// empty one.
pub(super) fn envelope(endpoint: &str, response: &Response) -> Result<Value, ApiError> {
    let body = json(response);
    let status = response.status().as_u16();
    if let Some(said) = body.as_ref().ok().and_then(whole_error) {
        let mut error = said.into_error(endpoint, Some(status));
        if error.class == ErrorClass::RateLimited {
            error.retry_after_ms = pace::wait(response, body.as_ref().ok());
            error.details.extend(pace::details(response));
        } else {
            error.retry_after_ms = retry_after(response);
        }
        return Err(error);
    }
    if let (Ok(body), true) = (&body, response.status().is_success())
        && let Some(mut error) = denial(body).or_else(|| denial_in(body.get("data")?))
    {
        error.message = ["/message", "/data/message", "/errors/0/message"]
            .into_iter()
            .find_map(|place| body.pointer(place).and_then(text))
            .map(|said| plain::prose(&said).into());
        error.status = Some(status);
        return Err(error);
    }
    if let (Err(unread), 400..=499) = (&body, status)
        && unread.is(ConsoleCode::DecodeTruncated)
    {
        // The code decides, not the status, and the code was cut off: it may have been "already done",
        // because of an earlier request.
        return Err(unread.clone());
    }
    if let Some(mut error) = http_error(response) {
        // From a proxy: possibly JSON, but not CometChat's envelope.
        if status == FORBIDDEN {
            error.class = ErrorClass::Refused;
        }
        if error.class == ErrorClass::RateLimited {
            error.retry_after_ms = pace::wait(response, body.as_ref().ok());
        }
        error.message = body.ok().and_then(|body| prose_at(&body, "message"));
        return Err(error);
    }
    let body = body?;
    if body.get("data").is_none() {
        return Err(misshapen(response));
    }
    Ok(body)
}

/// The outcome of one person's entry. Only `success: true` without an error is done ("CometChat,
/// Group Members: Add Members"); no example shows a failed entry. Assumed: as in the vendor's
/// data import, `{success: false, error}`; `{error}`, `{code, message}` and a text are taken as well. A
/// rate limit error carries the wait that the entry, or else the response, asks for.
pub(super) fn entry_outcome(endpoint: &str, entry: &Value, response: &Response) -> Outcome {
    let said = match entry {
        Value::Object(fields) => {
            let bare = || fields.contains_key("code").then(|| Said::of(entry)).flatten();
            fields.get("error").and_then(Said::of).or_else(bare)
        }
        other => Said::of(other),
    };
    let is_done = entry.get("success") == Some(&Value::Bool(true));
    match said {
        None if is_done => Outcome::Applied,
        said => {
            let mut error = said.unwrap_or_default().into_error(endpoint, None);
            if error.class == ErrorClass::RateLimited {
                error.retry_after_ms = pace::wait_in(entry, 3).or_else(|| retry_after(response));
            }
            Outcome::of_error(error)
        }
    }
}

/// A user, or a member of a group; `None` without an id.
pub(super) fn member(row: &Value) -> Option<Member> {
    let role = id_at(row, "role");
    Some(Member {
        id: id_at(row, "uid")?,
        name: name_at(row, "name"),
        // Assumed: the places where the vendor's samples keep an address.
        email: ["/metadata/@private/email", "/metadata/email"]
            .into_iter()
            .find_map(|place| row.pointer(place).and_then(id)),
        phone: None,
        role: role.map(|role| (role.clone(), role)),
        scope: row.get("scope").and_then(text).and_then(|slug| Scope::from_slug(&slug)),
        is_active: row.get("status").and_then(text).and_then(|status| match &*status {
            "available" | "online" => Some(true),
            "offline" => Some(false),
            _ => None,
        }),
        joined_at: millis_at(row, "joinedAt"),
        created_at: millis_at(row, "createdAt"),
        picture: address_at(row, "avatar"),
        ..Member::default()
    })
}

/// A group; `None` without an id.
pub(super) fn group(row: &Value) -> Option<Group> {
    let id = id_at(row, "guid")?;
    let name = name_at(row, "name").unwrap_or_else(|| id.clone());
    Some(Group {
        description: prose_at(row, "description"),
        access: row.get("type").and_then(text).and_then(|kind| match &*kind {
            "public" => Some(Access::Public),
            "private" => Some(Access::Private),
            "password" => Some(Access::Password(None)),
            _ => None,
        }),
        owner: id_at(row, "owner"),
        n_members: number_at(row, "membersCount"),
        created_at: millis_at(row, "createdAt"),
        picture: address_at(row, "icon"),
        tags: tags_at(row),
        metadata: metadata_at(row),
        ..Group::new(GroupId::new(id), GroupKind::Group, name)
    })
}

/// The tags of a group; `None` if the response has none: they may be sent only on request (`withTags`).
fn tags_at(row: &Value) -> Option<Vec<Box<str>>> {
    let tags = row.get("tags")?.as_array()?;
    tags.iter().map(|tag| text(tag).map(|tag| plain::name(&tag).into())).collect()
}

/// The metadata of a group; empty if missing, because CometChat's samples omit unset fields. `None` if it is
/// not an object, or larger than a form should hold.
fn metadata_at(row: &Value) -> Option<Box<str>> {
    match row.get("metadata") {
        None | Some(Value::Null) => Some("".into()),
        Some(Value::Object(fields)) if fields.is_empty() => Some("".into()),
        Some(metadata @ Value::Object(_)) => {
            let text = metadata.to_string();
            (text.len() <= MAX_METADATA_BYTES).then(|| text.into())
        }
        Some(_) => None,
    }
}

/// A time in milliseconds: CometChat's are in seconds ("CometChat, Properties and Constraints").
pub(super) fn millis_at(row: &Value, field: &str) -> Option<Millis> {
    number_at(row, field)?.checked_mul(1_000)
}

/// A parsed error object.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) code: Box<str>,
    pub(super) message: Box<str>,
    details: Vec<(Box<str>, Box<str>)>,
}

impl Said {
    /// Parses an error of any form; `None` for a value that stands for no error, such as an empty object.
    pub(super) fn of(value: &Value) -> Option<Self> {
        if is_empty(value) {
            return None;
        }
        match value {
            Value::String(said) => {
                let said = said.trim();
                let is_code = catalogue::find_vendor_code(Vendor::CometChat, said).is_some();
                let code = if is_code { said.into() } else { Box::default() };
                Some(Self { code, message: plain::prose(said).into(), details: Vec::new() })
            }
            Value::Object(fields) => Some(Self {
                code: text_at(value, "code").map(|code| cut(&code)).unwrap_or_default(),
                message: prose_at(value, "message").unwrap_or_default(),
                details: fields.get("details").map(details).unwrap_or_default(),
            }),
            Value::Array(errors) => errors.iter().find_map(Self::of),
            Value::Null | Value::Bool(_) | Value::Number(_) => Some(Self::default()),
        }
    }

    pub(super) fn into_error(mut self, endpoint: &str, status: Option<u16>) -> ApiError {
        let entry = catalogue::find_vendor_code(Vendor::CometChat, &self.code);
        if entry.is_none() && pace::is_too_many(&self) {
            self.code = codes::TOO_MANY_REQUESTS.into();
        }
        let class = match (entry, status) {
            // "Rate Limits": 429 means that the call was not processed, whatever the body.
            (_, Some(429)) => ErrorClass::RateLimited,
            _ if *self.code == *codes::TOO_MANY_REQUESTS => ErrorClass::RateLimited,
            (Some(entry), _) => entry.class_in(endpoint),
            (None, Some(401)) => ErrorClass::Auth,
            (None, Some(FORBIDDEN)) => ErrorClass::Refused,
            (None, Some(500..=599)) => ErrorClass::Server,
            (None, _) => ErrorClass::Unknown,
        };
        let mut error = ApiError::new(class, ErrorOrigin::Vendor, self.code).with_message(&self.message);
        error.status = status;
        error.details = self.details;
        error
    }
}

/// True for `null`, `false`, `0`, blank text, and containers of nothing else.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is_in_effect) => !is_in_effect,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
    }
}

/// The error of a whole response: `{error}`, `{success: false}`, or `{code, message}` without `data`; or one
/// of these inside `data`.
fn whole_error(body: &Value) -> Option<Said> {
    let bare = || {
        (body.get("code").is_some() && body.get("data").is_none_or(Value::is_null))
            .then(|| Said::of(body))
            .flatten()
    };
    let inside = || body.get("data").and_then(failure_in);
    body.get("error").and_then(Said::of).or_else(bare).or_else(inside).or_else(|| refusal(body))
}

/// The error in place of a result. An object with an id is not an error merely because it has a `code`, which
/// may be a field of its own.
pub(super) fn failure_in(data: &Value) -> Option<Said> {
    if !data.is_object() {
        return None;
    }
    let bare = || (!has_id(data) && data.get("code").is_some()).then(|| Said::of(data)).flatten();
    data.get("error").and_then(Said::of).or_else(bare).or_else(|| refusal(data))
}

/// A gateway's or framework's error in place of a result. An object with an id is a result.
fn denial_in(data: &Value) -> Option<ApiError> {
    if has_id(data) { None } else { denial(data) }
}

pub(super) fn has_id(data: &Value) -> bool {
    ["guid", "uid", "role"].iter().any(|field| data.get(field).is_some())
}

/// The error of `{success: false}`, from the fields beside it.
fn refusal(value: &Value) -> Option<Said> {
    let is_refused = value.get("success").and_then(flag) == Some(false);
    is_refused.then(|| Said::of(value).unwrap_or_default())
}

/// The details of an error: each field has an array of texts, or one text.
fn details(value: &Value) -> Vec<(Box<str>, Box<str>)> {
    let Value::Object(fields) = value else { return Vec::new() };
    let mut found: Vec<_> = fields
        .iter()
        .take(MAX_DETAILS)
        .map(|(field, said)| {
            let texts: Vec<_> = match said {
                Value::Array(texts) => texts.iter().filter_map(text).collect(),
                one => text(one).into_iter().collect(),
            };
            (cut(field), plain::prose(&texts.join(" ")).into())
        })
        .collect();
    order::sort_by(&mut found, Ord::cmp);
    found
}

/// A code or field name as plain text, at most [`MAX_CODE`] characters.
fn cut(text: &str) -> Box<str> {
    let plain = plain::name(text);
    plain.char_indices().nth(MAX_CODE).map_or(&*plain, |(end, _)| &plain[..end]).into()
}
