//! What a connection can do. Screens ask this, and never which vendor it is.

use crate::picture::PictureKind;
use crate::{Effect, Flow, Scope};

/// Which kinds of keys name a person, and their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The vendor takes its own ids.
    pub takes_ids: bool,
    /// The vendor takes phone numbers.
    pub takes_phones: bool,
    /// A phone number names a person only where people are added: what makes moderators or takes people out is
    /// told and confirmed by id.
    pub phones_only_add: bool,
    /// The vendor takes e-mail addresses.
    pub takes_emails: bool,
    /// The form of the vendor's ids.
    pub id_shape: IdShape,
    /// Whether a person must come with a name.
    pub needs_name: bool,
    /// Whether a list may name a scope beside each person.
    pub takes_scopes: bool,
}

impl Identity {
    /// Whether this effect can be told and confirmed only by the vendor's id.
    pub fn needs_id(&self, effect: &Effect) -> bool {
        self.phones_only_add
            && matches!(
                effect,
                Effect::MakeModerator { .. } | Effect::Kick { .. } | Effect::Unsubscribe { .. }
            )
    }
}

/// The form of a vendor's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdShape {
    /// `a-z 0-9 - _`, capitals folded to small letters, at most so many characters.
    Slug {
        /// Most characters.
        max: usize,
    },
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// 24 hexadecimal digits.
    Hex24,
}

/// Whether the people can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directory {
    /// They can, page by page.
    Remote {
        /// What a search matches.
        search: SearchMatch,
    },
    /// They cannot: what the console did is the only memory.
    Ledger,
}

/// What a search among people matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchMatch {
    /// The beginning of name or id.
    StartsWith,
    /// Any part of name, address or what people wrote about themselves.
    Anywhere,
}

/// Where people are added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddTarget {
    /// The community of the key; nothing to choose.
    Whole,
    /// One group, picked from the list or typed.
    Group,
    /// One or more communities, typed or known from before; a call each.
    Communities,
}

/// What the form for adding people asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddForm {
    /// Where to.
    pub target: AddTarget,
    /// Ways to come in; one of them means there is nothing to choose.
    pub flows: &'static [Flow],
    /// Flows that the vendor leaves undocumented.
    pub undocumented_flows: &'static [Flow],
    /// Scopes to choose from; empty for none.
    pub scopes: &'static [Scope],
    /// Asks for a role of the community.
    pub has_roles: bool,
    /// Offers a price plan.
    pub has_prices: bool,
    /// Offers a first password with [`Flow::Direct`].
    pub has_password: bool,
    /// Offers to give the community during onboarding.
    pub has_onboarding: bool,
}

impl Capabilities {
    /// Whether the vendor leaves open what this effect does: a flow beyond its documented words, or onboarding.
    pub fn is_undocumented(&self, effect: &Effect) -> bool {
        match effect {
            Effect::AddToCommunity { flow, is_onboarding, .. } => {
                *is_onboarding || self.add.undocumented_flows.contains(flow)
            }
            _ => false,
        }
    }
}

/// How moderators come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moderation {
    /// By a call of their own, for one community; cannot be read or taken back.
    ByCall,
    /// By a role that is given when people are added or invited; later only at the vendor.
    ByRole,
    /// By their scope in a group.
    ByScope,
}

/// What the invite form asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invites {
    /// E-mail invites with a note and price plans, many in a call.
    ByEmail,
    /// The invite flow of adding people to a community.
    ByFlow,
    /// The vendor has none.
    None,
}

/// What can be done with groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups {
    /// The list of groups can be read.
    pub can_list: bool,
    /// The people of a group and their scopes can be read.
    pub can_list_members: bool,
    /// Groups can be created.
    pub can_create: bool,
    /// Communities can be created.
    pub can_create_community: bool,
    /// Groups can be changed.
    pub can_edit: bool,
    /// Groups can be deleted.
    pub can_delete: bool,
    /// Single people can be added to and removed from a group named by its id, without reading it.
    pub has_blind_membership: bool,
    /// Subscriptions can be ended.
    pub has_subscribers: bool,
    /// Scopes in a group; empty for none.
    pub scopes: &'static [Scope],
    /// Size above which the vendor stops unread counts and conversation updates.
    pub soft_limit: Option<u64>,
    /// The group may have an acting person whose scope is checked.
    pub has_acting_person: bool,
    /// A group needs the id of its community, and access cannot be chosen.
    pub belongs_to_community: bool,
    /// What the forms of groups and communities ask.
    pub form: GroupForm,
}

/// What the forms of groups and communities ask beside name, description and tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupForm {
    /// How a picture is named.
    pub picture: PictureKind,
    /// A picture can be taken away.
    pub can_clear_picture: bool,
    /// Topics, a template and what AI made are asked for.
    pub has_topics: bool,
    /// A JSON object of the caller's own is taken.
    pub has_metadata: bool,
    /// So many first members travel in the call that creates a group, because its answer names each of them;
    /// `None` if they are added by calls of their own.
    pub n_first_members: Option<usize>,
    /// How long texts may be, where the vendor says so.
    pub max: Option<GroupTextLimits>,
}

/// How long the texts of a group may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupTextLimits {
    /// Characters of the name.
    pub name: usize,
    /// Characters of the description.
    pub description: usize,
    /// Characters of the password.
    pub password: usize,
    /// How many tags.
    pub tags: usize,
    /// Characters of one tag.
    pub tag: usize,
    /// Bytes of the JSON object.
    pub metadata: usize,
}

impl GroupForm {
    /// The least: a picture by its address.
    pub const LEAST: Self = Self {
        picture: PictureKind::Address,
        can_clear_picture: false,
        has_topics: false,
        has_metadata: false,
        n_first_members: None,
        max: None,
    };
}

/// What a connection can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// How people are named.
    pub identity: Identity,
    /// Whether people can be read.
    pub directory: Directory,
    /// Adding people.
    pub add: AddForm,
    /// Moderators.
    pub moderation: Moderation,
    /// Invites.
    pub invites: Invites,
    /// Groups; `None` where the vendor has none.
    pub groups: Option<Groups>,
    /// The answer to an add lists only who was added: silence is unknown.
    pub silence_is_unknown: bool,
    /// An add can be taken back through the API.
    pub can_remove_added: bool,
    /// One call tells which community the key belongs to.
    pub has_community_details: bool,
}
