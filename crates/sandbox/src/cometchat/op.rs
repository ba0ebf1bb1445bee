//! CometChat's calls, by method and path.

use crate::call::Call;

/// One of CometChat's twenty calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    ListGroups,
    CreateGroup,
    GetGroup,
    UpdateGroup,
    DeleteGroup,
    ListMembers,
    AddMembers,
    ChangeScope,
    KickMember,
    ListBanned,
    BanUser,
    UnbanUser,
    ListUsers,
    GetUser,
    CreateUser,
    UpdateUser,
    DeleteUser,
    DeactivateUsers,
    ReactivateUsers,
    ListRoles,
}

impl Op {
    /// True for the calls that create, edit, deactivate or delete users of the app.
    pub(super) fn changes_users(self) -> bool {
        matches!(
            self,
            Op::CreateUser | Op::UpdateUser | Op::DeleteUser | Op::DeactivateUsers | Op::ReactivateUsers
        )
    }

    /// The call that a request makes; `None` for an unknown path or method.
    pub(super) fn of(call: &Call<'_>) -> Option<Op> {
        let (method, path) = call.route();
        Some(match (method, path.as_slice()) {
            ("GET", ["groups"]) => Op::ListGroups,
            ("POST", ["groups"]) => Op::CreateGroup,
            ("GET", ["groups", _]) => Op::GetGroup,
            ("PUT", ["groups", _]) => Op::UpdateGroup,
            ("DELETE", ["groups", _]) => Op::DeleteGroup,
            ("GET", ["groups", _, "members"]) => Op::ListMembers,
            ("POST", ["groups", _, "members"]) => Op::AddMembers,
            ("PUT", ["groups", _, "members", _]) => Op::ChangeScope,
            ("DELETE", ["groups", _, "members", _]) => Op::KickMember,
            ("GET", ["groups", _, "bannedusers"]) => Op::ListBanned,
            ("POST", ["groups", _, "bannedusers", _]) => Op::BanUser,
            ("DELETE", ["groups", _, "bannedusers", _]) => Op::UnbanUser,
            ("GET", ["users"]) => Op::ListUsers,
            ("GET", ["users", _]) => Op::GetUser,
            ("POST", ["users"]) => Op::CreateUser,
            ("PUT", ["users", _]) => Op::UpdateUser,
            ("DELETE", ["users", _]) => Op::DeleteUser,
            ("DELETE", ["users"]) => Op::DeactivateUsers,
            ("PUT", ["users"]) => Op::ReactivateUsers,
            ("GET", ["roles"]) => Op::ListRoles,
            _ => return None,
        })
    }

    /// CometChat, Rate Limits: creating users and groups, deleting users, adding and removing members.
    // Assumed: change scope, ban, unban, deactivate and reactivate count as core calls at CometChat.
    pub(super) fn is_core(self) -> bool {
        match self {
            Op::CreateGroup | Op::AddMembers | Op::KickMember | Op::CreateUser | Op::DeleteUser => true,
            Op::ChangeScope | Op::BanUser | Op::UnbanUser | Op::DeactivateUsers | Op::ReactivateUsers => true,
            Op::ListGroups | Op::GetGroup | Op::UpdateGroup | Op::DeleteGroup | Op::ListMembers => false,
            Op::ListBanned | Op::ListUsers | Op::GetUser | Op::UpdateUser | Op::ListRoles => false,
        }
    }

    /// True for calls that only read.
    pub(super) fn is_read(self) -> bool {
        matches!(
            self,
            Op::ListGroups
                | Op::GetGroup
                | Op::ListMembers
                | Op::ListBanned
                | Op::ListUsers
                | Op::GetUser
                | Op::ListRoles
        )
    }

    /// True if the call supports `onBehalfOf` (CometChat, OpenAPI document).
    pub(super) fn takes_actor(self) -> bool {
        matches!(
            self,
            Op::ListGroups
                | Op::CreateGroup
                | Op::GetGroup
                | Op::UpdateGroup
                | Op::DeleteGroup
                | Op::AddMembers
                | Op::ChangeScope
                | Op::KickMember
                | Op::BanUser
                | Op::UnbanUser
                | Op::GetUser
        )
    }
}
