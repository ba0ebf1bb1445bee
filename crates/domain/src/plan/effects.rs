//! What a plan does to people, grouped for a preview.

use super::{Change, Plan, State};
use crate::{Flow, Operation, Person, PersonKey, Scope};

/// What happens to a person. The more consequential come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Banned from a group.
    Ban,
    /// Removed from a group.
    Remove,
    /// A subscription ends.
    Unsubscribe,
    /// Gets a higher scope, or this scope if the current one is unknown.
    Promote(Scope),
    /// Gets a lower scope.
    Demote(Scope),
    /// Joins a group with this scope.
    JoinAs(Scope),
    /// Becomes a moderator of a community.
    Moderate,
    /// Joins a community.
    Join,
    /// Is invited.
    Invite,
    /// Unbanned.
    Unban,
}

impl Effect {
    /// The effect on the change's person; `None` if it changes a group itself.
    fn of(change: &Change) -> Option<Self> {
        Some(match &*change.operation {
            Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. } => Self::Ban,
            Operation::AddToGroup { scope, .. } => Self::JoinAs(*scope),
            Operation::SetScope { scope, .. } => match change.before {
                // Scopes are ordered from most to least.
                State::Scope(before) if *scope > before => Self::Demote(*scope),
                _ => Self::Promote(*scope),
            },
            Operation::AddToCommunity { flow: Flow::Invite, .. }
            | Operation::Register { flow: Flow::Invite, .. }
            | Operation::Invite { .. } => Self::Invite,
            Operation::AddToCommunity { .. } | Operation::Register { .. } => Self::Join,
            Operation::MakeModerator { .. } => Self::Moderate,
            Operation::Kick { .. } => Self::Remove,
            Operation::Unban { .. } => Self::Unban,
            Operation::Unsubscribe { .. } => Self::Unsubscribe,
            Operation::CreateGroup(_)
            | Operation::EditGroup { .. }
            | Operation::DeleteGroup { .. }
            | Operation::CreateCommunity(_) => return None,
        })
    }
}

impl Plan {
    /// The people that something happens to, by effect, most consequential first.
    pub fn effects(&self) -> Vec<(Effect, Vec<&Person>)> {
        let mut effects: Vec<(Effect, Vec<&Person>)> = Vec::new();
        for change in self.to_send() {
            let Some(effect) = Effect::of(change) else { continue };
            let idx = effects.partition_point(|(known, _)| *known < effect);
            if effects.get(idx).is_none_or(|(known, _)| *known != effect) {
                effects.insert(idx, (effect, Vec::new()));
            }
            effects[idx].1.push(&change.person);
        }
        effects
    }

    /// The people for whom nothing is sent because everything is already in effect.
    pub fn people_up_to_date(&self) -> Vec<&Person> {
        let is_done = |change: &&Change| {
            change.action == super::Action::NoOp && !matches!(change.person.key, PersonKey::Group(_))
        };
        self.changes.iter().filter(is_done).map(|change| &change.person).collect()
    }
}
