//! The JSON of CometChat's users, members and groups.

use serde_json::{Map, Value, json};

use super::state::{Ban, Group, Membership, State, User};

fn put<T: serde::Serialize>(fields: &mut Map<String, Value>, name: &str, value: Option<T>) {
    // CometChat's samples omit unset fields.
    if let Some(value) = value {
        fields.insert(name.into(), json!(value));
    }
}

/// The built-in actor of calls without `onBehalfOf` (CometChat, Add members, example).
pub(super) fn system() -> Value {
    json!({ "uid": "app_system", "name": "System", "role": "default", "status": "offline", "createdAt": 1_700_000_000_u64 })
}

/// A user (CometChat, Users).
pub(super) fn user(uid: &str, user: &User, with_tags: bool) -> Map<String, Value> {
    let mut fields = Map::new();
    put(&mut fields, "uid", Some(uid));
    put(&mut fields, "name", user.fields.name.as_ref());
    put(&mut fields, "avatar", user.fields.avatar.as_ref());
    put(&mut fields, "link", user.fields.link.as_ref());
    put(&mut fields, "metadata", user.fields.metadata.as_ref());
    put(&mut fields, "status", Some(status(uid)));
    put(&mut fields, "role", Some(user.fields.role.as_deref().unwrap_or("default")));
    put(&mut fields, "statusMessage", user.fields.status_message.as_ref());
    if with_tags {
        put(&mut fields, "tags", user.fields.tags.as_ref());
    }
    put(&mut fields, "createdAt", Some(user.created_at));
    put(&mut fields, "updatedAt", user.updated_at);
    fields
}

/// A user's presence. Derived from the uid and constant, because users do not sign in to the sandbox.
pub(super) fn status(uid: &str) -> &'static str {
    if crate::digest::digest(uid).is_multiple_of(9) { "available" } else { "offline" }
}

/// A member: the user's fields, scope and join time (CometChat, List members).
pub(super) fn member(uid: &str, who: &User, membership: Membership) -> Value {
    let mut fields = user(uid, who, false);
    put(&mut fields, "scope", Some(membership.scope));
    put(&mut fields, "joinedAt", Some(membership.joined_at));
    Value::Object(fields)
}

/// A banned user.
// Assumed: CometChat's banned list carries `scope` (before the ban) and `bannedAt`, as its overview says.
pub(super) fn banned(uid: &str, who: &User, ban: Ban) -> Value {
    let mut fields = user(uid, who, false);
    put(&mut fields, "scope", ban.membership.map(|before| before.scope));
    put(&mut fields, "bannedAt", Some(ban.banned_at));
    Value::Object(fields)
}

/// A group, with the acting user's membership if there is one, and never with its password.
pub(super) fn group(guid: &str, group: &Group, actor: Option<&str>, with_tags: bool) -> Map<String, Value> {
    let mut fields = Map::new();
    put(&mut fields, "guid", Some(guid));
    put(&mut fields, "name", group.fields.name.as_ref());
    put(&mut fields, "type", Some(group.fields.kind.as_deref().unwrap_or("public")));
    put(&mut fields, "membersCount", Some(group.members.len()));
    put(&mut fields, "conversationId", Some(format!("group_{guid}")));
    put(&mut fields, "createdAt", Some(group.created_at));
    put(&mut fields, "updatedAt", group.updated_at);
    put(&mut fields, "owner", Some(&group.owner));
    put(&mut fields, "icon", group.fields.icon.as_ref());
    put(&mut fields, "description", group.fields.description.as_ref());
    put(&mut fields, "metadata", group.fields.metadata.as_ref());
    if with_tags {
        put(&mut fields, "tags", group.fields.tags.as_ref());
    }
    // Assumed: `scope`, `joinedAt` and `hasJoined` of a CometChat group describe the acting user.
    if let Some(membership) = actor.and_then(|actor| group.members.get(actor)) {
        put(&mut fields, "scope", Some(membership.scope));
        put(&mut fields, "joinedAt", Some(membership.joined_at));
        put(&mut fields, "hasJoined", Some(true));
    }
    fields
}

/// The action message for an added member (CometChat, Add members, example).
pub(super) fn added(state: &State, guid: &str, uid: &str, actor: Option<&str>, at: u64) -> Value {
    let entity =
        |uid: &str| state.users.get(uid).map_or_else(system, |found| Value::Object(user(uid, found, false)));
    let by = actor.map_or_else(system, entity);
    let place = state.groups.get(guid).map(|found| Value::Object(group(guid, found, None, false)));
    json!({
        "id": (31 + state.n_messages).to_string(), "conversationId": format!("group_{guid}"),
        "sender": actor.unwrap_or("app_system"), "receiverType": "group", "receiver": guid,
        "category": "action", "type": "groupMember",
        "data": { "action": "added", "entities": {
            "by": { "entity": by, "entityType": "user" },
            "on": { "entity": entity(uid), "entityType": "user" },
            "for": { "entity": place, "entityType": "group" },
        } },
        "sentAt": at, "updatedAt": at,
    })
}
