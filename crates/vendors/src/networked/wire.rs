//! Networked's spelling: paths, fields of requests, fields of answers.
//!
//! Sources: "Add New Users to Community", "Send email invites", "Users List", "Roles List", "Plans List",
//! "Community Details".

use serde::Serialize;

pub(super) const ADD_USER: &str = "/api/v1/admin/community/addExternalUsers";
pub(super) const SEND_INVITES: &str = "/api/v1/admin/community/invites/emails";
pub(super) const LIST_USERS: &str = "/api/v1/admin/community/users";
pub(super) const LIST_ROLES: &str = "/api/v1/global/tags/community";
pub(super) const GET_COMMUNITY: &str = "/api/v1/community/one/brief";
/// Without `/api/v1`, unlike all others.
pub(super) const LIST_PLANS: &str = "/stripe/monetization/plans";

pub(super) const KEY_HEADER: &str = "x-api-key";

/// `method` of adding a user: an invite is sent.
pub(super) const METHOD_INVITE: &str = "1";
/// `method` of adding a user: they are in at once, and get their credentials by e-mail.
pub(super) const METHOD_DIRECT: &str = "2";

/// Rows asked for in a page of people. Assumed: the largest size is undocumented and samples ask for 30; the next
/// page begins after the rows that came, so a server that gives fewer does no harm.
pub(super) const USERS_PER_PAGE: &str = "100";

/// Names that the id of a plan may have, best first. Assumed: the answer of the plans list is undocumented.
pub(super) const PLAN_ID_FIELDS: [&str; 3] = ["planId", "_id", "id"];
/// Names that the title of a plan may have, best first. Assumed, as above.
pub(super) const PLAN_NAME_FIELDS: [&str; 2] = ["name", "title"];

/// `type` of a role (Networked, Roles List): 2 and 3 are Contributor and Viewer.
pub(super) const ROLE_ADMIN: u64 = 0;
pub(super) const ROLE_MODERATOR: u64 = 1;

#[derive(Serialize)]
pub(super) struct SendInvites<'a> {
    pub users: Vec<Invitee<'a>>,
    /// One set for the whole call; each person picks among them.
    #[serde(rename = "monetizationPlanIds", skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Invitee<'a> {
    pub name: &'a str,
    /// The id of a role, which is called tag here and `roleId` where a user is added.
    #[serde(rename = "tagId")]
    pub role: &'a str,
    pub email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}
