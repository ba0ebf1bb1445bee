//! Approvals, and everything that must not count as one.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use domain::{ChangeId, Scope, State};
use review::{
    BodyError, ChangeLack, DecideError, Decision, Document, Lacking, Occasion, Policy, RequestAbout,
    RequestLack, ReviewClock, ReviewPlace, ReviewRequest, ReviewedChange, Ruling, Signed, TrustStore,
    Uncounted,
};

use crate::world::*;

struct Case {
    ana: Colleague,
    bea: Colleague,
    request: Signed<ReviewRequest>,
    trust: TrustStore,
    policy: Policy,
}

/// Ana asks, Bea may approve, and every change needs one approval.
fn case() -> Case {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let request = ana.sign(request());
    let trust = trusting(&[&ana, &bea]);
    let policy = Policy { n_approvals: 1, ..Policy::default() };
    Case { ana, bea, request, trust, policy }
}

impl Case {
    fn missing_at(&self, decisions: &[Signed<Decision>], now: u64) -> Lacking {
        self.missing_of(&self.request, decisions, &compared(self.request.body(), &group(&BEFORE)), now)
    }

    fn missing_of(
        &self,
        request: &Signed<ReviewRequest>,
        decisions: &[Signed<Decision>],
        reviewed: &[ReviewedChange],
        now: u64,
    ) -> Lacking {
        let place = place();
        self.policy.missing(request, decisions, Occasion { now, place: &place, trust: &self.trust, reviewed })
    }

    fn is_free(&self, decision: &Signed<Decision>, now: u64) -> bool {
        self.missing_at(from_ref(decision), now) == Lacking::default()
    }

    /// Why a single decision does not count.
    fn uncounted(&self, decision: &Signed<Decision>, now: u64) -> Uncounted {
        let missing = self.missing_at(from_ref(decision), now);
        let [(hash, why)] = missing.uncounted[..] else { panic!("{missing:?}") };
        assert_eq!(hash, decision.hash());
        assert_eq!(missing.changes.len(), 3, "no change can be sent");
        why
    }
}

#[test]
fn a_change_is_sent_once_enough_people_have_approved_it() {
    let mut case = case();
    let all = |have, need| {
        let lack = vec![ChangeLack::Approvals { have, need }];
        (0..3).map(|id| (ChangeId(id), lack.clone())).collect::<Vec<_>>()
    };
    assert_eq!(case.missing_at(&[], T0).changes, all(0, 1));
    let beas = case.bea.sign(approval(&case.request, T0 + HOUR));
    assert!(case.is_free(&beas, T0 + HOUR));
    case.policy.n_approvals = 2;
    assert_eq!(case.missing_at(from_ref(&beas), T0 + HOUR).changes, all(1, 2));
    // One person counts once, however often they approve.
    let again = case.bea.sign(approval(&case.request, T0 + HOUR + 1));
    assert_eq!(case.missing_at(&[beas.clone(), again, beas.clone()], T0 + HOUR + 1).changes, all(1, 2));
    let cal = Colleague::new("Cal", 5);
    case.trust.trust(&cal.signer, T0, decompose).expect("another name");
    let cals = cal.sign(approval(&case.request, T0 + HOUR));
    assert_eq!(case.missing_at(&[beas, cals], T0 + HOUR), Lacking::default());
}

#[test]
fn without_a_policy_nothing_is_needed_and_a_refusal_counts_all_the_same() {
    let mut case = case();
    case.policy = Policy::default();
    assert_eq!(case.missing_at(&[], T0), Lacking::default());
    let reviewed = compared(case.request.body(), &group(&BEFORE));
    let bo = change_of(case.request.body(), "bo");
    let no = BTreeMap::from([(bo, (Ruling::Declined, "Not yet".into()))]);
    let no = Decision::of(&case.request, &reviewed, &no, (T0, T0 + HOUR)).expect("a valid decision");
    let missing = case.missing_at(&[case.bea.sign(no)], T0);
    let by = case.bea.signer.key.fingerprint();
    assert_eq!(missing.changes, [(bo, vec![ChangeLack::Declined { by, reason: "Not yet".into() }])]);
    assert!(!missing.can_send(bo) && missing.can_send(change_of(case.request.body(), "ada")));
}

#[test]
fn the_newest_decision_of_a_person_counts() {
    let case = case();
    let reviewed = compared(case.request.body(), &group(&BEFORE));
    let bo = change_of(case.request.body(), "bo");
    let no = BTreeMap::from([(bo, (Ruling::Declined, "Not yet".into()))]);
    let no = |at| case.bea.sign(Decision::of(&case.request, &reviewed, &no, (at, at + HOUR)).expect("valid"));
    let yes = case.bea.sign(approval(&case.request, T0 + 10));
    for (decisions, can_send) in [
        ([no(T0), yes.clone()], true),
        ([yes.clone(), no(T0)], true),
        ([no(T0 + 20), yes.clone()], false),
        ([yes.clone(), no(T0 + 10)], false),
    ] {
        assert_eq!(case.missing_at(&decisions, T0 + 30).can_send(bo), can_send);
    }
}

#[test]
fn a_policy_names_the_dangers_that_it_covers() {
    let mut case = case();
    case.policy.covers = BTreeSet::from([review::Danger::Admin, review::Danger::Ban]);
    let missing = case.missing_at(&[], T0);
    let lacking: Vec<_> = missing.changes.iter().map(|(id, _)| *id).collect();
    let mut expected = ["bo", "cy"].map(|person| change_of(case.request.body(), person));
    expected.sort();
    assert_eq!(lacking, expected);
    // What was dangerous when it was asked for, and what has become so.
    let bo = change_of(case.request.body(), "bo");
    case.policy.covers = BTreeSet::from([review::Danger::Moderator]);
    for (before, now) in [(Scope::Moderator, Scope::Participant), (Scope::Participant, Scope::Moderator)] {
        let mut members = BEFORE;
        members[1].1 = before;
        let asked = ReviewRequest::of(&plan(&command(), &group(&members)), about()).expect("a plan");
        let asked = case.ana.sign(asked);
        members[1].1 = now;
        let reviewed = compared(asked.body(), &group(&members));
        let missing = case.missing_of(&asked, &[], &reviewed, T0);
        assert!(!missing.can_send(bo), "{before:?} {now:?}");
    }
}

#[test]
fn the_author_cannot_approve_their_own_request() {
    let mut case = case();
    let own = case.ana.sign(approval(&case.request, T0));
    assert_eq!(case.uncounted(&own, T0), Uncounted::ByAuthor);
    // Nor with the key of their second device.
    let phone = Colleague::new("Ana's phone", 5);
    let (claim, vouch) = joined(&case.ana, &phone);
    case.trust.vouch(&claim, &vouch, T0).expect("Ana is trusted");
    let second = phone.sign(approval(&case.request, T0));
    assert_eq!(case.uncounted(&second, T0), Uncounted::ByAuthor);
    // Nor if nobody trusts them.
    case.trust = trusting(&[&case.bea]);
    assert_eq!(case.uncounted(&own, T0), Uncounted::ByAuthor);
    assert_eq!(case.missing_at(&[], T0).request, [RequestLack::AuthorUnknown]);
    case.trust = trusting(&[&case.ana]);
    case.policy.author_may_approve = true;
    assert!(case.is_free(&own, T0));
}

#[test]
fn an_approval_counts_for_its_own_request_only() {
    let case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    // An edit of one word makes another request.
    let mut edited = request();
    edited.why = "New moderators for the summer".into();
    edited.parent = Some(case.request.hash());
    let edited = case.ana.sign(edited);
    let reviewed = compared(edited.body(), &group(&BEFORE));
    let missing = case.missing_of(&edited, from_ref(&beas), &reviewed, T0);
    assert_eq!(missing.uncounted, [(beas.hash(), Uncounted::OtherRequest)]);
    assert_eq!(missing.changes.len(), 3);
    // So does the same request by someone else.
    let by_bea = case.bea.sign(request());
    let missing = case.missing_of(&by_bea, from_ref(&beas), &reviewed, T0);
    assert_eq!(missing.uncounted, [(beas.hash(), Uncounted::OtherRequest)]);
}

#[test]
fn a_request_for_one_connection_cannot_be_run_on_another() {
    let case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    let elsewhere = ReviewPlace::new(place().vendor(), "other").expect("an id");
    let reviewed = compared(case.request.body(), &group(&BEFORE));
    let occasion = Occasion { now: T0, place: &elsewhere, trust: &case.trust, reviewed: &reviewed };
    let missing = case.policy.missing(&case.request, from_ref(&beas), occasion);
    assert_eq!(missing.request, [RequestLack::OtherPlace]);
    assert_eq!(missing.uncounted, [(beas.hash(), Uncounted::OtherPlace)]);
    assert!(!missing.can_send(ChangeId(0)));
    // Nor with an approval from there.
    let mut decision = approval(&case.request, T0);
    decision.place = elsewhere.clone();
    let decision = case.bea.sign(decision);
    let missing = case.policy.missing(&case.request, from_ref(&decision), occasion);
    assert_eq!(missing.uncounted, [(decision.hash(), Uncounted::OtherPlace)]);
    // A reviewer who read another place approved something else.
    let mut decision = approval(&case.request, T0);
    decision.place = elsewhere;
    assert_eq!(case.uncounted(&case.bea.sign(decision), T0), Uncounted::OtherPlace);
}

#[test]
fn approvals_and_requests_expire() {
    let mut case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    let end = T0 + 24 * HOUR;
    assert!(case.is_free(&beas, end - 1));
    assert_eq!(case.uncounted(&beas, end), Uncounted::Expired { at: end });
    // A policy shortens the life that a reviewer gives.
    case.policy.decision_ms = HOUR;
    assert_eq!(case.uncounted(&beas, T0 + HOUR), Uncounted::Expired { at: T0 + HOUR });
    let end = T0 + 48 * HOUR;
    assert_eq!(case.missing_at(&[], end - 1).request, []);
    assert_eq!(case.missing_at(&[], end).request, [RequestLack::Expired { at: end }]);
    case.policy.request_ms = HOUR;
    assert_eq!(case.missing_at(&[], T0 + HOUR).request, [RequestLack::Expired { at: T0 + HOUR }]);
    // The default policy ends a decision after a day, whatever it says.
    case.policy = Policy { n_approvals: 1, ..Policy::default() };
    let mut long = approval(&case.request, T0);
    long.expires_at = T0 + 48 * HOUR;
    let at = T0 + 24 * HOUR;
    assert_eq!(case.uncounted(&case.bea.sign(long), at), Uncounted::Expired { at });
}

#[test]
fn a_clock_that_is_set_back_revives_nothing() {
    let case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    let mut clock = ReviewClock::default();
    assert!(case.is_free(&beas, clock.now(T0)));
    let end = T0 + 24 * HOUR;
    assert_eq!(case.uncounted(&beas, clock.now(end)), Uncounted::Expired { at: end });
    assert_eq!(clock.is_behind(end - 1), None);
    assert_eq!(clock.is_behind(T0), Some(24 * HOUR));
    assert_eq!(
        case.uncounted(&beas, clock.now(T0)),
        Uncounted::Expired { at: end },
        "the clock was set back"
    );
    // It is kept over a reload.
    let kept = serde_json::to_string(&clock).expect("a number");
    let mut clock: ReviewClock = serde_json::from_str(&kept).expect("it was written");
    assert_eq!(clock.now(T0), end);
    clock.reset(T0);
    assert_eq!(clock.now(T0), T0);
}

#[test]
fn what_comes_from_the_future_is_refused() {
    let case = case();
    let made_at = T0 + HOUR;
    let beas = case.bea.sign(approval(&case.request, made_at));
    assert_eq!(case.uncounted(&beas, T0), Uncounted::FromTheFuture { made_at });
    assert!(case.is_free(&beas, made_at - review::CLOCK_TOLERANCE_MS), "clocks differ a little");
    let before = T0 - HOUR;
    assert_eq!(case.missing_at(&[], before).request, [RequestLack::FromTheFuture { made_at: T0 }]);
    let early = case.bea.sign(approval(&case.request, before));
    assert_eq!(case.uncounted(&early, T0), Uncounted::BeforeRequest);
}

#[test]
fn unknown_and_withdrawn_keys_and_others_than_the_policy_names_do_not_count() {
    let mut case = case();
    let eve = Colleague::new("Eve", 4);
    let eves = eve.sign(approval(&case.request, T0));
    assert_eq!(case.uncounted(&eves, T0), Uncounted::UnknownKey);
    // Someone who calls herself Bea.
    let bea = Colleague::new("Bea", 6);
    assert_eq!(case.uncounted(&bea.sign(approval(&case.request, T0)), T0), Uncounted::UnknownKey);
    let beas = case.bea.sign(approval(&case.request, T0));
    case.policy.approvers = BTreeSet::from([eve.signer.key.fingerprint()]);
    assert_eq!(case.uncounted(&beas, T0), Uncounted::NotAnApprover);
    case.policy.approvers = BTreeSet::from([case.bea.signer.key.fingerprint()]);
    assert!(case.is_free(&beas, T0));
    // Being an approver is not enough for a key that was withdrawn on this device.
    case.trust.withdraw(case.bea.signer.key.fingerprint(), T0);
    assert_eq!(case.uncounted(&beas, T0), Uncounted::WithdrawnKey);
    case.trust.withdraw(case.ana.signer.key.fingerprint(), T0);
    assert_eq!(case.missing_at(&[], T0).request, [RequestLack::AuthorWithdrawn]);
}

#[test]
fn an_approver_may_use_a_second_device() {
    let mut case = case();
    case.policy.approvers = BTreeSet::from([case.bea.signer.key.fingerprint()]);
    let tablet = Colleague::new("Bea's tablet", 7);
    let second = tablet.sign(approval(&case.request, T0));
    assert_eq!(case.uncounted(&second, T0), Uncounted::UnknownKey);
    let (claim, vouch) = joined(&case.bea, &tablet);
    case.trust.vouch(&claim, &vouch, T0).expect("Bea is trusted");
    assert!(case.is_free(&second, T0));
    // The policy may name either.
    case.policy.approvers = BTreeSet::from([tablet.signer.key.fingerprint()]);
    assert!(case.is_free(&second, T0));
    let first = case.bea.sign(approval(&case.request, T0));
    assert_eq!(case.uncounted(&first, T0), Uncounted::NotAnApprover);
    case.policy.approvers = BTreeSet::new();
    // Two devices are one person.
    case.policy.n_approvals = 2;
    let beas = case.bea.sign(approval(&case.request, T0));
    let missing = case.missing_at(&[beas, second], T0);
    assert_eq!(missing.changes[0].1, [ChangeLack::Approvals { have: 1, need: 2 }]);
}

#[test]
fn an_approval_ends_with_the_state_that_it_was_given_in() {
    let case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    // Another moderator acts in between: Bo is banned, Ada is a moderator already.
    let now = group(&[("ada", Scope::Moderator), ("bo", Scope::Banned), ("cy", Scope::Participant)]);
    let reviewed = compared(case.request.body(), &now);
    let missing = case.missing_of(&case.request, &[beas], &reviewed, T0);
    let by = case.bea.signer.key.fingerprint();
    let (seen, is) = (State::Scope(Scope::Moderator), State::Scope(Scope::Banned));
    let lacks = vec![ChangeLack::Drifted { by, seen, is }, ChangeLack::Approvals { have: 0, need: 1 }];
    assert_eq!(missing.changes, [(change_of(case.request.body(), "bo"), lacks)]);
}

#[test]
fn what_is_gone_or_was_not_compared_is_not_sent() {
    let case = case();
    let beas = case.bea.sign(approval(&case.request, T0));
    let reviewed = compared(case.request.body(), &group(&[("cy", Scope::Participant)]));
    let missing = case.missing_of(&case.request, from_ref(&beas), &reviewed, T0);
    for person in ["ada", "bo"] {
        let id = change_of(case.request.body(), person);
        let lacks = missing.changes.iter().find(|(own, _)| *own == id).map(|(_, lacks)| &lacks[0]);
        assert_eq!(lacks, Some(&ChangeLack::Gone));
    }
    // The vendor does not let the acting person make one of them.
    let mut reviewed = compared(case.request.body(), &group(&BEFORE));
    reviewed[1].drift = review::Drift::NotAllowed;
    let missing = case.missing_of(&case.request, from_ref(&beas), &reviewed, T0);
    assert_eq!(missing.changes, [(reviewed[1].id, vec![ChangeLack::NotAllowed])]);
    let missing = case.missing_of(&case.request, &[beas], &[], T0);
    assert!(missing.changes.iter().all(|(_, lacks)| lacks[..] == [ChangeLack::NotCompared]));
    assert_eq!(missing.changes.len(), 3);
}

#[test]
fn a_decision_says_what_can_be_decided() {
    let case = case();
    let now = compared(case.request.body(), &group(&[("cy", Scope::Participant)]));
    let (ada, cy) = (change_of(case.request.body(), "ada"), change_of(case.request.body(), "cy"));
    let of = |ruling, comment: &str, id| {
        let rulings = BTreeMap::from([(id, (ruling, comment.into()))]);
        Decision::of(&case.request, &now, &rulings, (T0, T0 + HOUR))
    };
    assert_eq!(of(Ruling::Approved, "", ada).err(), Some(DecideError::CannotApprove(ada)));
    assert_eq!(of(Ruling::Declined, "", cy).err(), Some(DecideError::Body(BodyError::Reason)));
    assert_eq!(of(Ruling::Declined, " \u{200b} ", cy).err(), Some(DecideError::Body(BodyError::Reason)));
    assert!(of(Ruling::Declined, "Gone already", ada).is_ok());
    let nothing = Decision::of(&case.request, &now, &BTreeMap::new(), (T0, T0 + HOUR));
    assert_eq!(nothing.err(), Some(DecideError::Body(BodyError::Count)));
    let good = of(Ruling::Approved, "Fine", cy).expect("a valid decision");
    let changed = |change: fn(&mut Decision)| {
        let mut decision = good.clone();
        change(&mut decision);
        decision.check()
    };
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(changed(|decision| decision.changes.push(decision.changes[0].clone())), Err(BodyError::Twice));
    assert_eq!(changed(|decision| decision.changes[0].comment = "a\u{202e}b".into()), Err(BodyError::Text));
    assert_eq!(
        changed(|decision| decision.changes[0].drift = review::Drift::Gone),
        Err(BodyError::Reference)
    );
    assert_eq!(changed(|decision| decision.expires_at += 30 * 24 * HOUR), Err(BodyError::Times));
    // A change that the request does not have.
    let mut beyond = approval(&case.request, T0);
    beyond.changes.last_mut().expect("three").change = ChangeId(9);
    assert_eq!(case.uncounted(&case.bea.sign(beyond), T0), Uncounted::Malformed);
}

#[test]
fn an_edit_names_its_parent() {
    let case = case();
    let about = RequestAbout { parent: Some(case.request.hash()), ..about() };
    let edited = ReviewRequest::of(&plan(&command(), &group(&BEFORE)), about).expect("a plan");
    assert_eq!(edited.parent, Some(case.request.hash()));
    assert_ne!(case.ana.sign(edited).hash(), case.request.hash());
}
