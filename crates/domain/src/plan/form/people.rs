//! The form that adds, invites and assigns people. It asks for what the vendor needs.

use std::collections::BTreeMap;

use super::typed;
use crate::capabilities::{AddTarget, Moderation};
use crate::order;
use crate::{
    Capabilities, Command, Flow, GroupId, Operation, Person, PriceId, RoleId, Scope, Secret, Snapshot, key,
};

/// What the form does with the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Add people.
    Add,
    /// Make people moderators.
    Moderate,
    /// Invite people.
    Invite,
    /// Ban people from a group.
    Ban,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 4] = [Purpose::Add, Purpose::Invite, Purpose::Moderate, Purpose::Ban];

    /// The name in addresses and in stored forms.
    pub fn slug(self) -> &'static str {
        match self {
            Purpose::Add => "add",
            Purpose::Invite => "invite",
            Purpose::Moderate => "moderate",
            Purpose::Ban => "ban",
        }
    }
}

/// The form for one purpose at a vendor.
#[derive(Clone, Copy, Debug)]
pub struct PeopleForm {
    /// What it does.
    pub purpose: Purpose,
    /// What the vendor supports.
    pub capabilities: Capabilities,
}

/// What was entered besides the people.
#[derive(Clone, Debug)]
pub struct PeopleFields {
    /// The group, or the community in the picker.
    pub group: Option<String>,
    /// Further communities.
    pub communities: Vec<String>,
    /// How people join.
    pub flow: Flow,
    /// The scope of everyone without one of their own.
    pub scope: Scope,
    /// Scopes chosen for single people, by key.
    pub each: BTreeMap<String, Scope>,
    /// The role's id.
    pub role: String,
    /// The id of the pricing plan, or empty.
    pub price: String,
    /// Ids of the pricing plans offered with an invite.
    pub prices: Vec<String>,
    /// An initial password, if one was entered.
    pub password: Option<Secret>,
    /// Whether a password was entered before and is gone.
    pub is_password_lost: bool,
    /// The note of an invite.
    pub note: String,
    /// Whether the community is assigned during onboarding.
    pub is_onboarding: bool,
}

impl Default for PeopleFields {
    /// An empty form, with the least that people can be given.
    fn default() -> Self {
        Self {
            group: None,
            communities: Vec::new(),
            flow: Flow::Direct,
            scope: Scope::Participant,
            each: BTreeMap::new(),
            role: String::new(),
            price: String::new(),
            prices: Vec::new(),
            password: None,
            is_password_lost: false,
            note: String::new(),
            is_onboarding: false,
        }
    }
}

/// What is known about the group in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupReading {
    /// It was read, or cannot be read by anyone.
    Done,
    /// It is being read, or could not be read.
    Missing,
}

/// What has to be entered before the form can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A group.
    Group,
    /// The group's members. They decide what is sent: a member's scope is changed, everyone else is added.
    GroupReading,
    /// A community with a valid id.
    Community,
    /// A role.
    Role,
    /// The lost password, or the decision to send none.
    Password,
}

impl PeopleForm {
    /// Whether the form asks for a group.
    pub fn has_group(&self) -> bool {
        match self.purpose {
            Purpose::Add | Purpose::Invite => self.capabilities.add.target == AddTarget::Group,
            Purpose::Moderate => self.capabilities.moderation == Moderation::ByScope,
            Purpose::Ban => true,
        }
    }

    /// Whether the form asks for communities.
    pub fn has_communities(&self) -> bool {
        self.purpose != Purpose::Ban && self.capabilities.add.target == AddTarget::Communities
    }

    /// Whether the form asks how people join.
    pub fn has_flows(&self) -> bool {
        let is_by_role = self.capabilities.moderation == Moderation::ByRole;
        let is_asked = self.purpose == Purpose::Add || (self.purpose == Purpose::Moderate && is_by_role);
        is_asked && self.capabilities.add.flows.len() > 1
    }

    /// Whether the form asks for a role.
    pub fn has_roles(&self) -> bool {
        self.purpose != Purpose::Ban && self.capabilities.add.has_roles
    }

    /// Whether the form asks for an initial password when this flow is chosen.
    pub fn has_password(&self, chosen: Flow) -> bool {
        let is_asked =
            !matches!(self.purpose, Purpose::Invite | Purpose::Ban) && self.capabilities.add.has_password;
        is_asked && self.flow(chosen) == Flow::Direct
    }

    /// The chosen flow, if the vendor has it.
    pub fn flow(&self, chosen: Flow) -> Flow {
        if self.capabilities.add.flows.contains(&chosen) { chosen } else { Flow::Direct }
    }

    /// The communities with valid ids, each once.
    pub fn communities(&self, fields: &PeopleFields) -> Vec<GroupId> {
        let shape = self.capabilities.identity.id_shape;
        let ids = fields.communities.iter().chain(&fields.group);
        let ids = order::distinct(ids.filter_map(|id| key::id(id.trim(), shape).ok()));
        ids.into_iter().map(GroupId::new).collect()
    }

    /// What is missing besides people, in the order of the form.
    pub fn missing(&self, fields: &PeopleFields, reading: GroupReading) -> Option<Missing> {
        if self.has_group() {
            if fields.group.is_none() {
                return Some(Missing::Group);
            }
            if reading == GroupReading::Missing {
                return Some(Missing::GroupReading);
            }
        }
        if self.has_communities() && self.communities(fields).is_empty() {
            return Some(Missing::Community);
        }
        if self.has_roles() && fields.role.is_empty() {
            return Some(Missing::Role);
        }
        let is_lost = fields.is_password_lost && fields.password.is_none();
        (self.has_password(fields.flow) && is_lost).then_some(Missing::Password)
    }

    /// The command for these people, each with the scope that the list has beside them; `None` without people.
    pub fn command(
        &self,
        fields: &PeopleFields,
        people: Vec<(Person, Option<Scope>)>,
        snapshot: &Snapshot,
    ) -> Option<Command> {
        if people.is_empty() {
            return None;
        }
        let mut command = Command::new();
        for (person, scope) in people {
            for operation in self.operations(fields, &person, scope, snapshot) {
                command.intent(person.clone(), operation);
            }
        }
        Some(command)
    }

    fn operations(
        &self,
        fields: &PeopleFields,
        person: &Person,
        listed: Option<Scope>,
        snapshot: &Snapshot,
    ) -> Vec<Operation> {
        match self.purpose {
            Purpose::Add => self.add(fields, person, listed),
            Purpose::Ban => {
                let to = |scope| Operation::AddToGroup { group: group(fields), scope };
                // Another scope in the list contradicts the form, which planning reports.
                let other = chosen_scope(fields, person).or(listed).filter(|scope| *scope != Scope::Banned);
                std::iter::once(Scope::Banned).chain(other).map(to).collect()
            }
            Purpose::Invite => self.invite(fields),
            Purpose::Moderate => self.moderate(fields, person, listed, snapshot),
        }
    }

    /// A scope chosen for this person takes precedence, then the one in the list, then the one for all.
    fn add(&self, fields: &PeopleFields, person: &Person, listed: Option<Scope>) -> Vec<Operation> {
        match self.capabilities.add.target {
            AddTarget::Group => {
                let scope = chosen_scope(fields, person).or(listed).unwrap_or(fields.scope);
                vec![Operation::AddToGroup { group: group(fields), scope }]
            }
            AddTarget::Communities => self.join(fields, self.flow(fields.flow)),
            AddTarget::Whole => vec![self.register(fields)],
        }
    }

    fn invite(&self, fields: &PeopleFields) -> Vec<Operation> {
        if self.has_communities() {
            return self.join(fields, Flow::Invite);
        }
        vec![Operation::Invite {
            role: RoleId::new(&fields.role),
            note: typed(&fields.note).map(Into::into),
            prices: fields.prices.iter().map(PriceId::new).collect(),
        }]
    }

    fn moderate(
        &self,
        fields: &PeopleFields,
        person: &Person,
        listed: Option<Scope>,
        snapshot: &Snapshot,
    ) -> Vec<Operation> {
        match self.capabilities.moderation {
            Moderation::ByCall => {
                let communities = self.communities(fields).into_iter();
                communities.map(|community| Operation::MakeModerator { community }).collect()
            }
            Moderation::ByRole => vec![self.register(fields)],
            Moderation::ByScope => {
                let group = group(fields);
                let is_out = snapshot.scope(&group, person.key.as_str()).is_none()
                    && snapshot.groups.get(&group).is_some_and(|known| known.is_complete);
                // A person outside the group is added as a moderator; a member's scope is changed.
                let to = |scope| {
                    let group = group.clone();
                    if is_out {
                        Operation::AddToGroup { group, scope }
                    } else {
                        Operation::SetScope { group, scope }
                    }
                };
                // Another scope in the list contradicts the form, which planning reports.
                let other = listed.filter(|scope| *scope != Scope::Moderator);
                std::iter::once(Scope::Moderator).chain(other).map(to).collect()
            }
        }
    }

    fn join(&self, fields: &PeopleFields, flow: Flow) -> Vec<Operation> {
        let is_onboarding = fields.is_onboarding;
        let communities = self.communities(fields).into_iter();
        communities.map(|community| Operation::AddToCommunity { community, flow, is_onboarding }).collect()
    }

    fn register(&self, fields: &PeopleFields) -> Operation {
        let flow = self.flow(fields.flow);
        Operation::Register {
            flow,
            role: RoleId::new(&fields.role),
            price: typed(&fields.price).map(PriceId::new),
            // A password applies only to a direct add; its effect on an invite is not documented.
            password: fields.password.clone().filter(|_| flow == Flow::Direct),
        }
    }
}

/// The scope chosen in the form for one person.
fn chosen_scope(fields: &PeopleFields, person: &Person) -> Option<Scope> {
    fields.each.get(person.key.as_str()).copied()
}

fn group(fields: &PeopleFields) -> GroupId {
    GroupId::new(fields.group.as_deref().unwrap_or_default())
}
