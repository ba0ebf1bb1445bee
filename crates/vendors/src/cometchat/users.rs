//! Calls for users of the app: create, update, delete, deactivate, reactivate. No screen needs them; they
//! complete the contract.
//!
//! Source: the pages "Users" with "Create", "Update", "Delete", "Deactivate", "Reactivate".

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConsoleCode, ErrorClass, Member, Outcome};
use serde::Serialize;
use serde_json::{Map, Value};

use super::answers::{entry_outcome, envelope, member};
use super::client::is_same_id;
use super::endpoints;
use super::request::call_with;
use super::wire::MAX_PEOPLE;
use crate::answer::{items_at, misshapen, text};
use crate::endpoint::Endpoint;
use crate::path::bad_id;
use crate::{Request, Response};

/// Fields of a user; `None` is omitted. Responses never carry an auth token, because none is requested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserFields {
    /// The name, at most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Box<str>>,
    /// The URL of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Box<str>>,
    /// The URL of a profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Box<str>>,
    /// An existing app-wide role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Box<str>>,
    /// A status text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<Box<str>>,
    /// Any other data, at most 5 KB; fields under `@private` are hidden from other users. Whether new
    /// metadata replaces the old or is merged is undocumented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// At most 25 tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Box<str>>>,
}

/// A field of a user that can be cleared.
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

/// A call for users of the app.
#[derive(Clone, Copy, Debug)]
pub enum UserCall<'a> {
    /// Creates a user. The id has `a-z 0-9 - _`, at most 100; the server folds it to lower case.
    Create(&'a str, &'a UserFields),
    /// Updates a user and clears some fields.
    Update(&'a str, &'a UserFields, &'a [Unset]),
    /// Deletes a user.
    Delete(&'a str),
    /// Deletes a user with all messages and conversations.
    Erase(&'a str),
    /// Deactivates up to 25 users.
    Deactivate(&'a [&'a str]),
    /// Reactivates up to 25 users.
    Reactivate(&'a [&'a str]),
}

/// A decoded response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserReply<'a> {
    /// The outcome for each user of the call.
    pub outcomes: Vec<(&'a str, Outcome)>,
    /// The created or updated user.
    pub user: Option<Member>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(flatten)]
    fields: Option<&'a UserFields>,
    #[serde(skip_serializing_if = "<[Unset]>::is_empty")]
    unset: &'a [Unset],
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uids_to_deactivate: Option<&'a [&'a str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uids_to_activate: Option<&'a [&'a str]>,
}

impl<'a> UserCall<'a> {
    /// Encodes the call.
    ///
    /// # Errors
    /// `console.bad_id` for an id that cannot be part of an address, for a new user without id or name, and
    /// for no users or more than 25 in a call for several.
    pub fn encode(&self) -> Result<Request, ApiError> {
        let endpoint = self.endpoint();
        let (uid, body) = match *self {
            UserCall::Create(uid, fields) => {
                let has_name = fields.name.as_ref().is_some_and(|name| !name.trim().is_empty());
                if uid.trim().is_empty() || !has_name {
                    return Err(bad_id());
                }
                (None, Body { uid: Some(uid), fields: Some(fields), ..Body::default() })
            }
            UserCall::Update(uid, fields, unset) => {
                (Some(uid), Body { fields: Some(fields), unset, ..Body::default() })
            }
            UserCall::Delete(uid) => (Some(uid), Body { permanent: Some(false), ..Body::default() }),
            UserCall::Erase(uid) => (Some(uid), Body { permanent: Some(true), ..Body::default() }),
            UserCall::Deactivate(uids) => {
                (None, Body { uids_to_deactivate: Some(few(uids)?), ..Body::default() })
            }
            UserCall::Reactivate(uids) => {
                (None, Body { uids_to_activate: Some(few(uids)?), ..Body::default() })
            }
        };
        call_with(endpoint, uid.as_slice(), None, &body)
    }

    /// Decodes the outcome for each user of the call; a user missing from the response is unknown.
    ///
    /// # Errors
    /// If the call as a whole failed, or the response is unreadable. Deleting a user that no longer exists is
    /// an error of class [`AlreadyDone`](ErrorClass::AlreadyDone).
    pub fn decode(&self, response: &Response) -> Result<UserReply<'a>, ApiError> {
        let endpoint = self.endpoint().id;
        let body = envelope(endpoint, response)?;
        let data = &body["data"];
        match *self {
            UserCall::Create(uid, _) | UserCall::Update(uid, ..) => {
                let user = member(data).ok_or_else(|| misshapen(response))?;
                let outcome = if is_same_id(&user.id, uid) {
                    Outcome::Applied
                } else {
                    unknown(ConsoleCode::RowDiffers)
                };
                Ok(UserReply { outcomes: vec![(uid, outcome)], user: Some(user) })
            }
            UserCall::Delete(uid) | UserCall::Erase(uid) => {
                let outcome = match entry_outcome(endpoint, data, response) {
                    Outcome::Applied => Outcome::Accepted,
                    other => other,
                };
                Ok(UserReply { outcomes: vec![(uid, outcome)], user: None })
            }
            UserCall::Deactivate(uids) => Ok(named(uids, data, "deactivatedUids")),
            // Assumed: the answer's `nonDeactivatedUids` are those who are back.
            UserCall::Reactivate(uids) => Ok(named(uids, data, "nonDeactivatedUids")),
        }
    }

    fn endpoint(&self) -> &'static Endpoint {
        match self {
            UserCall::Create(..) => &endpoints::CREATE_USER,
            UserCall::Update(..) => &endpoints::UPDATE_USER,
            UserCall::Delete(_) | UserCall::Erase(_) => &endpoints::DELETE_USER,
            UserCall::Deactivate(_) => &endpoints::DEACTIVATE_USERS,
            UserCall::Reactivate(_) => &endpoints::REACTIVATE_USERS,
        }
    }
}

fn few<'a>(uids: &'a [&'a str]) -> Result<&'a [&'a str], ApiError> {
    let is_fit = (1..=MAX_PEOPLE).contains(&uids.len()) && uids.iter().all(|uid| !uid.trim().is_empty());
    is_fit.then_some(uids).ok_or_else(bad_id)
}

fn named<'a>(uids: &[&'a str], data: &Value, field: &str) -> UserReply<'a> {
    let named: Vec<_> = items_at(data, field).into_iter().filter_map(text).collect();
    let outcome = |uid: &str| {
        let is_named = named.iter().any(|told| is_same_id(told, uid));
        if is_named { Outcome::Applied } else { unknown(ConsoleCode::RowMissing) }
    };
    UserReply { outcomes: uids.iter().map(|uid| (*uid, outcome(uid))).collect(), user: None }
}

fn unknown(code: ConsoleCode) -> Outcome {
    Outcome::Unknown(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Vendor, code))
}
