//! Genuin's events.

use serde::{Deserialize, Serialize};

/// One change at Genuin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A person was created from a phone number.
    PersonCreated {
        /// User id.
        user_id: String,
        /// The phone number, digits only.
        phone: String,
    },
    /// A community was created.
    CommunityCreated {
        /// Community id.
        community_id: String,
        /// The unique handle.
        handle: String,
        /// Display name.
        name: String,
        /// The type: 1 for public, 2 for private.
        kind: u64,
    },
    /// A person became a member.
    MemberAdded {
        /// Community id.
        community_id: String,
        /// User id.
        user_id: String,
    },
    /// A person was invited.
    MemberInvited {
        /// Community id.
        community_id: String,
        /// User id.
        user_id: String,
    },
    /// A person became a moderator.
    ModeratorAssigned {
        /// Community id.
        community_id: String,
        /// User id.
        user_id: String,
    },
    /// A community was marked as offered during onboarding.
    OnboardingSet {
        /// Community id.
        community_id: String,
    },
    /// A group was created.
    GroupCreated {
        /// The id that calls use.
        chat_id: String,
        /// The group's other id.
        group_id: String,
        /// Community id.
        community_id: String,
        /// Display name.
        name: String,
        /// Description.
        description: String,
        /// True if the group can be found.
        discoverable: bool,
    },
    /// A group's fields changed; `None` keeps the old value.
    GroupChanged {
        /// Chat id.
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
        /// Whether the group can be found.
        discoverable: Option<bool>,
    },
    /// A person became a member of a group.
    GroupMemberAdded {
        /// Chat id.
        chat_id: String,
        /// User id.
        user_id: String,
    },
    /// A person was removed from a group.
    GroupMemberRemoved {
        /// Chat id.
        chat_id: String,
        /// User id.
        user_id: String,
    },
    /// A subscriber was removed from a group.
    SubscriberRemoved {
        /// Chat id.
        chat_id: String,
        /// User id.
        user_id: String,
    },
}
