//! Permissions of the acting user, `onBehalfOf` (CometChat contract, section 9).
//! Without one the system acts, which may do anything but demote, remove or ban a group's owner.

use domain::Scope;

use super::state::{Group, State};

type Checked = Result<(), &'static str>;

/// The app-wide role whose users may only read.
pub(super) const GUEST_ROLE: &str = "guest";

/// Checks that the acting user exists and that their app-wide role allows the call.
// Assumed: a CometChat user with role `guest` may only read; the app-wide role is checked before the scope.
pub(super) fn actor<'a>(
    state: &State,
    actor: Option<&'a str>,
    is_read: bool,
) -> Result<Option<&'a str>, &'static str> {
    let Some(uid) = actor else { return Ok(None) };
    match state.user(uid) {
        None => Err("ERR_UID_NOT_FOUND"),
        Some(user) if !is_read && user.fields.role.as_deref() == Some(GUEST_ROLE) => {
            Err("ERR_PERMISSION_DENIED")
        }
        Some(_) => Ok(Some(uid)),
    }
}

/// The acting user's scope in the group; `None` for the system.
fn standing(group: &Group, actor: Option<&str>) -> Result<Option<Scope>, &'static str> {
    match actor {
        None => Ok(None),
        Some(actor) => {
            group.members.get(actor).map(|member| Some(member.scope)).ok_or("ERR_GROUP_NOT_JOINED")
        }
    }
}

/// Checks adding people.
// Assumed: admins and moderators of a CometChat group may add people; only admins may add admins.
pub(super) fn may_add(group: &Group, actor: Option<&str>, adds_admins: bool) -> Checked {
    match standing(group, actor)? {
        Some(Scope::Moderator) if adds_admins => Err("ERR_GROUP_NO_ADMIN_SCOPE"),
        Some(Scope::Participant | Scope::Banned) => Err("ERR_GROUP_NO_MODERATOR_SCOPE"),
        None | Some(Scope::Admin | Scope::Moderator) => Ok(()),
    }
}

/// Checks changing a group's fields: admins and moderators (CometChat, Group members, table of scopes).
pub(super) fn may_update(group: &Group, actor: Option<&str>) -> Checked {
    may_add(group, actor, false)
}

/// Checks deleting a group: admins (CometChat, Group members, table of scopes).
pub(super) fn may_delete(group: &Group, actor: Option<&str>) -> Checked {
    match standing(group, actor)? {
        None | Some(Scope::Admin) => Ok(()),
        Some(_) => Err("ERR_GROUP_NO_ADMIN_SCOPE"),
    }
}

/// Checks changing a member's scope from `old` to `new`.
// Assumed: CometChat owners keep their scope; only they change admins; moderators only promote participants.
pub(super) fn may_change_scope(
    group: &Group,
    actor: Option<&str>,
    uid: &str,
    old: Scope,
    new: Scope,
) -> Checked {
    let standing = standing(group, actor)?;
    if actor == Some(uid) {
        return Err("ERR_GROUP_NO_SELF_ACTION");
    }
    let is_allowed = match standing {
        _ if group.owner == uid => false,
        None => true,
        Some(_) if actor == Some(group.owner.as_str()) => true,
        Some(Scope::Admin) => old != Scope::Admin,
        Some(Scope::Moderator) => (old, new) == (Scope::Participant, Scope::Moderator),
        Some(Scope::Participant | Scope::Banned) => false,
    };
    if is_allowed { Ok(()) } else { Err("ERR_GROUP_NO_SCOPE_CLEARANCE") }
}

/// Checks removing or banning a user; `target` is `None` for a non-member.
// Assumed: CometChat owners stay; admins remove or ban all but admins, and moderators only participants.
pub(super) fn may_remove(group: &Group, actor: Option<&str>, uid: &str, target: Option<Scope>) -> Checked {
    let standing = standing(group, actor)?;
    if actor == Some(uid) {
        return Err("ERR_GROUP_NO_SELF_ACTION");
    }
    let is_allowed = match standing {
        _ if group.owner == uid => false,
        None => true,
        Some(_) if actor == Some(group.owner.as_str()) => true,
        Some(Scope::Admin) => target != Some(Scope::Admin),
        Some(Scope::Moderator) => matches!(target, None | Some(Scope::Participant)),
        Some(Scope::Participant | Scope::Banned) => false,
    };
    if is_allowed { Ok(()) } else { Err("ERR_GROUP_NO_CLEARANCE") }
}

/// Checks lifting a ban.
// Assumed: admins and moderators of a CometChat group may lift a ban.
pub(super) fn may_unban(group: &Group, actor: Option<&str>) -> Checked {
    match standing(group, actor)? {
        None | Some(Scope::Admin | Scope::Moderator) => Ok(()),
        Some(Scope::Participant | Scope::Banned) => Err("ERR_GROUP_NO_CLEARANCE"),
    }
}
