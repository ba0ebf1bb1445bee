//! What a connection supports. The UI checks capabilities, never the vendor.

use crate::picture::PictureKind;
use crate::{Flow, Operation, Scope};

/// The kinds of keys that identify a person, and their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The vendor accepts its own ids.
    pub takes_ids: bool,
    /// The vendor accepts phone numbers.
    pub takes_phones: bool,
    /// Phone numbers only work for adding people: making moderators and removing people is previewed and
    /// confirmed by id.
    pub phones_only_add: bool,
    /// The vendor accepts e-mail addresses.
    pub takes_emails: bool,
    /// The form of the vendor's ids.
    pub id_shape: IdShape,
    /// Whether every person needs a name.
    pub needs_name: bool,
    /// Whether a list may have a scope beside each person.
    pub takes_scopes: bool,
}

impl Identity {
    /// Whether this operation has to identify the person by the vendor's id.
    pub(crate) fn needs_id(&self, operation: &Operation) -> bool {
        self.phones_only_add
            && matches!(
                operation,
                Operation::MakeModerator { .. } | Operation::Kick { .. } | Operation::Unsubscribe { .. }
            )
    }
}

/// The form of a vendor's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdShape {
    /// `a-z 0-9 - _`, converted to lower case.
    Slug {
        /// Most characters.
        max: usize,
    },
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// 24 hexadecimal digits.
    Hex24,
}

/// Whether people can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directory {
    /// They can, page by page.
    Remote {
        /// What a search matches.
        search: SearchMatch,
    },
    /// They cannot: only the console's own records are available.
    Ledger,
}

/// What a search for people matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchMatch {
    /// The beginning of the name or id.
    StartsWith,
    /// Any part of the name, address or bio.
    Anywhere,
}

/// Where people are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddTarget {
    /// The community of the key, without a choice.
    Whole,
    /// One group, selected or typed.
    Group,
    /// One or more communities, typed or known; one call each.
    Communities,
}

/// The fields of the form for adding people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddForm {
    /// The target.
    pub target: AddTarget,
    /// The available flows. With a single one there is no choice.
    pub flows: &'static [Flow],
    /// Flows that the vendor does not document.
    pub undocumented_flows: &'static [Flow],
    /// The available scopes, or empty.
    pub scopes: &'static [Scope],
    /// Asks for a role in the community.
    pub has_roles: bool,
    /// Offers a price plan.
    pub has_prices: bool,
    /// Offers an initial password with [`Flow::Direct`].
    pub has_password: bool,
    /// Offers to assign the community during onboarding.
    pub has_onboarding: bool,
}

impl Capabilities {
    /// Whether the vendor does not document what this operation does: an undocumented flow, or onboarding.
    pub fn is_undocumented(&self, operation: &Operation) -> bool {
        match operation {
            Operation::AddToCommunity { flow, is_onboarding, .. } => {
                *is_onboarding || self.add.undocumented_flows.contains(flow)
            }
            _ => false,
        }
    }
}

/// How moderators are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moderation {
    /// By a separate call, for one community; cannot be read or undone.
    ByCall,
    /// By a role assigned when people are added or invited; later only at the vendor.
    ByRole,
    /// By their scope in a group.
    ByScope,
}

/// The kind of invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invites {
    /// E-mail invites with a note and price plans, many per call.
    ByEmail,
    /// The invite flow of adding people to a community.
    ByFlow,
    /// The vendor has none.
    None,
}

/// Operations on groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Groups can be listed.
    pub can_list: bool,
    /// The members of a group and their scopes can be listed.
    pub can_list_members: bool,
    /// Groups can be created.
    pub can_create: bool,
    /// Communities can be created.
    pub can_create_community: bool,
    /// Groups can be edited.
    pub can_edit: bool,
    /// Groups can be deleted.
    pub can_delete: bool,
    /// People can be added to and removed from a group by its id, without reading it.
    pub has_blind_membership: bool,
    /// Subscriptions can be ended.
    pub has_subscribers: bool,
    /// Scopes in a group, or empty.
    pub scopes: &'static [Scope],
    /// Size above which the vendor stops unread counts and conversation updates.
    pub soft_limit: Option<u64>,
    /// Calls may act as a person, whose scope in the group is checked.
    pub has_acting_person: bool,
    /// The id of the owner of groups that belong to no person, if the vendor names one.
    pub owner_of_ownerless: Option<&'static str>,
    /// A group needs the id of its community, and its access cannot be chosen.
    pub belongs_to_community: bool,
    /// The fields of the group and community forms.
    pub form: GroupForm,
}

/// The fields of the group and community forms besides name, description and tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupForm {
    /// How a picture is identified.
    pub picture: PictureKind,
    /// A picture can be removed.
    pub can_clear_picture: bool,
    /// Asks for topics, a template and AI-generated content.
    pub has_topics: bool,
    /// Accepts a custom JSON object.
    pub has_metadata: bool,
    /// How many first members can be sent in the call that creates a group, because its response names each
    /// of them; `None` if they are added by separate calls.
    pub n_first_members: Option<usize>,
    /// Length limits of texts, if the vendor documents them.
    pub max: Option<GroupTextLimits>,
}

/// Length limits of a group's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupTextLimits {
    /// Characters of the name.
    pub name: usize,
    /// Characters of the description.
    pub description: usize,
    /// Characters of the password.
    pub password: usize,
    /// Number of tags.
    pub tags: usize,
    /// Characters of one tag.
    pub tag: usize,
    /// Bytes of the JSON object.
    pub metadata: usize,
}

impl GroupForm {
    /// The minimum: a picture by its URL.
    pub const LEAST: Self = Self {
        picture: PictureKind::Address,
        can_clear_picture: false,
        has_topics: false,
        has_metadata: false,
        n_first_members: None,
        max: None,
    };
}

/// What a connection supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// How people are identified.
    pub identity: Identity,
    /// Whether people can be listed.
    pub directory: Directory,
    /// Adding people.
    pub add: AddForm,
    /// Moderators.
    pub moderation: Moderation,
    /// Invites.
    pub invites: Invites,
    /// Groups; `None` if the vendor has none.
    pub groups: Option<Groups>,
    /// The response to an add lists only the people added, so the others are unknown.
    pub silence_is_unknown: bool,
    /// One call tells which community the key belongs to.
    pub has_community_details: bool,
}
