//! The values that provoke an error at CometChat.

use super::codes;
use super::op::Op;
use super::triggers::{BANS_HOLD_KEY, BANS_LIFT_KEY, JOINED_OTHERWISE, MISSING};
use crate::{faults::NAMED, sentinels::Sentinels};

pub(super) fn add(sentinels: &mut Sentinels) {
    for named in &NAMED {
        sentinels.add("uid", named.name, named.provokes, named.text);
        sentinels.add("group id", named.name, named.provokes, named.text);
    }
    // The console makes no call that changes an app's users, so their codes cannot be met in it.
    let is_met = |code: &&codes::Code| code.ops.is_empty() || !code.ops.iter().all(|op| op.changes_users());
    for code in codes::CODES.iter().filter(is_met) {
        let is_about_user =
            code.ops.iter().all(|op| !matches!(op, Op::CreateGroup | Op::UpdateGroup | Op::DeleteGroup));
        if code.code.starts_with("AUTH_") {
            sentinels.add_code("api key", code.sentinel, code.code);
            continue;
        }
        if is_about_user && code.code != "ERR_GUID_NOT_FOUND" {
            sentinels.add_code("uid", code.sentinel, code.code);
        } else {
            sentinels.add_code("group id", code.sentinel, code.code);
        }
        if code.ops.is_empty() {
            sentinels.add_code("acting uid", code.sentinel, code.code);
        }
    }
    sentinels.add_code("uid", MISSING, "row.missing");
    sentinels.add("uid", JOINED_OTHERWISE, "ERR_ALREADY_JOINED", "sandbox.provokes.joined_otherwise");
    sentinels.add("key prefix", BANS_HOLD_KEY, "ERR_BANNED_GROUPMEMBER", "sandbox.provokes.bans_hold");
    sentinels.add("key prefix", BANS_LIFT_KEY, "200", "sandbox.provokes.bans_lift");
    for (key, code) in codes::KEYS {
        sentinels.add_code("api key", key, code);
    }
}
