//! CometChat's events.

use domain::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change at CometChat. Times are in seconds; a group's password is never stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
