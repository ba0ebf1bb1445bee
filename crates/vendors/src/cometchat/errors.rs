//! CometChat's codes. Sources: the pages "Group Members" and "Error Guide". The status is documented for 429
//! only and observed for `AUTH_ERR_APIKEY_NOT_FOUND` and `ERR_BAD_REQUEST`; all others are guesses.

use domain::ErrorClass::{AlreadyDone, Auth, Limit, NotFound, RateLimited, Refused, Server, Unknown};
use domain::Vendor::CometChat;

use crate::catalogue::Entry;

pub(crate) static ENTRIES: &[Entry] = &[
    // The fifteen codes on the page "Group Members", which ties none to a call.
    Entry::code(CometChat, "ERR_GUID_NOT_FOUND", "err_guid_not_found", NotFound)
        .with_status(404)
        .with_class_for(&[("delete_group", AlreadyDone)]),
    Entry::code(CometChat, "ERR_ALREADY_JOINED", "err_already_joined", AlreadyDone).with_status(400),
    Entry::code(CometChat, "ERR_GROUP_NOT_JOINED", "err_group_not_joined", Refused).with_status(400),
    Entry::code(CometChat, "ERR_UID_NOT_FOUND", "err_uid_not_found", NotFound)
        .with_status(404)
        .with_class_for(&[("delete_user", AlreadyDone)]),
    Entry::code(CometChat, "ERR_SAME_SCOPE", "err_same_scope", AlreadyDone).with_status(400),
    Entry::code(CometChat, "ERR_GROUP_JOIN_NOT_ALLOWED", "err_group_join_not_allowed", Refused)
        .with_status(400),
    Entry::code(CometChat, "ERR_NO_VACANCY", "err_no_vacancy", Limit).with_status(400),
    Entry::code(CometChat, "ERR_MEMBER_SCOPE_CHANGE_FAILED", "err_member_scope_change_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_NOT_A_BANNED_USER", "err_not_a_banned_user", AlreadyDone).with_status(400),
    Entry::code(CometChat, "ERR_BANNED_GROUPMEMBER", "err_banned_groupmember", Refused).with_status(400),
    Entry::code(CometChat, "ERR_ALREADY_BANNED", "err_already_banned", AlreadyDone).with_status(400),
    Entry::code(CometChat, "ERR_MEMBER_UNBAN_FAILED", "err_member_unban_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_GROUP_NO_ADMIN_SCOPE", "err_group_no_admin_scope", Refused).with_status(400),
    Entry::code(CometChat, "ERR_GROUP_NO_MODERATOR_SCOPE", "err_group_no_moderator_scope", Refused)
        .with_status(400),
    Entry::code(CometChat, "ERR_GROUP_NO_SCOPE_CLEARANCE", "err_group_no_scope_clearance", Refused)
        .with_status(400),
    // The global error guide ("CometChat, Error Guide").
    Entry::code(CometChat, "ERR_NOT_A_MEMBER", "err_not_a_member", NotFound)
        .with_status(400)
        .with_class_for(&[("kick_member", AlreadyDone)]),
    Entry::code(CometChat, "ERR_MEMBER_DELETE_FAILED", "err_member_delete_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_MEMBER_BAN_FAILED", "err_member_ban_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_GROUP_NO_CLEARANCE", "err_group_no_clearance", Refused).with_status(400),
    Entry::code(CometChat, "ERR_GROUP_NO_SELF_ACTION", "err_group_no_self_action", Refused).with_status(400),
    Entry::code(CometChat, "ERR_EMPTY_GROUP_PASS", "err_empty_group_pass", Refused).with_status(400),
    Entry::code(CometChat, "ERR_WRONG_GROUP_PASS", "err_wrong_group_pass", Refused).with_status(400),
    Entry::code(CometChat, "ERR_GROUP_DELETE_FAILED", "err_group_delete_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_UID_DELETE_FAILED", "err_uid_delete_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_ROLE_NOT_FOUND", "err_role_not_found", NotFound).with_status(404),
    Entry::code(CometChat, "ERR_ROLE_DELETE_FAILED", "err_role_delete_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_ROLE_DELETE_DENIED", "err_role_delete_denied", Refused).with_status(400),
    Entry::code(CometChat, "ERR_BAD_REQUEST", "err_bad_request", Refused).with_status(400),
    Entry::code(CometChat, "ERR_TOO_MANY_REQUESTS", "err_too_many_requests", RateLimited)
        .with_status(429)
        .after_wait(),
    Entry::code(CometChat, "AUTH_ERR_EMPTY_APIKEY", "auth_err_empty_apikey", Auth).with_status(401),
    Entry::code(CometChat, "AUTH_ERR_APIKEY_NOT_FOUND", "auth_err_apikey_not_found", Auth).with_status(401),
    Entry::code(CometChat, "AUTH_ERR_NO_ACCESS", "auth_err_no_access", Auth).with_status(403),
    Entry::code(CometChat, "AUTH_ERR_EMPTY_APPID", "auth_err_empty_appid", Auth).with_status(401),
    Entry::code(CometChat, "AUTH_ERR_INVALID_APPID", "auth_err_invalid_appid", Auth).with_status(401),
    Entry::code(CometChat, "AUTH_ERR_EMPTY_AUTH_TOKEN", "auth_err_empty_auth_token", Auth).with_status(401),
    Entry::code(CometChat, "AUTH_ERR_AUTH_TOKEN_NOT_FOUND", "auth_err_auth_token_not_found", Auth)
        .with_status(401),
    Entry::code(CometChat, "ERR_PLAN_RESTRICTION", "err_plan_restriction", Refused).with_status(400),
    Entry::code(CometChat, "ERR_SUBSCRIPTION_EXPIRED", "err_subscription_expired", Refused).with_status(400),
    Entry::code(CometChat, "ERR_PLAN_QUOTA_RESTRICTION", "err_plan_quota_restriction", Limit)
        .with_status(400),
    Entry::code(CometChat, "ERR_API_NOT_FOUND", "err_api_not_found", NotFound).with_status(404),
    Entry::code(CometChat, "ERR_INVALID_API_VERSION", "err_invalid_api_version", Refused).with_status(400),
    Entry::code(CometChat, "ERR_OPERATION_FAILED", "err_operation_failed", Server)
        .with_status(500)
        .after_wait(),
    Entry::code(CometChat, "ERR_MISSION_FAILED", "err_mission_failed", Server).with_status(500).after_wait(),
    Entry::code(CometChat, "ERR_EXCEPTION", "err_exception", Server).with_status(500).after_wait(),
    Entry::code(CometChat, "ERR_BAD_ERROR_RESPONSE", "err_bad_error_response", Server)
        .with_status(500)
        .after_wait(),
    // On older pages only: "Users", "Roles", "RBAC Overview".
    Entry::code(CometChat, "ERR_UID_ALREADY_EXISTS", "err_uid_already_exists", Refused).with_status(409),
    Entry::code(CometChat, "ERR_INVALID_UID", "err_invalid_uid", Refused).with_status(400),
    Entry::code(CometChat, "ERR_PERMISSION_DENIED", "err_permission_denied", Refused).with_status(403),
    // Handled in much public code, but undocumented.
    Entry::code(CometChat, "ERR_GUID_ALREADY_EXISTS", "err_guid_already_exists", Refused).with_status(409),
    // A status without a code, as from an intermediary; it says nothing about the key.
    Entry::status(CometChat, 403, "status_403", Refused),
    // Muster's own: a person missing from the response, and anything not listed.
    Entry::code(CometChat, "row.missing", "row_missing", Unknown).with_status(200),
    Entry::fallback(CometChat),
];
