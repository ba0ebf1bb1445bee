//! Networked's endpoints, in the order of `contracts/operations.yaml`, and the one of each operation and query.

use domain::{Operation, Query};
use http::Method;

use crate::endpoint::Endpoint;

pub(super) static ADD_USER: Endpoint =
    Endpoint::new("add_user", Method::POST, "/api/v1/admin/community/addExternalUsers");
pub(super) static SEND_INVITES: Endpoint =
    Endpoint::new("send_invites", Method::POST, "/api/v1/admin/community/invites/emails");
pub(super) static LIST_USERS: Endpoint =
    Endpoint::new("list_users", Method::GET, "/api/v1/admin/community/users");
pub(super) static LIST_ROLES: Endpoint =
    Endpoint::new("list_roles", Method::GET, "/api/v1/global/tags/community");
pub(super) static GET_COMMUNITY: Endpoint =
    Endpoint::new("get_community", Method::GET, "/api/v1/community/one/brief");
pub(super) static LIST_PLANS: Endpoint =
    Endpoint::new("list_plans", Method::GET, "/stripe/monetization/plans");

#[cfg(test)]
pub(crate) static ALL: &[&Endpoint] =
    &[&ADD_USER, &SEND_INVITES, &LIST_USERS, &LIST_ROLES, &GET_COMMUNITY, &LIST_PLANS];

/// The endpoint that carries out an operation; `None` if Networked has none.
pub(super) fn of(operation: &Operation) -> Option<&'static Endpoint> {
    Some(match operation {
        Operation::Register { .. } => &ADD_USER,
        Operation::Invite { .. } => &SEND_INVITES,
        Operation::AddToGroup { .. }
        | Operation::AddToCommunity { .. }
        | Operation::MakeModerator { .. }
        | Operation::SetScope { .. }
        | Operation::Kick { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::Unsubscribe { .. }
        | Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::DeleteGroup { .. }
        | Operation::CreateCommunity(_) => return None,
    })
}

/// The endpoint that answers a query; `None` if Networked has none.
pub(super) fn of_query(query: &Query) -> Option<&'static Endpoint> {
    Some(match query {
        Query::People { .. } => &LIST_USERS,
        Query::Roles => &LIST_ROLES,
        Query::Prices => &LIST_PLANS,
        Query::Community => &GET_COMMUNITY,
        Query::Person { .. }
        | Query::Groups { .. }
        | Query::Group { .. }
        | Query::GroupMembers { .. }
        | Query::Banned { .. } => return None,
    })
}
