//! How CometChat's changes can be undone.

use domain::{Change, GroupEdit, GroupField, Inverse, Irreversible, Loss, Operation, Reversal, Scope, State};

use super::profile::SYSTEM_OWNER;

/// The reversal of a change. Calls that add people take a scope but no date ("Group Members: Add Members"), so a member
/// who was removed or banned comes back with a later date of joining. Lifting a ban does not bring them back ("Banned
/// Users: Unban User"). Assumed: adding a banned person lifts the ban, as in the vendor's iOS tests.
pub(crate) fn of(change: &Change) -> Reversal {
    let unknown = Reversal::Impossible(Irreversible::StateUnknown);
    match (&*change.operation, change.before) {
        (Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. }, before) => {
            match before {
                State::Absent => Reversal::Exact(Inverse::Unban),
                State::Scope(scope) if scope.is_member() => {
                    Reversal::losing(Inverse::Add(scope), &[Loss::JoinedAt])
                }
                State::Unread => Reversal::losing(Inverse::Unban, &[Loss::Membership]),
                State::Present | State::Scope(_) => unknown,
            }
        }
        (Operation::AddToGroup { .. }, State::Absent) => Reversal::Exact(Inverse::Kick),
        // Removing the person again would leave them free to come back.
        (Operation::AddToGroup { .. }, State::Scope(Scope::Banned)) => {
            Reversal::losing(Inverse::Ban, &[Loss::BanDetails])
        }
        // A member would have been refused as such.
        (Operation::AddToGroup { .. }, State::Unread) => Reversal::losing(Inverse::Kick, &[Loss::Ban]),
        // "Group Members: Change Scope": the date of joining stays.
        (Operation::SetScope { .. }, State::Scope(scope)) if scope.is_member() => {
            Reversal::Exact(Inverse::SetScope(scope))
        }
        (Operation::Kick { .. }, State::Scope(scope)) if scope.is_member() => {
            Reversal::losing(Inverse::Add(scope), &[Loss::JoinedAt])
        }
        (Operation::Kick { .. }, State::Unread) => {
            Reversal::losing(Inverse::Add(Scope::Participant), &[Loss::JoinedAt, Loss::Scope])
        }
        // "Banned Users: List": a ban may come with its date and the scope before it; a new one has neither.
        (Operation::Unban { .. }, State::Scope(Scope::Banned) | State::Unread) => {
            Reversal::losing(Inverse::Ban, &[Loss::BanDetails])
        }
        (Operation::CreateGroup(_), _) => Reversal::losing(Inverse::DeleteGroup, &[Loss::GroupContents]),
        (Operation::EditGroup { edit, .. }, _) => edited(change, edit),
        (Operation::DeleteGroup { .. }, _) => Reversal::Impossible(Irreversible::Deleted),
        (
            Operation::AddToGroup { .. }
            | Operation::SetScope { .. }
            | Operation::Kick { .. }
            | Operation::Unban { .. },
            _,
        ) => unknown,
        (
            Operation::AddToCommunity { .. }
            | Operation::MakeModerator { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::Unsubscribe { .. }
            | Operation::CreateCommunity(_),
            _,
        ) => Reversal::Impossible(Irreversible::NoCall),
    }
}

/// "Groups: Update". No response has a password, so one cannot be set again. A group cannot be given back to the
/// system. Pages contradict each other about the scope of a former owner, so the scopes of both are lost.
fn edited(change: &Change, edit: &GroupEdit) -> Reversal {
    let is_lost = |field: GroupField, restoring: &GroupEdit| {
        field == GroupField::Owner && restoring.owner.as_deref() == Some(SYSTEM_OWNER)
    };
    Reversal::of_edit(change, is_lost, edit.owner.as_ref().map(|_| Loss::Scope))
}
