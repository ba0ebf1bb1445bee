//! A request compared with what is true now.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use domain::{Action, Change, ChangeId, Clearance, GroupId, Operation, Scope, Snapshot, State};

use crate::request::{AskedChange, ReviewRequest};

/// What has become of a planned change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It does what it would have done, as far as was known then.
    AsPlanned,
    /// The present state cannot be read.
    Unread,
    /// It is in effect already.
    AlreadySo,
    /// The person has another state than when the request was made.
    Changed,
    /// The person or the group is not there any more.
    Gone,
    /// The vendor does not let the acting person make this change.
    NotAllowed,
}

impl Drift {
    /// Whether the change may be approved: it can still be sent, or need not be.
    pub fn can_be_approved(self) -> bool {
        match self {
            Self::AsPlanned | Self::Unread | Self::AlreadySo | Self::Changed => true,
            Self::Gone | Self::NotAllowed => false,
        }
    }
}

/// Why a change should be looked at first; the most dangerous come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// Someone becomes or ceases to be an admin or owner.
    Admin,
    /// Someone is banned.
    Ban,
    /// A group is deleted with all that is in it.
    Deletion,
    /// Someone gets a message, which cannot be taken back.
    Message,
    /// Someone becomes or ceases to be a moderator.
    Moderator,
}

impl Danger {
    /// Every danger, the greatest first.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Ban, Self::Deletion, Self::Message, Self::Moderator];

    /// The name in `config.json` and in translation keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Ban => "ban",
            Self::Deletion => "deletion",
            Self::Message => "message",
            Self::Moderator => "moderator",
        }
    }

    /// All dangers of an operation on someone in this state, the greatest first.
    pub fn all_of(operation: &Operation, before: State) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |danger| danger.is_in(operation, before))
    }

    /// The danger of a [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|danger| danger.slug() == slug)
    }

    /// True if the operation has this danger for someone in this state, or could have: a person whose state was not
    /// read may have any scope. An addition takes no scope from such a person, as vendors refuse to add a member again.
    pub(crate) fn may_be_in(self, operation: &Operation, before: State) -> bool {
        let is_unread = before == State::Unread && !matches!(operation, Operation::AddToGroup { .. });
        let could_be = [before, State::Scope(Scope::Admin), State::Scope(Scope::Moderator)];
        let n_states = if is_unread { could_be.len() } else { 1 };
        could_be[..n_states].iter().any(|state| self.is_in(operation, *state))
    }

    fn is_in(self, operation: &Operation, before: State) -> bool {
        let gives = match operation {
            Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => Some(*scope),
            Operation::MakeModerator { .. } => Some(Scope::Moderator),
            _ => None,
        };
        let can_take = matches!(
            operation,
            Operation::AddToGroup { .. }
                | Operation::SetScope { .. }
                | Operation::Kick { .. }
                | Operation::Ban { .. }
        );
        let concerns = |scope| gives == Some(scope) || (can_take && before == State::Scope(scope));
        match self {
            Self::Admin => concerns(Scope::Admin) || gives_ownership(operation),
            Self::Ban => matches!(operation, Operation::Ban { .. }) || gives == Some(Scope::Banned),
            Self::Deletion => matches!(operation, Operation::DeleteGroup { .. }),
            Self::Message => operation.sends_message(),
            Self::Moderator => concerns(Scope::Moderator),
        }
    }
}

fn gives_ownership(operation: &Operation) -> bool {
    match operation {
        Operation::CreateGroup(new) => new.owner.is_some(),
        Operation::EditGroup { edit, .. } => edit.owner.is_some(),
        _ => false,
    }
}

/// What the reader of a request has read of its place.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// Groups and people.
    pub snapshot: &'a Snapshot,
    /// Groups that the vendor does not know any more.
    pub gone: &'a BTreeSet<GroupId>,
    /// What the vendor lets the acting person do.
    pub clearance: Clearance,
}

/// A change with what has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewedChange {
    /// The change.
    pub id: ChangeId,
    /// What has become of it.
    pub drift: Drift,
    /// The state when the request was made.
    pub was: State,
    /// The state now.
    pub is: State,
    /// The state after the change.
    pub would_be: State,
    /// The greatest danger, in the state of now.
    pub danger: Option<Danger>,
}

impl ReviewRequest {
    /// Compares every change with what was read.
    pub fn compared_with(&self, now: Observed<'_>) -> Vec<ReviewedChange> {
        let operations: Vec<_> = self.operations.iter().cloned().map(Arc::new).collect();
        let compare = |(id, asked): (ChangeId, &AskedChange)| {
            let operation = Arc::clone(&operations[asked.operation as usize]);
            let change = Change::new(id, asked.person.clone(), operation, now.snapshot);
            ReviewedChange {
                id,
                drift: drift(&change, asked.before, now),
                was: asked.before,
                is: change.before,
                would_be: change.after(),
                danger: Danger::all_of(&change.operation, change.before).next(),
            }
        };
        self.change_ids().zip(&self.changes).map(compare).collect()
    }
}

fn drift(change: &Change, was: State, now: Observed<'_>) -> Drift {
    let (group, is) = (change.operation.group(), change.before);
    if group.is_some_and(|group| now.gone.contains(group)) {
        let is_deletion = matches!(*change.operation, Operation::DeleteGroup { .. });
        return if is_deletion { Drift::AlreadySo } else { Drift::Gone };
    }
    if change.action == Action::NoOp {
        return Drift::AlreadySo;
    }
    if is == State::Absent && was != State::Absent && needs_presence(&change.operation) {
        return Drift::Gone;
    }
    let actor = group.and_then(|group| now.snapshot.actor(group));
    if actor.is_some_and(|actor| !(now.clearance)(actor, &change.operation, is)) {
        return Drift::NotAllowed;
    }
    match (was, is) {
        (_, State::Unread) => Drift::Unread,
        (State::Unread, _) => Drift::AsPlanned,
        _ if was == is => Drift::AsPlanned,
        _ => Drift::Changed,
    }
}

/// True if only someone who is there can be changed so. Removing and unbanning are in effect if nobody is there, and
/// a ban keeps people out.
fn needs_presence(operation: &Operation) -> bool {
    match operation {
        Operation::SetScope { .. } | Operation::MakeModerator { .. } | Operation::Unsubscribe { .. } => true,
        Operation::AddToGroup { .. }
        | Operation::AddToCommunity { .. }
        | Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::Kick { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::DeleteGroup { .. }
        | Operation::CreateCommunity(_) => false,
    }
}

/// Sorts changes for a reviewer: by danger, the greatest first and none last, then by group, then as in the request.
pub fn sort_by_danger(request: &ReviewRequest, changes: &mut Vec<ReviewedChange>) {
    let group = |change: &ReviewedChange| request.operation(change.id).group().cloned();
    domain::order::sort_by_key(changes, |change| (change.danger.is_none(), change.danger, group(change)));
}
