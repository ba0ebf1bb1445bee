//! Networked's two ways to add people: one user, and invites to many (Networked contract, sections 3 and 4).

use serde_json::{Value, json};

use super::{
    Event, Networked,
    reply::{refused, success},
    state::fold,
    triggers::{self, Row},
};
use crate::{Response, call::Call, emulator::Context};

impl Networked {
    /// Networked, Add New Users to Community: a form, one person.
    pub(super) fn add_user(
        &mut self,
        call: &Call<'_>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        // Assumed: Networked refuses a JSON body on addExternalUsers, because it finds no field.
        let form = call.form();
        let field = |name: &str| {
            let found = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
            found.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let (Some(email), Some(name), Some(role_id), Some(method)) =
            (field("email"), field("name"), field("roleId"), field("method"))
        else {
            return refused("Required fields are missing", context);
        };
        let plan_id = field("planId");
        // Assumed: Networked refuses a malformed e-mail address and an unknown role, plan or method.
        if !is_usable(&email) {
            return refused("Invalid email address", context);
        }
        match triggers::row(&email) {
            Some(Row::Failure(_, reason)) => return refused(reason, context),
            Some(Row::Skipped) => return refused("Invalid email address", context),
            None => {}
        }
        if !self.state.has_role(&role_id) {
            return refused("Invalid role", context);
        }
        if plan_id.as_ref().is_some_and(|id| !self.state.has_plan(id)) {
            return refused("Invalid plan", context);
        }
        let is_known = self.state.users.contains_key(&fold(&email));
        let is_invited = self.state.invites.contains_key(&fold(&email));
        match method.as_str() {
            // Assumed: Networked refuses a person who is already a member or invited; a switch accepts them.
            _ if is_known && !context.settings.networked.repeated_add_succeeds => {
                refused("User already exists in the community", context)
            }
            "1" if is_invited && !context.settings.networked.repeated_add_succeeds => {
                refused("User is already invited", context)
            }
            "1" => {
                let invite_id = self.state.next_invite_id();
                let data = json!({ "email": email, "inviteId": invite_id, "timeStamp": context.now });
                let plan_ids = plan_id.into_iter().collect();
                let at = context.now;
                self.happen(
                    Event::InviteSent { invite_id, email, name, role_id, plan_ids, note: None, at },
                    events,
                );
                success("Operation completed successfully", &data)
            }
            "2" => {
                if !is_known {
                    let user_id = self.state.next_user_id();
                    self.happen(Event::UserAdded { user_id, email, name, role_id, plan_id }, events);
                }
                // Networked, Add New Users to Community: method 2 answers without `data`.
                crate::reply::json_reply(
                    200,
                    &json!({ "error": false, "message": "Operation completed successfully" }),
                )
            }
            _ => refused("Invalid method", context),
        }
    }

    /// Networked, Send E-mail Invites: JSON, many people; a failed row does not fail the call.
    pub(super) fn send_invites(
        &mut self,
        call: &Call<'_>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(body) = call.json() else { return refused("Malformed request", context) };
        // Assumed: Networked refuses missing `users` and unknown plans as a whole; an empty list succeeds.
        let Some(users) = body.get("users").and_then(Value::as_array) else {
            return refused("users is required", context);
        };
        let plan_ids: Option<Vec<String>> = match body.get("monetizationPlanIds") {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(ids) => ids
                .as_array()
                .and_then(|ids| ids.iter().map(|id| id.as_str().map(str::to_owned)).collect())
                .filter(|ids: &Vec<String>| ids.iter().all(|id| self.state.has_plan(id))),
        };
        let Some(plan_ids) = plan_ids else { return refused("Invalid plan", context) };

        let (mut sent, mut failed) = (Vec::new(), Vec::new());
        for row in users {
            let text =
                |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
            let (email, name, role_id) = (text("email"), text("name"), text("tagId"));
            // Networked, Send E-mail Invites: rows without a usable e-mail are skipped by the server.
            if !is_usable(&email) || triggers::row(&email) == Some(Row::Skipped) {
                continue;
            }
            if let Some((code, reason)) = self.why_not(&email, &name, &role_id) {
                failed.push(failure_row(&email, code, reason, context));
                continue;
            }
            let note = Some(text("note")).filter(|note| !note.is_empty());
            let invite_id = self.state.next_invite_id();
            // Assumed: Networked's `data.user.userId` of an invited person is a record made for the invite.
            sent.push(json!({ "email": email, "data": {
                "inviteId": invite_id, "email": email, "timeStamp": context.now,
                "user": { "userId": invite_id.replacen("0b", "0e", 1), "name": name, "image": "", "location": "",
                          "title": "", "industries": [] },
            } }));
            let (plan_ids, at) = (plan_ids.clone(), context.now);
            self.happen(Event::InviteSent { invite_id, email, name, role_id, plan_ids, note, at }, events);
        }
        success("Operation completed successfully", &json!({ "success": sent, "failure": failed }))
    }

    /// The code and reason of a failing row; Networked names validation, duplicate and permissions.
    fn why_not(&self, email: &str, name: &str, role_id: &str) -> Option<(&'static str, &'static str)> {
        match triggers::row(email) {
            Some(Row::Failure(code, reason)) => return Some((code, reason)),
            Some(Row::Skipped) | None => {}
        }
        // Assumed: the wording of Networked's reasons; the vendor documents only their kinds.
        if name.is_empty() {
            return Some(("VALIDATION", "Validation failed: name is required"));
        }
        if !self.state.has_role(role_id) {
            return Some(("VALIDATION", "Validation failed: invalid role"));
        }
        // Assumed: Networked's duplicates are members and invited people, including repeats in one call.
        if self.state.users.contains_key(&fold(email)) {
            return Some(("DUPLICATE", "Duplicate: user already exists in the community"));
        }
        self.state
            .invites
            .contains_key(&fold(email))
            .then_some(("DUPLICATE", "Duplicate: user is already invited"))
    }
}

fn failure_row(email: &str, code: &str, reason: &str, context: Context<'_>) -> Value {
    // Assumed: a failed row of Networked is `{email, error}` with a string; a switch makes `error` an object.
    let is_object = context.settings.networked.failure_as_object
        || triggers::host(email) == Some(triggers::FAILURE_OBJECT_HOST);
    let error = if is_object { json!({ "code": code, "message": reason }) } else { json!(reason) };
    json!({ "email": email, "error": error })
}

/// True for an address that Networked would send e-mail to.
// Assumed: Networked's usable address has one @, with a name before it and a dotted host after it.
fn is_usable(email: &str) -> bool {
    let Some((name, host)) = email.split_once('@') else { return false };
    !name.is_empty()
        && !host.contains('@')
        && host.split('.').count() > 1
        && host.split('.').all(|label| !label.is_empty())
        && !email.chars().any(char::is_whitespace)
}
