//! What a reviewer decides about a request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::{ChangeId, Millis, State};

use crate::digest::Digest;
use crate::drift::{Drift, ReviewedChange};
use crate::request::{MAX_CHANGES, ReviewPlace, ReviewRequest, check_times};
use crate::signed::{BodyError, Document, Signed, is_prose};

/// The longest that a decision can count: 7 days. A policy shortens that; without one it is
/// [`DECISION_MS`].
pub const MAX_DECISION_MS: Millis = 7 * DECISION_MS;
/// How long a decision counts if no policy says otherwise: 24 hours.
pub const DECISION_MS: Millis = 24 * 60 * 60 * 1_000;

/// Whether a change may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// It may.
    Approved,
    /// It may not.
    Declined,
}

/// The decision about one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "DecidedRow", into = "DecidedRow")]
pub struct DecidedChange {
    /// The change of the request.
    pub change: ChangeId,
    /// The state that the reviewer saw.
    pub seen: State,
    /// What the reviewer was told of it.
    pub drift: Drift,
    /// Whether it may be sent.
    pub ruling: Ruling,
    /// A comment, or the reason for declining; may be empty for an approval.
    pub comment: Box<str>,
}

/// A decision as a row without field names: change, seen, drift, ruling, comment.
type DecidedRow = (ChangeId, State, Drift, Ruling, Box<str>);

impl From<DecidedChange> for DecidedRow {
    fn from(decided: DecidedChange) -> Self {
        let DecidedChange { change, seen, drift, ruling, comment } = decided;
        (change, seen, drift, ruling, comment)
    }
}

impl From<DecidedRow> for DecidedChange {
    fn from((change, seen, drift, ruling, comment): DecidedRow) -> Self {
        Self { change, seen, drift, ruling, comment }
    }
}

/// Approvals and refusals of changes, bound to the request, its place, and what the reviewer saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The hash of the request.
    pub request: Digest,
    /// The place that the reviewer read.
    pub place: ReviewPlace,
    /// When it was made.
    pub made_at: Millis,
    /// When it ceases to count.
    pub expires_at: Millis,
    /// The decided changes, in the order of the request. Changes that are missing are undecided.
    pub changes: Vec<DecidedChange>,
}

/// Why a decision cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecideError {
    /// It approves a change that is gone or not allowed.
    #[error("expected approvals of changes that can be sent")]
    CannotApprove(ChangeId),
    /// It has something that no decision may have, such as a refusal without a reason.
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl Decision {
    /// The decision about the reviewed changes that are in `rulings`, with the comment or reason for each.
    ///
    /// # Errors
    /// If it approves a change that cannot be sent, declines one without a reason, or decides nothing.
    pub fn of(
        request: &Signed<ReviewRequest>,
        reviewed: &[ReviewedChange],
        rulings: &BTreeMap<ChangeId, (Ruling, Box<str>)>,
        (made_at, expires_at): (Millis, Millis),
    ) -> Result<Self, DecideError> {
        let mut changes = Vec::new();
        for reviewed in reviewed {
            let Some((ruling, comment)) = rulings.get(&reviewed.id) else { continue };
            if *ruling == Ruling::Approved && !reviewed.drift.can_be_approved() {
                return Err(DecideError::CannotApprove(reviewed.id));
            }
            changes.push(DecidedChange {
                change: reviewed.id,
                seen: reviewed.is,
                drift: reviewed.drift,
                ruling: *ruling,
                comment: domain::plain::prose(comment).into(),
            });
        }
        domain::order::sort_by_key(&mut changes, |decided| decided.change);
        let (request, place) = (request.hash(), request.body().place.clone());
        let decision = Self { request, place, made_at, expires_at, changes };
        decision.check()?;
        Ok(decision)
    }

    /// The decision about a change.
    pub fn about(&self, change: ChangeId) -> Option<&DecidedChange> {
        let idx = self.changes.binary_search_by_key(&change, |decided| decided.change).ok()?;
        Some(&self.changes[idx])
    }
}

impl Document for Decision {
    const KIND: &'static str = "review-decision";

    fn check(&self) -> Result<(), BodyError> {
        check_times(self.made_at, self.expires_at, MAX_DECISION_MS)?;
        if self.changes.is_empty() || self.changes.len() > MAX_CHANGES {
            return Err(BodyError::Count);
        }
        if !self.changes.is_sorted_by(|a, b| a.change < b.change) {
            return Err(BodyError::Twice);
        }
        for decided in &self.changes {
            if !is_prose(&decided.comment) {
                return Err(BodyError::Text);
            }
            if decided.ruling == Ruling::Declined && decided.comment.is_empty() {
                return Err(BodyError::Reason);
            }
            if decided.ruling == Ruling::Approved && !decided.drift.can_be_approved() {
                return Err(BodyError::Reference);
            }
        }
        Ok(())
    }
}
