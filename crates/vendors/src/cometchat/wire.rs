//! CometChat's wire format: request bodies and the names of scopes.

use domain::capabilities::GroupTextLimits;
use domain::group::{Access, PictureEdit};
use domain::{ApiError, GroupEdit, NewGroup, PersonKey, Picture, Scope};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalogue::unsupported;

/// Maximum people in one call, over all four arrays ("CometChat, Properties and Constraints").
pub(super) const MAX_PEOPLE: usize = 25;
/// "Properties and Constraints"; metadata is at most 5 KB (older pages say less).
pub(super) const TEXT_LIMITS: GroupTextLimits =
    GroupTextLimits { name: 100, description: 255, password: 100, tags: 25, tag: 100, metadata: 5_000 };
/// Rows per page: the default ("CometChat, Groups: List"); up to 1000 are allowed.
pub(super) const PER_PAGE: u64 = 100;
/// Largest page of users, groups and members ("CometChat, List Users").
pub(super) const MAX_PER_PAGE: u64 = 1_000;

/// The name of a scope's array, in requests and responses ("CometChat, Group Members: Add Members").
/// `usersToBan` bans; one table of the vendor says otherwise by mistake.
pub(super) fn array_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Admin => "admins",
        Scope::Moderator => "moderators",
        Scope::Participant => "participants",
        Scope::Banned => "usersToBan",
    }
}

/// Body of adding members.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddMembers<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    admins: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moderators: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    participants: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users_to_ban: Vec<&'a str>,
}

impl<'a> AddMembers<'a> {
    /// The four arrays. `None` if this cannot be one call: no people, more than [`MAX_PEOPLE`], a person
    /// without an id, or one person with two scopes, of which the vendor would silently drop one.
    pub(super) fn new(people: impl IntoIterator<Item = (&'a PersonKey, Scope)>) -> Option<Self> {
        let mut body = Self::default();
        let mut seen: Vec<(String, Scope)> = Vec::new();
        for (key, scope) in people {
            let PersonKey::Id(uid) = key else { return None };
            let folded = uid.to_lowercase();
            match seen.iter().find(|(known, _)| *known == folded) {
                Some((_, known)) if *known == scope => continue,
                Some(_) => return None,
                None if seen.len() == MAX_PEOPLE || uid.is_empty() => return None,
                None => seen.push((folded, scope)),
            }
            match scope {
                Scope::Admin => body.admins.push(uid),
                Scope::Moderator => body.moderators.push(uid),
                Scope::Participant => body.participants.push(uid),
                Scope::Banned => body.users_to_ban.push(uid),
            }
        }
        (!seen.is_empty()).then_some(body)
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ChangeScope {
    pub(super) scope: &'static str,
}

/// Body of creating or updating a group; `None` is omitted. No `Debug`, because it can hold a password.
#[derive(Default, Serialize)]
pub(super) struct GroupFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    guid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<AddMembers<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unset: Vec<&'static str>,
}

impl<'a> GroupFields<'a> {
    /// A new group with its first members. `type` is always sent: schema and prose disagree on whether it is
    /// required. Fields that only Genuin has (topics, a template) are omitted.
    ///
    /// # Errors
    /// `console.unsupported` if the first members exceed one call, or the metadata is not a JSON object.
    pub(super) fn create(new: &'a NewGroup, people: &[(&'a PersonKey, Scope)]) -> Result<Self, ApiError> {
        let members = if people.is_empty() {
            None
        } else {
            Some(AddMembers::new(people.iter().copied()).ok_or_else(unsupported)?)
        };
        let (kind, password) = access(&new.access);
        let tags = split_tags(&new.tags);
        Ok(Self {
            guid: Some(new.id.as_str()),
            name: Some(&new.name),
            kind: Some(kind),
            password,
            description: Some(&*new.description).filter(|text| !text.is_empty()),
            owner: new.owner.as_deref(),
            tags: (!tags.is_empty()).then_some(tags),
            icon: new.picture.as_ref().map(Picture::as_str),
            metadata: Some(&*new.metadata).filter(|text| !text.is_empty()).map(object).transpose()?,
            members,
            unset: Vec::new(),
        })
    }

    /// The changed fields. Cleared fields are sent in `unset`, as documented.
    /// Assumed: an empty `tags` takes all tags away.
    ///
    /// # Errors
    /// `console.unsupported` if the metadata is not a JSON object.
    pub(super) fn edit(edit: &'a GroupEdit) -> Result<Self, ApiError> {
        let (kind, password) = edit.access.as_ref().map(access).unzip();
        let description = edit.description.as_deref();
        let metadata = edit.metadata.as_deref();
        let icon = match &edit.picture {
            Some(PictureEdit::Set(picture)) => Some(picture.as_str()),
            Some(PictureEdit::Clear) | None => None,
        };
        let emptied = [
            (edit.picture == Some(PictureEdit::Clear), "icon"),
            (description == Some(""), "description"),
            (metadata == Some(""), "metadata"),
        ];
        Ok(Self {
            guid: None,
            name: edit.name.as_deref(),
            kind,
            password: password.flatten(),
            description: description.filter(|text| !text.is_empty()),
            owner: edit.owner.as_deref(),
            tags: edit.tags.as_deref().map(split_tags),
            icon,
            metadata: metadata.filter(|text| !text.is_empty()).map(object).transpose()?,
            members: None,
            unset: emptied.iter().filter(|(is_emptied, _)| *is_emptied).map(|(_, field)| *field).collect(),
        })
    }
}

fn object(text: &str) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_str(text).map_err(|_| unsupported())
}

fn access(access: &Access) -> (&'static str, Option<&str>) {
    let password = match access {
        Access::Public | Access::Private => None,
        Access::Password(password) => password.as_ref().map(domain::Secret::expose),
    };
    (kind(access), password)
}

/// The vendor's name of an access mode.
pub(super) fn kind(access: &Access) -> &'static str {
    match access {
        Access::Public => "public",
        Access::Private => "private",
        Access::Password(_) => "password",
    }
}

/// Splits comma-separated tags.
pub(super) fn split_tags(tags: &str) -> Vec<&str> {
    tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect()
}
