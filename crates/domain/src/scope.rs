//! What a person may do in one group.

use serde::{Deserialize, Serialize};

/// A person's standing in one group, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// May change scopes, add, remove and ban, and change the group.
    Admin,
    /// May look after participants.
    Moderator,
    /// Takes part.
    Participant,
    /// Is out, and cannot come back until the ban is lifted.
    Banned,
}

impl Scope {
    /// Every scope, from most to least.
    pub const ALL: [Scope; 4] = [Scope::Admin, Scope::Moderator, Scope::Participant, Scope::Banned];

    /// The name in class names, keys of texts and addresses.
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

    /// True for the scopes that a member can have.
    pub fn is_member(self) -> bool {
        self != Scope::Banned
    }
}
