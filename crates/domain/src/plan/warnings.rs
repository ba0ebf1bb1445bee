//! Warnings and notes about the changes of a plan.

use super::{Action, Change, Planner, State, is_own_change, n_people};
use crate::snapshot::GroupSnapshot;
use crate::{Capabilities, GroupId, Operation, Place, Problem, ProblemCode, Scope, Severity, Snapshot};

/// Adds warnings and notes about the changes.
pub(super) fn warn(changes: &[Change], snapshot: &Snapshot, planner: &Planner, problems: &mut Vec<Problem>) {
    let capabilities = &planner.capabilities;
    let sent = || changes.iter().filter(|change| change.action != Action::NoOp);
    for change in sent() {
        if let Operation::DeleteGroup { group } = &*change.operation {
            let place = Place::Group(group.clone());
            let known = snapshot.groups.get(group).and_then(|known| known.name.as_deref());
            let problem = Problem::new(ProblemCode::DeletesGroup, Severity::Warning, place);
            problems.push(problem.about(known.unwrap_or(group.as_str())));
        }
        if is_own_change(&change.person, &change.operation, snapshot) {
            let place = Place::Change(change.id);
            problems.push(
                Problem::new(ProblemCode::OwnScope, Severity::Warning, place).about(change.person.label()),
            );
        }
        let known = change.operation.group().and_then(|group| snapshot.groups.get(group));
        let is_owner = known.is_some_and(|known| known.owner.as_deref() == Some(change.person.key.as_str()));
        if is_owner
            && matches!(
                *change.operation,
                Operation::SetScope { .. } | Operation::Kick { .. } | Operation::Ban { .. }
            )
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
        if let Some(actor) = snapshot.actor(group) {
            warn_about_clearance(
                group,
                changes,
                |change| (planner.clearance)(actor, &change.operation, change.before),
                problems,
            );
        }
    }
    // Counts people, not messages: a person invited to two communities counts once.
    let n_told = n_people(sent().filter(|change| change.operation.sends_message()));
    if n_told > 0 {
        problems.push(
            Problem::new(ProblemCode::MessagesLeave, Severity::Info, Place::Plan).about(n_told.to_string()),
        );
    }
    if sent().any(|change| capabilities.is_undocumented(&change.operation)) {
        problems.push(Problem::new(ProblemCode::UndocumentedFlow, Severity::Info, Place::Plan));
    }
    if capabilities.silence_is_unknown && sent().any(|change| change.operation.group().is_some()) {
        problems.push(Problem::new(ProblemCode::SilenceIsUnknown, Severity::Info, Place::Plan));
    }
}

fn warn_about_clearance(
    group: &GroupId,
    changes: &[Change],
    is_allowed: impl Fn(&Change) -> bool,
    problems: &mut Vec<Problem>,
) {
    let is_here = |change: &&Change| change.action != Action::NoOp && change.operation.group() == Some(group);
    let refused = changes.iter().filter(is_here).filter(|change| !is_allowed(change));
    problems.extend(about_people(ProblemCode::NoClearance, group, refused));
}

/// A warning about the people of these changes; `None` if there are none.
fn about_people<'a>(
    code: ProblemCode,
    group: &GroupId,
    changes: impl Iterator<Item = &'a Change>,
) -> Option<Problem> {
    let people: Vec<&str> = changes.map(|change| change.person.label()).collect();
    // One line per person, so that a confirmation covers exactly these people.
    let warning =
        || Problem::new(code, Severity::Warning, Place::Group(group.clone())).about(people.join("\n"));
    (!people.is_empty()).then(warning)
}

/// True if the operation makes the person a member of the group.
fn brings_in(operation: &Operation) -> bool {
    matches!(operation, Operation::AddToGroup { scope, .. } if scope.is_member())
}

fn warn_about_group(
    group: &GroupId,
    known: &GroupSnapshot,
    changes: &[Change],
    capabilities: &Capabilities,
    problems: &mut Vec<Problem>,
) {
    if known.scopes.is_empty() && known.n_members.is_none() {
        // Nothing is known that a change could be compared with, as of each group that a long list creates.
        return;
    }
    let here = || {
        changes
            .iter()
            .filter(|change| change.action != Action::NoOp && change.operation.group() == Some(group))
    };
    let banned =
        here().filter(|change| change.before == State::Scope(Scope::Banned) && brings_in(&change.operation));
    problems.extend(about_people(ProblemCode::BannedPeople, group, banned));
    let admins_before = known.scopes.values().filter(|scope| **scope == Scope::Admin).count();
    let admins_lost = here().filter(|c| c.before == State::Scope(Scope::Admin)).count();
    let admins_won = here().filter(|c| c.after() == State::Scope(Scope::Admin)).count();
    if known.is_complete && admins_lost > 0 && admins_before + admins_won == admins_lost {
        let place = Place::Group(group.clone());
        problems.push(Problem::new(ProblemCode::LastAdmin, Severity::Warning, place).about(group.as_str()));
    }
    let limit = capabilities.groups.and_then(|groups| groups.soft_limit);
    if let (Some(limit), Some(n_now)) = (limit, known.n_members) {
        let n_new = here()
            .filter(|change| brings_in(&change.operation))
            .filter(|change| !matches!(change.before, State::Scope(now) if now.is_member()))
            .count() as u64;
        if n_new > 0 && n_now + n_new > limit {
            let place = Place::Group(group.clone());
            let problem = Problem::new(ProblemCode::GroupPastSoftLimit, Severity::Warning, place);
            problems.push(problem.about((n_now + n_new).to_string()));
        }
    }
}
