//! Genuin's wire format: request bodies and response fields.
//!
//! Sources: "Authentication API", "Community API", "Add Member API", "Add Moderator API", "Create Group API",
//! "Add or manage group members". The member and moderator pages print every request field as `"any"`; the
//! types here are those of sibling pages and public clients.

use domain::{PersonKey, Picture};
use serde::Serialize;

/// Header of the sign-in response. Assumed: pages disagree on the place of the token; first-party logins have
/// it here.
pub(super) const TOKEN_HEADER: &str = "gn-access-token";
/// Fields of `data` that may hold the token if the header is missing, best first. Assumed: the body is
/// undocumented.
pub(super) const TOKEN_FIELDS: [&str; 3] = ["gn-access-token", "access_token", "token"];

/// `code` of every success.
pub(super) const CODE_SUCCESS: u64 = 200;

/// The role number of a moderator (Genuin, Add Moderator API).
pub(super) const ROLE_MODERATOR: u64 = 3;
/// The type number of a group (Genuin, Create Group API).
const TYPE_GROUP: u8 = 4;
/// Assumed: the values of the mandatory `type` of a community are undocumented; public clients use these.
const TYPE_PUBLIC: u8 = 1;
const TYPE_PRIVATE: u8 = 2;

#[derive(Serialize)]
pub(super) struct Auth<'a> {
    pub api_key: &'a str,
    pub api_secret: &'a str,
}

/// A person in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum User<'a> {
    UserId(&'a str),
    /// Digits only, country code first.
    PhoneNumber(&'a str),
}

impl<'a> User<'a> {
    /// `None` for keys that Genuin does not accept.
    pub(super) fn of(key: &'a PersonKey) -> Option<Self> {
        match key {
            PersonKey::Id(id) if !id.is_empty() => Some(User::UserId(id)),
            PersonKey::Phone(digits) if !digits.is_empty() => Some(User::PhoneNumber(digits)),
            PersonKey::Id(_) | PersonKey::Phone(_) | PersonKey::Email(_) | PersonKey::Group(_) => None,
        }
    }

    /// Whether the key is an id, which moderators and removals require.
    pub(super) fn has_id(key: &PersonKey) -> bool {
        User::of(key).and_then(User::id).is_some()
    }

    /// The bare id, as some lists have it.
    pub(super) fn id(self) -> Option<&'a str> {
        match self {
            User::UserId(id) => Some(id),
            User::PhoneNumber(_) => None,
        }
    }
}

/// All six documented fields. Assumed: the flags are booleans, as their names and public clients suggest.
#[derive(Default, Serialize)]
pub(super) struct AddUsers<'a> {
    /// One per call, because the response does not say which community it is about.
    pub communities: Vec<&'a str>,
    pub users: Vec<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onboarding_communities: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_tap_join: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite_members: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_request_approved: Option<bool>,
}

#[derive(Serialize)]
pub(super) struct AddModerators<'a> {
    pub community_id: &'a str,
    pub users: Vec<User<'a>>,
}

/// A permission of members. Assumed: the page calls `actions` mandatory but explains no value; this is the
/// pair of the vendor's group sample.
#[derive(Serialize)]
pub(super) struct CommunityAction {
    action_id: u32,
    access_type_id: u32,
}

pub(super) const COMMUNITY_ACTIONS: [CommunityAction; 1] =
    [CommunityAction { action_id: 3, access_type_id: 5 }];

#[derive(Serialize)]
pub(super) struct CreateCommunity<'a> {
    pub handle: &'a str,
    pub name: &'a str,
    pub r#type: u8,
    pub actions: [CommunityAction; 1],
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub tags: &'a str,
    /// A file name; how to upload the file is undocumented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dp: Option<&'a str>,
    /// As `dp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banner: Option<&'a str>,
    #[serde(skip_serializing_if = "Categories::is_empty")]
    pub categories: Categories<'a>,
    #[serde(skip_serializing_if = "is_no")]
    pub is_ai_generated: bool,
    #[serde(skip_serializing_if = "is_no")]
    pub is_ai_generated_dp: bool,
    #[serde(skip_serializing_if = "is_no")]
    pub is_ai_generated_banner: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User<'a>>,
}

/// Existing categories by number and new ones by name (Genuin, Community API).
#[derive(Serialize)]
pub(super) struct Categories<'a> {
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    pub existing: &'a [u32],
    #[serde(skip_serializing_if = "<[Box<str>]>::is_empty")]
    pub new: &'a [Box<str>],
}

impl Categories<'_> {
    fn is_empty(&self) -> bool {
        self.existing.is_empty() && self.new.is_empty()
    }
}

/// For `skip_serializing_if`: unset flags are omitted.
fn is_no(flag: &bool) -> bool {
    !flag
}

/// The type number of a community.
pub(super) fn community_type(is_private: bool) -> u8 {
    if is_private { TYPE_PRIVATE } else { TYPE_PUBLIC }
}

#[derive(Serialize)]
pub(super) struct Settings {
    pub discoverable: bool,
}

#[derive(Serialize)]
pub(super) struct CreateGroup<'a> {
    r#type: u8,
    community_id: &'a str,
    chat_id: &'a str,
    group: NewGroup<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Settings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_id: Option<u32>,
    #[serde(skip_serializing_if = "is_no")]
    is_ai_generated: bool,
}

#[derive(Serialize)]
pub(super) struct NewGroup<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub tags: &'a str,
    /// A file name, as in a community.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dp: Option<&'a str>,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    pub topics: &'a [u32],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<User<'a>>,
}

impl<'a> CreateGroup<'a> {
    /// The body for a group in a community, with its first members.
    pub(super) fn new(community_id: &'a str, new: &'a domain::NewGroup, members: Vec<User<'a>>) -> Self {
        Self {
            r#type: TYPE_GROUP,
            community_id,
            chat_id: new.id.as_str(),
            group: NewGroup {
                name: &new.name,
                description: &new.description,
                tags: &new.tags,
                dp: new.picture.as_ref().map(Picture::as_str),
                topics: &new.topics,
                members,
            },
            settings: new.is_discoverable.map(|discoverable| Settings { discoverable }),
            template_id: new.template,
            is_ai_generated: new.is_ai_generated,
        }
    }
}

/// Every field is optional. People are added as objects and removed by bare id.
#[derive(Default, Serialize)]
pub(super) struct UpdateGroup<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members_added: Vec<User<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members_removed: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscribers_removed: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dp: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<&'a [u32]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
}
