//! Users of the app themselves: creating, changing, deleting, deactivating. No screen needs these; they
//! complete the contract.
//!
//! Source: the pages "Users" with "Create", "Update", "Delete", "Deactivate", "Reactivate".

use domain::api_error::Origin;
use domain::{ApiError, ErrorClass, Member, Outcome};
use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use super::answers::{entry_outcome, envelope, member};
use super::request::{bad_id, call_with};
use super::wire::MAX_PEOPLE;
use crate::answer::{items_at, misshapen, text};
use crate::path::segment;
use crate::{Request, Response};

/// A user to create; what is empty or `None` is left out. Answers never bring a token: none is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    /// The id: `a-z 0-9 - _`, at most 100; capitals are folded by the server.
    pub uid: Box<str>,
    /// The name, at most 100 characters.
    pub name: Box<str>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Box<str>>,
    /// Address of a profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Box<str>>,
    /// An app-wide role that exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Box<str>>,
    /// A line about how the user is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<Box<str>>,
    /// Anything else, at most 5 KB; what stands under `@private` is hidden from other users.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// At most 25 tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Box<str>>,
}

/// What becomes different in a user; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEdit {
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Box<str>>,
    /// The new picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Box<str>>,
    /// The new profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Box<str>>,
    /// The new app-wide role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Box<str>>,
    /// The new line about how the user is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<Box<str>>,
    /// New metadata. Whether they replace the old or are merged is undocumented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// New tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Box<str>>>,
    /// Fields to empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unset: Vec<Unset>,
}

/// A field of a user that can be emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unset {
    /// The picture.
    Avatar,
    /// The profile.
    Link,
    /// The metadata.
    Metadata,
}

/// The request that creates a user.
///
/// # Errors
/// `console.bad_id` without an id or a name.
pub fn create(new: &NewUser) -> Result<Request, ApiError> {
    if new.uid.trim().is_empty() || new.name.trim().is_empty() {
        return Err(bad_id());
    }
    call_with(Method::POST, "/users", None, new)
}

/// The user in an answer to [`create`].
///
/// # Errors
/// If CometChat refused, or the answer cannot be read.
pub fn decode_created(response: &Response) -> Result<Member, ApiError> {
    user("create_user", response)
}

/// The request that changes a user.
///
/// # Errors
/// `console.bad_id` for an id that cannot stand in an address.
pub fn update(uid: &str, edit: &UserEdit) -> Result<Request, ApiError> {
    call_with(Method::PUT, &format!("/users/{}", segment(uid)?), None, edit)
}

/// The user in an answer to [`update`].
///
/// # Errors
/// If CometChat refused, or the answer cannot be read.
pub fn decode_updated(response: &Response) -> Result<Member, ApiError> {
    user("update_user", response)
}

/// The request that deletes a user; `is_permanent` also erases messages and conversations.
///
/// # Errors
/// `console.bad_id` for an id that cannot stand in an address.
pub fn delete(uid: &str, is_permanent: bool) -> Result<Request, ApiError> {
    #[derive(Serialize)]
    struct Body {
        permanent: bool,
    }
    call_with(Method::DELETE, &format!("/users/{}", segment(uid)?), None, &Body { permanent: is_permanent })
}

/// What an answer to [`delete`] came to.
///
/// # Errors
/// If the call as a whole came to nothing, or the answer cannot be read; a user who is gone already is an
/// error of class [`AlreadyDone`](ErrorClass::AlreadyDone).
pub fn decode_deleted(response: &Response) -> Result<Outcome, ApiError> {
    let body = envelope("delete_user", response)?;
    Ok(match entry_outcome("delete_user", &body["data"]) {
        Outcome::Applied => Outcome::Accepted,
        other => other,
    })
}

/// The request that deactivates up to 25 users.
///
/// # Errors
/// `console.bad_id` for nobody, for more than 25, and for an empty id.
pub fn deactivate(uids: &[&str]) -> Result<Request, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        uids_to_deactivate: &'a [&'a str],
    }
    call_with(Method::DELETE, "/users", None, &Body { uids_to_deactivate: few(uids)? })
}

/// The outcome for each user that was to be deactivated: whom the answer does not name is unknown.
///
/// # Errors
/// If the call as a whole came to nothing, or the answer cannot be read.
pub fn decode_deactivated<'a>(
    uids: &[&'a str],
    response: &Response,
) -> Result<Vec<(&'a str, Outcome)>, ApiError> {
    named("deactivate_users", "deactivatedUids", uids, response)
}

/// The request that brings up to 25 deactivated users back.
///
/// # Errors
/// `console.bad_id` for nobody, for more than 25, and for an empty id.
pub fn reactivate(uids: &[&str]) -> Result<Request, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        uids_to_activate: &'a [&'a str],
    }
    call_with(Method::PUT, "/users", None, &Body { uids_to_activate: few(uids)? })
}

/// The outcome for each user that was to come back: whom the answer does not name is unknown. Assumed: the
/// answer's `nonDeactivatedUids` are those who are back.
///
/// # Errors
/// If the call as a whole came to nothing, or the answer cannot be read.
pub fn decode_reactivated<'a>(
    uids: &[&'a str],
    response: &Response,
) -> Result<Vec<(&'a str, Outcome)>, ApiError> {
    named("reactivate_users", "nonDeactivatedUids", uids, response)
}

fn user(operation: &str, response: &Response) -> Result<Member, ApiError> {
    let body = envelope(operation, response)?;
    member(&body["data"]).ok_or_else(|| misshapen(response))
}

fn few<'a>(uids: &'a [&'a str]) -> Result<&'a [&'a str], ApiError> {
    let is_fit = (1..=MAX_PEOPLE).contains(&uids.len()) && uids.iter().all(|uid| !uid.trim().is_empty());
    is_fit.then_some(uids).ok_or_else(bad_id)
}

fn named<'a>(
    operation: &str,
    field: &str,
    uids: &[&'a str],
    response: &Response,
) -> Result<Vec<(&'a str, Outcome)>, ApiError> {
    let body = envelope(operation, response)?;
    let named: Vec<_> = items_at(&body["data"], field).into_iter().filter_map(text).collect();
    let outcome = |uid: &str| {
        if named.iter().any(|told| *told == uid || *told == uid.to_lowercase()) {
            Outcome::Applied
        } else {
            Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, "row.missing"))
        }
    };
    Ok(uids.iter().map(|uid| (*uid, outcome(uid))).collect())
}
