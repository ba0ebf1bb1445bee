//! CometChat's endpoints, in the order of `contracts/operations.yaml`, and the one of each operation and query.

use domain::{Operation, Query};
use http::Method;

use crate::endpoint::Endpoint;

pub(super) static LIST_GROUPS: Endpoint = Endpoint::new("list_groups", Method::GET, "/groups");
pub(super) static CREATE_GROUP: Endpoint = Endpoint::new("create_group", Method::POST, "/groups");
pub(super) static GET_GROUP: Endpoint = Endpoint::new("get_group", Method::GET, "/groups/{guid}");
pub(super) static UPDATE_GROUP: Endpoint = Endpoint::new("update_group", Method::PUT, "/groups/{guid}");
pub(super) static DELETE_GROUP: Endpoint = Endpoint::new("delete_group", Method::DELETE, "/groups/{guid}");
pub(super) static LIST_MEMBERS: Endpoint =
    Endpoint::new("list_members", Method::GET, "/groups/{guid}/members");
pub(super) static ADD_MEMBERS: Endpoint =
    Endpoint::new("add_members", Method::POST, "/groups/{guid}/members");
pub(super) static CHANGE_SCOPE: Endpoint =
    Endpoint::new("change_scope", Method::PUT, "/groups/{guid}/members/{uid}");
pub(super) static KICK_MEMBER: Endpoint =
    Endpoint::new("kick_member", Method::DELETE, "/groups/{guid}/members/{uid}");
pub(super) static LIST_BANNED: Endpoint =
    Endpoint::new("list_banned", Method::GET, "/groups/{guid}/bannedusers");
pub(super) static BAN_USER: Endpoint =
    Endpoint::new("ban_user", Method::POST, "/groups/{guid}/bannedusers/{uid}");
pub(super) static UNBAN_USER: Endpoint =
    Endpoint::new("unban_user", Method::DELETE, "/groups/{guid}/bannedusers/{uid}");
pub(super) static LIST_USERS: Endpoint = Endpoint::new("list_users", Method::GET, "/users");
pub(super) static GET_USER: Endpoint = Endpoint::new("get_user", Method::GET, "/users/{uid}");
pub(super) static LIST_ROLES: Endpoint = Endpoint::new("list_roles", Method::GET, "/roles");

#[cfg(test)]
pub(crate) static ALL: &[&Endpoint] = &[
    &LIST_GROUPS,
    &CREATE_GROUP,
    &GET_GROUP,
    &UPDATE_GROUP,
    &DELETE_GROUP,
    &LIST_MEMBERS,
    &ADD_MEMBERS,
    &CHANGE_SCOPE,
    &KICK_MEMBER,
    &LIST_BANNED,
    &BAN_USER,
    &UNBAN_USER,
    &LIST_USERS,
    &GET_USER,
    &LIST_ROLES,
];

/// The endpoint that carries out an operation; `None` if CometChat has none.
pub(super) fn of(operation: &Operation) -> Option<&'static Endpoint> {
    Some(match operation {
        Operation::AddToGroup { .. } => &ADD_MEMBERS,
        Operation::SetScope { .. } => &CHANGE_SCOPE,
        Operation::Kick { .. } => &KICK_MEMBER,
        Operation::Ban { .. } => &BAN_USER,
        Operation::Unban { .. } => &UNBAN_USER,
        Operation::CreateGroup(_) => &CREATE_GROUP,
        Operation::EditGroup { .. } => &UPDATE_GROUP,
        Operation::DeleteGroup { .. } => &DELETE_GROUP,
        Operation::AddToCommunity { .. }
        | Operation::MakeModerator { .. }
        | Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::Unsubscribe { .. }
        | Operation::CreateCommunity(_) => return None,
    })
}

/// The endpoint that answers a query; `None` if CometChat has none.
pub(super) fn of_query(query: &Query) -> Option<&'static Endpoint> {
    Some(match query {
        Query::People { .. } => &LIST_USERS,
        Query::Person { .. } => &GET_USER,
        Query::Groups { .. } => &LIST_GROUPS,
        Query::Group { .. } => &GET_GROUP,
        Query::GroupMembers { .. } => &LIST_MEMBERS,
        Query::Banned { .. } => &LIST_BANNED,
        Query::Roles => &LIST_ROLES,
        Query::Community | Query::Prices => return None,
    })
}
