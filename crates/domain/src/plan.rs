//! The planned changes, before anything is sent.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::mem::Discriminant;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lookup::Lookup;
use crate::snapshot::GroupSnapshot;
use crate::{
    Capabilities, ChangeId, Command, ConnectionId, Effect, GroupId, Person, PersonKey, Place, PlanId,
    Problem, ProblemCode, Scope, Severity, Snapshot, Vendor,
};

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
pub enum Before {
    /// Unknown: it was not or cannot be read.
    Unread,
    /// Not there.
    Absent,
    /// There.
    Present,
    /// There, with a scope.
    Scope(Scope),
}

/// Whether a change can be undone through the vendor's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversal {
    /// Restores the exact previous state.
    Exact,
    /// Loses some of the previous state, such as the date of joining.
    BestEffort,
    /// Cannot be undone.
    Impossible,
}

/// One person and one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its index in the plan.
    pub id: ChangeId,
    /// The person.
    pub person: Person,
    /// The effect.
    pub effect: Arc<Effect>,
    /// The state before the change.
    pub before: Before,
    /// The kind of change.
    pub action: Action,
}

impl Change {
    /// The state after the change: a scope, present, or absent.
    pub fn after(&self) -> Before {
        match &*self.effect {
            Effect::AddToGroup { scope, .. } | Effect::SetScope { scope, .. } => Before::Scope(*scope),
            Effect::Ban { .. } => Before::Scope(Scope::Banned),
            Effect::Kick { .. }
            | Effect::Unban { .. }
            | Effect::Unsubscribe { .. }
            | Effect::DeleteGroup { .. } => Before::Absent,
            Effect::MakeModerator { .. } => Before::Scope(Scope::Moderator),
            Effect::AddToCommunity { .. }
            | Effect::Register { .. }
            | Effect::Invite { .. }
            | Effect::CreateGroup(_)
            | Effect::EditGroup { .. }
            | Effect::CreateCommunity(_) => Before::Present,
        }
    }

    /// Whether the change can be undone.
    pub fn reversal(&self, capabilities: &Capabilities) -> Reversal {
        match &*self.effect {
            Effect::SetScope { .. } if matches!(self.before, Before::Scope(_)) => Reversal::Exact,
            Effect::SetScope { .. } | Effect::EditGroup { .. } | Effect::MakeModerator { .. } => {
                Reversal::Impossible
            }
            Effect::Kick { .. } | Effect::Ban { .. } | Effect::Unban { .. } => Reversal::BestEffort,
            Effect::AddToGroup { .. } => Reversal::Exact,
            Effect::AddToCommunity { .. } if capabilities.can_remove_added => Reversal::Exact,
            Effect::CreateGroup(_) if capabilities.groups.is_some_and(|groups| groups.can_delete) => {
                Reversal::Exact
            }
            Effect::AddToCommunity { .. }
            | Effect::CreateGroup(_)
            | Effect::Register { .. }
            | Effect::Invite { .. }
            | Effect::Unsubscribe { .. }
            | Effect::DeleteGroup { .. }
            | Effect::CreateCommunity(_) => Reversal::Impossible,
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
}

impl Plan {
    /// False if a problem blocks the plan, or if it is empty.
    pub fn is_applicable(&self) -> bool {
        !self.changes.is_empty() && self.problems.iter().all(|problem| problem.severity != Severity::Blocking)
    }

    /// Problems that have to be confirmed before the plan is applied.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Warning)
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

    /// The number of people left out because of a problem.
    pub fn n_people_left_out(&self) -> usize {
        let refused = self.problems.iter().filter(|problem| problem.severity == Severity::Refused);
        refused.map(|problem| &problem.place).collect::<BTreeSet<_>>().len()
    }

    /// The changes to send.
    pub fn to_send(&self) -> impl Iterator<Item = &Change> + Clone {
        self.changes.iter().filter(|change| change.action != Action::NoOp)
    }
}

/// The number of people in these changes of one plan.
fn n_people<'a>(changes: impl Iterator<Item = &'a Change> + Clone) -> usize {
    let people = changes.filter(|change| !matches!(change.person.key, PersonKey::Group(_)));
    let group = people.clone().next().and_then(|change| change.effect.group());
    if people.clone().all(|change| change.effect.group() == group) {
        // Within one group, a plan has one change per person.
        return people.count();
    }
    let mut seen: Lookup<Key<'_>, ()> = Lookup::new();
    people.fold(0, |n, change| n + usize::from(seen.insert(key(&change.person), ()).is_none()))
}

/// Compares a command with a snapshot. Never fails: errors become the plan's problems.
pub fn plan(
    id: PlanId,
    connection: ConnectionId,
    vendor: Vendor,
    command: &Command,
    snapshot: &Snapshot,
    capabilities: &Capabilities,
) -> Plan {
    let mut problems = Vec::new();
    let command = &*named_by_id(command, snapshot, capabilities, &mut problems);
    let mut items = merge(command, &mut problems);
    let mut effects = command.effects.clone();
    for (person, effect_idx) in &mut items {
        let wanted = &effects[*effect_idx as usize];
        if let Some(fitting) = fitting(wanted, before(person, wanted, snapshot), capabilities) {
            *effect_idx = place_of(&mut effects, fitting);
        }
    }
    let classes = call_classes(&effects);
    // Changes to the acting user's own scope come last, because the others may need the current one.
    items.sort_by_key(|(person, effect_idx)| {
        let effect = &effects[*effect_idx as usize];
        (is_own_change(person, effect, snapshot), classes[*effect_idx as usize])
    });
    let changes: Vec<Change> = items
        .into_iter()
        .enumerate()
        .map(|(idx, (person, effect_idx))| {
            let effect = Arc::clone(&effects[effect_idx as usize]);
            let before = before(person, &effect, snapshot);
            let action = action(&effect, before);
            Change { id: ChangeId(idx as u32), person: person.clone(), effect, before, action }
        })
        .collect();
    warn(&changes, snapshot, capabilities, &mut problems);
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    Plan { id, connection, vendor, changes, problems }
}

/// Replaces phone numbers by ids for effects that need an id. People whose id is not known from an earlier
/// response are left out with a problem, because the user could not check whom the change affects.
fn named_by_id<'a>(
    command: &'a Command,
    snapshot: &Snapshot,
    capabilities: &Capabilities,
    problems: &mut Vec<Problem>,
) -> Cow<'a, Command> {
    let needs_id: Vec<bool> =
        command.effects.iter().map(|effect| capabilities.identity.needs_id(effect)).collect();
    let lacks_id = |(person, effect): &(Person, u32)| {
        matches!(person.key, PersonKey::Phone(_)) && needs_id[*effect as usize]
    };
    if !command.items.iter().any(lacks_id) {
        return Cow::Borrowed(command);
    }
    let mut missing = BTreeSet::new();
    let mut items = Vec::with_capacity(command.items.len());
    for (person, effect) in &command.items {
        let id = match &person.key {
            PersonKey::Phone(phone) if needs_id[*effect as usize] => snapshot.id_of_phone(phone),
            _ => {
                items.push((person.clone(), *effect));
                continue;
            }
        };
        let phone = person.key.as_str();
        match id {
            // Keep the number as the label: it is what the user typed.
            Some(id) => items.push((Person::by_id(id).with_name(person.label()), *effect)),
            None if missing.insert(phone) => problems.push(
                Problem::new(ProblemCode::IdUnknown, Severity::Refused, Place::Person(phone.into()))
                    .about(person.label()),
            ),
            None => {}
        }
    }
    Cow::Owned(Command { effects: command.effects.clone(), items })
}

/// One person: the kind of key, and the key [as folded](PersonKey::folded).
type Key<'a> = (Discriminant<PersonKey>, Cow<'a, str>);

fn key(person: &Person) -> Key<'_> {
    let text = match &person.key {
        PersonKey::Email(text) if text.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) => {
            Cow::Owned(text.to_lowercase())
        }
        other => Cow::Borrowed(other.as_str()),
    };
    (std::mem::discriminant(&person.key), text)
}

/// One person in one group.
type Slot<'a> = (Key<'a>, Option<&'a GroupId>);

fn slot<'a>(person: &'a Person, effect: &'a Effect) -> Slot<'a> {
    (key(person), effect.group())
}

/// Drops duplicates and settles or reports contradictions. Borrows the people, because lists can have a
/// million entries.
fn merge<'a>(command: &'a Command, problems: &mut Vec<Problem>) -> Vec<(&'a Person, u32)> {
    let mut kept: Vec<(&Person, u32)> = Vec::with_capacity(command.items.len());
    let mut places: Lookup<Slot<'a>, u32> = Lookup::with_capacity(command.items.len());
    for (person, effect_idx) in &command.items {
        let effect = &command.effects[*effect_idx as usize];
        let place = *places.entry(slot(person, effect)).or_insert(kept.len() as u32) as usize;
        if place == kept.len() {
            kept.push((person, *effect_idx));
            continue;
        }
        let first = &command.effects[kept[place].1 as usize];
        let at = Place::Person(person.key.as_str().into());
        match (&**first, &**effect) {
            (a, b) if a == b => {
                problems.push(Problem::new(ProblemCode::Duplicate, Severity::Info, at).about(person.label()));
            }
            (Effect::AddToGroup { scope: a, .. }, Effect::AddToGroup { scope: b, .. })
                if a.is_member() && b.is_member() =>
            {
                problems.push(Problem::new(ProblemCode::TwoScopes, Severity::Info, at).about(person.label()));
                if b < a {
                    kept[place].1 = *effect_idx;
                }
            }
            (Effect::AddToGroup { .. }, Effect::AddToGroup { .. } | Effect::Ban { .. })
            | (Effect::Ban { .. } | Effect::SetScope { .. }, Effect::AddToGroup { .. })
            | (Effect::SetScope { .. }, Effect::Ban { .. })
            | (Effect::Ban { .. }, Effect::SetScope { .. }) => {
                problems.push(
                    Problem::new(ProblemCode::ScopeAndBan, Severity::Blocking, at).about(person.label()),
                );
            }
            _ => {
                problems.push(
                    Problem::new(ProblemCode::Contradiction, Severity::Blocking, at).about(person.label()),
                );
            }
        }
    }
    kept
}

/// A different effect that reaches the goal, given the current state. Adding an existing member with another
/// scope would be refused, so the scope is set instead; a banned person has no scope to set, so they are
/// added.
fn fitting(wanted: &Effect, before: Before, capabilities: &Capabilities) -> Option<Effect> {
    let scopes = capabilities.groups.map_or(&[][..], |groups| groups.scopes);
    match (wanted, before) {
        (Effect::AddToGroup { group, scope }, Before::Scope(now))
            if *scope != now && [*scope, now].iter().all(|it| it.is_member() && scopes.contains(it)) =>
        {
            Some(Effect::SetScope { group: group.clone(), scope: *scope })
        }
        (Effect::SetScope { group, scope }, Before::Scope(Scope::Banned)) => {
            Some(Effect::AddToGroup { group: group.clone(), scope: *scope })
        }
        _ => None,
    }
}

/// The index of an effect, appending it if it is new.
fn place_of(effects: &mut Vec<Arc<Effect>>, effect: Effect) -> u32 {
    let place = effects.iter().rposition(|known| **known == effect).unwrap_or_else(|| {
        effects.push(Arc::new(effect));
        effects.len() - 1
    });
    place as u32
}

/// For each effect, the index of the first effect it shares a call with.
fn call_classes(effects: &[Arc<Effect>]) -> Vec<u32> {
    let mut firsts: Vec<u32> = Vec::new();
    let mut classes = Vec::with_capacity(effects.len());
    for (idx, effect) in effects.iter().enumerate() {
        let first = firsts.iter().find(|first| effects[**first as usize].shares_call_with(effect)).copied();
        classes.push(first.unwrap_or_else(|| {
            firsts.push(idx as u32);
            idx as u32
        }));
    }
    classes
}

fn is_own_change(person: &Person, effect: &Effect, snapshot: &Snapshot) -> bool {
    let is_self = snapshot.acting_as.as_deref() == Some(person.key.as_str());
    is_self && matches!(effect, Effect::SetScope { .. } | Effect::Kick { .. } | Effect::Ban { .. })
}

fn before(person: &Person, effect: &Effect, snapshot: &Snapshot) -> Before {
    let in_group = |group: &GroupId| match snapshot.groups.get(group) {
        None => Before::Unread,
        Some(known) => match known.scopes.get(person.key.as_str()) {
            Some(scope) => Before::Scope(*scope),
            None if known.is_complete => Before::Absent,
            None => Before::Unread,
        },
    };
    match effect {
        Effect::Register { .. } | Effect::Invite { .. } => {
            if snapshot.people.contains(&person.key.folded()) {
                Before::Present
            } else {
                Before::Unread
            }
        }
        Effect::CreateGroup(_) | Effect::CreateCommunity(_) => Before::Absent,
        Effect::EditGroup { .. } | Effect::DeleteGroup { .. } => Before::Present,
        Effect::AddToGroup { group, .. }
        | Effect::SetScope { group, .. }
        | Effect::Kick { group }
        | Effect::Ban { group }
        | Effect::Unban { group }
        | Effect::Unsubscribe { group } => in_group(group),
        Effect::AddToCommunity { community, .. } | Effect::MakeModerator { community } => in_group(community),
    }
}

fn action(effect: &Effect, before: Before) -> Action {
    let is_so = match (effect, before) {
        (Effect::AddToGroup { scope, .. } | Effect::SetScope { scope, .. }, Before::Scope(now)) => {
            *scope == now
        }
        (Effect::Kick { .. }, Before::Scope(now)) => !now.is_member(),
        (Effect::Kick { .. }, Before::Absent) => true,
        (Effect::Ban { .. }, Before::Scope(now)) => now == Scope::Banned,
        (Effect::Unban { .. }, Before::Scope(now)) => now != Scope::Banned,
        (Effect::Unban { .. }, Before::Absent) => true,
        (Effect::MakeModerator { .. }, Before::Scope(now)) => now <= Scope::Moderator,
        (Effect::AddToCommunity { .. }, Before::Scope(now)) => now.is_member(),
        (Effect::Register { .. } | Effect::Invite { .. }, Before::Present) => true,
        _ => false,
    };
    if is_so {
        return Action::NoOp;
    }
    match effect {
        Effect::AddToGroup { .. }
        | Effect::AddToCommunity { .. }
        | Effect::Register { .. }
        | Effect::Invite { .. }
        | Effect::CreateGroup(_)
        | Effect::CreateCommunity(_) => Action::Create,
        Effect::MakeModerator { .. }
        | Effect::SetScope { .. }
        | Effect::Ban { .. }
        | Effect::EditGroup { .. } => Action::Update,
        Effect::Kick { .. }
        | Effect::Unban { .. }
        | Effect::Unsubscribe { .. }
        | Effect::DeleteGroup { .. } => Action::Delete,
    }
}

/// Adds warnings and notes about the changes.
fn warn(changes: &[Change], snapshot: &Snapshot, capabilities: &Capabilities, problems: &mut Vec<Problem>) {
    let sent = || changes.iter().filter(|change| change.action != Action::NoOp);
    for change in sent() {
        if is_own_change(&change.person, &change.effect, snapshot) {
            let place = Place::Change(change.id);
            problems.push(
                Problem::new(ProblemCode::OwnScope, Severity::Warning, place).about(change.person.label()),
            );
        }
        let known = change.effect.group().and_then(|group| snapshot.groups.get(group));
        let is_owner = known.is_some_and(|known| known.owner.as_deref() == Some(change.person.key.as_str()));
        if is_owner
            && matches!(*change.effect, Effect::SetScope { .. } | Effect::Kick { .. } | Effect::Ban { .. })
        {
            let place = Place::Change(change.id);
            problems.push(
                Problem::new(ProblemCode::OwnerTouched, Severity::Warning, place)
                    .about(change.person.label()),
            );
        }
    }
    for (group, known) in &snapshot.groups {
        warn_about_group(group, known, changes, capabilities, problems);
    }
    // Counts people, not messages: a person invited to two communities counts once.
    let n_told = n_people(sent().filter(|change| change.effect.sends_message()));
    if n_told > 0 {
        problems.push(
            Problem::new(ProblemCode::MessagesLeave, Severity::Info, Place::Plan).about(n_told.to_string()),
        );
    }
    if sent().any(|change| capabilities.is_undocumented(&change.effect)) {
        problems.push(Problem::new(ProblemCode::UndocumentedFlow, Severity::Info, Place::Plan));
    }
    if capabilities.silence_is_unknown && sent().any(|change| change.effect.group().is_some()) {
        problems.push(Problem::new(ProblemCode::SilenceIsUnknown, Severity::Info, Place::Plan));
    }
    if sent().any(|change| change.reversal(capabilities) == Reversal::Impossible) {
        problems.push(Problem::new(ProblemCode::CannotBeTakenBack, Severity::Info, Place::Plan));
    }
}

/// True if the effect makes the person a member of the group.
fn brings_in(effect: &Effect) -> bool {
    matches!(effect, Effect::AddToGroup { scope, .. } if scope.is_member())
}

fn warn_about_group(
    group: &GroupId,
    known: &GroupSnapshot,
    changes: &[Change],
    capabilities: &Capabilities,
    problems: &mut Vec<Problem>,
) {
    let here = || {
        changes.iter().filter(|change| change.action != Action::NoOp && change.effect.group() == Some(group))
    };
    let banned: Vec<&str> = here()
        .filter(|change| change.before == Before::Scope(Scope::Banned) && brings_in(&change.effect))
        .map(|change| change.person.label())
        .collect();
    if !banned.is_empty() {
        let place = Place::Group(group.clone());
        // One line per person, so that a confirmation covers exactly these people.
        let problem = Problem::new(ProblemCode::BannedPeople, Severity::Warning, place);
        problems.push(problem.about(banned.join("\n")));
    }
    let admins_before = known.scopes.values().filter(|scope| **scope == Scope::Admin).count();
    let admins_lost = here().filter(|c| c.before == Before::Scope(Scope::Admin)).count();
    let admins_won = here().filter(|c| c.after() == Before::Scope(Scope::Admin)).count();
    if known.is_complete && admins_lost > 0 && admins_before + admins_won == admins_lost {
        let place = Place::Group(group.clone());
        problems.push(Problem::new(ProblemCode::LastAdmin, Severity::Warning, place).about(group.as_str()));
    }
    let limit = capabilities.groups.and_then(|groups| groups.soft_limit);
    if let (Some(limit), Some(n_now)) = (limit, known.n_members) {
        let n_new = here()
            .filter(|change| brings_in(&change.effect))
            .filter(|change| !matches!(change.before, Before::Scope(now) if now.is_member()))
            .count() as u64;
        if n_new > 0 && n_now + n_new > limit {
            let place = Place::Group(group.clone());
            let problem = Problem::new(ProblemCode::GroupPastSoftLimit, Severity::Warning, place);
            problems.push(problem.about((n_now + n_new).to_string()));
        }
    }
}
