//! The sentinels of CometChat: user ids, group ids, acting users and keys.

use domain::Scope;
use serde_json::Value;

use super::{codes, op::Op};
use crate::{
    call::Call,
    faults::{self, Fault, FoundSentinel, NAMED},
};

/// The arrays of an add call, from the highest scope down, with bans last (CometChat, Add members).
pub(super) const ARRAYS: [&str; 4] = ["admins", "moderators", "participants", "usersToBan"];

/// A user whom responses leave out.
pub(crate) const MISSING: &str = "row-missing";

/// A user who has just been added by another actor with a scope other than the requested one.
pub(crate) const JOINED_OTHERWISE: &str = "joined-otherwise";

/// Prefix of a key for which bans hold, regardless of the switch.
pub(crate) const BANS_HOLD_KEY: &str = "bans-hold-key";

/// Prefix of a key for which adding a person lifts their ban, regardless of the switch.
pub(crate) const BANS_LIFT_KEY: &str = "bans-lift-key";

/// Whether bans hold for this key; `None` if the key does not decide it.
pub(super) fn bans_hold(key: &str) -> Option<bool> {
    [(BANS_HOLD_KEY, true), (BANS_LIFT_KEY, false)]
        .into_iter()
        .find_map(|(begins, holds)| key.starts_with(begins).then_some(holds))
}

/// The scope that a sentinel user already has in a group when the response is `ERR_ALREADY_JOINED`.
pub(super) fn joined_before(uid: &str, asked: Scope) -> Option<Scope> {
    match uid {
        JOINED_OTHERWISE if asked == Scope::Participant => Some(Scope::Moderator),
        JOINED_OTHERWISE => Some(Scope::Participant),
        _ => (item(uid, false) == Some("ERR_ALREADY_JOINED")).then_some(asked),
    }
}

/// The fault that a key provokes.
pub(super) fn of_key(key: &str) -> Option<Fault> {
    let named = codes::KEYS.iter().find(|(name, _)| *name == key).map(|(_, code)| Fault::Code(code));
    faults::of_key(key).or(named).or_else(|| codes::of_sentinel(key).map(|code| Fault::Code(code.code)))
}

/// The code that a sentinel user gets when added or banned.
pub(super) fn item(uid: &str, is_ban: bool) -> Option<&'static str> {
    if uid == JOINED_OTHERWISE {
        return (!is_ban).then_some("ERR_ALREADY_JOINED");
    }
    let code = codes::of_sentinel(uid).filter(|code| code.is_item)?;
    let is_about_bans = matches!(code.code, "ERR_ALREADY_BANNED" | "ERR_MEMBER_BAN_FAILED");
    let is_about_joining = code.ops == [Op::AddMembers];
    let fits = if is_ban { !is_about_joining } else { !is_about_bans };
    fits.then_some(code.code)
}

/// The sentinels that fail a call as a whole. User ids do so only in writes, so that they can be read.
pub(super) fn triggers(call: &Call<'_>) -> Vec<FoundSentinel> {
    let mut found = Vec::new();
    let mut note = |value: &str, fault: Option<Fault>| {
        found.extend(fault.map(|fault| FoundSentinel { value: value.to_owned(), fault }));
    };
    if let Some(key) = call.header("apikey") {
        note(key, of_key(key));
    }
    let Some(op) = Op::of(call) else { return found };
    if let Some(actor) = call.header("onbehalfof").filter(|_| op.takes_actor()) {
        note(actor, whole(&actor.to_lowercase(), op));
    }
    let id = |idx: usize| call.path.get(idx).map(|id| id.to_lowercase());
    if let Some(guid) = id(1).filter(|_| call.path[0] == "groups") {
        note(&guid, whole(&guid, op));
    }
    let uid = if call.path.first().is_some_and(|first| first == "users") { id(1) } else { id(3) };
    if let Some(uid) = uid.filter(|_| !op.is_read()) {
        note(&uid, whole(&uid, op));
    }
    for id in body_ids(call, op) {
        let is_item_here =
            matches!(op, Op::AddMembers | Op::CreateGroup | Op::DeactivateUsers | Op::ReactivateUsers);
        let is_item = is_item_here && codes::of_sentinel(&id).is_some_and(|code| code.is_item);
        if !is_item {
            note(&id, whole(&id, op));
        }
    }
    found
}

fn whole(id: &str, op: Op) -> Option<Fault> {
    let named = NAMED.iter().find(|named| named.name == id).map(|named| named.fault);
    let code = || {
        let code = codes::of_sentinel(id)?;
        (code.ops.is_empty() || code.ops.contains(&op)).then_some(Fault::Code(code.code))
    };
    named.or_else(code)
}

fn body_ids(call: &Call<'_>, op: Op) -> Vec<String> {
    let body = if op.is_read() { None } else { call.json() };
    let Some(body) = body else { return Vec::new() };
    let in_lists = |owner: &Value, names: &[&str]| -> Vec<String> {
        let lists = names.iter().filter_map(|name| owner.get(*name)?.as_array()).flatten();
        lists.filter_map(|uid| uid.as_str().map(str::to_lowercase)).collect()
    };
    let field = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_lowercase);
    match op {
        Op::AddMembers => in_lists(&body, &ARRAYS),
        Op::CreateGroup => {
            let mut ids: Vec<String> = [field("guid"), field("owner")].into_iter().flatten().collect();
            ids.extend(body.get("members").map(|members| in_lists(members, &ARRAYS)).unwrap_or_default());
            ids
        }
        Op::UpdateGroup => field("owner").into_iter().collect(),
        Op::CreateUser => [field("uid"), field("role")].into_iter().flatten().collect(),
        Op::UpdateUser => field("role").into_iter().collect(),
        Op::DeactivateUsers => in_lists(&body, &["uidsToDeactivate"]),
        Op::ReactivateUsers => in_lists(&body, &["uidsToActivate"]),
        _ => Vec::new(),
    }
}
