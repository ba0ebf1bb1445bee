//! CometChat's events.

use domain::Scope;
use serde::Serialize;
use serde_json::{Error, Value};

use crate::stored::{EventFields, unknown};

/// One change at CometChat. Times are in seconds; a group's password is never stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A group was created.
    GroupCreated {
        /// Group id.
        guid: String,
        /// Owner's user id.
        owner: String,
        /// The group's fields.
        fields: GroupFields,
        /// Time of the change.
        at: u64,
    },
    /// A group's own fields changed.
    GroupChanged {
        /// Group id.
        guid: String,
        /// The new owner's user id, if it changed.
        owner: Option<String>,
        /// The new values; `None` keeps the old one.
        fields: GroupFields,
        /// Names of the cleared fields.
        unset: Vec<String>,
        /// Time of the change.
        at: u64,
    },
    /// A group was deleted.
    GroupDeleted {
        /// Group id.
        guid: String,
    },
    /// A user became a member.
    MemberAdded {
        /// Group id.
        guid: String,
        /// User id.
        uid: String,
        /// The member's scope.
        scope: Scope,
        /// Time of the change.
        at: u64,
    },
    /// A member's scope changed.
    ScopeChanged {
        /// Group id.
        guid: String,
        /// User id.
        uid: String,
        /// The new scope.
        scope: Scope,
    },
    /// A member was removed.
    MemberKicked {
        /// Group id.
        guid: String,
        /// User id.
        uid: String,
    },
    /// A user was banned, and removed if they were a member.
    UserBanned {
        /// Group id.
        guid: String,
        /// User id.
        uid: String,
        /// Time of the change.
        at: u64,
    },
    /// A ban was lifted.
    UserUnbanned {
        /// Group id.
        guid: String,
        /// User id.
        uid: String,
    },
    /// A user was created.
    UserCreated {
        /// User id.
        uid: String,
        /// The user's fields.
        fields: UserFields,
        /// Time of the change.
        at: u64,
    },
    /// A user's fields changed.
    UserChanged {
        /// User id.
        uid: String,
        /// The new values; `None` keeps the old one.
        fields: UserFields,
        /// Names of the cleared fields.
        unset: Vec<String>,
        /// Time of the change.
        at: u64,
    },
    /// A user was deleted and removed from all groups.
    UserDeleted {
        /// User id.
        uid: String,
    },
    /// A user was deactivated.
    UserDeactivated {
        /// User id.
        uid: String,
    },
    /// A user was reactivated.
    UserReactivated {
        /// User id.
        uid: String,
    },
}

/// A group's editable fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GroupFields {
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `public`, `private` or `password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// URL of the icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A custom JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Tags for filtering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// A user's editable fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UserFields {
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// URL of the avatar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// URL of the profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The app-wide role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Status message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// A custom JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Tags for filtering.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

impl Event {
    /// Reads a stored event.
    pub(crate) fn read(mut stored: EventFields) -> Result<Self, Error> {
        let kind = stored.text("type")?;
        Ok(match kind.as_str() {
            "group_created" => Self::GroupCreated {
                guid: stored.text("guid")?,
                owner: stored.text("owner")?,
                fields: GroupFields::read(stored.fields("fields")?)?,
                at: stored.number("at")?,
            },
            "group_changed" => Self::GroupChanged {
                guid: stored.text("guid")?,
                owner: stored.optional_text("owner")?,
                fields: GroupFields::read(stored.fields("fields")?)?,
                unset: stored.texts("unset")?,
                at: stored.number("at")?,
            },
            "group_deleted" => Self::GroupDeleted { guid: stored.text("guid")? },
            "user_created" => Self::UserCreated {
                uid: stored.text("uid")?,
                fields: UserFields::read(stored.fields("fields")?)?,
                at: stored.number("at")?,
            },
            "user_changed" => Self::UserChanged {
                uid: stored.text("uid")?,
                fields: UserFields::read(stored.fields("fields")?)?,
                unset: stored.texts("unset")?,
                at: stored.number("at")?,
            },
            "user_deleted" => Self::UserDeleted { uid: stored.text("uid")? },
            "user_deactivated" => Self::UserDeactivated { uid: stored.text("uid")? },
            "user_reactivated" => Self::UserReactivated { uid: stored.text("uid")? },
            _ => {
                let (guid, uid) = (stored.text("guid")?, stored.text("uid")?);
                match kind.as_str() {
                    "member_added" => Self::MemberAdded {
                        guid,
                        uid,
                        scope: stored.scope("scope")?,
                        at: stored.number("at")?,
                    },
                    "scope_changed" => Self::ScopeChanged { guid, uid, scope: stored.scope("scope")? },
                    "member_kicked" => Self::MemberKicked { guid, uid },
                    "user_banned" => Self::UserBanned { guid, uid, at: stored.number("at")? },
                    "user_unbanned" => Self::UserUnbanned { guid, uid },
                    _ => return Err(unknown("type", &kind)),
                }
            }
        })
    }
}

impl GroupFields {
    fn read(mut stored: EventFields) -> Result<Self, Error> {
        Ok(Self {
            name: stored.optional_text("name")?,
            kind: stored.optional_text("kind")?,
            icon: stored.optional_text("icon")?,
            description: stored.optional_text("description")?,
            metadata: stored.optional_value("metadata"),
            tags: stored.optional_texts("tags")?,
        })
    }
}

impl UserFields {
    fn read(mut stored: EventFields) -> Result<Self, Error> {
        Ok(Self {
            name: stored.optional_text("name")?,
            avatar: stored.optional_text("avatar")?,
            link: stored.optional_text("link")?,
            role: stored.optional_text("role")?,
            status_message: stored.optional_text("status_message")?,
            metadata: stored.optional_value("metadata"),
            tags: stored.optional_texts("tags")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::assert_read_back;

    #[test]
    fn every_event_is_read_back() {
        let guid = || "g".to_owned();
        let uid = || "u".to_owned();
        let tags = || vec!["a".to_owned(), "b".to_owned()];
        let group = GroupFields {
            name: Some("N".into()),
            kind: Some("public".into()),
            icon: Some("i".into()),
            description: Some("d".into()),
            metadata: Some(serde_json::json!({ "k": [1, null] })),
            tags: Some(tags()),
        };
        let user = UserFields {
            name: Some("N".into()),
            avatar: Some("a".into()),
            link: Some("l".into()),
            role: Some("r".into()),
            status_message: Some("s".into()),
            metadata: Some(serde_json::json!({})),
            tags: Some(tags()),
        };
        let scope = Scope::Moderator;
        for event in [
            Event::GroupCreated { guid: guid(), owner: uid(), fields: group.clone(), at: 1 },
            Event::GroupChanged {
                guid: guid(),
                owner: None,
                fields: GroupFields::default(),
                unset: tags(),
                at: 2,
            },
            Event::GroupChanged { guid: guid(), owner: Some(uid()), fields: group, unset: Vec::new(), at: 2 },
            Event::GroupDeleted { guid: guid() },
            Event::MemberAdded { guid: guid(), uid: uid(), scope, at: 3 },
            Event::ScopeChanged { guid: guid(), uid: uid(), scope },
            Event::MemberKicked { guid: guid(), uid: uid() },
            Event::UserBanned { guid: guid(), uid: uid(), at: 4 },
            Event::UserUnbanned { guid: guid(), uid: uid() },
            Event::UserCreated { uid: uid(), fields: user.clone(), at: 5 },
            Event::UserChanged { uid: uid(), fields: user, unset: tags(), at: 6 },
            Event::UserChanged { uid: uid(), fields: UserFields::default(), unset: Vec::new(), at: 6 },
            Event::UserDeleted { uid: uid() },
            Event::UserDeactivated { uid: uid() },
            Event::UserReactivated { uid: uid() },
        ] {
            assert_read_back(&crate::Event::CometChat(event));
        }
    }
}
