//! Turns the contents of the form into effects for each person.

use domain::capabilities::{AddTarget, Moderation};
use domain::{Command, Flow, GroupId, Operation, Person, PriceId, RoleId, Scope, Secret, Snapshot};
use leptos::prelude::*;

use super::{Form, Purpose};

impl Form {
    /// The command for the people in the box; `None` if the box is empty.
    pub(super) fn command(&self, snapshot: &Snapshot) -> Option<Command> {
        let people = self.people.with_scopes();
        if people.is_empty() {
            return None;
        }
        let mut command = Command::new();
        for (person, scope) in people {
            for operation in self.operations(&person, scope, snapshot) {
                command.intent(person.clone(), operation);
            }
        }
        Some(command)
    }

    fn operations(&self, person: &Person, listed: Option<Scope>, snapshot: &Snapshot) -> Vec<Operation> {
        match self.purpose {
            Purpose::Add => self.adding(person, listed),
            Purpose::Invite => self.inviting(),
            Purpose::Moderate => self.moderating(person, snapshot),
        }
    }

    /// A scope from the pasted list takes precedence, then the one chosen for this person, then the one for
    /// all.
    fn adding(&self, person: &Person, listed: Option<Scope>) -> Vec<Operation> {
        match self.capabilities.add.target {
            AddTarget::Group => {
                let group = GroupId::new(self.group.get().unwrap_or_default());
                let for_all = self.scope.get();
                let chosen = || self.each.with(|each| each.get(person.key.as_str()).copied());
                let scope = listed.or_else(chosen).unwrap_or(for_all);
                vec![Operation::AddToGroup { group, scope }]
            }
            AddTarget::Communities => self.joining(self.chosen_flow()),
            AddTarget::Whole => vec![self.registering()],
        }
    }

    fn inviting(&self) -> Vec<Operation> {
        if self.has_communities() {
            return self.joining(Flow::Invite);
        }
        let note = self.note.get();
        let note = note.trim();
        vec![Operation::Invite {
            role: RoleId::new(self.role.get()),
            note: (!note.is_empty()).then(|| note.into()),
            prices: self.prices.get().into_iter().map(PriceId::new).collect(),
        }]
    }

    fn moderating(&self, person: &Person, snapshot: &Snapshot) -> Vec<Operation> {
        match self.capabilities.moderation {
            Moderation::ByCall => {
                let communities = self.chosen_communities().into_iter();
                communities.map(|community| Operation::MakeModerator { community }).collect()
            }
            Moderation::ByRole => vec![self.registering()],
            Moderation::ByScope => {
                let group = GroupId::new(self.group.get().unwrap_or_default());
                let is_out = snapshot.scope(&group, person.key.as_str()).is_none()
                    && snapshot.groups.get(&group).is_some_and(|known| known.is_complete);
                let scope = Scope::Moderator;
                // A person outside the group is added as a moderator; a member's scope is changed.
                vec![if is_out {
                    Operation::AddToGroup { group, scope }
                } else {
                    Operation::SetScope { group, scope }
                }]
            }
        }
    }

    fn joining(&self, flow: Flow) -> Vec<Operation> {
        let is_onboarding = self.is_onboarding.get();
        let communities = self.chosen_communities().into_iter();
        communities.map(|community| Operation::AddToCommunity { community, flow, is_onboarding }).collect()
    }

    fn registering(&self) -> Operation {
        let (flow, password, price) = (self.chosen_flow(), self.password.get(), self.price.get());
        Operation::Register {
            flow,
            role: RoleId::new(self.role.get()),
            price: (!price.trim().is_empty()).then(|| PriceId::new(price)),
            // A password applies only to a direct add; its effect on an invite is not documented.
            password: (flow == Flow::Direct && !password.is_empty()).then(|| Secret::new(password)),
        }
    }
}
