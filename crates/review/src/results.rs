//! What became of an approved request, as the person who sent it signs it for its author.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use domain::receipt::ReceiptRow;
use domain::{ApiError, ChangeId, GroupId, Millis, Outcome, PersonKey, PlanId, order, plain};

use crate::digest::Digest;
use crate::request::{MAX_CHANGES, ReviewPlace, ReviewRequest};
use crate::signed::{BodyError, Document, Signed, is_name, is_prose};

/// Most decisions that approved one run.
const MAX_DECISIONS: usize = 50;

/// The outcomes of a run of an approved request, bound to the request, its place, and the decisions that approved it.
/// Changes that were not part of the run, such as declined ones, have no outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewResults {
    /// The hash of the request.
    pub request: Digest,
    /// The hashes of the decisions that approved the run, at least one.
    pub decisions: Vec<Digest>,
    /// Where the changes were made.
    pub place: ReviewPlace,
    /// The id of the run.
    pub run: Box<str>,
    /// When the run began, in milliseconds since 1970.
    pub began_at: Millis,
    /// When it ended.
    pub ended_at: Millis,
    /// When this was made.
    pub made_at: Millis,
    /// How the changes of the run ended, in the order of the request.
    pub rows: Vec<(ChangeId, Outcome)>,
}

/// What rows of a run do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultsAbout {
    /// The hashes of the decisions that approved the run.
    pub decisions: Vec<Digest>,
    /// The run.
    pub run: PlanId,
    /// When it began, and when it ended.
    pub ran: (Millis, Millis),
    /// The time.
    pub made_at: Millis,
}

impl ReviewResults {
    /// What became of a request in a run of its changes. Errors keep a vendor's own words only where `keeps_words` says
    /// so: these travel to someone else.
    ///
    /// # Errors
    /// If no row is of a change of the request, or it has something that no results may have.
    pub fn of(
        request: &Signed<ReviewRequest>,
        about: ResultsAbout,
        rows: &[ReceiptRow],
        keeps_words: impl Fn(&ApiError) -> bool,
    ) -> Result<Self, BodyError> {
        let ended: BTreeMap<(PersonKey, Option<&GroupId>), &Outcome> = rows
            .iter()
            .filter_map(|row| {
                let change = &row.change;
                Some(((change.person.key.folded(), change.operation.group()), row.outcome.as_ref()?))
            })
            .collect();
        let body = request.body();
        let row = |id: ChangeId| {
            let whom = body.changes[id.as_idx()].person.key.folded();
            let outcome = ended.get(&(whom, body.operation(id).group()))?;
            Some((id, travelling(outcome, &keeps_words)))
        };
        let ResultsAbout { decisions, run, ran: (began_at, ended_at), made_at } = about;
        let results = Self {
            request: request.hash(),
            decisions,
            place: body.place.clone(),
            run: run.as_str().into(),
            began_at,
            ended_at,
            made_at,
            rows: body.change_ids().filter_map(row).collect(),
        };
        results.check()?;
        Ok(results)
    }

    /// How a change ended; `None` if it was not part of the run.
    pub fn outcome(&self, change: ChangeId) -> Option<&Outcome> {
        let idx = self.rows.binary_search_by_key(&change, |(id, _)| *id).ok()?;
        Some(&self.rows[idx].1)
    }

    /// True if these are results of a request with this hash, approved by decisions with these hashes.
    pub(crate) fn are_of(&self, hash: Digest, request: &ReviewRequest, decisions: &BTreeSet<Digest>) -> bool {
        self.request == hash
            && self.place == request.place
            && self.rows.iter().all(|(id, _)| id.as_idx() < request.changes.len())
            && self.decisions.iter().all(|decision| decisions.contains(decision))
    }
}

/// An outcome with plain texts only.
fn travelling(outcome: &Outcome, keeps_words: impl Fn(&ApiError) -> bool) -> Outcome {
    let plain = |error: &ApiError| {
        let message = error.message.as_deref().filter(|_| keeps_words(error)).map(plain::prose);
        let found = error.found_state().is_some();
        ApiError {
            code: plain::name(&error.code).into(),
            message: message.filter(|message| !message.is_empty()).map(Into::into),
            details: if found { error.details.clone() } else { Vec::new() },
            retry_after_ms: None,
            ..error.clone()
        }
    };
    match outcome {
        Outcome::Applied | Outcome::Accepted | Outcome::Found | Outcome::NoOp(None) => outcome.clone(),
        Outcome::NoOp(Some(error)) => Outcome::NoOp(Some(plain(error))),
        Outcome::Rejected(error) => Outcome::Rejected(plain(error)),
        Outcome::Unknown(error) => Outcome::Unknown(plain(error)),
        Outcome::NotSent(error) => Outcome::NotSent(plain(error)),
    }
}

fn is_plain(error: &ApiError) -> bool {
    // The only detail is the state in which a change was found.
    let has_details = match error.details.len() {
        0 => false,
        1 => error.found_state().is_none(),
        _ => true,
    };
    is_name(&error.code)
        && error.message.as_deref().is_none_or(is_prose)
        && !has_details
        && error.retry_after_ms.is_none()
}

impl Document for ReviewResults {
    const KIND: &'static str = "review-results";

    fn check(&self) -> Result<(), BodyError> {
        if plain::id(&self.run) != Some(&self.run) {
            return Err(BodyError::Id);
        }
        if self.ended_at < self.began_at || self.made_at < self.ended_at {
            return Err(BodyError::Times);
        }
        if self.rows.is_empty() || self.rows.len() > MAX_CHANGES {
            return Err(BodyError::Count);
        }
        if !self.rows.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(BodyError::Twice);
        }
        let distinct = order::set(self.decisions.iter().copied());
        if distinct.is_empty() || distinct.len() != self.decisions.len() || distinct.len() > MAX_DECISIONS {
            return Err(BodyError::Reference);
        }
        if self.rows.iter().all(|(_, outcome)| outcome.error().is_none_or(is_plain)) {
            Ok(())
        } else {
            Err(BodyError::Text)
        }
    }
}
