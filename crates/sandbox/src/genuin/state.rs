//! Genuin's people, communities and groups.

use serde::Serialize;

use super::Event;
use crate::table::{Ids, Table, list};

/// The leader of a community (Genuin contract, 4.1: role 1, seen in first-party reads).
pub(super) const LEADER: u8 = 1;
/// A member of a community (Genuin contract, 4.1: role 2, seen in first-party reads).
pub(super) const MEMBER: u8 = 2;
/// A moderator (Genuin, Assign Moderators API: `role: 3`).
pub(super) const MODERATOR: u8 = 3;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct State {
    pub(super) people: Table<Person>,
    pub(super) communities: Table<Community>,
    pub(super) groups: Table<Group>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) phone: String,
    pub(super) is_brand_system_user: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Community {
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) kind: u64,
    pub(super) is_onboarding: bool,
    /// Roles by user id.
    pub(super) members: Table<u8>,
    #[serde(serialize_with = "list")]
    pub(super) invited: Ids,
    /// The user ids of people who asked to join.
    #[serde(serialize_with = "list")]
    pub(super) pending: Ids,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Group {
    pub(super) group_id: String,
    pub(super) community_id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) tags: String,
    pub(super) dp: String,
    pub(super) topics: Vec<u64>,
    pub(super) discoverable: bool,
    #[serde(serialize_with = "list")]
    pub(super) members: Ids,
    #[serde(serialize_with = "list")]
    pub(super) subscribers: Ids,
}

impl State {
    /// The id of the person with this phone.
    pub(super) fn by_phone(&self, phone: &str) -> Option<String> {
        self.people.iter().find(|(_, person)| person.phone == phone).map(|(id, _)| id.clone())
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::PersonCreated { user_id, phone } => {
                let person =
                    Person { name: None, nickname: None, phone: phone.clone(), is_brand_system_user: false };
                self.people.insert(user_id.clone(), person);
            }
            Event::CommunityCreated { community_id, handle, name, kind } => {
                let community = Community {
                    handle: handle.clone(),
                    name: name.clone(),
                    kind: *kind,
                    ..Community::default()
                };
                self.communities.insert(community_id.clone(), community);
            }
            Event::MemberAdded { community_id, user_id } => self.set_role(community_id, user_id, MEMBER),
            Event::ModeratorAssigned { community_id, user_id } => {
                self.set_role(community_id, user_id, MODERATOR)
            }
            Event::MemberInvited { community_id, user_id } => {
                if let Some(community) = self.communities.get_mut(community_id) {
                    community.invited.insert(user_id.clone(), ());
                }
            }
            Event::OnboardingSet { community_id } => {
                if let Some(community) = self.communities.get_mut(community_id) {
                    community.is_onboarding = true;
                }
            }
            Event::GroupCreated { chat_id, group_id, community_id, name, description, discoverable } => {
                let group = Group {
                    group_id: group_id.clone(),
                    community_id: community_id.clone(),
                    name: name.clone(),
                    description: description.clone(),
                    discoverable: *discoverable,
                    ..Group::default()
                };
                self.groups.insert(chat_id.clone(), group);
            }
            Event::GroupChanged { chat_id, name, description, tags, dp, topics, discoverable } => {
                let Some(group) = self.groups.get_mut(chat_id) else { return };
                for (field, text) in [
                    (&mut group.name, name),
                    (&mut group.description, description),
                    (&mut group.tags, tags),
                    (&mut group.dp, dp),
                ] {
                    if let Some(text) = text {
                        field.clone_from(text);
                    }
                }
                if let Some(topics) = topics {
                    group.topics.clone_from(topics);
                }
                group.discoverable = discoverable.unwrap_or(group.discoverable);
            }
            Event::GroupMemberAdded { chat_id, user_id } => {
                if let Some(group) = self.groups.get_mut(chat_id) {
                    group.members.insert(user_id.clone(), ());
                }
            }
            Event::GroupMemberRemoved { chat_id, user_id } => {
                if let Some(group) = self.groups.get_mut(chat_id) {
                    group.members.remove(user_id);
                }
            }
            Event::SubscriberRemoved { chat_id, user_id } => {
                if let Some(group) = self.groups.get_mut(chat_id) {
                    group.subscribers.remove(user_id);
                }
            }
        }
    }

    fn set_role(&mut self, community_id: &str, user_id: &str, role: u8) {
        if let Some(community) = self.communities.get_mut(community_id) {
            community.invited.remove(user_id);
            community.pending.remove(user_id);
            community.members.insert(user_id.to_owned(), role);
        }
    }
}
