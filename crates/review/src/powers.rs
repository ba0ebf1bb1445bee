//! Who has power in a group, before and after a request.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Action, Change, ChangeId, GroupId, PersonKey, Scope, Snapshot, State, order};

use crate::request::ReviewRequest;

/// The admins and moderators of a group, by the vendor's id of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPowers {
    /// The group.
    pub group: GroupId,
    /// Those of now.
    pub before: BTreeMap<Box<str>, Scope>,
    /// Those after the chosen changes.
    pub after: BTreeMap<Box<str>, Scope>,
}

impl ReviewRequest {
    /// The powers in each group that the request changes, as far as it was read, before and after the chosen changes.
    pub fn powers(&self, snapshot: &Snapshot, is_chosen: impl Fn(ChangeId) -> bool) -> Vec<GroupPowers> {
        let groups = order::set(self.operations.iter().filter_map(|operation| operation.group()));
        let mut powers: BTreeMap<&GroupId, GroupPowers> = BTreeMap::new();
        for group in groups {
            let Some(known) = snapshot.groups.get(group) else { continue };
            let people = known.scopes.iter().filter(|(_, scope)| **scope <= Scope::Moderator);
            let before: BTreeMap<_, _> = people.map(|(id, scope)| (id.clone(), *scope)).collect();
            let after = before.clone();
            powers.insert(group, GroupPowers { group: group.clone(), before, after });
        }
        for id in self.change_ids().filter(|id| is_chosen(*id)) {
            let asked = &self.changes[id.as_idx()];
            let operation = self.operation(id);
            let group = operation.group().and_then(|group| powers.get_mut(group));
            let (Some(group), PersonKey::Id(person)) = (group, &asked.person.key) else { continue };
            let change = Change::new(id, asked.person.clone(), Arc::new(operation.clone()), snapshot);
            match change.after() {
                _ if change.action == Action::NoOp => {}
                State::Scope(scope) if scope <= Scope::Moderator => {
                    group.after.insert(person.clone(), scope);
                }
                State::Scope(_) | State::Absent => {
                    group.after.remove(person);
                }
                State::Present | State::Unread => {}
            }
        }
        powers.into_values().collect()
    }
}
