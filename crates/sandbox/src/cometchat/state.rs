//! CometChat's users, groups, members and bans.

use std::sync::Arc;

use domain::Scope;
use serde::Serialize;

use super::{Event, UserFields, event::GroupFields};
use crate::table::Table;

/// The maximum number of members per group (CometChat, Properties and constraints).
pub(super) const CAPACITY: usize = 100_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// Copy-on-write between clones of a world.
    pub(super) users: Arc<Table<User>>,
    /// Copy-on-write too, per group.
    pub(super) groups: Table<Arc<Group>>,
    pub(super) roles: Vec<Role>,
    /// The number of action messages.
    pub(super) n_messages: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Role {
    pub(super) role: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) created_at: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct User {
    #[serde(flatten)]
    pub(super) fields: UserFields,
    pub(super) is_deactivated: bool,
    pub(super) created_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated_at: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Group {
    #[serde(flatten)]
    pub(super) fields: GroupFields,
    pub(super) owner: String,
    pub(super) capacity: usize,
    /// True if the group is listed only in searches.
    pub(super) is_hidden: bool,
    pub(super) created_at: u64,
    pub(super) updated_at: Option<u64>,
    pub(super) members: Table<Membership>,
    pub(super) banned: Table<Ban>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Membership {
    pub(super) scope: Scope,
    pub(super) joined_at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Ban {
    /// The membership before the ban, if the user was a member.
    #[serde(flatten)]
    pub(super) membership: Option<Membership>,
    pub(super) banned_at: u64,
}

impl State {
    /// Looks up a user; deactivated users are not found (CometChat, Deactivate user).
    pub(super) fn user(&self, uid: &str) -> Option<&User> {
        self.users.get(uid).filter(|user| !user.is_deactivated)
    }

    fn group_mut(&mut self, guid: &str) -> Option<&mut Group> {
        self.groups.get_mut(guid).map(Arc::make_mut)
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::GroupCreated { guid, owner, fields, at } => {
                let group = Group {
                    fields: fields.clone(),
                    owner: owner.clone(),
                    capacity: CAPACITY,
                    created_at: *at,
                    ..Group::default()
                };
                self.groups.insert(guid.clone(), Arc::new(group));
            }
            Event::GroupChanged { guid, owner, fields, unset, at } => {
                let Some(group) = self.group_mut(guid) else { return };
                if let Some(owner) = owner {
                    group.owner.clone_from(owner);
                }
                group.fields.take(fields, unset);
                group.updated_at = Some(*at);
            }
            Event::GroupDeleted { guid } => {
                self.groups.remove(guid);
            }
            Event::MemberAdded { guid, uid, scope, at } => {
                let Some(group) = self.group_mut(guid) else { return };
                group.members.insert(uid.clone(), Membership { scope: *scope, joined_at: *at });
                self.n_messages += 1;
            }
            Event::ScopeChanged { guid, uid, scope } => {
                let member = self.group_mut(guid).and_then(|group| group.members.get_mut(uid));
                if let Some(member) = member {
                    member.scope = *scope;
                }
            }
            Event::MemberKicked { guid, uid } => {
                if let Some(group) = self.group_mut(guid) {
                    group.members.remove(uid);
                }
            }
            Event::UserBanned { guid, uid, at } => {
                if let Some(group) = self.group_mut(guid) {
                    let membership = group.members.remove(uid);
                    group.banned.insert(uid.clone(), Ban { membership, banned_at: *at });
                }
            }
            Event::UserUnbanned { guid, uid } => {
                if let Some(group) = self.group_mut(guid) {
                    group.banned.remove(uid);
                }
            }
            Event::UserCreated { uid, fields, at } => {
                let user = User { fields: fields.clone(), created_at: *at, ..User::default() };
                Arc::make_mut(&mut self.users).insert(uid.clone(), user);
            }
            Event::UserChanged { uid, fields, unset, at } => {
                if let Some(user) = Arc::make_mut(&mut self.users).get_mut(uid) {
                    user.fields.take(fields, unset);
                    user.updated_at = Some(*at);
                }
            }
            Event::UserDeleted { uid } => {
                Arc::make_mut(&mut self.users).remove(uid);
                let is_in = |group: &Group| group.members.contains_key(uid) || group.banned.contains_key(uid);
                for group in self.groups.iter_mut().map(|(_, group)| group).filter(|group| is_in(group)) {
                    let group = Arc::make_mut(group);
                    group.members.remove(uid);
                    group.banned.remove(uid);
                }
            }
            Event::UserDeactivated { uid } => self.set_deactivated(uid, true),
            Event::UserReactivated { uid } => self.set_deactivated(uid, false),
        }
    }

    fn set_deactivated(&mut self, uid: &str, is_deactivated: bool) {
        if let Some(user) = Arc::make_mut(&mut self.users).get_mut(uid) {
            user.is_deactivated = is_deactivated;
        }
    }
}

fn take<T: Clone>(mine: &mut Option<T>, new: &Option<T>) {
    if new.is_some() {
        mine.clone_from(new);
    }
}

impl GroupFields {
    // Assumed: CometChat replaces `metadata` and `tags` of a group or user instead of merging them.
    fn take(&mut self, new: &GroupFields, unset: &[String]) {
        for name in unset {
            match name.as_str() {
                "icon" => self.icon = None,
                "description" => self.description = None,
                "metadata" => self.metadata = None,
                _ => {}
            }
        }
        take(&mut self.name, &new.name);
        take(&mut self.kind, &new.kind);
        take(&mut self.icon, &new.icon);
        take(&mut self.description, &new.description);
        take(&mut self.metadata, &new.metadata);
        take(&mut self.tags, &new.tags);
    }
}

impl UserFields {
    fn take(&mut self, new: &UserFields, unset: &[String]) {
        for name in unset {
            match name.as_str() {
                "avatar" => self.avatar = None,
                "link" => self.link = None,
                "metadata" => self.metadata = None,
                _ => {}
            }
        }
        take(&mut self.name, &new.name);
        take(&mut self.avatar, &new.avatar);
        take(&mut self.link, &new.link);
        take(&mut self.role, &new.role);
        take(&mut self.status_message, &new.status_message);
        take(&mut self.metadata, &new.metadata);
        take(&mut self.tags, &new.tags);
    }
}
