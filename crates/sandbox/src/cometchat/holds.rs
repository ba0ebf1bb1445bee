//! What the state says of a change.

use domain::{Change, Operation, Scope};

use super::state::State;

impl State {
    /// A user's scope in a group, including bans.
    fn scope(&self, guid: &str, uid: &str) -> Option<Scope> {
        let group = self.groups.get(guid)?;
        let banned = || group.banned.contains_key(uid).then_some(Scope::Banned);
        group.members.get(uid).map(|member| member.scope).or_else(banned)
    }

    /// Whether the operation of a change is in place; `None` if the state cannot tell.
    pub(super) fn holds(&self, change: &Change) -> Option<bool> {
        let scope = |group: &domain::GroupId| self.scope(group.as_str(), change.person.key.as_str());
        let group = |group: &domain::GroupId| self.groups.get(group.as_str());
        Some(match &*change.operation {
            Operation::AddToGroup { group, scope: wanted } | Operation::SetScope { group, scope: wanted } => {
                scope(group) == Some(*wanted)
            }
            Operation::Ban { group } => scope(group) == Some(Scope::Banned),
            Operation::Unban { group } => scope(group) != Some(Scope::Banned),
            Operation::Kick { group } => scope(group).is_none_or(|scope| !scope.is_member()),
            Operation::CreateGroup(new) => group(&new.id).is_some(),
            Operation::EditGroup { group: id, edit } => {
                group(id).and_then(|group| group.fields.name.as_deref()) == edit.name.as_deref()
            }
            Operation::DeleteGroup { group: id } => group(id).is_none(),
            _ => return None,
        })
    }
}
