//! Genuin's events.

use serde::Serialize;
use serde_json::Error;

use crate::stored::{EventFields, unknown};

/// One change at Genuin.
#[derive(Clone, Debug, PartialEq, Serialize)]
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

impl Event {
    /// Reads a stored event.
    pub(crate) fn read(mut stored: EventFields) -> Result<Self, Error> {
        let kind = stored.text("type")?;
        Ok(match kind.as_str() {
            "person_created" => {
                Self::PersonCreated { user_id: stored.text("user_id")?, phone: stored.text("phone")? }
            }
            "community_created" => Self::CommunityCreated {
                community_id: stored.text("community_id")?,
                handle: stored.text("handle")?,
                name: stored.text("name")?,
                kind: stored.number("kind")?,
            },
            "onboarding_set" => Self::OnboardingSet { community_id: stored.text("community_id")? },
            "group_created" => Self::GroupCreated {
                chat_id: stored.text("chat_id")?,
                group_id: stored.text("group_id")?,
                community_id: stored.text("community_id")?,
                name: stored.text("name")?,
                description: stored.text("description")?,
                discoverable: stored.flag("discoverable")?,
            },
            "group_changed" => Self::GroupChanged {
                chat_id: stored.text("chat_id")?,
                name: stored.optional_text("name")?,
                description: stored.optional_text("description")?,
                tags: stored.optional_text("tags")?,
                dp: stored.optional_text("dp")?,
                topics: stored.optional_numbers("topics")?,
                discoverable: stored.optional_flag("discoverable")?,
            },
            "member_added" | "member_invited" | "moderator_assigned" => {
                let (community_id, user_id) = (stored.text("community_id")?, stored.text("user_id")?);
                match kind.as_str() {
                    "member_added" => Self::MemberAdded { community_id, user_id },
                    "member_invited" => Self::MemberInvited { community_id, user_id },
                    _ => Self::ModeratorAssigned { community_id, user_id },
                }
            }
            _ => {
                let (chat_id, user_id) = (stored.text("chat_id")?, stored.text("user_id")?);
                match kind.as_str() {
                    "group_member_added" => Self::GroupMemberAdded { chat_id, user_id },
                    "group_member_removed" => Self::GroupMemberRemoved { chat_id, user_id },
                    "subscriber_removed" => Self::SubscriberRemoved { chat_id, user_id },
                    _ => return Err(unknown("type", &kind)),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::assert_read_back;

    #[test]
    fn every_event_is_read_back() {
        let (community, chat, user) = (|| "community".to_owned(), || "chat".to_owned(), || "user".to_owned());
        let name = || Some("N".to_owned());
        for event in [
            Event::PersonCreated { user_id: user(), phone: "4477".into() },
            Event::CommunityCreated {
                community_id: community(),
                handle: "h".into(),
                name: "N".into(),
                kind: 2,
            },
            Event::MemberAdded { community_id: community(), user_id: user() },
            Event::MemberInvited { community_id: community(), user_id: user() },
            Event::ModeratorAssigned { community_id: community(), user_id: user() },
            Event::OnboardingSet { community_id: community() },
            Event::GroupCreated {
                chat_id: chat(),
                group_id: "group".into(),
                community_id: community(),
                name: "N".into(),
                description: "D".into(),
                discoverable: true,
            },
            Event::GroupChanged {
                chat_id: chat(),
                name: name(),
                description: name(),
                tags: name(),
                dp: name(),
                topics: Some(vec![1, 2]),
                discoverable: Some(false),
            },
            Event::GroupChanged {
                chat_id: chat(),
                name: None,
                description: None,
                tags: None,
                dp: None,
                topics: None,
                discoverable: None,
            },
            Event::GroupMemberAdded { chat_id: chat(), user_id: user() },
            Event::GroupMemberRemoved { chat_id: chat(), user_id: user() },
            Event::SubscriberRemoved { chat_id: chat(), user_id: user() },
        ] {
            assert_read_back(&crate::Event::Genuin(event));
        }
    }
}
