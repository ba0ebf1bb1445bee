//! People, as identified to a vendor and as returned by one.

use serde::{Deserialize, Serialize};

use crate::picture::PictureKind;
use crate::{Millis, Picture, RoleId, Scope};

/// How a person is identified to a vendor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "key", rename_all = "lowercase")]
pub enum PersonKey {
    /// The vendor's own id.
    Id(Box<str>),
    /// A phone number: digits only, country code first.
    Phone(Box<str>),
    /// An e-mail address.
    Email(Box<str>),
    /// Not a person: the change is about a group itself.
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

    /// What kind of key it is, as exports and files name it: `id`, `phone`, `email` or `group`.
    pub fn kind(&self) -> &'static str {
        match self {
            PersonKey::Id(_) => "id",
            PersonKey::Phone(_) => "phone",
            PersonKey::Email(_) => "email",
            PersonKey::Group(_) => "group",
        }
    }

    /// The normalized key, which is equal for equal people: e-mail addresses in lower case.
    pub fn folded(&self) -> PersonKey {
        match self {
            PersonKey::Email(text) => PersonKey::Email(text.to_lowercase().into()),
            other => other.clone(),
        }
    }
}

/// The person of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// How the vendor identifies the person.
    pub key: PersonKey,
    /// The name, as typed or as read; some vendors need it.
    pub name: Option<Box<str>>,
}

impl Person {
    /// A person with the vendor's id.
    pub fn by_id(id: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Id(id.as_ref().into()), name: None }
    }

    /// A person with an e-mail address.
    pub fn by_email(address: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Email(address.as_ref().into()), name: None }
    }

    /// A person with a phone number (digits).
    pub fn by_phone(digits: impl AsRef<str>) -> Self {
        Self { key: PersonKey::Phone(digits.as_ref().into()), name: None }
    }

    /// The same person with a name; `None` if it is blank.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        let name = name.trim();
        self.name = (!name.is_empty()).then(|| name.into());
        self
    }

    /// The display name: the name, or else the key.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.key.as_str())
    }
}

/// A role and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role's id in calls.
    pub id: RoleId,
    /// The role's name, trimmed.
    pub name: Box<str>,
    /// The vendor's description; may be empty.
    pub description: Box<str>,
    /// The level of the role, if the vendor provides it.
    pub level: RoleLevel,
}

/// The level of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleLevel {
    /// Administers the community.
    Admin,
    /// Moderates the community.
    Moderator,
    /// Any other role, or one of unknown level.
    Other,
}

/// A price plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The plan's id in calls.
    pub id: crate::PriceId,
    /// The plan's name; its id if the vendor gives none.
    pub name: Box<str>,
}

/// A person as returned by a vendor. All its text is untrusted: render it as text, never as markup.
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
    /// Whether the person is online or active, if the vendor provides it.
    pub is_active: Option<bool>,
    /// When the person joined the group.
    pub joined_at: Option<Millis>,
    /// When the person was created or invited.
    pub created_at: Option<Millis>,
    /// The id of the invite, if the response was one.
    pub invite_id: Option<Box<str>>,
    /// An additional name.
    #[serde(default)]
    pub nickname: Option<Box<str>>,
    /// The bio the person wrote.
    #[serde(default)]
    pub bio: Option<Box<str>>,
    /// The picture, as a URL or the name of one of the vendor's avatars. The URL belongs to a third party and
    /// may have any scheme: it is loaded only from hosts that the operator names, and linked only if it is a
    /// [`Member::picture_address`].
    #[serde(default)]
    pub picture: Option<Box<str>>,
    /// The URL of the same picture in a smaller size, from the same source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_picture: Option<Box<str>>,
    /// Whether the picture is one of the vendor's avatars, if the vendor provides it.
    #[serde(default)]
    pub is_avatar: Option<bool>,
    /// Whether this is an account of the brand or the system instead of a person, if the vendor provides it.
    #[serde(default)]
    pub is_system: Option<bool>,
}

impl Member {
    /// The picture's URL if it may become a link: valid and `https:`. Everything else is text.
    pub fn picture_address(&self) -> Option<&str> {
        let picture = self.picture.as_deref().filter(|_| self.is_avatar != Some(true))?;
        Picture::parse(picture, PictureKind::Address).is_ok().then_some(picture)
    }

    /// Fills in missing fields from another response about the same person.
    pub fn fill_from(&mut self, other: &Member) {
        if self.id.is_empty() {
            self.id.clone_from(&other.id);
        }
        let texts = [
            (&mut self.name, &other.name),
            (&mut self.email, &other.email),
            (&mut self.phone, &other.phone),
            (&mut self.invite_id, &other.invite_id),
            (&mut self.nickname, &other.nickname),
            (&mut self.bio, &other.bio),
        ];
        for (mine, theirs) in texts.into_iter().filter(|(mine, _)| mine.is_none()) {
            mine.clone_from(theirs);
        }
        if self.picture.is_none() {
            self.picture.clone_from(&other.picture);
            self.small_picture.clone_from(&other.small_picture);
            self.is_avatar = other.is_avatar;
        }
        self.is_system = self.is_system.or(other.is_system);
        self.created_at = self.created_at.or(other.created_at);
    }

    /// The display name: name, or else address, phone or id.
    pub fn label(&self) -> &str {
        [&self.name, &self.email, &self.phone]
            .into_iter()
            .flatten()
            .map(AsRef::as_ref)
            .find(|text: &&str| !text.trim().is_empty())
            .unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_https_picture_becomes_a_link() {
        let table = [
            ("https://media.example.com/p.png", Some(false), true),
            ("https://media.example.com/p.png", None, true),
            // The vendor marks it as the name of an avatar.
            ("https://media.example.com/p.png", Some(true), false),
            ("alien", Some(true), false),
            ("alien", None, false),
            ("javascript:alert(1)", None, false),
            ("JaVaScRiPt:alert(1)//https://example.org", None, false),
            ("data:text/html,<script>", None, false),
            ("http://media.example.com/p.png", None, false),
            ("blob:https://example.org/1", None, false),
            ("//media.example.com/p.png", None, false),
            ("https://user:secret@example.org/p.png", None, false),
        ];
        for (picture, is_avatar, is_link) in table {
            let member = Member { picture: Some(picture.into()), is_avatar, ..Member::default() };
            assert_eq!(member.picture_address(), is_link.then_some(picture), "{picture}");
        }
    }

    #[test]
    fn later_answers_fill_in_and_take_nothing_away() {
        let mut known = Member { id: "ada".into(), name: Some("Ada".into()), ..Member::default() };
        let later = Member {
            id: "other".into(),
            name: Some("Augusta".into()),
            phone: Some("15550123456".into()),
            bio: Some("Gardens".into()),
            picture: Some("alien".into()),
            small_picture: Some("small".into()),
            is_avatar: Some(true),
            is_system: Some(false),
            ..Member::default()
        };
        known.fill_from(&later);
        let expected = Member { id: "ada".into(), name: Some("Ada".into()), ..later };
        assert_eq!(known, expected);
        known.fill_from(&Member::default());
        assert_eq!(known, expected);
    }

    #[test]
    fn a_person_written_by_the_release_before_is_read() {
        let written = r#"{"id":"ada","name":"Ada","email":null,"phone":null,"role":null,"scope":null,"is_active":null,"joined_at":null,"created_at":null,"invite_id":null}"#;
        let read: Member = serde_json::from_str(written).expect("the former format");
        assert_eq!(read, Member { id: "ada".into(), name: Some("Ada".into()), ..Member::default() });
    }
}
