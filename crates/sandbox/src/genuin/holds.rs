//! What the state says of a change.

use domain::{Change, Flow, GroupId, Operation, PersonKey};

use super::state::{Community, Group, LEADER, MODERATOR, State};

impl State {
    /// Whether the operation of a change is in place; `None` if the state cannot tell.
    pub(super) fn holds(&self, change: &Change) -> Option<bool> {
        // A person who is given by phone may not have an account.
        let user = match &change.person.key {
            PersonKey::Phone(phone) => self.by_phone(phone),
            key => Some(key.as_str().to_owned()),
        };
        let of_community = |id: &GroupId, check: fn(&Community, &str) -> bool| {
            let community = self.communities.get(id.as_str());
            user.as_deref().zip(community).is_some_and(|(user, community)| check(community, user))
        };
        let of_group = |id: &GroupId, check: fn(&Group, &str) -> bool| {
            let group = self.groups.get(id.as_str());
            user.as_deref().zip(group).is_some_and(|(user, group)| check(group, user))
        };
        Some(match &*change.operation {
            Operation::AddToCommunity { community, flow: Flow::Invite, .. } => {
                of_community(community, |community, user| {
                    community.invited.contains_key(user) || community.members.contains_key(user)
                })
            }
            Operation::AddToCommunity { community, .. } => {
                of_community(community, |community, user| community.members.contains_key(user))
            }
            Operation::MakeModerator { community } => of_community(community, |community, user| {
                community.members.get(user).is_some_and(|role| matches!(*role, LEADER | MODERATOR))
            }),
            Operation::AddToGroup { group, .. } => {
                of_group(group, |group, user| group.members.contains_key(user))
            }
            Operation::Kick { group } => {
                user.is_some() && !of_group(group, |group, user| group.members.contains_key(user))
            }
            Operation::Unsubscribe { group } => {
                user.is_some() && !of_group(group, |group, user| group.subscribers.contains_key(user))
            }
            Operation::CreateGroup(new) => self.groups.contains_key(new.id.as_str()),
            Operation::EditGroup { group, edit } => {
                self.groups.get(group.as_str()).map(|group| group.name.as_str()) == edit.name.as_deref()
            }
            Operation::CreateCommunity(new) => {
                self.communities.values().any(|community| community.handle == *new.handle)
            }
            _ => return None,
        })
    }
}
