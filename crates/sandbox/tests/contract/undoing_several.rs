//! Undoing several runs together against the emulators: the whole state is as it was before the first of them.

use std::collections::BTreeSet;

use domain::outcome::Verdict;
use domain::receipt::ReceiptRow;
use domain::{Action, Command, Operation, Person, Scope, UndoRow, Vendor};
use proptest::prelude::*;
use sandbox::ids;

use crate::samples;
use crate::undoing::{MINUTE, compare, console, plan, planner, snapshot};

/// What one run does with a person: nothing, an operation, or a ban and its end.
#[derive(Clone, Copy, Debug)]
enum Step {
    Nothing,
    Add(Scope),
    Set(Scope),
    Kick,
    Ban,
    Unban,
}

fn step() -> impl Strategy<Value = Step> {
    let scope = || prop::sample::select(Scope::ALL.to_vec());
    let member = || prop::sample::select(Scope::ALL[..3].to_vec());
    prop_oneof![
        1 => Just(Step::Nothing),
        3 => scope().prop_map(Step::Add),
        3 => member().prop_map(Step::Set),
        2 => Just(Step::Kick),
        1 => Just(Step::Ban),
        1 => Just(Step::Unban),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Members keep their scopes, outsiders stay outside, and only dates are lost, which rows name.
    #[test]
    fn runs_that_are_undone_together_leave_the_state_before_them(
        runs in prop::collection::vec(prop::collection::vec(step(), 6), 1..5),
    ) {
        let vendor = Vendor::CometChat;
        let mut console = console(vendor);
        let group = samples::group(vendor).expect("the vendor has groups");
        let before = console.dump();
        let known = samples::people(vendor, &before, &group);
        let members = known.keys().filter(|id| ***id != *ids::CAP_ADMIN).take(4);
        let outside = (1..=ids::FANS).map(|number| Box::from(ids::fan(number)));
        let people: Vec<Box<str>> =
            members.cloned().chain(outside.filter(|id| !known.contains_key(id)).take(2)).collect();
        let mut rows: Vec<ReceiptRow> = Vec::new();
        for steps in runs {
            let mut command = Command::new();
            for (id, step) in people.iter().zip(steps) {
                let group = group.clone();
                let operation = match step {
                    Step::Nothing => continue,
                    Step::Add(scope) => Operation::AddToGroup { group, scope },
                    Step::Set(scope) => Operation::SetScope { group, scope },
                    Step::Kick => Operation::Kick { group },
                    Step::Ban => Operation::Ban { group },
                    Step::Unban => Operation::Unban { group },
                };
                command.intent(Person::by_id(id), operation);
            }
            if command.items.is_empty() {
                continue;
            }
            let now = snapshot(&mut console, &group);
            for change in planner(vendor).plan(domain::PlanId::new("p"), &command, &now).to_send() {
                console.now += MINUTE;
                let outcome = console.apply(change.person.clone(), (*change.operation).clone());
                rows.push(ReceiptRow { change: change.clone(), outcome: Some(outcome), batch: None });
            }
        }
        let now = snapshot(&mut console, &group);
        let undo = planner(vendor).undo(&rows, &now);
        for (row, fate) in rows.iter().zip(&undo.rows) {
            let is_done = row.outcome.as_ref().is_some_and(|outcome| outcome.verdict() == Verdict::Done);
            let is_kept = matches!(fate, UndoRow::LeftOut(domain::LeftOut::NotDone));
            prop_assert_eq!(is_kept, !is_done, "{:?}: {:?}", row.change, fate);
        }
        if !undo.command.items.is_empty() {
            let back = plan(vendor, &undo.command, &now);
            prop_assert!(back.changes.iter().all(|change| change.action != Action::NoOp), "{:?}", back.changes);
            for change in back.to_send() {
                console.now += MINUTE;
                let outcome = console.apply(change.person.clone(), (*change.operation).clone());
                prop_assert_eq!(outcome.verdict(), Verdict::Done, "{:?}: {:?}", change, outcome);
            }
        }
        let restored = samples::people(vendor, &console.dump(), &group);
        prop_assert_eq!(&restored, &known);
        // A person whose change is undone exactly has the earlier dates as well.
        let mut differing = BTreeSet::new();
        compare("", &before, &console.dump(), &mut differing);
        let is_lossy = |row: &UndoRow| matches!(row, UndoRow::Undone { lost, .. } if !lost.is_empty());
        let cancels = |row: &UndoRow| matches!(row, UndoRow::LeftOut(domain::LeftOut::CancelsOut));
        if !undo.rows.iter().any(|row| is_lossy(row) || cancels(row)) {
            prop_assert!(differing.is_empty(), "{:?}", differing);
        }
    }
}
