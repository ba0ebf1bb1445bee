//! Decodes outcomes.

use domain::api_error::ErrorOrigin;
use domain::group::Access;
use domain::{
    ApiError, Batch, BatchItem, ConsoleCode, ErrorClass, Group, GroupEdit, GroupId, GroupKind, Member,
    NewCommunity, NewGroup, Operation, Outcome, PersonKey, Reply, Vendor,
};
use serde_json::Value;

use super::{endpoints, wire};
use crate::answer::{
    self, address_at, flag_at, id, id_at, is_reason, items_at, name_at, number, number_at, prose_at, text_at,
};
use crate::{Response, catalogue};

/// Decodes the outcome of each change. Assumed: only people named in the lists count as done, because no page
/// says how a person who was not added is reported.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, ApiError> {
    let endpoint = endpoints::of(batch.operation()).ok_or_else(catalogue::unsupported)?;
    let data = data(response, endpoint.id)?;
    match batch.operation() {
        Operation::AddToCommunity { .. } => {
            Ok(named(&batch.items, &data, "members_added", |_| Outcome::Applied))
        }
        Operation::MakeModerator { .. } => Ok(moderators(&batch.items, &data)),
        Operation::AddToGroup { .. } => Ok(named(&batch.items, &data, "members_added", |_| Outcome::Applied)),
        Operation::Kick { .. } => Ok(removed(batch, &data, "members_removed")),
        Operation::Unsubscribe { .. } => Ok(removed(batch, &data, "subscribers_removed")),
        Operation::CreateCommunity(new) => Ok(created(&batch.items, community(new, &data))),
        Operation::CreateGroup(new) => {
            // Whether this response names first members is undocumented; those not named stay unknown.
            let mut reply = created(&batch.items[..1], group(new, &data));
            let members = named(&batch.items[1..], &data, "members_added", |_| Outcome::Applied);
            reply.outcomes.extend(members.outcomes);
            Ok(Reply { members: members.members, ..reply })
        }
        Operation::EditGroup { edit, .. } => Ok(edited(batch, edit, &data)),
        _ => Err(catalogue::unsupported()),
    }
}

/// `data` of a success: status 200 with `code` 200, and nothing that contradicts it (Genuin, success samples
/// of every page). Any other response with status 200 is a refusal if it says so, and otherwise unknown.
pub(super) fn data(response: &Response, endpoint: &str) -> Result<Value, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(refusal(response, error, endpoint));
    }
    let body = answer::json(response)?;
    if !body.is_object() {
        return Err(answer::misshapen(response));
    }
    let code = body.get("code").and_then(number);
    let is_told = body.get("code").is_some_and(|code| answer::text(code).is_some());
    let denial = answer::denial(&body).or_else(|| answer::denial(body.get("error")?));
    let data = body.get("data").unwrap_or(&Value::Null);
    let is_doubtful = denial.is_some()
        || [&body, data].iter().any(|said| said.get("error").is_some_and(is_reason))
        || answer::denial(data).is_some();
    match denial {
        // A number in the samples of a success; text is accepted too.
        _ if code == Some(wire::CODE_SUCCESS) && !is_doubtful => Ok(data.clone()),
        _ if code == Some(wire::CODE_SUCCESS) => Err(with_words(&body, answer::misshapen(response))),
        Some(mut denied) => {
            denied.retry_after_ms = answer::retry_after(response);
            Err(refusal(response, denied.with_status(response.status().as_u16()), endpoint))
        }
        None if is_told => Err(refusal(response, answer::misshapen(response), endpoint)),
        None => Err(with_words(&body, answer::misshapen(response))),
    }
}

/// Adds the vendor's message to the error.
fn with_words(body: &Value, error: ApiError) -> ApiError {
    match text_at(body, "message") {
        Some(message) => error.with_message(&answer::shortened(unwrapped(&message))),
        None => error,
    }
}

/// The status decides first, then `code`, never `message` (Genuin, error samples of every page).
pub(super) fn refusal(response: &Response, mut error: ApiError, endpoint: &str) -> ApiError {
    let Ok(body) = answer::json(response) else {
        return error;
    };
    error = with_words(&body, error);
    let Some(code) = text_at(&body, "code") else {
        return error;
    };
    error.origin = ErrorOrigin::Vendor;
    let is_decided = matches!(error.class, ErrorClass::Auth | ErrorClass::RateLimited | ErrorClass::Server)
        || error.is(ConsoleCode::HttpTimedOut);
    match catalogue::find_vendor_code(Vendor::Genuin, &code) {
        Some(entry) if !is_decided || entry.class == error.class => {
            error.class = entry.class_in(endpoint);
            error.code = code;
        }
        _ if is_decided => error.details.push(("code".into(), answer::shortened(&code).into())),
        _ => {
            error.class = ErrorClass::Unknown;
            error.code = answer::shortened(&code).into();
        }
    }
    error
}

/// Some messages have the form `XXXX-[Text]`.
fn unwrapped(message: &str) -> &str {
    message.strip_prefix("XXXX-[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(message)
}

/// The outcomes of people named in a list of objects.
fn named(items: &[BatchItem], data: &Value, list: &str, outcome: fn(&Value) -> Outcome) -> Reply {
    let rows = items_at(data, list);
    let outcomes = items.iter().filter_map(|item| {
        if wire::User::of(&item.person.key).is_none() {
            return Some((item.change, Outcome::Rejected(catalogue::unsupported())));
        }
        let row = rows.iter().find(|row| is_about(row, &item.person.key))?;
        let is_denied = answer::denial(row).is_some() || row.get("error").is_some_and(is_reason);
        Some((item.change, if is_denied { unconfirmed(ConsoleCode::RowDiffers) } else { outcome(row) }))
    });
    let members = rows.iter().filter_map(|row| member(row));
    Reply { outcomes: outcomes.collect(), members: members.collect(), group: None }
}

/// The outcomes of new moderators: the list has no phones, so only ids count (Genuin, Add Moderator API).
fn moderators(items: &[BatchItem], data: &Value) -> Reply {
    let mut reply = named(items, data, "moderators_added", as_moderator);
    reply.outcomes.retain(|(change, _)| {
        items.iter().any(|item| item.change == *change && wire::User::has_id(&item.person.key))
    });
    let unnamed = items.iter().filter(|item| !wire::User::has_id(&item.person.key));
    reply.outcomes.extend(unnamed.map(|item| (item.change, Outcome::Rejected(catalogue::unsupported()))));
    reply
}

/// The outcomes of people named in a list of ids. Assumed: samples show these lists only empty, so objects
/// with an id are accepted too.
fn removed(batch: &Batch, data: &Value, list: &str) -> Reply {
    let rows = items_at(data, list);
    let outcomes = batch.items.iter().filter_map(|item: &BatchItem| {
        let is_sent = wire::User::has_id(&item.person.key);
        let is_named = || rows.iter().any(|row| is_about(row, &item.person.key));
        match (is_sent, is_sent && is_named()) {
            (false, _) => Some((item.change, Outcome::Rejected(catalogue::unsupported()))),
            (true, true) => Some((item.change, Outcome::Applied)),
            (true, false) => None,
        }
    });
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group: None }
}

/// The page promises role 3; any other means that the person was not made a moderator.
fn as_moderator(row: &Value) -> Outcome {
    if number_at(row, "role") == Some(wire::ROLE_MODERATOR) {
        Outcome::Applied
    } else {
        unconfirmed(ConsoleCode::RowRole)
    }
}

fn is_about(row: &Value, key: &PersonKey) -> bool {
    match key {
        PersonKey::Id(id) => row_id(row).is_some_and(|found| found.eq_ignore_ascii_case(id.trim())),
        PersonKey::Phone(phone) => row_phone(row).is_some_and(|found| *found == *digits(phone)),
        PersonKey::Email(_) | PersonKey::Group(_) => false,
    }
}

/// `member_id` in responses is `user_id` in requests.
fn row_id(row: &Value) -> Option<Box<str>> {
    id(row).or_else(|| ["member_id", "user_id"].iter().find_map(|field| id_at(row, field)))
}

fn row_phone(row: &Value) -> Option<Box<str>> {
    let found = digits(&id_at(row, "phone").or_else(|| id_at(row, "phone_number"))?);
    (!found.is_empty()).then_some(found)
}

fn digits(text: &str) -> Box<str> {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn member(row: &Value) -> Option<Member> {
    let id = row_id(row).unwrap_or_default();
    let phone = row_phone(row);
    if id.is_empty() && phone.is_none() {
        return None;
    }
    let nickname = name_at(row, "nickname");
    // All are the same picture; the sized ones are empty if the first is the name of an avatar.
    let picture = ["profile_image", "profile_image_l", "profile_image_m", "profile_image_s"];
    let small = ["profile_image_s", "profile_image_m"];
    Some(Member {
        id,
        name: name_at(row, "name").or_else(|| nickname.clone()),
        phone,
        nickname,
        bio: prose_at(row, "bio"),
        picture: picture.iter().find_map(|field| address_at(row, field)),
        small_picture: small.iter().find_map(|field| address_at(row, field)),
        is_avatar: flag_at(row, "is_avatar"),
        is_system: flag_at(row, "is_brand_system_user"),
        ..Member::default()
    })
}

/// The outcome of a creation: done if the response has the new id, as every sample does.
fn created(items: &[BatchItem], group: Option<Group>) -> Reply {
    let outcome = if group.is_some() { Outcome::Applied } else { unconfirmed(ConsoleCode::RowUnconfirmed) };
    let outcomes = items.iter().map(|item| (item.change, outcome.clone()));
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group }
}

/// A success that does not show what was requested.
fn unconfirmed(code: ConsoleCode) -> Outcome {
    Outcome::Unknown(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Vendor, code).with_status(200))
}

fn community(new: &NewCommunity, data: &Value) -> Option<Group> {
    Some(Group {
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        access: Some(if new.is_private { Access::Private } else { Access::Public }),
        owner: data.get("leader").and_then(|leader| id_at(leader, "member_id")),
        share_url: address_at(data, "share_url"),
        picture: address_at(data, "dp"),
        ..Group::new(GroupId::new(id_at(data, "community_id")?), GroupKind::Community, new.name.clone())
    })
}

/// The caller chose the id, so a response with another id is about another group.
fn group(new: &NewGroup, data: &Value) -> Option<Group> {
    let id = id_at(data, "chat_id").filter(|id| id.eq_ignore_ascii_case(new.id.as_str()))?;
    Some(Group {
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        share_url: address_at(data, "share_url"),
        picture: address_at(data, "dp"),
        ..Group::new(GroupId::new(id), GroupKind::Group, new.name.clone())
    })
}

/// The response has a boolean for each field except the tags (Genuin, Add or manage group members). A field
/// without `true` is unconfirmed; an edit of the tags is accepted if `data` has any of the booleans.
fn edited(batch: &Batch, edit: &GroupEdit, data: &Value) -> Reply {
    let asked = [
        (edit.name.is_some(), "name_updated"),
        (edit.description.is_some(), "description_updated"),
        (edit.picture.is_some(), "dp_updated"),
        (edit.topics.is_some(), "topics_updated"),
        (edit.is_discoverable.is_some(), "settings_updated"),
    ];
    let is_ours = asked.iter().any(|(_, field)| flag_at(data, field).is_some());
    let said: Vec<_> =
        asked.iter().filter(|(is_asked, _)| *is_asked).map(|(_, field)| flag_at(data, field)).collect();
    let outcome = if said.contains(&Some(false)) {
        unconfirmed(ConsoleCode::RowDiffers)
    } else if said.contains(&None) || !is_ours {
        unconfirmed(ConsoleCode::RowUnconfirmed)
    } else if edit.tags.is_none() {
        Outcome::Applied
    } else {
        Outcome::Accepted
    };
    let outcomes = batch.items.iter().map(|item| (item.change, outcome.clone()));
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group: None }
}
