//! The persisted form of a plan: a heading, and its changes in chunks.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::FORMAT;
use crate::group::Access;
use crate::{
    Action, Approval, Change, ChangeId, Connection, ConnectionId, Flow, GroupEdit, Millis, Operation, Person,
    PersonKey, Plan, PlanId, Secret, State, Target, Title, Vendor,
};

/// Most changes per chunk.
pub const CHUNK_CHANGES: usize = 1_000;

/// The summary of a run, for lists of runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The [`FORMAT`] in which the run is written.
    pub format: u32,
    /// The id of the plan and of its run.
    pub plan: PlanId,
    /// The connection it is applied to.
    pub connection: ConnectionId,
    /// The name of that connection at the time.
    pub connection_name: Box<str>,
    /// The vendor of that connection.
    pub vendor: Vendor,
    /// What the plan does, in its title.
    #[serde(default, rename = "summary")]
    pub title: Title,
    /// The address of the page that started it.
    pub place: Box<str>,
    /// When it began.
    pub started_at: Millis,
    /// The number of changes in the plan.
    pub n_changes: u32,
    /// The target of its requests when it began.
    pub target: Target,
    /// The approval of the plan. Earlier releases neither write nor read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Whether the plan undoes earlier changes. Earlier releases neither write nor read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_undo: bool,
}

impl Heading {
    /// The heading of a plan about to be applied.
    pub fn new(plan: &Plan, connection: &Connection, place: &str, started_at: Millis) -> Self {
        Self {
            format: FORMAT,
            plan: plan.id.clone(),
            connection: plan.connection.clone(),
            connection_name: connection.name.clone(),
            vendor: plan.vendor,
            title: plan.title(connection),
            place: place.into(),
            started_at,
            n_changes: plan.changes.len() as u32,
            target: connection.target(),
            approval: plan.approval.clone(),
            is_undo: plan.is_undo,
        }
    }
}

/// A self-contained part of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Each operation once.
    pub operations: Vec<StoredOperation>,
    /// At most [`CHUNK_CHANGES`] changes, in the plan's order.
    pub changes: Vec<StoredChange>,
}

/// An operation without its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOperation {
    /// The operation.
    pub operation: Operation,
    /// Whether it had a password, which has to be entered again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub had_password: bool,
    /// For an edit of a group, the edit that restores the fields as they were read before. Earlier releases neither
    /// write nor read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restoring: Option<Box<GroupEdit>>,
}

/// A change that refers to its operation by index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ChangeRow", into = "ChangeRow")]
pub struct StoredChange {
    /// The person.
    pub person: Person,
    /// The index of the operation in its chunk.
    pub operation: u32,
    /// The state before the change.
    pub before: State,
    /// The kind of change.
    pub action: Action,
}

/// A change as a row without field names: key, name, operation, before, action.
type ChangeRow = (PersonKey, Option<Box<str>>, u32, State, Action);

impl From<StoredChange> for ChangeRow {
    fn from(change: StoredChange) -> Self {
        let StoredChange { person, operation, before, action } = change;
        (person.key, person.name, operation, before, action)
    }
}

impl From<ChangeRow> for StoredChange {
    fn from((key, name, operation, before, action): ChangeRow) -> Self {
        Self { person: Person { key, name }, operation, before, action }
    }
}

/// A restored plan. Its problems were resolved before it began and are not persisted.
#[derive(Clone, Debug)]
pub struct StoredPlan {
    /// The plan.
    pub plan: Plan,
    /// Operations whose password has to be entered again.
    pub lacking: Vec<Arc<Operation>>,
}

impl From<Plan> for StoredPlan {
    fn from(plan: Plan) -> Self {
        Self { plan, lacking: Vec::new() }
    }
}

/// Why a plan cannot be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RestorePlanError {
    /// It was written by a later version of the console.
    #[error("expected a format of at most {FORMAT}, found {0}")]
    Newer(u32),
    /// Changes are missing.
    #[error("expected {expected} changes, found {found}")]
    Incomplete {
        /// The number in the heading.
        expected: u32,
        /// The number in the chunks.
        found: u32,
    },
    /// A change refers to a missing operation.
    #[error("expected an operation for every change, found none for change {0}")]
    OperationMissing(u32),
}

impl StoredOperation {
    /// The stored form of a change's operation. An edit names its group, so what restores the group belongs to the
    /// operation.
    fn of(change: &Change) -> Self {
        let mut operation = (*change.operation).clone();
        let had_password = password_of(&mut operation).is_some_and(|password| password.take().is_some());
        let restoring = change.restoring.as_deref().map(|edit| Box::new(edit.clone()));
        Self { operation, had_password, restoring }
    }
}

/// The password field of an operation, if its kind has one.
fn password_of(operation: &mut Operation) -> Option<&mut Option<Secret>> {
    let access = match operation {
        Operation::Register { password, .. } => return Some(password),
        Operation::CreateGroup(new) => Some(&mut new.access),
        Operation::EditGroup { edit, .. } => edit.access.as_mut(),
        _ => None,
    };
    match access? {
        Access::Password(password) => Some(password),
        Access::Public | Access::Private => None,
    }
}

/// The same operation with a password.
pub(crate) fn with_password(operation: &Operation, password: &Secret) -> Operation {
    let mut operation = operation.clone();
    if let Some(place) = password_of(&mut operation) {
        *place = Some(password.clone());
    }
    operation
}

/// The changes of a plan in chunks that can be written one by one.
pub fn chunks(plan: &Plan) -> impl Iterator<Item = Chunk> {
    plan.changes.chunks(CHUNK_CHANGES).map(|changes| {
        let mut firsts: Vec<&Change> = Vec::new();
        let mut place = |change| {
            place_of(&mut firsts, change, |known, new| Arc::ptr_eq(&known.operation, &new.operation))
        };
        let changes = changes
            .iter()
            .map(|change| StoredChange {
                person: change.person.clone(),
                operation: place(change),
                before: change.before,
                action: change.action,
            })
            .collect();
        Chunk { operations: firsts.into_iter().map(StoredOperation::of).collect(), changes }
    })
}

/// The index of an operation among the known ones. Searches from the end, where a match is likeliest.
fn place_of<T>(known: &mut Vec<T>, new: T, is_same: impl Fn(&T, &T) -> bool) -> u32 {
    let place = known.iter().rposition(|other| is_same(other, &new)).unwrap_or_else(|| {
        known.push(new);
        known.len() - 1
    });
    place as u32
}

/// The plan of a heading and its chunks.
///
/// # Errors
/// If it was written by a later version, or parts of it are missing.
pub fn plan_of(
    heading: &Heading,
    chunks: impl IntoIterator<Item = Chunk>,
) -> Result<StoredPlan, RestorePlanError> {
    if heading.format > FORMAT {
        return Err(RestorePlanError::Newer(heading.format));
    }
    let mut operations: Vec<(Arc<Operation>, bool)> = Vec::new();
    let mut changes = Vec::new(); // no capacity: `n_changes` is not trusted
    for chunk in chunks {
        let places: Vec<(u32, Option<Arc<GroupEdit>>)> = chunk
            .operations
            .into_iter()
            .map(|stored| {
                let operation = (Arc::new(stored.operation), stored.had_password);
                let restoring = stored.restoring.map(|edit| Arc::new(*edit));
                (place_of(&mut operations, operation, PartialEq::eq), restoring)
            })
            .collect();
        for stored in chunk.changes {
            let id = changes.len() as u32;
            let (place, restoring) =
                places.get(stored.operation as usize).ok_or(RestorePlanError::OperationMissing(id))?;
            changes.push(Change {
                id: ChangeId(id),
                person: stored.person,
                operation: Arc::clone(&operations[*place as usize].0),
                before: stored.before,
                action: stored.action,
                restoring: restoring.clone(),
            });
        }
    }
    let (expected, found) = (heading.n_changes, changes.len() as u32);
    if expected != found {
        return Err(RestorePlanError::Incomplete { expected, found });
    }
    // A password is sent only with a direct add: an invite goes on without.
    let is_needed = |operation: &Operation| !matches!(operation, Operation::Register { flow, .. } if *flow != Flow::Direct);
    let lacking =
        operations.into_iter().filter(|(operation, had_password)| *had_password && is_needed(operation));
    Ok(StoredPlan {
        lacking: lacking.map(|(operation, _)| operation).collect(),
        plan: Plan {
            id: heading.plan.clone(),
            connection: heading.connection.clone(),
            vendor: heading.vendor,
            changes,
            problems: Vec::new(),
            group_names: BTreeMap::new(),
            approval: heading.approval.clone(),
            is_undo: heading.is_undo,
        },
    })
}
