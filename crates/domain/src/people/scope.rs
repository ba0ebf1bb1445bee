//! What a person may do in one group.

use serde::{Deserialize, Serialize};

/// The scope of a person in one group, from highest to lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// May change scopes, add, remove and ban people, and edit the group.
    Admin,
    /// May moderate participants.
    Moderator,
    /// Takes part.
    Participant,
    /// Removed, and cannot join again until the ban is lifted.
    Banned,
}

impl Scope {
    /// Every scope, from highest to lowest.
    pub const ALL: [Scope; 4] = [Scope::Admin, Scope::Moderator, Scope::Participant, Scope::Banned];

    /// The name in class names, translation keys and URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Scope::Admin => "admin",
            Scope::Moderator => "moderator",
            Scope::Participant => "participant",
            Scope::Banned => "banned",
        }
    }

    /// The scope of a [`slug`](Scope::slug).
    pub fn from_slug(slug: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.slug() == slug)
    }

    /// True for the scopes of members.
    pub fn is_member(self) -> bool {
        self != Scope::Banned
    }
}
