//! Reads what CometChat says: the envelope, errors in every form they come in, people and groups.

use domain::api_error::Origin;
use domain::group::Access;
use domain::{
    ApiError, ErrorClass, Group, GroupId, GroupKind, Member, Millis, Outcome, RateHint, Scope, Vendor, plain,
};
use serde_json::Value;

use crate::answer::{
    address_at, header_number, http_error, id, id_at, json, misshapen, name_at, number_at, prose_at,
    retry_after, text, text_at,
};
use crate::{Response, catalogue};

/// Longest code that is kept. The longest of the catalogue has 30 characters.
const MAX_CODE: usize = 100;
/// Largest metadata of a group that are kept. The vendor names 5 KB as the most, and 1.6K in another place.
const MAX_METADATA_BYTES: usize = 10_000;
/// Most fields that are kept of an error's details.
const MAX_DETAILS: usize = 50;

/// The body of an answer without an error; it has a field `data`. `operation` is the id in
/// `contracts/operations.yaml`: what a code means can depend on it.
///
/// # Errors
/// What the vendor refused or what cannot be read. An error wins over the status, as the codes are documented
/// without statuses.
pub(super) fn envelope(operation: &str, response: &Response) -> Result<Value, ApiError> {
    let body = json(response);
    let status = response.status().as_u16();
    if let Some(said) = body.as_ref().ok().and_then(whole_error) {
        let mut error = said.into_error(operation, Some(status));
        error.retry_after_ms = retry_after(response);
        if error.class == ErrorClass::RateLimited {
            error.details.extend(pace_details(response));
        }
        return Err(error);
    }
    if let (Err(unread), 400..=499) = (&body, status)
        && &*unread.code == "decode.truncated"
    {
        // The code decides and not the status, and the code is what was cut off: it may have said that it was
        // so already, because of a call before this one.
        return Err(unread.clone());
    }
    if let Some(mut error) = http_error(response) {
        // A proxy in between: JSON perhaps, but not CometChat's envelope.
        error.message = body.ok().and_then(|body| prose_at(&body, "message"));
        return Err(error);
    }
    let body = body?;
    if body.get("data").is_none() {
        return Err(misshapen(response));
    }
    Ok(body)
}

/// What one person's entry in an answer says. Done is only `success: true` without an error ("CometChat,
/// Group Members: Add Members"); the form of a failed entry is in no example. Assumed: as in the vendor's
/// data import, `{success: false, error}`; `{error}`, `{code, message}` and a text are taken as well.
pub(super) fn entry_outcome(operation: &str, entry: &Value) -> Outcome {
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
        said => failed(said.unwrap_or_default().into_error(operation, None)),
    }
}

/// The outcome of an error that is about one person.
pub(super) fn failed(error: ApiError) -> Outcome {
    match error.class {
        ErrorClass::AlreadyDone => Outcome::NoOp(Some(error)),
        ErrorClass::Server | ErrorClass::Unknown => Outcome::Unknown(error),
        ErrorClass::Refused
        | ErrorClass::Auth
        | ErrorClass::NotFound
        | ErrorClass::Limit
        | ErrorClass::RateLimited => Outcome::Rejected(error),
    }
}

/// A user, or a member of a group; `None` without an id.
pub(super) fn member(row: &Value) -> Option<Member> {
    let role = id_at(row, "role");
    Some(Member {
        id: id_at(row, "uid")?,
        name: name_at(row, "name"),
        // Assumed: the place where the vendor's samples keep an address.
        email: row.pointer("/metadata/@private/email").and_then(id),
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
        ..Member::default()
    })
}

/// A group; `None` without an id.
pub(super) fn group(row: &Value) -> Option<Group> {
    let id = id_at(row, "guid")?;
    Some(Group {
        name: name_at(row, "name").unwrap_or_else(|| id.clone()),
        id: GroupId::new(id),
        kind: GroupKind::Group,
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
        share_url: None,
        picture: address_at(row, "icon"),
        tags: tags_at(row),
        metadata: metadata_at(row),
    })
}

/// The tags of a group; `None` where the answer has none: they may only be told when asked for (`withTags`).
fn tags_at(row: &Value) -> Option<Vec<Box<str>>> {
    let tags = row.get("tags")?.as_array()?;
    tags.iter().map(|tag| text(tag).map(|tag| plain::name(&tag).into())).collect()
}

/// The metadata of a group: CometChat's samples leave out what is not set. `None` for what is no object, or larger
/// than a form should hold.
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

/// A time: CometChat's are in seconds ("CometChat, Properties and Constraints").
pub(super) fn millis_at(row: &Value, field: &str) -> Option<Millis> {
    number_at(row, field)?.checked_mul(1_000)
}

/// What an error object says.
#[derive(Debug, Default)]
struct Said {
    code: Box<str>,
    message: Box<str>,
    details: Vec<(Box<str>, Box<str>)>,
}

impl Said {
    /// Reads an error of any form; `None` for what stands for no error at all.
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null | Value::Bool(false) => None,
            Value::String(said) => {
                let said = said.trim();
                let is_code = catalogue::find_vendor_code(Vendor::CometChat, said).is_some();
                let code = if is_code { said.into() } else { Box::default() };
                (!said.is_empty()).then(|| Self {
                    code,
                    message: plain::prose(said).into(),
                    details: Vec::new(),
                })
            }
            Value::Object(fields) => Some(Self {
                code: text_at(value, "code").map(|code| cut(&code)).unwrap_or_default(),
                message: prose_at(value, "message").unwrap_or_default(),
                details: fields.get("details").map(details).unwrap_or_default(),
            }),
            Value::Bool(true) | Value::Number(_) | Value::Array(_) => Some(Self::default()),
        }
    }

    fn into_error(self, operation: &str, status: Option<u16>) -> ApiError {
        let class = match (catalogue::find_vendor_code(Vendor::CometChat, &self.code), status) {
            // "Rate Limits": 429 means that the call was not processed, whatever the body holds.
            (_, Some(429)) => ErrorClass::RateLimited,
            (Some(entry), _) => entry.class_in(operation),
            (None, Some(401)) => ErrorClass::Auth,
            (None, Some(500..=599)) => ErrorClass::Server,
            (None, _) => ErrorClass::Unknown,
        };
        let mut error = ApiError::new(class, Origin::Vendor, self.code).with_message(&self.message);
        error.status = status;
        error.details = self.details;
        error
    }
}

/// The error of a whole answer: `{error}`, or `{code, message}` without `data`.
fn whole_error(body: &Value) -> Option<Said> {
    let bare =
        || (body.get("code").is_some() && body.get("data").is_none()).then(|| Said::of(body)).flatten();
    body.get("error").and_then(Said::of).or_else(bare)
}

/// Fields with what is said of them: an array of texts, or one text.
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
    found.sort();
    found
}

/// Names of the header for what is left and for the moment at which there is more: of the newest page ("Rate
/// Limits"), and of the older ones and the SDK's.
const REMAINING: [&str; 2] = ["x-ratelimit-remaining", "x-rate-limit-remaining"];
const RESET: [&str; 2] = ["x-ratelimit-reset", "x-rate-limit-reset"];

/// What the rate headers say. The reset is a moment in seconds since 1970; `Retry-After`, in seconds, is
/// believed before it, as it needs no clock that agrees with the vendor's. Without both there is no hint.
pub(super) fn rate_hint(response: &Response, now: Millis) -> Option<RateHint> {
    let remaining = header_number(response, &REMAINING)?.try_into().unwrap_or(u32::MAX);
    let until = |reset: u64| reset.saturating_mul(1_000).saturating_sub(now);
    let reset_in_ms = retry_after(response).or_else(|| header_number(response, &RESET).map(until))?;
    Some(RateHint { remaining, reset_in_ms })
}

/// The rate headers, in the spelling of the newest page or of the older ones.
fn pace_details(response: &Response) -> Vec<(Box<str>, Box<str>)> {
    [("limit", ["x-ratelimit-limit", "x-rate-limit"]), ("remaining", REMAINING), ("reset", RESET)]
        .into_iter()
        .filter_map(|(name, spellings)| {
            Some((name.into(), header_number(response, &spellings)?.to_string().into()))
        })
        .collect()
}

/// A code, or the name of a field.
fn cut(text: &str) -> Box<str> {
    let plain = plain::name(text);
    plain.char_indices().nth(MAX_CODE).map_or(&*plain, |(end, _)| &plain[..end]).into()
}
