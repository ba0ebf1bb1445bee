//! Requests from batches, and outcomes from answers.

use std::collections::{BTreeMap, BTreeSet};

use domain::api_error::Origin;
use domain::{
    ApiError, Batch, BatchItem, Effect, ErrorClass, Flow, Member, Outcome, PersonKey, Reply, Vendor,
};
use http::{Method, header};
use serde_json::Value;

use super::wire;
use crate::answer::{self, flag, id_at, items, items_at, name_at, number_at, text_at};
use crate::{Request, Response, catalogue, path};

/// The request for a batch.
pub(super) fn encode(batch: &Batch) -> Result<Request, ApiError> {
    match batch.effect() {
        Effect::Register { .. } => register(batch),
        Effect::Invite { .. } => invite(batch),
        Effect::AddToGroup { .. }
        | Effect::AddToCommunity { .. }
        | Effect::MakeModerator { .. }
        | Effect::SetScope { .. }
        | Effect::Kick { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::Unsubscribe { .. }
        | Effect::CreateGroup(_)
        | Effect::EditGroup { .. }
        | Effect::DeleteGroup { .. }
        | Effect::CreateCommunity(_) => Err(catalogue::unsupported()),
    }
}

/// The form for one person. What is not set is left out: the page's "may be undefined" would become the text
/// `undefined` (Networked, Add New Users).
fn register(batch: &Batch) -> Result<Request, ApiError> {
    let [BatchItem { person, effect, .. }] = &batch.items[..] else {
        return Err(catalogue::unsupported());
    };
    let (Effect::Register { flow, role, price, password }, PersonKey::Email(address)) =
        (&**effect, &person.key)
    else {
        return Err(catalogue::unsupported());
    };
    let method = match flow {
        Flow::Invite => wire::METHOD_INVITE,
        Flow::Direct => wire::METHOD_DIRECT,
        Flow::SingleTap | Flow::ApproveRequest => return Err(catalogue::unsupported()),
    };
    // With an invite the password's effect is undocumented, so it never travels with one.
    let password = password.as_ref().filter(|_| *flow == Flow::Direct).map(domain::Secret::expose);
    let price = price.as_ref().map(domain::PriceId::as_str);
    let fields = [
        Some(("email", address.trim())),
        Some(("name", person.label())),
        password.filter(|text| !text.is_empty()).map(|text| ("password", text)),
        Some(("roleId", role.as_str())),
        price.filter(|text| !text.is_empty()).map(|text| ("planId", text)),
        Some(("method", method)),
    ];
    let body = path::form(fields.into_iter().flatten()).into_bytes();
    Ok(request(wire::ADD_USER, "application/x-www-form-urlencoded", body))
}

fn invite(batch: &Batch) -> Result<Request, ApiError> {
    let users: Vec<_> = batch.items.iter().filter_map(invitee).collect();
    let Effect::Invite { prices, .. } = batch.effect() else {
        return Err(catalogue::unsupported());
    };
    if users.is_empty() {
        return Err(catalogue::unsupported());
    }
    let plans = prices.iter().map(domain::PriceId::as_str).collect();
    let body = serde_json::to_vec(&wire::SendInvites { users, plans }).expect("a body has text keys only");
    Ok(request(wire::SEND_INVITES, "application/json", body))
}

/// `None` for somebody without an address, who is refused when the answer is read.
fn invitee(item: &BatchItem) -> Option<wire::Invitee<'_>> {
    let (Effect::Invite { role, note, .. }, PersonKey::Email(address)) = (&*item.effect, &item.person.key)
    else {
        return None;
    };
    let note = note.as_deref().filter(|note| !note.trim().is_empty());
    Some(wire::Invitee { name: item.person.label(), role: role.as_str(), email: address.trim(), note })
}

fn request(path: &str, content_type: &str, body: Vec<u8>) -> Request {
    http::Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .expect("a constant path and type are well formed")
}

/// What an answer says about each change.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, ApiError> {
    let body = success(response)?;
    match batch.effect() {
        Effect::Register { .. } => Ok(registered(batch, &body)),
        Effect::Invite { .. } => invited(batch, &body).ok_or_else(|| answer::misshapen(response)),
        _ => Err(catalogue::unsupported()),
    }
}

/// The body of a success. A failure has a status other than 2xx or `error` set (Networked, Add New Users: `error`
/// shows whether the operation failed; Assumed: that this also comes with status 200).
pub(super) fn success(response: &Response) -> Result<Value, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(refusal(response, error));
    }
    let body = answer::json(response)?;
    let is_ours = body
        .as_object()
        .is_some_and(|fields| ["data", "error", "message"].iter().any(|f| fields.contains_key(*f)));
    if !is_ours {
        return Err(answer::misshapen(response));
    }
    let has_failed = match body.get("error") {
        None | Some(Value::Null) => false,
        // Anything that is neither yes nor no is taken for the reason itself.
        Some(error) => flag(error).unwrap_or(true),
    };
    if has_failed {
        let error = ApiError::new(ErrorClass::Refused, Origin::Vendor, "http.refused");
        return Err(refusal(response, error.with_status(response.status().as_u16())));
    }
    Ok(body)
}

/// The status decides; `message` is for people only.
fn refusal(response: &Response, error: ApiError) -> ApiError {
    let class = catalogue::find(Vendor::Networked, &error.code, error.status).class;
    let error = ApiError { class, ..error };
    let Ok(body) = answer::json(response) else {
        return error;
    };
    let message = text_at(&body, "message").or_else(|| body.get("error").and_then(reason));
    error.with_message(&answer::shortened(&message.unwrap_or_default()))
}

/// One person. With `data` the answer names them; without, it speaks for the whole call.
fn registered(batch: &Batch, body: &Value) -> Reply {
    let data = body.get("data").unwrap_or(&Value::Null);
    let invite_id = id_at(data, "inviteId");
    let named = id_at(data, "email");
    let mut reply = Reply::default();
    for item in &batch.items {
        let outcome = match &named {
            None => Outcome::Accepted,
            Some(address) if is_same_address(address, item.person.key.as_str()) => Outcome::Applied,
            // Another person's answer says nothing about this one.
            Some(_) => continue,
        };
        reply.outcomes.push((item.change, outcome));
        if invite_id.is_some() {
            reply.members.push(Member {
                name: item.person.name.clone(),
                email: Some(named.clone().unwrap_or_else(|| item.person.key.as_str().into())),
                created_at: number_at(data, "timeStamp"),
                invite_id: invite_id.clone(),
                ..Member::default()
            });
        }
    }
    reply
}

/// Many people. Rows without a usable address are passed over by the server and are in neither list
/// (Networked, Send email invites). `None` if the answer has neither list.
fn invited(batch: &Batch, body: &Value) -> Option<Reply> {
    let data = body.get("data")?;
    if ["success", "failure"].iter().all(|list| data.get(*list).and_then(items).is_none()) {
        return None;
    }
    let rows = items_at(data, "success");
    let done: BTreeSet<String> = rows.iter().filter_map(|row| row_address(row)).collect();
    let failed: BTreeMap<String, ApiError> = items_at(data, "failure")
        .iter()
        .filter_map(|row| Some((row_address(row)?, row_error(row.get("error").unwrap_or(&Value::Null)))))
        .collect();
    let outcomes = batch.items.iter().map(|item| {
        let address = folded(item.person.key.as_str());
        let outcome = match (done.contains(&address), failed.get(&address)) {
            _ if invitee(item).is_none() => Outcome::Rejected(catalogue::unsupported()),
            (true, None) => Outcome::Applied,
            (true, Some(error)) => Outcome::Unknown(row("row.differs", error.message.as_deref())),
            (false, Some(error)) if error.class == ErrorClass::AlreadyDone => {
                Outcome::NoOp(Some(error.clone()))
            }
            (false, Some(error)) => Outcome::Rejected(error.clone()),
            (false, None) => Outcome::Unknown(row("row.skipped", None)),
        };
        (item.change, outcome)
    });
    let members = rows.iter().filter_map(|row| invited_member(row));
    Some(Reply { outcomes: outcomes.collect(), members: members.collect(), group: None })
}

fn invited_member(row: &Value) -> Option<Member> {
    let data = row.get("data").unwrap_or(&Value::Null);
    let user = data.get("user").unwrap_or(&Value::Null);
    Some(Member {
        // Which record `userId` names is undocumented for somebody who is only invited, so it is not kept.
        name: name_at(user, "name"),
        email: Some(id_at(row, "email").or_else(|| id_at(data, "email"))?),
        created_at: number_at(data, "timeStamp"),
        invite_id: id_at(data, "inviteId"),
        ..Member::default()
    })
}

/// Assumed: a failed row has its address where a successful one has it.
fn row_address(row: &Value) -> Option<String> {
    let address = id_at(row, "email").or_else(|| id_at(row.get("data")?, "email"))?;
    Some(folded(&address))
}

/// The error of a failed row. Its reasons are "validation, duplicate, permissions, etc." and its wording is
/// undocumented (Networked, Send email invites), so only plain words are taken, the harmless reading last.
fn row_error(error: &Value) -> ApiError {
    let said = [reason(error), text_at(error, "code")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let said = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let code =
        if has(&["permission", "not authorized", "unauthorized", "not allowed", "forbidden", "privilege"]) {
            "failure.permissions"
        } else if has(&["validation", "invalid", "not valid", "required", "malformed"]) {
            "failure.validation"
        } else if has(&[
            "duplicate",
            "already invited",
            "already a member",
            "already exists",
            "already registered",
        ]) {
            "failure.duplicate"
        } else {
            "failure.*"
        };
    row(code, reason(error).as_deref())
}

/// The reason as text: the text itself, or the message or code of an object, or the first reason of a list.
fn reason(error: &Value) -> Option<Box<str>> {
    match error {
        Value::Object(_) => text_at(error, "message").or_else(|| text_at(error, "code")),
        Value::Array(reasons) => reasons.first().and_then(answer::text).map(Into::into),
        _ => answer::text(error).map(Into::into),
    }
}

fn row(code: &str, message: Option<&str>) -> ApiError {
    let class = catalogue::find(Vendor::Networked, code, Some(200)).class;
    let error = ApiError::new(class, Origin::Vendor, code).with_status(200);
    error.with_message(&answer::shortened(message.unwrap_or_default()))
}

fn is_same_address(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}
