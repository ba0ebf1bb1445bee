//! Staged scopes: any sequence of staging and reverting gives the plan of the net difference.

use std::collections::BTreeMap;

use domain::staged::{CurrentScope, Staged, is_offered};
use domain::{Scope, State};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::world::{group, planned, snapshot_of};

/// What a person does on the page of a group.
#[derive(Clone, Debug)]
enum Gesture {
    /// Stages a scope for one person, or for a selection.
    Stage(Vec<Index>, CurrentScope),
    /// Takes one staged scope back.
    Revert(Index),
    DiscardAll,
}

fn scope() -> impl Strategy<Value = Scope> {
    prop::sample::select(&Scope::ALL[..])
}

fn gesture() -> impl Strategy<Value = Gesture> {
    let some = prop::collection::vec(any::<Index>(), 1..8);
    prop_oneof![
        8 => (some, prop::option::of(scope())).prop_map(|(who, after)| Gesture::Stage(who, after)),
        3 => any::<Index>().prop_map(Gesture::Revert),
        1 => Just(Gesture::DiscardAll),
    ]
}

proptest! {
    #[test]
    fn the_plan_is_the_net_difference(
        scopes in prop::collection::vec(scope(), 1..12),
        gestures in prop::collection::vec(gesture(), 0..30),
    ) {
        let ids: Vec<String> = (0..scopes.len()).map(|idx| format!("person-{idx:02}")).collect();
        let (mut staged, mut wanted) = (Staged::default(), BTreeMap::new());
        for gesture in gestures {
            match gesture {
                Gesture::Stage(who, after) => {
                    for idx in who.iter().map(|index| index.index(ids.len())) {
                        staged.mark(&ids[idx], None, scopes[idx], after);
                        if is_offered(scopes[idx], after) {
                            wanted.insert(idx, after);
                        }
                    }
                }
                Gesture::Revert(index) => {
                    let idx = index.index(ids.len());
                    staged.take_back(&ids[idx]);
                    wanted.remove(&idx);
                }
                Gesture::DiscardAll => {
                    staged.clear();
                    wanted.clear();
                }
            }
        }
        let before: Vec<(&str, Scope)> = ids.iter().map(String::as_str).zip(scopes.iter().copied()).collect();
        let plan = planned(&staged.command(&group(0)), &snapshot_of(group(0), &before));
        let state = |scope: CurrentScope| scope.map_or(State::Absent, State::Scope);
        let mut planned: Vec<_> = plan
            .to_send()
            .map(|change| (change.person.key.as_str().to_owned(), change.before, change.after()))
            .collect();
        planned.sort_by(|one, other| one.0.cmp(&other.0));
        let expected: Vec<_> = wanted
            .iter()
            .filter(|(idx, after)| **after != Some(scopes[**idx]))
            .map(|(idx, after)| (ids[*idx].clone(), State::Scope(scopes[*idx]), state(*after)))
            .collect();
        prop_assert_eq!(staged.count(), expected.len());
        prop_assert_eq!(planned, expected);
    }
}
