//! The overlap of a plan with another one being applied.

use crate::{Change, GroupId, PersonKey, Plan, order};

/// The people that both plans change in the same group, or both outside any group; a group itself counts as one.
/// Each is listed once. Ignores changes of the other plan that are already in effect.
pub fn shared<'a>(plan: &'a Plan, other: &Plan) -> Vec<&'a PersonKey> {
    let theirs = order::distinct(other.to_send().map(whom_and_where));
    let ours = plan.to_send().map(whom_and_where).filter(|ours| theirs.binary_search(ours).is_ok());
    order::distinct(ours.map(|(whom, _)| whom))
}

fn whom_and_where(change: &Change) -> (&PersonKey, Option<&GroupId>) {
    (&change.person.key, change.operation.group())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::State;
    use crate::{Action, ChangeId, ConnectionId, Operation, Person, PlanId, Scope, Vendor};

    /// Person, group and action.
    type Row<'a> = (&'a str, &'a str, Action);

    fn plan(people: &[Row]) -> Plan {
        let change = |(idx, (id, group, action)): (usize, &Row)| Change {
            id: ChangeId(idx as u32),
            person: Person::by_id(id),
            operation: Operation::AddToGroup { group: GroupId::new(group), scope: Scope::Participant }.into(),
            before: State::Absent,
            action: *action,
            restoring: None,
        };
        Plan {
            id: PlanId::new("p"),
            connection: ConnectionId::new("c"),
            vendor: Vendor::CometChat,
            changes: people.iter().enumerate().map(change).collect(),
            problems: Vec::new(),
            group_names: Default::default(),
            approval: None,
            is_undo: false,
        }
    }

    #[test]
    fn people_shared_with_two_plans_count_once() {
        let plan_of = |people: &[&str]| {
            plan(&people.iter().map(|id| (*id, "fans", Action::Create)).collect::<Vec<_>>())
        };
        let ours = plan_of(&["ada", "bo", "cy", "di"]);
        let others = [plan_of(&["ada", "bo"]), plan_of(&["bo", "cy"])];
        let all = order::distinct(others.iter().flat_map(|other| shared(&ours, other)));
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn counts_who_is_changed_by_both_in_one_group() {
        let other = plan(&[("ada", "fans", Action::Create), ("bo", "fans", Action::NoOp)]);
        let table: [(&[Row], usize); 5] = [
            (&[("ada", "fans", Action::Create)], 1),
            (&[("ada", "fans", Action::Create), ("cy", "fans", Action::Create)], 1),
            (&[("ada", "others", Action::Create)], 0),
            (&[("bo", "fans", Action::Create)], 0),
            (&[("ada", "fans", Action::NoOp)], 0),
        ];
        for (people, expected) in table {
            assert_eq!(shared(&plan(people), &other).len(), expected, "{people:?}");
        }
    }
}
