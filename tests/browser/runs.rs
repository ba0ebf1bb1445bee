//! Applying plans, without a page.

use browser::clock;
use browser::storage::Storage;
use domain::{Status, Tally, Vendor};
use leptos::prelude::{Owner, untrack};
use muster::state::activity::Activity;
use muster::state::runs::{Engine, RunView, Runs};
use muster::state::session::Session;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, plan};

async fn table() -> (Owner, Session, Activity, Runs) {
    let (owner, session) = harness::session();
    let storage = Storage::open_named(&harness::fresh_name("runs")).await.expect("a database");
    session.use_storage(storage).await;
    session.save(harness::connection(Vendor::CometChat));
    let activity = owner.with(Activity::new);
    let runs = owner.with(|| Runs::new(session, activity));
    (owner, session, activity, runs)
}

async fn end(run: &RunView) {
    until(|| run.is_over()).await;
}

async fn until(is_so: impl Fn() -> bool) {
    while !untrack(&is_so) {
        clock::sleep(5).await;
    }
}

#[wasm_bindgen_test]
async fn a_plan_is_applied_to_the_last_person_and_remembered() {
    let (_owner, session, activity, runs) = table().await;
    let run = Engine::new().start(runs, plan(runs.next_plan_id(), "trio", 60)).expect("it may be applied");
    assert_eq!(run.status(), Status::Running);
    end(&run).await;
    until(|| !activity.entries().is_empty()).await;
    assert_eq!(run.status(), Status::Done);
    assert_eq!(run.tally(), Tally { n_done: 60, ..Tally::default() });
    let receipt = run.receipt();
    let batch = receipt.rows[59].batch.expect("it was sent");
    assert_eq!(run.call(batch).expect("its call").status, Some(200));
    let entries = activity.entries();
    assert_eq!((entries.len(), entries[0].tally.n_done), (1, 60));
    assert_eq!(session.ledger(&run.connection().id).len(), 60);
}

#[wasm_bindgen_test]
async fn a_plan_is_applied_once_however_often_it_is_started() {
    let (_owner, _session, activity, runs) = table().await;
    let wanted = plan(runs.next_plan_id(), "trio", 1);
    let first = Engine::new().start(runs, wanted.clone()).expect("it may be applied");
    let second = Engine::new().start(runs, wanted).expect("it is there");
    end(&first).await;
    end(&second).await;
    until(|| !activity.entries().is_empty()).await;
    assert_eq!((runs.summaries().len(), activity.entries().len()), (1, 1));
}

#[wasm_bindgen_test]
async fn a_stopped_run_waits_for_what_is_under_way_and_sends_no_more() {
    let (_owner, _session, activity, runs) = table().await;
    let run = Engine::new().start(runs, plan(runs.next_plan_id(), "hang", 300)).expect("it may be applied");
    until(|| run.with_run(|run| run.n_under_way()) > 0).await;
    runs.stop(run.id());
    until(|| run.status() == Status::Stopping).await;
    end(&run).await;
    until(|| !activity.entries().is_empty()).await;
    assert_eq!(run.status(), Status::Stopped);
    let tally = run.tally();
    assert!(tally.n_unknown > 0 && tally.n_unknown < 300, "{tally:?}");
    assert_eq!((tally.n_not_sent, tally.n_refused, tally.n_waiting), (300 - tally.n_unknown, 0, 0));
}

#[wasm_bindgen_test]
async fn a_cut_line_leaves_every_person_unknown() {
    let (_owner, session, _activity, runs) = table().await;
    let run = Engine::new().start(runs, plan(runs.next_plan_id(), "cut", 3)).expect("it may be applied");
    end(&run).await;
    assert_eq!(run.tally(), Tally { n_unknown: 3, ..Tally::default() });
    assert!(session.ledger(&run.connection().id).is_empty());
}
