//! What was decided, by whom, whether it counts, and passing it on.

use std::sync::Arc;

use browser::clock::painted;
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Decision, Digest, Occasion, ReviewFile, Ruling, Signed, Uncounted};

use super::request::OpenedRequest;
use crate::features::approval::files::{self, Passed};
use crate::features::approval::open_words::open_failure;
use crate::features::approval::pass_on::pass_on;
use crate::features::approval::policy::page_policy;
use crate::features::results::run_words;
use i18n::{format_number, text};
use ui::{Tone, failed, notice};

/// The card of decisions, and the buttons that pass the file on.
pub(super) fn made(review: OpenedRequest) -> AnyView {
    let uncounted = Memo::new(move |_| uncounted(review));
    let list = move || {
        let decisions = review.file.with(|file| file.decisions.clone());
        if decisions.is_empty() {
            return view! { <p class="muted">{text::review_no_decisions}</p> }.into_any();
        }
        let one = |decision: Signed<Decision>| one(review, uncounted, &decision);
        view! { <ul class="stack-3 decisions">{decisions.into_iter().map(one).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="card" aria-labelledby="decisions">
            <div class="card-head">
                <h2 id="decisions">{text::review_decisions}</h2>
            </div>
            <div class="card-body stack">{list} {passing(review)}</div>
        </section>
    }
    .into_any()
}

fn one(review: OpenedRequest, uncounted: Memo<UncountedDecisions>, decision: &Signed<Decision>) -> AnyView {
    let body = decision.body();
    let count = |ruling| body.changes.iter().filter(|decided| decided.ruling == ruling).count();
    let (n_approved, n_declined) = (count(Ruling::Approved), count(Ruling::Declined));
    let said = move || {
        text::review_decision_of(text::ReviewDecisionOf {
            approved: &format_number(n_approved as f64),
            declined: &format_number(n_declined as f64),
        })
    };
    let (signer, at) = (decision.by().clone(), body.made_at as f64);
    let hash = decision.hash();
    let why_not = move || {
        let found = uncounted.with(|all| all.iter().find(|(other, _)| *other == hash).copied());
        let (_, why) = found?;
        Some(notice(Tone::Unknown, view! { <p>{uncounted_words(why)}</p> }))
    };
    let name = {
        let signer = signer.clone();
        move || review.known.name_of(&signer)
    };
    view! {
        <li class="stack-2">
            <p>
                <strong>
                    <bdi translate="no">{name}</bdi>
                </strong>
                " "
                {said}
                " "
                <span class="small muted">{move || run_words::moment(at)}</span>
            </p>
            {review.known.signer(&signer)}
            {why_not}
        </li>
    }
    .into_any()
}

/// The decisions that do not count, by their hash.
type UncountedDecisions = Vec<(Digest, Uncounted)>;

/// The decisions that do not count; none until the keys have been read; tracked.
fn uncounted(review: OpenedRequest) -> UncountedDecisions {
    let (known, file) = (review.known, review.file.get());
    let now = known.time.get().filter(|_| known.is_read.get());
    let Some(now) = now.map(|time| time.now) else { return Vec::new() };
    let place = &file.request.body().place;
    let lacking = known.trust.with(|trust| {
        let occasion = Occasion { now, place, trust, reviewed: &[] };
        page_policy(review.session).missing(&file.request, &file.decisions, occasion)
    });
    lacking.uncounted
}

fn uncounted_words(why: Uncounted) -> String {
    match why {
        Uncounted::OtherRequest | Uncounted::Malformed => text::review_uncounted_other(),
        Uncounted::OtherPlace => text::review_uncounted_place(),
        Uncounted::Expired { at } => text::review_uncounted_expired(&run_words::moment(at as f64)),
        Uncounted::FromTheFuture { .. } | Uncounted::BeforeRequest => text::review_uncounted_time(),
        Uncounted::ByAuthor => text::review_uncounted_author(),
        Uncounted::UnknownKey => text::review_uncounted_unknown(),
        Uncounted::WithdrawnKey => text::review_uncounted_withdrawn(),
        Uncounted::NotAnApprover => text::review_uncounted_not_approver(),
    }
}

/// The file as it is now, to copy and to save.
fn passing(review: OpenedRequest) -> AnyView {
    let ready = RwSignal::new_local(None::<(Arc<ReviewFile>, Result<Passed, files::OpenError>)>);
    ui::effect(move || {
        let file: Arc<ReviewFile> = review.file.get();
        spawn_local(async move {
            // Writing and compressing it must not delay the view.
            painted().await;
            let made = files::passed(&file).await;
            // The page may be gone by now, or the file have another decision.
            if review.file.try_with_untracked(|now| Arc::ptr_eq(now, &file)) == Some(true) {
                ready.set(Some((file, made)));
            }
        });
    });
    let problem = Memo::new(move |_| {
        ready.with(|ready| ready.as_ref().and_then(|(_, made)| made.as_ref().err().copied()))
    });
    // What was written of an earlier file lacks the newest decision.
    let passed = Signal::derive_local(move || {
        let file = review.file.get();
        ready.with(|ready| {
            let (of, made) = ready.as_ref()?;
            made.as_ref().ok().filter(|_| Arc::ptr_eq(of, &file)).cloned()
        })
    });
    let view = move || match problem.get() {
        None => pass_on(passed),
        Some(error) => failed(open_failure(error), None),
    };
    view.into_any()
}
