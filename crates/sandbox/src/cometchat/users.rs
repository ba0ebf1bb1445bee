//! CometChat's users and app-wide roles (CometChat contract, section 10).

use domain::order;
use serde_json::{Map, Value, json};

use super::{
    CometChat, Event,
    codes::{failure, invalid},
    fields::{Fields, is_id},
    page::{Cursor, Wanted},
    show,
    state::User,
    triggers,
};
use crate::{Response, call::Call, emulator::Context, reply::json_reply};

type Body = Map<String, Value>;

/// The maximum number of users per deactivate or reactivate call (CometChat, Users, older page).
const MOST: usize = 25;

impl CometChat {
    /// CometChat, List users.
    pub(super) fn list_users(&self, call: &Call<'_>) -> Response {
        let key = call.query("searchKey").map(str::to_lowercase).filter(|key| !key.is_empty());
        let roles: Vec<&str> = [call.query("role"), call.query("roles")]
            .into_iter()
            .flatten()
            .flat_map(|r| r.split(','))
            .collect();
        let tags: Vec<&str> = call.query("tags").map(|tags| tags.split(',').collect()).unwrap_or_default();
        let is = |name: &str| call.query(name) == Some("true");
        let (with_deactivated, only_deactivated) = (is("withDeactivated"), is("onlyDeactivated"));
        let search_in = call.query("searchIn");
        let status = call.query("status");
        let mut rows: Vec<(&String, &User)> = self.state.users.iter().collect();
        rows.retain(|(uid, user)| {
            // CometChat, List users: the search key matches the start of the uid or the name.
            let is_found = key.as_ref().is_none_or(|key| {
                let name = user.fields.name.as_deref().unwrap_or_default().to_lowercase();
                (search_in != Some("uid") && name.starts_with(key))
                    || (search_in != Some("name") && uid.starts_with(key))
            });
            let role = user.fields.role.as_deref().unwrap_or("default");
            let own_tags = user.fields.tags.as_deref().unwrap_or_default();
            is_found
                && (if user.is_deactivated {
                    with_deactivated || only_deactivated
                } else {
                    !only_deactivated
                })
                && (roles.is_empty() || roles.contains(&role))
                && (tags.is_empty() || own_tags.iter().any(|tag| tags.contains(&tag.as_str())))
                && status.is_none_or(|status| show::status(uid) == status)
        });
        // Assumed: CometChat lists users by `createdAt` descending, then by uid.
        order::sort_by(&mut rows, |a, b| b.1.created_at.cmp(&a.1.created_at).then(a.0.cmp(b.0)));
        let row = |(uid, user): &(&String, &User)| Value::Object(show::user(uid, user, is("withTags")));
        Wanted::of(call).reply(&rows, row, Cursor::Top)
    }

    /// CometChat, Get user.
    pub(super) fn get_user(&self, uid: &str) -> Response {
        match self.state.user(uid) {
            Some(user) => json_reply(200, &json!({ "data": show::user(uid, user, true) })),
            None => failure("ERR_UID_NOT_FOUND"),
        }
    }

    /// CometChat, Create user.
    pub(super) fn create_user(
        &mut self,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let mut read = Fields::of(body);
        let uid = read.required("uid", usize::MAX).map(|uid| uid.to_lowercase());
        read.required("name", 100);
        let fields = read.user();
        let (Some(uid), true) = (uid, read.problems.is_empty()) else { return invalid(&read.problems) };
        // CometChat, Users (older page): `ERR_INVALID_UID` for a malformed id.
        if !is_id(&uid) {
            return failure("ERR_INVALID_UID");
        }
        if self.state.users.contains_key(&uid) {
            return failure("ERR_UID_ALREADY_EXISTS");
        }
        if fields.role.as_ref().is_some_and(|role| !self.has_role(role)) {
            return failure("ERR_ROLE_NOT_FOUND");
        }
        self.happen(Event::UserCreated { uid: uid.clone(), fields, at: context.now / 1000 }, events);
        let Some(user) = self.state.users.get(&uid) else { return failure("ERR_EXCEPTION") };
        let mut data = show::user(&uid, user, true);
        if body.get("withAuthToken") == Some(&Value::Bool(true)) {
            data.insert("authToken".into(), json!(format!("{uid}_sandbox")));
        }
        json_reply(200, &json!({ "data": data }))
    }

    /// CometChat, Update user.
    pub(super) fn update_user(
        &mut self,
        uid: &str,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        if self.state.user(uid).is_none() {
            return failure("ERR_UID_NOT_FOUND");
        }
        let mut read = Fields::of(body);
        let fields = read.user();
        let unset = read.unset(&["avatar", "link", "metadata"]);
        if !read.problems.is_empty() {
            return invalid(&read.problems);
        }
        if fields.role.as_ref().is_some_and(|role| !self.has_role(role)) {
            return failure("ERR_ROLE_NOT_FOUND");
        }
        self.happen(Event::UserChanged { uid: uid.into(), fields, unset, at: context.now / 1000 }, events);
        self.get_user(uid)
    }

    /// CometChat, Delete user.
    // Assumed: a deleted CometChat user is gone, whether soft or permanent, and can be created again.
    pub(super) fn delete_user(&mut self, uid: &str, events: &mut Vec<Event>) -> Response {
        if self.state.user(uid).is_none() {
            return failure("ERR_UID_NOT_FOUND");
        }
        self.happen(Event::UserDeleted { uid: uid.into() }, events);
        super::done(&format!("User with {uid} has been deleted."))
    }

    /// CometChat, Deactivate users and Reactivate users; the response lists only the users that changed.
    pub(super) fn set_active(&mut self, body: &Body, is_active: bool, events: &mut Vec<Event>) -> Response {
        let (asked, answered) = match is_active {
            true => ("uidsToActivate", "nonDeactivatedUids"),
            false => ("uidsToDeactivate", "deactivatedUids"),
        };
        let mut read = Fields::of(body);
        let uids = read.list(asked, MOST);
        let Some(uids) = uids.filter(|uids| !uids.is_empty()) else {
            return invalid(&[(asked, "The field must list 1 to 25 user ids.")]);
        };
        let mut done = Vec::new();
        for uid in uids.into_iter().map(|uid| uid.to_lowercase()) {
            // Assumed: CometChat's response leaves out a user who is already in the requested state.
            let is_due = self.state.users.get(&uid).is_some_and(|user| user.is_deactivated == is_active);
            if !is_due || uid == triggers::MISSING || triggers::item(&uid, false).is_some() {
                continue;
            }
            let event = match is_active {
                true => Event::UserReactivated { uid: uid.clone() },
                false => Event::UserDeactivated { uid: uid.clone() },
            };
            self.happen(event, events);
            done.push(uid);
        }
        json_reply(200, &json!({ "data": { answered: done } }))
    }

    /// CometChat, List roles.
    pub(super) fn list_roles(&self, call: &Call<'_>) -> Response {
        let row = |role: &super::state::Role| {
            json!({
                "role": role.role, "name": role.name, "description": role.description, "metadata": {},
                "settings": { "listUsers": "all", "sendMessagesTo": "all" }, "createdAt": role.created_at,
            })
        };
        Wanted::of(call).reply(&self.state.roles, row, Cursor::None)
    }

    fn has_role(&self, role: &str) -> bool {
        self.state.roles.iter().any(|known| known.role == role)
    }
}
