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

/// What a user has or gets; `None` is left out. Answers never bring a token: none is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserFields {
    /// The name, at most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Box<str>>,
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
    /// Anything else, at most 5 KB; what stands under `@private` is hidden from other users. Whether new
    /// metadata replace the old or are merged is undocumented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// At most 25 tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Box<str>>>,
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

/// One call for users of the app.
#[derive(Clone, Copy, Debug)]
pub enum UserCall<'a> {
    /// Creates one. The id has `a-z 0-9 - _`, at most 100; capitals are folded by the server.
    Create(&'a str, &'a UserFields),
    /// Changes one, and empties some fields.
    Update(&'a str, &'a UserFields, &'a [Unset]),
    /// Deletes one.
    Delete(&'a str),
    /// Deletes one with all messages and conversations.
    Erase(&'a str),
    /// Deactivates up to 25.
    Deactivate(&'a [&'a str]),
    /// Brings up to 25 deactivated ones back.
    Reactivate(&'a [&'a str]),
}

/// What an answer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserReply<'a> {
    /// The outcome for each user of the call.
    pub outcomes: Vec<(&'a str, Outcome)>,
    /// The user who was created or changed.
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
    /// The request.
    ///
    /// # Errors
    /// `console.bad_id` for an id that cannot stand in an address, for a new user without id or name, and for
    /// nobody or more than 25 where several fit.
    pub fn encode(&self) -> Result<Request, ApiError> {
        let one = |uid: &str| Ok::<_, ApiError>(format!("/users/{}", segment(uid)?));
        let (method, path, body) = match *self {
            UserCall::Create(uid, fields) => {
                let has_name = fields.name.as_ref().is_some_and(|name| !name.trim().is_empty());
                if uid.trim().is_empty() || !has_name {
                    return Err(bad_id());
                }
                let body = Body { uid: Some(uid), fields: Some(fields), ..Body::default() };
                (Method::POST, "/users".to_owned(), body)
            }
            UserCall::Update(uid, fields, unset) => {
                (Method::PUT, one(uid)?, Body { fields: Some(fields), unset, ..Body::default() })
            }
            UserCall::Delete(uid) => {
                (Method::DELETE, one(uid)?, Body { permanent: Some(false), ..Body::default() })
            }
            UserCall::Erase(uid) => {
                (Method::DELETE, one(uid)?, Body { permanent: Some(true), ..Body::default() })
            }
            UserCall::Deactivate(uids) => {
                let body = Body { uids_to_deactivate: Some(few(uids)?), ..Body::default() };
                (Method::DELETE, "/users".to_owned(), body)
            }
            UserCall::Reactivate(uids) => {
                let body = Body { uids_to_activate: Some(few(uids)?), ..Body::default() };
                (Method::PUT, "/users".to_owned(), body)
            }
        };
        call_with(method, &path, None, &body)
    }

    /// What an answer says of each user of the call: whom it does not name is unknown.
    ///
    /// # Errors
    /// If the call as a whole came to nothing, or the answer cannot be read; deleting a user who is gone
    /// already is an error of class [`AlreadyDone`](ErrorClass::AlreadyDone).
    pub fn decode(&self, response: &Response) -> Result<UserReply<'a>, ApiError> {
        let operation = self.operation();
        let body = envelope(operation, response)?;
        let data = &body["data"];
        match *self {
            UserCall::Create(uid, _) | UserCall::Update(uid, ..) => {
                let user = member(data).ok_or_else(|| misshapen(response))?;
                let outcome = if is_same(&user.id, uid) { Outcome::Applied } else { unknown("row.differs") };
                Ok(UserReply { outcomes: vec![(uid, outcome)], user: Some(user) })
            }
            UserCall::Delete(uid) | UserCall::Erase(uid) => {
                let outcome = match entry_outcome(operation, data, response) {
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

    /// The id of the call in `contracts/operations.yaml`.
    fn operation(&self) -> &'static str {
        match self {
            UserCall::Create(..) => "create_user",
            UserCall::Update(..) => "update_user",
            UserCall::Delete(_) | UserCall::Erase(_) => "delete_user",
            UserCall::Deactivate(_) => "deactivate_users",
            UserCall::Reactivate(_) => "reactivate_users",
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
        let is_named = named.iter().any(|told| is_same(told, uid));
        if is_named { Outcome::Applied } else { unknown("row.missing") }
    };
    UserReply { outcomes: uids.iter().map(|uid| (*uid, outcome(uid))).collect(), user: None }
}

/// Ids are folded to small letters by the server.
fn is_same(told: &str, asked: &str) -> bool {
    told == asked || told == asked.to_lowercase()
}

fn unknown(code: &str) -> Outcome {
    Outcome::Unknown(ApiError::new(ErrorClass::Unknown, Origin::Vendor, code))
}
