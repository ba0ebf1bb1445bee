//! CometChat's errors.
//!
//! Written by `cargo xtask errors` from `contracts/errors.yaml`; a test fails when they differ.

use domain::ErrorClass;
use domain::Vendor::CometChat;

use crate::catalogue::ErrorEntry;

#[rustfmt::skip]
pub(crate) static ENTRIES: &[ErrorEntry] = &[
    ErrorEntry::code(CometChat, "ERR_GUID_NOT_FOUND", "err_guid_not_found", ErrorClass::NotFound).with_status(404).with_class_for(&[("delete_group", ErrorClass::AlreadyDone)]),
    ErrorEntry::code(CometChat, "ERR_ALREADY_JOINED", "err_already_joined", ErrorClass::AlreadyDone).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_NOT_JOINED", "err_group_not_joined", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_UID_NOT_FOUND", "err_uid_not_found", ErrorClass::NotFound).with_status(404).with_class_for(&[("delete_user", ErrorClass::AlreadyDone)]),
    ErrorEntry::code(CometChat, "ERR_SAME_SCOPE", "err_same_scope", ErrorClass::AlreadyDone).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_JOIN_NOT_ALLOWED", "err_group_join_not_allowed", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_NO_VACANCY", "err_no_vacancy", ErrorClass::Limit).with_status(400),
    ErrorEntry::code(CometChat, "ERR_MEMBER_SCOPE_CHANGE_FAILED", "err_member_scope_change_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_NOT_A_BANNED_USER", "err_not_a_banned_user", ErrorClass::AlreadyDone).with_status(400),
    ErrorEntry::code(CometChat, "ERR_BANNED_GROUPMEMBER", "err_banned_groupmember", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_ALREADY_BANNED", "err_already_banned", ErrorClass::AlreadyDone).with_status(400),
    ErrorEntry::code(CometChat, "ERR_MEMBER_UNBAN_FAILED", "err_member_unban_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_GROUP_NO_ADMIN_SCOPE", "err_group_no_admin_scope", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_NO_MODERATOR_SCOPE", "err_group_no_moderator_scope", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_NO_SCOPE_CLEARANCE", "err_group_no_scope_clearance", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_NOT_A_MEMBER", "err_not_a_member", ErrorClass::NotFound).with_status(400).with_class_for(&[("kick_member", ErrorClass::AlreadyDone)]),
    ErrorEntry::code(CometChat, "ERR_MEMBER_DELETE_FAILED", "err_member_delete_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_MEMBER_BAN_FAILED", "err_member_ban_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_GROUP_NO_CLEARANCE", "err_group_no_clearance", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_NO_SELF_ACTION", "err_group_no_self_action", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_EMPTY_GROUP_PASS", "err_empty_group_pass", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_WRONG_GROUP_PASS", "err_wrong_group_pass", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_GROUP_DELETE_FAILED", "err_group_delete_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_GUID_ALREADY_EXISTS", "err_guid_already_exists", ErrorClass::Refused).with_status(409),
    ErrorEntry::code(CometChat, "ERR_UID_ALREADY_EXISTS", "err_uid_already_exists", ErrorClass::Refused).with_status(409),
    ErrorEntry::code(CometChat, "ERR_INVALID_UID", "err_invalid_uid", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_UID_DELETE_FAILED", "err_uid_delete_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_ROLE_NOT_FOUND", "err_role_not_found", ErrorClass::NotFound).with_status(404),
    ErrorEntry::code(CometChat, "ERR_ROLE_DELETE_FAILED", "err_role_delete_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_ROLE_DELETE_DENIED", "err_role_delete_denied", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_PERMISSION_DENIED", "err_permission_denied", ErrorClass::Refused).with_status(403),
    ErrorEntry::code(CometChat, "ERR_BAD_REQUEST", "err_bad_request", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_TOO_MANY_REQUESTS", "err_too_many_requests", ErrorClass::RateLimited).with_status(429).after_wait(),
    ErrorEntry::code(CometChat, "AUTH_ERR_EMPTY_APIKEY", "auth_err_empty_apikey", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "AUTH_ERR_APIKEY_NOT_FOUND", "auth_err_apikey_not_found", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "AUTH_ERR_NO_ACCESS", "auth_err_no_access", ErrorClass::Auth).with_status(403),
    ErrorEntry::code(CometChat, "AUTH_ERR_EMPTY_APPID", "auth_err_empty_appid", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "AUTH_ERR_INVALID_APPID", "auth_err_invalid_appid", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "AUTH_ERR_EMPTY_AUTH_TOKEN", "auth_err_empty_auth_token", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "AUTH_ERR_AUTH_TOKEN_NOT_FOUND", "auth_err_auth_token_not_found", ErrorClass::Auth).with_status(401),
    ErrorEntry::code(CometChat, "ERR_PLAN_RESTRICTION", "err_plan_restriction", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_SUBSCRIPTION_EXPIRED", "err_subscription_expired", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_PLAN_QUOTA_RESTRICTION", "err_plan_quota_restriction", ErrorClass::Limit).with_status(400),
    ErrorEntry::code(CometChat, "ERR_API_NOT_FOUND", "err_api_not_found", ErrorClass::NotFound).with_status(404),
    ErrorEntry::code(CometChat, "ERR_INVALID_API_VERSION", "err_invalid_api_version", ErrorClass::Refused).with_status(400),
    ErrorEntry::code(CometChat, "ERR_OPERATION_FAILED", "err_operation_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_MISSION_FAILED", "err_mission_failed", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_EXCEPTION", "err_exception", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::code(CometChat, "ERR_BAD_ERROR_RESPONSE", "err_bad_error_response", ErrorClass::Server).with_status(500).after_wait(),
    ErrorEntry::status(CometChat, 403, "status_403", ErrorClass::Refused),
    ErrorEntry::code(CometChat, "row.missing", "row_missing", ErrorClass::Unknown).with_status(200),
    ErrorEntry::fallback(CometChat),
];
