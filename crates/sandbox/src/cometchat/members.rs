//! CometChat's group members (CometChat contract, section 7).

use domain::{Scope, order};
use serde_json::{Map, Value, json};

use super::{
    CometChat, Event, clearance,
    codes::{self, failure, invalid},
    page::{Cursor, Wanted},
    show,
    state::{Membership, User},
    triggers::{self, ARRAYS},
};
use super::{EmptyScopes, FailedEntry};
use crate::{Response, call::Call, emulator::Context, reply::json_reply, table::Ids};

/// The maximum number of people in an add call, over all four arrays (CometChat, Add members).
const MOST: usize = 25;

/// The people of the four arrays, in the order of [`ARRAYS`].
pub(super) type People = [Vec<String>; 4];

/// Reads the four arrays; `None` if they are malformed or have too many people.
// Assumed: CometChat refuses a call with more than 25 people as a whole with 400 `ERR_BAD_REQUEST`.
pub(super) fn read_arrays(body: &Value) -> Option<People> {
    let body = body.as_object()?;
    let mut people = People::default();
    for (list, name) in people.iter_mut().zip(ARRAYS) {
        match body.get(name) {
            None | Some(Value::Null) => {}
            Some(value) => {
                *list = value
                    .as_array()?
                    .iter()
                    .map(|uid| uid.as_str().map(str::to_lowercase))
                    .collect::<Option<_>>()?;
            }
        }
    }
    (people.iter().map(Vec::len).sum::<usize>() <= MOST).then_some(people)
}

impl CometChat {
    /// CometChat, List members.
    pub(super) fn list_members(&self, guid: &str, call: &Call<'_>, context: Context<'_>) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        let scopes: Vec<Scope> = call
            .query("scopes")
            .map(|scopes| scopes.split(',').filter_map(|scope| Scope::from_slug(scope.trim())).collect())
            .unwrap_or_default();
        let status = call.query("status");
        let mut rows: Vec<(&String, &User, Membership)> = Vec::with_capacity(group.members.len());
        // Assumed: banned CometChat members stay listed with scope (vendor's iOS tests); a switch hides them.
        let banned = group.banned.iter().filter(|_| !context.settings.cometchat.bans_hold);
        let banned = banned.filter_map(|(uid, ban)| Some((uid, ban.membership?)));
        for (uid, membership) in group.members.iter().map(|(uid, it)| (uid, *it)).chain(banned) {
            let is_wanted = (scopes.is_empty() || scopes.contains(&membership.scope))
                && status.is_none_or(|status| show::status(uid) == status);
            // Assumed: CometChat's member list leaves deactivated users out.
            if is_wanted && let Some(user) = self.state.user(uid) {
                rows.push((uid, user, membership));
            }
        }
        // Assumed: CometChat lists members by `joinedAt` descending, then by uid.
        order::sort_by(&mut rows, |a, b| b.2.joined_at.cmp(&a.2.joined_at).then(a.0.cmp(b.0)));
        Wanted::of(call).reply(
            &rows,
            |(uid, user, membership)| show::member(uid, user, *membership),
            Cursor::Top,
        )
    }

    /// CometChat, Add members: the outcome is per person.
    pub(super) fn add_members(
        &mut self,
        guid: &str,
        body: &Map<String, Value>,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        let Some(people) = read_arrays(&Value::Object(body.clone())) else {
            return invalid(&[("members", "At most 25 user ids in arrays of strings.")]);
        };
        if let Err(code) = clearance::may_add(group, actor, !people[0].is_empty()) {
            return failure(code);
        }
        let outcome = self.add_each(guid, people, None, actor, context, events);
        // CometChat, Add members (older page): the outcome is under `members`; a switch selects this.
        let data = if context.settings.cometchat.wrapped_in_members {
            json!({ "members": outcome })
        } else {
            outcome
        };
        json_reply(200, &json!({ "data": data }))
    }

    /// Adds and bans people one by one. A user in several arrays is processed once, with the highest scope,
    /// and an add takes precedence over a ban (CometChat, Add members). `owner` is already a member and
    /// counts as added.
    pub(super) fn add_each(
        &mut self,
        guid: &str,
        people: People,
        owner: Option<&str>,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Value {
        let mut outcome = Map::new();
        let mut seen = Ids::new();
        for ((name, uids), scope) in ARRAYS.into_iter().zip(people).zip(Scope::ALL) {
            let mut entries = Map::new();
            for uid in uids {
                if uid == triggers::MISSING || seen.insert(uid.clone(), ()).is_some() {
                    continue;
                }
                let done = match scope {
                    _ if owner == Some(&uid) => Ok(json!({ "success": true })),
                    // CometChat, Add members, example: a successful ban contains only `success`.
                    Scope::Banned => self.ban(guid, &uid, actor, context, events).map(|()| json!({ "success": true })),
                    _ => self.add(guid, &uid, scope, context, events).map(|at| {
                        json!({ "success": true, "data": show::added(&self.state, guid, &uid, actor, at) })
                    }),
                };
                entries.insert(uid, done.unwrap_or_else(|code| failed(code, context)));
            }
            let is_empty = entries.is_empty();
            // Assumed: CometChat's add response has `{}` for an empty scope; switches give `[]` or omit it.
            match context.settings.cometchat.empty_scopes {
                EmptyScopes::Array if is_empty => outcome.insert(name.into(), json!([])),
                EmptyScopes::Absent if is_empty => None,
                _ => outcome.insert(name.into(), Value::Object(entries)),
            };
        }
        Value::Object(outcome)
    }

    fn add(
        &mut self,
        guid: &str,
        uid: &str,
        scope: Scope,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Result<u64, &'static str> {
        if let Some(code) = triggers::item(uid, false) {
            if let Some(found) = triggers::joined_before(uid, scope) {
                self.join_before(guid, uid, found, context, events);
            }
            return Err(code);
        }
        let group = self.state.groups.get(guid).ok_or("ERR_GUID_NOT_FOUND")?;
        self.state.user(uid).ok_or("ERR_UID_NOT_FOUND")?;
        // Assumed: adding an existing CometChat member answers `ERR_ALREADY_JOINED` and keeps their scope.
        if group.members.contains_key(uid) {
            return Err("ERR_ALREADY_JOINED");
        }
        // Assumed: CometChat adds lift bans (vendor's iOS tests); a switch answers `ERR_BANNED_GROUPMEMBER`.
        let is_banned = group.banned.contains_key(uid);
        if is_banned && context.settings.cometchat.bans_hold {
            return Err("ERR_BANNED_GROUPMEMBER");
        }
        if group.members.len() >= group.capacity {
            return Err("ERR_NO_VACANCY");
        }
        if is_banned {
            self.happen(Event::UserUnbanned { guid: guid.into(), uid: uid.into() }, events);
        }
        let at = context.now / 1000;
        self.happen(Event::MemberAdded { guid: guid.into(), uid: uid.into(), scope, at }, events);
        Ok(at)
    }

    /// Adds a sentinel user as if another actor had just done so, which the response then reports.
    fn join_before(
        &mut self,
        guid: &str,
        uid: &str,
        scope: Scope,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) {
        let is_free =
            |group: &super::state::Group| !group.members.contains_key(uid) && !group.banned.contains_key(uid);
        if self.state.groups.get(guid).is_some_and(|group| is_free(group)) {
            let at = context.now / 1000;
            self.happen(Event::MemberAdded { guid: guid.into(), uid: uid.into(), scope, at }, events);
        }
    }

    /// CometChat, Change scope.
    pub(super) fn change_scope(
        &mut self,
        guid: &str,
        uid: &str,
        body: &Map<String, Value>,
        actor: Option<&str>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        if self.state.user(uid).is_none() {
            return failure("ERR_UID_NOT_FOUND");
        }
        let Some(&Membership { scope: old, joined_at }) = group.members.get(uid) else {
            return failure("ERR_NOT_A_MEMBER");
        };
        // CometChat, Change scope: `participant` is the default.
        let wanted = match body.get("scope") {
            None => Some(Scope::Participant),
            Some(value) => value.as_str().and_then(Scope::from_slug).filter(|scope| scope.is_member()),
        };
        let Some(new) = wanted else { return invalid(&[("scope", "The scope is invalid.")]) };
        if old == new {
            return failure("ERR_SAME_SCOPE");
        }
        if let Err(code) = clearance::may_change_scope(group, actor, uid, old, new) {
            return failure(code);
        }
        self.happen(Event::ScopeChanged { guid: guid.into(), uid: uid.into(), scope: new }, events);
        json_reply(200, &json!({ "data": { "guid": guid, "uid": uid, "scope": new, "joinedAt": joined_at } }))
    }

    /// CometChat, Kick member.
    pub(super) fn kick_member(
        &mut self,
        guid: &str,
        uid: &str,
        actor: Option<&str>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        if self.state.user(uid).is_none() {
            return failure("ERR_UID_NOT_FOUND");
        }
        let Some(member) = group.members.get(uid) else { return failure("ERR_NOT_A_MEMBER") };
        if let Err(code) = clearance::may_remove(group, actor, uid, Some(member.scope)) {
            return failure(code);
        }
        self.happen(Event::MemberKicked { guid: guid.into(), uid: uid.into() }, events);
        super::done(&format!("The member with {uid} has been kicked from the group with {guid}."))
    }
}

/// The entry of a person who was not added.
// Assumed: a failed entry of CometChat's add response is `{success: false, error}`; switches change it.
fn failed(code: &str, context: Context<'_>) -> Value {
    match context.settings.cometchat.failed_entry {
        FailedEntry::SuccessFalse => json!({ "success": false, "error": codes::error(code) }),
        FailedEntry::ErrorOnly => json!({ "error": codes::error(code) }),
        FailedEntry::Bare => codes::error(code),
        FailedEntry::Text => json!(code),
    }
}
