//! A plan as it is written down: a heading, and its changes in chunks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::FORMAT;
use crate::group::Access;
use crate::{
    Action, Before, Change, ChangeId, Connection, ConnectionId, Effect, Flow, Millis, Person, PersonKey,
    Plan, PlanId, Secret, Target, Vendor,
};

/// Most changes of a chunk.
pub const CHUNK_CHANGES: usize = 1_000;

/// What a list of runs needs to know of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The [`FORMAT`] in which the run is written.
    pub format: u32,
    /// The plan, and the run.
    pub plan: PlanId,
    /// Where it is applied.
    pub connection: ConnectionId,
    /// What that connection was called.
    pub connection_name: Box<str>,
    /// Whose API it is.
    pub vendor: Vendor,
    /// What is done, in words.
    pub title: Box<str>,
    /// The address of the page that started it.
    pub place: Box<str>,
    /// When it began.
    pub started_at: Millis,
    /// How many changes the plan has.
    pub n_changes: u32,
    /// Where its requests went when it began; `None` in runs of releases that did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}

impl Heading {
    /// The heading of a plan that is about to be applied.
    pub fn new(plan: &Plan, connection: &Connection, title: &str, place: &str, started_at: Millis) -> Self {
        Self {
            format: FORMAT,
            plan: plan.id.clone(),
            connection: plan.connection.clone(),
            connection_name: connection.name.clone(),
            vendor: plan.vendor,
            title: title.into(),
            place: place.into(),
            started_at,
            n_changes: plan.changes.len() as u32,
            target: Some(connection.target()),
        }
    }
}

/// A part of a plan, complete in itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Each effect once.
    pub effects: Vec<StoredEffect>,
    /// At most [`CHUNK_CHANGES`] changes, in the plan's order.
    pub changes: Vec<StoredChange>,
}

/// An effect without its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEffect {
    /// The effect.
    pub effect: Effect,
    /// Whether it had a password, which has to be typed again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub had_password: bool,
}

/// A change that points at its effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ChangeForm", into = "ChangeRow")]
pub struct StoredChange {
    /// Who.
    pub person: Person,
    /// The place of the effect in its chunk.
    pub effect: u32,
    /// How it was before.
    pub before: Before,
    /// What it does.
    pub action: Action,
}

/// A change as a row, without the names of its fields: key, name, effect, before, action.
type ChangeRow = (PersonKey, Option<Box<str>>, u32, Before, Action);

/// A change as it is read.
#[derive(Deserialize)]
#[serde(untagged)]
enum ChangeForm {
    Row(ChangeRow),
    /// As format 1 wrote it.
    Fields {
        person: Person,
        effect: u32,
        before: Before,
        action: Action,
    },
}

impl From<StoredChange> for ChangeRow {
    fn from(change: StoredChange) -> Self {
        let StoredChange { person, effect, before, action } = change;
        (person.key, person.name, effect, before, action)
    }
}

impl From<ChangeForm> for StoredChange {
    fn from(form: ChangeForm) -> Self {
        match form {
            ChangeForm::Row((key, name, effect, before, action)) => {
                Self { person: Person { key, name }, effect, before, action }
            }
            ChangeForm::Fields { person, effect, before, action } => Self { person, effect, before, action },
        }
    }
}

/// A plan that was read again. Its problems were settled before it began, and are not kept.
#[derive(Clone, Debug)]
pub struct StoredPlan {
    /// The plan.
    pub plan: Plan,
    /// Effects that had a password, which has to be typed again.
    pub lacking: Vec<Arc<Effect>>,
}

impl From<Plan> for StoredPlan {
    fn from(plan: Plan) -> Self {
        Self { plan, lacking: Vec::new() }
    }
}

/// Why a plan cannot be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RestorePlanError {
    /// It was written by a later version of the console.
    #[error("expected a format of at most {FORMAT}, found {0}")]
    Newer(u32),
    /// Changes are missing.
    #[error("expected {expected} changes, found {found}")]
    Incomplete {
        /// As the heading says.
        expected: u32,
        /// As the chunks hold.
        found: u32,
    },
    /// A change points at an effect that is not there.
    #[error("expected an effect for every change, found none for change {0}")]
    EffectMissing(u32),
}

impl StoredEffect {
    /// The effect without its password.
    fn of(effect: &Effect) -> Self {
        let mut effect = effect.clone();
        let had_password = password_of(&mut effect).is_some_and(|password| password.take().is_some());
        Self { effect, had_password }
    }
}

/// Where an effect keeps its password, if it is of a kind that can have one.
fn password_of(effect: &mut Effect) -> Option<&mut Option<Secret>> {
    let access = match effect {
        Effect::Register { password, .. } => return Some(password),
        Effect::CreateGroup(new) => Some(&mut new.access),
        Effect::EditGroup { edit, .. } => edit.access.as_mut(),
        _ => None,
    };
    match access? {
        Access::Password(password) => Some(password),
        Access::Public | Access::Private => None,
    }
}

/// The same effect with a password.
pub(crate) fn with_password(effect: &Effect, password: &Secret) -> Effect {
    let mut effect = effect.clone();
    if let Some(place) = password_of(&mut effect) {
        *place = Some(password.clone());
    }
    effect
}

/// The changes of a plan in pieces that can be written one by one.
pub fn chunks(plan: &Plan) -> impl Iterator<Item = Chunk> {
    plan.changes.chunks(CHUNK_CHANGES).map(|changes| {
        let mut effects: Vec<&Arc<Effect>> = Vec::new();
        let mut place = |effect| place_of(&mut effects, effect, |known, new| Arc::ptr_eq(known, new));
        let changes = changes
            .iter()
            .map(|change| StoredChange {
                person: change.person.clone(),
                effect: place(&change.effect),
                before: change.before,
                action: change.action,
            })
            .collect();
        Chunk { effects: effects.into_iter().map(|effect| StoredEffect::of(effect)).collect(), changes }
    })
}

/// The place of an effect among those that are known; the last are the likeliest.
fn place_of<T>(known: &mut Vec<T>, new: T, is_same: impl Fn(&T, &T) -> bool) -> u32 {
    let place = known.iter().rposition(|other| is_same(other, &new)).unwrap_or_else(|| {
        known.push(new);
        known.len() - 1
    });
    place as u32
}

/// The plan that a heading and its chunks tell of.
///
/// # Errors
/// If it was written by a later version, or something of it is missing.
pub fn plan_of(
    heading: &Heading,
    chunks: impl IntoIterator<Item = Chunk>,
) -> Result<StoredPlan, RestorePlanError> {
    if heading.format > FORMAT {
        return Err(RestorePlanError::Newer(heading.format));
    }
    let mut effects: Vec<(Arc<Effect>, bool)> = Vec::new();
    let mut changes = Vec::new(); // how many it says there are is not to be believed
    for chunk in chunks {
        let places: Vec<u32> = chunk
            .effects
            .into_iter()
            .map(|stored| {
                place_of(&mut effects, (Arc::new(stored.effect), stored.had_password), PartialEq::eq)
            })
            .collect();
        for stored in chunk.changes {
            let id = changes.len() as u32;
            let place = places.get(stored.effect as usize).ok_or(RestorePlanError::EffectMissing(id))?;
            changes.push(Change {
                id: ChangeId(id),
                person: stored.person,
                effect: Arc::clone(&effects[*place as usize].0),
                before: stored.before,
                action: stored.action,
            });
        }
    }
    let (expected, found) = (heading.n_changes, changes.len() as u32);
    if expected != found {
        return Err(RestorePlanError::Incomplete { expected, found });
    }
    // A password travels with a direct add only: an invite goes on without.
    let is_needed =
        |effect: &Effect| !matches!(effect, Effect::Register { flow, .. } if *flow != Flow::Direct);
    let lacking = effects.into_iter().filter(|(effect, had_password)| *had_password && is_needed(effect));
    Ok(StoredPlan {
        lacking: lacking.map(|(effect, _)| effect).collect(),
        plan: Plan {
            id: heading.plan.clone(),
            connection: heading.connection.clone(),
            vendor: heading.vendor,
            changes,
            problems: Vec::new(),
        },
    })
}
