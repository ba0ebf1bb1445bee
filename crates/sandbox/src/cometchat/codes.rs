//! CometChat's error codes: their wording, their status, and the sentinels that provoke them.

use serde_json::{Value, json};

use super::op::Op;
use crate::{Response, reply::json_reply};

/// A CometChat error code.
#[derive(Debug)]
pub(crate) struct Code {
    /// The vendor's spelling.
    pub(crate) code: &'static str,
    /// The id or key that provokes it.
    pub(crate) sentinel: &'static str,
    /// True if a single person of an add response can have it.
    pub(crate) is_item: bool,
    /// The calls that can return it; empty for all.
    pub(crate) ops: &'static [Op],
    message: &'static str,
}

const fn code(
    code: &'static str,
    sentinel: &'static str,
    is_item: bool,
    ops: &'static [Op],
    message: &'static str,
) -> Code {
    Code { code, sentinel, is_item, ops, message }
}

const ADD: &[Op] = &[Op::AddMembers];
const SCOPE: &[Op] = &[Op::ChangeScope];
const ON_MEMBER: &[Op] = &[Op::ChangeScope, Op::KickMember, Op::BanUser];

/// The codes of the group-members page, the error guide and older pages that the console's calls can return.
#[rustfmt::skip]
pub(crate) const CODES: [Code; 48] = [
    code("ERR_GUID_NOT_FOUND", "guid-not-found", false, &[], "The GUID does not exist."),
    code("ERR_ALREADY_JOINED", "already-joined", true, ADD, "The user has already joined the group."),
    code("ERR_GROUP_NOT_JOINED", "group-not-joined", false, &[], "The acting user has not joined the group."),
    code("ERR_UID_NOT_FOUND", "uid-not-found", true, &[], "The UID does not exist."),
    code("ERR_SAME_SCOPE", "same-scope", false, SCOPE, "The user already has this scope."),
    code("ERR_GROUP_JOIN_NOT_ALLOWED", "group-join-not-allowed", true, ADD, "Joining a private group is not allowed."),
    code("ERR_NO_VACANCY", "no-vacancy", true, ADD, "The group has no vacancy."),
    code("ERR_MEMBER_SCOPE_CHANGE_FAILED", "member-scope-change-failed", false, SCOPE, "The scope could not be changed."),
    code("ERR_NOT_A_BANNED_USER", "not-a-banned-user", false, &[Op::UnbanUser], "The user is not banned."),
    code("ERR_BANNED_GROUPMEMBER", "banned-groupmember", true, ADD, "The user is banned from the group."),
    code("ERR_ALREADY_BANNED", "already-banned", true, &[Op::BanUser, Op::AddMembers], "The user is already banned."),
    code("ERR_MEMBER_UNBAN_FAILED", "member-unban-failed", false, &[Op::UnbanUser], "The user could not be unbanned."),
    code("ERR_GROUP_NO_ADMIN_SCOPE", "group-no-admin-scope", false, &[], "The user does not have admin scope."),
    code("ERR_GROUP_NO_MODERATOR_SCOPE", "group-no-moderator-scope", false, &[], "The user does not have moderator scope."),
    code("ERR_GROUP_NO_SCOPE_CLEARANCE", "group-no-scope-clearance", false, SCOPE, "The user cannot change this scope."),
    code("ERR_NOT_A_MEMBER", "not-a-member", false, ON_MEMBER, "The user is not a member of the group."),
    code("ERR_MEMBER_DELETE_FAILED", "member-delete-failed", false, &[Op::KickMember], "The member could not be removed."),
    code("ERR_MEMBER_BAN_FAILED", "member-ban-failed", true, &[Op::BanUser, Op::AddMembers], "The user could not be banned."),
    code("ERR_GROUP_NO_CLEARANCE", "group-no-clearance", false, ON_MEMBER, "The user may not do this to that member."),
    code("ERR_GROUP_NO_SELF_ACTION", "group-no-self-action", false, ON_MEMBER, "The user may not do this to themselves."),
    code("ERR_EMPTY_GROUP_PASS", "empty-group-pass", false, &[Op::CreateGroup, Op::UpdateGroup], "The group needs a password."),
    code("ERR_WRONG_GROUP_PASS", "wrong-group-pass", false, &[], "The password does not match."),
    code("ERR_GROUP_DELETE_FAILED", "group-delete-failed", false, &[Op::DeleteGroup], "The group could not be deleted."),
    code("ERR_GUID_ALREADY_EXISTS", "guid-already-exists", false, &[Op::CreateGroup], "The GUID already exists."),
    code("ERR_UID_ALREADY_EXISTS", "uid-already-exists", false, &[Op::CreateUser], "The UID already exists."),
    code("ERR_INVALID_UID", "invalid-uid", false, &[Op::CreateUser], "The UID is not valid."),
    code("ERR_UID_DELETE_FAILED", "uid-delete-failed", false, &[Op::DeleteUser], "The user could not be deleted."),
    code("ERR_ROLE_NOT_FOUND", "role-not-found", false, &[Op::CreateUser, Op::UpdateUser], "The role does not exist."),
    code("ERR_PERMISSION_DENIED", "permission-denied", false, &[], "A rule of the role or scope forbids this."),
    code("ERR_BAD_REQUEST", "bad-request", false, &[], "Failed to validate the data sent with the request."),
    code("ERR_TOO_MANY_REQUESTS", "too-many-requests", false, &[], "Too many requests."),
    code("AUTH_ERR_EMPTY_APIKEY", "auth-err-empty-apikey", false, &[], "The API key is missing."),
    code("AUTH_ERR_APIKEY_NOT_FOUND", "auth-err-apikey-not-found", false, &[], "The API key is incorrect."),
    code("AUTH_ERR_NO_ACCESS", "auth-err-no-access", false, &[], "The API key does not have access to this."),
    code("AUTH_ERR_EMPTY_APPID", "auth-err-empty-appid", false, &[], "The app id is missing."),
    code("AUTH_ERR_INVALID_APPID", "auth-err-invalid-appid", false, &[], "The app id does not exist in this region."),
    code("AUTH_ERR_EMPTY_AUTH_TOKEN", "auth-err-empty-auth-token", false, &[], "The auth token is missing."),
    code("AUTH_ERR_AUTH_TOKEN_NOT_FOUND", "auth-err-auth-token-not-found", false, &[], "The auth token is incorrect."),
    code("ERR_PLAN_RESTRICTION", "plan-restriction", false, &[], "The feature is not part of the plan."),
    code("ERR_SUBSCRIPTION_EXPIRED", "subscription-expired", false, &[], "The subscription has expired."),
    code("ERR_PLAN_QUOTA_RESTRICTION", "plan-quota-restriction", true, &[], "A quota of the plan is used up."),
    code("ERR_API_NOT_FOUND", "api-not-found", false, &[], "The API does not exist."),
    code("ERR_INVALID_API_VERSION", "invalid-api-version", false, &[], "The API version is not valid."),
    code("ERR_OPERATION_FAILED", "operation-failed", false, &[], "The operation failed."),
    code("ERR_MISSION_FAILED", "mission-failed", false, &[], "The mission failed."),
    code("ERR_EXCEPTION", "exception", false, &[], "An unexpected error occurred."),
    code("ERR_BAD_ERROR_RESPONSE", "bad-error-response", false, &[], "The error could not be shown."),
    code("ERR_SOMETHING_NEW", "something-new", true, &[], "Something that nobody documented happened."),
];

/// API keys with their own names, in addition to the codes' sentinels.
pub(crate) const KEYS: [(&str, &str); 5] = [
    ("wrong-key", "AUTH_ERR_APIKEY_NOT_FOUND"),
    ("auth-only-key", "AUTH_ERR_NO_ACCESS"),
    ("wrong-region-key", "AUTH_ERR_INVALID_APPID"),
    ("no-privilege-key", "ERR_PERMISSION_DENIED"),
    ("lapsed-key", "ERR_SUBSCRIPTION_EXPIRED"),
];

/// The code of a sentinel, with or without a leading `err-`.
pub(super) fn of_sentinel(text: &str) -> Option<&'static Code> {
    let short = text.strip_prefix("err-").unwrap_or(text);
    CODES.iter().find(|code| code.sentinel == text || code.sentinel == short)
}

/// The HTTP status of a code.
// Assumed: CometChat: `AUTH_*` 401, no access 403, `*_NOT_FOUND` 404, `*_EXISTS` 409, failures 500, else 400.
fn status(code: &str) -> u16 {
    match code {
        "AUTH_ERR_NO_ACCESS" | "ERR_PERMISSION_DENIED" => 403,
        "ERR_TOO_MANY_REQUESTS" => 429,
        "ERR_OPERATION_FAILED" | "ERR_MISSION_FAILED" | "ERR_EXCEPTION" | "ERR_BAD_ERROR_RESPONSE" => 500,
        _ if code.starts_with("AUTH_") => 401,
        _ if code.ends_with("_NOT_FOUND") => 404,
        _ if code.ends_with("_ALREADY_EXISTS") => 409,
        _ if code.ends_with("_FAILED") => 500,
        _ => 400,
    }
}

/// The inner error object, `{code, message}`.
pub(super) fn error(code: &str) -> Value {
    let message =
        CODES.iter().find(|known| known.code == code).map_or("Something failed.", |known| known.message);
    json!({ "code": code, "message": message })
}

/// The response of a failed call (CometChat contract, section 4: seen, not documented).
pub(super) fn failure(code: &str) -> Response {
    json_reply(status(code), &json!({ "error": error(code) }))
}

/// The response to a body that failed validation, with the invalid fields.
pub(super) fn invalid(fields: &[(&str, &str)]) -> Response {
    let details: serde_json::Map<String, Value> =
        fields.iter().map(|(field, why)| ((*field).to_owned(), json!([why]))).collect();
    let mut error = error("ERR_BAD_REQUEST");
    error["details"] = Value::Object(details);
    json_reply(400, &json!({ "error": error }))
}
