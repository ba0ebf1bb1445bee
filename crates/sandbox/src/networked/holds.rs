//! What the state says of a change.

use domain::{Change, Flow, Operation};

use super::state::{State, fold};

impl State {
    /// Whether the operation of a change is in place; `None` if the state cannot tell.
    pub(super) fn holds(&self, change: &Change) -> Option<bool> {
        let email = fold(change.person.key.as_str());
        let is_user = self.users.contains_key(&email);
        match &*change.operation {
            Operation::Register { flow: Flow::Direct, .. } => Some(is_user),
            Operation::Register { .. } | Operation::Invite { .. } => {
                Some(is_user || self.invites.contains_key(&email))
            }
            _ => None,
        }
    }
}
