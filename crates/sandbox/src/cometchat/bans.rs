//! CometChat's banned users (CometChat contract, section 8).

use domain::order;
use serde_json::Value;

use super::{
    CometChat, Event, clearance,
    codes::failure,
    page::{Cursor, Wanted},
    show, triggers,
};
use crate::{Response, call::Call, emulator::Context};

impl CometChat {
    /// CometChat, List banned users.
    pub(super) fn list_banned(&self, guid: &str, call: &Call<'_>) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        let mut rows: Vec<(u64, &String, Value)> = Vec::new();
        for (uid, ban) in &group.banned {
            if let Some(user) = self.state.user(uid) {
                rows.push((ban.banned_at, uid, show::banned(uid, user, *ban)));
            }
        }
        // Assumed: CometChat lists banned users by the time of the ban, latest first.
        order::sort_by(&mut rows, |a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        Wanted::of(call).reply(&rows, |(_, _, row)| row.clone(), Cursor::None)
    }

    /// CometChat, Ban user: removes the user and prevents rejoining.
    pub(super) fn ban_user(
        &mut self,
        guid: &str,
        uid: &str,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        match self.ban(guid, uid, actor, context, events) {
            Ok(()) => {
                super::done(&format!("The user with uid {uid} has been banned from the group with {guid}."))
            }
            Err(code) => failure(code),
        }
    }

    pub(super) fn ban(
        &mut self,
        guid: &str,
        uid: &str,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Result<(), &'static str> {
        if let Some(code) = triggers::item(uid, true) {
            return Err(code);
        }
        let group = self.state.groups.get(guid).ok_or("ERR_GUID_NOT_FOUND")?;
        self.state.user(uid).ok_or("ERR_UID_NOT_FOUND")?;
        if group.banned.contains_key(uid) {
            return Err("ERR_ALREADY_BANNED");
        }
        let target = group.members.get(uid).map(|member| member.scope);
        // Assumed: CometChat allows banning a non-member; a switch answers `ERR_NOT_A_MEMBER`.
        if target.is_none() && context.settings.cometchat.ban_needs_membership {
            return Err("ERR_NOT_A_MEMBER");
        }
        clearance::may_remove(group, actor, uid, target)?;
        self.happen(Event::UserBanned { guid: guid.into(), uid: uid.into(), at: context.now / 1000 }, events);
        Ok(())
    }

    /// CometChat, Unban user: does not restore the membership.
    pub(super) fn unban_user(
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
        if !group.banned.contains_key(uid) {
            return failure("ERR_NOT_A_BANNED_USER");
        }
        if let Err(code) = clearance::may_unban(group, actor) {
            return failure(code);
        }
        self.happen(Event::UserUnbanned { guid: guid.into(), uid: uid.into() }, events);
        // CometChat, Unban user, example: the message says "banned".
        super::done(&format!("The user with uid {uid} has been banned from the group with {guid}."))
    }
}
