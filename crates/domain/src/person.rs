//! People, as they are named to a vendor and as a vendor tells about them.

use serde::{Deserialize, Serialize};

use crate::{Millis, RoleId, Scope};

/// How a person is named to a vendor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "key", rename_all = "lowercase")]
pub enum PersonKey {
    /// The vendor's own id.
    Id(Box<str>),
    /// A phone number: digits only, country code first.
    Phone(Box<str>),
    /// An e-mail address.
    Email(Box<str>),
    /// No person: the change is about a group itself.
    Group(Box<str>),
}

impl PersonKey {
    /// The text of the key.
    pub fn as_str(&self) -> &str {
        match self {
            PersonKey::Id(text)
            | PersonKey::Phone(text)
            | PersonKey::Email(text)
            | PersonKey::Group(text) => text,
        }
    }

    /// The key in the form in which two keys of one person are equal: addresses in lower case.
    pub fn folded(&self) -> PersonKey {
        match self {
            PersonKey::Email(text) => PersonKey::Email(text.to_lowercase().into()),
            other => other.clone(),
        }
    }
}

/// The person a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// How the vendor is told who it is.
    pub key: PersonKey,
    /// The name, as typed or as read; some vendors need it.
    pub name: Option<Box<str>>,
}

impl Person {
    /// A person known by the vendor's id.
    pub fn by_id(id: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Id(id.as_ref().into()), name: None }
    }

    /// A person known by an address.
    pub fn by_email(address: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Email(address.as_ref().into()), name: None }
    }

    /// A person known by a phone number (digits).
    pub fn by_phone(digits: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Phone(digits.as_ref().into()), name: None }
    }

    /// The same person with a name; an empty one counts as none.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        let name = name.trim();
        self.name = (!name.is_empty()).then(|| name.into());
        self
    }

    /// What to call the person: the name, else the key.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.key.as_str())
    }
}

/// A role and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role's id in calls.
    pub id: RoleId,
    /// The role's name, without blanks around it.
    pub name: Box<str>,
    /// The vendor's description; may be empty.
    pub description: Box<str>,
    /// How far the role reaches, where the vendor says.
    pub level: RoleLevel,
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleLevel {
    /// Runs the community.
    Admin,
    /// Looks after the community.
    Moderator,
    /// Any other role, or one whose reach the vendor does not tell.
    Other,
}

/// A price plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The plan's id in calls.
    pub id: crate::PriceId,
    /// The plan's name; its id where the vendor gives none.
    pub name: Box<str>,
}

/// A person as a vendor tells about them. All text in it is the vendor's: show it as text, never as markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The vendor's id; empty if it gave none.
    pub id: Box<str>,
    /// The name.
    pub name: Option<Box<str>>,
    /// The e-mail address.
    pub email: Option<Box<str>>,
    /// The phone number, digits.
    pub phone: Option<Box<str>>,
    /// The role in the whole community or app, by id and name.
    pub role: Option<(Box<str>, Box<str>)>,
    /// The scope in the group that was read.
    pub scope: Option<Scope>,
    /// Whether the person is online or active, where the vendor says.
    pub is_active: Option<bool>,
    /// When the person joined the group.
    pub joined_at: Option<Millis>,
    /// When the person was created or invited.
    pub created_at: Option<Millis>,
    /// The id of an invite, if the answer was one.
    pub invite_id: Option<Box<str>>,
}

impl Member {
    /// What to call the person: name, else address, else phone, else id.
    pub fn label(&self) -> &str {
        [&self.name, &self.email, &self.phone]
            .into_iter()
            .flatten()
            .map(AsRef::as_ref)
            .find(|text: &&str| !text.trim().is_empty())
            .unwrap_or(&self.id)
    }
}
