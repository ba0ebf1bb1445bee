//! Reading who has power in all groups.

use std::sync::Arc;

use browser::clock;
use domain::{Connection, Scope, Vendor};
use leptos::prelude::*;
use muster::state::access_review::{AccessReview, ReviewStage, ReviewStatus};
use muster::state::activity::Activity;
use muster::state::runs::Runs;
use muster::state::session::Session;
use sandbox::ids;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

fn open(session: Session) -> (Arc<Connection>, AccessReview) {
    let connection = harness::connection(Vendor::CometChat);
    session.save(connection.clone());
    let connection = Arc::new(connection);
    (Arc::clone(&connection), open_of(session, &connection))
}

fn open_of(session: Session, connection: &Arc<Connection>) -> AccessReview {
    AccessReview::open(session, Runs::new(session, Activity::new()), connection)
}

/// Waits until the review is so far.
async fn until(review: &AccessReview, is_there: impl Fn(&ReviewStatus) -> bool) -> ReviewStatus {
    let status = review.status();
    loop {
        let now = status.get_untracked();
        if is_there(&now) {
            return now;
        }
        clock::sleep(5).await;
    }
}

fn is_done(status: &ReviewStatus) -> bool {
    status.stage == ReviewStage::Done
}

#[wasm_bindgen_test]
async fn all_groups_are_read_once_somebody_agrees_to_so_many_calls() {
    let (owner, session) = harness::session();
    let (connection, review) = owner.with(|| open(session));
    assert_eq!(review.status().get_untracked().stage, ReviewStage::Unasked);
    review.go_on();
    let asking = until(&review, |status| !matches!(status.stage, ReviewStage::Listing)).await;
    let ReviewStage::Asking { n_groups, n_calls } = asking.stage else { panic!("it asks first: {asking:?}") };
    assert_eq!((n_calls, asking.n_calls), (2 * n_groups, 1), "only the list of groups was read");

    review.agree();
    let status = until(&review, is_done).await;
    assert_eq!(status.progress.n_groups as u64, n_groups);
    assert_eq!(status.progress.n_read + status.progress.n_failed, status.progress.n_groups);
    assert!(status.n_calls as u64 <= 1 + n_calls);
    let holdings = review.holdings();
    let is_owner = |holding: &&domain::scope_review::ScopeHolding| {
        &*holding.person.id == ids::CAP_ADMIN && holding.group.as_str() == ids::SUPERHERO_FANS
    };
    let captain = holdings.iter().find(is_owner).expect("the owner has power");
    assert_eq!((captain.is_owner, captain.person.scope), (true, Some(Scope::Admin)));
    assert!(
        holdings.iter().all(|holding| holding.person.scope.is_some_and(|scope| scope <= Scope::Moderator))
    );

    // One group cannot be read, whatever the others.
    let unread: Vec<_> =
        review.unread().into_iter().map(|group| (group.id, group.failure.error.code)).collect();
    assert_eq!(unread.len(), 1);
    assert_eq!((unread[0].0.as_str(), &*unread[0].1), ("unreadable", "ERR_GUID_NOT_FOUND"));
    review.retry(&[unread[0].0.clone()]);
    let again = until(&review, |again| is_done(again) && again.n_calls >= status.n_calls).await;
    assert_eq!((again.progress.n_failed, review.holdings().len()), (1, holdings.len()));

    // It is kept until the connection is locked.
    let stage = || owner.with(|| open_of(session, &connection)).status().get_untracked().stage;
    assert_eq!(stage(), ReviewStage::Done);
    session.lock(&connection.id);
    assert_eq!(stage(), ReviewStage::Unasked);
}

#[wasm_bindgen_test]
async fn a_paused_review_goes_on_where_it_was() {
    let (owner, session) = harness::session();
    let (_, review) = owner.with(|| open(session));
    review.agree();
    let n_paused = until(&review, |status| status.progress.n_read > 0).await.progress.n_read;
    review.pause();
    // Calls that are under way are awaited, and no others are made.
    clock::sleep(200).await;
    let paused = review.status().get_untracked();
    assert_eq!(paused.stage, ReviewStage::Paused);
    assert!(paused.progress.n_read <= n_paused + 4, "{paused:?}");
    review.go_on();
    let status = until(&review, is_done).await;
    assert_eq!(status.progress.n_read + 1, status.progress.n_groups);
    // Nothing was read twice: the list, and at most two calls for each group that was read.
    assert!(status.n_calls <= 1 + 2 * status.progress.n_read, "{status:?}");
}
