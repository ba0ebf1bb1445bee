//! The planned changes, before anything is sent.

pub mod approval;
pub mod command;
mod effects;
pub mod form;
mod merge;
mod net;
pub mod overlap;
pub mod problem;
pub mod reversal;
pub mod snapshot;
pub mod staged;
mod title;
pub mod undo;
mod warnings;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lookup::Lookup;
use crate::order;
use crate::{
    Approval, Capabilities, ChangeId, Command, ConnectionId, GroupEdit, GroupId, Operation, Person,
    PersonKey, Place, PlanId, Problem, ProblemCode, Scope, Severity, Snapshot, Vendor,
};
pub use effects::Effect;
use merge::{Key, key, merge, named_by_id};
pub use reversal::{Inverse, Irreversible, Loss, Reversal, Reversals};
use snapshot::GroupSnapshot;
pub use title::{Title, TitleKind, TitlePlace};
pub use undo::{LeftOut, Undo, UndoRow};
use warnings::warn;

/// What a change does, in Terraform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Creates something new.
    Create,
    /// Changes something that exists.
    Update,
    /// Removes something.
    Delete,
    /// Already in effect; nothing is sent.
    NoOp,
}

/// What was known about the person in the group or community of the change before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Unknown: it was not or cannot be read.
    Unread,
    /// Not there.
    Absent,
    /// There.
    Present,
    /// There, with a scope.
    Scope(Scope),
}

impl State {
    /// The name in journals and exports.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            State::Unread => "unread",
            State::Absent => "absent",
            State::Present => "present",
            State::Scope(scope) => scope.slug(),
        }
    }
}

/// One person and one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its index in the plan.
    pub id: ChangeId,
    /// The person.
    pub person: Person,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The state before the change.
    pub before: State,
    /// The kind of change.
    pub action: Action,
    /// For an edit of a group, the edit that restores the fields as they were read before.
    pub restoring: Option<Arc<GroupEdit>>,
}

impl Change {
    /// One operation on one person, compared with what was read. It does not know the fields of a group before an edit.
    pub fn new(id: ChangeId, person: Person, operation: Arc<Operation>, snapshot: &Snapshot) -> Self {
        let before = state_of(&person, &operation, snapshot);
        let action = action(&operation, before);
        Self { id, person, operation, before, action, restoring: None }
    }

    /// Whether nothing is left to do in this state.
    pub(crate) fn is_in_effect(&self, state: State) -> bool {
        action(&self.operation, state) == Action::NoOp
    }

    /// The state after the change: a scope, present, or absent.
    pub fn after(&self) -> State {
        match &*self.operation {
            Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => State::Scope(*scope),
            Operation::Ban { .. } => State::Scope(Scope::Banned),
            Operation::Kick { .. }
            | Operation::Unban { .. }
            | Operation::Unsubscribe { .. }
            | Operation::DeleteGroup { .. } => State::Absent,
            Operation::MakeModerator { .. } => State::Scope(Scope::Moderator),
            Operation::AddToCommunity { .. }
            | Operation::Register { .. }
            | Operation::Invite { .. }
            | Operation::CreateGroup(_)
            | Operation::EditGroup { .. }
            | Operation::CreateCommunity(_) => State::Present,
        }
    }
}

/// The changes to make, and what the user should know before confirming them.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The connection it is applied to.
    pub connection: ConnectionId,
    /// The vendor of that connection.
    pub vendor: Vendor,
    /// The changes; those that can share a call are adjacent.
    pub changes: Vec<Change>,
    /// Problems, most severe first.
    pub problems: Vec<Problem>,
    /// The names of its groups, as far as they were read.
    pub group_names: BTreeMap<GroupId, Box<str>>,
    /// Who approved it, if a review did.
    pub approval: Option<Approval>,
    /// Whether it undoes earlier changes.
    pub is_undo: bool,
}

impl Plan {
    /// Returns true if a run of it compares each change with what is true now before sending it: an approval holds for
    /// the states that were seen, and who was changed again since is left out of an undo.
    pub fn is_rechecked(&self) -> bool {
        self.approval.is_some() || self.is_undo
    }

    /// False if a problem blocks the plan, or if it is empty.
    pub fn is_applicable(&self) -> bool {
        !self.changes.is_empty() && self.problems.iter().all(|problem| problem.severity != Severity::Blocking)
    }

    /// Problems that have to be confirmed before the plan is applied.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Warning)
    }

    /// The plan with a blocking problem if it sends changes of more people than this.
    #[must_use]
    pub fn limited_to(mut self, most: Option<u32>) -> Self {
        let Some(most) = most else { return self };
        if self.n_people_to_send() > usize::try_from(most).unwrap_or(usize::MAX) {
            let problem = Problem::new(ProblemCode::TooManyPeople, Severity::Blocking, Place::Plan);
            let is_worse = |other: &Problem| other.severity >= Severity::Blocking;
            let idx = self.problems.iter().take_while(|other| is_worse(other)).count();
            self.problems.insert(idx, problem.about(most.to_string()));
        }
        self
    }

    /// The number of people with changes to send. Each person counts once; groups do not count.
    pub fn n_people_to_send(&self) -> usize {
        n_people(self.to_send())
    }

    /// The number of people for whom nothing is sent because everything is already in effect, counted in the
    /// same way.
    pub fn n_people_so_already(&self) -> usize {
        n_people(self.changes.iter()) - self.n_people_to_send()
    }

    /// The number of groups to create that exist already, so that nothing is sent for them.
    pub fn n_groups_so_already(&self) -> usize {
        let is_there = |change: &&Change| {
            change.action == Action::NoOp && matches!(*change.operation, Operation::CreateGroup(_))
        };
        self.changes.iter().filter(is_there).count()
    }

    /// The number of people left out because of a problem.
    pub fn n_people_left_out(&self) -> usize {
        let refused = self.problems.iter().filter(|problem| problem.severity == Severity::Refused);
        order::distinct(refused.map(|problem| &problem.place)).len()
    }

    /// Whether the vendor sends a message to somebody because of these changes.
    pub fn sends_messages(&self) -> bool {
        self.changes.iter().any(|change| change.operation.sends_message())
    }

    /// The changes to send.
    pub fn to_send(&self) -> impl Iterator<Item = &Change> + Clone {
        self.changes.iter().filter(|change| change.action != Action::NoOp)
    }
}

/// The number of people in these changes of one plan.
fn n_people<'a>(changes: impl Iterator<Item = &'a Change> + Clone) -> usize {
    let people = changes.filter(|change| !matches!(change.person.key, PersonKey::Group(_)));
    let group = people.clone().next().and_then(|change| change.operation.group());
    if people.clone().all(|change| change.operation.group() == group) {
        // Within one group, a plan has one change per person.
        return people.count();
    }
    let mut seen: Lookup<Key<'_>, ()> = Lookup::new();
    people.fold(0, |n, change| n + usize::from(seen.insert(key(&change.person), ()).is_none()))
}

/// The person that calls act as, in the group that a change is made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The scope; `None` if they are not in the group.
    pub scope: Option<Scope>,
    /// Whether they own the group.
    pub is_owner: bool,
}

/// Returns false if the vendor does not let this person make a change in this state. True where that is not known.
pub type Clearance = fn(Actor, &Operation, State) -> bool;

/// Plans the commands of one connection.
#[derive(Clone, Debug)]
pub struct Planner {
    connection: ConnectionId,
    vendor: Vendor,
    capabilities: Capabilities,
    clearance: Clearance,
    reversals: Reversals,
}

impl Planner {
    /// A planner for a connection to a vendor with these capabilities.
    pub fn new(connection: ConnectionId, vendor: Vendor, capabilities: Capabilities) -> Self {
        let reversals: Reversals = |_| Reversal::Impossible(Irreversible::NoCall);
        Self { connection, vendor, capabilities, clearance: |_, _, _| true, reversals }
    }

    /// The same planner, with warnings about what the acting person may not do.
    #[must_use]
    pub fn with_clearance(self, clearance: Clearance) -> Self {
        Self { clearance, ..self }
    }

    /// The same planner, which knows how changes can be undone. Without, none can.
    #[must_use]
    pub fn with_reversals(self, reversals: Reversals) -> Self {
        Self { reversals, ..self }
    }

    /// Whether and how a change can be undone.
    pub fn reversal(&self, change: &Change) -> Reversal {
        (self.reversals)(change)
    }

    /// Compares a command with a snapshot. Never fails: errors become the plan's problems.
    pub fn plan(&self, id: PlanId, command: &Command, snapshot: &Snapshot) -> Plan {
        let (changes, problems) = self.changes(command, snapshot);
        let named = |(id, group): (&GroupId, &GroupSnapshot)| Some((id.clone(), group.name.clone()?));
        let group_names = snapshot.groups.iter().filter_map(named).collect();
        let (connection, vendor) = (self.connection.clone(), self.vendor);
        let is_undo = command.is_undo;
        Plan { id, connection, vendor, changes, problems, group_names, approval: None, is_undo }
    }

    /// The changes that a command comes to, those that can share a call adjacent, and the problems, most severe first.
    fn changes(&self, command: &Command, snapshot: &Snapshot) -> (Vec<Change>, Vec<Problem>) {
        let capabilities = &self.capabilities;
        let mut problems = Vec::new();
        let command = &*named_by_id(command, snapshot, capabilities, &mut problems);
        let mut items = merge(command, &mut problems);
        let mut operations = command.operations.clone();
        for (person, operation_idx) in &mut items {
            let wanted = &operations[*operation_idx as usize];
            if let Some(fitting) = fitting(wanted, state_of(person, wanted, snapshot), capabilities) {
                *operation_idx = place_of(&mut operations, fitting);
            }
        }
        let classes = call_classes(&operations);
        // Changes to the acting user's own scope come last, because the others may need the current one.
        order::sort_by_key(&mut items, |(person, operation_idx)| {
            let operation = &operations[*operation_idx as usize];
            (is_own_change(person, operation, snapshot), classes[*operation_idx as usize])
        });
        let changes: Vec<Change> = items
            .into_iter()
            .enumerate()
            .map(|(idx, (person, operation_idx))| {
                let operation = Arc::clone(&operations[operation_idx as usize]);
                let restoring = restoring(&operation, snapshot, capabilities);
                let change = Change::new(ChangeId(idx as u32), person.clone(), operation, snapshot);
                Change { restoring, ..change }
            })
            .collect();
        warn(&changes, snapshot, self, &mut problems);
        order::sort_by_key(&mut problems, |problem| std::cmp::Reverse(problem.severity));
        (changes, problems)
    }
}

/// A different operation that reaches the goal, given the current state. Adding an existing member with another
/// scope would be refused, so the scope is set instead; a banned person has no scope to set, so they are
/// added.
fn fitting(wanted: &Operation, before: State, capabilities: &Capabilities) -> Option<Operation> {
    let scopes = capabilities.groups.map_or(&[][..], |groups| groups.scopes);
    match (wanted, before) {
        (Operation::AddToGroup { group, scope }, State::Scope(now))
            if *scope != now && [*scope, now].iter().all(|it| it.is_member() && scopes.contains(it)) =>
        {
            Some(Operation::SetScope { group: group.clone(), scope: *scope })
        }
        (Operation::SetScope { group, scope }, State::Scope(Scope::Banned)) => {
            Some(Operation::AddToGroup { group: group.clone(), scope: *scope })
        }
        _ => None,
    }
}

/// The index of an operation, appending it if it is new.
fn place_of(operations: &mut Vec<Arc<Operation>>, operation: Operation) -> u32 {
    let place = operations.iter().rposition(|known| **known == operation).unwrap_or_else(|| {
        operations.push(Arc::new(operation));
        operations.len() - 1
    });
    place as u32
}

/// For each operation, the index of the first operation it shares a call with.
fn call_classes(operations: &[Arc<Operation>]) -> Vec<u32> {
    let mut firsts: Vec<u32> = Vec::new();
    let mut classes = Vec::with_capacity(operations.len());
    for (idx, operation) in operations.iter().enumerate() {
        let first =
            firsts.iter().find(|first| operations[**first as usize].shares_call_with(operation)).copied();
        classes.push(first.unwrap_or_else(|| {
            firsts.push(idx as u32);
            idx as u32
        }));
    }
    classes
}

fn is_own_change(person: &Person, operation: &Operation, snapshot: &Snapshot) -> bool {
    let is_self = snapshot.acting_as.as_deref() == Some(person.key.as_str());
    is_self
        && matches!(operation, Operation::SetScope { .. } | Operation::Kick { .. } | Operation::Ban { .. })
}

/// What a snapshot says of the person in the group or community of an operation.
fn state_of(person: &Person, operation: &Operation, snapshot: &Snapshot) -> State {
    let in_group = |group: &GroupId| match snapshot.groups.get(group) {
        None => State::Unread,
        Some(known) => match known.scopes.get(person.key.as_str()) {
            Some(scope) => State::Scope(*scope),
            None if known.is_complete => State::Absent,
            None => State::Unread,
        },
    };
    match operation {
        Operation::Register { .. } | Operation::Invite { .. } => {
            if snapshot.people.contains(&person.key.folded()) { State::Present } else { State::Unread }
        }
        Operation::CreateGroup(new) if snapshot.existing_groups.contains(&new.id) => State::Present,
        Operation::CreateGroup(_) | Operation::CreateCommunity(_) => State::Absent,
        Operation::EditGroup { .. } | Operation::DeleteGroup { .. } => State::Present,
        Operation::AddToGroup { group, .. }
        | Operation::SetScope { group, .. }
        | Operation::Kick { group }
        | Operation::Ban { group }
        | Operation::Unban { group }
        | Operation::Unsubscribe { group } => in_group(group),
        Operation::AddToCommunity { community, .. } | Operation::MakeModerator { community } => {
            in_group(community)
        }
    }
}

/// The edit that restores what an edit changes, if the fields of the group were read.
fn restoring(
    operation: &Operation,
    snapshot: &Snapshot,
    capabilities: &Capabilities,
) -> Option<Arc<GroupEdit>> {
    let Operation::EditGroup { group, edit } = operation else { return None };
    let known = snapshot.groups.get(group)?.group.as_ref()?;
    Some(Arc::new(edit.inverse(known, &capabilities.groups?.form)))
}

fn action(operation: &Operation, before: State) -> Action {
    let is_in_effect = match (operation, before) {
        (Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. }, State::Scope(now)) => {
            *scope == now
        }
        (Operation::Kick { .. }, State::Scope(now)) => !now.is_member(),
        (Operation::Kick { .. }, State::Absent) => true,
        (Operation::Ban { .. }, State::Scope(now)) => now == Scope::Banned,
        (Operation::Unban { .. }, State::Scope(now)) => now != Scope::Banned,
        (Operation::Unban { .. }, State::Absent) => true,
        (Operation::MakeModerator { .. }, State::Scope(now)) => now <= Scope::Moderator,
        (Operation::AddToCommunity { .. }, State::Scope(now)) => now.is_member(),
        (
            Operation::Register { .. } | Operation::Invite { .. } | Operation::CreateGroup(_),
            State::Present,
        ) => true,
        _ => false,
    };
    if is_in_effect {
        return Action::NoOp;
    }
    match operation {
        Operation::AddToGroup { .. }
        | Operation::AddToCommunity { .. }
        | Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::CreateGroup(_)
        | Operation::CreateCommunity(_) => Action::Create,
        Operation::MakeModerator { .. }
        | Operation::SetScope { .. }
        | Operation::Ban { .. }
        | Operation::EditGroup { .. } => Action::Update,
        Operation::Kick { .. }
        | Operation::Unban { .. }
        | Operation::Unsubscribe { .. }
        | Operation::DeleteGroup { .. } => Action::Delete,
    }
}
