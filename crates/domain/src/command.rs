//! What somebody wants done: a valid intention, not yet compared with how things are.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Capabilities, GroupEdit, GroupId, NewCommunity, NewGroup, Person, PriceId, RoleId, Scope, Secret,
};

/// How people come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// They are members when the vendor answers.
    Direct,
    /// They get an invite; joining is up to them.
    Invite,
    /// One tap in the vendor's app; the form of this flow is not documented.
    SingleTap,
    /// Lets in who asked already; the form of this flow is not documented.
    ApproveRequest,
}

impl Flow {
    /// The name in class names, keys of texts and addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Flow::Direct => "direct",
            Flow::Invite => "invite",
            Flow::SingleTap => "single_tap",
            Flow::ApproveRequest => "approve_request",
        }
    }
}

/// Whether an effect may be sent again when it is not known what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is the same as once.
    Harmless,
    /// Twice may be one invite, person or group too many, or undo what somebody did since.
    Never,
}

/// One effect at a vendor, on one person or (the last four) on a group itself. Written down, it has no
/// password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Adds the person to a group with a scope; with [`Scope::Banned`] bans them without adding.
    AddToGroup {
        /// The group.
        group: GroupId,
        /// The scope to give.
        scope: Scope,
    },
    /// Adds the person to a community.
    AddToCommunity {
        /// The community.
        community: GroupId,
        /// How they come in.
        flow: Flow,
        /// Whether the community is given during onboarding.
        is_onboarding: bool,
    },
    /// Makes the person a moderator of a community.
    MakeModerator {
        /// The community.
        community: GroupId,
    },
    /// Brings one person in with a role, directly or by invite; a call each.
    Register {
        /// [`Flow::Direct`] or [`Flow::Invite`].
        flow: Flow,
        /// The role to give.
        role: RoleId,
        /// The price plan to put the person on.
        price: Option<PriceId>,
        /// A first password, sent only with a direct add.
        #[serde(skip)]
        password: Option<Secret>,
    },
    /// Sends an e-mail invite; many in a call.
    Invite {
        /// The role to invite for.
        role: RoleId,
        /// A note in the invite.
        note: Option<Box<str>>,
        /// Price plans among which the person chooses.
        prices: Vec<PriceId>,
    },
    /// Gives a member of a group another scope.
    SetScope {
        /// The group.
        group: GroupId,
        /// The new scope: not [`Scope::Banned`], which is [`Effect::Ban`].
        scope: Scope,
    },
    /// Removes a member from a group; they may come back.
    Kick {
        /// The group.
        group: GroupId,
    },
    /// Bans a person from a group.
    Ban {
        /// The group.
        group: GroupId,
    },
    /// Lifts a ban; membership does not come back by itself.
    Unban {
        /// The group.
        group: GroupId,
    },
    /// Ends a subscription to a group.
    Unsubscribe {
        /// The group.
        group: GroupId,
    },
    /// Creates a group.
    CreateGroup(Box<NewGroup>),
    /// Changes a group's own fields.
    EditGroup {
        /// The group.
        group: GroupId,
        /// What becomes different.
        edit: Box<GroupEdit>,
    },
    /// Deletes a group for good.
    DeleteGroup {
        /// The group.
        group: GroupId,
    },
    /// Creates a community.
    CreateCommunity(Box<NewCommunity>),
}

impl Effect {
    /// The group or community that the effect is in, if any.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Effect::AddToGroup { group, .. }
            | Effect::SetScope { group, .. }
            | Effect::Kick { group }
            | Effect::Ban { group }
            | Effect::Unban { group }
            | Effect::Unsubscribe { group }
            | Effect::EditGroup { group, .. }
            | Effect::DeleteGroup { group } => Some(group),
            Effect::AddToCommunity { community, .. } | Effect::MakeModerator { community } => Some(community),
            Effect::CreateGroup(new) => Some(&new.id),
            Effect::Register { .. } | Effect::Invite { .. } | Effect::CreateCommunity(_) => None,
        }
    }

    /// The lane in which it is written: one call at a time changes one group, so that the last change of a
    /// list is the last that arrives. `None` is the lane of what is in no group.
    pub fn lane(&self) -> Option<&GroupId> {
        self.group()
    }

    /// Whether it may be sent again when an answer was lost, as far as the effect itself tells.
    pub fn repeat(&self) -> Repeat {
        match self {
            Effect::AddToGroup { .. }
            | Effect::SetScope { .. }
            | Effect::Kick { .. }
            | Effect::Ban { .. }
            | Effect::Unban { .. }
            | Effect::EditGroup { .. } => Repeat::Harmless,
            Effect::AddToCommunity { .. }
            | Effect::MakeModerator { .. }
            | Effect::Register { .. }
            | Effect::Invite { .. }
            | Effect::Unsubscribe { .. }
            | Effect::CreateGroup(_)
            | Effect::DeleteGroup { .. }
            | Effect::CreateCommunity(_) => Repeat::Never,
        }
    }

    /// The same where a connection's capabilities are known: what cannot be read back is never repeated.
    pub fn repeat_at(&self, capabilities: &Capabilities) -> Repeat {
        let is_readable = capabilities.groups.is_some_and(|groups| match self {
            Effect::EditGroup { .. } => groups.can_list,
            _ => groups.can_list_members,
        });
        if is_readable { self.repeat() } else { Repeat::Never }
    }

    /// True if a person gets a message because of it.
    pub fn sends_message(&self) -> bool {
        match self {
            Effect::Register { .. } | Effect::Invite { .. } => true,
            Effect::AddToCommunity { flow, .. } => *flow == Flow::Invite,
            Effect::AddToGroup { .. }
            | Effect::MakeModerator { .. }
            | Effect::SetScope { .. }
            | Effect::Kick { .. }
            | Effect::Ban { .. }
            | Effect::Unban { .. }
            | Effect::Unsubscribe { .. }
            | Effect::CreateGroup(_)
            | Effect::EditGroup { .. }
            | Effect::DeleteGroup { .. }
            | Effect::CreateCommunity(_) => false,
        }
    }

    /// True if a change with the other effect may travel in the call that begins with this one.
    pub fn shares_call_with(&self, other: &Effect) -> bool {
        match (self, other) {
            // First members come with their group.
            (Effect::CreateGroup(new), Effect::AddToGroup { group, .. }) => {
                new.takes_members && new.id == *group
            }
            (Effect::AddToGroup { group: a, .. }, Effect::AddToGroup { group: b, .. }) => a == b,
            (Effect::Invite { prices: a, .. }, Effect::Invite { prices: b, .. }) => a == b,
            (a, b) => a == b,
        }
    }

    /// The name in keys of texts.
    pub fn slug(&self) -> &'static str {
        match self {
            Effect::AddToGroup { scope: Scope::Banned, .. } | Effect::Ban { .. } => "ban",
            Effect::AddToGroup { .. } => "add_to_group",
            Effect::AddToCommunity { flow: Flow::Invite, .. } => "invite_to_community",
            Effect::AddToCommunity { .. } => "add_to_community",
            Effect::MakeModerator { .. } => "make_moderator",
            Effect::Register { flow: Flow::Invite, .. } | Effect::Invite { .. } => "invite",
            Effect::Register { .. } => "register",
            Effect::SetScope { .. } => "set_scope",
            Effect::Kick { .. } => "kick",
            Effect::Unban { .. } => "unban",
            Effect::Unsubscribe { .. } => "unsubscribe",
            Effect::CreateGroup(_) => "create_group",
            Effect::EditGroup { .. } => "edit_group",
            Effect::DeleteGroup { .. } => "delete_group",
            Effect::CreateCommunity(_) => "create_community",
        }
    }
}

/// A list of people with the effect wanted for each.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Each effect once; people point at theirs.
    pub effects: Vec<Arc<Effect>>,
    /// Who, and the place of the effect in `effects`, in the order of the list.
    pub wishes: Vec<(Person, u32)>,
}

impl Command {
    /// A command for nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A command with one effect for everybody.
    pub fn for_all(effect: Effect, people: impl IntoIterator<Item = Person>) -> Self {
        let mut command = Self::new();
        for person in people {
            command.wish(person, effect.clone());
        }
        command
    }

    /// Adds one wish.
    pub fn wish(&mut self, person: Person, effect: Effect) {
        // The last effects are the likeliest twins: lists come sorted by what is wanted.
        let known = self.effects.iter().rposition(|known| **known == effect);
        let idx = known.unwrap_or_else(|| {
            self.effects.push(Arc::new(effect));
            self.effects.len() - 1
        });
        self.wishes.push((person, idx as u32));
    }
}
