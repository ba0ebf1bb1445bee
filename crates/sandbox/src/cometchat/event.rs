//! What can happen at CometChat.

use domain::Scope;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change at CometChat. Times are in seconds; a group's password is never kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A group was created.
    GroupCreated {
        /// Its id.
        guid: String,
        /// Who owns it.
        owner: String,
        /// Its fields.
        fields: GroupFields,
        /// When.
        at: u64,
    },
    /// A group's own fields changed.
    GroupChanged {
        /// Which.
        guid: String,
        /// The new owner.
        owner: Option<String>,
        /// The new fields; what is `None` stays.
        fields: GroupFields,
        /// Fields that were emptied.
        unset: Vec<String>,
        /// When.
        at: u64,
    },
    /// A group was deleted.
    GroupDeleted {
        /// Which.
        guid: String,
    },
    /// A user became a member.
    MemberAdded {
        /// Where.
        guid: String,
        /// Who.
        uid: String,
        /// With which scope.
        scope: Scope,
        /// When.
        at: u64,
    },
    /// A member got another scope.
    ScopeChanged {
        /// Where.
        guid: String,
        /// Who.
        uid: String,
        /// The new scope.
        scope: Scope,
    },
    /// A member was removed.
    MemberKicked {
        /// Where.
        guid: String,
        /// Who.
        uid: String,
    },
    /// A user was banned, and is a member no more.
    UserBanned {
        /// Where.
        guid: String,
        /// Who.
        uid: String,
        /// When.
        at: u64,
    },
    /// A ban was lifted.
    UserUnbanned {
        /// Where.
        guid: String,
        /// Who.
        uid: String,
    },
    /// A user was created.
    UserCreated {
        /// Their id.
        uid: String,
        /// Their fields.
        fields: UserFields,
        /// When.
        at: u64,
    },
    /// A user's fields changed.
    UserChanged {
        /// Who.
        uid: String,
        /// The new fields; what is `None` stays.
        fields: UserFields,
        /// Fields that were emptied.
        unset: Vec<String>,
        /// When.
        at: u64,
    },
    /// A user was deleted, and is in no group any more.
    UserDeleted {
        /// Who.
        uid: String,
    },
    /// A user was deactivated.
    UserDeactivated {
        /// Who.
        uid: String,
    },
    /// A user was reactivated.
    UserReactivated {
        /// Who.
        uid: String,
    },
}

/// A group's own fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupFields {
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `public`, `private` or `password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// For filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// A user's own fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UserFields {
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The app-wide role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// Anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// For filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}
