//! How Genuin's changes can be undone.

use domain::{Change, Flow, Inverse, Irreversible, Loss, Operation, Reversal, Scope, State};

/// The reversal of a change. Only members of a group can be removed ("Add or manage group members"); no call removes
/// people, moderators or subscribers from anything else, and no call reads what was before.
pub(crate) fn of(change: &Change) -> Reversal {
    match (&*change.operation, change.before) {
        (Operation::AddToGroup { scope: Scope::Participant, .. }, State::Absent) => {
            Reversal::Exact(Inverse::Kick)
        }
        // Assumed: a response may name a person as added who was a member before.
        (Operation::AddToGroup { scope: Scope::Participant, .. }, State::Unread) => {
            Reversal::losing(Inverse::Kick, &[Loss::Membership])
        }
        // Only who was a member is named as removed. Members have a role, which no call takes.
        (Operation::Kick { .. }, State::Unread | State::Scope(_)) => {
            Reversal::losing(Inverse::Add(Scope::Participant), &[Loss::Scope])
        }
        (Operation::AddToCommunity { flow: Flow::Invite, .. }, _) => {
            Reversal::Impossible(Irreversible::MessageSent)
        }
        (Operation::AddToCommunity { flow: Flow::ApproveRequest, .. }, _) => {
            Reversal::Impossible(Irreversible::Approved)
        }
        (Operation::AddToGroup { .. } | Operation::Kick { .. } | Operation::EditGroup { .. }, _) => {
            Reversal::Impossible(Irreversible::StateUnknown)
        }
        (
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::SetScope { .. }
            | Operation::Ban { .. }
            | Operation::Unban { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateGroup(_)
            | Operation::DeleteGroup { .. }
            | Operation::CreateCommunity(_),
            _,
        ) => Reversal::Impossible(Irreversible::NoCall),
    }
}
