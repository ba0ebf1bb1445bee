//! Encodes batches and decodes their outcomes.

use std::collections::BTreeMap;

use domain::api_error::ErrorOrigin;
use domain::{
    ApiError, Batch, BatchItem, ConsoleCode, ErrorClass, Flow, Member, Operation, Outcome, PersonKey, Reply,
    Vendor,
};
use http::header;
use serde_json::Value;

use super::{endpoints, wire};
use crate::answer::{self, address_at, id_at, is_reason, items, items_at, name_at, number_at, text_at};
use crate::endpoint::Endpoint;
use crate::{Request, Response, catalogue, path};

/// Encodes a batch.
pub(super) fn encode(batch: &Batch) -> Result<Request, ApiError> {
    let endpoint = endpoints::of(batch.operation()).ok_or_else(catalogue::unsupported)?;
    match batch.operation() {
        Operation::Register { .. } => register(endpoint, batch),
        Operation::Invite { .. } => invite(endpoint, batch),
        _ => Err(catalogue::unsupported()),
    }
}

/// The form for one person. Unset fields are omitted: the page's "may be undefined" would be sent as the text
/// `undefined` (Networked, Add New Users).
fn register(endpoint: &Endpoint, batch: &Batch) -> Result<Request, ApiError> {
    let [BatchItem { person, operation, .. }] = &batch.items[..] else {
        return Err(catalogue::unsupported());
    };
    let (Operation::Register { flow, role, price, password }, PersonKey::Email(address)) =
        (&**operation, &person.key)
    else {
        return Err(catalogue::unsupported());
    };
    let method = match flow {
        Flow::Invite => wire::METHOD_INVITE,
        Flow::Direct => wire::METHOD_DIRECT,
        Flow::SingleTap | Flow::ApproveRequest => return Err(catalogue::unsupported()),
    };
    // The operation of a password on an invite is undocumented, so only a direct add sends one.
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
    Ok(request(endpoint, "application/x-www-form-urlencoded", body))
}

fn invite(endpoint: &Endpoint, batch: &Batch) -> Result<Request, ApiError> {
    let users: Vec<_> = batch.items.iter().filter_map(invitee).collect();
    let Operation::Invite { prices, .. } = batch.operation() else {
        return Err(catalogue::unsupported());
    };
    if users.is_empty() {
        return Err(catalogue::unsupported());
    }
    let plans = prices.iter().map(domain::PriceId::as_str).collect();
    let body = serde_json::to_vec(&wire::SendInvites { users, plans }).expect("a body has text keys only");
    Ok(request(endpoint, "application/json", body))
}

/// `None` for a person without an email address; `invited` rejects that change.
fn invitee(item: &BatchItem) -> Option<wire::Invitee<'_>> {
    let (Operation::Invite { role, note, .. }, PersonKey::Email(address)) =
        (&*item.operation, &item.person.key)
    else {
        return None;
    };
    let note = note.as_deref().filter(|note| !note.trim().is_empty());
    Some(wire::Invitee { name: item.person.label(), role: role.as_str(), email: address.trim(), note })
}

fn request(endpoint: &Endpoint, content_type: &str, body: Vec<u8>) -> Request {
    http::Request::builder()
        .method(endpoint.method.clone())
        .uri(endpoint.path)
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .expect("a constant path and type are well formed")
}

/// Decodes the outcome of each change.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, ApiError> {
    let body = success(response)?;
    match batch.operation() {
        Operation::Register { .. } => Ok(registered(batch, &body)),
        Operation::Invite { .. } => invited(batch, &body).ok_or_else(|| answer::misshapen(response)),
        _ => Err(catalogue::unsupported()),
    }
}

/// The body of a success: `error` is `false`, as on every page of this vendor, and no other field contradicts
/// it. Any other response with status 200 is a refusal if it says so, and otherwise unknown.
pub(super) fn success(response: &Response) -> Result<Value, ApiError> {
    if let Some(error) = answer::http_error(response) {
        return Err(refusal(response, error));
    }
    let body = answer::json(response)?;
    if !body.is_object() {
        return Err(answer::misshapen(response));
    }
    let error = body.get("error").unwrap_or(&Value::Null);
    // A value that is not a boolean is itself the reason.
    let has_failed = is_reason(error);
    let denial = [&body, error].into_iter().find_map(answer::denial);
    // If `data` contradicts the success, what was done is unknown.
    let data = body.get("data").unwrap_or(&Value::Null);
    let is_doubtful = answer::denial(data).is_some() || data.get("error").is_some_and(is_reason);
    match denial {
        None if *error == Value::Bool(false) && !is_doubtful => Ok(body),
        Some(denied) if *error != Value::Bool(false) => Err(refusal(response, of_this(response, denied))),
        None if has_failed => {
            let refused = ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, ConsoleCode::HttpRefused);
            Err(refusal(response, of_this(response, refused)))
        }
        // Neither a success nor a failure, or both.
        _ => Err(with_words(&body, answer::misshapen(response))),
    }
}

/// Adds the status and the `Retry-After` of the response.
fn of_this(response: &Response, mut error: ApiError) -> ApiError {
    error.retry_after_ms = answer::retry_after(response);
    error.with_status(response.status().as_u16())
}

/// The status decides; `message` is only shown to the user.
fn refusal(response: &Response, error: ApiError) -> ApiError {
    let class = catalogue::find(Vendor::Networked, &error.code, error.status).class;
    let error = ApiError { class, ..error };
    match answer::json(response) {
        Ok(body) => with_words(&body, error),
        Err(_) => error,
    }
}

/// Adds the vendor's message to the error.
fn with_words(body: &Value, error: ApiError) -> ApiError {
    let said = |value: &Value| {
        let message = value.get("message").and_then(reason);
        message.or_else(|| value.get("error").and_then(reason))
    };
    let message = said(body).or_else(|| said(body.get("data")?));
    error.with_message(&answer::shortened(&message.unwrap_or_default()))
}

/// One person. An invite is confirmed by its id in `data`; a direct add is answered without `data`, for the
/// call as a whole (Networked, Add New Users).
fn registered(batch: &Batch, body: &Value) -> Reply {
    let data = body.get("data").unwrap_or(&Value::Null);
    let is_empty = match data {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    };
    let invite_id = id_at(data, "inviteId");
    let named = id_at(data, "email");
    let mut reply = Reply::default();
    for item in &batch.items {
        let is_direct = matches!(*item.operation, Operation::Register { flow: Flow::Direct, .. });
        let is_about = named.as_deref().map(|address| is_same_address(address, item.person.key.as_str()));
        let outcome = match (is_about, is_direct, &invite_id) {
            // The response is about another person, so this change stays unknown.
            (Some(false), ..) => continue,
            (None, true, None) if is_empty => Outcome::Accepted,
            (Some(true), true, None) | (Some(true), false, Some(_)) => Outcome::Applied,
            (None, false, Some(_)) => Outcome::Accepted,
            (_, false, None) => Outcome::Unknown(row(ConsoleCode::RowUnconfirmed.as_str(), None)),
            // An invite was sent instead of a direct add, or the response is undocumented.
            (_, true, _) => Outcome::Unknown(row(ConsoleCode::RowDiffers.as_str(), None)),
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

/// Several people. The server skips rows without a usable address: they are in neither list (Networked, Send
/// email invites). `None` if the response has neither list.
fn invited(batch: &Batch, body: &Value) -> Option<Reply> {
    let data = body.get("data")?;
    if ["success", "failure"].iter().all(|list| data.get(*list).and_then(items).is_none()) {
        return None;
    }
    let rows = items_at(data, "success");
    let mut done: BTreeMap<String, bool> = BTreeMap::new();
    for row in &rows {
        let Some(address) = row_address(row) else { continue };
        *done.entry(address).or_insert(true) &= is_invite(row);
    }
    let mut failed: BTreeMap<String, ApiError> = BTreeMap::new();
    for row in items_at(data, "failure") {
        let Some(address) = row_address(row) else { continue };
        let error = row_error(&address, row.get("error").unwrap_or(&Value::Null));
        // If one address failed twice, "already done" must not hide the other reason.
        if failed.get(&address).is_none_or(|first| first.class == ErrorClass::AlreadyDone) {
            failed.insert(address, error);
        }
    }
    let outcomes = batch.items.iter().map(|item| {
        let address = folded(item.person.key.as_str());
        let outcome = match (done.get(&address), failed.get(&address)) {
            _ if invitee(item).is_none() => Outcome::Rejected(catalogue::unsupported()),
            (Some(true), None) => Outcome::Applied,
            (Some(false), None) => Outcome::Unknown(row(ConsoleCode::RowUnconfirmed.as_str(), None)),
            (Some(_), Some(error)) => {
                Outcome::Unknown(row(ConsoleCode::RowDiffers.as_str(), error.message.as_deref()))
            }
            (None, Some(error)) if error.class == ErrorClass::AlreadyDone => {
                Outcome::NoOp(Some(error.clone()))
            }
            (None, Some(error)) => Outcome::Rejected(error.clone()),
            (None, None) => Outcome::Unknown(row("row.skipped", None)),
        };
        (item.change, outcome)
    });
    let members = rows.iter().filter(|row| is_invite(row)).filter_map(|row| invited_member(row));
    Some(Reply { outcomes: outcomes.collect(), members: members.collect(), group: None })
}

/// Whether a row of `success` has the id of its invite and nothing contradicts it.
fn is_invite(row: &Value) -> bool {
    let data = row.get("data").unwrap_or(&Value::Null);
    let is_denied = [row, data]
        .iter()
        .any(|said| answer::denial(said).is_some() || said.get("error").is_some_and(is_reason));
    let differs = match (id_at(row, "email"), id_at(data, "email")) {
        (Some(outer), Some(inner)) => !is_same_address(&outer, &inner),
        _ => false,
    };
    id_at(data, "inviteId").is_some() && !is_denied && !differs
}

fn invited_member(row: &Value) -> Option<Member> {
    let data = row.get("data").unwrap_or(&Value::Null);
    let user = data.get("user").unwrap_or(&Value::Null);
    Some(Member {
        // Which record `userId` names is undocumented for a person who is only invited, so it is dropped.
        name: name_at(user, "name"),
        email: Some(id_at(row, "email").or_else(|| id_at(data, "email"))?),
        created_at: number_at(data, "timeStamp"),
        invite_id: id_at(data, "inviteId"),
        picture: address_at(user, "image"),
        ..Member::default()
    })
}

/// Assumed: a failed row has its address where a successful one has it.
fn row_address(row: &Value) -> Option<String> {
    let address = id_at(row, "email").or_else(|| id_at(row.get("data")?, "email"))?;
    Some(folded(&address))
}

/// The error of a failed row. Reasons are "validation, duplicate, permissions, etc." in undocumented wording
/// (Networked, Send email invites). A reason is recognised only if every word of it is known: an unknown word
/// can reverse the meaning, as in "Not a duplicate, but the plan is full".
fn row_error(address: &str, error: &Value) -> ApiError {
    let said = reasons(error).join(" ").to_lowercase().replace(address, " user ");
    let said: Vec<&str> =
        said.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).collect();
    let code = wire::REASONS.iter().find(|reason| reason.is_said_by(&said)).map(|reason| reason.code);
    row(code.unwrap_or("failure.*"), reason(error).as_deref())
}

/// Every text within the reason of a failed row.
fn reasons(error: &Value) -> Vec<String> {
    match error {
        Value::Null => Vec::new(),
        Value::Object(fields) => fields.values().flat_map(reasons).collect(),
        Value::Array(all) => all.iter().flat_map(reasons).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Bool(_) | Value::Number(_) => vec![error.to_string()],
    }
}

/// The reason as text: a text itself, an object's message or code, or the first item of a list.
fn reason(error: &Value) -> Option<Box<str>> {
    match error {
        Value::Object(_) => text_at(error, "message").or_else(|| text_at(error, "code")),
        Value::Array(reasons) => reasons.first().and_then(answer::text).map(Into::into),
        _ => answer::text(error).map(Into::into),
    }
}

fn row(code: &str, message: Option<&str>) -> ApiError {
    let class = catalogue::find(Vendor::Networked, code, Some(200)).class;
    let error = ApiError::new(class, ErrorOrigin::Vendor, code).with_status(200);
    error.with_message(&answer::shortened(message.unwrap_or_default()))
}

fn is_same_address(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}
