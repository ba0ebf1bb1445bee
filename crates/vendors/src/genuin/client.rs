//! Requests from batches, and outcomes from answers.

use std::borrow::Cow;

use domain::api_error::Origin;
use domain::group::Access;
use domain::{
    ApiError, Batch, BatchItem, Effect, ErrorClass, Flow, Group, GroupEdit, GroupKind, Member, NewCommunity,
    NewGroup, Outcome, PersonKey, Reply, Scope, Secret, Vendor,
};
use http::{Method, header};
use serde::Serialize;
use serde_json::Value;

use super::wire;
use crate::answer::{self, flag_at, items_at, number, number_at, text_at};
use crate::{Request, Response, catalogue, path};

/// The request for a batch.
pub(super) fn encode(batch: &Batch) -> Result<Request, ApiError> {
    match batch.effect() {
        Effect::AddToCommunity { community, flow, is_onboarding } => {
            let body = wire::AddUsers {
                communities: vec![community.as_str()],
                users: users(batch)?,
                onboarding_communities: is_onboarding.then_some(true),
                single_tap_join: (*flow == Flow::SingleTap).then_some(true),
                invite_members: (*flow == Flow::Invite).then_some(true),
                join_request_approved: (*flow == Flow::ApproveRequest).then_some(true),
            };
            Ok(request(Method::POST, wire::ADD_USERS, &body))
        }
        Effect::MakeModerator { community } => {
            let body = wire::AddModerators { community_id: community.as_str(), users: users(batch)? };
            Ok(request(Method::POST, wire::ADD_MODERATORS, &body))
        }
        Effect::CreateCommunity(new) => create_community(new),
        Effect::CreateGroup(new) => create_group(new),
        Effect::AddToGroup { group, scope: Scope::Participant } => {
            update(group.as_str(), &wire::UpdateGroup { members_added: users(batch)?, ..Default::default() })
        }
        Effect::Kick { group } => {
            update(group.as_str(), &wire::UpdateGroup { members_removed: ids(batch)?, ..Default::default() })
        }
        Effect::Unsubscribe { group } => update(
            group.as_str(),
            &wire::UpdateGroup { subscribers_removed: ids(batch)?, ..Default::default() },
        ),
        Effect::EditGroup { group, edit } => edit_group(group.as_str(), edit),
        Effect::AddToGroup { .. }
        | Effect::Register { .. }
        | Effect::Invite { .. }
        | Effect::SetScope { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::DeleteGroup { .. } => Err(catalogue::unsupported()),
    }
}

fn create_community(new: &NewCommunity) -> Result<Request, ApiError> {
    // Only ids are documented here, unlike in the creation of a group.
    let users = new.members.iter().map(|key| wire::User::of(key).filter(|user| user.id().is_some()));
    let body = wire::CreateCommunity {
        handle: &new.handle,
        name: &new.name,
        r#type: wire::community_type(new.is_private),
        actions: wire::COMMUNITY_ACTIONS,
        description: &new.description,
        tags: &new.tags,
        users: users.collect::<Option<_>>().ok_or_else(catalogue::unsupported)?,
    };
    Ok(request(Method::POST, wire::CREATE_COMMUNITY, &body))
}

fn create_group(new: &NewGroup) -> Result<Request, ApiError> {
    let community =
        new.community.as_ref().filter(|_| new.owner.is_none()).ok_or_else(catalogue::unsupported)?;
    let members = new.members.iter().map(|(key, scope)| {
        // Members of a group have no scopes that could be chosen.
        wire::User::of(key).filter(|_| *scope == Scope::Participant)
    });
    let group = wire::NewGroup {
        name: &new.name,
        description: &new.description,
        tags: &new.tags,
        members: members.collect::<Option<_>>().ok_or_else(catalogue::unsupported)?,
    };
    let settings = new.is_discoverable.map(|discoverable| wire::Settings { discoverable });
    let body = wire::CreateGroup::new(community.as_str(), new.id.as_str(), group, settings);
    Ok(request(Method::POST, wire::CREATE_GROUP, &body))
}

fn edit_group(group: &str, edit: &GroupEdit) -> Result<Request, ApiError> {
    if edit.access.is_some() || edit.owner.is_some() {
        return Err(catalogue::unsupported());
    }
    let body = wire::UpdateGroup {
        name: edit.name.as_deref(),
        description: edit.description.as_deref(),
        tags: edit.tags.as_deref(),
        settings: edit.is_discoverable.map(|discoverable| wire::Settings { discoverable }),
        ..Default::default()
    };
    update(group, &body)
}

fn update(group: &str, body: &wire::UpdateGroup<'_>) -> Result<Request, ApiError> {
    let path = format!("{}{}", wire::UPDATE_GROUP, path::segment(group)?);
    Ok(request(Method::PATCH, &path, body))
}

/// The people whom Genuin can be told of. The others are refused when the answer is read.
fn users(batch: &Batch) -> Result<Vec<wire::User<'_>>, ApiError> {
    let users: Vec<_> = batch.items.iter().filter_map(|item| wire::User::of(&item.person.key)).collect();
    if users.is_empty() { Err(catalogue::unsupported()) } else { Ok(users) }
}

fn ids(batch: &Batch) -> Result<Vec<&str>, ApiError> {
    let ids: Vec<_> = users(batch)?.into_iter().filter_map(wire::User::id).collect();
    if ids.is_empty() { Err(catalogue::unsupported()) } else { Ok(ids) }
}

/// The request for a token.
pub(super) fn sign_in(key: &Secret, secret: &Secret) -> Request {
    request(Method::POST, wire::AUTH, &wire::Auth { api_key: key.expose(), api_secret: secret.expose() })
}

fn request(method: Method, path: &str, body: &impl Serialize) -> Request {
    http::Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(body).expect("a body has text keys only"))
        .expect("a path is a constant and at most one encoded segment of limited length")
}

/// What an answer says about each change. Assumed: only who is named in the lists counts as done, because no
/// page says how somebody who was not added is reported.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, ApiError> {
    let data = data(response, operation(batch.effect()))?;
    match batch.effect() {
        Effect::AddToCommunity { .. } => Ok(named(batch, &data, "members_added", |_| Outcome::Applied)),
        Effect::MakeModerator { .. } => Ok(named(batch, &data, "moderators_added", as_moderator)),
        Effect::AddToGroup { .. } => Ok(named(batch, &data, "members_added", |_| Outcome::Applied)),
        Effect::Kick { .. } => Ok(removed(batch, &data, "members_removed")),
        Effect::Unsubscribe { .. } => Ok(removed(batch, &data, "subscribers_removed")),
        Effect::CreateCommunity(new) => Ok(created(batch, community(new, &data))),
        Effect::CreateGroup(new) => Ok(created(batch, group(new, &data))),
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
fn data(response: &Response, operation: &str) -> Result<Value, ApiError> {
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
fn refusal(response: &Response, mut error: ApiError, operation: &str) -> ApiError {
    let Ok(body) = answer::json(response) else {
        return error;
    };
    if let Some(message) = text_at(&body, "message") {
        error = error.with_message(answer::shortened(unwrapped(&message)));
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
fn named(batch: &Batch, data: &Value, list: &str, outcome: fn(&Value) -> Outcome) -> Reply {
    let rows = items_at(data, list);
    let outcomes = batch.items.iter().filter_map(|item| {
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
fn row_id(row: &Value) -> Option<Cow<'_, str>> {
    answer::text(row)
        .or_else(|| ["member_id", "user_id"].iter().find_map(|field| row.get(field).and_then(answer::text)))
}

fn row_phone(row: &Value) -> Option<Box<str>> {
    let found = digits(&text_at(row, "phone").or_else(|| text_at(row, "phone_number"))?);
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
    let name = text_at(row, "name").or_else(|| text_at(row, "nickname"));
    Some(Member { id: id.into(), name, phone, ..Member::default() })
}

/// The one change of a batch that creates something; named if the answer gives the new id.
fn created(batch: &Batch, group: Option<Group>) -> Reply {
    let outcome = if group.is_some() { Outcome::Applied } else { Outcome::Accepted };
    let outcomes = batch.items.iter().map(|item| (item.change, outcome.clone()));
    Reply { outcomes: outcomes.collect(), members: Vec::new(), group }
}

fn community(new: &NewCommunity, data: &Value) -> Option<Group> {
    Some(Group {
        id: domain::GroupId::new(text_at(data, "community_id")?),
        kind: GroupKind::Community,
        name: new.name.clone(),
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        access: Some(if new.is_private { Access::Private } else { Access::Public }),
        owner: data.get("leader").and_then(|leader| text_at(leader, "member_id")),
        n_members: None,
        created_at: None,
        share_url: text_at(data, "share_url"),
    })
}

fn group(new: &NewGroup, data: &Value) -> Option<Group> {
    Some(Group {
        id: domain::GroupId::new(text_at(data, "chat_id")?),
        kind: GroupKind::Group,
        name: new.name.clone(),
        description: (!new.description.is_empty()).then(|| new.description.clone()),
        access: None,
        owner: None,
        n_members: None,
        created_at: None,
        share_url: text_at(data, "share_url"),
    })
}

/// The answer has a yes or no for each field but the tags.
fn edited(batch: &Batch, edit: &GroupEdit, data: &Value) -> Reply {
    let asked = [
        (edit.name.is_some(), "name_updated"),
        (edit.description.is_some(), "description_updated"),
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

/// The token of an answer to [`sign_in`]: from the header, else from the body.
pub(super) fn decode_sign_in(response: &Response) -> Result<Secret, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(refusal(response, error, "auth"));
    }
    if let Some(token) = answer::header(response, wire::TOKEN_HEADER).and_then(token) {
        return Ok(token);
    }
    let data = data(response, "auth")?;
    wire::TOKEN_FIELDS.iter().find_map(|field| token(&text_at(&data, field)?)).ok_or_else(|| {
        ApiError::new(ErrorClass::Auth, Origin::Vendor, "auth.no_token")
            .with_status(response.status().as_u16())
    })
}

fn token(text: &str) -> Option<Secret> {
    Secret::parse_key(text.strip_prefix("Bearer ").unwrap_or(text)).ok()
}

/// 401 is documented for one call and likely for all; 412 with 5166 stands for many things, an old token among
/// them (Genuin, "Add or manage group members"; Assumed: for the other calls).
pub(super) fn is_token_expired(response: &Response) -> bool {
    match response.status().as_u16() {
        401 => true,
        412 => answer::json(response).is_ok_and(|body| text_at(&body, "code").as_deref() == Some("5166")),
        _ => false,
    }
}
