//! Outcomes from answers.

use domain::api_error::Origin;
use domain::group::Access;
use domain::{
    ApiError, Batch, BatchItem, Effect, ErrorClass, Group, GroupEdit, GroupId, GroupKind, Member,
    NewCommunity, NewGroup, Outcome, PersonKey, Reply, Vendor,
};
use serde_json::Value;

use super::wire;
use crate::answer::{self, address_at, flag_at, id, id_at, items_at, name_at, number, number_at, text_at};
use crate::{Response, catalogue};

/// What an answer says about each change. Assumed: only who is named in the lists counts as done, because no
/// page says how somebody who was not added is reported.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, ApiError> {
    let data = data(response, operation(batch.effect()))?;
    match batch.effect() {
        Effect::AddToCommunity { .. } => {
            Ok(named(&batch.items, &data, "members_added", |_| Outcome::Applied))
        }
        Effect::MakeModerator { .. } => Ok(named(&batch.items, &data, "moderators_added", as_moderator)),
        Effect::AddToGroup { .. } => Ok(named(&batch.items, &data, "members_added", |_| Outcome::Applied)),
        Effect::Kick { .. } => Ok(removed(batch, &data, "members_removed")),
        Effect::Unsubscribe { .. } => Ok(removed(batch, &data, "subscribers_removed")),
        Effect::CreateCommunity(new) => Ok(created(&batch.items, community(new, &data))),
        Effect::CreateGroup(new) => {
            // Whether this answer names first members is undocumented; whom it does not name stays unknown.
            let mut reply = created(&batch.items[..1], group(new, &data));
            let members = named(&batch.items[1..], &data, "members_added", |_| Outcome::Applied);
            reply.outcomes.extend(members.outcomes);
            Ok(Reply { members: members.members, ..reply })
        }
        Effect::EditGroup { edit, .. } => Ok(edited(batch, edit, &data)),
        Effect::Register { .. }
        | Effect::Invite { .. }
        | Effect::SetScope { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::DeleteGroup { .. } => Err(catalogue::unsupported()),
    }
}

fn operation(effect: &Effect) -> &'static str {
    match effect {
        Effect::AddToCommunity { .. } => "add_users",
        Effect::MakeModerator { .. } => "add_moderators",
        Effect::CreateCommunity(_) => "create_community",
        Effect::CreateGroup(_) => "create_group",
        _ => "update_group",
    }
}

/// `data` of a success.
pub(super) fn data(response: &Response, operation: &str) -> Result<Value, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(refusal(response, error, operation));
    }
    let Value::Object(mut fields) = answer::json(response)? else {
        return Err(answer::misshapen(response));
    };
    match fields.get("code") {
        None if !fields.contains_key("data") => Err(answer::misshapen(response)),
        // A number on success in the samples; a text is taken too.
        Some(code) if !number(code).is_some_and(|code| (200..300).contains(&code)) => {
            Err(refusal(response, answer::misshapen(response), operation))
        }
        _ => Ok(fields.remove("data").unwrap_or_default()),
    }
}

/// The status first, then `code`, never `message` (Genuin, error samples of every page).
pub(super) fn refusal(response: &Response, mut error: ApiError, operation: &str) -> ApiError {
    let Ok(body) = answer::json(response) else {
        return error;
    };
    if let Some(message) = text_at(&body, "message") {
        error = error.with_message(&answer::shortened(unwrapped(&message)));
    }
    let Some(code) = text_at(&body, "code") else {
        return error;
    };
    error.origin = Origin::Vendor;
    let is_decided = matches!(error.class, ErrorClass::Auth | ErrorClass::RateLimited | ErrorClass::Server);
    match catalogue::find_vendor_code(Vendor::Genuin, &code) {
        Some(entry) if !is_decided || entry.class == error.class => {
            error.class = entry.class_in(operation);
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

/// Some messages come as `XXXX-[Text]`.
fn unwrapped(message: &str) -> &str {
    message.strip_prefix("XXXX-[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(message)
}

/// People who are named in a list of objects.
fn named(items: &[BatchItem], data: &Value, list: &str, outcome: fn(&Value) -> Outcome) -> Reply {
    let rows = items_at(data, list);
    let outcomes = items.iter().filter_map(|item| {
        if wire::User::of(&item.person.key).is_none() {
            return Some((item.change, Outcome::Rejected(catalogue::unsupported())));
        }
        let row = rows.iter().find(|row| is_about(row, &item.person.key))?;
        Some((item.change, outcome(row)))
    });
    let members = rows.iter().filter_map(|row| member(row));
    Reply { outcomes: outcomes.collect(), members: members.collect(), group: None }
}

/// People who are named in a list of ids. Assumed: the samples show these lists empty only, so objects with an
/// id are taken too.
fn removed(batch: &Batch, data: &Value, list: &str) -> Reply {
    let rows = items_at(data, list);
    let outcomes = batch.items.iter().filter_map(|item: &BatchItem| {
        let is_sent = wire::User::of(&item.person.key).and_then(wire::User::id).is_some();
        let is_named = || rows.iter().any(|row| is_about(row, &item.person.key));
        match (is_sent, is_sent && is_named()) {
            (false, _) => Some((item.change, Outcome::Rejected(catalogue::unsupported()))),
            (true, true) => Some((item.change, Outcome::Applied)),
            (true, false) => None,
        }
    });
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group: None }
}

/// The page promises role 3; another one means that the person was not made a moderator.
fn as_moderator(row: &Value) -> Outcome {
    if number_at(row, "role") == Some(wire::ROLE_MODERATOR) {
        Outcome::Applied
    } else {
        Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, "row.role").with_status(200))
    }
}

fn is_about(row: &Value, key: &PersonKey) -> bool {
    match key {
        PersonKey::Id(id) => row_id(row).is_some_and(|found| found.eq_ignore_ascii_case(id.trim())),
        PersonKey::Phone(phone) => row_phone(row).is_some_and(|found| *found == *digits(phone)),
        PersonKey::Email(_) | PersonKey::Group(_) => false,
    }
}

/// `member_id` in answers is `user_id` of requests.
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
    let name = name_at(row, "name").or_else(|| name_at(row, "nickname"));
    Some(Member { id, name, phone, ..Member::default() })
}

/// The one change that creates something; named if the answer gives the new id.
fn created(items: &[BatchItem], group: Option<Group>) -> Reply {
    let outcome = if group.is_some() { Outcome::Applied } else { Outcome::Accepted };
    let outcomes = items.iter().map(|item| (item.change, outcome.clone()));
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group }
}

fn community(new: &NewCommunity, data: &Value) -> Option<Group> {
    Some(Group {
        id: GroupId::new(id_at(data, "community_id")?),
        kind: GroupKind::Community,
        name: new.name.clone(),
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        access: Some(if new.is_private { Access::Private } else { Access::Public }),
        owner: data.get("leader").and_then(|leader| id_at(leader, "member_id")),
        n_members: None,
        created_at: None,
        share_url: address_at(data, "share_url"),
        picture: address_at(data, "dp"),
    })
}

fn group(new: &NewGroup, data: &Value) -> Option<Group> {
    Some(Group {
        id: GroupId::new(id_at(data, "chat_id")?),
        kind: GroupKind::Group,
        name: new.name.clone(),
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        access: None,
        owner: None,
        n_members: None,
        created_at: None,
        share_url: address_at(data, "share_url"),
        picture: address_at(data, "dp"),
    })
}

/// The answer has a yes or no for each field but the tags.
fn edited(batch: &Batch, edit: &GroupEdit, data: &Value) -> Reply {
    let asked = [
        (edit.name.is_some(), "name_updated"),
        (edit.description.is_some(), "description_updated"),
        (edit.picture.is_some(), "dp_updated"),
        (edit.topics.is_some(), "topics_updated"),
        (edit.is_discoverable.is_some(), "settings_updated"),
    ];
    let said: Vec<_> =
        asked.iter().filter(|(is_asked, _)| *is_asked).map(|(_, field)| flag_at(data, field)).collect();
    let outcome = if said.contains(&Some(false)) {
        Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, "row.differs").with_status(200))
    } else if edit.tags.is_none() && !said.is_empty() && said.iter().all(|said| *said == Some(true)) {
        Outcome::Applied
    } else {
        Outcome::Accepted
    };
    let outcomes = batch.items.iter().map(|item| (item.change, outcome.clone()));
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group: None }
}
