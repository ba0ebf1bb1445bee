//! How Networked's changes can be undone.

use domain::{Change, Flow, Irreversible, Operation, Reversal};

/// The reversal of a change. Networked documents no call that removes a person, changes a role or takes an invite back.
pub(crate) fn of(change: &Change) -> Reversal {
    Reversal::Impossible(match &*change.operation {
        Operation::Invite { .. } | Operation::Register { flow: Flow::Invite, .. } => {
            Irreversible::MessageSent
        }
        Operation::Register { .. }
        | Operation::AddToGroup { .. }
        | Operation::AddToCommunity { .. }
        | Operation::MakeModerator { .. }
        | Operation::SetScope { .. }
        | Operation::Kick { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::Unsubscribe { .. }
        | Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::DeleteGroup { .. }
        | Operation::CreateCommunity(_) => Irreversible::NoCall,
    })
}
