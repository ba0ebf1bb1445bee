//! What the user wants done: a valid intention, not yet compared with the current state.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Capabilities, GroupEdit, GroupId, NewCommunity, NewGroup, Person, PriceId, RoleId, Scope, Secret,
};

/// How people join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// They become members at once.
    Direct,
    /// They get an invite and decide themselves.
    Invite,
    /// One tap in the vendor's app; the format of this flow is undocumented.
    SingleTap,
    /// Approves a pending request; the format of this flow is undocumented.
    ApproveRequest,
}

impl Flow {
    /// Every flow.
    pub const ALL: [Self; 4] = [Self::Direct, Self::Invite, Self::SingleTap, Self::ApproveRequest];

    /// The name in class names, translation keys and URLs.
    pub fn slug(self) -> &'static str {
        match self {
            Flow::Direct => "direct",
            Flow::Invite => "invite",
            Flow::SingleTap => "single_tap",
            Flow::ApproveRequest => "approve_request",
        }
    }
}

/// Whether an operation may be sent again when its result is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Idempotent: sending it twice has the same effect as once.
    Harmless,
    /// Sending it twice may create an extra invite, person or group, or undo a later change.
    Never,
}

/// One operation at a vendor, on one person or (the last four) on a group itself. Its password is not
/// serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Adds the person to a group with a scope; with [`Scope::Banned`], bans them without adding.
    AddToGroup {
        /// The group.
        group: GroupId,
        /// The scope.
        scope: Scope,
    },
    /// Adds the person to a community.
    AddToCommunity {
        /// The community.
        community: GroupId,
        /// How they join.
        flow: Flow,
        /// Whether the community is assigned during onboarding.
        is_onboarding: bool,
    },
    /// Makes the person a moderator of a community.
    MakeModerator {
        /// The community.
        community: GroupId,
    },
    /// Registers one person with a role, directly or by invite. One person per call.
    Register {
        /// [`Flow::Direct`] or [`Flow::Invite`].
        flow: Flow,
        /// The role.
        role: RoleId,
        /// The price plan of the person.
        price: Option<PriceId>,
        /// An initial password, sent only with [`Flow::Direct`].
        #[serde(skip)]
        password: Option<Secret>,
    },
    /// Sends an e-mail invite. Many people per call.
    Invite {
        /// The role in the invite.
        role: RoleId,
        /// A note in the invite.
        note: Option<Box<str>>,
        /// Price plans the person can choose from.
        prices: Vec<PriceId>,
    },
    /// Changes the scope of a group member.
    SetScope {
        /// The group.
        group: GroupId,
        /// The new scope; never [`Scope::Banned`], which is [`Operation::Ban`].
        scope: Scope,
    },
    /// Removes a member from a group; they may join again.
    Kick {
        /// The group.
        group: GroupId,
    },
    /// Bans a person from a group.
    Ban {
        /// The group.
        group: GroupId,
    },
    /// Lifts a ban; does not restore membership.
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
    /// Changes the fields of a group.
    EditGroup {
        /// The group.
        group: GroupId,
        /// The fields to change.
        edit: Box<GroupEdit>,
    },
    /// Deletes a group permanently.
    DeleteGroup {
        /// The group.
        group: GroupId,
    },
    /// Creates a community.
    CreateCommunity(Box<NewCommunity>),
}

impl Operation {
    /// The group or community of the operation, if any.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Operation::AddToGroup { group, .. }
            | Operation::SetScope { group, .. }
            | Operation::Kick { group }
            | Operation::Ban { group }
            | Operation::Unban { group }
            | Operation::Unsubscribe { group }
            | Operation::EditGroup { group, .. }
            | Operation::DeleteGroup { group } => Some(group),
            Operation::AddToCommunity { community, .. } | Operation::MakeModerator { community } => {
                Some(community)
            }
            Operation::CreateGroup(new) => Some(&new.id),
            Operation::Register { .. } | Operation::Invite { .. } | Operation::CreateCommunity(_) => None,
        }
    }

    /// Whether it may be sent again after a lost response, judging by the operation alone.
    pub fn repeat(&self) -> Repeat {
        match self {
            Operation::AddToGroup { .. }
            | Operation::SetScope { .. }
            | Operation::Kick { .. }
            | Operation::Ban { .. }
            | Operation::Unban { .. }
            | Operation::EditGroup { .. } => Repeat::Harmless,
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateGroup(_)
            | Operation::DeleteGroup { .. }
            | Operation::CreateCommunity(_) => Repeat::Never,
        }
    }

    /// Like [`repeat`](Self::repeat), but never for operations that cannot be read back with these capabilities.
    pub fn repeat_at(&self, capabilities: &Capabilities) -> Repeat {
        let is_readable = capabilities.groups.is_some_and(|groups| match self {
            Operation::EditGroup { .. } => groups.can_list,
            _ => groups.can_list_members,
        });
        if is_readable { self.repeat() } else { Repeat::Never }
    }

    /// True if the operation sends the person a message.
    pub fn sends_message(&self) -> bool {
        match self {
            Operation::Register { .. } | Operation::Invite { .. } => true,
            Operation::AddToCommunity { flow, .. } => *flow == Flow::Invite,
            Operation::AddToGroup { .. }
            | Operation::MakeModerator { .. }
            | Operation::SetScope { .. }
            | Operation::Kick { .. }
            | Operation::Ban { .. }
            | Operation::Unban { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateGroup(_)
            | Operation::EditGroup { .. }
            | Operation::DeleteGroup { .. }
            | Operation::CreateCommunity(_) => false,
        }
    }

    /// True if a change with the other operation may join a call that begins with this one.
    pub fn shares_call_with(&self, other: &Operation) -> bool {
        match (self, other) {
            // The first members are created with their group.
            (Operation::CreateGroup(new), Operation::AddToGroup { group, .. }) => {
                new.takes_members && new.id == *group
            }
            (Operation::AddToGroup { group: a, .. }, Operation::AddToGroup { group: b, .. }) => a == b,
            (Operation::Invite { prices: a, .. }, Operation::Invite { prices: b, .. }) => a == b,
            (a, b) => a == b,
        }
    }

    /// The name of the kind of operation, as in exports.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::AddToGroup { .. } => "add_to_group",
            Operation::AddToCommunity { .. } => "add_to_community",
            Operation::MakeModerator { .. } => "make_moderator",
            Operation::Register { .. } => "register",
            Operation::Invite { .. } => "invite",
            Operation::SetScope { .. } => "set_scope",
            Operation::Kick { .. } => "kick",
            Operation::Ban { .. } => "ban",
            Operation::Unban { .. } => "unban",
            Operation::Unsubscribe { .. } => "unsubscribe",
            Operation::CreateGroup(_) => "create_group",
            Operation::EditGroup { .. } => "edit_group",
            Operation::DeleteGroup { .. } => "delete_group",
            Operation::CreateCommunity(_) => "create_community",
        }
    }

    /// The name in translation keys: what the operation does, however it is called.
    pub fn slug(&self) -> &'static str {
        match self {
            Operation::AddToGroup { scope: Scope::Banned, .. } => "ban",
            Operation::AddToCommunity { flow: Flow::Invite, .. } => "invite_to_community",
            Operation::Register { flow: Flow::Invite, .. } => "invite",
            _ => self.name(),
        }
    }
}

/// A list of people with the desired operation for each.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Each operation once; `items` refers to them by index.
    pub operations: Vec<Arc<Operation>>,
    /// Each person with the index of their operation, in the order of the list.
    pub items: Vec<(Person, u32)>,
    /// Whether it undoes earlier changes.
    pub is_undo: bool,
}

impl Command {
    /// A command without people.
    pub fn new() -> Self {
        Self::default()
    }

    /// A command with one operation for all people.
    pub fn for_all(operation: Operation, people: impl IntoIterator<Item = Person>) -> Self {
        let mut command = Self::new();
        for person in people {
            command.intent(person, operation.clone());
        }
        command
    }

    /// Adds a person and an operation.
    pub fn intent(&mut self, person: Person, operation: Operation) {
        // Search from the end: lists are usually sorted by operation.
        let known = self.operations.iter().rposition(|known| **known == operation);
        let idx = known.unwrap_or_else(|| {
            self.operations.push(Arc::new(operation));
            self.operations.len() - 1
        });
        self.items.push((person, idx as u32));
    }

    /// Adds the people and operations of another command.
    pub fn append(&mut self, other: Command) {
        let first = self.operations.len() as u32;
        self.operations.extend(other.operations);
        self.items.extend(other.items.into_iter().map(|(person, idx)| (person, first + idx)));
    }
}
