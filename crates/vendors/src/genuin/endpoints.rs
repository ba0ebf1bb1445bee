//! Genuin's endpoints, in the order of `contracts/operations.yaml`, and the one of each operation and query.

use domain::Operation;
use http::Method;

use crate::endpoint::Endpoint;

pub(super) static AUTH: Endpoint = Endpoint::new("auth", Method::POST, "/api/thirdparty/auth");
pub(super) static CREATE_COMMUNITY: Endpoint =
    Endpoint::new("create_community", Method::POST, "/api/thirdparty/community/create");
pub(super) static ADD_USERS: Endpoint =
    Endpoint::new("add_users", Method::POST, "/api/thirdparty/community/add_users");
pub(super) static ADD_MODERATORS: Endpoint =
    Endpoint::new("add_moderators", Method::POST, "/api/thirdparty/community/add_moderators");
pub(super) static CREATE_GROUP: Endpoint =
    Endpoint::new("create_group", Method::POST, "/api/thirdparty/group/create");
pub(super) static UPDATE_GROUP: Endpoint =
    Endpoint::new("update_group", Method::PATCH, "/api/thirdparty/update_conversation/{chat_id}");

#[cfg(test)]
pub(crate) static ALL: &[&Endpoint] =
    &[&AUTH, &CREATE_COMMUNITY, &ADD_USERS, &ADD_MODERATORS, &CREATE_GROUP, &UPDATE_GROUP];

/// The endpoint that carries out an operation; `None` if Genuin has none.
pub(super) fn of(operation: &Operation) -> Option<&'static Endpoint> {
    Some(match operation {
        Operation::AddToCommunity { .. } => &ADD_USERS,
        Operation::MakeModerator { .. } => &ADD_MODERATORS,
        Operation::CreateCommunity(_) => &CREATE_COMMUNITY,
        Operation::CreateGroup(_) => &CREATE_GROUP,
        Operation::AddToGroup { .. }
        | Operation::Kick { .. }
        | Operation::Unsubscribe { .. }
        | Operation::EditGroup { .. } => &UPDATE_GROUP,
        Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::SetScope { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::DeleteGroup { .. } => return None,
    })
}
