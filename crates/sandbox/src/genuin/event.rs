//! What can happen at Genuin.

use serde::{Deserialize, Serialize};

/// One change at Genuin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// Somebody known only by a phone number became known.
    PersonCreated {
        /// Their id.
        user_id: String,
        /// Digits only.
        phone: String,
    },
    /// A community was created.
    CommunityCreated {
        /// Its id.
        community_id: String,
        /// Unique.
        handle: String,
        /// For people.
        name: String,
        /// 1 public, 2 private.
        kind: u64,
    },
    /// A person became a member.
    MemberAdded {
        /// Where.
        community_id: String,
        /// Who.
        user_id: String,
    },
    /// A person was invited.
    MemberInvited {
        /// Where.
        community_id: String,
        /// Who.
        user_id: String,
    },
    /// A person became a moderator.
    ModeratorAssigned {
        /// Where.
        community_id: String,
        /// Who.
        user_id: String,
    },
    /// A community is given during onboarding from now on.
    OnboardingSet {
        /// Which.
        community_id: String,
    },
    /// A group was created.
    GroupCreated {
        /// The id by which calls name it.
        chat_id: String,
        /// Its other id.
        group_id: String,
        /// Where.
        community_id: String,
        /// For people.
        name: String,
        /// For people.
        description: String,
        /// Whether it can be found.
        discoverable: bool,
    },
    /// A group's own fields changed.
    GroupChanged {
        /// Which.
        chat_id: String,
        /// The new name.
        name: Option<String>,
        /// The new description.
        description: Option<String>,
        /// The new tags.
        tags: Option<String>,
        /// The new picture.
        dp: Option<String>,
        /// The new topics.
        topics: Option<Vec<u64>>,
        /// Whether it can be found now.
        discoverable: Option<bool>,
    },
    /// A person became a member of a group.
    GroupMemberAdded {
        /// Where.
        chat_id: String,
        /// Who.
        user_id: String,
    },
    /// A person is a member of a group no more.
    GroupMemberRemoved {
        /// Where.
        chat_id: String,
        /// Who.
        user_id: String,
    },
    /// A person follows a group no more.
    SubscriberRemoved {
        /// Where.
        chat_id: String,
        /// Who.
        user_id: String,
    },
}
