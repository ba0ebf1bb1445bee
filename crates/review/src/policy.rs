//! Who has to approve what, and what a request still lacks.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Change, ChangeId, Millis, Operation, Plan, State, order};
use hosting::ReviewRules;

use crate::clock::CLOCK_TOLERANCE_MS;
use crate::decision::{DECISION_MS, Decision, Ruling};
use crate::digest::Digest;
use crate::drift::{Danger, Drift, ReviewedChange};
use crate::key::Fingerprint;
use crate::request::{MAX_REQUEST_MS, ReviewPlace, ReviewRequest};
use crate::signed::Signed;
use crate::trust::TrustStore;

/// The rules for approvals, as an operator sets them in `config.json`. Without a server that enforces them they are an
/// agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The keys of those who may approve; empty for everyone whose key is trusted.
    pub approvers: BTreeSet<Fingerprint>,
    /// How many people have to approve a change; 0 for none.
    pub n_approvals: u32,
    /// Whether the author is one of them.
    pub author_may_approve: bool,
    /// The dangers of changes that need approval; empty for all changes.
    pub covers: BTreeSet<Danger>,
    /// How long a request counts, at most.
    pub request_ms: Millis,
    /// How long a decision counts, at most.
    pub decision_ms: Millis,
}

/// Nobody has to approve anything; a decision that someone asked for counts for a day, and never the author's.
impl Default for Policy {
    fn default() -> Self {
        Self {
            approvers: BTreeSet::new(),
            n_approvals: 0,
            author_may_approve: false,
            covers: BTreeSet::new(),
            request_ms: MAX_REQUEST_MS,
            decision_ms: DECISION_MS,
        }
    }
}

/// The time and place at which changes are to be sent, and what is known there.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The time, as [`ReviewClock`](crate::ReviewClock) tells it.
    pub now: Millis,
    /// The place of the connection.
    pub place: &'a ReviewPlace,
    /// The keys that the device knows.
    pub trust: &'a TrustStore,
    /// The changes of the request, compared with what was read just now.
    pub reviewed: &'a [ReviewedChange],
}

/// Why nothing of a request can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestLack {
    /// It is for another place than the connection.
    OtherPlace,
    /// It has expired.
    Expired {
        /// When.
        at: Millis,
    },
    /// It was made later than now: one of the clocks is wrong, or was set.
    FromTheFuture {
        /// When it was made.
        made_at: Millis,
    },
    /// Nobody has compared the author's key.
    AuthorUnknown,
    /// The author's key was withdrawn.
    AuthorWithdrawn,
}

/// Why a decision does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncounted {
    /// It is about another request, or about this one before an edit.
    OtherRequest,
    /// Its reviewer read another place.
    OtherPlace,
    /// It has expired, by its own date or by the policy.
    Expired {
        /// When.
        at: Millis,
    },
    /// It was made later than now.
    FromTheFuture {
        /// When it was made.
        made_at: Millis,
    },
    /// It was made before the request.
    BeforeRequest,
    /// The author made it, with this key or that of another device.
    ByAuthor,
    /// Nobody has compared the key.
    UnknownKey,
    /// The key was withdrawn.
    WithdrawnKey,
    /// The policy names others.
    NotAnApprover,
    /// It is about a change that the request does not have.
    Malformed,
}

/// Why a change cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeLack {
    /// Too few people have approved it.
    Approvals {
        /// How many have.
        have: u32,
        /// How many are needed.
        need: u32,
    },
    /// Someone has declined it.
    Declined {
        /// The key that did.
        by: Fingerprint,
        /// Why.
        reason: Box<str>,
    },
    /// It was approved in another state than it has now.
    Drifted {
        /// The key that approved it.
        by: Fingerprint,
        /// The state that was approved.
        seen: State,
        /// The state now.
        is: State,
    },
    /// The person or the group is not there any more.
    Gone,
    /// The vendor does not let the acting person make it.
    NotAllowed,
    /// What it would change was not read again.
    NotCompared,
}

/// What a request lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// What the request as a whole lacks. If there is anything, none of its changes can be sent.
    pub request: Vec<RequestLack>,
    /// What changes lack; changes that lack nothing are not listed.
    pub changes: Vec<(ChangeId, Vec<ChangeLack>)>,
    /// The decisions that do not count, by their hash.
    pub uncounted: Vec<(Digest, Uncounted)>,
}

impl Lacking {
    /// True if the change can be sent.
    pub fn can_send(&self, change: ChangeId) -> bool {
        self.request.is_empty() && self.changes.binary_search_by_key(&change, |(id, _)| *id).is_err()
    }
}

/// A decision that counts.
struct Counted<'a> {
    /// The first key of the reviewer.
    owner: Fingerprint,
    decision: &'a Signed<Decision>,
}

impl Policy {
    /// The policy that `config.json` sets, with the longest lives that there are for what it leaves out, except that
    /// an approval then counts for a day.
    pub fn of(rules: &ReviewRules) -> Self {
        let hours = |hours: Option<u32>| hours.map(|hours| Millis::from(hours) * 60 * 60 * 1_000);
        Self {
            approvers: order::set(rules.approvers.iter().map(|approver| Fingerprint::new(approver.key))),
            n_approvals: rules.approvals,
            author_may_approve: rules.author_may_approve,
            covers: order::set(rules.kinds.iter().filter_map(|kind| Danger::from_slug(kind))),
            request_ms: hours(rules.request_hours).unwrap_or(MAX_REQUEST_MS),
            decision_ms: hours(rules.approval_hours).unwrap_or(DECISION_MS),
        }
    }

    /// True if an operation on someone in this state has to be approved before it is sent. Where the state was not read,
    /// it is taken to be the one that the operation would be most dangerous for.
    pub fn covers_change(&self, operation: &Operation, before: State) -> bool {
        let is_covered = |danger: &Danger| danger.may_be_in(operation, before);
        self.n_approvals > 0 && (self.covers.is_empty() || self.covers.iter().any(is_covered))
    }

    /// The changes of a plan that cannot be sent without a request, because they have to be approved. A request is for a
    /// whole plan, so a plan of which this is not empty is sent through a request.
    pub fn covered_in<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = ChangeId> + 'a {
        let is_covered = |change: &&Change| self.covers_change(&change.operation, change.before);
        plan.to_send().filter(is_covered).map(|change| change.id)
    }

    /// True if a change has to be approved. Whatever is read now: one that was dangerous when it was asked for stays so.
    fn needs_approval(&self, request: &ReviewRequest, change: &ReviewedChange) -> bool {
        let operation = request.operation(change.id);
        [change.is, change.was].into_iter().any(|state| self.covers_change(operation, state))
    }

    /// What a request and each of its changes lack, to be sent on this occasion.
    pub fn missing(
        &self,
        request: &Signed<ReviewRequest>,
        decisions: &[Signed<Decision>],
        occasion: Occasion<'_>,
    ) -> Lacking {
        let mut missing = Lacking { request: self.request_lacks(request, occasion), ..Lacking::default() };
        let mut counted = Vec::new();
        for decision in decisions {
            match self.count(request, decision, occasion) {
                Ok(owner) => counted.push(Counted { owner, decision }),
                Err(why) => missing.uncounted.push((decision.hash(), why)),
            }
        }
        let now: BTreeMap<ChangeId, &ReviewedChange> =
            occasion.reviewed.iter().map(|reviewed| (reviewed.id, reviewed)).collect();
        for id in request.body().change_ids() {
            let lacks = match now.get(&id) {
                Some(reviewed) => self.change_lacks(request.body(), reviewed, &counted),
                None => vec![ChangeLack::NotCompared],
            };
            if !lacks.is_empty() {
                missing.changes.push((id, lacks));
            }
        }
        missing
    }

    fn request_lacks(&self, request: &Signed<ReviewRequest>, occasion: Occasion<'_>) -> Vec<RequestLack> {
        let body = request.body();
        let mut lacks = Vec::new();
        if body.place != *occasion.place {
            lacks.push(RequestLack::OtherPlace);
        }
        match time_lack((body.made_at, body.expires_at), self.request_ms, occasion.now) {
            Some(TimeLack::Expired(at)) => lacks.push(RequestLack::Expired { at }),
            Some(TimeLack::Future(made_at)) => lacks.push(RequestLack::FromTheFuture { made_at }),
            None => {}
        }
        match owner(request.fingerprint(), occasion.trust) {
            Ok(_) => {}
            Err(Uncounted::WithdrawnKey) => lacks.push(RequestLack::AuthorWithdrawn),
            Err(_) => lacks.push(RequestLack::AuthorUnknown),
        }
        lacks
    }

    /// The owner of the key of a decision, if the decision counts.
    fn count(
        &self,
        request: &Signed<ReviewRequest>,
        decision: &Signed<Decision>,
        occasion: Occasion<'_>,
    ) -> Result<Fingerprint, Uncounted> {
        let body = decision.body();
        if body.request != request.hash() {
            return Err(Uncounted::OtherRequest);
        }
        if body.place != *occasion.place || body.place != request.body().place {
            return Err(Uncounted::OtherPlace);
        }
        let n_changes = request.body().changes.len();
        if body.changes.iter().any(|decided| decided.change.as_idx() >= n_changes) {
            return Err(Uncounted::Malformed);
        }
        match time_lack((body.made_at, body.expires_at), self.decision_ms, occasion.now) {
            Some(TimeLack::Expired(at)) => return Err(Uncounted::Expired { at }),
            Some(TimeLack::Future(made_at)) => return Err(Uncounted::FromTheFuture { made_at }),
            None => {}
        }
        if body.made_at.saturating_add(CLOCK_TOLERANCE_MS) < request.body().made_at {
            return Err(Uncounted::BeforeRequest);
        }
        let signer = decision.fingerprint();
        let author = owner(request.fingerprint(), occasion.trust);
        // Compared by key as well, because the author may be unknown.
        if !self.author_may_approve && signer == request.fingerprint() {
            return Err(Uncounted::ByAuthor);
        }
        let owner = owner(signer, occasion.trust)?;
        if !self.author_may_approve && author == Ok(owner) {
            return Err(Uncounted::ByAuthor);
        }
        let is_approver = |key| self.approvers.is_empty() || self.approvers.contains(&key);
        if is_approver(owner) || is_approver(signer) { Ok(owner) } else { Err(Uncounted::NotAnApprover) }
    }

    fn change_lacks(
        &self,
        request: &ReviewRequest,
        reviewed: &ReviewedChange,
        counted: &[Counted<'_>],
    ) -> Vec<ChangeLack> {
        let mut lacks = Vec::new();
        match reviewed.drift {
            Drift::Gone => lacks.push(ChangeLack::Gone),
            Drift::NotAllowed => lacks.push(ChangeLack::NotAllowed),
            Drift::AsPlanned | Drift::Unread | Drift::AlreadySo | Drift::Changed => {}
        }
        // The newest decision of each person; of two at once, the one that declines.
        let mut newest: BTreeMap<Fingerprint, _> = BTreeMap::new();
        for Counted { owner, decision } in counted {
            let Some(decided) = decision.body().about(reviewed.id) else { continue };
            let rank = (decision.body().made_at, decided.ruling == Ruling::Declined);
            let slot = newest.entry(*owner).or_insert((rank, *decision, decided));
            if slot.0 < rank {
                *slot = (rank, *decision, decided);
            }
        }
        let mut have = 0;
        for (_, decision, decided) in newest.into_values() {
            let by = decision.fingerprint();
            match decided.ruling {
                Ruling::Declined => {
                    lacks.push(ChangeLack::Declined { by, reason: decided.comment.clone() });
                }
                // What is in effect already is not sent.
                Ruling::Approved if decided.seen != reviewed.is && reviewed.drift != Drift::AlreadySo => {
                    lacks.push(ChangeLack::Drifted { by, seen: decided.seen, is: reviewed.is });
                }
                Ruling::Approved => have += 1,
            }
        }
        let need = if self.needs_approval(request, reviewed) { self.n_approvals } else { 0 };
        if have < need {
            lacks.push(ChangeLack::Approvals { have, need });
        }
        lacks
    }
}

/// The owner of a trusted key.
fn owner(key: Fingerprint, trust: &TrustStore) -> Result<Fingerprint, Uncounted> {
    match trust.owner_of(key) {
        Some(owner) => Ok(owner),
        None if trust.is_withdrawn(key) => Err(Uncounted::WithdrawnKey),
        None => Err(Uncounted::UnknownKey),
    }
}

enum TimeLack {
    Expired(Millis),
    Future(Millis),
}

/// What is wrong with a time of life, now.
fn time_lack((made_at, expires_at): (Millis, Millis), most: Millis, now: Millis) -> Option<TimeLack> {
    let end = expires_at.min(made_at.saturating_add(most));
    if made_at > now.saturating_add(CLOCK_TOLERANCE_MS) {
        Some(TimeLack::Future(made_at))
    } else if now >= end {
        Some(TimeLack::Expired(end))
    } else {
        None
    }
}
